package wml

import (
	"fmt"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// StyleSheet is the styles of a Word file, for those who must measure text while they write it. It is read-only and safe for
// concurrent use.
type StyleSheet struct {
	reader reader // of which each call takes a copy; every style is flat and the theme is read
	ids    map[string]string
}

// ReadStyleSheet returns the styles of a Word file.
func ReadStyleSheet(docx []byte) (*StyleSheet, error) {
	pkg, err := ooxml.OpenWord(docx)
	if err != nil {
		return nil, err
	}
	s := &StyleSheet{reader: reader{pkg: pkg}, ids: make(map[string]string)}
	r := &s.reader
	r.relations = r.related("word/document.xml")
	r.readStyles()
	r.loadTheme()
	for id, style := range r.styles.byID {
		r.flatten(style)
		if other, taken := s.ids[style.name]; !taken || id < other {
			s.ids[style.name] = id
		}
	}
	if found := r.findings(); found.Blocking() {
		return nil, fmt.Errorf("%w: styles", ooxml.ErrDamaged)
	}
	r.noted, r.numbering = nil, numbering{} // which counts as it is read
	return s, nil
}

// ID returns the id of the style that Word's gallery shows under a name, or "".
func (s *StyleSheet) ID(name string) string { return s.ids[name] }

// Paragraph returns a w:p that stands outside tables with every property resolved, or nil when it is wholly hidden.
func (s *StyleSheet) Paragraph(p *ooxml.Element) *flow.Paragraph {
	r := s.reader
	return r.paragraph(p)
}

// CellMargins returns the left and the right margin of a cell of a table (ECMA-376-1, 17.4.41, 17.4.42).
func (s *StyleSheet) CellMargins(table, cell *ooxml.Element) (leftMargin, rightMargin geom.EMU) {
	r := s.reader
	var t tableReader
	r.tableProperties(&t, table.Child("w:tblPr"))
	m := margins{sides: [4]geom.EMU{left: defaultSideMargin, right: defaultSideMargin}}
	if t.style != nil {
		m.overlay(&t.style.margins)
	}
	m.overlay(&t.own.margins)
	if t.style != nil {
		m.overlay(&t.style.cell.margins)
	}
	m.read(cell.Child("w:tcPr", "w:tcMar"))
	return m.sides[left], m.sides[right]
}

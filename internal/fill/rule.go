package fill

import (
	"slices"
	"strconv"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// A rule under a text is as long as a share of the text's longest line (NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 1,
// 2 and 5), so the text must be measured as it will be printed.

// ruleStyle is the style of the paragraph that carries a rule.
const ruleStyle = "ND30 Kẻ"

// StyleSheet is the styles of a template, resolved as they are when the document is printed (ECMA-376-1, 17.7.2). It is safe for
// concurrent use.
type StyleSheet interface {
	// ID returns the id of the style that Word's gallery shows under a name, or "".
	ID(name string) string
	// Paragraph returns a w:p with every property resolved, or nil when it is wholly hidden.
	Paragraph(p *ooxml.Element) *flow.Paragraph
	// CellMargins returns the left and the right margin of a w:tc of a w:tbl.
	CellMargins(table, cell *ooxml.Element) (left, right geom.EMU)
}

// isOn reports whether an on-off element stands and is on: without a value it is (ECMA-376-1, 17.17.4).
func isOn(e *ooxml.Element) bool {
	switch e.Attr("w:val") {
	case "0", "false", "off":
		return false
	}
	return e != nil
}

// twips reads a length attribute; what is not a whole number is 0.
func twips(e *ooxml.Element, attr string) geom.EMU {
	n, _ := strconv.Atoi(e.Attr(attr))
	return geom.Twips(n)
}

// cellWidth is the room for text in a cell of the table being compiled that stands in a column of the width outer.
func (c *compiler) cellWidth(cell *ooxml.Element, outer geom.EMU) geom.EMU {
	width := outer
	stated := cell.Child("w:tcPr", "w:tcW")
	switch stated.Attr("w:type") {
	case "dxa":
		width = twips(stated, "w:w")
	case "pct": // fiftieths of a percent (17.18.90)
		n, _ := strconv.Atoi(stated.Attr("w:w"))
		width = outer * geom.EMU(n) / 5000
	}
	left, right := c.styles.CellMargins(c.table, cell)
	return max(0, width-left-right)
}

// rule writes the step of {{ke 38%}}; above is the index of the step with which the text above begins, or -1.
func (c *compiler) rule(m *mark, above int) {
	if above < 0 {
		c.complain(diag.RuleWithoutText, "dấu "+m.source+" không có đoạn chữ nào phía trên trong cùng ô hoặc cùng phần",
			"đặt dấu ngay dưới đoạn chữ cần kẻ", m.place, "")
		return
	}
	c.needStyles(m, []string{ruleStyle})
	c.steps = slices.Insert(c.steps, above, step(note{}))
	c.steps = append(c.steps, rule{percent: m.percent, column: c.column, keepNext: m.keepNext})
}

// measure returns the width of the longest line of the paragraphs written as XML, at most the width of the column.
func (t *Template) measure(written []byte, column geom.EMU) (geom.EMU, error) {
	root, err := ooxml.Parse(slices.Concat([]byte("<above>"), written, []byte("</above>")))
	if err != nil {
		return 0, err
	}
	r := ruler{template: t}
	root.Walk(func(e *ooxml.Element) bool {
		if e.Name == "w:p" {
			r.paragraph(e)
			return false
		}
		return true
	})
	return min(r.longest, column), nil
}

// ruler adds up the width of lines.
type ruler struct {
	template       *Template
	line, longest  geom.EMU
	trailingSpaces geom.EMU
}

func (r *ruler) paragraph(e *ooxml.Element) {
	p := r.template.styles.Paragraph(e)
	if p == nil {
		return
	}
	for _, inline := range p.Inlines {
		switch inline := inline.(type) {
		case flow.Text:
			r.add(inline.Style, inline.Text)
		case flow.Tab:
			r.add(inline.Style, "    ")
		case flow.Break:
			r.endLine()
		}
	}
	r.endLine()
}

// add puts text on the line; spaces count once something follows them.
func (r *ruler) add(style flow.RunStyle, text string) {
	face, _ := r.template.fonts.Face(style.Font, style.Bold, style.Italic)
	whole := face.Width(text, style.Size)
	seen := strings.TrimRight(text, " ")
	if seen == "" {
		r.trailingSpaces += whole
		return
	}
	r.line += r.trailingSpaces + face.Width(seen, style.Size)
	r.trailingSpaces = whole - face.Width(seen, style.Size)
}

func (r *ruler) endLine() {
	r.longest = max(r.longest, r.line)
	r.line, r.trailingSpaces = 0, 0
}

package fill

import (
	"slices"
	"strconv"
	"strings"

	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
	"vanthu/internal/vi"

	"vanthu/internal/diag"
)

// A rule under a text is as long as a share of the text's longest line (NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 1,
// 2 and 5), so the text must be measured as it will be printed. This file resolves as much of the styles as that takes: font,
// size, weight, slant and capitals of a run (ECMA-376-1, 17.7.2), and the margins of a cell.

// ruleStyle is the style of the paragraph that carries a rule.
const ruleStyle = "ND30 Kẻ"

// look is what decides the width of a text.
type look struct {
	font         string
	size         geom.EMU
	bold, italic bool
	caps         bool
}

// padding is the left and right margin of a cell together.
type padding struct {
	left, right geom.EMU
}

// styleSheet is word/styles.xml as far as it is needed. It is read-only.
type styleSheet struct {
	ids      map[string]string         // name, as Word's gallery shows it -> styleId
	looks    map[string]look           // of paragraph styles by styleId; "" is the default paragraph style
	runs     map[string]*ooxml.Element // run properties of character styles by styleId
	paddings map[string]padding        // of table styles by styleId; "" is the default table style
}

func readStyles(root *ooxml.Element) *styleSheet {
	s := &styleSheet{
		ids: make(map[string]string), looks: make(map[string]look), runs: make(map[string]*ooxml.Element),
		paddings: make(map[string]padding),
	}
	byID := make(map[string]*ooxml.Element)
	for _, e := range root.Children {
		if e.Name == "w:style" {
			byID[e.Attr("w:styleId")] = e
			s.ids[e.Child("w:name").Attr("w:val")] = e.Attr("w:styleId")
		}
	}
	base := look{font: "Times New Roman", size: 10 * geom.Point}.over(root.Child("w:docDefaults", "w:rPrDefault", "w:rPr"))
	s.looks[""], s.paddings[""] = base, padding{geom.Twips(115), geom.Twips(115)}
	for _, e := range root.Children {
		if e.Name != "w:style" {
			continue
		}
		id, l, p := e.Attr("w:styleId"), base, padding{geom.Twips(115), geom.Twips(115)}
		for _, ancestor := range slices.Backward(lineage(e, byID)) {
			l = l.over(ancestor.Child("w:rPr"))
			p = p.over(ancestor.Child("w:tblPr", "w:tblCellMar"))
		}
		_, isDefault := e.Lookup("w:default")
		switch e.Attr("w:type") {
		case "paragraph":
			s.looks[id] = l
			if isDefault {
				s.looks[""] = l
			}
		case "character":
			s.runs[id] = e.Child("w:rPr")
		case "table":
			s.paddings[id] = p
			if isDefault {
				s.paddings[""] = p
			}
		}
	}
	return s
}

// lineage is a style and those it is based on, itself first; a circle ends.
func lineage(style *ooxml.Element, byID map[string]*ooxml.Element) (chain []*ooxml.Element) {
	for style != nil && !slices.Contains(chain, style) {
		chain = append(chain, style)
		style = byID[style.Child("w:basedOn").Attr("w:val")]
	}
	return chain
}

// over is the look with the run properties of a w:rPr laid over it.
func (l look) over(properties *ooxml.Element) look {
	if properties == nil {
		return l
	}
	for _, e := range properties.Children {
		switch e.Name {
		case "w:rFonts":
			if font := e.Attr("w:ascii"); font != "" {
				l.font = font
			}
		case "w:sz":
			if n, err := strconv.Atoi(e.Attr("w:val")); err == nil {
				l.size = geom.EMU(n) * geom.HalfPoint
			}
		case "w:b":
			l.bold, _ = toggle(e)
		case "w:i":
			l.italic, _ = toggle(e)
		case "w:caps":
			l.caps, _ = toggle(e)
		}
	}
	return l
}

// toggle reads an on-off element: present without a value is on (ECMA-376-1, 17.17.4).
func toggle(e *ooxml.Element) (on, stands bool) {
	if e == nil {
		return false, false
	}
	switch value, ok := e.Lookup("w:val"); {
	case !ok, value == "1", value == "true", value == "on":
		return true, true
	}
	return false, true
}

// over is the padding with a w:tblCellMar or w:tcMar laid over it; the strict form says start and end.
func (p padding) over(margins *ooxml.Element) padding {
	if margins == nil {
		return p
	}
	for _, e := range margins.Children {
		switch e.Name {
		case "w:left", "w:start":
			p.left = twips(e, "w:w")
		case "w:right", "w:end":
			p.right = twips(e, "w:w")
		}
	}
	return p
}

// twips reads a length attribute; what is not a whole number is 0.
func twips(e *ooxml.Element, attr string) geom.EMU {
	n, _ := strconv.Atoi(e.Attr(attr))
	return geom.Twips(n)
}

// cellWidth is the room for text in a cell of a table that stands in a column of the width outer.
func (s *styleSheet) cellWidth(table, cell *ooxml.Element, outer geom.EMU) geom.EMU {
	width := outer
	stated := cell.Child("w:tcPr", "w:tcW")
	switch stated.Attr("w:type") {
	case "dxa":
		width = twips(stated, "w:w")
	case "pct": // fiftieths of a percent (17.18.90)
		n, _ := strconv.Atoi(stated.Attr("w:w"))
		width = outer * geom.EMU(n) / 5000
	}
	p, ok := s.paddings[table.Child("w:tblPr", "w:tblStyle").Attr("w:val")]
	if !ok {
		p = s.paddings[""]
	}
	p = p.over(table.Child("w:tblPr", "w:tblCellMar")).over(cell.Child("w:tcPr", "w:tcMar"))
	return max(0, width-p.left-p.right)
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

func (r *ruler) paragraph(p *ooxml.Element) {
	styles := r.template.styles
	base, ok := styles.looks[p.Child("w:pPr", "w:pStyle").Attr("w:val")]
	if !ok {
		base = styles.looks[""]
	}
	p.Walk(func(e *ooxml.Element) bool {
		if e.Name != "w:r" {
			return e.Name != "w:pPr"
		}
		properties := e.Child("w:rPr")
		l := base.over(styles.runs[properties.Child("w:rStyle").Attr("w:val")]).over(properties)
		for _, child := range e.Children {
			switch child.Name {
			case "w:t":
				r.add(l, child.InnerText())
			case "w:br", "w:cr":
				r.endLine()
			case "w:tab":
				r.add(l, "    ")
			case "w:noBreakHyphen":
				r.add(l, "-")
			}
		}
		return false
	})
	r.endLine()
}

// add puts text on the line; spaces count once something follows them.
func (r *ruler) add(l look, text string) {
	if l.caps {
		text = vi.Upper(text)
	}
	face, _ := r.template.fonts.Face(l.font, l.bold, l.italic)
	whole := face.Width(text, l.size)
	seen := strings.TrimRight(text, " ")
	if seen == "" {
		r.trailingSpaces += whole
		return
	}
	r.line += r.trailingSpaces + face.Width(seen, l.size)
	r.trailingSpaces = whole - face.Width(seen, l.size)
}

func (r *ruler) endLine() {
	r.longest = max(r.longest, r.line)
	r.line, r.trailingSpaces = 0, 0
}

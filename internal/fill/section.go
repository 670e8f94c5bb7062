package fill

import (
	"maps"
	"slices"

	"vanthu/internal/diag"
	"vanthu/internal/geom"
	"vanthu/internal/model"
	"vanthu/internal/ooxml"
	"vanthu/internal/vi"
)

// A template is drawn with one section, or a few (ECMA-376-1, 17.6); {{vung_moi kho_giay}} begins another while the document is
// written. What a section looks like stands behind its content, in a w:sectPr. So the tag writes the w:sectPr of the section it
// ends, and where the template has its own w:sectPr, that of the section begun last is written.

// section is a w:sectPr of the template in the forms in which it may be written.
type section struct {
	landscape     bool // as drawn
	drawn         []byte
	fresh, turned []byte // begun by a tag: the paper as drawn, or the other way round
	column        column
}

// column is the width of a column of text: on the page as it is drawn, and on the page turned.
type column struct{ drawn, turned geom.EMU }

func (c column) on(turned bool) geom.EMU {
	if turned {
		return c.turned
	}
	return c.drawn
}

// sheet is what the section being written has that the template does not show.
type sheet struct {
	fresh  bool // begun by a tag
	turned bool // its paper stands the other way round than drawn
}

// write returns the w:sectPr of the section on a sheet.
func (s *section) write(on sheet) []byte {
	switch {
	case on.turned:
		return s.turned
	case on.fresh:
		return s.fresh
	}
	return s.drawn
}

// sectionEnd stands where the template has a w:sectPr.
type sectionEnd struct{ of *section }

func (s sectionEnd) write(w *writer) error {
	w.out = append(w.out, s.of.write(w.sheet)...)
	w.sheet = sheet{}
	return nil
}

// newSection ends the section being written with a paragraph too small to be seen, and begins one on the paper that a field names.
type newSection struct {
	from reference
	of   *section
}

func (n newSection) write(w *writer) error {
	value, err := w.find(n.from)
	if err != nil {
		return err
	}
	paper, _ := value.(model.Text)
	w.out = append(w.out, `<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>`+
		`<w:ind w:left="0" w:right="0" w:firstLine="0"/><w:rPr><w:sz w:val="2"/><w:szCs w:val="2"/></w:rPr>`...)
	w.out = append(w.out, n.of.write(w.sheet)...)
	w.out = append(w.out, `</w:pPr></w:p>`...)
	w.sheet = sheet{fresh: true, turned: (vi.Fold(string(paper)) == "ngang") != n.of.landscape}
	return nil
}

// newSection writes the step of {{vung_moi kho_giay}}; stands is the section of the template that the tag stands in, nil below the
// body.
func (c *compiler) newSection(m *mark, stands *section) {
	from, spec, known := c.resolve(m)
	switch {
	case !known:
	case spec.Type != model.TextField:
		c.complain(diag.WrongTag, "dấu "+m.source+": “"+m.path+"” là "+typeName(spec.Type),
			"sau vung_moi là mục chữ nói khổ giấy dọc hay ngang", m.place, "")
	case stands == nil:
		c.complain(diag.SectionInPart, "dấu "+m.source+" đứng trong bảng, khung hoặc đầu trang",
			"đặt dấu thành một đoạn riêng ở phần thân của tệp mẫu, ngoài mọi bảng và khung", m.place, "")
	case c.body.Child("w:sectPr") == nil:
		c.complain(diag.NoSection, "dấu "+m.source+" cần khổ giấy mà tệp mẫu không ghi",
			"mở tệp mẫu bằng Word, chọn lại khổ giấy A4 rồi lưu", m.place, "")
	default:
		c.steps = append(c.steps, newSection{from: from, of: stands})
	}
}

// readSections returns the section that each child of the body stands in, and the column of the last.
func readSections(body *ooxml.Element) (map[*ooxml.Element]*section, column) {
	at := make(map[*ooxml.Element]*section, len(body.Children))
	current := readSection(body.Child("w:sectPr"))
	last := current.column
	for _, child := range slices.Backward(body.Children) {
		if properties := child.Child("w:pPr", "w:sectPr"); properties != nil {
			current = readSection(properties)
		}
		at[child] = current
	}
	return at, last
}

// readSection reads a w:sectPr; nil, or one that does not say, is A4 with the margins of the decree's drawing.
func readSection(properties *ooxml.Element) *section {
	size, margins := properties.Child("w:pgSz"), properties.Child("w:pgMar")
	if size == nil || margins == nil {
		width := geom.Mm(165)
		if properties == nil {
			return &section{column: column{width, width}}
		}
		same := afresh(properties, false).AppendXML(nil)
		return &section{drawn: properties.AppendXML(nil), fresh: same, turned: same, column: column{width, width}}
	}
	other := afresh(properties, true)
	return &section{
		landscape: twips(size, "w:w") > twips(size, "w:h"),
		drawn:     properties.AppendXML(nil),
		fresh:     afresh(properties, false).AppendXML(nil),
		turned:    other.AppendXML(nil),
		column:    column{textWidth(size, margins), textWidth(other.Child("w:pgSz"), other.Child("w:pgMar"))},
	}
}

func textWidth(size, margins *ooxml.Element) geom.EMU {
	return twips(size, "w:w") - twips(margins, "w:left") - twips(margins, "w:right") - twips(margins, "w:gutter")
}

// beforeNumbers are the children of a w:sectPr that stand before w:pgNumType (17.6.17).
var beforeNumbers = []string{
	"w:headerReference", "w:footerReference", "w:footnotePr", "w:endnotePr", "w:type", "w:pgSz", "w:pgMar", "w:paperSrc", "w:pgBorders",
	"w:lnNumType",
}

// afresh is a w:sectPr for a section on a new page with pages numbered from 1 (NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục III, khoản 1,
// điểm đ), its paper as it is or turned. The margins stay where they are on a page turned too: the decree knows one set (Mục I, khoản 3). The foot of the first page, which gives the address of the agency, is not repeated.
func afresh(properties *ooxml.Element, turn bool) *ooxml.Element {
	e := &ooxml.Element{Name: properties.Name, Attrs: properties.Attrs}
	numbers := &ooxml.Element{Name: "w:pgNumType"}
	for _, child := range properties.Children {
		switch {
		case child.Name == "w:type" || child.Name == "":
			continue
		case child.Name == "w:pgNumType":
			numbers.Attrs = slices.DeleteFunc(slices.Clone(child.Attrs), func(a ooxml.Attr) bool { return a.Name == "w:start" })
			continue
		case child.Name == "w:footerReference" && child.Attr("w:type") == "first":
			child = runningFooter(properties, child)
		case child.Name == "w:pgSz" && turn:
			child = turnedSize(child)
		}
		e.Children = append(e.Children, child)
	}
	numbers.Attrs = append(numbers.Attrs, ooxml.Attr{Name: "w:start", Value: "1"})
	at := slices.IndexFunc(e.Children, func(child *ooxml.Element) bool { return !slices.Contains(beforeNumbers, child.Name) })
	if at < 0 {
		at = len(e.Children)
	}
	e.Children = slices.Insert(e.Children, at, numbers)
	return e
}

// runningFooter returns the first page the footer of the others; a section with no other keeps what it has.
func runningFooter(properties, first *ooxml.Element) *ooxml.Element {
	for _, child := range properties.Children {
		if child.Name == "w:footerReference" && child.Attr("w:type") == "default" {
			return replaced(first, map[string]string{"r:id": child.Attr("r:id")})
		}
	}
	return first
}

// turnedSize swaps the sides of the paper (17.6.13).
func turnedSize(size *ooxml.Element) *ooxml.Element {
	orient := "landscape"
	if twips(size, "w:w") > twips(size, "w:h") {
		orient = "portrait"
	}
	return replaced(size, map[string]string{"w:w": size.Attr("w:h"), "w:h": size.Attr("w:w"), "w:orient": orient})
}

// replaced is an element with other values of attributes; one that it lacks comes last.
func replaced(e *ooxml.Element, values map[string]string) *ooxml.Element {
	attrs := slices.Clone(e.Attrs)
	for i, a := range attrs {
		if value, ok := values[a.Name]; ok {
			attrs[i].Value = value
			delete(values, a.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		attrs = append(attrs, ooxml.Attr{Name: name, Value: values[name]})
	}
	return &ooxml.Element{Name: e.Name, Attrs: attrs, Children: e.Children}
}

package wml

import (
	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// This file knows sections: paper, margins, and which header and footer each section has (17.6, 17.10).

// sectionSetup is what a w:sectPr says.
type sectionSetup struct {
	page        flow.PageSetup
	start       flow.SectionStart
	titlePage   bool
	numberStart int
	header      map[string]string // type -> part, inherited from the section before where absent
	footer      map[string]string
}

// readBody reads the sections. Every sectPr is looked up first, since it stands behind the content whose width it sets.
func (r *reader) readBody(body *ooxml.Element) []flow.Section {
	r.collectSetups(body.Children)
	r.setups = append(r.setups, r.sectionSetup(body.Child("w:sectPr")))
	r.width = textWidth(r.setups[0].page)
	r.inBody = true
	last := r.blocks(nil, body.Children)
	r.place(func() string { return "" })
	r.closeFields()
	r.closeSection(last)
	r.inBody = false

	read := make(map[string][]flow.Block)
	for i := range r.closed {
		setup := &r.setups[i]
		r.width = textWidth(setup.page)
		s := &r.closed[i]
		s.Header = flow.HeaderSet{Default: r.furniture(read, setup.header["default"])}
		s.Footer = flow.HeaderSet{Default: r.furniture(read, setup.footer["default"])}
		if s.TitlePage {
			s.Header.First = r.furniture(read, setup.header["first"])
			s.Footer.First = r.furniture(read, setup.footer["first"])
		}
	}
	return r.closed
}

// collectSetups finds the sectPr of all sections but the last, in the order in which blocks will meet them.
func (r *reader) collectSetups(children []*ooxml.Element) {
	for _, e := range children {
		switch e.Name {
		case "w:p":
			if sectPr := e.Child("w:pPr", "w:sectPr"); sectPr != nil {
				r.setups = append(r.setups, r.sectionSetup(sectPr))
			}
		case "mc:AlternateContent":
			r.collectSetups(alternative(e))
		default:
			if content, wraps := inside(e); wraps {
				r.collectSetups(content)
			}
		}
	}
}

// closeSection ends the section being read with the blocks gathered for it.
func (r *reader) closeSection(blocks []flow.Block) {
	i := len(r.closed)
	setup := r.setups[i]
	if i > 0 && (setup.page.Width != r.setups[i-1].page.Width || setup.page.Height != r.setups[i-1].page.Height) {
		setup.start = flow.NextPage // one sheet of paper has one size
	}
	r.closed = append(r.closed, flow.Section{
		Page: setup.page, Start: setup.start, TitlePage: setup.titlePage, NumberStart: setup.numberStart, Blocks: blocks,
	})
	if i+1 < len(r.setups) {
		r.width = textWidth(r.setups[i+1].page)
	}
}

// furniture reads a header or footer part, once however many sections show it.
func (r *reader) furniture(read map[string][]flow.Block, part string) []flow.Block {
	if part == "" {
		return nil
	}
	blocks, done := read[part]
	if done {
		return blocks
	}
	if root := r.tree(part); root != nil {
		blocks = r.blocks([]flow.Block{}, root.Children)
		r.place(func() string { return "" })
		r.closeFields()
	}
	read[part] = blocks
	return blocks
}

// sectionSetup reads a w:sectPr; nil gives Word's own defaults (Letter paper, margins of an inch).
func (r *reader) sectionSetup(e *ooxml.Element) sectionSetup {
	s := sectionSetup{numberStart: -1, page: flow.PageSetup{
		Width: geom.Twips(12240), Height: geom.Twips(15840), Top: geom.Inch, Bottom: geom.Inch, Left: geom.Inch, Right: geom.Inch,
		Header: geom.Inch / 2, Footer: geom.Inch / 2,
	}}
	if e == nil {
		e = &ooxml.Element{}
	}
	header, footer := make(map[string]string), make(map[string]string)
	for _, c := range e.Children {
		switch c.Name {
		case "w:pgSz":
			setTwips(&s.page.Width, c, "w:w", 1)
			setTwips(&s.page.Height, c, "w:h", 1)
		case "w:pgMar":
			r.margins(&s.page, c)
		case "w:type":
			switch c.Attr("w:val") {
			case "continuous":
				s.start = flow.Continuous
			case "evenPage", "oddPage":
				r.note(&oddEvenStart, "")
			}
		case "w:titlePg":
			s.titlePage = on(c)
		case "w:pgNumType":
			if n, ok := integer(c.Attr("w:start")); ok {
				s.numberStart = max(0, n)
			}
			if format := c.Attr("w:fmt"); format != "" && format != "decimal" && format != "numberInDash" {
				r.note(&fieldFormat, format)
			}
		case "w:headerReference":
			header[c.Attr("w:type")] = r.relations[c.Attr("r:id")].Target
		case "w:footerReference":
			footer[c.Attr("w:type")] = r.relations[c.Attr("r:id")].Target
		default:
			r.pageDecoration(c)
		}
	}
	s.header, s.footer = r.inherited(header, footer)
	return s
}

// setTwips sets a length if the attribute is given and at least least.
func setTwips(dst *geom.EMU, e *ooxml.Element, name string, least geom.EMU) {
	if value, ok := twips(e, name); ok && value >= least {
		*dst = value
	}
}

// margins reads w:pgMar. A negative top or bottom, with which Word keeps a header from pushing the text, counts as its size.
func (r *reader) margins(page *flow.PageSetup, e *ooxml.Element) {
	for _, side := range [...]struct {
		name string
		dst  *geom.EMU
	}{
		{"w:top", &page.Top},
		{"w:bottom", &page.Bottom},
		{"w:left", &page.Left},
		{"w:right", &page.Right},
		{"w:header", &page.Header},
		{"w:footer", &page.Footer},
	} {
		if value, ok := twips(e, side.name); ok {
			*side.dst = max(value, -value)
		}
	}
	if gutter, _ := twips(e, "w:gutter"); gutter > 0 {
		if r.settings.gutterAtTop {
			page.Top += gutter
		} else {
			page.Left += gutter
		}
	}
}

// inherited returns each kind of header and footer that a section does not name from the section before (17.10.1).
func (r *reader) inherited(header, footer map[string]string) (map[string]string, map[string]string) {
	if len(r.setups) > 0 {
		before := r.setups[len(r.setups)-1]
		for _, kind := range [...]string{"default", "first"} {
			if _, given := header[kind]; !given {
				header[kind] = before.header[kind]
			}
			if _, given := footer[kind]; !given {
				footer[kind] = before.footer[kind]
			}
		}
	}
	if r.settings.oddEven && (header["even"] != "" || footer["even"] != "") {
		r.note(&oddEven, "")
	}
	return header, footer
}

// pageDecoration notes what else a section may ask for.
func (r *reader) pageDecoration(e *ooxml.Element) {
	switch e.Name {
	case "w:cols":
		if n, _ := integer(e.Attr("w:num")); n > 1 {
			r.note(&columns, "")
		}
	case "w:pgBorders", "w:lnNumType":
		r.note(&pageLook, e.Name[2:])
	case "w:vAlign":
		if v := e.Attr("w:val"); v != "top" && v != "" {
			r.note(&pageLook, "vAlign "+v)
		}
	case "w:textDirection":
		if v := e.Attr("w:val"); v != "lrTb" && v != "" && v != "lr" {
			r.note(&pageLook, "textDirection "+v)
		}
	case "w:docGrid":
		if v := e.Attr("w:type"); v != "" && v != "default" {
			r.note(&pageLook, "docGrid "+v)
		}
	}
}

func textWidth(page flow.PageSetup) geom.EMU { return max(geom.Point, page.Width-page.Left-page.Right) }

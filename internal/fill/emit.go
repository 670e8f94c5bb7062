package fill

import (
	"slices"

	"vanthu/internal/diag"
	"vanthu/internal/ooxml"
)

// bytes appends to the literal that ends the steps.
func (c *compiler) bytes(b []byte) {
	if last := len(c.steps) - 1; last >= 0 {
		if l, ok := c.steps[last].(literal); ok {
			c.steps[last] = append(l, b...)
			return
		}
	}
	c.steps = append(c.steps, literal(slices.Clone(b)))
}

// element writes the steps of an element.
func (c *compiler) element(e *ooxml.Element) {
	switch {
	case e.Name == "w:t":
		c.text(e)
	case e.Name == "w:sectPr" && c.body != nil:
		c.steps = append(c.steps, sectionEnd{readSection(e)})
	case len(e.Children) == 0:
		c.bytes(e.AppendXML(nil))
	case e.Name == "w:tbl":
		outerTable, outerSteps := c.table, c.steps
		c.table, c.steps = e, nil
		c.wrap(e)
		if isStatic(c.steps) {
			c.steps = append(outerSteps, c.steps...)
		} else {
			c.steps = append(outerSteps, table{c.steps})
		}
		c.table = outerTable
	case e.Name == "w:tc":
		outer := c.column
		c.column = column{c.cellWidth(e, outer.drawn), c.cellWidth(e, outer.turned)}
		c.wrap(e)
		c.column = outer
	case e.Name == "w:p":
		outer := c.here
		c.here = c.places[e]
		c.wrap(e)
		c.here = outer
	default:
		c.wrap(e)
	}
}

// wrap writes the start tag, what is between, and the end tag.
func (c *compiler) wrap(e *ooxml.Element) {
	shallow := ooxml.Element{Name: e.Name, Attrs: e.Attrs}
	start := shallow.AppendXML(nil)
	c.bytes(append(start[:len(start)-len("/>")], '>'))
	outer := c.opened
	c.opened = nil
	c.until(e.Children, 0, nil)
	c.opened = outer
	if last := e.Children[len(e.Children)-1]; e.Name == "w:tc" && last.Name != "w:p" {
		c.steps = append(c.steps, cellEnd{})
	}
	c.bytes([]byte("</" + e.Name + ">"))
}

// until writes the steps of siblings from index i on, up to the mark that closes the block open, or to the end when open is nil.
// It returns the index after what it wrote.
func (c *compiler) until(kids []*ooxml.Element, i int, open *mark) int {
	// A rule measures the paragraph above it, or the whole group when blocks stand there: above is where that begins.
	above, afterBlock := -1, false
	for i < len(kids) {
		section := c.sections[kids[i]]
		if section != nil {
			c.column = section.column
		}
		m := c.marks[kids[i]]
		if m == nil {
			if kids[i].Name == "w:p" || kids[i].Name == "w:tbl" {
				above, afterBlock = len(c.steps), false
				c.steps = append(c.steps, literal{})
			}
			c.element(kids[i])
			i++
			continue
		}
		i++
		switch {
		case m.spoilt:
		case m.kind == closeTag:
			if open != nil && m.path == open.path {
				return i
			}
			if c.crossing(m, open) {
				return i - 1
			}
		case m.kind == outlineTag:
			above, afterBlock = len(c.steps), false
			c.outline(m)
		case m.kind == ruleTag:
			c.rule(m, above)
		case m.kind == sectionTag:
			above = -1
			c.newSection(m, section)
		default:
			if !afterBlock {
				above, afterBlock = len(c.steps), true
				c.steps = append(c.steps, literal{})
			}
			i = c.block(kids, i, m)
		}
	}
	if open != nil {
		c.complain(diag.UnclosedBlock, "phần "+open.source+" không có dấu đóng {{/"+open.path+"}} ở cùng chỗ",
			"đặt dấu mở và dấu đóng trong cùng một đoạn, hoặc mỗi dấu riêng một đoạn; "+
				"trong bảng thì trong cùng một hàng, hoặc mỗi dấu riêng một hàng",
			open.place, "")
	}
	return i
}

// crossing complains of a close tag that does not close the block open, and reports whether that block must end here because the
// tag closes one around it.
func (c *compiler) crossing(m, open *mark) bool {
	if c.crossed[m.path] {
		delete(c.crossed, m.path)
		return false
	}
	if open != nil && slices.Contains(c.opened, m.path) {
		c.complain(diag.CrossingBlock, "dấu đóng "+m.source+" đứng trước dấu đóng của phần "+open.source+" mở sau nó",
			"phần mở sau phải đóng trước: đặt {{/"+open.path+"}} trước "+m.source, m.place, "")
		c.crossed[open.path] = true
		return true
	}
	c.complain(diag.StrayClose, "dấu đóng "+m.source+" không có dấu mở ở cùng chỗ",
		meant(m.path, unclosed(open), "đặt dấu mở {{#"+m.path+"}} và dấu đóng trong cùng một đoạn, hoặc mỗi dấu riêng một đoạn"), m.place, "")
	return false
}

// unclosed is the path of the block that a close tag may have meant to close.
func unclosed(open *mark) []string {
	if open == nil {
		return nil
	}
	return []string{open.path}
}

// block writes a block whose open mark is m and whose body begins at index i.
func (c *compiler) block(kids []*ooxml.Element, i int, m *mark) int {
	from, spec, known := c.resolve(m)
	b := block{from: from, invert: m.kind == invertTag}
	outerSteps, outerScopes := c.steps, c.scopes
	c.steps = nil
	if !b.invert {
		c.scopes = append(slices.Clip(c.scopes), innerScope(from.name, spec, known))
	}
	c.opened = append(c.opened, m.path)
	i = c.until(kids, i, m)
	c.opened = c.opened[:len(c.opened)-1]
	b.body = c.steps
	c.steps, c.scopes = append(outerSteps, b), outerScopes
	return i
}

// text writes a w:t: literals with holes between them.
func (c *compiler) text(t *ooxml.Element) {
	text := t.InnerText()
	spans, _ := findTags(text)
	if len(spans) == 0 {
		c.bytes(t.AppendXML(nil))
		return
	}
	c.bytes([]byte(openText))
	at := 0
	for _, s := range spans {
		c.bytes(ooxml.AppendText(nil, text[at:s.start]))
		if parsed, message, _ := parseTag(text[s.start:s.end]); message == "" && parsed.kind == holeTag {
			place := c.here
			place.Text = parsed.source
			c.hole(&mark{tag: parsed, place: place})
		}
		at = s.end
	}
	c.bytes(ooxml.AppendText(nil, text[at:]))
	c.bytes([]byte(closeText))
}

// isStatic reports whether steps write the same bytes for every document.
func isStatic(steps []step) bool {
	return !slices.ContainsFunc(steps, func(s step) bool { _, ok := s.(literal); return !ok })
}

package layout

import (
	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// frame is the borders and the shading of a paragraph (17.3.1.24, 17.3.1.31). Paragraphs of equal borders and indents share one box,
// with the between border inside; their sides run through the space between them.
type frame struct {
	drawn       bool
	joined      bool // with the paragraph above
	left, right geom.EMU
	top, bottom flow.Border
}

// addFrame finds the frame and makes room for its upper and lower border.
func (b *textBox) addFrame(before, after *flow.Paragraph, width geom.EMU) {
	p := b.paragraph
	if p.Borders == (flow.Borders{}) && !p.Shading.Set {
		return
	}
	f := frame{
		drawn: true, joined: sameBox(p, before),
		left: p.IndentLeft + min(0, p.FirstLine), right: width - p.IndentRight,
		top: p.Borders.Top, bottom: p.Borders.Bottom,
	}
	if s := p.Borders.Left; s.Width > 0 {
		f.left -= s.Space + thickness(s)/2
	}
	if s := p.Borders.Right; s.Width > 0 {
		f.right += s.Space + thickness(s)/2
	}
	var below geom.EMU
	if f.joined {
		f.top = p.Between
	}
	if sameBox(p, after) {
		f.bottom = flow.Border{}
		if p.Between.Width > 0 {
			below = p.Between.Space
		}
	}
	first, last := &b.lines[0], &b.lines[len(b.lines)-1]
	above := edge(f.top)
	first.height, first.baseline = first.height+above, first.baseline+above
	last.height += edge(f.bottom) + below
	b.frame = f
}

// sameBox reports whether two paragraphs share one border box.
func sameBox(p, q *flow.Paragraph) bool {
	return q != nil && (p.Borders != (flow.Borders{}) || p.Shading.Set) && p.Borders == q.Borders && p.Between == q.Between &&
		p.Shading == q.Shading && p.IndentLeft == q.IndentLeft && p.IndentRight == q.IndentRight
}

// thickness is the width of a border line; a double one has two lines and the gap.
func thickness(b flow.Border) geom.EMU {
	if b.Double {
		return 3 * b.Width
	}
	return b.Width
}

// edge is the room that a border takes.
func edge(b flow.Border) geom.EMU {
	if b.Width == 0 {
		return 0
	}
	return thickness(b) + b.Space
}

// paintFrame draws the part of the frame around a line whose top is at y; gap is the space between it and what stands above.
func (b *textBox) paintFrame(items []page.Item, index int, x, y, gap geom.EMU) []page.Item {
	f := &b.frame
	left, right, top, bottom := x+f.left, x+f.right, y, y+b.lines[index].height
	if index == 0 && f.joined {
		top -= gap
	}
	if b.paragraph.Shading.Set {
		items = append(items, page.Box{X: left, Y: top, Width: right - left, Height: bottom - top, Color: b.paragraph.Shading})
	}
	items = appendBorder(items, b.paragraph.Borders.Left, left, top, left, bottom)
	items = appendBorder(items, b.paragraph.Borders.Right, right, top, right, bottom)
	if index == 0 {
		middle := y + thickness(f.top)/2
		items = appendBorder(items, f.top, left, middle, right, middle)
	}
	if index == len(b.lines)-1 {
		middle := bottom - thickness(f.bottom)/2
		items = appendBorder(items, f.bottom, left, middle, right, middle)
	}
	return items
}

// appendBorder adds a border as one rule or, when double, two.
func appendBorder(items []page.Item, b flow.Border, x1, y1, x2, y2 geom.EMU) []page.Item {
	if b.Width == 0 {
		return items
	}
	rule := page.Rule{X1: x1, Y1: y1, X2: x2, Y2: y2, Width: b.Width, Color: b.Color, Dashed: b.Dashed}
	if !b.Double {
		return append(items, rule)
	}
	first, second := rule, rule
	if y1 == y2 {
		first.Y1, first.Y2, second.Y1, second.Y2 = y1-b.Width, y2-b.Width, y1+b.Width, y2+b.Width
	} else {
		first.X1, first.X2, second.X1, second.X2 = x1-b.Width, x2-b.Width, x1+b.Width, x2+b.Width
	}
	return append(items, first, second)
}

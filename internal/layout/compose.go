package layout

import (
	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// strip is a horizontal band that stands on one page: a line of text or a row of a table. Its items are placed from the column's
// left edge and its own top.
type strip struct {
	space     geom.EMU // above it, left out at the top of a page
	height    geom.EMU
	glue      bool // no page may end below it
	start     bool // it starts a page
	items     []page.Item
	lines     []flow.Line // drawn lines anchored in its paragraph; relative to its own top when their origin is the text
	row       *rowBox     // of a table row, instead of items
	paragraph *flow.Paragraph
}

// compose makes strips of blocks set in a column of the given width. It returns the space below the last block too.
func (l *layouter) compose(blocks []flow.Block, width geom.EMU) (strips []strip, below geom.EMU) {
	var before *flow.Paragraph // the paragraph just above, nil after a table
	pageBreak := false
	for i, b := range blocks {
		var made []strip
		space := below
		switch b := b.(type) {
		case *flow.Paragraph:
			var after *flow.Paragraph
			if i+1 < len(blocks) {
				after, _ = blocks[i+1].(*flow.Paragraph)
			}
			var endsPage bool
			made, endsPage = l.composeParagraph(b, before, after, width)
			above, under := b.SpaceBefore, b.SpaceAfter
			if b.ContextualSpacing && before != nil && before.Style == b.Style {
				above = 0
			}
			if b.ContextualSpacing && after != nil && after.Style == b.Style {
				under = 0
			}
			made[0].space = space + above
			made[0].start = made[0].start || pageBreak
			before, below, pageBreak = b, under, endsPage
		case *flow.Table:
			made = l.composeTable(b, width)
			if len(made) == 0 {
				continue
			}
			made[0].space = space
			made[0].start, pageBreak = pageBreak, false
			before, below = nil, 0
		}
		strips = append(strips, made...)
	}
	return strips, below
}

// composeParagraph makes a strip of each line. The neighbours tell where borders that run on are not closed.
func (l *layouter) composeParagraph(p, before, after *flow.Paragraph, width geom.EMU) (strips []strip, endsPage bool) {
	tokens, drawn := l.tokens(p)
	m := measure{
		first:      p.IndentLeft + p.FirstLine,
		rest:       p.IndentLeft,
		limit:      width - p.IndentRight,
		tabs:       p.Tabs,
		defaultTab: l.doc.DefaultTab,
		hanging:    p.IndentLeft,
		squeeze:    p.Align == flow.Justify && l.doc.Compat >= 15,
	}
	tokens, lines := l.breakLines(tokens, m)
	strips = make([]strip, len(lines))
	for i, ln := range lines {
		ascent, descent := l.extent(p, tokens, ln)
		height, baseline := lineBox(p.Line, ascent, descent)
		s := &strips[i]
		s.height, s.paragraph = height, p
		s.items = l.setLine(p, tokens, ln, m, i == 0, baseline)
		s.start = i > 0 && lines[i-1].end == paged
	}
	strips[0].start = p.PageBreakBefore
	strips[0].lines = drawn
	keepTogether(strips, p)
	addBorders(strips, p, before, after, width)
	return strips, lines[len(lines)-1].pageAfter
}

// keepTogether glues lines by the paragraph's wishes. Widow control leaves no single line of a paragraph alone on a page
// (17.3.1.44).
func keepTogether(strips []strip, p *flow.Paragraph) {
	n := len(strips)
	for i := range strips[:n-1] {
		strips[i].glue = p.KeepLines || p.WidowControl && (i == 0 || i == n-2)
	}
	strips[n-1].glue = p.KeepNext
}

// extent gives the ascent and descent of a line: the largest of its text, or of the paragraph mark when it has none.
func (l *layouter) extent(p *flow.Paragraph, tokens []token, ln line) (ascent, descent geom.EMU) {
	var seen *look
	for _, t := range tokens[ln.from:ln.to] {
		if t.look != seen {
			seen = t.look
			ascent, descent = max(ascent, seen.ascent), max(descent, seen.descent)
		}
	}
	if seen == nil {
		k := l.look(p.Mark)
		if ln.next > ln.from && ln.next <= len(tokens) && ln.end != last {
			k = tokens[ln.next-1].look
		}
		return k.ascent, k.descent
	}
	return ascent, descent
}

// lineBox applies the line spacing (17.3.1.33) and says how far below the top the baseline runs. What a multiple adds stands below
// the text and what it takes away is taken above; a least height adds above; an exact height gives four fifths to the ascent.
func lineBox(spacing flow.LineSpacing, ascent, descent geom.EMU) (height, baseline geom.EMU) {
	natural := ascent + descent
	switch spacing.Rule {
	case flow.Exactly:
		return spacing.Value, spacing.Value * 4 / 5
	case flow.AtLeast:
		return max(natural, spacing.Value), ascent + max(0, spacing.Value-natural)
	default:
		height = roundDiv(natural*spacing.Value, 240)
		return height, ascent - max(0, natural-height)
	}
}

// addBorders draws the borders and the shading of a paragraph (17.3.1.24, 17.3.1.31). Paragraphs of equal borders and indents share
// one box, with the between border inside.
func addBorders(strips []strip, p, before, after *flow.Paragraph, width geom.EMU) {
	if p.Borders == (flow.Borders{}) && !p.Shading.Set {
		return
	}
	top, bottom := p.Borders.Top, p.Borders.Bottom
	if sameBox(p, before) {
		top = p.Between
	}
	if sameBox(p, after) {
		bottom = flow.Border{}
	}
	left, right := p.IndentLeft+min(0, p.FirstLine), width-p.IndentRight
	if b := p.Borders.Left; b.Width > 0 {
		left -= b.Space + b.Width/2
	}
	if b := p.Borders.Right; b.Width > 0 {
		right += b.Space + b.Width/2
	}
	n := len(strips)
	lift(&strips[0], edge(top))
	strips[n-1].height += edge(bottom)
	for i := range strips {
		s := &strips[i]
		var under []page.Item
		if p.Shading.Set {
			under = append(under, page.Box{X: left, Width: right - left, Height: s.height, Color: p.Shading})
		}
		under = appendBorder(under, p.Borders.Left, left, 0, left, s.height)
		under = appendBorder(under, p.Borders.Right, right, 0, right, s.height)
		if i == 0 {
			under = appendBorder(under, top, left, top.Width/2, right, top.Width/2)
		}
		if i == n-1 {
			y := s.height - bottom.Width/2
			under = appendBorder(under, bottom, left, y, right, y)
		}
		s.items = append(under, s.items...)
	}
}

// sameBox tells whether two paragraphs share one border box.
func sameBox(p, q *flow.Paragraph) bool {
	return q != nil && p.Borders != (flow.Borders{}) && p.Borders == q.Borders &&
		p.IndentLeft == q.IndentLeft && p.IndentRight == q.IndentRight
}

// edge is the room that a border takes.
func edge(b flow.Border) geom.EMU {
	if b.Width == 0 {
		return 0
	}
	return b.Width + b.Space
}

// lift makes room above what a strip holds.
func lift(s *strip, room geom.EMU) {
	if room == 0 {
		return
	}
	s.height += room
	for i, item := range s.items {
		s.items[i] = moved(item, 0, room)
	}
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

package layout

import (
	"strings"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// setLine places the words of a line. Words of one look that follow one another become one item; a justified line shares what
// is left over, or lacking, among its spaces.
func (l *layouter) setLine(p *flow.Paragraph, tokens []token, ln line, m measure, first bool, baseline geom.EMU) []page.Item {
	start := m.rest
	if first {
		start = m.first
	}
	free := m.limit - ln.width
	s := setter{layouter: l, baseline: baseline, x: start, count: ln.count, open: true}
	switch {
	case p.Align == flow.Center:
		s.x += free / 2
	case p.Align == flow.Right:
		s.x += free
	case p.Align == flow.Justify && ln.count > 0 && (free < 0 || ln.end == wrapped || ln.end == broken):
		s.extra = free
	}
	shift := s.x - start
	lastTab := ln.from - 1
	for i := ln.from; i < ln.to; i++ {
		if tokens[i].kind == tabToken {
			lastTab = i
		}
	}
	at := pen{measure: m, x: start}
	for i := ln.from; i < ln.to; i++ {
		t := &tokens[i]
		switch t.kind {
		case tabToken:
			follow := following(tokens, i+1, ln.to)
			from := s.x
			at.x = s.x - shift
			at.stop = flow.TabStop{}
			at.tab()
			at.move(follow)
			s.flush()
			s.x = at.x - follow + shift
			s.leader(at.stop.Leader, from, t.look)
		case spaceToken:
			s.add(t, i > lastTab)
		default:
			s.add(t, false)
		}
	}
	s.flush()
	if n := len(s.items); n > 0 {
		for i := n - 1; i >= 0; i-- {
			if text, ok := s.items[i].(page.Text); ok {
				text.LineEnd = true
				s.items[i] = text
				break
			}
		}
	}
	return s.items
}

// following is the width of what stands after a tab, up to the next tab or the end of the line.
func following(tokens []token, i, to int) (width geom.EMU) {
	for ; i < to && tokens[i].kind != tabToken; i++ {
		width += tokens[i].width
	}
	return width
}

// setter collects the items of a line.
type setter struct {
	*layouter
	items    []page.Item
	baseline geom.EMU
	x        geom.EMU // where the next word stands
	extra    geom.EMU // to be shared among the spaces
	count    int      // of those spaces
	given    int      // spaces that have had their share
	open     bool     // no text has been placed yet

	look *look // of the item being collected
	text strings.Builder
	from geom.EMU
}

// add appends a word or spaces; stretch says that these spaces have a share in the extra.
func (s *setter) add(t *token, stretch bool) {
	width := t.width
	if stretch && s.extra != 0 {
		n := geom.EMU(s.count)
		before := s.extra * geom.EMU(s.given) / n
		s.given += len(t.text)
		width += s.extra*geom.EMU(s.given)/n - before
	}
	if s.look != t.look && !(t.kind == spaceToken && s.look != nil && sameMarks(s.look, t.look)) {
		s.flush()
		s.look, s.from = t.look, s.x
	}
	s.text.WriteString(t.text)
	s.x += width
}

// sameMarks tells whether spaces of look b may join text of look a: nothing drawn on them would differ.
func sameMarks(a, b *look) bool {
	return a.style.Underline == b.style.Underline && a.style.Strike == b.style.Strike && a.style.Highlight == b.style.Highlight
}

// flush ends the item being collected: highlight below, the text, underline and strike above.
func (s *setter) flush() {
	k := s.look
	if k == nil {
		return
	}
	text := s.text.String()
	s.text.Reset()
	s.look = nil
	if k.style.Highlight.Set {
		s.items = append(s.items, page.Box{
			X: s.from, Y: s.baseline - k.ascent, Width: s.x - s.from, Height: k.ascent + k.descent,
			Color: k.style.Highlight,
		})
	}
	y := s.baseline - k.rise
	s.items = append(s.items, page.Text{
		X: s.from, Y: y, Width: s.x - s.from, Text: text, Face: k.name, Size: k.size,
		Color: k.style.Color, Spacing: k.style.Spacing, LineStart: s.open,
	})
	s.open = false
	em := geom.EMU(k.face.UnitsPerEm)
	thick := max(roundDiv(geom.EMU(k.face.UnderlineThickness)*k.size, em), geom.Point/2)
	bar := func(y geom.EMU) {
		s.items = append(s.items, page.Rule{X1: s.from, Y1: y, X2: s.x, Y2: y, Width: thick, Color: k.style.Color})
	}
	if k.style.Underline {
		bar(y + roundDiv(geom.EMU(k.face.UnderlinePosition)*k.size, em))
	}
	if k.style.Strike {
		bar(y - roundDiv(geom.EMU(k.face.Ascent)*k.size*3/10, em))
	}
}

// leader fills the room before a tab stop with its character (17.3.1.37).
func (s *setter) leader(char rune, from geom.EMU, k *look) {
	if char == 0 {
		return
	}
	each := s.width(k, string(char))
	count := int((s.x - from) / max(each, 1))
	if count < 1 {
		return
	}
	s.items = append(s.items, page.Text{
		X: s.x - geom.EMU(count)*each, Y: s.baseline - k.rise, Width: geom.EMU(count) * each,
		Text: strings.Repeat(string(char), count), Face: k.name, Size: k.size, Color: k.style.Color, LineStart: s.open,
	})
	s.open = false
}

// moved gives an item at another place.
func moved(item page.Item, dx, dy geom.EMU) page.Item {
	switch it := item.(type) {
	case page.Text:
		it.X, it.Y = it.X+dx, it.Y+dy
		return it
	case page.Rule:
		it.X1, it.Y1, it.X2, it.Y2 = it.X1+dx, it.Y1+dy, it.X2+dx, it.Y2+dy
		return it
	case page.Box:
		it.X, it.Y = it.X+dx, it.Y+dy
		return it
	}
	return item
}

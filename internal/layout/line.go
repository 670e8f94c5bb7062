package layout

import (
	"strings"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// paintLine places the words of a line whose top left corner is at x, y. Words of one look that follow one another become one item; a
// justified line shares what is left over, or lacking, among its spaces.
func (l *layouter) paintLine(items []page.Item, b *textBox, index int, x, y geom.EMU) []page.Item {
	ln, m := &b.lines[index], &b.measure
	start, free := m.start(index == 0), m.limit-ln.width
	s := setter{layouter: l, text: b.text, number: b.paragraph.Number, items: items, baseline: y + ln.baseline, x: x + start, count: ln.count, open: true}
	switch p := b.paragraph; {
	case p.Align == flow.Center:
		s.x += free / 2
	case p.Align == flow.Right:
		s.x += free
	case p.Align == flow.Justify && ln.count > 0 && (free < 0 || ln.end == wrapped || ln.end == broken):
		s.extra = free
	}
	origin := s.x - start // where the column would begin if the line were flush left
	stretch := lastTab(b.tokens[ln.from:ln.to]) + ln.from
	at := pen{measure: m, x: start}
	for i := ln.from; i < ln.to; i++ {
		t := &b.tokens[i]
		if t.kind != tabToken {
			s.add(t, t.kind == spaceToken && i > stretch)
			continue
		}
		s.flush(false)
		from, follow := s.x, following(b.tokens[i+1:ln.to])
		at = pen{measure: m, x: from - origin}
		at.tab()
		at.word(follow)
		s.x = at.x - follow + origin
		s.gap(at.stop.Leader, from, t.look)
	}
	s.flush(true)
	s.close(len(items))
	return s.items
}

// lastTab is the index of the last tab, -1 when there is none.
func lastTab(tokens []token) int {
	for i := len(tokens) - 1; i >= 0; i-- {
		if tokens[i].kind == tabToken {
			return i
		}
	}
	return -1
}

// following is the width of what stands after a tab, up to the next tab or the end of the line.
func following(tokens []token) (width geom.EMU) {
	for i := range tokens {
		if tokens[i].kind == tabToken {
			break
		}
		width += tokens[i].width
	}
	return width
}

// setter places the items of a line.
type setter struct {
	*layouter
	text     string // of the paragraph
	number   int    // of the paragraph in the Word file
	items    []page.Item
	baseline geom.EMU
	x        geom.EMU // where the next word stands
	extra    geom.EMU // to be shared among the spaces
	count    int      // of those spaces
	given    int      // spaces that have had their share
	open     bool     // no text has been placed yet
	closed   bool     // the last text has been placed

	look     *look // of the item being collected
	from, to int32 // its characters
	left     geom.EMU
}

// add appends a word or spaces; stretch says that these spaces have a share in the extra.
func (s *setter) add(t *token, stretch bool) {
	width := t.width
	if stretch && s.extra != 0 {
		n := geom.EMU(s.count)
		before := s.extra * geom.EMU(s.given) / n
		s.given += int(t.to - t.from)
		width += s.extra*geom.EMU(s.given)/n - before
	}
	if s.look != t.look && !(t.kind == spaceToken && s.look != nil && sameMarks(s.look, t.look)) {
		s.flush(false)
		s.look, s.from, s.left = t.look, t.from, s.x
	}
	s.to = t.to
	s.x += width
}

// sameMarks reports whether spaces of look b may join text of look a: nothing drawn on them would differ.
func sameMarks(a, b *look) bool {
	return a.style.Underline == b.style.Underline && a.style.Strike == b.style.Strike && a.style.Highlight == b.style.Highlight
}

// flush ends the item being collected: highlight below, the text, underline and strike above. The last one closes its line.
func (s *setter) flush(last bool) {
	k := s.look
	if k == nil {
		return
	}
	s.look = nil
	s.highlight(k, s.left)
	s.items = append(s.items, page.Text{
		X: s.left, Y: s.baseline - k.rise, Width: s.x - s.left, Text: s.text[s.from:s.to], Face: k.name, Size: k.size,
		Color: k.style.Color, Spacing: k.style.Spacing, LineStart: s.open, LineEnd: last,
		Paragraph: s.number,
	})
	s.open, s.closed = false, last
	s.bars(k, s.left)
}

// highlight colours the ground from a place to the pen.
func (s *setter) highlight(k *look, from geom.EMU) {
	if k.style.Highlight.Set {
		s.items = append(s.items, page.Box{
			X: from, Y: s.baseline - k.ascent, Width: s.x - from, Height: k.ascent + k.descent, Color: k.style.Highlight,
		})
	}
}

// bars draws underline and strike from a place to the pen.
func (s *setter) bars(k *look, from geom.EMU) {
	if !k.style.Underline && !k.style.Strike {
		return
	}
	y := s.baseline - k.rise
	thick := max(k.scale(k.face.UnderlineThickness), geom.Point/2)
	bar := func(y geom.EMU) {
		s.items = append(s.items, page.Rule{X1: from, Y1: y, X2: s.x, Y2: y, Width: thick, Color: k.style.Color})
	}
	if k.style.Underline {
		bar(y + k.scale(k.face.UnderlinePosition))
	}
	if k.style.Strike {
		bar(y - k.scale(k.face.Ascent)*3/10)
	}
}

// gap fills the room before a tab stop with the leader (17.3.1.37) and with what the tab's own look draws there.
func (s *setter) gap(leader rune, from geom.EMU, k *look) {
	s.highlight(k, from)
	if leader != 0 {
		char := string(leader)
		each := max(s.width(k, char), 1)
		if count := (s.x - from) / each; count > 0 {
			s.items = append(s.items, page.Text{
				X: s.x - count*each, Y: s.baseline - k.rise, Width: count * each, Text: strings.Repeat(char, int(count)),
				Face: k.name, Size: k.size, Color: k.style.Color, Spacing: k.style.Spacing, LineStart: s.open,
				Paragraph: s.number,
			})
			s.open = false
		}
	}
	s.bars(k, from)
}

// close marks the last text of a line that ends in a tab.
func (s *setter) close(first int) {
	for i := len(s.items) - 1; i >= first && !s.closed; i-- {
		if text, ok := s.items[i].(page.Text); ok {
			text.LineEnd, s.closed = true, true
			s.items[i] = text
		}
	}
}

package layout

import (
	"slices"
	"unicode/utf8"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
)

// Two rules say where a line ends.
//
//  1. First-fit: a word goes on the line if the line with it is no wider than the room.
//  2. Justified paragraphs of files made for Word 2013 and later: when the next word does not fit, Word narrows the spaces of the
//     line to take it in, if that changes them less than widening them without it. See squeezes.

// lineEnd is why a line ends.
type lineEnd uint8

const (
	wrapped lineEnd = iota // the next word did not fit
	broken                 // a w:br stands there
	paged                  // a page break stands there
	last                   // the paragraph ends
)

// line is tokens[from:to] with trailing spaces left out; the next line begins at next.
type line struct {
	from, to, next int
	end            lineEnd
	pageEnd        bool     // the page ends below it
	width          geom.EMU // from the column's left edge to the end of the last word, at natural width
	spaces         geom.EMU // natural width of the spaces that can be stretched: those after the last tab
	count          int      // how many they are

	height   geom.EMU
	baseline geom.EMU // below the top
	slack    geom.EMU // what a multiple spacing adds below the text, which may hang below the foot of a page
}

// measure is the room that lines are broken into, all measured from the column's left edge.
type measure struct {
	first, rest geom.EMU // where the first line and the others begin
	limit       geom.EMU // where all end
	tabs        []flow.TabStop
	defaultTab  geom.EMU
	squeeze     bool // rule 2 holds
}

// start is where a line begins.
func (m *measure) start(first bool) geom.EMU {
	if first {
		return m.first
	}
	return m.rest
}

// breakLines finds the lines of the paragraph that was cut last; a word longer than a line is cut further.
func (l *layouter) breakLines(m *measure) []line {
	l.lines = l.lines[:0]
	for from := 0; ; {
		ln := l.breakLine(from, len(l.lines) == 0, m)
		l.lines = append(l.lines, ln)
		if ln.end == last {
			return l.lines
		}
		from = ln.next
	}
}

// breakLine fills one line from tokens[from] on.
func (l *layouter) breakLine(from int, first bool, m *measure) line {
	at := pen{measure: m, x: m.start(first)}
	ln := line{from: from, to: from, width: at.x}
	for i := from; i < len(l.tokens); {
		switch t := &l.tokens[i]; t.kind {
		case breakToken:
			ln.next, ln.end, ln.pageEnd = i+1, broken, t.page
			switch {
			case t.page && i+1 == len(l.tokens):
				ln.end = last // Word keeps the paragraph mark on the page that a final page break ends
			case t.page:
				ln.end = paged
			}
			return ln
		case spaceToken:
			at.space(t.width, int(t.to-t.from))
			i++
			continue
		case tabToken:
			if !at.tab() && i > from {
				ln.next, ln.end = i, wrapped
				return ln
			}
			i++
			ln.to, ln.width, ln.spaces, ln.count = i, at.x, 0, 0
			continue
		}
		end, width := l.group(i)
		if i == from && at.reach(width) > m.limit && at.x < m.limit {
			end, width = l.splitWord(i, m.limit-at.x)
		}
		if x := at.reach(width); x > m.limit && i > from && !(m.squeeze && squeezes(ln, &at, x)) {
			ln.next, ln.end = i, wrapped
			return ln
		}
		at.word(width)
		ln.to, ln.width, ln.spaces, ln.count = end, at.x, at.spaces, at.count
		i = end
	}
	ln.next, ln.end = len(l.tokens), last
	return ln
}

// group finds the end of the word that begins at token i: the tokens glued to it.
func (l *layouter) group(i int) (end int, width geom.EMU) {
	width = l.tokens[i].width
	for end = i + 1; end < len(l.tokens) && l.tokens[end].glued; end++ {
		width += l.tokens[end].width
	}
	return end, width
}

// splitWord cuts a word that no line can hold where the room ends, at least one character after its beginning.
func (l *layouter) splitWord(i int, room geom.EMU) (end int, width geom.EMU) {
	end = i
	for ; width+l.tokens[end].width <= room; end++ {
		width += l.tokens[end].width
	}
	t := &l.tokens[end]
	text := l.text[t.from:t.to]
	cut, fits := 0, geom.EMU(0)
	for at := 0; at < len(text); {
		_, size := utf8.DecodeRune(text[at:])
		head := l.width(t.look, string(text[:at+size]))
		if width+head > room && (cut > 0 || end > i) {
			break
		}
		at += size
		cut, fits = at, head
	}
	if cut == 0 || cut == len(text) { // the word's look changes where the room ends, or one character is wider than the room
		if cut > 0 {
			width += fits
			end++
		}
		if end < len(l.tokens) {
			l.tokens[end].glued = false
		}
		return end, width
	}
	rest := *t
	rest.from, rest.glued = t.from+int32(cut), false
	rest.width = l.width(t.look, string(text[cut:]))
	t.to, t.width = rest.from, fits
	l.tokens = slices.Insert(l.tokens, end+1, rest)
	return end + 1, width + fits
}

// squeezes is rule 2. ln is the line without the next word; at the pen before it, x where the word would end. With D the width that is
// lacking, S the spaces of the line with the word, S₁ those of the line without it and R the room that this one leaves:
//
//	σ = 1 − D/S is how far the spaces are narrowed, e = 1 + R/S₁ how far they would be widened instead.
//	The word is taken if σ ≥ 0.75 and (e > 1.5 or 1 + (e−1)/1.7 ≥ 1/σ), all written without division below.
func squeezes(ln line, at *pen, x geom.EMU) bool {
	lacking, spaces := x-at.limit, at.spaces+at.pending
	room, fewer := at.limit-ln.width, ln.spaces
	return 4*lacking <= spaces &&
		(ln.count == 0 || 2*room > fewer || 10*room*(spaces-lacking) >= 17*lacking*fewer)
}

// pen is a place on the line being filled.
type pen struct {
	*measure
	x       geom.EMU
	spaces  geom.EMU // since the last tab
	count   int
	pending geom.EMU // spaces after the last word, which count only when another word follows
	extra   int

	stop  flow.TabStop // the tab that the text after it is aligned on, when not a left one
	tabX  geom.EMU     // where that tab began
	after geom.EMU     // width of the text since
}

// space notes spaces; at the end of a line they take no room.
func (p *pen) space(width geom.EMU, count int) {
	p.pending += width
	p.extra += count
}

// reach is where a word would end, the pending spaces before it.
func (p *pen) reach(width geom.EMU) geom.EMU {
	width += p.pending
	after := p.after + width
	switch p.stop.Kind {
	case flow.TabRight, flow.TabDecimal:
		return max(p.tabX+after, p.stop.Position)
	case flow.TabCenter: // pushed left by the end of the line, as far as the tab itself
		return max(p.tabX+after, min(p.stop.Position+after/2, p.limit))
	default:
		return p.x + width
	}
}

// word moves over pending spaces and a word.
func (p *pen) word(width geom.EMU) {
	p.spaces, p.count = p.spaces+p.pending, p.count+p.extra
	p.x = p.reach(width)
	p.after += p.pending + width
	p.pending, p.extra = 0, 0
}

// tab moves to the next stop; false means that no stop is left on this line.
func (p *pen) tab() bool {
	p.word(0)
	p.spaces, p.count = 0, 0
	stop := p.nextStop()
	if stop.Kind == flow.TabLeft && stop.Position > p.limit {
		return false
	}
	p.stop, p.tabX, p.after = stop, p.x, 0
	if stop.Kind == flow.TabLeft {
		p.x = stop.Position
	} else {
		p.stop.Position = min(stop.Position, p.limit)
		p.x = p.reach(0)
	}
	return true
}

// nextStop finds the stop after x: a custom one, the left indent of a hanging paragraph, or a default one.
func (p *pen) nextStop() flow.TabStop {
	hanging := p.rest > p.x
	for _, t := range p.tabs {
		if t.Position > p.x && !(hanging && t.Position > p.rest) {
			return t
		}
	}
	if hanging {
		return flow.TabStop{Position: p.rest}
	}
	every := p.defaultTab
	if every <= 0 {
		every = 36 * geom.Point
	}
	position := p.x / every * every
	if position <= p.x {
		position += every
	}
	return flow.TabStop{Position: position}
}

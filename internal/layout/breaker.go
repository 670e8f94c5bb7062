package layout

import (
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
)

// A paragraph is cut into tokens: words, runs of spaces, tabs, breaks. A line may end before a token unless the token is glued to
// the one before it (a word that changes its look in the middle). Two rules say where it does end.
//
//  1. First-fit: a word goes on the line if the line with it is no wider than the room.
//  2. Justified paragraphs of files made for Word 2013 and later: when the next word does not fit, Word narrows the spaces of the
//     line to take it in, if that looks better than widening them without it. See squeezes.

// tokenKind tells tokens apart.
type tokenKind uint8

const (
	wordToken tokenKind = iota
	spaceToken
	tabToken
	breakToken // w:br: ends a line, or the page when page is set
)

// token is the smallest thing a line is made of.
type token struct {
	kind  tokenKind
	glued bool // no line may end before it
	page  bool // of a breakToken: the page ends too
	text  string
	look  *look
	width geom.EMU
}

// tokens cuts the inlines of a paragraph.
func (l *layouter) tokens(p *flow.Paragraph) (tokens []token, lines []flow.Line) {
	c := cutter{l: l, tokens: make([]token, 0, 64)}
	for _, list := range [2][]flow.Inline{p.Label, p.Inlines} {
		for _, in := range list {
			switch in := in.(type) {
			case flow.Text:
				c.text(in.Text, l.look(in.Style))
			case flow.Tab:
				c.tokens = append(c.tokens, token{kind: tabToken, look: l.look(in.Style)})
			case flow.Break:
				c.tokens = append(c.tokens, token{kind: breakToken, page: in.Kind == flow.PageBreak, look: l.look(in.Style)})
			case flow.Field:
				c.text(strconv.Itoa(l.fieldValue(in.Kind, p)), l.look(in.Style))
			case flow.Line:
				lines = append(lines, in)
			}
		}
	}
	return c.tokens, lines
}

// fieldValue is the number a field prints.
func (l *layouter) fieldValue(kind flow.FieldKind, p *flow.Paragraph) int {
	switch {
	case kind == flow.PageCount:
		return l.pageCount
	case l.number != 0:
		return l.number
	default:
		return max(1, l.pageOf[p])
	}
}

// cutter collects the tokens of a paragraph.
type cutter struct {
	l      *layouter
	tokens []token
	open   bool // a line may end after the last token, though a word follows it at once
}

// text cuts a stretch of one look at its spaces and hyphens.
func (c *cutter) text(text string, k *look) {
	text = c.l.printable(text, k)
	start, kind := 0, wordToken
	var before rune // the character before the current one, in this stretch
	for i, r := range text {
		switch {
		case i == start:
			kind = kindOf(r)
		case kindOf(r) != kind:
			c.add(kind, text[start:i], k)
			start, kind = i, kindOf(r)
		case kind == wordToken && breaksBetween(before, r, i > start+utf8.RuneLen(before)):
			c.add(wordToken, text[start:i], k)
			start, c.open = i, true
		}
		before = r
	}
	if start < len(text) {
		c.add(kind, text[start:], k)
	}
}

// add appends a token. A word right after a word is glued to it unless a hyphen opens the way between them.
func (c *cutter) add(kind tokenKind, text string, k *look) {
	last := len(c.tokens) - 1
	glued := kind == wordToken && last >= 0 && c.tokens[last].kind == wordToken && !c.open
	c.tokens = append(c.tokens, token{kind: kind, glued: glued, text: text, look: k, width: c.l.width(k, text)})
	c.open = false
}

func kindOf(r rune) tokenKind {
	if r == ' ' {
		return spaceToken
	}
	return wordToken
}

// breaksBetween tells whether a line may end between two characters of a word: after a hyphen or dash that joins two parts
// ("NĐ-CP"), but not after one that opens the word ("-5") nor before a figure ("15-20").
func breaksBetween(before, after rune, inside bool) bool {
	switch before {
	case '-', '–', '—', '\u2010':
		return inside && !unicode.IsDigit(after) && before != after
	}
	return false
}

// printable replaces characters that the face cannot show by an empty box and notes them. Soft hyphens are dropped: Word shows
// them only at the end of a line, and the decree's language does not hyphenate.
func (l *layouter) printable(text string, k *look) string {
	fine := true
	for _, r := range text {
		if r == '\u00AD' || !k.face.Has(r) {
			fine = false
			break
		}
	}
	if fine {
		return text
	}
	out := make([]rune, 0, len(text))
	for _, r := range text {
		switch {
		case r == '\u00AD', r == '\u200B', r == '\uFEFF':
		case k.face.Has(r):
			out = append(out, r)
		default:
			l.missing[r]++
			out = append(out, standIn(k))
		}
	}
	return string(out)
}

// standIn is what a character without a glyph is shown as.
func standIn(k *look) rune {
	for _, r := range []rune{'\u25A1', '\u25A0', '?'} {
		if k.face.Has(r) {
			return r
		}
	}
	return ' '
}

// lineEnd says why a line ends.
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
	pageAfter      bool     // a page break was the last thing in the paragraph: what follows starts a page
	width          geom.EMU // from the column's left edge to the end of the last word, at natural width
	spaces         geom.EMU // natural width of the spaces that can be stretched: those after the last tab
	count          int      // how many they are
}

// measure is the room that lines are broken into, all measured from the column's left edge.
type measure struct {
	first, rest geom.EMU // where the first line and the others begin
	limit       geom.EMU // where all end
	tabs        []flow.TabStop
	defaultTab  geom.EMU
	hanging     geom.EMU // the left indent, a tab stop of its own for hanging first lines
	squeeze     bool     // rule 2 holds
}

// breakLines finds the lines of a paragraph; it returns the tokens too, since a word longer than a line is cut.
func (l *layouter) breakLines(tokens []token, m measure) ([]token, []line) {
	var lines []line
	for from := 0; ; {
		start := m.rest
		if len(lines) == 0 {
			start = m.first
		}
		var ln line
		tokens, ln = l.breakLine(tokens, from, start, m)
		lines = append(lines, ln)
		if ln.end == last {
			return tokens, lines
		}
		from = ln.next
	}
}

// breakLine fills one line from tokens[from] on.
func (l *layouter) breakLine(tokens []token, from int, start geom.EMU, m measure) ([]token, line) {
	at := pen{measure: m, x: start}
	ln := line{from: from, to: from, width: start}
	for i := from; i < len(tokens); {
		switch t := &tokens[i]; t.kind {
		case breakToken:
			ln.next, ln.end = i+1, broken
			switch {
			case t.page && i+1 == len(tokens):
				// Word keeps the paragraph mark on the page that a final page break ends.
				ln.end, ln.pageAfter = last, true
			case t.page:
				ln.end = paged
			}
			return tokens, ln
		case spaceToken:
			at.space(t.width, len(t.text))
			i++
			continue
		case tabToken:
			if !at.tab() && ln.to > from {
				ln.next, ln.end = i, wrapped
				return tokens, ln
			}
			ln.spaces, ln.count = 0, 0
			i++
			ln.to, ln.width = i, at.x
			continue
		}
		end, width := group(tokens, i)
		after := at
		after.word(width)
		if after.x > m.limit && ln.to == from && start < m.limit {
			tokens = l.splitWord(tokens, i, m.limit-at.x)
			end, width = i+1, tokens[i].width
			after = at
			after.word(width)
		}
		if after.x > m.limit && ln.to > from && !(m.squeeze && squeezes(ln, after, m.limit)) {
			ln.next, ln.end = i, wrapped
			return tokens, ln
		}
		at = after
		ln.to, ln.width, ln.spaces, ln.count = end, at.x, at.spaces, at.count
		i = end
	}
	ln.next, ln.end = len(tokens), last
	return tokens, ln
}

// group finds the end of the word that begins at i: the tokens glued to it.
func group(tokens []token, i int) (end int, width geom.EMU) {
	width = tokens[i].width
	for end = i + 1; end < len(tokens) && tokens[end].glued; end++ {
		width += tokens[end].width
	}
	return end, width
}

// splitWord cuts the first token of a word that no line can hold so that its first part fits the room, at least one character.
func (l *layouter) splitWord(tokens []token, i int, room geom.EMU) []token {
	t := tokens[i]
	cut := 0
	for at := range t.text {
		if at > 0 && l.width(t.look, t.text[:at]) > room {
			break
		}
		cut = at
	}
	if cut == 0 {
		_, cut = utf8.DecodeRuneInString(t.text)
	}
	if l.width(t.look, t.text) <= room || cut >= len(t.text) {
		if i+1 < len(tokens) {
			tokens[i+1].glued = false
		}
		return tokens
	}
	rest := t
	rest.text, rest.glued = t.text[cut:], false
	rest.width = l.width(t.look, rest.text)
	tokens[i].text = t.text[:cut]
	tokens[i].width = l.width(t.look, tokens[i].text)
	return slices.Insert(tokens, i+1, rest)
}

// squeezes is rule 2. ln is the line without the next word, with the line with it. With D the width that is lacking, S the spaces
// of the line with the word, S₁ those of the line without it and R the room that this one leaves:
//
//	σ = 1 − D/S is how far the spaces are narrowed, e = 1 + R/S₁ how far they would be widened instead.
//	The word is taken if σ ≥ 0.75 and (e > 1.5 or 1 + (e−1)/1.7 ≥ 1/σ), all written without division below.
func squeezes(ln line, with pen, limit geom.EMU) bool {
	lacking, spaces := with.x-limit, with.spaces
	room, fewer := limit-ln.width, ln.spaces
	switch {
	case 4*lacking > spaces:
		return false
	case ln.count == 0:
		return true
	default:
		return 2*room > fewer || 10*room*(spaces-lacking) >= 17*lacking*fewer
	}
}

// pen is a place on the line being filled.
type pen struct {
	measure
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

// word moves over pending spaces and a word.
func (p *pen) word(width geom.EMU) {
	p.spaces, p.count = p.spaces+p.pending, p.count+p.extra
	p.move(p.pending + width)
	p.pending, p.extra = 0, 0
}

func (p *pen) move(width geom.EMU) {
	p.after += width
	switch p.stop.Kind {
	case flow.TabRight, flow.TabDecimal:
		p.x = max(p.tabX+p.after, p.stop.Position)
	case flow.TabCenter:
		p.x = max(p.tabX+p.after, p.stop.Position+p.after/2)
	default:
		p.x += width
	}
}

// tab moves to the next stop; false means that no stop is left on this line.
func (p *pen) tab() bool {
	p.move(p.pending)
	p.spaces, p.count, p.pending, p.extra = 0, 0, 0, 0
	stop := p.nextStop()
	if stop.Kind == flow.TabLeft && stop.Position > p.limit {
		return false
	}
	p.stop, p.tabX, p.after = stop, p.x, 0
	if stop.Kind == flow.TabLeft {
		p.x = stop.Position
	} else {
		p.stop.Position = min(stop.Position, p.limit)
	}
	p.move(0)
	return true
}

// nextStop finds the stop after x: a custom one, the left indent of a hanging paragraph, or a default one.
func (p *pen) nextStop() flow.TabStop {
	hanging := p.hanging > p.x
	for _, t := range p.tabs {
		if t.Position > p.x && !(hanging && t.Position > p.hanging) {
			return t
		}
	}
	if hanging {
		return flow.TabStop{Position: p.hanging}
	}
	every := p.defaultTab
	if every <= 0 {
		every = 36 * geom.Point
	}
	return flow.TabStop{Position: (p.x/every + 1) * every}
}

package layout

import (
	"strconv"
	"unicode/utf8"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
)

// A paragraph is cut into tokens: words, runs of spaces, tabs, breaks. A line may end before a token unless the token is glued to
// the one before it (a word that changes its look in the middle).

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
	kind     tokenKind
	glued    bool // no line may end before it
	page     bool // of a breakToken: the page ends too
	from, to int  // its characters in the paragraph's text
	look     *look
	width    geom.EMU
}

// cutter collects the text and the tokens of a paragraph. Its slices serve one paragraph after the other.
type cutter struct {
	text   []byte
	tokens []token

	before rune // the character before the next one, 0 after a space, a tab or a break
	length int  // characters of the word that before ends
}

// cut cuts the inlines of a paragraph and gives the lines drawn in it.
func (l *layouter) cut(p *flow.Paragraph) (drawn []flow.Line) {
	c := &l.cutter
	c.text, c.tokens, c.before, c.length = c.text[:0], c.tokens[:0], 0, 0
	for _, list := range [2][]flow.Inline{p.Label, p.Inlines} {
		for _, in := range list {
			switch in := in.(type) {
			case flow.Text:
				k := l.look(in.Style)
				c.stretch(l, l.printable(in.Text, k, p), k)
			case flow.Tab:
				c.mark(token{kind: tabToken, look: l.look(in.Style)})
			case flow.Break:
				c.mark(token{kind: breakToken, page: in.Kind == flow.PageBreak, look: l.look(in.Style)})
			case flow.Field:
				k := l.look(in.Style)
				c.stretch(l, l.printable(strconv.Itoa(l.fieldValue(in.Kind, p)), k, p), k)
			case flow.Line:
				drawn = append(drawn, in)
			}
		}
	}
	return drawn
}

// fieldValue is the number a field prints.
func (l *layouter) fieldValue(kind flow.FieldKind, p *flow.Paragraph) int {
	switch {
	case kind == flow.PageCount:
		return l.pageCount
	case l.inBand:
		return l.number
	default:
		return l.pageOf[p]
	}
}

// mark appends a tab or a break.
func (c *cutter) mark(t token) {
	t.from, t.to = len(c.text), len(c.text)
	c.tokens = append(c.tokens, t)
	c.before, c.length = 0, 0
}

// stretch appends a stretch of one look, cut at its spaces and hyphens.
func (c *cutter) stretch(l *layouter, text string, k *look) {
	base := len(c.text)
	c.text = append(c.text, text...)
	start, glued := 0, c.before != 0
	for i, r := range text {
		isSpace := r == ' '
		switch {
		case i == start && isSpace:
			glued = false
		case i > start && isSpace != (c.before == 0):
			c.add(l, text, start, i, base, glued, k)
			start, glued = i, false
		}
		if isSpace {
			c.before, c.length = 0, 0
			continue
		}
		if breaksBetween(c.before, r, c.length) {
			if i > start {
				c.add(l, text, start, i, base, glued, k)
				start = i
			}
			glued = false
		}
		c.before, c.length = r, c.length+1
	}
	if start < len(text) {
		c.add(l, text, start, len(text), base, glued, k)
	}
}

// add appends the token text[from:to], a word or spaces.
func (c *cutter) add(l *layouter, text string, from, to, base int, glued bool, k *look) {
	kind := wordToken
	if text[from] == ' ' {
		kind = spaceToken
	}
	c.tokens = append(c.tokens, token{
		kind: kind, glued: glued, from: base + from, to: base + to, look: k, width: l.width(k, text[from:to]),
	})
}

// breaksBetween tells whether a line may end between two characters of a word: after a hyphen or dash that joins two parts, letters
// or figures ("NĐ-CP", "2021-2026"), but not after one that opens the word ("-5") nor within a row of them. length counts the
// characters of the word up to the first of the two.
func breaksBetween(before, after rune, length int) bool {
	switch before {
	case '-', '–', '—', '\u2010':
		return length > 1 && before != after && after != '\u00A0'
	}
	return false
}

// printable replaces characters that the face cannot show by an empty box and notes them. Soft hyphens are dropped: Word shows
// them only at the end of a line, and the decree's language does not hyphenate.
func (l *layouter) printable(text string, k *look, p *flow.Paragraph) string {
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
	out := make([]byte, 0, len(text))
	for _, r := range text {
		switch {
		case r == '\u00AD', r == '\u200B', r == '\uFEFF':
		case k.face.Has(r):
			out = utf8.AppendRune(out, r)
		default:
			if _, noted := l.missing[r]; !noted {
				l.missing[r] = p
			}
			out = utf8.AppendRune(out, standIn(k))
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

package layout

import (
	"strconv"
	"unicode/utf8"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
)

// A paragraph is cut into tokens: words, runs of spaces, tabs, breaks. A line may end before a token unless the token is glued to
// the one before it (a word that changes its look in the middle).

// tokenKind is what a token is.
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
	glued    bool  // no line may end before it
	page     bool  // of a breakToken: the page ends too
	from, to int32 // its characters in the paragraph's text
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

// cut cuts the inlines of a paragraph and returns the lines drawn in it.
func (l *layouter) cut(p *flow.Paragraph) (drawn []flow.Line) {
	c := &l.cutter
	c.text, c.tokens, c.before, c.length = c.text[:0], c.tokens[:0], 0, 0
	for _, list := range [2][]flow.Inline{p.Label, p.Inlines} {
		for _, in := range list {
			switch in := in.(type) {
			case flow.Text:
				c.stretch(l, p, in.Text, l.look(in.Style))
			case flow.Tab:
				c.mark(token{kind: tabToken, look: l.look(in.Style)})
			case flow.Break:
				c.mark(token{kind: breakToken, page: in.Kind == flow.PageBreak, look: l.look(in.Style)})
			case flow.Field:
				c.stretch(l, p, strconv.Itoa(l.fieldValue(in.Kind, p)), l.look(in.Style))
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
	t.from, t.to = int32(len(c.text)), int32(len(c.text))
	c.tokens = append(c.tokens, t)
	c.before, c.length = 0, 0
}

// stretch appends text of one look, cut at its spaces and hyphens. A character that the face cannot show is noted, and a box stands
// for it. Soft hyphens are dropped: Word shows them only at the end of a line, and the decree's language does not hyphenate.
func (c *cutter) stretch(l *layouter, p *flow.Paragraph, text string, k *look) {
	start, units, glued := 0, 0, false // of the token being collected
	for i, r := range text {
		if r == '\u00AD' || !k.face.Has(r) {
			c.add(text[start:i], units, glued, k)
			c.stretch(l, p, l.instead(r, k, p), k)
			_, size := utf8.DecodeRuneInString(text[i:])
			start, units = i+size, 0
			continue
		}
		isSpace, opens := r == ' ', breaksBetween(c.before, r, c.length)
		if i > start && (opens || isSpace != (c.before == 0)) {
			c.add(text[start:i], units, glued, k)
			start, units = i, 0
		}
		if i == start {
			glued = c.before != 0 && !isSpace && !opens
		}
		units += k.face.Advance(r)
		c.before, c.length = r, c.length+1
		if isSpace {
			c.before, c.length = 0, 0
		}
	}
	c.add(text[start:], units, glued, k)
}

// add appends a token, a word or spaces, of so many font units.
func (c *cutter) add(text string, units int, glued bool, k *look) {
	if text == "" {
		return
	}
	kind, width := wordToken, k.scale(units)
	if text[0] == ' ' {
		kind = spaceToken
	}
	if k.style.Spacing != 0 {
		width += k.style.Spacing * geom.EMU(utf8.RuneCountInString(text))
	}
	from := int32(len(c.text))
	c.text = append(c.text, text...)
	c.tokens = append(c.tokens, token{kind: kind, glued: glued, from: from, to: int32(len(c.text)), look: k, width: width})
}

// breaksBetween reports whether a line may end between two characters of a word: after a hyphen or dash that joins two parts, letters
// or figures ("NĐ-CP", "2021-2026"), but not after one that opens the word ("-5") nor within a row of them. length counts the
// characters of the word up to the first of the two.
func breaksBetween(before, after rune, length int) bool {
	switch before {
	case '-', '–', '—', '\u2010':
		return length > 1 && before != after && after != '\u00A0'
	}
	return false
}

// instead is what stands for a character that is not shown as it is: nothing for those without a shape, else a box.
func (l *layouter) instead(r rune, k *look, p *flow.Paragraph) string {
	switch r {
	case '\u00AD', '\u200B', '\uFEFF':
		return ""
	}
	if _, noted := l.missing[r]; !noted {
		l.missing[r] = p
	}
	for _, box := range []rune{'\u25A1', '\u25A0', '?'} {
		if k.face.Has(box) {
			return string(box)
		}
	}
	return ""
}

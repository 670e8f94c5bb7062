package pdf

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"vanthu/internal/font"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// face is a face of the document as fpdf knows it. It is registered when its first text is painted: fpdf embeds every face it
// is told of.
type face struct {
	font     *font.Face
	cutKey   string // "" until the cut face is registered
	wholeKey string // "" until the whole face is
}

func (p *painter) face(name page.Face) *face {
	known := p.faces[name]
	if known == nil {
		found, _ := p.fonts.Face(name.Family, name.Bold, name.Italic)
		for _, other := range p.faces {
			if other.font == found {
				known = other // two names of one face, such as Tinos and Times New Roman
			}
		}
		if known == nil {
			known = &face{font: found}
		}
		p.faces[name] = known
	}
	return known
}

// paintText paints an item by the fast path when every character is in the face's cut, otherwise by the slow one.
func (p *painter) paintText(item page.Text) {
	if item.Text == "" {
		return
	}
	f := p.face(item.Face)
	p.pdf.SetTextColor(rgb(item.Color))
	p.spaceLetters(item.Spacing.Points())
	if cut := f.font.Cut(); cut != nil {
		if units, ok := p.encode(item.Text, f.font, cut); ok {
			p.paintCut(item, f, units)
			return
		}
	}
	p.paintWhole(item, f)
}

// encode puts the text in p.line under the cut face's encoding and sums its advances as the PDF file states them, rounded each to
// 1/1000 em; ok is false when a character is not in the cut.
func (p *painter) encode(text string, face *font.Face, cut *font.Cut) (perMille int, ok bool) {
	p.line = p.line[:0]
	for _, r := range text {
		code, ok := cut.Byte(r)
		if !ok {
			return 0, false
		}
		p.line = append(p.line, code)
		perMille += (2000*face.Advance(r) + face.UnitsPerEm) / (2 * face.UnitsPerEm)
	}
	return perMille, true
}

// paintCut paints the whole item at once. What Width leaves over goes to the spaces; without a space it is no more than the
// rounding of the file's advances, and stays.
func (p *painter) paintCut(item page.Text, f *face, perMille int) {
	if f.cutKey == "" {
		f.cutKey = p.newKey(f.font)
		p.pdf.AddFontFromBytes(f.cutKey, "", f.font.Cut().Definition, f.font.Cut().Z)
	}
	size := item.Size.Points()
	leftOver := item.Width.Points() - float64(perMille)*size/1000 - float64(len(p.line))*item.Spacing.Points()
	if spaces := strings.Count(item.Text, " "); spaces > 0 {
		p.spaceWords(leftOver / float64(spaces))
	} else {
		p.spaceWords(0)
	}
	if needsSpace(item) {
		p.line = append(p.line, ' ')
	}
	p.selectFont(f.cutKey, size)
	p.pdf.Text(item.X.Points(), item.Y.Points(), string(p.line))
}

// paintWhole paints with the whole face, each word with the spaces after it at its own place: the word spacing of PDF does not
// touch two-byte text (ISO 32000-1, 9.3.3).
func (p *painter) paintWhole(item page.Text, f *face) {
	if f.wholeKey == "" {
		f.wholeKey = p.newKey(f.font)
		p.pdf.AddUTF8FontFromBytes(f.wholeKey, "", f.font.TTF())
	}
	p.spaceWords(0)
	p.selectFont(f.wholeKey, item.Size.Points())

	natural := func(text string) geom.EMU {
		return f.font.Width(text, item.Size) + geom.EMU(utf8.RuneCountInString(text))*item.Spacing
	}
	spaces, passed := geom.EMU(strings.Count(item.Text, " ")), geom.EMU(0)
	leftOver := item.Width - natural(item.Text)
	for at := 0; at < len(item.Text); {
		word := wordWithSpaces(item.Text[at:])
		x := item.X + natural(item.Text[:at])
		if spaces > 0 {
			x += leftOver * passed / spaces
		}
		at += len(word)
		passed += geom.EMU(strings.Count(word, " "))
		painted := paintable(word, f.font)
		if at == len(item.Text) && needsSpace(item) {
			painted += " "
		}
		p.pdf.Text(x.Points(), item.Y.Points(), painted)
	}
}

// wordWithSpaces returns the first word of text with the spaces before and after it.
func wordWithSpaces(text string) string {
	start := len(text) - len(strings.TrimLeft(text, " "))
	end := strings.IndexByte(text[start:], ' ')
	if end < 0 {
		return text
	}
	rest := text[start+end:]
	return text[:len(text)-len(strings.TrimLeft(rest, " "))]
}

// needsSpace reports whether the item closes its line without a space; one is added beyond the margin, so that whoever copies or
// searches the text finds the words of two lines apart.
func needsSpace(item page.Text) bool { return item.LineEnd && !strings.HasSuffix(item.Text, " ") }

// paintable replaces what the face cannot paint: layout has done so before with what it reported, this keeps the rest visible.
func paintable(text string, face *font.Face) string {
	return strings.Map(func(r rune) rune {
		switch {
		case face.Has(r):
			return r
		case face.Has('\uFFFD'):
			return '\uFFFD'
		default:
			return '?'
		}
	}, text)
}

// newKey names a face for fpdf in ASCII, after family and style: "tinos-bold", and "tinos-bold2" for its second form. fpdf puts
// the key of a whole face into the file as part of the font's name.
func (p *painter) newKey(face *font.Face) string {
	family := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(face.Family))
	key := cmp.Or(family, "font") + "-"
	switch {
	case face.Bold && face.Italic:
		key += "bolditalic"
	case face.Bold:
		key += "bold"
	case face.Italic:
		key += "italic"
	default:
		key += "regular"
	}
	unique := key
	for n := 2; p.keys[unique]; n++ {
		unique = fmt.Sprintf("%s%d", key, n)
	}
	p.keys[unique] = true
	return unique
}

// selectFont changes face and size when they change. They outlive the page: fpdf selects them anew on the next.
func (p *painter) selectFont(key string, size float64) {
	if p.fontKey != key || p.fontSize != size {
		p.pdf.SetFont(key, "", size)
		p.fontKey, p.fontSize = key, size
	}
}

// spaceWords widens, or narrows, the spaces of one-byte text (Tw, ISO 32000-1, 9.3.3).
func (p *painter) spaceWords(points float64) {
	if p.wordSpace != points {
		p.pdf.SetWordSpacing(points)
		p.wordSpace = points
	}
}

// spaceLetters adds to the advance of every character (Tc, ISO 32000-1, 9.3.2), for which fpdf has no method.
func (p *painter) spaceLetters(points float64) {
	if p.letterSpace != points {
		p.pdf.RawWriteStr(strconv.FormatFloat(points, 'f', 5, 64) + " Tc")
		p.letterSpace = points
	}
}

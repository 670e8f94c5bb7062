package wml

import (
	"strconv"

	"vanthu/internal/ooxml"
)

// This file knows the characters of the symbol fonts, whose codes mean nothing outside them: the common ones become Unicode.

func symbolFonts(family string) bool {
	return family == "Symbol" || family == "Wingdings" || family == "Wingdings 2" || family == "Wingdings 3" || family == "Webdings"
}

// unicodeOf returns the Unicode character for a code of a symbol font, or 0. Codes stand at U+F000 and above, or below 256.
func unicodeOf(family string, code rune) rune {
	code &= 0xFF
	switch family {
	case "Symbol":
		switch code {
		case 0xB7:
			return '•'
		case 0x2D:
			return '−'
		case 0xB0:
			return '°'
		case 0xB1:
			return '±'
		case 0xB4:
			return '×'
		case 0xA3:
			return '≤'
		case 0xB3:
			return '≥'
		case 0xAE:
			return '→'
		case 0xD7:
			return '⋅'
		}
	case "Wingdings":
		switch code {
		case 0x6C:
			return '●'
		case 0x6E:
			return '■'
		case 0x6F, 0xA8:
			return '□'
		case 0x71:
			return '❑'
		case 0x76:
			return '❖'
		case 0x9F, 0xA0:
			return '•'
		case 0xA7:
			return '▪'
		case 0xD8:
			return '➢'
		case 0xE0, 0xE8:
			return '→'
		case 0xFC:
			return '✓'
		case 0xFE:
			return '☑'
		}
	}
	return 0
}

// plainFont returns the family in which a symbol is set once it is Unicode: that of the paragraph.
func (w *runReader) plainFont() string {
	if family := w.base.direct(&runProps{}).style.Font; !symbolFonts(family) {
		return family
	}
	return "Times New Roman"
}

// symbolText adds text whose font is a symbol font, in the family of the paragraph.
func (r *reader) symbolText(text string) {
	l := r.run.look
	plain := l
	plain.style.Font = r.run.plainFont()
	plain.hAnsi = plain.style.Font
	r.run.look = plain
	for _, c := range text {
		symbolic := c >= 0xF000 && c <= 0xF0FF
		switch u := unicodeOf(l.style.Font, c); {
		case !symbolic && c > 0xFF || c == ' ' || c == '\u00a0':
			r.put(plain.style, string(c)) // no code of the font: Word takes another font too
		case u != 0:
			r.put(plain.style, string(u))
		case !symbolic:
			r.note(&symbol, l.style.Font+" "+string(c))
			r.put(plain.style, string(c)) // the character is kept: it may be plain text by mistake in this font
		default:
			r.note(&symbol, l.style.Font+" U+"+strconv.FormatInt(int64(c), 16))
		}
	}
	r.run.look = l
}

// symbol reads w:sym (17.3.3.30).
func (r *reader) symbol(e *ooxml.Element) {
	code, err := strconv.ParseUint(e.Attr("w:char"), 16, 16)
	if err != nil {
		r.note(&symbol, e.Attr("w:font"))
		return
	}
	saved := r.run.look
	r.run.look.style.Font = e.Attr("w:font")
	r.run.look.hAnsi = e.Attr("w:font")
	c := rune(code)
	if c >= 0xD800 && c < 0xE000 || c == 0 {
		r.note(&symbol, e.Attr("w:font"))
	} else if symbolFonts(e.Attr("w:font")) {
		r.text(string(0xF000 | c&0xFF))
	} else if c >= 0xF000 && c <= 0xF0FF {
		r.note(&symbol, e.Attr("w:font")+" U+"+e.Attr("w:char"))
	} else {
		r.text(string(c))
	}
	r.run.look = saved
}

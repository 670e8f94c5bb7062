package vi

import (
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Decode returns the text of a file in whatever encoding Notepad, Word and Excel save it, UTF-8, UTF-16 or windows-1258, with \n alone
// between its lines. It reports whether the bytes were text.
func Decode(data []byte) (text string, ok bool) {
	text, ok = asUTF8(string(data)), true
	if !utf8.ValidString(text) {
		text, ok = FromWindows1258(data)
	}
	return newlines(text), ok
}

// FromUnicode returns the text of a file in UTF-8 or UTF-16, with \n alone between its lines. Other bytes stay.
func FromUnicode(data []byte) string { return newlines(asUTF8(string(data))) }

// Clean returns text as a document may hold it: valid, in NFC, with \n alone between its lines. Hidden characters, which come along with what
// is copied from messages and pages, are dropped.
func Clean(text string) string {
	if IsClean(text) {
		return text
	}
	return NFC(strings.Map(func(c rune) rune {
		switch {
		case c == '\v' || c == '\u2028' || c == '\u2029':
			return '\n'
		case IsControl(c):
			return -1
		}
		return c
	}, newlines(text)))
}

func newlines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// IsClean reports whether text is as Clean returns it at first sight, as that of most files: printable letters of ASCII and of Latin
// scripts, and common punctuation. Other text may be clean too.
func IsClean(text string) bool {
	for _, r := range text {
		switch {
		case r >= ' ' && r <= '~', r == '\n', r == '\t', r >= 0xA0 && r < 0x300, r >= 0x1E00 && r < 0x1F00, r >= 0x2010 && r < 0x2028:
		default:
			return false
		}
	}
	return true
}

// IsControl reports whether c is a control character other than \n and \t, a separator of lines, or no character at all.
func IsControl(c rune) bool {
	return unicode.IsControl(c) && c != '\n' && c != '\t' || c == '\u2028' || c == '\u2029' || c == '\ufffe' || c == '\uffff'
}

// asUTF8 returns text that may be UTF-16, as Notepad and Excel save it with or without a mark of its order, in UTF-8 without a mark. Other
// bytes stay.
func asUTF8(text string) string {
	switch {
	case strings.HasPrefix(text, "\xff\xfe"):
		return fromUTF16(text[2:], binary.LittleEndian)
	case strings.HasPrefix(text, "\xfe\xff"):
		return fromUTF16(text[2:], binary.BigEndian)
	case len(text) >= 2 && text[0] != 0 && text[1] == 0:
		return fromUTF16(text, binary.LittleEndian)
	case len(text) >= 2 && text[0] == 0 && text[1] != 0:
		return fromUTF16(text, binary.BigEndian)
	}
	return strings.TrimPrefix(text, "\ufeff")
}

func fromUTF16(text string, order binary.ByteOrder) string {
	data := []byte(text)
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

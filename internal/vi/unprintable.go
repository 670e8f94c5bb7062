package vi

import "unicode"

// Unprintable finds the first character that an official document cannot hold: emoji and all else beyond U+FFFF, pictographs,
// private-use characters, control characters other than \n and \t, characters without width that steer the direction or the
// joining of text, and U+FFFD, which stands for bytes that were not text. It gives the character and its offset in bytes.
func Unprintable(text string) (found rune, offset int, ok bool) {
	for i, r := range text {
		if r >= ' ' && r <= '~' || r >= 'À' && r < 0x0300 || r >= 0x1E00 && r < 0x1F00 {
			continue // ASCII, the Latin letters and the Vietnamese ones with two marks
		}
		if !printable(r) {
			return r, i, true
		}
	}
	return 0, 0, false
}

func printable(r rune) bool {
	switch {
	case r == '\n' || r == '\t':
		return true
	case r > 0xFFFF, r == unicode.ReplacementChar, unicode.IsControl(r):
		return false
	case r >= 0x2600 && r <= 0x27BF, r >= 0xFE00 && r <= 0xFE0F: // pictographs, variation selectors
		return false
	case r == 0x00AD: // the soft hyphen is a place to break a word
		return true
	case unicode.In(r, unicode.Co, unicode.Cf, unicode.Zl, unicode.Zp): // private use, invisible steering, separators
		return false
	case r >= 0xFDD0 && r <= 0xFDEF, r >= 0xFFFE: // not characters
		return false
	default:
		return true
	}
}

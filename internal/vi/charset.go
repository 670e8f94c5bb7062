package vi

import (
	"unicode"

	"golang.org/x/text/encoding/charmap"
)

// FromWindows1258 decodes the code page of Vietnamese Windows, in which Excel saves CSV and which agrees with windows-1252 in the
// letters of the West. The code page writes tone marks as letters of their own; the text comes out in NFC. It is false when the bytes
// do not read as Vietnamese in this code page, as those of the older fonts TCVN3 (.VnTime) and VNI do not.
func FromWindows1258(data []byte) (string, bool) {
	decoded, err := charmap.Windows1258.NewDecoder().Bytes(data)
	if err != nil {
		return "", false
	}
	text := NFC(string(decoded))
	var before rune
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Mn, r), r == unicode.ReplacementChar: // a tone that fits no letter; a byte that means nothing
			return text, false
		case unicode.IsLetter(before) && isSign(r), isSign(before) && unicode.IsLetter(r):
			return text, false
		}
		before = r
	}
	return text, true
}

// isSign reports whether a character is a sign of the code page that never touches a letter, and which the fonts of TCVN3 print as letters: the "¸" of
// "th¸ng".
func isSign(r rune) bool {
	return r >= '¡' && r <= '¿' && r != '«' && r != '»' && r != 'ª' && r != 'º' && r != '°' && r != '·'
}

package ooxml

import (
	"encoding/binary"
	"errors"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decodePart returns the text of a part, which is UTF-8, or UTF-16 with a byte order mark (ECMA-376-2, 9.1.2), and whether it is the latter.
// It refuses U+FFFE and U+FFFF, which XML does not have (XML 1.0, 2.2); the control characters are left to the cursor.
func decodePart(part string) (src string, wide bool, err error) {
	switch {
	case strings.HasPrefix(part, "\xfe\xff"):
		wide = true
		src, err = decodeUTF16([]byte(part[2:]), binary.BigEndian)
	case strings.HasPrefix(part, "\xff\xfe"):
		wide = true
		src, err = decodeUTF16([]byte(part[2:]), binary.LittleEndian)
	case !utf8.ValidString(part):
		err = errors.New("not valid UTF-8")
	default:
		src = part
	}
	if err == nil && (strings.Contains(src, "\uFFFE") || strings.Contains(src, "\uFFFF")) {
		err = errors.New("a character U+FFFE or U+FFFF is not allowed")
	}
	return src, wide, err
}

func decodeUTF16(data []byte, order binary.ByteOrder) (string, error) {
	var out strings.Builder
	out.Grow(len(data))
	unit := func() rune {
		if len(data) < 2 {
			return utf8.RuneError
		}
		u := rune(order.Uint16(data))
		data = data[2:]
		return u
	}
	for len(data) > 1 {
		r := unit()
		if utf16.IsSurrogate(r) {
			if r = utf16.DecodeRune(r, unit()); r == utf8.RuneError {
				return "", errors.New("not valid UTF-16: half a surrogate pair")
			}
		}
		out.WriteRune(r)
	}
	if len(data) > 0 {
		return "", errors.New("not valid UTF-16: an odd number of bytes")
	}
	return out.String(), nil
}

package ooxml

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cursor reads src from pos on: the names, texts and values that markup is made of.
type cursor struct {
	src string
	pos int
}

// name reads a name: letters, digits and a few signs, with one colon at most, inside.
func (c *cursor) name() (string, error) {
	src := c.src[c.pos:]
	var i, colons int
	var seen byte
	for ; i < len(src); i++ {
		kind := class[src[i]]
		if kind <= marks {
			break
		}
		seen |= kind
		colons += int(kind / divides)
	}
	name := src[:i]
	c.pos += i
	switch {
	case i == len(src):
		return "", io.ErrUnexpectedEOF
	case i == 0 || class[name[0]]&(starts|wider) == 0 || colons > 1 || name[i-1] == ':' || seen&wider != 0 && !validName(name):
		return "", fmt.Errorf("%q is no name", name)
	}
	return name, nil
}

// characters reads text up to the next "<", or a value up to its quote, which it leaves standing.
func (c *cursor) characters(end byte) (string, error) {
	src, coded := c.src[c.pos:], false
	for i := 0; i < len(src); i++ {
		if class[src[i]] != marks {
			continue
		}
		switch b := src[i]; {
		case b == end:
			c.pos += i
			return decode(src[:i], coded)
		case b == '&' || b == '\r':
			coded = true
		case b == '<':
			return "", errors.New("< in a value")
		case control(b):
			return "", fmt.Errorf("character %U is not allowed", b)
		case b == ']' && end == '<' && strings.HasPrefix(src[i:], "]]>"):
			return "", errors.New("]]> in text")
		}
	}
	c.pos = len(c.src)
	if end != '<' {
		return "", io.ErrUnexpectedEOF
	}
	return decode(src, coded)
}

// until passes over everything up to and with end, and gives what stands before it.
func (c *cursor) until(end string) (string, error) {
	raw, _, found := strings.Cut(c.src[c.pos:], end)
	if !found {
		return "", io.ErrUnexpectedEOF
	}
	for i := range len(raw) {
		if control(raw[i]) {
			return "", fmt.Errorf("character %U is not allowed", raw[i])
		}
	}
	c.pos += len(raw) + len(end)
	return raw, nil
}

// skip passes over want and reports whether it stood there.
func (c *cursor) skip(want byte) bool {
	if c.pos < len(c.src) && c.src[c.pos] == want {
		c.pos++
		return true
	}
	return false
}

func (c *cursor) space() {
	for c.pos < len(c.src) && c.src[c.pos] <= ' ' && !control(c.src[c.pos]) {
		c.pos++
	}
}

// control reports whether c is a control character, which XML 1.0, 2.2 keeps out of a document altogether.
func control(c byte) bool { return c < ' ' && c != '\t' && c != '\n' && c != '\r' }

// decode resolves references and line ends, where raw is known to have some.
func decode(raw string, coded bool) (string, error) {
	if !coded {
		return raw, nil
	}
	var out strings.Builder
	out.Grow(len(raw))
	for {
		i := strings.IndexAny(raw, "&\r")
		if i < 0 {
			out.WriteString(raw)
			return out.String(), nil
		}
		out.WriteString(raw[:i])
		if raw[i] == '\r' {
			out.WriteByte('\n')
			raw = strings.TrimPrefix(raw[i+1:], "\n")
			continue
		}
		name, rest, ended := strings.Cut(raw[i+1:], ";")
		r, known := reference(name)
		if !ended || !known {
			return "", fmt.Errorf("&%.20s is no reference to a character", name)
		}
		out.WriteRune(r)
		raw = rest
	}
}

// reference returns the character that &name; stands for: one of the five entities of XML, or a number (XML 1.0, 4.1 and 4.6).
func reference(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	digits, base := strings.TrimPrefix(name, "#x"), 16
	if digits == name {
		digits, base = strings.TrimPrefix(name, "#"), 10
	}
	if digits == name {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, base, 32)
	r := rune(min(n, unicode.MaxRune+1))
	return r, err == nil && utf8.ValidRune(r) && r != '\uFFFE' && r != '\uFFFF' && (r >= ' ' || !control(byte(r)))
}

// What a byte may do. A byte of 0 ends a name.
const (
	marks     byte = 1 << iota // is not plainly itself in text or in a value; it ends a name
	starts                     // begins a name
	continues                  // stands further on in a name
	wider                      // is part of a character outside ASCII, which validName judges
	divides                    // is the colon between prefix and local name
)

var class = func() (class [256]byte) {
	for c := range class {
		switch c := byte(c); {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
			class[c] = starts
		case '0' <= c && c <= '9', c == '-', c == '.':
			class[c] = continues
		case c >= utf8.RuneSelf:
			class[c] = wider
		case c == ':':
			class[c] = divides
		case control(c), strings.IndexByte("<&\r]\"'", c) >= 0:
			class[c] = marks
		}
	}
	return class
}()

// nameStart and nameRest are the characters outside ASCII that may begin a name and those that may only follow (XML 1.0, 2.3).
var (
	nameStart = &unicode.RangeTable{
		R16: []unicode.Range16{
			{0xC0, 0xD6, 1},
			{0xD8, 0xF6, 1},
			{0xF8, 0x2FF, 1},
			{0x370, 0x37D, 1},
			{0x37F, 0x1FFF, 1},
			{0x200C, 0x200D, 1},
			{0x2070, 0x218F, 1},
			{0x2C00, 0x2FEF, 1},
			{0x3001, 0xD7FF, 1},
			{0xF900, 0xFDCF, 1},
			{0xFDF0, 0xFFFD, 1},
		},
		R32:         []unicode.Range32{{0x10000, 0xEFFFF, 1}},
		LatinOffset: 2,
	}
	nameRest = &unicode.RangeTable{
		R16:         []unicode.Range16{{0xB7, 0xB7, 1}, {0x300, 0x36F, 1}, {0x203F, 0x2040, 1}},
		LatinOffset: 1,
	}
)

// validName judges a name that has characters outside ASCII; those within are known to be right.
func validName(name string) bool {
	for i, r := range name {
		if r >= utf8.RuneSelf && !unicode.Is(nameStart, r) && (i == 0 || !unicode.Is(nameRest, r)) {
			return false
		}
	}
	return true
}

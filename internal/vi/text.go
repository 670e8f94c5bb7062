package vi

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// NFC returns text in normalisation form C, one code point for each Vietnamese letter, as the decree's fonts hold them.
// Files from macOS and Google Docs come decomposed. Text that is already in form C is returned as it is.
func NFC(text string) string {
	if norm.NFC.IsNormalString(text) {
		return text
	}
	return norm.NFC.String(text)
}

// Fold returns lower-case letters without accents: "Trích yếu, Đảng ủy" is "trich yeu, dang uy". It is for comparing and for
// file names, never for printing.
func Fold(text string) string {
	if isFolded(text) {
		return text
	}
	table := latinFolds()
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		switch {
		case 'A' <= r && r <= 'Z':
			b.WriteByte(byte(r) + 'a' - 'A')
		case r < utf8.RuneSelf:
			b.WriteByte(byte(r))
		case r >= latinFirst && r <= latinLast && table[r-latinFirst] != "":
			b.WriteString(table[r-latinFirst])
		default: // a combining mark, another script: rare
			return strings.ToLower(bare(text))
		}
	}
	return b.String()
}

// The letters of Latin scripts that carry accents lie between these, among others; most text holds no others.
const latinFirst, latinLast = 0xA0, 0x2026

// latinFolds is what Fold makes of each letter with accents, and of marks of punctuation.
var latinFolds = sync.OnceValue(func() []string {
	table := make([]string, latinLast-latinFirst+1)
	for _, span := range [][2]rune{{latinFirst, 0x24F}, {0x1E00, 0x1EFF}, {0x2010, latinLast}} {
		for r := span[0]; r <= span[1]; r++ {
			table[r-latinFirst] = strings.ToLower(bare(string(r)))
		}
	}
	return table
})

// Words returns the words of a text for comparing: lower-case letters without accents and digits, single spaces between.
func Words(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	space := false
	for _, r := range Fold(text) {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			space = b.Len() > 0
			continue
		case space:
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// bare takes the accents off and leaves capitals.
func bare(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range norm.NFD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'đ':
			b.WriteByte('d')
		case r == 'Đ':
			b.WriteByte('D')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isFolded(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf || 'A' <= text[i] && text[i] <= 'Z' {
			return false
		}
	}
	return true
}

// Upper returns capital letters, in form C: "Kế hoạch" is "KẾ HOẠCH".
func Upper(text string) string { return strings.ToUpper(NFC(text)) }

// Closest returns the entry of among that a person most likely meant by word, or "" when none is near. Accents, capitals and
// the separators space, "_" and "-" do not count; one slip in three letters is near. Of equals the first wins.
func Closest(word string, among []string) string {
	want := comparable(word)
	if len(want) == 0 {
		return ""
	}
	best, bestSlips := "", -1
	for _, candidate := range among {
		have := comparable(candidate)
		slips := distance(want, have)
		if slips > max(len(want), len(have))/3 {
			continue
		}
		if bestSlips < 0 || slips < bestSlips {
			best, bestSlips = candidate, slips
		}
	}
	return best
}

func comparable(text string) []rune {
	const longest = 80 // a key or a label; whatever is longer was not meant to be one
	fields := strings.FieldsFunc(Fold(text), func(r rune) bool { return r == ' ' || r == '_' || r == '-' || r == '\u00a0' })
	runes := []rune(strings.Join(fields, "_"))
	return runes[:min(len(runes), longest)]
}

// distance counts the letters to add, drop, change or swap with their neighbour to make b of a (optimal string alignment).
func distance(a, b []rune) int {
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := above[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			row[j] = min(above[j]+1, row[j-1]+1, change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}

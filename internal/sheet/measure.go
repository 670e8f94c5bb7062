package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Programs do not fit the height of rows to text that another program wrote, so it is estimated from the advances of Times New Roman.
// A height a little too large does no harm; one too small hides a line.
const (
	unit      = 5.25  // points: a character of the widths of columns, which is a digit of the default font at 11 points
	unitWhole = 5.5   // the same in LibreOffice, which does not round it to pixels
	padding   = 4     // points, of a cell, both sides
	indented  = 1.7   // characters, of the indent of a cell
	lineHigh  = 15.75 // points, of a line at 12 points
)

// advance is the width of a character in thousandths of the size of the font.
func advance(r rune) int {
	switch r {
	case ' ', '.', ',':
		return 250
	case 'i', 'í', 'ì', 'ỉ', 'ĩ', 'ị', 'j', 'l', 't', 'f', ';', ':', '/', '\'', '|':
		return 278
	case 'r', 'I', 'Í', 'Ì', '(', ')', '-', '!':
		return 333
	case 's':
		return 389
	case 'a', 'ă', 'â', 'á', 'à', 'ả', 'ã', 'ạ', 'ắ', 'ằ', 'ẳ', 'ẵ', 'ặ', 'ấ', 'ầ', 'ẩ', 'ẫ', 'ậ', 'c', 'z',
		'e', 'ê', 'é', 'è', 'ẻ', 'ẽ', 'ẹ', 'ế', 'ề', 'ể', 'ễ', 'ệ':
		return 444
	case 'S', 'P', 'T', 'L', 'E', 'Ê', 'F', 'Z':
		return 610
	case 'm', 'w', '%':
		return 800
	case 'M', 'W', '…', '—':
		return 1000
	}
	switch {
	case r < 'A': // digits
		return 500
	case unicode.IsUpper(r):
		return 700
	}
	return 515
}

func textWidth(text string, size float64) float64 {
	sum := 0
	for _, r := range text {
		sum += advance(r)
	}
	return float64(sum) * size / 1000
}

// lines is how many lines a text takes in a column of a width in characters.
func lines(text string, width, size float64, bold bool) int {
	if bold {
		size *= 1.06
	}
	room := width*unit - padding
	if utf8.RuneCountInString(text) < int(room/size) && !strings.Contains(text, "\n") {
		return 1
	}
	count := 0
	space := textWidth(" ", size)
	for line := range strings.SplitSeq(text, "\n") {
		count++
		at, gap := 0.0, 0.0
		for word := range strings.SplitSeq(line, " ") {
			for piece := range strings.SplitAfterSeq(word, "-") { // a line may end at a hyphen
				wide := textWidth(piece, size)
				if at > 0 && at+gap+wide > room {
					count++
					at, gap = 0, 0
				}
				for at += gap + wide; at > room; at -= room { // a word that is broken
					count++
				}
				gap = 0
			}
			gap = space
		}
	}
	return count
}

// high is the height in points of a row whose text takes so many lines of a size.
func high(count int, size float64) float64 { return float64(max(count, 1))*lineHigh*size/12 + 2 }

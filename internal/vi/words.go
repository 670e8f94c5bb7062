package vi

import (
	"strings"

	"github.com/shopspring/decimal"
)

// NumberInWords writes a number as it is read aloud, without a capital: "một triệu hai trăm nghìn", "một trăm linh năm", "âm hai
// phẩy không năm".
func NumberInWords(number decimal.Decimal) string {
	whole, fraction, _ := strings.Cut(number.Abs().String(), ".")
	words := wholeInWords(whole)
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		rest := strings.TrimLeft(fraction, "0")
		words += " phẩy" + strings.Repeat(" không", len(fraction)-len(rest)) + " " + wholeInWords(rest)
	}
	if number.IsNegative() {
		words = "âm " + words
	}
	return words
}

var digitWords = [...]string{"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"}

// wholeInWords reads digits from the left in threes; beyond nine of them it counts thousand millions, tỷ, in the same way.
func wholeInWords(digits string) string {
	var words []string
	if len(digits) > 9 {
		billions := len(digits) - 9
		words = append(words, wholeInWords(digits[:billions]), "tỷ")
		digits = digits[billions:]
	}
	for digits != "" {
		first := (len(digits)-1)%3 + 1
		if three := threeInWords(digits[:first], len(words) > 0); three != "" {
			words = append(words, three)
			if unit := [...]string{"", "nghìn", "triệu"}[(len(digits)-1)/3]; unit != "" {
				words = append(words, unit)
			}
		}
		digits = digits[first:]
	}
	if len(words) == 0 {
		return digitWords[0]
	}
	return strings.Join(words, " ")
}

// threeInWords reads one to three digits, or nothing where all are 0. After higher digits the hundreds are named even when there
// are none: "không trăm linh một".
func threeInWords(digits string, after bool) string {
	n := 0
	for _, digit := range digits {
		n = 10*n + int(digit-'0')
	}
	hundreds, tens, ones := n/100, n/10%10, n%10
	var words []string
	if n == 0 {
		return ""
	}
	if after || hundreds > 0 {
		words = append(words, digitWords[hundreds], "trăm")
	}
	switch {
	case tens > 1:
		words = append(words, digitWords[tens], "mươi")
	case tens == 1:
		words = append(words, "mười")
	case ones > 0 && len(words) > 0:
		words = append(words, "linh")
	}
	switch {
	case ones == 1 && tens > 1:
		words = append(words, "mốt")
	case ones == 4 && tens > 1:
		words = append(words, "tư")
	case ones == 5 && tens > 0:
		words = append(words, "lăm")
	case ones > 0:
		words = append(words, digitWords[ones])
	}
	return strings.Join(words, " ")
}

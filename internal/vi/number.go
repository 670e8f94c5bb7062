package vi

import (
	"errors"
	"strings"

	"github.com/shopspring/decimal"

	"vanthu/internal/lazyregexp"
)

// ErrNotNumber is the error of text that is no number, or one that can be read in two ways.
var ErrNotNumber = errors.New("not a number")

// The forms in which clerks write numbers: with dots between thousands and a comma before decimals, as the State does, with spaces
// between thousands, and plain, as programs do.
var (
	dotThousands   = lazyregexp.New(`^[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?$`)
	spaceThousands = lazyregexp.New(`^[+-]?[1-9]\d{0,2}([ \x{a0}\x{202f}]\d{3})+([.,]\d+)?$`)
	commaThousands = lazyregexp.New(`^[+-]?[1-9]\d{0,2}((,\d{3}){2,}(\.\d+)?|(,\d{3})+\.\d+)$`)
	plainNumber    = lazyregexp.New(`^[+-]?\d+([.,]\d+)?$`)
)

// maxDigits is how long a number may be as text: the budget of a country in đồng has sixteen digits.
const maxDigits = 40

// ParseNumber reads 1.234.567,8 and 1 234 567,8 and 1234567.8 and 1234567,8. A dot before exactly three digits stands between
// thousands, as in every Vietnamese paper: 1.234 is one thousand two hundred and thirty-four; but 0.125 is an eighth, for no thousands
// begin with 0. A sign of percent after it is dropped.
// The error is ErrNotNumber.
func ParseNumber(text string) (decimal.Decimal, error) {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "%"))
	switch {
	case len(text) > maxDigits:
		return decimal.Decimal{}, ErrNotNumber
	case dotThousands.MatchString(text):
		text = strings.ReplaceAll(strings.ReplaceAll(text, ".", ""), ",", ".")
	case commaThousands.MatchString(text):
		text = strings.ReplaceAll(text, ",", "")
	case spaceThousands.MatchString(text):
		text = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", ",", ".").Replace(text)
	case plainNumber.MatchString(text):
		text = strings.ReplaceAll(text, ",", ".")
	default:
		return decimal.Decimal{}, ErrNotNumber
	}
	number, err := decimal.NewFromString(text)
	if err != nil {
		return decimal.Decimal{}, ErrNotNumber
	}
	return number, nil
}

// Shift moves the point of a number to the right, or to the left when places is negative: 1.500 shifted by -3 is 1,5, without marks of
// thousands. The error is ErrNotNumber.
func Shift(text string, places int) (string, error) {
	number, err := ParseNumber(text)
	if err != nil {
		return "", err
	}
	return strings.Replace(number.Shift(int32(places)).String(), ".", ",", 1), nil
}

// FormatNumber writes a number as the State does, 1.234.567,8, with its decimals as they are but no zeros at their end.
func FormatNumber(number decimal.Decimal) string {
	text := number.Abs().String()
	whole, fraction, _ := strings.Cut(text, ".")
	var b strings.Builder
	if number.IsNegative() {
		b.WriteByte('-')
	}
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteRune(digit)
	}
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		b.WriteByte(',')
		b.WriteString(fraction)
	}
	return b.String()
}

package xlsx

import (
	"strings"

	"vanthu/internal/lazyregexp"
)

// Format is what the format of a cell says about the number in it.
type Format uint8

// What a format may say.
const (
	General Format = iota
	Date           // a day, perhaps with a time
	Time           // a time of day alone
	Month          // a month and its year, without a day
	Percent        // the number times 100
	Zeros          // Zeros + n: at least n digits
)

// builtinFormat knows the formats that a workbook names by number alone (ECMA-376-1, 18.8.30).
func builtinFormat(id int) Format {
	switch {
	case id == 9 || id == 10:
		return Percent
	case id == 17:
		return Month
	case id >= 18 && id <= 21, id >= 45 && id <= 47:
		return Time
	case id >= 14 && id <= 22, id >= 27 && id <= 36, id >= 50 && id <= 58:
		return Date
	}
	return General
}

// literal is what a format prints as it is, colours and conditions, and what it leaves room for.
var literal = lazyregexp.New(`"[^"]*"|\[[^\]]*\]|[\\_*].`)

// customFormat reads a format that the workbook spells: "dd/mm/yyyy;@".
func customFormat(code string) Format {
	const maxZeros = 20
	code, _, _ = strings.Cut(literal.ReplaceAllString(strings.ToLower(code), ""), ";")
	code = strings.TrimSpace(code)
	switch day, clock := strings.Contains(code, "d"), strings.ContainsAny(code, "hs"); {
	case strings.HasPrefix(code, "general"), code == "@":
		return General
	case day || strings.Contains(code, "y") && clock:
		return Date
	case clock:
		return Time
	case strings.Contains(code, "m") && strings.Contains(code, "y"):
		return Month
	case strings.ContainsAny(code, "my"):
		return Date
	case strings.Contains(code, "%"):
		return Percent
	case len(code) > 1 && len(code) < maxZeros && strings.Trim(code, "0") == "":
		return Zeros + Format(len(code))
	}
	return General
}

package source

import (
	"regexp"
	"strings"
)

// numberFormat is what the format of a cell says about the number in it.
type numberFormat uint8

const (
	plainFormat   numberFormat = iota
	dateFormat                 // a day, perhaps with a time
	timeFormat                 // a time of day alone
	monthFormat                // a month and its year, without a day
	percentFormat              // the number times 100
	zerosFormat                // zerosFormat + n: at least n digits
)

// builtinFormat knows the formats that a workbook names by number alone (ECMA-376-1, 18.8.30).
func builtinFormat(id int) numberFormat {
	switch {
	case id == 9 || id == 10:
		return percentFormat
	case id == 17:
		return monthFormat
	case id >= 18 && id <= 21, id >= 45 && id <= 47:
		return timeFormat
	case id >= 14 && id <= 22, id >= 27 && id <= 36, id >= 50 && id <= 58:
		return dateFormat
	}
	return plainFormat
}

// literal is what a format prints as it is, colours and conditions, and what it leaves room for.
var literal = regexp.MustCompile(`"[^"]*"|\[[^\]]*\]|[\\_*].`)

// customFormat reads a format that the workbook spells: "dd/mm/yyyy;@".
func customFormat(code string) numberFormat {
	const maxZeros = 20
	code, _, _ = strings.Cut(literal.ReplaceAllString(strings.ToLower(code), ""), ";")
	code = strings.TrimSpace(code)
	switch day, clock := strings.Contains(code, "d"), strings.ContainsAny(code, "hs"); {
	case strings.HasPrefix(code, "general"), code == "@":
		return plainFormat
	case day || strings.Contains(code, "y") && clock:
		return dateFormat
	case clock:
		return timeFormat
	case strings.Contains(code, "m") && strings.Contains(code, "y"):
		return monthFormat
	case strings.ContainsAny(code, "my"):
		return dateFormat
	case strings.Contains(code, "%"):
		return percentFormat
	case len(code) > 1 && len(code) < maxZeros && strings.Trim(code, "0") == "":
		return zerosFormat + numberFormat(len(code))
	}
	return plainFormat
}

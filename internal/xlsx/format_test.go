package xlsx

import (
	"testing"
)

func TestFormatsSayWhatANumberIs(t *testing.T) {
	for code, want := range map[string]Format{
		"dd/mm/yyyy":              Date,
		"dd/mm/yyyy;@":            Date,
		`[$-1010000]d/m/yyyy;@`:   Date,
		`"ngày "dd" tháng "mm`:    Date,
		"yyyy":                    Date,
		"dd/mm/yyyy\\ hh:mm":      Date,
		"mm/yyyy":                 Month,
		`"tháng "m/yyyy`:          Month,
		"hh:mm":                   Time,
		"[h]:mm:ss":               Time,
		"General":                 General,
		"@":                       General,
		"#,##0":                   General,
		`#,##0\ "đồng"`:           General,
		`_(* #,##0.00_);_(* \(#)`: General,
		"[Red]0.0":                General,
		"0%":                      Percent,
		"0.00%":                   Percent,
		"00":                      Zeros + 2,
		"0000":                    Zeros + 4,
		"0":                       General,
	} {
		t.Run(code, func(t *testing.T) {
			if got := customFormat(code); got != want {
				t.Errorf("%d, want %d", got, want)
			}
		})
	}
}

package source

import (
	"testing"
)

func TestFormatsSayWhatANumberIs(t *testing.T) {
	for code, want := range map[string]numberFormat{
		"dd/mm/yyyy":              dateFormat,
		"dd/mm/yyyy;@":            dateFormat,
		`[$-1010000]d/m/yyyy;@`:   dateFormat,
		`"ngày "dd" tháng "mm`:    dateFormat,
		"yyyy":                    dateFormat,
		"dd/mm/yyyy\\ hh:mm":      dateFormat,
		"mm/yyyy":                 monthFormat,
		`"tháng "m/yyyy`:          monthFormat,
		"hh:mm":                   timeFormat,
		"[h]:mm:ss":               timeFormat,
		"General":                 plainFormat,
		"@":                       plainFormat,
		"#,##0":                   plainFormat,
		`#,##0\ "đồng"`:           plainFormat,
		`_(* #,##0.00_);_(* \(#)`: plainFormat,
		"[Red]0.0":                plainFormat,
		"0%":                      percentFormat,
		"0.00%":                   percentFormat,
		"00":                      zerosFormat + 2,
		"0000":                    zerosFormat + 4,
		"0":                       plainFormat,
	} {
		t.Run(code, func(t *testing.T) {
			if got := customFormat(code); got != want {
				t.Errorf("%d, want %d", got, want)
			}
		})
	}
}

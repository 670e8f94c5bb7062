package source

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"vanthu/internal/model"
	"vanthu/internal/vi"
	"vanthu/internal/xlsx"
)

func TestNumbersAreWrittenAsTheFieldWantsThem(t *testing.T) {
	percent := model.FieldSpec{Type: model.NumberField, Unit: "%"}
	number := model.FieldSpec{Type: model.NumberField}
	date := model.FieldSpec{Type: model.DateField}
	period := model.FieldSpec{Type: model.PeriodField}
	text := model.FieldSpec{}
	for _, c := range []struct {
		test   string
		spec   model.FieldSpec
		number string
		format xlsx.Format
		epoch  int
		want   string
	}{
		{"a dot is no mark of thousands", number, "1.234", xlsx.General, 0, "1,234"},
		{"a half", number, "612.5", xlsx.General, 0, "612,5"},
		{"binary noise", number, "0.30000000000000004", xlsx.General, 0, "0,3"},
		{"more noise", number, "1234567.8900000001", xlsx.General, 0, "1234567,89"},
		{"a power of ten", number, "1.25E+6", xlsx.General, 0, "1250000"},
		{"small", number, "1E-3", xlsx.General, 0, "0,001"},
		{"negative", number, "-5", xlsx.General, 0, "-5"},
		{"a budget in đồng", number, "1234567890123456", xlsx.General, 0, "1234567890123460"},
		{"percent", percent, "0.75", xlsx.Percent, 0, "75"},
		{"percent with noise", percent, "0.57999999999999996", xlsx.Percent, 0, "58"},
		{"percent typed as a number", percent, "75", xlsx.General, 0, "75"},
		{"percent where the unit is another", number, "0.75", xlsx.Percent, 0, "0,75"},
		{"a number that the program took for a day", number, "46143", xlsx.Date, 0, "01/05/2026"},
		{"not a number", number, "1e400", xlsx.General, 0, "1e400"},
		{"a day", date, "46203", xlsx.Date, 0, "2026-06-30"},
		{"a day with a time", date, "46203.99", xlsx.Date, 0, "2026-06-30"},
		{"a day since 1904", date, "44741", xlsx.Date, 1462, "2026-06-30"},
		{"a day without a format", date, "46203", xlsx.General, 0, "2026-06-30"},
		{"a month says no day", date, "46143", xlsx.Month, 0, "05/2026"},
		{"a year", date, "2026", xlsx.General, 0, "2026"},
		{"an amount", date, "120000", xlsx.General, 0, "120000"},
		{"before all days", date, "0", xlsx.Date, 0, "00 giờ 00"},
		{"a month", period, "46143", xlsx.Month, 0, "tháng 5/2026"},
		{"a year for a period", period, "2026", xlsx.General, 0, "2026"},
		{"a whole number as text", text, "15", xlsx.General, 0, "15"},
		{"a fraction as text", text, "15.5", xlsx.General, 0, "15,5"},
		{"a day as text", text, "46203", xlsx.Date, 0, "30/06/2026"},
		{"a month as text", text, "46143", xlsx.Month, 0, "05/2026"},
		{"a time as text", text, "0.3541666666", xlsx.Time, 0, "08 giờ 30"},
		{"a day with a time as text", text, "46203.333333333336", xlsx.Date, 0, "08 giờ 00 ngày 30/06/2026"},
		{"percent as text", text, "0.755", xlsx.Percent, 0, "75,5%"},
		{"zeros before", text, "7", xlsx.Zeros + 2, 0, "07"},
	} {
		t.Run(c.test, func(t *testing.T) {
			if got := ofNumber(&c.spec, cell{kind: xlsx.Number, text: c.number, format: c.format}, c.epoch); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestNumbersSurvive writes numbers as a workbook has them and reads them as Bind does.
func TestNumbersSurvive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.IntRange(-999_999_999, 999_999_999).Draw(t, "digits")
		places := rapid.IntRange(0, 6).Draw(t, "places")
		value := float64(digits) / math.Pow10(places)
		text := decimalText(value)
		read, err := vi.ParseNumber(text)
		if err != nil || math.Abs(read.InexactFloat64()-value) > 1e-9*math.Abs(value) {
			t.Fatalf("%v written %q read %v, %v", value, text, read, err)
		}
		if stored := strconv.FormatFloat(value*3/3, 'g', 17, 64); ofNumber(&model.FieldSpec{Type: model.NumberField},
			cell{kind: xlsx.Number, text: stored}, 0) != text {
			t.Fatalf("%s is not %s", stored, text)
		}
	})
}

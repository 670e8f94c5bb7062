package vi

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestParseNumber(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "7": "7", "1234567": "1234567", "007": "7",
		"1.234": "1234", "1.234.567,8": "1234567.8", "-1.234,5": "-1234.5", "+12": "12",
		"1234,5": "1234.5", "1234.5": "1234.5", "1,234": "1.234", "12.5": "12.5", "0.125": "0.125", "0,125": "0.125",
		"1 234 567,8": "1234567.8", "1\u00a0234\u00a0567": "1234567", "1\u202f234": "1234",
		"1,234,567": "1234567", "1,234,567.8": "1234567.8", "1,234.5": "1234.5",
		"75%": "75", "12,5 %": "12.5", "  42  ": "42",
		"1234.567": "1234.567",
	} {
		got, err := ParseNumber(in)
		if err != nil || got.String() != want {
			t.Errorf("ParseNumber(%q) = %s, %v; want %s", in, got, err, want)
		}
	}
	for _, in := range []string{
		"", "%", "-", "mười", "1.23.456", "1.234.56", "1,23,456", "1..2", "1,2,3", "1.234.567.8", "12 34", "1e5", "0x10", "1/2", "1.234,5.6",
		"0.125.000", "1 triệu", "1,234.567,8", "٣", strings.Repeat("9", 41),
	} {
		if got, err := ParseNumber(in); !errors.Is(err, ErrNotNumber) {
			t.Errorf("ParseNumber(%q) = %s, %v; want ErrNotNumber", in, got, err)
		}
	}
}

func TestShiftIsExact(t *testing.T) {
	for _, c := range []struct {
		in     string
		places int
		want   string
	}{
		{"1.000.000.500", -6, "1000,0005"}, {"2,5", 3, "2500"}, {"1,2345", 3, "1234,5"}, {"-7", -3, "-0,007"}, {"0", -6, "0"}, {"12,5", 0, "12,5"},
	} {
		if got, err := Shift(c.in, c.places); err != nil || got != c.want {
			t.Errorf("Shift(%q, %d) = %q, %v; want %q", c.in, c.places, got, err, c.want)
		}
	}
	if got, err := Shift("ba", 3); !errors.Is(err, ErrNotNumber) {
		t.Errorf("%q, %v", got, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		number := decimal.New(rapid.Int64Range(-1e15, 1e15).Draw(t, "digits"), -rapid.Int32Range(0, 6).Draw(t, "places"))
		places := rapid.IntRange(-9, 9).Draw(t, "shift")
		there, err := Shift(FormatNumber(number), places)
		back, err2 := Shift(there, -places)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		if got, err := ParseNumber(back); err != nil || !got.Equal(number) {
			t.Fatalf("%s there %s and back %s, %v", number, there, back, err)
		}
	})
}

func TestFormatNumber(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "7": "7", "999": "999", "1000": "1.000", "1234567.80": "1.234.567,8", "-1234.5": "-1.234,5", "0.05": "0,05",
		"-0.0": "0", "100000": "100.000", "12e3": "12.000",
	} {
		if got := FormatNumber(decimal.RequireFromString(in)); got != want {
			t.Errorf("FormatNumber(%s) = %q, want %q", in, got, want)
		}
	}
}

func TestEveryNumberReadsBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawNumber(t)
		if got, err := ParseNumber(FormatNumber(want)); err != nil || !got.Equal(want) {
			t.Fatalf("%s is written %q and read as %s, %v", want, FormatNumber(want), got, err)
		}
	})
}

func drawNumber(t *rapid.T) decimal.Decimal {
	return decimal.New(rapid.Int64().Draw(t, "digits"), rapid.Int32Range(-8, 3).Draw(t, "exponent"))
}

func TestNumberInWords(t *testing.T) {
	for in, want := range map[string]string{
		"0":             "không",
		"4":             "bốn",
		"5":             "năm",
		"10":            "mười",
		"11":            "mười một",
		"14":            "mười bốn",
		"15":            "mười lăm",
		"20":            "hai mươi",
		"21":            "hai mươi mốt",
		"24":            "hai mươi tư",
		"55":            "năm mươi lăm",
		"100":           "một trăm",
		"101":           "một trăm linh một",
		"105":           "một trăm linh năm",
		"110":           "một trăm mười",
		"115":           "một trăm mười lăm",
		"121":           "một trăm hai mươi mốt",
		"1000":          "một nghìn",
		"1001":          "một nghìn không trăm linh một",
		"1010":          "một nghìn không trăm mười",
		"21000":         "hai mươi mốt nghìn",
		"1200000":       "một triệu hai trăm nghìn",
		"1000001":       "một triệu không trăm linh một",
		"1005000":       "một triệu không trăm linh năm nghìn",
		"1000000000":    "một tỷ",
		"1000000005":    "một tỷ không trăm linh năm",
		"1234000000000": "một nghìn hai trăm ba mươi tư tỷ",
		"-3":            "âm ba",
		"12.5":          "mười hai phẩy năm",
		"3.14":          "ba phẩy mười bốn",
		"0.05":          "không phẩy không năm",
		"612.50":        "sáu trăm mười hai phẩy năm",
	} {
		if got := NumberInWords(decimal.RequireFromString(in)); got != want {
			t.Errorf("NumberInWords(%s) = %q, want %q", in, got, want)
		}
	}
}

// TestWordsSayTheNumber reads the words back by what each is worth, knowing nothing of how they were put together.
func TestWordsSayTheNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawNumber(t)
		if got := spoken(NumberInWords(want)); !got.Equal(want) {
			t.Fatalf("%s is %q, which says %s", want, NumberInWords(want), got)
		}
	})
}

func spoken(text string) decimal.Decimal {
	text, negative := strings.CutPrefix(text, "âm ")
	whole, fraction, _ := strings.Cut(text, " phẩy ")
	number := spokenWhole(strings.Fields(whole))
	if words := strings.Fields(fraction); len(words) > 0 {
		zeros := 0
		for words[zeros] == "không" {
			zeros++
		}
		digits := spokenWhole(words[zeros:]).String()
		number = number.Add(decimal.RequireFromString("0." + strings.Repeat("0", zeros) + digits))
	}
	if negative {
		return number.Neg()
	}
	return number
}

func spokenWhole(words []string) decimal.Decimal {
	for _, unit := range []string{"tỷ", "triệu", "nghìn"} {
		at := len(words) - 1
		for ; at >= 0 && words[at] != unit; at-- {
		}
		if at >= 0 {
			worth := map[string]int32{"tỷ": 9, "triệu": 6, "nghìn": 3}[unit]
			return spokenWhole(words[:at]).Shift(worth).Add(spokenWhole(words[at+1:]))
		}
	}
	sum, last := 0, 0
	for _, word := range words {
		switch word {
		case "trăm":
			sum, last = sum+100*last, 0
		case "mươi":
			sum, last = sum+10*last, 0
		case "mười":
			sum += 10
		case "linh":
		case "mốt":
			last = 1
		case "tư":
			last = 4
		case "lăm":
			last = 5
		default:
			last = slices.Index(digitWords[:], word)
		}
	}
	return decimal.NewFromInt(int64(sum + last))
}

func FuzzParseNumber(f *testing.F) {
	for _, seed := range []string{"1.234.567,8", "1 234,5", "1234.5", "75%", "-0,5", "1,234,567.8", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		number, err := ParseNumber(text)
		if err != nil {
			return
		}
		if again, err := ParseNumber(FormatNumber(number)); len(text) < 30 && (err != nil || !again.Equal(number)) {
			t.Fatalf("%q is %s, then %s, %v", text, number, again, err)
		}
		NumberInWords(number)
	})
}

package vi

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParsePeriod(t *testing.T) {
	for in, want := range map[string]Period{
		"tháng 5 năm 2026": {2026, 5, 5}, "Tháng 05/2026": {2026, 5, 5}, "thang 12 2026": {2026, 12, 12},
		"quý II năm 2026": {2026, 4, 6}, "QUÝ 2/2026": {2026, 4, 6}, "quí IV năm 2025": {2025, 10, 12}, " quý  i  năm 2026 ": {2026, 1, 3},
		"6 tháng đầu năm 2026": {2026, 1, 6}, "sáu tháng cuối năm 2026": {2026, 7, 12}, "6 tháng năm 2026": {2026, 1, 6},
		"9 tháng đầu năm 2026": {2026, 1, 9}, "9 tháng năm 2026": {2026, 1, 9}, "chín tháng/2026": {2026, 1, 9},
		"năm 2026": {2026, 1, 12}, "2026": {2026, 1, 12},
	} {
		if got, err := ParsePeriod(in); err != nil || got != want {
			t.Errorf("ParsePeriod(%q) = %v, %v; want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "tháng 0 năm 2026", "tháng 13 năm 2026", "quý V năm 2026", "quý 5/2026", "quý II", "năm 26", "năm 0000", "hôm nay", "27/3/2026"} {
		if got, err := ParsePeriod(in); !errors.Is(err, ErrNotPeriod) {
			t.Errorf("ParsePeriod(%q) = %v, %v; want ErrNotPeriod", in, got, err)
		}
	}
}

func TestPeriodIsNamedAsASentenceNamesIt(t *testing.T) {
	for period, want := range map[Period][3]string{
		{2026, 5, 5}:   {"tháng 5 năm 2026", "tháng", "tháng 6 năm 2026"},
		{2026, 12, 12}: {"tháng 12 năm 2026", "tháng", "tháng 1 năm 2027"},
		{2026, 4, 6}:   {"quý II năm 2026", "quý", "quý III năm 2026"},
		{2026, 10, 12}: {"quý IV năm 2026", "quý", "quý I năm 2027"},
		{2026, 1, 6}:   {"6 tháng đầu năm 2026", "6 tháng", "6 tháng cuối năm 2026"},
		{2026, 7, 12}:  {"6 tháng cuối năm 2026", "6 tháng", "6 tháng đầu năm 2027"},
		{2026, 1, 9}:   {"9 tháng đầu năm 2026", "9 tháng", "quý IV năm 2026"},
		{2026, 1, 12}:  {"năm 2026", "năm", "năm 2027"},
	} {
		if got := [3]string{period.String(), period.Noun(), period.Next().String()}; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// drawPeriod returns any period that can be written.
func drawPeriod(t *rapid.T) Period {
	span := rapid.SampledFrom([][2]int{{1, 1}, {2, 2}, {9, 9}, {12, 12}, {1, 3}, {4, 6}, {7, 9}, {10, 12}, {1, 6}, {7, 12}, {1, 9}, {1, 12}}).Draw(t, "span")
	return Period{rapid.IntRange(1900, 2100).Draw(t, "year"), span[0], span[1]}
}

func TestEveryPeriodReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawPeriod(t)
		if got, err := ParsePeriod(want.String()); err != nil || got != want {
			t.Fatalf("%s is read as %v, %v", want, got, err)
		}
	})
}

func TestPeriodsFollowEachOtherWithoutAGap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		period := drawPeriod(t)
		if next := period.Next(); period.End().Until(next.Begin()) != 1 {
			t.Fatalf("%s ends %s, %s begins %s", period, period.End().ISO(), next, next.Begin().ISO())
		}
	})
}

func TestPeriodHoldsTheDaysFromItsBeginToItsEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		period := drawPeriod(t)
		at := time.Date(period.Year, 1, rapid.IntRange(-40, 410).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		day := Date{at.Year(), int(at.Month()), at.Day()}
		within := !day.Before(period.Begin()) && !period.End().Before(day)
		if period.Holds(day) != within {
			t.Fatalf("%s holds %s: %v", period, day.ISO(), period.Holds(day))
		}
	})
}

func TestDaysAreCountedAsTimeCountsThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		day := func(name string) (Date, time.Time) {
			at := time.Date(1900, 3, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 250*365).Draw(t, name))
			return Date{at.Year(), int(at.Month()), at.Day()}, at
		}
		a, atA := day("a")
		b, atB := day("b")
		if want := int(atB.Sub(atA).Hours()) / 24; a.Until(b) != want || b.Until(a) != -want {
			t.Fatalf("from %s to %s %d days, want %d", a.ISO(), b.ISO(), a.Until(b), want)
		}
		if a.Before(b) != atA.Before(atB) {
			t.Fatalf("%s before %s: %v", a.ISO(), b.ISO(), a.Before(b))
		}
		if back, ok := FromSerial(a.Serial()); !ok || back != a {
			t.Fatalf("%s has the serial %d, which is %v, %v", a.ISO(), a.Serial(), back, ok)
		}
	})
}

func TestSerialIsThatOfSpreadsheets(t *testing.T) {
	for date, want := range map[Date]int{{1900, 3, 1}: 61, {2026, 3, 27}: 46108, {9999, 12, 31}: 2_958_465} {
		if got := date.Serial(); got != want {
			t.Errorf("%s: %d, want %d", date.ISO(), got, want)
		}
	}
	for _, serial := range []int{-1, 0, 60, 2_958_466} {
		if date, ok := FromSerial(serial); ok {
			t.Errorf("%d is %s", serial, date.ISO())
		}
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, seed := range []string{"quý II năm 2026", "tháng 5/2026", "6 tháng đầu năm 2026", "9 tháng 2026", "2026"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		period, err := ParsePeriod(text)
		if err != nil {
			return
		}
		if again, err := ParsePeriod(period.String()); period.Year > 999 && (err != nil || again != period) {
			t.Fatalf("%q is %v, then %v, %v", text, period, again, err)
		}
	})
}

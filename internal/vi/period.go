package vi

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"vanthu/internal/lazyregexp"
)

// Period is the time that a report is about, whole months of one year: a month, a quarter, the first or last six months, the first
// nine, or the year.
type Period struct{ Year, First, Last int } // months from 1, both included

// ErrNotPeriod is the error of text that names no period of a report.
var ErrNotPeriod = errors.New("not a period")

var (
	monthForm   = lazyregexp.New(`^thang (\d{1,2})(?: nam |/| )(\d{4})$`)
	quarterForm = lazyregexp.New(`^qu[yi] (i|ii|iii|iv|[1-4])(?: nam |/| )(\d{4})$`)
	halfForm    = lazyregexp.New(`^(?:6|06|sau) thang(?: (dau|cuoi))?(?: nam |/| )(\d{4})$`)
	nineForm    = lazyregexp.New(`^(?:9|09|chin) thang(?: dau)?(?: nam |/| )(\d{4})$`)
	yearForm    = lazyregexp.New(`^nam (\d{4})$|^(\d{4})$`)
)

// ParsePeriod reads "tháng 5 năm 2026", "tháng 5/2026", "quý II năm 2026", "quý 2/2026", "6 tháng đầu năm 2026", "9 tháng đầu năm
// 2026", "năm 2026", with or without accents. The error is ErrNotPeriod.
func ParsePeriod(text string) (Period, error) {
	text = strings.Join(strings.Fields(Fold(text)), " ")
	number := func(digits string) int { n, _ := strconv.Atoi(digits); return n } // at most four digits
	var p Period
	if m := monthForm.FindStringSubmatch(text); m != nil {
		p = Period{number(m[2]), number(m[1]), number(m[1])}
	} else if m := quarterForm.FindStringSubmatch(text); m != nil {
		quarter := map[string]int{"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}[m[1]]
		p = Period{number(m[2]), 3*quarter - 2, 3 * quarter}
	} else if m := halfForm.FindStringSubmatch(text); m != nil {
		p = Period{number(m[2]), 1, 6}
		if m[1] == "cuoi" {
			p.First, p.Last = 7, 12
		}
	} else if m := nineForm.FindStringSubmatch(text); m != nil {
		p = Period{number(m[1]), 1, 9}
	} else if m := yearForm.FindStringSubmatch(text); m != nil {
		p = Period{number(m[1] + m[2]), 1, 12}
	}
	if p.Year < 1 || p.First < 1 || p.Last > 12 {
		return Period{}, ErrNotPeriod
	}
	return p, nil
}

// String is the period as a sentence names it: "quý II năm 2026", "6 tháng đầu năm 2026", "năm 2026".
func (p Period) String() string {
	if p.First == 1 && p.Last == 12 {
		return p.Name()
	}
	return fmt.Sprintf("%s năm %d", p.Name(), p.Year)
}

// Name is the period without its year: "tháng 5", "quý II", "6 tháng đầu"; of a whole year "năm 2026".
func (p Period) Name() string {
	switch {
	case p.First == p.Last:
		return fmt.Sprintf("tháng %d", p.First)
	case p.First == 1 && p.Last == 12:
		return fmt.Sprintf("năm %d", p.Year)
	case p.First == 1 && p.Last == 6:
		return "6 tháng đầu"
	case p.First == 7 && p.Last == 12:
		return "6 tháng cuối"
	case p.First == 1 && p.Last == 9:
		return "9 tháng đầu"
	default:
		return "quý " + [...]string{"I", "II", "III", "IV"}[(p.First-1)/3]
	}
}

// Noun is what the period is one of: "tháng", "quý", "6 tháng", "9 tháng", "năm".
func (p Period) Noun() string {
	switch p.Last - p.First {
	case 0:
		return "tháng"
	case 2:
		return "quý"
	case 5:
		return "6 tháng"
	case 8:
		return "9 tháng"
	default:
		return "năm"
	}
}

// Begin is the first day of the period.
func (p Period) Begin() Date { return Date{p.Year, p.First, 1} }

// End is the last day of the period.
func (p Period) End() Date { return Date{p.Year, p.Last, daysIn(p.Year, p.Last)} }

// Holds reports whether a day lies in the period.
func (p Period) Holds(d Date) bool {
	return d.Year == p.Year && d.Month >= p.First && d.Month <= p.Last
}

// Next is the period of the same length that follows; after nine months it is the last quarter.
func (p Period) Next() Period {
	if p.First == 1 && p.Last == 9 {
		return Period{p.Year, 10, 12}
	}
	length := p.Last - p.First + 1
	if p.Last == 12 {
		return Period{p.Year + 1, 1, length}
	}
	return Period{p.Year, p.First + length, p.Last + length}
}

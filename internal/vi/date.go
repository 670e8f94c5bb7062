// Package vi knows Vietnamese text: normal form, letters without accents, dates, file names.
package vi

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"vanthu/internal/lazyregexp"
)

// Zone is the time of Vietnam, which knows no summer time; a machine need not have the database of time zones.
var Zone = time.FixedZone("+07", 7*60*60)

// Today returns the day in Vietnam at a moment.
func Today(now time.Time) Date {
	now = now.In(Zone)
	return Date{Year: now.Year(), Month: int(now.Month()), Day: now.Day()}
}

// Date is a day of the Gregorian calendar, without a time zone.
type Date struct{ Year, Month, Day int }

// The two ways in which text fails to be a date.
var (
	ErrNotDate   = errors.New("not a date")
	ErrNoSuchDay = errors.New("no such day in the calendar")
)

var (
	isoDate   = lazyregexp.New(`^(\d{4})-(\d{1,2})-(\d{1,2})$`)
	shortDate = lazyregexp.New(`^(?:ngay )?(\d{1,2})([-/.])(\d{1,2})([-/.])(\d{4}|\d{2})$`)
	longDate  = lazyregexp.New(`^(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})$`)
)

// ParseDate reads 2026-03-27, 27/3/2026, 27-3-2026, 27.3.2026, 27/3/26 and "ngày 27 tháng 3 năm 2026", day before month; a year of two
// digits is one of this century.
// The error is ErrNotDate, or ErrNoSuchDay for 30/02/2026.
func ParseDate(text string) (Date, error) {
	text = strings.Join(strings.Fields(Fold(text)), " ")
	var year, month, day string
	if m := isoDate.FindStringSubmatch(text); m != nil {
		year, month, day = m[1], m[2], m[3]
	} else if m := shortDate.FindStringSubmatch(text); m != nil && m[2] == m[4] {
		day, month, year = m[1], m[3], m[5]
	} else if m := longDate.FindStringSubmatch(text); m != nil {
		day, month, year = m[1], m[2], m[3]
	} else {
		return Date{}, ErrNotDate
	}
	number := func(digits string) int { n, _ := strconv.Atoi(digits); return n } // at most four digits
	if len(year) == 2 {
		year = "20" + year
	}
	date := Date{number(year), number(month), number(day)}
	if !date.exists() {
		return Date{}, ErrNoSuchDay
	}
	return date, nil
}

func (d Date) exists() bool {
	return d.Year >= 1 && d.Month >= 1 && d.Month <= 12 && d.Day >= 1 && d.Day <= daysIn(d.Year, d.Month)
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	default:
		return 31
	}
}

// Long is the date as documents write it, "ngày 05 tháng 02 năm 2026": days below 10 and months 1 and 2 have a zero before
// them (NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 4, điểm b).
func (d Date) Long() string {
	return fmt.Sprintf("ngày %02d tháng %s năm %d", d.Day, d.month(), d.Year)
}

// Short is the date as tables write it, "27/3/2026" and "05/02/2026", with the zeros of Long.
func (d Date) Short() string { return fmt.Sprintf("%02d/%s/%d", d.Day, d.month(), d.Year) }

// ISO is the date as programs write it: "2026-03-27".
func (d Date) ISO() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

func (d Date) month() string {
	if d.Month <= 2 {
		return "0" + strconv.Itoa(d.Month)
	}
	return strconv.Itoa(d.Month)
}

// Before reports whether d comes before other.
func (d Date) Before(other Date) bool { return d.Until(other) > 0 }

// Until is the number of days from d to other, negative when other comes first.
func (d Date) Until(other Date) int { return other.dayNumber() - d.dayNumber() }

// Serial is the day as a spreadsheet counts it: 1 is 1 January 1900 and the 29 February 1900 that never was counts too
// (ECMA-376-1, 18.17.4.1), so it holds from 1 March 1900 on.
func (d Date) Serial() int { return Date{1899, 12, 30}.Until(d) }

// FromSerial returns the day of a serial number of a spreadsheet; false for days before 1 March 1900 or after 9999.
func FromSerial(serial int) (Date, bool) {
	const first, last = 61, 2_958_465
	if serial < first || serial > last {
		return Date{}, false
	}
	t := time.Date(1899, 12, 30+serial, 0, 0, 0, 0, time.UTC)
	return Date{t.Year(), int(t.Month()), t.Day()}, true
}

func (d Date) dayNumber() int {
	return int(time.Date(d.Year, time.Month(d.Month), d.Day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}

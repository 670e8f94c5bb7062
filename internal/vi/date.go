// Package vi knows Vietnamese text: normal form, letters without accents, dates, file names.
package vi

// Date is a day of the Gregorian calendar, without a time zone.
type Date struct{ Year, Month, Day int }

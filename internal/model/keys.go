package model

import (
	"strings"

	"vanthu/internal/vi"
)

// Keys of the data that the program knows by name; all others it knows from the kind.yaml of a kind. They are those of the fields in
// templates/chung/kind.yaml.
const (
	KindKey       = "loai"       // the kind of document that a data file is for
	AgencyKey     = "co_quan"    // the issuing body, a group
	NumberKey     = "so"         // as typed or taken
	SymbolKey     = "so_ky_hieu" // number and symbol, computed
	PlaceKey      = "dia_danh"
	DayKey        = "ngay" // of the document
	AbstractKey   = "trich_yeu"
	BodyKey       = "noi_dung" // what a document says; of a row, what it is about
	RecipientsKey = "noi_nhan"
	SignerKey     = "ky"          // a group
	SecrecyKey    = "do_mat"      // the degree of secrecy
	FiguresKey    = "so_lieu"     // the group of what tally counts
	PeriodKey     = "ky_bao_cao"  // what a report is about
	ClosingKey    = "ngay_chot"   // the day to which figures stand
	UnitsKey      = "don_vi"      // the table of the units of a consolidated report
	SignersKey    = "nguoi_ky"    // of a profile: who may sign, by key
	UnitKey       = "don_vi_soan" // the drafting unit, in the symbol of a công văn

	NameKey      = "ten"        // of the issuing body, and of a row
	AboveKey     = "cap_tren"   // the body above the issuing one
	IssuerKey    = "ky_hieu"    // the issuing body in symbols
	FullNameKey  = "ten_day_du" // the issuing body's in full
	PersonKey    = "ho_ten"     // the name of a signer
	PositionsKey = "chuc_vu"    // of a signer
	RowKey       = "stt"        // of each row of a table, computed
)

// Text returns the text of a key, or "".
func (v Values) Text(key string) string {
	text, _ := v[key].(Text)
	return string(text)
}

// Day returns the day of a key, or the zero one.
func (v Values) Day(key string) vi.Date {
	day, _ := v[key].(Date)
	return day.Date
}

// Items returns the items of a key, or none.
func (v Values) Items(key string) Items {
	items, _ := v[key].(Items)
	return items
}

// Group returns the values of the group of a key, or none.
func (v Values) Group(key string) Values {
	group, _ := v[key].(Values)
	return group
}

// Abstract returns what a document is about, as typed.
func (d Document) Abstract() string { return d.Values.Text(AbstractKey) }

// Title returns the type of a document and what it is about, on one line.
func (d Document) Title() string {
	return strings.Join(strings.Fields(d.Schema.TypeName+" "+d.Abstract()), " ")
}

// Numbered reports whether a document has a number.
func (d Document) Numbered() bool { return d.Values[NumberKey] != nil }

// Symbol returns number and symbol, with room for the number where there is none; it is empty for a document without numbers.
func (d Document) Symbol() string { return d.Values.Text(SymbolKey) }

// Day returns the day of a document, or the zero one.
func (d Document) Day() vi.Date { return d.Values.Day(DayKey) }

// Agency returns the issuing body.
func (d Document) Agency() Values { return d.Values.Group(AgencyKey) }

// Signer returns who signs.
func (d Document) Signer() Values { return d.Values.Group(SignerKey) }

// Period returns what a report is about, or the zero period.
func (d Document) Period() vi.Period {
	period, _ := d.Values[PeriodKey].(Period)
	return period.Period
}

package model

import (
	"fmt"
	"reflect"
	"slices"

	"vanthu/internal/diag"
)

// term is the days on which a signer signs, the first and the last among them; zero for without end.
type term struct{ first, last Date }

// Keys of a term in the profile.
const (
	firstKey = "tu_ngay"
	lastKey  = "den_ngay"
)

func termSpecs() []FieldSpec {
	return []FieldSpec{
		{Key: firstKey, Label: "Ký từ ngày", Example: "01/7/2026", Type: DateField},
		{Key: lastKey, Label: "Ký đến hết ngày", Example: "30/6/2031", Type: DateField},
	}
}

func (t term) holds(day Date) bool {
	return (t.first == Date{} || !day.Before(t.first.Date)) && (t.last == Date{} || !t.last.Before(day.Date))
}

// String returns a term as a sentence has it: "từ ngày 01/7/2026 đến ngày 30/6/2031".
func (t term) String() string {
	switch {
	case t.last == Date{}:
		return "từ ngày " + t.first.Short()
	case t.first == Date{}:
		return "đến ngày " + t.last.Short()
	}
	return fmt.Sprintf("từ ngày %s đến ngày %s", t.first.Short(), t.last.Short())
}

// takeTerm takes the term of a signer out of what documents get of them.
func (b *binder) takeTerm(o *office, key string, signer Values, signers Node) {
	first, _ := signer[firstKey].(Date)
	last, _ := signer[lastKey].(Date)
	delete(signer, firstKey)
	delete(signer, lastKey)
	t := term{first, last}
	if t == (term{}) {
		return
	}
	if first != (Date{}) && last != (Date{}) && last.Before(first.Date) {
		at := signers.Fields[slices.IndexFunc(signers.Fields, func(f Field) bool { return f.Key == key })].Place
		at.File, at.Field = signers.Place.File, join(signers.Place.Field, key)
		b.complain(diag.TermEndsFirst, at, "sửa "+firstKey+" hoặc "+lastKey, "người ký “%s” có ngày cuối %s trước ngày đầu %s", key, last.Short(), first.Short())
		return
	}
	o.terms[key] = t
}

// checkTerm reports a signer whose term in the profile the day of the document is not in. at is where the document says who signs. Who is
// written out in the document is known by office and name.
func (b *binder) checkTerm(values Values, at diag.Place) {
	day, dated := values[DayKey].(Date)
	signer, signed := values[SignerKey].(Values)
	if !dated || !signed {
		return
	}
	outside := ""
	for _, key := range b.office.order {
		known, _ := b.office.signers[key].(Values)
		same := key == b.signedBy || b.signedBy == "" && reflect.DeepEqual(known[PersonKey], signer[PersonKey]) && reflect.DeepEqual(known[PositionsKey], signer[PositionsKey])
		if !same {
			continue
		}
		if b.office.terms[key].holds(day) {
			return
		}
		outside = key
	}
	if outside == "" {
		return
	}
	name, _ := words(signer[PersonKey])
	at.Field = SignerKey
	if at.File == "" {
		at.File = b.file
	}
	b.warn(diag.SignerOutOfTerm, at, fmt.Sprintf("xem lại ngày văn bản hoặc chọn người ký khác; nếu người ký còn thẩm quyền thì sửa %s, %s của “%s” ở mục Đơn vị (don-vi.yaml)",
		firstKey, lastKey, outside), "văn bản ghi ngày %s, nhưng theo thông tin đơn vị %s ký %s", day.Short(), name, b.office.terms[outside])
}

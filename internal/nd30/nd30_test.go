package nd30

import (
	"strings"
	"testing"

	"vanthu/internal/vi"
)

func TestNumberSymbol(t *testing.T) {
	for _, c := range []struct {
		n                  int
		type_, issuer, out string
	}{
		{1, "KH", "HĐND", "01/KH-HĐND"},
		{10, "QĐ", "UBND", "10/QĐ-UBND"},
		{125, "CTr", "HĐND", "125/CTr-HĐND"},
		{2, "", "HĐND-VP", "02/HĐND-VP"},
	} {
		if got := NumberSymbol(Number(c.n), Symbol(c.type_, c.issuer)); got != c.out {
			t.Errorf("%q, want %q", got, c.out)
		}
	}
}

func TestTypesAreThoseOfTheDecree(t *testing.T) {
	if len(Types) != 29 || len(Copies) != 3 {
		t.Errorf("%d types, %d copies", len(Types), len(Copies))
	}
	seen, without := map[string]bool{}, 0
	for _, kind := range append(Types[:], Copies[:]...) {
		if kind.Abbreviation == "" {
			without++
		} else if seen[kind.Abbreviation] {
			t.Errorf("%s is given twice", kind.Abbreviation)
		}
		seen[kind.Abbreviation] = true
	}
	if without != 2 {
		t.Errorf("%d types without an abbreviation, want công văn and thư công", without)
	}
}

func TestTextIsNFC(t *testing.T) {
	text := NationalTitle + Motto + Recipients + Addressees + PointLetters
	for _, e := range Elements {
		text += e.Name + e.Clause
	}
	for _, kind := range Types {
		text += kind.Name + kind.Abbreviation
	}
	if vi.NFC(text) != text {
		t.Error("a table is not NFC")
	}
}

func TestElementsKeepTheirOwnLimits(t *testing.T) {
	for _, e := range Elements {
		if e.Default < e.Min || e.Default > e.Max || !strings.HasPrefix(e.Clause, "Mục I") {
			t.Errorf("%+v", e)
		}
	}
}

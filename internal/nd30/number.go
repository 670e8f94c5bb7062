package nd30

import "fmt"

// Number writes the number of a document: two digits at least, "01" (Phụ lục I, Phần I, Mục II, khoản 3, điểm c).
func Number(n int) string { return fmt.Sprintf("%02d", n) }

// Symbol joins the abbreviations of type and issuer, "KH-HĐND" (Phụ lục I, Phần I, Mục II, khoản 3, điểm b). A type without an
// abbreviation leaves the issuer alone: a công văn adds its drafting unit there, "HĐND-VP".
func Symbol(abbreviation, issuer string) string {
	if abbreviation == "" {
		return issuer
	}
	return abbreviation + "-" + issuer
}

// NumberSymbol joins number and symbol without spaces, "01/KH-HĐND" (Phụ lục I, Phần I, Mục II, khoản 3, điểm c).
func NumberSymbol(number, symbol string) string { return number + "/" + symbol }

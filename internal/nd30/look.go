package nd30

import (
	"vanthu/internal/lazyregexp"
)

// How the parts of a document look as text, for whoever has to tell them apart by their words alone (Phụ lục I, Phần I, Mục II).

var (
	placeDate = lazyregexp.New(`^([^,]{2,40}),\s*(ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4})$`)
	authority = lazyregexp.New(`^(TM|KT|TL|TUQ|Q)\.\s*\p{Lu}`)
	annexName = lazyregexp.New(`^(Phụ lục|PHỤ LỤC)( [IVX]+| \d+)?[.:]?$`)
)

// ParsePlaceDate parts "Vĩnh Am, ngày 27 tháng 3 năm 2026" (khoản 4).
func ParsePlaceDate(text string) (place, date string, ok bool) {
	m := placeDate.FindStringSubmatch(text)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

// IsAuthority tells a line that says for whom is signed, "KT. CHỦ TỊCH" (khoản 7).
func IsAuthority(text string) bool { return authority.MatchString(text) }

// IsAnnex tells the line “Phụ lục” with its number or without (Mục III).
func IsAnnex(text string) bool { return annexName.MatchString(text) }

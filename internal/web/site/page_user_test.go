package site

import (
	"net/http"
	"strings"
	"testing"

	"vanthu/internal/account"
)

// TestProfilesOfOffices: an administrator says what every office is called and who signs there; nobody else changes, or sees, another's.
func TestProfilesOfOffices(t *testing.T) {
	s := openOffice(t)
	h := newSite(s)
	admin := hire(t, s, "quan", "", account.Admin)
	w := admin.asks(h, "POST", "/cac-don-vi", fields("ten", "UBND xã Vĩnh Am"))
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/don-vi?cua=ubnd-xa-vinh-am" {
		t.Fatal(w.Code, w.Header())
	}
	if w := admin.asks(h, "GET", "/don-vi?cua=ubnd-xa-vinh-am", body{}); w.Code != 200 || !strings.Contains(w.Body.String(), "UBND XÃ VĨNH AM") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	said := fields("cua", "ubnd-xa-vinh-am", "phien_ban", "0", "ten", "Ủy ban nhân dân\nxã Vĩnh Am", "ky_hieu", "UBND", "dia_danh", "Vĩnh Am",
		"nguoi_ky.khoa", "", "nguoi_ky.chuc_vu", "TM. Ủy ban nhân dân\nChủ tịch", "nguoi_ky.ho_ten", "Bùi Văn Hải", "nguoi_ky.tu_ngay", "1.7.2026", "nguoi_ky.den_ngay", "",
		"cach_danh_so", "theo_loai", "nhom_so.ten", "", "nhom_so.loai", "", "day_so.loai", "Kế hoạch", "day_so.ky_hieu", "KH-UB")
	if w := admin.asks(h, "POST", "/don-vi", said); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	text, err := s.Office.Profile(t.Context(), "ubnd-xa-vinh-am")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"ỦY BAN NHÂN DÂN\\nXÃ VĨNH AM", `"chu_tich": {`, `"CHỦ TỊCH"`, `"tu_ngay": "01/7/2026"`, `"ke-hoach": "KH-UB"`} {
		if !strings.Contains(string(text), part) {
			t.Errorf("no %s in\n%s", part, text)
		}
	}
	if w := admin.asks(h, "POST", "/don-vi", said); w.Code != http.StatusConflict {
		t.Errorf("the same version again: %d", w.Code)
	}
	bad := fields("cua", "ubnd-xa-vinh-am", "phien_ban", "1", "nguoi_ky.khoa", "chu_tich", "nguoi_ky.chuc_vu", "CHỦ TỊCH", "nguoi_ky.ho_ten", "Bùi Văn Hải", "nguoi_ky.tu_ngay", "31/2/2026", "nguoi_ky.den_ngay", "")
	if w := admin.asks(h, "POST", "/don-vi", bad); w.Code != 422 || !strings.Contains(w.Body.String(), "người ký Bùi Văn Hải, ký từ ngày") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	other := hire(t, s, "lan", "", account.Clerk)
	if w := other.asks(h, "GET", "/don-vi?cua=ubnd-xa-vinh-am", body{}); w.Code != http.StatusNotFound {
		t.Errorf("a clerk of another office: %d", w.Code)
	}
	if w := hire(t, s, "hai", "ubnd-xa-vinh-am", account.Drafter).asks(h, "GET", "/don-vi", body{}); !strings.Contains(w.Body.String(), "Bùi Văn Hải") {
		t.Errorf("their own: %d %s", w.Code, w.Body)
	}
}

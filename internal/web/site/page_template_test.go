package site

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"vanthu/internal/account"
)

func TestTemplates(t *testing.T) {
	s := openOffice(t)
	h := newSite(s)
	drafter, admin := hire(t, s, "lan", "", account.Drafter), hire(t, s, "quan", "", account.Admin)
	get := func(path string) *httptest.ResponseRecorder { return drafter.asks(h, http.MethodGet, path, body{}) }
	t.Run("all kinds are there, found without accents", func(t *testing.T) {
		has(t, get("/mau"), http.StatusOK, ">Kế hoạch</a>", ">Giấy nghỉ phép</a>")
		w := get("/mau?tim=nghi+phep")
		has(t, w, http.StatusOK, ">Giấy nghỉ phép</a>")
		if strings.Contains(w.Body.String(), ">Kế hoạch</a>") {
			t.Error("what was not looked for is there too")
		}
		has(t, get("/mau?tim=khong-co"), http.StatusOK, "Không có mẫu nào như vậy")
	})
	t.Run("a kind shows its fields, and its pages", func(t *testing.T) {
		has(t, get("/mau/ke-hoach"), http.StatusOK, `data-copy="{{trich_yeu}}"`, "Mẫu có sẵn")
		has(t, get("/mau/ke-hoach/xem"), http.StatusOK, "<svg", "KẾ HOẠCH")
		for _, path := range []string{
			"/mau/khong-co", "/mau/khong-co/xem", "/mau/khong-co/tai-ve", "/mau/ke-hoach/tai-ve?ban=7", "/mau/ke-hoach/tai-ve?ban=-1",
			"/mau/ke-hoach/tai-ve?ban=%0d%0aX-Evil:1",
		} {
			has(t, get(path), http.StatusNotFound)
		}
	})
	word := get("/mau/ke-hoach/tai-ve")
	t.Run("the Word file comes with a tag, and not again", func(t *testing.T) {
		tag := word.Header().Get("ETag")
		if word.Code != http.StatusOK || !strings.HasPrefix(word.Body.String(), "PK") || tag == "" ||
			!strings.HasPrefix(word.Header().Get("Content-Disposition"), `attachment; filename="Mau-Ke-hoach.docx"`) {
			t.Fatalf("%d %v", word.Code, word.Header())
		}
		r := httptest.NewRequest(http.MethodGet, here+"/mau/ke-hoach/tai-ve", nil)
		r.AddCookie(drafter.cookie)
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != http.StatusNotModified {
			t.Error(w.Code)
		}
	})
	save := func(p person, name, data string) *httptest.ResponseRecorder {
		return p.asks(h, http.MethodPost, "/mau/ke-hoach", form("ghi_chu", "thêm <i>huy hiệu</i>", "tep="+name, data))
	}
	t.Run("the template of another kind is refused, by its paragraphs", func(t *testing.T) {
		other := get("/mau/giay-nghi-phep/tai-ve").Body.String()
		has(t, save(admin, "mẫu.docx", other), http.StatusUnprocessableEntity, "Chưa lưu “mẫu.docx”", "lỗi phải sửa", "đoạn", "có phải ý bạn là “ky.ho_ten”", "chép mục cần dùng")
		has(t, save(admin, "mẫu.docx", "không phải Word"), http.StatusUnprocessableEntity, "Chưa lưu")
		has(t, save(admin, "mẫu.pdf", "%PDF"), http.StatusUnprocessableEntity, "Chưa lưu", ".docx")
		has(t, save(admin, "mẫu.docx", ""), http.StatusUnprocessableEntity, "chưa chọn tệp")
		has(t, get("/mau/ke-hoach"), http.StatusOK, "Mẫu có sẵn, đúng thể thức")
	})
	t.Run("who is no administrator keeps none", func(t *testing.T) {
		has(t, save(drafter, "mau.docx", word.Body.String()), http.StatusForbidden)
		if strings.Contains(get("/mau/ke-hoach").Body.String(), `type="file"`) {
			t.Error("the form is shown")
		}
	})
	use := func(version string) *httptest.ResponseRecorder {
		return admin.asks(h, http.MethodPost, "/mau/ke-hoach/dung", fields("ban", version))
	}
	t.Run("versions are kept, put in force, and taken back", func(t *testing.T) {
		for range 2 {
			if w := save(admin, "mẫu của xã.docx", word.Body.String()); w.Code != http.StatusSeeOther {
				t.Fatalf("%d %.2000s", w.Code, w.Body)
			}
		}
		w := get("/mau/ke-hoach?vua=luu")
		has(t, w, http.StatusOK, "Đã lưu và dùng mẫu này", "bản 2", "Người quan", "mẫu của xã.docx", "thêm <i>huy hiệu</i>")
		if strings.Contains(w.Body.String(), "<i>") {
			t.Error("the note is not escaped")
		}
		has(t, get("/mau"), http.StatusOK, "Mẫu riêng, bản 2")
		has(t, get("/mau/ke-hoach/tai-ve?ban=1"), http.StatusOK)
		use("1")
		has(t, get("/mau"), http.StatusOK, "Mẫu riêng, bản 1")
		use("0")
		has(t, get("/mau/ke-hoach?vua=dung"), http.StatusOK, "Đã dùng lại mẫu có sẵn")
		has(t, use("9"), http.StatusUnprocessableEntity, "không có bản thứ 9")
		has(t, use("x"), http.StatusUnprocessableEntity)
	})
}

func TestHelp(t *testing.T) {
	h := newSite(open(t))
	w := send(h, http.MethodGet, "/huong-dan", body{})
	has(t, w, http.StatusOK, `id="soan"`, `id="tep"`, `id="so"`, `id="hang-loat"`, `id="mau"`, `id="nguoi-dung"`, `id="cai-dat"`, `id="sao-luu"`, `id="phim"`, `id="hoi"`)
	for _, part := range strings.Split(w.Body.String(), "/assets/")[1:] {
		name, _, _ := strings.Cut(part, "?")
		file := send(h, http.MethodGet, "/assets/"+name, body{})
		if file.Code != http.StatusOK {
			t.Errorf("there is no %s", name)
		}
		if strings.HasSuffix(name, ".png") && file.Body.Len() > 40<<10 {
			t.Errorf("%s has %d bytes, more than 40 KB", name, file.Body.Len())
		}
	}
}

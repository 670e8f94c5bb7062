package site

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/account"
	"vanthu/internal/store"
	"vanthu/internal/vi"
	"vanthu/internal/web"
)

// registerDay is when the tests of the register are: 23/11/2026 in Vietnam, a day that has not begun in Greenwich.
var registerDay = time.Date(2026, 11, 22, 18, 30, 0, 0, time.UTC)

// openRegister returns a service with the offices "a" and "b" and a clerk of each, who issue documents of communes of their own.
func openRegister(t *testing.T) (s *web.Server, h http.Handler, a, b person) {
	t.Helper()
	s = openOffice(t, func(c *web.Config) { c.Now = func() time.Time { return registerDay } })
	s.Accounts = account.New(s.Store, time.Now)
	for _, id := range []string{"a", "b"} {
		if err := s.Store.AddOffice(t.Context(), store.Office{ID: id, Name: "Xã " + id, Created: registerDay}); err != nil {
			t.Fatal(err)
		}
		profile := store.Profile{Office: id, Version: 1, Saved: registerDay, Text: []byte(strings.Replace(vinhAm, "VĨNH AM", "VĨNH "+strings.ToUpper(id), 1))}
		if found, err := s.Office.SaveProfile(t.Context(), profile); err != nil || found.Blocking() {
			t.Fatal(found, err)
		}
	}
	a, b = hire(t, s, "thu.a", "a", account.Clerk), hire(t, s, "thu.b", "b", account.Clerk)
	return s, newSite(s), a, b
}

var hiddenKey = regexp.MustCompile(`name="khoa" value="([^"]+)"`)

// hidden is the key that a page hides in its form.
func hidden(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	m := hiddenKey.FindStringSubmatch(w.Body.String())
	if m == nil {
		t.Fatalf("%d: no hidden key in %.2000s", w.Code, w.Body)
	}
	return html.UnescapeString(m[1])
}

// take fills in the form of a number and sends it.
func take(t *testing.T, h http.Handler, p person, more ...string) *httptest.ResponseRecorder {
	t.Helper()
	key := hidden(t, p.asks(h, http.MethodGet, "/so-dang-ky/lay-so", body{}))
	typed := map[string]string{"khoa": key, "loai": "ke-hoach", "ngay": "23/11/2026", "trich_yeu": "tổng vệ sinh môi trường"}
	for i := 0; i < len(more); i += 2 {
		typed[more[i]] = more[i+1]
	}
	var pairs []string
	for name, value := range typed {
		pairs = append(pairs, name, value)
	}
	return p.asks(h, http.MethodPost, "/so-dang-ky/lay-so", fields(pairs...))
}

// taken is the address of the page of the number that was taken.
func taken(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	address, _, _ := strings.Cut(w.Header().Get("Location"), "?")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(address, "/so-dang-ky/so/") {
		t.Fatalf("%d %s %.1500s", w.Code, address, w.Body)
	}
	return address
}

func entriesOf(t *testing.T, s *web.Server, office string) []store.Entry {
	t.Helper()
	entries, err := s.Store.List(t.Context(), store.Filter{Office: &office})
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

// has tells of each text whether a page shows it, in either way of writing it.
func has(t *testing.T, w *httptest.ResponseRecorder, status int, texts ...string) {
	t.Helper()
	if w.Code != status {
		t.Fatalf("status %d, want %d: %.1500s", w.Code, status, w.Body)
	}
	page := html.UnescapeString(w.Body.String())
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("no %q in %.4000s", text, page)
		}
	}
}

func TestNumberByHand(t *testing.T) {
	s, h, a, _ := openRegister(t)
	t.Run("the form opens with the day in Vietnam", func(t *testing.T) {
		has(t, a.asks(h, http.MethodGet, "/so-dang-ky/lay-so", body{}), http.StatusOK, `value="23/11/2026"`)
	})
	t.Run("the number is told before it is taken", func(t *testing.T) {
		w := a.asks(h, http.MethodGet, "/so-dang-ky/so-ke-tiep?loai=ke-hoach&ngay=23/11/2026", body{})
		has(t, w, http.StatusOK, "01/KH-UBND", "Số đầu tiên")
		if n := len(entriesOf(t, s, "a")); n != 0 {
			t.Errorf("looking took %d numbers", n)
		}
	})
	address := taken(t, take(t, h, a, "ky", "  Nguyễn Văn  An ", "noi_nhan", "Các thôn\r\n\r\nLưu: VT"))
	t.Run("it is in the register", func(t *testing.T) {
		has(t, a.asks(h, http.MethodGet, address+"?vua=lay-so", body{}), http.StatusOK, "Đã lấy số", "01/KH-UBND", "Kế hoạch tổng vệ sinh môi trường",
			"Nguyễn Văn An", "Chưa phát hành", "Các thôn", "VT")
		has(t, a.asks(h, http.MethodGet, "/so-dang-ky", body{}), http.StatusOK, "01/KH-UBND", "1 số")
	})
	t.Run("a day that goes back is refused, and what was typed stays", func(t *testing.T) {
		w := take(t, h, a, "ngay", "22/11/2026", "trich_yeu", "đắp đê")
		has(t, w, http.StatusUnprocessableEntity, "22/11/2026", "01/KH-UBND", "số và ngày phải theo cùng thứ tự", "đắp đê")
		has(t, a.asks(h, http.MethodGet, "/so-dang-ky/so-ke-tiep?loai=ke-hoach&ngay=22/11/2026", body{}), http.StatusOK, "trước ngày của số 01/KH-UBND")
		if n := len(entriesOf(t, s, "a")); n != 1 {
			t.Errorf("%d numbers", n)
		}
	})
	for _, wrong := range []struct{ name, field, value, told string }{
		{"no kind", "loai", "", "loại văn bản"},
		{"an unknown kind", "loai", "ke-hoch", "Có phải là"},
		{"no such day", "ngay", "31/11/2026", "Không có ngày 31/11/2026"},
		{"no day", "ngay", "mai", "không phải là ngày"},
		{"nothing about it", "trich_yeu", " ", "chưa ghi trích yếu"},
	} {
		t.Run(wrong.name, func(t *testing.T) {
			has(t, take(t, h, a, wrong.field, wrong.value), http.StatusUnprocessableEntity, wrong.told)
		})
	}
	t.Run("the name of the type is not written twice", func(t *testing.T) {
		has(t, a.asks(h, http.MethodGet, taken(t, take(t, h, a, "trich_yeu", "Kế hoạch đắp đê")), body{}), http.StatusOK, ">Kế hoạch đắp đê<")
	})
	t.Run("a secret document has a series of its own", func(t *testing.T) {
		taken(t, take(t, h, a, "do_mat", "MẬT", "ngay", "20/11/2026"))
	})
}

// TestNumberSentTwice: the same form gives one number however often it is sent: a double click, or a page loaded again.
func TestNumberSentTwice(t *testing.T) {
	s, h, a, b := openRegister(t)
	key := hidden(t, a.asks(h, http.MethodGet, "/so-dang-ky/lay-so", body{}))
	asked := fields("khoa", key, "loai", "ke-hoach", "ngay", "23/11/2026", "trich_yeu", "đắp đê")
	var together sync.WaitGroup
	addresses := make([]string, 8)
	for i := range addresses {
		together.Go(func() {
			addresses[i] = taken(t, a.asks(h, http.MethodPost, "/so-dang-ky/lay-so", asked))
		})
	}
	together.Wait()
	if slices.Sort(addresses); addresses[0] != addresses[len(addresses)-1] {
		t.Errorf("pages of several numbers: %v", addresses)
	}
	if n := len(entriesOf(t, s, "a")); n != 1 {
		t.Errorf("%d numbers were taken", n)
	}
	t.Run("what is typed into it later changes nothing", func(t *testing.T) {
		w := a.asks(h, http.MethodPost, "/so-dang-ky/lay-so", fields("khoa", key, "loai", "ke-hoach", "ngay", "23/11/2026", "trich_yeu", "khác hẳn"))
		has(t, a.asks(h, http.MethodGet, taken(t, w)+"?vua=da-lay", body{}), http.StatusOK, "không lấy thêm số nào", "Kế hoạch đắp đê")
	})
	t.Run("another form takes another", func(t *testing.T) {
		has(t, a.asks(h, http.MethodGet, taken(t, take(t, h, a)), body{}), http.StatusOK, "02/KH-UBND")
	})
	t.Run("the key of another office is another key", func(t *testing.T) {
		taken(t, b.asks(h, http.MethodPost, "/so-dang-ky/lay-so", asked))
		if mine, theirs := entriesOf(t, s, "a"), entriesOf(t, s, "b"); len(mine) != 2 || len(theirs) != 1 || theirs[0].Number != 1 {
			t.Errorf("a has %v, b has %v", mine, theirs)
		}
	})
	t.Run("a form without a key is refused", func(t *testing.T) {
		has(t, take(t, h, a, "khoa", ""), http.StatusUnprocessableEntity, "tải lại trang")
	})
}

func TestNumberIssuedVoidAnnotated(t *testing.T) {
	s, h, a, _ := openRegister(t)
	address := taken(t, take(t, h, a))
	post := func(to string, pairs ...string) *httptest.ResponseRecorder {
		return a.asks(h, http.MethodPost, address+to, fields(pairs...))
	}
	t.Run("issued", func(t *testing.T) {
		taken(t, post("/phat-hanh"))
		if e := entriesOf(t, s, "a")[0]; e.State != store.Issued {
			t.Error(e.State)
		}
	})
	t.Run("its columns filled in", func(t *testing.T) {
		taken(t, post("/ghi", "luu", "VT", "so_ban", "12", "ngay_chuyen", "24/11/2026", "ghi_chu", "Gửi thêm bản điện tử"))
		has(t, a.asks(h, http.MethodGet, address, body{}), http.StatusOK, `value="12"`, `value="24/11/2026"`, "Gửi thêm bản điện tử")
	})
	t.Run("what cannot be is refused beside its field", func(t *testing.T) {
		has(t, post("/ghi", "so_ban", "một chục", "ngay_chuyen", "30/2/2026", "ghi_chu", "còn đây"), http.StatusUnprocessableEntity,
			"Số lượng bản phải là một số", "Không có ngày 30/2/2026", `value="một chục"`, "còn đây")
		if e := entriesOf(t, s, "a")[0]; e.Copies != 12 || e.Sent != (vi.Date{Year: 2026, Month: 11, Day: 24}) {
			t.Errorf("%d %v", e.Copies, e.Sent)
		}
	})
	t.Run("no reason, not void", func(t *testing.T) {
		has(t, post("/huy", "ly_do", " \n"), http.StatusUnprocessableEntity, "chưa ghi lý do hủy số", "Gửi thêm bản điện tử</textarea>")
	})
	t.Run("void with the reason", func(t *testing.T) {
		taken(t, post("/huy", "ly_do", "Không ban hành <b>nữa</b>"))
		w := a.asks(h, http.MethodGet, "/so-dang-ky", body{})
		has(t, w, http.StatusOK, "Đã hủy", "Hủy: Không ban hành <b>nữa</b>")
		if strings.Contains(w.Body.String(), "<b>nữa") {
			t.Error("the reason is not escaped")
		}
	})
	t.Run("void for good", func(t *testing.T) {
		has(t, post("/phat-hanh"), http.StatusConflict, "đã hủy")
		taken(t, post("/huy", "ly_do", "lần nữa"))
		if e := entriesOf(t, s, "a")[0]; e.Reason != "Không ban hành <b>nữa</b>" {
			t.Error(e.Reason)
		}
		has(t, a.asks(h, http.MethodGet, taken(t, take(t, h, a)), body{}), http.StatusOK, "02/KH-UBND")
	})
	t.Run("and all of it is in the audit", func(t *testing.T) {
		acts, err := s.Store.Acts(t.Context(), store.ActFilter{Login: "thu.a"})
		if err != nil {
			t.Fatal(err)
		}
		var done []string
		for _, act := range slices.Backward(acts) {
			done = append(done, act.Action+" "+act.Subject)
		}
		want := "take-number 01/KH-UBND, issue-number 01/KH-UBND, annotate-number 01/KH-UBND, void-number 01/KH-UBND, take-number 02/KH-UBND"
		if got := strings.Join(done, ", "); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func TestNumbersOfAnotherOffice(t *testing.T) {
	s, h, a, b := openRegister(t)
	address := taken(t, take(t, h, a, "trich_yeu", "việc riêng của xã a"))
	for _, to := range []string{"", "?vua=lay-so"} {
		if w := b.asks(h, http.MethodGet, address+to, body{}); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "riêng") {
			t.Errorf("%s: %d %.500s", to, w.Code, w.Body)
		}
	}
	for _, to := range []string{"/phat-hanh", "/huy", "/ghi"} {
		if w := b.asks(h, http.MethodPost, address+to, fields("ly_do", "phá", "ghi_chu", "phá")); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", to, w.Code)
		}
	}
	if e := entriesOf(t, s, "a")[0]; e.State != store.Reserved || e.Note != "" {
		t.Errorf("another office changed it: %+v", e)
	}
	unit := "ỦY BAN NHÂN DÂN XÃ VĨNH A"
	for _, path := range []string{
		"/so-dang-ky", "/so-dang-ky?tim=rieng", "/so-dang-ky/in?nam=2026", "/so-dang-ky?day=ke-hoach%40" + web.PercentEncoded(unit),
		"/so-dang-ky/in?nam=2026&day=ke-hoach%40" + web.PercentEncoded(unit), "/so-dang-ky/so-ke-tiep?loai=ke-hoach&ngay=23/11/2026",
	} {
		w := b.asks(h, http.MethodGet, path, body{})
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "việc riêng") {
			t.Errorf("%s: %d %.1000s", path, w.Code, w.Body)
		}
	}
	if w := b.asks(h, http.MethodGet, "/so-dang-ky/tai-ve?nam=2026", body{}); strings.Contains(cellsOf(t, w), "việc riêng") {
		t.Error("the workbook of b has numbers of a")
	}
}

// cellsOf is what the cells of a workbook say; none may be a formula.
func cellsOf(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	if w.Code != http.StatusOK {
		t.Fatalf("%d %.500s", w.Code, w.Body)
	}
	book, err := excelize.OpenReader(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	var all strings.Builder
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, text := range row {
				cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
				if formula, _ := book.GetCellFormula(sheet, cell); formula != "" {
					t.Errorf("%s %s is the formula %q", sheet, cell, formula)
				}
				fmt.Fprintln(&all, text)
			}
		}
	}
	return all.String()
}

// TestFormulasInTheRegister: what begins like a formula comes out of the workbook as the text that was typed.
func TestFormulasInTheRegister(t *testing.T) {
	_, h, a, _ := openRegister(t)
	for _, text := range []string{"=1+1", "+84 225", "-1", "@SUM(A1)", "=HYPERLINK(\"http://example.org\";\"x\")", "\t=2+2"} {
		address := taken(t, take(t, h, a, "trich_yeu", text, "ky", text, "noi_nhan", text))
		taken(t, a.asks(h, http.MethodPost, address+"/ghi", fields("luu", text, "ghi_chu", text)))
		taken(t, a.asks(h, http.MethodPost, address+"/huy", fields("ly_do", text)))
	}
	cells := cellsOf(t, a.asks(h, http.MethodGet, "/so-dang-ky/tai-ve?nam=2026", body{}))
	for _, text := range []string{"=1+1\n", "+84 225\n", "-1\n", "@SUM(A1)\n", "=HYPERLINK(\"http://example.org\";\"x\")\n", "=2+2\n"} {
		if strings.Count(cells, text) < 3 {
			t.Errorf("%q is not there as text:\n%s", text, cells)
		}
	}
}

// TestHeadersOfTheRegister: what an address says gets into no header of a download.
func TestHeadersOfTheRegister(t *testing.T) {
	_, h, a, _ := openRegister(t)
	for _, series := range []string{"x%0d%0aX-Evil:%201@y", "..%2f..%2fx@y", "%22;filename=%22evil.exe@y", "ke-hoach@y"} {
		w := a.asks(h, http.MethodGet, "/so-dang-ky/tai-ve?nam=2026&day="+series, body{})
		name := w.Header().Get("Content-Disposition")
		if w.Code != http.StatusOK || len(w.Header()["X-Evil"]) > 0 || strings.ContainsAny(name, "\r\n") || strings.Count(name, `"`) != 2 ||
			!strings.HasPrefix(name, `attachment; filename="So-dang-ky-van-ban-di-nam-2026`) || strings.Contains(name, "%0D") || strings.Contains(name, "%2F") {
			t.Errorf("%s: %d %v", series, w.Code, w.Header())
		}
	}
}

func TestPrintedRegister(t *testing.T) {
	_, h, a, _ := openRegister(t)
	taken(t, take(t, h, a, "noi_nhan", "Các thôn\nLưu: VT"))
	address := taken(t, take(t, h, a, "trich_yeu", "đắp đê"))
	taken(t, a.asks(h, http.MethodPost, address+"/huy", fields("ly_do", "không ban hành")))
	taken(t, take(t, h, a, "do_mat", "MẬT"))
	w := a.asks(h, http.MethodGet, "/so-dang-ky/in?nam=2026", body{})
	has(t, w, http.StatusOK, "ỦY BAN NHÂN DÂN\nXÃ VĨNH A", "SỔ ĐĂNG KÝ VĂN BẢN ĐI", "Năm: 2026", "Từ ngày 23/11/2026 đến ngày 23/11/2026", "Từ số 01 đến số 02",
		"Quyển số", "Hủy: không ban hành", "trong đó 1 số đã hủy", "SỔ ĐĂNG KÝ VĂN BẢN MẬT ĐI")
	if columns := strings.Count(w.Body.String(), "<th "); columns != 2*10 {
		t.Errorf("%d column heads in two books", columns)
	}
	has(t, a.asks(h, http.MethodGet, "/so-dang-ky/in?nam=2025", body{}), http.StatusOK, "Năm: 2025", "chưa có số nào")
}

// TestLargeRegister finds lines among 10,000, page by page. How long it takes is BenchmarkSearch in internal/store.
func TestLargeRegister(t *testing.T) {
	s, h, a, _ := openRegister(t)
	const many = 10_000
	entries := make([]store.Entry, many)
	for i := range entries {
		entries[i] = store.Entry{
			Series: store.Series{Unit: "ỦY BAN NHÂN DÂN XÃ VĨNH A", Name: "ke-hoach", Year: 2017 + i/1000}, Office: "a", Number: i%1000 + 1,
			Symbol: fmt.Sprintf("%02d/KH-UBND", i%1000+1), Date: vi.Date{Year: 2017 + i/1000, Month: 1 + i%1000/84, Day: 1 + i%1000%84/3}, Kind: "ke-hoach",
			Title: fmt.Sprintf("Kế hoạch thực hiện việc thứ %d về chuyển đổi số trên địa bàn xã", i), Signer: "Nguyễn Văn An",
			Recipients: "Thường trực Đảng ủy xã\nHội đồng nhân dân xã\nCác thôn, tổ dân phố\nLưu: VT", State: store.Issued, Taken: registerDay,
		}
	}
	if wrong, err := s.Store.ImportEntries(t.Context(), entries); err != nil || slices.ContainsFunc(wrong, func(err error) bool { return err != nil }) {
		t.Fatal(err, wrong[0])
	}
	for _, search := range []struct{ name, path, told string }{
		{"the newest", "/so-dang-ky", "Dòng 1–100 trong 10000 số"},
		{"words without accents", "/so-dang-ky?tim=chuyen+doi+viec+thu+7777", "Dòng 1 trong 1 số"},
		{"words that all have", "/so-dang-ky?tim=nguyen+an+dang+uy+ke+hoach", "Dòng 1–100 trong 10000 số"},
		{"what nothing has", "/so-dang-ky?tim=khong+co+gi", "Không có số nào"},
		{"a year, a series, a state, the last page", "/so-dang-ky?nam=2020&day=ke-hoach%40&tinh-trang=phat-hanh&trang=10", "Dòng 901–1000 trong 1000 số"},
		{"the last page of all", "/so-dang-ky?trang=100", "Dòng 9901–10000 trong 10000 số"},
		{"a page beyond the last", "/so-dang-ky?nam=2019&trang=4000", "Dòng 901–1000 trong 1000 số"},
	} {
		t.Run(search.name, func(t *testing.T) {
			has(t, a.asks(h, http.MethodGet, search.path, body{}), http.StatusOK, search.told)
		})
	}
	t.Run("as one types the lines alone come", func(t *testing.T) {
		r := httptest.NewRequest(http.MethodGet, here+"/so-dang-ky?tim=7777", nil)
		r.AddCookie(a.cookie)
		r.Header.Set("HX-Request", "true")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		has(t, w, http.StatusOK, "việc thứ 7777")
		if strings.Contains(w.Body.String(), "<html") {
			t.Error("the whole page came")
		}
	})
}

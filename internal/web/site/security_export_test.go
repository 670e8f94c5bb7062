package site

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/account"
	"vanthu/internal/store"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
	"vanthu/internal/web/desk"
	"vanthu/internal/web/desk/batch"
)

// formulas are texts that a spreadsheet would work out, were they not kept as text.
var formulas = []string{`=HYPERLINK("http://xzz","xem")`, `+xzz+1`, `-2+3+cmd|' /C xzz'!A0`, `@SUM(1+1)*xzz`, "\t=xzz4", "\r=xzz5", `＝xzz6`, `=xzz7`}

// TestFormulaInjectionInExports writes formulas as words wherever words go into a workbook or a table: they come out as words.
func TestFormulaInjectionInExports(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	p := hire(t, s, "lan", "", account.Clerk)
	profile := store.Profile{Version: 1, Saved: s.Now(), Text: []byte(vinhAm)}
	if found, err := s.Office.SaveProfile(t.Context(), profile); err != nil || found.Blocking() {
		t.Fatal(err, found)
	}
	get := func(path string) *httptest.ResponseRecorder { return p.asks(h, http.MethodGet, path, body{}) }
	t.Run("register", func(t *testing.T) {
		for i, formula := range formulas {
			w := p.asks(h, http.MethodPost, "/so-dang-ky/lay-so", fields("khoa", fmt.Sprint(i), "loai", "ke-hoach", "ngay", "27/3/2026",
				"trich_yeu", formula, "ky", formula, "noi_nhan", formula+"\n"+formula))
			address, _, _ := strings.Cut(w.Header().Get("Location"), "?")
			if w.Code != http.StatusSeeOther {
				t.Fatalf("%q: %d %.500s", formula, w.Code, w.Body)
			}
			p.asks(h, http.MethodPost, address+"/ghi", fields("luu", formula, "ghi_chu", formula))
			if i%2 == 0 {
				p.asks(h, http.MethodPost, address+"/huy", fields("ly_do", formula))
			}
		}
		wordsAlone(t, get("/so-dang-ky/tai-ve?nam=2026").Body.Bytes(), 5*len(formulas))
	})
	hostile := quarter
	for i, formula := range []string{formulas[0], formulas[1], formulas[2], formulas[3]} {
		hostile = strings.Replace(hostile, []string{"Ban hành kế hoạch", "Thường trực HĐND xã", "Giám sát số hóa hồ sơ", "Ban Văn hóa - Xã hội"}[i],
			"'"+strings.ReplaceAll(formula, "'", "''")+"'", 1)
	}
	t.Run("progress workbook", func(t *testing.T) {
		w := p.asks(h, http.MethodPost, api.DocumentsPath+"?format=xlsx", form("data=q.yaml", hostile))
		if w.Code != http.StatusOK {
			t.Fatalf("%d %.800s", w.Code, w.Body)
		}
		wordsAlone(t, w.Body.Bytes(), 4)
		spoilt := spoilCell(t, w.Body.String())
		if w = p.asks(h, http.MethodPost, api.MarkedPath, form("data=q.xlsx", spoilt)); w.Code != http.StatusOK {
			t.Fatalf("marked: %d %.800s", w.Code, w.Body)
		}
		wordsAlone(t, w.Body.Bytes(), 3)
	})
	t.Run("input workbook", func(t *testing.T) {
		if w := get("/tep-mau/ke-hoach?dang=xlsx"); w.Code != http.StatusOK {
			t.Fatal(w.Code)
		} else {
			wordsAlone(t, w.Body.Bytes(), 0)
		}
	})
	t.Run("list of a batch", func(t *testing.T) { formulasInBatch(t, s, p) })
}

// spoilCell puts a deadline that is no day into the row of a task.
func spoilCell(t *testing.T, workbook string) string {
	t.Helper()
	book, err := excelize.OpenReader(strings.NewReader(workbook))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	heading, err := book.SearchSheet("Nhiệm vụ", "Thời hạn hoàn thành")
	if err != nil || len(heading) != 1 {
		t.Fatal(heading, err)
	}
	column, row, _ := excelize.SplitCellName(heading[0])
	for at := row + 1; at < row+6; at++ {
		if err := book.SetCellStr("Nhiệm vụ", fmt.Sprintf("%s%d", column, at), "31/6/2026"); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// wordsAlone reads every cell of a workbook: those with the mark are text, and nothing that leads out of it is there.
func wordsAlone(t *testing.T, data []byte, least int) {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	seen := 0
	for _, sheet := range book.GetSheetList() {
		rows, err := book.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for r, row := range rows {
			for c, value := range row {
				cell, _ := excelize.CoordinatesToCellName(c+1, r+1)
				formula, _ := book.GetCellFormula(sheet, cell)
				if strings.Contains(formula, poisonMark) || strings.Contains(formula, "HYPERLINK") {
					t.Errorf("%s!%s works out %q", sheet, cell, formula)
				}
				if !strings.Contains(value, poisonMark) {
					continue
				}
				seen++
				worked := formula != "" // by a formula of ours, which finds the text of another cell
				if kind, _ := book.GetCellType(sheet, cell); !worked && kind != excelize.CellTypeSharedString && kind != excelize.CellTypeInlineString {
					t.Errorf("%s!%s with %q is of type %v", sheet, cell, value, kind)
				}
			}
		}
	}
	if seen < least {
		t.Errorf("%d cells have what was written, want %d", seen, least)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range archive.File {
		for _, part := range []string{"externalLinks", "vbaProject", "connections", "embeddings", "activeX"} {
			if strings.Contains(file.Name, part) {
				t.Errorf("the workbook has %s", file.Name)
			}
		}
	}
}

// formulasInBatch names units and documents as formulas, and reads the list of the batch as a spreadsheet does.
func formulasInBatch(t *testing.T, s *web.Server, p person) {
	h := held(t, newSite(s))
	quoted := func(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
	sent := form("data==xzz.zip", zipped(t, "=xzz.yaml", strings.Replace(plan, "Tổng vệ sinh môi trường năm 2026", quoted(formulas[0]), 1),
		"+xzz.yaml", strings.Replace(strings.Replace(plan, `"15"`, `"16"`, 1), "Tổng vệ sinh môi trường năm 2026", quoted(formulas[2]), 1), "@xzz.yaml", badPlan))
	start(t, s)
	id := decoded[web.BatchProgress](t, p.asks(h, http.MethodPost, web.BatchesPath, sent)).ID
	await(t, "the batch", func() bool {
		return web.Ended(decoded[web.BatchProgress](t, p.asks(h, http.MethodGet, web.BatchesPath+"/"+id, body{})).State)
	})
	data := p.asks(h, http.MethodGet, web.BatchesPath+"/"+id+"/archive", body{}).Body.Bytes()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	file, err := archive.Open("danh-muc.csv")
	if err != nil {
		t.Fatal(err)
	}
	table, _ := io.ReadAll(file)
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(table, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) < 4 {
		t.Fatal(rows, err)
	}
	seen := 0
	for _, row := range rows {
		for _, cell := range row {
			if seen += strings.Count(cell, poisonMark); cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") || strings.HasPrefix(cell, "＝") {
				t.Errorf("a spreadsheet works out %q", cell)
			}
		}
	}
	if seen < 3 {
		t.Errorf("what was written is there %d times: %q", seen, rows)
	}
}

// TestHeaderInjection puts line ends, and letters that are not ASCII, into every word that goes on into a header.
func TestHeaderInjection(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	p := hire(t, s, "lan", "", account.Admin)
	const evil = "x\r\nX-Evil: 1\r\nSet-Cookie: vanthu=x\r\n\r\n<script>đ\u2028\u0085\x00"
	clean := func(where string, w *httptest.ResponseRecorder) {
		t.Helper()
		for name, values := range w.Header() {
			for _, value := range values {
				if strings.IndexFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) >= 0 {
					t.Errorf("%s: %s is %q", where, name, value)
				}
			}
		}
		if cookies := w.Result().Cookies(); w.Header().Get("X-Evil") != "" || len(cookies) > 0 && where != "a login" {
			t.Errorf("%s: headers %v", where, w.Header())
		}
	}
	for name, r := range s.Routes {
		method, path, _ := strings.Cut(name, " ")
		if path == "/dang-xuat" || strings.HasPrefix(path, desk.QueuePath) {
			continue
		}
		for _, with := range []string{"ke-hoach", url.PathEscape(evil)} {
			var query strings.Builder
			for _, name := range []string{"tim", "nam", "day", "tinh-trang", "trang", "ban", "vua", "don-vi", "tiep", "tu", "loai", "dang", "ten", "format", "v"} {
				fmt.Fprintf(&query, "&%s=%s", name, url.QueryEscape(evil))
			}
			sent := body{}
			if r.Form {
				sent = fields("ten", evil, "tiep", "/"+evil, "dang", evil, "loai", evil, "khoa", evil, "ho_ten", evil, "don_vi", evil, "vai_tro", evil, "ban", evil)
			}
			request := httptest.NewRequest(method, here+pathParameter.ReplaceAllLiteralString(path, with)+"?"+query.String()[1:], bytes.NewReader(sent.data))
			request.Header.Set("Content-Type", sent.mediaType)
			for _, name := range []string{"X-Request-Id", "HX-Request", "HX-Target", "HX-Current-URL", "If-None-Match", "Idempotency-Key", "Prefer", "Origin-X", "Accept"} {
				request.Header[name] = []string{evil}
			}
			request.AddCookie(p.cookie)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, request)
			clean(name, w)
		}
	}
	for _, data := range []string{plan, strings.Replace(plan, "Tổng vệ sinh môi trường năm 2026", `"x\r\nX-Evil: 1\r\n\r\nđ"`, 1), strings.Replace(badPlan, "30/02/2026", `"x\r\nX-Evil: 1"`, 1)} {
		for _, format := range []string{web.AsWord, web.AsPDF, web.AsZIP} {
			clean("a document", p.asks(h, http.MethodPost, api.DocumentsPath+"?format="+format, form("data="+evil+".yaml", data)))
		}
	}
	word := p.asks(h, http.MethodPost, api.DocumentsPath, form("data=a.yaml", plan)).Body.String()
	clean("a PDF", p.asks(h, http.MethodPost, api.ConvertPath, form("file="+evil+".docx", word)))
	w := p.asks(h, http.MethodPost, batch.ConvertPage, form("file="+evil+".docx", word))
	clean("a file to convert", w)
	page, query, _ := strings.Cut(w.Header().Get("Location"), "?")
	clean("its PDF", p.asks(h, http.MethodGet, page+"/pdf?"+query, body{}))
	clean("its PDF by another name", p.asks(h, http.MethodGet, page+"/pdf?ten="+url.QueryEscape(evil), body{}))
	clean("a login", person{}.asks(h, http.MethodPost, web.LoginPath, fields("ten", "lan", "mat_khau", goodPassword, "tiep", "/"+evil)))
}

// TestOpenRedirects: a login leads to no other site, whatever a link says.
func TestOpenRedirects(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	hire(t, s, "lan", "", account.Drafter)
	for _, next := range []string{
		"//example.org", "https://example.org", `/\example.org`, `\\example.org`, "/\t/example.org", "/\n/example.org", "javascript:alert(1)", "example.org", "",
		" //example.org", "///example.org", "/\r/example.org", "data:text/html,x", "%2f%2fexample.org", "http:example.org",
	} {
		w := person{}.asks(h, http.MethodGet, web.LoginPath+"?tiep="+url.QueryEscape(next), body{})
		if !strings.Contains(w.Body.String(), `name="tiep" value="/"`) {
			t.Errorf("the page of the login would go on to %q", next)
		}
		w = person{}.asks(h, http.MethodPost, web.LoginPath, fields("ten", "lan", "mat_khau", goodPassword, "tiep", next))
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/" {
			t.Errorf("with %q: %d to %q", next, w.Code, w.Header().Get("Location"))
		}
	}
	for _, path := range []string{"//example.org/", "//example.org/%2e%2e", "/%5cexample.org", "/\\example.org"} {
		r := httptest.NewRequest(http.MethodGet, here+"/", nil)
		r.URL.Path, r.RequestURI = path, path
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if location := w.Header().Get("Location"); location != "" && !strings.HasPrefix(location, web.LoginPath+"?") {
			t.Errorf("%q leads to %q", path, location)
		}
	}
}

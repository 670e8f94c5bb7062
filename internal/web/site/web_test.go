package site

import (
	"bytes"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/xuri/excelize/v2"

	"vanthu/internal/web"
	"vanthu/internal/web/api"
)

// open returns a server in one-person mode over the real rooms, quiet.
func open(t *testing.T) *web.Server { return openOffice(t) }

// body is what a request carries, with its Content-Type.
type body struct {
	mediaType string
	data      []byte
}

func text(mediaType, data string) body { return body{mediaType, []byte(data)} }

// form makes a multipart body of parts: "data=du-lieu.yaml" is a file part, "ket_qua" a plain one; contents alternate with them.
func form(pairs ...string) body {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		var part io.Writer
		if name, file, isFile := strings.Cut(pairs[i], "="); isFile {
			part, _ = w.CreateFormFile(name, file)
		} else {
			part, _ = w.CreateFormField(name)
		}
		_, _ = io.WriteString(part, pairs[i+1])
	}
	_ = w.Close()
	return body{w.FormDataContentType(), b.Bytes()}
}

// here is where the service is: this machine.
const here = "http://127.0.0.1:8080"

func send(h http.Handler, method, path string, b body) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, here+path, bytes.NewReader(b.data))
	if b.mediaType != "" {
		r.Header.Set("Content-Type", b.mediaType)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const (
	vinhAm = "co_quan:\n  ten: |\n    ỦY BAN NHÂN DÂN\n    XÃ VĨNH AM\n  ky_hieu: UBND\ndia_danh: Vĩnh Am\n"
	matter = `loai: ke-hoach
so: "15"
ngay: 27/3/2026
trich_yeu: Tổng vệ sinh môi trường năm 2026
noi_dung: |
  I. MỤC ĐÍCH
  Giữ đường làng, ngõ xóm sạch sẽ.
  II. TỔ CHỨC THỰC HIỆN
  Các thôn tổng vệ sinh vào sáng thứ Bảy hằng tuần.
noi_nhan:
  - Các thôn
  - "Lưu: VT"
ky:
  chuc_vu:
    - TM. ỦY BAN NHÂN DÂN
    - CHỦ TỊCH
  ho_ten: Nguyễn Văn An
`
	plan    = matter + vinhAm
	badPlan = "loai: ke-hoach\nngay: 30/02/2026\n" + vinhAm // no such day, and most is missing
)

// quarter is a report with a table that is followed up.
const quarter = `loai: bao-cao-quy
so: "55"
ngay: 30/6/2026
trich_yeu: Hoạt động của Hội đồng nhân dân xã quý II năm 2026
ky_bao_cao: quý II năm 2026
ngay_chot: 25/6/2026
nguong_bien_dong: 500
chi_dao: Đã họp ba phiên.
ky_hop: Đã tổ chức một kỳ họp.
giam_sat: Đã giám sát hai chuyên đề.
tham_tra: Đã thẩm tra hai dự thảo nghị quyết.
tiep_xuc_cu_tri: Đã tổ chức bốn hội nghị.
hoat_dong_ban: Các Ban hoạt động đúng chương trình.
uu_diem: Bám sát chương trình năm.
han_che: Một số việc còn chậm.
nhiem_vu_ky_toi: Tổ chức kỳ họp giữa năm.
noi_nhan: ["UBND xã", "Lưu: VT"]
ky: {chuc_vu: [CHỦ TỊCH], ho_ten: Nguyễn Văn An}
nhiem_vu:
  - {noi_dung: Ban hành kế hoạch, chu_tri: Thường trực HĐND xã, thoi_han: 30/4/2026, ngay_hoan_thanh: 28/4/2026}
  - {noi_dung: Giám sát số hóa hồ sơ, chu_tri: Ban Văn hóa - Xã hội, thoi_han: 15/6/2026}
` + vinhAm

// quarterBefore is the report of the period before.
func quarterBefore() string {
	return strings.NewReplacer(`"55"`, `"10"`, "30/6/2026", "31/3/2026", "25/6/2026", "25/3/2026", "quý II", "quý I", "Đã", "Quý này đã",
		"28/4/2026", "28/02/2026", "30/4/2026", "15/3/2026").Replace(quarter)
}

// spoil puts a deadline that is no day into a progress workbook.
func spoil(t *testing.T, workbook string) string {
	t.Helper()
	book, err := excelize.OpenReader(strings.NewReader(workbook))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	row, err := book.SearchSheet("Nhiệm vụ", "Giám sát số hóa hồ sơ")
	heading, err2 := book.SearchSheet("Nhiệm vụ", "Thời hạn hoàn thành")
	if err != nil || err2 != nil || len(row) != 1 || len(heading) != 1 {
		t.Fatalf("%v %v, %v %v", row, err, heading, err2)
	}
	_, number, _ := excelize.SplitCellName(row[0])
	column, _, _ := excelize.SplitCellName(heading[0])
	cell, _ := excelize.JoinCellName(column, number)
	if err := book.SetCellStr("Nhiệm vụ", cell, "31/6/2026"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRequests(t *testing.T) {
	h := held(t, newSite(open(t)))
	example := dataExample(t, "ke-hoach")
	word := send(h, "POST", api.DocumentsPath, text(web.JsonType, string(example))).Body.String()
	workbook := send(h, "POST", api.DocumentsPath+"?format=xlsx", form("data=q.yaml", quarter)).Body.String()
	spoilt := spoil(t, workbook)
	big := strings.Repeat(" ", web.MaxData)
	const problemType = "application/problem+json"

	for _, test := range []struct {
		name, method, path string
		body               body
		status             int
		mediaType          string
		has, hasNot        []string
	}{
		{name: "health", method: "GET", path: "/healthz", status: 200, mediaType: web.JsonType, has: []string{`{"status":"ok"}`}, hasNot: []string{"$schema"}},
		{
			name: "kinds", method: "GET", path: "/api/v1/kinds", status: 200, mediaType: web.JsonType,
			has: []string{`"slug":"ke-hoach"`, `"name":"Kế hoạch"`}, hasNot: []string{"$schema"},
		},
		{name: "starter", method: "GET", path: "/api/v1/kinds/ke-hoach/starter", status: 200, mediaType: "application/yaml; charset=utf-8", has: []string{"loai: ke-hoach"}},
		{name: "starter workbook", method: "GET", path: "/api/v1/kinds/bao-cao-quy/starter?format=xlsx", status: 200, mediaType: web.ExcelType, has: []string{"PK\x03\x04", "xl/workbook.xml"}},
		{name: "starter of another format", method: "GET", path: "/api/v1/kinds/ke-hoach/starter?format=docx", status: 422, mediaType: problemType, has: []string{"query.format"}},
		{
			name: "unknown starter workbook is guessed", method: "GET", path: "/api/v1/kinds/kehoach/starter?format=xlsx", status: 404, mediaType: problemType,
			has: []string{`"code":"unknown-kind"`, "ke-hoach"},
		},
		{
			name: "unknown starter is guessed", method: "GET", path: "/api/v1/kinds/kehoach/starter", status: 404, mediaType: problemType,
			has: []string{"kehoach", `"code":"unknown-kind"`, "ke-hoach"},
		},

		{name: "json gives word", method: "POST", path: api.DocumentsPath, body: text(web.JsonType, string(example)), status: 200, mediaType: web.WordType, has: []string{"PK\x03\x04", "word/document.xml"}},
		{name: "json gives pdf", method: "POST", path: api.DocumentsPath + "?format=pdf", body: text("application/json; charset=utf-8", string(example)), status: 200, mediaType: web.PdfType, has: []string{"%PDF-", "%%EOF"}},
		{name: "yaml file gives word", method: "POST", path: api.DocumentsPath, body: form("data=ke.yaml", plan), status: 200, mediaType: web.WordType, has: []string{"PK\x03\x04"}},
		{name: "profile is taken", method: "POST", path: api.DocumentsPath, body: form("data=ke.yml", matter, "don_vi=don-vi.yaml", vinhAm), status: 200, mediaType: web.WordType, has: []string{"PK\x03\x04"}},
		{name: "profile is missed", method: "POST", path: api.DocumentsPath, body: form("data=ke.yml", matter), status: 422, mediaType: problemType, has: []string{`"field":"co_quan`}},
		{
			name: "findings", method: "POST", path: api.DocumentsPath, body: form("data=ke.yaml", badPlan), status: 422, mediaType: problemType,
			has: []string{`"title":"Dữ liệu cần sửa"`, `"status":422`, `"severity":"error"`, `"file":"ke.yaml"`, `"line":2`, "trich_yeu"}, hasNot: []string{"PK\x03\x04"},
		},
		{name: "unknown kind", method: "POST", path: api.DocumentsPath, body: text(web.JsonType, `{"loai":"ke-hoac"}`), status: 422, mediaType: problemType, has: []string{"ke-hoac", "“ke-hoach”"}},
		{
			name: "unknown format", method: "POST", path: api.DocumentsPath + "?format=odt", body: text(web.JsonType, string(example)), status: 422, mediaType: problemType,
			has: []string{"query.format", "cần một trong các giá trị"}, hasNot: []string{"expected", "validation"},
		},
		{name: "form without data", method: "POST", path: api.DocumentsPath, body: form("don_vi=ke.yaml", plan), status: 422, mediaType: problemType, has: []string{"Chưa có tệp dữ liệu"}},
		{name: "misspelt part", method: "POST", path: api.DocumentsPath, body: form("data=ke.yaml", plan, "bangg=a.csv", "x"), status: 422, mediaType: problemType, has: []string{"Không có phần “bangg”", "ky_truoc"}},
		{name: "file of another type", method: "POST", path: api.DocumentsPath, body: form("data=ke.odt", plan), status: 415, mediaType: problemType, has: []string{"Tệp dữ liệu “ke.odt”", ".xlsx hoặc .csv"}},
		{name: "table of another type", method: "POST", path: api.DocumentsPath, body: form("data=a.yaml", plan, "bang=a.csv", "a", "bang=b.yaml", "b"), status: 415, mediaType: problemType, has: []string{"Tệp số liệu các bảng “b.yaml”"}},
		{name: "period before of another type", method: "POST", path: api.DocumentsPath, body: form("data=a.yaml", plan, "ky_truoc=q1.docx", "a"), status: 415, mediaType: problemType, has: []string{"Tệp số liệu kỳ trước “q1.docx”"}},
		{name: "body of another type", method: "POST", path: api.DocumentsPath, body: text("text/plain", plan), status: 415, mediaType: problemType, has: []string{"application/json hoặc", "hoặc multipart/form-data"}},
		{name: "body of no type", method: "POST", path: api.DocumentsPath, body: text("", plan), status: 415, mediaType: problemType},
		{name: "form without boundary", method: "POST", path: api.DocumentsPath, body: text(web.FormType, plan), status: 400, mediaType: problemType},
		{name: "form cut off", method: "POST", path: api.DocumentsPath, body: text(web.FormType+"; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\nab"), status: 400, mediaType: problemType},
		{name: "one byte too many", method: "POST", path: api.DocumentsPath, body: text(web.JsonType, big+" "), status: 413, mediaType: problemType, has: []string{"16 MB"}},
		{name: "text just too large", method: "POST", path: api.DocumentsPath, body: text(web.JsonType, string(example)+big[:4<<20-len(example)+1]), status: 422, mediaType: problemType, has: []string{"file-too-large"}},
		{name: "text just not too large", method: "POST", path: api.DocumentsPath, body: text(web.JsonType, string(example)+big[:4<<20-len(example)]), status: 200, mediaType: web.WordType},

		{name: "report gives its workbook", method: "POST", path: api.DocumentsPath + "?format=xlsx", body: form("data=q.yaml", quarter), status: 200, mediaType: web.ExcelType, has: []string{"PK\x03\x04"}},
		{name: "plan has no workbook", method: "POST", path: api.DocumentsPath + "?format=xlsx", body: form("data=ke.yaml", plan), status: 422, mediaType: problemType, has: []string{"không có sổ theo dõi Excel"}},
		{name: "workbook is data", method: "POST", path: api.DocumentsPath, body: text(web.ExcelType, workbook), status: 200, mediaType: web.WordType},
		{name: "workbook in a form is data", method: "POST", path: api.DocumentsPath + "?format=pdf", body: form("data=q.XLSX", workbook), status: 200, mediaType: web.PdfType},
		{name: "no workbook", method: "POST", path: api.DocumentsPath, body: text(web.ExcelType, plan), status: 422, mediaType: problemType, has: []string{`"file":"du-lieu.xlsx"`}},
		{name: "period before is compared with", method: "POST", path: api.DocumentsPath, body: form("data=q.xlsx", workbook, "ky_truoc=q.yaml", quarterBefore()), status: 200, mediaType: web.WordType},
		{
			name: "period before with findings", method: "POST", path: api.DocumentsPath, body: form("data=q.yaml", quarter, "ky_truoc=q.yaml", "loai: [\n"), status: 422, mediaType: problemType,
			has: []string{`"file":"kỳ trước - q.yaml"`},
		},
		{name: "unchosen files are none", method: "POST", path: api.DocumentsPath, body: form("data=q.yaml", quarter, "bang=", "", "ky_truoc=", "", "don_vi=", ""), status: 200, mediaType: web.WordType},

		{name: "faulty cell is coloured", method: "POST", path: api.MarkedPath, body: form("data=số liệu.xlsx", spoilt), status: 200, mediaType: web.ExcelType, has: []string{"PK\x03\x04"}},
		{name: "faulty cell in a body is coloured", method: "POST", path: api.MarkedPath, body: text(web.ExcelType, spoilt), status: 200, mediaType: web.ExcelType},
		{name: "nothing to colour", method: "POST", path: api.MarkedPath, body: text(web.ExcelType, workbook), status: 204, has: []string{""}},
		{name: "fault in no cell", method: "POST", path: api.MarkedPath, body: text(web.ExcelType, "không phải bảng tính"), status: 422, mediaType: problemType, has: []string{`"findings"`}},
		{name: "text cannot be coloured", method: "POST", path: api.MarkedPath, body: form("data=q.yaml", quarter), status: 415, mediaType: problemType, has: []string{"“q.yaml” phải có đuôi .xlsx."}},
		{name: "body of text cannot be coloured", method: "POST", path: api.MarkedPath, body: text(web.JsonType, string(example)), status: 415, mediaType: problemType, has: []string{"spreadsheetml"}, hasNot: []string{"application/json"}},
		{name: "nothing to colour in", method: "POST", path: api.MarkedPath, body: form("don_vi=a.xlsx", workbook), status: 422, mediaType: problemType, has: []string{"Chưa có tệp dữ liệu"}},
		{
			name: "findings name the cell", method: "POST", path: api.DocumentsPath, body: form("data=q.xlsx", spoilt), status: 422, mediaType: problemType,
			has: []string{`"sheet":"Nhiệm vụ"`, `"cell":"`, "31/6/2026"},
		},

		{name: "word gives pdf", method: "POST", path: api.ConvertPath, body: text(web.WordType, word), status: 200, mediaType: web.PdfType, has: []string{"%PDF-"}},
		{name: "word in a form gives pdf", method: "POST", path: api.ConvertPath, body: form("file=a.docx", word), status: 200, mediaType: web.PdfType, has: []string{"%PDF-"}},
		{name: "no word file", method: "POST", path: api.ConvertPath, body: form("file=a.docx", "không phải tệp Word"), status: 422, mediaType: problemType, has: []string{`"file":"a.docx"`}},
		{name: "old word file", method: "POST", path: api.ConvertPath, body: form("file=a.doc", "x"), status: 415, mediaType: problemType, has: []string{".docx"}},

		{name: "no such address of the API", method: "GET", path: "/api/v1/nothing", status: 404, mediaType: problemType, has: []string{"Không tìm thấy"}},
		{name: "wrong method of the API", method: "PUT", path: api.DocumentsPath, status: 405, mediaType: problemType, has: []string{"POST"}},
		{name: "no such page", method: "GET", path: "/<b>", status: 404, mediaType: "text/html; charset=utf-8", has: []string{"Không tìm thấy", "&lt;b&gt;"}, hasNot: []string{"<b>"}},

		{
			name: "front page", method: "GET", path: "/", status: 200, mediaType: "text/html; charset=utf-8",
			has: []string{`lang="vi"`, "Kế hoạch", `href="/soan/ke-hoach"`, `href="/docs"`}, hasNot: []string{"http://", "https://", "style="},
		},

		{name: "viewer", method: "GET", path: "/docs", status: 200, mediaType: "text/html; charset=utf-8", has: []string{`spec-url="/openapi.json"`}, hasNot: []string{"https://"}},
		{name: "viewer's script", method: "GET", path: "/assets/rapidoc-min.js", status: 200, mediaType: "text/javascript; charset=utf-8"},
		{name: "its licence", method: "GET", path: "/assets/rapidoc-LICENSE.txt", status: 200, has: []string{"MIT License"}},
		{name: "no such asset", method: "GET", path: "/assets/no.css", status: 404},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := send(h, test.method, test.path, test.body)
			if w.Code != test.status {
				t.Fatalf("status %d, want %d\n%.2000s", w.Code, test.status, w.Body)
			}
			if got := w.Header().Get("Content-Type"); test.mediaType != "" && got != test.mediaType {
				t.Errorf("Content-Type %q, want %q", got, test.mediaType)
			}
			for _, part := range test.has {
				if !strings.Contains(w.Body.String(), part) {
					t.Errorf("no %q in\n%.2000s", part, w.Body)
				}
			}
			for _, part := range test.hasNot {
				if strings.Contains(w.Body.String(), part) {
					t.Errorf("%q in\n%.2000s", part, w.Body)
				}
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"} {
				if got := w.Header().Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
			if !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
				t.Error("no Content-Security-Policy")
			}
		})
	}
}

// A body whose length is not said is cut off at the limit while it is read.
func TestTooLargeWithoutLength(t *testing.T) {
	h := held(t, newSite(open(t)))
	for _, b := range []body{text(web.JsonType, strings.Repeat(" ", web.MaxData+1)), form("data=a.yaml", strings.Repeat(" ", web.MaxData))} {
		r := httptest.NewRequest("POST", here+api.DocumentsPath, struct{ io.Reader }{bytes.NewReader(b.data)})
		r.Header.Set("Content-Type", b.mediaType)
		r.ContentLength = -1
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusRequestEntityTooLarge {
			t.Errorf("%.20s: status %d, want 413", b.mediaType, w.Code)
		}
	}
}

func TestHead(t *testing.T) {
	server := httptest.NewServer(held(t, newSite(open(t))))
	defer server.Close()
	answer, err := http.Head(server.URL + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != 200 || answer.ContentLength <= 0 {
		t.Errorf("status %d, length %d", answer.StatusCode, answer.ContentLength)
	}
}

func TestWrongMethodSaysAllow(t *testing.T) {
	if got := send(held(t, newSite(open(t))), "DELETE", api.ConvertPath, body{}).Header().Get("Allow"); got != "POST" {
		t.Errorf("Allow is %q", got)
	}
}

func TestRequestID(t *testing.T) {
	h := held(t, newSite(open(t)))
	for _, test := range []struct{ name, sent, want string }{
		{"echoed", "van-thu.42", "van-thu.42"},
		{"generated", "", ""},
		{"not echoed when it is no token", "a b<script>", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("GET", here+"/healthz", nil)
			r.Header.Set("X-Request-Id", test.sent)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			got := w.Header().Get("X-Request-Id")
			if test.want != "" && got != test.want || !web.GoodRequestID.MatchString(got) {
				t.Errorf("X-Request-Id is %q", got)
			}
		})
	}
}

func TestPanic(t *testing.T) {
	var log bytes.Buffer
	s := open(t)
	s.Log = slog.New(slog.NewTextHandler(&log, nil))
	engine := s.Engine(routesOf(s)...)
	for _, path := range []string{"/api/v1/panic", "/panic"} {
		s.Routes["GET "+path] = web.Route{}
		engine.GET(path, func(*gin.Context) { panic("secret") })
		w := send(engine, "GET", path, body{})
		if w.Code != 500 {
			t.Errorf("%s: status %d", path, w.Code)
		}
		id := w.Header().Get("X-Request-Id")
		if answer := w.Body.String(); strings.Contains(answer, "secret") || strings.Contains(answer, ".go:") || !strings.Contains(answer, id) {
			t.Errorf("%s: answer is\n%s", path, answer)
		}
		if !strings.Contains(log.String(), "secret") || !strings.Contains(log.String(), id) {
			t.Errorf("%s: the log is\n%s", path, log.String())
		}
	}
}

func TestBusy(t *testing.T) {
	s := open(t)
	s.Gate = web.NewGate(1, 1)
	h := held(t, newSite(s))
	example := dataExample(t, "ke-hoach")
	if w := send(h, "POST", api.DocumentsPath, body{web.JsonType, example}); w.Code != 200 {
		t.Fatalf("status %d with a seat free", w.Code)
	}
	s.Gate.TryAcquire()
	w := send(h, "POST", api.DocumentsPath, body{web.JsonType, example})
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("status %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	if w := send(h, "GET", "/healthz", body{}); w.Code != 200 {
		t.Errorf("health is %d while busy", w.Code)
	}
	s.Gate.Release()
	if w := send(h, "POST", api.DocumentsPath, body{web.JsonType, example}); w.Code != 200 {
		t.Errorf("status %d after a seat came free", w.Code)
	}
}

func TestAssetIsNotSentAgain(t *testing.T) {
	h := held(t, newSite(open(t)))
	tag := send(h, "GET", "/assets/desk.css", body{}).Header().Get("ETag")
	r := httptest.NewRequest("GET", here+"/assets/desk.css", nil)
	r.Header.Set("If-None-Match", tag)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if tag == "" || w.Code != http.StatusNotModified {
		t.Errorf("ETag %q, status %d", tag, w.Code)
	}
}

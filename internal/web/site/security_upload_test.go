package site

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"vanthu/internal/account"
	"vanthu/internal/testenv"
	"vanthu/internal/vi"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
	"vanthu/internal/web/desk"
	"vanthu/internal/web/desk/batch"
)

// traversals are names that would lead out of a folder, or be no file, where somebody took them at their word. Each gets an ending.
var traversals = []string{
	"../../../etc/thoat", `..\..\thoat`, "/etc/thoat", `C:\Windows\thoat`, `\\may\chia\thoat`, "a/../../thoat", "..", ".", "...", "thoat\x00", "thoat\r\nX-Evil: 1\r\n",
	"%2e%2e%2fthoat", "..%5cthoat", "thoat;rm -rf", "CON", "thoat:stream", strings.Repeat("thoat", 5000), vi.NFC("Báo cáo thoat"), "Báo cáo thoat",
	"thoat\u202e", "\xff\xfethoat",
}

// TestPathTraversal sends files under such names to every address that takes files, alone and in ZIP files. Nothing is written outside the
// folders of the service, and no answer names a file in a way that a browser could write it outside its own.
func TestPathTraversal(t *testing.T) {
	root := t.TempDir()
	s := openOfficeAt(t, filepath.Join(root, "so"), filepath.Join(root, "tep"))
	h := held(t, newSite(s))
	p := hire(t, s, "lan", "", account.Admin)
	temporary := filepath.Join(root, "tam")
	if err := os.Mkdir(temporary, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temporary)
	word := p.asks(h, http.MethodPost, api.DocumentsPath, form("data=a.yaml", plan)).Body.String()
	whole := []string{}
	for i, name := range traversals {
		for _, at := range []struct {
			path, part, ending, data string
		}{
			{api.DocumentsPath + "?format=zip", "data", ".yaml", plan},
			{api.ConvertPath, "file", ".docx", word},
			{batch.ConvertPage, "file", ".docx", word},
			{"/tep", "data", ".yaml", plan},
			{"/mau/ke-hoach", "tep", ".docx", "PK"},
			{"/so-dang-ky/nhap", "tep", ".csv", "Số và ký hiệu văn bản,\"Ngày, tháng văn bản\"\n01/KH-UBND,27/3/2026\n"},
		} {
			if i%2 == 1 && at.part == "file" {
				continue // the rest tells enough
			}
			w := p.asks(h, http.MethodPost, at.path, form(at.part+"="+name+at.ending, at.data))
			namedSafely(t, fmt.Sprintf("%s with %.40q", at.path, name), w.Code, w.Header())
			if location := w.Header().Get("Location"); strings.HasPrefix(location, desk.FilePath+"/") {
				w = p.asks(h, http.MethodPost, location+"/tai-ve", fields("dang", web.AsZIP))
				namedSafely(t, fmt.Sprintf("what was made of %.40q", name), w.Code, w.Header())
			} else if strings.HasPrefix(location, batch.ConvertPage) {
				page, query, _ := strings.Cut(location, "?")
				w = p.asks(h, http.MethodGet, page+"/pdf?"+query, body{})
				namedSafely(t, fmt.Sprintf("the PDF of %.40q", name), w.Code, w.Header())
			}
		}
		if len(name) < 1000 {
			whole = append(whole, name+".yaml", strings.Replace(plan, `"15"`, fmt.Sprintf(`"%d"`, 20+i), 1))
		}
	}
	w := p.asks(h, http.MethodPost, web.BatchesPath, form("data=../../lo.zip", zipped(t, whole...)))
	start(t, s)
	id := decoded[web.BatchProgress](t, w).ID
	await(t, "the batch", func() bool {
		return web.Ended(decoded[web.BatchProgress](t, p.asks(h, http.MethodGet, web.BatchesPath+"/"+id, body{})).State)
	})
	archived := p.asks(h, http.MethodGet, web.BatchesPath+"/"+id+"/archive", body{})
	namedSafely(t, "the archive", archived.Code, archived.Header())
	for _, name := range namesIn(t, archived.Body.Bytes()) {
		if !fs.ValidPath(name) || strings.ContainsAny(name, "\\:\x00\r\n") || len(name) > 512 {
			t.Errorf("the archive has a file %q", name)
		}
	}
	for _, query := range []string{"../../../etc/thoat.docx", `C:\thoat.docx`, "thoat%0d%0aX-Evil: 1.docx"} {
		for _, path := range []string{"/so-dang-ky/tai-ve?nam=2026&day=", "/mau/ke-hoach/tai-ve?ban="} {
			w := p.asks(h, http.MethodGet, path+strings.ReplaceAll(query, " ", "%20"), body{})
			namedSafely(t, path+query, w.Code, w.Header())
		}
	}
	for _, path := range []string{
		"/assets/../web.go", "/assets/..%2fweb.go", "/assets/%2e%2e/web.go", `/assets/..\web.go`, "/phong-chu/../../etc/passwd", "/phong-chu/..%2f0",
		"/van-ban/..%2f..%2f/tep/x", "/tep/..%2f..%2fso", "/chuyen-pdf/..%2f..%2fx/pdf", "/mau/..%2fke-hoach/tai-ve", "/api/v1/kinds/..%2fke-hoach/template",
	} {
		if w := p.asks(h, http.MethodGet, path, body{}); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	outside(t, root)
}

// outside looks for files that were not meant to be where they are.
func outside(t *testing.T, root string) {
	t.Helper()
	for _, folder := range []string{root, filepath.Dir(root), "/etc", "."} {
		list, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range list {
			if strings.Contains(entry.Name(), "thoat") {
				t.Errorf("%s lies in %s", entry.Name(), folder)
			}
		}
	}
	if list, _ := os.ReadDir(root); len(list) != 3 {
		t.Errorf("beside the database, the files and the temporary ones there are others: %v", list)
	}
}

// namedSafely looks at what an answer would have the browser call a file.
func namedSafely(t *testing.T, where string, status int, header http.Header) {
	t.Helper()
	if status >= 500 {
		t.Errorf("%s: %d", where, status)
	}
	for name, values := range header {
		for _, value := range values {
			if strings.ContainsAny(value, "\r\n\x00") || !utf8.ValidString(value) || len(value) > 8<<10 {
				t.Errorf("%s: %s is %.100q (%d bytes)", where, name, value, len(value))
			}
		}
	}
	if header.Get("X-Evil") != "" {
		t.Errorf("%s: a header was made by data", where)
	}
	value := header.Get("Content-Disposition")
	if value == "" {
		return
	}
	plain, late, _ := strings.Cut(value, "; filename*=UTF-8''")
	_, early, err := mime.ParseMediaType(plain)
	named, err2 := url.PathUnescape(late)
	if err != nil || err2 != nil {
		t.Errorf("%s: %q: %v %v", where, value, err, err2)
	}
	for _, name := range []string{early["filename"], named} {
		if name == "" || strings.ContainsAny(name, "/\\\x00\r\n\"") || strings.ContainsRune(name, '\u202e') || len(name) > 1024 {
			t.Errorf("%s: the file is called %.100q", where, name)
		}
	}
}

// spaces is 192 MB that begin as XML does and go on with spaces, packed.
var spaces = sync.OnceValues(func() (packed []byte, header zip.FileHeader) {
	const megabytes = 192
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestSpeed) // the level is one
	sum := crc32.NewIEEE()
	text := append([]byte(`<?xml version="1.0" encoding="UTF-8"?><x>`), bytes.Repeat([]byte(" "), 1<<20)...)
	for range megabytes {
		_, _ = w.Write(text)
		_, _ = sum.Write(text)
		text = text[len(text)-1<<20:]
	}
	_ = w.Close()
	begins := uint64(len(`<?xml version="1.0" encoding="UTF-8"?><x>`))
	return b.Bytes(), zip.FileHeader{Method: zip.Deflate, CRC32: sum.Sum32(), CompressedSize64: uint64(b.Len()), UncompressedSize64: begins + megabytes<<20}
})

// bomb is many bytes in few: a ZIP file whose entries have 192 MB each, and may say that it is but 100 bytes.
func bomb(t *testing.T, lie bool, names ...string) string {
	t.Helper()
	packed, header := spaces()
	var whole bytes.Buffer
	archive := zip.NewWriter(&whole)
	for _, name := range names {
		entered := header
		entered.Name = name
		if lie {
			entered.UncompressedSize64 = 100
		}
		entry, err := archive.CreateRaw(&entered)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = entry.Write(packed)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return whole.String()
}

// TestZipBombUpload sends bombs to every address that opens ZIP files: they are refused, and not unpacked far.
func TestZipBombUpload(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	p := hire(t, s, "lan", "", account.Admin)
	start(t, s)
	const maxAllocated = 400 << 20
	workbook := []string{"[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"}
	text := []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/_rels/document.xml.rels", "word/styles.xml", "word/numbering.xml", "word/header1.xml"}
	var crowd []string // of entries
	for i := range 60_000 {
		crowd = append(crowd, fmt.Sprintf("xl/%d", i), "")
	}
	many := zipped(t, crowd...)
	for _, lie := range []bool{false, true} {
		sheets, words := bomb(t, lie, workbook...), bomb(t, lie, text...)
		type sending struct {
			path string
			sent body
		}
		for _, at := range testenv.Share([]sending{
			{api.DocumentsPath, form("data=a.xlsx", sheets)},
			{api.DocumentsPath, form("data=a.yaml", quarter, "bang=a.xlsx", sheets, "bang=b.xlsx", sheets)},
			{api.DocumentsPath, form("data=a.yaml", quarter, "ky_truoc=a.xlsx", sheets)},
			{api.DocumentsPath, form("data=a.xlsx", many)},
			{api.MarkedPath, form("data=a.xlsx", sheets)},
			{api.ConvertPath, form("file=a.docx", words)},
			{api.ConvertPath, form("file=a.docx", many)},
			{batch.ConvertPage, form("file=a.docx", words)},
			{"/tep", form("data=a.xlsx", sheets)},
			{"/tep", form("data=a.docx", words)},
			{"/tep", form("data=a.docx", many)},
			{"/mau/ke-hoach", form("tep=a.docx", words)},
			{"/mau/ke-hoach", form("tep=a.docx", many)},
			{"/so-dang-ky/nhap", form("tep=a.xlsx", sheets)},
			{web.BatchesPath, form("data=a.zip", bomb(t, lie, "a.xlsx", "b.yaml", "c.csv", "d.json"))},
			{web.BatchesPath, form("data=a.zip", zipped(t, "a.xlsx", sheets, "b.xlsx", many))},
			{web.BatchesPath, form("data=a.xlsx", sheets)},
		}, 3) {
			took := testenv.Allocated(func() { bombed(t, h, p, at.path, at.sent) })
			t.Logf("%s: %d MB", at.path, took>>20)
			if took > maxAllocated {
				t.Errorf("%s: %d MB allocated", at.path, took>>20)
			}
		}
	}
}

// bombed sends a bomb, and sees that no document comes of it.
func bombed(t *testing.T, h http.Handler, p person, path string, sent body) {
	w := p.asks(h, http.MethodPost, path, sent)
	switch location, _, _ := strings.Cut(w.Header().Get("Location"), "?"); {
	case path == web.BatchesPath && w.Code == http.StatusAccepted:
		id := decoded[web.BatchProgress](t, w).ID
		var status web.BatchProgress
		await(t, "the batch", func() bool {
			status = decoded[web.BatchProgress](t, p.asks(h, http.MethodGet, web.BatchesPath+"/"+id, body{}))
			return web.Ended(status.State)
		})
		if status.Made > 0 {
			t.Errorf("%s: a document is made of a bomb", path)
		}
	case w.Code == http.StatusSeeOther: // it is kept; its page says what is wrong
		shown := p.asks(h, http.MethodGet, location, body{})
		if strings.Contains(shown.Body.String(), "Dữ liệu đủ để làm văn bản") || shown.Code >= 500 {
			t.Errorf("%s: the page of a bomb: %d", path, shown.Code)
		}
	case w.Code < 400 || w.Code >= 500:
		t.Errorf("%s: %d", path, w.Code)
	}
}

package site

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"

	"vanthu/internal/web"
)

func TestBatchRefusals(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	h := held(t, newSite(openOffice(t)))
	good := threeUnits(t)
	for _, test := range []struct {
		name, key string
		body      body
		status    int
		has       string
	}{
		{"no form", "", text(web.JsonType, "{}"), 415, web.FormType},
		{"no type", "", text("", good), 415, web.FormType},
		{"no data", "", form("summary", "true"), 422, "phần “data”"},
		{"empty data", "", form("data=a.zip", ""), 422, "phần “data”"},
		{"document", "", form("data=a.docx", good), 415, ".zip hoặc .xlsx hoặc .csv"},
		{"data of one document", "", form("data=a.yaml", plan), 415, "“a.yaml”"},
		{"no file name", "", form("data", good), 415, ".zip"},
		{"no ZIP file", "", form("data=a.zip", plan), 415, "không phải tệp ZIP"},
		{"no workbook", "", form("data=a.xlsx", plan), 415, "không phải tệp ZIP"},
		{"unknown part", "", form("data=a.zip", good, "sumary", "true"), 422, "“sumary”"},
		{"part sent twice", "", form("data=a.zip", good, "data=b.zip", good), 422, "một phần “data”"},
		{"neither true nor false", "", form("data=a.zip", good, "numbers", "có"), 422, "true hoặc false"},
		{"unknown format", "", form("data=a.zip", good, "format", "docx,odt"), 422, "“odt”"},
		{"profile too large", "", form("don_vi=don-vi.yaml", strings.Repeat(" ", web.MaxField+1), "data=a.zip", good), 413, "1 MB"},
		{"key too long", strings.Repeat("a", 201), form("data=a.zip", good), 422, "Idempotency-Key"},
		{"key with accents", "cuối-năm", form("data=a.zip", good), 422, "Idempotency-Key"},
		{"form cut off", "", text(web.FormType+"; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a.csv\"\r\n\r\nab"), 400, "đứt quãng"},
		{"form without boundary", "", text(web.FormType, good), 400, "multipart/form-data"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := httptest.NewRequest("POST", here+web.BatchesPath, bytes.NewReader(test.body.data))
			r.Header.Set("Content-Type", test.body.mediaType)
			r.Header.Set("Idempotency-Key", test.key)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != test.status || w.Header().Get("Content-Type") != "application/problem+json" || !strings.Contains(w.Body.String(), test.has) {
				t.Errorf("status %d, want %d and %q\n%s", w.Code, test.status, test.has, w.Body)
			}
		})
	}
	nothingLeft(t)
}

// nothingLeft sees that no upload stays in the folder of temporary files.
func nothingLeft(t *testing.T) {
	t.Helper()
	entries, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		t.Errorf("%s is left", entry.Name())
	}
}

func TestUploadSaysWhatToDo(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	sent := form("numbers", "true", "format", "pdf", "don_vi=don-vi.yaml", vinhAm, "data=C:\\tệp\\Cuối năm.XLSX", "PK…", "summary", "false")
	got := received(t, sent)
	defer got.Remove()
	if o := got.Order; !o.Numbers || o.Summary || !o.PDF || o.XLSX || string(o.Profile) != vinhAm || o.Name != "Cuối năm" {
		t.Errorf("order %+v", o)
	}
	if data, err := io.ReadAll(got.File); got.Name != "Cuối năm.XLSX" || string(data) != "PK…" || got.Size != int64(len(data)) || err != nil {
		t.Errorf("%s of %d bytes: %q, %v", got.Name, got.Size, data, err)
	}
	all := received(t, form("data=a.csv", "Đơn vị"))
	defer all.Remove()
	if o := all.Order; o.Numbers || o.Summary || !o.PDF || !o.XLSX || o.Profile != nil {
		t.Errorf("order of nothing but data %+v", o)
	}
}

// received is the form of a request.
func received(t *testing.T, b body) *web.Upload {
	t.Helper()
	c, _ := gin.CreateTestContext(httptest.NewRecorder())
	c.Request = httptest.NewRequest("POST", here+web.BatchesPath, bytes.NewReader(b.data))
	c.Request.Header.Set("Content-Type", b.mediaType)
	got, err := web.Receive(c)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Whatever is sent: it is taken, or refused with a reason and nothing is left of it.
func FuzzUpload(f *testing.F) {
	f.Setenv("TMPDIR", f.TempDir())
	for _, seed := range []body{
		form("data=a.csv", "Đơn vị"), form("data=a.zip", "PK", "don_vi=x", vinhAm, "summary", "true"), form("format", "docx,odt", "data=a.xlsx", "PK"), form("data=a.csv", "x", "data=b.csv", "y"),
	} {
		f.Add(seed.mediaType, seed.data)
	}
	f.Fuzz(func(t *testing.T, mediaType string, data []byte) {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest("POST", here+web.BatchesPath, bytes.NewReader(data))
		c.Request.Header.Set("Content-Type", mediaType)
		got, err := web.Receive(c)
		if refused := (*web.Problem)(nil); err != nil && !errors.As(err, &refused) {
			t.Errorf("a fault: %v", err)
		}
		if err == nil {
			if info, err := got.File.Stat(); err != nil || info.Size() != got.Size || got.Size == 0 {
				t.Errorf("%d bytes said, %v", got.Size, err)
			}
			got.Remove()
		}
		nothingLeft(t)
	})
}

// endless is a body that is not over.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	e.read += int64(len(p))
	clear(p)
	return len(p), nil
}

func TestBatchTooLarge(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	h := held(t, newSite(openOffice(t)))
	head := "--x\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a.csv\"\r\n\r\n"
	for _, test := range []struct {
		name       string
		said, most int64 // bytes that are said to come, and that are read at most
	}{
		{"refused before it is read", web.MaxBatch + 1, 0},
		{"cut off where its length is not said", -1, web.MaxBatch + 1<<20},
	} {
		t.Run(test.name, func(t *testing.T) {
			rest := &endless{}
			r := httptest.NewRequest("POST", here+web.BatchesPath, io.MultiReader(strings.NewReader(head), rest))
			r.Header.Set("Content-Type", web.FormType+"; boundary=x")
			r.ContentLength = test.said
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusRequestEntityTooLarge || !strings.Contains(w.Body.String(), "256 MB") || rest.read > test.most {
				t.Errorf("status %d after %d bytes: %s", w.Code, rest.read, w.Body)
			}
		})
	}
	nothingLeft(t)
}

// A large upload goes to the disk in pieces: what is allocated on the way does not grow with it.
func TestUploadKeepsMemoryFlat(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	const size, most = 200 << 20, 20 << 20 // bytes
	h := held(t, newSite(openOffice(t)))
	head := "--x\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a.zip\"\r\n\r\nPK"
	r := httptest.NewRequest("POST", here+web.BatchesPath, io.MultiReader(strings.NewReader(head), io.LimitReader(&endless{}, size), strings.NewReader("\r\n--x--\r\n")))
	r.Header.Set("Content-Type", web.FormType+"; boundary=x")
	w := httptest.NewRecorder()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	h.ServeHTTP(w, r)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; w.Code != http.StatusAccepted || took > most {
		t.Errorf("status %d; %d MB allocated for %d MB", w.Code, took>>20, size>>20)
	}
	nothingLeft(t)
}

func TestUploadsAtOnce(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	for range web.MaxUploads {
		s.Uploads.TryAcquire()
	}
	sent := form("data=a.zip", threeUnits(t))
	w := send(h, "POST", web.BatchesPath, sent)
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("status %d, headers %v", w.Code, w.Header())
	}
	if w := send(h, "GET", web.BatchesPath, body{}); w.Code != 200 {
		t.Errorf("looking: status %d", w.Code)
	}
	s.Uploads.Release()
	if w := send(h, "POST", web.BatchesPath, sent); w.Code != http.StatusAccepted {
		t.Errorf("after a place came free: status %d %s", w.Code, w.Body)
	}
	if n := len(s.Uploads); n != web.MaxUploads-1 {
		t.Errorf("%d places taken", n)
	}
}

// What is logged of a batch names no file.
func TestLogOfABatch(t *testing.T) {
	var log bytes.Buffer
	s := openOffice(t, func(c *web.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	h := held(t, newSite(s))
	send(h, "POST", web.BatchesPath, form("data=Nguyễn Văn A.zip", threeUnits(t)))
	send(h, "POST", web.BatchesPath, form("data=Nguyễn Văn A.doc", "x"))
	if lines := log.String(); strings.Contains(lines, "Nguy") || strings.Count(lines, fmt.Sprintf("route=%s", web.BatchesPath)) != 2 {
		t.Errorf("the log is\n%s", lines)
	}
}

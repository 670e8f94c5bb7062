package site

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"vanthu/internal/account"
	"vanthu/internal/store"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
	"vanthu/internal/web/desk/batch"
)

// A browser without scripts sends the form to the page itself; its check boxes come as parts of one name.
func TestABatchFromThePage(t *testing.T) {
	s := openOffice(t)
	h, lan := newSite(s), hire(t, s, "lan", "", account.Clerk)
	w := lan.asks(h, "POST", batch.BatchPath, form("format", "docx", "format", "pdf", "data=Ba xã.zip", threeUnits(t)))
	at := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(at, batch.BatchPath+"/") {
		t.Fatalf("status %d to %q %s", w.Code, at, w.Body)
	}
	if shown := lan.asks(h, "GET", at, body{}).Body.String(); !strings.Contains(shown, "data-events=") || !strings.Contains(shown, "Dừng lại") {
		t.Error("the page does not follow the batch")
	}
	start(t, s)
	id := strings.TrimPrefix(at, batch.BatchPath+"/")
	await(t, "the batch is done", func() bool {
		status, err := s.Jobs.Status(t.Context(), id)
		return err == nil && web.Ended(status.State)
	})
	t.Run("tells of each unit", func(t *testing.T) {
		shown := lan.asks(h, "GET", at, body{}).Body.String()
		for _, want := range []string{"Ba xã", "Xong, có lỗi", "15/KH-UBND", "16/KH-UBND", "Dữ liệu có lỗi", "30/02/2026", "Tải tất cả về (ZIP)", at + "/tep/1/1"} {
			if !strings.Contains(shown, want) {
				t.Errorf("the page has no %q", want)
			}
		}
		for _, not := range []string{"data-events=", "Dừng lại", ">Excel</a>"} {
			if strings.Contains(shown, not) {
				t.Errorf("the page has %q", not)
			}
		}
	})
	t.Run("of one state", func(t *testing.T) {
		shown := lan.asks(h, "GET", at+"/ket-qua?tinh-trang=refused", body{}).Body.String()
		if !strings.Contains(shown, "xa-hong") || strings.Contains(shown, "15/KH-UBND") || strings.Contains(shown, "<html") {
			t.Errorf("the table is\n%s", shown)
		}
	})
	t.Run("gives each file", func(t *testing.T) {
		for link, want := range map[string]string{"/tep/1/0": web.WordType, "/tep/1/1": web.PdfType} {
			if w := lan.asks(h, "GET", at+link, body{}); w.Code != 200 || w.Header().Get("Content-Type") != want || w.Body.Len() == 0 {
				t.Errorf("%s: status %d, %s", link, w.Code, w.Header().Get("Content-Type"))
			}
		}
		for _, link := range []string{"/tep/1/7", "/tep/9/0", "/tep/1/-1", "/tep/x/y"} {
			if w := lan.asks(h, "GET", at+link, body{}); w.Code != http.StatusNotFound {
				t.Errorf("%s: status %d", link, w.Code)
			}
		}
	})
	t.Run("is listed", func(t *testing.T) {
		if shown := lan.asks(h, "GET", batch.BatchPath, body{}).Body.String(); !strings.Contains(shown, at) || !strings.Contains(shown, "2/3") {
			t.Error("the list does not tell of it")
		}
	})
	t.Run("is in the audit", func(t *testing.T) {
		acts, err := s.Store.Acts(t.Context(), store.ActFilter{Action: "start-batch"})
		if err != nil || len(acts) != 1 || acts[0].Login != "lan" || acts[0].Subject != "Ba xã" {
			t.Errorf("%v, %+v", err, acts)
		}
	})
}

func TestABatchIsStoppedAndTakenUpOnThePage(t *testing.T) {
	s := openOffice(t)
	h, lan := newSite(s), hire(t, s, "lan", "", account.Clerk)
	id := planned(t, s)
	at := batch.BatchPath + "/" + id
	for _, step := range []struct {
		path string
		want store.BatchState
	}{{"/huy", store.Cancelled}, {"/lam-lai", store.Running}} {
		if w := lan.asks(h, "POST", at+step.path, fields()); w.Header().Get("Location") != at {
			t.Fatalf("%s: status %d %s", step.path, w.Code, w.Body)
		}
		if status, err := s.Jobs.Status(t.Context(), id); err != nil || status.State != step.want {
			t.Errorf("%s: %v, %+v", step.path, err, status)
		}
	}
}

// The form of a page may be larger than memory: of one from another site nothing is read.
func TestABatchFromAForeignPage(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s := openOffice(t)
	h, lan := newSite(s), hire(t, s, "lan", "", account.Clerk)
	sent := form("data=a.zip", threeUnits(t))
	r := httptest.NewRequest(http.MethodPost, here+batch.BatchPath, strings.NewReader(string(sent.data)))
	r.Header.Set("Content-Type", sent.mediaType)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.AddCookie(lan.cookie)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("status %d", w.Code)
	}
	if kept, err := s.Jobs.Batches(t.Context(), 10); err != nil || len(kept) != 0 {
		t.Errorf("%v, kept %+v", err, kept)
	}
	nothingLeft(t)
}

func TestAPageOfABatchBelongsToAnOffice(t *testing.T) {
	s := openOffice(t)
	h := newSite(s)
	addOffices(t, s, "xa-vinh-am")
	mai := hire(t, s, "mai", "xa-vinh-am", account.Admin)
	id := planned(t, s) // of the office ""
	for _, r := range batch.New(desk.New(s)).Routes() {
		if !strings.Contains(r.Path, "/:id") {
			continue
		}
		path := strings.NewReplacer(":id", id, ":stt", "1", ":n", "0").Replace(r.Path)
		sent := body{}
		if r.Method == "POST" {
			sent = fields()
		}
		if w := mai.asks(h, r.Method, path, sent); w.Code != http.StatusNotFound {
			t.Errorf("%s %s: status %d", r.Method, path, w.Code)
		}
	}
	if shown := mai.asks(h, "GET", batch.BatchPath, body{}).Body.String(); strings.Contains(shown, id) {
		t.Error("the list of another office names it")
	}
}

// What a batch makes of all its units is told and given beside what it makes of each.
func TestTheConsolidatedReportOnThePage(t *testing.T) {
	s := openOffice(t)
	h, lan := newSite(s), hire(t, s, "lan", "", account.Clerk)
	sample := func(name string) string {
		data, err := os.ReadFile("../../../samples/cuoi-nam-2026/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	sent := zipped(t, "tong-hop.yaml", sample("tong-hop.yaml"), "don-vi.yaml", sample("don-vi.yaml"), "dac-khu-kien-ngoc.xlsx", sample("dac-khu-kien-ngoc.xlsx"))
	w := lan.asks(h, "POST", batch.BatchPath, form("format", "docx", "format", "pdf", "data=Cuối năm.zip", sent))
	at := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther {
		t.Fatalf("status %d %s", w.Code, w.Body)
	}
	if w := lan.asks(h, "GET", at+"/tep/tong-hop/0", body{}); w.Code != http.StatusNotFound {
		t.Errorf("before it is made: status %d", w.Code)
	}
	start(t, s)
	await(t, "the batch is done", func() bool {
		status, err := s.Jobs.Status(t.Context(), strings.TrimPrefix(at, batch.BatchPath+"/"))
		return err == nil && web.Ended(status.State)
	})
	shown := lan.asks(h, "GET", at, body{}).Body.String()
	for _, want := range []string{"<h2 id=\"tong-hop\">Báo cáo tổng hợp</h2>", "412/BC-HĐND", at + "/tep/tong-hop/0", at + "/tep/tong-hop/1"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	for link, want := range map[string]string{"0": web.WordType, "1": web.PdfType} {
		if w := lan.asks(h, "GET", at+"/tep/tong-hop/"+link, body{}); w.Code != 200 || w.Header().Get("Content-Type") != want || w.Body.Len() == 0 {
			t.Errorf("%s: status %d, %s", link, w.Code, w.Header().Get("Content-Type"))
		}
	}
}

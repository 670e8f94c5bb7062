package site

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"vanthu/internal/account"
	"vanthu/internal/store"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
)

func TestPrefersAsync(t *testing.T) {
	for prefer, want := range map[string]bool{
		"respond-async": true, "Respond-Async; wait=10": true, "handling=lenient, respond-async": true, "": false, "wait=10": false, "respond-asynchronously": false,
	} {
		if api.PrefersAsync(prefer) != want {
			t.Errorf("%q: %t", prefer, !want)
		}
	}
}

// later sends a document with Prefer: respond-async.
func later(h http.Handler, key, path string, b body) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", here+path, bytes.NewReader(b.data))
	r.Header.Set("Content-Type", b.mediaType)
	r.Header.Set("Prefer", api.RespondAsync)
	r.Header.Set("Idempotency-Key", key)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestADocumentLater(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	sent := form("data=Quý II.yaml", strings.Replace(quarter, vinhAm, "", 1), "ky_truoc=cu.yaml", quarterBefore(), "don_vi=don-vi.yaml", vinhAm)
	w := later(h, "q2", api.DocumentsPath+"?format=pdf", sent)
	told := decoded[web.BatchProgress](t, w)
	at := w.Header().Get("Location")
	if w.Code != http.StatusAccepted || at != web.BatchesPath+"/"+told.ID || w.Header().Get("Preference-Applied") != api.RespondAsync || w.Header().Get("Retry-After") == "" {
		t.Fatalf("status %d, headers %v %s", w.Code, w.Header(), w.Body)
	}
	if again := later(h, "q2", api.DocumentsPath+"?format=pdf", sent); again.Code != http.StatusAccepted || again.Header().Get("Location") != at {
		t.Errorf("sent again: status %d to %q", again.Code, again.Header().Get("Location"))
	}
	if other := later(h, "q2", api.DocumentsPath+"?format=docx", sent); other.Code != http.StatusUnprocessableEntity || !strings.Contains(other.Body.String(), "Idempotency-Key") {
		t.Errorf("another request of the same key: status %d %s", other.Code, other.Body)
	}
	start(t, s)
	if done := awaitEnd(t, h, told.ID); done.State != store.Done || done.Made != 1 || done.Total != 1 {
		t.Fatalf("in the end %+v", done)
	}
	names := strings.Join(namesIn(t, send(h, "GET", at+"/archive", body{}).Body.Bytes()), " ")
	if !strings.Contains(names, ".docx") || !strings.Contains(names, ".pdf") || strings.Contains(names, ".xlsx") {
		t.Errorf("its files are %q", names)
	}
}

func TestADocumentThatCannotComeLater(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	if w := later(h, "", api.DocumentsPath, form("data=a.yaml", quarter, "bang=a.csv", "x")); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "“bang”") {
		t.Errorf("with tables: status %d %s", w.Code, w.Body)
	}
	lan := hire(t, s, "lan", "", account.Drafter) // who may not look at batches gets the document
	r := httptest.NewRequest("POST", here+api.DocumentsPath, strings.NewReader(string(dataExample(t, "ke-hoach"))))
	r.Header.Set("Content-Type", web.JsonType)
	r.Header.Set("Prefer", api.RespondAsync)
	r.AddCookie(lan.cookie)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != 200 || w.Header().Get("Content-Type") != web.WordType || w.Header().Get("Preference-Applied") != "" {
		t.Errorf("as a drafter: status %d, headers %v", w.Code, w.Header())
	}
}

// A program that sends no profile gets that of its office.
func TestTheOfficeOfAProgram(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	addOffices(t, s, "xa-vinh-am")
	mai := hire(t, s, "mai", "xa-vinh-am", account.Drafter)
	if w := mai.asks(h, "POST", api.DocumentsPath, form("data=ke.yaml", matter)); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("without a profile: status %d", w.Code)
	}
	if found, err := s.Office.SaveProfile(t.Context(), store.Profile{Office: "xa-vinh-am", Text: []byte(vinhAm), Version: 1, Saved: s.Now()}); err != nil || found.Blocking() {
		t.Fatalf("%v %v", err, found)
	}
	if w := mai.asks(h, "POST", api.DocumentsPath, form("data=ke.yaml", matter)); w.Code != 200 {
		t.Errorf("with the profile of the office: status %d %s", w.Code, w.Body)
	}
}

// What changes seldom is not sent to whoever has it.
func TestTags(t *testing.T) {
	h := held(t, newSite(open(t)))
	for path, mediaType := range map[string]string{
		"/api/v1/kinds/ke-hoach/starter": web.YamlType + "; charset=utf-8", "/api/v1/kinds/ke-hoach/starter?format=xlsx": web.ExcelType,
		"/api/v1/kinds/ke-hoach/template": web.WordType,
	} {
		first := send(h, "GET", path, body{})
		tag := first.Header().Get("ETag")
		if first.Code != 200 || first.Header().Get("Content-Type") != mediaType || !strings.HasPrefix(tag, `"`) {
			t.Fatalf("%s: status %d, headers %v", path, first.Code, first.Header())
		}
		for known, want := range map[string]int{tag: 304, `"x", W/` + tag: 304, "*": 304, `"x"`: 200} {
			r := httptest.NewRequest("GET", here+path, nil)
			r.Header.Set("If-None-Match", known)
			w := httptest.NewRecorder()
			if h.ServeHTTP(w, r); w.Code != want || (w.Body.Len() == 0) != (want == 304) || w.Header().Get("ETag") != tag {
				t.Errorf("%s, known %s: status %d, %d bytes, ETag %s", path, known, w.Code, w.Body.Len(), w.Header().Get("ETag"))
			}
		}
	}
	if w := send(h, "GET", "/api/v1/kinds/khong-co/template", body{}); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "khong-co") {
		t.Errorf("no such kind: status %d", w.Code)
	}
}

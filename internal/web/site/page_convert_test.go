package site

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"vanthu/internal/account"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
	"vanthu/internal/web/desk/batch"
)

func TestConvertOnThePage(t *testing.T) {
	now := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	s := openOffice(t, func(c *web.Config) { c.Now = func() time.Time { return now } })
	h := newSite(s)
	addOffices(t, s, "xa-an-binh", "xa-vinh-am")
	lan, mai := hire(t, s, "lan", "xa-an-binh", account.Drafter), hire(t, s, "mai", "xa-vinh-am", account.Admin)
	word := send(newSite(open(t)), "POST", api.DocumentsPath, form("data=ke.yaml", plan)).Body.String()
	w := lan.asks(h, "POST", batch.ConvertPage, form("file=Kế hoạch <1>.docx", word))
	at := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(at, batch.ConvertPage+"/") {
		t.Fatalf("status %d to %q %s", w.Code, at, w.Body)
	}
	path, name, _ := strings.Cut(at, "?")
	t.Run("shows the pages", func(t *testing.T) {
		shown := lan.asks(h, "GET", at, body{}).Body.String()
		for _, want := range []string{"Kế hoạch &lt;1&gt;.docx", "1 trang", "<svg", "Tải về PDF"} {
			if !strings.Contains(shown, want) {
				t.Errorf("the page has no %q", want)
			}
		}
	})
	t.Run("gives the PDF", func(t *testing.T) {
		w := lan.asks(h, "GET", path+"/pdf?"+name, body{})
		if w.Code != 200 || !strings.HasPrefix(w.Body.String(), "%PDF-") || !strings.Contains(w.Header().Get("Content-Disposition"), `filename="Ke-hoach-1.pdf"`) {
			t.Errorf("status %d, %q", w.Code, w.Header().Get("Content-Disposition"))
		}
	})
	t.Run("is not there for another office", func(t *testing.T) {
		for _, guessed := range []string{at, path + "/pdf"} {
			if w := mai.asks(h, "GET", guessed, body{}); w.Code != http.StatusNotFound {
				t.Errorf("%s: status %d", guessed, w.Code)
			}
		}
	})
	t.Run("is gone after a day", func(t *testing.T) {
		now = now.Add(batch.KeptToConvert + time.Minute)
		if w := lan.asks(h, "GET", at, body{}); w.Code != http.StatusNotFound {
			t.Errorf("status %d", w.Code)
		}
		mai.asks(h, "POST", batch.ConvertPage, form("file=b.docx", word)) // whoever comes next sweeps
		var left []string
		for info, err := range s.Jobs.Files.List(t.Context(), batch.ConvertFolder) {
			if err != nil {
				t.Fatal(err)
			}
			left = append(left, info.Name)
		}
		if len(left) != 1 || strings.Contains(left[0], strings.TrimPrefix(path, batch.ConvertPage+"/")) {
			t.Errorf("left are %q", left)
		}
	})
}

func TestNoWordFile(t *testing.T) {
	s := openOffice(t)
	h, lan := newSite(s), hire(t, s, "lan", "", account.Drafter)
	for _, test := range []struct {
		name   string
		body   body
		status int
		has    string
	}{
		{"none", form("file=", ""), 422, "Chưa có tệp Word"},
		{"another type", form("file=a.doc", "x"), 415, ".docx"},
	} {
		if w := lan.asks(h, "POST", batch.ConvertPage, test.body); w.Code != test.status || !strings.Contains(w.Body.String(), test.has) {
			t.Errorf("%s: status %d %s", test.name, w.Code, w.Body)
		}
	}
	w := lan.asks(h, "POST", batch.ConvertPage, form("file=hong.docx", "không phải tệp Word"))
	if shown := lan.asks(h, "GET", w.Header().Get("Location"), body{}); shown.Code != 200 || !strings.Contains(shown.Body.String(), "Chưa chuyển được tệp này") {
		t.Errorf("a broken file: status %d", shown.Code)
	}
	for _, id := range []string{"x", "..%2f..%2fso", "20261123030000" + strings.Repeat("a", 26)} {
		if w := lan.asks(h, "GET", batch.ConvertPage+"/"+id, body{}); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", id, w.Code)
		}
	}
}

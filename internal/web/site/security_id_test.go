package site

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"vanthu/internal/account"
	"vanthu/internal/store"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
	"vanthu/internal/web/desk"
	"vanthu/internal/web/desk/batch"
	"vanthu/internal/web/desk/compose"
)

// sharedByOffices are the addresses with a name in them of what is of no office: kinds, templates, files of the service, and what an
// administrator keeps for all.
var sharedByOffices = []string{
	"/assets/:name", "/phong-chu/:name", "/api/v1/kinds/:kind/starter", "/api/v1/kinds/:kind/template", "/soan/:kind", "/tep-mau/:kind", "/mau/:kind",
	"/nguoi-dung/:ten", "/cac-don-vi/:id", desk.QueuePath + "/*path",
}

// belongings is what an office has, by the address of its page as routes write it.
type belongings map[string][]string

// TestPrivilegeByGuessingIDs asks for all that an office has as another office's administrator, who knows every name there: it is not found, and
// nothing is changed.
func TestPrivilegeByGuessingIDs(t *testing.T) {
	s, h, a, b := twoOffices(t, vinhAm, strings.Replace(vinhAm, "VĨNH AM", "AN BÌNH", 1))
	own := possessions(t, s, h, a)
	names := map[string]bool{}
	before := contents(t, s)
	for _, r := range s.Routes {
		if !strings.ContainsAny(r.Path, ":*") || slices.ContainsFunc(sharedByOffices, func(p string) bool { return strings.HasPrefix(r.Path, p) }) {
			continue
		}
		values := own.at(r.Path)
		if values == nil {
			t.Errorf("%s %s: whose is it? Say so in this test", r.Method, r.Path)
			continue
		}
		names[r.Path] = true
		path := filled(r.Path, values)
		sent := body{}
		if r.Form {
			sent = fields("ly_do", "x", "ghi_chu", "x", "trich_yeu", "x", compose.VersionField, "1", "dang", web.AsWord, "loai", "ke-hoach")
		}
		if w := b.asks(h, r.Method, path, sent); w.Code != http.StatusNotFound {
			t.Errorf("%s %s: the other office gets %d %.300s", r.Method, path, w.Code, w.Body)
		}
		if after := contents(t, s); after != before {
			t.Errorf("%s %s changes something: %s", r.Method, path, difference(before, after))
			before = after
		}
		if r.Method != http.MethodGet || strings.HasSuffix(path, "/to-mau") || strings.HasSuffix(path, "/archive") {
			continue
		}
		if w := a.asks(h, r.Method, path, sent); w.Code != http.StatusOK && w.Code != http.StatusSeeOther {
			t.Errorf("%s %s: its own office gets %d %.300s", r.Method, path, w.Code, w.Body)
		}
	}
	if len(names) < 20 {
		t.Errorf("only %d addresses were tried", len(names))
	}
	t.Run("queries and forms", func(t *testing.T) { guessedInForms(t, s, h, own, b) })
	t.Run("lists", func(t *testing.T) { guessedInLists(t, s, h, own, b) })
}

// at returns what stands for the names in a path: those of the longest address that it begins with.
func (o belongings) at(path string) (values []string) {
	longest := 0
	for address, list := range o {
		if strings.HasPrefix(path, address) && len(address) > longest {
			longest, values = len(address), list
		}
	}
	return values
}

// filled puts values in place of the names in a path, one after the other.
func filled(path string, values []string) string {
	n := -1
	return pathParameter.ReplaceAllStringFunc(path, func(string) string {
		n++
		return values[min(n, len(values)-1)]
	})
}

// possessions makes something of everything for an office.
func possessions(t *testing.T, s *web.Server, h http.Handler, a person) belongings {
	t.Helper()
	must := func(status int, w *httptest.ResponseRecorder) *httptest.ResponseRecorder {
		t.Helper()
		if w.Code != status {
			t.Fatalf("%d %.1000s", w.Code, w.Body)
		}
		return w
	}
	post := func(status int, path string, b body) string {
		t.Helper()
		address, _, _ := strings.Cut(must(status, a.asks(h, http.MethodPost, path, b)).Header().Get("Location"), "?")
		return address[strings.LastIndex(address, "/")+1:]
	}
	schema := s.Office.Schema("ke-hoach")
	draft := addDraft(t, s, store.Draft{Office: "a", Kind: "ke-hoach", Title: "bí mật của xã a", Data: s.Desk.WriteForm(schema, exampleOf(t, s, "ke-hoach"))})
	post(200, "/ban-thao/"+draft.ID+"/lam", fields("dang", web.AsWord))
	documents, err := s.Store.RecentDocuments(t.Context(), "a", 1)
	if err != nil || len(documents) != 1 {
		t.Fatal(err, documents)
	}
	number := post(303, "/so-dang-ky/lay-so", fields("khoa", "x", "loai", "ke-hoach", "ngay", "27/3/2026", "trich_yeu", "bí mật của xã a"))
	upload := post(303, "/tep", form("data=bi-mat-cua-a.yaml", plan))
	must(201, a.asks(h, http.MethodPost, "/tai-khoan/ma-truy-cap", fields("ten", "bí mật của xã a", "so_ngay", "30")))
	tokens, err := s.Store.Tokens(t.Context(), a.Login)
	if err != nil || len(tokens) != 1 {
		t.Fatal(err, tokens)
	}
	word := must(200, a.asks(h, http.MethodPost, api.DocumentsPath, form("data=a.yaml", plan))).Body.String()
	converted := post(303, batch.ConvertPage, form("file=a.docx", word))
	start(t, s)
	sent := decoded[web.BatchProgress](t, must(202, a.asks(h, http.MethodPost, web.BatchesPath, form("data=bi-mat-cua-a.zip", zipped(t, "xa.yaml", plan))))).ID
	await(t, "the batch", func() bool {
		return web.Ended(decoded[web.BatchProgress](t, a.asks(h, http.MethodGet, web.BatchesPath+"/"+sent, body{})).State)
	})
	return belongings{
		"/ban-thao/": {draft.ID}, "/van-ban/": {draft.ID, documents[0].Files[0].Hash}, "/so-dang-ky/so/": {number}, "/tep/": {upload},
		"/tai-khoan/ma-truy-cap/": {tokens[0].ID}, batch.ConvertPage + "/": {converted}, "/lo/": {sent, "1", "0"}, web.BatchesPath + "/": {sent},
	}
}

// contents is all that the database holds, but what was seen when and who did what.
func contents(t *testing.T, s *web.Server) string {
	t.Helper()
	var whole bytes.Buffer
	err := s.Store.Dump(t.Context(), func(table string) (io.Writer, error) {
		if table == "acts" || table == "sessions" {
			return io.Discard, nil
		}
		return &whole, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return whole.String()
}

func difference(before, after string) string {
	had := strings.Split(before, "\n")
	for line := range strings.SplitSeq(after, "\n") {
		if !slices.Contains(had, line) {
			return fmt.Sprintf("%.300s", line)
		}
	}
	return "a line is gone"
}

// guessedInForms names things of another office in queries and in fields of forms.
func guessedInForms(t *testing.T, s *web.Server, h http.Handler, own belongings, b person) {
	draft, document := own["/ban-thao/"][0], own["/van-ban/"]
	before := contents(t, s)
	for _, path := range []string{"/soan/ke-hoach?tu=" + draft, "/don-vi?ban=2", "/so-dang-ky/so/" + own["/so-dang-ky/so/"][0] + "?vua=ghi"} {
		if w := b.asks(h, http.MethodGet, path, body{}); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d %.300s", path, w.Code, w.Body)
		}
	}
	for _, w := range []*httptest.ResponseRecorder{
		b.asks(h, http.MethodPost, "/ban-thao", fields("loai", "ke-hoach", compose.NewIDField, draft, "trich_yeu", "của xã b")), // a draft's own name
		b.asks(h, http.MethodPost, "/ban-thao", fields("loai", "ke-hoach", compose.NewIDField, draft, compose.VersionField, "1", "trich_yeu", "của xã b")),
	} {
		if w.Code < 400 {
			t.Errorf("a new draft under the name of another's: %d", w.Code)
		}
	}
	if after := contents(t, s); after != before {
		t.Errorf("changed: %s", difference(before, after))
	}
	colleague := hire(t, s, "ban.a", "a", account.Admin)
	if w := colleague.asks(h, http.MethodPost, "/tai-khoan/ma-truy-cap/"+own["/tai-khoan/ma-truy-cap/"][0]+"/thu-hoi", fields()); w.Code != http.StatusNotFound {
		t.Errorf("a colleague takes a token back: %d", w.Code)
	}
	// The book that another office tried: who knows its hash, as of any file whose address they were given, must not read it.
	book := "Số và ký hiệu văn bản,\"Ngày, tháng văn bản\",Tên loại và trích yếu nội dung văn bản\n01/KH-UBND,27/3/2026,Kế hoạch bí mật của xã a\n"
	hash, err := s.Desk.KeepUpload(t.Context(), []byte(book))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{hash, document[1], "../../" + hash, strings.ToUpper(hash)} {
		w := b.asks(h, http.MethodPost, "/so-dang-ky/nhap/ghi", fields("khoa", key, "ten", "so.csv"))
		if w.Code < 400 || strings.Contains(w.Body.String(), "của xã a") {
			t.Errorf("the book of another office under %.10s…: %d", key, w.Code)
		}
	}
}

// guessedInLists looks for the things of another office where one's own are listed.
func guessedInLists(t *testing.T, s *web.Server, h http.Handler, own belongings, b person) {
	for _, path := range []string{
		"/", "/tep", "/lo", "/so-dang-ky", "/so-dang-ky?tim=mat", "/so-dang-ky/in?nam=2026", "/so-dang-ky/lay-so", "/so-dang-ky/so-ke-tiep?loai=ke-hoach&ngay=27/3/2026",
		"/tai-khoan", "/don-vi", "/don-vi/don-vi.yaml", web.BatchesPath, "/mau", "/mau/ke-hoach",
	} {
		w := b.asks(h, http.MethodGet, path, body{})
		for _, secret := range []string{"của xã a", "cua-a", "VĨNH AM", own["/ban-thao/"][0], own["/lo/"][0], own["/so-dang-ky/so/"][0]} {
			if w.Code != http.StatusOK || strings.Contains(w.Body.String(), secret) {
				t.Errorf("%s: %d, with %q", path, w.Code, secret)
			}
		}
	}
	// A key of a batch that another office used tells nothing of its batch.
	send := func(p person) *httptest.ResponseRecorder {
		sent := form("data=x.zip", zipped(t, "xa.yaml", plan))
		r := httptest.NewRequest(http.MethodPost, here+web.BatchesPath, bytes.NewReader(sent.data))
		r.Header.Set("Content-Type", sent.mediaType)
		r.Header.Set("Idempotency-Key", "mot")
		r.AddCookie(p.cookie)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	first, second := send(hire(t, s, "thu.a", "a", account.Clerk)), send(b)
	if id := decoded[web.BatchProgress](t, first).ID; first.Code != http.StatusAccepted || id == "" || strings.Contains(second.Body.String(), id) {
		t.Errorf("%d, then %d %s", first.Code, second.Code, second.Body)
	}
}

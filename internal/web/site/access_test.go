package site

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"vanthu/internal/account"
	"vanthu/internal/store"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
	"vanthu/internal/web/desk"
)

const goodPassword = "Cau-Rao-Hai-2026"

// person is a user who is logged in.
type person struct {
	cookie *http.Cookie
	account.Who
}

// goodHash is that of goodPassword, made once: it takes long.
var goodHash = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "vanthu-web-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(folder)
	ctx := context.Background()
	kept, err := store.Open(ctx, folder)
	if err != nil {
		return "", err
	}
	defer kept.Close()
	first := store.User{Name: "goc", Role: string(account.Admin)}
	if found, err := account.New(kept, time.Now).Add(ctx, first, goodPassword); err != nil || found.Blocking() {
		return "", fmt.Errorf("%v: %w", found, err)
	}
	first, err = kept.User(ctx, first.Name)
	return first.Password, err
})

// hire adds a user of an office and logs them in. The first is not alone: there is an administrator.
func hire(t testing.TB, s *web.Server, name, office string, role account.Role) person {
	t.Helper()
	hash, err := goodHash()
	if err != nil {
		t.Fatal(err)
	}
	users := []store.User{{Name: name, FullName: "Người " + name, Office: office, Role: string(role)}}
	if some, err := s.Accounts.Any(t.Context()); err != nil || !some {
		users = append(users, store.User{Name: "goc", FullName: "Người đầu tiên", Role: string(account.Admin)})
	}
	for _, user := range users {
		user.Password, user.Created = hash, time.Now()
		if err := s.Store.AddUser(t.Context(), user); err != nil {
			t.Fatal(err)
		}
	}
	cookie, asking, err := s.Accounts.Login(t.Context(), name, goodPassword, "test")
	if err != nil {
		t.Fatal(err)
	}
	return person{&http.Cookie{Name: web.CookieName, Value: cookie}, asking}
}

// asks sends a request as a browser of the person does that shows a page of ours.
func (p person) asks(h http.Handler, method, path string, b body) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, here+path, strings.NewReader(string(b.data)))
	if b.mediaType != "" {
		r.Header.Set("Content-Type", b.mediaType)
	}
	if p.cookie != nil {
		r.AddCookie(p.cookie)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// fields is a form without files.
func fields(pairs ...string) body {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return text(web.PlainFormType, values.Encode())
}

var pathParameter = regexp.MustCompile(`[:*][a-z]+`)

func TestEveryAddressHasARule(t *testing.T) {
	s := openOffice(t)
	for _, r := range s.Engine(routesOf(s)...).Routes() {
		if _, known := s.Routes[r.Method+" "+r.Path]; !known {
			t.Errorf("%s %s has none: nobody may ask for it", r.Method, r.Path)
		}
	}
	served := map[string]bool{}
	for _, r := range s.Engine(routesOf(s)...).Routes() {
		served[r.Method+" "+r.Path] = true
	}
	for name := range s.Routes {
		if !served[name] {
			t.Errorf("there is a rule for %s, which nobody answers", name)
		}
	}
}

// TestRolesOnEveryAddress asks for every address as everybody: who has too little a role is refused, and nobody else is.
func TestRolesOnEveryAddress(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	people := []person{
		{}, hire(t, s, "soan", "", account.Drafter), hire(t, s, "van", "", account.Clerk), hire(t, s, "quan", "", account.Admin),
	}
	for name, r := range s.Routes {
		method, path, _ := strings.Cut(name, " ")
		if path == "/dang-xuat" || path == "/tai-khoan/mat-khau" {
			continue // they end the session; TestLogOut looks at them
		}
		path = pathParameter.ReplaceAllString(path, "x")
		for _, p := range people {
			b := body{}
			if r.Form {
				b = fields()
			}
			w := p.asks(h, method, path, b)
			refused := w.Code == http.StatusUnauthorized || w.Code == http.StatusForbidden ||
				w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), web.LoginPath)
			if wrongLogin := path == web.LoginPath && method == http.MethodPost; !wrongLogin && refused == p.Role.May(r.Role) {
				t.Errorf("%s as %q: %d %.200s", name, p.Role, w.Code, w.Body)
			}
			if w.Code == http.StatusInternalServerError {
				t.Errorf("%s as %q: a fault: %.300s", name, p.Role, w.Body)
			}
		}
	}
}

// TestForeignPages: what changes something is refused to a browser whose page is of another site, however it is logged in, the login among it.
func TestForeignPages(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	admin := hire(t, s, "quan", "", account.Admin)
	for name := range s.Routes {
		method, path, _ := strings.Cut(name, " ")
		if web.Safe(method) {
			continue
		}
		path = pathParameter.ReplaceAllString(path, "x")
		for _, attack := range []struct{ name, header, value string }{
			{"from another site", "Sec-Fetch-Site", "cross-site"},
			{"from another port of this machine", "Sec-Fetch-Site", "same-site"},
			{"from another origin, by a browser before 2023", "Origin", "http://example.org"},
			{"from a file or a sandbox", "Origin", "null"},
		} {
			r := httptest.NewRequest(method, here+path, strings.NewReader("ten=x"))
			r.Header.Set("Content-Type", web.PlainFormType)
			r.AddCookie(admin.cookie)
			r.Header.Set(attack.header, attack.value)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusForbidden {
				t.Errorf("%s %s: %d", name, attack.name, w.Code)
			}
		}
	}
}

// TestForeignPagesInOnePersonMode: a page of another site can neither post to this machine nor, under a name of its own for it, read it.
func TestForeignPagesInOnePersonMode(t *testing.T) {
	h := held(t, newSite(open(t)))
	for _, test := range []struct {
		name   string
		attack func(*http.Request)
	}{
		{"cross-site form", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }},
		{"old browser", func(r *http.Request) { r.Header.Set("Origin", "http://example.org") }},
		{"through a proxy", func(r *http.Request) { r.Header.Set("X-Forwarded-For", "192.0.2.7") }},
		{"another name of this machine", func(r *http.Request) { r.Host = "example.org:8080" }},
	} {
		for _, path := range []string{api.DocumentsPath, "/don-vi", "/nguoi-dung"} {
			r := httptest.NewRequest("POST", here+path, strings.NewReader("{}"))
			r.Header.Set("Content-Type", web.JsonType)
			test.attack(r)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != http.StatusForbidden {
				t.Errorf("%s to %s: %d", test.name, path, w.Code)
			}
		}
	}
	r := httptest.NewRequest("GET", "http://example.org:8080/", nil)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("a page under another name: %d", w.Code)
	}
}

// TestSessionFixation: what a browser had before the login opens nothing after it.
func TestSessionFixation(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	hire(t, s, "lan", "", account.Drafter)
	planted := &http.Cookie{Name: web.CookieName, Value: strings.Repeat("A", 43)}
	r := httptest.NewRequest("POST", here+web.LoginPath, strings.NewReader(string(fields("ten", "lan", "mat_khau", goodPassword, "tiep", "//example.org/").data)))
	r.Header.Set("Content-Type", web.PlainFormType)
	r.AddCookie(planted)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/" {
		t.Fatalf("%d to %q", w.Code, w.Header().Get("Location"))
	}
	cookies := w.Result().Cookies()
	if len(cookies) != 1 || cookies[0].Value == planted.Value || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode {
		t.Errorf("cookies %v", cookies)
	}
	if w := (person{cookie: planted}).asks(h, "GET", "/", body{}); w.Code != http.StatusSeeOther {
		t.Errorf("the planted cookie opens the desk: %d", w.Code)
	}
	if w := (person{cookie: cookies[0]}).asks(h, "GET", "/", body{}); w.Code != http.StatusOK {
		t.Errorf("the new one does not: %d", w.Code)
	}
}

func TestCookieGoesOverHTTPSAlone(t *testing.T) {
	s := openOffice(t, func(c *web.Config) { c.Secure = true })
	hire(t, s, "lan", "", account.Drafter)
	w := send(held(t, newSite(s)), "POST", web.LoginPath, fields("ten", "lan", "mat_khau", goodPassword))
	if cookies := w.Result().Cookies(); len(cookies) != 1 || !cookies[0].Secure {
		t.Errorf("%d %v", w.Code, w.Result().Cookies())
	}
}

func TestLogOut(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	lan := hire(t, s, "lan", "", account.Drafter)
	if w := lan.asks(h, "POST", "/dang-xuat", fields()); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	if w := lan.asks(h, "GET", "/", body{}); w.Code != http.StatusSeeOther {
		t.Errorf("still logged in: %d", w.Code)
	}
}

func TestLoginIsThrottled(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	hire(t, s, "lan", "", account.Drafter)
	last := 0
	for range 12 {
		w := send(h, "POST", web.LoginPath, fields("ten", "lan", "mat_khau", "sai-mat-khau-roi"))
		if last = w.Code; last == http.StatusTooManyRequests && w.Header().Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the last of 12 guesses: %d", last)
	}
	if w := send(h, "POST", web.LoginPath, fields("ten", "lan", "mat_khau", goodPassword)); w.Code != http.StatusTooManyRequests {
		t.Errorf("the right password at once after: %d", w.Code)
	}
}

// TestTokens: a program needs no secret of a page, and one with a token that is nobody's is told so.
func TestTokens(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	lan := hire(t, s, "lan", "", account.Drafter)
	key, token, found, err := s.Accounts.NewToken(t.Context(), "lan", "phần mềm", 30)
	if err != nil || found.Blocking() {
		t.Fatal(err, found)
	}
	ask := func(method, path, key string, b body) int {
		r := httptest.NewRequest(method, "http://may-chu"+path, strings.NewReader(string(b.data)))
		r.Header.Set("Content-Type", b.mediaType)
		r.Header.Set("Authorization", "Bearer "+key)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	for _, test := range []struct {
		name, method, path, key string
		body                    body
		status                  int
	}{
		{"kinds", "GET", "/api/v1/kinds", key, body{}, 200},
		{"a document", "POST", api.DocumentsPath, key, form("data=a.yaml", plan), 200},
		{"what a drafter may not", "GET", web.BatchesPath, key, body{}, 403},
		{"a token of nobody", "GET", "/api/v1/kinds", "vt_" + strings.Repeat("x", 43), body{}, 401},
		{"the cookie's value is no token", "GET", "/api/v1/kinds", lan.cookie.Value, body{}, 401},
	} {
		if got := ask(test.method, test.path, test.key, test.body); got != test.status {
			t.Errorf("%s: %d, want %d", test.name, got, test.status)
		}
	}
	if w := lan.asks(h, "POST", "/tai-khoan/ma-truy-cap/"+token.ID+"/thu-hoi", fields()); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	if got := ask("GET", "/api/v1/kinds", key, body{}); got != 401 {
		t.Errorf("a token taken back: %d", got)
	}
}

// TestActsHaveNames: the audit says in Vietnamese whatever is written into it.
func TestActsHaveNames(t *testing.T) {
	written := regexp.MustCompile(`s\.Audit\(c, "([a-z-]+)"|Action: "([a-z-]+)"`)
	files, err := filepath.Glob("../../*/*.go")
	for _, deeper := range []string{"../*/*.go", "../*/*/*.go"} {
		pages, _ := filepath.Glob(deeper)
		files = append(files, pages...)
	}
	more, _ := filepath.Glob("../../../cmd/vanthu/*.go")
	if err != nil || len(more) == 0 {
		t.Fatal(err)
	}
	seen := 0
	for _, name := range append(files, more...) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		code, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range written.FindAllStringSubmatch(string(code), -1) {
			seen++
			if action := match[1] + match[2]; desk.ActName(action) == action {
				t.Errorf("%s: %q has no name", name, action)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d acts seen", seen)
	}
}

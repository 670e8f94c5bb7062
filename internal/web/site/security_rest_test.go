package site

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"vanthu/internal/account"
	"vanthu/internal/store"
	"vanthu/internal/testenv"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
	"vanthu/internal/web/desk"
)

// TestEveryAnswerIsGuarded asks for every address as somebody and as nobody: no page may be shown inside another's, run a script of another, be
// taken for another type or be kept by a browser that others use.
func TestEveryAnswerIsGuarded(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	p := hire(t, s, "lan", "", account.Admin)
	for name, r := range s.Routes {
		method, path, _ := strings.Cut(name, " ")
		if path == "/dang-xuat" {
			continue
		}
		for _, asking := range []person{p, {}} {
			sent := body{}
			if r.Form {
				sent = fields()
			}
			w := asking.asks(h, method, pathParameter.ReplaceAllString(path, "ke-hoach"), sent)
			guarded(t, name, w, path == "/docs" || strings.HasPrefix(path, desk.QueuePath))
		}
	}
	guarded(t, "nowhere", p.asks(h, http.MethodGet, "/khong-co", body{}), false)
	guarded(t, "a wrong method", p.asks(h, http.MethodDelete, "/", body{}), false)
	guarded(t, "too large", p.asks(h, http.MethodPost, "/so-dang-ky/lay-so", fields("trich_yeu", strings.Repeat("x", web.MaxSmall))), false)
}

// keptByBrowsers are what is nobody's in particular.
var keptByBrowsers = regexp.MustCompile(`^GET (/assets/|/phong-chu/|/mau/:kind/tai-ve|/api/v1/kinds/:kind/|/quan-tri/hang-doi)`)

func guarded(t *testing.T, name string, w *httptest.ResponseRecorder, styles bool) {
	t.Helper()
	header := w.Header()
	policy := map[string]string{}
	for part := range strings.SplitSeq(header.Get("Content-Security-Policy"), ";") {
		of, says, _ := strings.Cut(strings.TrimSpace(part), " ")
		policy[of] = says
	}
	for of, want := range map[string]string{
		"default-src": "'none'", "script-src": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'", "form-action": "'self'", "connect-src": "'self'",
	} {
		if policy[of] != want {
			t.Errorf("%s: %s is %q", name, of, policy[of])
		}
	}
	if strings.Contains(policy["style-src"], "unsafe") && !styles || strings.Contains(header.Get("Content-Security-Policy"), "unsafe-eval") {
		t.Errorf("%s: the policy is %q", name, header.Get("Content-Security-Policy"))
	}
	for of, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin",
	} {
		if header.Get(of) != want {
			t.Errorf("%s: %s is %q", name, of, header.Get(of))
		}
	}
	if header.Get("Access-Control-Allow-Origin") != "" || header.Get("Server") != "" || header.Get("X-Powered-By") != "" {
		t.Errorf("%s: %v", name, header)
	}
	if kept := header.Get("Cache-Control"); w.Code == http.StatusOK && kept != "no-store" && !keptByBrowsers.MatchString(name) {
		t.Errorf("%s: a browser keeps it: Cache-Control %q", name, kept)
	}
	tellsNothing(t, name, w.Body.String(), w.Code)
}

// machine are words of the machine and the program that no error is to show.
var machine = regexp.MustCompile(`(?i)/work/|/home/|/root/|/tmp/|/var/|\.go:\d|goroutine |panic|runtime error|sqlite|SQLSTATE|INSERT INTO|no such file|permission denied|golang|gin-gonic`)

func tellsNothing(t *testing.T, name, page string, status int) {
	t.Helper()
	if found := machine.FindString(page); status >= 400 && found != "" {
		t.Errorf("%s: %d tells of the machine: %q", name, status, found)
	}
}

// TestFaultsTellNothing breaks the database and the place of the files under a service: what is then told names neither.
func TestFaultsTellNothing(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	p := hire(t, s, "lan", "", account.Admin)
	if err := s.Store.Close(); err != nil {
		t.Fatal(err)
	}
	faults := 0
	for name := range s.Routes {
		method, path, _ := strings.Cut(name, " ")
		w := p.asks(h, method, pathParameter.ReplaceAllString(path, "ke-hoach"), body{})
		if w.Code == http.StatusInternalServerError {
			faults++
		}
		tellsNothing(t, name, w.Body.String(), w.Code)
		if location := w.Header().Get("Location"); w.Code == http.StatusSeeOther && !strings.HasPrefix(location, "/") {
			t.Errorf("%s leads to %q", name, location)
		}
	}
	if faults < 20 {
		t.Errorf("%d faults: the test tests nothing", faults)
	}
}

// TestNoSecretsInLogs follows a whole day of a clerk, and then looks for what the log must not have.
func TestNoSecretsInLogs(t *testing.T) {
	var log bytes.Buffer
	var mu sync.Mutex
	logger := slog.New(slog.NewTextHandler(&locked{to: &log, mu: &mu}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := openOffice(t, func(c *web.Config) { c.Log = logger })
	h := held(t, newSite(s))
	p := hire(t, s, "lan.bimat", "", account.Admin)
	post := func(path string, b body) *httptest.ResponseRecorder { return p.asks(h, http.MethodPost, path, b) }
	post(web.LoginPath, fields("ten", "lan.bimat", "mat_khau", "sai-"+goodPassword))
	post(web.LoginPath, fields("ten", "lan.bimat", "mat_khau", goodPassword))
	post("/nguoi-dung", fields("ten", "binh.bimat", "ho_ten", "Lê Thị Bình", "vai_tro", "van-thu", "mat_khau", goodPassword+"-khac"))
	post("/nguoi-dung/binh.bimat/mat-khau", fields("mat_khau", goodPassword+"-moi"))
	made := post("/tai-khoan/ma-truy-cap", fields("ten", "phần mềm", "so_ngay", "30"))
	key := regexp.MustCompile(`vt_[A-Za-z0-9_-]{43}`).FindString(made.Body.String())
	if key == "" {
		t.Fatal("no key")
	}
	post("/so-dang-ky/lay-so", fields("khoa", "x", "loai", "ke-hoach", "ngay", "27/3/2026", "trich_yeu", "việc bímật", "ky", "Nguyễn Văn Bímật"))
	upload := post("/tep", form("data=bimat.yaml", plan)).Header().Get("Location")
	post(upload+"/tai-ve", fields("dang", web.AsPDF))
	post("/ban-thao", fields("loai", "ke-hoach", "trich_yeu", "việc bímật"))
	post(api.DocumentsPath, form("data=bimat.yaml", badPlan))
	p.asks(h, http.MethodGet, "/so-dang-ky?tim=bimat", body{})
	p.asks(h, http.MethodGet, "/bimat?ma="+key, body{})
	r := httptest.NewRequest(http.MethodGet, here+"/api/v1/kinds", nil)
	r.Header.Set("Authorization", "Bearer "+key+"x")
	h.ServeHTTP(httptest.NewRecorder(), r)
	start(t, s)
	id := decoded[web.BatchProgress](t, post(web.BatchesPath, form("data=bimat.zip", zipped(t, "bimat.yaml", plan)))).ID
	await(t, "the batch", func() bool {
		return web.Ended(decoded[web.BatchProgress](t, p.asks(h, http.MethodGet, web.BatchesPath+"/"+id, body{})).State)
	})
	s.Services = nil // so that something panics and faults are told
	p.asks(h, http.MethodGet, "/", body{})
	mu.Lock()
	defer mu.Unlock()
	text := log.String()
	if strings.Count(text, "\n") < 15 || !strings.Contains(text, "panic") {
		t.Fatalf("the log is short:\n%s", text)
	}
	for what, secret := range map[string]string{
		"a password": goodPassword, "a cookie": p.cookie.Value, "the secret of a session": p.Secret, "a token": key[3:], "a login": "lan.bimat",
		"another's login": "binh.bimat", "a name": "Thị Bình", "a title": "bímật", "what was looked for": "bimat", "a signer": "Nguyễn", "an address": "192.0.2.1",
	} {
		if at := strings.Index(text, secret); at >= 0 {
			t.Errorf("%s is in the log: %.200q", what, text[max(0, at-100):])
		}
	}
}

// locked writes for many.
type locked struct {
	to *bytes.Buffer
	mu *sync.Mutex
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.to.Write(p)
}

// TestSessionsFollowTheUser changes a user whose browser is open: what they may no longer do is refused at the next click.
func TestSessionsFollowTheUser(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	admin, lan := hire(t, s, "quan", "", account.Admin), hire(t, s, "lan", "", account.Clerk)
	key, _, _, err := s.Accounts.NewToken(t.Context(), "lan", "phần mềm", 30)
	if err != nil {
		t.Fatal(err)
	}
	program := func() int {
		r := httptest.NewRequest(http.MethodGet, here+web.BatchesPath, nil)
		r.Header.Set("Authorization", "Bearer "+key)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	change := func(pairs ...string) {
		t.Helper()
		if w := admin.asks(h, http.MethodPost, "/nguoi-dung/lan", fields(pairs...)); w.Code != http.StatusSeeOther {
			t.Fatalf("%d %.500s", w.Code, w.Body)
		}
	}
	wants := func(when string, page, api int) {
		t.Helper()
		if w := lan.asks(h, http.MethodGet, "/lo", body{}); w.Code != page {
			t.Errorf("%s: the page gives %d", when, w.Code)
		}
		if got := program(); got != api {
			t.Errorf("%s: the API gives %d", when, got)
		}
	}
	wants("as a clerk", 200, 200)
	change("ho_ten", "Lan", "vai_tro", "soan-thao")
	wants("as a drafter", 303, 403) // the session ended
	change("ho_ten", "Lan", "vai_tro", "van-thu", "khoa", "1")
	wants("locked out", 303, 401)
	change("ho_ten", "Lan", "vai_tro", "van-thu")
	if w := admin.asks(h, http.MethodPost, "/nguoi-dung/lan/mat-khau", fields("mat_khau", goodPassword+"-moi")); w.Code != http.StatusSeeOther {
		t.Fatal(w.Code)
	}
	if w := lan.asks(h, http.MethodGet, "/lo", body{}); w.Code != http.StatusSeeOther {
		t.Errorf("a session outlives its password: %d", w.Code)
	}
	if got := program(); got != http.StatusUnauthorized {
		t.Errorf("a token outlives the password of its user: %d", got)
	}
}

// TestOnePersonModeIsOfThisMachine: without users nobody comes in who asks in another way than a browser or a program here does.
func TestOnePersonModeIsOfThisMachine(t *testing.T) {
	alone := open(t)
	h := held(t, newSite(alone))
	others := newSite(openOffice(t, func(c *web.Config) { c.Local = false }))
	ask := func(h http.Handler, change func(*http.Request)) int {
		r := httptest.NewRequest(http.MethodGet, here+"/", nil)
		change(r)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Code
	}
	if got := ask(h, func(*http.Request) {}); got != http.StatusOK {
		t.Fatal(got)
	}
	for _, host := range []string{
		"example.org", "example.org:8080", "127.0.0.1.example.org", "localhost.example.org", "127.0.0.1@example.org", "", "0.0.0.0:8080", "192.168.1.5:8080", "localhost.:8080",
		"[::ffff:192.168.1.5]:8080", "2130706433", "127.1",
	} {
		if got := ask(h, func(r *http.Request) { r.Host = host }); got != http.StatusForbidden {
			t.Errorf("as %q: %d", host, got)
		}
	}
	for _, name := range []string{"X-Forwarded-For", "Forwarded", "X-Forwarded-Host", "Via", "X-Real-Ip"} {
		if got := ask(h, func(r *http.Request) { r.Header.Set(name, "192.168.1.5") }); got != http.StatusForbidden {
			t.Errorf("through a proxy that says %s: %d", name, got)
		}
	}
	for _, change := range []func(*http.Request){
		func(*http.Request) {}, func(r *http.Request) { r.Header.Set("X-Forwarded-For", "127.0.0.1") },
		func(r *http.Request) { r.AddCookie(&http.Cookie{Name: web.CookieName, Value: alone.AloneSecret}) },
	} {
		if got := ask(others, change); got != http.StatusSeeOther {
			t.Errorf("where others can ask: %d", got)
		}
	}
	hire(t, alone, "lan", "", account.Drafter)
	if got := ask(h, func(*http.Request) {}); got != http.StatusSeeOther {
		t.Errorf("with users: %d", got)
	}
}

// TestCookieAttributes: no script reads the cookie, no other site sends it, and it is for no other host.
func TestCookieAttributes(t *testing.T) {
	for _, secure := range []bool{false, true} {
		s := openOffice(t, func(c *web.Config) { c.Secure = secure })
		h := held(t, newSite(s))
		hire(t, s, "lan", "", account.Drafter)
		r := httptest.NewRequest(http.MethodPost, here+web.LoginPath, strings.NewReader(string(fields("ten", "lan", "mat_khau", goodPassword).data)))
		r.Header.Set("Content-Type", web.PlainFormType)
		r.TLS = &tls.ConnectionState{}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		cookies := w.Result().Cookies()
		if len(cookies) != 1 {
			t.Fatal(w.Code, cookies)
		}
		c := cookies[0]
		if !c.HttpOnly || c.Secure != secure || c.SameSite != http.SameSiteLaxMode || c.Domain != "" || c.Path != "/" || len(c.Value) != 43 || c.MaxAge != 0 {
			t.Errorf("the cookie is %q", w.Header().Get("Set-Cookie"))
		}
		if strings.Contains(w.Body.String(), c.Value) {
			t.Error("the cookie stands in a page")
		}
	}
}

// What a login allocates at most: for the hash of a password with argon2id, and for all else.
const hashBytes, restBytes = 19 << 20, 2 << 20

// TestLoginTellsNoNames: whoever guesses learns neither from the answer nor from the work it takes whether there is a user. The work is that
// of a password's hash, and shows in its memory: on any machine, as a time would not.
func TestLoginTellsNoNames(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	hire(t, s, "xlanx", "", account.Drafter)
	hire(t, s, "xkhoax", "", account.Drafter)
	if _, err := s.Accounts.Change(t.Context(), store.User{Name: "xkhoax", Role: string(account.Drafter), Disabled: true}); err != nil {
		t.Fatal(err)
	}
	// What is made at first use is there.
	person{}.asks(h, http.MethodPost, web.LoginPath, fields("ten", "khongco", "mat_khau", "dau-tien"))
	answers := map[string]bool{}
	names := []string{"xlanx", "khongco", "xkhoax", "Không Phải Tên"}
	for range 4 {
		for _, name := range names {
			password := "sai-mat-khau-roi"
			if name == "xkhoax" {
				password = goodPassword
			}
			var w *httptest.ResponseRecorder
			took := testenv.Allocated(func() {
				w = person{}.asks(h, http.MethodPost, web.LoginPath, fields("ten", name, "mat_khau", password))
			})
			if took < hashBytes || took > hashBytes+restBytes {
				t.Errorf("%s takes %d KB, one hash takes %d", name, took>>10, hashBytes>>10)
			}
			answers[fmt.Sprint(w.Code, strings.ReplaceAll(w.Body.String(), name, "…"))] = true
		}
	}
	if len(answers) != 1 {
		t.Errorf("%d answers tell names apart", len(answers))
	}
}

// TestLoginCrowd sends many logins at once: whoever finds no room is told to come again, and costs no hash. How many hashes are worked out at
// once is tested where passwords are hashed.
func TestLoginCrowd(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	hire(t, s, "lan", "", account.Drafter)
	codes := map[int]int{}
	var mu sync.Mutex
	const crowd = 150
	took := testenv.Allocated(func() {
		var all sync.WaitGroup
		for i := range crowd {
			all.Go(func() {
				r := httptest.NewRequest(http.MethodPost, here+web.LoginPath, strings.NewReader(string(fields("ten", fmt.Sprint("ten", i), "mat_khau", strings.Repeat("x", 60_000)).data)))
				r.Header.Set("Content-Type", web.PlainFormType)
				r.RemoteAddr = fmt.Sprintf("10.0.%d.1:1000", i)
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				mu.Lock()
				defer mu.Unlock()
				codes[w.Code]++
			})
		}
		all.Wait()
	})
	if codes[http.StatusUnauthorized] == 0 || codes[http.StatusTooManyRequests] == 0 || len(codes) != 2 {
		t.Errorf("answers %v", codes)
	}
	if most := uint64(codes[http.StatusUnauthorized]*hashBytes + crowd*restBytes); took > most {
		t.Errorf("%d MB allocated, want at most %d: answers %v", took>>20, most>>20, codes)
	}
}

// TestScriptsOfPagesAreQuiet reads our scripts for what turns words into code, and for patterns in which a long text takes for ever.
func TestScriptsOfPagesAreQuiet(t *testing.T) {
	shared, _ := filepath.Glob("../desk/*.js")
	own, _ := filepath.Glob("../desk/*/*.js")
	code := regexp.MustCompile(`\beval\(|new Function|document\.write|insertAdjacentHTML|outerHTML|setTimeout\(["'` + "`" + `]|location\.href\s*=|postMessage|\.src\s*=|window\.open`)
	nested := regexp.MustCompile(`\([^()]*[+*]\)[+*]|\[[^\]]*\][+*]\\?/?\??\\?\.\?\\s\*\$`)
	inserted := regexp.MustCompile(`innerHTML = ([^;]+);`)
	servers := []string{"await response.text()", "answer.findings", `page.picture ?? ""`, "await answer.text()"} // what pages of the server are: escaped there
	seen := 0
	for _, file := range append(shared, own...) {
		if strings.HasSuffix(file, "min.js") {
			continue
		}
		seen++
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for number, line := range strings.Split(string(text), "\n") {
			if code.MatchString(line) || nested.MatchString(line) && !strings.Contains(line, ".slice(0,") {
				t.Errorf("%s:%d: %s", file, number+1, line)
			}
			if from := inserted.FindStringSubmatch(line); from != nil && !slices.Contains(servers, from[1]) {
				t.Errorf("%s:%d puts %q into the page", file, number+1, from[1])
			}
		}
	}
	if seen < 5 {
		t.Errorf("%d scripts", seen)
	}
}

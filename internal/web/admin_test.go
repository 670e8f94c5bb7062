package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const secret = "mật khẩu của người quản trị"

// ask sends a request to the view of the queue.
func ask(h http.Handler, method, path, user, password string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader("{}"))
	if user != "" {
		r.SetBasicAuth(user, password)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func withPassword(c *Config) { c.AdminPassword = secret }

func TestQueueIsForTheAdministrator(t *testing.T) {
	h := openOffice(t, withPassword).routes()
	for _, test := range []struct {
		name, method, path, user, password string
		headers                            []string
		status                             int
	}{
		{"nobody", "GET", adminPath + "/", "", "", nil, 401},
		{"nobody asks its API", "GET", adminPath + "/api/queues", "", "", nil, 401},
		{"wrong password", "GET", adminPath + "/", adminUser, "mat khau", nil, 401},
		{"begin of the password", "GET", adminPath + "/", adminUser, secret[:5], nil, 401},
		{"wrong user", "GET", adminPath + "/", "root", secret, nil, 401},
		{"administrator", "GET", adminPath + "/", adminUser, secret, nil, 200},
		{"administrator asks its API", "GET", adminPath + "/api/states", adminUser, secret, nil, 200},
		{"without the stroke", "GET", adminPath, "", "", nil, 308},
		{"page of another site", "POST", adminPath + "/api/jobs/cancel", adminUser, secret, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"old browser on a page of another site", "POST", adminPath + "/api/jobs/cancel", adminUser, secret, []string{"Origin", "https://elsewhere.example"}, 403},
		{"page of another site puts", "PUT", adminPath + "/api/queues/default/pause", adminUser, secret, []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"own page", "PUT", adminPath + "/api/queues/missing/pause", adminUser, secret, []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://example.com"}, 404},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := ask(h, test.method, test.path, test.user, test.password, test.headers...)
			if w.Code != test.status {
				t.Fatalf("status %d, want %d\n%.500s", w.Code, test.status, w.Body)
			}
			if (w.Header().Get("WWW-Authenticate") != "") != (test.status == 401) {
				t.Errorf("WWW-Authenticate is %q", w.Header().Get("WWW-Authenticate"))
			}
			if rules := w.Header().Get("Content-Security-Policy"); !strings.Contains(rules, "default-src 'none'") || strings.Contains(rules, "unsafe-eval") {
				t.Errorf("policy is %q", rules)
			}
		})
	}
}

func TestNoQueueWithoutPassword(t *testing.T) {
	for name, s := range map[string]*server{"no password": openOffice(t), "no batches": open(t)} {
		if name == "no batches" {
			s.adminPassword = secret
		}
		h := s.routes()
		for _, path := range []string{adminPath, adminPath + "/", adminPath + "/api/queues"} {
			if w := ask(h, "GET", path, adminUser, ""); w.Code != 404 {
				t.Errorf("%s, %s: status %d", name, path, w.Code)
			}
		}
	}
}

func TestGuessingIsStopped(t *testing.T) {
	h := openOffice(t, withPassword).routes()
	for i := range mostGuesses {
		if w := ask(h, "GET", adminPath+"/", adminUser, "sai"); w.Code != 401 {
			t.Fatalf("guess %d: status %d", i, w.Code)
		}
	}
	w := ask(h, "GET", adminPath+"/", adminUser, secret)
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("status %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	r := httptest.NewRequest("GET", adminPath+"/", nil)
	r.RemoteAddr = "203.0.113.7:999"
	r.SetBasicAuth(adminUser, secret)
	elsewhere := httptest.NewRecorder()
	h.ServeHTTP(elsewhere, r)
	if elsewhere.Code != 200 {
		t.Errorf("from elsewhere: status %d", elsewhere.Code)
	}
}

func TestGuessesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := guesses{since: map[string]*guessCount{}}
		for range mostGuesses - 1 {
			g.wrong("a")
		}
		if g.wait("a") != 0 {
			t.Error("stopped too early")
		}
		time.Sleep(guessesLast / 2)
		g.wrong("a")
		if got := g.wait("a"); got != guessesLast/2 || g.wait("b") != 0 {
			t.Errorf("a waits %v, b %v", got, g.wait("b"))
		}
		time.Sleep(guessesLast / 2)
		if got := g.wait("a"); got > 0 {
			t.Errorf("waits %v after a minute", got)
		}
		g.wrong("a")
		if got := g.wait("a"); got > 0 {
			t.Errorf("waits %v after one more", got)
		}
	})
}

// A crowd of addresses cannot fill the memory, nor guess without end.
func TestCrowdOfGuessers(t *testing.T) {
	g := guesses{since: map[string]*guessCount{}}
	for i := range mostKnown + mostGuesses + 100 {
		g.wrong(time.Duration(i).String())
	}
	if n := len(g.since); n > mostKnown+1 {
		t.Errorf("%d addresses", n)
	}
	if g.wait("one that is new") == 0 {
		t.Error("a new address may guess")
	}
}

func TestNetwork(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.1:1234":           "192.0.2.1",
		"[::ffff:192.0.2.1]:1234":  "192.0.2.1",
		"[2001:db8:1:2:3:4:5:6]:1": "2001:db8:1:2::/64",
		"[fe80::1%eth0]:1":         "fe80::/64",
		"@":                        "@",
	} {
		if got := network(remote); got != want {
			t.Errorf("%s is %s, want %s", remote, got, want)
		}
	}
}

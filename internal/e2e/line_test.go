package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// line is what lies between browser and service. It can hold back the saving of drafts.
type line struct {
	mu   sync.Mutex
	gate chan struct{} // closed while nothing is held back
	held chan struct{} // has an element for each save that is held back
}

// hold puts a line before a desk.
func hold(t testing.TB, d *desk) *line {
	t.Helper()
	service, err := url.Parse(d.url)
	if err != nil {
		t.Fatal(err)
	}
	l := &line{}
	l.holds()
	l.letGo()
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(service)
		r.Out.Host = r.In.Host
	}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/ban-thao") {
			l.mu.Lock()
			gate, held := l.gate, l.held
			l.mu.Unlock()
			held <- struct{}{}
			<-gate
		}
		proxy.ServeHTTP(w, r)
	}))
	d.url = server.URL
	t.Cleanup(func() {
		l.letGo()
		server.CloseClientConnections()
		server.Close()
	})
	return l
}

// holds holds back what comes from now on; its channel says when a save has come.
func (l *line) holds() (held <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gate, l.held = make(chan struct{}), make(chan struct{}, 1000)
	return l.held
}

// letGo lets through what was held back, and what comes.
func (l *line) letGo() {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.gate:
	default:
		close(l.gate)
	}
}

// Package web is the service: a page for clerks, a JSON API for programs, its description and its viewer. Everything is in the
// binary; no page asks another host for anything, and nothing that is sent here is kept.
package web

import (
	"log/slog"
	"net/http"
	"runtime"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/app"
)

// The largest body of a request, in bytes.
const (
	maxData = 16 << 20 // a data file with its tables, that of the period before and the profile; source bounds each
	maxWord = 32 << 20 // a Word file
)

// The routes that take a body.
const (
	documentsPath = "/api/v1/documents"
	markedPath    = "/api/v1/workbooks/marked"
	convertPath   = "/api/v1/convert"
	makePage      = "/tao-van-ban"
	convertPage   = "/chuyen-pdf"
)

// server answers requests. It is safe for concurrent use.
type server struct {
	app  *app.App
	log  *slog.Logger
	gate *gate
}

// Handler serves the pages and the API. Requests and faults go to the log, in English.
func Handler(a *app.App, log *slog.Logger) http.Handler {
	return headAsGet(newServer(a, log).routes())
}

func newServer(a *app.App, log *slog.Logger) *server {
	cpus := runtime.GOMAXPROCS(0)
	return &server{app: a, log: log, gate: newGate(cpus, 16*cpus)}
}

func (s *server) routes() *gin.Engine {
	speakVietnamese()
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	_ = engine.SetTrustedProxies(nil) // nil cannot fail; no header is believed about where a request comes from
	engine.Use(s.identify, s.logRequest, s.recover, secure, s.limit)
	engine.NoRoute(func(c *gin.Context) {
		s.refuse(c, problem(http.StatusNotFound, "Không có địa chỉ “"+c.Request.URL.Path+"”."))
	})
	engine.NoMethod(func(c *gin.Context) {
		s.refuse(c, problem(http.StatusMethodNotAllowed,
			"Địa chỉ này nhận "+c.Writer.Header().Get("Allow")+", không nhận "+c.Request.Method+"."))
	})
	s.routeAPI(engine)
	s.routePages(engine)
	return engine
}

// isAPI tells whether a program asks, which gets its refusals as problem+json, or a person, who gets a page.
func isAPI(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/openapi.") || path == "/healthz"
}

// headAsGet answers HEAD as GET; net/http keeps the body back.
func headAsGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			r = r.WithContext(r.Context()) // a copy: the method of the original tells net/http to send no body
			r.Method = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

// Package web is the service: a page for clerks, a JSON API for programs, its description and its viewer. Everything is in the
// binary; no page asks another host for anything, and nothing that is sent here is kept but batches.
package web

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"vanthu/internal/app"
	"vanthu/internal/job"
)

// The largest body of a request, in bytes.
const (
	maxData = 16 << 20 // a data file with its tables, that of the period before and the profile; source bounds each
	maxWord = 32 << 20 // a Word file

	maxBatch = 256 << 20 // a ZIP file with the data of many units; it goes to the disk as it comes
	maxAdmin = 1 << 20   // what the view of the queue sends: names of jobs
)

// How many requests of a kind there are at once.
const (
	mostUploads = 4
	mostStreams = 64 // answers that take long: events and archives
)

// The routes that take a body.
const (
	documentsPath = "/api/v1/documents"
	markedPath    = "/api/v1/workbooks/marked"
	convertPath   = "/api/v1/convert"
	makePage      = "/tao-van-ban"
	convertPage   = "/chuyen-pdf"

	batchesPath = "/api/v1/batches"
	adminPath   = "/quan-tri/hang-doi"
	adminRoute  = adminPath + "/*path"
)

// server answers requests. It is safe for concurrent use.
type server struct {
	app  *app.App
	jobs *job.Runner
	log  *slog.Logger
	gate *gate

	uploads, streams seats
	heartbeat        time.Duration // between signs of life of a stream of events
	paces            paces
	ready            *readiness
	metrics          *metrics
	adminPassword    string
	guesses          guesses
	until            context.Context
}

// Config is what the service is made from.
type Config struct {
	App  *app.App
	Jobs *job.Runner // batches, or nil for a service that keeps nothing
	Log  *slog.Logger

	AdminPassword string // opens the view of the queue; empty for no such view

	Until context.Context // the view of the queue and streams of events end with it; nil for never
}

// Handler serves the pages and the API. Requests and faults go to the log, in English.
func Handler(config Config) http.Handler {
	return headAsGet(newServer(config).routes())
}

func newServer(config Config) *server {
	cpus := runtime.GOMAXPROCS(0)
	s := &server{
		app: config.App, jobs: config.Jobs, log: config.Log, gate: newGate(cpus, 16*cpus),
		uploads: make(seats, mostUploads), streams: make(seats, mostStreams), heartbeat: 15 * time.Second, paces: paces{seen: map[string][]sight{}},
		adminPassword: config.AdminPassword, guesses: guesses{since: map[string]*guessCount{}}, until: cmp.Or(config.Until, context.Background()),
	}
	s.ready = &readiness{check: func(context.Context) error { return nil }}
	if s.jobs != nil {
		s.ready.check = s.jobs.Ready
	}
	s.metrics = newMetrics(s.jobs)
	return s
}

func (s *server) routes() *gin.Engine {
	speakVietnamese()
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	_ = engine.SetTrustedProxies(nil) // nil cannot fail; no header is believed about where a request comes from
	engine.Use(s.identify, s.metrics.count, s.logRequest, s.recover, secure, s.limit)
	engine.NoRoute(func(c *gin.Context) {
		s.refuse(c, problem(http.StatusNotFound, "Không có địa chỉ “"+c.Request.URL.Path+"”."))
	})
	engine.NoMethod(func(c *gin.Context) {
		s.refuse(c, problem(http.StatusMethodNotAllowed,
			"Địa chỉ này nhận "+c.Writer.Header().Get("Allow")+", không nhận "+c.Request.Method+"."))
	})
	s.routeAPI(engine)
	s.routePages(engine)
	s.routeAdmin(engine)
	engine.GET("/metrics", gin.WrapH(s.metrics.handler()))
	return engine
}

// isAPI tells whether a program asks, which gets its refusals as problem+json, or a person, who gets a page.
func isAPI(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/openapi.") || path == "/healthz" || path == "/readyz"
}

type headKey struct{}

// headAsGet answers HEAD as GET; net/http keeps the body back.
func headAsGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			r = r.WithContext(context.WithValue(r.Context(), headKey{}, true)) // a copy: the method of the original tells net/http to send no body
			r.Method = http.MethodGet
		}
		next.ServeHTTP(w, r)
	})
}

// headersAlone tells a request for the headers of an answer, which need not wait for a body that is long in coming.
func headersAlone(c *gin.Context) bool { return c.Request.Context().Value(headKey{}) != nil }

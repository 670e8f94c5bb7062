// Package web is the service: the desk of the clerks, a JSON API for programs, its description and its viewer. Everything is in the binary; no
// page asks another host for anything.
package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"go.opentelemetry.io/contrib/instrumentation/github.com/gin-gonic/gin/otelgin"

	"vanthu/internal/account"
	"vanthu/internal/job"
	"vanthu/internal/services"
	"vanthu/internal/store"
)

// The largest body of a request, in bytes.
const (
	maxData  = 16 << 20 // a data file with its tables, that of the period before and the profile; source bounds each
	maxWord  = 32 << 20 // a Word file
	maxForm  = 4 << 20  // what a person types
	maxSmall = 64 << 10 // a few fields

	maxBatch = 256 << 20 // a ZIP file with the data of many units; it goes to the disk as it comes
	maxAdmin = 1 << 20   // what the view of the queue sends: names of jobs
)

// How many requests of a kind there are at once.
const (
	maxUploads = 4
	maxStreams = 64 // answers that take long: events and archives
)

// server answers requests. It is safe for concurrent use.
type server struct {
	*services.Services
	jobs     *job.Runner
	store    *store.Store
	accounts *account.Accounts
	log      *slog.Logger
	now      func() time.Time
	gate     *gate
	routes   map[string]route // by method and path: every address that is answered

	page func(c *gin.Context, p *Problem) *Problem // answers a person with a problem, as a page or a part of one

	uploads, streams seats
	heartbeat        time.Duration // between signs of life of a stream of events
	paces            paces
	ready            *readiness
	metrics          *metrics
	until            context.Context

	secure, local bool
	aloneSecret   string // seals what forms carry in one-person mode
}

// Config is what the service is made from.
type Config struct {
	Services *services.Services
	Jobs     *job.Runner // with the store of the services
	Accounts *account.Accounts
	Log      *slog.Logger
	Now      func() time.Time // the clock

	Secure bool // browsers come over HTTPS: cookies go no other way
	Local  bool // only this machine can ask: without users there is no login

	Until context.Context // the view of the queue and streams of events end with it; nil for never
}

func newServer(config Config) *server {
	cpus := runtime.GOMAXPROCS(0)
	s := &server{
		Services: config.Services, jobs: config.Jobs, store: config.Jobs.Store, accounts: config.Accounts, log: config.Log, now: config.Now,
		gate: newGate(cpus, 16*cpus), routes: map[string]route{},
		uploads: make(seats, maxUploads), streams: make(seats, maxStreams), heartbeat: 15 * time.Second, paces: paces{seen: map[string][]sight{}},
		ready: &readiness{check: config.Jobs.Ready}, metrics: newMetrics(config.Jobs.Load, config.Now),
		until:  cmp.Or(config.Until, context.Background()),
		secure: config.Secure, local: config.Local, aloneSecret: rand.Text(),
	}
	if secret, err := s.store.Secret(s.until); err == nil { // pages that are open outlive the process
		s.aloneSecret = secret
	}
	return s
}

// handler answers at the routes, all others with a problem. Requests and faults go to the log, in English and without personal data.
func (s *server) handler(routes ...[]route) http.Handler { return headAsGet(s.engine(routes...)) }

func (s *server) engine(routes ...[]route) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	_ = engine.SetTrustedProxies(nil) // nil cannot fail; no header is believed about where a request comes from
	engine.Use(s.identify, otelgin.Middleware("vanthu"), s.metrics.count, s.logRequest, s.recover, secure, s.refresh, s.respond(s.admit), s.respond(s.limit), s.respond(s.takeForm))
	engine.NoRoute(s.respond(func(c *gin.Context) *Problem {
		return problem(http.StatusNotFound, "Không có địa chỉ “"+c.Request.URL.Path+"”.")
	}))
	engine.NoMethod(s.respond(func(c *gin.Context) *Problem {
		return problem(http.StatusMethodNotAllowed, "Địa chỉ này nhận "+c.Writer.Header().Get("Allow")+", không nhận "+c.Request.Method+".")
	}))
	for _, r := range slices.Concat(routes...) {
		s.routes[r.method+" "+r.path] = r
		engine.Handle(r.method, r.path, s.respond(r.answer))
	}
	return engine
}

// isAPI reports whether a program asks, which gets its refusals as problem+json, or a person, who gets a page.
func isAPI(path string) bool {
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/openapi.") || path == "/healthz" || path == "/readyz" || path == "/metrics"
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

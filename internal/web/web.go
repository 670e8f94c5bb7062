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
	MaxData  = 16 << 20 // a data file with its tables, that of the period before and the profile; source bounds each
	MaxWord  = 32 << 20 // a Word file
	MaxForm  = 4 << 20  // what a person types
	MaxSmall = 64 << 10 // a few fields

	MaxBatch = 256 << 20 // a ZIP file with the data of many units; it goes to the disk as it comes
	MaxAdmin = 1 << 20   // what the view of the queue sends: names of jobs
)

// How many requests of a kind there are at once.
const (
	MaxUploads = 4
	MaxStreams = 64 // answers that take long: events and archives
)

// Server answers requests. It is safe for concurrent use.
type Server struct {
	*services.Services
	Jobs     *job.Runner
	Store    *store.Store
	Accounts *account.Accounts
	Log      *slog.Logger
	Now      func() time.Time
	Gate     *Gate
	Routes   map[string]Route // by method and path: every address that is answered

	ShowProblem func(c *gin.Context, p *Problem) *Problem // answers a person with a problem, as a page or a part of one

	Uploads, Streams Semaphore
	Heartbeat        time.Duration // between signs of life of a stream of events
	Paces            Throughput
	Readiness        *Readiness
	Metrics          *metrics
	Until            context.Context

	Secure, local bool
	AloneSecret   string // seals what forms carry in one-person mode
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

// New returns a server that answers nothing yet.
func New(config Config) *Server {
	cpus := runtime.GOMAXPROCS(0)
	s := &Server{
		Services: config.Services, Jobs: config.Jobs, Store: config.Jobs.Store, Accounts: config.Accounts, Log: config.Log, Now: config.Now,
		Gate: NewGate(cpus, 16*cpus), Routes: map[string]Route{},
		Uploads: make(Semaphore, MaxUploads), Streams: make(Semaphore, MaxStreams), Heartbeat: 15 * time.Second, Paces: Throughput{Seen: map[string][]sample{}},
		Readiness: &Readiness{Check: config.Jobs.Ready, Clock: config.Now}, Metrics: NewMetrics(config.Jobs.Load, config.Now),
		Until:  cmp.Or(config.Until, context.Background()),
		Secure: config.Secure, local: config.Local, AloneSecret: rand.Text(),
	}
	if secret, err := s.Store.Secret(s.Until); err == nil { // pages that are open outlive the process
		s.AloneSecret = secret
	}
	return s
}

// Handler answers at the routes, all others with a problem. Requests and faults go to the log, in English and without personal data.
func (s *Server) Handler(routes ...[]Route) http.Handler { return headAsGet(s.Engine(routes...)) }

// Engine returns what answers at the routes.
func (s *Server) Engine(routes ...[]Route) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	_ = engine.SetTrustedProxies(nil) // nil cannot fail; no header is believed about where a request comes from
	engine.Use(s.identify, otelgin.Middleware("vanthu"), s.Metrics.count, s.logRequest, s.recover, secure, s.refresh, s.respond(s.admit), s.respond(s.limit), s.respond(s.takeForm))
	engine.NoRoute(s.respond(func(c *gin.Context) *Problem {
		return NewProblem(http.StatusNotFound, "Không có địa chỉ “"+c.Request.URL.Path+"”.")
	}))
	engine.NoMethod(s.respond(func(c *gin.Context) *Problem {
		return NewProblem(http.StatusMethodNotAllowed, "Địa chỉ này nhận "+c.Writer.Header().Get("Allow")+", không nhận "+c.Request.Method+".")
	}))
	for _, r := range slices.Concat(routes...) {
		s.Routes[r.Method+" "+r.Path] = r
		engine.Handle(r.Method, r.Path, s.respond(r.Answer))
	}
	return engine
}

// IsAPI reports whether a program asks, which gets its refusals as problem+json, or a person, who gets a page.
func IsAPI(path string) bool {
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

// HeadOnly reports whether a request is for the headers of an answer, which need not wait for a body that is long in coming.
func HeadOnly(c *gin.Context) bool { return c.Request.Context().Value(headKey{}) != nil }

package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"

	"github.com/gin-gonic/gin"
)

type requestIDKey struct{}

// goodRequestID keeps what a caller sends as X-Request-Id from spoiling a header or the log.
var goodRequestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// identify gives each request a name, the caller's if it has one, and sends it back.
func (s *server) identify(c *gin.Context) {
	id := c.GetHeader("X-Request-Id")
	if !goodRequestID.MatchString(id) {
		id = rand.Text()
	}
	c.Header("X-Request-Id", id)
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), requestIDKey{}, id))
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

func (s *server) logRequest(c *gin.Context) {
	c.Next()
	s.log.InfoContext(c.Request.Context(), "request",
		"method", c.Request.Method, "path", c.Request.URL.Path, "status", c.Writer.Status(),
		"bytes", max(c.Writer.Size(), 0), "from", c.Request.RemoteAddr, "id", requestID(c.Request.Context()))
}

// recover turns a panic into a refusal that tells the caller nothing but the request's name, under which the log has the rest.
func (s *server) recover(c *gin.Context) {
	defer func() {
		reason := recover()
		if reason == nil {
			return
		}
		if reason == http.ErrAbortHandler {
			panic(reason)
		}
		s.log.ErrorContext(c.Request.Context(), "panic", "reason", reason, "id", requestID(c.Request.Context()),
			"stack", string(debug.Stack()))
		if c.Writer.Written() {
			c.Abort()
			return
		}
		s.refuse(c, faultProblem(c.Request.Context()))
	}()
	c.Next()
}

// secure sets what a browser must not do with our answers. The viewer of the API sets its own, wider style-src.
func secure(c *gin.Context) {
	c.Header("Content-Security-Policy", policy(""))
	c.Header("X-Content-Type-Options", "nosniff")
	c.Header("X-Frame-Options", "DENY") // for browsers older than frame-ancestors
	c.Header("Referrer-Policy", "no-referrer")
	if isAPI(c.Request.URL.Path) {
		c.Header("Cache-Control", "no-store")
	}
}

// policy is the Content-Security-Policy: our own files alone. moreStyles widens style-src.
func policy(moreStyles string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'" + moreStyles,
		"img-src 'self' data:",
		"connect-src 'self'",
		"form-action 'self'",
		"base-uri 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}

// bodyLimits holds the routes that take a body and make something of it.
func bodyLimits(route string) (most int64, heavy bool) {
	switch route {
	case documentsPath, markedPath, makePage:
		return maxData, true
	case convertPath, convertPage:
		return maxWord, true
	default:
		return 0, false
	}
}

// limit bounds the body of a request, and with it the number of requests whose bodies are held, before anything is read.
func (s *server) limit(c *gin.Context) {
	most, heavy := bodyLimits(c.FullPath())
	if c.Request.ContentLength > most && heavy {
		s.refuse(c, tooLarge(most))
		return
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, most)
	if !heavy {
		return
	}
	if !s.gate.enter() {
		s.refuse(c, busy())
		return
	}
	defer s.gate.leave()
	c.Next()
}

// refuse ends a request with a problem: problem+json for programs, a page for people.
func (s *server) refuse(c *gin.Context, p *Problem) {
	for name, values := range p.GetHeaders() {
		c.Writer.Header()[name] = values
	}
	if isAPI(c.Request.URL.Path) {
		p.write(c.Writer)
	} else {
		s.page(c, p.Status, "error.html", p)
	}
	c.Abort()
}

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
	defer func() { // an answer that is broken off is told too
		s.log.InfoContext(c.Request.Context(), "request",
			"method", c.Request.Method, "path", c.Request.URL.Path, "status", c.Writer.Status(),
			"bytes", max(c.Writer.Size(), 0), "from", c.Request.RemoteAddr, "id", requestID(c.Request.Context()))
	}()
	c.Next()
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

// bodyLimit bounds the bodies of a route.
type bodyLimit struct {
	most  int64    // bytes
	seats seats    // where a request takes a seat before its body is read, or nil
	full  *Problem // what is said when none is free
}

// bodyLimit is the limit of a request. Whoever is not named here has no body.
func (s *server) bodyLimit(method, route string) bodyLimit {
	switch route {
	case documentsPath, markedPath, makePage:
		return bodyLimit{maxData, s.gate.seats, busy()}
	case convertPath, convertPage:
		return bodyLimit{maxWord, s.gate.seats, busy()}
	case batchesPath:
		if method == http.MethodPost {
			return bodyLimit{maxBatch, s.uploads, tooMany("Đang nhận nhiều lô cùng lúc. Hãy gửi lại sau ít giây.", 10)}
		}
	case adminRoute:
		return bodyLimit{most: maxAdmin}
	}
	return bodyLimit{}
}

// limit bounds the body of a request, and with it the number of requests whose bodies are held, before anything is read.
func (s *server) limit(c *gin.Context) {
	limit := s.bodyLimit(c.Request.Method, c.FullPath())
	if c.Request.ContentLength > limit.most && limit.seats != nil {
		s.refuse(c, tooLarge(limit.most))
		return
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, limit.most)
	if limit.most > 0 {
		c.Request.Body = newPatientBody(c)
	}
	if limit.seats == nil {
		return
	}
	if !limit.seats.enter() {
		s.refuse(c, limit.full)
		return
	}
	defer limit.seats.leave()
	c.Next()
}

// sameSite refuses what a page of another site makes a browser send: whoever sits in the office's network could otherwise be made to start a
// batch, or to empty the queue, by a page that they only look at.
func (s *server) sameSite(c *gin.Context) {
	if http.NewCrossOriginProtection().Check(c.Request) != nil {
		s.refuse(c, problem(http.StatusForbidden, "Yêu cầu này do trang web khác gửi. Hãy gửi từ chính trang của máy chủ hoặc từ chương trình."))
	}
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

package web

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/lazyregexp"
)

type requestIDKey struct{}

// GoodRequestID keeps what a caller sends as X-Request-Id from spoiling a header or the log.
var GoodRequestID = lazyregexp.New(`^[A-Za-z0-9._-]{1,64}$`)

// identify gives each request a name, the caller's if it has one, and sends it back.
func (s *Server) identify(c *gin.Context) {
	id := c.GetHeader("X-Request-Id")
	if !GoodRequestID.MatchString(id) {
		id = rand.Text()
	}
	c.Header("X-Request-Id", id)
	c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), requestIDKey{}, id))
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// logRequest tells what was asked and answered, without what could name a person: no address of a caller, no query, and of a path only its
// form.
func (s *Server) logRequest(c *gin.Context) {
	defer func() { // an answer that is broken off is told too
		s.Log.InfoContext(c.Request.Context(), "request",
			"method", c.Request.Method, "route", c.FullPath(), "status", c.Writer.Status(),
			"bytes", max(c.Writer.Size(), 0), "id", requestID(c.Request.Context()))
	}()
	c.Next()
}

// recover turns a panic into a refusal that tells the caller nothing but the request's name, under which the log has the rest.
func (s *Server) recover(c *gin.Context) {
	defer func() {
		reason := recover()
		if reason == nil {
			return
		}
		if err, _ := reason.(error); errors.Is(err, http.ErrAbortHandler) {
			panic(reason)
		}
		s.Log.ErrorContext(c.Request.Context(), "panic", "reason", reason, "id", requestID(c.Request.Context()),
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
	c.Header("Content-Security-Policy", Policy(""))
	c.Header("X-Content-Type-Options", "nosniff")
	c.Header("X-Frame-Options", "DENY") // for browsers older than frame-ancestors
	c.Header("Referrer-Policy", "no-referrer")
	c.Header("Cross-Origin-Resource-Policy", "same-origin") // in one-person mode no cookie keeps the pages of others from loading ours
	if IsAPI(c.Request.URL.Path) {
		c.Header("Cache-Control", "no-store")
	}
}

// Policy is the Content-Security-Policy: our own files alone. moreStyles widens style-src.
func Policy(moreStyles string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'" + moreStyles,
		"img-src 'self' data:",
		"font-src 'self'",
		"connect-src 'self'",
		"form-action 'self'",
		"base-uri 'none'",
		"frame-ancestors 'none'",
	}, "; ")
}

// BodyLimit bounds the bodies of a route.
type BodyLimit struct {
	Max   int64     // bytes
	Slots Semaphore // where a request takes a seat before its body is read, or nil
	Full  *Problem  // what is said when none is free
}

// limit bounds the body of a request, and with it the number of requests whose bodies are held, before anything is read.
func (s *Server) limit(c *gin.Context) *Problem {
	limit := s.Routes[c.Request.Method+" "+c.FullPath()].Body
	if c.Request.ContentLength > limit.Max && limit.Slots != nil {
		return tooLarge(limit.Max)
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, limit.Max)
	if limit.Max > 0 {
		c.Request.Body = s.newDeadlineBody(c)
	}
	if limit.Slots == nil {
		return nil
	}
	if !limit.Slots.TryAcquire() {
		return limit.Full
	}
	defer limit.Slots.Release()
	c.Next()
	return nil
}

// refuse ends a request with a problem: problem+json for programs, a page for people, and for a part of a page what its notice shows.
func (s *Server) refuse(c *gin.Context, p *Problem) {
	defer c.Abort()
	if p.RetryAfter != "" {
		c.Header("Retry-After", p.RetryAfter)
	}
	if IsAPI(c.Request.URL.Path) {
		p.write(c.Writer)
	} else if failed := s.ShowProblem(c, p); failed != nil {
		c.String(failed.Status, failed.Title)
	}
}

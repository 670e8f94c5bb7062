package web

import (
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// The server gives a request a minute or two. A body has its deadlines moved on as long as it comes, so that a large one passes a slow line,
// and one that only pretends to come does not keep its seat; so has an answer without an end of its own.
const (
	longestPause  = 30 * time.Second // without a byte; and the start that a body has before its speed counts
	slowestLine   = 32 << 10         // bytes of a body a second, on the whole: 256 MB in two hours and a quarter
	longestAnswer = 2 * time.Minute  // from the last byte of the body to the last of the answer
)

// deadlineBody is the body of a request, to be read as long as it comes.
type deadlineBody struct {
	io.ReadCloser
	line  *http.ResponseController
	now   func() time.Time
	begun time.Time
	size  int64 // bytes that have come
}

func (s *Server) newDeadlineBody(c *gin.Context) *deadlineBody {
	return &deadlineBody{ReadCloser: c.Request.Body, line: http.NewResponseController(c.Writer), now: s.Now, begun: s.Now()}
}

// Read moves the deadlines on.
func (b *deadlineBody) Read(p []byte) (int, error) {
	next := b.now().Add(longestPause)
	if due := b.begun.Add(longestPause + time.Duration(b.size)*time.Second/slowestLine); due.Before(next) {
		next = due
	}
	_ = b.line.SetReadDeadline(next) // an error says that there are no deadlines here
	_ = b.line.SetWriteDeadline(next.Add(longestAnswer))
	n, err := b.ReadCloser.Read(p)
	b.size += int64(n)
	if err == io.EOF {
		_ = b.line.SetReadDeadline(time.Time{}) // when it passes the request would be taken for gone
	}
	return n, err
}

// DeadlineWriter writes an answer that may take long, to somebody who takes it.
type DeadlineWriter struct {
	answer gin.ResponseWriter
	line   *http.ResponseController
	now    func() time.Time
}

// NewDeadlineWriter lifts the deadlines of a request for an answer without an end of its own.
func (s *Server) NewDeadlineWriter(c *gin.Context) *DeadlineWriter {
	line := http.NewResponseController(c.Writer)
	_ = line.SetReadDeadline(time.Time{}) // when it passes the request would be taken for gone
	return &DeadlineWriter{c.Writer, line, s.Now}
}

// Write moves the deadline on.
func (w *DeadlineWriter) Write(p []byte) (int, error) {
	_ = w.line.SetWriteDeadline(w.now().Add(longestPause))
	return w.answer.Write(p)
}

// Flush sends what is written.
func (w *DeadlineWriter) Flush() error { return w.line.Flush() }

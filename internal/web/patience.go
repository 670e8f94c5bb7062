package web

import (
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// The server gives a request a minute or two, which is plenty for a document. What takes longer has its deadlines moved on as long as
// bytes go over the line.
const (
	longestPause  = 30 * time.Second // without a byte
	longestUpload = 20 * time.Minute
)

// patientReader reads the body of a request that may take long.
type patientReader struct {
	body io.Reader
	line *http.ResponseController
	end  time.Time
}

// patientBody is the body of a request, to be read in at most longestUpload. What answers has as long as usual after that.
func patientBody(c *gin.Context) io.Reader {
	line, end := http.NewResponseController(c.Writer), time.Now().Add(longestUpload)
	_ = line.SetWriteDeadline(end.Add(time.Minute)) // an error says that there are no deadlines here
	return &patientReader{c.Request.Body, line, end}
}

// Read moves the deadline on.
func (r *patientReader) Read(p []byte) (int, error) {
	next := time.Now().Add(longestPause)
	if next.After(r.end) {
		next = r.end
	}
	_ = r.line.SetReadDeadline(next)
	n, err := r.body.Read(p)
	if err != nil {
		_ = r.line.SetReadDeadline(time.Time{}) // when it passes the request would be taken for gone
	}
	return n, err
}

// patientWriter writes an answer that may take long, to somebody who takes it.
type patientWriter struct {
	answer gin.ResponseWriter
	line   *http.ResponseController
}

// patient lifts the deadlines of a request for an answer without an end of its own.
func patient(c *gin.Context) *patientWriter {
	line := http.NewResponseController(c.Writer)
	_ = line.SetReadDeadline(time.Time{}) // when it passes the request would be taken for gone
	return &patientWriter{c.Writer, line}
}

// Write moves the deadline on.
func (w *patientWriter) Write(p []byte) (int, error) {
	_ = w.line.SetWriteDeadline(time.Now().Add(longestPause))
	return w.answer.Write(p)
}

// Flush sends what is written.
func (w *patientWriter) Flush() error { return w.line.Flush() }

package web

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// How long a check may take, and how long what it found holds.
const (
	LongestCheck = 3 * time.Second
	lastWord     = 200 * time.Millisecond // of that, to hear what it was that took so long
	CheckLasts   = time.Second
)

// Readiness asks whether the database and the place of the files work. Those who ask at once share one check, and its result stands for a
// moment, so that no crowd of monitors can load what they watch.
type Readiness struct {
	Check func(context.Context) error
	Clock func() time.Time

	mu      sync.Mutex
	running chan struct{} // closed when the check is done; nil while there is none
	Done    time.Time     // when the last check was
	found   error
}

// Now returns what the check finds, context.DeadlineExceeded where it takes too long. A check that hangs is not begun a second time.
func (r *Readiness) Now() error {
	r.mu.Lock()
	if r.running == nil && r.Clock().Sub(r.Done) < CheckLasts {
		defer r.mu.Unlock()
		return r.found
	}
	if r.running == nil {
		r.running = make(chan struct{})
		go r.run(r.running)
	}
	running := r.running
	r.mu.Unlock()

	late := time.NewTimer(LongestCheck)
	defer late.Stop()
	select {
	case <-running:
	case <-late.C:
		return context.DeadlineExceeded
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.found
}

func (r *Readiness) run(running chan struct{}) {
	ctx, stop := context.WithTimeout(context.Background(), LongestCheck-lastWord) // its result is for many, whoever asked first
	defer stop()
	found := r.Check(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running, r.Done, r.found = nil, r.Clock(), found
	close(running)
}

// Ready answers whether the service can work.
func (s *Server) Ready(c *gin.Context) *Problem {
	if err := s.Readiness.Now(); err != nil {
		ctx := c.Request.Context()
		s.Log.WarnContext(ctx, "not ready", "error", err, "id", requestID(ctx))
		p := NewProblem(http.StatusServiceUnavailable, notReadyDetail(err))
		p.RetryAfter = "5"
		return p
	}
	return AnswerJSON(c, http.StatusOK, gin.H{"status": "ready"})
}

// notReadyDetail says what does not work, and leaves addresses and paths to the log.
func notReadyDetail(err error) string {
	switch part, _, _ := strings.Cut(err.Error(), ":"); part {
	case "database":
		return "Cơ sở dữ liệu không đọc, ghi được. Xem nhật ký của máy chủ."
	case "files":
		return "Nơi để tệp không ghi được, có thể hết chỗ. Xem nhật ký của máy chủ."
	default:
		return "Cơ sở dữ liệu hoặc nơi để tệp không trả lời trong 3 giây. Xem nhật ký của máy chủ."
	}
}

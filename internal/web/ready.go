package web

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

const (
	longestCheck = 3 * time.Second
	lastWord     = 200 * time.Millisecond // of that, to hear what it was that took so long
	checkLasts   = time.Second
)

// readiness asks whether the database and the place of the files work. Those who ask at once share one check, and its result stands for a
// moment, so that no crowd of monitors can load what they watch.
type readiness struct {
	check func(context.Context) error

	mu      sync.Mutex
	running chan struct{} // closed when the check is done; nil while there is none
	done    time.Time     // when the last check was
	found   error
}

// now gives what the check finds, context.DeadlineExceeded where it takes too long. A check that hangs is not begun a second time.
func (r *readiness) now() error {
	r.mu.Lock()
	if r.running == nil && time.Since(r.done) < checkLasts {
		defer r.mu.Unlock()
		return r.found
	}
	if r.running == nil {
		r.running = make(chan struct{})
		go r.run(r.running)
	}
	running := r.running
	r.mu.Unlock()

	late := time.NewTimer(longestCheck)
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

func (r *readiness) run(running chan struct{}) {
	ctx, stop := context.WithTimeout(context.Background(), longestCheck-lastWord) // its result is for many, whoever asked first
	defer stop()
	found := r.check(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running, r.done, r.found = nil, time.Now(), found
	close(running)
}

func (s *server) readyz(c *gin.Context) *Problem {
	if err := s.ready.now(); err != nil {
		ctx := c.Request.Context()
		s.log.WarnContext(ctx, "not ready", "error", err, "id", requestID(ctx))
		p := problem(http.StatusServiceUnavailable, notReadyDetail(err))
		p.retryAfter = "5"
		return p
	}
	return answerJSON(c, http.StatusOK, gin.H{"status": "ready"})
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

package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gin-gonic/gin"

	"vanthu/internal/job"
)

const eventsType = "text/event-stream"

// How often a stream looks at its batch: less and less often while nothing changes.
const (
	shortestLook = 250 * time.Millisecond
	longestLook  = 2 * time.Second
)

// batchEvents answers with events (HTML Living Standard, 9.2, Server-sent events) until the batch has ended.
func (s *api) batchEvents(c *gin.Context) *Problem {
	status, p := s.status(c.Request.Context(), c.Param("id"))
	if p != nil {
		return p
	}
	if !s.streams.enter() {
		return tooManyStreams()
	}
	defer s.streams.leave()
	c.Header("Content-Type", eventsType)
	c.Header("X-Accel-Buffering", "no") // a proxy is not to collect them
	if !headersAlone(c) {
		s.follow(c, status)
	}
	return nil
}

// follow tells of each change of a batch. Where it ends early a browser asks again by itself.
func (s *api) follow(c *gin.Context, status job.Status) {
	events := eventWriter{patient(c)}
	beat := time.NewTicker(s.heartbeat)
	defer beat.Stop()
	look := time.NewTimer(shortestLook)
	defer look.Stop()
	pause := shortestLook
	told := s.tell(events, status)
	for told != nil && !ended(status.State) {
		select {
		case <-c.Request.Context().Done():
			return
		case <-s.until.Done():
			return
		case <-beat.C:
			if events.comment() != nil {
				return
			}
		case <-look.C:
			next, err := s.jobs.Status(c.Request.Context(), status.ID)
			switch {
			case errors.Is(err, job.ErrNotFound):
				return
			case err == nil && !bytes.Equal(asJSON(next), told):
				status, pause = next, shortestLook
				told = s.tell(events, status)
			default: // a database that does not answer may be back soon
				pause = min(2*pause, longestLook)
			}
			look.Reset(pause)
		}
	}
	if told != nil {
		_ = events.send("end", []byte(fmt.Sprintf(`{"state":%q}`, status.State)))
	}
}

// tell sends what a batch has come to, and gives the status that was told, or nil where nobody listens any more.
func (s *api) tell(events eventWriter, status job.Status) []byte {
	if events.send("status", asJSON(s.progressOf(status))) != nil {
		return nil
	}
	return asJSON(status)
}

func asJSON(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // plain strings and numbers
	}
	return text
}

// eventWriter writes a stream of events.
type eventWriter struct{ to *patientWriter }

// send writes an event whose data is one line.
func (w eventWriter) send(name string, data []byte) error {
	if _, err := fmt.Fprintf(w.to, "event: %s\ndata: %s\n\n", name, data); err != nil {
		return err
	}
	return w.to.Flush()
}

// comment writes a sign of life, which listeners pass over.
func (w eventWriter) comment() error {
	if _, err := fmt.Fprint(w.to, ":\n\n"); err != nil {
		return err
	}
	return w.to.Flush()
}

package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gin-gonic/gin"

	"vanthu/internal/job"
	"vanthu/internal/web"
)

// EventsType is the media type of server-sent events.
const EventsType = "text/event-stream"

// How often a stream looks at its batch: less and less often while nothing changes.
const (
	shortestLook = 250 * time.Millisecond
	longestLook  = 2 * time.Second
)

// batchEvents answers with events (HTML Living Standard, 9.2, Server-sent events) until the batch has ended.
func (s *API) batchEvents(c *gin.Context) *web.Problem {
	status, p := s.BatchStatus(c.Request.Context(), c.Param("id"))
	if p != nil {
		return p
	}
	if !s.Streams.TryAcquire() {
		return web.TooManyStreams()
	}
	defer s.Streams.Release()
	c.Header("Content-Type", EventsType)
	c.Header("X-Accel-Buffering", "no") // a proxy is not to collect them
	if !web.HeadOnly(c) {
		s.follow(c, status)
	}
	return nil
}

// follow tells of each change of a batch. Where it ends early a browser asks again by itself.
func (s *API) follow(c *gin.Context, status job.Status) {
	events := eventWriter{s.NewDeadlineWriter(c)}
	beat := time.NewTicker(s.Heartbeat)
	defer beat.Stop()
	look := time.NewTimer(shortestLook)
	defer look.Stop()
	pause := shortestLook
	told := s.tell(events, status)
	for told != nil && !web.Ended(status.State) {
		select {
		case <-c.Request.Context().Done():
			return
		case <-s.Until.Done():
			return
		case <-beat.C:
			if events.comment() != nil {
				return
			}
		case <-look.C:
			next, err := s.Jobs.Status(c.Request.Context(), status.ID)
			switch {
			case errors.Is(err, job.ErrNotFound):
				return
			case err == nil && !bytes.Equal(AsJSON(next), told):
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
func (s *API) tell(events eventWriter, status job.Status) []byte {
	if events.send("status", AsJSON(s.ProgressOf(status))) != nil {
		return nil
	}
	return AsJSON(status)
}

// AsJSON returns a value as JSON.
func AsJSON(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // plain strings and numbers
	}
	return text
}

// eventWriter writes a stream of events.
type eventWriter struct{ to *web.DeadlineWriter }

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

package site

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"vanthu/internal/store"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
)

// stream is what a stream of events says, in its order.
type stream struct {
	told  []web.BatchProgress
	end   string
	beats int // signs of life
}

// read reads a stream to its end, and calls each at each sign of life.
func (s *stream) read(t *testing.T, body io.Reader, each func(beats int)) {
	t.Helper()
	lines, name := bufio.NewScanner(body), ""
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, ":"):
			s.beats++
			each(s.beats)
		case strings.HasPrefix(line, "event: "):
			name = line[len("event: "):]
		case strings.HasPrefix(line, "data: ") && name == "status":
			var status web.BatchProgress
			if err := json.Unmarshal([]byte(line[len("data: "):]), &status); err != nil {
				t.Fatal(err)
			}
			s.told = append(s.told, status)
		case strings.HasPrefix(line, "data: ") && name == "end":
			s.end = line[len("data: "):]
		case line != "":
			t.Errorf("line %q", line)
		}
	}
	if err := lines.Err(); err != nil {
		t.Error(err)
	}
	for i := 1; i < len(s.told); i++ {
		if string(api.AsJSON(s.told[i].Status)) == string(api.AsJSON(s.told[i-1].Status)) {
			t.Errorf("told twice: %+v", s.told[i])
		}
	}
}

// listen opens a stream of events.
func listen(t *testing.T, s *web.Server, id string) *http.Response {
	t.Helper()
	server := httptest.NewServer(held(t, newSite(s)))
	t.Cleanup(server.Close)
	r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+web.BatchesPath+"/"+id+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	return answer
}

func TestEventsTellOfABatchToItsEnd(t *testing.T) {
	s := openOffice(t)
	s.Heartbeat = time.Millisecond
	answer := listen(t, s, planned(t, s))
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != api.EventsType || answer.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("status %d, headers %v", answer.StatusCode, answer.Header)
	}
	var heard stream
	heard.read(t, answer.Body, func(beats int) {
		if beats == 1 {
			start(t, s)
		}
	})
	if told := heard.told; heard.end != `{"state":"done"}` || len(told) < 2 || told[0].Pending != 2 || told[len(told)-1].State != store.Done || told[len(told)-1].Made != 2 {
		t.Fatalf("ended with %q, told %+v", heard.end, told)
	}
}

// A stream outlives the deadlines of the server: it is alive as long as somebody reads it.
func TestEventsOutliveTheDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openOffice(t)
		id := planned(t, s)
		open, stop := slowServer(held(t, newSite(s)))
		conn := open()
		defer func() { _ = conn.Close(); stop(); synctest.Wait() }()
		if _, err := fmt.Fprintf(conn, "GET %s/%s/events HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", web.BatchesPath, id); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		const beats = 20
		began := time.Now()
		var heard stream
		heard.read(t, answer.Body, func(n int) {
			if n != beats {
				return
			}
			if took := time.Since(began); took != beats*s.Heartbeat {
				t.Errorf("%d signs of life in %v", beats, took)
			}
			if err := s.Jobs.Cancel(t.Context(), id); err != nil {
				t.Error(err)
			}
		})
		if told := heard.told; heard.end != `{"state":"cancelled"}` || heard.beats != beats || len(told) != 2 || told[1].Skipped != 2 {
			t.Errorf("ended with %q after %d signs of life, told %+v", heard.end, heard.beats, told)
		}
	})
}

func TestEventsOfABatchThatHasEnded(t *testing.T) {
	s := openOffice(t)
	id := planned(t, s)
	if err := s.Jobs.Cancel(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	w := send(held(t, newSite(s)), "GET", web.BatchesPath+"/"+id+"/events", body{})
	if got := w.Body.String(); strings.Count(got, "event: ") != 2 || !strings.HasSuffix(got, "event: end\ndata: {\"state\":\"cancelled\"}\n\n") {
		t.Errorf("told\n%s", got)
	}
}

func TestEventsEndWithTheService(t *testing.T) {
	until, stop := context.WithCancel(t.Context())
	defer stop()
	s := openOffice(t, func(c *web.Config) { c.Until = until })
	lines := bufio.NewScanner(listen(t, s, planned(t, s)).Body)
	var told strings.Builder
	for lines.Scan() {
		told.WriteString(lines.Text() + "\n")
		stop()
	}
	if lines.Err() != nil || !strings.HasPrefix(told.String(), "event: status\n") || strings.Contains(told.String(), "event: end") {
		t.Errorf("%v after\n%s", lines.Err(), told.String())
	}
}

func TestStreamsAtOnce(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	id := planned(t, s)
	for range web.MaxStreams {
		s.Streams.TryAcquire()
	}
	for _, path := range []string{"/events", "/archive?partial=true"} {
		if w := send(h, "GET", web.BatchesPath+"/"+id+path, body{}); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" ||
			w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: status %d, headers %v", path, w.Code, w.Header())
		}
	}
}

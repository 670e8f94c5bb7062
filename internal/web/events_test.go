package web

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vanthu/internal/store"
)

// listen opens a stream of events on a server whose own deadlines are short, and gives its lines.
func listen(t *testing.T, s *server, id string) (*http.Response, *bufio.Scanner) {
	t.Helper()
	server := httptest.NewUnstartedServer(held(t, site(s)))
	server.Config.ReadTimeout, server.Config.WriteTimeout = 100*time.Millisecond, 100*time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+batchesPath+"/"+id+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = answer.Body.Close() })
	return answer, bufio.NewScanner(answer.Body)
}

func TestEventsTellOfABatchToItsEnd(t *testing.T) {
	s := openOffice(t)
	s.heartbeat = 20 * time.Millisecond
	answer, lines := listen(t, s, planned(t, s))
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != eventsType || answer.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("status %d, headers %v", answer.StatusCode, answer.Header)
	}
	var told []batchProgress
	name, end, beats := "", "", 0
	for lines.Scan() {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, ":"):
			if beats++; beats == 20 { // longer than the deadlines of the server
				start(t, s)
			}
		case strings.HasPrefix(line, "event: "):
			name = line[len("event: "):]
		case strings.HasPrefix(line, "data: ") && name == "status":
			var status batchProgress
			if err := json.Unmarshal([]byte(line[len("data: "):]), &status); err != nil {
				t.Fatal(err)
			}
			told = append(told, status)
		case strings.HasPrefix(line, "data: ") && name == "end":
			end = line[len("data: "):]
		case line != "":
			t.Errorf("line %q", line)
		}
	}
	if lines.Err() != nil || end != `{"state":"done"}` || beats < 20 {
		t.Errorf("ended with %v, event %q, after %d signs of life", lines.Err(), end, beats)
	}
	if len(told) < 2 || told[0].Pending != 2 || told[len(told)-1].State != store.Done || told[len(told)-1].Made != 2 {
		t.Fatalf("told %+v", told)
	}
	for i := 1; i < len(told); i++ {
		if string(asJSON(told[i].Status)) == string(asJSON(told[i-1].Status)) {
			t.Errorf("told twice: %+v", told[i])
		}
	}
}

func TestEventsOfABatchThatHasEnded(t *testing.T) {
	s := openOffice(t)
	id := planned(t, s)
	if err := s.jobs.Cancel(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	w := send(held(t, site(s)), "GET", batchesPath+"/"+id+"/events", body{})
	if got := w.Body.String(); strings.Count(got, "event: ") != 2 || !strings.HasSuffix(got, "event: end\ndata: {\"state\":\"cancelled\"}\n\n") {
		t.Errorf("told\n%s", got)
	}
}

func TestEventsEndWithTheService(t *testing.T) {
	until, stop := context.WithCancel(t.Context())
	defer stop()
	s := openOffice(t, func(c *Config) { c.Until = until })
	_, lines := listen(t, s, planned(t, s))
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
	h := held(t, site(s))
	id := planned(t, s)
	for range maxStreams {
		s.streams.enter()
	}
	for _, path := range []string{"/events", "/archive?partial=true"} {
		if w := send(h, "GET", batchesPath+"/"+id+path, body{}); w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" ||
			w.Header().Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: status %d, headers %v", path, w.Code, w.Header())
		}
	}
}

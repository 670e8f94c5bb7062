package site

import (
	"context"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"vanthu/internal/store"
	"vanthu/internal/web"
)

// scraped is what a monitor reads: the value of each line by its name and labels.
func scraped(t *testing.T, s *web.Server) map[string]string {
	t.Helper()
	w := httptest.NewRecorder()
	s.Metrics.Handler().ServeHTTP(w, httptest.NewRequest("GET", here+"/metrics", nil))
	if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
		t.Fatalf("status %d, %s", w.Code, w.Header().Get("Content-Type"))
	}
	values := map[string]string{}
	for line := range strings.Lines(w.Body.String()) {
		if !strings.HasPrefix(line, "#") {
			cut := strings.LastIndex(line, " ")
			values[line[:cut]] = strings.TrimSpace(line[cut:])
		}
	}
	return values
}

func TestMetricsOfBatches(t *testing.T) {
	s := openOffice(t)
	id := planned(t, s)
	got := scraped(t, s)
	for name, want := range map[string]string{
		"vanthu_store_up": "1", `vanthu_items{state="pending"}`: "2", `vanthu_items{state="made"}`: "0", `vanthu_items{state="failed"}`: "0",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	for _, name := range []string{"vanthu_batches_oldest_pending_seconds", "go_goroutines", "process_resident_memory_bytes"} {
		if got[name] == "" {
			t.Errorf("no %s", name)
		}
	}
	start(t, s)
	awaitEnd(t, held(t, newSite(s)), id)
	got = scraped(t, s)
	if got[`vanthu_items{state="made"}`] != "2" || got["vanthu_batches_oldest_pending_seconds"] != "0" {
		t.Errorf("in the end %s made, oldest %s", got[`vanthu_items{state="made"}`], got["vanthu_batches_oldest_pending_seconds"])
	}
}

func TestMetricsOfADatabaseThatIsGone(t *testing.T) {
	s := openOffice(t)
	if err := s.Jobs.Store.Close(); err != nil {
		t.Fatal(err)
	}
	got := scraped(t, s)
	if got["vanthu_store_up"] != "0" || got[`vanthu_items{state="made"}`] != "" || got["go_goroutines"] == "" {
		t.Errorf("up is %q, made %q", got["vanthu_store_up"], got[`vanthu_items{state="made"}`])
	}
}

func TestAgeOfTheOldestBatch(t *testing.T) {
	now := time.Date(2026, 12, 20, 8, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name string
		load store.Load
		err  error
		want string
	}{
		{"none", store.Load{}, nil, "0"},
		{"a minute", store.Load{Oldest: now.Add(-time.Minute)}, nil, "60"},
		{"clock set back", store.Load{Oldest: now.Add(time.Minute)}, nil, "0"},
		{"no answer", store.Load{Oldest: now}, errors.New("gone"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := web.NewMetrics(func(ctx context.Context) (store.Load, error) {
				if _, bounded := ctx.Deadline(); !bounded {
					t.Error("asked without a limit of time")
				}
				return test.load, test.err
			}, func() time.Time { return now })
			if got := scraped(t, &web.Server{Metrics: m})["vanthu_batches_oldest_pending_seconds"]; got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// Lines are named by routes: whoever asks for any number of addresses, or by any method, adds none.
func TestMetricsOfRequests(t *testing.T) {
	s := openOffice(t)
	h := held(t, newSite(s))
	for _, sent := range []struct{ method, path string }{
		{"GET", "/"},
		{"GET", "/healthz"},
		{"HEAD", "/healthz"},
		{"GET", web.BatchesPath + "/k7qx2m5rt4w6z3yb5n7pjd4hce"},
		{"GET", web.BatchesPath + "/1"},
		{"GET", "/nguyen-van-a"},
		{"GET", "/nguyen-van-b"},
		{"BREW", "/"},
		{"GET", "/metrics"},
	} {
		send(h, sent.method, sent.path, body{})
	}
	got := scraped(t, s)
	for name, want := range map[string]string{
		`vanthu_http_requests_total{method="GET",route="/",status="200"}`:                   "1",
		`vanthu_http_requests_total{method="GET",route="/healthz",status="200"}`:            "2",
		`vanthu_http_requests_total{method="GET",route="/api/v1/batches/:id",status="404"}`: "2",
		`vanthu_http_requests_total{method="GET",route="none",status="404"}`:                "2",
		`vanthu_http_requests_total{method="other",route="none",status="405"}`:              "1",
		`vanthu_http_requests_total{method="GET",route="/metrics",status="200"}`:            "1",
		`vanthu_http_request_duration_seconds_count{route="/api/v1/batches/:id"}`:           "2",
		`vanthu_http_request_duration_seconds_bucket{route="/api/v1/batches/:id",le="120"}`: "2",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	builds := 0
	for name := range got {
		if strings.Contains(name, "nguyen") || strings.Contains(name, "k7qx") || strings.Contains(name, "BREW") {
			t.Errorf("line %s", name)
		}
		if strings.HasPrefix(name, "vanthu_build_info{") {
			builds++
		}
	}
	if builds != 1 {
		t.Errorf("%d lines of vanthu_build_info", builds)
	}
}

// Names, types and units are as Prometheus wants them.
func TestMetricsAreWellNamed(t *testing.T) {
	s := openOffice(t)
	send(held(t, newSite(s)), "GET", "/healthz", body{})
	w := httptest.NewRecorder()
	s.Metrics.Handler().ServeHTTP(w, httptest.NewRequest("GET", here+"/metrics", nil))
	if !strings.Contains(w.Body.String(), "vanthu_http_requests_total{") {
		t.Fatalf("read\n%.500s", w.Body)
	}
	problems, err := promlint.New(w.Body).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Errorf("%s: %s", problem.Metric, problem.Text)
	}
}

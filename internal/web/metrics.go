package web

import (
	"context"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"vanthu/internal/store"
)

// metrics is what a monitor reads at /metrics, with the token of an administrator. Nothing in it is from a document.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	now      func() time.Time
}

// NewMetrics returns the metrics of a server; load is what the database says of its work.
func NewMetrics(load func(context.Context) (store.Load, error), now func() time.Time) *metrics {
	m := &metrics{
		now:      now,
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "vanthu_http_requests_total", Help: "Requests answered.",
		}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "vanthu_http_request_duration_seconds", Help: "Time from a request to the end of its answer.",
			Buckets: []float64{.005, .025, .1, .25, .5, 1, 2.5, 10, 30, 120},
		}, []string{"route"}),
	}
	m.registry.MustRegister(m.requests, m.duration, buildInfo(), collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.registry.MustRegister(newLoadCollector(load, now))
	return m
}

// Handler answers scrapes, two at once.
func (m *metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2})
}

// methods are those that have a count of their own; others may be any word.
var methods = []string{
	http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
}

// count counts a request by its route, never by its path, of which there is no end.
func (m *metrics) count(c *gin.Context) {
	begin := m.now()
	defer func() { // an answer that is broken off is counted too
		route, method := c.FullPath(), c.Request.Method
		if route == "" {
			route = "none"
		}
		if !slices.Contains(methods, method) {
			method = "other"
		}
		m.requests.WithLabelValues(route, method, strconv.Itoa(c.Writer.Status())).Inc()
		m.duration.WithLabelValues(route).Observe(m.now().Sub(begin).Seconds())
	}()
	c.Next()
}

// buildInfo is 1, with what the binary knows of itself.
func buildInfo() prometheus.Collector {
	labels := prometheus.Labels{"version": "", "revision": "", "goversion": ""}
	if info, ok := debug.ReadBuildInfo(); ok {
		labels["version"], labels["goversion"] = info.Main.Version, info.GoVersion
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				labels["revision"] = setting.Value
			}
		}
	}
	gauge := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "vanthu_build_info", Help: "1, labelled with the version of the program.", ConstLabels: labels,
	})
	gauge.Set(1)
	return gauge
}

// ItemStates are all states of items, so that each has its line from the first scrape.
var ItemStates = []store.ItemState{store.Pending, store.Made, store.Kept, store.Refused, store.Failed, store.Skipped}

// loadCollector asks the database how much work there is, once for each scrape.
type loadCollector struct {
	load              func(context.Context) (store.Load, error)
	now               func() time.Time
	items, oldest, up *prometheus.Desc
}

func newLoadCollector(load func(context.Context) (store.Load, error), now func() time.Time) *loadCollector {
	return &loadCollector{
		load: load, now: now,
		items: prometheus.NewDesc("vanthu_items", "Documents of all batches, by state.", []string{"state"}, nil),
		oldest: prometheus.NewDesc("vanthu_batches_oldest_pending_seconds",
			"Age of the oldest batch that has documents pending; 0 when there is none.", nil, nil),
		up: prometheus.NewDesc("vanthu_store_up", "Whether the database answered this scrape.", nil, nil),
	}
}

// Describe names what Collect gives.
func (l *loadCollector) Describe(to chan<- *prometheus.Desc) {
	to <- l.items
	to <- l.oldest
	to <- l.up
}

// Collect gives what the database says, or that it says nothing.
func (l *loadCollector) Collect(to chan<- prometheus.Metric) {
	ctx, stop := context.WithTimeout(context.Background(), LongestCheck)
	defer stop()
	load, err := l.load(ctx)
	if err != nil {
		to <- prometheus.MustNewConstMetric(l.up, prometheus.GaugeValue, 0)
		return
	}
	to <- prometheus.MustNewConstMetric(l.up, prometheus.GaugeValue, 1)
	for _, state := range ItemStates {
		to <- prometheus.MustNewConstMetric(l.items, prometheus.GaugeValue, float64(load.Items[state]), string(state))
	}
	age := 0.0
	if !load.Oldest.IsZero() {
		age = max(l.now().Sub(load.Oldest).Seconds(), 0)
	}
	to <- prometheus.MustNewConstMetric(l.oldest, prometheus.GaugeValue, age)
}

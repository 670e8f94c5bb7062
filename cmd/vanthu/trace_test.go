package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace/noop"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// receiver is a collector of traces.
type receiver struct {
	*httptest.Server
	mu    sync.Mutex
	spans map[string]string // the service by the name of the span
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{spans: map[string]string{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, asked *http.Request) {
		body, err := io.ReadAll(asked.Body)
		var sent tracepb.TracesData // written as an ExportTraceServiceRequest is
		if err == nil {
			err = proto.Unmarshal(body, &sent)
		}
		if err != nil || asked.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", asked.URL.Path, err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, from := range sent.GetResourceSpans() {
			service := ""
			for _, attribute := range from.GetResource().GetAttributes() {
				if attribute.GetKey() == "service.name" {
					service = attribute.GetValue().GetStringValue()
				}
			}
			for _, scope := range from.GetScopeSpans() {
				for _, span := range scope.GetSpans() {
					r.spans[span.GetName()] = service
				}
			}
		}
	}))
	t.Cleanup(r.Close)
	t.Cleanup(func() { otel.SetTracerProvider(noop.NewTracerProvider()) })
	return r
}

func TestTracing(t *testing.T) {
	r := newReceiver(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", r.URL)
	stop, err := startTracing(t.Context(), slog.New(slog.NewTextHandler(t.Output(), nil)))
	if err != nil {
		t.Fatal(err)
	}
	// The parent of what is asked comes in the header of W3C.
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	ctx := otel.GetTextMapPropagator().Extract(t.Context(), propagation.MapCarrier{"traceparent": parent})
	_, span := otel.Tracer("test").Start(ctx, "look")
	if got := span.SpanContext().TraceID().String(); got != parent[3:35] {
		t.Errorf("trace %s", got)
	}
	span.End()
	stop()
	if len(r.spans) != 1 || r.spans["look"] != "vanthu" {
		t.Errorf("sent %q", r.spans)
	}
}

func TestNoTracing(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "")
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "")
	before := otel.GetTracerProvider()
	stop, err := startTracing(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if otel.GetTracerProvider() != before {
		t.Error("traces without a collector")
	}
}

// TestServeIsTraced has requests of the service arrive at a collector by the time that it has stopped.
func TestServeIsTraced(t *testing.T) {
	lay(t, nil)
	r := newReceiver(t)
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", r.URL+"/v1/traces")
	t.Setenv("OTEL_SERVICE_NAME", "xa-vinh-am")
	address, stop := serve(t, "--data", "nha")
	if status, _ := front(t, browser(nil), "http://"+address, nil); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	if code := stop(); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	if r.spans["GET /"] != "xa-vinh-am" {
		t.Errorf("sent %q", r.spans)
	}
}

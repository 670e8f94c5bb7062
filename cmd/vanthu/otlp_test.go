package main

import (
	"compress/gzip"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// someSpans are spans of one service.
var someSpans = []*tracepb.ResourceSpans{{SchemaUrl: "a"}, {SchemaUrl: "b"}}

// TestOTLPVariables sends as each variable of the specification says, those of traces before those of all signals.
func TestOTLPVariables(t *testing.T) {
	var got *http.Request
	var body []byte
	server := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r
		from := io.Reader(r.Body)
		if r.Header.Get("Content-Encoding") == "gzip" {
			from, _ = gzip.NewReader(r.Body)
		}
		body, _ = io.ReadAll(from)
	}))
	defer server.Close()
	root := t.TempDir() + "/root.pem"
	if err := os.WriteFile(root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("OTEL_EXPORTER_OTLP_CERTIFICATE", root)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.URL+"/base/")
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20xyz, x-office = Vĩnh Am,")
	t.Setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "gzip")
	c, err := newOTLPClient()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.UploadTraces(t.Context(), someSpans); err != nil {
		t.Fatal(err)
	}
	if got.URL.Path != "/base/v1/traces" || got.Header.Get("Authorization") != "Bearer xyz" || got.Header.Get("X-Office") != "Vĩnh Am" {
		t.Errorf("%s with %v", got.URL, got.Header)
	}
	var sent tracepb.TracesData
	if err := proto.Unmarshal(body, &sent); err != nil || len(sent.GetResourceSpans()) != 2 {
		t.Errorf("sent %v: %v", &sent, err)
	}
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", server.URL)
	if c, err = newOTLPClient(); err != nil || c.url != server.URL {
		t.Errorf("%v: %v", c, err)
	}
	for _, wrong := range [][2]string{{"ENDPOINT", "localhost:4318"}, {"HEADERS", "key=%zz"}, {"CERTIFICATE", "/none"}} {
		t.Run(wrong[0], func(t *testing.T) {
			t.Setenv("OTEL_EXPORTER_OTLP_TRACES_"+wrong[0], wrong[1])
			if _, err := newOTLPClient(); err == nil || strings.Contains(err.Error(), "zz") {
				t.Errorf("error %v", err)
			}
		})
	}
}

// answers is a collector that gives its answers one after the other, and the last of them from then on.
type answers struct {
	list  []*http.Response
	asked int
}

func (a *answers) RoundTrip(*http.Request) (*http.Response, error) {
	a.asked++
	return a.list[min(a.asked, len(a.list))-1], nil
}

func answer(status int, header http.Header, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body))}
}

// TestOTLPTriesAgain sends again what the collector could not take now, and nothing else.
func TestOTLPTriesAgain(t *testing.T) {
	partial := protowire.AppendString(protowire.AppendTag(nil, 2, protowire.BytesType), "too old")
	partial = protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), partial)
	proto := http.Header{"Content-Type": {"application/x-protobuf"}}
	busy := answer(http.StatusServiceUnavailable, http.Header{"Retry-After": {"7"}}, "busy")
	for _, test := range []struct {
		name    string
		answers []*http.Response
		asked   int
		says    string
	}{
		{"taken", []*http.Response{answer(http.StatusOK, proto, "")}, 1, ""},
		{"busy", []*http.Response{busy, busy, answer(http.StatusOK, proto, "")}, 3, ""},
		{"refused", []*http.Response{answer(http.StatusBadRequest, nil, "no such tenant")}, 1, "no such tenant"},
		{"away", []*http.Response{answer(http.StatusBadGateway, nil, "")}, 7, "502"},
		{"partial", []*http.Response{answer(http.StatusOK, proto, string(partial))}, 1, "too old"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &answers{list: test.answers}
				c := &otlpClient{url: "http://collector/v1/traces", http: http.Client{Transport: a}}
				err := c.UploadTraces(t.Context(), someSpans)
				if a.asked != test.asked || (err == nil) != (test.says == "") || err != nil && !strings.Contains(err.Error(), test.says) {
					t.Errorf("asked %d times: %v", a.asked, err)
				}
			})
		})
	}
}

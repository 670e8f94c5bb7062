package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
)

// otlpClient is an otlptrace.Client that sends spans as protobuf over HTTP, as the specification's “OpenTelemetry Protocol Exporter” says,
// with all of its variables. OpenTelemetry's own, otlptracehttp, links gRPC and its gateway, 2 MB that nothing here calls.
type otlpClient struct {
	url    string
	header http.Header
	gzip   bool
	http   http.Client
}

// otelSetting returns a variable of the exporter, the one of traces before the one of all signals.
func otelSetting(name string) string {
	if value := os.Getenv("OTEL_EXPORTER_OTLP_TRACES_" + name); value != "" {
		return value
	}
	return os.Getenv("OTEL_EXPORTER_OTLP_" + name)
}

// newOTLPClient returns the client that the environment asks for.
func newOTLPClient() (*otlpClient, error) {
	address := os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") // as it is
	if address == "" {
		address = strings.TrimSuffix(os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT"), "/") + "/v1/traces"
	}
	if at, err := url.Parse(address); err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return nil, fmt.Errorf("endpoint %q is no address of HTTP", address)
	}
	c := &otlpClient{url: address, gzip: otelSetting("COMPRESSION") == "gzip", header: http.Header{"Content-Type": {"application/x-protobuf"}}}
	for pair := range strings.SplitSeq(otelSetting("HEADERS"), ",") {
		key, value, _ := strings.Cut(pair, "=")
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if err != nil {
			return nil, errors.New("a value of OTEL_EXPORTER_OTLP_HEADERS is not encoded") // and is a secret
		}
		if key = strings.TrimSpace(key); key != "" {
			c.header.Set(key, value)
		}
	}
	c.http.Timeout = 10 * time.Second
	if ms, err := strconv.Atoi(otelSetting("TIMEOUT")); err == nil && ms > 0 {
		c.http.Timeout = time.Duration(ms) * time.Millisecond
	}
	identity, err := otlpIdentity()
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = identity
	c.http.Transport = transport
	return c, nil
}

// otlpIdentity returns whom to trust and who we are, as the environment says.
func otlpIdentity() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if path := otelSetting("CERTIFICATE"); path != "" {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(data) {
			return nil, fmt.Errorf("%s has no certificate", path)
		}
	}
	if certificate, key := otelSetting("CLIENT_CERTIFICATE"), otelSetting("CLIENT_KEY"); certificate != "" && key != "" {
		pair, err := tls.LoadX509KeyPair(certificate, key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

// Start does nothing: each batch of spans is a request of its own.
func (c *otlpClient) Start(context.Context) error { return nil }

// Stop lets go of the connections.
func (c *otlpClient) Stop(context.Context) error {
	c.http.CloseIdleConnections()
	return nil
}

// UploadTraces sends spans, and tries again for a minute where the collector asks for it.
func (c *otlpClient) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	body, err := c.encode(spans)
	if err != nil {
		return err
	}
	const maxWait = time.Minute
	for wait := time.Second; ; wait *= 2 {
		again, asked, err := c.post(ctx, body)
		if err == nil || !again || wait > maxWait {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(max(wait, min(asked, maxWait))):
		}
	}
}

// encode returns an ExportTraceServiceRequest, which is written as TracesData is. Its own Go type lives beside the gRPC service.
func (c *otlpClient) encode(spans []*tracepb.ResourceSpans) ([]byte, error) {
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: spans})
	if err != nil || !c.gzip {
		return body, err
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err = w.Write(body)
	err = errors.Join(err, w.Close())
	return packed.Bytes(), err
}

// post sends one request. again reports whether it may be sent again, not before asked has passed.
func (c *otlpClient) post(ctx context.Context, body []byte) (again bool, asked time.Duration, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return false, 0, err
	}
	request.Header = c.header.Clone()
	if c.gzip {
		request.Header.Set("Content-Encoding", "gzip")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return ctx.Err() == nil, 0, err
	}
	defer response.Body.Close()
	const maxAnswer = 64 << 10
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	switch {
	case response.StatusCode/100 == 2:
		return false, 0, errors.Join(err, partialSuccess(answer, response.Header.Get("Content-Type")))
	case response.StatusCode == http.StatusTooManyRequests, response.StatusCode == http.StatusBadGateway,
		response.StatusCode == http.StatusServiceUnavailable, response.StatusCode == http.StatusGatewayTimeout:
		again = true
	}
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
	return again, time.Duration(seconds) * time.Second, fmt.Errorf("%s answers %d: %.200q", request.URL.Redacted(), response.StatusCode, answer)
}

// partialSuccess returns as an error what an ExportTraceServiceResponse says was not taken: in its field 1, text 2.
func partialSuccess(answer []byte, kind string) error {
	if kind != "application/x-protobuf" {
		return nil
	}
	partial, ok := field(answer, 1)
	if message, _ := field(partial, 2); ok && len(partial) > 0 {
		return fmt.Errorf("the collector took a part of the spans: %s", message)
	}
	return nil
}

// field returns a field of bytes of a message of protobuf.
func field(message []byte, number protowire.Number) (value []byte, ok bool) {
	for len(message) > 0 {
		got, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return nil, false
		}
		message = message[n:]
		if got == number && kind == protowire.BytesType {
			value, n = protowire.ConsumeBytes(message)
			return value, n >= 0
		}
		if n = protowire.ConsumeFieldValue(got, kind, message); n < 0 {
			return nil, false
		}
		message = message[n:]
	}
	return nil, false
}

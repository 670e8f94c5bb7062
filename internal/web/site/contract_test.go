package site

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"vanthu/internal/web"
	"vanthu/internal/web/api"
)

// contract is the description as a library reads it, with the routes that it describes.
type contract struct {
	*openapi3.T
	routers.Router
}

// described returns the contract, read once.
var described = sync.OnceValues(func() (contract, error) {
	for _, mediaType := range []string{web.WordType, web.ExcelType, web.PdfType, web.ZipType} {
		openapi3filter.RegisterBodyDecoder(mediaType, openapi3filter.FileBodyDecoder)
	}
	for _, mediaType := range []string{web.YamlType, api.EventsType, "application/openapi+yaml"} {
		openapi3filter.RegisterBodyDecoder(mediaType, openapi3filter.PlainBodyDecoder)
	}
	doc, err := openapi3.NewLoader().LoadFromData(api.Description)
	if err != nil {
		return contract{}, err
	}
	if err := doc.Validate(context.Background()); err != nil { // with its examples
		return contract{}, err
	}
	router, err := gorillamux.NewRouter(doc)
	return contract{doc, router}, err
})

// theContract returns the contract, or ends the test.
func theContract(t testing.TB) contract {
	t.Helper()
	c, err := described()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// maxHeld is how much of a body is held to the description, in bytes. Longer ones are requests that are refused for their length, and archives.
const maxHeld = 1 << 20

// held returns a handler that answers as next does, and fails the test where a request or an answer is not as described.
func held(t testing.TB, next http.Handler) http.Handler {
	c := theContract(t)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := r.Clone(r.Context())
		var sent, answered bounded
		if r.Body != nil {
			r.Body = readCloser{io.TeeReader(r.Body, &sent), r.Body}
		}
		to := &tee{ResponseWriter: w, body: &answered}
		next.ServeHTTP(to, r)
		if r.Context().Err() != nil {
			return // nobody reads the answer
		}
		if to.status == 0 {
			to.status = http.StatusOK
		}
		c.check(t, asked, &sent, to.status, w.Header(), &answered)
	})
}

// check holds a request and its answer to the description.
func (c contract) check(t testing.TB, r *http.Request, sent *bounded, status int, header http.Header, answered *bounded) {
	t.Helper()
	what := r.Method + " " + r.URL.RequestURI()
	head := r.Method == http.MethodHead
	if head {
		r.Method = http.MethodGet
	}
	route, params, err := c.FindRoute(r)
	if err != nil {
		if web.IsAPI(r.URL.Path) && status != http.StatusNotFound && status != http.StatusMethodNotAllowed {
			t.Errorf("%s: status %d of an address that is not described", what, status)
		}
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(sent.Bytes()))
	asked := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route, QueryParams: r.URL.Query(),
		Options: &openapi3filter.Options{
			ExcludeRequestBody: sent.cut, SkipSettingDefaults: true, AuthenticationFunc: openapi3filter.NoopAuthenticationFunc,
		},
	}
	wrong := openapi3filter.ValidateRequest(context.Background(), asked)
	if wrong != nil && status < http.StatusBadRequest {
		t.Errorf("%s: status %d of a request that the description refuses: %v", what, status, wrong)
	}
	var problem struct{ Errors []any }
	if status == http.StatusUnprocessableEntity && json.Unmarshal(answered.Bytes(), &problem) == nil && len(problem.Errors) > 0 && wrong == nil {
		t.Errorf("%s: refused for parameters that the description allows: %s", what, answered)
	}
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: asked, Status: status, Header: header, Body: io.NopCloser(bytes.NewReader(answered.Bytes())),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, ExcludeResponseBody: head || answered.cut},
	}
	if err := openapi3filter.ValidateResponse(context.Background(), answer); err != nil {
		t.Errorf("%s: status %d is not as described: %v", what, status, err)
		return
	}
	response := route.Operation.Responses.Status(status).Value
	if len(response.Content) == 0 && answered.Len() > 0 {
		t.Errorf("%s: status %d has a body of %d bytes, which is not described", what, status, answered.Len())
	}
	known := slices.Clone(commonHeaders)
	for name := range response.Headers {
		known = append(known, http.CanonicalHeaderKey(name))
	}
	for name := range header {
		if !slices.Contains(known, name) {
			t.Errorf("%s: status %d has the header %s, which is not described", what, status, name)
		}
	}
}

// commonHeaders go with answers of every kind.
var commonHeaders = []string{
	"Cache-Control", "Content-Length", "Content-Security-Policy", "Content-Type", "Cross-Origin-Resource-Policy", "Referrer-Policy",
	"Vary", "X-Accel-Buffering", "X-Content-Type-Options", "X-Frame-Options", "X-Request-Id",
}

// bounded keeps the beginning of what is written.
type bounded struct {
	bytes.Buffer
	cut bool
}

// Write keeps what there is room for.
func (b *bounded) Write(p []byte) (int, error) {
	room := maxHeld - b.Len()
	b.cut = b.cut || len(p) > room
	b.Buffer.Write(p[:min(len(p), room)])
	return len(p), nil
}

type readCloser struct {
	io.Reader
	io.Closer
}

// tee keeps a copy of an answer.
type tee struct {
	http.ResponseWriter
	status int
	body   *bounded
}

// WriteHeader keeps the status.
func (w *tee) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write keeps the body.
func (w *tee) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	_, _ = w.body.Write(p)
	return w.ResponseWriter.Write(p)
}

// Unwrap returns the writer below, which has deadlines.
func (w *tee) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush sends what is written.
func (w *tee) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

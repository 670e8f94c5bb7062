package web

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vanthu/internal/store"
)

// description is what the tests read of an OpenAPI document.
type description struct {
	OpenAPI string
	Paths   map[string]map[string]struct {
		OperationID, Summary, Description string
		Parameters                        []struct{ Name, Description string }
		Security                          []map[string][]string
		RequestBody                       struct {
			Content map[string]struct {
				Schema   struct{ Format string }
				Example  any
				Examples map[string]struct{ Value json.RawMessage }
			}
		}
		Responses map[string]struct {
			Description string
			Content     map[string]struct {
				Schema  struct{ Format string }
				Example any
			}
			Headers map[string]struct{ Schema struct{ Type string } }
		}
	}
	Components struct {
		SecuritySchemes map[string]struct{ Type, Scheme string }
		Schemas         map[string]struct {
			Properties map[string]struct {
				Description string
				Ref         string `json:"$ref"`
			}
		}
	}
}

func readDescription(t *testing.T, h http.Handler) (d description) {
	t.Helper()
	if err := json.Unmarshal(send(h, "GET", "/openapi.json", body{}).Body.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// vietnamese is text with a letter that English has not.
var vietnamese = regexp.MustCompile(`[^\x00-\x7f]`)

func TestDescription(t *testing.T) {
	h := site(open(t))
	d := readDescription(t, h)
	if !strings.HasPrefix(d.OpenAPI, "3.1.") {
		t.Errorf("openapi is %q", d.OpenAPI)
	}
	if scheme := d.Components.SecuritySchemes["bearer"]; scheme.Type != "http" || scheme.Scheme != "bearer" {
		t.Errorf("the security scheme is %+v", d.Components.SecuritySchemes)
	}
	var routes []string
	for path, methods := range d.Paths {
		for method, operation := range methods {
			routes = append(routes, strings.ToUpper(method)+" "+path)
			for _, said := range []string{operation.Summary, operation.Description} {
				if !vietnamese.MatchString(said) {
					t.Errorf("%s: %q", operation.OperationID, said)
				}
			}
			for status, response := range operation.Responses {
				if response.Description == "" || response.Description == http.StatusText(http.StatusOK) ||
					status >= "400" && !vietnamese.MatchString(response.Description) {
					t.Errorf("%s, %s: %q", operation.OperationID, status, response.Description)
				}
				if refusal, ok := response.Content["application/problem+json"]; status >= "400" {
					example, _ := refusal.Example.(map[string]any)
					if !ok || fmt.Sprint(example["status"]) != status || example["title"] != response.Description {
						t.Errorf("%s, %s: the example of problem+json is %v", operation.OperationID, status, example)
					}
				}
				if kind := response.Headers["Retry-After"].Schema.Type; kind != "" && kind != "integer" {
					t.Errorf("%s, %s: Retry-After is of type %s", operation.OperationID, status, kind)
				}
				for mediaType, content := range response.Content {
					if content.Schema.Format != "binary" && content.Example == nil {
						t.Errorf("%s, %s: no example of %s", operation.OperationID, status, mediaType)
					}
				}
			}
			for mediaType, content := range operation.RequestBody.Content {
				if content.Schema.Format != "binary" && content.Example == nil && len(content.Examples) == 0 {
					t.Errorf("%s: no example of a request of %s", operation.OperationID, mediaType)
				}
			}
			if open := len(operation.Security) == 1 && len(operation.Security[0]) == 0; open != (path == "/healthz" || path == "/readyz") {
				t.Errorf("%s: security is %v", operation.OperationID, operation.Security)
			}
		}
	}
	slices.Sort(routes)
	want := []string{
		"GET /api/v1/batches", "GET /api/v1/batches/{id}", "GET /api/v1/batches/{id}/archive", "GET /api/v1/batches/{id}/events",
		"GET /api/v1/batches/{id}/items", "GET /api/v1/kinds", "GET /api/v1/kinds/{kind}/starter", "GET /api/v1/kinds/{kind}/template", "GET /healthz", "GET /readyz",
		"POST /api/v1/batches", "POST /api/v1/batches/{id}/cancel", "POST /api/v1/batches/{id}/retry",
		"POST /api/v1/convert", "POST /api/v1/documents", "POST /api/v1/workbooks/marked",
	}
	if !slices.Equal(routes, want) {
		t.Errorf("routes are %q", routes)
	}
	for name, schema := range d.Components.Schemas {
		for field, property := range schema.Properties {
			if property.Ref == "" && !vietnamese.MatchString(property.Description) {
				t.Errorf("schema %s, %s: %q", name, field, property.Description)
			}
		}
	}

	for path, methods := range d.Paths {
		for method, operation := range methods {
			for _, parameter := range operation.Parameters {
				if !vietnamese.MatchString(parameter.Description) {
					t.Errorf("%s %s, parameter %s: %q", method, path, parameter.Name, parameter.Description)
				}
			}
		}
	}
	sent, archived, followed := d.Paths[batchesPath]["post"], d.Paths[batchesPath+"/{id}/archive"]["get"], d.Paths[batchesPath+"/{id}/events"]["get"]
	retried := d.Paths[batchesPath+"/{id}/retry"]["post"]
	documents, marked, convert := d.Paths[documentsPath]["post"], d.Paths[markedPath]["post"], d.Paths[convertPath]["post"]
	for _, test := range []struct {
		name      string
		got, want []string
	}{
		{"documents answer", keys(documents.Responses), []string{"200", "202", "400", "401", "403", "413", "415", "422", "429", "500"}},
		{"a document later says", keys(documents.Responses["202"].Headers), []string{"Location", "Preference-Applied", "Retry-After"}},
		{"a document later gives", keys(documents.Responses["202"].Content), []string{jsonType}},
		{"a template answers", keys(d.Paths["/api/v1/kinds/{kind}/template"]["get"].Responses), []string{"200", "304", "401", "403", "404", "422", "500"}},
		{"a template says", keys(d.Paths["/api/v1/kinds/{kind}/template"]["get"].Responses["200"].Headers), []string{"Content-Disposition", "ETag"}},
		{"documents take", keys(documents.RequestBody.Content), []string{jsonType, excelType, formType}},
		{"documents give", keys(documents.Responses["200"].Content), []string{pdfType, excelType, wordType, zipType}},
		{"documents say", keys(documents.Responses["200"].Headers), []string{"Content-Disposition", "Vanthu-Finding-List", "Vanthu-Findings"}},
		{"marking takes", keys(marked.RequestBody.Content), []string{excelType, formType}},
		{"marking gives", keys(marked.Responses["200"].Content), []string{excelType}},
		{"marking says", keys(marked.Responses["200"].Headers), []string{"Content-Disposition", "Vanthu-Finding-List", "Vanthu-Findings"}},
		{"marking nothing gives", keys(marked.Responses["204"].Content), nil},
		{"starter gives", keys(d.Paths["/api/v1/kinds/{kind}/starter"]["get"].Responses["200"].Content), []string{excelType, yamlType}},
		{"convert takes", keys(convert.RequestBody.Content), []string{wordType, formType}},
		{"convert gives", keys(convert.Responses["200"].Content), []string{pdfType}},
		{"a batch takes", keys(sent.RequestBody.Content), []string{formType}},
		{"a batch answers", keys(sent.Responses), []string{"200", "202", "400", "401", "403", "413", "415", "422", "429", "500"}},
		{"a new batch says", keys(sent.Responses["202"].Headers), []string{"Location", "Retry-After"}},
		{"a known batch says", keys(sent.Responses["200"].Headers), []string{"Location", "Retry-After"}},
		{"a batch that is not done says", keys(archived.Responses["409"].Headers), []string{"Retry-After"}},
		{"a known batch gives", keys(sent.Responses["200"].Content), []string{jsonType}},
		{"a batch tried again gives", keys(retried.Responses["200"].Content), []string{jsonType}},
		{"too many say", keys(sent.Responses["429"].Headers), []string{"Retry-After"}},
		{"an archive gives", keys(archived.Responses["200"].Content), []string{zipType}},
		{"an archive says", keys(archived.Responses["200"].Headers), []string{"Content-Disposition"}},
		{"an archive refuses", keys(archived.Responses), []string{"200", "401", "403", "404", "409", "422", "429", "500"}},
		{"events give", keys(followed.Responses["200"].Content), []string{eventsType}},
	} {
		if !slices.Equal(test.got, test.want) {
			t.Errorf("%s %q, want %q", test.name, test.got, test.want)
		}
	}
	// What the description gives as an example makes a document, without a finding.
	for name, example := range documents.RequestBody.Content[jsonType].Examples {
		w := send(h, "POST", documentsPath, body{jsonType, example.Value})
		if w.Code != 200 || w.Header().Get("Vanthu-Findings") != "0" {
			t.Errorf("example %s: status %d, findings %s %s", name, w.Code, w.Header().Get("Vanthu-Finding-List"), w.Body)
		}
	}
	if w := send(h, "POST", documentsPath+"?format=xlsx", body{jsonType, documents.RequestBody.Content[jsonType].Examples["bao-cao-quy"].Value}); w.Code != 200 {
		t.Errorf("the report's workbook: status %d", w.Code)
	}
}

func TestDescriptionInYAML(t *testing.T) {
	w := send(site(open(t)), "GET", "/openapi.yaml", body{})
	if w.Code != 200 || !strings.Contains(w.Body.String(), "openapi: 3.1.") {
		t.Errorf("status %d\n%.300s", w.Code, w.Body)
	}
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// The examples of batches are answers that their schemas allow: they are made from the same types, and hold no field that is not described.
func TestExamplesOfBatches(t *testing.T) {
	d := readDescription(t, site(open(t)))
	for _, state := range []string{"planning", "running", "done", "cancelled"} {
		example := batchExample(store.BatchState(state))
		if n := example.Pending + example.Made + example.Kept + example.Refused + example.Failed + example.Skipped; n != example.Total {
			t.Errorf("%s: %d of %d documents", state, n, example.Total)
		}
		var fields map[string]any
		if err := json.Unmarshal(asJSON(example), &fields); err != nil {
			t.Fatal(err)
		}
		for field := range fields {
			if _, known := d.Components.Schemas["BatchProgress"].Properties[field]; !known {
				t.Errorf("%s: field %s is not described", state, field)
			}
		}
	}
}

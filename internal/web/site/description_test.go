package site

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"vanthu/internal/account"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
)

// vietnamese is text with a letter that English has not.
var vietnamese = regexp.MustCompile(`[^\x00-\x7f]`)

// operations calls do with each operation of the description.
func (c contract) operations(do func(method, path string, operation *openapi3.Operation)) {
	for path, item := range c.Paths.Map() {
		for method, operation := range item.Operations() {
			do(method, path, operation)
		}
	}
}

// Every route of the API is described and every description is a route, with the role that it asks for.
func TestDescriptionIsOfTheRoutes(t *testing.T) {
	described := map[string]string{} // role by method and path
	theContract(t).operations(func(method, path string, operation *openapi3.Operation) {
		role := account.Nobody
		switch security := operation.Security; {
		case security == nil || len(*security) != 1 || len((*security)[0]) > 0 && len((*security)[0]["bearer"]) != 1:
			t.Errorf("%s: security is %v, want {} or a role of bearer", operation.OperationID, security)
		case len((*security)[0]) > 0:
			role = account.Role((*security)[0]["bearer"][0])
		}
		described[method+" "+path] = string(role)
	})
	routes := map[string]string{}
	for _, r := range (&api.API{Server: open(t)}).Routes() {
		routes[r.Method+" "+regexp.MustCompile(`:(\w+)`).ReplaceAllString(r.Path, "{$1}")] = string(r.Role)
	}
	for route, role := range routes {
		if got, ok := described[route]; !ok || got != role {
			t.Errorf("%s is described with the role %q (%t), has %q", route, got, ok, role)
		}
	}
	for route := range described {
		if _, ok := routes[route]; !ok {
			t.Errorf("%s is described and is no route", route)
		}
	}
}

// What is described is said in Vietnamese and shown by examples.
func TestDescriptionIsReadable(t *testing.T) {
	c := theContract(t)
	if !strings.HasPrefix(c.OpenAPI, "3.1.") {
		t.Errorf("openapi is %q", c.OpenAPI)
	}
	if scheme := c.Components.SecuritySchemes["bearer"].Value; scheme.Type != "http" || scheme.Scheme != "bearer" {
		t.Errorf("the security scheme is %+v", scheme)
	}
	c.operations(func(method, path string, operation *openapi3.Operation) {
		for _, text := range []string{operation.Summary, operation.Description} {
			if !vietnamese.MatchString(text) {
				t.Errorf("%s: %q", operation.OperationID, text)
			}
		}
		for _, parameter := range slices.Concat(operation.Parameters, c.Paths.Value(path).Parameters) {
			if !vietnamese.MatchString(parameter.Value.Description) {
				t.Errorf("%s, parameter %s: %q", operation.OperationID, parameter.Value.Name, parameter.Value.Description)
			}
		}
		if operation.RequestBody != nil {
			shown(t, operation.OperationID, operation.RequestBody.Value.Content)
		}
		for status, response := range operation.Responses.Map() {
			what, response := operation.OperationID+", "+status, response.Value
			shown(t, what, response.Content)
			if !vietnamese.MatchString(*response.Description) {
				t.Errorf("%s: %q", what, *response.Description)
			}
			if status >= "400" {
				refusal := response.Content.Get("application/problem+json")
				example, _ := refusal.Example.(map[string]any)
				if fmt.Sprint(example["status"]) != status || example["title"] != *response.Description {
					t.Errorf("%s: the example of problem+json is %v", what, example)
				}
			}
			for name, header := range response.Headers {
				if header.Value.Description == "" || name == "Retry-After" && !header.Value.Schema.Value.Type.Is("integer") {
					t.Errorf("%s: header %s is %+v", what, name, header.Value)
				}
			}
		}
	})
	for name, schema := range c.Components.Schemas {
		for field, property := range schema.Value.Properties {
			if !vietnamese.MatchString(property.Value.Description) {
				t.Errorf("schema %s, %s: %q", name, field, property.Value.Description)
			}
		}
	}
}

// shown expects an example of each body that is text.
func shown(t *testing.T, what string, content openapi3.Content) {
	t.Helper()
	for mediaType, body := range content {
		if body.Schema.Value.Format != "binary" && body.Example == nil && len(body.Examples) == 0 && len(body.Schema.Value.Examples) == 0 {
			t.Errorf("%s: no example of %s", what, mediaType)
		}
	}
}

// What callers rely on stays in the description.
func TestDescriptionKeepsItsPromises(t *testing.T) {
	c := theContract(t)
	answers := func(method, path string) *openapi3.Responses {
		return c.Paths.Value(path).GetOperation(method).Responses
	}
	takes := func(path string) []string { return keys(c.Paths.Value(path).Post.RequestBody.Value.Content) }
	statuses := func(method, path string) []string { return keys(answers(method, path).Map()) }
	says := func(method, path string, status int) []string {
		return keys(answers(method, path).Status(status).Value.Headers)
	}
	gives := func(method, path string, status int) []string {
		return keys(answers(method, path).Status(status).Value.Content)
	}
	const (
		template       = "/api/v1/kinds/{kind}/template"
		archive, retry = web.BatchesPath + "/{id}/archive", web.BatchesPath + "/{id}/retry"
	)
	for _, test := range []struct {
		name      string
		got, want []string
	}{
		{"documents answer", statuses("POST", api.DocumentsPath), []string{"200", "202", "400", "401", "403", "408", "413", "415", "422", "429", "500"}},
		{"a document later says", says("POST", api.DocumentsPath, 202), []string{"Location", "Preference-Applied", "Retry-After"}},
		{"a document later gives", gives("POST", api.DocumentsPath, 202), []string{web.JsonType}},
		{"a template answers", statuses("GET", template), []string{"200", "304", "401", "403", "404", "500"}},
		{"a template says", says("GET", template, 200), []string{"Content-Disposition", "ETag"}},
		{"documents take", takes(api.DocumentsPath), []string{web.JsonType, web.ExcelType, web.FormType}},
		{"documents give", gives("POST", api.DocumentsPath, 200), []string{web.PdfType, web.ExcelType, web.WordType, web.ZipType}},
		{"documents say", says("POST", api.DocumentsPath, 200), []string{"Content-Disposition", "Vanthu-Finding-List", "Vanthu-Findings"}},
		{"marking takes", takes(api.MarkedPath), []string{web.ExcelType, web.FormType}},
		{"marking gives", gives("POST", api.MarkedPath, 200), []string{web.ExcelType}},
		{"marking says", says("POST", api.MarkedPath, 200), []string{"Content-Disposition", "Vanthu-Finding-List", "Vanthu-Findings"}},
		{"marking nothing gives", gives("POST", api.MarkedPath, 204), nil},
		{"starter gives", gives("GET", "/api/v1/kinds/{kind}/starter", 200), []string{web.ExcelType, web.YamlType}},
		{"convert takes", takes(api.ConvertPath), []string{web.WordType, web.FormType}},
		{"convert gives", gives("POST", api.ConvertPath, 200), []string{web.PdfType}},
		{"a batch takes", takes(web.BatchesPath), []string{web.FormType}},
		{"a batch answers", statuses("POST", web.BatchesPath), []string{"200", "202", "400", "401", "403", "408", "413", "415", "422", "429", "500"}},
		{"a new batch says", says("POST", web.BatchesPath, 202), []string{"Location", "Retry-After"}},
		{"a known batch says", says("POST", web.BatchesPath, 200), []string{"Location", "Retry-After"}},
		{"a batch that is not done says", says("GET", archive, 409), []string{"Retry-After"}},
		{"a known batch gives", gives("POST", web.BatchesPath, 200), []string{web.JsonType}},
		{"a batch tried again gives", gives("POST", retry, 200), []string{web.JsonType}},
		{"too many say", says("POST", web.BatchesPath, 429), []string{"Retry-After"}},
		{"an archive gives", gives("GET", archive, 200), []string{web.ZipType}},
		{"an archive says", says("GET", archive, 200), []string{"Content-Disposition"}},
		{"an archive refuses", statuses("GET", archive), []string{"200", "401", "403", "404", "409", "422", "429", "500"}},
		{"events give", gives("GET", web.BatchesPath+"/{id}/events", 200), []string{api.EventsType}},
	} {
		if !slices.Equal(test.got, test.want) {
			t.Errorf("%s %q, want %q", test.name, test.got, test.want)
		}
	}
}

// dataExample returns an example of the data of a document, as JSON.
func dataExample(t testing.TB, name string) []byte {
	t.Helper()
	examples := theContract(t).Paths.Value(api.DocumentsPath).Post.RequestBody.Value.Content.Get(web.JsonType).Examples
	data, err := json.Marshal(examples[name].Value.Value)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// What the description gives as an example makes a document, without a finding.
func TestExamplesMakeDocuments(t *testing.T) {
	h := held(t, newSite(open(t)))
	for _, name := range []string{"ke-hoach", "bao-cao-quy"} {
		w := send(h, "POST", api.DocumentsPath, body{web.JsonType, dataExample(t, name)})
		if w.Code != 200 || w.Header().Get("Vanthu-Findings") != "0" {
			t.Errorf("example %s: status %d, findings %s %s", name, w.Code, w.Header().Get("Vanthu-Finding-List"), w.Body)
		}
	}
	if w := send(h, "POST", api.DocumentsPath+"?format=xlsx", body{web.JsonType, dataExample(t, "bao-cao-quy")}); w.Code != 200 {
		t.Errorf("the report's workbook: status %d", w.Code)
	}
}

// The kinds that are given as an example are the first that there are.
func TestExampleOfKinds(t *testing.T) {
	example := theContract(t).Paths.Value("/api/v1/kinds").Get.Responses.Status(200).Value.Content.Get(web.JsonType).Example
	if got, want := string(api.AsJSON(example)), string(api.AsJSON(map[string]any{"kinds": asMaps(t, open(t).Office.Kinds()[:2])})); got != want {
		t.Errorf("the example is %s\nwant %s", got, want)
	}
}

// asMaps is a value as JSON reads it.
func asMaps(t *testing.T, value any) (read any) {
	t.Helper()
	if err := json.Unmarshal(api.AsJSON(value), &read); err != nil {
		t.Fatal(err)
	}
	return read
}

// The documents of each batch in an example are as many as it says.
func TestExamplesOfBatches(t *testing.T) {
	seen := 0
	for name, example := range theContract(t).Components.Examples {
		batch, _ := example.Value.Value.(map[string]any)
		if batch["total"] == nil {
			continue
		}
		seen++
		var counts web.BatchProgress
		if err := json.Unmarshal(api.AsJSON(batch), &counts); err != nil {
			t.Fatal(err)
		}
		if n := counts.Pending + counts.Made + counts.Kept + counts.Refused + counts.Failed + counts.Skipped; n != counts.Total {
			t.Errorf("%s: %d of %d documents", name, n, counts.Total)
		}
	}
	if seen != 4 {
		t.Errorf("%d examples of batches", seen)
	}
}

// Both forms of the description say the same.
func TestDescriptionInJSON(t *testing.T) {
	h := held(t, newSite(open(t)))
	inYAML, inJSON := send(h, "GET", "/openapi.yaml", body{}), send(h, "GET", "/openapi.json", body{})
	if inYAML.Code != http.StatusOK || inYAML.Body.String() != string(api.Description) || !strings.Contains(inYAML.Body.String(), "openapi: 3.1.") {
		t.Errorf("status %d\n%.300s", inYAML.Code, inYAML.Body)
	}
	read, err := openapi3.NewLoader().LoadFromData(inJSON.Body.Bytes())
	if err != nil || inJSON.Code != http.StatusOK {
		t.Fatalf("status %d, %v", inJSON.Code, err)
	}
	if got, want := string(api.AsJSON(read)), string(api.AsJSON(theContract(t).T)); got != want {
		t.Errorf("as JSON the description is\n%.2000s\nwant\n%.2000s", got, want)
	}
}

func keys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

package site

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"vanthu/internal/account"
	"vanthu/internal/maker"
	"vanthu/internal/model"
	"vanthu/internal/store"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
	"vanthu/internal/web/desk/compose"
)

// poison is what somebody writes who wants their words to be taken for a page. Each has the mark, by which it is found again.
var poison = []string{
	`<script>xzz()</script>`, `"><img src=x onerror=xzz()>`, `' onfocus='xzz()' x='`, `'-xzz()-'`, `</textarea><svg onload=xzz()>`, `javascript:xzz()`,
	`</title><iframe srcdoc=xzz>`, `]]><xzz/>`, `<!--xzz`, `{{xzz}}`, "`${xzz()}`", `&lt;script&gt;xzz()`, `</text></g></svg><xzz>`,
}

const poisonMark = "xzz"

// elements are those of our pages and pictures. What is none of them was made by data.
var elements = strings.Fields(`html head meta title link script body a header div nav ul li p details summary small form input button main section h1
	h2 h3 footer label select option optgroup textarea fieldset legend table thead tbody tr th td dl dt dd ol aside span strong code kbd datalist output
	progress template svg g text tspan rect line path br noscript figure figcaption img rapi-doc caption colgroup col`)

// scriptless looks for what data could have made of a page, or of a part of one: elements and attributes that are none of ours, addresses that
// run, scripts and styles in the page itself. It gives how often the mark of the poison is there as words.
func scriptless(t *testing.T, where, page string) (seen int) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	for n := range root.Descendants() {
		switch n.Type {
		case html.CommentNode:
			if strings.Contains(n.Data, poisonMark) {
				t.Errorf("%s: a comment was made by data: %.100q", where, n.Data)
			}
		case html.TextNode:
			seen += strings.Count(n.Data, poisonMark)
			if name := n.Parent.Data; strings.TrimSpace(n.Data) != "" && (name == "script" || name == "style") {
				t.Errorf("%s: <%s> with words in the page: %.100q", where, name, n.Data)
			}
		case html.ElementNode:
			if !slices.Contains(elements, n.Data) {
				t.Errorf("%s: an element <%s>", where, n.Data)
			}
			for _, a := range n.Attr {
				seen += strings.Count(a.Val, poisonMark)
				attributeIsOurs(t, where, n.Data, a)
			}
		}
	}
	return seen
}

// runs are attributes whose value is an address.
var runs = []string{"href", "src", "action", "formaction", "data", "srcdoc", "poster", "xlink:href", "hx-get", "hx-post", "hx-put", "hx-delete", "ping", "background"}

func attributeIsOurs(t *testing.T, where, element string, a html.Attribute) {
	t.Helper()
	name := strings.ToLower(a.Key)
	switch {
	case strings.HasPrefix(name, "on") || strings.HasPrefix(name, "hx-on") || name == "style" || name == "srcdoc":
		t.Errorf("%s: <%s %s=%.60q>", where, element, name, a.Val)
	case strings.ContainsAny(name, `"'<>{`) || strings.Contains(name, poisonMark):
		t.Errorf("%s: an attribute %q of <%s> was made by data", where, name, element)
	case slices.Contains(runs, name):
		ours := strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "//") || strings.HasPrefix(a.Val, "#") || strings.HasPrefix(a.Val, "?")
		if !ours || strings.ContainsAny(a.Val, "\\\t\r\n") {
			t.Errorf("%s: <%s %s=%.60q> leads away", where, element, name, a.Val)
		}
		if (element == "script" || element == "img") && !strings.HasPrefix(a.Val, "/assets/") {
			t.Errorf("%s: a %s from %q", where, element, a.Val)
		}
	case name == "http-equiv" || name == "target":
		t.Errorf("%s: <%s %s=%.60q>", where, element, name, a.Val)
	}
}

// harmless looks at an answer, of whatever type, and gives how often the mark of the poison is there as words.
func harmless(t *testing.T, where string, w *httptest.ResponseRecorder) (seen int) {
	t.Helper()
	h := w.Header()
	mediaType, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	if w.Body.Len() > 0 && mediaType == "" {
		t.Errorf("%s: %d without a Content-Type", where, w.Code)
	}
	if h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("%s: sniffable", where)
	}
	if w.Code == http.StatusInternalServerError {
		t.Errorf("%s: a fault: %.300s", where, w.Body)
	}
	switch mediaType {
	case "text/html":
		return scriptless(t, where, w.Body.String())
	case web.JsonType, "application/problem+json":
		var answer any
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Errorf("%s: %v", where, err)
		}
		return strings.Count(w.Body.String(), poisonMark)
	case "", "text/css", "text/javascript", "text/plain", "image/svg+xml", "text/event-stream", web.YamlType, "application/openapi+json", "application/openapi+yaml":
	default: // a file to be saved, which no browser shows as a page of ours
		if w.Code == http.StatusOK && mediaType[:5] != "font/" && !strings.HasPrefix(h.Get("Content-Disposition"), "attachment;") {
			t.Errorf("%s: %s is shown in the page", where, mediaType)
		}
	}
	return 0
}

// poisoned is what a kind's example says with poison behind every text that may be any.
func poisoned(schema *model.Schema, root model.Node) model.Node {
	root.Fields = poisonedFields(schema.Fields, root.Fields, new(int))
	return root
}

func poisonedFields(specs []model.FieldSpec, given []model.Field, n *int) (fields []model.Field) {
	for _, field := range given {
		if i := slices.IndexFunc(specs, func(f model.FieldSpec) bool { return f.Key == field.Key }); i >= 0 {
			field.Value = poisonedNode(&specs[i], field.Value, n)
		}
		fields = append(fields, field)
	}
	return fields
}

func poisonedNode(spec *model.FieldSpec, node model.Node, n *int) model.Node {
	*n++
	switch node.Shape {
	case model.Group:
		node.Fields = poisonedFields(spec.Fields, node.Fields, n)
	case model.List:
		node.Items = slices.Clone(node.Items)
		for i := range node.Items {
			node.Items[i] = poisonedNode(spec, node.Items[i], n)
		}
	case model.Scalar:
		free := spec.Type == model.TextField && len(spec.Choices) == 0 || spec.Type == model.OutlineField || spec.Type == model.ListField
		if free && spec.Key != desk.KindField && spec.Key != desk.NumberField {
			node.Text = strings.TrimRight(node.Text, "\n") + " " + poison[*n%len(poison)]
		}
	}
	return node
}

// poisonedForm is a form of a kind, as a browser sends it, with poison in every field of any type, and a poisoned field that there is not.
func poisonedForm(schema *model.Schema) (pairs []string) {
	var add func(specs []model.FieldSpec, prefix string)
	add = func(specs []model.FieldSpec, prefix string) {
		for _, spec := range specs {
			name := prefix + spec.Key
			switch {
			case spec.Key == desk.KindField && prefix == "":
			case spec.IsTable():
				add(spec.Fields, name+"[1].")
				add(spec.Fields, name+"[2].")
			case spec.Type == model.GroupField:
				add(spec.Fields, name+".")
			default:
				pairs = append(pairs, name, poison[len(pairs)/2%len(poison)])
			}
		}
	}
	add(schema.Fields, "")
	return append(pairs, `"><script>xzz`, poison[0])
}

// exampleOf is the example of a kind as a draft holds it.
func exampleOf(t *testing.T, s *web.Server, kind string) model.Node {
	t.Helper()
	starter, found := s.Office.Starter(kind)
	if found.Blocking() {
		t.Fatal(found)
	}
	data, p := compose.New(desk.New(s)).DataFrom(t.Context(), maker.Request{File: maker.File{Name: "vi-du.yaml", Data: starter}})
	if p != nil {
		t.Fatalf("%s: %v", kind, p)
	}
	root, err := s.Desk.ReadForm(data)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// addDraft keeps a draft of an office.
func addDraft(t *testing.T, s *web.Server, draft store.Draft) store.Draft {
	t.Helper()
	draft.ID, draft.Version, draft.Created, draft.Saved = desk.NewDraftID(), 1, s.Now(), s.Now()
	if err := s.Store.AddDraft(t.Context(), draft); err != nil {
		t.Fatal(err)
	}
	return draft
}

// twoOffices returns a service with two offices, "a" and "b", whose profiles say what is given, and an administrator of each.
func twoOffices(t *testing.T, profileOfA, profileOfB string) (s *web.Server, h http.Handler, a, b person) {
	t.Helper()
	s = openOffice(t)
	for id, profile := range map[string]string{"a": profileOfA, "b": profileOfB} {
		if err := s.Store.AddOffice(t.Context(), store.Office{ID: id, Name: "Xã " + id, Created: s.Now()}); err != nil {
			t.Fatal(err)
		}
		found, err := s.Office.SaveProfile(t.Context(), store.Profile{Office: id, Version: 1, Saved: s.Now(), Text: []byte(profile)})
		if err != nil || found.Blocking() {
			t.Fatal(err, found)
		}
	}
	a, b = hire(t, s, "quan.a", "a", account.Admin), hire(t, s, "quan.b", "b", account.Admin)
	return s, held(t, newSite(s)), a, b
}

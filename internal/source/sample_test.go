package source

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vanthu/internal/model"
)

func recordOf(t *testing.T, name string, data []byte) model.Record {
	t.Helper()
	record, found := ReadText(name, data)
	if len(found) > 0 {
		t.Fatalf("%s", found)
	}
	return record
}

func TestSampleBindsWithoutFindings(t *testing.T) {
	schema := schemaOf(t, "ke-hoach")
	profile := recordOf(t, "don-vi.yaml", readFile(t, "samples/don-vi.yaml"))
	record := recordOf(t, "du-lieu.yaml", readFile(t, "samples/ke-hoach-57/du-lieu.yaml"))
	doc, found := model.Bind(schema, record, &profile)
	if len(found) > 0 {
		t.Errorf("findings:\n%s", found)
	}
	if got := doc.Values["so_ky_hieu"]; got != model.Text("01/KH-HĐND") {
		t.Errorf("so_ky_hieu %v", got)
	}
	levels := map[model.Level]int{}
	for _, block := range doc.Values["noi_dung"].(model.Outline) {
		levels[block.(model.Line).Level]++
	}
	want := map[model.Level]int{model.Heading: 4, model.Clause: 10, model.SubClause: 8, model.Dash: 5, model.Plain: 45}
	if diff := cmp.Diff(want, levels); diff != "" {
		t.Errorf("levels (-want +got):\n%s", diff)
	}
}

func TestStarterMakesADocumentAsItStands(t *testing.T) {
	schema := schemaOf(t, "ke-hoach")
	starter := Starter(*schema)
	doc, found := model.Bind(schema, recordOf(t, "ke-hoach.yaml", starter), nil)
	if len(found) > 0 {
		t.Errorf("findings:\n%s\nin\n%s", found, starter)
	}
	for _, spec := range schema.Fields {
		if spec.Computed {
			continue
		}
		if (spec.Required || spec.Example != "") && doc.Values[spec.Key] == nil {
			t.Errorf("%s has no value", spec.Key)
		}
		if !strings.Contains(string(starter), "# "+spec.Label) {
			t.Errorf("%s has no label", spec.Key)
		}
	}
}

// TestBindFromFiles reads the files of each archive and compares what a clerk is told, and the document when there is one.
func TestBindFromFiles(t *testing.T) {
	schema := schemaOf(t, "ke-hoach")
	eachArchive(t, "bind", func(t *testing.T, archive *txtar.Archive) string {
		var record model.Record
		var profile *model.Record
		for _, file := range archive.Files {
			switch file.Name {
			case "don-vi.yaml":
				p := recordOf(t, file.Name, file.Data)
				profile = &p
			case "du-lieu.yaml", "du-lieu.json":
				record = recordOf(t, file.Name, file.Data)
			}
		}
		doc, found := model.Bind(schema, record, profile)
		if doc.Unnumbered != nil {
			found.Add(*doc.Unnumbered)
		}
		if found.Blocking() {
			return found.String()
		}
		return found.String() + doc.Dump()
	})
}

func BenchmarkReadAndBind(b *testing.B) {
	schema := schemaOf(b, "ke-hoach")
	data, office := readFile(b, "samples/ke-hoach-57/du-lieu.yaml"), readFile(b, "samples/don-vi.yaml")
	b.ReportAllocs()
	for b.Loop() {
		record, _ := ReadText("du-lieu.yaml", data)
		profile, _ := ReadText("don-vi.yaml", office)
		if _, found := model.Bind(schema, record, &profile); len(found) > 0 {
			b.Fatal(found)
		}
	}
}

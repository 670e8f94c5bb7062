package maker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"vanthu/fonts"
	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/model"
	"vanthu/internal/officetest"
	"vanthu/internal/register"
	"vanthu/internal/services"
	"vanthu/internal/testenv"
)

var today = time.Date(2026, 7, 1, 9, 30, 0, 0, time.FixedZone("", 7*3600))

// TestPreviewOfEveryKind makes the pages of every kind from nothing, from its starter, and from its starter with each field in turn left
// out, and many emptied or filled in wrongly. A field that many kinds have in common is left out of some of them.
func TestPreviewOfEveryKind(t *testing.T) {
	t.Parallel()
	a := officetest.Plain(t)
	bare := officetest.Open(t, services.Config{}) // of an office without a profile
	kinds := map[string]int{}                     // that have a field, by its path
	for _, kind := range definitions(t, a) {
		slug := kind.Schema.Kind
		starter, _ := a.Office.Starter(slug)
		data, _, err := a.Maker.Bind(maker.Request{File: maker.File{Name: slug + ".yaml", Data: starter}}, false)
		must(t, err)
		whole := valueOf(data.Record.Root).(map[string]any)
		tried := slices.DeleteFunc(paths(whole, nil), func(path []string) bool {
			name := strings.Join(path, ".")
			kinds[name]++
			return path[0] == "loai" || kinds[name] > 2 && kinds[name]%6 != 0
		})
		t.Run(slug, func(t *testing.T) {
			t.Parallel()
			t.Run("from nothing", func(t *testing.T) {
				for _, a := range []*officetest.Office{a, bare} {
					shown, found := previewed(t, a, map[string]any{"loai": slug})
					for _, f := range found {
						if f.Where.Paragraph > 0 {
							t.Errorf("what is missing is told twice: %s", f)
						}
					}
					for _, spec := range kind.Schema.Fields {
						said := slices.ContainsFunc(found, func(f diag.Finding) bool { return f.Where.Field == spec.Key })
						known := spec.Key == "loai" || a != bare && (spec.Key == "dia_danh" || spec.Key == "co_quan")
						if spec.Required && spec.Default == "" && !said && !known {
							t.Errorf("nothing is said of %s", spec.Key)
						}
					}
					spec, words := kind.Schema.Field("trich_yeu"), strings.ToLower(wordsShown(t, shown))
					if spec != nil && spec.Required && !strings.Contains(words, "["+strings.ToLower(spec.Label)+"]") {
						t.Errorf("the pages do not ask for the abstract:\n%s", words)
					}
				}
			})
			t.Run("from the starter", func(t *testing.T) {
				if _, found := previewed(t, a, whole); found.Blocking() {
					t.Error(found)
				}
			})
			for i, path := range testenv.Share(tried, 7) {
				t.Run(fmt.Sprint(path), func(t *testing.T) {
					previewed(t, a, changed(whole, path, nil).(map[string]any))
					if i%3 == 0 {
						wrong := []any{"", "???", []any{}, []any{""}, map[string]any{}, 7, []any{map[string]any{}}}
						previewed(t, a, changed(whole, path, wrong[i/3%len(wrong)]).(map[string]any))
					}
				})
			}
		})
	}
}

// previewed is what Preview shows of the data of a form, which must be pages in good order.
func previewed(t testing.TB, a *officetest.Office, data map[string]any) (maker.Preview, diag.Findings) {
	t.Helper()
	form, err := json.Marshal(data)
	must(t, err)
	shown, found, err := a.Maker.Preview(context.Background(), maker.Request{File: maker.File{Name: "soan-thao.json", Data: form}, Taken: today})
	if err != nil {
		t.Fatalf("%v\n%s", err, form)
	}
	if len(shown.Pages) == 0 {
		t.Fatalf("no pages of\n%s\n%s", form, found)
	}
	return shown, found
}

// wordsShown is the text of the pages, which must be well-formed, a line for each text.
func wordsShown(t testing.TB, shown maker.Preview) string {
	t.Helper()
	var b strings.Builder
	for _, page := range shown.Pages {
		decoder, inText := xml.NewDecoder(strings.NewReader(page)), false
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			must(t, err)
			switch token := token.(type) {
			case xml.StartElement:
				inText = inText || token.Name.Local == "text"
			case xml.EndElement:
				if token.Name.Local == "text" {
					inText = false
					b.WriteByte('\n')
				}
			case xml.CharData:
				if inText {
					b.Write(token)
				}
			}
		}
	}
	return b.String()
}

// valueOf is a node as JSON has it.
func valueOf(node model.Node) any {
	switch node.Shape {
	case model.Scalar:
		return node.Text
	case model.List:
		items := []any{}
		for _, item := range node.Items {
			items = append(items, valueOf(item))
		}
		return items
	case model.Group:
		fields := map[string]any{}
		for _, field := range node.Fields {
			fields[field.Key] = valueOf(field.Value)
		}
		return fields
	}
	return nil
}

// paths are those to every value inside a value.
func paths(value any, to []string) (found [][]string) {
	add := func(key string, inner any) {
		path := append(slices.Clone(to), key)
		found = append(append(found, path), paths(inner, path)...)
	}
	switch value := value.(type) {
	case []any:
		for i, item := range value[:min(1, len(value))] {
			add(strconv.Itoa(i), item)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			add(key, value[key])
		}
	}
	return found
}

// changed is value with another one at the path, or none for nil.
func changed(value any, path []string, to any) any {
	if len(path) == 0 {
		return to
	}
	switch value := value.(type) {
	case []any:
		i, _ := strconv.Atoi(path[0])
		value = slices.Clone(value)
		if value[i] = changed(value[i], path[1:], to); value[i] == nil {
			value = slices.Delete(value, i, i+1)
		}
		return value
	case map[string]any:
		value = maps.Clone(value)
		if value[path[0]] = changed(value[path[0]], path[1:], to); value[path[0]] == nil {
			delete(value, path[0])
		}
		return value
	}
	return value
}

// TestPreviewIsWhatMakePrints compares the pages of a sample with those of the Word file that is made.
func TestPreviewIsWhatMakePrints(t *testing.T) {
	a := officetest.Plain(t)
	for _, story := range []string{"ke-hoach-57", "ket-luan-giam-sat"} {
		t.Run(story, func(t *testing.T) {
			request := requestOf(t, story)
			result := officetest.Made(t, a, request)
			shown, found, err := a.Maker.Preview(context.Background(), request)
			must(t, err)
			if found.Blocking() {
				t.Error(found)
			}
			pages, _, err := a.Maker.PreviewWord(context.Background(), result.Name+".docx", result.DOCX)
			must(t, err)
			if len(pages) != result.Pages {
				t.Errorf("%d pages, printed are %d", len(pages), result.Pages)
			}
			if diff := cmp.Diff(pages, shown.Pages); diff != "" {
				t.Errorf("the Word file looks otherwise (-word +data):\n%s", diff)
			}
			if shown.Title != result.Title || shown.Symbol != result.Symbol || shown.Date != result.Date || shown.Kind != result.Kind {
				t.Errorf("got %s %s %v %s", shown.Kind, shown.Symbol, shown.Date, shown.Title)
			}
		})
	}
}

func TestPreviewOfADraft(t *testing.T) {
	a := officetest.Plain(t)
	shown, found := previewed(t, a, map[string]any{
		"loai": "ke-hoach", "so": "ba", "ngay": "30/2/2026", "trich_yeu": "Thu <b>phí</b> & lệ phí",
		"noi_dung": "Việc phải làm là", "noi_nhan": []any{"", "Lưu: VT"},
	})
	text := wordsShown(t, shown)
	for _, want := range []string{"/KH-HĐND", "[Ngày ban hành]", "Thu <b>phí</b> & lệ phí", "Việc phải làm là./.", "- Lưu: VT.", "[Họ và tên]"} {
		if !strings.Contains(text, want) {
			t.Errorf("the pages do not say %q:\n%s", want, text)
		}
	}
	codes := map[string]bool{}
	for _, f := range found {
		codes[string(f.Code)+" "+f.Where.Field] = true
	}
	for _, want := range []string{"not-a-number so", "no-such-day ngay", "empty-item noi_nhan[1]", "missing-field ky"} {
		if !codes[want] {
			t.Errorf("no finding %s among %v", want, slices.Sorted(maps.Keys(codes)))
		}
	}
}

// TestFindingsAreFoundOnThePage wants what a finding quotes in the group of its paragraph.
func TestFindingsAreFoundOnThePage(t *testing.T) {
	shown, found := previewed(t, officetest.Plain(t), map[string]any{
		"loai": "ke-hoach", "so": "1", "ngay": "1/7/2026", "trich_yeu": "Tổng vệ sinh", "noi_dung": "Làm.", "noi_nhan": []any{"Các thôn"}, "ky": "pho_chu_tich",
	})
	i := slices.IndexFunc(found, func(f diag.Finding) bool { return f.Code == diag.ArchiveRecipient })
	if i < 0 {
		t.Fatalf("nothing is said of the recipients:\n%s", found)
	}
	_, group, _ := strings.Cut(strings.Join(shown.Pages, ""), fmt.Sprintf(`<g data-p="%d"`, found[i].Where.Paragraph))
	if group, _, _ = strings.Cut(group, "</g>"); !strings.Contains(group, found[i].Where.Text) {
		t.Errorf("paragraph %d is not %q: %s", found[i].Where.Paragraph, found[i].Where.Text, group)
	}
}

func TestPreviewRefuses(t *testing.T) {
	a := officetest.Plain(t)
	for _, c := range []struct{ name, file, data, code string }{
		{"a kind that is not known", "x.json", `{"loai": "ke-hoch"}`, "unknown-kind"},
		{"a file that cannot be read", "x.json", `{"loai"`, "bad-json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			shown, found, err := a.Maker.Preview(context.Background(), maker.Request{File: maker.File{Name: c.file, Data: []byte(c.data)}})
			if err != nil || len(shown.Pages) > 0 || len(found) == 0 || !found.Blocking() || string(found[0].Code) != c.code {
				t.Errorf("%d pages, %v\n%v", len(shown.Pages), err, found)
			}
		})
	}
	t.Run("a file that is not of Word", func(t *testing.T) {
		pages, found, err := a.Maker.PreviewWord(context.Background(), "x.docx", []byte("%PDF-1.7"))
		if err != nil || len(pages) > 0 || !found.Blocking() || found[0].Where.File != "x.docx" {
			t.Errorf("%d pages, %v\n%v", len(pages), err, found)
		}
	})
}

// BenchmarkPreview times what a desk waits for after each pause in typing.
func BenchmarkPreview(b *testing.B) {
	a, request := officetest.Plain(b), requestOf(b, "ke-hoach-57")
	b.ReportAllocs()
	for b.Loop() {
		shown, _, err := a.Maker.Preview(b.Context(), request)
		if must(b, err); len(shown.Pages) != 5 {
			b.Fatalf("%d pages", len(shown.Pages))
		}
	}
	testenv.WantTime(b, 25*time.Millisecond)
}

func TestPreviewTakesNoNumber(t *testing.T) {
	a := officetest.Registered(t)
	request := officetest.Plan("27/3/2026", "Tổng vệ sinh")
	request.Taken = today
	shown, found, err := a.Maker.Preview(t.Context(), request)
	if err != nil || found.Blocking() || !strings.HasSuffix(shown.Symbol, "\u00a0/KH-HĐND") {
		t.Errorf("the symbol is %q, %v\n%v", shown.Symbol, err, found)
	}
	if entries, err := a.Register.List(t.Context(), register.Numbers{}); err != nil || len(entries) > 0 {
		t.Errorf("%v, taken are %v", err, entries)
	}
}

func TestFaces(t *testing.T) {
	embedded := officetest.Plain(t).Office.Faces()
	if len(embedded) != 4 {
		t.Fatalf("%d faces", len(embedded))
	}
	for i, face := range embedded {
		if face.Family != "Tinos" || face.Bold != (i%2 == 1) || face.Italic != (i >= 2) || face.MediaType != "font/woff2" || !bytes.HasPrefix(face.Data, []byte("wOF2")) {
			t.Errorf("face %d is %s %t %t %s", i, face.Family, face.Bold, face.Italic, face.MediaType)
		}
	}
	t.Run("an office's own", func(t *testing.T) {
		file, err := fs.ReadFile(fonts.FS, "Tinos-Bold.ttf")
		must(t, err)
		a, _, err := services.Open(services.Config{Fonts: fstest.MapFS{"times.ttf": {Data: file}}})
		must(t, err)
		if face := a.Office.Faces()[1]; face.MediaType != "font/ttf" || !bytes.Equal(face.Data, file) {
			t.Errorf("%s of %d bytes", face.MediaType, len(face.Data))
		}
	})
}

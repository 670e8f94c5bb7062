package maker_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/layout"
	"vanthu/internal/maker"
	"vanthu/internal/office"
	"vanthu/internal/officetest"
	"vanthu/internal/testenv"
	"vanthu/internal/wml"
)

var update = flag.Bool("update", false, "rewrite the expected texts in testdata")

// requestOf reads the data file of a story.
func requestOf(t testing.TB, story string) maker.Request {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(officetest.Samples, story, "du-lieu.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return maker.Request{File: maker.File{Name: "du-lieu.yaml", Data: data}, PDF: true}
}

// TestStories takes each sample the whole way and compares its pages, as text, with those a person has read.
func TestStories(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(officetest.Samples, "*", "du-lieu.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	a := officetest.Plain(t)
	for _, file := range files {
		story := filepath.Base(filepath.Dir(file))
		t.Run(story, func(t *testing.T) {
			result := officetest.Made(t, a, requestOf(t, story))
			doc, found, err := wml.Read(result.DOCX)
			if err != nil || len(found) > 0 {
				t.Fatalf("our own Word file is outside the subset: %v\n%s", err, found)
			}
			pages, _ := layout.Paginate(doc, a.Office.Fonts())
			golden := filepath.Join("testdata", story+".txt")
			got := result.Name + "\n\n" + pages.Text()
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("pages differ from %s (run with -update and read the change):\n%s", golden, diff)
			}
		})
	}
}

// TestSameDataSameBytes makes the plan twice, in two Apps.
func TestSameDataSameBytes(t *testing.T) {
	request := requestOf(t, "ke-hoach-57")
	first, second := officetest.Made(t, officetest.Plain(t), request), officetest.Made(t, officetest.Plain(t), request)
	if !bytes.Equal(first.DOCX, second.DOCX) {
		t.Error("two Word files of the same data differ")
	}
	if !bytes.Equal(first.PDF, second.PDF) {
		t.Error("two PDFs of the same data differ")
	}
}

// TestPDFSaysWhatTheWordFileSays extracts the words of the PDF and compares them with those of the Word file, in order.
func TestPDFSaysWhatTheWordFileSays(t *testing.T) {
	testenv.Tool(t, "pdftotext")
	result := officetest.Made(t, officetest.Plain(t), requestOf(t, "ke-hoach-57"))
	doc, _, err := wml.Read(result.DOCX)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Fields(bodyOf(t, extracted(t, result.PDF), result.Pages))
	want := strings.Fields(doc.Text())
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("words of the Word file (-) and of the PDF (+):\n%s", diff)
	}
}

// bodyOf takes the page number off each page from the second on, and joins words that were divided after a hyphen.
func bodyOf(t *testing.T, text string, pages int) string {
	t.Helper()
	sheets := strings.Split(strings.TrimSuffix(text, "\f"), "\f")
	if len(sheets) != pages {
		t.Fatalf("%d pages extracted, want %d", len(sheets), pages)
	}
	for i := 1; i < len(sheets); i++ {
		rest, found := strings.CutPrefix(sheets[i], fmt.Sprintf("%d\n", i+1))
		if !found {
			t.Errorf("page %d does not begin with its number", i+1)
		}
		sheets[i] = rest
	}
	return divided.ReplaceAllString(strings.Join(sheets, ""), "$1")
}

var divided = regexp.MustCompile(`(\S-) ?\n`)

// extracted returns the text of a PDF in the order in which it is painted.
func extracted(t testing.TB, pdf []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, pdf, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(testenv.Tool(t, "pdftotext"), "-raw", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(out)
}

// definitions are the kinds with their templates.
func definitions(t testing.TB, a *officetest.Office) []*office.Definition {
	t.Helper()
	kinds, err := a.Office.Definitions()
	if err != nil {
		t.Fatal(err)
	}
	return kinds
}

package app

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/diag"
	"vanthu/internal/layout"
	"vanthu/internal/testenv"
	"vanthu/internal/wml"
)

var update = flag.Bool("update", false, "rewrite the expected texts in testdata")

// samples is where the stories live.
const samples = "../../samples"

// office makes an App with the profile that the samples share.
func office(t testing.TB) *App {
	t.Helper()
	profile, err := os.ReadFile(filepath.Join(samples, "don-vi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	a, found, err := New(Config{Profile: profile})
	if err != nil || len(found) > 0 {
		t.Fatalf("%v\n%v", err, found)
	}
	return a
}

// requestOf reads the data file of a story.
func requestOf(t testing.TB, story string) Request {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(samples, story, "du-lieu.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return Request{File: File{"du-lieu.yaml", data}, PDF: true}
}

// made makes the document of a request and expects nothing to mend but what the codes name.
func made(t testing.TB, a *App, request Request, expected ...string) Result {
	t.Helper()
	result, found, err := a.Make(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.Severity > diag.Info && !slices.Contains(expected, string(f.Code)) {
			t.Errorf("%s", f)
		}
	}
	if len(result.DOCX) == 0 || len(result.PDF) == 0 {
		t.Fatalf("no document\n%s", found)
	}
	return result
}

// TestStories takes each sample the whole way and compares its pages, as text, with those a person has read.
func TestStories(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(samples, "*", "du-lieu.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	a := office(t)
	for _, file := range files {
		story := filepath.Base(filepath.Dir(file))
		t.Run(story, func(t *testing.T) {
			result := made(t, a, requestOf(t, story))
			doc, found, err := wml.Read(result.DOCX)
			if err != nil || len(found) > 0 {
				t.Fatalf("our own Word file is outside the subset: %v\n%s", err, found)
			}
			pages, _ := layout.Paginate(doc, a.fonts)
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
	first, second := made(t, office(t), request), made(t, office(t), request)
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
	result := made(t, office(t), requestOf(t, "ke-hoach-57"))
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

package wml

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"vanthu/internal/diag"
	"vanthu/internal/ooxml"
	"vanthu/internal/testenv"
	"vanthu/internal/vi"
)

// corpus returns real Word files by name.
func corpus(tb testing.TB) map[string][]byte {
	return filesOf(tb, filepath.Join(testenv.Shared(tb, "corpus/docx"), "*.docx"))
}

// filesOf returns the files of a pattern, by name; that of the folder comes first where all are called the same.
func filesOf(tb testing.TB, pattern string) map[string][]byte {
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		tb.Fatalf("no files %s: %v", pattern, err)
	}
	files := make(map[string][]byte)
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		files[filepath.Base(filepath.Dir(name))+"/"+filepath.Base(name)] = data
	}
	return files
}

// TestCorpusKeepsText: every character of w:t outside deleted, hidden and drawn text arrives, in order; drawn text is reported.
func TestCorpusKeepsText(t *testing.T) { keepText(t, corpus(t)) }

// TestTemplatesKeepText says so of the templates, which were edited in Word.
func TestTemplatesKeepText(t *testing.T) { keepText(t, filesOf(t, "../../templates/*/*.docx")) }

func keepText(t *testing.T, files map[string][]byte) {
	for name, data := range files {
		t.Run(name, func(t *testing.T) {
			doc, found, err := Read(data)
			if err != nil || found.Blocking() {
				t.Fatal(err, found)
			}
			want, drawn := written(t, data)
			got := strings.ToUpper(doc.Text())
			rest := got
			for i, c := range want {
				at := strings.IndexRune(rest, c)
				if at < 0 {
					t.Fatalf("lost from “%s”", diag.Excerpt(string(want[max(0, i-20):])))
				}
				// Labels stand between, and are short.
				if at > 40 && strings.TrimSpace(rest[:at]) != "" {
					t.Fatalf("%q stands before “%s”", rest[:at], diag.Excerpt(string(want[i:])))
				}
				rest = rest[at+len(string(c)):]
			}
			if drawn != strings.Contains(found.String(), "khung chữ") {
				t.Errorf("text boxes: %v in the file, but findings say\n%v", drawn, found)
			}
		})
	}
}

// written returns the letters of w:t of the body in order, upper case and without space, and whether there is text in boxes.
func written(t *testing.T, data []byte) (letters []rune, drawn bool) {
	pkg, err := ooxml.OpenWord(data)
	if err != nil {
		t.Fatal(err)
	}
	root, err := pkg.Tree("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	root.Walk(func(e *ooxml.Element) bool {
		switch e.Name {
		case "w:del", "mc:Fallback":
			return false
		case "w:txbxContent":
			drawn = true
			return false
		case "w:r":
			if hidden := e.Child("w:rPr", "w:vanish"); hidden != nil && hidden.Attr("w:val") != "false" {
				return false
			}
		case "w:t":
			b.WriteString(e.InnerText())
		}
		return true
	})
	for _, c := range strings.ToUpper(vi.NFC(b.String())) {
		if !unicode.IsSpace(c) {
			letters = append(letters, c)
		}
	}
	return letters, drawn
}

func BenchmarkRead(b *testing.B) {
	for name, data := range corpus(b) {
		if !slices.Contains([]string{"docx/nd30_phuluc1_the_thuc.docx", "docx/truong_tpl_cong_van.docx", "docx/nd30_nghi_dinh.docx"}, name) {
			continue
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := Read(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

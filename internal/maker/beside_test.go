package maker_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vanthu/internal/officetest"
	"vanthu/internal/testenv"
)

// minSameLines is how many percent of the lines must begin and end with the words of LibreOffice's, both breaking lines first-fit.
const minSameLines = 97

// TestBesideLibreOffice lays the plan out beside LibreOffice and compares pages, lines and words.
func TestBesideLibreOffice(t *testing.T) {
	b := newSideBySide(t, 1)
	timed(t, b.fonts, b.soffice, b.theirs...)
	timed(t, "", b.vanthu, b.ours...)
	ourText, theirText := extracted(t, readFile(t, filepath.Join(b.out, "00.pdf"))), extracted(t, readFile(t, filepath.Join(b.dir, "00.pdf")))
	if ourPages, theirPages := strings.Count(ourText, "\f"), strings.Count(theirText, "\f"); ourPages != theirPages {
		t.Errorf("%d pages, LibreOffice has %d", ourPages, theirPages)
	}
	ourLines, theirLines := ends(ourText), ends(theirText)
	same := common(ourLines, theirLines)
	percent := 100 * float64(same) / float64(max(len(ourLines), len(theirLines)))
	t.Logf("lines with the same first and last word: %d of %d (LibreOffice has %d), %.1f %%", same, len(ourLines), len(theirLines), percent)
	if percent < minSameLines {
		t.Errorf("%.1f %% of lines agree, want %d %%", percent, minSameLines)
		for _, line := range ourLines {
			if !slices.Contains(theirLines, line) {
				t.Logf("ours only: %s", line)
			}
		}
		for _, line := range theirLines {
			if !slices.Contains(ourLines, line) {
				t.Logf("LibreOffice only: %s", line)
			}
		}
	}
	if got, want := strings.Fields(ourText), strings.Fields(theirText); !slices.Equal(sorted(got), sorted(want)) {
		t.Errorf("%d words, LibreOffice has %d, or they differ", len(got), len(want))
	}
}

// BenchmarkBesideLibreOffice measures how many times faster than LibreOffice the same twenty copies of the plan are converted, both in a
// whole process of their own: starting, loading fonts, writing files. Of each the quickest run counts.
func BenchmarkBesideLibreOffice(b *testing.B) {
	const copies, wanted = 20, 30
	side := newSideBySide(b, copies)
	ours, theirs := time.Hour, time.Hour
	for b.Loop() {
		theirs = min(theirs, timed(b, side.fonts, side.soffice, side.theirs...))
		for range 10 { // ours are shorter, so that a passing load hits them harder
			ours = min(ours, timed(b, "", side.vanthu, side.ours...))
		}
	}
	b.ReportMetric(ours.Seconds()*1000/copies, "ms/document")
	b.ReportMetric(theirs.Seconds()*1000/copies, "LibreOffice-ms/document")
	testenv.Want(b, "times", float64(theirs)/float64(ours), wanted)
}

// sideBySide is what both programs need to convert copies of the plan.
type sideBySide struct {
	soffice, vanthu string
	theirs, ours    []string // arguments
	fonts           string   // a setting of the environment
	dir, out        string   // where LibreOffice writes, and where we do
}

func newSideBySide(t testing.TB, copies int) sideBySide {
	t.Helper()
	b := sideBySide{soffice: testenv.Tool(t, "soffice"), dir: t.TempDir()}
	testenv.Tool(t, "pdftotext")
	docx := firstFit(t, officetest.Made(t, officetest.Plain(t), requestOf(t, "ke-hoach-57")).DOCX)
	b.vanthu, b.out, b.fonts = build(t, b.dir), filepath.Join(b.dir, "out"), "FONTCONFIG_FILE="+onlyTinos(t, b.dir)
	b.theirs = []string{"-env:UserInstallation=file://" + filepath.Join(b.dir, "profile"), "--headless", "--convert-to", "pdf", "--outdir", b.dir}
	b.ours = []string{"convert", "-o", b.out}
	for i := range copies {
		file := filepath.Join(b.dir, fmt.Sprintf("%02d.docx", i))
		if err := os.WriteFile(file, docx, 0o644); err != nil {
			t.Fatal(err)
		}
		b.theirs, b.ours = append(b.theirs, file), append(b.ours, file)
	}
	return b
}

func readFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// timed runs a program to its end.
func timed(t testing.TB, env, program string, args ...string) time.Duration {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), env)
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return time.Since(start)
}

// build makes the program.
func build(t testing.TB, dir string) string {
	t.Helper()
	program := filepath.Join(dir, "vanthu")
	if out, err := exec.Command("go", "build", "-o", program, "../../cmd/vanthu").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

// onlyTinos writes a font configuration in which Times New Roman is Tinos and nothing else is installed: what other fonts a machine
// has would change the lines.
func onlyTinos(t testing.TB, dir string) string {
	t.Helper()
	fonts, err := filepath.Abs("../../fonts")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "fonts.conf")
	config := fmt.Sprintf(`<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>%s</dir><cachedir>%s</cachedir>
<alias binding="same"><family>Times New Roman</family><prefer><family>Tinos</family></prefer></alias></fontconfig>`, fonts, filepath.Join(dir, "cache"))
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// firstFit returns a copy of a Word file that breaks lines as files of older Word versions do.
func firstFit(t testing.TB, docx []byte) []byte {
	const mode = `w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="1`
	return officetest.Replaced(t, docx, "word/settings.xml", mode+`5"`, mode+`4"`)
}

// ends returns the first and last word of each line.
func ends(text string) (lines []string) {
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\f' }) {
		if words := strings.Fields(line); len(words) > 0 {
			lines = append(lines, words[0]+" … "+words[len(words)-1])
		}
	}
	return lines
}

// common is the length of the longest common subsequence.
func common(a, b []string) int {
	row := make([]int, len(b)+1)
	for i := range a {
		diagonal := 0
		for j := range b {
			above := row[j+1]
			if a[i] == b[j] {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(row[j], above)
			}
			diagonal = above
		}
	}
	return row[len(b)]
}

func sorted(words []string) []string {
	words = slices.Clone(words)
	slices.Sort(words)
	return words
}

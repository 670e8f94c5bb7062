package pdf_test

import (
	"bytes"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"vanthu/fonts"
	"vanthu/internal/font"
	"vanthu/internal/geom"
	"vanthu/internal/page"
	"vanthu/internal/pdf"
	"vanthu/internal/testenv"
)

const (
	pageWidth  = 595 * geom.Point
	pageHeight = 842 * geom.Point
)

func loadFonts(t testing.TB) *font.Set {
	t.Helper()
	set, err := font.Load(fonts.FS)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func write(t testing.TB, doc page.Document, set *font.Set) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := pdf.Write(&out, doc, set); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// sheet is a document of one page with the given items.
func sheet(items ...page.Item) page.Document {
	return page.Document{Pages: []page.Page{{Width: pageWidth, Height: pageHeight, Items: items}}}
}

// lines lays texts below each other at their natural width, each a line of its own.
func lines(set *font.Set, face page.Face, texts ...string) []page.Item {
	const size = 14 * geom.Point
	var items []page.Item
	for i, text := range texts {
		f, _ := set.Face(face.Family, face.Bold, face.Italic)
		items = append(items, page.Text{
			X: 50 * geom.Point, Y: geom.EMU(60+20*i) * geom.Point, Width: f.Width(text, size),
			Text: text, Face: face, Size: size, LineStart: true, LineEnd: true,
		})
	}
	return items
}

// run returns a file to a tool and returns what it prints; the test belongs to the full ring.
func run(t testing.TB, file []byte, tool string, args ...string) string {
	t.Helper()
	tool = testenv.Tool(t, tool)
	path := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, arg := range args {
		if arg == "FILE" {
			args[i] = path
		}
	}
	output, err := exec.Command(tool, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", tool, err, output)
	}
	return string(output)
}

// extract returns the lines of text that a reader copies out of a file.
func extract(t testing.TB, file []byte, options ...string) []string {
	t.Helper()
	text := run(t, file, "pdftotext", append(options, "-enc", "UTF-8", "FILE", "-")...)
	var found []string
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, " \n\f"); line != "" {
			found = append(found, line)
		}
	}
	return found
}

// word is a word as pdftotext -bbox finds it, in points from the top left corner.
type word struct {
	XMin float64 `xml:"xMin,attr"`
	XMax float64 `xml:"xMax,attr"`
	Text string  `xml:",chardata"`
}

func boxes(t testing.TB, file []byte) []word {
	t.Helper()
	var found struct {
		Words []word `xml:"body>doc>page>word"`
	}
	text := run(t, file, "pdftotext", "-bbox", "FILE", "-")
	decoder := xml.NewDecoder(strings.NewReader(text))
	decoder.Strict, decoder.Entity = false, xml.HTMLEntity
	if err := decoder.Decode(&found); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return found.Words
}

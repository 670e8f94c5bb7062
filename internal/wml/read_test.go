package wml

import (
	"archive/zip"
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vanthu/internal/flow"
)

var update = flag.Bool("update", false, "rewrite the golden dumps")

// TestRead reads each case of testdata: snippets of parts, then the dump and the findings they give.
func TestRead(t *testing.T) {
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			parts, want := make(map[string]string), ""
			for _, f := range archive.Files {
				if f.Name == "want" {
					want = string(f.Data)
				} else {
					parts[f.Name] = string(f.Data)
				}
			}
			doc, found, err := Read(build(t, parts))
			if err != nil {
				t.Fatal(err)
			}
			got := doc.Dump()
			if len(found) > 0 {
				got += "findings\n" + found.String()
			}
			if *update {
				archive.Files = append(archive.Files[:len(parts):len(parts)], txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// TestRefuse: a file that cannot be read is a finding with its remedy, and no document.
func TestRefuse(t *testing.T) {
	zipped := func(name, content string) []byte {
		var buf bytes.Buffer
		archive := zip.NewWriter(&buf)
		w, _ := archive.Create(name)
		_, _ = w.Write([]byte(content))
		archive.Close()
		return buf.Bytes()
	}
	for name, c := range map[string]struct {
		data []byte
		code string
	}{
		"old or locked":  {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1..."), "old-word-file"},
		"text":           {[]byte("Kính gửi"), "not-a-word-file"},
		"a workbook":     {zipped("xl/workbook.xml", "<x/>"), "not-a-word-file"},
		"broken XML":     {zipped("word/document.xml", "<w:document><w:body>"), "damaged-file"},
		"no body":        {zipped("word/document.xml", "<w:document/>"), "damaged-file"},
		"damaged styles": {build(t, map[string]string{"body": "<w:p/>", "styles": "<w:style>"}), "damaged-file"},
	} {
		t.Run(name, func(t *testing.T) {
			doc, found, err := Read(c.data)
			if err != nil || !found.Blocking() || string(found[0].Code) != c.code || found[0].Hint == "" {
				t.Errorf("error %v, findings\n%v", err, found)
			}
			if len(doc.Sections) != 0 {
				t.Error("a document was given")
			}
		})
	}
}

// TestStylesInACircle: basedOn may not hang the reader, whatever it names.
func TestStylesInACircle(t *testing.T) {
	doc, _, err := Read(build(t, map[string]string{
		"body": `<w:p><w:pPr><w:pStyle w:val="A"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>`,
		"styles": `<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="B"/><w:rPr><w:b/></w:rPr></w:style>
			<w:style w:type="paragraph" w:styleId="B"><w:basedOn w:val="A"/><w:rPr><w:i/></w:rPr></w:style>`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	text := doc.Sections[0].Blocks[0].(*flow.Paragraph).Inlines[0].(flow.Text)
	if !text.Style.Bold || !text.Style.Italic {
		t.Errorf("style %v", text.Style)
	}
}

// FuzzRead: no input may panic or hang, and what is given holds together.
func FuzzRead(f *testing.F) {
	f.Add(build(f, map[string]string{"body": `<w:p><w:r><w:t>Độc lập</w:t></w:r></w:p>`}))
	names, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		parts := make(map[string]string)
		for _, file := range archive.Files {
			if file.Name != "want" {
				parts[file.Name] = string(file.Data)
			}
		}
		f.Add(build(f, parts))
	}
	files, _ := filepath.Glob("../../../shared/corpus/docx/*.docx")
	for _, name := range files {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc, found, err := Read(data)
		if err != nil {
			t.Fatal(err)
		}
		if found.Blocking() {
			return
		}
		checkDocument(t, doc)
	})
}

// FuzzBody does so with the XML of the body alone, where mutation reaches further than through the zip.
func FuzzBody(f *testing.F) {
	names, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range names {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		parts := make(map[string]string)
		for _, file := range archive.Files {
			parts[file.Name] = string(file.Data)
		}
		f.Add(parts["body"], parts["styles"], parts["numbering"])
	}
	f.Fuzz(func(t *testing.T, body, styles, numbering string) {
		doc, found, err := Read(build(t, map[string]string{"body": body, "styles": styles, "numbering": numbering}))
		if err != nil {
			t.Fatal(err)
		}
		if !found.Blocking() {
			checkDocument(t, doc)
		}
	})
}

// checkDocument: every table row lies on its grid, merges are whole, and the dump is the same each time.
func checkDocument(t *testing.T, doc flow.Document) {
	t.Helper()
	if len(doc.Sections) == 0 {
		t.Fatal("no section")
	}
	if again := doc.Dump(); again != doc.Dump() {
		t.Fatal("two dumps differ")
	}
	for _, s := range doc.Sections {
		checkBlocks(t, s.Blocks)
	}
}

func checkBlocks(t *testing.T, blocks []flow.Block) {
	t.Helper()
	for _, b := range blocks {
		table, ok := b.(*flow.Table)
		if !ok {
			continue
		}
		spanned, cells := 0, 0
		for _, row := range table.Rows {
			column := row.GridBefore
			for _, c := range row.Cells {
				column += c.Span
				cells++
				if !c.Covered {
					spanned += c.RowSpan
				}
				if c.Span < 1 || c.RowSpan < 1 || c.Covered && (c.Blocks != nil || c.Borders != flow.Borders{}) {
					t.Fatalf("cell %+v", c)
				}
				checkBlocks(t, c.Blocks)
			}
			if column > len(table.Grid) {
				t.Fatalf("a row ends at column %d of %d", column, len(table.Grid))
			}
		}
		if spanned != cells {
			t.Fatalf("cells span %d places of %d", spanned, cells)
		}
		for _, width := range table.Grid {
			if width <= 0 {
				t.Fatalf("grid %v", table.Grid)
			}
		}
	}
}

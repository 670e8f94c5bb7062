package wml

import (
	"archive/zip"
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// namespaces are declared on the root of every part that build wraps.
const namespaces = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"` +
	` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"` +
	` xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"` +
	` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
	` xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"` +
	` xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"` +
	` xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"` +
	` xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"` +
	` xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"` +
	` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"`

// build makes a Word file from snippets by part: "body" goes into w:body, "styles", "numbering", "settings", "theme", "core",
// "footnotes", "comments" and "header1", "footer2" … into the root of their parts. Headers get their name as relation id.
func build(tb testing.TB, parts map[string]string) []byte {
	tb.Helper()
	roots := map[string]string{
		"styles": "w:styles", "numbering": "w:numbering", "settings": "w:settings", "theme": "a:theme", "core": "cp",
		"footnotes": "w:footnotes", "comments": "w:comments",
	}
	var buf bytes.Buffer
	archive := zip.NewWriter(&buf)
	add := func(name, content string) {
		w, err := archive.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			tb.Fatal(err)
		}
	}
	names := make([]string, 0, len(parts))
	for name := range parts {
		names = append(names, name)
	}
	slices.Sort(names)
	relations := ""
	for _, name := range names {
		kind := strings.TrimRight(name, "0123456789")
		root, file := roots[name], "word/"+name+".xml"
		switch {
		case name == "body":
			add("word/document.xml", "<w:document"+namespaces+"><w:body>"+parts[name]+"</w:body></w:document>")
			continue
		case name == "core":
			file = "docProps/core.xml"
		case name == "theme":
			file = "word/theme/theme1.xml"
		case kind == "header" || kind == "footer":
			root = "w:hdr"
		}
		add(file, "<"+root+namespaces+">"+parts[name]+"</"+root+">")
		relations += fmt.Sprintf(`<Relationship Id="%s" Type="http://x/%s" Target="%s"/>`, name, kind, "/"+file)
	}
	add("word/_rels/document.xml.rels", "<Relationships>"+relations+"</Relationships>")
	if err := archive.Close(); err != nil {
		tb.Fatal(err)
	}
	return buf.Bytes()
}

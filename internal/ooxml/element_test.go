package ooxml

import (
	"strings"
	"testing"
)

func TestParseKeepsWhatItWrites(t *testing.T) {
	const in = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p w:rsid="1"><w:r><w:t xml:space="preserve"> a &lt; b &amp; &quot;c&quot; </w:t></w:r></w:p></w:body></w:document>`
	root, err := Parse([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(root.AppendXML(nil)); got != in {
		t.Errorf("wrote\n%s\nfrom\n%s", got, in)
	}
	if got := root.Child("w:body", "w:p").InnerText(); got != ` a < b & "c" ` {
		t.Errorf("text %q", got)
	}
}

func TestParseGivesCustomaryPrefixes(t *testing.T) {
	for name, in := range map[string]string{
		"other prefix": `<x:document xmlns:x="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><x:p x:a="1"/></x:document>`,
		"no prefix":    `<document xmlns="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><p w:a="1"/></document>`,
		"strict":       `<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:p w:a="1"/></w:document>`,
	} {
		t.Run(name, func(t *testing.T) {
			root, err := Parse([]byte(in))
			if err != nil {
				t.Fatal(err)
			}
			if root.Name != "w:document" || root.Child("w:p").Attr("w:a") != "1" {
				t.Errorf("read %s", root.AppendXML(nil))
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	for name, in := range map[string]string{
		"nothing":   ``,
		"unclosed":  `<a><b></b>`,
		"crossed":   `<a><b></a></b>`,
		"two roots": `<a/><b/>`,
		"a DTD":     `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`,
		"too deep":  strings.Repeat("<a>", MaxDepth+1) + strings.Repeat("</a>", MaxDepth+1),
		"latin-1":   `<?xml version="1.0" encoding="ISO-8859-1"?><a/>`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Parse([]byte(in)); err == nil {
				t.Error("no error")
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`<w:p xmlns:w="u"><w:r>x &lt; y</w:r></w:p>`))
	f.Add([]byte(`<a xmlns="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		root, err := Parse(data)
		if err != nil {
			return
		}
		again, err := Parse(root.AppendXML(nil))
		if err == nil && again.InnerText() != root.InnerText() {
			t.Fatalf("text %q came back as %q", root.InnerText(), again.InnerText())
		}
	})
}

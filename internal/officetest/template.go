package officetest

import (
	"bytes"
	"strings"
	"testing"

	"vanthu/internal/archive"
	"vanthu/internal/maker"
	"vanthu/internal/store"
)

// Replaced returns a copy of a package in which a text of one part is another.
func Replaced(t testing.TB, docx []byte, part, text, by string) []byte {
	t.Helper()
	in, err := archive.Open(bytes.NewReader(docx), int64(len(docx)), archive.Limits{Directory: 1 << 20, Entries: 1000, Entry: 64 << 20, Unzipped: 256 << 20})
	if err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	out := archive.NewWriter(&buf, archive.Options{})
	changed := false
	for _, f := range in.File {
		data, err := archive.Bytes(f)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name == part {
			changed = bytes.Contains(data, []byte(text))
			data = bytes.ReplaceAll(data, []byte(text), []byte(by))
		}
		if err := out.Add(f.Name, archive.Deflate, data); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	if !changed {
		t.Fatalf("no %s in %s", text, part)
	}
	return buf.Bytes()
}

// ComesWith returns the template of a kind that comes with the program.
func ComesWith(t testing.TB, a *Office, kind string) []byte {
	t.Helper()
	docx, hash, found, err := a.Services.Office.Template(t.Context(), kind, 0)
	if err != nil || len(found) > 0 || len(hash) != 64 {
		t.Fatal(err, found, hash)
	}
	return docx
}

// Saved uploads a template and expects nothing to mend.
func Saved(t testing.TB, a *Office, kind string, docx []byte) int {
	t.Helper()
	version, found, err := a.Services.Office.SaveTemplate(t.Context(), kind, maker.File{Name: "mau.docx", Data: docx},
		store.TemplateVersion{Author: "lan", Saved: Noon})
	if err != nil || found.Blocking() {
		t.Fatal(err, found)
	}
	return version
}

// OwnWords is what WithOwnWords adds.
const OwnWords = "Theo mẫu riêng của xã"

// WithOwnWords returns a template that says something more.
func WithOwnWords(t testing.TB, docx []byte) []byte {
	return Replaced(t, docx, "word/document.xml", "{{trich_yeu}}", "{{trich_yeu}} "+OwnWords)
}

// SaysOwnWords reports whether the template of a kind in force is one of WithOwnWords.
func (o *Office) SaysOwnWords(t testing.TB, kind string) bool {
	t.Helper()
	if err := o.Services.Office.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	starter, _ := o.Services.Office.Starter(kind)
	result, found, err := o.Maker.Make(t.Context(), maker.Request{File: maker.File{Name: "a.yaml", Data: starter}})
	if err != nil || found.Blocking() {
		t.Fatal(err, found)
	}
	return strings.Contains(Words(t, result.DOCX), OwnWords)
}

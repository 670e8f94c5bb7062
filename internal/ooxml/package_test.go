package ooxml

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"testing"
)

// packageOf zips parts given as name, content, name, content …
func packageOf(t testing.TB, parts ...string) []byte {
	t.Helper()
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestOpenReadsPartsAndRelations(t *testing.T) {
	p, err := OpenWord(packageOf(t,
		"word/document.xml", `<w:document xmlns:w="u"/>`,
		"word/_rels/document.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
			<Relationship Id="rId1" Type="http://x/header" Target="header1.xml"/>
			<Relationship Id="rId2" Type="http://x/image" Target="../media/a.png"/>
			<Relationship Id="rId3" Type="http://x/theme" Target="/word/theme/theme1.xml"/>
			<Relationship Id="rId4" Type="http://x/hyperlink" Target="https://example.vn/" TargetMode="External"/></Relationships>`,
	))
	if err != nil {
		t.Fatal(err)
	}
	rels, err := p.Relations("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]Relation{
		"rId1": {Type: "header", Target: "word/header1.xml"},
		"rId2": {Type: "image", Target: "media/a.png"},
		"rId3": {Type: "theme", Target: "word/theme/theme1.xml"},
		"rId4": {Type: "hyperlink", Target: "https://example.vn/", External: true},
	} {
		if rels[id] != want {
			t.Errorf("%s is %+v, want %+v", id, rels[id], want)
		}
	}
	if tree, err := p.Tree("word/absent.xml"); tree != nil || err != nil {
		t.Errorf("an absent part gave %v, %v", tree, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	many := make([]string, 0, 2*wordLimits.Entries+4)
	for i := range wordLimits.Entries + 1 {
		many = append(many, fmt.Sprint(i), "")
	}
	document := []string{"word/document.xml", "<a/>"}
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"text":             {[]byte("xin chào"), ErrNotPackage},
		"an old .doc":      {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1…"), ErrOldFormat},
		"a workbook":       {packageOf(t, "xl/workbook.xml", "<a/>"), ErrNotWord},
		"too many entries": {packageOf(t, append(many, document...)...), ErrTooLarge},
		"two of a name":    {packageOf(t, append(document, document...)...), ErrDamaged},
		"a stated bomb":    {stateSize(packageOf(t, document...), uint32(wordLimits.Entry)+1), ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := OpenWord(c.data); !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

// TestPartDoesNotBelieveTheDirectory reads parts whose stated size is not the true one.
func TestPartDoesNotBelieveTheDirectory(t *testing.T) {
	for _, size := range []uint32{1, 3, 5, 1000} {
		p, err := OpenWord(stateSize(packageOf(t, "word/document.xml", "<a/>"), size))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Part("word/document.xml"); !errors.Is(err, ErrDamaged) {
			t.Errorf("stated %d bytes: error %v, want %v", size, err, ErrDamaged)
		}
	}
}

// stateSize writes an unzipped size into the directory entry of a package of one part.
func stateSize(data []byte, size uint32) []byte {
	i := bytes.LastIndex(data, []byte("PK\x01\x02"))
	binary.LittleEndian.PutUint32(data[i+24:], size)
	return data
}

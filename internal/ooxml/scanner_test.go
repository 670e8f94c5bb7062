package ooxml

import (
	"errors"
	"strings"
	"testing"
)

// scanned dumps what a Scanner finds in a part.
func scanned(part string) (string, error) {
	var b strings.Builder
	s := NewScanner(part)
	for s.Next() {
		b.WriteString(s.Text)
		switch {
		case s.End:
			b.WriteString("</" + s.Name)
		default:
			b.WriteString("<" + s.Name)
		}
		for _, a := range s.Attrs {
			b.WriteString(" " + a.Name + "=" + s.Attr(Local(a.Name)))
		}
		if s.Closed {
			b.WriteString("/")
		}
		b.WriteString(">")
	}
	return b.String(), s.Err()
}

func TestScannerGoesFromTagToTag(t *testing.T) {
	for in, want := range map[string]string{
		`<a/>`:                        `<a/>`,
		`<a b="1" r:c='2'>x<d/>y</a>`: `<a b=1 r:c=2>x<d/>y</a>`,
		`<x:a xmlns:x="u"><x:b>&lt;&#x110;</x:b></x:a>`:  `<a xmlns:x=u><b><Đ</b></a>`,
		`<a>1<!-- no -->2<![CDATA[<3>]]>4<?no?>5</a>`:    `<a>12<3>45</a>`,
		"\ufeff<?xml version=\"1.0\"?>\n<a>1\r\n2</a>\n": "<a>1\n2</a>",
	} {
		if got, err := scanned(in); err != nil || !strings.HasSuffix(got, want) {
			t.Errorf("%s is scanned as %q: %v", in, got, err)
		}
	}
}

// A scanner takes what Parse takes, and nothing else.
func TestScannerAgreesWithParse(t *testing.T) {
	for _, in := range agreed {
		_, wantErr := Parse([]byte(in))
		if _, err := scanned(in); (err == nil) != (wantErr == nil) || err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: error %v, of Parse %v", in, err, wantErr)
		}
	}
}

func FuzzScanner(f *testing.F) {
	for _, in := range agreed {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		_, wantErr := Parse([]byte(in))
		if _, err := scanned(in); (err == nil) != (wantErr == nil) {
			t.Errorf("%s: error %v, of Parse %v", in, err, wantErr)
		}
	})
}

// Text in many pieces is joined in a time that grows with it.
func TestScannerJoinsManyPieces(t *testing.T) {
	const pieces = 1 << 18
	s := NewScanner("<a>" + strings.Repeat("x<!---->", pieces) + "</a>")
	for s.Next() {
		if s.End && len(s.Text) != pieces {
			t.Errorf("%d bytes", len(s.Text))
		}
	}
	if err := s.Err(); err != nil {
		t.Error(err)
	}
	if size := cap(s.pieces); size > 4*pieces {
		t.Errorf("holds %d bytes", size)
	}
}

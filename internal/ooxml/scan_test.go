package ooxml

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"vanthu/internal/testenv"
)

// Where Parse differs from encoding/xml on purpose:
//
//   - invalid UTF-8 and characters illegal in XML in comments and processing instructions: refused, the reference is taught so;
//   - names with a colon at either end, and end tags with another prefix than their start tag's: likewise;
//   - an XML declaration that is not one: the reference skips what Parse must understand; not compared;
//   - a reference to half a surrogate pair (&#xD800;): Parse refuses it, encoding/xml gives U+FFFD; not compared;
//   - names outside ASCII: Parse follows the fifth edition of XML 1.0, encoding/xml an earlier one; not compared if that decides;
//   - UTF-16: only Parse reads it; not compared.
var (
	errApart    = errors.New("not compared")
	declaration = regexp.MustCompile(`^(version=("1\.0"|'1\.0'))?(\s+encoding=("[-\w]+"|'[-\w]+'))?(\s+standalone=("yes"|"no"|'yes'|'no'))?\s*$`)
	numbers     = regexp.MustCompile(`&#(?:x([0-9a-fA-F]+)|([0-9]+));`)
	illegal     = regexp.MustCompile(`[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]`)
)

// readSlowly is the reference: the tokens of encoding/xml, and for each open element a map of all prefixes.
func readSlowly(data []byte) (*Element, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xfe\xff")), bytes.HasPrefix(data, []byte("\xff\xfe")):
		return nil, errApart
	case !utf8.Valid(data), illegal.Match(data):
		return nil, errors.New("characters")
	}
	for _, m := range numbers.FindAllSubmatch(data, -1) {
		hexadecimal, _ := strconv.ParseUint(string(m[1]), 16, 64)
		decimal, _ := strconv.ParseUint(string(m[2]), 10, 64)
		if n := hexadecimal + decimal; n >= 0xD800 && n < 0xE000 {
			return nil, errApart
		}
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(label string, _ io.Reader) (io.Reader, error) { return nil, errors.New(label) }
	holder := &Element{}
	open, raws, scopes := []*Element{holder}, []xml.Name{{}}, []map[string]string{{}}
	for {
		token, err := d.RawToken()
		top := open[len(open)-1]
		switch t := token.(type) {
		case nil:
			if errors.Is(err, io.EOF) && len(open) == 1 && len(holder.Children) == 1 {
				return holder.Children[0], nil
			}
			if !errors.Is(err, io.EOF) && strings.Contains(err.Error(), "invalid XML name") && strings.ContainsFunc(err.Error(), beyondASCII) {
				err = errApart
			}
			return nil, err
		case xml.StartElement:
			if len(open) > MaxDepth || len(open) == 1 && len(holder.Children) > 0 {
				return nil, errors.New("structure")
			}
			scope := maps.Clone(scopes[len(scopes)-1])
			e, err := startSlowly(t, scope)
			if err != nil {
				return nil, err
			}
			top.Children = append(top.Children, e)
			open, raws, scopes = append(open, e), append(raws, t.Name), append(scopes, scope)
		case xml.EndElement:
			if t.Name != raws[len(raws)-1] || len(open) == 1 {
				return nil, errors.New("end tag")
			}
			open, raws, scopes = open[:len(open)-1], raws[:len(raws)-1], scopes[:len(scopes)-1]
		case xml.CharData:
			if len(open) > 1 {
				top.Children = append(top.Children, &Element{Text: string(t)})
			}
		case xml.Directive:
			return nil, errors.New("DTD")
		case xml.ProcInst:
			if t.Target == "xml" && !declaration.Match(t.Inst) {
				return nil, errApart
			}
			if strings.Count(t.Target, ":") > 1 || strings.Trim(t.Target, ":") != t.Target {
				return nil, errors.New("colons")
			}
		}
	}
}

func startSlowly(t xml.StartElement, scope map[string]string) (*Element, error) {
	if t.Name.Space == "" && strings.Contains(t.Name.Local, ":") {
		return nil, errors.New("colons")
	}
	for _, a := range t.Attr {
		if a.Name.Space == "" && strings.Contains(a.Name.Local, ":") {
			return nil, errors.New("colons")
		}
		if prefix := a.Name.Local; a.Name.Space == "xmlns" || a.Name == (xml.Name{Local: "xmlns"}) {
			if a.Name.Space == "" {
				prefix = ""
			}
			scope[prefix] = prefix
			if customary, known := prefixes[a.Value]; known && (prefix != "" || customary == "w") {
				scope[prefix] = customary
			}
		}
	}
	prefix := func(raw string) string {
		if customary, declared := scope[raw]; declared {
			return customary
		}
		return raw
	}
	name := func(n xml.Name) string { return strings.TrimPrefix(prefix(n.Space)+":"+n.Local, ":") }
	e := &Element{Name: name(t.Name)}
	for _, a := range t.Attr {
		switch a.Name.Space {
		case "":
			e.Attrs = append(e.Attrs, Attr{a.Name.Local, a.Value})
		case "xmlns":
			e.Attrs = append(e.Attrs, Attr{"xmlns:" + prefix(a.Name.Local), a.Value})
		default:
			e.Attrs = append(e.Attrs, Attr{name(a.Name), a.Value})
		}
	}
	return e, nil
}

func beyondASCII(r rune) bool { return r >= utf8.RuneSelf }

// agree holds Parse against the reference.
func agree(t *testing.T, data []byte) {
	t.Helper()
	want, wantErr := readSlowly(data)
	got, err := Parse(data)
	switch {
	case errors.Is(wantErr, errApart):
	case (err == nil) != (wantErr == nil):
		t.Fatalf("error %v, the reference %v, of %.200q", err, wantErr, data)
	case err == nil && !reflect.DeepEqual(want, got):
		t.Fatalf("read\n%.500s\nthe reference\n%.500s\nof %.200q", got.AppendXML(nil), want.AppendXML(nil), data)
	}
}

const word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

// agreed are pieces of XML, well formed and not, that bring out one rule each.
var agreed = []string{
	`<a/>`, `<a></a >`, `<a b="1" c='2'/>`, `<a b = "1"/>`, `<a b="1"c="2"/>`, `<a b="1" b="2"/>`, `<a b=1/>`, `<a b/>`, `<a b="/>`, `<a b="<"/>`,
	`< a/>`, `<a / >`, `</a>`, `<a></b>`, `<a></ab>`, `<a></a`, `<a`, `<`, `<a/><b/>`, `x<a/>y`, `<a/>&no;`, `<1/>`, `<-a/>`, `<a.b-c_1/>`,
	`<a>&lt;&gt;&amp;&quot;&apos;</a>`, `<a b="&lt;&#10;&#x9;"/>`, `<a>&#65;&#x41;&#x0041;</a>`, `<a>&#X41;</a>`, `<a>&#;</a>`, `<a>&#x;</a>`,
	`<a>&#0;</a>`, `<a>&#1;</a>`, `<a>&#x110000;</a>`, `<a>&#99999999999999999999;</a>`, `<a>&#x10FFFF;</a>`, `<a>&#xFFFE;</a>`, `<a>&nbsp;</a>`,
	`<a>&lt</a>`, `<a>&</a>`, `<a>& lt;</a>`, `<a>&#+65;</a>`, `<a>&#13;&#10;</a>`,
	"<a>1\r\n2\r3\n4\r\r\n5</a>", "<a b='1\r\n2\t3\n'/>", "<a>\r&#10;</a>", "<a><![CDATA[1\r\n2\r]]></a>", "\ufeff<a/>", "\ufeff<?xml version='1.0'?><a/>",
	`<a><![CDATA[<b>&amp;]]]]><![CDATA[>]]></a>`, `<a><![CDATA[]]></a>`, `<a><![CDATA[</a>`, `<a>]]></a>`, `<a b="]]>"/>`, `<a>]]&gt;</a>`, `<![CDATA[x]]><a/>`,
	`<a><!-- b --></a>`, `<a>1<!---->2</a>`, `<a><!-- -- --></a>`, `<a><!--></a>`, `<a><!-->--></a>`, `<a><!--b---></a>`, `<a><!-x--></a>`,
	`<?b c?><a>1<?b?>2</a><?d ?>`, `<? b?><a/>`, `<?b><a/>`, `<?b:c:d?><a/>`, `<?xml version="1.1"?><a/>`, `<?xml version="1.0" encoding="utf-8"?><a/>`,
	`<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, `<?xml version="1.0" encoding="UTF-16"?><a/>`, `<!DOCTYPE a><a/>`, `<a><!ELEMENT b></a>`,
	"<a>\x00</a>", "<a>\x0b</a>", "<a b='\x1f'/>", "<a><![CDATA[\x01]]></a>", "<a>\xff</a>", "<a>\xed\xa0\x80</a>", "<a>\ufffe</a>", "<a\x01/>", "<a>\x7f\u0085</a>",
	`<á ạ="ở">ữ</á>`, `<a×/>`, `<:a/>`, `<a:/>`, `<a:b:c/>`, `<a :b=""/>`,
	`<x:p xmlns:x="` + word + `" x:a="1" a="2"><x:r/></x:p>`, `<p x:a="1" xmlns:x="` + word + `"/>`, `<p xmlns="` + word + `" a="1"><r xmlns=""/><r/></p>`,
	`<a><x:b xmlns:x="` + word + `"><x:c/></x:b><x:d/></a>`, `<x:a xmlns:x="` + word + `"><x:b xmlns:x="u"><x:c/></x:b><x:d/></x:a>`,
	`<w:a xmlns:w="` + word + `" xmlns:x="` + word + `"></x:a>`, `<xmlns:a xmlns:xmlns="` + word + `"/>`, `<a xmlns:x="` + word + `" xmlns:x="u"><x:b/></a>`,
}

func TestParseAgreesWithEncodingXML(t *testing.T) {
	for i, in := range agreed {
		t.Run(strconv.Itoa(i), func(t *testing.T) { agree(t, []byte(in)) })
	}
}

func FuzzParseAgrees(f *testing.F) {
	for _, in := range agreed {
		f.Add([]byte(in))
	}
	f.Fuzz(agree)
}

// The templates of the program were saved by Word and LibreOffice.
func TestParseAgreesOnTemplates(t *testing.T) {
	files, err := filepath.Glob("../../templates/*/*.docx")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d templates: %v", len(files), err)
	}
	agreeOn(t, packagesOf(t, files))
}

func TestParseAgreesOnTheCorpus(t *testing.T) { agreeOn(t, corpus(t)) }

// agreeOn holds Parse against the reference on every part of packages.
func agreeOn(t *testing.T, packages map[string]*Package) {
	parts := 0
	for name, p := range packages {
		for _, part := range p.Names() {
			if !strings.HasSuffix(part, ".xml") && !strings.HasSuffix(part, ".rels") {
				continue
			}
			data, err := p.Part(part)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := readSlowly(data); err != nil {
				t.Errorf("%s: %s: the reference cannot read it: %v", name, part, err)
			}
			agree(t, data)
			parts++
		}
	}
	t.Logf("%d parts", parts)
}

// corpus opens the real Word files beside the checkout, by file name.
func corpus(t testing.TB) map[string]*Package {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(testenv.Shared(t, "corpus/docx"), "*.docx"))
	return packagesOf(t, files)
}

func packagesOf(t testing.TB, files []string) map[string]*Package {
	t.Helper()
	packages := make(map[string]*Package, len(files))
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if packages[file], err = OpenWord(data); err != nil {
			t.Fatal(err)
		}
	}
	return packages
}

func TestParseRefusesWhatEncodingXMLLetsPass(t *testing.T) {
	for name, in := range map[string]string{
		"half a surrogate pair":      `<a>&#xD800;</a>`,
		"a control in a comment":     "<a><!--\x01--></a>",
		"bad UTF-8 in a comment":     "<a><!--\xff--></a>",
		"an end tag of other prefix": `<w:a xmlns:w="` + word + `" xmlns:x="` + word + `"></x:a>`,
		"a name of a prefix alone":   `<a:/>`,
		"a spaced latin-1":           `<?xml version="1.0" encoding = "ISO-8859-1"?><a/>`,
		"a garbled declaration":      `<?xml vers?><a/>`,
	} {
		t.Run(name, func(t *testing.T) {
			if root, err := Parse([]byte(in)); err == nil {
				t.Errorf("read %s", root.AppendXML(nil))
			}
		})
	}
}

func TestParseScopesPrefixes(t *testing.T) {
	root, err := Parse([]byte(`<a><x:b xmlns:x="` + word + `"><x:c xmlns:x="u"><x:d/></x:c><x:e/></x:b><x:f/></a>`))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	root.Walk(func(e *Element) bool {
		names = append(names, e.Name)
		return true
	})
	if got := strings.Join(names, " "); got != "a w:b x:c x:d w:e x:f" {
		t.Errorf("names are %s", got)
	}
}

func TestParseReadsUTF16(t *testing.T) {
	const in = `<a b="ở">Nghị quyết 𝄞</a>`
	for name, order := range map[string]binary.AppendByteOrder{"little end first": binary.LittleEndian, "big end first": binary.BigEndian} {
		t.Run(name, func(t *testing.T) {
			var data []byte
			for _, unit := range utf16.Encode([]rune("\ufeff" + `<?xml version="1.0" encoding="utf-16"?>` + in)) {
				data = order.AppendUint16(data, unit)
			}
			root, err := Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(root.AppendXML(nil)); got != in {
				t.Errorf("read %s", got)
			}
			if _, err := Parse(data[:len(data)-1]); err == nil {
				t.Error("an odd number of bytes gave no error")
			}
			if _, err := Parse(bytes.ReplaceAll(data, order.AppendUint16(nil, 0xDD1E), nil)); err == nil {
				t.Error("half a surrogate pair gave no error")
			}
		})
	}
}

// TestTreesCanBeAppendedTo changes every list of a tree and looks for changes elsewhere.
func TestTreesCanBeAppendedTo(t *testing.T) {
	root, err := Parse([]byte(`<a b="1"><c d="2"><e/></c><f g="3"><h/></f></a>`))
	if err != nil {
		t.Fatal(err)
	}
	root.Walk(func(e *Element) bool {
		_ = append(e.Children, &Element{Name: "intruder"})
		_ = append(e.Attrs, Attr{Name: "intruder"})
		return true
	})
	if got := string(root.AppendXML(nil)); got != `<a b="1"><c d="2"><e/></c><f g="3"><h/></f></a>` {
		t.Errorf("became %s", got)
	}
}

func BenchmarkParse(b *testing.B) {
	packages := corpus(b)
	for _, file := range []string{"truong_tpl_cong_van.docx", "nd30_phuluc1_the_thuc.docx"} {
		if packages[file] == nil {
			b.Fatalf("no %s in the corpus", file)
		}
		data, err := packages[file].Part("word/document.xml")
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("%dKB", len(data)>>10), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package ooxml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// MaxDepth bounds the nesting of elements, so that a hostile file cannot exhaust the stack.
const MaxDepth = 512

// Element is an XML element, or a stretch of character data when Name is empty.
//
// Names carry the customary prefix of their namespace ("w:p", "wp:anchor"), whatever prefix the file declares and whether it
// is transitional or strict; elements of other namespaces keep the file's own prefix.
type Element struct {
	Name     string
	Attrs    []Attr
	Children []*Element
	Text     string // of character data, entities decoded
}

// Attr is an attribute with its prefix, as in Element.
type Attr struct{ Name, Value string }

// prefixes are the customary ones of the namespaces that matter here. The strict forms of ISO/IEC 29500 have other addresses.
var prefixes = map[string]string{
	"http://schemas.openxmlformats.org/wordprocessingml/2006/main":            "w",
	"http://purl.oclc.org/ooxml/wordprocessingml/main":                        "w",
	"http://schemas.openxmlformats.org/officeDocument/2006/relationships":     "r",
	"http://purl.oclc.org/ooxml/officeDocument/relationships":                 "r",
	"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing":  "wp",
	"http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing":              "wp",
	"http://schemas.openxmlformats.org/drawingml/2006/main":                   "a",
	"http://purl.oclc.org/ooxml/drawingml/main":                               "a",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingShape":       "wps",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingGroup":       "wpg",
	"http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas":      "wpc",
	"http://schemas.openxmlformats.org/drawingml/2006/picture":                "pic",
	"http://schemas.openxmlformats.org/markup-compatibility/2006":             "mc",
	"http://schemas.openxmlformats.org/officeDocument/2006/math":              "m",
	"http://schemas.microsoft.com/office/word/2010/wordml":                    "w14",
	"http://schemas.openxmlformats.org/package/2006/metadata/core-properties": "cp",
	"http://purl.org/dc/elements/1.1/":                                        "dc",
	"http://purl.org/dc/terms/":                                               "dcterms",
	"urn:schemas-microsoft-com:vml":                                           "v",
	"urn:schemas-microsoft-com:office:office":                                 "o",
	"urn:schemas-microsoft-com:office:word":                                   "w10",
}

// Parse reads a part into a tree. Comments and processing instructions are left out; a DTD is refused.
func Parse(data []byte) (*Element, error) {
	p := parser{decoder: xml.NewDecoder(bytes.NewReader(data)), scope: map[string]string{"xml": "xml"}}
	// Parts are UTF-8 or UTF-16 by ECMA-376-2, 9.1.2; Word writes only the first.
	p.decoder.CharsetReader = func(label string, r io.Reader) (io.Reader, error) {
		return nil, fmt.Errorf("encoding %q is not UTF-8", label)
	}
	return p.run()
}

// parser holds the open elements and the prefixes in force. Prefixes are taken as declared once for the part, which is how
// every writer of OOXML declares them; a prefix bound anew deeper down takes effect from there on.
type parser struct {
	decoder *xml.Decoder
	scope   map[string]string // prefix of the file -> customary prefix
	names   map[xml.Name]string
	open    []*Element
	root    *Element
}

func (p *parser) run() (*Element, error) {
	p.names = make(map[xml.Name]string)
	for {
		token, err := p.decoder.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := p.start(t); err != nil {
				return nil, err
			}
		case xml.EndElement:
			if len(p.open) == 0 || p.open[len(p.open)-1].Name != p.name(t.Name) {
				return nil, fmt.Errorf("unexpected </%s>", p.name(t.Name))
			}
			p.open = p.open[:len(p.open)-1]
		case xml.CharData:
			if len(p.open) > 0 {
				top := p.open[len(p.open)-1]
				top.Children = append(top.Children, &Element{Text: string(t)})
			}
		case xml.Directive:
			return nil, errors.New("a DTD is not allowed")
		}
	}
	if p.root == nil || len(p.open) > 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return p.root, nil
}

func (p *parser) start(t xml.StartElement) error {
	for _, a := range t.Attr {
		if a.Name.Space == "xmlns" {
			p.declare(a.Name.Local, a.Value)
		} else if a.Name.Space == "" && a.Name.Local == "xmlns" {
			p.declare("", a.Value)
		}
	}
	e := &Element{Name: p.name(t.Name)}
	if len(t.Attr) > 0 {
		e.Attrs = make([]Attr, 0, len(t.Attr))
	}
	for _, a := range t.Attr {
		name := a.Name.Local
		switch a.Name.Space {
		case "":
		case "xmlns":
			name = "xmlns:" + p.scope[a.Name.Local]
		default:
			name = p.name(a.Name)
		}
		e.Attrs = append(e.Attrs, Attr{Name: name, Value: a.Value})
	}
	switch {
	case len(p.open) >= MaxDepth:
		return fmt.Errorf("elements nest deeper than %d", MaxDepth)
	case len(p.open) > 0:
		top := p.open[len(p.open)-1]
		top.Children = append(top.Children, e)
	case p.root != nil:
		return errors.New("more than one root element")
	default:
		p.root = e
	}
	p.open = append(p.open, e)
	return nil
}

func (p *parser) declare(prefix, uri string) {
	customary, known := prefixes[uri]
	if !known || prefix == "" && customary != "w" {
		customary = prefix
	}
	if p.scope[prefix] != customary {
		p.scope[prefix] = customary
		clear(p.names)
	}
}

// name gives the customary form of a raw name, remembered, since a part uses a few dozen names thousands of times.
func (p *parser) name(raw xml.Name) string {
	if name, ok := p.names[raw]; ok {
		return name
	}
	prefix, declared := p.scope[raw.Space]
	if !declared {
		prefix = raw.Space
	}
	name := raw.Local
	if prefix != "" {
		name = prefix + ":" + raw.Local
	}
	p.names[raw] = name
	return name
}

// Attr gives the value of an attribute, or "".
func (e *Element) Attr(name string) string {
	value, _ := e.Lookup(name)
	return value
}

// Lookup gives the value of an attribute and whether it stands there. A nil element has none.
func (e *Element) Lookup(name string) (string, bool) {
	if e == nil {
		return "", false
	}
	for _, a := range e.Attrs {
		if a.Name == name {
			return a.Value, true
		}
	}
	return "", false
}

// Child gives the first child of that name, or nil. A path goes down several levels: Child("w:pPr", "w:ind").
func (e *Element) Child(path ...string) *Element {
	for _, name := range path {
		if e == nil {
			return nil
		}
		var found *Element
		for _, c := range e.Children {
			if c.Name == name {
				found = c
				break
			}
		}
		e = found
	}
	return e
}

// InnerText joins all character data below e.
func (e *Element) InnerText() string {
	var b strings.Builder
	e.Walk(func(d *Element) bool {
		b.WriteString(d.Text)
		return true
	})
	return b.String()
}

// Walk visits e and what is below it in document order; visit returns false to leave out what is below.
func (e *Element) Walk(visit func(*Element) bool) {
	if e == nil || !visit(e) {
		return
	}
	for _, c := range e.Children {
		c.Walk(visit)
	}
}

// Header opens every part that AppendXML writes whole.
const Header = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// AppendXML writes the element as XML.
func (e *Element) AppendXML(dst []byte) []byte {
	if e.Name == "" {
		return AppendText(dst, e.Text)
	}
	dst = append(dst, '<')
	dst = append(dst, e.Name...)
	for _, a := range e.Attrs {
		dst = append(dst, ' ')
		dst = append(dst, a.Name...)
		dst = append(dst, '=', '"')
		dst = AppendText(dst, a.Value)
		dst = append(dst, '"')
	}
	if len(e.Children) == 0 {
		return append(dst, '/', '>')
	}
	dst = append(dst, '>')
	for _, c := range e.Children {
		dst = c.AppendXML(dst)
	}
	dst = append(dst, '<', '/')
	dst = append(dst, e.Name...)
	return append(dst, '>')
}

// AppendText writes character data with the characters special to XML escaped; it serves attribute values too.
func AppendText(dst []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '&':
			dst = append(dst, "&amp;"...)
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		case '"':
			dst = append(dst, "&quot;"...)
		case '\t':
			dst = append(dst, "&#9;"...)
		case '\n':
			dst = append(dst, "&#10;"...)
		case '\r':
			dst = append(dst, "&#13;"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

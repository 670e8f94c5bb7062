package ooxml

import "strings"

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

// Attr returns the value of an attribute, or "".
func (e *Element) Attr(name string) string {
	value, _ := e.Lookup(name)
	return value
}

// Lookup returns the value of an attribute and whether it stands there. A nil element has none.
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

// Child returns the first child of that name, or nil. A path goes down several levels: Child("w:pPr", "w:ind").
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

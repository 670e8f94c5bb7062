package ooxml

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// How a part is read
//
// A part is in memory as a whole, so nothing here streams. decodePart sees to it that it is UTF-8. The scanner then goes over it
// as one string, once, from one "<" to the next, and every name, value and text that it finds is a piece of it: no copy is made
// unless a piece has a reference (&amp;) or a carriage return in it and so reads otherwise than it is written. The price is that
// any such string keeps the whole part in memory, which is what its readers want: they use it up and let it go. Who keeps a
// single value for long clones it.
//
// markup is that walk. Parse makes a tree of it, and Scanner goes from tag to tag where a tree would be too large: that of a sheet has a
// hundred times the size of its part.
//
// Of a tree, elements, attributes and lists of children come from slabs, up to a thousand at a time. The children of an element are known when
// it closes; until then they wait on one stack, those of the innermost element on top, and are then moved to a slice of exactly
// their number, whose capacity ends with it, so that appending to it later never runs into the slice of a neighbour.
//
// Names are taken to their customary prefix by scope; in the files of the usual writers there is nothing to change, and a name
// costs one look at its bytes. An end tag is held against the bytes of its start tag.
//
// The language is XML 1.0 with namespaces, less what a part may not have (ECMA-376-2, 9.1.2): a DTD, and with it entities of
// one's own; and encodings other than UTF-8 and UTF-16. It is forgiving where encoding/xml is and no harm comes of it: text
// outside the root is dropped (a byte order mark, above all), an attribute may come twice or without a space before it, a prefix
// need not be declared. Values keep their tabs and line ends, as encoding/xml has it and unlike XML 1.0, 3.3.3; a line end of any
// kind is read as \n, in texts and values alike (2.11).

// usualDepth is that of most parts.
const usualDepth = 16

// MaxDepth bounds the nesting of elements, so that a hostile file cannot exhaust the stack.
const MaxDepth = 512

// markup reads a part piece by piece.
type markup struct {
	cursor
	wide  bool   // src was UTF-16
	open  []span // the names of the elements that are not closed yet
	began bool   // the root has begun

	// Of the piece at hand:
	text   string
	tag    string // the name of a tag, as in the file
	attrs  []Attr // of a start tag, their names as in the file
	closed bool   // <a/>
}

// span is where a name stands in src. It has no pointers, which spares the garbage collector.
type span struct{ from, to int }

// piece is what markup.next may find.
type piece byte

const (
	nothing  piece = iota // that is kept: a comment, an instruction
	text                  // text
	startTag              // tag, attrs and closed
	endTag                // tag
)

// newMarkup begins a part.
func newMarkup(part string) (markup, error) {
	src, wide, err := decodePart(part)
	return markup{cursor: cursor{src: src}, wide: wide, open: make([]span, 0, usualDepth)}, err
}

// more reports whether the part goes on.
func (m *markup) more() bool { return m.pos < len(m.src) }

// next reads one piece of markup, or the text up to the next. There must be more.
func (m *markup) next() (piece, error) {
	rest := m.src[m.pos:]
	switch {
	case rest[0] != '<':
		var err error
		m.text, err = m.characters('<')
		return text, err
	case strings.HasPrefix(rest, "</"):
		return endTag, m.endTag()
	case strings.HasPrefix(rest, "<?"):
		return nothing, m.instruction()
	case !strings.HasPrefix(rest, "<!"):
		return startTag, m.startTag()
	case strings.HasPrefix(rest, "<!--"):
		m.pos += len("<!--")
		if _, err := m.until("--"); err != nil {
			return nothing, err
		}
		if !m.skip('>') {
			return nothing, errors.New("-- in a comment")
		}
		return nothing, nil
	case strings.HasPrefix(rest, "<![CDATA["):
		m.pos += len("<![CDATA[")
		raw, err := m.until("]]>")
		m.text = strings.ReplaceAll(strings.ReplaceAll(raw, "\r\n", "\n"), "\r", "\n")
		return text, err
	}
	return nothing, errors.New("a DTD is not allowed")
}

// end returns what is wrong with a part that ends here.
func (m *markup) end() error {
	if !m.began || len(m.open) > 0 {
		return io.ErrUnexpectedEOF
	}
	return nil
}

func (m *markup) startTag() (err error) {
	m.pos++
	start := m.pos
	if m.tag, err = m.name(); err != nil {
		return err
	}
	if err := m.attributes(); err != nil {
		return err
	}
	m.closed = m.skip('/')
	switch {
	case !m.skip('>'):
		return fmt.Errorf("the tag of %s does not end", m.tag)
	case len(m.open) >= MaxDepth:
		return fmt.Errorf("elements nest deeper than %d", MaxDepth)
	case len(m.open) == 0 && m.began:
		return errors.New("more than one root element")
	}
	m.began = true
	if !m.closed {
		m.open = append(m.open, span{start, start + len(m.tag)})
	}
	return nil
}

// attributes reads name="value" pairs into attrs and stops at the first character of something else.
func (m *markup) attributes() error {
	m.attrs = m.attrs[:0]
	for {
		m.space()
		if m.pos == len(m.src) {
			return io.ErrUnexpectedEOF
		}
		if c := m.src[m.pos]; c == '>' || c == '/' || c == '?' {
			return nil
		}
		name, err := m.name()
		if err != nil {
			return err
		}
		m.space()
		if !m.skip('=') {
			return fmt.Errorf("%s has no value", name)
		}
		m.space()
		quote := byte('"')
		if !m.skip(quote) {
			if quote = '\''; !m.skip(quote) {
				return fmt.Errorf("the value of %s is not in quotes", name)
			}
		}
		value, err := m.characters(quote)
		if err != nil {
			return err
		}
		m.pos++
		m.attrs = append(m.attrs, Attr{name, value})
	}
}

func (m *markup) endTag() error {
	m.pos += len("</")
	if len(m.open) == 0 {
		return errors.New("an end tag with nothing open")
	}
	top := m.open[len(m.open)-1]
	m.tag = m.src[top.from:top.to]
	if !strings.HasPrefix(m.src[m.pos:], m.tag) {
		return fmt.Errorf("%s is still open", m.tag)
	}
	m.pos += len(m.tag)
	m.space()
	if !m.skip('>') {
		return fmt.Errorf("%s is still open", m.tag)
	}
	m.open = m.open[:len(m.open)-1]
	return nil
}

// instruction skips a processing instruction. The XML declaration looks like one and may name the encoding.
func (m *markup) instruction() error {
	m.pos += len("<?")
	target, err := m.name()
	if err != nil {
		return err
	}
	if target != "xml" {
		_, err := m.until("?>")
		return err
	}
	if err := m.attributes(); err != nil {
		return err
	}
	encoding := "UTF-8"
	if m.wide {
		encoding = "UTF-16"
	}
	for _, a := range m.attrs {
		if a.Name == "version" && a.Value != "1.0" || a.Name == "encoding" && !strings.EqualFold(a.Value, encoding) {
			return fmt.Errorf("%s %q: want XML 1.0 in UTF-8 or UTF-16", a.Name, a.Value)
		}
	}
	if !m.skip('?') || !m.skip('>') {
		return errors.New("the XML declaration does not end")
	}
	return nil
}

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
// as one string, once, from one "<" to the next, and every name, value and text of the tree is a piece of it: no copy is made
// unless a piece has a reference (&amp;) or a carriage return in it and so reads otherwise than it is written. The price is that
// any string of a tree keeps the whole part in memory, which is what its readers want: they use it up and let it go. Who keeps a
// single value for long clones it.
//
// Elements, attributes and lists of children come from slabs, up to a thousand at a time. The children of an element are known when
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

// MaxDepth bounds the nesting of elements, so that a hostile file cannot exhaust the stack.
const MaxDepth = 512

// Parse reads a part into a tree. Comments and processing instructions are left out; a DTD is refused. The tree's strings may
// share memory with each other, not with data. Its errors tell at which byte of the part they were met.
func Parse(data []byte) (*Element, error) { return parse(string(data)) }

func parse(part string) (*Element, error) {
	src, wide, err := decodePart(part)
	if err != nil {
		return nil, err
	}
	s := scanner{cursor: cursor{src: src}, wide: wide}
	for s.pos < len(src) {
		if err := s.step(); err != nil {
			return nil, fmt.Errorf("byte %d: %w", s.pos, err)
		}
	}
	if len(s.waiting) == 0 || len(s.open) > 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return s.waiting[0], nil
}

// scanner builds the tree while the cursor moves over the part.
type scanner struct {
	cursor
	wide    bool // src was UTF-16
	open    []level
	waiting []*Element // the root, then each open element followed by the children it has so far
	attrs   []Attr     // of the tag at hand, their names as in the file
	scope   scope

	elements slab[Element]
	children slab[*Element]
	values   slab[Attr]
}

// level is an element not yet closed. It has no pointers, which spares the garbage collector.
type level struct {
	name, nameEnd int // where its name stands in src
	children      int // where its children begin in waiting, behind itself
	declared      int // how many declarations were in force before its own
}

// step reads one piece of markup or the text up to the next.
func (s *scanner) step() error {
	rest := s.src[s.pos:]
	switch {
	case rest[0] != '<':
		text, err := s.characters('<')
		s.text(text)
		return err
	case strings.HasPrefix(rest, "</"):
		return s.endTag()
	case strings.HasPrefix(rest, "<?"):
		return s.instruction()
	case !strings.HasPrefix(rest, "<!"):
		return s.startTag()
	case strings.HasPrefix(rest, "<!--"):
		s.pos += len("<!--")
		if _, err := s.until("--"); err != nil {
			return err
		}
		if !s.skip('>') {
			return errors.New("-- in a comment")
		}
		return nil
	case strings.HasPrefix(rest, "<![CDATA["):
		s.pos += len("<![CDATA[")
		raw, err := s.until("]]>")
		s.text(strings.ReplaceAll(strings.ReplaceAll(raw, "\r\n", "\n"), "\r", "\n"))
		return err
	}
	return errors.New("a DTD is not allowed")
}

func (s *scanner) text(text string) {
	if len(s.open) > 0 {
		e := &s.elements.take(1)[0]
		e.Text = text
		s.waiting = append(s.waiting, e)
	}
}

func (s *scanner) startTag() error {
	s.pos++
	start := s.pos
	raw, err := s.name()
	if err != nil {
		return err
	}
	if err := s.attributes(); err != nil {
		return err
	}
	closed := s.skip('/')
	switch {
	case !s.skip('>'):
		return fmt.Errorf("the tag of %s does not end", raw)
	case len(s.open) >= MaxDepth:
		return fmt.Errorf("elements nest deeper than %d", MaxDepth)
	case len(s.open) == 0 && len(s.waiting) > 0:
		return errors.New("more than one root element")
	}
	s.begin(start, raw)
	if closed {
		s.end()
	}
	return nil
}

// attributes reads name="value" pairs into attrs and stops at the first character of something else.
func (s *scanner) attributes() error {
	s.attrs = s.values.room(8)
	for {
		s.space()
		if s.pos == len(s.src) {
			return io.ErrUnexpectedEOF
		}
		if c := s.src[s.pos]; c == '>' || c == '/' || c == '?' {
			return nil
		}
		name, err := s.name()
		if err != nil {
			return err
		}
		s.space()
		if !s.skip('=') {
			return fmt.Errorf("%s has no value", name)
		}
		s.space()
		quote := byte('"')
		if !s.skip(quote) {
			if quote = '\''; !s.skip(quote) {
				return fmt.Errorf("the value of %s is not in quotes", name)
			}
		}
		value, err := s.characters(quote)
		if err != nil {
			return err
		}
		s.pos++
		s.attrs = append(s.attrs, Attr{name, value})
	}
}

// begin opens the element that attrs belong to. What it declares is in force for its own name already.
func (s *scanner) begin(at int, raw string) {
	declared := len(s.scope.undo)
	for _, a := range s.attrs {
		if a.Name == "xmlns" {
			s.scope.declare("", a.Value)
		} else if prefix, declares := strings.CutPrefix(a.Name, "xmlns:"); declares {
			s.scope.declare(prefix, a.Value)
		}
	}
	if len(s.scope.customary) > 0 {
		for i, a := range s.attrs {
			s.attrs[i].Name = s.scope.attribute(a.Name)
		}
	}
	e := &s.elements.take(1)[0]
	e.Name = s.scope.element(raw)
	e.Attrs = s.values.keep(s.attrs)
	s.waiting = append(s.waiting, e)
	s.open = append(s.open, level{at, at + len(raw), len(s.waiting), declared})
}

// end closes the innermost element.
func (s *scanner) end() {
	top := s.open[len(s.open)-1]
	s.open = s.open[:len(s.open)-1]
	if mine := s.waiting[top.children:]; len(mine) > 0 {
		children := s.children.take(len(mine))
		copy(children, mine)
		s.waiting[top.children-1].Children = children
		s.waiting = s.waiting[:top.children]
	}
	s.scope.leave(top.declared)
}

func (s *scanner) endTag() error {
	s.pos += len("</")
	if len(s.open) == 0 {
		return errors.New("an end tag with nothing open")
	}
	top := s.open[len(s.open)-1]
	name := s.src[top.name:top.nameEnd]
	if !strings.HasPrefix(s.src[s.pos:], name) {
		return fmt.Errorf("%s is still open", name)
	}
	s.pos += len(name)
	s.space()
	if !s.skip('>') {
		return fmt.Errorf("%s is still open", name)
	}
	s.end()
	return nil
}

// instruction skips a processing instruction. The XML declaration looks like one and may name the encoding.
func (s *scanner) instruction() error {
	s.pos += len("<?")
	target, err := s.name()
	if err != nil {
		return err
	}
	if target != "xml" {
		_, err := s.until("?>")
		return err
	}
	if err := s.attributes(); err != nil {
		return err
	}
	encoding := "UTF-8"
	if s.wide {
		encoding = "UTF-16"
	}
	for _, a := range s.attrs {
		if a.Name == "version" && a.Value != "1.0" || a.Name == "encoding" && !strings.EqualFold(a.Value, encoding) {
			return fmt.Errorf("%s %q: want XML 1.0 in UTF-8 or UTF-16", a.Name, a.Value)
		}
	}
	if !s.skip('?') || !s.skip('>') {
		return errors.New("the XML declaration does not end")
	}
	return nil
}

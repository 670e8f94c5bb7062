package ooxml

import (
	"fmt"
	"strings"
)

// Scanner goes over a part from tag to tag. Prefixes are passed over: the parts that are read so have one vocabulary.
type Scanner struct {
	Name        string // of the tag, without prefix
	Attrs       []Attr // of a start tag, their names as in the file; until the next tag
	End, Closed bool   // </name>, <name/>
	Text        string // between the tag before and this one

	markup markup
	pieces []byte // of Text, where there are several
	err    error
}

// NewScanner begins a part.
func NewScanner(part string) *Scanner {
	m, err := newMarkup(part)
	m.attrs = make([]Attr, 0, 8)
	return &Scanner{markup: m, err: err}
}

// Next goes to the next tag. It reports false at the end of the part, or where the part is damaged.
func (s *Scanner) Next() bool {
	s.Text, s.pieces = "", s.pieces[:0]
	for s.err == nil && s.markup.more() {
		var found piece
		switch found, s.err = s.markup.next(); {
		case s.err != nil:
			return false
		case found == text:
			s.add(s.markup.text)
		case found != nothing:
			if len(s.pieces) > 0 {
				s.Text = string(s.pieces)
			}
			s.Name = Local(s.markup.tag)
			s.End, s.Attrs, s.Closed = true, nil, false
			if found == startTag {
				s.End, s.Attrs, s.Closed = false, s.markup.attrs, s.markup.closed
			}
			return true
		}
	}
	if s.err == nil {
		s.err = s.markup.end()
	}
	return false
}

// add joins text that nearly always comes in one piece, which it then does not copy.
func (s *Scanner) add(more string) {
	switch {
	case s.Text == "":
		s.Text = more
	case more != "":
		if len(s.pieces) == 0 {
			s.pieces = append(s.pieces, s.Text...)
		}
		s.pieces = append(s.pieces, more...)
	}
}

// Attr returns the value of an attribute of the tag by its name without prefix, or "".
func (s *Scanner) Attr(name string) string {
	for _, a := range s.Attrs {
		if Local(a.Name) == name {
			return a.Value
		}
	}
	return ""
}

// Err returns what is wrong with the part, once Next reported false.
func (s *Scanner) Err() error {
	if s.err == nil {
		return nil
	}
	return fmt.Errorf("%w: byte %d: %w", ErrDamaged, s.markup.pos, s.err)
}

// Local returns a name without its prefix.
func Local(name string) string { return name[strings.IndexByte(name, ':')+1:] }

package ooxml

import (
	"fmt"
	"strings"
)

// Parse reads a part into a tree. Comments and processing instructions are left out; a DTD is refused. The tree's strings may
// share memory with each other, not with data. Its errors name the byte of the part where they were met.
func Parse(data []byte) (*Element, error) { return parse(string(data)) }

func parse(part string) (*Element, error) {
	m, err := newMarkup(part)
	if err != nil {
		return nil, err
	}
	p := parser{markup: m, levels: make([]level, 0, usualDepth)}
	p.attrs = p.values.room(8)
	for p.more() {
		found, err := p.next()
		if err != nil {
			return nil, fmt.Errorf("byte %d: %w", p.pos, err)
		}
		switch found {
		case text:
			p.add(p.text)
		case startTag:
			p.begin()
			if p.closed {
				p.end()
			}
		case endTag:
			p.end()
		}
	}
	if err := p.markup.end(); err != nil {
		return nil, err
	}
	return p.waiting[0], nil
}

// parser builds the tree while it moves over the part.
type parser struct {
	markup
	levels  []level
	waiting []*Element // the root, then each open element followed by the children it has so far
	scope   scope

	elements slab[Element]
	children slab[*Element]
	values   slab[Attr]
}

// level is an element not yet closed. It has no pointers, which spares the garbage collector.
type level struct {
	children int // where its children begin in waiting, behind itself
	declared int // how many declarations were in force before its own
}

// add adds text, outside the root too little to keep.
func (p *parser) add(text string) {
	if len(p.levels) > 0 {
		e := &p.elements.take(1)[0]
		e.Text = text
		p.waiting = append(p.waiting, e)
	}
}

// begin opens the element of the tag at hand. What it declares is in force for its own name already.
func (p *parser) begin() {
	declared := len(p.scope.undo)
	for _, a := range p.attrs {
		if a.Name == "xmlns" {
			p.scope.declare("", a.Value)
		} else if prefix, declares := strings.CutPrefix(a.Name, "xmlns:"); declares {
			p.scope.declare(prefix, a.Value)
		}
	}
	if len(p.scope.customary) > 0 {
		for i, a := range p.attrs {
			p.attrs[i].Name = p.scope.attribute(a.Name)
		}
	}
	e := &p.elements.take(1)[0]
	e.Name = p.scope.element(p.tag)
	e.Attrs = p.values.keep(p.attrs)
	p.attrs = p.values.room(8)
	p.waiting = append(p.waiting, e)
	p.levels = append(p.levels, level{len(p.waiting), declared})
}

// end closes the innermost element.
func (p *parser) end() {
	top := p.levels[len(p.levels)-1]
	p.levels = p.levels[:len(p.levels)-1]
	if mine := p.waiting[top.children:]; len(mine) > 0 {
		children := p.children.take(len(mine))
		copy(children, mine)
		p.waiting[top.children-1].Children = children
		p.waiting = p.waiting[:top.children]
	}
	p.scope.leave(top.declared)
}

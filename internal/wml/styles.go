package wml

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"vanthu/internal/ooxml"
)

// This file knows word/styles.xml: the document defaults and the chains of basedOn (17.7). A style is flattened the first time
// something uses it, so a template with hundreds of styles costs only those it needs.

// maxBases bounds a chain of basedOn; Word itself stops far below.
const maxBases = 64

// styles are those of the file by id.
type styles struct {
	byID      map[string]*style
	paragraph *style // the default paragraph style, or nil
	table     *style // the default table style, or nil
	para      paraProps
	run       runProps
}

// style is one w:style; para, run and table hold the whole chain once flat is set.
type style struct {
	id, kind, basedOn string
	name              string // as Word's gallery shows it
	element           *ooxml.Element
	flat              bool
	para              paraProps
	run               runProps
	table             tableStyle
}

func (r *reader) readStyles() {
	s := &r.styles
	s.byID = make(map[string]*style)
	root := r.tree(r.part("styles", "word/styles.xml"))
	if root == nil {
		return
	}
	defaults := root.Child("w:docDefaults")
	if e := defaults.Child("w:pPrDefault", "w:pPr"); e != nil {
		r.readParaProps(&s.para, e)
	}
	if e := defaults.Child("w:rPrDefault", "w:rPr"); e != nil {
		r.readRunProps(&s.run, e)
	}
	for _, e := range root.Children {
		if e.Name != "w:style" {
			continue
		}
		one := &style{
			id: e.Attr("w:styleId"), kind: e.Attr("w:type"), basedOn: e.Child("w:basedOn").Attr("w:val"),
			name: galleryName(e.Child("w:name").Attr("w:val")), element: e,
		}
		if one.kind == "" {
			one.kind = "paragraph"
		}
		s.byID[one.id] = one
		if value, given := e.Lookup("w:default"); given && !off(value) {
			switch one.kind {
			case "paragraph":
				s.paragraph = one
			case "table":
				s.table = one
			}
		}
	}
}

// galleryName writes a built-in name, stored as "heading 1", the way Word's gallery shows it.
func galleryName(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	if size == 0 || first == unicode.ToUpper(first) || !strings.HasPrefix(name, strings.ToLower(name[:size])) {
		return name
	}
	return string(unicode.ToUpper(first)) + name[size:]
}

// style returns the style of a kind by id, flattened; nil when the file has none.
func (r *reader) style(kind, id string) *style {
	s := r.styles.byID[id]
	if s == nil || s.kind != kind {
		return nil
	}
	return r.flatten(s)
}

// paragraphStyle returns a paragraph's style: the one named, or else the default one (17.7.4.17); nil when there is none.
func (r *reader) paragraphStyle(id string) *style {
	if s := r.style("paragraph", id); s != nil {
		return s
	}
	if r.styles.paragraph != nil {
		return r.flatten(r.styles.paragraph)
	}
	return nil
}

// flatten applies the chain of basedOn from its root on. A chain that comes back to itself ends there.
func (r *reader) flatten(s *style) *style {
	var chain []*style
	for at := s; at != nil && at.kind == s.kind && !at.flat && len(chain) < maxBases; at = r.styles.byID[at.basedOn] {
		if slices.Contains(chain, at) {
			break
		}
		chain = append(chain, at)
	}
	for _, one := range slices.Backward(chain) {
		if base := r.styles.byID[one.basedOn]; base != nil && base.kind == s.kind && base.flat {
			one.para, one.run, one.table = base.para, base.run, base.table
		}
		r.applyOwn(one)
	}
	return s
}

// applyOwn lays a style's own properties over those of its base.
func (r *reader) applyOwn(s *style) {
	s.flat = true
	if e := s.element.Child("w:pPr"); e != nil {
		var own paraProps
		r.readParaProps(&own, e)
		if own.set&setNumber != 0 && own.set&setLevel == 0 {
			own.level = r.levelOf(own.numID, s.id)
			own.set |= setLevel
		}
		r.overlayPara(&s.para, &own)
	}
	if e := s.element.Child("w:rPr"); e != nil {
		var own runProps
		r.readRunProps(&own, e)
		s.run.overlay(&own)
	}
	if s.kind == "table" {
		r.readTableStyle(&s.table, s.element)
	}
	s.element = nil
}

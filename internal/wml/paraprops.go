package wml

import (
	"cmp"
	"slices"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// This file knows w:pPr and how paragraph properties are laid over each other (17.3.1).

// paraProps are paragraph properties of which only some are given.
type paraProps struct {
	set         uint16
	flags       paraFlag // those given
	flagged     paraFlag // their values
	sides       uint8    // those of borders that are given, by index
	listIndents uint16   // setLeft, setFirst: these come from a numbering level
	align       flow.Align
	distribute  bool
	left        geom.EMU
	right       geom.EMU
	first       geom.EMU
	before      geom.EMU
	after       geom.EMU
	line        flow.LineSpacing
	shade       flow.Color
	borders     [5]flow.Border // top, bottom, left, right, between
	tabs        []tabStop      // by position, clearing ones among them
	numID       string
	level       int
}

// tabStop is a custom tab stop or the clearing of one.
type tabStop struct {
	flow.TabStop
	clear bool
}

// The fields of paraProps that may be given.
const (
	setAlign uint16 = 1 << iota
	setLeft
	setRight
	setFirst
	setBefore
	setAfter
	setLine
	setLineRule
	setShade
	setNumber
	setLevel
)

// paraFlag is a set of the on/off properties of paragraphs.
type paraFlag uint16

const (
	keepNext paraFlag = 1 << iota
	keepLines
	widowControl
	pageBreakBefore
	contextualSpacing
	autoBefore
	autoAfter
	bidi
	framed
	hasBarTab
)

func (p *paraProps) flag(which paraFlag, value bool) {
	p.flags |= which
	p.flagged &^= which
	if value {
		p.flagged |= which
	}
}

// maxTabs is how many tab stops Word allows in a paragraph.
const maxTabs = 64

func (r *reader) readParaProps(p *paraProps, e *ooxml.Element) {
	for _, c := range e.Children {
		switch c.Name {
		case "w:jc":
			p.readAlign(c.Attr("w:val"))
		case "w:ind":
			p.readIndents(c)
		case "w:spacing":
			p.readSpacing(c)
		case "w:keepNext":
			p.flag(keepNext, on(c))
		case "w:keepLines":
			p.flag(keepLines, on(c))
		case "w:widowControl":
			p.flag(widowControl, on(c))
		case "w:pageBreakBefore":
			p.flag(pageBreakBefore, on(c))
		case "w:contextualSpacing":
			p.flag(contextualSpacing, on(c))
		case "w:bidi":
			p.flag(bidi, on(c))
		case "w:framePr":
			p.flag(framed, c.Attr("w:dropCap") != "none")
		case "w:tabs":
			p.readTabs(c)
		case "w:pBdr":
			p.readBorders(c)
		case "w:shd":
			p.shade, p.set = shading(c), p.set|setShade
		case "w:numPr":
			if id := c.Child("w:numId"); id != nil {
				p.numID, p.set = id.Attr("w:val"), p.set|setNumber
			}
			if n, ok := integer(c.Child("w:ilvl").Attr("w:val")); ok {
				p.level, p.set = max(0, min(n, levels-1)), p.set|setLevel
			}
		}
	}
}

// readAlign reads w:jc; left and right are taken as start and end of left-to-right text (17.18.44).
func (p *paraProps) readAlign(kind string) {
	p.set |= setAlign
	p.distribute = false
	switch kind {
	case "center":
		p.align = flow.Center
	case "right", "end":
		p.align = flow.Right
	case "both", "lowKashida", "mediumKashida", "highKashida":
		p.align = flow.Justify
	case "distribute", "thaiDistribute":
		p.align, p.distribute = flow.Justify, true
	default:
		p.align = flow.Left
	}
}

// readIndents reads w:ind; w:hanging goes before w:firstLine, and the variants in characters are left out (17.3.1.12).
func (p *paraProps) readIndents(e *ooxml.Element) {
	give := func(dst *geom.EMU, bit uint16, sign geom.EMU, names ...string) {
		for _, name := range names {
			if value, ok := twips(e, name); ok {
				*dst, p.set = sign*value, p.set|bit
				return
			}
		}
	}
	give(&p.left, setLeft, 1, "w:start", "w:left")
	give(&p.right, setRight, 1, "w:end", "w:right")
	give(&p.first, setFirst, 1, "w:firstLine")
	give(&p.first, setFirst, -1, "w:hanging")
}

// readSpacing reads w:spacing (17.3.1.33).
func (p *paraProps) readSpacing(e *ooxml.Element) {
	if value, ok := twips(e, "w:before"); ok {
		p.before, p.set = max(0, value), p.set|setBefore
	}
	if value, ok := twips(e, "w:after"); ok {
		p.after, p.set = max(0, value), p.set|setAfter
	}
	if value, given := e.Lookup("w:beforeAutospacing"); given {
		p.flag(autoBefore, !off(value))
	}
	if value, given := e.Lookup("w:afterAutospacing"); given {
		p.flag(autoAfter, !off(value))
	}
	if text, given := e.Lookup("w:line"); given {
		if value, ok := length(text, 1); ok {
			p.line.Value, p.set = max(0, value), p.set|setLine
		}
	}
	if rule, given := e.Lookup("w:lineRule"); given {
		p.set |= setLineRule
		switch rule {
		case "exact":
			p.line.Rule = flow.Exactly
		case "atLeast":
			p.line.Rule = flow.AtLeast
		default:
			p.line.Rule = flow.Auto
		}
	}
}

func (p *paraProps) readTabs(e *ooxml.Element) {
	for _, c := range e.Children {
		position, ok := twips(c, "w:pos")
		if c.Name != "w:tab" || !ok {
			continue
		}
		stop := tabStop{TabStop: flow.TabStop{Position: position}}
		switch c.Attr("w:val") {
		case "clear":
			stop.clear = true
		case "center":
			stop.Kind = flow.TabCenter
		case "right", "end":
			stop.Kind = flow.TabRight
		case "decimal":
			stop.Kind = flow.TabDecimal
		case "bar":
			p.flag(hasBarTab, true)
			continue
		}
		switch c.Attr("w:leader") {
		case "dot", "middleDot":
			stop.Leader = '.'
		case "hyphen":
			stop.Leader = '-'
		case "underscore", "heavy":
			stop.Leader = '_'
		}
		p.tabs = mergeTabs(p.tabs, []tabStop{stop})
	}
}

// mergeTabs lays tab stops over others: the later one of a position counts. Neither list is changed.
func mergeTabs(base, over []tabStop) []tabStop {
	if len(base) == 0 {
		return over
	}
	if len(over) == 0 {
		return base
	}
	merged := slices.Clone(base)
	for _, stop := range over {
		at, found := slices.BinarySearchFunc(merged, stop.Position, func(t tabStop, position geom.EMU) int {
			return cmp.Compare(t.Position, position)
		})
		switch {
		case found:
			merged[at] = stop
		case len(merged) < maxTabs:
			merged = slices.Insert(merged, at, stop)
		}
	}
	return merged
}

func (p *paraProps) readBorders(e *ooxml.Element) {
	for _, c := range e.Children {
		if at := slices.Index(paraSides[:], c.Name); at >= 0 {
			p.borders[at%len(p.borders)] = border(c)
			p.sides |= 1 << (at % len(p.borders))
		}
	}
}

// paraSides are the names of paraProps.borders, then those of the strict form.
var paraSides = [...]string{"w:top", "w:bottom", "w:left", "w:right", "w:between", "", "", "w:start", "w:end"}

// overlayPara lays q over p. Where q names a list, the list level's own properties come in between: so a list set directly on
// a paragraph moves it, while a style that sets both list and indents keeps its indents.
func (r *reader) overlayPara(p, q *paraProps) {
	if q.set&(setNumber|setLevel) != 0 {
		r.overlayList(p, q)
	}
	p.overlay(q)
	p.listIndents &^= q.set
}

func (r *reader) overlayList(p, q *paraProps) {
	id, level := p.numID, p.level
	if q.set&setNumber != 0 {
		id = q.numID
	}
	if q.set&setLevel != 0 {
		level = q.level
	}
	if id == "" {
		return
	}
	if l := r.level(id, level); l != nil {
		p.overlay(&l.para)
		p.listIndents = l.para.set & (setLeft | setFirst)
		return
	}
	if p.listIndents&setLeft != 0 {
		p.left = 0
	}
	if p.listIndents&setFirst != 0 {
		p.first = 0
	}
	p.listIndents = 0
}

func (p *paraProps) overlay(q *paraProps) {
	set := q.set
	p.set |= set
	if set&setAlign != 0 {
		p.align, p.distribute = q.align, q.distribute
	}
	if set&setLeft != 0 {
		p.left = q.left
	}
	if set&setRight != 0 {
		p.right = q.right
	}
	if set&setFirst != 0 {
		p.first = q.first
	}
	if set&setBefore != 0 {
		p.before = q.before
	}
	if set&setAfter != 0 {
		p.after = q.after
	}
	if set&setLine != 0 {
		p.line.Value = q.line.Value
	}
	if set&setLineRule != 0 {
		p.line.Rule = q.line.Rule
	}
	if set&setShade != 0 {
		p.shade = q.shade
	}
	if set&setNumber != 0 {
		p.numID = q.numID
	}
	if set&setLevel != 0 {
		p.level = q.level
	}
	p.flags |= q.flags
	p.flagged = p.flagged&^q.flags | q.flagged
	if q.sides != 0 {
		for i, b := range q.borders {
			if q.sides&(1<<i) != 0 {
				p.borders[i] = b
			}
		}
		p.sides |= q.sides
	}
	p.tabs = mergeTabs(p.tabs, q.tabs)
}

package wml

import (
	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// This file knows w:rPr and how run properties are laid over each other (17.3.2, 17.7.3).

// runProps are run properties of which only some are given.
type runProps struct {
	set         uint16
	toggles     toggle // those given
	toggled     toggle // their values
	style       string // id of the character style
	ascii       string // family of ASCII characters
	hAnsi       string // family of the others
	size        geom.EMU
	spacing     geom.EMU
	raise       geom.EMU
	kern        geom.EMU // least size that is kerned; 0 none
	underline   bool
	doubleLine  bool // w:dstrike
	color       flow.Color
	highlight   flow.Color
	shade       flow.Color
	position    flow.Position
	effect      string // the last effect that is not printed
	markChanged bool   // of a paragraph mark: it was inserted or deleted under track changes
}

// The fields of runProps that may be given.
const (
	setASCII uint16 = 1 << iota
	setHAnsi
	setSize
	setSpacing
	setRaise
	setKern
	setUnderline
	setDoubleLine
	setColor
	setHighlight
	setRunShade
	setPosition
	setEffect
)

// toggle is a set of the toggle properties (17.7.3).
type toggle uint8

const (
	bold toggle = 1 << iota
	italic
	allCaps
	smallCapitals
	strike
	vanish
)

func (p *runProps) toggle(which toggle, e *ooxml.Element) {
	p.toggles |= which
	p.toggled &^= which
	if on(e) {
		p.toggled |= which
	}
}

func (r *reader) readRunProps(p *runProps, e *ooxml.Element) {
	for _, c := range e.Children {
		switch c.Name {
		case "w:rStyle":
			p.style = c.Attr("w:val")
		case "w:rFonts":
			r.readFonts(p, c)
		case "w:b":
			p.toggle(bold, c)
		case "w:i":
			p.toggle(italic, c)
		case "w:caps":
			p.toggle(allCaps, c)
		case "w:smallCaps":
			p.toggle(smallCapitals, c)
		case "w:strike":
			p.toggle(strike, c)
		case "w:vanish":
			p.toggle(vanish, c)
		case "w:dstrike":
			p.doubleLine, p.set = on(c), p.set|setDoubleLine
		case "w:u":
			kind := c.Attr("w:val")
			p.underline, p.set = kind != "none" && kind != "", p.set|setUnderline
		case "w:color":
			p.color, p.set = color(c.Attr("w:val")), p.set|setColor
		case "w:highlight":
			p.highlight, p.set = highlight(c.Attr("w:val")), p.set|setHighlight
		case "w:shd":
			p.shade, p.set = shading(c), p.set|setRunShade
		case "w:ins", "w:del", "w:moveFrom", "w:moveTo":
			p.markChanged = true
		default:
			p.readMetrics(c)
		}
	}
}

// readMetrics reads the properties that are lengths or move the text, and remembers effects that are not printed.
func (p *runProps) readMetrics(c *ooxml.Element) {
	give := func(dst *geom.EMU, unit geom.EMU, bit uint16) {
		if value, ok := length(c.Attr("w:val"), unit); ok {
			*dst, p.set = value, p.set|bit
		}
	}
	switch c.Name {
	case "w:sz":
		give(&p.size, geom.HalfPoint, setSize)
	case "w:spacing":
		give(&p.spacing, geom.Twip, setSpacing)
	case "w:position":
		give(&p.raise, geom.HalfPoint, setRaise)
	case "w:kern":
		give(&p.kern, geom.HalfPoint, setKern)
	case "w:vertAlign":
		p.set |= setPosition
		switch c.Attr("w:val") {
		case "superscript":
			p.position = flow.Superscript
		case "subscript":
			p.position = flow.Subscript
		default:
			p.position = flow.OnBaseline
		}
	case "w:emboss", "w:imprint", "w:outline", "w:shadow":
		if on(c) {
			p.effect, p.set = c.Name[2:], p.set|setEffect
		}
	case "w:w":
		if scale := c.Attr("w:val"); scale != "100" && scale != "100%" {
			p.effect, p.set = "w "+scale+"%", p.set|setEffect
		}
	case "w:bdr", "w:em", "w:effect":
		if kind := c.Attr("w:val"); kind != "none" && kind != "nil" {
			p.effect, p.set = c.Name[2:], p.set|setEffect
		}
	}
}

// readFonts reads w:rFonts; the theme's font, when named, goes before the family written beside it (17.3.2.26).
func (r *reader) readFonts(p *runProps, e *ooxml.Element) {
	family := func(dst *string, bit uint16, theme, plain string) {
		name := ""
		if themed := e.Attr(theme); themed != "" {
			name = r.loadTheme().font(themed)
		}
		if name == "" {
			name = e.Attr(plain)
		}
		if name != "" {
			*dst, p.set = name, p.set|bit
		}
	}
	family(&p.ascii, setASCII, "w:asciiTheme", "w:ascii")
	family(&p.hAnsi, setHAnsi, "w:hAnsiTheme", "w:hAnsi")
}

// overlay lays given properties over p as one style over its base, or as direct formatting: the later value counts.
func (p *runProps) overlay(q *runProps) {
	p.overlayPlain(q)
	p.toggles |= q.toggles
	p.toggled = p.toggled&^q.toggles | q.toggled
}

// overlayPlain does so for all properties but the toggles.
func (p *runProps) overlayPlain(q *runProps) {
	if q.style != "" {
		p.style = q.style
	}
	p.markChanged = p.markChanged || q.markChanged
	set := q.set
	p.set |= set
	if set&setASCII != 0 {
		p.ascii = q.ascii
	}
	if set&setHAnsi != 0 {
		p.hAnsi = q.hAnsi
	}
	if set&setSize != 0 {
		p.size = q.size
	}
	if set&setSpacing != 0 {
		p.spacing = q.spacing
	}
	if set&setRaise != 0 {
		p.raise = q.raise
	}
	if set&setKern != 0 {
		p.kern = q.kern
	}
	if set&setUnderline != 0 {
		p.underline = q.underline
	}
	if set&setDoubleLine != 0 {
		p.doubleLine = q.doubleLine
	}
	if set&setColor != 0 {
		p.color = q.color
	}
	if set&setHighlight != 0 {
		p.highlight = q.highlight
	}
	if set&setRunShade != 0 {
		p.shade = q.shade
	}
	if set&setPosition != 0 {
		p.position = q.position
	}
	if set&setEffect != 0 {
		p.effect = q.effect
	}
}

// runState is how far the cascade has come: plain properties are final so far; toggles of the levels of the style hierarchy
// cancel each other out, those of the document defaults do not (17.7.3).
type runState struct {
	runProps
	always toggle // on in the document defaults
	odd    toggle // on in an odd number of levels
}

// level lays a level of the style hierarchy (table, paragraph or character style) over the state.
func (s *runState) level(q *runProps) {
	s.overlayPlain(q)
	s.odd ^= q.toggled
}

// maxSize is the largest size that Word sets.
const maxSize = 1638 * geom.Point

// look is the result of the cascade for a run.
type look struct {
	style   flow.RunStyle // for ASCII characters
	hAnsi   string        // family of the others
	caps    bool
	small   bool
	hidden  bool
	kerned  bool
	effects string
}

// direct ends the cascade with direct formatting.
func (s runState) direct(q *runProps) look {
	s.overlayPlain(q)
	flags := (s.always|s.odd)&^q.toggles | q.toggled
	if s.ascii == "" {
		s.ascii = s.hAnsi
	}
	if s.ascii == "" {
		s.ascii = "Times New Roman"
	}
	if s.hAnsi == "" {
		s.hAnsi = s.ascii
	}
	if s.size <= 0 {
		s.size = 10 * geom.Point
	}
	s.size = min(s.size, maxSize)
	l := look{
		style: flow.RunStyle{
			Font: s.ascii, Size: s.size, Bold: flags&bold != 0, Italic: flags&italic != 0, Underline: s.underline,
			Strike: flags&strike != 0 || s.doubleLine, Color: s.color, Highlight: s.highlight, Position: s.position,
			Spacing: s.spacing, Raise: s.raise,
		},
		hAnsi: s.hAnsi, caps: flags&allCaps != 0, small: flags&(smallCapitals|allCaps) == smallCapitals,
		hidden: flags&vanish != 0, kerned: s.kern > 0 && s.size >= s.kern, effects: s.effect,
	}
	if !l.style.Highlight.Set {
		l.style.Highlight = s.shade
	}
	return l
}

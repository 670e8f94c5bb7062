package wml

import (
	"strings"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// This file knows word/theme/theme1.xml: the fonts, colours and pens that styles and drawings name (DrawingML 20.1.6).

// theme holds what is used of it; its zero value stands for a file without a theme.
type theme struct {
	major, minor string
	colors       map[string]flow.Color // "dk1", "accent1"
	pens         []geom.EMU
}

// loadTheme reads the theme the first time something refers to it.
func (r *reader) loadTheme() *theme {
	if r.theme != nil {
		return r.theme
	}
	r.theme = &theme{colors: make(map[string]flow.Color)}
	elements := r.tree(r.part("theme", "word/theme/theme1.xml")).Child("a:themeElements")
	r.theme.major = elements.Child("a:fontScheme", "a:majorFont", "a:latin").Attr("typeface")
	r.theme.minor = elements.Child("a:fontScheme", "a:minorFont", "a:latin").Attr("typeface")
	if scheme := elements.Child("a:clrScheme"); scheme != nil {
		for _, c := range scheme.Children {
			r.theme.colors[strings.TrimPrefix(c.Name, "a:")] = r.drawingColor(c)
		}
	}
	if pens := elements.Child("a:fmtScheme", "a:lnStyleLst"); pens != nil {
		for _, pen := range pens.Children {
			if pen.Name == "a:ln" {
				width, _ := length(pen.Attr("w"), 1)
				r.theme.pens = append(r.theme.pens, width)
			}
		}
	}
	return r.theme
}

// font returns the family behind a name such as "minorHAnsi", or "".
func (t *theme) font(name string) string {
	switch {
	case strings.HasPrefix(name, "major"):
		return t.major
	case strings.HasPrefix(name, "minor"):
		return t.minor
	}
	return ""
}

// schemeColor returns a theme colour by the name that text and drawings use.
func (t *theme) schemeColor(name string) flow.Color {
	switch name {
	case "tx1":
		name = "dk1"
	case "tx2":
		name = "dk2"
	case "bg1":
		name = "lt1"
	case "bg2":
		name = "lt2"
	}
	return t.colors[name]
}

// drawingColor reads the colour element below e (20.1.2.3); tints and shades are left out.
func (r *reader) drawingColor(e *ooxml.Element) flow.Color {
	if e == nil {
		return flow.Color{}
	}
	for _, c := range e.Children {
		switch c.Name {
		case "a:srgbClr":
			return color(c.Attr("val"))
		case "a:sysClr":
			return color(c.Attr("lastClr"))
		case "a:schemeClr":
			return r.loadTheme().schemeColor(c.Attr("val"))
		case "a:scrgbClr":
			rgb := uint32(0)
			for _, part := range [...]string{"r", "g", "b"} {
				share, _ := integer(c.Attr(part))
				rgb = rgb<<8 | uint32(max(0, min(share, 100000))*255/100000)
			}
			return flow.Color{RGB: rgb, Set: true}
		}
	}
	return flow.Color{}
}

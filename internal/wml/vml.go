package wml

import (
	"strings"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// This file knows VML, in which Word before 2010 drew: v:line and straight connectors become flow.Line, the rest is noted
// (ECMA-376-4, 19.1.2).

// picture reads a w:pict outside an AlternateContent.
func (r *reader) picture(e *ooxml.Element) {
	for _, shape := range e.Children {
		switch {
		case shape.Name == "v:shapetype", shape.Name == "":
		case shape.Name == "w:control":
			r.note(&oleObject, shape.Attr("w:name"))
		default:
			if line, ok := r.vmlShape(shape); ok {
				r.line(line)
			} else {
				r.noteVML(shape)
			}
		}
	}
}

// vmlLine reads a w:pict that holds one straight line and nothing else.
func (r *reader) vmlLine(pict *ooxml.Element) (line flow.Line, ok bool) {
	if pict == nil {
		return line, false
	}
	for _, shape := range pict.Children {
		if shape.Name == "v:shapetype" || shape.Name == "" {
			continue
		}
		if ok {
			return line, false
		}
		if line, ok = r.vmlShape(shape); !ok {
			return line, false
		}
	}
	return line, ok
}

// noteVML notes a VML shape that is not printed.
func (r *reader) noteVML(e *ooxml.Element) {
	kind, name := &shape, e.Attr("alt")
	e.Walk(func(d *ooxml.Element) bool {
		switch d.Name {
		case "v:imagedata":
			if kind == &shape && d.Attr("r:id") != "" {
				kind, name = &picture, d.Attr("o:title")
			}
		case "v:textpath":
			kind, name = &watermark, d.Attr("string")
		case "w:txbxContent":
			kind = &textBox
			return false
		}
		return true
	})
	r.noteShape(kind, name, e)
}

// vmlShape reads a v:line, or a v:shape that is a straight connector, set at a place of its own.
func (r *reader) vmlShape(e *ooxml.Element) (flow.Line, bool) {
	var line flow.Line
	style := vmlStyle(e.Attr("style"))
	if style["position"] != "absolute" || style["rotation"] != "" && style["rotation"] != "0" {
		return line, false
	}
	switch e.Name {
	case "v:line":
		var given bool
		line.X1, line.Y1, given = point(e.Attr("from"))
		if !given {
			return line, false
		}
		line.X2, line.Y2, _ = point(e.Attr("to"))
	case "v:shape":
		kind := e.Attr("type")
		straight := strings.HasSuffix(kind, "_t32") || strings.HasSuffix(kind, "_t20") || e.Attr("o:connectortype") == "straight"
		if !straight || e.Child("v:textbox") != nil {
			return line, false
		}
		line.X1, line.Y1 = vmlLength(style["margin-left"]), vmlLength(style["margin-top"])
		line.X2, line.Y2 = line.X1+vmlLength(style["width"]), line.Y1+vmlLength(style["height"])
	default:
		return line, false
	}
	if flip := style["flip"]; flip == "x" || flip == "y" {
		line.Y1, line.Y2 = line.Y2, line.Y1
	}
	ok := vmlOrigin(style, &line)
	line.Pen = vmlPen(e)
	return line, ok
}

// vmlStyle takes a style attribute apart: "position:absolute;margin-left:9pt".
func vmlStyle(text string) map[string]string {
	style := make(map[string]string)
	for declaration := range strings.SplitSeq(text, ";") {
		if name, value, ok := strings.Cut(declaration, ":"); ok {
			style[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return style
}

// vmlOrigin reads the origins and the horizontal alignment; false where flow does not know them.
func vmlOrigin(style map[string]string, line *flow.Line) bool {
	switch style["mso-position-horizontal-relative"] {
	case "margin":
		line.OriginX = flow.FromMargin
	case "page":
		line.OriginX = flow.FromPage
	case "", "text", "char", "column":
	default:
		return false
	}
	switch style["mso-position-vertical-relative"] {
	case "margin":
		line.OriginY = flow.FromMargin
	case "page":
		line.OriginY = flow.FromPage
	case "", "text", "line", "paragraph":
	default:
		return false
	}
	switch style["mso-position-horizontal"] {
	case "left":
		line.Aligned = true
	case "center":
		line.Aligned, line.AlignX = true, flow.Center
	case "right":
		line.Aligned, line.AlignX = true, flow.Right
	}
	switch style["mso-position-vertical"] {
	case "", "absolute", "top":
		return true
	}
	return false
}

// vmlPen reads the stroke: its attributes, or those of v:stroke (19.1.2.21).
func vmlPen(e *ooxml.Element) flow.Border {
	if stroked := e.Attr("stroked"); stroked == "f" || stroked == "false" {
		return flow.Border{}
	}
	pen := flow.Border{Width: defaultPen}
	stroke := e.Child("v:stroke")
	for _, weight := range [...]string{e.Attr("strokeweight"), stroke.Attr("weight")} {
		if width := vmlLength(weight); width > 0 {
			pen.Width = width
		}
	}
	for _, name := range [...]string{e.Attr("strokecolor"), stroke.Attr("color")} {
		name, _, _ = strings.Cut(name, " ") // "#000000 [3213]" names a theme colour too
		if c := vmlColor(name); c.Set {
			pen.Color = c
		}
	}
	if dash := stroke.Attr("dashstyle"); dash != "" && dash != "solid" {
		pen.Dashed = true
	}
	pen.Double = stroke.Attr("linestyle") == "thinThin"
	return pen
}

// vmlColor reads "#RGB", "#RRGGBB" or one of the names in common use.
func vmlColor(name string) flow.Color {
	switch strings.ToLower(name) {
	case "black", "windowtext":
		return flow.Color{Set: true}
	case "red":
		return flow.Color{RGB: 0xFF0000, Set: true}
	case "blue":
		return flow.Color{RGB: 0x0000FF, Set: true}
	case "white":
		return flow.Color{RGB: 0xFFFFFF, Set: true}
	}
	if len(name) == 4 && name[0] == '#' {
		name = string([]byte{name[1], name[1], name[2], name[2], name[3], name[3]})
	}
	return color(name)
}

// vmlLength reads a length with a unit; a bare number above 1000 is EMU, as LibreOffice writes, else pixels (19.1.1).
func vmlLength(text string) geom.EMU {
	if n, ok := integer(text); ok {
		if n > 1000 {
			return geom.EMU(n)
		}
		return geom.EMU(n) * geom.Inch / 96
	}
	value, _ := length(text, 1)
	return value
}

// point reads "53.8pt,16.9pt".
func point(text string) (x, y geom.EMU, ok bool) {
	first, second, ok := strings.Cut(text, ",")
	return vmlLength(first), vmlLength(second), ok
}

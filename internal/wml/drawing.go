package wml

import (
	"strings"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// This file knows DrawingML: straight lines anchored in a paragraph become flow.Line, every other drawing is noted with its
// text or name (20.4.2.3; wps:wsp is of Word 2010).

// defaultPen is the width of a line that names none, in Word and in VML.
const defaultPen = 3 * geom.Point / 4

// alternateRun reads an mc:AlternateContent in a run: a line from the drawing, or from the VML that stands for it in older
// readers, never both; other drawings are noted once.
func (r *reader) alternateRun(e *ooxml.Element) {
	for _, choice := range e.Children {
		drawing := choice.Child("w:drawing")
		if choice.Name != "mc:Choice" || drawing == nil {
			continue
		}
		line, ok := r.drawnLine(drawing)
		if !ok {
			line, ok = r.vmlLine(e.Child("mc:Fallback", "w:pict"))
		}
		if ok {
			r.line(line)
		} else {
			r.noteDrawing(drawing)
		}
		return
	}
	r.runContent(alternative(e))
}

func (r *reader) drawing(e *ooxml.Element) {
	if line, ok := r.drawnLine(e); ok {
		r.line(line)
	} else {
		r.noteDrawing(e)
	}
}

// line adds a line; one drawn without ink has no width and is left out.
func (r *reader) line(line flow.Line) {
	if line.Pen.Width > 0 {
		r.inline(line)
	}
}

// noteDrawing notes a drawing that is not printed: by its text if it has any, else by its name.
func (r *reader) noteDrawing(e *ooxml.Element) {
	name := ""
	kind := &shape
	e.Walk(func(d *ooxml.Element) bool {
		switch d.Name {
		case "wp:docPr":
			name = d.Attr("name")
			if described := d.Attr("descr"); described != "" {
				name = described
			}
		case "a:graphicData":
			uri := d.Attr("uri")
			if strings.Contains(uri, "/chart") || strings.Contains(uri, "/diagram") {
				kind = &chart
			}
		case "pic:pic":
			if kind == &shape {
				kind = &picture
			}
		case "w:txbxContent":
			kind = &textBox
			return false
		}
		return true
	})
	r.noteShape(kind, name, e)
}

// noteShape notes a drawing by its words if it has any, else by its name.
func (r *reader) noteShape(kind *feature, name string, e *ooxml.Element) {
	if text := strings.TrimSpace(plainText(e)); text != "" {
		name = text
	}
	r.note(kind, name)
}

// drawnLine reads a w:drawing that holds one straight line and nothing else.
func (r *reader) drawnLine(e *ooxml.Element) (flow.Line, bool) {
	anchor := e.Child("wp:anchor")
	shape := anchor.Child("a:graphic", "a:graphicData", "wps:wsp")
	properties := shape.Child("wps:spPr")
	kind := properties.Child("a:prstGeom").Attr("prst")
	if properties == nil || kind != "line" && kind != "straightConnector1" || shape.Child("wps:txbx") != nil {
		return flow.Line{}, false
	}
	transform := properties.Child("a:xfrm")
	extent := transform.Child("a:ext")
	if extent == nil {
		extent = anchor.Child("wp:extent")
	}
	width, _ := length(extent.Attr("cx"), 1)
	height, _ := length(extent.Attr("cy"), 1)
	line := flow.Line{X2: width, Y2: height}
	if isTrue(transform, "flipH") != isTrue(transform, "flipV") {
		line.Y1, line.Y2 = line.Y2, line.Y1
	}
	if !turn(&line, transform.Attr("rot")) {
		return flow.Line{}, false
	}
	x, ok := r.horizontal(anchor.Child("wp:positionH"), &line)
	y, fits := vertical(anchor.Child("wp:positionV"), &line)
	if anchor.Attr("simplePos") == "1" {
		at := anchor.Child("wp:simplePos")
		x, _ = length(at.Attr("x"), 1)
		y, _ = length(at.Attr("y"), 1)
		line.OriginX, line.OriginY, line.Aligned, ok, fits = flow.FromPage, flow.FromPage, false, true, true
	}
	line.X1, line.X2, line.Y1, line.Y2 = line.X1+x, line.X2+x, line.Y1+y, line.Y2+y
	line.Pen = r.pen(properties.Child("a:ln"), shape.Child("wps:style", "a:lnRef"))
	return line, ok && fits
}

func isTrue(e *ooxml.Element, name string) bool {
	value := e.Attr(name)
	return value == "1" || value == "true"
}

// turn applies a rotation of whole quarters about the middle of the shape's frame (20.1.7.6, in 60000ths of a degree).
func turn(line *flow.Line, rotation string) bool {
	const quarter = 90 * 60000
	angle, _ := integer(rotation)
	if angle%quarter != 0 {
		return false
	}
	middleX, middleY := (line.X1+line.X2)/2, (line.Y1+line.Y2)/2
	for range ((angle/quarter)%4 + 4) % 4 {
		line.X1, line.Y1 = middleX-(line.Y1-middleY), middleY+(line.X1-middleX)
		line.X2, line.Y2 = middleX-(line.Y2-middleY), middleY+(line.X2-middleX)
	}
	return true
}

// horizontal reads wp:positionH (20.4.2.10); false for an origin that flow does not know.
func (r *reader) horizontal(e *ooxml.Element, line *flow.Line) (geom.EMU, bool) {
	switch e.Attr("relativeFrom") {
	case "column", "character", "":
		line.OriginX = flow.FromText
	case "margin":
		line.OriginX = flow.FromMargin
	case "page", "leftMargin":
		line.OriginX = flow.FromPage
	default:
		return 0, false
	}
	if align := e.Child("wp:align"); align != nil {
		line.Aligned = true
		switch strings.TrimSpace(align.InnerText()) {
		case "center":
			line.AlignX = flow.Center
		case "right", "outside":
			line.AlignX = flow.Right
		}
		return 0, e.Attr("relativeFrom") != "leftMargin"
	}
	return offset(e), true
}

// vertical reads wp:positionV (20.4.2.11); alignment other than to the top is not known to flow.
func vertical(e *ooxml.Element, line *flow.Line) (geom.EMU, bool) {
	switch e.Attr("relativeFrom") {
	case "paragraph", "line", "":
		line.OriginY = flow.FromText
	case "margin":
		line.OriginY = flow.FromMargin
	case "page", "topMargin":
		line.OriginY = flow.FromPage
	default:
		return 0, false
	}
	if align := e.Child("wp:align"); align != nil {
		return 0, strings.TrimSpace(align.InnerText()) == "top"
	}
	return offset(e), true
}

// offset finds wp:posOffset, which later versions wrap in an AlternateContent beside a percentage.
func offset(e *ooxml.Element) geom.EMU {
	var at geom.EMU
	e.Walk(func(d *ooxml.Element) bool {
		if d.Name == "wp:posOffset" {
			at, _ = length(d.InnerText(), 1)
		}
		return true
	})
	return at
}

// pen reads a:ln over the theme's pen that the shape's style names (20.1.2.2.24, 20.1.4.2.19).
func (r *reader) pen(ln, themed *ooxml.Element) flow.Border {
	pen := flow.Border{Width: defaultPen}
	if index, ok := integer(themed.Attr("idx")); ok && index > 0 {
		if pens := r.loadTheme().pens; index <= len(pens) && pens[index-1] > 0 {
			pen.Width = pens[index-1]
		}
		pen.Color = r.drawingColor(themed)
	}
	if ln == nil {
		return pen
	}
	if width, ok := length(ln.Attr("w"), 1); ok {
		pen.Width = max(width, geom.Point/8)
	}
	if ln.Child("a:noFill") != nil {
		return flow.Border{}
	}
	if fill := ln.Child("a:solidFill"); fill != nil {
		pen.Color = r.drawingColor(fill)
	}
	if dash := ln.Child("a:prstDash").Attr("val"); dash != "" && dash != "solid" {
		pen.Dashed = true
	}
	pen.Double = ln.Attr("cmpd") == "dbl"
	for _, end := range [...]string{"a:headEnd", "a:tailEnd"} {
		if kind := ln.Child(end).Attr("type"); kind != "" && kind != "none" {
			r.note(&arrowHead, "")
		}
	}
	return pen
}

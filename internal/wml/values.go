package wml

import (
	"strconv"
	"strings"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// This file knows how WordprocessingML writes simple values: on/off, lengths, colours, borders.

// maxLength bounds every length read, so that sums stay far from overflow: 100 million of the unit.
const maxLength = 1e8

// on reads an on/off property: the element alone means on (17.17.4).
func on(e *ooxml.Element) bool { return !off(e.Attr("w:val")) }

func off(value string) bool { return value == "0" || value == "false" || value == "off" }

// integer reads a whole number; a fraction, which some writers leave, is cut off.
func integer(text string) (int, bool) {
	text = strings.TrimSpace(text)
	if n, err := strconv.Atoi(text); err == nil {
		return max(-maxLength, min(n, maxLength)), true
	}
	f, ok := decimal(text)
	return int(f), ok
}

func decimal(text string) (float64, bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != f {
		return 0, false
	}
	return max(-maxLength, min(f, maxLength)), true
}

// length reads a number of units, or a number with its own unit such as "12.7mm" (22.9.2.15).
func length(text string, unit geom.EMU) (geom.EMU, bool) {
	if n, err := strconv.Atoi(text); err == nil {
		return geom.EMU(max(-maxLength, min(n, maxLength))) * unit, true
	}
	text = strings.TrimSpace(text)
	cut := len(text)
	for cut > 0 && (text[cut-1] >= 'a' && text[cut-1] <= 'z') {
		cut--
	}
	scale := float64(unit)
	switch text[cut:] {
	case "":
	case "pt":
		scale = float64(geom.Point)
	case "mm":
		scale = float64(geom.Millimetre)
	case "cm":
		scale = 10 * float64(geom.Millimetre)
	case "in":
		scale = float64(geom.Inch)
	case "pc", "pi":
		scale = 12 * float64(geom.Point)
	case "px":
		scale = float64(geom.Inch) / 96
	default:
		return 0, false
	}
	f, ok := decimal(text[:cut])
	return rounded(f * scale), ok
}

func rounded(f float64) geom.EMU {
	if f < 0 {
		return -geom.EMU(-f + 0.5)
	}
	return geom.EMU(f + 0.5)
}

// twips reads an attribute in twentieths of a point.
func twips(e *ooxml.Element, name string) (geom.EMU, bool) {
	text, given := e.Lookup(name)
	if !given {
		return 0, false
	}
	return length(text, geom.Twip)
}

// color reads "RRGGBB"; "auto" and nonsense are the zero Color.
func color(text string) flow.Color {
	text = strings.TrimPrefix(text, "#")
	if len(text) != 6 {
		return flow.Color{}
	}
	rgb, err := strconv.ParseUint(text, 16, 32)
	if err != nil {
		return flow.Color{}
	}
	return flow.Color{RGB: uint32(rgb), Set: true}
}

// highlight returns the colours of w:highlight (17.18.40).
func highlight(name string) flow.Color {
	for _, c := range [...]struct {
		name string
		rgb  uint32
	}{
		{"yellow", 0xFFFF00},
		{"green", 0x00FF00},
		{"cyan", 0x00FFFF},
		{"magenta", 0xFF00FF},
		{"blue", 0x0000FF},
		{"red", 0xFF0000},
		{"darkBlue", 0x000080},
		{"darkCyan", 0x008080},
		{"darkGreen", 0x008000},
		{"darkMagenta", 0x800080},
		{"darkRed", 0x800000},
		{"darkYellow", 0x808000},
		{"darkGray", 0x808080},
		{"lightGray", 0xC0C0C0},
		{"black", 0x000000},
		{"white", 0xFFFFFF},
	} {
		if c.name == name {
			return flow.Color{RGB: c.rgb, Set: true}
		}
	}
	return flow.Color{}
}

// shading reads w:shd: the fill, or the mix of fill and pattern colour that a percentage pattern stands for (17.3.5).
func shading(e *ooxml.Element) flow.Color {
	fill, pattern := color(e.Attr("w:fill")), e.Attr("w:val")
	share := 0
	if pattern == "solid" {
		share = 100
	} else if percent, found := strings.CutPrefix(pattern, "pct"); found {
		share, _ = integer(percent)
		share = max(0, min(share, 100))
	}
	if share == 0 {
		return fill
	}
	ink, paper := color(e.Attr("w:color")), uint32(0xFFFFFF)
	if fill.Set {
		paper = fill.RGB
	}
	mixed := uint32(0)
	for shift := 0; shift < 24; shift += 8 {
		a, b := ink.RGB>>shift&0xFF, paper>>shift&0xFF
		mixed |= (a*uint32(share) + b*uint32(100-share)) / 100 << shift
	}
	return flow.Color{RGB: mixed, Set: true}
}

// border reads one side; w:sz counts eighths of a point and stays between 1/4 and 12 points (17.3.4). Kinds other than double,
// dotted and dashed are read as a single line.
func border(e *ooxml.Element) flow.Border {
	kind := e.Attr("w:val")
	if kind == "nil" || kind == "none" || kind == "" {
		return flow.Border{}
	}
	size, _ := integer(e.Attr("w:sz"))
	space, _ := integer(e.Attr("w:space"))
	b := flow.Border{
		Width: geom.EMU(max(2, min(size, 96))) * geom.Point / 8,
		Space: geom.EMU(max(0, min(space, 31))) * geom.Point,
		Color: color(e.Attr("w:color")),
	}
	switch kind {
	case "double":
		b.Double = true
	case "dotted", "dashed", "dotDash", "dotDotDash", "dashSmallGap", "dashDotStroked":
		b.Dashed = true
	}
	return b
}

// plainText joins the text that a person would read below e, for quoting what is not printed.
func plainText(e *ooxml.Element) string {
	var b strings.Builder
	e.Walk(func(d *ooxml.Element) bool {
		switch d.Name {
		case "mc:Fallback", "w:del", "w:moveFrom":
			return d == e
		case "w:p", "a:p", "w:tab", "w:br":
			b.WriteByte(' ')
		case "w:t", "a:t", "m:t", "w:delText":
			b.WriteString(d.InnerText())
		}
		return true
	})
	return b.String()
}

// inside returns the content of an element that only wraps what stands in it; wraps reports whether e is one.
func inside(e *ooxml.Element) (content []*ooxml.Element, wraps bool) {
	switch e.Name {
	case "w:sdt":
		if c := e.Child("w:sdtContent"); c != nil {
			return c.Children, true
		}
		return nil, true
	case "w:customXml", "w:smartTag", "w:ins", "w:moveTo", "w:hyperlink", "w:dir", "w:bdo":
		return e.Children, true
	}
	return nil, false
}

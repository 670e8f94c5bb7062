package wml

import (
	"strconv"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// This file knows what w:tblPr, w:tcPr and table styles say, and which conditional format a cell falls under (17.7.6).

// tableProps are table properties of which only some are given; they come from a style or from a table itself.
type tableProps struct {
	edges     edges
	margins   margins
	shade     flow.Color
	indent    geom.EMU
	hasIndent bool
	align     flow.Align
	hasAlign  bool
}

// margins are cell margins of which only some are given.
type margins struct {
	set   uint8
	sides [4]geom.EMU // top, bottom, left, right
}

// cellProps are cell properties of which only some are given.
type cellProps struct {
	edges     edges
	margins   margins
	shade     flow.Color
	hasShade  bool
	vAlign    flow.VAlign
	hasVAlign bool
}

// tableStyle is what a table style says beyond paragraphs and runs; conditions are indexed by condition.
type tableStyle struct {
	tableProps
	cell       cellProps
	rowBand    int
	columnBand int
	conditions [conditionCount]*conditional
}

// conditional is a w:tblStylePr.
type conditional struct {
	para paraProps
	run  runProps
	cell cellProps
}

// tableLook is what a table says of the paragraphs and runs in a cell.
type tableLook struct {
	para paraProps
	run  runProps
	cell cellProps
}

// condition names a part of a table, in the order in which their formats are laid over each other (17.7.6).
type condition int

const (
	wholeTable condition = iota
	bandOddColumn
	bandEvenColumn
	bandOddRow
	bandEvenRow
	firstColumn
	lastColumn
	firstRow
	lastRow
	cornerTopLeft
	cornerTopRight
	cornerBottomLeft
	cornerBottomRight
	conditionCount
)

var conditionNames = [conditionCount]string{
	"wholeTable", "band1Vert", "band2Vert", "band1Horz", "band2Horz", "firstCol", "lastCol", "firstRow", "lastRow",
	"nwCell", "neCell", "swCell", "seCell",
}

// readTableStyle lays a w:style of a table over what its base says.
func (r *reader) readTableStyle(s *tableStyle, e *ooxml.Element) {
	if c := e.Child("w:tblPr"); c != nil {
		s.tableProps.read(c)
		if n, ok := integer(c.Child("w:tblStyleRowBandSize").Attr("w:val")); ok {
			s.rowBand = n
		}
		if n, ok := integer(c.Child("w:tblStyleColBandSize").Attr("w:val")); ok {
			s.columnBand = n
		}
	}
	if c := e.Child("w:tcPr"); c != nil {
		s.cell.read(c)
	}
	for _, c := range e.Children {
		if c.Name != "w:tblStylePr" {
			continue
		}
		for which, name := range conditionNames {
			if name == c.Attr("w:type") {
				s.conditions[which] = r.conditional(s.conditions[which], c)
			}
		}
	}
}

func (r *reader) conditional(base *conditional, e *ooxml.Element) *conditional {
	c := &conditional{}
	if base != nil {
		*c = *base
	}
	if pPr := e.Child("w:pPr"); pPr != nil {
		var own paraProps
		r.readParaProps(&own, pPr)
		c.para.overlay(&own)
	}
	if rPr := e.Child("w:rPr"); rPr != nil {
		var own runProps
		r.readRunProps(&own, rPr)
		c.run.overlay(&own)
	}
	// Borders of the whole part may stand in its tblPr.
	if tblPr := e.Child("w:tblPr"); tblPr != nil {
		c.cell.edges.read(tblPr.Child("w:tblBorders"))
		c.cell.margins.read(tblPr.Child("w:tblCellMar"))
	}
	if tcPr := e.Child("w:tcPr"); tcPr != nil {
		c.cell.read(tcPr)
	}
	return c
}

// read lays a w:tblPr, or a w:tblPrEx, over p.
func (p *tableProps) read(e *ooxml.Element) {
	for _, c := range e.Children {
		switch c.Name {
		case "w:tblBorders":
			p.edges.read(c)
		case "w:tblCellMar":
			p.margins.read(c)
		case "w:shd":
			p.shade = shading(c)
		case "w:tblInd":
			if kind := c.Attr("w:type"); kind == "dxa" || kind == "" {
				if value, ok := twips(c, "w:w"); ok {
					p.indent, p.hasIndent = value, true
				}
			}
		case "w:jc":
			p.align, p.hasAlign = tableAlign(c.Attr("w:val")), true
		}
	}
}

func tableAlign(kind string) flow.Align {
	switch kind {
	case "center":
		return flow.Center
	case "right", "end":
		return flow.Right
	}
	return flow.Left
}

// read lays a w:tcPr over p.
func (p *cellProps) read(e *ooxml.Element) {
	for _, c := range e.Children {
		switch c.Name {
		case "w:tcBorders":
			p.edges.read(c)
		case "w:tcMar":
			p.margins.read(c)
		case "w:shd":
			p.shade, p.hasShade = shading(c), true
		case "w:vAlign":
			p.hasVAlign = true
			switch c.Attr("w:val") {
			case "center":
				p.vAlign = flow.AlignMiddle
			case "bottom":
				p.vAlign = flow.AlignBottom
			default:
				p.vAlign = flow.AlignTop
			}
		}
	}
}

func (p *cellProps) overlay(q *cellProps) {
	p.margins.overlay(&q.margins)
	if q.hasShade {
		p.shade, p.hasShade = q.shade, true
	}
	if q.hasVAlign {
		p.vAlign, p.hasVAlign = q.vAlign, true
	}
}

func (m *margins) read(e *ooxml.Element) {
	if e == nil {
		return
	}
	for _, c := range e.Children {
		side := -1
		switch c.Name {
		case "w:top":
			side = 0
		case "w:bottom":
			side = 1
		case "w:left", "w:start":
			side = 2
		case "w:right", "w:end":
			side = 3
		}
		if kind := c.Attr("w:type"); side < 0 || kind != "dxa" && kind != "" && kind != "nil" {
			continue
		}
		value, _ := twips(c, "w:w")
		m.sides[side] = max(0, value)
		m.set |= 1 << side
	}
}

func (m *margins) overlay(over *margins) {
	for i, value := range over.sides {
		if over.set&(1<<i) != 0 {
			m.sides[i] = value
		}
	}
	m.set |= over.set
}

// lookFlags are the parts of the style that a table asks for (17.4.56); the bits are those of its w:val.
type lookFlags int

const (
	lookFirstRow    lookFlags = 0x0020
	lookLastRow     lookFlags = 0x0040
	lookFirstColumn lookFlags = 0x0080
	lookLastColumn  lookFlags = 0x0100
	lookNoRowBands  lookFlags = 0x0200
	lookNoColBands  lookFlags = 0x0400
)

func readLook(e *ooxml.Element) lookFlags {
	if e == nil {
		return lookNoRowBands | lookNoColBands
	}
	bits, _ := strconv.ParseUint(e.Attr("w:val"), 16, 16)
	look := lookFlags(bits)
	for _, part := range [...]struct {
		name string
		bit  lookFlags
	}{
		{"w:firstRow", lookFirstRow},
		{"w:lastRow", lookLastRow},
		{"w:firstColumn", lookFirstColumn},
		{"w:lastColumn", lookLastColumn},
		{"w:noHBand", lookNoRowBands},
		{"w:noVBand", lookNoColBands},
	} {
		if value, given := e.Lookup(part.name); given {
			look &^= part.bit
			if !off(value) {
				look |= part.bit
			}
		}
	}
	return look
}

// conditionsOf returns which parts of the table the cell at row and columns [from, to) of rows by columns lies in.
func (s *tableStyle) conditionsOf(look lookFlags, row, rows, from, to, columns int) (in [conditionCount]bool) {
	in[wholeTable] = true
	in[firstRow] = look&lookFirstRow != 0 && row == 0
	in[lastRow] = look&lookLastRow != 0 && row == rows-1 && row > 0
	in[firstColumn] = look&lookFirstColumn != 0 && from == 0
	in[lastColumn] = look&lookLastColumn != 0 && to == columns && from > 0
	if look&lookNoRowBands == 0 && !in[firstRow] && !in[lastRow] {
		if look&lookFirstRow != 0 {
			row--
		}
		even := row/max(1, s.rowBand)%2 == 1
		in[bandEvenRow], in[bandOddRow] = even, !even
	}
	if look&lookNoColBands == 0 && !in[firstColumn] && !in[lastColumn] {
		if look&lookFirstColumn != 0 {
			from--
		}
		even := from/max(1, s.columnBand)%2 == 1
		in[bandEvenColumn], in[bandOddColumn] = even, !even
	}
	in[cornerTopLeft] = in[firstRow] && in[firstColumn]
	in[cornerTopRight] = in[firstRow] && in[lastColumn]
	in[cornerBottomLeft] = in[lastRow] && in[firstColumn]
	in[cornerBottomRight] = in[lastRow] && in[lastColumn]
	return in
}

package wml

import (
	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// This file knows table borders: what each cell asks for, and which of two borders on one edge is drawn (17.4.38, 17.4.66).
//
// A side of a cell is asked for by, in this order: the cell itself; the row's exceptions; the table; the part of the table
// style that the cell lies in; the table style. The last four have outer sides and insideH and insideV.
// Between two neighbours the heavier border is drawn, so that no border gives way to any other.

// edges are borders of which only some are given.
type edges struct {
	set   uint8
	sides [6]flow.Border
}

// The indexes of edges.sides.
const (
	top = iota
	bottom
	left
	right
	insideH
	insideV
)

func (s *edges) read(e *ooxml.Element) {
	if e == nil {
		return
	}
	for _, c := range e.Children {
		var side int
		switch c.Name {
		case "w:top":
			side = top
		case "w:bottom":
			side = bottom
		case "w:left", "w:start":
			side = left
		case "w:right", "w:end":
			side = right
		case "w:insideH":
			side = insideH
		case "w:insideV":
			side = insideV
		default:
			continue
		}
		s.sides[side] = border(c)
		s.set |= 1 << side
	}
}

func (s *edges) has(side int) bool { return s.set&(1<<side) != 0 }

// inner returns the side on which a cell's side falls when it is not on the outside of the table or of a part of it.
func inner(side int) int {
	if side == top || side == bottom {
		return insideH
	}
	return insideV
}

// asked returns the border that a cell asks for on each side.
func (t *tableReader) asked(c *tableCell, in *[conditionCount]bool) (sides [4]flow.Border) {
	outer := [4]bool{c.row == 0, c.row == len(t.rows)-1, c.first, c.last}
	row := t.rows[c.row]
	for side := range sides {
		position := side
		if !outer[side] {
			position = inner(side)
		}
		switch {
		case c.props.edges.has(side):
			sides[side] = c.props.edges.sides[side]
		case row.exception.edges.has(position):
			sides[side] = row.exception.edges.sides[position]
		case t.own.edges.has(position):
			sides[side] = t.own.edges.sides[position]
		default:
			sides[side] = t.styled(side, position, in)
		}
	}
	return sides
}

// styled returns the border of the table style: of the last of its parts that says something, or of the whole.
func (t *tableReader) styled(side, position int, in *[conditionCount]bool) flow.Border {
	if t.style == nil {
		return flow.Border{}
	}
	for which := conditionCount - 1; which >= 0; which-- {
		part := t.style.conditions[which]
		if !in[which] || part == nil {
			continue
		}
		at := position
		if rowPart := which == firstRow || which == lastRow || which == bandOddRow || which == bandEvenRow; rowPart && side <= bottom ||
			!rowPart && which != wholeTable && side >= left || which >= cornerTopLeft {
			at = side // the part ends here
		}
		if part.cell.edges.has(at) {
			return part.cell.edges.sides[at]
		}
	}
	if t.style.cell.edges.has(position) {
		return t.style.cell.edges.sides[position]
	}
	return t.style.edges.sides[position]
}

// weight orders borders by how much ink they are.
func weight(b flow.Border) geom.EMU {
	if b.Double {
		return 3 * b.Width
	}
	return b.Width
}

func heavier(a, b flow.Border) flow.Border {
	if weight(b) > weight(a) {
		return b
	}
	return a
}

// settle sets the borders of every cell that are drawn. A side takes over the lightest of the borders that face it, if that is
// heavier than its own: where several neighbours face one side, each draws its own heavier border on its own stretch. A
// vertical merge has the top and the sides of its first row and the bottom of its last.
func (t *tableReader) settle() {
	for i := range t.rows {
		cells := t.rows[i].cells
		for k := range cells {
			c := &cells[k]
			sides := c.asked
			if !c.first && cells[k-1].to == c.from {
				sides[left] = heavier(c.asked[left], cells[k-1].asked[right])
			}
			if !c.last && cells[k+1].from == c.to {
				sides[right] = heavier(c.asked[right], cells[k+1].asked[left])
			}
			if i > 0 {
				sides[top] = heavier(c.asked[top], facing(t.rows[i-1].cells, c, bottom))
			}
			if i+1 < len(t.rows) {
				sides[bottom] = heavier(c.asked[bottom], facing(t.rows[i+1].cells, c, top))
			}
			if c.continued {
				sides[bottom] = flow.Border{} // the last row of the merge has it
			}
			if c.head != nil {
				c.head.cell.Borders.Bottom = sides[bottom]
				continue
			}
			c.cell.Borders = flow.Borders{Top: sides[top], Bottom: sides[bottom], Left: sides[left], Right: sides[right]}
		}
	}
}

// facing returns the lightest border that the cells of a neighbouring row ask for along c; none where the row has a gap there.
func facing(cells []tableCell, c *tableCell, side int) flow.Border {
	lightest, covered, found := flow.Border{}, 0, false
	for k := firstAt(cells, c.from); k < len(cells) && cells[k].from < c.to; k++ {
		covered += min(c.to, cells[k].to) - max(c.from, cells[k].from)
		if b := cells[k].asked[side]; !found || weight(b) < weight(lightest) {
			lightest, found = b, true
		}
	}
	if covered < c.to-c.from {
		return flow.Border{}
	}
	return lightest
}

package layout

import (
	"slices"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
)

// maxParts bounds the pages that one row is dealt out to: what is still left then stands on the last of them, past its foot. No
// document of people comes near; tables in merged cells of heading rows of other tables could go on for ever.
const maxParts = 100

// split deals a row that begins at y out to a head that ends above the given end and a tail; ok is false when the row stays whole:
// it may not split, or a cell that has lines left would have none in the head. force splits it all the same if that is possible:
// it stands at the top of a page and is taller than that.
func (r *rowBox) split(y, end geom.EMU, force bool) (head, tail *rowBox, ok bool) {
	whole := r.row.CannotSplit || r.index < r.table.headers
	if r.row.HeightRule == flow.Exactly || whole && !force || r.parts == maxParts {
		return nil, nil, false
	}
	end -= r.under
	h, t := *r, *r
	h.cells, t.cells = slices.Clone(r.cells), slices.Clone(r.cells)
	h.head, h.forced, t.tail = true, force, true
	t.parts++
	h.height = r.top
	var some, rest bool // of the strips stand in the head; in the tail
	for i := range r.cells {
		c, upper, lower := &r.cells[i], &h.cells[i], &t.cells[i]
		if c.cell.Covered || c.cell.RowSpan > 1 {
			continue
		}
		upper.strips, lower.strips = c.divide(y+r.top, end, force)
		upper.part, lower.part = c.part || len(lower.strips) > 0, true
		if len(lower.strips) > 0 {
			upper.below = 0
		}
		if len(c.strips) > 0 && len(upper.strips) == 0 {
			return nil, nil, false
		}
		some, rest = some || len(upper.strips) > 0, rest || len(lower.strips) > 0
		h.height = max(h.height, r.top+upper.content())
	}
	for _, m := range r.table.merges {
		if r.index < m.first || r.index > m.last {
			continue
		}
		if r.index < m.last { // what a merged cell has left goes on through its other rows
			rest = true
			continue
		}
		// The lines of a merged cell that ends here run down to the page's foot.
		top := m.top - m.cell.Margins.Top
		upper, lower := m.divide(top, end, force)
		if bottom := top + m.cell.Margins.Top + stackHeight(upper) + m.cell.Margins.Bottom; bottom > y+h.height {
			h.height, some = bottom-y, some || len(upper) > 0
		}
		rest = rest || len(lower) > 0
	}
	return &h, &t, some && rest
}

// divide deals the strips of a cell that begins at y out to those that end, margins included, above the given end, and the rest. A
// row of a nested table that does not fit is split in its turn.
func (c *cellBox) divide(y, end geom.EMU, force bool) (upper, lower []strip) {
	y += c.cell.Margins.Top
	end -= c.cell.Margins.Bottom
	for n := range c.strips {
		s := &c.strips[n]
		top := y + s.after + s.above
		bottom := top + s.size()
		if n == len(c.strips)-1 {
			bottom += c.below
		}
		if bottom <= end {
			y = bottom
			continue
		}
		if s.row != nil {
			if head, tail, ok := s.row.split(top, end, force && n == 0); ok {
				first, second := *s, *s
				first.row, second.row, second.after, second.above = head, tail, 0, 0
				upper = append(slices.Clip(c.strips[:n]), first)
				return upper, append([]strip{second}, c.strips[n+1:]...)
			}
		}
		for n > 0 && c.strips[n-1].widow {
			n--
		}
		return c.strips[:n], c.strips[n:]
	}
	return c.strips, nil
}

package wml

import (
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// This file knows how wide the columns of a table are (17.4.48): as w:tblGrid says; where it says nothing, as the cells prefer;
// else in equal shares of what is left.

// readGrid sets the grid; column is the width of the text column around the table.
func (t *tableReader) readGrid(e *ooxml.Element, column geom.EMU) {
	columns := 0
	for i := range t.rows {
		cells := t.rows[i].cells
		columns = max(columns, cells[len(cells)-1].to)
	}
	if e != nil {
		for _, c := range e.Children {
			if c.Name == "w:gridCol" && len(t.grid) < maxColumns {
				width, _ := twips(c, "w:w")
				t.grid = append(t.grid, max(0, width))
			}
		}
	}
	for len(t.grid) < columns {
		t.grid = append(t.grid, 0)
	}
	t.fromCells()
	t.share(column)
	t.scale()
}

// fromCells fills empty columns with the widths that cells prefer: first cells of one column, then what wider cells leave.
func (t *tableReader) fromCells() {
	filled := make([]geom.EMU, len(t.grid))
	for i := range t.rows {
		for _, c := range t.rows[i].cells {
			if c.to-c.from == 1 && t.grid[c.from] == 0 {
				filled[c.from] = max(filled[c.from], c.width)
			}
		}
	}
	for i, width := range filled {
		t.grid[i] += width
	}
	for i := range t.rows {
		for _, c := range t.rows[i].cells {
			rest, empty := c.width, 0
			for _, width := range t.grid[c.from:c.to] {
				rest -= width
				if width == 0 {
					empty++
				}
			}
			for k := c.from; k < c.to && empty > 0 && rest > 0; k++ {
				if t.grid[k] == 0 {
					t.grid[k] = rest / geom.EMU(empty)
				}
			}
		}
	}
}

// share sets columns that are still empty to equal shares of what the others leave of the table's width.
func (t *tableReader) share(column geom.EMU) {
	all := t.total
	if all == 0 {
		all = column
	}
	empty := 0
	for _, width := range t.grid {
		all -= width
		if width == 0 {
			empty++
		}
	}
	for i, width := range t.grid {
		if width == 0 {
			t.grid[i] = max(all/geom.EMU(empty), geom.Inch/4)
		}
	}
}

// scale stretches a table whose width is a percentage to that width, when its grid is clearly another one: writers other than
// Word leave the grid of a percentage table unfinished.
func (t *tableReader) scale() {
	var sum geom.EMU
	for _, width := range t.grid {
		sum += width
	}
	if !t.percent || t.total == 0 || sum*20 > t.total*19 && sum*20 < t.total*21 {
		return
	}
	for i, width := range t.grid {
		t.grid[i] = max(1, rounded(float64(width)*float64(t.total)/float64(sum)))
	}
}

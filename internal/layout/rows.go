package layout

import (
	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// placedRow is a row at its height on a page.
type placedRow struct {
	row *rowBox
	y   geom.EMU
}

// paintRows paints the rows of one table that stand on one page; x is the column's left edge. Shading and borders go below the text.
func (f *filler) paintRows(rows []placedRow, x geom.EMU) {
	p := rowPainter{x: x, rows: rows, drawn: map[page.Rule]bool{}}
	for i := range rows {
		for j := range rows[i].row.cells {
			p.frame(i, &rows[i].row.cells[j])
		}
	}
	f.sheet.Items = append(append(f.sheet.Items, p.boxes...), p.rules...)
	for i := range rows {
		for j := range rows[i].row.cells {
			p.text(f, i, &rows[i].row.cells[j])
		}
	}
}

// rowPainter paints the rows of one table that stand on one page.
type rowPainter struct {
	x     geom.EMU // of the column
	rows  []placedRow
	boxes []page.Item
	rules []page.Item
	drawn map[page.Rule]bool // cells side by side share an edge, which is drawn once
}

// mergeAt returns the merged cell that a cell of the i-th row is part of, and whether this row is the first of it on this page.
// A heading row that is repeated above a row of the same merged cell is not one of its rows.
func (p *rowPainter) mergeAt(i int, c *cellBox) (m *mergeBox, first bool) {
	m = p.rows[i].row.table.merged[c.cell]
	if m == nil {
		return nil, true
	}
	return m, i == 0 || p.rows[i-1].row.index < m.first || p.rows[i-1].row.index > m.last
}

// frame draws the shading and the borders of a cell. Those of a merged one go around all its rows, and close where a page cuts it. A
// border stands in the middle of the room of its edge. Horizontal lines run on over half the vertical ones, so that corners
// close.
func (p *rowPainter) frame(i int, c *cellBox) {
	at := p.rows[i]
	borders := c.cell.Borders
	left, right := p.x+c.left, p.x+c.right
	top, bottom := at.y, at.y+at.row.height
	m, first := p.mergeAt(i, c)
	if m != nil {
		borders = m.cell.Borders
		if !first {
			borders.Top = flow.Border{}
		}
		if i+1 < len(p.rows) && p.rows[i+1].row.index <= m.last {
			borders.Bottom = flow.Border{}
		}
	}
	if c.cell.Shading.Set && first {
		foot := bottom
		if m != nil {
			foot, _, _ = p.foot(i, m)
		}
		p.boxes = append(p.boxes, page.Box{X: left, Y: top, Width: right - left, Height: foot - top, Color: c.cell.Shading})
	}
	start, end := left-thickness(borders.Left)/2, right+thickness(borders.Right)/2
	p.border(borders.Top, start, top+at.row.top/2, end, top+at.row.top/2)
	p.border(borders.Bottom, start, bottom+at.row.under/2, end, bottom+at.row.under/2)
	if i == len(p.rows)-1 {
		bottom += at.row.under
	}
	p.border(borders.Left, left, top, left, bottom)
	p.border(borders.Right, right, top, right, bottom)
}

func (p *rowPainter) border(b flow.Border, x1, y1, x2, y2 geom.EMU) {
	for _, item := range appendBorder(nil, b, x1, y1, x2, y2) {
		if rule := item.(page.Rule); !p.drawn[rule] {
			p.drawn[rule] = true
			p.rules = append(p.rules, rule)
		}
	}
}

// text sets the content of a cell of the i-th row; that of a merged one in the first of its rows on this page.
func (p *rowPainter) text(f *filler, i int, c *cellBox) {
	at := p.rows[i]
	top, bottom := at.y+at.row.top, at.y+at.row.height
	content, again := *c, f.again || at.row.index < at.row.table.headers
	m, first := p.mergeAt(i, c)
	switch {
	case !first || m == nil && c.cell.Covered:
		return
	case m != nil:
		var ends, forced bool
		bottom, ends, forced = p.foot(i, m)
		content = m.take(top, bottom, ends, forced, again)
	}
	y := top + content.cell.Margins.Top
	if free := bottom - top - content.content(); free > 0 && !content.part {
		switch content.cell.VAlign {
		case flow.AlignMiddle:
			y += free / 2
		case flow.AlignBottom:
			y += free
		}
	}
	column := filler{
		layouter: f.layouter, section: f.section, sheet: f.sheet, pageOf: f.pageOf,
		left: p.x + content.left + content.before(), width: content.right - content.left - content.before() - content.behind(),
		y: y, again: again,
	}
	for i := range content.strips {
		column.place(&content.strips[i])
	}
	column.flushRows()
}

// foot is where the rows of a merged cell end on this page, whether the cell itself ends there, and whether the last of them was split
// against its wishes.
func (p *rowPainter) foot(i int, m *mergeBox) (bottom geom.EMU, ends, forced bool) {
	for _, at := range p.rows[i:] {
		if at.row.index > m.last {
			break
		}
		bottom, ends, forced = at.y+at.row.height, at.row.index == m.last && !at.row.head, at.row.forced
	}
	return bottom, ends, forced
}

// take returns the part of a merged cell that stands between two heights, or all that is left when the cell ends on this page. A heading
// row that comes again keeps its content.
func (m *mergeBox) take(top, bottom geom.EMU, ends, forced, again bool) cellBox {
	taken := m.cellBox
	if again {
		return taken
	}
	if ends {
		m.strips = nil
	} else {
		taken.strips, m.strips = m.divide(top, bottom, forced)
		taken.below = 0
	}
	taken.part = m.part || !ends
	m.part = true
	return taken
}

package layout

import (
	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// A table is composed row by row. Each cell's content is itself a list of strips, so a row that does not fit the rest of a page is
// split by dealing its strips out to two rows. Cells merged downwards hold their strips back until the page is full: then it is
// known how much of the merged cell stands on this page, and the rest waits for the next one.
//
//	      x      edges[1]  edges[2]
//	      ┌────────┬─────────┐
//	row 0 │ merged │ cell    │   the merged cell is composed with row 0; if it is taller than the rows it
//	row 1 │        │ cell    │   covers, the last of them grows
//	      └────────┴─────────┘

// tableBox is a table being laid out.
type tableBox struct {
	table   *flow.Table
	edges   []geom.EMU // x of each grid line, from the column's left edge
	rows    []*rowBox
	headers int                       // rows repeated on each page
	merged  map[*flow.Cell]*mergedBox // of the cells that are merged downwards and of those they cover
}

// rowBox is a row, or the part of one that stands on one page.
type rowBox struct {
	table  *tableBox
	index  int
	row    *flow.Row
	top    geom.EMU // room that the thickest top border takes
	height geom.EMU
	cells  []cellBox
	head   bool // the lower part stands on the next page
	tail   bool // the upper part stands on the page before
}

// cellBox is the content of a cell in one row.
type cellBox struct {
	cell        *flow.Cell
	left, right geom.EMU // of its edges
	strips      []strip
	content     geom.EMU // height of the strips with the cell's top and bottom margins
}

// mergedBox is what a cell merged downwards still has to place.
type mergedBox struct {
	box         cellBox
	first, last int // indexes of the rows it covers
}

// composeTable makes a strip of each row.
func (l *layouter) composeTable(t *flow.Table, width geom.EMU) []strip {
	if len(t.Rows) == 0 || len(t.Grid) == 0 {
		return nil
	}
	tb := &tableBox{table: t, edges: tableEdges(t, width), merged: map[*flow.Cell]*mergedBox{}}
	for i := range t.Rows {
		tb.rows = append(tb.rows, l.composeRow(tb, i))
	}
	tb.growForMerged()
	for tb.headers < len(t.Rows) && t.Rows[tb.headers].Header {
		tb.headers++
	}
	if tb.headers == len(t.Rows) {
		tb.headers = 0
	}
	strips := make([]strip, len(tb.rows))
	for i, r := range tb.rows {
		strips[i] = strip{height: r.height, row: r, glue: i < tb.headers || keepsNext(r.row)}
	}
	return strips
}

// tableEdges places the grid lines in the column.
func tableEdges(t *flow.Table, width geom.EMU) []geom.EMU {
	var total geom.EMU
	for _, w := range t.Grid {
		total += w
	}
	x := geom.EMU(0)
	switch t.Align {
	case flow.Center:
		x = (width - total) / 2
	case flow.Right:
		x = width - total
	default:
		x = t.Indent
		if len(t.Rows[0].Cells) > 0 {
			x -= t.Rows[0].Cells[0].Margins.Left
		}
	}
	edges := make([]geom.EMU, len(t.Grid)+1)
	edges[0] = x
	for i, w := range t.Grid {
		edges[i+1] = edges[i] + w
	}
	return edges
}

// keepsNext tells whether a row stays with the next one: Word asks the first paragraph of its first cell.
func keepsNext(r *flow.Row) bool {
	if len(r.Cells) == 0 || len(r.Cells[0].Blocks) == 0 {
		return false
	}
	p, ok := r.Cells[0].Blocks[0].(*flow.Paragraph)
	return ok && p.KeepNext
}

// composeRow composes the cells of a row and finds its height.
func (l *layouter) composeRow(tb *tableBox, index int) *rowBox {
	row := &tb.table.Rows[index]
	r := &rowBox{table: tb, index: index, row: row}
	column := row.GridBefore
	for i := range row.Cells {
		cell := &row.Cells[i]
		end := min(column+max(1, cell.Span), len(tb.edges)-1)
		if column >= end {
			break
		}
		box := cellBox{cell: cell, left: tb.edges[column], right: tb.edges[end]}
		column = end
		if !cell.Covered {
			room := box.right - box.left - cell.Margins.Left - cell.Margins.Right
			var below geom.EMU
			box.strips, below = l.compose(cell.Blocks, max(room, geom.Point))
			box.content = stackHeight(box.strips) + below + cell.Margins.Top + cell.Margins.Bottom
			r.top = max(r.top, cell.Borders.Top.Width)
		}
		r.cells = append(r.cells, box)
	}
	for _, c := range r.cells {
		if !c.cell.Covered && c.cell.RowSpan <= 1 {
			r.height = max(r.height, r.top+c.content)
		}
	}
	if index == len(tb.table.Rows)-1 {
		r.height += bottomEdge(r)
	}
	switch row.HeightRule {
	case flow.AtLeast:
		r.height = max(r.height, row.Height)
	case flow.Exactly:
		r.height = row.Height
	}
	return r
}

func bottomEdge(r *rowBox) (width geom.EMU) {
	for _, c := range r.cells {
		width = max(width, c.cell.Borders.Bottom.Width)
	}
	return width
}

func stackHeight(strips []strip) (height geom.EMU) {
	for i := range strips {
		height += strips[i].space + strips[i].height
	}
	return height
}

// growForMerged gives the last row under a merged cell what the cell needs beyond the rows it covers, and registers the cell.
func (tb *tableBox) growForMerged() {
	for i, r := range tb.rows {
		for j := range r.cells {
			box := &r.cells[j]
			if box.cell.Covered || box.cell.RowSpan <= 1 {
				continue
			}
			lastRow := min(i+box.cell.RowSpan, len(tb.rows)) - 1
			var have geom.EMU
			for _, covered := range tb.rows[i : lastRow+1] {
				have += covered.height
			}
			need := r.top + box.content
			if lastRow == len(tb.rows)-1 {
				need += bottomEdge(tb.rows[lastRow])
			}
			if need > have && tb.rows[lastRow].row.HeightRule != flow.Exactly {
				tb.rows[lastRow].height += need - have
			}
			m := &mergedBox{box: *box, first: i, last: lastRow}
			tb.merged[box.cell] = m
			for _, covered := range tb.rows[i+1 : lastRow+1] {
				for k := range covered.cells {
					if c := &covered.cells[k]; c.cell.Covered && c.left == box.left {
						tb.merged[c.cell] = m
					}
				}
			}
		}
	}
}

// split deals a row out to a head no taller than room and a tail; ok is false when the row stays whole: it may not split, or a
// cell would have nothing in the head. whole is the height of an empty page, beyond which even a row that may not split does.
func (r *rowBox) split(room, whole geom.EMU) (head, tail *rowBox, ok bool) {
	if r.index < r.table.headers || r.row.HeightRule == flow.Exactly ||
		r.row.CannotSplit && r.height <= whole || room <= r.top {
		return nil, nil, false
	}
	h, t := *r, *r
	h.cells, t.cells = make([]cellBox, len(r.cells)), make([]cellBox, len(r.cells))
	h.head, t.tail, t.head = true, true, r.head
	var used, left geom.EMU
	for i, c := range r.cells {
		h.cells[i], t.cells[i] = c, c
		if c.cell.Covered || c.cell.RowSpan > 1 || len(c.strips) == 0 {
			continue
		}
		n := fitting(c.strips, room-r.top-c.cell.Margins.Top-c.cell.Margins.Bottom)
		if n == 0 {
			return nil, nil, false
		}
		margins := c.cell.Margins.Top + c.cell.Margins.Bottom
		upper := stackHeight(c.strips[:n]) + margins
		h.cells[i].strips, h.cells[i].content = c.strips[:n], upper
		t.cells[i].strips, t.cells[i].content = nil, margins
		if n < len(c.strips) {
			rest := append([]strip(nil), c.strips[n:]...)
			rest[0].space = 0
			t.cells[i].strips, t.cells[i].content = rest, stackHeight(rest)+margins
		}
		used = max(used, r.top+upper)
		left = max(left, r.top+t.cells[i].content)
	}
	if used == 0 {
		used = room // only merged cells: cut where the page ends
	}
	h.height = min(used, room)
	t.height = max(left, r.height-h.height)
	return &h, &t, t.height > 0 && left < r.height+r.top
}

// fitting counts the strips that fit a height, and gives back those that must not be last.
func fitting(strips []strip, room geom.EMU) int {
	var y geom.EMU
	n := 0
	for n < len(strips) {
		y += strips[n].space + strips[n].height
		if y > room {
			break
		}
		n++
	}
	if n == len(strips) {
		return n
	}
	for n > 0 && strips[n-1].glue {
		n--
	}
	return n
}

// placedRow is a row at its height on a page.
type placedRow struct {
	row *rowBox
	y   geom.EMU
}

// tablePainter paints the rows of one table that stand on one page.
type tablePainter struct {
	x     geom.EMU // of the column
	rows  []placedRow
	place func(s strip, x, y geom.EMU)
	boxes []page.Item
	rules []page.Item
	drawn map[page.Rule]bool // cells side by side share an edge, which is drawn once
}

// paintRows places the content of the rows and returns their shading and borders, which go below it.
func paintRows(rows []placedRow, x geom.EMU, place func(s strip, x, y geom.EMU)) []page.Item {
	p := &tablePainter{x: x, rows: rows, place: place, drawn: map[page.Rule]bool{}}
	for i := range rows {
		for j := range rows[i].row.cells {
			p.cell(i, &rows[i].row.cells[j])
		}
	}
	return append(p.boxes, p.rules...)
}

// cell paints a cell of the i-th row; a merged one in the first of its rows on this page, with what fits the others.
func (p *tablePainter) cell(i int, c *cellBox) {
	at := p.rows[i]
	top, bottom := at.y, at.y+at.row.height
	strips, content := c.strips, c.content
	tb := at.row.table
	if m := tb.merged[c.cell]; m != nil {
		repeated := at.row.index < tb.headers
		if i > 0 && p.rows[i-1].row.index >= m.first && (repeated || p.rows[i-1].row.index >= tb.headers) {
			return
		}
		var ends bool
		bottom, ends = partBottom(p.rows[i:], m.last)
		strips, content = m.take(bottom-top-at.row.top, ends, repeated)
	} else if c.cell.Covered {
		return
	}
	p.frame(c, top, bottom)
	y := top + at.row.top + c.cell.Margins.Top
	if free := bottom - top - at.row.top - content; free > 0 && !at.row.tail {
		switch c.cell.VAlign {
		case flow.AlignMiddle:
			y += free / 2
		case flow.AlignBottom:
			y += free
		}
	}
	for _, s := range strips {
		y += s.space
		p.place(s, p.x+c.left+c.cell.Margins.Left, y)
		y += s.height
	}
}

// frame draws the shading and the borders of a cell. Horizontal lines run on over half the vertical ones, so that corners close.
func (p *tablePainter) frame(c *cellBox, top, bottom geom.EMU) {
	left, right := p.x+c.left, p.x+c.right
	if c.cell.Shading.Set {
		p.boxes = append(p.boxes, page.Box{X: left, Y: top, Width: right - left, Height: bottom - top, Color: c.cell.Shading})
	}
	b := c.cell.Borders
	p.border(b.Top, left-b.Left.Width/2, top, right+b.Right.Width/2, top)
	p.border(b.Bottom, left-b.Left.Width/2, bottom, right+b.Right.Width/2, bottom)
	p.border(b.Left, left, top, left, bottom)
	p.border(b.Right, right, top, right, bottom)
}

func (p *tablePainter) border(b flow.Border, x1, y1, x2, y2 geom.EMU) {
	for _, item := range appendBorder(nil, b, x1, y1, x2, y2) {
		if rule := item.(page.Rule); !p.drawn[rule] {
			p.drawn[rule] = true
			p.rules = append(p.rules, rule)
		}
	}
}

// partBottom is where the rows up to the given index end on this page, and whether that row itself ends here.
func partBottom(rows []placedRow, last int) (bottom geom.EMU, ends bool) {
	for i, p := range rows {
		if p.row.index <= last {
			bottom = p.y + p.row.height
			ends = p.row.index == last && (i+1 < len(rows) || !p.row.head)
		}
	}
	return bottom, ends
}

// take gives the strips that fit a height, or all when the merged cell ends on this page. A heading row that is repeated keeps its
// content for the next page.
func (m *mergedBox) take(room geom.EMU, ends, repeated bool) ([]strip, geom.EMU) {
	margins := m.box.cell.Margins.Top + m.box.cell.Margins.Bottom
	n := len(m.box.strips)
	if !ends && !repeated {
		n = fitting(m.box.strips, room-margins)
	}
	taken := m.box.strips[:n]
	if !repeated {
		m.box.strips = m.box.strips[n:]
	}
	return taken, stackHeight(taken) + margins
}

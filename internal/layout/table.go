package layout

import (
	"vanthu/internal/flow"
	"vanthu/internal/geom"
)

// A table is composed row by row. Each cell's content is itself a list of strips, so a row that does not fit the rest of a page is
// split by dealing its strips out to two rows. A cell merged downwards keeps its strips apart from the rows it covers: they run on
// through these rows, and on each page the last of them grows by what they lack.
//
//	      x      edges[1]  edges[2]
//	      ┌────────┬─────────┐  top: room for the thickest border of this edge
//	row 0 │ merged │ cell    │
//	      │        ├─────────┤
//	row 1 │        │ cell    │
//	      └────────┴─────────┘  under: likewise; it is the next row's top
//
// A row is its upper border and the tallest of its cells, margins included; a least height is that
// of the content alone, an exact height includes the upper border.

// tableBox is a table being laid out.
type tableBox struct {
	table   *flow.Table
	edges   []geom.EMU // x of each grid line, from the column's left edge
	rows    []*rowBox
	headers int                      // rows repeated on each page
	merges  []*mergeBox              // in the order of their first rows
	merged  map[*flow.Cell]*mergeBox // of the cells that are merged downwards and of those they cover
}

// rowBox is a row, or the part of one that stands on one page.
type rowBox struct {
	table  *tableBox
	index  int
	row    *flow.Row
	top    geom.EMU // room for its upper border
	under  geom.EMU // room for its lower border, where the table or the page ends below it
	height geom.EMU // what its cells ask for, or more for a merged cell that ends in it
	cells  []cellBox
	head   bool // the lower part stands on the next page
	tail   bool // the upper part stands on the page before
	parts  int  // pages that it was dealt out to so far
	forced bool // the head of a row that had to be split, whatever its wishes
}

// closes reports whether the table ends with the row.
func (r *rowBox) closes() bool { return r.index == len(r.table.rows)-1 && !r.head }

// cellBox is the content of a cell in one row.
type cellBox struct {
	cell        *flow.Cell
	left, right geom.EMU // of its edges
	strips      []strip
	below       geom.EMU // space after of the last paragraph
	part        bool     // some of the cell stands on another page
}

// content is the height that a cell asks for, its upper and lower margins included.
func (c *cellBox) content() geom.EMU {
	height := c.cell.Margins.Top + c.cell.Margins.Bottom
	if len(c.strips) > 0 {
		height += stackHeight(c.strips) + c.below
	}
	return height
}

// composeTable appends a strip for each row.
func (l *layouter) composeTable(strips []strip, t *flow.Table, width geom.EMU) []strip {
	if len(t.Rows) == 0 {
		return strips
	}
	tb := &tableBox{table: t, edges: tableEdges(t, width)}
	for i := range t.Rows {
		tb.rows = append(tb.rows, l.composeRow(tb, i))
	}
	tb.settleBorders()
	tb.findMerges()
	tb.countHeaders()
	l.site++
	var y geom.EMU
	for _, r := range tb.rows {
		r.grow(l.site, y)
		y += r.height
		// From Word 2013 on a table does not begin with its heading rows alone at the foot of a page.
		glue := keepsNext(r.row) || r.index < tb.headers && l.doc.Compat >= modern
		strips = append(strips, strip{row: r, glue: glue})
	}
	return strips
}

// tableEdges places the grid lines in the column. A grid with too few columns for its rows gets more, so that no cell is lost.
func tableEdges(t *flow.Table, width geom.EMU) []geom.EMU {
	columns := len(t.Grid)
	for i := range t.Rows {
		n := t.Rows[i].GridBefore
		for j := range t.Rows[i].Cells {
			n += max(1, t.Rows[i].Cells[j].Span)
		}
		columns = max(columns, n)
	}
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
	edges := make([]geom.EMU, columns+1)
	edges[0] = x
	for i := range columns {
		w := geom.Inch
		if i < len(t.Grid) {
			w = t.Grid[i]
		}
		edges[i+1] = edges[i] + w
	}
	return edges
}

// keepsNext reports whether a row stays with the next one: Word asks the first paragraph of its first cell.
func keepsNext(r *flow.Row) bool {
	if len(r.Cells) == 0 {
		return false
	}
	p := paragraphAt(r.Cells[0].Blocks, 0)
	return p != nil && p.KeepNext
}

// composeRow composes the cells of a row.
func (l *layouter) composeRow(tb *tableBox, index int) *rowBox {
	row := &tb.table.Rows[index]
	r := &rowBox{table: tb, index: index, row: row, cells: make([]cellBox, len(row.Cells))}
	column := row.GridBefore
	for i := range row.Cells {
		cell, c := &row.Cells[i], &r.cells[i]
		end := column + max(1, cell.Span)
		c.cell, c.left, c.right = cell, tb.edges[column], tb.edges[end]
		column = end
		if !cell.Covered {
			c.strips, c.below = l.compose(cellBlocks(cell), max(c.right-c.left-c.before()-c.behind(), geom.Point), 0)
		}
	}
	return r
}

// before and behind are the distances of the text from the cell's edges: its margins, or the inner half of a border that is wider.
func (c *cellBox) before() geom.EMU {
	return max(c.cell.Margins.Left, thickness(c.cell.Borders.Left)/2)
}

func (c *cellBox) behind() geom.EMU {
	return max(c.cell.Margins.Right, thickness(c.cell.Borders.Right)/2)
}

// cellBlocks leaves out the empty paragraph that must follow a nested table at the end of a cell: Word gives it no room.
func cellBlocks(cell *flow.Cell) []flow.Block {
	n := len(cell.Blocks)
	if n < 2 {
		return cell.Blocks
	}
	_, nested := cell.Blocks[n-2].(*flow.Table)
	if p := paragraphAt(cell.Blocks, n-1); nested && isEmpty(p) {
		return cell.Blocks[:n-1]
	}
	return cell.Blocks
}

// isEmpty reports whether a paragraph is nothing but its mark.
func isEmpty(p *flow.Paragraph) bool {
	return p != nil && len(p.Inlines) == 0 && len(p.Label) == 0 && p.Borders == (flow.Borders{}) && !p.Shading.Set
}

// settleBorders finds the room for the borders between rows: the thickest of those that meet there. The lower border of a merged cell
// stands under its last row.
func (tb *tableBox) settleBorders() {
	for i, r := range tb.rows {
		for j := range r.cells {
			r.top = max(r.top, thickness(r.cells[j].cell.Borders.Top))
			lowest := tb.rows[min(i+max(1, r.cells[j].cell.RowSpan), len(tb.rows))-1]
			lowest.under = max(lowest.under, thickness(r.cells[j].cell.Borders.Bottom))
		}
		if i > 0 {
			above := tb.rows[i-1]
			r.top = max(r.top, above.under)
			above.under = r.top
		}
	}
}

// mergeBox is what a cell merged downwards still has to place.
type mergeBox struct {
	cellBox
	first, last int      // indexes of the rows it covers
	site        int      // the page on which it was last seen, or the table that was measured by itself
	top         geom.EMU // where its content begins there
}

// findMerges registers the cells that are merged downwards, with those they cover.
func (tb *tableBox) findMerges() {
	for i, r := range tb.rows {
		for j := range r.cells {
			c := &r.cells[j]
			if c.cell.Covered || c.cell.RowSpan <= 1 {
				continue
			}
			if tb.merged == nil {
				tb.merged = map[*flow.Cell]*mergeBox{}
			}
			m := &mergeBox{cellBox: *c, first: i, last: min(i+c.cell.RowSpan, len(tb.rows)) - 1}
			tb.merges = append(tb.merges, m)
			tb.merged[c.cell] = m
			for _, covered := range tb.rows[i+1 : m.last+1] {
				for k := range covered.cells {
					if below := &covered.cells[k]; below.cell.Covered && below.left == c.left {
						tb.merged[below.cell] = m
					}
				}
			}
		}
	}
}

// countHeaders counts the heading rows at the top of the table: none when it has no other, and no cell is half heading.
func (tb *tableBox) countHeaders() {
	for tb.headers < len(tb.rows) && tb.rows[tb.headers].row.Header {
		tb.headers++
	}
	if tb.headers == len(tb.rows) {
		tb.headers = 0
	}
	for i := len(tb.merges) - 1; i >= 0; i-- {
		if m := tb.merges[i]; m.first < tb.headers && m.last >= tb.headers {
			tb.headers = m.first
		}
	}
}

// grow sets the height of a row that begins at y of a page: what its cells ask for, or what the merged cells that end in it lack.
// Tables inside it grow with it.
func (r *rowBox) grow(site int, y geom.EMU) {
	r.height = r.asked(site, y)
	for _, m := range r.table.merges {
		if r.index < m.first || r.index > m.last {
			continue
		}
		if m.site != site {
			m.site, m.top = site, y+r.top+m.cell.Margins.Top
			growStrips(m.strips, site, m.top)
		}
		if r.index == m.last && r.row.HeightRule != flow.Exactly {
			r.height = max(r.height, m.top-m.cell.Margins.Top+m.content()-y)
		}
	}
}

// asked is the height that the cells of a row ask for; a merged cell asks in the last of its rows. A least height counts where the
// row begins.
func (r *rowBox) asked(site int, y geom.EMU) geom.EMU {
	var least geom.EMU
	switch {
	case r.row.HeightRule == flow.AtLeast && !r.tail:
		least = r.row.Height
	case r.row.HeightRule == flow.Exactly:
		least = r.row.Height - r.top
	}
	height := least
	for i := range r.cells {
		c := &r.cells[i]
		margins := c.cell.Margins.Top + c.cell.Margins.Bottom
		content := margins
		if !c.cell.Covered && c.cell.RowSpan <= 1 {
			growStrips(c.strips, site, y+r.top+c.cell.Margins.Top)
			content = c.content()
		}
		height = max(height, content, least+margins)
	}
	if r.row.HeightRule == flow.Exactly {
		return r.row.Height
	}
	return r.top + height
}

// growStrips grows the rows of tables among the strips of a cell, which begin at y.
func growStrips(strips []strip, site int, y geom.EMU) {
	for i := range strips {
		s := &strips[i]
		y += s.after + s.above
		if s.row != nil {
			s.row.grow(site, y)
		}
		y += s.size()
	}
}

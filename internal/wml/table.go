package wml

import (
	"sort"
	"strings"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
)

// This file knows w:tbl: it lays rows and cells on the grid, reads each cell, joins vertical merges (17.4).

// maxColumns bounds the grid; Word allows 63.
const maxColumns = 256

// defaultSideMargin is the left and right cell margin when neither table nor style says (0.19 cm).
const defaultSideMargin = 108 * geom.Twip

// tableReader is a table being read.
type tableReader struct {
	own     tableProps
	style   *tableStyle // flattened, or nil
	named   *style      // whose chain it is
	look    lookFlags
	percent bool     // w:tblW is a percentage
	total   geom.EMU // of w:tblW; 0 when it says nothing
	grid    []geom.EMU
	rows    []tableRow
	nested  bool
}

type tableRow struct {
	element   *ooxml.Element
	row       flow.Row
	exception tableProps // w:tblPrEx
	cells     []tableCell
}

// tableCell is a cell on columns [from, to) of the grid.
type tableCell struct {
	element     *ooxml.Element
	row         int
	from, to    int
	first, last bool // of its row
	width       geom.EMU
	merge       string     // "restart", "continue" or ""
	continued   bool       // the cell below belongs to the same merge
	head        *tableCell // of the merge that covers it, or nil
	props       cellProps
	asked       [4]flow.Border
	cell        flow.Cell
}

// readTable reads a w:tbl; one without cells gives nil.
func (r *reader) readTable(e *ooxml.Element) *flow.Table {
	t := &tableReader{nested: r.depth > 0}
	r.tableProperties(t, e.Child("w:tblPr"))
	r.readRows(t, e.Children)
	if len(t.rows) == 0 {
		return nil
	}
	t.readGrid(e.Child("w:tblGrid"), r.width)
	table := &flow.Table{Grid: t.grid, Number: r.number + 1}
	if !r.inBody {
		table.Number = 0
	}
	r.fillCells(t)
	t.joinMerges()
	t.settle()
	for i := range t.rows {
		row := &t.rows[i]
		row.row.Cells = make([]flow.Cell, len(row.cells))
		for k := range row.cells {
			row.row.Cells[k] = row.cells[k].cell
		}
		table.Rows = append(table.Rows, row.row)
	}
	r.position(t, table)
	return table
}

func (r *reader) tableProperties(t *tableReader, tblPr *ooxml.Element) {
	t.named = r.style("table", tblPr.Child("w:tblStyle").Attr("w:val"))
	if t.named == nil && r.styles.table != nil {
		t.named = r.flatten(r.styles.table)
	}
	if t.named != nil {
		t.style = &t.named.table
	}
	if tblPr == nil {
		return
	}
	t.own.read(tblPr)
	t.look = readLook(tblPr.Child("w:tblLook"))
	t.total = r.preferred(tblPr.Child("w:tblW"), r.width)
	t.percent = tblPr.Child("w:tblW").Attr("w:type") == "pct"
	for _, c := range tblPr.Children {
		switch c.Name {
		case "w:tblpPr":
			r.note(&floatTable, "")
		case "w:tblCellSpacing":
			if value, _ := twips(c, "w:w"); value > 0 {
				r.note(&tableSpacing, "")
			}
		case "w:bidiVisual":
			if on(c) {
				r.note(&rightToLeft, "")
			}
		}
	}
}

// preferred reads a width of type dxa or pct, a share of all (fiftieths of a percent, or "40%"); 0 when it says nothing.
func (r *reader) preferred(e *ooxml.Element, all geom.EMU) geom.EMU {
	text := e.Attr("w:w")
	percent, isPercent := strings.CutSuffix(text, "%")
	switch kind := e.Attr("w:type"); {
	case isPercent:
		n, _ := decimal(percent)
		return rounded(float64(all) * max(0, min(n, 1000)) / 100)
	case kind == "pct":
		n, _ := integer(text)
		return all * geom.EMU(max(0, min(n, 50000))) / 5000
	case kind == "dxa", kind == "":
		value, _ := twips(e, "w:w")
		return max(0, value)
	}
	return 0
}

// readRows gathers the rows, with those inside wrappers.
func (r *reader) readRows(t *tableReader, children []*ooxml.Element) {
	for _, e := range children {
		if e.Name == "w:tr" {
			r.readRow(t, e)
		} else if e.Name == "mc:AlternateContent" {
			r.readRows(t, alternative(e))
		} else if content, wraps := inside(e); wraps {
			r.readRows(t, content)
		}
	}
}

func (r *reader) readRow(t *tableReader, e *ooxml.Element) {
	row := tableRow{element: e}
	column := 0
	if trPr := e.Child("w:trPr"); trPr != nil {
		if trPr.Child("w:del") != nil {
			r.note(&tracked, plainText(e))
			return
		}
		if hidden := trPr.Child("w:hidden"); hidden != nil && on(hidden) {
			r.note(&hiddenText, plainText(e))
			return
		}
		row.readProps(trPr, len(t.rows) == 0 || t.rows[len(t.rows)-1].row.Header)
		if jc := trPr.Child("w:jc"); jc != nil && len(t.rows) == 0 && !t.own.hasAlign {
			t.own.align, t.own.hasAlign = tableAlign(jc.Attr("w:val")), true
		}
		column = row.row.GridBefore
	}
	if exception := e.Child("w:tblPrEx"); exception != nil {
		row.exception.read(exception)
	}
	row.readCells(r, len(t.rows), column, e.Children)
	if n := len(row.cells); n > 0 {
		row.cells[0].first, row.cells[n-1].last = true, true
		t.rows = append(t.rows, row)
	}
}

func (row *tableRow) readProps(trPr *ooxml.Element, headersSoFar bool) {
	for _, c := range trPr.Children {
		switch c.Name {
		case "w:gridBefore":
			n, _ := integer(c.Attr("w:val"))
			row.row.GridBefore = max(0, min(n, maxColumns-1))
		case "w:trHeight":
			height, _ := twips(c, "w:val")
			switch c.Attr("w:hRule") {
			case "exact":
				row.row.Height, row.row.HeightRule = height, flow.Exactly
			case "auto":
			default:
				row.row.Height, row.row.HeightRule = height, flow.AtLeast
			}
			if row.row.Height <= 0 {
				row.row.Height, row.row.HeightRule = 0, flow.Auto
			}
		case "w:tblHeader":
			row.row.Header = on(c) && headersSoFar // only rows from the first one on repeat (17.4.49)
		case "w:cantSplit":
			row.row.CannotSplit = on(c)
		}
	}
}

// readCells lays the cells of a row on the grid from column on and returns the column after them.
func (row *tableRow) readCells(r *reader, index, column int, children []*ooxml.Element) int {
	for _, e := range children {
		if e.Name == "mc:AlternateContent" {
			column = row.readCells(r, index, column, alternative(e))
		} else if content, wraps := inside(e); wraps {
			column = row.readCells(r, index, column, content)
		}
		if e.Name != "w:tc" {
			continue
		}
		c := tableCell{element: e, row: index, from: column, cell: flow.Cell{Span: 1, RowSpan: 1}}
		tcPr := e.Child("w:tcPr")
		if tcPr != nil {
			r.cellProperties(&c, tcPr)
		}
		if hMerge := tcPr.Child("w:hMerge"); hMerge != nil && hMerge.Attr("w:val") != "restart" && len(row.cells) > 0 {
			before := &row.cells[len(row.cells)-1]
			before.to = min(before.to+1, maxColumns)
			before.cell.Span, column = before.to-before.from, before.to
			if text := plainText(e); strings.TrimSpace(text) != "" {
				r.note(&coveredText, text)
			}
			continue
		}
		if column >= maxColumns {
			r.note(&unknown, plainText(e))
			continue
		}
		c.cell.Span = min(c.cell.Span, maxColumns-column)
		c.to = column + c.cell.Span
		column = c.to
		row.cells = append(row.cells, c)
	}
	return column
}

func (r *reader) cellProperties(c *tableCell, tcPr *ooxml.Element) {
	c.props.read(tcPr)
	for _, e := range tcPr.Children {
		switch e.Name {
		case "w:gridSpan":
			n, _ := integer(e.Attr("w:val"))
			c.cell.Span = max(1, min(n, maxColumns))
		case "w:vMerge":
			c.merge = "continue"
			if e.Attr("w:val") == "restart" {
				c.merge = "restart"
			}
		case "w:tcW":
			c.width = r.preferred(e, r.width)
		case "w:textDirection":
			if v := e.Attr("w:val"); v != "lrTb" && v != "lr" && v != "" {
				r.note(&turnedText, plainText(c.element))
			}
		}
	}
}

// fillCells reads the content of the cells in order, each in the width and the look of its place.
func (r *reader) fillCells(t *tableReader) {
	width, table := r.width, r.table
	r.depth++
	var shared *tableLook
	if t.named != nil {
		shared = &tableLook{para: t.named.para, run: t.named.run, cell: t.style.cell}
	}
	conditional := t.style != nil && t.style.conditions != [conditionCount]*conditional{}
	for i := range t.rows {
		row := &t.rows[i]
		for k := range row.cells {
			c := &row.cells[k]
			var in [conditionCount]bool
			look := shared
			if conditional {
				in = t.style.conditionsOf(t.look, i, len(t.rows), c.from, c.to, len(t.grid))
				look = r.conditionalLook(t, shared, &in)
			}
			c.asked = t.asked(c, &in)
			t.resolveCell(c, look)
			r.width = -c.cell.Margins.Left - c.cell.Margins.Right
			for _, w := range t.grid[c.from:c.to] {
				r.width += w
			}
			r.width = max(r.width, geom.Point)
			r.table = look
			if c.merge == "continue" && t.above(c) != nil {
				if text := plainText(c.element); strings.TrimSpace(text) != "" {
					r.note(&coveredText, text)
					r.place(func() string { return text })
				}
				r.skip(c.element)
				continue
			}
			c.cell.Blocks = r.blocks(nil, c.element.Children)
		}
	}
	r.depth--
	r.width, r.table = width, table
}

// skip counts the paragraphs of a covered cell, so that the numbers of those that follow stay those of the file.
func (r *reader) skip(e *ooxml.Element) {
	e.Walk(func(d *ooxml.Element) bool {
		if d.Name == "w:p" && r.inBody {
			r.number++
		}
		return d.Name != "w:txbxContent"
	})
}

// conditionalLook lays the parts of the table style that a cell lies in over each other.
func (r *reader) conditionalLook(t *tableReader, shared *tableLook, in *[conditionCount]bool) *tableLook {
	look := *shared
	for which, part := range t.style.conditions {
		if in[which] && part != nil {
			look.para.overlay(&part.para)
			look.run.overlay(&part.run)
			look.cell.overlay(&part.cell)
		}
	}
	return &look
}

// resolveCell settles margins, shading and alignment: table style, table, row exception, part of the style, cell.
func (t *tableReader) resolveCell(c *tableCell, look *tableLook) {
	m := margins{sides: [4]geom.EMU{0, 0, defaultSideMargin, defaultSideMargin}}
	exception := &t.rows[c.row].exception
	shade := t.own.shade
	if t.style != nil {
		m.overlay(&t.style.margins)
		if !shade.Set {
			shade = t.style.shade
		}
	}
	m.overlay(&t.own.margins)
	m.overlay(&exception.margins)
	if look != nil {
		m.overlay(&look.cell.margins)
		if look.cell.hasShade {
			shade = look.cell.shade
		}
		c.cell.VAlign = look.cell.vAlign
	}
	m.overlay(&c.props.margins)
	c.cell.Margins = flow.Margins{Top: m.sides[top], Bottom: m.sides[bottom], Left: m.sides[left], Right: m.sides[right]}
	if exception.shade.Set {
		shade = exception.shade
	}
	if c.props.hasShade {
		shade = c.props.shade
	}
	c.cell.Shading = shade
	if c.props.hasVAlign {
		c.cell.VAlign = c.props.vAlign
	}
}

// firstAt returns the index of the first cell that ends after a column.
func firstAt(cells []tableCell, column int) int {
	return sort.Search(len(cells), func(k int) bool { return cells[k].to > column })
}

// above returns the cell of the row above that a continued merge belongs to: on the same columns, itself in a merge.
func (t *tableReader) above(c *tableCell) *tableCell {
	if c.row == 0 {
		return nil
	}
	cells := t.rows[c.row-1].cells
	k := firstAt(cells, c.from)
	if k == len(cells) || cells[k].from != c.from || cells[k].to != c.to || cells[k].merge == "" {
		return nil
	}
	return &cells[k]
}

// joinMerges sets RowSpan, Covered and the bottom of merges (17.4.84). A continuation with no cell to continue stands alone.
func (t *tableReader) joinMerges() {
	for i := range t.rows {
		for k := range t.rows[i].cells {
			c := &t.rows[i].cells[k]
			if c.merge != "continue" {
				continue
			}
			up := t.above(c)
			if up == nil {
				continue
			}
			c.head = up
			if up.head != nil {
				c.head = up.head
			}
			c.head.cell.RowSpan++
			c.cell.Covered, up.continued = true, true
		}
	}
}

// position settles alignment and indent. Below compatibility mode 15 w:tblInd of a table that is not nested leads to its text,
// otherwise to its edge (17.4.50, [MS-DOCX] 2.3.3); flow wants the text.
func (r *reader) position(t *tableReader, table *flow.Table) {
	props := t.own
	if t.style != nil {
		if !props.hasAlign {
			props.align = t.style.align
		}
		if !props.hasIndent {
			props.indent = t.style.indent
		}
	}
	table.Align = props.align
	if table.Align != flow.Left {
		return
	}
	first := t.rows[0].cells[0]
	edge := props.indent
	if r.settings.compat < 15 && !t.nested {
		m := margins{sides: [4]geom.EMU{left: defaultSideMargin}}
		if t.style != nil {
			m.overlay(&t.style.margins)
		}
		m.overlay(&t.own.margins)
		m.overlay(&t.rows[0].exception.margins)
		edge -= m.sides[left]
	}
	table.Indent = edge + first.cell.Margins.Left
}

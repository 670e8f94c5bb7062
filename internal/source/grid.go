package source

import (
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/vi"
	"vanthu/internal/xlsx"
)

// grid is a sheet of a workbook, or a CSV file, as cells that know what they hold.
type grid struct {
	file   string
	sheet  string // "" for CSV
	hidden bool
	book   *book     // nil for CSV
	rows   []gridRow // those that hold anything, from the top
	form   *form     // where it is filled in as one, or nil
}

type gridRow struct {
	number int    // from 1, as the sheet counts
	cells  []cell // from column A on
}

// cell is what a person typed or what a program worked out.
type cell struct {
	kind   xlsx.Kind
	filled bool // belongs to a merged range and repeats its first cell
	worked bool // worked out by a formula
	format xlsx.Format
	row    int32 // of the cell that holds the text, from 1
	column int32 // from 0
	text   string
}

// Limits of a sheet. A register of ten thousand tasks stays below them.
const (
	maxRows    = 20_000
	maxColumns = 200
	maxFilled  = 500_000 // cells in merged ranges
)

// Limits of all sheets of a workbook.
const (
	maxCells = 1_500_000 // kept, blank ones between others too
	maxText  = 64 << 20  // bytes; many cells may name the same long text, and each is looked at
)

func (g *grid) place(row, column int) diag.Place {
	return diag.Place{File: g.file, Sheet: g.sheet, Cell: xlsx.CellName(row, column)}
}

// placeOf is where the text of a cell stands.
func (g *grid) placeOf(c cell) diag.Place { return g.place(int(c.row), int(c.column)) }

// at returns a cell of a row; it is blank to the right of the last one.
func (r *gridRow) at(column int) cell {
	if column < 0 || column >= len(r.cells) {
		return cell{row: int32(r.number), column: int32(column)}
	}
	return r.cells[column]
}

// itself returns a cell of a row, blank where it only belongs to one merged from its left. One merged from above stands in each row.
func (r *gridRow) itself(column int) cell {
	c := r.at(column)
	if c.filled && int(c.column) != column {
		return cell{row: int32(r.number), column: int32(column)}
	}
	return c
}

// words is the text of a cell on one line.
func (c cell) words() string { return strings.Join(strings.Fields(vi.Clean(c.text)), " ") }

// own returns the cells of a row that hold something and repeat nothing.
func (r *gridRow) own() (cells []cell) {
	for _, c := range r.cells {
		if c.kind != xlsx.Blank && !c.filled {
			cells = append(cells, c)
		}
	}
	return cells
}

// add adds a cell to the last row, or to one below it.
func (g *grid) add(c xlsx.Cell) {
	last := len(g.rows) - 1
	if last < 0 || g.rows[last].number != c.Row {
		width := 8
		if last >= 0 {
			width = len(g.rows[last].cells)
		}
		g.rows = append(g.rows, gridRow{number: c.Row, cells: make([]cell, 0, width)})
		last++
	}
	row := &g.rows[last]
	g.book.cells += max(1, c.Column+1-len(row.cells))
	g.book.text += len(c.Text)
	for len(row.cells) < c.Column {
		row.cells = append(row.cells, cell{row: int32(c.Row), column: int32(len(row.cells))})
	}
	added := cell{kind: c.Kind, worked: c.Worked, format: c.Format, row: int32(c.Row), column: int32(c.Column), text: c.Text}
	if len(row.cells) == c.Column {
		row.cells = append(row.cells, added)
	} else {
		row.cells[c.Column] = added
	}
}

// fill repeats the first cell of each merged range in the others, as far as there are rows. It is false when there is too much to do; a
// narrow range far to the right makes whole rows, so cells are counted too.
func (g *grid) fill(merged []xlsx.Range) bool {
	budget := maxFilled
	for _, a := range merged {
		first, found := slices.BinarySearchFunc(g.rows, a.Top, func(r gridRow, number int) int { return r.number - number })
		if !found {
			continue
		}
		from := g.rows[first].at(a.Left)
		if from.kind == xlsx.Blank {
			continue
		}
		from.filled = true
		for i := first; i < len(g.rows) && g.rows[i].number <= a.Bottom; i++ {
			row := &g.rows[i]
			right := min(a.Right, maxColumns-1)
			if budget -= right - a.Left + 1; budget < 0 || g.book.tooLarge() {
				return false
			}
			g.book.text += (right - a.Left + 1) * len(from.text)
			for len(row.cells) <= right {
				g.book.cells++
				row.cells = append(row.cells, cell{row: int32(row.number), column: int32(len(row.cells))})
			}
			for column := a.Left; column <= right; column++ {
				if row.cells[column].kind == xlsx.Blank {
					row.cells[column] = from
				}
			}
		}
	}
	return true
}

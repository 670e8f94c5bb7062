package source

import (
	"slices"
	"strconv"
	"strings"

	"vanthu/internal/diag"
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
	kind   cellKind
	filled bool // belongs to a merged range and repeats its first cell
	worked bool // worked out by a formula
	format numberFormat
	row    int32 // of the cell that holds the text, from 1
	column int32 // from 0
	text   string
}

type cellKind uint8

const (
	blankCell   cellKind = iota
	textCell             // typed
	numberCell           // text is the number as the file has it: "1.234", "4.6E4"
	boolCell             // TRUE or FALSE
	faultCell            // text is the fault: #N/A
	formulaCell          // a formula whose value the file does not hold
)

// Limits of a sheet. A register of ten thousand tasks stays below them.
const (
	maxRows    = 20_000
	maxColumns = 200
	maxFilled  = 500_000 // cells in merged ranges
	lastRow    = 1 << 20 // that a spreadsheet has (ECMA-376-1, 18.3.1.73)
)

// Limits of all sheets of a workbook.
const (
	maxCells    = 1_500_000 // kept, blank ones between others too
	maxElements = 2_000_000 // in the file: rows, cells, merged ranges
	maxText     = 64 << 20  // bytes; many cells may name the same long text, and each is looked at
)

// area is a merged range; rows from 1, columns from 0, both ends included.
type area struct{ top, left, bottom, right int }

func (g *grid) place(row, column int) diag.Place {
	return diag.Place{File: g.file, Sheet: g.sheet, Cell: cellName(row, column)}
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
func (c cell) words() string { return strings.Join(strings.Fields(lines(c.text)), " ") }

// own returns the cells of a row that hold something and repeat nothing.
func (r *gridRow) own() (cells []cell) {
	for _, c := range r.cells {
		if c.kind != blankCell && !c.filled {
			cells = append(cells, c)
		}
	}
	return cells
}

// fill repeats the first cell of each merged range in the others, as far as there are rows. It is false when there is too much to do; a
// narrow range far to the right makes whole rows, so cells are counted too.
func (g *grid) fill(areas []area) bool {
	budget := maxFilled
	for _, a := range areas {
		first, found := slices.BinarySearchFunc(g.rows, a.top, func(r gridRow, number int) int { return r.number - number })
		if !found {
			continue
		}
		from := g.rows[first].at(a.left)
		if from.kind == blankCell {
			continue
		}
		from.filled = true
		for i := first; i < len(g.rows) && g.rows[i].number <= a.bottom; i++ {
			row := &g.rows[i]
			right := min(a.right, maxColumns-1)
			if budget -= right - a.left + 1; budget < 0 || g.book.tooLarge() {
				return false
			}
			g.book.text += (right - a.left + 1) * len(from.text)
			for len(row.cells) <= right {
				g.book.cells++
				row.cells = append(row.cells, cell{row: int32(row.number), column: int32(len(row.cells))})
			}
			for column := a.left; column <= right; column++ {
				if row.cells[column].kind == blankCell {
					row.cells[column] = from
				}
			}
		}
	}
	return true
}

// cellName writes row 7 and column 2 as C7.
func cellName(row, column int) string {
	var letters [8]byte
	i := len(letters)
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		i--
		letters[i] = byte('A' + (n-1)%26)
	}
	return string(letters[i:]) + strconv.Itoa(row)
}

// cellAt reads C7 as row 7 and column 2. Signs $ are passed over; false when there is no such cell.
func cellAt(name string) (row, column int, ok bool) {
	i, letters := 0, 0
	for ; i < len(name); i++ {
		c := name[i] &^ 0x20 // a capital
		if name[i] == '$' {
			continue
		}
		if c < 'A' || c > 'Z' {
			break
		}
		column = column*26 + int(c-'A') + 1
		if letters++; letters > 3 {
			return 0, 0, false
		}
	}
	digits := 0
	for ; i < len(name) && '0' <= name[i] && name[i] <= '9' && digits < 8; i++ {
		row = row*10 + int(name[i]-'0')
		digits++
	}
	return row, column - 1, i == len(name) && letters > 0 && row > 0
}

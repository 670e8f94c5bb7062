package xlsx

import (
	"strconv"
	"strings"

	"vanthu/internal/ooxml"
)

// Cell is what a person typed into a cell, or what a program worked out.
type Cell struct {
	Row, Column int // from 1; from 0
	Kind        Kind
	Format      Format
	Worked      bool // worked out by a formula
	Text        string
}

// Kind is what a cell holds.
type Kind uint8

// The kinds of cells.
const (
	Blank   Kind = iota
	Text         // typed
	Number       // Text is the number as the file has it: "1.234", "4.6E4"
	Bool         // TRUE or FALSE
	Fault        // Text is the fault: #N/A
	Formula      // without a value in the file
)

// Range is a merged range: rows from 1, columns from 0, both ends included.
type Range struct{ Top, Left, Bottom, Right int }

// Each calls each with the cells of a sheet that hold something, row by row from the top, until it returns false. What comes back are the
// merged ranges of the sheet met so far. Several cells of one name come as they stand.
//
// It ends as well where the workbook has more than MaxElements.
func (b *Book) Each(sheet Sheet, each func(Cell) bool) (merged []Range, err error) {
	s, err := b.scan(sheet.part)
	if err != nil {
		return nil, err
	}
	r := sheetReader{Scanner: s, book: b, column: -1, each: each}
	for !r.stopped && b.Elements <= MaxElements && s.Next() {
		if err := r.tag(); err != nil {
			return nil, err
		}
	}
	return r.merged, s.Err()
}

// lastRow is the last that a spreadsheet has (18.3.1.73).
const lastRow = 1 << 20

// sheetReader reads the part of a sheet.
type sheetReader struct {
	*ooxml.Scanner
	book    *Book
	each    func(Cell) bool
	stopped bool
	merged  []Range
	last    int // the row of the last cell given
	row     int // of the cell at hand, from 1
	column  int

	// Of the cell at hand:
	kind, style       string
	value             string
	inline            pieces
	formula, hasValue bool
	rich              bool // inside <is>
}

// tag takes the tag at hand (18.3.1.4 c, 18.3.1.73 row, 18.3.1.96 v, 18.3.1.53 is).
func (r *sheetReader) tag() error {
	switch r.Name {
	case "row":
		if !r.End {
			r.startRow()
		}
	case "c":
		if !r.End {
			r.startCell()
		}
		if r.End || r.Closed {
			return r.endCell()
		}
	case "f":
		r.formula = true
	case "v":
		if r.End {
			r.value, r.hasValue = r.Text, true
		}
	case "is":
		r.rich = !r.End && !r.Closed
	case "rPh":
		r.rich = r.End
	case "t":
		if r.End && r.rich {
			r.inline.add(r.Text)
		}
	case "mergeCell":
		if !r.End {
			r.merge()
		}
	}
	return nil
}

func (r *sheetReader) startRow() {
	r.book.Elements++
	r.row++
	if n, err := strconv.Atoi(r.Attr("r")); err == nil && 0 < n && n <= lastRow {
		r.row = n
	}
	r.column = -1
}

func (r *sheetReader) startCell() {
	r.book.Elements++
	r.column++
	r.kind, r.style, r.value, r.formula, r.hasValue = "", "", "", false, false
	r.inline.take()
	for _, a := range r.Attrs {
		switch a.Name {
		case "r":
			if row, column, ok := ParseCell(a.Value); ok {
				r.row, r.column = row, column
			}
		case "s":
			r.style = a.Value
		case "t":
			r.kind = a.Value
		}
	}
}

// endCell hands on the cell at hand, unless it is blank.
func (r *sheetReader) endCell() error {
	c := r.cell()
	if c.Kind != Formula && strings.TrimSpace(c.Text) == "" {
		return nil
	}
	if c.Row < 1 || c.Row < r.last {
		return damaged("rows go down a sheet")
	}
	r.last = c.Row
	r.stopped = !r.each(c)
	return nil
}

// cell is the cell at hand (18.18.11 ST_CellType).
func (r *sheetReader) cell() Cell {
	c := Cell{Row: r.row, Column: r.column, Format: r.book.format(r.style), Worked: r.formula}
	switch {
	case r.formula && (!r.hasValue || r.value == "" && r.kind != "str"):
		c.Kind = Formula
	case r.kind == "inlineStr":
		c.Kind, c.Text = Text, unescape(r.inline.take())
	case r.kind == "s":
		n, err := strconv.Atoi(strings.TrimSpace(r.value))
		if err == nil && n >= 0 && n < len(r.book.strings) {
			c.Kind, c.Text = Text, r.book.strings[n]
		}
	case r.kind == "str":
		c.Kind, c.Text = Text, unescape(r.value)
	case r.kind == "e":
		c.Kind, c.Text = Fault, unescape(r.value)
	case r.kind == "b":
		c.Kind, c.Text = Bool, "FALSE"
		if value := strings.TrimSpace(r.value); value == "1" || value == "true" {
			c.Text = "TRUE"
		}
	case r.kind == "d": // ISO 8601
		day, _, _ := strings.Cut(strings.TrimSpace(r.value), "T")
		c.Kind, c.Text = Text, day
	default:
		c.Kind, c.Text = Number, strings.TrimSpace(r.value)
	}
	return c
}

func (r *sheetReader) merge() {
	r.book.Elements++
	first, last, _ := strings.Cut(r.Attr("ref"), ":")
	top, left, ok := ParseCell(first)
	bottom, right, okToo := ParseCell(last)
	if ok && okToo && top <= bottom && left <= right {
		r.merged = append(r.merged, Range{top, left, bottom, right})
	}
}

// Formulas returns the formulas of a sheet by the names of their cells. One that is shared with other cells, whose references are not its
// own, is "?".
func (b *Book) Formulas(sheet Sheet) (map[string]string, error) {
	s, err := b.scan(sheet.part)
	if err != nil {
		return nil, err
	}
	formulas, at := map[string]string{}, ""
	for s.Next() {
		switch {
		case s.Name == "c" && !s.End:
			at = s.Attr("r")
		case s.Name == "f" && s.Closed, s.Name == "f" && !s.End && s.Attr("t") != "":
			formulas[at] = "?"
		case s.Name == "f" && s.End && formulas[at] == "":
			formulas[at] = s.Text
		}
	}
	return formulas, s.Err()
}

package source

import (
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/xlsx"
)

// Sheet is a sheet of a workbook, or a CSV file, in which the table of a schema was looked for.
type Sheet struct {
	Name string // empty for CSV

	extraction *extraction
	grid       *grid
	layout     *layout // nil where it has no heading of the table
}

// Row is a row of a table.
type Row struct {
	Number int // of the sheet, from 1
	Place  diag.Place
	Fields []model.Field
}

// Sheets opens a workbook or a CSV file that has the one table of a schema on any number of sheets, whatever their names. Blank and hidden
// sheets are left out. Findings say why the file cannot be read.
func Sheets(input Input, schema *model.Schema) (sheets []*Sheet, found diag.Findings) {
	grids, found := openSheets(input)
	if found.Blocking() {
		return nil, found
	}
	x := newExtraction(schema)
	for _, g := range grids {
		if len(g.rows) > 0 && !g.hidden {
			sheets = append(sheets, &Sheet{Name: g.sheet, extraction: x, grid: g, layout: x.dictionary.find(g)[0]})
		}
	}
	return sheets, found
}

// Columns returns how many columns of the table the heading has, 0 where there is none. Those that are worked out do not count.
func (s *Sheet) Columns() int {
	if s.layout == nil {
		return 0
	}
	return s.layout.read
}

// Complete reports whether the heading has all columns that the table requires.
func (s *Sheet) Complete() bool { return s.layout != nil && len(s.layout.missing) == 0 }

// Has reports whether the heading has one of some columns.
func (s *Sheet) Has(keys ...string) bool {
	if s.layout == nil {
		return false
	}
	for k, column := range s.layout.list.columns {
		if s.layout.columns[k] >= 0 && slices.Contains(keys, column.Key) {
			return true
		}
	}
	return false
}

// Heading returns the place of the heading, of its last row. The sheet must have one, as for Above and Rows.
func (s *Sheet) Heading() diag.Place { return s.grid.place(s.grid.rows[s.layout.after-1].number, 0) }

// Above returns what stands above the heading, on one line.
func (s *Sheet) Above() string {
	var above []string
	for _, row := range s.grid.rows[:s.layout.first] {
		for _, c := range row.own() {
			above = append(above, c.words())
		}
	}
	return strings.Join(above, " ")
}

// Rows returns the rows of the table, none where the heading lacks a column that the table requires. A row with a single text for which
// skip is true is left out. Findings name what cannot be read.
func (s *Sheet) Rows(skip func(text string) bool) (rows []Row, found diag.Findings) {
	g, after := *s.grid, s.layout.after
	g.rows = slices.Concat(g.rows[:after], slices.DeleteFunc(slices.Clone(g.rows[after:]), func(row gridRow) bool {
		own := row.own()
		return len(own) == 1 && skip(own[0].words())
	}))
	before := len(s.extraction.found)
	items, ok := s.extraction.readTable(&g, s.layout)
	found = slices.Clone(s.extraction.found[before:])
	if !ok {
		return nil, found
	}
	for _, item := range items.Items {
		row := Row{Place: item.Place, Fields: item.Fields}
		row.Number, _, _ = xlsx.ParseCell(item.Place.Cell)
		rows = append(rows, row)
	}
	return rows, found
}

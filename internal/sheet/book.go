package sheet

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/vi"
)

// book is a workbook that is being written. The first error of the library is kept, and what comes after it does nothing that
// counts, so that the code that lays out sheets reads as a list of what is on them.
type book struct {
	file   *excelize.File
	styles map[look]int
	colour map[look]int // of conditional formats
	sheets []string
	err    error
}

func newBook() *book {
	b := &book{file: excelize.NewFile(), styles: map[look]int{}, colour: map[look]int{}}
	b.check(b.file.SetDefaultFont(face))
	return b
}

func (b *book) check(err error) {
	if b.err == nil {
		b.err = err
	}
}

// add makes an empty sheet at the end and gives its name, which is title made fit for Excel.
func (b *book) add(title string) string {
	name := sheetName(title, b.sheets)
	if len(b.sheets) == 0 {
		b.check(b.file.SetSheetName(b.file.GetSheetName(0), name))
	} else {
		_, err := b.file.NewSheet(name)
		b.check(err)
	}
	b.check(b.file.SetSheetDimension(name, "")) // it says one cell, which readers would believe
	b.sheets = append(b.sheets, name)
	return name
}

// sheetName drops what Excel forbids in the name of a sheet, and the apostrophe, which needs care in formulas; it cuts the name to
// 31 UTF-16 units and sets a number after one that is taken, whatever its capitals.
func sheetName(title string, taken []string) string {
	title = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`:\/?*[]'`, r) {
			return -1
		}
		return r
	}, title)
	title = strings.TrimSpace(title)
	if title == "" {
		title = "Bảng"
	}
	for n := 1; ; n++ {
		tail := ""
		if n > 1 {
			tail = fmt.Sprintf(" (%d)", n)
		}
		name := cut(title, 31-len(tail)) + tail
		free := true
		for _, other := range taken {
			free = free && !strings.EqualFold(other, name)
		}
		if free {
			return name
		}
	}
}

// cut returns the beginning of a text of at most so many UTF-16 units, the measure of a cell.
func cut(text string, most int) string {
	if len(text) <= most { // no character has more units than bytes
		return text
	}
	units := 0
	for i, r := range text {
		if units += utf16.RuneLen(r); units > most {
			return strings.TrimSpace(text[:i])
		}
	}
	return text
}

// define gives a name to a range; scope is the sheet that the name is for, or empty for all.
func (b *book) define(name, refersTo, scope string) {
	b.check(b.file.SetDefinedName(&excelize.DefinedName{Name: name, RefersTo: refersTo, Scope: scope}))
}

// bytes closes the workbook. It is dated by the document, as nobody here asks for the time.
func (b *book) bytes(title string, day vi.Date) ([]byte, error) {
	defer b.file.Close()
	stamp := "2026-01-01T00:00:00Z"
	if day != (vi.Date{}) {
		stamp = day.ISO() + "T00:00:00Z"
	}
	b.check(b.file.SetDocProps(&excelize.DocProperties{
		Title: title, Creator: "Văn Thư", LastModifiedBy: "Văn Thư", Language: "vi-VN", Created: stamp, Modified: stamp,
	}))
	recalculate := true
	b.check(b.file.SetCalcProps(&excelize.CalcPropsOptions{FullCalcOnLoad: &recalculate}))
	b.file.SetZipWriter(newOrderedZIP)
	if b.err != nil {
		return nil, b.err
	}
	buffer, err := b.file.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}

// page is a sheet that is being written, from its first row to its last.
type page struct {
	book   *book
	name   string
	stream *excelize.StreamWriter
	row    int             // that is written next, from 1
	high   float64         // points, of the rows before it
	cells  []excelize.Cell // of it
	values []any           // of it: nil, or a pointer into cells
}

// open begins a sheet of the book, whose columns have these widths in characters.
func (b *book) open(name string, widths []float64, set setup) *page {
	p := &page{book: b, name: name, row: 1, cells: make([]excelize.Cell, len(widths)), values: make([]any, len(widths))}
	set.before(b, name)
	stream, err := b.file.NewStreamWriter(name)
	if b.check(err); err != nil {
		return p
	}
	p.stream = stream
	if set.panes != nil {
		b.check(stream.SetPanes(set.panes))
	}
	for i, width := range widths {
		b.check(stream.SetColWidth(i+1, i+1, width))
	}
	return p
}

// set puts a value into a cell of the row at hand; columns count from 0. Text is never taken for a formula.
func (p *page) set(column int, value any, style int) {
	p.cells[column] = excelize.Cell{StyleID: style, Value: value}
	p.values[column] = &p.cells[column]
}

// formula puts a formula into a cell of the row at hand, with the value that it comes to.
func (p *page) formula(column int, formula string, value any, style int) {
	if value == nil {
		value = ""
	}
	p.cells[column] = excelize.Cell{StyleID: style, Formula: formula, Value: value}
	p.values[column] = &p.cells[column]
}

// span puts a value into cells from to to, merged down to rows more.
func (p *page) span(from, to, down int, value any, style int) {
	for column := from + 1; column <= to; column++ {
		p.set(column, nil, style)
	}
	p.set(from, value, style)
	if from != to || down > 0 {
		p.book.check(p.stream.MergeCell(cell(from, p.row), cell(to, p.row+down)))
	}
}

// end writes the row at hand, of a height in points, 0 for the common one.
func (p *page) end(height float64) {
	if p.stream != nil && p.book.err == nil {
		p.book.check(p.stream.SetRow(cell(0, p.row), p.values, excelize.RowOpts{Height: min(height, excelize.MaxRowHeight)}))
	}
	clear(p.values)
	p.high += height
	p.row++
}

// close ends the sheet. Nothing can be added to it after that.
func (p *page) close() {
	if p.stream != nil && p.book.err == nil {
		p.book.check(p.stream.Flush())
	}
}

// letters names a column, from 0.
func letters(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}

// cell names a cell by its column from 0 and its row from 1.
func cell(column, row int) string { return letters(column) + strconv.Itoa(row) }

// fixed names a cell so that the name holds wherever it is copied to.
func fixed(column, row int) string { return "$" + letters(column) + "$" + strconv.Itoa(row) }

// down names the cells of a column from one row to another, on any sheet.
func down(sheet string, column, first, last int) string {
	return quote(sheet) + "!" + fixed(column, first) + ":" + fixed(column, last)
}

func quote(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }

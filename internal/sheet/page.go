package sheet

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/lazyregexp"
)

// page is a sheet that is being written, from its first row to its last. What stands behind the rows in the file is gathered until close.
type page struct {
	book    *book
	name    string
	columns []pageColumn
	setup   setup
	frame   frame
	row     int     // that is written next, from 1
	high    float64 // points, of the rows before it
	cells   []pageCell

	filter      string // the cells with their header that can be filtered, or empty
	merged      []string
	colours     string // the conditional formats, or empty
	validations []*excelize.DataValidation
	breaks      []int // rows after which a page ends
	drawing     bool
}

// pageColumn is a column of a sheet.
type pageColumn struct {
	width  float64 // characters
	style  int     // of cells that are not written
	hidden bool
}

// pageCell is a cell of the row at hand.
type pageCell struct {
	written bool
	style   int
	formula string
	value   any // string, int, int64, float64 or nil
}

// open begins a sheet of the book, whose columns have these widths in characters. Columns may be changed until the first row is written.
func (b *book) open(name string, widths []float64, set setup) *page {
	frame, err := pageFrame(frameKey{set.fit, set.zoom, set.tab, b.sheets[b.active] == name})
	b.check(err)
	p := &page{book: b, name: name, setup: set, frame: frame, row: 1}
	p.columns, p.cells = make([]pageColumn, len(widths)), make([]pageCell, len(widths))
	for i, width := range widths {
		p.columns[i].width = min(width, excelize.MaxColumnWidth)
	}
	return p
}

// set puts a value into a cell of the row at hand; columns count from 0. Text is never taken for a formula.
func (p *page) set(column int, value any, style int) {
	p.cells[column] = pageCell{written: true, style: style, value: value}
}

// formula puts a formula into a cell of the row at hand, with the value that it comes to.
func (p *page) formula(column int, formula string, value any, style int) {
	if value == nil {
		value = ""
	}
	p.cells[column] = pageCell{written: true, style: style, formula: formula, value: value}
}

// span puts a value into cells from to to, merged down to rows more.
func (p *page) span(from, to, down int, value any, style int) {
	for column := from + 1; column <= to; column++ {
		p.set(column, nil, style)
	}
	p.set(from, value, style)
	if from != to || down > 0 {
		p.merged = append(p.merged, cell(from, p.row)+":"+cell(to, p.row+down))
	}
}

// end writes the row at hand, of a height in points, 0 for the common one.
func (p *page) end(height float64) {
	if p.row > excelize.TotalRows {
		p.book.check(fmt.Errorf("sheet: %s has more than %d rows", p.name, excelize.TotalRows))
	}
	out := p.book.xml
	if p.row == 1 {
		out = p.begin(out)
	}
	row := strconv.Itoa(p.row)
	out = append(out, `<row r="`...)
	out = append(out, row...)
	out = append(out, '"')
	if height > 0 {
		out = append(out, ` ht="`...)
		out = appendNumber(out, min(height, excelize.MaxRowHeight))
		out = append(out, `" customHeight="1"`...)
	}
	out = append(out, '>')
	for i := range p.cells {
		if p.cells[i].written {
			out = p.cells[i].append(out, i, row)
		}
	}
	p.book.xml = append(out, `</row>`...)
	clear(p.cells)
	p.high += height
	p.row++
}

// begin writes what stands in the file before the rows. The columns stand in reverse.
func (p *page) begin(out []byte) []byte {
	out = append(out, p.frame.head...)
	if panes := p.setup.panes; panes != nil {
		out = append(out, panes.xml()...)
	}
	out = append(out, p.frame.views...)
	out = append(out, `<cols>`...)
	for i, column := range slices.Backward(p.columns) {
		out = fmt.Appendf(out, `<col min="%d" max="%d" width="`, i+1, i+1)
		out = appendNumber(out, column.width)
		out = append(out, `" customWidth="1"`...)
		if column.style > 0 {
			out = fmt.Appendf(out, ` style="%d"`, column.style)
		}
		if column.hidden {
			out = append(out, ` hidden="1"`...)
		}
		out = append(out, `/>`...)
	}
	return append(out, `</cols><sheetData>`...)
}

// close ends the sheet. Nothing can be added to it after that.
func (p *page) close() {
	out := p.book.xml
	if p.row == 1 {
		out = p.begin(out)
	}
	out = append(out, `</sheetData>`...)
	if p.filter != "" {
		out = append(out, `<autoFilter ref="`+p.filter+`"></autoFilter>`...)
	}
	if len(p.merged) > 0 {
		out = fmt.Appendf(out, `<mergeCells count="%d">`, len(p.merged))
		for _, cells := range p.merged {
			out = append(out, `<mergeCell ref="`...)
			out = append(out, cells...)
			out = append(out, `"/>`...)
		}
		out = append(out, `</mergeCells>`...)
	}
	out = append(out, p.colours...)
	if len(p.validations) > 0 {
		out = fmt.Appendf(out, `<dataValidations count="%d">`, len(p.validations))
		for _, v := range p.validations {
			out = appendValidation(out, v)
		}
		out = append(out, `</dataValidations>`...)
	}
	out = append(out, p.frame.foot...)
	if n := len(p.breaks); n > 0 {
		out = fmt.Appendf(out, `<rowBreaks count="%d" manualBreakCount="%d">`, n, n)
		for _, row := range p.breaks {
			out = fmt.Appendf(out, `<brk id="%d" max="16383" man="true"></brk>`, row)
		}
		out = append(out, `</rowBreaks><colBreaks></colBreaks>`...)
	}
	if p.drawing {
		out = append(out, `<drawing xmlns:relationships="http://schemas.openxmlformats.org/officeDocument/2006/relationships" relationships:id="rId1"></drawing>`...)
	}
	p.book.xml = append(out, `</worksheet>`...)
	if p.book.sheets[len(p.book.ends)] != p.name {
		p.book.check(fmt.Errorf("sheet: %s is not written in its turn", p.name))
	}
	p.book.ends = append(p.book.ends, len(p.book.xml))
}

// filterable lets rows be filtered; cells are the header and what is below it.
func (p *page) filterable(cells string) {
	p.filter = cells
	p.book.names = append(p.book.names, definedName{
		name: "_xlnm._FilterDatabase", refersTo: quote(p.name) + "!" + cells, scope: slices.Index(p.book.sheets, p.name), hidden: true,
	})
}

// colour is a condition under which cells look otherwise.
type colour struct {
	when string // formula for the first of the cells
	look look
}

// colour sets the conditions of cells; the first that holds counts.
func (p *page) colour(cells string, conditions []colour) {
	out := []byte(`<conditionalFormatting sqref="` + cells + `">`)
	for i, c := range conditions {
		out = fmt.Appendf(out, `<cfRule type="expression" dxfId="%d" priority="%d" stopIfTrue="true"><formula>`, p.book.tint(c.look), i+1)
		out = appendText(out, c.when)
		out = append(out, `</formula></cfRule>`...)
	}
	p.colours = string(append(out, `</conditionalFormatting>`...))
}

// appendValidation writes what may be typed into cells (ECMA-376-1, 18.3.1.32).
func appendValidation(out []byte, v *excelize.DataValidation) []byte {
	attribute := func(name string, value *string) {
		if value != nil && *value != "" {
			out = append(out, ' ')
			out = append(out, name...)
			out = append(out, '=', '"')
			out = appendText(out, *value)
			out = append(out, '"')
		}
	}
	flag := func(name string, on bool) {
		if on {
			out = append(out, ` `+name+`="true"`...)
		}
	}
	out = append(out, `<dataValidation`...)
	flag("allowBlank", v.AllowBlank)
	attribute("error", v.Error)
	attribute("errorStyle", v.ErrorStyle)
	attribute("errorTitle", v.ErrorTitle)
	attribute("operator", &v.Operator)
	attribute("prompt", v.Prompt)
	attribute("promptTitle", v.PromptTitle)
	flag("showErrorMessage", v.ShowErrorMessage)
	flag("showInputMessage", v.ShowInputMessage)
	attribute("sqref", &v.Sqref)
	attribute("type", &v.Type)
	out = append(out, '>')
	if v.Formula1 != "" {
		out = append(out, `<formula1>`+v.Formula1+`</formula1>`...)
	}
	if v.Formula2 != "" {
		out = append(out, `<formula2>`+v.Formula2+`</formula2>`...)
	}
	return append(out, `</dataValidation>`...)
}

// append writes a cell of a row.
func (c *pageCell) append(out []byte, column int, row string) []byte {
	out = append(out, `<c r="`...)
	out = appendLetters(out, column)
	out = append(out, row...)
	out = append(out, '"')
	if c.style > 0 {
		out = append(out, ` s="`...)
		out = strconv.AppendInt(out, int64(c.style), 10)
		out = append(out, '"')
	}
	text, isText := c.value.(string)
	switch {
	case isText && c.formula != "":
		out = append(out, ` t="str"`...)
	case isText:
		out = append(out, ` t="inlineStr"`...)
	}
	out = append(out, '>')
	if c.formula != "" {
		out = append(out, `<f>`...)
		out = appendText(out, c.formula)
		out = append(out, `</f>`...)
	}
	switch value := c.value.(type) {
	case string:
		if c.formula == "" {
			out = appendInline(out, text)
		} else if text != "" {
			out = append(out, `<v>`...)
			out = appendText(out, coded(text))
			out = append(out, `</v>`...)
		}
	case int:
		out = append(out, `<v>`...)
		out = strconv.AppendInt(out, int64(value), 10)
		out = append(out, `</v>`...)
	case int64:
		out = append(out, `<v>`...)
		out = strconv.AppendInt(out, value, 10)
		out = append(out, `</v>`...)
	case float64:
		out = append(out, `<v>`...)
		out = appendNumber(out, value)
		out = append(out, `</v>`...)
	}
	return append(out, `</c>`...)
}

// appendInline writes the text of a cell. White space around it counts only when the file says so.
func appendInline(out []byte, text string) []byte {
	out = append(out, `<is><t`...)
	if strings.Trim(text, " \t\r\n") != text {
		out = append(out, ` xml:space="preserve"`...)
	}
	out = append(out, '>')
	text = coded(text)
	for { // line ends stand as they are
		line, rest, more := strings.Cut(text, "\n")
		out = appendText(out, line)
		if !more {
			return append(out, `</t></is>`...)
		}
		out = append(out, '\n')
		text = rest
	}
}

var charCode = lazyregexp.New(`_x[0-9A-Fa-f]{4}_`)

// coded keeps a text that looks like the code of a character, _x0041_, from being read as one (ECMA-376-1, 22.4.2.4).
func coded(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return charCode.ReplaceAllString(text, "_x005F$0")
}

// appendNumber writes a number as cells and widths have it.
func appendNumber(out []byte, number float64) []byte {
	if math.IsNaN(number) || math.IsInf(number, 0) {
		number = 0
	}
	return strconv.AppendFloat(out, number, 'f', -1, 64)
}

// appendText writes text as XML. A character that XML cannot hold becomes U+FFFD.
func appendText(out []byte, text string) []byte {
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if r == utf8.RuneError && size == 1 || r == 0xFFFE || r == 0xFFFF {
				out = append(out, "\uFFFD"...)
			} else {
				out = append(out, text[i:i+size]...)
			}
			i += size
			continue
		}
		switch c {
		case '&':
			out = append(out, "&amp;"...)
		case '<':
			out = append(out, "&lt;"...)
		case '>':
			out = append(out, "&gt;"...)
		case '"':
			out = append(out, "&#34;"...)
		case '\'':
			out = append(out, "&#39;"...)
		case '\t':
			out = append(out, "&#x9;"...)
		case '\n':
			out = append(out, "&#xA;"...)
		case '\r':
			out = append(out, "&#xD;"...)
		default:
			if c < ' ' {
				out = append(out, "\uFFFD"...)
			} else {
				out = append(out, c)
			}
		}
		i++
	}
	return out
}

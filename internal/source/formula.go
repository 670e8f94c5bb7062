package source

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/model"
	"vanthu/internal/xlsx"
)

// A workbook that a program wrote may hold formulas without their values. Where one stands in a cell that is read, it is worked out,
// as far as that is safe: all that it rests on is walked first, and a formula that reaches too far, or uses anything but the plain
// functions below, is left to Excel. None of them asks for the time or for cells by computed names.

var plainFunctions = []string{
	"ABS", "AND", "AVERAGE", "CONCAT", "CONCATENATE", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "DATE", "DATEVALUE", "DAY", "EDATE",
	"EOMONTH", "EXACT", "FALSE", "IF", "IFERROR", "INT", "ISBLANK", "ISNUMBER", "ISTEXT", "LEFT", "LEN", "LOWER", "MAX", "MID", "MIN", "MOD",
	"MONTH", "NOT", "OR", "PROPER", "RIGHT", "ROUND", "ROUNDDOWN", "ROUNDUP", "SUM", "SUMIF", "SUMIFS", "TEXT", "TRIM", "TRUE", "UPPER",
	"VALUE", "YEAR",
}

// Limits of what one workbook may have worked out.
const (
	maxFormulas      = 2_000
	maxCalculated    = 400_000 // rows and cells of the workbook, which the library holds as a tree of a hundred times its size
	maxFormulaCells  = 200_000 // that formulas rest on
	longestFormula   = 500     // bytes
	maxParentheses   = 20
	maxFormulaChecks = 5_000 // cells asked for
)

// workings are a workbook opened once more, to work formulas out for whoever asks.
type workings struct {
	formulas map[string]string // by sheet and cell: "Giải ngân!J7"
	one      sync.Mutex        // the library works on one formula at a time
	file     *excelize.File
}

func (w *workings) value(sheet, at string) (string, error) {
	w.one.Lock()
	defer w.one.Unlock()
	return w.file.CalcCellValue(sheet, at, excelize.Options{RawCellValue: true})
}

// calculator decides for one reading of a workbook which formulas may be worked out. It is nil for a workbook that cannot be opened once more.
type calculator struct {
	*workings
	safe    map[string]bool
	reached int // cells that the formulas seen so far rest on
}

// calculate returns the value of a formula that has none in the file; the cell stays a formula when it cannot be had.
func (x *extraction) calculate(spec *model.FieldSpec, g *grid, c cell) (value cell) {
	place := g.placeOf(c)
	value = c
	defer func() {
		if recover() != nil { // the library trusts what it works out
			value = c
		}
		if value.kind == xlsx.Formula {
			x.complain(diag.Error, diag.FormulaWithoutValue, place, "mở tệp bằng Excel hoặc LibreOffice rồi lưu lại, hoặc ghi thẳng giá trị vào ô",
				fmt.Sprintf("“%s”: ô có công thức chưa có giá trị, chương trình không tính được", spec.Label))
			return
		}
		x.calculated = append(x.calculated, place)
	}()
	calc, opened := x.calculators[g.book]
	if !opened && g.book.Elements <= maxCalculated {
		if w := g.book.workings(); w != nil {
			calc = &calculator{workings: w, safe: map[string]bool{}}
		}
		x.calculators[g.book] = calc
	}
	if calc == nil || len(x.calculated) > maxFormulaChecks || !calc.isSafe(g.sheet, place.Cell) {
		return c
	}
	text, err := calc.value(g.sheet, place.Cell)
	switch {
	case strings.HasPrefix(text, "#"):
		value.kind = xlsx.Fault
	case err != nil:
		return c
	case plainDecimal.MatchString(text):
		value.kind = xlsx.Number
	default:
		value.kind = xlsx.Text
	}
	value.text = text
	return value
}

var plainDecimal = lazyregexp.New(`^-?\d+(\.\d+)?(E[+-]?\d+)?$`)

// newWorkings opens a workbook again and collects its formulas; it is nil when that fails.
func newWorkings(data []byte) *workings {
	b, err := xlsx.Open((&reader{}).openPackage(data))
	if err != nil {
		return nil
	}
	file, err := openLibrary(data)
	if err != nil {
		return nil
	}
	w := &workings{file: file, formulas: map[string]string{}}
	for _, sheet := range b.Sheets {
		formulas, err := b.Formulas(sheet)
		if err != nil {
			return nil
		}
		for at, formula := range formulas {
			w.formulas[sheet.Name+"!"+at] = formula
		}
	}
	return w
}

var (
	formulaText = lazyregexp.New(`"[^"]*"`)
	reference   = lazyregexp.New(`(?:('(?:[^']|'')+'|[\p{L}\d_.]+)!)?\$?([A-Z]{1,3}\$?\d{1,7})(?::\$?([A-Z]{1,3}\$?\d{1,7}))?`)
	identifier  = lazyregexp.New(`[\p{L}_][\p{L}\d_.]*`)
)

// isSafe walks what the formula of a cell rests on.
func (c *calculator) isSafe(sheet, at string) bool {
	key := sheet + "!" + at
	if safe, known := c.safe[key]; known {
		return safe // one in a circle counts as safe: the library ends it
	}
	formula, computed := c.formulas[key]
	if !computed {
		return true
	}
	c.safe[key] = len(c.safe) < maxFormulas && len(formula) <= longestFormula && strings.Count(formula, "(") <= maxParentheses &&
		!strings.ContainsAny(formula, "?{[#")
	if !c.safe[key] {
		return false
	}
	bare := formulaText.ReplaceAllString(formula, "")
	for _, name := range identifier.FindAllString(reference.ReplaceAllString(bare, " "), -1) {
		c.safe[key] = c.safe[key] && slices.Contains(plainFunctions, strings.ToUpper(name))
	}
	for _, m := range reference.FindAllStringSubmatch(bare, -1) {
		c.safe[key] = c.safe[key] && c.reaches(sheet, m)
	}
	return c.safe[key]
}

// reaches walks the cells of a reference, as far as that is allowed.
func (c *calculator) reaches(sheet string, m []string) bool {
	if m[1] != "" {
		sheet = strings.ReplaceAll(strings.Trim(m[1], "'"), "''", "'")
	}
	top, left, ok := xlsx.ParseCell(m[2])
	bottom, right := top, left
	if m[3] != "" {
		bottom, right, ok = xlsx.ParseCell(m[3])
	}
	top, bottom, left, right = min(top, bottom), max(top, bottom), min(left, right), max(left, right)
	if !ok || bottom > maxRows || right >= maxColumns {
		return false
	}
	if c.reached += (bottom - top + 1) * (right - left + 1); c.reached > maxFormulaCells {
		return false
	}
	for row := top; row <= bottom; row++ {
		for column := left; column <= right; column++ {
			if !c.isSafe(sheet, xlsx.CellName(row, column)) {
				return false
			}
		}
	}
	return true
}

// tellCalculated reports in one finding which values were worked out here and not by the program that wrote the workbook.
func (x *extraction) tellCalculated() {
	if len(x.calculated) == 0 {
		return
	}
	cells := make([]string, len(x.calculated))
	for i, at := range x.calculated {
		cells[i] = at.Cell
	}
	x.complain(diag.Warning, diag.FormulaCalculated, x.calculated[0], "xem lại các số này, hoặc mở tệp bằng Excel hay LibreOffice rồi lưu lại",
		fmt.Sprintf("%d ô có công thức chưa có giá trị trong tệp, chương trình đã tự tính: %s", len(cells), diag.List(cells)))
}

package sheet

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"vanthu/internal/model"
)

// longState is the longest of the texts that are worked out.
const longState = "Chưa hoàn thành trong hạn"

// writeRows writes the data of a table, and one blank row where a paper has none.
func (w *workbook) writeRows(p *page, t *table) {
	styles, room := make([]int, len(t.columns)), make([]float64, len(t.columns))
	formulas := make([]*formula, len(t.columns))
	for i := range t.columns {
		look := t.look(i)
		if w.sampled {
			look.colour = sampled
		}
		styles[i], room[i] = w.style(look), t.widths[i]
		if look.indent {
			room[i] -= indented
		}
		formulas[i] = w.formulaOf(t, i)
	}
	rows := t.rows
	if len(rows) == 0 && t.paper != nil {
		rows = []model.Values{{}}
	}
	heights := make([]float64, len(rows))
	for i, row := range rows {
		heights[i] = t.rowHigh(row, room, formulas)
	}
	if t.paper != nil {
		t.keepFoot(heights, p.high)
	}
	for k, row := range rows {
		for i := range t.columns {
			value := cellValue(row[t.columns[i].Key])
			if formulas[i] != nil {
				p.formula(i, formulas[i].at(p.row), value, styles[i])
			} else {
				p.set(i, value, styles[i])
			}
		}
		p.end(heights[k])
	}
}

// rowHigh is the height in points of a row whose columns have so much room in characters.
func (t *table) rowHigh(row model.Values, room []float64, formulas []*formula) float64 {
	count := 1
	for i := range t.columns {
		text, isText := "", false
		switch value := row[t.columns[i].Key].(type) {
		case nil:
			if formulas[i] != nil && t.columns[i].Type == model.TextField {
				text, isText = longState, true // not yet worked out
			}
		case model.Number, model.Date: // these shrink
		default:
			text, isText = cellText(value), true
		}
		if isText {
			count = max(count, lines(text, room[i], 12, formulas[i] != nil)) // what is late is bold
		}
	}
	return high(count, 12)
}

// keepFoot makes rows of the last page higher where the totals and the signatures would stand on the page after it without a row, so
// that the last row goes with them: Excel takes no page breaks where it fits a sheet to the width of a page. above is the height of
// what stands above the rows. All are points.
func (t *table) keepFoot(heights []float64, above float64) {
	wide := 0.
	for _, width := range t.widths {
		wide += width
	}
	for range 8 { // what helps one program may harm the other
		kept := true
		for _, unit := range []float64{unit, unitWhole} {
			page := printHigh / min(math.Floor(printWide/(wide*unit)*100)/100, 1)
			kept = t.pushLast(heights, above, page) && kept
		}
		if kept {
			return
		}
	}
}

// pushLast makes the rows of the last page fill it, so that the last row goes to the next, unless the foot has room below it.
func (t *table) pushLast(heights []float64, above, page float64) (kept bool) {
	const sure = 0.03 // of a page: programs do not agree on it to the point
	first, last, at := 0, len(heights)-1, above
	for i, tall := range heights {
		if at+tall > page {
			first, at = i, t.headHigh
		}
		at += tall
	}
	if first == last || at+totalsHigh+footHigh <= page*(1-sure) {
		return true
	}
	more := (page*(1+sure) - at) / float64(last-first)
	for i := first; i < last; i++ {
		heights[i] += more
	}
	return false
}

// reached are the states that count as done in the totals row.
var reached = map[string]struct {
	column, word string
	states       []string
}{
	tasksKey:           {"tinh_trang", "Hoàn thành", []string{"Hoàn thành đúng hạn", "Hoàn thành quá hạn"}},
	roadmapKey:         {"tinh_trang", "Hoàn thành", []string{"Hoàn thành đúng hạn", "Hoàn thành quá hạn"}},
	recommendationsKey: {"muc_do", "Hoàn thành", []string{"Hoàn thành"}},
	petitionsKey:       {"trang_thai", "Đã trả lời", []string{"Đã trả lời"}},
	model.UnitsKey:     {"tinh_trang", "Đã báo cáo", []string{"Đã báo cáo"}},
}

const totalsHigh = 33.5 // points, of writeTotals: two lines

// writeTotals writes the row that ends the data: the sums of amounts, and how many rows are done. What a filter hides is not in a sum.
func (w *workbook) writeTotals(p *page, t *table) {
	for i := range t.columns {
		p.set(i, nil, w.style(total))
	}
	p.span(0, t.content, 0, "Tổng cộng", w.style(total))
	state := reached[t.spec.Key]
	for i, column := range t.columns {
		of := rates[t.spec.Key+"."+column.Key]
		switch {
		case i <= t.content:
		case column.Key == state.column:
			p.formula(i, t.doneFormula(i, state.word, state.states), t.doneText(column.Key, state.word, state.states), w.style(total))
		case column.Type == model.NumberField && !column.Computed && column.Unit != "" && column.Unit != "%":
			style := w.style(total.figure("right", t.amounts))
			p.formula(i, "SUBTOTAL(9,"+t.above(i)+")", cellValue(t.sum(column.Key)), style)
		case column.Type == model.NumberField && !column.Computed && t.spec.Key == model.UnitsKey: // counts of a unit
			p.formula(i, "SUBTOTAL(9,"+t.above(i)+")", cellValue(t.sum(column.Key)), w.style(total.with("center", amounts)))
		case of != [2]string{} && t.column(of[0]) >= 0 && t.column(of[1]) >= 0:
			part, whole := cell(t.column(of[0]), p.row), cell(t.column(of[1]), p.row)
			p.formula(i, rateFormula(part, whole), rate(t.sum(of[0]), t.sum(of[1])), w.style(total.with("center", percents)))
		}
	}
	p.end(totalsHigh)
}

// doneFormula returns the formula of how many rows of how many are in one of some states: “Hoàn thành 11/40”.
func (t *table) doneFormula(column int, word string, states []string) string {
	counts := make([]string, len(states))
	for i, state := range states {
		counts[i] = "COUNTIF(" + t.above(column) + `,"` + state + `")`
	}
	return `"` + word + ` "&` + strings.Join(counts, "+") + `&"/"&COUNTA(` + t.above(t.content) + ")-1" // but not the column number
}

func (t *table) doneText(key, word string, states []string) string {
	n := 0
	for _, row := range t.rows {
		if state, ok := row[key].(model.Text); ok && slices.Contains(states, string(state)) {
			n++
		}
	}
	return fmt.Sprintf("%s %d/%d", word, n, len(t.rows))
}

// above is the data of a column as the totals row sees it: from the row of column numbers to the row just above, so that rows put in
// at the top and at the end count too.
func (t *table) above(column int) string {
	name := letters(column)
	return cell(column, t.first-1) + ":INDEX(" + name + ":" + name + ",ROW()-1)"
}

// sum adds up a column.
func (t *table) sum(key string) (sum model.Number) {
	for _, row := range t.rows {
		sum.Decimal = sum.Add(number(row[key]).Decimal)
	}
	return sum
}

// number is the number of a cell, 0 when it is blank.
func number(value model.Value) model.Number {
	n, _ := value.(model.Number)
	return n
}

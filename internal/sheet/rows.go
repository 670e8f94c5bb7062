package sheet

import (
	"fmt"
	"slices"
	"strings"

	"vanthu/internal/model"
)

// longState is the longest of the texts that are worked out.
const longState = "Chưa hoàn thành trong hạn"

// writeRows writes the data of a table, and one blank row where there is none.
func (w *workbook) writeRows(p *page, t *table) {
	styles := make([]int, len(t.columns))
	formulas := make([]*formula, len(t.columns))
	for i := range t.columns {
		look := t.look(i)
		if w.sampled {
			look.colour = sampled
		}
		styles[i] = w.style(look)
		formulas[i] = w.formulaOf(t, i)
	}
	rows := t.rows
	if len(rows) == 0 && t.paper != nil {
		rows = []model.Values{{}}
	}
	for _, row := range rows {
		count := 1
		for i := range t.columns {
			value := cellValue(row[t.columns[i].Key])
			text, ok := value.(string)
			if !ok && formulas[i] != nil && t.columns[i].Type == model.TextField {
				text = longState // not yet worked out
			}
			count = max(count, lines(text, t.widths[i], 12, formulas[i] != nil)) // what is late is bold
			if formulas[i] != nil {
				p.formula(i, formulas[i].at(p.row), value, styles[i])
			} else {
				p.set(i, value, styles[i])
			}
		}
		p.end(high(count, 12))
	}
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
}

// writeTotals writes the row that ends the data: the sums of amounts, and how many rows are done. What a filter hides is not in a sum.
func (w *workbook) writeTotals(p *page, t *table) {
	for i := range t.columns {
		p.set(i, nil, w.style(total))
	}
	p.span(0, t.content, 0, "Tổng cộng", w.style(total))
	state := reached[t.spec.Key]
	for i, column := range t.columns {
		switch {
		case i <= t.content:
		case column.Key == state.column:
			p.formula(i, t.doneFormula(i, state.word, state.states, p.row), t.doneText(column.Key, state.word, state.states), w.style(total))
		case column.Type == model.NumberField && !column.Computed && column.Unit != "" && column.Unit != "%":
			style := w.style(total.figure("right", t.amounts))
			p.formula(i, "SUBTOTAL(9,"+t.above(i, p.row)+")", cellValue(t.sum(column.Key)), style)
		case t.spec.Key == disbursementKey && column.Key == "ty_le":
			plan, paid := t.column("ke_hoach"), t.column("da_giai_ngan")
			if plan >= 0 && paid >= 0 {
				p.formula(i, rateFormula(cell(paid, p.row), cell(plan, p.row)), rate(t.sum("da_giai_ngan"), t.sum("ke_hoach")),
					w.style(total.with("center", "0.0")))
			}
		}
	}
	p.end(max(24, high(2, 12)))
}

// doneFormula says how many rows of how many are in one of some states: “Hoàn thành 11/40”.
func (t *table) doneFormula(column int, word string, states []string, row int) string {
	counts := make([]string, len(states))
	for i, state := range states {
		counts[i] = "COUNTIF(" + t.above(column, row) + `,"` + state + `")`
	}
	return `"` + word + ` "&` + strings.Join(counts, "+") + `&"/"&COUNTA(` + t.above(t.content, row) + ")"
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

// above is the data of a column as the totals row sees it: to the row just above, so that a row put in at the end counts too.
func (t *table) above(column, row int) string {
	name := letters(column)
	return cell(column, t.first) + ":INDEX(" + name + ":" + name + ",ROW()-1)"
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

// Package tally counts what the tables of a report say: states, rates, lists of what is late, and changes since the last period.
// The report's sentences, its tables and the progress workbook all rest on these figures.
//
// A ledger is the tables of one document read as of its closing date; reading changes nothing, so the document of the period before
// is read in the same way. From the ledger come doubts about the rows, the computed columns, and the figures.
package tally

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/shopspring/decimal"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// Add fills the computed columns of the tables of doc, over what was typed there, gives each name one spelling, and adds the group
// so_lieu (Fields). previous is the document of the period before, or nil; with it come changes, and findings about jumps and about
// what was left over from it. Figures stand as of the field ngay_chot, or as of the date of a document that has none. doc is changed,
// previous is not; when findings block, doc must not be printed.
func Add(doc *model.Document, previous *model.Document) diag.Findings {
	found := spellings(doc)
	if previous != nil {
		found.Add(leftovers(doc, previous)...)
	}
	if Fields(doc.Schema) == nil {
		return found
	}
	now := read(doc)
	if now.closing == none {
		found.Add(diag.Finding{
			Severity: diag.Error, Code: diag.NoClosingDate, Where: diag.Place{Field: model.ClosingKey},
			Message: "không có ngày chốt số liệu nên không tính được tình trạng của các dòng trong bảng",
			Hint:    "ghi ngày chốt số liệu (ngay_chot)",
		})
		return found
	}
	found.Add(now.doubts()...)
	now.fill()
	var before *ledger
	if previous != nil {
		var more diag.Findings
		before, more = now.before(previous)
		found.Add(more...)
	}
	doc.Values[model.FiguresKey] = now.figures(before)
	if before != nil {
		found.Add(now.jumps(before)...)
	}
	return found
}

// ledger is what the tables of one document say as of its closing date.
type ledger struct {
	doc             *model.Document
	closing         vi.Date
	period          vi.Period // zero for a document that reports on none
	tasks, steps    []*task   // steps are the rows of the roadmap
	recommendations []*recommendation
	petitions       []*petition
	projects        []*project
	units           []*unit
}

func read(doc *model.Document) *ledger {
	l := &ledger{doc: doc, closing: cmp.Or(doc.Values.Day(model.ClosingKey), doc.Day()), period: doc.Period()}
	l.tasks = readRows(l, tasks, readTask)
	l.steps = readRows(l, roadmap, readTask)
	l.recommendations = readRows(l, recommendations, readRecommendation)
	l.petitions = readRows(l, petitions, readPetition)
	l.projects = readRows(l, disbursement, readProject)
	l.units = readRows(l, units, readUnit)
	return l
}

func readRows[R any](l *ledger, table string, readRow func(*ledger, model.Values) R) []*R {
	items := l.doc.Values.Items(table)
	rows := make([]R, len(items))
	pointers := make([]*R, len(items))
	for i, item := range items {
		rows[i] = readRow(l, item.(model.Values))
		pointers[i] = &rows[i]
	}
	return pointers
}

// fill writes the computed columns.
func (l *ledger) fill() {
	for _, t := range l.tasks {
		t.fill()
		if t.state.open() && t.due != none {
			t.row["so_ngay"] = model.Count(l.closing.Until(t.due))
		}
	}
	for _, t := range l.steps {
		t.fill()
	}
	for _, r := range l.recommendations {
		r.fill()
	}
	for _, p := range l.petitions {
		p.fill()
	}
	for _, p := range l.projects {
		p.fill()
	}
	for _, u := range l.units {
		u.fill()
	}
}

// figures are the values of so_lieu. before is the ledger of the period before, or nil.
func (l *ledger) figures(before *ledger) model.Values {
	values := model.Values{}
	if l.period != (vi.Period{}) {
		next := l.period.Next()
		values["ky"], values["ten_ky"] = model.Text(l.period.String()), model.Text(l.period.Name())
		values["ky_tiep"], values["ten_ky_tiep"] = model.Text(next.String()), model.Text(next.Name())
	}
	if before != nil {
		values["ky_truoc"] = model.Text(before.name())
		put(values, "so_sanh", l.comparison(before))
	}
	if len(l.tasks) > 0 {
		values[tasks] = l.taskFigures(before)
	}
	if len(l.recommendations) > 0 {
		values[recommendations] = l.recommendationFigures(before)
	}
	if len(l.petitions) > 0 {
		values[petitions] = l.petitionFigures(before)
	}
	if len(l.projects) > 0 {
		values[disbursement] = l.disbursementFigures(before)
	}
	if len(l.units) > 0 {
		values[units] = l.unitFigures()
	}
	return values
}

// name is the period as sentences compare with it.
func (l *ledger) name() string {
	if l.period == (vi.Period{}) {
		return "kỳ trước"
	}
	return l.period.String()
}

// unknown stands for the name that a row does not give.
const unknown = "Chưa xác định"

// breakdown counts rows apart by a name, in the order in which the names first appear; rows without a name come last.
func breakdown[R any](rows []*R, name func(*R) string, count func([]*R) model.Values) model.Items {
	type part struct {
		name string
		rows []*R
	}
	var parts []*part
	last := &part{name: unknown}
	byName := map[string]*part{"": last}
	for _, row := range rows {
		p := byName[name(row)]
		if p == nil {
			p = &part{name: name(row)}
			parts = append(parts, p)
			byName[p.name] = p
		}
		p.rows = append(p.rows, row)
	}
	if len(last.rows) > 0 {
		parts = append(parts, last)
	}
	items := make(model.Items, len(parts))
	for i, p := range parts {
		values := count(p.rows)
		values["ten"] = model.Text(p.name)
		items[i] = values
	}
	return items
}

// late lists the rows that are overdue, the latest first and those that are as late as each other in their order. of gives the values
// and the days overdue of a row; an item holds the given columns, and the days under daysKey.
func late[R any](rows []*R, of func(*R) (model.Values, int), daysKey string, columns ...string) (items model.Items) {
	days := func(r *R) int { _, days := of(r); return days }
	overdue := slices.DeleteFunc(slices.Clone(rows), func(r *R) bool { return days(r) <= 0 })
	slices.SortStableFunc(overdue, func(a, b *R) int { return cmp.Compare(days(b), days(a)) })
	for _, r := range overdue {
		row, days := of(r)
		item := pick(row, columns...)
		item[daysKey] = model.Count(days)
		items = append(items, item)
	}
	return items
}

// put adds a list that is not empty.
func put(values model.Values, key string, items model.Items) {
	if len(items) > 0 {
		values[key] = items
	}
}

// pick copies the given columns of a row.
func pick(row model.Values, columns ...string) model.Values {
	values := make(model.Values, len(columns)+1)
	for _, column := range columns {
		if value, ok := row[column]; ok {
			values[column] = value
		}
	}
	return values
}

// putRate adds part of total in percent; of nothing there is no rate.
func putRate(values model.Values, key string, part, total decimal.Decimal) {
	if percent, ok := rate(part, total); ok {
		values[key] = model.Number{Decimal: percent}
	}
}

// rate is part of total in percent, with one decimal, halves away from zero.
func rate(part, total decimal.Decimal) (decimal.Decimal, bool) {
	if total.IsZero() {
		return decimal.Decimal{}, false
	}
	return part.Shift(2).DivRound(total, 1), true
}

func whole(n int) decimal.Decimal { return decimal.NewFromInt(int64(n)) }

var none vi.Date // of a row without a date

// numberOf returns a number and whether there is one.
func numberOf(row model.Values, key string) (decimal.Decimal, bool) {
	number, ok := row[key].(model.Number)
	return number.Decimal, ok
}

// quarter names the quarter of a day: "Quý II", or "Quý II/2026"; "" without a day.
func quarter(day vi.Date, withYear bool) string {
	if day == none {
		return ""
	}
	name := [...]string{"Quý I", "Quý II", "Quý III", "Quý IV"}[(day.Month-1)/3]
	if withYear {
		name += "/" + strconv.Itoa(day.Year)
	}
	return name
}

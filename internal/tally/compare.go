package tally

import (
	"fmt"

	"github.com/shopspring/decimal"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// change returns how a number of things went since the period before: "tăng 3 nhiệm vụ so với quý I năm 2026".
func change(now, then int, noun string, before *ledger) model.Text {
	return changeOf(whole(now), whole(then), noun, before)
}

func changeOf(now, then decimal.Decimal, noun string, before *ledger) model.Text {
	difference := now.Sub(then)
	switch {
	case difference.IsZero():
		return model.Text("bằng " + before.name())
	case difference.IsNegative():
		return model.Text(fmt.Sprintf("giảm %s %s so với %s", vi.FormatNumber(difference.Neg()), noun, before.name()))
	default:
		return model.Text(fmt.Sprintf("tăng %s %s so với %s", vi.FormatNumber(difference), noun, before.name()))
	}
}

// indicator is a figure that a head of office compares with the period before.
type indicator struct {
	table string
	label string
	unit  string
	value decimal.Decimal
	kind  indicatorKind
}

type indicatorKind int

const (
	stock     indicatorKind = iota // a number of things, or a sum
	runningUp                      // a sum that grows from January to December
	ratio                          // percent
)

func (l *ledger) indicators() (all []indicator) {
	table := ""
	count := func(label, unit string, n int) { all = append(all, indicator{table, label, unit, whole(n), stock}) }
	percent := func(label string, part, total decimal.Decimal) {
		if value, ok := rate(part, total); ok {
			all = append(all, indicator{table, label, "%", value, ratio})
		}
	}
	if table = tasks; len(l.tasks) > 0 {
		c, of := countTasks(l.inPeriod()), ""
		if l.period != (vi.Period{}) {
			of = " có thời hạn trong kỳ"
		}
		count("Nhiệm vụ"+of, "nhiệm vụ", c.total())
		count("Nhiệm vụ"+of+", đã hoàn thành", "nhiệm vụ", c.done())
		count("Nhiệm vụ"+of+", hoàn thành đúng hạn", "nhiệm vụ", c[doneOnTime])
		percent("Tỷ lệ hoàn thành nhiệm vụ"+of, whole(c.done()), whole(c.total()))
		count("Nhiệm vụ chưa hoàn thành quá hạn đến ngày chốt", "nhiệm vụ", countTasks(l.tasks)[openLate])
	}
	if table = recommendations; len(l.recommendations) > 0 {
		c, total := countRecommendations(l.recommendations), len(l.recommendations)
		count("Kiến nghị sau giám sát", "kiến nghị", total)
		count("Kiến nghị sau giám sát đã hoàn thành", "kiến nghị", c[fulfilled])
		percent("Tỷ lệ hoàn thành kiến nghị sau giám sát", whole(c[fulfilled]), whole(total))
		count("Kiến nghị sau giám sát quá hạn", "kiến nghị", c[overdue])
	}
	if table = petitions; len(l.petitions) > 0 {
		c, total := countPetitions(l.petitions), len(l.petitions)
		count("Kiến nghị cử tri tiếp nhận", "kiến nghị", total)
		count("Kiến nghị cử tri đã trả lời", "kiến nghị", c[answered])
		percent("Tỷ lệ trả lời kiến nghị cử tri", whole(c[answered]), whole(total))
		count("Kiến nghị cử tri quá hạn trả lời", "kiến nghị", c[unanswered])
	}
	if table = disbursement; len(l.projects) > 0 {
		sum := sumProjects(l.projects)
		all = append(all, indicator{table, "Kế hoạch vốn năm", "triệu đồng", sum.plan, stock},
			indicator{table, "Vốn đã giải ngân", "triệu đồng", sum.paid, runningUp})
		percent("Tỷ lệ giải ngân", sum.paid, sum.plan)
		count("Dự án giải ngân chậm", "dự án", sum.slow)
	}
	return all
}

// compared is an indicator in both periods.
type compared struct {
	indicator
	then decimal.Decimal
}

func (c compared) difference() decimal.Decimal { return c.value.Sub(c.then) }
func (c compared) fell() bool                  { return c.difference().IsNegative() }

// both pairs the indicators of two ledgers; one that only one of them has is left out.
func (l *ledger) both(before *ledger) (pairs []compared) {
	then := make(map[string]decimal.Decimal)
	for _, i := range before.indicators() {
		then[i.label] = i.value
	}
	for _, i := range l.indicators() {
		if value, ok := then[i.label]; ok {
			pairs = append(pairs, compared{i, value})
		}
	}
	return pairs
}

// comparison is the list so_sanh. A ratio changes by points of percent, and has no change in percent of itself.
func (l *ledger) comparison(before *ledger) (items model.Items) {
	for _, c := range l.both(before) {
		values := model.Values{
			"chi_tieu": model.Text(c.label), "don_vi": model.Text(c.unit),
			"ky_nay": model.Number{Decimal: c.value}, "ky_truoc": model.Number{Decimal: c.then},
			"tang_giam": model.Number{Decimal: c.difference()},
		}
		if c.kind != ratio {
			putRate(values, "ty_le", c.difference(), c.then)
		}
		items = append(items, values)
	}
	return items
}

// leastJump is the change, in units of the figure, below which percents say nothing.
const leastJump = 3

// before reads the document of the period before, when figures can be compared with it: it is of the same kind and as long a period,
// the one just before or the same months of the last year. The ledger is nil otherwise; a finding says why.
func (l *ledger) before(previous *model.Document) (*ledger, diag.Findings) {
	tell := func(severity diag.Severity, code diag.Code, hint, format string, args ...any) diag.Findings {
		return diag.Findings{{
			Severity: severity, Code: code, Where: diag.Place{Field: model.PeriodKey}, Hint: hint, Message: fmt.Sprintf(format, args...),
		}}
	}
	const hint = "nộp đúng tệp của kỳ trước; nếu không có thì bỏ tệp này đi"
	if schema := l.doc.Schema; previous.Schema.Kind != schema.Kind {
		return nil, tell(diag.Warning, diag.UnlikeDocuments, hint, "không so sánh với kỳ trước: văn bản này là “%s”, tệp kỳ trước là “%s”",
			schema.Name, previous.Schema.Name)
	}
	before := read(previous)
	now, then := l.period, before.period
	switch reported := now != (vi.Period{}); {
	case before.closing == none:
		return nil, nil
	case !reported && then == (vi.Period{}):
		return before, nil
	case !reported || then == (vi.Period{}):
		return nil, tell(diag.Warning, diag.UnlikePeriods, hint, "không so sánh với kỳ trước: một trong hai tệp không có kỳ báo cáo")
	case now.Noun() != then.Noun():
		return nil, tell(diag.Warning, diag.UnlikePeriods, hint, "không so sánh với kỳ trước: %s và %s dài ngắn khác nhau", now, then)
	case then == periodBefore(now), !then.End().Before(now.End()): // one that is not before is refused as it is
		return before, nil
	case then == (vi.Period{Year: now.Year - 1, First: now.First, Last: now.Last}):
		return before, tell(diag.Info, diag.SamePeriodLastYear, "", "số liệu so với cùng kỳ năm trước, %s", then)
	default:
		return before, tell(diag.Warning, diag.PeriodGap, hint, "kỳ trước phải là %s, tệp là %s", periodBefore(now), then)
	}
}

// periodBefore is the period as long as p that ends where p begins; before nine months it is those of the last year.
func periodBefore(p vi.Period) vi.Period {
	length := p.Last - p.First + 1
	switch {
	case length == 9:
		return vi.Period{Year: p.Year - 1, First: p.First, Last: p.Last}
	case p.First == 1:
		return vi.Period{Year: p.Year - 1, First: 13 - length, Last: 12}
	default:
		return vi.Period{Year: p.Year, First: p.First - length, Last: p.First - 1}
	}
}

// jumps are findings about figures that changed too much to be believed unseen, and about tables that cannot be compared.
func (l *ledger) jumps(before *ledger) (found diag.Findings) {
	warn := func(severity diag.Severity, code diag.Code, field, hint, format string, args ...any) {
		found.Add(diag.Finding{
			Severity: severity, Code: code, Where: diag.Place{Field: field}, Hint: hint, Message: fmt.Sprintf(format, args...),
		})
	}
	for _, spec := range l.doc.Schema.Fields {
		if l.rowCount(spec.Key) > 0 && before.rowCount(spec.Key) == 0 {
			warn(diag.Info, diag.NothingToCompare, spec.Key, "", "“%s” không so sánh được vì %s không có bảng này", spec.Label, before.name())
		}
	}
	threshold, watched := numberOf(l.doc.Values, jumpKey)
	if !watched {
		return found
	}
	for _, c := range l.both(before) {
		if !l.jumped(c, before, threshold) {
			continue
		}
		way := [2]string{"tăng", "lên"}
		if c.fell() {
			way = [2]string{"giảm", "xuống"}
		}
		warn(diag.Warning, diag.FigureJump, c.table, "xem lại số liệu hoặc nêu nguyên nhân trong báo cáo", "“%s” %s từ %s (%s) %s %s %s",
			c.label, way[0], vi.FormatNumber(c.then), before.name(), way[1], vi.FormatNumber(c.value), c.unit)
	}
	return found
}

// jumped reports whether a figure rose or fell by at least the threshold, in percent. What grows through the year may grow; it is
// looked at when it shrinks within the year, and compared as others are with the same months of another year.
func (l *ledger) jumped(c compared, before *ledger, threshold decimal.Decimal) bool {
	switch {
	case c.kind == runningUp && l.period.Last != before.period.Last:
		return l.period.Year == before.period.Year && c.fell()
	case c.kind == ratio || c.difference().Abs().LessThan(whole(leastJump)):
		return false
	default:
		percent, ok := rate(c.difference().Abs(), c.then.Abs())
		return !ok || percent.GreaterThanOrEqual(threshold)
	}
}

// rowCount is the number of rows of a table that is counted.
func (l *ledger) rowCount(table string) int {
	switch table {
	case tasks:
		return len(l.tasks)
	case recommendations:
		return len(l.recommendations)
	case petitions:
		return len(l.petitions)
	case disbursement:
		return len(l.projects)
	default:
		return 0
	}
}

package tally

import (
	"cmp"
	"slices"

	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// task is a row of the tasks or of the roadmap.
type task struct {
	row   model.Values
	due   vi.Date // none for a task without a deadline, which is never late
	state taskState
	days  int // overdue, of one that is not done
}

// taskState is one of the four that are derived from deadline, completion and closing date, and never typed.
type taskState int

const (
	doneOnTime taskState = iota
	doneLate
	openInTime
	openLate
)

func (s taskState) String() string {
	return [...]string{"Hoàn thành đúng hạn", "Hoàn thành quá hạn", "Chưa hoàn thành trong hạn", "Chưa hoàn thành quá hạn"}[s]
}

func (s taskState) open() bool { return s >= openInTime }

// stateOf judges a task. What is completed after the closing date is not yet done.
func stateOf(due, done, closing vi.Date) taskState {
	switch isDone := done != none && !closing.Before(done); {
	case isDone && due != none && due.Before(done):
		return doneLate
	case isDone:
		return doneOnTime
	case due != none && due.Before(closing):
		return openLate
	default:
		return openInTime
	}
}

func readTask(l *ledger, row model.Values) task {
	t := task{row: row, due: row.Day(dueKey)}
	t.state = stateOf(t.due, row.Day(doneKey), l.closing)
	if t.state == openLate {
		t.days = t.due.Until(l.closing)
	}
	return t
}

func (t *task) fill() { t.row["tinh_trang"] = model.Text(t.state.String()) }

// taskCounts are numbers of tasks by state.
type taskCounts [openLate + 1]int

func countTasks(rows []*task) (c taskCounts) {
	for _, t := range rows {
		c[t.state]++
	}
	return c
}

func (c taskCounts) done() int  { return c[doneOnTime] + c[doneLate] }
func (c taskCounts) open() int  { return c[openInTime] + c[openLate] }
func (c taskCounts) total() int { return c.done() + c.open() }

func taskValues(rows []*task) model.Values {
	c := countTasks(rows)
	values := model.Values{
		"tong":            model.Count(c.total()),
		"hoan_thanh":      model.Count(c.done()),
		"dung_han":        model.Count(c[doneOnTime]),
		"tre_han":         model.Count(c[doneLate]),
		"chua_hoan_thanh": model.Count(c.open()),
		"trong_han":       model.Count(c[openInTime]),
		"qua_han":         model.Count(c[openLate]),
	}
	putRate(values, "ty_le", whole(c.done()), whole(c.total()))
	return values
}

// inPeriod are the tasks due in the period; of a document without one, all.
func (l *ledger) inPeriod() []*task { return l.dueFrom(l.period.First) }

// sinceJanuary are the tasks due from the beginning of the year to the end of the period.
func (l *ledger) sinceJanuary() []*task { return l.dueFrom(1) }

func (l *ledger) allTasks() []*task { return l.tasks }

func (l *ledger) dueFrom(month int) []*task {
	if l.period == (vi.Period{}) {
		return l.tasks
	}
	span := vi.Period{Year: l.period.Year, First: month, Last: l.period.Last}
	return slices.DeleteFunc(slices.Clone(l.tasks), func(t *task) bool { return !span.Holds(t.due) })
}

func (l *ledger) taskFigures(before *ledger) model.Values {
	part := func(of func(*ledger) []*task) model.Values {
		rows := of(l)
		values := taskValues(rows)
		if before != nil && len(before.tasks) > 0 {
			values["so_voi_truoc"] = change(countTasks(rows).done(), countTasks(of(before)).done(), "nhiệm vụ", before)
		}
		put(values, "theo_co_quan", breakdown(rows, func(t *task) string { return t.row.Text(chargeKey) }, taskValues))
		put(values, "theo_linh_vuc", breakdown(rows, func(t *task) string { return t.row.Text("linh_vuc") }, taskValues))
		put(values, "theo_quy", byQuarter(rows))
		return values
	}
	values := model.Values{"trong_ky": part((*ledger).inPeriod), "tat_ca": part((*ledger).allTasks)}
	if l.period.First > 1 {
		values["luy_ke"] = part((*ledger).sinceJanuary)
	}
	put(values, "danh_sach_qua_han", late(l.tasks, func(t *task) (model.Values, int) { return t.row, t.days },
		"so_ngay", model.BodyKey, chargeKey, dueKey, "vuong_mac"))
	return values
}

// byQuarter counts tasks by the quarter of their deadline, the quarters in their order; they have years where there are several.
func byQuarter(rows []*task) model.Items {
	ordered := slices.Clone(rows)
	slices.SortStableFunc(ordered, func(a, b *task) int {
		return cmp.Or(cmp.Compare(a.due.Year, b.due.Year), cmp.Compare(a.due.Month, b.due.Month))
	})
	dated := slices.IndexFunc(ordered, func(t *task) bool { return t.due != none })
	withYear := dated >= 0 && ordered[dated].due.Year != ordered[len(ordered)-1].due.Year
	return breakdown(ordered, func(t *task) string { return quarter(t.due, withYear) }, taskValues)
}

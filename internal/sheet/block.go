package sheet

import (
	"strconv"
	"strings"

	"vanthu/internal/model"
	"vanthu/internal/nd30"
)

// block is a table of the summary: a row for each group, in it the counts of the states, their total, the rate of those that are
// done, and the counts of further classes; below them the totals.
type block struct {
	table        *table
	title, named string // of the block and of the names in it
	states       []figure
	done         int // how many of states, from the first, are done
	total, rate  string
	classes      []figure
	groups       []grouping
}

// block writes a block and its chart.
func (s *summary) block(b block, plan *chartPlan) {
	if b.total == "" {
		b.total = "Tổng số"
	}
	heads := s.heads(b)
	first, some := s.begin(b, heads, plan)
	if !some {
		return
	}
	for i, g := range b.groups {
		s.writeGroup(b, i, g)
	}
	s.writeBlockTotals(b, first)
	s.page.end(blockGap)
	if plan != nil {
		s.chart(plan, b, first)
	}
}

// Heights in points.
const (
	partHigh  = 26.
	blockHigh = 22. // of the title of a block
	groupHigh = 19.
	blockGap  = 10.
)

// begin writes the title of a block and its header, on a new page when the block does not fit on this one, its chart with it where a
// page can hold both. It gives the row of the first group; there may be none.
func (s *summary) begin(b block, heads []figure, plan *chartPlan) (first int, some bool) {
	tall := blockHigh + s.headHigh(heads) + groupHigh + blockGap
	if s.part != "" {
		tall += partHigh
	}
	for _, g := range b.groups {
		tall += s.groupHigh(g)
	}
	chart := 0.
	if plan != nil && len(b.groups) > 0 {
		chart = plan.high(len(b.groups)) + plan.below
	}
	if whole := tall + chart; whole <= pageHigh && s.used+whole > pageHigh {
		s.used = pageHigh
	}
	s.room(tall)
	if s.part != "" {
		s.parts++
		s.blocks = 0
		s.page.set(0, nd30.Roman(s.parts)+". "+s.part, s.style(section))
		s.page.end(partHigh)
		s.part = ""
	}
	s.blocks++
	s.page.set(0, strconv.Itoa(s.blocks)+". "+b.title, s.style(strongLeft))
	s.page.end(blockHigh)
	s.writeBlockHead(b, heads)
	first = s.page.row
	if len(b.groups) == 0 {
		s.page.span(0, figureColumn+len(heads)-1, 0, "Chưa có số liệu.", s.style(leaning))
		s.page.end(groupHigh)
		s.page.end(blockGap)
		return first, false
	}
	return first, true
}

// groupHigh is the height of the row of a group.
func (s *summary) groupHigh(g grouping) float64 {
	return max(high(lines(g.name, s.widths[nameColumn]-indented, 12, false), 12), groupHigh)
}

var (
	strongLeft = look{bold: true, across: "left", down: "center"}
	nameLook   = look{border: true, across: "left", down: "center", wrap: true, indent: true}
	countLook  = look{border: true, across: "center", down: "center", format: "0"}
	rateLook   = look{border: true, across: "center", down: "center", format: percents}
)

func bolder(l look) look {
	l.bold, l.fill = true, "F2F2F2"
	return l
}

// heads are the columns of a block in their order.
func (s *summary) heads(b block) []figure {
	heads := append([]figure{}, b.states...)
	heads = append(heads, figure{head: b.total}, figure{head: b.rate})
	return append(heads, b.classes...)
}

func (s *summary) headHigh(heads []figure) float64 {
	tall, spanned := 0., 0.
	for _, h := range heads {
		tall = max(tall, high(lines(h.head, s.widths[figureColumn], 12, true), 12))
		if h.span != "" {
			spanned = 20
		}
	}
	return tall + spanned
}

func (s *summary) writeBlockHead(b block, heads []figure) {
	p, style := s.page, s.style(head)
	tall := s.headHigh(heads)
	spanned := len(b.classes) > 0
	if !spanned {
		p.set(0, "STT", style)
		p.set(nameColumn, b.named, style)
		for i, h := range heads {
			p.set(figureColumn+i, h.head, style)
		}
		p.end(tall)
		return
	}
	p.span(0, 0, 1, "STT", style)
	p.span(nameColumn, nameColumn, 1, b.named, style)
	for i := 0; i < len(heads); {
		to := i
		for to+1 < len(heads) && heads[i].span != "" && heads[to+1].span == heads[i].span {
			to++
		}
		if heads[i].span == "" {
			p.span(figureColumn+i, figureColumn+i, 1, heads[i].head, style)
		} else {
			p.span(figureColumn+i, figureColumn+to, 0, heads[i].span, style)
		}
		i = to + 1
	}
	p.end(20)
	p.set(0, nil, style)
	p.set(nameColumn, nil, style)
	for i, h := range heads {
		p.set(figureColumn+i, nil, style)
		if h.span != "" {
			p.set(figureColumn+i, h.head, style)
		}
	}
	p.end(tall - 20)
}

func (s *summary) writeGroup(b block, i int, g grouping) {
	p := s.page
	p.set(0, i+1, s.style(countLook))
	p.set(nameColumn, g.name, s.style(nameLook))
	column := figureColumn
	for _, f := range b.states {
		p.formula(column, b.count(g, f, p.row), g.count(f), s.style(countLook))
		column++
	}
	from, to := cell(figureColumn, p.row), cell(figureColumn+len(b.states)-1, p.row)
	done := 0
	for _, f := range b.states[:b.done] {
		done += g.count(f)
	}
	p.formula(column, "SUM("+from+":"+to+")", len(g.rows), s.style(countLook))
	p.formula(column+1, b.rateOf(p.row), rate(model.Count(done), model.Count(len(g.rows))), s.style(rateLook))
	column += 2
	for _, f := range b.classes {
		p.formula(column, b.count(g, f, p.row), g.count(f), s.style(countLook))
		column++
	}
	s.shortName(g.name)
	p.end(s.groupHigh(g))
}

// shortName puts what a chart has room for of the name at hand beside the printed page.
func (s *summary) shortName(name string) {
	const limit = 26
	short := name
	if runes := []rune(name); len(runes) > limit {
		short = string(runes[:limit-1]) + "…"
	}
	b := cell(nameColumn, s.page.row)
	s.page.formula(shortColumn, "IF(LEN("+b+")>"+strconv.Itoa(limit)+",LEFT("+b+","+strconv.Itoa(limit-1)+`)&"…",`+b+")", short,
		s.style(look{size: 10, italic: true, colour: "7F7F7F", across: "left", down: "center"}))
}

// rateOf is the rate of a row: the states that are done of the total.
func (b *block) rateOf(row int) string {
	done := "SUM(" + cell(figureColumn, row) + ":" + cell(figureColumn+b.done-1, row) + ")"
	return rateFormula(done, cell(figureColumn+len(b.states), row))
}

// count is the formula that counts the rows of a group that say a value, on a row of the summary.
func (b *block) count(g grouping, f figure, row int) string {
	column := b.table.column(f.key)
	if column < 0 {
		return "0"
	}
	area := b.table.area(column)
	formula := "COUNTIFS(" + g.pairs + "," + area + `,"` + f.value + `")`
	if g.pairs == "" {
		formula = "SUMPRODUCT(" + g.test + "*(" + area + `="` + f.value + `"))`
	}
	return strings.ReplaceAll(formula, "{}", strconv.Itoa(row))
}

// count counts the rows of a group that say a value.
func (g *grouping) count(f figure) int {
	n := 0
	for _, row := range g.rows {
		if row[f.key] == model.Text(f.value) {
			n++
		}
	}
	return n
}

func (s *summary) writeBlockTotals(b block, first int) {
	p := s.page
	p.span(0, nameColumn, 0, "Tổng cộng", s.style(bolder(nameLook).with("center", "")))
	sum := func(column, value int) {
		p.formula(column, "SUM("+cell(column, first)+":"+cell(column, p.row-1)+")", value, s.style(bolder(countLook)))
	}
	column, all, done := figureColumn, 0, 0
	for i, f := range append(append([]figure{}, b.states...), b.classes...) {
		n := 0
		for _, g := range b.groups {
			n += g.count(f)
		}
		if i < b.done {
			done += n
		}
		if i == len(b.states) {
			column += 2
		}
		sum(column, n)
		column++
	}
	for _, g := range b.groups {
		all += len(g.rows)
	}
	sum(figureColumn+len(b.states), all)
	p.formula(figureColumn+len(b.states)+1, b.rateOf(p.row), rate(model.Count(done), model.Count(all)), s.style(bolder(rateLook)))
	p.end(groupHigh)
}

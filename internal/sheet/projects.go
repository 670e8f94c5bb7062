package sheet

import "vanthu/internal/model"

// Columns of the block of projects.
const (
	planColumn = figureColumn + iota
	paidColumn
	rateColumn
	slowColumn
)

// disbursement lists the projects with plan and payment, which stand on the sheet of the table.
func (s *summary) disbursement() {
	t := s.table(disbursementKey)
	if t == nil || t.column("ke_hoach") < 0 || t.column("da_giai_ngan") < 0 {
		return
	}
	s.part = "GIẢI NGÂN"
	unit := ""
	if t.unit() != "" {
		unit = " (" + t.unit() + ")"
	}
	b := block{table: t, title: "Kế hoạch và giải ngân theo dự án" + unit, named: t.columns[t.content].Label}
	for _, row := range t.rows {
		b.groups = append(b.groups, grouping{name: cellText(row[t.columns[t.content].Key]), rows: []model.Values{row}})
	}
	heads := []figure{{head: "Kế hoạch vốn"}, {head: "Đã giải ngân"}, {head: "Tỷ lệ (%)"}, {head: "Chậm (C/K)"}}
	drawn := &chartPlan{title: "Kế hoạch vốn và số đã giải ngân theo dự án" + unit, kind: planAndPaid, below: footHigh}
	first, some := s.begin(b, heads, drawn)
	if !some {
		return
	}
	for i, g := range b.groups {
		s.writeProject(t, i, g)
	}
	s.writeProjectTotals(t, first)
	s.page.end(blockGap)
	s.chart(drawn, b, first)
}

func (s *summary) writeProject(t *table, i int, g grouping) {
	p, row := s.page, g.rows[0]
	there := func(key string) string { return quote(t.sheet) + "!" + cell(t.column(key), t.first+i) }
	amount := s.style(countLook.figure("right", t.amounts))
	p.set(0, i+1, s.style(countLook))
	p.formula(nameColumn, there(t.columns[t.content].Key), g.name, s.style(nameLook))
	p.formula(planColumn, there("ke_hoach"), cellValue(number(row["ke_hoach"])), amount)
	p.formula(paidColumn, there("da_giai_ngan"), cellValue(number(row["da_giai_ngan"])), amount)
	p.formula(rateColumn, rateFormula(cell(paidColumn, p.row), cell(planColumn, p.row)),
		rate(number(row["da_giai_ngan"]), number(row["ke_hoach"])), s.style(rateLook))
	if t.column("cham") >= 0 {
		p.formula(slowColumn, there("cham"), cellValue(row["cham"]), s.style(countLook))
	}
	s.shortName(g.name)
	p.end(s.groupHigh(g))
}

func (s *summary) writeProjectTotals(t *table, first int) {
	p := s.page
	rows := func(column int) string { return cell(column, first) + ":" + cell(column, p.row-1) }
	amount := s.style(bolder(countLook).figure("right", t.amounts))
	plan, paid, slow := t.sum("ke_hoach"), t.sum("da_giai_ngan"), 0
	for _, row := range t.rows {
		if row["cham"] == model.Text("C") {
			slow++
		}
	}
	p.span(0, nameColumn, 0, "Tổng cộng", s.style(bolder(nameLook).with("center", "")))
	p.formula(planColumn, "SUM("+rows(planColumn)+")", cellValue(plan), amount)
	p.formula(paidColumn, "SUM("+rows(paidColumn)+")", cellValue(paid), amount)
	p.formula(rateColumn, rateFormula(cell(paidColumn, p.row), cell(planColumn, p.row)), rate(paid, plan), s.style(bolder(rateLook)))
	p.formula(slowColumn, "COUNTIF("+rows(slowColumn)+`,"C")`, slow, s.style(bolder(countLook)))
	p.end(groupHigh)
}

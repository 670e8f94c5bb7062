package tally

import (
	"slices"

	"github.com/shopspring/decimal"

	"vanthu/internal/model"
)

// project is a row of the disbursement, in millions of đồng.
type project struct {
	row        model.Values
	plan, paid decimal.Decimal
	rate       decimal.Decimal // percent; counts when rated
	rated      bool            // there is a plan
	slow       bool            // the rate is below the threshold of the document
}

func readProject(l *ledger, row model.Values) project {
	p := project{row: row}
	p.plan, _ = numberOf(row, planKey)
	p.paid, _ = numberOf(row, paidKey)
	p.rate, p.rated = rate(p.paid, p.plan)
	threshold, set := numberOf(l.doc.Values, thresholdKey)
	p.slow = set && p.rated && p.rate.LessThan(threshold)
	return p
}

func (p *project) fill() {
	if p.rated {
		p.row["ty_le"] = model.Number{Decimal: p.rate}
	}
	p.row["cham"] = model.Text("K")
	if p.slow {
		p.row["cham"] = model.Text("C")
	}
}

// funds are the sums over projects.
type funds struct {
	plan, paid, expected decimal.Decimal
	isExpected           bool // a project says what it will come to
	slow                 int
}

func sumProjects(rows []*project) (f funds) {
	for _, p := range rows {
		f.plan, f.paid = f.plan.Add(p.plan), f.paid.Add(p.paid)
		if expected, ok := numberOf(p.row, expectedKey); ok {
			f.expected, f.isExpected = f.expected.Add(expected), true
		}
		if p.slow {
			f.slow++
		}
	}
	return f
}

func (l *ledger) disbursementFigures(before *ledger) model.Values {
	sum := sumProjects(l.projects)
	values := model.Values{
		"so_du_an":     model.Count(len(l.projects)),
		"ke_hoach":     model.Number{Decimal: sum.plan},
		"da_giai_ngan": model.Number{Decimal: sum.paid},
		"so_cham":      model.Count(sum.slow),
	}
	putRate(values, "ty_le", sum.paid, sum.plan)
	if sum.isExpected {
		values["uoc_ca_nam"] = model.Number{Decimal: sum.expected}
	}
	if threshold, ok := numberOf(l.doc.Values, thresholdKey); ok {
		values["nguong"] = model.Number{Decimal: threshold}
	}
	if before != nil {
		then := sumProjects(before.projects)
		percent, ok := rate(sum.paid, sum.plan)
		percentThen, okThen := rate(then.paid, then.plan)
		if ok && okThen {
			values["so_voi_truoc"] = changeOf(percent, percentThen, "điểm phần trăm", before)
		}
	}
	slow := slices.DeleteFunc(slices.Clone(l.projects), func(p *project) bool { return !p.slow })
	slices.SortStableFunc(slow, func(a, b *project) int { return a.rate.Cmp(b.rate) })
	var list model.Items
	for _, p := range slow {
		list = append(list, pick(p.row, "du_an", "chu_dau_tu", planKey, paidKey, "ty_le", "nguyen_nhan"))
	}
	put(values, "danh_sach_cham", list)
	return values
}

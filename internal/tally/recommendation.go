package tally

import (
	"cmp"
	"slices"

	"vanthu/internal/model"
)

// recommendation is a row of what supervision asked of bodies.
type recommendation struct {
	row   model.Values
	level level
	days  int    // overdue, of one that is not fulfilled
	next  string // step, or "" when none is to be taken
}

// level is how far a recommendation was followed.
type level int

const (
	fulfilled level = iota
	partly
	unfulfilled
	overdue
	refused
	unsatisfying
)

func (v level) String() string {
	return [...]string{"Hoàn thành", "Hoàn thành một phần", "Chưa hoàn thành", "Quá hạn", "Không thực hiện", "Chưa đáp ứng yêu cầu"}[v]
}

// escalates reports whether the next step is due.
func (v level) escalates() bool { return v >= overdue }

// escalation are the seven steps in their order.
var escalation = [...]string{
	"Đôn đốc lần 1", "Đôn đốc tiếp", "Kiến nghị cấp có thẩm quyền", "Phiên giải trình", "Chất vấn", "Giám sát lại",
	"Báo cáo Hội đồng nhân dân",
}

func readRecommendation(l *ledger, row model.Values) recommendation {
	due, assessed := row.Day(dueKey), row.Text("danh_gia")
	r := recommendation{row: row, level: unfulfilled}
	isOverdue := due != none && due.Before(l.closing)
	switch {
	case assessed == fulfilled.String():
		r.level = fulfilled
	case assessed == refused.String():
		r.level = refused
	case assessed == unsatisfying.String():
		r.level = unsatisfying
	case isOverdue:
		r.level = overdue
	case assessed == partly.String():
		r.level = partly
	}
	if isOverdue && r.level != fulfilled {
		r.days = due.Until(l.closing)
	}
	if taken, ok := stepOf(row); ok && r.level.escalates() && taken < len(escalation) {
		r.next = escalation[taken]
	}
	return r
}

// stepOf is the step that was taken last, 0 when none was; false when there is no such step.
func stepOf(row model.Values) (int, bool) {
	number, _ := numberOf(row, stepKey)
	return int(number.IntPart()), number.IsInteger() && !number.IsNegative() && number.LessThanOrEqual(whole(len(escalation)))
}

func (r *recommendation) fill() {
	r.row["muc_do"] = model.Text(r.level.String())
	if r.days > 0 {
		r.row["so_ngay_qua_han"] = model.Count(r.days)
	}
	delete(r.row, "buoc_tiep") // as it was typed
	if r.next != "" {
		r.row["buoc_tiep"] = model.Text(r.next)
	}
}

// recommendationCounts are numbers of recommendations by level.
type recommendationCounts [unsatisfying + 1]int

func countRecommendations(rows []*recommendation) (c recommendationCounts) {
	for _, r := range rows {
		c[r.level]++
	}
	return c
}

func recommendationValues(rows []*recommendation) model.Values {
	c := countRecommendations(rows)
	values := model.Values{
		"tong":            model.Count(len(rows)),
		"hoan_thanh":      model.Count(c[fulfilled]),
		"mot_phan":        model.Count(c[partly]),
		"chua_hoan_thanh": model.Count(c[unfulfilled]),
		"qua_han":         model.Count(c[overdue]),
		"khong_thuc_hien": model.Count(c[refused]),
		"chua_dap_ung":    model.Count(c[unsatisfying]),
	}
	putRate(values, "ty_le", whole(c[fulfilled]), whole(len(rows)))
	return values
}

func (l *ledger) recommendationFigures(before *ledger) model.Values {
	values := recommendationValues(l.recommendations)
	if before != nil && len(before.recommendations) > 0 {
		values["so_voi_truoc"] = change(countRecommendations(l.recommendations)[fulfilled],
			countRecommendations(before.recommendations)[fulfilled], "kiến nghị", before)
	}
	put(values, "theo_co_quan",
		breakdown(l.recommendations, func(r *recommendation) string { return r.row.Text(bodyKey) }, recommendationValues))
	open := slices.DeleteFunc(slices.Clone(l.recommendations), func(r *recommendation) bool { return !r.level.escalates() })
	slices.SortStableFunc(open, func(a, b *recommendation) int { return cmp.Compare(b.days, a.days) })
	var list model.Items
	for _, r := range open {
		item := pick(r.row, model.BodyKey, bodyKey, dueKey, "so_ngay_qua_han", "muc_do", "buoc_tiep")
		list = append(list, item)
	}
	values["phai_xu_ly"] = model.Count(len(list))
	put(values, "danh_sach_xu_ly", list)
	return values
}

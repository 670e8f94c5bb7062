package tally

import (
	"vanthu/internal/model"
)

// petition is a row of what voters asked.
type petition struct {
	row   model.Values
	state petitionState
	days  int // overdue, of one without a reply
}

type petitionState int

const (
	answered petitionState = iota
	pending
	unanswered // when the deadline is over
)

func (s petitionState) String() string {
	return [...]string{"Đã trả lời", "Đang giải quyết", "Quá hạn trả lời"}[s]
}

func readPetition(l *ledger, row model.Values) petition {
	p := petition{row: row, state: pending}
	due, reply := row.Day(dueKey), row.Day(replyKey)
	switch {
	case reply != none && !l.closing.Before(reply):
		p.state = answered
	case due != none && due.Before(l.closing):
		p.state, p.days = unanswered, due.Until(l.closing)
	}
	return p
}

func (p *petition) fill() { p.row["trang_thai"] = model.Text(p.state.String()) }

// petitionCounts are numbers of petitions by state.
type petitionCounts [unanswered + 1]int

func countPetitions(rows []*petition) (c petitionCounts) {
	for _, p := range rows {
		c[p.state]++
	}
	return c
}

func petitionValues(rows []*petition) model.Values {
	c := countPetitions(rows)
	classes := make(map[string]int)
	for _, p := range rows {
		classes[p.row.Text(classKey)]++
	}
	values := model.Values{
		"tiep_nhan":       model.Count(len(rows)),
		"da_tra_loi":      model.Count(c[answered]),
		"dang_giai_quyet": model.Count(c[pending]),
		"qua_han":         model.Count(c[unanswered]),
		"da_giai_quyet":   model.Count(classes["Đã giải quyết"]),
		"giai_trinh":      model.Count(classes["Giải trình, thông tin"]),
		"dang_thuc_hien":  model.Count(classes["Đang giải quyết"]),
		"chua_giai_quyet": model.Count(classes["Chưa giải quyết"]),
	}
	putRate(values, "ty_le", whole(c[answered]), whole(len(rows)))
	return values
}

func (l *ledger) petitionFigures(before *ledger) model.Values {
	rows, values := l.petitions, petitionValues(l.petitions)
	if before != nil && len(before.petitions) > 0 {
		values["so_voi_truoc"] = change(countPetitions(rows)[answered], countPetitions(before.petitions)[answered], "kiến nghị", before)
	}
	put(values, "theo_linh_vuc", breakdown(rows, func(p *petition) string { return p.row.Text("linh_vuc") }, petitionValues))
	put(values, "theo_tham_quyen", breakdown(rows, func(p *petition) string { return p.row.Text("tham_quyen") }, petitionValues))
	put(values, "danh_sach_qua_han", late(rows, func(p *petition) (model.Values, int) { return p.row, p.days },
		"so_ngay", model.BodyKey, "dia_ban", bodyKey, dueKey))
	return values
}

package tally

import (
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/vi"
)

// typed holds what someone typed into a computed column of row i against what was worked out. What was worked out stands in its place
// afterwards.
func (d *doubter) typed(i int) {
	switch l := d.ledger; d.spec.Key {
	case tasks:
		d.taskState(l.tasks[i])
	case roadmap:
		d.taskState(l.steps[i])
	case recommendations:
		d.level(l.recommendations[i])
		d.nextStep(l.recommendations[i])
	case petitions:
		p := l.petitions[i]
		late := p.days > 0 || p.state == answered && d.row.Day(dueKey).Before(d.row.Day(replyKey))
		if said := claimIn(d.row.Text("trang_thai")); said.against(p.state == answered, late) {
			d.contradicted("trang_thai", p.state.String(), d.onDates(replyKey), d.remedy(replyKey, said, p.state == answered))
		}
	case disbursement:
		d.slowness(l.projects[i])
	}
}

// claim is what a typed state says, in whatever words. One that says nothing of the kind agrees with everything.
type claim struct{ done, open, late, inTime bool }

var (
	claimsDone   = lazyregexp.New(`\bhoan thanh|\bda (?:tra loi|giai quyet)|\bxong\b`)
	claimsOpen   = lazyregexp.New(`\b(?:chua|dang|khong|mot phan|co ban)\b|(?:^|\D)\d{1,2}(?:[.,]\d+)? ?%`)
	claimsLate   = lazyregexp.New(`\b(?:qua han|tre|cham)\b`)
	claimsInTime = lazyregexp.New(`\b(?:dung|trong|truoc|chua den|con) han\b`)
	notLate      = strings.NewReplacer("chua qua han", "trong han", "khong qua han", "trong han")
)

func claimIn(typed string) claim {
	folded := notLate.Replace(vi.Fold(typed))
	open := claimsOpen.MatchString(folded)
	return claim{
		done: !open && claimsDone.MatchString(folded), open: open,
		late: claimsLate.MatchString(folded), inTime: claimsInTime.MatchString(folded),
	}
}

func (c claim) against(done, late bool) bool {
	return c.done && !done || c.open && done || c.late && !late || c.inTime && late
}

// contradicted reports that a typed text gives way. why begins with "nhưng".
func (d *doubter) contradicted(column, worked, why, hint string) {
	d.warn(column, diag.TypedState, hint, "ghi “%s” %s, nên tính là “%s”", d.row.Text(column), why, worked)
}

func (d *doubter) taskState(t *task) {
	done := !t.state.open()
	if said := claimIn(d.row.Text("tinh_trang")); said.against(done, t.state == doneLate || t.state == openLate) {
		d.contradicted("tinh_trang", t.state.String(), d.onDates(doneKey), d.remedy(doneKey, said, done))
	}
}

// onDates returns by which days a row is judged; doneColumn holds the one on which it was done.
func (d *doubter) onDates(doneColumn string) string {
	due, done, closing := d.row.Day(dueKey), d.row.Day(doneColumn), d.ledger.closing
	switch {
	case done == none:
		return "nhưng chưa có " + d.label(doneColumn) + d.dueOn(due)
	case closing.Before(done):
		return "nhưng " + d.label(doneColumn) + " " + done.Short() + " sau ngày chốt số liệu"
	default:
		return "nhưng " + d.label(doneColumn) + " là " + done.Short() + d.dueOn(due)
	}
}

func (d *doubter) dueOn(due vi.Date) string {
	if due == none {
		return ""
	}
	return ", " + d.label(dueKey) + " " + due.Short()
}

func (d *doubter) remedy(doneColumn string, said claim, done bool) string {
	switch {
	case said.done && !done:
		return "ghi " + d.label(doneColumn) + " không sau ngày chốt số liệu, hoặc sửa ô này"
	case said.open && done:
		return "bỏ " + d.label(doneColumn) + " nếu chưa xong, hoặc sửa ô này"
	default:
		return "xem lại " + d.label(dueKey) + " và " + d.label(doneColumn) + ", hoặc sửa ô này"
	}
}

// level holds a typed level against the assessment, which alone makes a recommendation fulfilled, refused or the like.
func (d *doubter) level(r *recommendation) {
	typed, assessed := d.row.Text("muc_do"), d.row.Text("danh_gia")
	against := claimIn(typed).against(r.level == fulfilled, r.days > 0)
	for _, judged := range []level{partly, refused, unsatisfying} {
		if vi.Fold(typed) == vi.Fold(judged.String()) {
			against = assessed != judged.String()
		}
	}
	if against {
		why := "nhưng " + d.label("danh_gia") + " để trống"
		if assessed != "" {
			why = "nhưng " + d.label("danh_gia") + " là “" + assessed + "”"
		}
		d.contradicted("muc_do", r.level.String(), why+d.dueOn(d.row.Day(dueKey)),
			"ghi "+d.label("danh_gia")+", xem lại "+d.label(dueKey)+", hoặc sửa ô này")
	}
}

func (d *doubter) nextStep(r *recommendation) {
	typed, worked := vi.Fold(d.row.Text("buoc_tiep")), vi.Fold(r.next)
	switch typed {
	case "", "-", "khong", "khong co":
		typed = ""
	}
	if typed == "" || worked != "" && (strings.Contains(typed, worked) || strings.Contains(worked, typed)) {
		return
	}
	name := r.next
	if name == "" {
		name = "không có bước nào"
	}
	d.contradicted("buoc_tiep", name, "nhưng mức độ là “"+r.level.String()+"”",
		"xem lại "+d.label("danh_gia")+", "+d.label(dueKey)+", "+d.label(stepKey)+", hoặc sửa ô này")
}

func (d *doubter) slowness(p *project) {
	var slow bool
	switch vi.Fold(d.row.Text("cham")) {
	case "c", "co", "cham", "x":
		slow = true
	case "k", "khong", "khong cham":
	default:
		return
	}
	if slow != p.slow {
		worked, why := "K", "nhưng không có kế hoạch vốn"
		if p.slow {
			worked = "C"
		}
		if threshold, set := numberOf(d.ledger.doc.Values, thresholdKey); p.rated && set {
			why = "nhưng giải ngân " + vi.FormatNumber(p.rate) + "%, ngưỡng là " + vi.FormatNumber(threshold) + "%"
		}
		d.contradicted("cham", worked, why, "xem lại số tiền và ngưỡng giải ngân, hoặc sửa ô này")
	}
}

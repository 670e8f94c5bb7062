package tally

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// namesPeriod finds the first place where a text names the period before: "quý I năm 2026", "quý I/2026", or "quý I" alone. A name
// alone means the year of its document: in a text copied from the other document that of the other, elsewhere that of this one.
// Another year after it makes it another period; a name that this period shares tells nothing alone.
func (o *overlap) namesPeriod(text string, copied bool) (offset int, named bool) {
	name := o.wasPeriod.Name()
	alone := (copied || o.wasPeriod.Year == o.period.Year) && name != o.period.Name()
	if o.wasForm == nil {
		o.wasForm = periodForm(o.wasPeriod)
	}
	for _, match := range o.wasForm.FindAllStringSubmatchIndex(text, -1) {
		start := match[2]
		year := ""
		if len(match) > 4 && match[4] >= 0 {
			year = text[match[4]:match[5]]
		}
		switch {
		case withinDate.MatchString(text[:start]), o.wasPeriod.Noun() == "năm" && ofLaw.MatchString(text[:start]):
		case year == "" && (alone || o.wasPeriod.Noun() == "năm"), year == strconv.Itoa(o.wasPeriod.Year):
			return start, true
		}
	}
	return 0, false
}

var (
	// withinDate ends before the month or the year of a date, "ngày 5 tháng 3 năm 2026", and before the year of "5 năm 2021".
	withinDate = lazyregexp.New(`(?i)\d(?: tháng \d{1,2})?\s*$`)
	// ofLaw ends before the year by which a law is called.
	ofLaw = lazyregexp.New(`(?i)(?:luật|hiến pháp|pháp lệnh)[^.;]*$`)
)

// periodForm finds the name of a period, the first group, with the year that may follow, the second. A year has no second group.
func periodForm(p vi.Period) *regexp.Regexp {
	const year = `(?:\s*(?:năm|/|-)?\s*(\d{4}))?`
	switch p.Noun() {
	case "năm":
		return bounded(fmt.Sprintf(`năm %d`, p.Year))
	case "tháng":
		return bounded(fmt.Sprintf(`tháng 0?%d%s`, p.First, year))
	case "quý":
		quarter := p.Last / 3
		return bounded(fmt.Sprintf(`qu[ýí] (?:%s|%d)%s`, [...]string{"I", "II", "III", "IV"}[quarter-1], quarter, year))
	case "9 tháng":
		return bounded(`(?:0?9|chín) tháng(?: đầu)?` + year)
	default:
		end := map[int]string{6: "đầu", 12: "cuối"}[p.Last]
		return bounded(fmt.Sprintf(`(?:0?6|sáu) tháng %s%s`, end, year))
	}
}

// compares reports whether what stands before the name of a period compares with it, so that it is named on purpose.
func compares(before string) bool { return comparing.MatchString(before) }

var comparing = lazyregexp.New(
	`(?i)(?:so với|cùng kỳ|(?:kỳ|quý|tháng|năm) trước|chuyển tiếp)[^.;]{0,80}$|(?:^|\PL)(?:từ|bằng|hơn|như)(?:\s+\pL+){0,2}\s*$`)

// title wants a title that names its period, when it names any. The coming period may stand beside it, with a year for both: "quý II,
// nhiệm vụ trọng tâm quý III năm 2026".
func (d *doubter) title() {
	period, title := d.ledger.period, d.ledger.doc.Abstract()
	if period == (vi.Period{}) {
		return
	}
	next, named, dated, rightYear := period.Next(), false, false, false
	other := ""
	for _, m := range periodsIn(title) {
		isYear := m.First == 1 && m.Last == 12
		switch right := m.Year == period.Year || m.Year == next.Year; {
		case m.Period == period:
			return
		case m.Year != 0 && isYear && right && period.Noun() != "năm": // "trong năm 2026"
			continue
		case m.Year == 0 && m.First == period.First && m.Last == period.Last:
			named = true
			continue
		case m.Year != 0:
			dated, rightYear = true, rightYear || right
		}
		if other == "" {
			other = m.text
		}
	}
	if other == "" || named && (rightYear || !dated) {
		return
	}
	d.found.Add(diag.Finding{
		Severity: diag.Warning, Code: diag.TitleOfAnotherPeriod,
		Where: diag.Place{Field: model.AbstractKey, Text: diag.Excerpt(title)}, Hint: "sửa trích yếu hoặc kỳ báo cáo",
		Message: fmt.Sprintf("trích yếu ghi “%s”, không ghi kỳ báo cáo %s", other, period),
	})
}

// mention is a period that a text names; its year is 0 when none follows.
type mention struct {
	vi.Period
	text string
}

var anyPeriod = bounded(`(tháng \d{1,2}|qu[ýí] (?:IV|I{1,3}|[1-4])|(?:0?6|sáu) tháng(?: (?:đầu|cuối))?|(?:0?9|chín) tháng(?: đầu)?)` +
	`(?:\s*(?:năm|/|-)?\s*(\d{4}))?|(năm \d{4})`)

// periodsIn finds the periods that a text names, not those within a date or the name of a law, nor those that it compares with.
func periodsIn(text string) (mentions []mention) {
	for _, at := range anyPeriod.FindAllStringSubmatchIndex(text, -1) {
		group := func(i int) string {
			if at[2*i] < 0 {
				return ""
			}
			return text[at[2*i]:at[2*i+1]]
		}
		name, year, full := group(2), group(3), group(4)
		if before := text[:at[2]]; withinDate.MatchString(before) || compares(before) || full != "" && ofLaw.MatchString(before) {
			continue
		}
		if full == "" {
			full = name + " năm " + cmp.Or(year, "2000")
		}
		period, err := vi.ParsePeriod(full)
		if err != nil {
			continue
		}
		if name != "" && year == "" {
			period.Year = 0
		}
		mentions = append(mentions, mention{period, group(1)})
	}
	return mentions
}

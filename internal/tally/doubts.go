package tally

import (
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// doubts are findings about the closing date and about rows that cannot be right, or that say two things.
func (l *ledger) doubts() diag.Findings {
	d := &doubter{ledger: l}
	d.closingDate()
	d.title()
	for _, key := range []string{tasks, recommendations, petitions, disbursement, roadmap, units} {
		if spec := l.doc.Schema.Table(key); spec != nil {
			d.missing(spec)
			d.table(spec)
		}
	}
	if d.untold > 0 {
		d.found.Add(diag.Finding{
			Severity: diag.Info, Code: diag.MoreDoubts, Message: fmt.Sprintf("còn %d cảnh báo khác về các dòng của bảng", d.untold),
			Hint: "sửa các dòng đã nêu rồi chạy lại để xem tiếp",
		})
	}
	return d.found
}

const maxDoubts = 100 // that are told; no one mends more at once

// doubter goes through the rows of a table.
type doubter struct {
	ledger *ledger
	spec   *model.FieldSpec // of the table at hand
	row    model.Values     // at hand
	number int              // of the row, from 1
	found  diag.Findings
	untold int
}

// missing reports a table that a report goes without, for it says so as a fact.
func (d *doubter) missing(spec *model.FieldSpec) {
	rows, _ := d.ledger.doc.Values[spec.Key].(model.Items)
	if len(rows) > 0 || d.ledger.doc.Schema.Field(model.PeriodKey) == nil {
		return
	}
	d.found.Add(diag.Finding{
		Severity: diag.Warning, Code: diag.MissingTable, Where: diag.Place{Field: spec.Key},
		Message: fmt.Sprintf("không có bảng “%s” trong dữ liệu; báo cáo sẽ ghi là không phát sinh", spec.Label),
		Hint: fmt.Sprintf("thêm trang tính “%s”, hoặc mục %s trong tệp dữ liệu; nếu kỳ này đúng là không có thì bỏ qua",
			spec.Label, spec.Key),
	})
}

const (
	longAfter = 100     // days after the end of its period by which a report is signed
	farAway   = 5 * 366 // days to a deadline, five years
)

func (d *doubter) closingDate() {
	closing, period, signed := d.ledger.closing, d.ledger.period, d.ledger.doc.Values.Day(model.DayKey)
	warn := func(code diag.Code, hint, format string, args ...any) {
		d.found.Add(diag.Finding{
			Severity: diag.Warning, Code: code, Where: diag.Place{Field: model.ClosingKey}, Hint: hint, Message: fmt.Sprintf(format, args...),
		})
	}
	if period != (vi.Period{}) && !period.Holds(closing) {
		warn(diag.ClosingOutsidePeriod, "xem lại ngày chốt số liệu và kỳ báo cáo",
			"ngày chốt số liệu %s không nằm trong %s", closing.Short(), period)
	}
	if period != (vi.Period{}) && signed != none && period.End().Until(signed) > longAfter {
		d.found.Add(diag.Finding{
			Severity: diag.Warning, Code: diag.DateLongAfterPeriod, Where: diag.Place{Field: model.DayKey},
			Message: fmt.Sprintf("ngày ban hành %s sau ngày cuối của %s hơn %d ngày", signed.Short(), period, longAfter),
			Hint:    "xem lại ngày ban hành và kỳ báo cáo",
		})
	}
	if signed != none && signed.Before(closing) {
		warn(diag.ClosingAfterDate, "xem lại ngày chốt số liệu và ngày ban hành",
			"ngày chốt số liệu %s sau ngày ban hành văn bản %s", closing.Short(), signed.Short())
	}
}

// warn adds a finding about a column of the row at hand.
func (d *doubter) warn(column string, code diag.Code, hint, format string, args ...any) {
	d.add(diag.Warning, column, code, hint, format, args...)
}

func (d *doubter) add(severity diag.Severity, column string, code diag.Code, hint, format string, args ...any) {
	if len(d.found) >= maxDoubts && (severity < diag.Error || d.found.Blocking()) {
		d.untold++
		return
	}
	d.found.Add(diag.Finding{
		Severity: severity, Code: code, Hint: hint,
		Where:   diag.Place{Field: fmt.Sprintf("%s[%d].%s", d.spec.Key, d.number, column)},
		Message: fmt.Sprintf("%s, STT %d: ", d.spec.Label, d.number) + fmt.Sprintf(format, args...),
	})
}

// label is the heading of a column within a sentence.
func (d *doubter) label(column string) string {
	for _, spec := range d.spec.Fields {
		if spec.Key == column {
			first, size := utf8.DecodeRuneInString(spec.Label)
			return string(unicode.ToLower(first)) + spec.Label[size:]
		}
	}
	return column
}

func (d *doubter) table(spec *model.FieldSpec) {
	d.spec = spec
	items, _ := d.ledger.doc.Values[spec.Key].(model.Items)
	seen := make(map[saying]int, len(items))
	for i, item := range items {
		d.row, d.number = item.(model.Values), i+1
		d.inOrder(startKey, doneKey, diag.DoneBeforeStart)
		d.inOrder(startKey, dueKey, diag.DueBeforeStart)
		d.inOrder(receivedKey, replyKey, diag.ReplyBeforeReceipt)
		d.inOrder(receivedKey, dueKey, diag.DueBeforeReceipt)
		d.farDeadline()
		d.counted(doneKey)
		d.counted(replyKey)
		switch spec.Key {
		case tasks:
			d.progress()
		case recommendations:
			d.step()
		case petitions:
			d.class()
		case disbursement:
			d.money()
		case units:
			d.unit()
		}
		d.typed(i)
		d.twice(seen)
	}
}

// inOrder wants the date of one column not to come after that of another.
func (d *doubter) inOrder(first, second string, code diag.Code) {
	a, b := d.row.Day(first), d.row.Day(second)
	if a != none && b != none && b.Before(a) {
		d.warn(second, code, "xem lại hai ngày này", "%s %s trước %s %s", d.label(second), b.Short(), d.label(first), a.Short())
	}
}

// counted reports a date that comes too late for this report.
func (d *doubter) counted(column string) {
	if date, closing := d.row.Day(column), d.ledger.closing; date != none && closing.Before(date) {
		d.warn(column, diag.AfterClosing, "đúng thì để kỳ sau tính; nếu tính vào kỳ này thì sửa ngày chốt số liệu",
			"%s %s sau ngày chốt số liệu %s nên chưa tính", d.label(column), date.Short(), closing.Short())
	}
}

// farDeadline reports a deadline whose year is most likely a slip.
func (d *doubter) farDeadline() {
	due, closing := d.row.Day(dueKey), d.ledger.closing
	if days := closing.Until(due); due != none && max(days, -days) > farAway {
		d.warn(dueKey, diag.FarDeadline, "xem lại năm", "%s %s cách ngày chốt số liệu %s hơn 5 năm", d.label(dueKey), due.Short(), closing.Short())
	}
}

func (d *doubter) progress() {
	progress, given := numberOf(d.row, progressKey)
	done := d.row.Day(doneKey)
	switch full := whole(100); {
	case !given:
	case progress.IsNegative() || progress.GreaterThan(full):
		d.warn(progressKey, diag.NoSuchProgress, "ghi từ 0 đến 100", "tiến độ %s%% không có thật", vi.FormatNumber(progress))
	case progress.Equal(full) && done == none:
		d.warn(doneKey, diag.DoneWithoutDate, "ghi ngày hoàn thành, hoặc sửa tiến độ",
			"tiến độ 100%% mà không có ngày hoàn thành nên tính là chưa hoàn thành")
	case progress.LessThan(full) && done != none:
		d.warn(progressKey, diag.DateWithoutProgress, "sửa tiến độ thành 100, hoặc bỏ ngày hoàn thành",
			"có ngày hoàn thành %s mà tiến độ mới %s%%", done.Short(), vi.FormatNumber(progress))
	}
}

func (d *doubter) step() {
	if _, ok := stepOf(d.row); !ok {
		number, _ := numberOf(d.row, stepKey)
		d.add(diag.Error, stepKey, diag.NoSuchStep,
			"ghi số của bước xử lý đã thực hiện, từ 0 (chưa xử lý) đến 7 (báo cáo Hội đồng nhân dân)",
			"không có bước xử lý %s", vi.FormatNumber(number))
	}
}

func (d *doubter) class() {
	if d.row.Text(classKey) == "Đã giải quyết" && d.row.Day(replyKey) == none {
		d.warn(replyKey, diag.ResolvedWithoutReply, "ghi ngày trả lời, hoặc xem lại phân loại",
			"phân loại “Đã giải quyết” mà không có ngày trả lời")
	}
}

// fundParts are the columns that the plan of a project is the sum of.
var fundParts = [...]string{"von_trung_uong", "von_thanh_pho", "von_xa", "von_khac"}

func (d *doubter) money() {
	plan, _ := numberOf(d.row, planKey)
	paid, _ := numberOf(d.row, paidKey)
	for _, column := range []string{planKey, paidKey} {
		if n, _ := numberOf(d.row, column); n.IsNegative() {
			d.add(diag.Error, column, diag.NegativeAmount, "ghi số tiền từ 0 trở lên", "số tiền %s âm", vi.FormatNumber(n))
		}
	}
	if paid.GreaterThan(plan) {
		d.warn(paidKey, diag.PaidBeyondPlan, "xem lại hai số này, và đơn vị tính triệu đồng",
			"đã giải ngân %s lớn hơn kế hoạch vốn %s", vi.FormatNumber(paid), vi.FormatNumber(plan))
	}
	var sum decimal.Decimal
	parted := false
	for _, column := range fundParts {
		if part, ok := numberOf(d.row, column); ok {
			sum, parted = sum.Add(part), true
		}
	}
	if parted && !sum.Equal(plan) {
		d.warn(planKey, diag.PartsBesideTotal, "xem lại tổng và từng nguồn vốn",
			"các nguồn vốn cộng lại là %s, khác tổng kế hoạch vốn %s", vi.FormatNumber(sum), vi.FormatNumber(plan))
	}
}

// saying is what a row says, accents and capitals aside, for finding it again. A task that returns has another deadline each time, two villages may ask the same,
// and two conclusions may recommend the same: these are rows of their own.
type saying struct {
	about, body, origin string
	due                 vi.Date
}

func (d *doubter) twice(seen map[saying]int) {
	column := "noi_dung"
	var said saying
	switch d.spec.Key {
	case tasks, roadmap:
		said = saying{body: d.row.Text("chu_tri"), due: d.row.Day(dueKey)}
	case recommendations:
		said = saying{body: d.row.Text("co_quan"), origin: d.row.Text("ket_luan")}
	case petitions:
		said = saying{body: d.row.Text("co_quan"), origin: d.row.Text("dia_ban")}
	case disbursement:
		column = "du_an"
		said = saying{body: d.row.Text("chu_dau_tu")}
	case units:
		column = model.NameKey
	}
	if said.about = vi.Fold(d.row.Text(column)); said.about == "" {
		return
	}
	if first, again := seen[said]; again {
		d.warn(column, diag.DuplicateRow, "bỏ một dòng, nếu không phải hai việc khác nhau",
			"trùng với STT %d: “%s”", first, diag.Excerpt(d.row.Text(column)))
		return
	}
	seen[said] = d.number
}

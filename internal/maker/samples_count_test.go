package maker_test

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// The count in this file knows nothing of the program: it opens a workbook with the library, takes the raw cells under the headings that
// a clerk sees, and counts them in plain loops. What the program says of the same workbook is held against it.

// count is what a workbook of a report says.
type count struct {
	period          string // "quý II năm 2026"
	begin, end      time.Time
	closing         time.Time
	threshold       float64
	tasks           []task
	recommendations []recommendation
	petitions       []petition
	projects        []project
}

type task struct {
	what, body, field, given string
	due, done                time.Time // done is zero of a task that is not
	state                    string
	days                     int // to the deadline, of a task that is not done
}

type recommendation struct {
	what, body  string
	due         time.Time
	level, next string
	days        int // overdue
}

type petition struct {
	what, field, authority, class, village, body string
	due                                          time.Time
	state                                        string
	days                                         int // overdue
}

type project struct {
	what, owner    string
	plan, paid     float64
	expected, rate float64
	slow           bool
}

// countBook counts a workbook: an input workbook or a progress workbook.
func countBook(t testing.TB, data []byte) count {
	t.Helper()
	book := openBook(t, data)
	general := map[string]string{}
	for _, row := range rawRows(t, book, "Thông tin chung") {
		if len(row) > 1 {
			general[strings.TrimSuffix(row[0], " *")] = row[1]
		}
	}
	c := count{period: general["Kỳ báo cáo"], closing: dayOf(t, general["Ngày chốt số liệu"]), threshold: amountOf(t, general["Ngưỡng giải ngân"])}
	c.begin, c.end = monthsOf(t, c.period)
	for _, row := range tableRows(t, book, "Nhiệm vụ", "Nội dung nhiệm vụ") {
		c.tasks = append(c.tasks, c.task(t, row))
	}
	for _, row := range tableRows(t, book, "Kiến nghị sau giám sát", "Nội dung kiến nghị") {
		c.recommendations = append(c.recommendations, c.recommendation(t, row))
	}
	for _, row := range tableRows(t, book, "Kiến nghị cử tri", "Nội dung kiến nghị") {
		c.petitions = append(c.petitions, c.petition(t, row))
	}
	for _, row := range tableRows(t, book, "Giải ngân", "Danh mục dự án") {
		c.projects = append(c.projects, c.project(t, row))
	}
	return c
}

func (c *count) task(t testing.TB, row map[string]string) task {
	r := task{
		what: row["Nội dung nhiệm vụ"], body: row["Cơ quan chủ trì"], field: row["Lĩnh vực"], given: row["Văn bản giao (số, ký hiệu, ngày)"],
		due: dayOf(t, row["Thời hạn hoàn thành"]), done: dayOf(t, row["Ngày hoàn thành"]),
	}
	if r.done.After(c.closing) {
		r.done = time.Time{}
	}
	switch {
	case !r.done.IsZero() && r.done.After(r.due):
		r.state = "Hoàn thành quá hạn"
	case !r.done.IsZero():
		r.state = "Hoàn thành đúng hạn"
	case r.due.Before(c.closing):
		r.state = "Chưa hoàn thành quá hạn"
	default:
		r.state = "Chưa hoàn thành trong hạn"
	}
	if r.done.IsZero() {
		r.days = daysFrom(c.closing, r.due)
	}
	return r
}

func (c *count) recommendation(t testing.TB, row map[string]string) recommendation {
	r := recommendation{what: row["Nội dung kiến nghị"], body: row["Cơ quan chịu trách nhiệm thực hiện"], due: dayOf(t, row["Thời hạn"])}
	r.level = row["Đánh giá"]
	over := r.due.Before(c.closing)
	if r.level == "" || r.level == "Hoàn thành một phần" {
		if over {
			r.level = "Quá hạn"
		} else if r.level == "" {
			r.level = "Chưa hoàn thành"
		}
	}
	if over && r.level != "Hoàn thành" {
		r.days = daysFrom(r.due, c.closing)
	}
	if r.level == "Quá hạn" || r.level == "Không thực hiện" || r.level == "Chưa đáp ứng yêu cầu" {
		steps := []string{
			"Đôn đốc lần 1", "Đôn đốc tiếp", "Kiến nghị cấp có thẩm quyền", "Phiên giải trình", "Chất vấn", "Giám sát lại", "Báo cáo Hội đồng nhân dân",
		}
		if taken := int(amountOf(t, row["Bước xử lý đã thực hiện (0–7)"])); taken < len(steps) {
			r.next = steps[taken]
		}
	}
	return r
}

func (c *count) petition(t testing.TB, row map[string]string) petition {
	r := petition{
		what: row["Nội dung kiến nghị"], field: row["Lĩnh vực"], authority: row["Thẩm quyền"], class: row["Phân loại kết quả"],
		village: row["Cử tri (thôn, tổ)"], body: row["Cơ quan trả lời"], due: dayOf(t, row["Thời hạn giải quyết"]),
	}
	reply := dayOf(t, row["Ngày trả lời"])
	switch {
	case !reply.IsZero() && !reply.After(c.closing):
		r.state = "Đã trả lời"
	case r.due.Before(c.closing):
		r.state = "Quá hạn trả lời"
		r.days = daysFrom(r.due, c.closing)
	default:
		r.state = "Đang giải quyết"
	}
	return r
}

func (c *count) project(t testing.TB, row map[string]string) project {
	r := project{
		what: row["Danh mục dự án"], owner: row["Chủ đầu tư"], plan: amountOf(t, row["Tổng kế hoạch vốn"]), paid: amountOf(t, row["Số tiền"]),
		expected: amountOf(t, row["Ước giải ngân cả năm"]),
	}
	r.rate = percent(r.paid, r.plan)
	r.slow = r.plan > 0 && r.rate < c.threshold
	return r
}

// number counts the rows of a table that hold.
func number[R any](rows []R, holds func(R) bool) int {
	n := 0
	for _, row := range rows {
		if holds(row) {
			n++
		}
	}
	return n
}

// names lists what rows are told apart by, in the order in which they first come.
func names[R any](rows []R, name func(R) string) (all []string) {
	for _, row := range rows {
		if !slices.Contains(all, name(row)) {
			all = append(all, name(row))
		}
	}
	return all
}

// those are the rows that hold.
func those[R any](rows []R, holds func(R) bool) (some []R) {
	for _, row := range rows {
		if holds(row) {
			some = append(some, row)
		}
	}
	return some
}

// states counts tasks: on time, late, in time, overdue.
func states(tasks []task) (n [4]int) {
	for i, state := range []string{"Hoàn thành đúng hạn", "Hoàn thành quá hạn", "Chưa hoàn thành trong hạn", "Chưa hoàn thành quá hạn"} {
		n[i] = number(tasks, func(r task) bool { return r.state == state })
	}
	return n
}

// due are the tasks with a deadline from one day to another, both included.
func (c *count) due(from, to time.Time) []task {
	return those(c.tasks, func(r task) bool { return !r.due.Before(from) && !r.due.After(to) })
}

func (c *count) level(name string) int {
	return number(c.recommendations, func(r recommendation) bool { return r.level == name })
}

func (c *count) answer(state string) int {
	return number(c.petitions, func(r petition) bool { return r.state == state })
}

func (c *count) class(name string) int {
	return number(c.petitions, func(r petition) bool { return r.class == name })
}

// money sums projects: plan, paid, expected, and how many are slow.
func (c *count) money() (plan, paid, expected float64, slow int) {
	for _, r := range c.projects {
		plan, paid, expected = plan+r.plan, paid+r.paid, expected+r.expected
		if r.slow {
			slow++
		}
	}
	return plan, paid, expected, slow
}

func openBook(t testing.TB, data []byte) *excelize.File {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { book.Close() })
	return book
}

func rawRows(t testing.TB, book *excelize.File, sheet string) [][]string {
	t.Helper()
	rows, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// tableRows are the rows of a table by heading, from the row under its headings to the first that has nothing under key. Headings
// stand in one row or two; of two the lower counts.
func tableRows(t testing.TB, book *excelize.File, sheet, key string) (table []map[string]string) {
	t.Helper()
	var headings []string
	column := -1
	for _, row := range rawRows(t, book, sheet) {
		switch {
		case column < 0:
			if column = slices.IndexFunc(row, func(text string) bool { return heading(text) == key }); column >= 0 {
				headings = row
			}
		case len(table) == 0 && (column >= len(row) || row[column] == ""): // the lower of two rows of headings
			for i, text := range row {
				if text != "" && i < len(headings) {
					headings[i] = text
				}
			}
		case row[0] == "(1)":
		case column >= len(row) || row[column] == "" || row[0] == "Tổng cộng":
			return table
		default:
			cells := map[string]string{}
			for i, text := range row {
				if i < len(headings) {
					cells[heading(headings[i])] = text
				}
			}
			table = append(table, cells)
		}
	}
	return table
}

func heading(text string) string { return strings.TrimSuffix(text, " *") }

// dayOf reads a day as a workbook counts it; blank is no day.
func dayOf(t testing.TB, raw string) time.Time {
	t.Helper()
	if raw == "" {
		return time.Time{}
	}
	day, err := excelize.ExcelDateToTime(amountOf(t, raw), false)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

func amountOf(t testing.TB, raw string) float64 {
	t.Helper()
	if raw == "" {
		return 0
	}
	amount, err := strconv.ParseFloat(raw, 64)
	if err != nil {
		t.Fatalf("%q is no number", raw)
	}
	return amount
}

func daysFrom(from, to time.Time) int { return int(to.Sub(from).Hours() / 24) }

// monthsOf knows the periods of the samples.
func monthsOf(t testing.TB, period string) (begin, end time.Time) {
	t.Helper()
	months := map[string][2]time.Month{
		"quý I năm 2026": {1, 3}, "quý II năm 2026": {4, 6}, "năm 2025": {1, 12}, "năm 2026": {1, 12},
	}[period]
	if months[0] == 0 {
		t.Fatalf("what months are in %q?", period)
	}
	year, _ := strconv.Atoi(period[len(period)-4:])
	return time.Date(year, months[0], 1, 0, 0, 0, 0, time.UTC), time.Date(year, months[1]+1, 0, 0, 0, 0, 0, time.UTC)
}

// percent rounds half up to one decimal.
func percent(part, whole float64) float64 { return tenth(part / whole * 100) }

func tenth(x float64) float64 { return math.Floor(x*10+0.5+1e-7) / 10 }

// viet writes a number as Vietnamese papers do: 1.234.567,8.
func viet(x float64) string {
	whole, part, _ := strings.Cut(strconv.FormatFloat(math.Abs(tenth(x)), 'f', -1, 64), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "." + whole[i:]
	}
	if part != "" {
		whole += "," + part
	}
	if tenth(x) < 0 {
		whole = "-" + whole
	}
	return whole
}

// short writes a day as papers do: 05/01/2026, 05/3/2026.
func short(day time.Time) string {
	if day.IsZero() {
		return ""
	}
	month := strconv.Itoa(int(day.Month()))
	if day.Month() < 3 {
		month = "0" + month
	}
	return day.Format("02/") + month + day.Format("/2006")
}

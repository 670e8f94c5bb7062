package sheet

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"vanthu/internal/model"
	"vanthu/internal/nd30"
	"vanthu/internal/vi"
)

// summary is the sheet “Tổng hợp”: blocks of figures, each counted by formulas over the sheet of a table, with charts. It is printed
// at its own size on A4 across, so a block or a chart that would be cut begins a new page.
type summary struct {
	*workbook
	name   string
	widths []float64
	page   *page
	used   float64 // points of the printed page at hand
	part   string  // heading to be written above the next block
	parts  int     // headings so far
	blocks int     // in the part
}

// Columns of the summary: number, name, up to nine figures; beyond the printed page, short names for charts.
const (
	nameColumn   = 1
	figureColumn = 2
	maxFigures   = 9
	lastColumn   = figureColumn + maxFigures - 1
	shortColumn  = lastColumn + 2
)

// pageHigh is what a page takes, in points, with something to spare.
const pageHigh = printHigh*100/ownScale - 12

// grouping are the rows of a table that a row of a block counts.
type grouping struct {
	name  string
	pairs string // ranges and criteria of COUNTIFS; {} is the row of the summary
	test  string // a comparison in place of pairs, for names that a criterion would not take as they are
	rows  []model.Values
}

// figure is a column of a block: it counts the rows whose column key says value.
type figure struct{ span, head, key, value string }

// summary adds the sheet; it is nil for a kind without tables that are counted.
func (w *workbook) summary() *summary {
	for _, key := range []string{tasksKey, recommendationsKey, petitionsKey, disbursementKey} {
		if w.table(key) != nil {
			s := &summary{workbook: w, widths: []float64{5, 40}}
			for range maxFigures {
				s.widths = append(s.widths, 12.6)
			}
			s.widths = append(s.widths, 3, 28)
			s.name = w.add(summarySheet)
			return s
		}
	}
	return nil
}

func (s *summary) write() {
	p := s.open(s.name, s.widths, setup{tab: "FFC000"})
	s.page = p
	h := s.heading(s.widths[:lastColumn+1])
	h.title = "TỔNG HỢP SỐ LIỆU THEO DÕI"
	s.writePaperHead(p, h, lastColumn)
	s.used = 110
	s.tasks()
	s.recommendations()
	s.petitions()
	s.disbursement()
	s.room(footHigh)
	s.writeFoot(p, lastColumn, s.widths[:lastColumn+1], h.place)
	s.define("_xlnm.Print_Area", quote(s.name)+"!$A$1:"+fixed(lastColumn, p.row-1), s.name)
	p.close()
}

// room begins a new page when so many points do not fit on this one.
func (s *summary) room(points float64) {
	if s.used+points > pageHigh {
		s.page.breaks = append(s.page.breaks, s.page.row-1)
		s.used = 0
	}
	s.used += points
}

var taskStates = []figure{
	{head: "Hoàn thành đúng hạn", key: "tinh_trang", value: "Hoàn thành đúng hạn"},
	{head: "Hoàn thành quá hạn", key: "tinh_trang", value: "Hoàn thành quá hạn"},
	{head: "Chưa hoàn thành trong hạn", key: "tinh_trang", value: "Chưa hoàn thành trong hạn"},
	{head: "Chưa hoàn thành quá hạn", key: "tinh_trang", value: "Chưa hoàn thành quá hạn"},
}

func (s *summary) tasks() {
	t := s.table(tasksKey)
	if t == nil {
		return
	}
	b := block{table: t, states: taskStates, done: 2, rate: "Tỷ lệ hoàn thành (%)"}
	s.part = "NHIỆM VỤ"
	b.title, b.named, b.groups = "Theo cơ quan chủ trì", "Cơ quan chủ trì", t.groups("chu_tri")
	s.block(b, &chartPlan{title: "Tình trạng nhiệm vụ theo cơ quan chủ trì", kind: statesByBody})
	b.title, b.named, b.groups = "Theo quý của thời hạn", "Quý", t.quarters("thoi_han")
	s.block(b, &chartPlan{title: "Tỷ lệ hoàn thành nhiệm vụ theo quý của thời hạn (%)", kind: rateByQuarter})
	b.title, b.named, b.groups = "Theo lĩnh vực", "Lĩnh vực", t.groups("linh_vuc")
	s.block(b, nil)
}

func (s *summary) recommendations() {
	t := s.table(recommendationsKey)
	if t == nil {
		return
	}
	b := block{table: t, done: 1, rate: "Tỷ lệ hoàn thành (%)"}
	for _, state := range []string{
		"Hoàn thành", "Hoàn thành một phần", "Chưa hoàn thành", "Quá hạn", "Không thực hiện", "Chưa đáp ứng yêu cầu",
	} {
		b.states = append(b.states, figure{head: state, key: "muc_do", value: state})
	}
	s.part = "KIẾN NGHỊ SAU GIÁM SÁT"
	b.title, b.named, b.groups = "Theo cơ quan chịu trách nhiệm", "Cơ quan chịu trách nhiệm", t.groups("co_quan")
	s.block(b, nil)
}

func (s *summary) petitions() {
	t := s.table(petitionsKey)
	if t == nil {
		return
	}
	b := block{table: t, done: 1, total: "Tiếp nhận", rate: "Tỷ lệ trả lời (%)"}
	for _, state := range []string{"Đã trả lời", "Đang giải quyết", "Quá hạn trả lời"} {
		b.states = append(b.states, figure{"Tình hình trả lời", state, "trang_thai", state})
	}
	for _, class := range []string{"Đã giải quyết", "Đang giải quyết", "Chưa giải quyết", "Giải trình, thông tin"} {
		b.classes = append(b.classes, figure{"Phân loại kết quả", class, "phan_loai", class})
	}
	s.part = "KIẾN NGHỊ CỬ TRI"
	b.title, b.named, b.groups = "Theo lĩnh vực", "Lĩnh vực", t.groups("linh_vuc")
	s.block(b, nil)
	b.title, b.named, b.groups = "Theo thẩm quyền", "Thẩm quyền", t.groups("tham_quyen")
	s.block(b, nil)
}

// unknown stands for the name that a row does not give, as it does in package tally.
const unknown = "Chưa xác định"

// groups are the rows of a table by what a column says, in the order in which it first says so, those that say nothing last.
// Capitals do not count, as they do not in COUNTIFS.
func (t *table) groups(key string) []grouping {
	column := t.column(key)
	if column < 0 {
		return nil
	}
	area := t.area(column)
	blank := grouping{name: unknown, test: "(" + area + `="")`}
	var groups []grouping
	at := map[string]int{}
	for _, row := range t.rows {
		text := cellText(row[key])
		if text == "" {
			blank.rows = append(blank.rows, row)
			continue
		}
		folded := strings.ToLower(text)
		i, known := at[folded]
		if !known {
			i = len(groups)
			at[folded] = i
			g := grouping{name: text, pairs: area + ",$B{}"}
			if strings.ContainsAny(text, "*?~=<>") || len(text) > 200 {
				g.pairs, g.test = "", "("+area+"=$B{})"
			}
			groups = append(groups, g)
		}
		groups[i].rows = append(groups[i].rows, row)
	}
	if blank.rows != nil {
		groups = append(groups, blank)
	}
	return groups
}

// quarters are the rows of a table by the quarter of a date, in the order of time.
func (t *table) quarters(key string) []grouping {
	column := t.column(key)
	if column < 0 {
		return nil
	}
	area := t.area(column)
	blank := grouping{name: unknown, test: "(" + area + `="")`}
	byQuarter := map[vi.Period][]model.Values{}
	var order []vi.Period
	for _, row := range t.rows {
		date, ok := row[key].(model.Date)
		if !ok {
			blank.rows = append(blank.rows, row)
			continue
		}
		first := (date.Month-1)/3*3 + 1
		quarter := vi.Period{Year: date.Year, First: first, Last: first + 2}
		if byQuarter[quarter] == nil {
			order = append(order, quarter)
		}
		byQuarter[quarter] = append(byQuarter[quarter], row)
	}
	slices.SortFunc(order, func(a, b vi.Period) int { return cmp.Or(a.Year-b.Year, a.First-b.First) })
	var groups []grouping
	for _, q := range order {
		begin, end := q.Begin(), q.End()
		groups = append(groups, grouping{
			name: fmt.Sprintf("Quý %s/%d", nd30.Roman(q.First/3+1), q.Year),
			pairs: fmt.Sprintf(`%s,">="&DATE(%d,%d,%d),%s,"<="&DATE(%d,%d,%d)`,
				area, begin.Year, begin.Month, begin.Day, area, end.Year, end.Month, end.Day),
			rows: byQuarter[q],
		})
	}
	if blank.rows != nil {
		groups = append(groups, blank)
	}
	return groups
}

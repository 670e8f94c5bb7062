package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"vanthu/internal/vi"
)

// year is the data of the yearly report of a commune.
type year struct {
	*commune
	chance  *rand.Rand
	of      int
	number  int
	signed  vi.Date
	closing vi.Date
	first   vi.Date // from which the commune works
	papers  []paper // that give tasks

	tasks, recommendations, petitions, projects []row
}

// row is a row of a table by the heading of its columns.
type row map[string]any

// paper is a document of the commune.
type paper struct {
	symbol string
	day    vi.Date
}

func (p paper) String() string { return p.symbol + " ngày " + p.day.Short() }

// sizes are how many rows tables have and how many of them are in each state. Those of two years are near enough to each other that no
// figure jumps to three times what it was.
type sizes struct {
	tasks, late, open, overdue        int // late were done late, open are not due yet
	recommendations, unmet, unmetLate int // unmet are in whatever state but done
	petitions, unanswered, pastReply  int
	projects, slow                    int
	sessions                          []string // held in the year
}

// years draws the data of a commune: this year's, and that of the year before, which began in July.
func (c *commune) years(chance *rand.Rand) (now, then year) {
	s := sizes{
		tasks: between(chance, 30, 60), late: between(chance, 1, 6), open: between(chance, 2, 6),
		overdue:         pick(chance, []int{0, 0, 0, 1, 1, 2, 3, 5}),
		recommendations: between(chance, 6, 15), unmetLate: between(chance, 0, 2),
		petitions: between(chance, 8, 20), pastReply: between(chance, 0, 2),
		projects: between(chance, 4, 10), slow: between(chance, 0, 2),
		sessions: []string{"thứ nhất", "thứ hai", "thứ ba"},
	}
	s.unmet = s.unmetLate + between(chance, 0, s.recommendations/4)
	s.unanswered = s.pastReply + between(chance, 0, s.petitions/6)
	b := sizes{
		tasks: s.tasks * between(chance, 70, 85) / 100, late: between(chance, 1, 2), open: between(chance, 1, 2),
		overdue:         max(s.overdue-between(chance, 1, 2), 0),
		recommendations: max(s.recommendations*between(chance, 75, 90)/100, 5), unmetLate: between(chance, 0, 1),
		petitions: max(s.petitions*between(chance, 70, 90)/100, 6), pastReply: between(chance, 0, 1),
		projects: s.projects - between(chance, 0, s.projects/4), slow: between(chance, 0, 1),
		sessions: []string{"thứ hai", "thứ ba"},
	}
	b.unmet, b.unanswered = b.unmetLate, b.pastReply
	means := between(chance, 60, 140) // percent of the common ones
	signedOn := []int{16, 17, 18, 21, 22, 23}
	now = year{
		commune: c, chance: chance, of: 2026, number: c.number, signed: vi.Date{Year: 2026, Month: 12, Day: pick(chance, signedOn)},
		closing: vi.Date{Year: 2026, Month: 12, Day: 15}, first: vi.Date{Year: 2026, Month: 1, Day: 5},
		papers: []paper{
			{"01/CTr-HĐND", vi.Date{Year: 2026, Month: 1, Day: 6}},
			{"02/KH-HĐND", vi.Date{Year: 2026, Month: 3, Day: 27}},
			{"05/KH-HĐND", vi.Date{Year: 2026, Month: 5, Day: 18}},
			{"12/NQ-HĐND", vi.Date{Year: 2026, Month: 7, Day: 17}},
		},
	}
	then = year{
		commune: c, chance: chance, of: 2025, number: c.number - 20 - chance.IntN(20),
		signed:  vi.Date{Year: 2025, Month: 12, Day: 17 + chance.IntN(3)},
		closing: vi.Date{Year: 2025, Month: 12, Day: 15}, first: vi.Date{Year: 2025, Month: 7, Day: 1},
		papers: []paper{
			{"01/CTr-HĐND", vi.Date{Year: 2025, Month: 7, Day: 10}}, {"02/KH-HĐND", vi.Date{Year: 2025, Month: 8, Day: 14}},
		},
	}
	now.fill(s, means)
	then.fill(b, means)
	return now, then
}

// fill draws the tables.
func (y *year) fill(s sizes, means int) {
	y.drawTasks(s)
	y.drawRecommendations(s)
	y.drawPetitions(s)
	y.drawProjects(s, means)
	words := y.words()
	for _, rows := range [][]row{y.tasks, y.recommendations, y.petitions, y.projects} {
		for _, r := range rows {
			for heading, value := range r {
				if text, ok := value.(string); ok {
					r[heading] = words.Replace(text)
				}
			}
		}
	}
}

// on is the day so many days after another, or one of the next two where that is no working day.
func on(day vi.Date, after int) vi.Date {
	serial := day.Serial() + after
	serial += []int{2, 1, 0, 0, 0, 0, 0}[serial%7] // a serial number that 7 divides is a Saturday
	moved, _ := vi.FromSerial(serial)
	return moved
}

// day draws a working day from one to another.
func (y *year) day(from, to vi.Date) vi.Date {
	span := max(from.Until(to)-2, 0)
	return on(from, y.chance.IntN(span+1))
}

// source is the paper that gave a task which is due on a day.
func (y *year) source(due vi.Date) paper {
	known := y.papers[:1]
	for i, p := range y.papers {
		if p.day.Until(due) > 20 {
			known = y.papers[:i+1]
		}
	}
	return pick(y.chance, known)
}

// reply is a paper of a body, of a day.
func (y *year) reply(body string, day vi.Date) string {
	number := 5 + y.first.Until(day)*between(y.chance, 40, 60)/100
	series := map[string]string{
		standing: "BC-HĐND", office: "BC-VP", economy: "BC-KTNS", society: "BC-VHXH", people: "BC-UBND", works: "UBND-KT", culture: "UBND-VHXH",
		centre: "TTPVHCC", police: "CAX",
	}[body]
	if series == "" { // of the city
		series, number = "BC-SN", number*20
		switch strings.TrimPrefix(body, "Sở ") {
		case "Xây dựng":
			series = "SXD-HT"
		case "Khoa học và Công nghệ":
			series = "SKHCN-CĐS"
		case "Giáo dục và Đào tạo":
			series = "SGDĐT-TCCB"
		case "Nông nghiệp và Môi trường":
			series = "SNNMT-TT"
		case "Nội vụ":
			series = "SNV-CQĐP"
		case "Y tế":
			series = "SYT-BTXH"
		}
	}
	return paper{fmt.Sprintf("%02d/%s", number, series), day}.String()
}

func (y *year) drawTasks(s sizes) {
	type task struct {
		duty
		part int // of the year in which it is due, from 1; 0 for any
	}
	var all []task
	for i, session := range s.sessions {
		for _, d := range duties {
			d.text = strings.ReplaceAll(d.text, "{ky}", session)
			all = append(all, task{d, i + 1})
		}
	}
	for _, f := range fields {
		for _, t := range tasksOf {
			name := t.field
			if name == "" {
				name = f.name
			}
			all = append(all, task{duty{strings.ReplaceAll(t.text, "{}", f.about), name, t.body(f), t.product, t.result}, 0})
		}
	}
	y.chance.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	all = all[:s.tasks]
	slices.SortStableFunc(all, func(a, b task) int { return min(a.part, 1) - min(b.part, 1) }) // what is for a session is not due after it
	from, to := on(y.first, 35), on(y.closing, -20)
	part := from.Until(to) / len(s.sessions)
	for i, d := range all {
		due := y.day(from, to)
		if d.part > 0 {
			due = y.day(on(from, (d.part-1)*part), on(from, d.part*part))
		}
		r := row{
			"Nội dung nhiệm vụ": d.text, "Lĩnh vực": d.field, "Cơ quan chủ trì": d.body, "Sản phẩm đầu ra": d.product,
		}
		done := on(due, -y.chance.IntN(15)-3)
		switch {
		case i < s.open:
			due, done = y.day(on(y.closing, 3), vi.Date{Year: y.of, Month: 12, Day: 31}), vi.Date{}
			r["Tiến độ (%)"] = 10 * between(y.chance, 3, 9)
		case i < s.open+s.overdue:
			done = vi.Date{}
			r["Khó khăn, vướng mắc, nguyên nhân"] = pick(y.chance, reasons)
			r["Tiến độ (%)"] = 10 * between(y.chance, 2, 8)
		case i < s.open+s.overdue+s.late:
			done = on(due, between(y.chance, 2, 14))
		}
		if done != (vi.Date{}) {
			r["Ngày hoàn thành"], r["Tiến độ (%)"], r["Kết quả thực hiện"] = done, 100, d.result
			r["Số, ngày văn bản báo cáo, kết quả"] = y.reply(d.body, done)
		}
		r["Thời hạn hoàn thành"], r["Văn bản giao (số, ký hiệu, ngày)"] = due, y.source(due).String()
		y.tasks = append(y.tasks, r)
	}
	slices.SortStableFunc(y.tasks, func(a, b row) int {
		return a["Thời hạn hoàn thành"].(vi.Date).Serial() - b["Thời hạn hoàn thành"].(vi.Date).Serial()
	})
}

func (y *year) drawRecommendations(s sizes) {
	conclusions := make([]paper, 3)
	subjects := make([]string, len(conclusions))
	for i, at := range y.chance.Perm(len(fields))[:len(conclusions)] {
		conclusions[i] = paper{fmt.Sprintf("%02d/TB-HĐND", 9+13*i), on(y.first, 40+i*(y.first.Until(y.closing)-110)/len(conclusions))}
		subjects[i] = strings.ToUpper(fields[at].about[:1]) + fields[at].about[1:]
	}
	for i, what := range some(y.chance, recommended, s.recommendations) {
		at := i * len(conclusions) / s.recommendations
		due := on(conclusions[at].day, between(y.chance, 30, 50))
		done := on(due, -between(y.chance, 1, 15))
		r := row{
			"Kết luận, thông báo (số, ngày)": conclusions[at].String(), "Chuyên đề giám sát": subjects[at], "Nội dung kiến nghị": what[0],
			"Cơ quan chịu trách nhiệm thực hiện": what[1], "Sản phẩm phải hoàn thành": what[2],
			"Kết quả thực hiện": what[3], "Đánh giá": "Hoàn thành",
			"Minh chứng (văn bản)": y.reply(what[1], done),
		}
		left := s.recommendations - i
		switch {
		case left <= s.unmetLate:
			r["Kết quả thực hiện"], r["Minh chứng (văn bản)"] = "Đang thực hiện", nil
			r["Đánh giá"], r["Bước xử lý đã thực hiện (0–7)"] = nil, y.chance.IntN(3)
		case left <= s.unmet:
			due = y.day(on(y.closing, 4), on(y.closing, 90))
			r["Kết quả thực hiện"], r["Minh chứng (văn bản)"] = "Đã thực hiện một số nội dung", nil
			r["Đánh giá"] = pick(y.chance, []any{nil, "Hoàn thành một phần"})
		}
		r["Thời hạn"] = due
		y.recommendations = append(y.recommendations, r)
	}
}

// hamlet draws one.
func (y *year) hamlet() string { return fmt.Sprintf("{thon} %d", between(y.chance, 1, 15)) }

func (y *year) drawPetitions(s sizes) {
	for i, what := range some(y.chance, petitions, s.petitions) {
		hamlet := y.hamlet()
		left := s.petitions - i
		received := on(y.first, 30+i*(y.first.Until(y.closing)-110)/s.petitions)
		if left <= s.unanswered && left > s.pastReply {
			received = on(y.closing, -20)
		}
		due := on(received, 45)
		replied := on(received, between(y.chance, 10, 38))
		r := row{
			"Mã vụ việc":         fmt.Sprintf("KN-%02d", i+1),
			"Nguồn tiếp nhận":    pick(y.chance, []string{"Tiếp xúc cử tri", "Tiếp công dân", "Tiếp xúc cử tri chuyên đề"}),
			"Nội dung kiến nghị": strings.ReplaceAll(what.text, "{}", hamlet),
			"Cử tri (thôn, tổ)":  "{Thon}" + strings.TrimPrefix(hamlet, "{thon}"),
			"Lĩnh vực":           what.field, "Thẩm quyền": what.authority, "Cơ quan trả lời": what.body,
			"Ngày tiếp nhận": received, "Thời hạn giải quyết": due,
		}
		if left <= s.unanswered {
			r["Phân loại kết quả"] = pick(y.chance, []string{"Đang giải quyết", "Chưa giải quyết"})
		} else {
			r["Ngày trả lời"], r["Văn bản trả lời (số)"] = replied, y.reply(what.body, replied)
			r["Phân loại kết quả"] = "Giải trình, thông tin"
			if what.authority == "Xã" {
				r["Phân loại kết quả"] = pick(y.chance, []string{"Đã giải quyết", "Đã giải quyết", "Đã giải quyết", "Đang giải quyết"})
			}
		}
		y.petitions = append(y.petitions, r)
	}
}

func (y *year) drawProjects(s sizes, means int) {
	for i, what := range projects[:s.projects] {
		plan := what.cost * means / 100 * between(y.chance, 95, 105) / 100
		city := plan * pick(y.chance, []int{0, 30, 50}) / 100
		paid := float64(plan*between(y.chance, 910, 1000)/100) / 10
		r := row{
			"Danh mục dự án": strings.ReplaceAll(what.text, "{}", y.hamlet()), "Chủ đầu tư": what.owner,
			"Tổng mức đầu tư":                 plan * between(y.chance, 11, 25) / 10,
			"Quyết định phê duyệt (số, ngày)": paper{fmt.Sprintf("%d/QĐ-UBND", 12+7*i), on(y.first, 10+6*i)}.String(),
			"Ngân sách thành phố":             city, "Ngân sách xã": plan - city, "Tổng kế hoạch vốn": plan,
			"Khối lượng thực hiện": "Hoàn thành khối lượng của năm",
		}
		if left := s.projects - i; left <= s.slow {
			paid = float64(plan*between(y.chance, 450, 850)/100) / 10
			r["Khối lượng thực hiện"], r["Khó khăn, nguyên nhân"] = "Đang thi công", pick(y.chance, reasons)
			r["Cam kết, giải pháp"] = "Thanh toán khối lượng còn lại trước ngày " + (vi.Date{Year: y.of + 1, Month: 1, Day: 31}).Short()
		}
		r["Số tiền"], r["Ước giải ngân cả năm"] = paid, plan
		y.projects = append(y.projects, r)
	}
}

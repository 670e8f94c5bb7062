package sheet

import (
	"fmt"
	"math"
	"strings"

	"vanthu/internal/model"
	"vanthu/internal/nd30"
	"vanthu/internal/vi"
)

// paperHead is what stands above a table that is headed as papers are: on the left the issuing body, on the right the national title,
// each with its rule; below them the title of the table, the day of its figures, the unit.
//
//	HỘI ĐỒNG NHÂN DÂN       CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
//	   XÃ VĨNH AM                Độc lập - Tự do - Hạnh phúc
//	    ————————                 ———————————————————————————
//	                BẢNG THEO DÕI NHIỆM VỤ
//	           (Số liệu tính đến ngày 25/6/2026)
//	                                  Đơn vị tính: triệu đồng
type paperHead struct {
	left   []line // as many rows as the right side has
	right  []line
	title  string
	dated  bool   // says the day of the figures
	unit   string // or empty
	closed vi.Date
	place  string // where and when the paper is signed, or empty
	split  int    // the last column of the left side
}

// line is a text of the heading with its look.
type line struct {
	text string
	look look
}

// paperHead plans the heading of a table.
func (w *workbook) paperHead(t *table) *paperHead {
	h := w.heading(t.widths)
	h.unit = t.unit()
	h.title = vi.Upper(t.spec.Label)
	for _, column := range t.columns {
		if column.Computed && column.Key != model.RowKey {
			h.title = "BẢNG THEO DÕI " + vi.Upper(t.spec.Label)
			break
		}
	}
	if t.spec.Key == model.UnitsKey { // most of its columns are counts
		h.title, h.unit = "BẢNG TỔNG HỢP "+vi.Upper(t.spec.Label), ""
	}
	return h
}

// heading plans the two sides of a heading over columns of these widths.
func (w *workbook) heading(widths []float64) *paperHead {
	h := &paperHead{}
	agency := w.values.Group(model.AgencyKey)
	for text := range strings.SplitSeq(agency.Text(model.AboveKey), "\n") {
		if text != "" {
			h.left = append(h.left, line{text, plain})
		}
	}
	longest := 0.
	for text := range strings.SplitSeq(agency.Text(model.NameKey), "\n") {
		h.left = append(h.left, line{text, strong})
		longest = max(longest, textWidth(text, 12))
	}
	h.left = append(h.left, ruled(longest*0.38)) // between 1/3 and 1/2: NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 2
	motto := strong
	motto.size = 13
	h.right = []line{{nd30.NationalTitle, strong}, {nd30.Motto, motto}, ruled(mottoWidth)} // the whole text: khoản 1
	for len(h.left) < len(h.right) {
		h.left = append(h.left, line{look: plain})
	}
	for len(h.right) < len(h.left) {
		h.right = append(h.right, line{look: plain})
	}
	if day, ok := w.values[w.closing].(model.Date); ok {
		h.dated, h.closed = true, day.Date
	}
	day := w.values.Day(model.DayKey)
	if place := w.values.Text(model.PlaceKey); place != "" && day != (vi.Date{}) {
		h.place = place + ", " + day.Long()
	}
	h.split = splitAt(widths, 0.42)
	return h
}

// mottoWidth is that of the motto at 13 points, bold, as it is printed.
const mottoWidth = 159

// ruled is a line of a length in points, made of dashes that touch.
func ruled(length float64) line {
	return line{strings.Repeat("—", int(math.Round(length/small.size))), small}
}

// splitAt is the last column of the part of a sheet.
func splitAt(widths []float64, part float64) int {
	all, sum := 0., 0.
	for _, width := range widths {
		all += width
	}
	for i, width := range widths {
		if sum += width; sum+width/2 >= all*part {
			return min(i, len(widths)-2)
		}
	}
	return 0
}

// under is how many rows stand between the two sides and the header.
func (h *paperHead) under() int {
	rows := 1
	if h.dated {
		rows++
	}
	return rows + 1 // the unit, or a gap
}

// writePaperHead writes a heading over the columns from 0 to last.
func (w *workbook) writePaperHead(p *page, h *paperHead, last int) {
	for i, left := range h.left {
		right := h.right[i]
		p.span(0, h.split, 0, left.text, w.style(left.look))
		p.span(h.split+1, last, 0, right.text, w.style(right.look))
		if strings.Trim(left.text+right.text, "—") == "" {
			p.end(12)
		} else {
			p.end(17)
		}
	}
	p.span(0, last, 0, h.title, w.style(title))
	p.end(24)
	if h.dated {
		const rule = `"(Số liệu tính đến ngày "&TEXT(DAY(NgayChot),"00")&"/"&IF(MONTH(NgayChot)<3,"0","")&MONTH(NgayChot)&"/"` +
			`&YEAR(NgayChot)&")"`
		p.span(0, last, 0, nil, w.style(leaning))
		p.formula(0, rule, fmt.Sprintf("(Số liệu tính đến ngày %s)", h.closed.Short()), w.style(leaning))
		p.end(18)
	}
	if h.unit == "" {
		p.end(8)
		return
	}
	p.span(0, last, 0, "Đơn vị tính: "+h.unit, w.style(units))
	p.end(18)
}

const footHigh = 128. // points, of writeFoot

// writeFoot writes who signs a sheet.
func (w *workbook) writeFoot(p *page, last int, widths []float64, place string) {
	split := splitAt(widths, 0.5)
	rows := []struct{ left, right line }{
		{line{"", plain}, line{place, leaning}},
		{line{"NGƯỜI LẬP BIỂU", strong}, line{"THỦ TRƯỞNG ĐƠN VỊ", strong}},
		{line{"(Ký, ghi rõ họ tên)", leaning}, line{"(Ký, ghi rõ họ tên, đóng dấu)", leaning}},
	}
	p.end(10)
	for _, row := range rows {
		if row.left.text+row.right.text == "" {
			continue
		}
		p.span(0, split, 0, row.left.text, w.style(row.left.look))
		p.span(split+1, last, 0, row.right.text, w.style(row.right.look))
		p.end(18)
	}
	for range 4 {
		p.end(16)
	}
}

// printTitles repeats rows on each printed page.
func (w *workbook) printTitles(sheet string, first, last int) {
	w.define("_xlnm.Print_Titles", fmt.Sprintf("%s!$%d:$%d", quote(sheet), first, last), sheet)
}

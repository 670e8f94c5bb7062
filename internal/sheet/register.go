package sheet

import (
	"fmt"
	"strconv"
	"strings"

	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// Dispatch is a line of the register of outgoing documents; its fields are the columns of the decree (NĐ 30/2020/NĐ-CP, Phụ lục IV).
type Dispatch struct {
	Symbol     string // "01/KH-HĐND"
	Date       vi.Date
	Title      string // type name and abstract
	Signer     string
	Recipients string // one a line
	KeptBy     string
	Copies     int     // 0 where nobody said
	Sent       vi.Date // zero where nobody said
	Note       string
	Void       bool // is struck out
}

// RegisterPart is a book of the register, a sheet of the workbook.
type RegisterPart struct {
	Name    string // of the sheet
	Title   string
	Entries []Dispatch
}

// registerColumns are the columns of the register, with their widths in characters.
var registerColumns = []struct {
	head  string
	width float64
}{
	{"Số, ký hiệu văn bản", 16},
	{"Ngày, tháng văn bản", 12},
	{"Tên loại và trích yếu nội dung văn bản", 46},
	{"Người ký", 18},
	{"Nơi nhận văn bản", 28},
	{"Đơn vị, người nhận bản lưu", 13},
	{"Số lượng bản", 8},
	{"Ngày chuyển", 12},
	{"Ký nhận", 12},
	{"Ghi chú", 24},
}

// Register writes the register of outgoing documents of a year, to be printed on A4 across and bound: under the heading of papers a
// table of ten columns, whose header each page repeats. agency is co_quan of the profile, or nil.
func Register(agency model.Values, year int, parts []RegisterPart) ([]byte, error) {
	w := &workbook{book: newBook(), values: model.Values{model.AgencyKey: agency}, paper: true}
	var last vi.Date // of all entries: nobody here asks for the time
	for _, part := range parts {
		w.add(part.Name)
		for _, entry := range part.Entries {
			if last == (vi.Date{}) || last.Before(entry.Date) {
				last = entry.Date
			}
		}
	}
	for i, part := range parts {
		w.writeRegister(w.sheets[i], year, part)
	}
	return w.bytes(fmt.Sprintf("Sổ đăng ký văn bản đi năm %d", year), last)
}

// writeRegister writes one book.
func (w *workbook) writeRegister(name string, year int, part RegisterPart) {
	widths := make([]float64, len(registerColumns))
	for i, column := range registerColumns {
		widths[i] = column.width
	}
	end := len(widths) - 1
	h := w.heading(widths)
	h.title = part.Title
	first := len(h.left) + 4 // the header: below the two sides, the title, the span of days, and a gap
	p := w.open(name, widths, setup{fit: true, panes: frozen(0, first+1)})
	for i, left := range h.left {
		p.span(0, h.split, 0, left.text, w.style(left.look))
		p.span(h.split+1, end, 0, h.right[i].text, w.style(h.right[i].look))
		p.end(17)
	}
	p.span(0, end, 0, h.title, w.style(title))
	p.end(24)
	p.span(0, end, 0, registerSpan(year, part.Entries), w.style(leaning))
	p.end(18)
	p.end(8)
	tall := 0.
	for i, column := range registerColumns {
		p.set(i, column.head, w.style(head))
		tall = max(tall, high(lines(column.head, column.width, 12, true), 12))
	}
	p.end(tall)
	for i := range registerColumns {
		p.set(i, "("+strconv.Itoa(i+1)+")", w.style(numbers))
	}
	p.end(16)
	for _, entry := range part.Entries {
		w.writeDispatch(p, entry)
	}
	w.printTitles(name, first, first+1)
	p.close()
}

// registerSpan returns the days that a book is about, as text.
func registerSpan(year int, entries []Dispatch) string {
	text := fmt.Sprintf("Năm %d", year)
	if len(entries) == 0 {
		return text
	}
	first, last := entries[0].Date, entries[0].Date
	for _, entry := range entries {
		if entry.Date.Before(first) {
			first = entry.Date
		}
		if last.Before(entry.Date) {
			last = entry.Date
		}
	}
	return fmt.Sprintf("%s, từ ngày %s đến ngày %s", text, first.Short(), last.Short())
}

// writeDispatch writes a line. Of a void one the note alone is not struck out.
func (w *workbook) writeDispatch(p *page, entry Dispatch) {
	words, figure := entry.look(entryLook), entry.look(entryLook.figure("center", dates))
	number := entry.look(entryLook.figure("center", "0"))
	texts := []string{entry.Symbol, "", entry.Title, entry.Signer, entry.Recipients, entry.KeptBy, "", "", "", entry.Note}
	count := 1
	for i, text := range texts {
		p.set(i, nil, w.style(words))
		if text = strings.TrimSpace(text); text != "" {
			p.set(i, shorten(text), w.style(words))
			count = max(count, lines(text, registerColumns[i].width-indented, 12, false))
		}
	}
	if entry.Note != "" {
		p.set(len(texts)-1, shorten(entry.Note), w.style(entryLook))
	}
	for _, day := range []struct {
		column int
		vi.Date
	}{{1, entry.Date}, {7, entry.Sent}} {
		p.set(day.column, nil, w.style(figure))
		if day.Date != (vi.Date{}) {
			p.set(day.column, day.Serial(), w.style(figure))
		}
	}
	p.set(6, nil, w.style(number))
	if entry.Copies > 0 {
		p.set(6, entry.Copies, w.style(number))
	}
	p.end(high(count, 12))
}

var entryLook = look{border: true, across: "left", down: "top", wrap: true, indent: true, format: asText}

func (d Dispatch) look(l look) look {
	l.struck = d.Void
	return l
}

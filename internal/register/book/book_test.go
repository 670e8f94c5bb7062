package book_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/xuri/excelize/v2"

	"vanthu/internal/diag"
	"vanthu/internal/register/book"
	"vanthu/internal/source"
)

// sheet is a sheet as lines of cells with | between: n:1 is a number, d:46108 a date, < and ^ join a cell to the one before it and above it.
type sheet struct{ name, rows string }

// workbook writes sheets.
func workbook(t *testing.T, sheets ...sheet) []byte {
	t.Helper()
	file := excelize.NewFile()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	dated, err := file.NewStyle(&excelize.Style{NumFmt: 14})
	must(err)
	for i, s := range sheets {
		if i == 0 {
			must(file.SetSheetName("Sheet1", s.name))
		} else {
			_, err := file.NewSheet(s.name)
			must(err)
		}
		first, last := map[string]string{}, map[string]string{} // of the range that a cell belongs to
		for row, line := range strings.Split(s.rows, "\n") {
			for column, text := range strings.Split(line, "|") {
				at, err := excelize.CoordinatesToCellName(column+1, row+1)
				must(err)
				first[at] = at
				kind, digits, _ := strings.Cut(text, ":")
				number := 0
				fmt.Sscan(digits, &number)
				switch {
				case text == "<":
					before, err := excelize.CoordinatesToCellName(column, row+1)
					must(err)
					first[at] = first[before]
					last[first[at]] = at
				case text == "^":
					above, err := excelize.CoordinatesToCellName(column+1, row)
					must(err)
					first[at] = first[above]
					last[first[at]] = at
				case kind == "n" && number != 0:
					must(file.SetCellValue(s.name, at, number))
				case kind == "d" && number != 0:
					must(file.SetCellValue(s.name, at, number))
					must(file.SetCellStyle(s.name, at, at, dated))
				case text != "":
					must(file.SetCellValue(s.name, at, strings.ReplaceAll(text, `\n`, "\n")))
				}
			}
		}
		for from, to := range last {
			must(file.MergeCell(s.name, from, to))
		}
	}
	data, err := file.WriteToBuffer()
	must(err)
	return data.Bytes()
}

func TestRegistersAsOfficesKeepThem(t *testing.T) {
	plan := book.Line{Symbol: "01/KH-HĐND", Date: "2026-03-27", About: "Kế hoạch tổng vệ sinh"}
	with := func(change func(l *book.Line)) book.Line {
		l := plan
		change(&l)
		return l
	}
	for name, c := range map[string]struct {
		rows string
		want []book.Line
	}{
		"the decree's columns": {
			"Số, ký hiệu văn bản|Ngày, tháng văn bản|Tên loại và trích yếu nội dung văn bản|Người ký|Nơi nhận văn bản|Đơn vị, người nhận bản lưu|Số lượng bản|" +
				"Ngày chuyển|Ký nhận|Ghi chú\n(1)|(2)|(3)|(4)|(5)|(6)|(7)|(8)|(9)|(10)\n" +
				`01/KH-HĐND|d:46108|Kế hoạch tổng vệ sinh|Phạm Xuân Hanh|Các thôn\nUBND xã|VT|n:12|d:46109|Lan|Gấp`,
			[]book.Line{with(func(l *book.Line) {
				l.Signer, l.Recipients, l.KeptBy, l.Copies, l.Sent, l.Receipt, l.Note = "Phạm Xuân Hanh", "Các thôn\nUBND xã", "VT", "12", "2026-03-28", "Lan", "Gấp"
			})},
		},
		"no accents, in another order": {
			"TT|Ngay thang|So ky hieu|Trich yeu\n1|27/3/2026|01/KH-HĐND|Kế hoạch tổng vệ sinh",
			[]book.Line{with(func(l *book.Line) { l.Date = "27/3/2026" })},
		},
		"titles above and a month between": {
			"HỘI ĐỒNG NHÂN DÂN\nSỔ ĐĂNG KÝ VĂN BẢN ĐI|<|<|<\nNăm 2026\n\nSố, ký hiệu|Ngày, tháng|Trích yếu|Ghi chú\nTháng 3|<|<|<\n01/KH-HĐND|27/3|Kế hoạch tổng vệ sinh|",
			[]book.Line{with(func(l *book.Line) {
				l.Date, l.Title, l.Year = "27/3", "HỘI ĐỒNG NHÂN DÂN SỔ ĐĂNG KÝ VĂN BẢN ĐI Năm 2026", 2026
			})},
		},
		"two rows of headings": {
			"Văn bản|<|<|<|Người ký\nSố|Ký hiệu|Ngày, tháng|Trích yếu|^\nn:1|KH-HĐND|d:46108|Kế hoạch tổng vệ sinh|Phạm Xuân Hanh",
			[]book.Line{with(func(l *book.Line) {
				l.Symbol, l.Suffix, l.Signer, l.Title = "1", "KH-HĐND", "Phạm Xuân Hanh", "Văn bản Người ký" // a title, for all that is known
			})},
		},
		"type and abstract apart": {
			"Số văn bản|Ngày ban hành|Loại văn bản|Trích yếu\n01/KH-HĐND|d:46108|Kế hoạch|tổng vệ sinh",
			[]book.Line{with(func(l *book.Line) { l.Type, l.About = "Kế hoạch", "tổng vệ sinh" })},
		},
		"a page break repeats the heading, a total ends": {
			"Số ký hiệu|Ngày tháng|Trích yếu\n01/KH-HĐND|d:46108|Kế hoạch tổng vệ sinh\nSố ký hiệu|Ngày tháng|Trích yếu\n02/KH-HĐND|d:46108|Kế hoạch tổng vệ sinh\n" +
				"Tổng cộng|n:2|",
			[]book.Line{plan, with(func(l *book.Line) { l.Symbol = "02/KH-HĐND" })},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, found := book.Read(source.Input{Name: "so.xlsx", Data: workbook(t, sheet{"Sổ", c.rows})})
			if diff := cmp.Diff(c.want, got, cmpopts.IgnoreFields(book.Line{}, "Place", "Row")); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			for _, f := range found {
				if f.Severity > diag.Info {
					t.Error(f)
				}
			}
			for _, line := range got {
				if line.Place.Sheet != "Sổ" || line.Row < 2 {
					t.Errorf("stands at %v, row %d", line.Place, line.Row)
				}
			}
		})
	}
}

func TestWhatIsNoRegister(t *testing.T) {
	for name, c := range map[string]struct{ rows, code string }{
		"another table":    {"STT|Họ tên|Chức vụ\n1|Lan|Văn thư", "not-a-register"},
		"a blank sheet":    {"", "not-a-register"},
		"no number":        {"Ngày tháng|Trích yếu|Người ký|Nơi nhận|Ghi chú\n27/3/2026|Kế hoạch|Lan|Các thôn|", "missing-column"},
		"no abstract":      {"Số ký hiệu|Ngày tháng|Người ký|Nơi nhận|Ghi chú\n01/KH-HĐND|27/3/2026|Lan|Các thôn|", "missing-column"},
		"two date columns": {"Số ký hiệu|Ngày tháng|Ngày ký|Trích yếu\n01/KH-HĐND|27/3/2026|26/3/2026|Kế hoạch", "duplicate-column"},
	} {
		t.Run(name, func(t *testing.T) {
			_, found := book.Read(source.Input{Name: "so.xlsx", Data: workbook(t, sheet{"Sổ", c.rows})})
			if !found.Blocking() || string(found[0].Code) != c.code {
				t.Errorf("found %v, want %s", found, c.code)
			}
		})
	}
	t.Run("a sheet beside the book is told of", func(t *testing.T) {
		register := sheet{"Sổ", "Số ký hiệu|Ngày tháng|Trích yếu\n01/KH-HĐND|27/3/2026|Kế hoạch"}
		lines, found := book.Read(source.Input{Name: "so.xlsx", Data: workbook(t, register, sheet{"Danh bạ", "Tên|Số máy\nLan|0225"})})
		if len(lines) != 1 || len(found) != 1 || found[0].Severity != diag.Warning || !strings.Contains(found[0].Message, "Danh bạ") {
			t.Errorf("read %v, found %v", lines, found)
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("Số ký hiệu,Ngày tháng,Trích yếu\n01/KH-HĐND,27/3/2026,Kế hoạch\n"))
	f.Add([]byte("Năm 2026\nSố;Ký hiệu;Ngày;Nội dung\n1;KH;27/3;a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, found := book.Read(source.Input{Name: "so.csv", Data: data})
		if len(lines) == 0 && !found.Blocking() && strings.TrimSpace(string(data)) == "" {
			t.Error("nothing was read and nothing was told")
		}
	})
}

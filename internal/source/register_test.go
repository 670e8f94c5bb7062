package source

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"vanthu/internal/diag"
)

func TestRegistersAsOfficesKeepThem(t *testing.T) {
	plan := RegisterLine{Symbol: "01/KH-HĐND", Date: "2026-03-27", About: "Kế hoạch tổng vệ sinh"}
	with := func(change func(l *RegisterLine)) RegisterLine {
		l := plan
		change(&l)
		return l
	}
	for name, c := range map[string]struct {
		rows string
		want []RegisterLine
	}{
		"the decree's columns": {
			"Số, ký hiệu văn bản|Ngày, tháng văn bản|Tên loại và trích yếu nội dung văn bản|Người ký|Nơi nhận văn bản|Đơn vị, người nhận bản lưu|Số lượng bản|" +
				"Ngày chuyển|Ký nhận|Ghi chú\n(1)|(2)|(3)|(4)|(5)|(6)|(7)|(8)|(9)|(10)\n" +
				`01/KH-HĐND|d:46108|Kế hoạch tổng vệ sinh|Phạm Xuân Hanh|Các thôn\nUBND xã|VT|n:12|d:46109|Lan|Gấp`,
			[]RegisterLine{with(func(l *RegisterLine) {
				l.Signer, l.Recipients, l.KeptBy, l.Copies, l.Sent, l.Receipt, l.Note = "Phạm Xuân Hanh", "Các thôn\nUBND xã", "VT", "12", "2026-03-28", "Lan", "Gấp"
			})},
		},
		"no accents, in another order": {
			"TT|Ngay thang|So ky hieu|Trich yeu\n1|27/3/2026|01/KH-HĐND|Kế hoạch tổng vệ sinh",
			[]RegisterLine{with(func(l *RegisterLine) { l.Date = "27/3/2026" })},
		},
		"titles above and a month between": {
			"HỘI ĐỒNG NHÂN DÂN\nSỔ ĐĂNG KÝ VĂN BẢN ĐI|<|<|<\nNăm 2026\n\nSố, ký hiệu|Ngày, tháng|Trích yếu|Ghi chú\nTháng 3|<|<|<\n01/KH-HĐND|27/3|Kế hoạch tổng vệ sinh|",
			[]RegisterLine{with(func(l *RegisterLine) {
				l.Date, l.Title, l.Year = "27/3", "HỘI ĐỒNG NHÂN DÂN SỔ ĐĂNG KÝ VĂN BẢN ĐI Năm 2026", 2026
			})},
		},
		"two rows of headings": {
			"Văn bản|<|<|<|Người ký\nSố|Ký hiệu|Ngày, tháng|Trích yếu|^\nn:1|KH-HĐND|d:46108|Kế hoạch tổng vệ sinh|Phạm Xuân Hanh",
			[]RegisterLine{with(func(l *RegisterLine) {
				l.Symbol, l.Suffix, l.Signer, l.Title = "1", "KH-HĐND", "Phạm Xuân Hanh", "Văn bản Người ký" // a title, for all that is known
			})},
		},
		"type and abstract apart": {
			"Số văn bản|Ngày ban hành|Loại văn bản|Trích yếu\n01/KH-HĐND|d:46108|Kế hoạch|tổng vệ sinh",
			[]RegisterLine{with(func(l *RegisterLine) { l.Type, l.About = "Kế hoạch", "tổng vệ sinh" })},
		},
		"a page break repeats the heading, a total ends": {
			"Số ký hiệu|Ngày tháng|Trích yếu\n01/KH-HĐND|d:46108|Kế hoạch tổng vệ sinh\nSố ký hiệu|Ngày tháng|Trích yếu\n02/KH-HĐND|d:46108|Kế hoạch tổng vệ sinh\n" +
				"Tổng cộng|n:2|",
			[]RegisterLine{plan, with(func(l *RegisterLine) { l.Symbol = "02/KH-HĐND" })},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, found := Register(Input{"so.xlsx", rawBook(t, false, rawSheet{"Sổ", c.rows})})
			if diff := cmp.Diff(c.want, got, cmpopts.IgnoreFields(RegisterLine{}, "Place", "Row")); diff != "" {
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
			_, found := Register(Input{"so.xlsx", rawBook(t, false, rawSheet{"Sổ", c.rows})})
			if !found.Blocking() || string(found[0].Code) != c.code {
				t.Errorf("found %v, want %s", found, c.code)
			}
		})
	}
	t.Run("a sheet beside the book is told of", func(t *testing.T) {
		book := rawSheet{"Sổ", "Số ký hiệu|Ngày tháng|Trích yếu\n01/KH-HĐND|27/3/2026|Kế hoạch"}
		lines, found := Register(Input{"so.xlsx", rawBook(t, false, book, rawSheet{"Danh bạ", "Tên|Số máy\nLan|0225"})})
		if len(lines) != 1 || len(found) != 1 || found[0].Severity != diag.Warning || !strings.Contains(found[0].Message, "Danh bạ") {
			t.Errorf("read %v, found %v", lines, found)
		}
	})
}

func FuzzRegister(f *testing.F) {
	f.Add([]byte("Số ký hiệu,Ngày tháng,Trích yếu\n01/KH-HĐND,27/3/2026,Kế hoạch\n"))
	f.Add([]byte("Năm 2026\nSố;Ký hiệu;Ngày;Nội dung\n1;KH;27/3;a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, found := Register(Input{"so.csv", data})
		if len(lines) == 0 && !found.Blocking() && strings.TrimSpace(string(data)) == "" {
			t.Error("nothing was read and nothing was told")
		}
	})
}

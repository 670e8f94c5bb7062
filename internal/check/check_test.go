package check

import (
	"slices"
	"strings"
	"testing"

	"vanthu/internal/diag"
	"vanthu/internal/flow"
)

// paperOf makes a document of lines "style: text", with the ND30 before the style left out; a line without a style is body text.
func paperOf(lines ...string) flow.Document {
	var blocks []flow.Block
	for i, line := range lines {
		style, text, ok := strings.Cut(line, ": ")
		if !ok || !slices.Contains(named, style) {
			style, text = "Nội dung", line
		}
		p := &flow.Paragraph{Style: "ND30 " + style, Number: i + 1, Inlines: []flow.Inline{flow.Text{Text: text}}}
		if style == "Bảng nội dung" {
			blocks = append(blocks, &flow.Table{Rows: []flow.Row{{Cells: []flow.Cell{{Blocks: []flow.Block{p}}}}}})
			continue
		}
		blocks = append(blocks, p)
	}
	return flow.Document{Sections: []flow.Section{{Blocks: blocks}}}
}

// named are the styles that lines may name.
var named = []string{
	"Căn cứ", "Nơi nhận", "Nơi nhận tiêu đề", "Địa danh ngày tháng", "Quyền hạn chức vụ", "Họ tên", "Số ký hiệu", "Phụ lục",
	"Phụ lục tên", "Căn giữa đậm", "Bảng nội dung",
}

// foot is the end of a paper that nothing is wrong with.
var foot = []string{
	"Trên đây là Kế hoạch năm 2026./.", "Nơi nhận tiêu đề: Nơi nhận:", "Nơi nhận: - Như trên;", "Nơi nhận: - Lưu: VT, VP.",
	"Quyền hạn chức vụ: TM. THƯỜNG TRỰC HỘI ĐỒNG NHÂN DÂN",
}

func TestRules(t *testing.T) {
	for _, c := range []struct {
		name  string
		lines []string
		want  []string // rule ids
	}{
		{"a paper in order", append([]string{
			"Địa danh ngày tháng: Vĩnh Am, ngày 27 tháng 3 năm 2026",
			"Căn cứ: Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
			"Căn cứ: Căn cứ Kế hoạch số 08-KH/ĐU ngày 29 tháng 8 năm 2025 của Đảng ủy xã.",
			"I. MỤC ĐÍCH, YÊU CẦU", "1. Mục đích", "2. Yêu cầu", "II. NỘI DUNG", "1. Quý I", "a) Việc một;", "b) Việc hai;", "c) Ba;",
			"d) Bốn;", "đ) Năm;", "e) Sáu.", "2. Quý II", "2.1. Một", "2.2. Hai",
		}, foot...), nil},
		{"a basis dated after the paper", append([]string{
			"Địa danh ngày tháng: Vĩnh Am, ngày 27 tháng 3 năm 2026",
			"Căn cứ: Căn cứ Kế hoạch số 08-KH/ĐU ngày 29/8/2026 của Đảng ủy xã.",
		}, foot...), []string{"cited-later"}},
		{"a basis dated on no day", append([]string{
			"Căn cứ: Căn cứ Nghị quyết số 57-NQ/TW ngày 30 tháng 2 năm 2024 của Bộ Chính trị.",
		}, foot...), []string{"cited-later"}},
		{"a deadline is no citation", append([]string{
			"Địa danh ngày tháng: Vĩnh Am, ngày 27 tháng 3 năm 2026", "Gửi báo cáo trước ngày 15 tháng 6 năm 2026.",
		}, foot...), nil},
		{"nor is one in a sentence about a law", append([]string{
			"Địa danh ngày tháng: Vĩnh Am, ngày 27 tháng 3 năm 2026", "Phổ biến Luật Khoa học, công nghệ và đổi mới sáng tạo trước ngày 30/6/2026.",
		}, foot...), nil},
		{"a quarter named twice", append([]string{"1. Quý I", "2. Quý II", "3. Quý II", "4. Quý IV"}, foot...), []string{"title-twice"}},
		{"a number used twice", append([]string{"I. A", "1. Một", "2. Hai", "2. Ba"}, foot...), []string{"numbering"}},
		{"a number left out", append([]string{"1.1. Một", "1.3. Ba"}, foot...), []string{"numbering"}},
		{"a letter left out", append([]string{"a) Một", "b) Hai", "d) Bốn"}, foot...), []string{"numbering"}},
		{"numbers start anew under each heading", append([]string{"I. A", "1. Một", "2. Hai", "II. B", "1. Một", "2. Hai"}, foot...), nil},
		{"a body in lower case", append([]string{"Nghị quyết của bộ chính trị và ủy ban nhân dân xã."}, foot...), []string{"body-name-case", "body-name-case"}},
		{"slips of the fingers", append([]string{"Theo dõi, đồng đốc việc rãi ngân."}, foot...), []string{"known-slip", "known-slip"}},
		{"no archive copy", []string{"Xong./.", "Nơi nhận tiêu đề: Nơi nhận:", "Nơi nhận: - Các thôn."}, []string{"archive-recipient"}},
		{"an archive copy without its colon", []string{"Xong./.", "Nơi nhận tiêu đề: Nơi nhận:", "Nơi nhận: - Lưu VT."}, []string{"archive-recipient"}},
		{"a recipient twice", []string{
			"Xong./.", "Nơi nhận tiêu đề: Nơi nhận:", "Nơi nhận: - Các thôn;", "Nơi nhận: - Các thôn;", "Nơi nhận: - Lưu: VT.",
		}, []string{"recipient-twice"}},
		{"no end mark", []string{"Xong.", "Nơi nhận tiêu đề: Nơi nhận:", "Nơi nhận: - Lưu: VT."}, []string{"end-mark"}},
		{"minutes, signed at the left above the recipients", []string{
			"Biên bản kết thúc vào 11 giờ 30./.", "Quyền hạn chức vụ: THƯ KÝ", "Quyền hạn chức vụ: CHỦ TỌA", "Họ tên: Nguyễn Thu Trang",
			"Họ tên: Vũ Đình Thắng", "Nơi nhận tiêu đề: Nơi nhận:", "Nơi nhận: - Như thành phần tham dự;", "Nơi nhận: - Lưu: VT, Hồ sơ.",
		}, nil},
		{"minutes without an end mark", []string{
			"Biên bản kết thúc vào 11 giờ 30.", "Quyền hạn chức vụ: THƯ KÝ", "Họ tên: Nguyễn Thu Trang",
			"Nơi nhận tiêu đề: Nơi nhận:", "Nơi nhận: - Lưu: VT, Hồ sơ.",
		}, []string{"end-mark"}},
		{"a copy under the paper that it copies", slices.Concat(foot, []string{
			"Căn giữa đậm: SAO Y", "Số ký hiệu: Số: 21/SY-HĐND", "Địa danh ngày tháng: Vĩnh Am, ngày 23 tháng 6 năm 2026",
			"Nơi nhận tiêu đề: Nơi nhận:", "Nơi nhận: - Như trên;", "Nơi nhận: - Lưu: VT, VP.",
		}), nil},
		{"a copy alone", []string{
			"Căn giữa đậm: SAO Y", "Số ký hiệu: Số: 21/SY-HĐND", "Nơi nhận tiêu đề: Nơi nhận:", "Nơi nhận: - Các thôn;", "Nơi nhận: - Lưu: VT.",
		}, nil},
		{"recipients of a copy without its archive copy", slices.Concat(foot, []string{
			"Nơi nhận tiêu đề: Nơi nhận:", "Nơi nhận: - Các thôn.",
		}), []string{"archive-recipient"}},
		{"articles whose clauses begin anew", slices.Concat([]string{
			"Điều 1. Thành viên", "1. Trưởng đoàn", "2. Phó Trưởng đoàn", "Điều 2. Nhiệm vụ", "1. Trưởng đoàn", "a) Điều hành;", "b) Ký.",
			"2. Phó Trưởng đoàn", "a) Giúp việc;", "Điều 3. Hiệu lực",
		}, foot), nil},
		{"an article left out", slices.Concat([]string{"Điều 1. Một", "1. Khoản", "Điều 3. Ba"}, foot), []string{"numbering"}},
		{"articles that run through the parts", slices.Concat([]string{
			"Phần I", "QUY ĐỊNH CHUNG", "Điều 1. Một", "Điều 2. Hai", "Phần II", "QUY ĐỊNH CỤ THỂ", "Điều 3. Ba", "I. Mục", "1. Khoản",
			"Điều 4. Bốn",
		}, foot), nil},
		{"sub-clauses of three numbers", slices.Concat([]string{
			"1. A", "1.1. B", "1.1.1. C", "1.1.2. D", "1.2. E", "1.2.1. C", "1.2.2. D",
		}, foot), nil},
		{"lists that begin anew without a heading", slices.Concat([]string{
			"A. PHẦN THỨ NHẤT", "I. Ưu điểm", "II. Hạn chế", "B. PHẦN THỨ HAI", "I. Ưu điểm", "II. Hạn chế",
		}, foot), nil},
		{"annexes number by themselves", slices.Concat([]string{"I. Một", "II. Hai", "1. Khoản"}, foot, []string{
			"Phụ lục: Phụ lục I", "Phụ lục tên: ĐỀ CƯƠNG", "I. Một", "II. Hai", "Nêu đề xuất./.",
			"Phụ lục: Phụ lục II", "I. Một", "1. Khoản", "2. Khoản khác", "Hết./.",
		}), nil},
		{"an annex leaves a number out", slices.Concat(foot, []string{"Phụ lục: Phụ lục", "I. Một", "III. Ba"}), []string{"numbering"}},
		{"numbers in the cells of a table", slices.Concat([]string{
			"1. Một", "Bảng nội dung: 1. Quý I", "Bảng nội dung: 3. Quý III", "2. Hai",
		}, foot), nil},
		{"a body that ends with a table", []string{
			"Tiến độ:", "Bảng nội dung: 15/4/2026", "Nơi nhận tiêu đề: Nơi nhận:", "Nơi nhận: - Lưu: VT.",
		}, nil},
		{"an abbreviated body signs", append(slices.Clone(foot), "Quyền hạn chức vụ: TM. THƯỜNG TRỰC HĐND"), []string{"authority-abbreviated"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			found := Run(paperOf(c.lines...))
			for _, f := range found {
				got = append(got, string(f.Code))
				if f.Severity != diag.Warning || f.Message == "" || f.Hint == "" || f.Where.Paragraph == 0 {
					t.Errorf("a finding is no warning, or lacks message, remedy or place: %+v", f)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("found %v, want %v\n%s", got, c.want, found)
			}
		})
	}
}

// TestForeignPapersAreRecognised checks a file without our styles by its words.
func TestForeignPapersAreRecognised(t *testing.T) {
	doc := paperOf()
	for i, text := range []string{
		"Vĩnh Am, ngày 27 tháng 3 năm 2026", "Căn cứ Kế hoạch số 08-KH/ĐU ngày 29/8/2026 của Đảng ủy;", "Xong./.",
		"Nơi nhận:", "- Các thôn;", "- Lưu VT.", "TM. THƯỜNG TRỰC HĐND",
	} {
		doc.Sections[0].Blocks = append(doc.Sections[0].Blocks, &flow.Paragraph{
			Style: "Normal", Number: i + 1, Inlines: []flow.Inline{flow.Text{Text: text}},
		})
	}
	var got []string
	for _, f := range Run(doc) {
		got = append(got, string(f.Code))
	}
	if want := []string{"cited-later", "archive-recipient", "authority-abbreviated"}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

func TestRulesAreNamed(t *testing.T) {
	seen := map[diag.Code]bool{}
	for _, r := range Rules() {
		if r.ID == "" || r.Title == "" || seen[r.ID] {
			t.Errorf("rule %q %q is unnamed or named twice", r.ID, r.Title)
		}
		seen[r.ID] = true
	}
}

func BenchmarkRun(b *testing.B) {
	var lines []string
	for range 60 {
		lines = append(lines, "1. Thường trực Hội đồng nhân dân xã theo dõi, đôn đốc việc thực hiện Nghị quyết số 57-NQ/TW ngày 22 tháng 12 năm 2024 của "+
			"Bộ Chính trị; kịp thời kiến nghị Ủy ban nhân dân xã sửa đổi, bổ sung những nội dung chưa phù hợp với thực tiễn.")
	}
	doc := paperOf(append(lines, foot...)...)
	b.ReportAllocs()
	for b.Loop() {
		Run(doc)
	}
}

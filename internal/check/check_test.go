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
		if !ok || strings.Contains(style, " ") && !slices.Contains([]string{"Căn cứ", "Nơi nhận", "Nơi nhận tiêu đề", "Địa danh ngày tháng", "Quyền hạn chức vụ"}, style) {
			style, text = "Nội dung", line
		}
		blocks = append(blocks, &flow.Paragraph{
			Style: "ND30 " + style, Number: i + 1, Inlines: []flow.Inline{flow.Text{Text: text}},
		})
	}
	return flow.Document{Sections: []flow.Section{{Blocks: blocks}}}
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
		{"an abbreviated body signs", append(slices.Clone(foot), "Quyền hạn chức vụ: TM. THƯỜNG TRỰC HĐND"), []string{"authority-abbreviated"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			found := Run(paperOf(c.lines...))
			for _, f := range found {
				got = append(got, f.Code)
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
		got = append(got, f.Code)
	}
	if want := []string{"cited-later", "archive-recipient", "authority-abbreviated"}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
}

func TestRulesAreNamed(t *testing.T) {
	seen := map[string]bool{}
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

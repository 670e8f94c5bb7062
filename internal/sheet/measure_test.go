package sheet

import "testing"

func TestLines(t *testing.T) {
	for _, c := range []struct {
		text  string
		width float64
		want  int
	}{
		{"", 10, 1},
		{"STT", 6, 1},
		{"30/06/2026", 11.5, 1},
		{"Hoàn thành đúng hạn", 12, 2},
		{"một\nhai\n\nba", 40, 4},
		{"Giám sát việc số hóa hồ sơ, giấy tờ khi tiếp nhận, giải quyết thủ tục hành chính", 26, 4},
		{"01/CTr-HĐND ngày 05/01/2026", 11.5, 4},
		{"nghiêngnghiêngnghiêngnghiêng", 10, 4},
	} {
		if got := lines(c.text, c.width, 12, false); got != c.want {
			t.Errorf("%q takes %d lines, want %d", c.text, got, c.want)
		}
	}
}

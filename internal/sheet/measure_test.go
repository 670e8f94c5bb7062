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

// TestTheFootIsNeverAloneOnAPage fills pages as a program does that breaks before the row that does not fit.
func TestTheFootIsNeverAloneOnAPage(t *testing.T) {
	sheet := &table{widths: []float64{225}, headHigh: 100}
	for n := 2; n <= 60; n++ {
		heights := make([]float64, n)
		for i := range heights {
			heights[i] = 65
		}
		sheet.keepFoot(heights, 190)
		for _, page := range []float64{printHigh / 0.66, printHigh / 0.63} { // in Excel and in LibreOffice
			at, alone := 190., false
			for _, tall := range append(heights, totalsHigh, footHigh) {
				if alone = at+tall > page; alone {
					at = sheet.headHigh
				}
				at += tall
			}
			if alone {
				t.Errorf("%d rows, a page of %.0f points: the signatures stand alone", n, page)
			}
		}
	}
}

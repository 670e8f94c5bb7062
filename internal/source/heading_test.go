package source

import (
	"testing"
)

func TestHeadingsAreComparedInTheirWords(t *testing.T) {
	for text, want := range map[string]heading{
		"  Cơ quan\nCHỦ TRÌ: ":         {"co quan chu tri", "co quan chu tri", "co quan chu tri"},
		"Tổng mức đầu tư (triệu đồng)": {"tong muc dau tu trieu dong", "tong muc dau tu", "tong muc dau tu"},
		"Vốn, ĐVT: triệu đồng":         {"von dvt trieu dong", "von", "von"},
		"Kế hoạch vốn năm 2026":        {"ke hoach von nam 2026", "ke hoach von nam 2026", "ke hoach von"},
		"Giải ngân đến ngày 25/6/2026": {"giai ngan den ngay 25 6 2026", "giai ngan den ngay 25 6 2026", "giai ngan"},
		"Cơ quan, đơn vị thực hiện":    {"co quan don vi thuc hien", "co quan don vi thuc hien", "co quan don vi thuc hien"},
		"(1)":                          {"1", "", ""},
	} {
		t.Run(text, func(t *testing.T) {
			if got := headingOf(text); got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
		})
	}
}

package sheet

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/model"
	"vanthu/internal/vi"
)

func TestRegisterIsTheDecreesBook(t *testing.T) {
	agency := model.Values{"cap_tren": model.Text("THÀNH PHỐ HẢI PHÒNG"), "ten": model.Text("HỘI ĐỒNG NHÂN DÂN\nXÃ VĨNH AM")}
	parts := []RegisterPart{
		{Name: "Văn bản đi", Title: "SỔ ĐĂNG KÝ VĂN BẢN ĐI", Entries: []Dispatch{
			{
				Symbol: "01/KH-HĐND", Date: vi.Date{Year: 2026, Month: 3, Day: 27}, Title: "=1+1", Signer: "Phạm Xuân Hanh",
				Recipients: "Các thôn", KeptBy: "VT", Copies: 3, Sent: vi.Date{Year: 2026, Month: 3, Day: 28},
			},
			{Symbol: "02/KH-HĐND", Date: vi.Date{Year: 2026, Month: 4, Day: 2}, Title: "Kế hoạch", Void: true, Note: "Hủy: trùng"},
		}},
		{Name: "Văn bản mật đi", Title: "SỔ ĐĂNG KÝ VĂN BẢN MẬT ĐI"},
	}
	data, err := Register(agency, 2026, parts)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := Register(agency, 2026, parts); !bytes.Equal(data, again) {
		t.Error("the same entries give other bytes")
	}
	book, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	const name = "Văn bản đi"
	titles := ""
	for _, defined := range book.GetDefinedName() {
		if defined.Name == "_xlnm.Print_Titles" && defined.Scope == name {
			titles = defined.RefersTo
		}
	}
	if titles != "'Văn bản đi'!$8:$9" {
		t.Errorf("each page repeats %q", titles)
	}
	for cell, want := range map[string]string{
		"A1": "THÀNH PHỐ HẢI PHÒNG", "A2": "HỘI ĐỒNG NHÂN DÂN", "A6": "Năm 2026, từ ngày 27/3/2026 đến ngày 02/4/2026",
		"A8": "Số, ký hiệu văn bản", "J8": "Ghi chú", "J9": "(10)",
		"A10": "01/KH-HĐND", "B10": "27/03/2026", "C10": "=1+1", "F10": "VT", "G10": "3", "H10": "28/03/2026", "I10": "", "J11": "Hủy: trùng",
	} {
		if got, err := book.GetCellValue(name, cell); err != nil || got != want {
			t.Errorf("%s holds %q, want %q (%v)", cell, got, want, err)
		}
		if formula, _ := book.GetCellFormula(name, cell); formula != "" {
			t.Errorf("%s is the formula %s", cell, formula)
		}
	}
	for cell, want := range map[string]bool{"A10": false, "A11": true, "B11": true, "C11": true, "J11": false} {
		id, _ := book.GetCellStyle(name, cell)
		style, err := book.GetStyle(id)
		if err != nil || style.Font.Strike != want {
			t.Errorf("%s struck out: %v (%v)", cell, style.Font.Strike, err)
		}
	}
	layout, err := book.GetPageLayout(name)
	if err != nil || *layout.Orientation != "landscape" || *layout.Size != 9 || *layout.FitToWidth != 1 {
		t.Errorf("printed on %+v (%v)", layout, err)
	}
}

func TestRegisterOfAnOfficeThatIsNotKnown(t *testing.T) {
	if _, err := Register(nil, 2026, []RegisterPart{{Name: "Văn bản đi", Title: "SỔ ĐĂNG KÝ VĂN BẢN ĐI"}}); err != nil {
		t.Error(err)
	}
}

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestFile: a workbook and what goes with it become report, PDF and progress workbook, with what was understood of each column.
func TestFile(t *testing.T) {
	b := browse(t, open(t), 1440, "/tep")
	b.accessible("files, none yet")
	b.fill("Tìm loại văn bản", "bao cao quy")
	name, data := b.downloaded(".xlsx", func() { b.click("Tải bảng tính Excel: Báo cáo quý") })
	says(t, name, bookText(t, data), "Báo cáo quý", "Nội dung nhiệm vụ")

	main, apart := withoutSheet(t, quarter, "Kiến nghị cử tri")
	b.upload(`input[name=data]`, saved(t, "so-lieu.xlsx", main))
	b.click("Kèm bảng số liệu rời")
	b.upload(`input[name=bang]`, saved(t, "Kiến nghị cử tri.xlsx", apart))
	b.upload(`input[name=ky_truoc]`, quarterBefore)
	b.click("Tải tệp lên và kiểm tra")
	b.sees("Dữ liệu đủ để làm văn bản")
	for _, text := range []string{"Báo cáo quý", "Kèm số liệu kỳ trước: quy-1-2026.xlsx", "Bảng “Nhiệm vụ”: 40 dòng", "Bảng “Kiến nghị cử tri”: 15 dòng", "Giải ngân"} {
		b.sees(text)
	}
	b.accessible("a file that is understood")
	name, data = b.downloaded(".docx", func() { b.click("Tải về Word") })
	says(t, name, wordText(t, data), "Số: 55/BC-HĐND", "quý I năm 2026")
	name, data = b.downloaded(".pdf", func() { b.click("Tải về PDF") })
	says(t, name, pdfText(t, data), "55/BC-HĐND")
	name, data = b.downloaded(".xlsx", func() { b.click("Tải về sổ theo dõi Excel") })
	says(t, name, bookText(t, data), "Nội dung nhiệm vụ")
	name, data = b.downloaded(".zip", func() { b.click("Tải tất cả (ZIP)") })
	if files := parts(t, data); len(files) != 3 {
		t.Errorf("%s has %d files", name, len(files))
	}
}

// withoutSheet returns a workbook without one of its sheets, and that sheet as a workbook of its own.
func withoutSheet(t *testing.T, path, sheet string) (rest, apart []byte) {
	t.Helper()
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	alone := excelize.NewFile()
	defer alone.Close()
	if err := alone.SetSheetName("Sheet1", sheet); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if err := alone.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.DeleteSheet(sheet); err != nil {
		t.Fatal(err)
	}
	return written(t, book), written(t, alone)
}

// TestBrokenFile: what is wrong is told cell by cell, the cells come coloured, and the mended file takes the place of the broken one.
func TestBrokenFile(t *testing.T) {
	b := browse(t, open(t), 1440, "/tep")
	b.upload(`input[name=data]`, saved(t, "so-lieu.xlsx", changed(t, quarter, map[string]any{"Nhiệm vụ!J5": "31/2/2026", "Nhiệm vụ!B6": ""})))
	b.click("Tải tệp lên và kiểm tra")
	b.sees("lỗi phải sửa nên chưa tải văn bản về được")
	b.sees("J5")
	b.sees("31/2/2026")
	b.accessible("a broken workbook")
	name, data := b.downloaded(".xlsx", func() { b.click("Tô màu ô sai") })
	book := workbook(t, data)
	style, err := book.GetCellStyle("Nhiệm vụ", "J5")
	if err != nil {
		t.Fatal(err)
	}
	if look, err := book.GetStyle(style); err != nil || len(look.Fill.Color) == 0 {
		t.Errorf("%s does not colour J5: %+v, %v", name, look, err)
	}
	if notes, err := book.GetComments("Nhiệm vụ"); err != nil || len(notes) == 0 {
		t.Errorf("%s has no notes: %v", name, err)
	}
	b.upload(`input[aria-label="Tệp đã sửa"]`, quarter)
	b.click("Gửi lại tệp")
	b.sees("Dữ liệu đủ để làm văn bản")

	b.visit("/tep")
	b.upload(`input[name=data]`, saved(t, "hong.xlsx", []byte("không phải bảng tính")))
	b.click("Tải tệp lên và kiểm tra")
	b.sees("Tệp hỏng, không mở được")
	b.sees("lưu thành tệp .xlsx mới rồi gửi lại")
}

const typedPlan = `HỘI ĐỒNG NHÂN DÂN
XÃ VĨNH AM
Số: /KH-HĐND
Vĩnh Am, ngày 27 tháng 3 năm 2026

KẾ HOẠCH
Tổng vệ sinh môi trường năm 2026

1. Phát quang, khơi thông cống rãnh.
2. Thu gom rác thải.

Nơi nhận:
- Các thôn;
- Lưu: VT.

TM. THƯỜNG TRỰC HỘI ĐỒNG NHÂN DÂN
CHỦ TỊCH
Vũ Đình Thắng
`

// TestTypedFile: a document that was typed elsewhere, as text or in Word, fills the form.
func TestTypedFile(t *testing.T) {
	d := open(t)
	b := browse(t, d, 1440, "/tep")
	for _, path := range []string{saved(t, "ke-hoach.txt", []byte(typedPlan)), d.wordPlan(t)} {
		b.visit("/tep")
		b.upload(`input[name=data]`, path)
		b.click("Tải tệp lên và kiểm tra")
		b.waits("the form", `location.pathname.startsWith("/ban-thao/") && document.getElementById("f-noi_dung")`)
		if got := b.value("f-noi_dung"); !strings.Contains(got, "1. ") {
			t.Errorf("%s: the content is\n%s", filepath.Base(path), got)
		}
		if got := b.value("f-trich_yeu"); !strings.Contains(got, "năm 2026") {
			t.Errorf("%s: the subject is %q", filepath.Base(path), got)
		}
		b.waits("the pages", shown("KẾ HOẠCH"))
	}
}

// wordPlan is the plan of the samples as a Word file.
func (d desk) wordPlan(t testing.TB) string {
	t.Helper()
	folder := t.TempDir()
	if out, err := exec.Command(stage.program, "render", "../../samples/ke-hoach-57/du-lieu.yaml", "--don-vi", "../../samples/don-vi.yaml", "-o", folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	found, _ := filepath.Glob(filepath.Join(folder, "*.docx"))
	if len(found) != 1 {
		entries, _ := os.ReadDir(folder)
		t.Fatalf("the plan made %v", entries)
	}
	return found[0]
}

// TestConvert: a Word file is shown as its pages and comes as PDF; what is no Word file is told so.
func TestConvert(t *testing.T) {
	d := open(t)
	b := browse(t, d, 1440, "/chuyen-pdf")
	b.accessible("convert")
	b.upload(`input[name=file]`, d.wordPlan(t))
	b.click("Chuyển sang PDF")
	b.sees("trang.")
	b.waits("the pages", `document.querySelectorAll(".sheets svg").length >= 3`)
	b.accessible("a file that was converted")
	name, data := b.downloaded(".pdf", func() { b.click("Tải về PDF") })
	says(t, name, pdfText(t, data), "KẾ HOẠCH", "Nghị quyết số 57-NQ/TW", "Phạm Xuân Hanh")

	b.visit("/chuyen-pdf")
	b.upload(`input[name=file]`, saved(t, "hong.docx", []byte("không phải tệp Word")))
	b.click("Chuyển sang PDF")
	b.waits("a word about it", `document.querySelector(".notice.error, [role=alert] *")`)
	b.accessible("a file that is no Word file")
}

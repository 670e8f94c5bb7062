package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/xuri/excelize/v2"
)

// take takes a number for a document that was made elsewhere.
func (b *tab) take(kind, date, about, signer, recipients string) {
	b.Helper()
	b.visit("/so-dang-ky")
	b.click("Lấy số")
	b.choose("Loại văn bản", kind)
	b.fill("Ngày văn bản", date)
	b.fill("Trích yếu nội dung", about)
	b.fill("Người ký", signer)
	b.fill("Nơi nhận", recipients)
	b.waits("the number it would be, or why it cannot", `/Sẽ lấy số/.test(document.querySelector("#so-ke-tiep").innerText) || document.querySelector("#so-ke-tiep .wrong")`)
	b.waits("the button of the form", `document.querySelector("form.take .button")`)
	js[bool](b, `document.querySelector("form.take .button").click(), true`)
}

// TestRegister: numbers are taken, issued, made void with a reason, found without accents, printed and exported.
func TestRegister(t *testing.T) {
	b := browse(t, open(t), 1440, "/so-dang-ky")
	b.sees("Sổ chưa có số nào")
	b.accessible("an empty register")
	b.visit("/so-dang-ky/lay-so")
	b.accessible("taking a number")
	b.take("Kế hoạch", "05/01/2026", "Tổng vệ sinh môi trường", "Phạm Xuân Hanh", "Các thôn\rLưu: VT")
	b.sees("Đã lấy số 01/KH-HĐND")
	b.accessible("a number that was taken")
	b.click("Phát hành")
	b.sees("Đã ghi là phát hành")
	b.fill("Số lượng bản", "12")
	b.fill("Ngày chuyển", "06/01/2026")
	b.click("Ghi vào sổ")
	b.sees("Đã ghi vào sổ")

	b.take("Kế hoạch", "04/01/2026", "Đi lùi ngày", "Phạm Xuân Hanh", "Các thôn")
	b.waits("the form with what is wrong", `document.querySelector("form.take [aria-invalid], form.take .wrong, .notice.error")`)
	b.accessible("a number that is refused")

	b.take("Kế hoạch", "07/01/2026", "Tập huấn chuyển đổi số", "Vũ Đình Thắng", "UBND xã")
	b.sees("Đã lấy số 02/KH-HĐND")
	b.click("Hủy số này")
	b.fill("Lý do hủy", "Lấy nhầm loại văn bản")
	b.click("Hủy số")
	b.sees("Đã hủy số 02/KH-HĐND")
	says(t, "the question", b.heard.question(), "02/KH-HĐND")
	b.sees("Lý do hủy: Lấy nhầm loại văn bản")
	b.accessible("a number that is void")

	b.take("Báo cáo", "08/01/2026", "Kết quả tổng vệ sinh", "Phạm Xuân Hanh", "Đảng ủy xã")
	b.sees("Đã lấy số 01/BC-HĐND")
	b.visit("/so-dang-ky")
	b.fill("Tìm trong sổ", "chuyen doi so")
	b.waits("one line", `document.querySelectorAll("table.register tbody tr").length === 1`)
	b.sees("02/KH-HĐND")
	b.fill("Tìm trong sổ", "")
	b.choose("Tình trạng", "Chưa phát hành")
	b.waits("the line that is not issued", `document.querySelectorAll("table.register tbody tr").length === 1 && document.querySelector("table.register").innerText.includes("01/BC-HĐND")`)
	b.visit("/so-dang-ky")
	b.accessible("a register")
	name, data := b.downloaded(".xlsx", func() { b.click("Tải sổ năm 2026") })
	says(t, name, bookText(t, data), "Số, ký hiệu văn bản", "01/KH-HĐND", "Lấy nhầm loại văn bản", "12")

	b.click("In sổ năm 2026")
	b.sees("Cộng: ")
	b.accessible("the book for the printer")
	if n := js[int](b, `document.querySelectorAll(".book thead tr:first-child th").length`); n%10 != 0 || n == 0 {
		t.Errorf("the book has %d columns", n)
	}
	js[bool](b, `window.print = () => { window.printed = true; }, true`)
	b.click("In sổ")
	b.waits("the printer", `window.printed`)
	printed, err := chromedp.Run(b.ctx, chromedp.PrintToPDF())
	if err != nil {
		t.Fatal(err)
	}
	says(t, "the printed book", pdfText(t, printed), "SỔ ĐĂNG KÝ VĂN BẢN ĐI", "01/KH-HĐND", "Hủy")
}

// TestOldBook: an old book with a bad line is told line by line and not written; mended it is, and numbers go on from its last.
func TestOldBook(t *testing.T) {
	b := browse(t, open(t), 1440, "/so-dang-ky")
	b.click("Nhập sổ cũ")
	b.accessible("importing a book")
	b.upload(`input[name=tep]`, saved(t, "so-cu.xlsx", oldBook(t, "31/2/2026")))
	b.click("Đọc thử")
	b.sees("1 dòng phải sửa")
	b.sees("31/2/2026")
	b.accessible("a book with a bad line")
	if strings.Contains(b.text(), "Ghi 3 số vào sổ") {
		t.Error("a book with a bad line may be written")
	}
	b.click("chọn lại tệp")
	b.upload(`input[name=tep]`, saved(t, "so-cu.xlsx", oldBook(t, "12/02/2026")))
	b.click("Đọc thử")
	b.click("Ghi 3 số vào sổ")
	b.sees("Đã ghi 3 số")
	b.take("Kế hoạch", "02/03/2026", "Số đi tiếp", "Phạm Xuân Hanh", "Các thôn")
	b.sees("Đã lấy số 13/KH-HĐND")
}

// oldBook is a register as offices keep it in Excel: a title, the ten columns, three lines; one date is given.
func oldBook(t *testing.T, date string) []byte {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	for i, row := range [][]any{
		{"SỔ ĐĂNG KÝ VĂN BẢN ĐI NĂM 2026"},
		{},
		{
			"Số, ký hiệu văn bản", "Ngày, tháng văn bản", "Tên loại và trích yếu nội dung văn bản", "Người ký", "Nơi nhận văn bản",
			"Đơn vị, người nhận bản lưu", "Số lượng bản", "Ngày chuyển", "Ký nhận", "Ghi chú",
		},
		{"10/KH-HĐND", "05/02/2026", "Kế hoạch tiếp xúc cử tri quý I", "Vũ Đình Thắng", "Các thôn", "Văn thư", 10, "06/02/2026", "", ""},
		{"11/KH-HĐND", date, "Kế hoạch khảo sát thu gom rác", "Phạm Xuân Hanh", "UBND xã", "Văn thư", 5, "", "", ""},
		{"12/KH-HĐND", "20/02/2026", "Kế hoạch tập huấn đại biểu", "Phạm Xuân Hanh", "Đại biểu HĐND xã", "Văn thư", 25, "", "", "Hủy: in nhầm"},
	} {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := book.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	return written(t, book)
}

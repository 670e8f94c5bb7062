package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"vanthu/internal/testenv"
)

// value is what the field with an ID holds.
func (b *tab) value(id string) string {
	b.Helper()
	return js[string](b, fmt.Sprintf(`document.getElementById(%q).value`, id))
}

// shown is an expression: the pages of the preview say a text, however its lines are broken.
func shown(text string) string {
	return fmt.Sprintf(`[...document.querySelectorAll("#trang text")].map((line) => line.textContent).join(" ").replace(/\s+/g, " ").includes(%q)`, text)
}

// types presses the keys of a text, wherever the cursor is.
func (b *tab) types(text string) {
	b.Helper()
	b.do(chromedp.KeyEvent(text))
}

// plan types a plan into its form.
func (b *tab) plan() {
	b.Helper()
	b.fill("Ngày ban hành", "27/3/2026")
	b.fill("Trích yếu", "Tổng vệ sinh môi trường năm 2026")
	b.fill("Nội dung", "1. Phát quang, khơi thông cống rãnh.\rThu gom rác thải.\rTrồng cây xanh.")
	b.fill("Nơi nhận", "Thường trực Đảng ủy\rCác thôn\rLưu: VT")
	b.choose("Ai ký", "Phạm Xuân Hanh")
}

// TestCompose: what is typed is seen at once; what is missing leads to its field; the document comes as Word and as PDF.
func TestCompose(t *testing.T) {
	b := browse(t, open(t), 1440, "/soan/ke-hoach")
	b.sees("4 mục phải điền")
	b.accessible("a blank form")
	b.click("Nội dung")
	b.fill("Ngày ban hành", "31/2/2026")
	b.sees("Phải sửa")
	b.click("Trích yếu nội dung")
	b.waits("the cursor in the field of the finding", `document.activeElement.id === "f-trich_yeu"`)
	js[bool](b, `document.querySelector(".found-errors .go").click(), true`)
	b.waits("the cursor in the date", `document.activeElement.id === "f-ngay"`)

	b.plan()
	if got, want := b.value("f-noi_dung"), "1. Phát quang, khơi thông cống rãnh.\n2. Thu gom rác thải.\n3. Trồng cây xanh."; got != want {
		t.Errorf("the numbers are not continued:\n%s", got)
	}
	for _, text := range []string{"Tổng vệ sinh môi trường năm 2026", "2. Thu gom rác thải.", "Các thôn", "Phạm Xuân Hanh", "Vĩnh Am, ngày 27 tháng 3 năm 2026"} {
		b.waits("“"+text+"” in the preview", shown(text))
	}
	b.sees("Đã lưu")
	b.accessible("a form that was filled in")

	name, data := b.downloaded(".docx", func() { b.click("Tải về Word") })
	says(t, name, wordText(t, data), "KẾ HOẠCH", "Tổng vệ sinh môi trường năm 2026", "2. Thu gom rác thải.", "Phạm Xuân Hanh")
	b.visit(js[string](b, "location.pathname")) // and again when there is nothing to save
	b.sees("Bản thảo")
	name, data = b.downloaded(".pdf", func() { b.click("Tải về PDF") })
	says(t, name, pdfText(t, data), "KẾ HOẠCH", "Tổng vệ sinh môi trường năm 2026", "3. Trồng cây xanh.", "Phạm Xuân Hanh")
}

// edited opens the plan of the samples, eleven pages of text, in its form.
func edited(t testing.TB) *tab {
	b := browse(t, open(t), 1440, "/tep")
	b.upload(`input[name=data]`, "../../samples/ke-hoach-57/du-lieu.yaml")
	b.click("Tải tệp lên và kiểm tra")
	b.click("Sửa tiếp trên trang soạn")
	b.waits("the pages of the plan", shown("1.4. Văn phòng"))
	return b
}

// TestPreview: what is typed into the plan of the samples is drawn again and again.
func TestPreview(t *testing.T) {
	b := edited(t)
	for i := range 3 {
		marker := fmt.Sprintf("lần %d", i)
		b.fill("Trích yếu", "Thực hiện Nghị quyết số 57-NQ/TW, "+marker)
		b.waits("“"+marker+"” in the preview", shown(marker))
	}
}

// BenchmarkPreview measures the service's part of a new preview: to save what was typed and to draw its pages.
func BenchmarkPreview(b *testing.B) {
	page, n := edited(b), 0
	var took []float64
	for b.Loop() {
		n++
		marker := fmt.Sprintf("lần %d.", n)
		js[bool](page, `performance.clearResourceTimings(), true`)
		page.fill("Trích yếu", "Thực hiện Nghị quyết số 57-NQ/TW, "+marker)
		page.waits("“"+marker+"” in the preview", shown(marker))
		took = append(took, js[float64](page, `(() => { const e = performance.getEntriesByType("resource").filter((e) => e.name.includes("/ban-thao")).at(-1); return e.responseStart - e.requestStart; })()`))
	}
	slices.Sort(took)
	testenv.Want(b, "ms-half", took[len(took)/2], 150)
}

// TestComeBack: nothing that was typed is lost by leaving; of two tabs on one draft the second is told, and neither text is lost.
func TestComeBack(t *testing.T) {
	b := browse(t, open(t), 1440, "/soan/ke-hoach")
	b.plan()
	b.visit("/") // at once, before the page saved by itself
	b.click("Tổng vệ sinh môi trường năm 2026")
	b.waits("the plan", `document.getElementById("f-noi_dung")?.value.includes("3. Trồng cây xanh.")`)
	at := js[string](b, `location.pathname`)
	if !strings.HasPrefix(at, "/ban-thao/") {
		t.Fatalf("the draft is at %s", at)
	}

	other := b.another(at)
	b.fill("Trích yếu", "Bản ở thẻ thứ nhất")
	b.waits("the first tab saved", shown("Bản ở thẻ thứ nhất"))
	other.fill("Trích yếu", "Bản ở thẻ thứ hai")
	other.sees("vừa được lưu ở cửa sổ khác")
	other.accessible("two tabs on one draft")
	other.click("Giữ bản của tôi thành bản sao")
	other.waits("a draft of its own", `location.pathname.startsWith("/ban-thao/") && location.pathname !== `+fmt.Sprintf("%q", at))
	other.sees("Đã lưu")
	b.visit("/")
	b.sees("Bản ở thẻ thứ nhất")
	b.sees("Bản ở thẻ thứ hai")
}

// TestNumber: the number is in the document and in the register, once.
func TestNumber(t *testing.T) {
	b := browse(t, open(t), 1440, "/soan/ke-hoach")
	b.plan()
	b.waits("the plan in the preview", shown("3. Trồng cây xanh."))
	b.click("Lấy số và làm văn bản")
	b.waits("the document", `location.pathname.startsWith("/van-ban/")`)
	says(t, "the question", b.heard.question(), "Lấy số tiếp theo")
	b.sees("01/KH-HĐND")
	b.accessible("a numbered document")
	name, data := b.downloaded(".docx", func() { b.click("Tải về Word") })
	says(t, name, wordText(t, data), "Số: 01/KH-HĐND")
	name, data = b.downloaded(".pdf", func() { b.click("Tải về PDF") })
	says(t, name, pdfText(t, data), "Số: 01/KH-HĐND")
	b.visit("/so-dang-ky")
	b.sees("01/KH-HĐND")
	b.sees("1 số")
	b.click("01/KH-HĐND")
	b.click("Mở văn bản")
	b.waits("the document again", `location.pathname.startsWith("/van-ban/")`)
}

// paste pastes a text from the clipboard into the element that has the cursor, as the browser does after Ctrl+V.
func (b *tab) paste(text string) {
	b.Helper()
	js[bool](b, fmt.Sprintf(`(() => { const data = new DataTransfer(); data.setData("text/plain", %q);
		return document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})), true; })()`, text))
}

// TestPaste: a block of cells copied from Excel with its headings goes into the columns of these names, as many rows as it has; without
// headings it goes where the cursor is.
func TestPaste(t *testing.T) {
	b := browse(t, open(t), 1440, "/soan/bao-cao-quy")
	b.click("Nhiệm vụ")
	js[bool](b, `document.querySelector("[data-table-of=nhiem_vu] tbody td :is(input, textarea)").focus(), true`)
	b.paste("Nội dung nhiệm vụ\tCơ quan chủ trì\tThời hạn hoàn thành\r\n" +
		"Rà soát hồ sơ đất đai\tUBND xã\t15/6/2026\r\nDuy tu đường trục thôn 3\tBan Kinh tế - Ngân sách\t30/6/2026\r\nLắp camera an ninh\tCông an xã\t20/5/2026\r\n")
	b.sees("(3 dòng)")
	b.column("Nội dung nhiệm vụ", "Rà soát hồ sơ đất đai", "Duy tu đường trục thôn 3", "Lắp camera an ninh")
	b.column("Cơ quan chủ trì", "UBND xã", "Ban Kinh tế - Ngân sách", "Công an xã")
	b.column("Thời hạn hoàn thành", "15/6/2026", "30/6/2026", "20/5/2026")
	b.waits("the rows in the preview", shown("Lắp camera an ninh"))

	js[bool](b, `document.querySelector("[name='nhiem_vu[2].noi_dung']").focus(), true`)
	b.paste("Duy tu đường trục thôn 5\r\nLắp đèn đường\tThắp sáng\r\n")
	b.column("Nội dung nhiệm vụ", "Rà soát hồ sơ đất đai", "Duy tu đường trục thôn 5", "Lắp đèn đường")
	b.waits("the new rows in the preview", shown("Lắp đèn đường"))
	b.accessible("a table that was pasted")
}

// column fails where the filled rows of the table of tasks do not have these values below a heading.
func (b *tab) column(heading string, wanted ...string) {
	b.Helper()
	got := js[[]string](b, fmt.Sprintf(`(() => { const table = document.querySelector("[data-table-of=nhiem_vu] table");
		const at = [...[...table.tHead.rows].at(-1).cells].findIndex((cell) => cell.dataset.label === %q);
		return [...table.tBodies[0].rows].map((row) => row.cells[at].querySelector("input, textarea, select").value); })()`, heading))
	if strings.Join(got, "|") != strings.Join(wanted, "|") {
		b.Errorf("%s: %q, want %q", heading, got, wanted)
	}
}

// tabTo presses Tab until the cursor is at the field, link or button that an expression finds, and looks whether one sees that it is there.
func (b *tab) tabTo(what string, modifiers ...chromedp.Modifier) {
	b.Helper()
	for range 120 {
		b.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(modifiers...)))
		if js[bool](b, "document.activeElement === "+what) {
			if !js[bool](b, `(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== "none"; })()`) {
				b.Errorf("nothing shows that the cursor is at %s", js[string](b, `document.activeElement.outerHTML.slice(0, 200)`))
			}
			return
		}
	}
	b.Fatalf("Tab does not lead to %s; the cursor is at %s", what, js[string](b, `document.activeElement.outerHTML.slice(0, 200)`))
}

// TestKeyboard: from the first page to the document in the folder without a mouse.
func TestKeyboard(t *testing.T) {
	b := browse(t, open(t), 1440, "/")
	b.tabTo(field("Tìm loại văn bản"))
	b.types("ke hoach")
	b.waits("the kinds of that name", `document.querySelector("#cac-loai a")?.innerText.startsWith("Kế hoạch")`)
	b.tabTo(find("Kế hoạch"))
	b.types(kb.Enter)
	b.sees("Trích yếu nội dung")
	b.tabTo(field("Trích yếu"))
	b.types("Tổng vệ sinh môi trường")
	b.tabTo(field("Nội dung"))
	b.types("1. Thu gom rác thải.\rTrồng cây xanh." + kb.Escape)
	b.tabTo(field("Nơi nhận"))
	b.types("Các thôn")
	b.tabTo(field("Ai ký"))
	b.types("Phạm")
	b.waits("the preview", shown("Các thôn"))
	b.tabTo(find("Tải về Word"), chromedp.ModifierShift)
	name, data := b.downloaded(".docx", func() { b.types(" ") })
	says(t, name, wordText(t, data), "Tổng vệ sinh môi trường", "2. Trồng cây xanh.", "Phạm Xuân Hanh")
}

// TestLateSave: a draft whose save comes late is on the first page all the same. A link waits for the save; where the page is left otherwise, the
// first page says that the draft is being saved, and shows it once it is there.
func TestLateSave(t *testing.T) {
	const title = "Tổng vệ sinh môi trường năm 2026"
	d := open(t)
	line := hold(t, &d)

	b := browse(t, d, 1440, "/soan/ke-hoach")
	line.holds()
	b.plan()
	b.visit("/")
	b.sees("đang được lưu")
	if text := b.text(); strings.Contains(text, "Chưa có bản thảo nào") || strings.Contains(text, title) {
		t.Fatalf("the first page shows, while the draft is not yet saved:\n%s", text)
	}
	b.accessible("the first page while a draft is being saved")
	b.waits("the way back to what was typed", `document.querySelector("#dang-luu a").getAttribute("href") === "/soan/ke-hoach"`)
	line.letGo()
	b.sees(title)
	b.waits("the draft alone", `document.getElementById("dang-luu").hidden`)

	b.click(title)
	b.waits("the draft", `document.getElementById("f-trich_yeu")`)
	held := line.holds()
	b.fill("Trích yếu", "Tổng vệ sinh ngày thứ bảy")
	b.click("Trang chủ")
	<-held
	b.sees("Đang lưu…")
	if at := js[string](b, `location.pathname`); at == "/" {
		t.Errorf("the link does not wait for the save")
	}
	line.letGo()
	b.comes("/")
	b.sees("Tổng vệ sinh ngày thứ bảy")
	if seen := js[bool](b, `Boolean(localStorage.length)`); seen {
		t.Errorf("a copy is left of what was saved")
	}

	b.click("Tổng vệ sinh ngày thứ bảy")
	b.waits("the draft", `document.getElementById("f-trich_yeu")`)
	held = line.holds()
	b.fill("Trích yếu", "Tổng vệ sinh ngày chủ nhật")
	<-held       // the page saves by itself, and is left before that is answered
	b.visit("/") // which has the draft with its old title
	b.sees("đang được lưu")
	line.letGo()
	b.sees("Tổng vệ sinh ngày chủ nhật")
	b.waits("the draft alone", `document.getElementById("dang-luu").hidden`)
}

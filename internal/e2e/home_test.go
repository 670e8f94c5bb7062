package e2e

import (
	"testing"
	"time"
)

// TestHome: a clerk finds the kind without accents, and finds again what she began, what she made and what is due.
func TestHome(t *testing.T) {
	b := browse(t, open(t), 1440, "/")
	b.sees("Chưa có bản thảo nào")
	b.fill("Tìm loại văn bản", "bao cao quy")
	b.waits("the kind of that name first", `document.querySelector("#cac-loai a").innerText.startsWith("Báo cáo quý")`)
	b.click("Báo cáo quý")
	b.sees("Kỳ báo cáo")

	b.visit("/tep")
	b.upload(`input[name=data]`, quarter)
	b.click("Tải tệp lên và kiểm tra")
	b.sees("Dữ liệu đủ để làm văn bản")
	name, data := b.downloaded(".docx", func() { b.click("Tải về Word") })
	t.Logf("downloaded %s", name)
	says(t, name, wordText(t, data), "BÁO CÁO", "quý II")

	b.visit("/soan/ke-hoach")
	b.fill("Trích yếu", "Tổng vệ sinh môi trường trên địa bàn xã")
	b.sees("Đã lưu")

	b.visit("/")
	b.sees("Việc đến hạn")
	b.sees("quá hạn")
	b.accessible("home with a draft, a document and tasks")
	b.click("Tổng vệ sinh môi trường trên địa bàn xã")
	b.waits("the draft as it was left", `document.getElementById("f-trich_yeu")?.value === "Tổng vệ sinh môi trường trên địa bàn xã"`)
	b.visit("/")
	if !js[bool](b, `[...document.querySelectorAll("section")].some((s) => s.innerText.includes("Văn bản gần đây") && s.querySelector("a[href^='/van-ban/']"))`) {
		t.Errorf("the report is not among the recent documents:\n%s", b.text())
	}
	b.click("Báo cáo")
	b.sees("Tải về")
	b.accessible("a document")
}

const (
	quarter       = "../../samples/quy-2-2026/so-lieu.xlsx"
	quarterBefore = "../../samples/quy-2-2026/quy-1-2026.xlsx"
)

// TestFirstPage: what a browser loads for the first page is under 100 KB, and it is usable within a second.
func TestFirstPage(t *testing.T) {
	b := browse(t, open(t), 1440, "/")
	b.sees("Hôm nay bạn cần làm văn bản gì?")
	type load struct {
		Bytes int
		Ready float64 // ms until the page and its scripts are there
	}
	seen := js[load](b, `(() => { const all = [performance.getEntriesByType("navigation")[0], ...performance.getEntriesByType("resource")];
		return {Bytes: all.reduce((n, e) => n + e.transferSize, 0), Ready: all[0].domContentLoadedEventEnd}; })()`)
	t.Logf("%d bytes, usable after %v", seen.Bytes, time.Duration(seen.Ready*float64(time.Millisecond)))
	if seen.Bytes > 100_000 || seen.Bytes < 5_000 {
		t.Errorf("the first page loads %d bytes, at most 100,000", seen.Bytes)
	}
}

package e2e

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

var update = flag.Bool("update", false, "write the pictures of the pages in internal/docs/desk anew")

// pictures is where the pictures of the pages lie: <page>-<width>.png.
const pictures = "../docs/desk"

// widths are those of a monitor and of a small phone, with the height that a picture shows.
var widths = []struct{ width, height int64 }{{1440, 800}, {360, 800}}

// look is a page to look at.
type look struct {
	name, path string
	ready      string // an expression that holds when all is there; empty for the page as it is loaded
	picture    bool   // it is kept
}

// TestPages looks at every page of a desk that is at work, at both widths: none scrolls sideways, and anybody can use it.
func TestPages(t *testing.T) {
	d := open(t)
	b := browse(t, d, 1440, "/")
	for _, page := range b.work(t) {
		b.lookAt(page)
	}
	d.user(t, "hanh.pham", "Phạm Xuân Hanh", "quan-tri", password)
	d.user(t, "lan.nguyen", "Nguyễn Thị Lan", "van-thu", password)
	b.lookAt(look{"dang-nhap", "/dang-nhap", "", true})
	b.fill("Tên đăng nhập", "hanh.pham")
	b.fill("Mật khẩu", password)
	b.click("Đăng nhập")
	b.sees("Phạm Xuân Hanh")
	for _, page := range []look{
		{"nguoi-dung", "/nguoi-dung", "", true},
		{"tai-khoan", "/tai-khoan", "", true},
		{"nhat-ky", "/nhat-ky", "", true},
		{"docs", "/docs", `document.querySelector("rapi-doc")`, false},
	} {
		b.lookAt(page)
	}
}

// work does some of the work of a week, and gives the pages that show it.
func (b *tab) work(t *testing.T) []look {
	t.Helper()
	b.visit("/tep")
	b.upload(`input[name=data]`, "../../samples/ke-hoach-57/du-lieu.yaml")
	b.click("Tải tệp lên và kiểm tra")
	b.click("Sửa tiếp trên trang soạn")
	b.waits("the plan", shown("1.4. Văn phòng"))
	draft := js[string](b, `location.pathname`)
	b.downloaded(".docx", func() { b.click("Tải về Word") })

	b.visit("/tep")
	b.upload(`input[name=data]`, quarter)
	b.upload(`input[name=ky_truoc]`, quarterBefore)
	b.click("Tải tệp lên và kiểm tra")
	b.sees("Dữ liệu đủ để làm văn bản")
	file := js[string](b, `location.pathname`)
	b.downloaded(".docx", func() { b.click("Tải về Word") })

	b.visit("/tep")
	b.upload(`input[name=data]`, saved(t, "so-lieu-con-loi.xlsx", changed(t, quarter, map[string]any{"Nhiệm vụ!J5": "31/2/2026"})))
	b.click("Tải tệp lên và kiểm tra")
	b.sees("lỗi phải sửa")
	broken := js[string](b, `location.pathname`)

	b.visit("/chuyen-pdf")
	b.upload(`input[name=file]`, b.wordPlan(t))
	b.click("Chuyển sang PDF")
	b.sees("trang.")
	converted := js[string](b, `location.pathname + location.search`)

	b.visit("/lo")
	bad := changed(t, filepath.Join(communes, "xa-minh-lap.xlsx"), map[string]any{"Thông tin chung!B8": "31/2/2026"})
	b.upload(`input[name=data]`, communesZIP(t, []string{"xa-vinh-am.xlsx", "xa-tien-an.xlsx", "phuong-viet-dien.xlsx"}, map[string][]byte{"xa-minh-lap.xlsx": bad}))
	b.click("Bắt đầu làm")
	b.sees("Xong, có lỗi")
	batch := js[string](b, `location.pathname`)

	b.visit("/so-dang-ky/nhap")
	b.upload(`input[name=tep]`, saved(t, "so-cu.xlsx", oldBook(t, "12/02/2026")))
	b.click("Đọc thử")
	b.click("Ghi 3 số vào sổ")
	b.sees("Đã ghi 3 số")
	b.take("Kế hoạch", "02/03/2026", "Tổng vệ sinh môi trường trên địa bàn xã", "Phạm Xuân Hanh", "Thường trực Đảng ủy\rCác thôn\rLưu: VT")
	b.sees("Đã lấy số")
	entry := js[string](b, `location.pathname`)

	b.visit("/")
	b.sees("Văn bản gần đây")
	document := js[string](b, `document.querySelector("a[href^='/van-ban/']").getAttribute("href")`)
	return []look{
		{"trang-chu", "/", "", true},
		{"soan-trong", "/soan/ke-hoach", "", false},
		{"soan-bang", "/soan/bao-cao-quy", "", false},
		{"soan", draft, "", true},
		{"van-ban", document, "", true},
		{"tep", "/tep", "", true},
		{"tep-xem", file, "", true},
		{"tep-loi", broken, "", true},
		{"chuyen-pdf", "/chuyen-pdf", "", false},
		{"chuyen-pdf-xem", converted, "", true},
		{"lo", "/lo", "", false},
		{"lo-xem", batch, "", true},
		{"so-dang-ky", "/so-dang-ky", "", true},
		{"so-dang-ky-lay-so", "/so-dang-ky/lay-so", "", true},
		{"so-dang-ky-so", entry, "", true},
		{"so-dang-ky-nhap", "/so-dang-ky/nhap", "", false},
		{"so-dang-ky-in", "/so-dang-ky/in?nam=2026", "", true},
		{"mau", "/mau", "", true},
		{"mau-loai", "/mau/ke-hoach", `document.querySelector(".preview svg")`, true},
		{"don-vi", "/don-vi", "", true},
		{"huong-dan", "/huong-dan", "", true},
	}
}

// lookAt looks at a page at both widths.
func (b *tab) lookAt(page look) {
	b.Helper()
	for _, size := range widths {
		b.do(chromedp.EmulateViewport(size.width, size.height))
		b.visit(page.path)
		if page.ready != "" {
			b.waits("all of "+page.name, page.ready)
		}
		js[bool](b, `document.documentElement.style.scrollbarGutter = "auto", true`) // room for bars that are not drawn
		b.waits("the fonts", `document.fonts.status === "loaded" && document.readyState === "complete"`)
		name := fmt.Sprintf("%s-%d", page.name, size.width)
		if wide := js[int64](b, `document.documentElement.scrollWidth`); wide > size.width {
			b.Errorf("%s is %d wide; it is made so by %s", name, wide, js[string](b, fmt.Sprintf(widest, size.width)))
		}
		if *update && page.picture {
			picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
			if err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(pictures, name+".png"), reduced(b, picture), 0o644); err != nil {
				b.Fatal(err)
			}
		}
		if page.name != "docs" { // the viewer is not ours
			b.waits("the heading of "+name, `document.querySelector("h1").getClientRects().length > 0`)
			b.accessible(name)
		}
	}
}

// widest is an expression for the elements that reach beyond a width, but for what scrolls in a box of its own.
const widest = `(() => {
	const boxed = (e) => { for (let up = e.parentElement; up && up !== document.body; up = up.parentElement) if (getComputedStyle(up).overflowX !== "visible") return true; return false; };
	return [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > %d + 0.5 && !boxed(e))
		.slice(0, 8).map((e) => e.localName + (e.id ? "#" + e.id : "") + (e.className ? "." + String(e.className.baseVal ?? e.className).replaceAll(" ", ".") : "")).join(", ");
})()`

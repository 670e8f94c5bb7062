package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const communes = "../../samples/cuoi-nam-2026"

// communesZIP is a ZIP file of some communes with the figures of the year before, and of files besides.
func communesZIP(t *testing.T, names []string, besides map[string][]byte) string {
	t.Helper()
	files := map[string][]byte{"don-vi.yaml": read(t, filepath.Join(communes, "don-vi.yaml"))}
	for _, name := range names {
		files[name] = read(t, filepath.Join(communes, name))
		files["ky-truoc/"+name] = read(t, filepath.Join(communes, "ky-truoc", name))
	}
	for name, data := range besides {
		files[name] = data
	}
	return saved(t, "cuoi-nam.zip", zipped(t, files))
}

// TestBatch: a ZIP of some communes is made while one looks on; one bad unit stops nobody; all files come in one ZIP with their list.
func TestBatch(t *testing.T) {
	b := browse(t, open(t), 1440, "/lo")
	b.sees("Chưa chạy lần nào")
	b.accessible("batches, none yet")
	bad := changed(t, filepath.Join(communes, "xa-minh-lap.xlsx"), map[string]any{"Thông tin chung!B8": "31/2/2026"})
	zip := communesZIP(t, []string{"xa-vinh-am.xlsx", "xa-tien-an.xlsx", "phuong-viet-dien.xlsx"}, map[string][]byte{"xa-minh-lap.xlsx": bad})
	b.upload(`input[name=data]`, zip)
	b.click("Bắt đầu làm")
	b.waits("the batch", `location.pathname.startsWith("/lo/")`)
	b.sees("Xong, có lỗi")
	b.waits("three that were made", `document.querySelector("[data-count=made]").textContent === "3"`)
	b.sees("Vĩnh Am")
	b.click("1 điều cần xem")
	b.sees("31/2/2026")
	b.accessible("a batch with a bad unit")
	name, data := b.downloaded(".zip", func() { b.click("Tải tất cả về (ZIP)") })
	var names []string
	for name := range parts(t, data) {
		names = append(names, name)
	}
	list := strings.Join(names, "\n")
	says(t, name, list, "danh-muc.csv", ".docx", ".pdf", "theo-doi.xlsx")
	if n := strings.Count(list, ".docx"); n != 3 {
		t.Errorf("%s has %d reports:\n%s", name, n, list)
	}
	name, data = b.downloaded(".docx", func() { js[bool](b, `document.querySelector(".files a").click(), true`) })
	says(t, name, wordText(t, data), "BÁO CÁO")
}

// TestStopBatch: a batch is stopped, what was made stays, and the rest is made when asked for.
func TestStopBatch(t *testing.T) {
	b := browse(t, open(t), 1440, "/lo")
	entries, err := os.ReadDir(communes)
	if err != nil {
		t.Fatal(err)
	}
	besides := map[string][]byte{}
	for _, entry := range entries {
		for i := range 5 {
			if name, is := strings.CutSuffix(entry.Name(), ".xlsx"); is {
				besides[fmt.Sprintf("%s-%d.xlsx", name, i)] = read(t, filepath.Join(communes, entry.Name()))
			}
		}
	}
	b.upload(`input[name=data]`, communesZIP(t, nil, besides))
	b.click("Bắt đầu làm")
	b.waits("the batch", `location.pathname.startsWith("/lo/")`)
	b.waits("some that were made", `Number(document.querySelector("[data-count=made]").textContent) > 0`)
	b.accessible("a batch that is being made")
	b.click("Dừng lại")
	b.sees("Đã hủy")
	says(t, "the question", b.heard.question(), "Dừng")
	made := js[int](b, `Number(document.querySelector("[data-count=made]").textContent)`)
	skipped := js[int](b, `Number(document.querySelector("[data-count=skipped]")?.textContent)`)
	if made == 0 || skipped == 0 || made+skipped != 150 {
		t.Errorf("stopped with %d made, %d skipped", made, skipped)
	}
	b.accessible("a batch that was stopped")
	b.click(fmt.Sprintf("Làm lại %d văn bản chưa được", skipped))
	b.waits("more that were made", fmt.Sprintf(`Number(document.querySelector("[data-count=made]").textContent) > %d`, made))
}

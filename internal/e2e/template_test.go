package e2e

import (
	"bytes"
	"testing"
)

// reworded is a Word file with a text of its body replaced, as somebody would in Word.
func reworded(t *testing.T, data []byte, old, new string) []byte {
	t.Helper()
	files := parts(t, data)
	body := files["word/document.xml"]
	if !bytes.Contains(body, []byte(old)) {
		t.Fatalf("the template does not say %q:\n%s", old, wordText(t, data))
	}
	files["word/document.xml"] = bytes.ReplaceAll(body, []byte(old), []byte(new))
	return zipped(t, files)
}

// TestTemplate: an office words a template its own way, uses it, is told of what it gets wrong, and goes back to what was there.
func TestTemplate(t *testing.T) {
	b := browse(t, open(t), 1440, "/mau")
	b.accessible("templates")
	b.fill("Tìm mẫu", "ke hoach")
	b.waits("the kinds of that name", `document.querySelectorAll("#ket-qua li").length < 10`)
	b.click("Kế hoạch")
	b.sees("Mẫu có sẵn")
	b.waits("the preview", `document.querySelector(".preview svg")`)
	b.accessible("a template")
	_, data := b.downloaded(".docx", func() { b.click("Tải mẫu về (Word)") })

	own := reworded(t, data, "Độc lập", "ĐỘC LẬP")
	b.upload(`input[name=tep]`, saved(t, "mau-rieng.docx", own))
	b.fill("Ghi chú", "Tiêu ngữ in hoa")
	b.click("Kiểm tra và dùng mẫu này")
	b.sees("Đã lưu và dùng mẫu này")
	b.sees("Tiêu ngữ in hoa")
	b.accessible("an office's own template")
	if made := b.planDocument(t); !bytes.Contains(parts(t, made)["word/document.xml"], []byte("ĐỘC LẬP")) {
		t.Errorf("the office's template is not used:\n%s", wordText(t, made))
	}

	b.visit("/mau/ke-hoach")
	b.upload(`input[name=tep]`, saved(t, "sai.docx", reworded(t, data, "{{trich_yeu}}", "{{trich_yu}}")))
	b.click("Kiểm tra và dùng mẫu này")
	b.sees("trong mẫu có chỗ phải sửa")
	b.sees("trich_yu")
	b.sees("trich_yeu")
	b.accessible("a template with a slip")

	b.visit("/mau/ke-hoach")
	b.click("Dùng lại mẫu có sẵn")
	b.sees("Đã dùng lại mẫu có sẵn")
	if made := b.planDocument(t); bytes.Contains(parts(t, made)["word/document.xml"], []byte("ĐỘC LẬP")) {
		t.Error("the office's template is still used")
	}
	b.visit("/mau/ke-hoach")
	b.click("Dùng bản 1")
	b.sees("Đã đổi sang bản 1")
}

// planDocument types a plan and gives its Word file.
func (b *tab) planDocument(t *testing.T) []byte {
	t.Helper()
	b.visit("/soan/ke-hoach")
	b.plan()
	b.waits("the plan in the preview", shown("Phạm Xuân Hanh"))
	_, data := b.downloaded(".docx", func() { b.click("Tải về Word") })
	return data
}

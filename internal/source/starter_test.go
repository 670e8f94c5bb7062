package source

import (
	"strings"
	"testing"

	"vanthu/internal/model"
)

func TestStarterWritesWhatAClerkFillsIn(t *testing.T) {
	schema := model.Schema{Kind: "x", Name: "X", Fields: []model.FieldSpec{
		{Key: "loai", Label: "Loại", Required: true},
		{Key: "tinh_ra", Label: "Tính ra", Computed: true, Example: "1"},
		{Key: "nguong", Label: "Ngưỡng", Type: model.NumberField, Unit: "%", Default: "50", Example: "40"},
		{Key: "khan", Label: "Độ khẩn", Choices: []string{"KHẨN", "HỎA TỐC"}},
		{Key: "cau", Label: "Câu", Default: "Không: #1"},
		{Key: "phu_luc", Label: "Phụ lục", Type: model.ListField, Fields: []model.FieldSpec{
			{Key: "ten", Label: "Tên", Computed: true},
			{Key: "tieu_de", Label: "Tiêu đề", Required: true},
		}},
		{Key: "viec", Label: "Việc", Type: model.ListField, Fields: []model.FieldSpec{
			{Key: "stt", Label: "STT", Computed: true, Required: true, Type: model.NumberField},
			{Key: "noi_dung", Label: "Nội dung", Required: true, Example: "Khảo sát"},
			{Key: "ghi_chu", Label: "Ghi chú"},
		}},
	}}
	starter := string(Starter(schema))
	_, body, _ := strings.Cut(starter, "\n\n")
	const want = `# Loại
loai: x

# Ngưỡng (không bắt buộc)
# Đơn vị tính: %.
nguong: 40

# Độ khẩn (không bắt buộc)
# Ghi một trong: KHẨN; HỎA TỐC.
khan:

# Câu (không bắt buộc)
cau: "Không: #1"

# Phụ lục (không bắt buộc)
phu_luc:

# Việc (không bắt buộc)
viec:
  -
    # Nội dung
    noi_dung: Khảo sát
    # Ghi chú (không bắt buộc)
    ghi_chu:
`
	if body != want {
		t.Errorf("%s", body)
	}
	record, found := ReadText("x.yaml", []byte(starter))
	if len(found) > 0 {
		t.Fatal(found)
	}
	if doc, found := model.Bind(&schema, record, nil); found.Blocking() || doc.Values["cau"] != model.Text("Không: #1") {
		t.Errorf("%s%v", found, doc.Values["cau"])
	}
}

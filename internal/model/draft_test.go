package model

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/diag"
)

var draftSchema = &Schema{Kind: "ke-hoach", Name: "Kế hoạch", TypeName: "Kế hoạch", Abbreviation: "KH", Fields: []FieldSpec{
	{Key: "so", Label: "Số"},
	{Key: "ngay", Label: "Ngày ban hành", Type: DateField, Required: true},
	{Key: "trich_yeu", Label: "Trích yếu", Required: true},
	{Key: "co_quan", Label: "Cơ quan", Type: GroupField, Required: true, Fields: []FieldSpec{
		{Key: "ten", Label: "Tên cơ quan", Required: true}, {Key: "ky_hieu", Label: "Ký hiệu", Required: true}, {Key: "cap_tren", Label: "Cấp trên"},
	}},
	{Key: "kinh_gui", Label: "Kính gửi", Type: ListField, Required: true},
	{Key: "noi_dung", Label: "Nội dung", Type: OutlineField, Required: true, Endings: "./."},
	{Key: "viec", Label: "Việc", Type: ListField, Required: true, Fields: []FieldSpec{
		{Key: "stt", Label: "STT", Type: NumberField, Computed: true}, {Key: "ten", Label: "Tên việc", Required: true}, {Key: "han", Label: "Hạn", Type: DateField},
	}},
	{Key: "diem", Label: "Điểm", Type: NumberField},
	{Key: "do_khan", Label: "Độ khẩn", Choices: []string{"KHẨN", "HỎA TỐC"}},
}}

func TestADraftIsCompleteAllTheSame(t *testing.T) {
	profile := record(Field{Key: "co_quan", Value: Node{Shape: Group, Fields: []Field{{Key: "ten", Value: scalar("HỘI ĐỒNG NHÂN DÂN", 1)}}}})
	for _, c := range []struct {
		name    string
		record  Record
		profile *Record
		want    string
	}{
		{"of nothing", record(), nil, `ngay: [Ngày ban hành]
trich_yeu: [Trích yếu]
co_quan:
  ten: [Tên cơ quan]
  ky_hieu: [Ký hiệu]
kinh_gui:
  - [Kính gửi]
noi_dung:
  plain "[Nội dung]"
viec:
  -
    stt: 1
    ten: [Tên việc]
    han: [Hạn]
ten_loai: "KẾ HOẠCH"
ten_loai_thuong: "Kế hoạch"
so_ky_hieu: "\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0/KH-[Ký hiệu]"
kinh_gui_mot: [Kính gửi]
`},
		{"of what is wrong", record(
			Field{Key: "so", Value: scalar("ba", 1)}, Field{Key: "ngay", Value: scalar("30/2/2026", 2)}, Field{Key: "trich_yeu", Value: scalar("Việc", 3)},
			Field{Key: "kinh_gui", Value: Node{Shape: List, Items: []Node{scalar("", 4)}}}, Field{Key: "noi_dung", Value: scalar("Làm", 5)},
			Field{Key: "viec", Value: Node{Shape: List, Items: []Node{{Shape: Group, Fields: []Field{{Key: "han", Value: scalar("mai", 6)}}}}}},
			Field{Key: "diem", Value: scalar("mười", 7)}, Field{Key: "do_khan", Value: scalar("vừa", 8)},
		), &profile, `ngay: [Ngày ban hành]
trich_yeu: "Việc"
co_quan:
  ten: "HỘI ĐỒNG NHÂN DÂN"
  ky_hieu: [Ký hiệu]
kinh_gui:
  - [Kính gửi]
noi_dung:
  plain "Làm./."
viec:
  -
    stt: 1
    ten: [Tên việc]
    han: [Hạn]
diem: [Điểm]
ten_loai: "KẾ HOẠCH"
ten_loai_thuong: "Kế hoạch"
so_ky_hieu: "\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0/KH-[Ký hiệu]"
kinh_gui_mot: [Kính gửi]
`},
		{"of what is no record", Record{File: "a.json", Root: Node{Shape: List}}, nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc, found := BindDraft(draftSchema, c.record, c.profile)
			if diff := cmp.Diff(c.want, doc.Dump()); diff != "" && c.want != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			for _, spec := range draftSchema.Fields {
				if spec.Required && doc.Values[spec.Key] == nil {
					t.Errorf("%s has no value", spec.Key)
				}
			}
			_, want := Bind(draftSchema, c.record, c.profile)
			shared := func(f diag.Finding) bool { return f.Code == diag.NotARecord }
			if len(want) == 1 && shared(want[0]) { // the draft goes on and tells of the fields too
				found = found[:1]
			}
			if diff := cmp.Diff(want, found); diff != "" {
				t.Errorf("it tells otherwise than Bind (-bind +draft):\n%s", diff)
			}
		})
	}
}

func TestABindingNeverHasABlank(t *testing.T) {
	doc, found := Bind(draftSchema, record(), nil)
	if len(found) == 0 || doc.Values["ngay"] != nil || doc.Values["co_quan"] != nil {
		t.Errorf("bound %s", doc.Dump())
	}
}

func TestAFormIsToldOfItsPlaces(t *testing.T) {
	r := record()
	r.File = "soan-thao.json"
	doc, found := Bind(draftSchema, r, nil)
	got := map[string]string{}
	for _, f := range append(found, *doc.Unnumbered) {
		got[f.Where.Field] = f.Message + " → " + f.Hint
	}
	want := map[string]string{
		"ngay":      "thiếu “Ngày ban hành” → ghi “Ngày ban hành”",
		"trich_yeu": "thiếu “Trích yếu” → ghi “Trích yếu”",
		"co_quan":   "thiếu “Cơ quan” → ghi: Tên cơ quan, Ký hiệu, Cấp trên",
		"kinh_gui":  "thiếu “Kính gửi” → ghi “Kính gửi”, mỗi mục một dòng",
		"noi_dung":  "thiếu “Nội dung” → ghi “Nội dung”, mỗi đoạn một dòng",
		"viec":      "thiếu “Việc” → thêm dòng vào bảng “Việc”, có các cột: Tên việc, Hạn",
		"so":        "chưa có số; chỗ ghi số được để trống → được phép trong dự thảo; ghi số của văn bản trước khi ban hành",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

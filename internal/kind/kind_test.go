package kind

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/source"
)

// read reads a kind.yaml, whose findings are told beside those of the schema.
func read(name, text string) (model.Record, diag.Findings) {
	return source.ReadText(name, []byte(text))
}

// schemaOf reads a kind.yaml on top of what is shared.
func schemaOf(shared Shared, slug, own string) (model.Schema, diag.Findings) {
	record, found := read(slug+"/kind.yaml", own)
	schema, more := shared.Schema(slug, record)
	found.Add(more...)
	return schema, found
}

func TestSchema(t *testing.T) {
	const common = "truong:\n- {khoa: so, nhan: Số}\n- {khoa: ngay, nhan: Ngày, kieu: ngay, bat_buoc: true}\n"
	fields, _ := read("chung/kind.yaml", common)
	optional, _ := read("chung/tuy-chon.yaml", "truong: []\n")
	shared, found := ReadShared(fields, optional)
	if len(found) > 0 {
		t.Fatal(found)
	}
	t.Run("adds, changes and orders", func(t *testing.T) {
		schema, found := schemaOf(shared, "x", `ten: Tên
viet_tat: T
truong:
  - {khoa: so, giai_thich: khác}
  - khoa: viec
    nhan: Việc
    kieu: danh_sach
    truong:
      - {khoa: han, nhan: Hạn, kieu: ngay}
thu_tu: [ngay, viec]
`)
		if len(found) > 0 {
			t.Fatal(found)
		}
		want := model.Schema{Kind: "x", Name: "Tên", TypeName: "Tên", Abbreviation: "T", Fields: []model.FieldSpec{
			{Key: "ngay", Label: "Ngày", Type: model.DateField, Required: true},
			{Key: "viec", Label: "Việc", Type: model.ListField, Fields: []model.FieldSpec{{Key: "han", Label: "Hạn", Type: model.DateField}}},
			{Key: "so", Label: "Số", Help: "khác"},
		}}
		if diff := cmp.Diff(want, schema); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
	for test, c := range map[string]struct{ own, code string }{
		"unknown key":       {"ten: A\nnhan: B\n", "unknown-key"},
		"unknown field key": {"ten: A\ntruong:\n- {khoa: x, nhan: X, kiu: chu}\n", "unknown-key"},
		"unknown type":      {"ten: A\ntruong:\n- {khoa: x, nhan: X, kieu: số}\n", "unknown-type"},
		"no label":          {"ten: A\ntruong:\n- {khoa: x}\n", "missing-label"},
		"no name":           {"mo_ta: A\n", "missing-name"},
		"accented key":      {"ten: A\ntruong:\n- {khoa: số, nhan: X}\n", "bad-field-key"},
		"field twice":       {"ten: A\ntruong:\n- {khoa: x, nhan: X}\n- {khoa: x, nhan: X}\n", "duplicate-field"},
		"empty group":       {"ten: A\ntruong:\n- {khoa: x, nhan: X, kieu: nhom}\n", "empty-group"},
		"fields of text":    {"ten: A\ntruong:\n- {khoa: x, nhan: X, truong: [{khoa: y, nhan: Y}]}\n", "fields-of-text"},
		"unknown order":     {"ten: A\nthu_tu: [x]\n", "unknown-field"},
		"a list":            {"- a\n", "not-a-kind"},
		"syntax":            {"ten: A: B\n", "bad-yaml"},
		"not a boolean":     {"ten: A\ntruong:\n- {khoa: x, nhan: X, bat_buoc: có}\n", "not-a-boolean"},
		"not text":          {"ten: [A]\n", "wrong-type"},
		"not a list":        {"ten: A\ntruong: {a: b}\n", "wrong-type"},
	} {
		t.Run(test, func(t *testing.T) {
			_, found := schemaOf(shared, "x", c.own)
			if len(found) == 0 || string(found[0].Code) != c.code || found[0].Where.File != "x/kind.yaml" {
				t.Error(found)
			}
		})
	}
}

const membersKind = `ten: Danh sách
truong:
  - khoa: thanh_vien
    nhan: Thành viên
    kieu: danh_sach
    vi_du:
      - {ho_ten: Phạm Xuân Hanh, vai_tro: "Trưởng đoàn: phụ trách chung"}
      - {ho_ten: Trần Thị Mai}
    truong:
      - {khoa: ho_ten, nhan: Họ và tên, bat_buoc: true, vi_du: Nguyễn Văn An}
      - {khoa: vai_tro, nhan: Nhiệm vụ}
`

func TestExampleOfATableHasRows(t *testing.T) {
	schema, found := schemaOf(Shared{}, "danh-sach", membersKind)
	if len(found) > 0 {
		t.Fatal(found)
	}
	record, found := source.ReadText("danh-sach.yaml", source.Starter(schema))
	if len(found) > 0 {
		t.Fatal(found)
	}
	doc, found := model.Bind(&schema, record, nil)
	if found.Blocking() {
		t.Fatal(found)
	}
	want := model.Items{
		model.Values{"ho_ten": model.Text("Phạm Xuân Hanh"), "vai_tro": model.Text("Trưởng đoàn: phụ trách chung")},
		model.Values{"ho_ten": model.Text("Trần Thị Mai")},
	}
	if diff := cmp.Diff(model.Value(want), doc.Values["thanh_vien"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestExampleRowWithAStrangeColumnIsAFinding(t *testing.T) {
	kind := strings.ReplaceAll(membersKind, "vai_tro: \"", "vai_tri: \"")
	_, found := schemaOf(Shared{}, "danh-sach", kind)
	if len(found) != 1 || found[0].Code != diag.UnknownField {
		t.Error(found)
	}
}

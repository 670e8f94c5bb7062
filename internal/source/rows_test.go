package source_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/model"
	"vanthu/internal/source"
)

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
	schema, found := source.Shared{}.Schema("danh-sach", []byte(membersKind))
	if len(found) > 0 {
		t.Fatal(found)
	}
	doc, found := model.Bind(&schema, recordOf(t, "danh-sach.yaml", source.Starter(schema)), nil)
	if len(found) > 0 {
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
	_, found := source.Shared{}.Schema("danh-sach", []byte(kind))
	if len(found) != 1 || found[0].Code != "unknown-field" {
		t.Error(found)
	}
}

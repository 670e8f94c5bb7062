package typed_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/typed"
)

// plan is a kind with some of what a plan has.
var plan = &model.Schema{Kind: "ke-hoach", Name: "Kế hoạch", TypeName: "Kế hoạch", Abbreviation: "KH", Fields: []model.FieldSpec{
	{Key: model.AgencyKey, Type: model.GroupField},
	{Key: model.NumberKey, Label: "Số"},
	{Key: model.PlaceKey, Label: "Địa danh"},
	{Key: model.DayKey, Label: "Ngày", Type: model.DateField, Required: true},
	{Key: model.AbstractKey, Label: "Trích yếu", Required: true},
	{Key: "can_cu", Type: model.ListField},
	{Key: model.BodyKey, Label: "Nội dung"},
	{Key: model.RecipientsKey, Type: model.ListField},
	{Key: model.SignerKey, Type: model.GroupField},
}}

// read returns a text as data of plan, a line for each value.
func read(t *testing.T, text string) (string, diag.Findings) {
	t.Helper()
	lines, found := typed.Lines("van-ban.txt", []byte(text))
	if found.Blocking() {
		t.Fatal(found)
	}
	record, found := typed.Read("van-ban.txt", lines, []string{"Kế hoạch", "Quyết định"}).Record(plan)
	var b strings.Builder
	var write func(name string, node model.Node)
	write = func(name string, node model.Node) {
		if node.Shape == model.Scalar {
			b.WriteString(name + ": " + node.Text + "\n")
		}
		for _, item := range node.Items {
			write(name, item)
		}
		for _, field := range node.Fields {
			write(strings.TrimPrefix(name+"."+field.Key, "."), field.Value)
		}
	}
	write("", record.Root)
	return b.String(), found
}

func TestPartsOfATypedPlan(t *testing.T) {
	got, found := read(t, `HỘI ĐỒNG NHÂN DÂN
XÃ VĨNH AM
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 12/KH-HĐND
Vĩnh Am, ngày 27 tháng 3 năm 2026

KẾ HOẠCH
Về việc trồng cây

Căn cứ Luật Cây xanh;
I. MỤC ĐÍCH
Các thôn trồng cây.
Nơi nhận:
- Các thôn;
- Lưu: VT.
TM. HỘI ĐỒNG NHÂN DÂN
CHỦ TỊCH
Vũ Văn An
`)
	want := `co_quan.ten: HỘI ĐỒNG NHÂN DÂN
XÃ VĨNH AM
co_quan.ky_hieu: HĐND
so: 12
dia_danh: Vĩnh Am
ngay: 27/3/2026
trich_yeu: Về việc trồng cây
can_cu: Căn cứ Luật Cây xanh
noi_nhan: Các thôn
noi_nhan: Lưu: VT
ky.chuc_vu: TM. HỘI ĐỒNG NHÂN DÂN
ky.chuc_vu: CHỦ TỊCH
ky.ho_ten: Vũ Văn An
noi_dung: I. MỤC ĐÍCH
Các thôn trồng cây.
`
	if diff := cmp.Diff(want, got); diff != "" || len(found) > 0 {
		t.Errorf("found %v (-want +got)\n%s", found, diff)
	}
}

// TestNothingIsRecognised keeps a text without the parts of a document as the content, and says what is missing.
func TestNothingIsRecognised(t *testing.T) {
	got, found := read(t, "Thôn Một trồng cây.\nThôn Hai trồng hoa.\n")
	if want := "noi_dung: Thôn Một trồng cây.\nThôn Hai trồng hoa.\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var missing []string
	for _, f := range found {
		if f.Code != diag.NotRecognised || f.Severity != diag.Warning {
			t.Error(f)
		}
		missing = append(missing, f.Where.Field)
	}
	if diff := cmp.Diff([]string{model.NumberKey, model.DayKey, model.AbstractKey}, missing); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestTextsThatCannotBeRead(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		code diag.Code
	}{
		"blank":          {" \n", diag.EmptyFile},
		"too large":      {strings.Repeat("a", 4<<20+1), diag.FileTooLarge},
		"too many lines": {strings.Repeat("a\n", 50_001), diag.TooManyEntries},
	} {
		t.Run(name, func(t *testing.T) {
			lines, found := typed.Lines("van-ban.txt", []byte(c.text))
			if lines != nil || len(found) != 1 || found[0].Code != c.code || !found.Blocking() {
				t.Errorf("%d lines, found %v", len(lines), found)
			}
		})
	}
}

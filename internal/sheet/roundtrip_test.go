package sheet

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/source"
)

// reread reads a workbook as the data file of a document.
func reread(t testing.TB, schema *model.Schema, data []byte) (model.Document, diag.Findings) {
	t.Helper()
	file, found := source.Open(source.Input{Name: "so-lieu.xlsx", Data: data})
	if found.Blocking() {
		t.Fatal(found)
	}
	if kind := file.Kind(); kind.Text != schema.Name {
		t.Errorf("the kind reads as %q", kind.Text)
	}
	record, more := file.Record(schema)
	found.Add(more...)
	doc, more := model.Bind(schema, record, nil)
	found.Add(more...)
	return doc, found
}

// quiet are findings that a workbook as it is written may have.
func quiet(found diag.Findings) (rest diag.Findings) {
	for _, f := range found {
		if f.Code != diag.NumberBlank {
			rest.Add(f)
		}
	}
	return rest
}

func TestProgressIsADataFile(t *testing.T) {
	doc := tallied(t, quarterly(t, 40, 12, 15, 8))
	again, found := reread(t, doc.Schema, must(t)(Progress(doc)))
	if rest := quiet(found); len(rest) > 0 {
		t.Errorf("findings\n%s", rest)
	}
	again = tallied(t, again)
	for key := range again.Values { // that Bind derives
		if doc.Values[key] == nil || key == "loai" {
			doc.Values[key] = again.Values[key]
		}
	}
	if diff := cmp.Diff(doc.Dump(), again.Dump()); diff != "" {
		t.Errorf("(-written +read)\n%s", diff)
	}
}

func TestInputIsADataFile(t *testing.T) {
	schema := report(t)
	doc, found := reread(t, schema, must(t)(Input(schema, nil)))
	for _, f := range quiet(found) {
		if f.Code == diag.SampleRow { // these are
			continue
		}
		if !strings.Contains(f.Message, "Công tác chỉ đạo") && !strings.Contains(f.Message, "Hạn chế") { // they have no example
			t.Errorf("%+v", f)
		}
	}
	for _, table := range []string{"nhiem_vu", "kien_nghi", "cu_tri", "giai_ngan"} {
		if rows, _ := doc.Values[table].(model.Items); len(rows) == 0 {
			t.Errorf("%s has %d sample rows", table, len(rows))
		}
	}
	doc = quarterly(t, 3, 3, 3, 3)
	again, found := reread(t, doc.Schema, must(t)(Input(doc.Schema, doc.Values)))
	if rest := quiet(found); len(rest) > 0 {
		t.Errorf("findings\n%s", rest)
	}
	if diff := cmp.Diff(doc.Values["nhiem_vu"].(model.Items)[2].(model.Values)["noi_dung"],
		again.Values["nhiem_vu"].(model.Items)[2].(model.Values)["noi_dung"]); diff != "" {
		t.Error(diff)
	}
}

// TestAnEditedRowCountsNextPeriod completes a task in the workbook and reads it back.
func TestAnEditedRowCountsNextPeriod(t *testing.T) {
	doc := tallied(t, quarterly(t, 4, 1, 1, 1))
	first := doc.Values["nhiem_vu"].(model.Items)[0].(model.Values)
	if first["tinh_trang"] != model.Text("Chưa hoàn thành quá hạn") {
		t.Fatal(first["tinh_trang"])
	}
	f := open(t, must(t)(Progress(doc)))
	w := &workbook{book: newBook(), schema: doc.Schema, values: doc.Values, paper: true}
	w.plan()
	table := w.table("nhiem_vu")
	if err := f.SetCellValue(table.sheet, cell(table.column("ngay_hoan_thanh"), table.first), closing.Serial()); err != nil {
		t.Fatal(err)
	}
	var edited bytes.Buffer
	if err := f.Write(&edited); err != nil {
		t.Fatal(err)
	}
	again, found := reread(t, doc.Schema, edited.Bytes())
	if found.Blocking() {
		t.Fatal(found)
	}
	again = tallied(t, again)
	if state := again.Values["nhiem_vu"].(model.Items)[0].(model.Values)["tinh_trang"]; state != model.Text("Hoàn thành quá hạn") {
		t.Error(state)
	}
}

// TestOutlinesReadBackAsTheyAre types an outline into a cell and reads it again.
func TestOutlinesReadBackAsTheyAre(t *testing.T) {
	schema := schemaOf(t, "ten: Thử\nviet_tat: T\nnhom: Thử\nbo: [noi_dung]\ntruong:\n  - {khoa: than, nhan: Thân, kieu: noi_dung}\n")
	bind := func(text string) model.Outline {
		doc, _ := model.Bind(schema, model.Record{Root: model.Node{Shape: model.Group, Fields: []model.Field{
			{Key: "than", Value: model.Node{Shape: model.Scalar, Text: text}},
		}}}, nil)
		outline, _ := doc.Values["than"].(model.Outline)
		return outline
	}
	line := rapid.SampledFrom([]string{
		"", "Phần I", "TIÊU ĐỀ", "I. MỤC", "1. Khoản", "1.1. Tiểu khoản.", "a) Điểm;", "- Gạch", "+ Cộng", "Điều 1. Tên",
		"đoạn tiếp theo", "Đoạn", "| a | b |", `| a \| b | c |`, "|---|---|", "=1+1", "năm 2026",
	})
	rapid.Check(t, func(t *rapid.T) {
		outline := bind(strings.Join(rapid.SliceOfN(line, 0, 12).Draw(t, "lines"), "\n"))
		if diff := cmp.Diff(outline, bind(outlineText(outline))); diff != "" {
			t.Fatalf("typed as\n%s\n%s", outlineText(outline), diff)
		}
	})
}

func TestALongOutlineIsCutAtALineAndSaysSo(t *testing.T) {
	text := shorten(strings.Repeat("Một dòng của văn bản dài.\n", 2000))
	if len([]rune(text)) > maxInCell || !strings.Contains(text, "dài.\n[… phần còn lại") {
		t.Error(len([]rune(text)), text[len(text)-200:])
	}
}

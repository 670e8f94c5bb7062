package source

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"testing"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/model"
)

// taskBook writes a workbook of five tables, the first with a number of tasks, the others with twelve rows.
func taskBook(t testing.TB, schema *model.Schema, tasks int) []byte {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	file := excelize.NewFile()
	must(file.SetSheetName("Sheet1", "Thông tin chung"))
	for i, row := range [][]any{{"Mục", "Giá trị"}, {"Loại văn bản", "Báo cáo quý"}, {"Trích yếu nội dung", "Kết quả quý II"}} {
		must(file.SetSheetRow("Thông tin chung", fmt.Sprintf("A%d", i+1), &row))
	}
	day, err := file.NewStyle(&excelize.Style{NumFmt: 14})
	must(err)
	for _, key := range []string{"nhiem_vu", "kien_nghi", "cu_tri", "giai_ngan", "lich_lam_viec"} {
		spec := schema.Table(key)
		_, err := file.NewSheet(spec.Label)
		must(err)
		rows := 12
		if key == "nhiem_vu" {
			rows = tasks
		}
		w, err := file.NewStreamWriter(spec.Label)
		must(err)
		must(w.SetRow("A1", []any{"BẢNG THEO DÕI " + spec.Label}))
		head := make([]any, len(spec.Fields))
		for i, column := range spec.Fields {
			head[i] = column.Label
		}
		must(w.SetRow("A3", head))
		for r := range rows {
			row := make([]any, len(spec.Fields))
			for i, column := range spec.Fields {
				switch {
				case column.Computed:
					row[i] = r + 1
				case column.Type == model.DateField:
					row[i] = excelize.Cell{StyleID: day, Value: 46000 + r%300}
				case column.Type == model.NumberField:
					row[i] = float64(r%1000) + 0.5
				case len(column.Choices) > 0:
					row[i] = column.Choices[r%len(column.Choices)]
				default:
					row[i] = fmt.Sprintf("%s: nội dung thứ %d của Hội đồng nhân dân xã", column.Label, r%500)
				}
			}
			must(w.SetRow(fmt.Sprintf("A%d", r+4), row))
		}
		must(w.Flush())
	}
	var out bytes.Buffer
	must(file.Write(&out))
	must(file.Close())
	reopened, err := excelize.OpenReader(&out) // shared strings, as Excel and LibreOffice write them, are told apart when it is saved
	must(err)
	out.Reset()
	must(reopened.Write(&out))
	must(reopened.Close()) // a large sheet lies in a temporary file until then
	return out.Bytes()
}

func readBook(t testing.TB, schema *model.Schema, data []byte, tasks int) model.Record {
	file, found := Open(Input{"theo-doi.xlsx", data})
	if len(found) > 0 {
		t.Fatal(found)
	}
	record, found := file.Record(schema)
	if rows := len(record.Root.Child("nhiem_vu").Value.Items); rows != tasks || len(found) > 0 {
		t.Fatalf("%d tasks\n%s", rows, found)
	}
	return record
}

// BenchmarkWorkbookSample reads the workbook of a quarter: 40 tasks, 12 recommendations, 15 petitions, 8 projects.
func BenchmarkWorkbookSample(b *testing.B) {
	schema := schemaOf(b, "bao-cao-quy")
	data := readFile(b, "samples/quy-2-2026/so-lieu.xlsx")
	b.ReportAllocs()
	for b.Loop() {
		file, _ := Open(Input{"so-lieu.xlsx", data})
		if record, _ := file.Record(schema); len(record.Root.Child("nhiem_vu").Value.Items) != 40 {
			b.Fatal(record.Root)
		}
	}
}

func BenchmarkWorkbook10000(b *testing.B) {
	schema := trackedSchema(b)
	data := taskBook(b, schema, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		readBook(b, schema, data, 10_000)
	}
}

// TestLargeWorkbookFitsInMemory reads ten thousand tasks of nineteen columns; a small machine reads several at once. Nothing of them stays
// in the temporary folder.
func TestLargeWorkbookFitsInMemory(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	schema := trackedSchema(t)
	data := taskBook(t, schema, 10_000)
	const maxBytes = 200 << 20
	before := allocated()
	record := readBook(t, schema, data, 10_000)
	if took := allocated() - before; took > maxBytes {
		t.Errorf("allocated %d MB, at most %d", took>>20, maxBytes>>20)
	}
	runtime.KeepAlive(record)
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}
}

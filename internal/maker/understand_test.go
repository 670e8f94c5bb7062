package maker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/officetest"
)

// dataFiles are the data files of all samples, with what goes beside them.
func dataFiles(t testing.TB) (requests []maker.Request) {
	t.Helper()
	for _, pattern := range []string{"*/du-lieu.yaml", "*/so-lieu.xlsx", "*/quy-1-2026.xlsx", "*/nam-2025.xlsx", "cuoi-nam-2026/*.xlsx"} {
		names, err := filepath.Glob(filepath.Join(officetest.Samples, pattern))
		if err != nil || len(names) == 0 {
			t.Fatalf("no samples %s: %v", pattern, err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			requests = append(requests, maker.Request{File: maker.File{Name: filepath.Base(name), Data: data}})
		}
	}
	return requests
}

// TestDataFileMakesTheSameDocument makes each sample and the starter and the workbook of each kind from its file and from the data file
// of it.
func TestDataFileMakesTheSameDocument(t *testing.T) {
	t.Parallel()
	a := officetest.Plain(t)
	requests := dataFiles(t)
	for _, kind := range a.Office.Kinds() {
		starter, _ := a.Office.Starter(kind.Slug)
		workbook, _, err := a.Office.Workbook(kind.Slug)
		if err != nil {
			t.Fatal(err)
		}
		requests = append(requests, maker.Request{File: maker.File{Name: kind.Slug + ".yaml", Data: starter}}, maker.Request{File: maker.File{Name: kind.Slug + ".xlsx", Data: workbook}})
	}
	for _, request := range requests {
		t.Run(request.Name, func(t *testing.T) {
			ctx := context.Background()
			want, found, err := a.Maker.Make(ctx, request)
			if err != nil || found.Blocking() {
				t.Fatalf("%v\n%s", err, found)
			}
			data, kind, found, err := a.Maker.DataFile(ctx, request)
			if err != nil || found.Blocking() || kind != want.Kind {
				t.Fatalf("a data file of %q, %v\n%s", kind, err, found)
			}
			if !json.Valid(data) {
				t.Fatalf("no JSON:\n%s", data)
			}
			got, found, err := a.Maker.Make(ctx, maker.Request{File: maker.File{Name: "soan-thao.json", Data: data}})
			if err != nil || found.Blocking() {
				t.Fatalf("%v\n%s", err, found)
			}
			if !bytes.Equal(got.DOCX, want.DOCX) {
				t.Errorf("another document comes of\n%s", data)
			}
		})
	}
}

// TestUnderstandSamples reads every sample: its kind and its tables are named.
func TestUnderstandSamples(t *testing.T) {
	a := officetest.Plain(t)
	for _, request := range dataFiles(t) {
		t.Run(request.Name, func(t *testing.T) {
			u, found, err := a.Maker.Understand(context.Background(), request)
			if err != nil || found.Blocking() {
				t.Fatalf("%v\n%s", err, found)
			}
			result, _, err := a.Maker.Make(context.Background(), request)
			if err != nil || u.Kind != result.Kind || len(u.Fields) == 0 || u.Format == "" {
				t.Errorf("%v: kind %q of %q, %d fields", err, u.Kind, u.Format, len(u.Fields))
			}
			for _, table := range u.Tables {
				if table.Rows == 0 && table.Key != "kinh_gui" || len(table.Missing) > 0 || len(table.Columns) == 0 {
					t.Errorf("%+v", table)
				}
			}
		})
	}
}

func TestUnderstand(t *testing.T) {
	a := officetest.Plain(t)
	workbook, _, err := a.Office.Workbook("bao-cao-quy")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name                 string
		file                 maker.File
		kind, format, likely string
		units                int
		codes                string
	}{
		{"a workbook", maker.File{Name: "a.xlsx", Data: workbook}, "bao-cao-quy", "Bảng tính Excel", "", 0, "sample-row sample-row sample-row sample-row"},
		{"a table alone", maker.File{Name: "a.csv", Data: []byte("Tên dự án;Chủ đầu tư;Kế hoạch vốn;Đã giải ngân\nĐường;UBND xã;100;20\n")}, "", "Bảng CSV", "bao-cao-6-thang bao-cao-9-thang bao-cao-nam bao-cao-quy bao-cao-thang", 0, "missing-field"},
		{"text that is no data", maker.File{Name: "a.json", Data: []byte("{")}, "", "Tệp dữ liệu JSON", "", 0, "bad-json"},
		{"a strange file", maker.File{Name: "a.bin", Data: []byte("x")}, "", "Tệp lạ", "", 0, "unknown-format"},
		{"an unknown kind", maker.File{Name: "a.yaml", Data: []byte("loai: bao-cao-quyy\n")}, "", "Tệp dữ liệu YAML", "", 0, "unknown-kind"},
		{"one cell", maker.File{Name: "a.csv", Data: []byte("x")}, "", "Bảng CSV", "", 0, "missing-field"},
	} {
		t.Run(c.name, func(t *testing.T) {
			u, found, err := a.Maker.Understand(context.Background(), maker.Request{File: c.file})
			if err != nil {
				t.Fatal(err)
			}
			if got := codesOf(found); u.Kind != c.kind || u.Format != c.format || strings.Join(u.Likely, " ") != c.likely || len(u.Units) != c.units || got != c.codes {
				t.Errorf("kind %q of %q, %v, %d units: %s\n%s", u.Kind, u.Format, u.Likely, len(u.Units), got, found)
			}
		})
	}
}

func codesOf(found diag.Findings) string {
	codes := make([]string, len(found))
	for i, f := range found {
		codes[i] = string(f.Code)
	}
	return strings.Join(codes, " ")
}

// TestUnderstandUnits tells of a workbook of many what they share, and of one of them what it says itself.
func TestUnderstandUnits(t *testing.T) {
	a := officetest.Plain(t)
	file := officetest.PlanList(t, []officetest.PlanRow{{"Xã An", "12", "20/12/2026", "Vệ sinh"}, {"Xã Bình", "13", "21/12/2026", "Trồng cây"}})
	for _, c := range []struct{ unit, codes, about string }{{"", "many-units", ""}, {"Xã Bình", "", "Trồng cây"}} {
		u, found, err := a.Maker.Understand(context.Background(), maker.Request{File: file, Unit: c.unit})
		if err != nil || found.Blocking() || codesOf(found) != c.codes {
			t.Fatalf("%v\n%s", err, found)
		}
		if u.Kind != "ke-hoach" || len(u.Units) != 2 || len(u.Tables) != 1 || u.Tables[0].Rows != 2 || len(u.Tables[0].Columns) != 4 {
			t.Errorf("%+v", u)
		}
		about := ""
		for _, field := range u.Fields {
			if field.Key == "trich_yeu" {
				about = field.Value
			}
		}
		if about != c.about {
			t.Errorf("unit %q is about %q", c.unit, about)
		}
	}
	data, kind, found, err := a.Maker.DataFile(context.Background(), maker.Request{File: file, Unit: "Xã Bình"})
	if err != nil || found.Blocking() || kind != "ke-hoach" {
		t.Fatalf("%v\n%s", err, found)
	}
	want, _, _ := a.Maker.Make(context.Background(), maker.Request{File: file, Unit: "Xã Bình"})
	got, found, err := a.Maker.Make(context.Background(), maker.Request{File: maker.File{Name: "a.json", Data: data}})
	if err != nil || !bytes.Equal(got.DOCX, want.DOCX) {
		t.Errorf("%v\n%s\n%s", err, found, data)
	}
}

// TestUnderstandTypedDocuments tells what was recognised in a Word file and in a text.
func TestUnderstandTypedDocuments(t *testing.T) {
	a := officetest.Plain(t)
	starter, _ := a.Office.Starter("ke-hoach")
	made, _, err := a.Maker.Make(context.Background(), maker.Request{File: maker.File{Name: "a.yaml", Data: starter}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, data, format, kind, codes string }{
		{"a.docx", string(made.DOCX), "Văn bản Word", "ke-hoach", ""},
		{"a.txt", "Hôm nay họp.", "Văn bản gõ sẵn", "", "missing-field"},
		{"a.txt", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\tUBND XÃ AN\nKính gửi:\tCác thôn\nHọp.\n", "Văn bản gõ sẵn", "cong-van", ""},
		{"a.txt", "Tên dự án\tChủ đầu tư\tKế hoạch vốn\nĐường\tUBND xã\t100\n", "Bảng CSV", "", "missing-field"},
	} {
		u, found, err := a.Maker.Understand(context.Background(), maker.Request{File: maker.File{Name: c.name, Data: []byte(c.data)}})
		if err != nil || u.Format != c.format || u.Kind != c.kind || c.kind == "ke-hoach" && codesOf(found) != "" || c.kind == "" && codesOf(found) != c.codes {
			t.Errorf("%v: %q is %q of %q\n%s", err, c.name, u.Kind, u.Format, found)
		}
		for _, f := range found {
			if f.Where.File != c.name || f.Where.Line > 0 && f.Code != diag.UnplacedText || f.Code == diag.NotRecognised && f.Where.Field == "ngay" {
				t.Errorf("the place is not in the document, or told twice: %s", f)
			}
		}
	}
}

// TestDataFileTakesFurtherTables makes the data file of a kind and a table beside it.
func TestDataFileTakesFurtherTables(t *testing.T) {
	table := maker.File{Name: "bang.csv", Data: []byte("Tên dự án;Chủ đầu tư;Kế hoạch vốn;Đã giải ngân\nĐường;UBND xã;100;20\n")}
	data, _, found, err := officetest.Plain(t).Maker.DataFile(context.Background(), maker.Request{File: maker.File{Name: "a.json", Data: []byte(`{"loai": "bao-cao-quy", "lạ": 1}`)}, Tables: []maker.File{table}})
	const want = `{
  "loai": "bao-cao-quy",
  "giai_ngan": [
    {
      "du_an": "Đường",
      "chu_dau_tu": "UBND xã",
      "ke_hoach": "100",
      "da_giai_ngan": "20"
    }
  ],
  "lạ": "1"
}
`
	if err != nil || string(data) != want || !strings.Contains(codesOf(found), "missing-field") {
		t.Errorf("%v\n%s\n%s", err, data, found)
	}
}

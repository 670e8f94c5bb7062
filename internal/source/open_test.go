package source

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"vanthu/internal/diag"
	"vanthu/internal/model"
)

func TestOpenSaysWhatIsWrongWithAFile(t *testing.T) {
	good := rawBook(t, false, rawSheet{"A", "a | b"})
	locked := encrypted(t)
	macros := withPart(t, good, "xl/vbaProject.bin", []byte("x"))
	bomb := withPart(t, good, "xl/media/a.bin", make([]byte, MaxUnzipped))
	crowded := rawParts(t, mostParts+1)
	var sheets []rawSheet
	for i := range mostSheets + 1 {
		sheets = append(sheets, rawSheet{fmt.Sprintf("S%d", i), "a"})
	}
	long := rawBook(t, false, rawSheet{"Nhiệm vụ", "a" + strings.Repeat("\n", mostRows) + "b"})
	wideSheet := rawBook(t, false, rawSheet{"A", strings.Repeat("|", mostColumns) + "x"})
	heavy := rawBook(t, false, rawSheet{"A", strings.Repeat(strings.Repeat("|", mostColumns-1)+"x\n", mostCells/mostColumns+1)})
	for _, c := range []struct {
		test, name  string
		data        []byte
		code, place string
	}{
		{"old Excel", "a.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)), "old-format", "a.xls"},
		{"a password", "a.xlsx", locked, "encrypted-file", "a.xlsx"},
		{"macros", "a.xlsm", macros, "macros", "a.xlsm"},
		{"macros under another name", `C:\tai lieu\a.xlsx`, macros, "macros", "a.xlsx"},
		{"OpenDocument", "a.ods", withPart(t, good, "mimetype", []byte("x")), "old-format", "a.ods"},
		{"no workbook at all", "a.xlsx", []byte("<html><table></table></html>"), "damaged-file", "a.xlsx"},
		{"an empty file", "a.xlsx", nil, "damaged-file", "a.xlsx"},
		{"cut off", "a.xlsx", good[:len(good)/2], "damaged-file", "a.xlsx"},
		{"a package without a workbook", "a.xlsx", rawParts(t, 3), "damaged-file", "a.xlsx"},
		{"a sheet that is no XML", "a.xlsx", replacePart(t, good, "xl/worksheets/sheet1.xml", "<worksheet><c r=\"A1"), "damaged-file", "a.xlsx, trang tính “A”"},
		{"a DTD", "a.xlsx", replacePart(t, good, "xl/worksheets/sheet1.xml", "<!DOCTYPE a><worksheet/>"), "damaged-file", "a.xlsx, trang tính “A”"},
		{"a bomb", "a.xlsx", bomb, "file-too-large", "a.xlsx"},
		{"too large", "a.xlsx", make([]byte, MaxWorkbook+1), "file-too-large", "a.xlsx"},
		{"many parts", "a.xlsx", crowded, "too-many-entries", "a.xlsx"},
		{"many sheets", "a.xlsx", rawBook(t, false, sheets...), "too-many-sheets", "a.xlsx"},
		{"many rows", "a.xlsx", long, "too-many-rows", "a.xlsx, trang tính “Nhiệm vụ”, ô A20001"},
		{"many columns", "a.xlsx", wideSheet, "too-many-columns", "a.xlsx, trang tính “A”, ô GS1"},
		{"many cells", "a.xlsx", heavy, "too-many-cells", "a.xlsx, trang tính “A”"},
		{"many blank cells", "a.xlsx", replacePart(t, good, "xl/worksheets/sheet1.xml", "<worksheet><row>"+strings.Repeat("<c/>", mostBlanks)+"</row></worksheet>"),
			"too-many-cells", "a.xlsx, trang tính “A”"},
		{"much formatting", "a.xlsx", replacePart(t, good, "xl/styles.xml", "<styleSheet>"+strings.Repeat("<xf/>", mostMarkup/5)+"</styleSheet>"),
			"file-too-large", "a.xlsx"},
		{"many merged cells", "a.xlsx", merged(t), "too-many-merges", "a.xlsx, trang tính “A”"},
		{"CSV with nothing in it", "a.csv", []byte("  \n"), "empty-file", "a.csv"},
		{"CSV with many rows", "a.csv", []byte("a" + strings.Repeat("\n", mostRows) + "b"), "too-many-rows", "a.csv, ô A20001"},
		{"CSV with many columns", "a.csv", []byte(strings.Repeat(",", mostColumns) + "b"), "too-many-rows", "a.csv, ô GS1"},
		{"CSV in an older font", "a.csv", []byte("K\xd5 ho\xb9ch;gi\xb8m s\xb8t"), "not-unicode", "a.csv"},
		{"another format", "a.pdf", []byte("%PDF"), "unknown-format", "a.pdf"},
		{"YAML", "a.yaml", []byte("a: b: c"), "bad-yaml", "a.yaml, dòng 1"},
	} {
		t.Run(c.test, func(t *testing.T) {
			file, found, err := Open(Input{c.name, c.data})
			if err != nil || file != nil || len(found) != 1 || found[0].Code != c.code || found[0].Where.String() != c.place {
				t.Fatalf("file %v, error %v, %s\n%s", file, err, codes(found), found)
			}
			if found[0].Severity != diag.Error || found[0].Hint == "" {
				t.Errorf("%s", found)
			}
		})
	}
}

// encrypted is a workbook with a password, as Excel writes it.
func encrypted(t *testing.T) []byte {
	file := excelize.NewFile()
	var out bytes.Buffer
	if err := file.Write(&out, excelize.Options{Password: "x"}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func rawParts(t *testing.T, n int) []byte {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for i := range n {
		if _, err := archive.Create(fmt.Sprintf("xl/%d.xml", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func withPart(t testing.TB, data []byte, name string, content []byte) []byte {
	return rewrite(t, data, func(parts map[string][]byte) { parts[name] = content })
}

func replacePart(t testing.TB, data []byte, name, content string) []byte {
	return withPart(t, data, name, []byte(content))
}

func rewrite(t testing.TB, data []byte, change func(parts map[string][]byte)) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var content bytes.Buffer
		if _, err := content.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = content.Bytes()
	}
	change(parts)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, content := range parts {
		part, err := w.Create(name)
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// merged has the same thousand rows merged again and again.
func merged(t *testing.T) []byte {
	data := rawBook(t, false, rawSheet{"A", strings.Repeat("a | b\n", 1000)})
	return rewrite(t, data, func(parts map[string][]byte) {
		const name = "xl/worksheets/sheet1.xml"
		one := `<mergeCell ref="A1:GR1000"/>`
		parts[name] = bytes.Replace(parts[name], []byte("</mergeCells>"), []byte(strings.Repeat(one, 2000)+"</mergeCells>"), 1)
	})
}

func TestCSVIsReadInAnyEncodingAndWithAnySeparator(t *testing.T) {
	const text = "Nội dung nhiệm vụ;Cơ quan chủ trì;Thời hạn\nGiám sát, khảo sát;Ban Kinh tế;30/6/2026\n"
	windows := "N\xf4\xf2i dung nhi\xea\xf2m vu\xf2;C\xf5 quan chu\xd2 tri\xcc;Th\xf5\xcci ha\xf2n\nGia\xecm sa\xect, kha\xd2o sa\xect;Ban Kinh t\xea\xec;30/6/2026\n"
	const want = "@A1\nnhiem_vu: @A1\n  - @A2\n    noi_dung: \"Giám sát, khảo sát\" @A2\n    chu_tri: \"Ban Kinh tế\" @B2\n    thoi_han: \"30/6/2026\" @C2\n"
	schema := trackedSchema(t)
	for test, data := range map[string]string{
		"UTF-8":                      text,
		"UTF-8 with a mark":          "\ufeff" + text,
		"UTF-16":                     utf16Text(text, true, binary.LittleEndian),
		"UTF-16, the other way":      utf16Text(text, true, binary.BigEndian),
		"UTF-16 without a mark":      utf16Text(text, false, binary.LittleEndian),
		"decomposed":                 decompose(text),
		"windows-1258":               windows,
		"lines end with CR LF":       strings.ReplaceAll(text, "\n", "\r\n"),
		"lines end with CR":          strings.ReplaceAll(text, "\n", "\r"),
		"tabs":                       strings.ReplaceAll(text, ";", "\t"),
		"commas and quotes":          strings.ReplaceAll(strings.ReplaceAll(text, "Giám sát, khảo sát", `"Giám sát, khảo sát"`), ";", ","),
		"quotes around all":          `"` + strings.ReplaceAll(strings.ReplaceAll(strings.TrimSpace(text), ";", `";"`), "\n", "\"\n\"") + `"`,
		"separator in so many words": "sep=;\n" + text,
	} {
		t.Run(test, func(t *testing.T) {
			file, found, err := Open(Input{"a.csv", []byte(data)})
			if err != nil || len(found) > 0 {
				t.Fatal(err, found)
			}
			record, found := file.Record(schema)
			got := cells(record.Root, "")
			if strings.HasPrefix(data, "sep=") { // all one row lower
				got = strings.NewReplacer("A2", "A1", "A3", "A2", "B3", "B2", "C3", "C2").Replace(got)
			}
			if diff := cmp.Diff(want, got); diff != "" || len(found) > 0 {
				t.Errorf("%s (-want +got)\n%s", found, diff)
			}
		})
	}
}

// TestFormulasThatReachTooFarAreLeft asks for values that no machine should work out for a clerk.
func TestFormulasThatReachTooFarAreLeft(t *testing.T) {
	schema := trackedSchema(t)
	const head = "Nội dung nhiệm vụ | Cơ quan chủ trì | Thời hạn | Tiến độ (%)\nMột | Ban | d:46203 | f:"
	chain := head + "D3\n"
	for row := 3; row < 5000; row++ {
		chain += fmt.Sprintf(" | | | f:D%d+1\n", row+1)
	}
	for test, rows := range map[string]string{
		"a whole sheet":        head + "SUM(A1:XFC1048575)",
		"through another cell": head + "E2 | f:SUM(F1:GR20000)+SUM(F1:GR20000)",
		"a column":             head + "SUM(E:E)",
		"the time":             head + "NOW()-TODAY()",
		"text without end":     head + `REPT("x",1E9)`,
		"cells by their names": head + `INDIRECT("A1")`,
		"a name of the book":   head + "NgayChot+1",
		"a long chain":         chain,
		"something unheard of": head + `WEBSERVICE("http://x")`,
		"another book":         head + "[1]A!B2",
		"parentheses in depth": head + strings.Repeat("(", 400) + "1" + strings.Repeat(")", 400),
		"a function not plain": head + "_xlfn.LAMBDA(x,x)(1)",
	} {
		t.Run(test, func(t *testing.T) {
			file, found, err := Open(Input{"a.xlsx", rawBook(t, false, rawSheet{"Nhiệm vụ", rows})})
			if err != nil || len(found) > 0 {
				t.Fatal(err, found)
			}
			began := time.Now()
			_, found = file.Record(schema)
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("took %v", took)
			}
			if !strings.HasPrefix(codes(found), "formula-without-value") || found[0].Where.Cell != "D2" {
				t.Errorf("%s\n%s", codes(found), found)
			}
		})
	}
	t.Run("a circle ends", func(t *testing.T) {
		file, _, _ := Open(Input{"a.xlsx", rawBook(t, false, rawSheet{"Nhiệm vụ", head + "D2+1"})})
		file.Record(schema)
	})
}

// TestCorpus reads real workbooks: none holds a list of the report, and each says so.
func TestCorpus(t *testing.T) {
	const folder = "../../../shared/corpus/xlsx/"
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the corpus is not here")
	}
	schema := trackedSchema(t)
	for name, want := range map[string]string{
		"kh_thanh_toan_mau.xlsx":              "unknown-sheet",
		"mau_nhap_tap_the_khen_thuong.xlsx":   "unknown-sheet",
		"theo_doi_giai_ngan_dak_lak_pl3.xlsx": "unknown-sheet",
		"theo_doi_giai_ngan_dak_lak_pl3.csv":  "unknown-sheet",
	} {
		data, err := os.ReadFile(folder + name)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			file, found, err := Open(Input{name, data})
			if err != nil || len(found) > 0 {
				t.Fatal(err, found)
			}
			if record, found := file.Record(schema); codes(found) != want || len(record.Root.Fields) > 0 {
				t.Errorf("%s\n%s", found, cells(record.Root, ""))
			}
		})
	}
	for _, name := range []string{"theo_doi_giai_ngan_dak_lak_pl3.xlsx", "theo_doi_giai_ngan_dak_lak_pl3.csv"} {
		t.Run("with a schema of its own, "+name, func(t *testing.T) {
			data, err := os.ReadFile(folder + name)
			if err != nil {
				t.Fatal(err)
			}
			file, _, _ := Open(Input{"du-lieu.yaml", []byte("loai: x\n")}, Input{name, data})
			record, found := file.Record(projects)
			doc, more := model.Bind(projects, record, nil)
			if found.Blocking() || more.Blocking() {
				t.Fatal(found, more)
			}
			items := doc.Values["du_an"].(model.Items)
			first := items[0].(model.Values)
			if len(items) != 21 || first["ten"] != model.Text("Dự án Xây dựng mạng WAN tỉnh Đắk Lắk") || fmt.Sprint(first["tong_muc"]) != "96898" {
				t.Errorf("%d projects, the first %v", len(items), first)
			}
		})
	}
}

// projects is the schema of a table of the corpus.
var projects = &model.Schema{Kind: "x", Name: "X", Fields: []model.FieldSpec{
	{Key: "loai", Label: "Loại"},
	{Key: "du_an", Label: "Dự án", Type: model.ListField, Fields: []model.FieldSpec{
		{Key: "stt", Label: "STT", Computed: true, Type: model.NumberField},
		{Key: "ten", Label: "Tên dự án", Required: true},
		{Key: "tong_muc", Label: "Tổng mức đầu tư", Type: model.NumberField, Required: true},
		{Key: "chu_dau_tu", Label: "Chủ đầu tư", Required: true},
		{Key: "thoi_gian", Label: "Thời gian thực hiện"},
		{Key: "giai_ngan", Label: "Giải ngân", Type: model.NumberField},
	}},
}}

// TestBindNamesTheCell follows findings of the binder back to the cell that a clerk must mend.
func TestBindNamesTheCell(t *testing.T) {
	schema := trackedSchema(t)
	data := rawBook(t, false,
		rawSheet{"Thông tin chung", "Mục | Giá trị\nLoại văn bản | Báo cáo quý\nĐịa danh | \nNgày ban hành | 30/02/2026\nNgày chốt số liệu | mai\nNơi nhận | "},
		rawSheet{"Nhiệm vụ", "Nội dung nhiệm vụ | Cơ quan chủ trì | Thời hạn | Tiến độ (%)\nMột | | 6/30/26 | nhiều"})
	file, found, err := Open(Input{"nhap.xlsx", data})
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	record, found := file.Record(schema)
	_, more := model.Bind(schema, record, nil)
	told := append(found, more...).String()
	for _, want := range []string{
		"trang tính “Thông tin chung”, ô B3, mục dia_danh: “Địa danh” (dia_danh) để trống\n  → ghi vào ô này, ví dụ: Vĩnh Am",
		"trang tính “Thông tin chung”, ô B4, mục ngay: “Ngày ban hành”: ngày 30/02/2026 không có trong lịch",
		"trang tính “Thông tin chung”, ô B5, mục ngay_chot",
		"trang tính “Thông tin chung”, ô B6, mục noi_nhan: “Nơi nhận” (noi_nhan) để trống\n  → ghi vào ô này, mỗi mục một dòng",
		"trang tính “Thông tin chung”, mục trich_yeu: thiếu “Trích yếu nội dung” (trich_yeu)\n  → thêm dòng “Trích yếu nội dung”",
		"trang tính “Nhiệm vụ”, ô B2, mục nhiem_vu[1].chu_tri: “Cơ quan chủ trì” (chu_tri) để trống",
		"trang tính “Nhiệm vụ”, ô C2, mục nhiem_vu[1].thoi_han",
		"trang tính “Nhiệm vụ”, ô D2, mục nhiem_vu[1].tien_do",
	} {
		if !strings.Contains(told, want) {
			t.Errorf("no %q in\n%s", want, told)
		}
	}
	for _, yaml := range []string{"thụt vào", "viết “", "viết một dòng", ": |"} {
		if strings.Contains(told, yaml) {
			t.Errorf("a clerk with a workbook is told to %q in\n%s", yaml, told)
		}
	}
}

// TestProfileFillsBlankEntries leaves to the profile of the office what a form has a place for but does not fill in.
func TestProfileFillsBlankEntries(t *testing.T) {
	schema := trackedSchema(t)
	data := rawBook(t, false, rawSheet{"Thông tin chung", "Mục | Giá trị\nLoại văn bản | Báo cáo quý\nĐịa danh | \nCơ quan ban hành: Tên cơ quan | "})
	profile, _, _ := Read("don-vi.yaml", []byte("dia_danh: Vĩnh Am\nco_quan: {ten: HĐND, ky_hieu: HĐND}\n"))
	file, _, _ := Open(Input{"nhap.xlsx", data})
	record, _ := file.Record(schema)
	doc, _ := model.Bind(schema, record, &profile)
	if doc.Values["dia_danh"] != model.Text("Vĩnh Am") || doc.Values["co_quan"] == nil {
		t.Errorf("%v %v", doc.Values["dia_danh"], doc.Values["co_quan"])
	}
}

// FuzzOpen gives workbooks and CSV files that may be anything.
func FuzzOpen(f *testing.F) {
	schema := trackedSchema(f)
	f.Add(rawBook(f, false, rawSheet{"Nhiệm vụ", "Nội dung nhiệm vụ | Cơ quan chủ trì | Thời hạn\nMột | ^ | d:46203"}), []byte(nil), false)
	f.Add([]byte(nil), []byte(`<worksheet><sheetData><row r="1"><c r="A1" t="s"><f>A2</f><v>0</v></c></row></sheetData></worksheet>`), false)
	f.Add([]byte(nil), []byte(`<x:worksheet><x:row><x:c t='inlineStr'><x:is><x:t>&#x110;_x000D_</x:t></x:is></x:c></x:row><mergeCell ref="A1:XFD9"/>`), false)
	f.Add([]byte("Mục;Giá trị\nLoại văn bản;\"Báo cáo\n"), []byte(nil), true)
	base := rawBook(f, false, rawSheet{"Nhiệm vụ", "a"})
	f.Fuzz(func(t *testing.T, data, sheet []byte, isCSV bool) {
		name := map[bool]string{true: "a.csv", false: "a.xlsx"}[isCSV]
		if len(sheet) > 0 { // the archive is not what is tried
			data = replacePart(t, base, "xl/worksheets/sheet1.xml", string(sheet))
		}
		file, found, err := Open(Input{name, data})
		if err != nil || file == nil && !found.Blocking() {
			t.Fatal(err, found)
		}
		if file == nil {
			return
		}
		record, found := file.Record(schema)
		check(t, record.Root, 1, 0)
		_, more := model.Bind(schema, record, nil)
		found.Add(more...)
		found = append(found, diag.Finding{Severity: diag.Error, Where: diag.Place{Cell: "A1"}, Message: "x"})
		if _, err := Mark(data, found); err != nil {
			t.Log(err)
		}
	})
}

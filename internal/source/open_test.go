package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/testenv"
	"vanthu/internal/xlsx"
)

func TestOpenSaysWhatIsWrongWithAFile(t *testing.T) {
	good := rawBook(t, false, rawSheet{"A", "a | b"})
	locked := encrypted(t)
	macros := withPart(t, good, "xl/vbaProject.bin", []byte("x"))
	bomb := withPart(t, good, "xl/media/a.bin", make([]byte, MaxUnzipped))
	crowded := rawParts(t, maxParts+1)
	var sheets []rawSheet
	for i := range xlsx.MaxSheets + 1 {
		sheets = append(sheets, rawSheet{fmt.Sprintf("S%d", i), "a"})
	}
	long := rawBook(t, false, rawSheet{"Nhiệm vụ", "a" + strings.Repeat("\n", maxRows) + "b"})
	wideSheet := rawBook(t, false, rawSheet{"A", strings.Repeat("|", maxColumns) + "x"})
	heavy := rawBook(t, false, rawSheet{"A", strings.Repeat(strings.Repeat("|", maxColumns-1)+"x\n", maxCells/maxColumns+1)})
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
		{"an empty file", "a.xlsx", nil, "empty-file", "a.xlsx"},
		{"a PDF", "a.xlsx", []byte("%PDF-1.7\n"), "not-a-workbook", "a.xlsx"},
		{"a Word file", "a.xlsx", withPart(t, rawParts(t, 3), "word/document.xml", []byte("x")), "not-a-workbook", "a.xlsx"},
		{"a Word file under its own name", "a.docx", withPart(t, rawParts(t, 3), "word/document.xml", []byte("x")), "not-a-workbook", "a.docx"},
		{"an old Word file", "a.xlsx", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + string(wide("WordDocument"))), "not-a-workbook", "a.xlsx"},
		{"cut off", "a.xlsx", good[:len(good)/2], "damaged-file", "a.xlsx"},
		{"a package without a workbook", "a.xlsx", rawParts(t, 3), "damaged-file", "a.xlsx"},
		{"a sheet that is no XML", "a.xlsx", replacePart(t, good, "xl/worksheets/sheet1.xml", "<worksheet><c r=\"A1"), "damaged-file", "a.xlsx, trang tính “A”"},
		{"a cell that ends before it begins", "a.xlsx", replacePart(t, good, "xl/worksheets/sheet1.xml", "<worksheet><v>1</v></c></worksheet>"), "damaged-file", "a.xlsx, trang tính “A”"},
		{"a DTD", "a.xlsx", replacePart(t, good, "xl/worksheets/sheet1.xml", "<!DOCTYPE a><worksheet/>"), "damaged-file", "a.xlsx, trang tính “A”"},
		{"a bomb", "a.xlsx", bomb, "file-too-large", "a.xlsx"},
		{"too large", "a.xlsx", make([]byte, MaxWorkbook+1), "file-too-large", "a.xlsx"},
		{"many parts", "a.xlsx", crowded, "too-many-entries", "a.xlsx"},
		{"many sheets", "a.xlsx", rawBook(t, false, sheets...), "too-many-sheets", "a.xlsx"},
		{"many rows", "a.xlsx", long, "too-many-rows", "a.xlsx, trang tính “Nhiệm vụ”, ô A20001"},
		{"many columns", "a.xlsx", wideSheet, "too-many-columns", "a.xlsx, trang tính “A”, ô GS1"},
		{"many cells", "a.xlsx", heavy, "too-many-cells", "a.xlsx, trang tính “A”"},
		{
			"many blank cells", "a.xlsx", replacePart(t, good, "xl/worksheets/sheet1.xml", "<worksheet><row>"+strings.Repeat("<c/>", xlsx.MaxElements)+"</row></worksheet>"),
			"too-many-cells", "a.xlsx, trang tính “A”",
		},
		{
			"much formatting", "a.xlsx", replacePart(t, good, "xl/styles.xml", "<styleSheet>"+strings.Repeat("<xf/>", maxMarkup/5)+"</styleSheet>"),
			"file-too-large", "a.xlsx",
		},
		{"many merged cells", "a.xlsx", merged(t), "too-many-merges", "a.xlsx, trang tính “A”"},
		{"cells merged far to the right", "a.xlsx", mergedOnTheRight(t), "too-many-cells", "a.xlsx, trang tính “A”"},
		{"a long text in many cells", "a.xlsx", repeated(t), "too-many-cells", "a.xlsx, trang tính “A”"},
		{"more in a part than it declares", "a.xlsx", understated(t), "damaged-file", "a.xlsx, trang tính “A”"},
		{"CSV with nothing in it", "a.csv", []byte("  \n"), "empty-file", "a.csv"},
		{"CSV with many rows", "a.csv", []byte("a" + strings.Repeat("\n", maxRows) + "b"), "too-many-rows", "a.csv, ô A20001"},
		{"CSV with many columns", "a.csv", []byte(strings.Repeat(",", maxColumns) + "b"), "too-many-rows", "a.csv, ô GS1"},
		{"CSV in an older font", "a.csv", []byte("K\xd5 ho\xb9ch;gi\xb8m s\xb8t"), "not-unicode", "a.csv"},
		{"another format", "a.pdf", []byte("%PDF"), "unknown-format", "a.pdf"},
		{"YAML", "a.yaml", []byte("a: b: c"), "bad-yaml", "a.yaml, dòng 1"},
	} {
		t.Run(c.test, func(t *testing.T) {
			file, found := Open(Input{c.name, c.data})
			if file != nil || len(found) != 1 || string(found[0].Code) != c.code || found[0].Where.String() != c.place {
				t.Fatalf("file %v, %s\n%s", file, codes(found), found)
			}
			if found[0].Severity != diag.Error || found[0].Hint == "" {
				t.Errorf("%s", found)
			}
		})
	}
}

// TestKindSaysWhereItIsMissing names the cell left blank, else the sheet of the form, else the first one.
func TestKindSaysWhereItIsMissing(t *testing.T) {
	for want, input := range map[string]Input{
		"a.xlsx, trang tính “Trang 1”":               {"a.xlsx", rawBook(t, false, rawSheet{"Trang 1", ""}, rawSheet{"Trang 2", "a | b"})},
		"a.xlsx, trang tính “Thông tin chung”":       {"a.xlsx", rawBook(t, false, rawSheet{"A", "a | b"}, rawSheet{"Thông tin chung", "Số | 1"})},
		"a.xlsx, trang tính “Thông tin chung”, ô B1": {"a.xlsx", rawBook(t, false, rawSheet{"Thông tin chung", "Loại văn bản | \nSố | 1"})},
		"a.csv, ô A1, mục loai":                      {"a.csv", []byte("STT;Nội dung\n1;Họp\n")},
		"a.yaml, mục loai":                           {"a.yaml", []byte("so: 1\n")},
	} {
		t.Run(want, func(t *testing.T) {
			file, found := Open(input)
			if len(found) > 0 {
				t.Fatal(found)
			}
			if kind := file.Kind(); kind.Shape != model.Missing || kind.Place.String() != want {
				t.Errorf("%+v", kind)
			}
		})
	}
}

// TestOpenFindsPartsByTheirRelations reads workbooks whose parts have other names than those that Excel gives them.
func TestOpenFindsPartsByTheirRelations(t *testing.T) {
	good := rawBook(t, false, rawSheet{"A", "a | d:46203"})
	for test, change := range map[string]func(parts map[string][]byte){
		"another name": func(parts map[string][]byte) {
			parts["xl/so.xml"], parts["xl/_rels/so.xml.rels"] = parts["xl/workbook.xml"], parts["xl/_rels/workbook.xml.rels"]
			delete(parts, "xl/workbook.xml")
			parts["_rels/.rels"] = bytes.Replace(parts["_rels/.rels"], []byte("xl/workbook.xml"), []byte("/xl/so.xml"), 1)
		},
		"capitals and a path that goes up": func(parts map[string][]byte) {
			parts["XL/Worksheets/SHEET1.xml"] = parts["xl/worksheets/sheet1.xml"]
			delete(parts, "xl/worksheets/sheet1.xml")
			const rels = "xl/_rels/workbook.xml.rels"
			parts[rels] = bytes.Replace(parts[rels], []byte("worksheets/sheet1"), []byte("../../xl/worksheets/sheet1"), 1)
		},
		"UTF-16": func(parts map[string][]byte) {
			text := strings.Replace(string(parts["xl/worksheets/sheet1.xml"]), "UTF-8", "UTF-16", 1)
			parts["xl/worksheets/sheet1.xml"] = []byte(utf16Text(text, true, binary.BigEndian))
		},
	} {
		t.Run(test, func(t *testing.T) {
			file, found := Open(Input{"a.xlsx", rewrite(t, good, change)})
			if len(found) > 0 {
				t.Fatal(found)
			}
			if row := file.sheets[0].rows[0]; row.at(0).text != "a" || row.at(1).format != xlsx.Date {
				t.Errorf("%+v", row)
			}
		})
	}
}

// disbursement is a table as a province keeps it: a title, a unit, two rows of headings with merged cells, their numbers, a total, sections.
const disbursement = `PHỤ LỤC 3|<|<|<|<|<
TÌNH HÌNH THỰC HIỆN VÀ GIẢI NGÂN CÁC DỰ ÁN|<|<|<|<|<
||||(Đơn vị tính: triệu đồng)|<
STT|Tên dự án|Tổng mức đầu tư|Chủ đầu tư|Thực hiện|<
^|^|^|^|Thời gian thực hiện|Giải ngân
(1)|(2)|(3)|(4)|(5)|(6)
|TỔNG CỘNG|n:97898||| n:620.5
I|Chuyển tiếp||||
1|Dự án Xây dựng mạng WAN|n:96898|Sở Thông tin|2019 - 2022|n:500.5
2|Dự án Số hóa hồ sơ|n:1000|Văn phòng|2021|n:120`

// TestTablesOfOthers reads a table that other people drew: it lacks columns of the report's list, which is said and nothing is read; with a schema of its own
// its rows are read.
func TestTablesOfOthers(t *testing.T) {
	table := Input{"theo-doi.xlsx", rawBook(t, false, rawSheet{"PL3", disbursement})}
	file, found := Open(table)
	if len(found) > 0 {
		t.Fatal(found)
	}
	if record, found := file.Record(trackedSchema(t)); !strings.HasPrefix(codes(found), "missing-column") || len(record.Root.Fields) > 0 {
		t.Errorf("%s\n%s", found, cells(record.Root, ""))
	}
	file, _ = Open(Input{"du-lieu.yaml", []byte("loai: x\n")}, table)
	record, found := file.Record(projects)
	doc, more := model.Bind(projects, record, nil)
	if found.Blocking() || more.Blocking() {
		t.Fatal(found, more)
	}
	items := doc.Values.Items("du_an")
	if len(items) != 2 {
		t.Fatalf("%d projects\n%s", len(items), cells(record.Root, ""))
	}
	first := items[0].(model.Values)
	if first.Text("ten") != "Dự án Xây dựng mạng WAN" || fmt.Sprint(first["tong_muc"]) != "96898" || fmt.Sprint(first["giai_ngan"]) != "500.5" {
		t.Errorf("the first is %v", first)
	}
}

// TestCorpus reads real workbooks: none holds a list of the report, and each says so.
func TestCorpus(t *testing.T) {
	folder := testenv.Shared(t, "corpus/xlsx")
	schema := trackedSchema(t)
	for name, want := range map[string]string{
		"kh_thanh_toan_mau.xlsx":              "unknown-sheet",
		"mau_nhap_tap_the_khen_thuong.xlsx":   "unknown-sheet",
		"theo_doi_giai_ngan_dak_lak_pl3.xlsx": "unknown-sheet",
		"theo_doi_giai_ngan_dak_lak_pl3.csv":  "unknown-sheet",
	} {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			file, found := Open(Input{name, data})
			if len(found) > 0 {
				t.Fatal(found)
			}
			if record, found := file.Record(schema); codes(found) != want || len(record.Root.Fields) > 0 {
				t.Errorf("%s\n%s", found, cells(record.Root, ""))
			}
		})
	}
	for _, name := range []string{"theo_doi_giai_ngan_dak_lak_pl3.xlsx", "theo_doi_giai_ngan_dak_lak_pl3.csv"} {
		t.Run("with a schema of its own, "+name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			file, _ := Open(Input{"du-lieu.yaml", []byte("loai: x\n")}, Input{name, data})
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
	file, found := Open(Input{"nhap.xlsx", data})
	if len(found) > 0 {
		t.Fatal(found)
	}
	record, found := file.Record(schema)
	_, more := model.Bind(schema, record, nil)
	told := append(found, more...).String()
	for _, want := range []string{
		"trang tính “Thông tin chung”, ô B3: “Địa danh” để trống\n  → ghi vào ô này, ví dụ: Vĩnh Am",
		"trang tính “Thông tin chung”, ô B4: “Ngày ban hành”: ngày 30/02/2026 không có trong lịch",
		"trang tính “Thông tin chung”, ô B5",
		"trang tính “Thông tin chung”, ô B6: “Nơi nhận” để trống\n  → ghi vào ô này, mỗi mục một dòng",
		"trang tính “Thông tin chung”: thiếu “Trích yếu nội dung”\n  → thêm dòng “Trích yếu nội dung”",
		"trang tính “Nhiệm vụ”, ô B2: “Cơ quan chủ trì” để trống",
		"trang tính “Nhiệm vụ”, ô C2",
		"trang tính “Nhiệm vụ”, ô D2",
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

// TestABadCellIsToldOnce: what cannot be read is not said to be blank as well.
func TestABadCellIsToldOnce(t *testing.T) {
	schema := trackedSchema(t)
	data := rawBook(t, false, rawSheet{"Nhiệm vụ", "Nội dung nhiệm vụ | Cơ quan chủ trì | Thời hạn\nf:TODAY() | e:#N/A | d:46203"})
	file, _ := Open(Input{"a.xlsx", data})
	record, found := file.Record(schema)
	_, more := model.Bind(schema, record, nil)
	found.Add(more...)
	for _, cell := range []string{"A2", "B2"} {
		if told := strings.Count(found.String(), "ô "+cell+":"); told != 1 {
			t.Errorf("%s is told %d times in\n%s", cell, told, found)
		}
	}
}

// TestProfileFillsBlankEntries leaves to the profile of the office what a form has a place for but does not fill in.
func TestProfileFillsBlankEntries(t *testing.T) {
	schema := trackedSchema(t)
	data := rawBook(t, false, rawSheet{"Thông tin chung", "Mục | Giá trị\nLoại văn bản | Báo cáo quý\nĐịa danh | \nCơ quan ban hành: Tên cơ quan | "})
	profile, _ := ReadText("don-vi.yaml", []byte("dia_danh: Vĩnh Am\nco_quan: {ten: HĐND, ky_hieu: HĐND}\n"))
	file, _ := Open(Input{"nhap.xlsx", data})
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
	f.Add([]byte(nil), []byte(`<v>1</v></c><row><c><v>2</v></c></row>`), false)
	f.Add([]byte("Mục;Giá trị\nLoại văn bản;\"Báo cáo\n"), []byte(nil), true)
	base := rawBook(f, false, rawSheet{"Nhiệm vụ", "a"})
	f.Fuzz(func(t *testing.T, data, sheet []byte, isCSV bool) {
		name := map[bool]string{true: "a.csv", false: "a.xlsx"}[isCSV]
		if len(sheet) > 0 { // the archive is not what is tried
			data = replacePart(t, base, "xl/worksheets/sheet1.xml", string(sheet))
		}
		file, found := Open(Input{name, data})
		if file == nil && !found.Blocking() {
			t.Fatal(found)
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

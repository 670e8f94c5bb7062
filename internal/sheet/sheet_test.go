package sheet

import (
	"archive/zip"
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/tools/txtar"

	"vanthu/internal/model"
)

var update = flag.Bool("update", false, "rewrite testdata")

func open(t testing.TB, data []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// TestLargeWorkbooksStayInMemory writes a sheet of more than 16 MB, which the library would stream to a temporary file.
func TestLargeWorkbooksStayInMemory(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	data := must(t)(Progress(quarterly(t, 15_000, 12, 15, 8)))
	parts, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	largest := uint64(0)
	for _, part := range parts.File {
		largest = max(largest, part.UncompressedSize64)
	}
	if largest < 16<<20 {
		t.Errorf("the largest part has %d bytes", largest)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}
}

// eachCell visits the cells of a sheet that hold something.
func eachCell(t testing.TB, f *excelize.File, sheet string, visit func(at, formula, value string)) {
	t.Helper()
	rows, err := f.Rows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	for row := 1; rows.Next(); row++ {
		values, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for column, value := range values {
			at := cell(column, row)
			formula, err := f.GetCellFormula(sheet, at)
			if err != nil {
				t.Fatal(err)
			}
			if value != "" || formula != "" {
				visit(at, formula, value)
			}
		}
	}
}

// dump writes a workbook as text: names, sheets, cells with their formulas, merged cells.
func dump(t testing.TB, data []byte) string {
	f := open(t, data)
	var b strings.Builder
	for _, name := range f.GetDefinedName() {
		fmt.Fprintf(&b, "%s (%s) = %s\n", name.Name, name.Scope, name.RefersTo)
	}
	for _, sheet := range f.GetSheetList() {
		visible, _ := f.GetSheetVisible(sheet)
		panes, _ := f.GetPanes(sheet)
		fmt.Fprintf(&b, "\n== %s, visible %v, frozen %d columns %d rows\n", sheet, visible, panes.XSplit, panes.YSplit)
		eachCell(t, f, sheet, func(at, formula, value string) {
			if formula != "" {
				value = "=" + formula + " → " + value
			}
			fmt.Fprintf(&b, "%s %s\n", at, strings.ReplaceAll(value, "\n", "⏎"))
		})
		merged, _ := f.GetMergeCells(sheet)
		for _, m := range merged {
			b.WriteString(m[0] + " ")
		}
		validations, _ := f.GetDataValidations(sheet)
		for _, v := range validations {
			fmt.Fprintf(&b, "\n%s takes %s %s %s", v.Sqref, v.Type, v.Formula1, v.Formula2)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// leaflet is a kind with each sort of field once.
func leaflet(t testing.TB) *model.Schema {
	return schemaOf(t, `
ten: Phiếu theo dõi
viet_tat: PTD
nhom: Thử
bo: [co_quan, dia_danh, can_cu, noi_dung, phu_luc, noi_nhan, ky, don_vi_soan, do_mat, do_khan, luu_hanh, nguoi_soan, dia_chi]
dung: [ky_bao_cao, ngay_chot, nguong_giai_ngan]
truong:
  - {khoa: than, nhan: Thân, kieu: noi_dung, vi_du: "I. MỤC\n- Gạch", bat_buoc: true}
  - khoa: nguoi
    nhan: Người theo dõi
    kieu: nhom
    truong:
      - {khoa: ten, nhan: Họ và tên, vi_du: "\"An: trưởng nhóm\"", bat_buoc: true}
      - {khoa: viec, nhan: Việc, kieu: danh_sach, vi_du: "- Một\n- \"Hai: ba\""}
  - {khoa: gui, nhan: Nơi gửi, kieu: danh_sach, vi_du: "- Văn phòng\n- \"Lưu: VT\""}
  - khoa: giai_ngan
    nhan: Giải ngân
    giai_thich: Mỗi dòng một dự án.
    kieu: danh_sach
    truong:
      - {khoa: stt, nhan: STT, kieu: so, tinh: true}
      - {khoa: du_an, nhan: Dự án, bat_buoc: true, vi_du: Đường thôn 2, giai_thich: Ghi đúng tên trong quyết định.}
      - {khoa: loai, nhan: Loại, lua_chon: [Mới, "Cũ, chuyển tiếp"], vi_du: Mới}
      - {khoa: ke_hoach, nhan: Kế hoạch, tieu_de_chung: Vốn, kieu: so, don_vi_tinh: triệu đồng, bat_buoc: true, vi_du: 1.250}
      - {khoa: da_giai_ngan, nhan: Đã giải ngân, tieu_de_chung: Vốn, kieu: so, don_vi_tinh: triệu đồng, vi_du: "612,5"}
      - {khoa: ty_le, nhan: Tỷ lệ (%), kieu: so, tinh: true, don_vi_tinh: "%"}
      - {khoa: cham, nhan: Chậm, tinh: true}
`)
}

func TestWorkbooks(t *testing.T) {
	got := []txtar.File{
		{Name: "input", Data: []byte(dump(t, must(t)(Input(leaflet(t), nil))))},
		{Name: "progress", Data: []byte(dump(t, must(t)(Progress(quarterly(t, 2, 2, 2, 2)))))},
	}
	const name = "testdata/workbooks.txtar"
	if *update {
		if err := os.WriteFile(name, txtar.Format(&txtar.Archive{Files: got}), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range archive.Files {
		if diff := cmp.Diff(string(want.Data), string(got[i].Data)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", want.Name, diff)
		}
	}
}

func TestSameDocumentSameBytes(t *testing.T) {
	doc := quarterly(t, 12, 5, 5, 3)
	if !bytes.Equal(must(t)(Progress(doc)), must(t)(Progress(doc))) {
		t.Error("two progress workbooks differ")
	}
	if !bytes.Equal(must(t)(Input(doc.Schema, nil)), must(t)(Input(doc.Schema, nil))) {
		t.Error("two input workbooks differ")
	}
}

// parts are the files in a workbook.
func parts(t testing.TB, data []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, entry := range archive.File {
		if entry.ModifiedDate != 0 || entry.ModifiedTime != 0 {
			t.Errorf("%s has a time: %v", entry.Name, entry.Modified)
		}
		r, err := entry.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[entry.Name] = string(content)
	}
	return files
}

func TestWorkbookIsDatedByItsDocument(t *testing.T) {
	core := parts(t, must(t)(Progress(quarterly(t, 1, 1, 1, 1))))["docProps/core.xml"]
	if strings.Count(core, ">2026-06-28T00:00:00Z<") != 2 {
		t.Error(core)
	}
}

func TestTextIsNeverAFormula(t *testing.T) {
	bad := []string{`=HYPERLINK("http://x.vn";"a")`, "+1+1", "-1", "@SUM(A1)", "=1+1", "\t=1", "01", "1/2", " =A1"}
	doc := quarterly(t, len(bad), 1, 1, 1)
	for i, text := range bad {
		row := doc.Values["nhiem_vu"].(model.Items)[i].(model.Values)
		row["noi_dung"], row["chu_tri"], row["ghi_chu"], row["linh_vuc"] = model.Text(text), model.Text(text), model.Text(text), model.Text(text)
	}
	doc.Values["trich_yeu"] = model.Text(bad[0])
	doc.Values["noi_nhan"] = model.Items{model.Text(bad[0])}
	doc.Values["so"] = model.Text("01")
	for name, data := range map[string][]byte{"progress": must(t)(Progress(doc)), "input": must(t)(Input(doc.Schema, doc.Values))} {
		f := open(t, data)
		seen := map[string]int{}
		for _, sheet := range f.GetSheetList() {
			eachCell(t, f, sheet, func(at, formula, value string) {
				for _, text := range bad {
					if value != text {
						continue
					}
					seen[text]++
					kind, err := f.GetCellType(sheet, at)
					if short := strings.Contains(formula, "LEN("); err != nil || kind != excelize.CellTypeInlineString && !short {
						t.Errorf("%s: %s!%s holds %q as type %v (%v)", name, sheet, at, text, kind, err)
					}
					if strings.Contains(formula, text) && len(text) > 4 {
						t.Errorf("%s: %s!%s calculates %q", name, sheet, at, formula)
					}
				}
			})
		}
		for _, text := range bad {
			if seen[text] < 3 {
				t.Errorf("%s holds %q %d times", name, text, seen[text])
			}
		}
	}
}

func TestSheetName(t *testing.T) {
	for _, c := range []struct {
		title, want string
		taken       []string
	}{
		{"Nhiệm vụ", "Nhiệm vụ", nil},
		{"Thu/chi: [quý] 'I'?*\\", "Thuchi quý I", nil},
		{strings.Repeat("ă", 40), strings.Repeat("ă", 31), nil},
		{"Nhiệm vụ", "Nhiệm vụ (2)", []string{"NHIỆM VỤ"}},
		{strings.Repeat("x", 40), strings.Repeat("x", 27) + " (2)", []string{strings.Repeat("x", 31)}},
		{"???", "Bảng", nil},
	} {
		if got := sheetName(c.title, c.taken); got != c.want {
			t.Errorf("%q is %q, want %q", c.title, got, c.want)
		}
	}
}

func TestChoicesThatDoNotFitADropDownStandOnAHiddenSheet(t *testing.T) {
	f := open(t, must(t)(Input(report(t), nil)))
	if visible, _ := f.GetSheetVisible("Danh mục"); visible {
		t.Error("the sheet shows")
	}
	validations, err := f.GetDataValidations("Kiến nghị cử tri")
	if err != nil {
		t.Fatal(err)
	}
	lists := map[string]bool{}
	for _, v := range validations {
		if v.Type == "list" {
			lists[v.Formula1] = true
		}
	}
	if want := map[string]bool{"'Danh mục'!$A$1:$A$4": true, `"Trung ương,Thành phố,Xã"`: true}; !cmp.Equal(lists, want) {
		t.Errorf("%v", lists)
	}
}

func TestNothingIsWrittenBelowTheRowsOfAnInputSheet(t *testing.T) {
	for name, xml := range parts(t, must(t)(Input(report(t), nil))) {
		if strings.HasPrefix(name, "xl/worksheets/sheet") && strings.Count(xml, "<row ") > 40 {
			t.Errorf("%s has %d rows", name, strings.Count(xml, "<row "))
		}
	}
}

func TestTablesWithoutExamplesHaveNoSampleRow(t *testing.T) {
	schema := schemaOf(t, `
ten: Thử
viet_tat: T
nhom: Thử
truong:
  - khoa: viec
    nhan: Việc
    kieu: danh_sach
    truong:
      - {khoa: ten, nhan: Tên việc, bat_buoc: true}
      - {khoa: ai, nhan: Ai làm, vi_du: Văn phòng}
`)
	f := open(t, must(t)(Input(schema, nil)))
	rows, err := f.GetRows("Việc")
	if err != nil || len(rows) != 3 {
		t.Errorf("%q %v", rows, err)
	}
}

func TestSheetsPrintAcrossA4(t *testing.T) {
	data := must(t)(Progress(quarterly(t, 3, 3, 3, 3)))
	f := open(t, data)
	for name, xml := range parts(t, data) {
		if strings.HasPrefix(name, "xl/worksheets/sheet") &&
			!regexp.MustCompile(`<pageSetup [^>]*orientation="landscape" paperSize="9"`).MatchString(xml) {
			t.Errorf("%s is not printed across A4", name)
		}
	}
	titles := map[string]bool{}
	for _, name := range f.GetDefinedName() {
		if name.Name == "_xlnm.Print_Titles" {
			titles[name.Scope] = true
		}
	}
	for _, sheet := range []string{"Thông tin chung", "Nhiệm vụ", "Kiến nghị sau giám sát", "Kiến nghị cử tri", "Giải ngân"} {
		if !titles[sheet] {
			t.Errorf("%s does not repeat its header", sheet)
		}
	}
}

// TestChartsCoverNoCells reads where charts stand and looks for rows with cells below them.
func TestChartsCoverNoCells(t *testing.T) {
	data := must(t)(Progress(quarterly(t, 40, 12, 15, 8)))
	f := open(t, data)
	rows, err := f.GetRows(summarySheet)
	if err != nil {
		t.Fatal(err)
	}
	anchors := regexp.MustCompile(`<xdr:from>.*?<xdr:row>(\d+)<.*?<xdr:to><xdr:col>(\d+)<.*?<xdr:row>(\d+)<`).
		FindAllStringSubmatch(parts(t, data)["xl/drawings/drawing1.xml"], -1)
	if len(anchors) != 3 {
		t.Fatalf("%d charts", len(anchors))
	}
	for _, a := range anchors {
		var from, column, to int
		fmt.Sscan(a[1], &from)
		fmt.Sscan(a[2], &column)
		fmt.Sscan(a[3], &to)
		if column > lastColumn {
			t.Errorf("a chart reaches column %d", column)
		}
		for row := from; row <= to && row < len(rows); row++ {
			if strings.Join(rows[row], "") != "" {
				t.Errorf("a chart from row %d to %d covers %q", from+1, to+1, rows[row])
			}
		}
	}
}

func TestAKindWithoutTablesHasNoSummary(t *testing.T) {
	schema := schemaOf(t, "ten: Kế hoạch\nviet_tat: KH\nnhom: Kế hoạch\ndung: [lich_lam_viec]\n")
	doc := model.Document{Schema: schema, Values: model.Values{"loai": model.Text("ke-hoach")}}
	f := open(t, must(t)(Progress(doc)))
	if want := []string{"Thông tin chung", "Căn cứ", "Phụ lục", "Nơi nhận", "Lịch làm việc"}; !cmp.Equal(f.GetSheetList(), want) {
		t.Error(f.GetSheetList())
	}
}

func TestFiguresStandAsOfTheDayOfAPaperWithoutAClosingDate(t *testing.T) {
	schema := schemaOf(t, "ten: Kế hoạch\nviet_tat: KH\nnhom: Kế hoạch\ndung: [lo_trinh]\n")
	doc := model.Document{Schema: schema, Values: model.Values{"ngay": model.Date{Date: closing}, "lo_trinh": roadmapRows(2)}}
	f := open(t, must(t)(Progress(doc)))
	for _, name := range f.GetDefinedName() {
		if name.Name != closingName {
			continue
		}
		at := strings.ReplaceAll(strings.TrimPrefix(name.RefersTo, "'Thông tin chung'!"), "$", "")
		if value, err := f.GetCellValue(generalSheet, at); err != nil || value != "25/06/2026" {
			t.Errorf("%s holds %q, %v", name.RefersTo, value, err)
		}
		return
	}
	t.Error("nothing has the name")
}

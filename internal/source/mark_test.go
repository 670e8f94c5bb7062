package source

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"vanthu/internal/diag"
)

func openMarked(t *testing.T, data []byte) *excelize.File {
	t.Helper()
	file, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

func fillOf(t *testing.T, file *excelize.File, sheet, cell string) string {
	t.Helper()
	id, err := file.GetCellStyle(sheet, cell)
	if err != nil {
		t.Fatal(err)
	}
	fill := file.Styles.CellXfs.Xf[id].FillID
	if fill == nil || file.Styles.Fills.Fill[*fill].PatternFill == nil {
		return ""
	}
	return strings.TrimPrefix(file.Styles.Fills.Fill[*fill].PatternFill.FgColor.RGB, "FF")
}

func notesOf(t *testing.T, file *excelize.File, sheet string) map[string]string {
	t.Helper()
	comments, err := file.GetComments(sheet)
	if err != nil {
		t.Fatal(err)
	}
	notes := map[string]string{}
	for _, c := range comments {
		notes[c.Cell] = c.Text
		for _, run := range c.Paragraph {
			notes[c.Cell] += run.Text
		}
	}
	return notes
}

func TestMarkColoursAndAnnotates(t *testing.T) {
	data := rawBook(t, false, rawSheet{"Một", "a | d:46203\nb | c"}, rawSheet{"Hai", "x"})
	finding := func(severity diag.Severity, sheet, cell, message, hint string) diag.Finding {
		return diag.Finding{Severity: severity, Where: diag.Place{Sheet: sheet, Cell: cell}, Message: message, Hint: hint}
	}
	marked, err := Mark(data, diag.Findings{
		finding(diag.Warning, "Một", "B1", "hạn lạ", "xem lại"),
		finding(diag.Error, "Một", "B1", "ngày sai", "sửa ngày"),
		finding(diag.Warning, "Hai", "D9", "ô trống", ""),
		finding(diag.Info, "Một", "A1", "nên biết", ""),
		finding(diag.Error, "Ba", "A1", "trang tính không có", ""),
		finding(diag.Error, "Một", "", "không có ô", ""),
	})
	if err != nil {
		t.Fatal(err)
	}
	file := openMarked(t, marked)
	for cell, want := range map[string]string{"B1": errorColour, "A1": "", "A2": "", "B2": ""} {
		if got := fillOf(t, file, "Một", cell); got != want {
			t.Errorf("%s is filled %q, want %q", cell, got, want)
		}
	}
	if got := fillOf(t, file, "Hai", "D9"); got != warningColour {
		t.Errorf("D9 is filled %q", got)
	}
	want := map[string]string{"B1": "Cảnh báo: hạn lạ\n→ xem lại\n\nLỗi: ngày sai\n→ sửa ngày"}
	if diff := cmp.Diff(want, notesOf(t, file, "Một")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if id, _ := file.GetCellStyle("Một", "B1"); *file.Styles.CellXfs.Xf[id].NumFmtID != 14 {
		t.Error("the format of the day in B1 was lost")
	}
}

func TestMarkGivesTheSameBytes(t *testing.T) {
	data := rawBook(t, false, rawSheet{"A", "a | b"}, rawSheet{"B", "c"})
	found := diag.Findings{
		{Severity: diag.Error, Where: diag.Place{Sheet: "B", Cell: "A1"}, Message: "sai"},
		{Severity: diag.Warning, Where: diag.Place{Sheet: "A", Cell: "B1"}, Message: "lạ"},
	}
	first, err := Mark(data, found)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if again, err := Mark(data, found); err != nil || !bytes.Equal(first, again) {
			t.Fatal("other bytes", err)
		}
	}
}

func TestMarkKeepsNotesThatWereThere(t *testing.T) {
	file := openMarked(t, rawBook(t, false, rawSheet{"A", "a | b"}))
	for cell, text := range map[string]string{"A1": "Hỏi lại anh Nam", "B1": "Đã duyệt"} {
		if err := file.AddComment("A", excelize.Comment{Cell: cell, Author: "Nam", Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := file.Write(&out); err != nil {
		t.Fatal(err)
	}
	marked, err := Mark(out.Bytes(), diag.Findings{{Severity: diag.Error, Where: diag.Place{Sheet: "A", Cell: "A1"}, Message: "sai"}})
	if err != nil {
		t.Fatal(err)
	}
	notes := notesOf(t, openMarked(t, marked), "A")
	if len(notes) != 2 || !strings.HasPrefix(notes["A1"], "Hỏi lại anh Nam") || !strings.HasSuffix(notes["A1"], "Lỗi: sai") {
		t.Errorf("%q", notes)
	}
}

func TestMarkTurnsCSVIntoAWorkbook(t *testing.T) {
	marked, err := Mark([]byte("Nội dung;Hạn\n=1+1;mai\n"), diag.Findings{{Severity: diag.Error, Where: diag.Place{Cell: "B2"}, Message: "sai"}})
	if err != nil {
		t.Fatal(err)
	}
	file := openMarked(t, marked)
	sheet := file.GetSheetName(0)
	rows, err := file.GetRows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"Nội dung", "Hạn"}, {"=1+1", "mai"}}, rows); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if formula, _ := file.GetCellFormula(sheet, "A2"); formula != "" || fillOf(t, file, sheet, "B2") != errorColour {
		t.Errorf("formula %q, fill %q", formula, fillOf(t, file, sheet, "B2"))
	}
}

func TestMarkManagesWithoutTheNameOfAFont(t *testing.T) {
	data := rewrite(t, rawBook(t, false, rawSheet{"A", "a"}), func(parts map[string][]byte) {
		parts["xl/styles.xml"] = bytes.Replace(parts["xl/styles.xml"], []byte(`<name val="Arial"/>`), nil, 1)
	})
	if _, err := Mark(data, diag.Findings{{Severity: diag.Error, Where: diag.Place{Sheet: "A", Cell: "A1"}, Message: "sai"}}); err != nil {
		t.Error(err)
	}
}

func TestMarkRefusesWhatIsNoWorkbook(t *testing.T) {
	for test, data := range map[string][]byte{"damaged": []byte("PK\x03\x04xx"), "nothing": nil} {
		t.Run(test, func(t *testing.T) {
			if marked, err := Mark(data, nil); err == nil || marked != nil {
				t.Errorf("%d bytes, error %v", len(marked), err)
			}
		})
	}
}

func TestMarkSaysThatAWorkbookIsTooLarge(t *testing.T) {
	sheet := "<worksheet>" + strings.Repeat(" ", maxMarked) + "</worksheet>"
	data := replacePart(t, rawBook(t, false, rawSheet{"A", "a"}), "xl/worksheets/sheet1.xml", sheet)
	marked, err := Mark(data, diag.Findings{{Severity: diag.Error, Where: diag.Place{Cell: "A1"}}})
	if marked != nil || !errors.Is(err, ErrTooLarge) {
		t.Errorf("%d bytes, %v", len(marked), err)
	}
}

// TestMarkMendsColoursOfTabs: what this program wrote before comes back as a workbook that Excel's schema allows.
func TestMarkMendsColoursOfTabs(t *testing.T) {
	before, err := os.ReadFile("../../samples/quy-2-2026/so-lieu.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	name := openMarked(t, before).GetSheetName(0)
	marked, err := Mark(before, diag.Findings{{Severity: diag.Error, Message: "thiếu", Where: diag.Place{Sheet: name, Cell: "B2"}}})
	if err != nil {
		t.Fatal(err)
	}
	coloured := 0
	file := openMarked(t, marked)
	for _, sheet := range file.GetSheetList() {
		props, err := file.GetSheetProps(sheet)
		if err != nil || props.TabColorRGB == nil || *props.TabColorRGB == "" {
			continue
		}
		coloured++
		if len(*props.TabColorRGB) != len("FFA9D18E") {
			t.Errorf("%s: the tab is %s", sheet, *props.TabColorRGB)
		}
	}
	if coloured < 5 {
		t.Errorf("%d tabs have a colour", coloured)
	}
}

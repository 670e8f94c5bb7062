package maker_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/officetest"
	"vanthu/internal/testenv"
)

// reports are the samples that a workbook is read for, each with the period before.
var reports = []struct{ story, previous string }{
	{"quy-2-2026", "quy-1-2026.xlsx"},
	{"nam-2026", "nam-2025.xlsx"},
}

// TestSampleWorkbooks makes the report and the progress workbook of each sample and looks in both for every figure that its own count
// of the sample's tables comes to.
func TestSampleWorkbooks(t *testing.T) {
	a := officetest.Plain(t)
	for _, sample := range reports {
		t.Run(sample.story, func(t *testing.T) {
			file, previous := officetest.Sample(t, sample.story, "so-lieu.xlsx"), officetest.Sample(t, sample.story, sample.previous)
			result := officetest.Made(t, a, maker.Request{File: file, Previous: &previous, PDF: true, XLSX: true})
			c, before := countBook(t, file.Data), countBook(t, previous.Data)
			text := officetest.Words(t, result.DOCX)
			t.Run("report", func(t *testing.T) { c.checkReport(t, text, &before) })
			t.Run("annex", func(t *testing.T) { c.checkAnnex(t, text, &before) })
			t.Run("tables", func(t *testing.T) { c.checkTables(t, result.XLSX) })
			t.Run("summary", func(t *testing.T) { c.checkSummary(t, result.XLSX) })
			t.Run("same bytes", func(t *testing.T) {
				again := officetest.Made(t, officetest.Plain(t), maker.Request{File: file, Previous: &previous, PDF: true, XLSX: true})
				if !bytes.Equal(again.DOCX, result.DOCX) || !bytes.Equal(again.PDF, result.PDF) || !bytes.Equal(again.XLSX, result.XLSX) {
					t.Error("the same data gives other files")
				}
			})
			t.Run("alone", func(t *testing.T) {
				alone := officetest.Made(t, a, maker.Request{File: file, PDF: true})
				c.checkReport(t, officetest.Words(t, alone.DOCX), nil)
			})
		})
	}
}

// TestSampleHasWhatItShows keeps the quarter's sample as large and as varied as its README says.
func TestSampleHasWhatItShows(t *testing.T) {
	c := countBook(t, officetest.Sample(t, "quy-2-2026", "so-lieu.xlsx").Data)
	if got := [4]int{len(c.tasks), len(c.recommendations), len(c.petitions), len(c.projects)}; got != [4]int{40, 12, 15, 8} {
		t.Errorf("rows are %v", got)
	}
	for _, variety := range []struct {
		name      string
		got, want int
	}{
		{"states of tasks", len(names(c.tasks, func(r task) string { return r.state })), 4},
		{"quarters", len(names(c.tasks, func(r task) string { return quarterOf(r.due) })), 4},
		{"bodies", len(names(c.tasks, func(r task) string { return r.body })), 5},
		{"levels of recommendations", len(names(c.recommendations, func(r recommendation) string { return r.level })), 6},
		{"next steps, none among them", len(names(c.recommendations, func(r recommendation) string { return r.next })), 5},
		{"states of petitions", len(names(c.petitions, func(r petition) string { return r.state })), 3},
		{"classes of petitions", len(names(c.petitions, func(r petition) string { return r.class })), 4},
		{"authorities", len(names(c.petitions, func(r petition) string { return r.authority })), 3},
		{"slow projects", number(c.projects, func(r project) bool { return r.slow }), 4},
	} {
		if variety.got != variety.want {
			t.Errorf("%s: %d, want %d", variety.name, variety.got, variety.want)
		}
	}
}

// TestEditedProgressWorkbook edits a completion date in the progress workbook, as a clerk does, and reads the workbook back as data.
func TestEditedProgressWorkbook(t *testing.T) {
	a := officetest.Plain(t)
	file, previous := officetest.Sample(t, "quy-2-2026", "so-lieu.xlsx"), officetest.Sample(t, "quy-2-2026", "quy-1-2026.xlsx")
	result := officetest.Made(t, a, maker.Request{File: file, Previous: &previous, PDF: true, XLSX: true})
	edited := finish(t, result.XLSX)
	was, is := countBook(t, file.Data), countBook(t, edited)
	before := countBook(t, previous.Data)
	late, now := states(was.tasks), states(is.tasks)
	if now != [4]int{late[0] + 1, late[1], late[2], late[3] - 1} {
		t.Fatalf("states were %v, are %v", late, now)
	}
	again := officetest.Made(t, a, maker.Request{File: maker.File{Name: result.Name + maker.WorkbookEnding, Data: edited}, Previous: &previous, PDF: true, XLSX: true})
	text := officetest.Words(t, again.DOCX)
	is.checkReport(t, text, &before)
	is.checkAnnex(t, text, &before)
	is.checkTables(t, again.XLSX)
	is.checkSummary(t, again.XLSX)

	unchanged := officetest.Made(t, a, maker.Request{File: maker.File{Name: result.Name + maker.WorkbookEnding, Data: result.XLSX}, Previous: &previous, PDF: true, XLSX: true})
	if officetest.Words(t, unchanged.DOCX) != officetest.Words(t, result.DOCX) || !bytes.Equal(unchanged.PDF, result.PDF) {
		t.Error("the progress workbook as it is gives another report")
	}
}

// finish completes the first overdue task of a progress workbook on its last day.
func finish(t testing.TB, workbook []byte) []byte {
	t.Helper()
	book := openBook(t, workbook)
	rows := rawRows(t, book, "Nhiệm vụ")
	head := slices.IndexFunc(rows, func(row []string) bool { return slices.Contains(row, "Thời hạn hoàn thành") })
	column := func(name string) int { return slices.Index(rows[head], name) }
	for i, row := range rows[head:] {
		if state := column("Tình trạng"); state >= len(row) || row[state] != "Chưa hoàn thành quá hạn" {
			continue
		}
		for name, value := range map[string]float64{"Ngày hoàn thành": amountOf(t, row[column("Thời hạn hoàn thành")]), "Tiến độ (%)": 100} {
			cell, _ := excelize.CoordinatesToCellName(column(name)+1, head+i+1)
			if err := book.SetCellValue("Nhiệm vụ", cell, value); err != nil {
				t.Fatal(err)
			}
		}
		var b bytes.Buffer
		if err := book.Write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	t.Fatal("no task is overdue")
	return nil
}

// TestLibreOfficeRecalculates lets LibreOffice work the formulas out anew, after an edit that leaves the stored values behind.
func TestLibreOfficeRecalculates(t *testing.T) {
	t.Parallel()
	soffice := testenv.Tool(t, "soffice")
	a := officetest.Plain(t)
	for _, sample := range reports {
		t.Run(sample.story, func(t *testing.T) {
			result := officetest.Made(t, a, maker.Request{File: officetest.Sample(t, sample.story, "so-lieu.xlsx"), PDF: true, XLSX: true})
			edited := finish(t, result.XLSX)
			c := countBook(t, edited)
			recalculated := recalculate(t, soffice, edited)
			c.checkTables(t, recalculated)
			c.checkSummary(t, recalculated)
		})
	}
}

// recalculate opens a workbook in LibreOffice, which is told to trust no stored value, and saves it again.
func recalculate(t testing.TB, soffice string, workbook []byte) []byte {
	t.Helper()
	folder := t.TempDir()
	const settings = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>`
	profile := filepath.Join(folder, "profile", "user")
	if err := os.MkdirAll(profile, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(profile, "registrymodifications.xcu"), []byte(settings), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "a.xlsx"), workbook, 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	out := filepath.Join(folder, "out")
	command := exec.CommandContext(ctx, soffice, "-env:UserInstallation=file://"+filepath.Join(folder, "profile"),
		"--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", out, filepath.Join(folder, "a.xlsx"))
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	data, err := os.ReadFile(filepath.Join(out, "a.xlsx"))
	if err != nil {
		testenv.Lacks(t, "this LibreOffice has no spreadsheets: %v", err)
	}
	return data
}

// TestDoubtNamesItsCell gives a task a completion date without its progress: the warning names the cell, and the cell is coloured.
func TestDoubtNamesItsCell(t *testing.T) {
	file := officetest.Sample(t, "quy-2-2026", "so-lieu.xlsx")
	book := openBook(t, file.Data)
	if err := book.SetCellValue("Nhiệm vụ", "L4", 50); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	file.Data = b.Bytes()
	a := officetest.Plain(t)
	result, found, err := a.Maker.Make(t.Context(), maker.Request{File: file})
	if err != nil || len(result.DOCX) == 0 || len(found) != 1 {
		t.Fatalf("%v\n%s", err, found)
	}
	want := diag.Place{File: "so-lieu.xlsx", Sheet: "Nhiệm vụ", Cell: "L4", Field: "nhiem_vu[1].tien_do"}
	if found[0].Severity != diag.Warning || found[0].Where != want {
		t.Errorf("%s at %+v", found[0].Severity, found[0].Where)
	}
	marked, _, err := a.Maker.Mark(file, found)
	if err != nil || marked == nil || bytes.Equal(marked, file.Data) {
		t.Fatalf("nothing is marked: %v", err)
	}
	comments, err := openBook(t, marked).GetComments("Nhiệm vụ")
	if err != nil || !slices.ContainsFunc(comments, func(c excelize.Comment) bool { return c.Cell == "L4" }) {
		t.Errorf("%v, notes %v", err, comments)
	}
	found[0].Severity = diag.Info
	if marked, _, err := a.Maker.Mark(file, found); err != nil || marked != nil {
		t.Errorf("a remark colours a cell: %d bytes, %v", len(marked), err)
	}
}

// TestMarkSaysThatAWorkbookIsTooLarge gives a finding in place of the workbook.
func TestMarkSaysThatAWorkbookIsTooLarge(t *testing.T) {
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	part, err := archive.Create("xl/worksheets/sheet1.xml")
	if err == nil {
		_, err = part.Write(bytes.Repeat([]byte(" "), 20<<20))
	}
	if err := errors.Join(err, archive.Close()); err != nil {
		t.Fatal(err)
	}
	marked, found, err := officetest.Plain(t).Maker.Mark(maker.File{Name: "a.xlsx", Data: b.Bytes()}, diag.Findings{
		{Severity: diag.Error, Where: diag.Place{File: "a.xlsx", Sheet: "A", Cell: "A1"}},
	})
	if marked != nil || err != nil || len(found) != 1 || found[0].Code != diag.TooLargeToMark || !found.Blocking() {
		t.Errorf("%d bytes, %v\n%s", len(marked), err, found)
	}
}

// TestWorkbookWithoutKind tells a clerk of a sheet, not of the keys of a text file.
func TestWorkbookWithoutKind(t *testing.T) {
	book := excelize.NewFile()
	data, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	_, found, err := officetest.Plain(t).Maker.Make(t.Context(), maker.Request{File: maker.File{Name: "a.xlsx", Data: data.Bytes()}})
	if err != nil || len(found) != 1 || found[0].Where.Sheet != "Sheet1" || !strings.Contains(found[0].Hint, "trang tính “Thông tin chung”") ||
		strings.Contains(found.String(), "loai") {
		t.Errorf("%v\n%s", err, found)
	}
}

// TestSameNameBefore tells the workbooks of two periods apart, which often have one name.
func TestSameNameBefore(t *testing.T) {
	file, previous := officetest.Sample(t, "quy-2-2026", "so-lieu.xlsx"), officetest.Sample(t, "quy-2-2026", "quy-1-2026.xlsx")
	book := openBook(t, previous.Data)
	if err := book.SetCellValue("Nhiệm vụ", "J4", "31/6/2026"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	previous = maker.File{Name: "quy-1/so-lieu.xlsx", Data: b.Bytes()}
	_, found, err := officetest.Plain(t).Maker.Make(t.Context(), maker.Request{File: file, Previous: &previous})
	if err != nil || !found.Blocking() || found[0].Where.File != "kỳ trước - so-lieu.xlsx" || found[0].Where.Cell != "J4" {
		t.Errorf("%v\n%s", err, found)
	}
}

// wants looks for texts in the part of a text from one mark to another; no other mark is the end. Letter case, punctuation and zeros
// in front of a number are left out of it: a form may write “04/12” or “4/12”, and end a sentence or go on.
func wants(t testing.TB, text, from, to string, texts ...string) {
	t.Helper()
	_, part, ok := strings.Cut(text, from)
	if to != "" && ok {
		part, _, ok = strings.Cut(part, to)
	}
	if !ok {
		t.Errorf("no part from %q to %q", from, to)
		return
	}
	for _, want := range texts {
		if !strings.Contains(plain(part)+" ", plain(want)+" ") {
			t.Errorf("no %q in\n%s", want, part)
		}
	}
}

func plain(text string) string {
	text = punctuation.ReplaceAllString(strings.ToLower(text)+" ", " ")
	return strings.Join(strings.Fields(zeros.ReplaceAllString(text, "$1")), " ")
}

var (
	punctuation = regexp.MustCompile(`[.,;:]*[ ()]+`)
	zeros       = regexp.MustCompile(`\b0+(\d)`)
)

// change is how a figure went since the period before, as a sentence says it after a comma; nothing without one.
func change(now, then float64, noun string, before *count) string {
	switch d := tenth(now - then); {
	case before == nil:
		return ""
	case d > 0:
		return fmt.Sprintf(", tăng %s %s so với %s", viet(d), noun, before.period)
	case d < 0:
		return fmt.Sprintf(", giảm %s %s so với %s", viet(-d), noun, before.period)
	default:
		return ", bằng " + before.period
	}
}

func quarterOf(day time.Time) string {
	return "Quý " + [4]string{"I", "II", "III", "IV"}[(day.Month()-1)/3] + "/" + strconv.Itoa(day.Year())
}

package sheet

import (
	"archive/zip"
	"bytes"
	"context"
	"maps"
	"math"
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

	"vanthu/internal/model"
	"vanthu/internal/tally"
	"vanthu/internal/testenv"
	"vanthu/internal/vi"
)

// odd is a report whose rows stand on the edges of the rules, with names that mean something to the functions of a spreadsheet.
func odd(t testing.TB) model.Document {
	doc := quarterly(t, 6, 6, 6, 6)
	names := []model.Text{"Ban *", "Ban ?", "ban ?", ">5", "=A1", model.Text(strings.Repeat("Tổ công tác liên ngành ", 14) + "xã")}
	dates := []vi.Date{closing, day(2026, 6, 24), day(2026, 6, 26), closing, day(2025, 12, 31), day(2027, 1, 1)}
	done := []vi.Date{closing, closing, closing, day(2026, 6, 26), {}, {}}
	for i := range 6 {
		task := doc.Values["nhiem_vu"].(model.Items)[i].(model.Values)
		task["chu_tri"], task["linh_vuc"], task["thoi_han"] = names[i], names[i], model.Date{Date: dates[i]}
		petition := doc.Values["cu_tri"].(model.Items)[i].(model.Values)
		petition["linh_vuc"], petition["thoi_han"] = names[i], model.Date{Date: dates[i]}
		delete(task, "ngay_hoan_thanh")
		delete(petition, "ngay_tra_loi")
		if done[i] != (vi.Date{}) {
			task["ngay_hoan_thanh"], petition["ngay_tra_loi"] = model.Date{Date: done[i]}, model.Date{Date: done[i]}
		}
		recommendation := doc.Values["kien_nghi"].(model.Items)[i].(model.Values)
		recommendation["co_quan"], recommendation["thoi_han"], recommendation["buoc"] = names[i], model.Date{Date: dates[i]}, model.Count(i+2)
		project := doc.Values["giai_ngan"].(model.Items)[i].(model.Values)
		project["ke_hoach"] = amount([]string{"2000", "1600", "3", "0", "800", "0,001"}[i])
		project["da_giai_ngan"] = amount([]string{"7", "1", "1", "5", "400", "0,0005"}[i])
	}
	return tallied(t, doc)
}

// tallied returns a document the computed columns that package tally works out in place of its own.
func tallied(t testing.TB, doc model.Document) model.Document {
	t.Helper()
	for _, spec := range doc.Schema.Fields {
		items, _ := doc.Values[spec.Key].(model.Items)
		for _, item := range items {
			for _, column := range spec.Fields {
				if row, ok := item.(model.Values); ok && column.Computed && column.Key != "stt" {
					delete(row, column.Key)
				}
			}
		}
	}
	if found := tally.Add(&doc, nil); found.Blocking() {
		t.Fatal(found)
	}
	return doc
}

// TestComputedColumnsOfTheReport holds the columns that these tests work out by themselves against those of package tally.
func TestComputedColumnsOfTheReport(t *testing.T) {
	own, others := dump(t, must(t)(Progress(quarterly(t, 40, 12, 15, 8)))), dump(t, must(t)(Progress(tallied(t, quarterly(t, 40, 12, 15, 8)))))
	a, b := strings.Split(own, "\n"), strings.Split(others, "\n")
	for i := range a {
		if a[i] != b[i] {
			t.Errorf("here    %s\nin tally %s", a[i], b[i])
		}
	}
}

var excelizeRaw = excelize.Options{RawCellValue: true}

var cached = regexp.MustCompile(`(<c r="[A-Z]+\d+"(?: s="\d+")?)(?: t="str")?>(<f>[^<]*</f>)<v>[^<]*</v></c>`)

// forget takes the values out of all cells with formulas, so that a program has to calculate them.
func forget(t testing.TB, data []byte) []byte {
	files := parts(t, data)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	forgotten := 0
	for _, name := range slices.Sorted(maps.Keys(files)) {
		content := files[name]
		if strings.HasPrefix(name, "xl/worksheets/sheet") {
			forgotten += len(cached.FindAllString(content, -1))
			content = cached.ReplaceAllString(content, "$1>$2</c>")
		}
		part, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil || forgotten < 50 {
		t.Fatalf("%d values forgotten, %v", forgotten, err)
	}
	return out.Bytes()
}

// TestLibreOfficeComesToTheSameFigures has LibreOffice calculate every formula and compares with the values that were written.
func TestLibreOfficeComesToTheSameFigures(t *testing.T) {
	office := testenv.Tool(t, "soffice")
	folder := t.TempDir()
	out := filepath.Join(folder, "out")
	books := map[string][]byte{
		"quy.xlsx":  must(t)(Progress(quarterly(t, 40, 12, 15, 8))),
		"la.xlsx":   must(t)(Progress(odd(t))),
		"rong.xlsx": must(t)(Progress(quarterly(t, 0, 0, 0, 0))),
	}
	arguments := []string{"-env:UserInstallation=file://" + filepath.Join(folder, "profile"), "--headless", "--convert-to", "xlsx", "--outdir", out}
	for name, data := range books {
		path := filepath.Join(folder, name)
		if name != "rong.xlsx" {
			data = forget(t, data)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		arguments = append(arguments, path)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Second)
	defer cancel()
	if message, err := exec.CommandContext(ctx, office, arguments...).CombinedOutput(); err != nil {
		t.Fatalf("LibreOffice does not run: %v %s", err, message)
	}
	for name, written := range books {
		data, err := os.ReadFile(filepath.Join(out, name))
		if err != nil {
			t.Fatalf("LibreOffice gave no workbook: %v", err)
		}
		calculated := open(t, data)
		before := open(t, written)
		formulas := 0
		for _, sheet := range before.GetSheetList() {
			values := map[string]string{}
			eachCell(t, calculated, sheet, func(at, _, value string) { values[at] = value })
			eachCell(t, before, sheet, func(at, formula, value string) {
				if formula == "" {
					return
				}
				formulas++
				if got := values[at]; !same(got, value) {
					t.Errorf("%s %s!%s: LibreOffice comes to %q, written is %q\n=%s", name, sheet, at, got, value, formula)
				}
			})
		}
		t.Logf("%s: %d formulas", name, formulas)
	}
}

func same(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX == nil && errY == nil {
		return math.Abs(x-y) < 1e-9
	}
	return a == b
}

// TestSummaryCountsTheRows counts the rows of the report anew and looks for the totals on the summary.
func TestSummaryCountsTheRows(t *testing.T) {
	doc := quarterly(t, 40, 12, 15, 8)
	count := func(table, column string, states ...string) (n int) {
		for _, item := range doc.Values[table].(model.Items) {
			if text, _ := item.(model.Values)[column].(model.Text); slices.Contains(states, string(text)) {
				n++
			}
		}
		return n
	}
	totals := [][]int{}
	for _, block := range []struct {
		table, column string
		states        []string
		blocks        int
	}{
		{"nhiem_vu", "tinh_trang", []string{"Hoàn thành đúng hạn", "Hoàn thành quá hạn", "Chưa hoàn thành trong hạn", "Chưa hoàn thành quá hạn"}, 3},
		{"kien_nghi", "muc_do", []string{"Hoàn thành", "Hoàn thành một phần", "Chưa hoàn thành", "Quá hạn", "Không thực hiện", "Chưa đáp ứng yêu cầu"}, 1},
		{"cu_tri", "trang_thai", []string{"Đã trả lời", "Đang giải quyết", "Quá hạn trả lời"}, 2},
	} {
		var row []int
		for _, state := range block.states {
			row = append(row, count(block.table, block.column, state))
		}
		row = append(row, count(block.table, block.column, block.states...))
		for range block.blocks {
			totals = append(totals, row)
		}
	}
	f := open(t, must(t)(Progress(doc)))
	rows, err := f.GetRows(summarySheet, excelizeRaw)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, row := range rows {
		if len(row) == 0 || row[0] != "Tổng cộng" || found >= len(totals) {
			continue
		}
		for i, want := range totals[found] {
			if got := row[figureColumn+i]; got != strconv.Itoa(want) {
				t.Errorf("block %d, figure %d: %s, want %d", found+1, i+1, got, want)
			}
		}
		found++
	}
	if found != len(totals) {
		t.Errorf("%d blocks, want %d", found, len(totals))
	}
}

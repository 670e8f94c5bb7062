package model

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vanthu/internal/vi"

	"vanthu/internal/diag"
)

// report is a kind with the fields that reports and their tables are made of.
var report = &Schema{Kind: "bao-cao", Name: "Báo cáo", TypeName: "Báo cáo", Abbreviation: "BC", Fields: []FieldSpec{
	{Key: "ky_bao_cao", Label: "Kỳ báo cáo", Type: PeriodField},
	{Key: "nguong", Label: "Ngưỡng", Type: NumberField, Default: "50"},
	{Key: "danh_gia", Label: "Đánh giá", Choices: []string{"Hoàn thành", "Hoàn thành một phần", "Không thực hiện"}},
	{Key: "du_an", Label: "Dự án", Type: ListField, Fields: []FieldSpec{
		{Key: "stt", Label: "STT", Type: NumberField, Computed: true},
		{Key: "ten", Label: "Tên dự án", Required: true},
		{Key: "von", Label: "Vốn", Type: NumberField},
		{Key: "ty_le", Label: "Tỷ lệ", Type: NumberField, Computed: true},
		{Key: "kho", Label: "Khổ giấy", Choices: []string{"dọc", "ngang"}, Default: "dọc"},
	}},
	{Key: "phu_luc", Label: "Phụ lục", Type: ListField, Fields: []FieldSpec{
		{Key: "ten_phu_luc", Label: "Phụ lục số", Computed: true},
		{Key: "tieu_de", Label: "Tên phụ lục", Required: true},
	}},
}}

// rows returns a list of groups, each of alternate keys and texts.
func rows(groups ...[]string) Node {
	list := Node{Shape: List}
	for i, group := range groups {
		row := Node{Shape: Group}
		for k := 0; k+1 < len(group); k += 2 {
			row.Fields = append(row.Fields, Field{Key: group[k], Value: scalar(group[k+1], i+1)})
		}
		list.Items = append(list.Items, row)
	}
	return list
}

func TestNumbersPeriodsAndChoices(t *testing.T) {
	for _, c := range []struct{ key, typed, want, code string }{
		{"nguong", "1.234,5", "1234.5", ""},
		{"nguong", " 75 % ", "75", ""},
		{"nguong", "", "50", ""},
		{"nguong", "một nửa", "", "not-a-number"},
		{"ky_bao_cao", "Quý 2/2026", "quý II năm 2026", ""},
		{"ky_bao_cao", "6 thang dau nam 2026", "6 tháng đầu năm 2026", ""},
		{"ky_bao_cao", "quý V năm 2026", "", "not-a-period"},
		{"danh_gia", "hoan thanh MOT PHAN", `"Hoàn thành một phần"`, ""},
		{"danh_gia", "hoàn thành 1 phần", `"Hoàn thành một phần"`, ""},
		{"danh_gia", "Hoàn thnàh", "", "unknown-choice"},
		{"danh_gia", "", "", ""},
	} {
		t.Run(c.key+" "+c.typed, func(t *testing.T) {
			doc, found := Bind(report, record(Field{Key: c.key, Value: scalar(c.typed, 1)}), nil)
			_, got, _ := strings.Cut(doc.Dump(), c.key+": ")
			got, _, _ = strings.Cut(got, "\n")
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if (c.code == "") != (len(found) == 0) || len(found) > 0 && (string(found[0].Code) != c.code || found[0].Where.Line != 1) {
				t.Error(found)
			}
		})
	}
}

func TestUnknownChoiceSaysWhichWereToBeHad(t *testing.T) {
	_, found := Bind(report, record(Field{Key: "danh_gia", Value: scalar("Hoàn thnàh", 1)}), nil)
	const want = "có phải “Hoàn thành”? chọn một trong: Hoàn thành; Hoàn thành một phần; Không thực hiện"
	if len(found) != 1 || found[0].Hint != want {
		t.Error(found)
	}
}

func TestDefaultStandsWhereNothingIsTyped(t *testing.T) {
	doc, found := Bind(report, record(Field{Key: "du_an", Value: rows([]string{"ten", "A"}, []string{"ten", "B", "kho", "NGANG"})}), nil)
	table := doc.Values["du_an"].(Items)
	if doc.Values["nguong"] == nil || table[0].(Values)["kho"] != Text("dọc") || table[1].(Values)["kho"] != Text("ngang") || len(found) > 0 {
		t.Error(doc.Dump(), found)
	}
}

func TestRowsAreNumbered(t *testing.T) {
	doc, _ := Bind(report, record(Field{Key: "du_an", Value: rows([]string{"ten", "A"}, []string{"ten", "B"}, []string{"ten", "C"})}), nil)
	for i, row := range doc.Values["du_an"].(Items) {
		if n := row.(Values)["stt"].(Number); n.IntPart() != int64(i+1) {
			t.Errorf("row %d is numbered %s", i+1, n)
		}
	}
}

func TestComputedColumnsAreNotRead(t *testing.T) {
	doc, found := Bind(report, record(Field{Key: "du_an", Value: rows([]string{"ten", "A", "ty_le", "99", "stt", ""})}), nil)
	row := doc.Values["du_an"].(Items)[0].(Values)
	if _, there := row["ty_le"]; there {
		t.Error("the typed value counts")
	}
	if len(found) != 1 || found.Blocking() || found[0].Code != diag.ComputedField || found[0].Where.Line != 1 {
		t.Error(found)
	}
}

func TestAFaultyCellIsNamedByItsRowAndColumn(t *testing.T) {
	_, found := Bind(report, record(Field{Key: "du_an", Value: rows([]string{"ten", "A"}, []string{"ten", "B", "von", "1..5"}, []string{"von", "2"})}), nil)
	if len(found) != 2 || found[0].Where.Field != "du_an[2].von" || found[1].Where.Field != "du_an[3].ten" {
		t.Error(found)
	}
}

func TestAnnexesAreNumbered(t *testing.T) {
	names := func(n int) (list []string, told string) {
		groups := make([][]string, n)
		for i := range groups {
			groups[i] = []string{"tieu_de", fmt.Sprint(i)}
		}
		doc, found := Bind(report, record(Field{Key: "phu_luc", Value: rows(groups...)}), nil)
		for _, annex := range doc.Values["phu_luc"].(Items) {
			name, _ := annex.(Values)["ten_phu_luc"].(Text)
			list = append(list, string(name))
		}
		for _, f := range found {
			told += string(f.Code)
		}
		return list, told
	}
	if got, told := names(1); got[0] != "Phụ lục" || told != "" {
		t.Error(got, told)
	}
	if got, told := names(39); got[0] != "Phụ lục I" || got[3] != "Phụ lục IV" || got[38] != "Phụ lục XXXIX" || told != "" {
		t.Error(got, told)
	}
	if _, told := names(40); told != "many-annexes" {
		t.Error(told)
	}
}

func TestTableIsFoundByItsKey(t *testing.T) {
	if spec := report.Table("du_an"); spec == nil || spec.Label != "Dự án" {
		t.Error(spec)
	}
	for _, key := range []string{"nguong", "so_ky_hieu", "khong_co"} {
		if spec := report.Table(key); spec != nil {
			t.Errorf("%s is a table", key)
		}
	}
}

// TestEveryNumberIsReadAsItIsPrinted keeps what a document prints a data file for the next one.
func TestEveryNumberIsReadAsItIsPrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Count(rapid.Int().Draw(t, "n")).Shift(-rapid.Int32Range(0, 6).Draw(t, "places"))
		doc, found := Bind(report, record(Field{Key: "nguong", Value: scalar(vi.FormatNumber(want), 1)}), nil)
		if got, ok := doc.Values["nguong"].(Number); !ok || !got.Equal(want) || len(found) > 0 {
			t.Fatalf("%s is read as %v\n%s", want, doc.Values["nguong"], found)
		}
	})
}

func TestAReportIsAboutAPeriodOfItsLength(t *testing.T) {
	quarterly := &Schema{Kind: "bao-cao-quy", Name: "Báo cáo quý", Fields: []FieldSpec{
		{Key: "ky_bao_cao", Label: "Kỳ báo cáo", Type: PeriodField, Choices: []string{"quý"}},
	}}
	for typed, want := range map[string]string{"quý II năm 2026": "", "tháng 6 năm 2026": "wrong-period", "năm 2026": "wrong-period"} {
		_, found := Bind(quarterly, record(Field{Key: "ky_bao_cao", Value: scalar(typed, 1)}), nil)
		if want == "" && len(found) > 0 || want != "" && (len(found) != 1 || string(found[0].Code) != want || !found.Blocking()) {
			t.Errorf("%s: %s", typed, found)
		}
	}
}

func TestARowLeftAsInTheExampleIsToldOf(t *testing.T) {
	schema := &Schema{Kind: "x", Name: "X", Fields: []FieldSpec{{Key: "viec", Label: "Việc", Type: ListField, Fields: []FieldSpec{
		{Key: "ten", Label: "Tên", Example: "Số hóa hồ sơ"}, {Key: "noi", Label: "Nơi", Example: `"Thôn 1: Đông"`}, {Key: "so", Label: "Số", Type: NumberField, Example: "1"},
	}}}}
	_, found := Bind(schema, record(Field{Key: "viec", Value: rows(
		[]string{"ten", "Số hóa hồ sơ", "noi", "Thôn 2", "so", "1"}, []string{"ten", "Số hóa hồ sơ", "noi", "Thôn 1: Đông", "so", "7"})}), nil)
	if len(found) != 1 || found[0].Code != diag.SampleRow || found[0].Where.Field != "viec[2]" || found.Blocking() {
		t.Error(found)
	}
}

func TestADayIsAskedForWhereAPeriodIsWritten(t *testing.T) {
	schema := &Schema{Kind: "x", Name: "X", Fields: []FieldSpec{{Key: "han", Label: "Hạn", Type: DateField}}}
	for typed, want := range map[string]string{
		"tháng 6":             "ghi một ngày cụ thể, ví dụ ngày cuối kỳ 30/6/2026",
		"Tháng 2/2027":        "ghi một ngày cụ thể, ví dụ ngày cuối kỳ 28/02/2027",
		"06/2026":             "ghi một ngày cụ thể, ví dụ ngày cuối kỳ 30/6/2026",
		"Quý II/2026":         "ghi một ngày cụ thể, ví dụ ngày cuối kỳ 30/6/2026",
		"trong quý III":       "ghi một ngày cụ thể, ví dụ ngày cuối kỳ 30/9/2026",
		"Thường xuyên":        "ghi một ngày cụ thể, ví dụ ngày cuối kỳ 30/6/2026",
		"Trước 15/6/2026":     "ghi một ngày cụ thể, ví dụ 15/6/2026",
		"Trước ngày 15/6/26":  "ghi một ngày cụ thể, ví dụ 15/6/2026",
		"15/6":                "viết ngày, tháng, năm, ví dụ 27/3/2026",
		"15/6/2026 (dự kiến)": "viết ngày, tháng, năm, ví dụ 27/3/2026",
	} {
		t.Run(typed, func(t *testing.T) {
			_, found := Bind(schema, record(Field{Key: "han", Value: scalar(typed, 1)}), nil)
			if len(found) != 1 || found[0].Code != diag.NotADate || found[0].Hint != want {
				t.Errorf("%s", found)
			}
		})
	}
}

// TestWhatWasToldIsNotToldAgain leaves a cell with a fault at the one finding of whoever read it.
func TestWhatWasToldIsNotToldAgain(t *testing.T) {
	schema := &Schema{Kind: "x", Name: "X", Fields: []FieldSpec{{Key: "ten", Label: "Tên", Required: true, Default: "An"}}}
	doc, found := Bind(schema, record(Field{Key: "ten", Value: Node{Told: true}}), nil)
	if len(found) > 0 || doc.Values["ten"] != nil {
		t.Errorf("%v\n%s", doc.Values, found)
	}
}

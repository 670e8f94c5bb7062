package fill

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"golang.org/x/tools/txtar"

	"vanthu/internal/diag"
	"vanthu/internal/font"
	"vanthu/internal/model"
	"vanthu/internal/ooxml"
	"vanthu/internal/vi"
	"vanthu/internal/wml"
)

var update = flag.Bool("update", false, "rewrite testdata and the shared parts of the templates")

const templates = "../../templates"

// The language, case by case: a template, data, and the body that must come out or the findings.
func TestLanguage(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cases := map[string]map[string]string{}
		for _, f := range archive.Files {
			name, section, _ := strings.Cut(f.Name, "/")
			if cases[name] == nil {
				cases[name] = map[string]string{}
			}
			cases[name][section] = string(f.Data)
		}
		var out []txtar.File
		seen := map[string]bool{}
		for _, f := range archive.Files {
			name, _, _ := strings.Cut(f.Name, "/")
			if seen[name] {
				continue
			}
			seen[name] = true
			in := cases[name]
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+name, func(t *testing.T) {
				got := languageCase(t, in["mau.xml"], in["data.json"])
				if diff := cmp.Diff(in["want"], got); diff != "" && !*update {
					t.Errorf("(-want +got)\n%s", diff)
				}
				in["want"] = got
			})
			for _, section := range []string{"mau.xml", "data.json", "want"} {
				if data, ok := in[section]; ok {
					out = append(out, txtar.File{Name: name + "/" + section, Data: []byte(data)})
				}
			}
		}
		if *update {
			archive.Files = out
			if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// languageCase returns the filled body, a paragraph or row a line, or the findings.
func languageCase(t *testing.T, body, data string) string {
	template, found, err := compile(t, pack(t, body, nil))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) > 0 {
		return found.String()
	}
	docx, err := template.Fill(document(t, data))
	if err != nil {
		return "error: " + err.Error() + "\n"
	}
	xml := string(readPart(t, docx, documentPart))
	_, xml, _ = strings.Cut(xml, "<w:body>")
	if strings.Count(xml, "<w:sectPr>") == 1 { // what pack put there
		xml = xml[:strings.LastIndex(xml, "<w:sectPr>")]
	}
	xml = strings.TrimSuffix(xml, "</w:body></w:document>")
	for _, tag := range []string{"<w:p>", "<w:p/>", "<w:tr>", "<w:tbl>", "</w:tr>", "</w:tbl>", "<w:sectPr>"} {
		xml = strings.ReplaceAll(xml, tag, "\n"+tag)
	}
	return strings.TrimPrefix(xml, "\n") + "\n"
}

func compile(t testing.TB, mau []byte) (*Template, diag.Findings, error) {
	t.Helper()
	return Compile("mau.docx", mau, readFile(t, templates+"/chung/nen.docx"), testSchema, testFonts(t), testStyles)
}

func testStyles(docx []byte) (StyleSheet, error) { return wml.ReadStyleSheet(docx) }

func mustCompile(t testing.TB, mau []byte) *Template {
	t.Helper()
	template, found, err := compile(t, mau)
	if err != nil || len(found) > 0 {
		t.Fatalf("compile: %v\n%v", err, found)
	}
	return template
}

var testFonts = sync.OnceValue(func() func(testing.TB) *font.Set {
	set, err := font.Load(os.DirFS("../../fonts"))
	return func(t testing.TB) *font.Set {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return set
	}
})()

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// pack returns the base package with another body, on a page whose text is 200 mm wide, and other parts.
func pack(t testing.TB, body string, parts map[string]string) []byte {
	t.Helper()
	if parts == nil {
		parts = map[string]string{}
	}
	parts[documentPart] = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>` + body +
		`<w:sectPr><w:pgSz w:w="13606" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:gutter="0"/></w:sectPr></w:body></w:document>`
	base := readFile(t, templates+"/chung/nen.docx")
	archive, err := zip.NewReader(bytes.NewReader(base), int64(len(base)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range archive.File {
		data, replaced := parts[f.Name]
		if !replaced {
			data = string(readPart(t, base, f.Name))
		}
		if data == "" {
			continue // leave the part out
		}
		entry, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(entry, data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func readPart(t testing.TB, docx []byte, name string) []byte {
	t.Helper()
	pkg, err := ooxml.OpenWord(docx)
	if err != nil {
		t.Fatal(err)
	}
	data, err := pkg.Part(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// testSchema has a field of each type.
var testSchema = &model.Schema{
	Kind: "thu", Name: "Kế hoạch",
	Fields: []model.FieldSpec{
		{Key: "trich_yeu", Required: true},
		{Key: "ghi_chu"},
		{Key: "ngay", Type: model.DateField},
		{Key: "dia_danh"},
		{Key: "noi_dung", Type: model.OutlineField},
		{Key: "can_cu", Type: model.ListField},
		{Key: "noi_nhan", Type: model.ListField},
		{Key: "luu_hanh"},
		{Key: "nguoi_soan"},
		{Key: "dia_chi"},
		{Key: "nhiem_vu", Type: model.ListField, Fields: []model.FieldSpec{
			{Key: "ten", Required: true},
			{Key: "han"},
			{Key: "ket_qua"},
			{Key: "viec", Type: model.ListField},
		}},
		{Key: "so_phieu", Type: model.NumberField},
		{Key: "ky_bao_cao", Type: model.PeriodField},
		{Key: "phu_luc", Type: model.ListField, Fields: []model.FieldSpec{
			{Key: "ten_phu_luc"}, {Key: "tieu_de"}, {Key: "kho_giay"}, {Key: "noi_dung", Type: model.OutlineField},
		}},
		{Key: "co_quan", Type: model.GroupField, Fields: []model.FieldSpec{{Key: "cap_tren"}, {Key: "ten"}, {Key: "ten_day_du"}}},
		{Key: "ky", Type: model.GroupField, Fields: []model.FieldSpec{{Key: "chuc_vu", Type: model.ListField}, {Key: "ho_ten"}, {Key: "chuc_vu_khac"}}},
	},
}

// document makes a Document from JSON: a text under "ngay" is a date, one under "ky_bao_cao" a period, a list under "noi_dung" an outline of [level, text] lines
// and tables as lists of rows.
func document(t testing.TB, data string) model.Document {
	t.Helper()
	var tree map[string]any
	if data != "" {
		if err := json.Unmarshal([]byte(data), &tree); err != nil {
			t.Fatal(err)
		}
	}
	return model.Document{Schema: testSchema, Values: value(t, "", tree).(model.Values)}
}

func value(t testing.TB, key string, tree any) model.Value {
	t.Helper()
	switch v := tree.(type) {
	case string:
		if key == "ngay" {
			var d vi.Date
			if _, err := fmt.Sscanf(v, "%d-%d-%d", &d.Year, &d.Month, &d.Day); err != nil {
				t.Fatal(err)
			}
			return model.Date{Date: d}
		}
		if key == "ky_bao_cao" {
			p, err := vi.ParsePeriod(v)
			if err != nil {
				t.Fatal(err)
			}
			return model.Period{Period: p}
		}
		return model.Text(v)
	case float64:
		return model.Number{Decimal: decimal.NewFromFloat(v)}
	case []any:
		if key == "noi_dung" {
			return outlineOf(t, v)
		}
		items := model.Items{}
		for _, item := range v {
			items = append(items, value(t, "", item))
		}
		return items
	case map[string]any:
		values := model.Values{}
		for k, item := range v {
			values[k] = value(t, k, item)
		}
		return values
	}
	t.Fatalf("%s: %T", key, tree)
	return nil
}

var levels = map[string]model.Level{
	"plain": model.Plain, "part": model.Part, "heading": model.Heading, "clause": model.Clause, "subclause": model.SubClause,
	"point": model.Point, "dash": model.Dash, "plus": model.Plus, "article": model.Article,
}

func outlineOf(t testing.TB, lines []any) (o model.Outline) {
	t.Helper()
	for _, l := range lines {
		line := l.([]any)
		if _, isGrid := line[0].([]any); !isGrid {
			level, title := strings.CutSuffix(line[0].(string), "!")
			o = append(o, model.Line{Level: levels[level], Title: title, Text: line[1].(string)})
			continue
		}
		g := model.Grid{}
		for i, row := range line {
			var cells []string
			for _, cell := range row.([]any) {
				cells = append(cells, cell.(string))
			}
			if i == 0 {
				g.Head = cells
			} else {
				g.Rows = append(g.Rows, cells)
			}
		}
		o = append(o, g)
	}
	return o
}

package model

import (
	"flag"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"vanthu/internal/diag"
	"vanthu/internal/vi"
)

var update = flag.Bool("update", false, "rewrite the wanted output in testdata")

func readOutline(text string) (Outline, diag.Findings) {
	b := &binder{}
	outline := b.outline(Node{Shape: Scalar, Text: text, Block: true, Place: diag.Place{File: "a.yaml", Line: 10, Field: "noi_dung"}})
	return outline, b.found
}

func TestOutline(t *testing.T) {
	const name = "testdata/outline.txtar"
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		in, want := archive.Files[i], &archive.Files[i+1]
		t.Run(strings.TrimSuffix(in.Name, ".txt"), func(t *testing.T) {
			outline, found := readOutline(string(in.Data))
			var b strings.Builder
			dumpOutline(&b, outline, "")
			got := b.String() + found.String()
			if *update {
				want.Data = []byte(got)
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCloseOutline(t *testing.T) {
	for in, want := range map[string]string{
		"Hết.": "Hết./.", "Hết./.": "Hết./.", "Hết": "Hết./.", "Hết ;": "Hết./.", "1. Tiêu đề": "1. Tiêu đề./.",
	} {
		outline, _ := readOutline("A.\n" + in)
		closeOutline(outline, "./.")
		if got := outline[1].(Line); got.Text != want || got.Title {
			t.Errorf("%q ends as %+v", in, got)
		}
	}
}

func TestCloseItems(t *testing.T) {
	items := Items{Text("- Như trên"), Text("•  UBND xã;"), Text("A ."), Text("– Lưu: VT;")}
	closeItems(items, ";", ".")
	if diff := cmp.Diff(Items{Text("Như trên;"), Text("UBND xã;"), Text("A;"), Text("Lưu: VT.")}, items); diff != "" {
		t.Error(diff)
	}
}

var plan = &Schema{Kind: "ke-hoach", Name: "Kế hoạch", Abbreviation: "KH", Fields: []FieldSpec{
	{Key: "so", Label: "Số"},
	{Key: "ngay", Label: "Ngày ban hành", Type: DateField},
	{Key: "trich_yeu", Label: "Trích yếu", Required: true, Example: "Công tác năm 2026"},
	{Key: "co_quan", Label: "Cơ quan", Type: GroupField, Fields: []FieldSpec{{Key: "ky_hieu", Label: "Ký hiệu", Required: true}}},
	{Key: "viec", Label: "Việc", Type: ListField, Fields: []FieldSpec{{Key: "han", Label: "Hạn", Type: DateField, Required: true}}},
}}

func scalar(text string, line int) Node {
	return Node{Shape: Scalar, Text: text, Place: diag.Place{File: "a.yaml", Line: line}}
}

func record(fields ...Field) Record {
	for i := range fields {
		fields[i].Place = diag.Place{File: "a.yaml", Line: i + 1}
	}
	return Record{File: "a.yaml", Root: Node{Shape: Group, Fields: fields}}
}

func TestNumberOfADocument(t *testing.T) {
	agency := Node{Shape: Group, Fields: []Field{{Key: "ky_hieu", Value: scalar("HĐND", 3)}}}
	for typed, want := range map[string]string{
		"1": "01/KH-HĐND", "01": "01/KH-HĐND", "001": "01/KH-HĐND", "12": "12/KH-HĐND", "125": "125/KH-HĐND",
		"":  strings.Repeat("\u00a0", 8) + "/KH-HĐND",
		"0": "", "-1": "", "+1": "", "1a": "", "01/KH": "", "1.5": "", "99999999999": "",
	} {
		doc, found := Bind(plan, record(Field{Key: "trich_yeu", Value: scalar("A", 1)}, Field{Key: "so", Value: scalar(typed, 2)},
			Field{Key: "co_quan", Value: agency}), nil)
		if want == "" {
			if len(found) != 1 || found[0].Code != diag.NotANumber || found[0].Where.Line != 2 {
				t.Errorf("so: %q: %s", typed, found)
			}
			continue
		}
		if got := doc.Values["so_ky_hieu"]; got != Text(want) || found.Blocking() {
			t.Errorf("so: %q gives %q\n%s", typed, got, found)
		}
	}
}

func TestItemsOfAListSayWhereTheyStand(t *testing.T) {
	item := func(date string, line int) Node {
		return Node{Shape: Group, Place: diag.Place{Line: line}, Fields: []Field{{Key: "han", Value: scalar(date, line)}}}
	}
	_, found := Bind(plan, record(Field{Key: "trich_yeu", Value: scalar("A", 1)}, Field{Key: "so", Value: scalar("1", 2)},
		Field{Key: "viec", Value: Node{Shape: List, Items: []Node{item("1/2/2026", 4), item("31/4/2026", 5)}}}), nil)
	if len(found) != 1 || found[0].Code != diag.NoSuchDay || found[0].Where.Line != 5 || found[0].Where.Field != "viec[2].han" {
		t.Errorf("%+v", found)
	}
}

func TestASlipInAKeyIsToldOnce(t *testing.T) {
	doc, found := Bind(plan, record(Field{Key: "Trích yêú", Value: scalar("A", 1)}, Field{Key: "so", Value: scalar("1", 2)}), nil)
	if len(found) != 1 || found[0].Code != diag.UnknownKey || !strings.Contains(found[0].Hint, "trich_yeu") {
		t.Errorf("%s", found)
	}
	if doc.Values["trich_yeu"] != Text("A") {
		t.Error("the value was not read")
	}
}

func TestTextIsCleaned(t *testing.T) {
	doc, found := Bind(plan, record(Field{Key: "trich_yeu", Value: scalar("  Kế   hoạch \n năm\u00a0\u00a02026\n\n", 1)},
		Field{Key: "so", Value: scalar("1", 2)}), nil)
	if got := doc.Values["trich_yeu"]; got != Text("Kế hoạch\nnăm\u00a0\u00a02026") || len(found) > 0 {
		t.Errorf("%q\n%s", got, found)
	}
}

func TestTemplatesSeeDerivedFields(t *testing.T) {
	for _, key := range []string{"so", "ten_loai", "so_ky_hieu"} {
		if plan.Field(key) == nil {
			t.Errorf("%s is unknown", key)
		}
	}
	if plan.Field("x") != nil {
		t.Error("x is known")
	}
}

// letters are what an outline is made of, without its marks, its spaces and its line ends.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\n-–—•|", r) {
			return -1
		}
		return r
	}, text)
}

func TestOutlineKeepsEveryLetter(t *testing.T) {
	line := rapid.SampledFrom([]string{
		"", "Phần I", "TIÊU ĐỀ", "I. MỤC", "1. Khoản", "1.1. Tiểu khoản.", "a) Điểm;", "- Gạch", "–Gạch", "+ Cộng", "Điều 1. Tên",
		"đoạn tiếp theo", "Đoạn.", "| a | b |", "|---|---|", "| a |", "1.", "I.", "-", ".", "a\tb",
	})
	rapid.Check(t, func(t *rapid.T) {
		typed := strings.Join(rapid.SliceOfN(line, 0, 12).Draw(t, "lines"), "\n")
		outline, _ := readOutline(typed)
		var got strings.Builder
		for _, block := range outline {
			switch block := block.(type) {
			case Line:
				got.WriteString(block.Text)
			case Grid:
				got.WriteString(strings.Join(block.Head, ""))
				for _, row := range block.Rows {
					if len(row) != len(block.Head) {
						t.Fatalf("row %q under %q", row, block.Head)
					}
					got.WriteString(strings.Join(row, ""))
				}
			}
		}
		if want := letters(typed); letters(got.String()) != want && !strings.Contains(typed, "| a |") {
			t.Fatalf("%q has %q, want %q", typed, letters(got.String()), want)
		}
	})
}

func TestAWideTableIsCutAndToldOf(t *testing.T) {
	outline, found := readOutline(strings.Repeat("| a ", 64) + "|\n" + strings.Repeat("| b ", 63) + "|")
	if len(found) != 1 || found[0].Code != diag.WideTable || found[0].Where.Line != 11 || !found.Blocking() {
		t.Errorf("%s", found)
	}
	if grid := outline[0].(Grid); len(grid.Head) != 63 || len(grid.Rows[0]) != 63 {
		t.Errorf("%d cells over %d", len(grid.Head), len(grid.Rows[0]))
	}
}

// TestLongOutlinesEnd reads text of the largest file. What it takes grows with the text, as the bytes allocated do; what grew with its
// square would run into the end of the test.
func TestLongOutlinesEnd(t *testing.T) {
	const size = 1 << 20
	for name, text := range map[string]func(n int) string{
		"one paragraph broken by hand": func(n int) string { return strings.Repeat("a\n", 2*n) },
		"one line":                     func(n int) string { return strings.Repeat("1. ", n) },
		"narrow rows under a wide one": func(n int) string { return strings.Repeat("|", n) + strings.Repeat("\n|a", n) },
	} {
		t.Run(name, func(t *testing.T) {
			const little = 4 << 20 // bytes
			small, large := text(size/4), text(size)
			begun := allocated()
			readOutline(small)
			quarter := allocated()
			outline, found := readOutline(large)
			if quarter, whole := quarter-begun, allocated()-quarter; whole > 8*quarter+little {
				t.Errorf("allocated %d bytes, for a quarter of the text %d", whole, quarter)
			}
			if len(outline) != 1 || len(found) > maxErrors+1 {
				t.Errorf("%d blocks, %d findings", len(outline), len(found))
			}
		})
	}
}

// allocated returns the bytes that were allocated so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func FuzzOutline(f *testing.F) {
	archive, err := txtar.ParseFile("testdata/outline.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range archive.Files {
		f.Add(string(file.Data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		outline, _ := readOutline(vi.NFC(text))
		closeOutline(outline, "./.")
		for _, block := range outline {
			if line, ok := block.(Line); ok && (line.Text == "" || strings.Contains(line.Text, "\n") || vi.NFC(line.Text) != line.Text) {
				t.Fatalf("%q gives %+v", text, line)
			}
		}
	})
}

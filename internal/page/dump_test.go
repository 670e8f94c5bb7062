package page_test

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// sample is two pages with one item of each look.
func sample() page.Document {
	regular, bold := page.Face{Family: "Times New Roman"}, page.Face{Family: "Times New Roman", Bold: true}
	red, grey := flow.Color{RGB: 0xCC0000, Set: true}, flow.Color{RGB: 0xD9D9D9, Set: true}
	mm := func(n int) geom.EMU { return geom.EMU(n) * geom.Millimetre }
	return page.Document{Title: "Kế hoạch", Pages: []page.Page{
		{Width: mm(210), Height: mm(297), Items: []page.Item{
			page.Text{X: mm(30), Y: mm(25), Width: mm(60), Text: "KẾ HOẠCH ", Face: bold, Size: 14 * geom.Point, LineStart: true},
			page.Text{X: mm(90), Y: mm(25), Width: mm(10), Text: "số 1", Face: regular, Size: 13*geom.Point + geom.HalfPoint, LineEnd: true},
			page.Rule{X1: mm(30), Y1: mm(27), X2: mm(60), Y2: mm(27), Width: geom.Point},
			page.Box{X: mm(30), Y: mm(40), Width: mm(50), Height: mm(10), Color: grey},
			page.Text{
				X: mm(31), Y: mm(45), Width: mm(20), Text: "“ô”\u00a0\\", Face: page.Face{Family: "Arial", Bold: true, Italic: true},
				Size: 12 * geom.Point, Color: red, Spacing: geom.Point, LineStart: true, LineEnd: true,
			},
		}},
		{Width: mm(297), Height: mm(210), Items: []page.Item{
			page.Rule{X1: 0, Y1: mm(10), X2: mm(297), Y2: mm(10), Width: geom.Point / 2, Color: red, Dashed: true},
			page.Text{X: mm(30), Y: mm(25), Width: mm(5), Text: "hết", Face: regular, Size: 14 * geom.Point},
		}},
	}}
}

func TestDump(t *testing.T) {
	const golden = "testdata/dump.txtar"
	got := &txtar.Archive{
		Comment: []byte("A document as Dump and Text print it.\n"),
		Files: []txtar.File{
			{Name: "dump", Data: []byte(sample().Dump())},
			{Name: "text", Data: []byte(sample().Text())},
		},
	}
	if *update {
		if err := os.WriteFile(golden, txtar.Format(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(txtar.Format(got))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestText(t *testing.T) {
	text := func(s string, start, end bool) page.Item { return page.Text{Text: s, LineStart: start, LineEnd: end} }
	for _, c := range []struct {
		name  string
		items []page.Item
		want  string
	}{
		{"nothing", nil, ""},
		{"items of one line are joined as they are", []page.Item{text("a ", true, false), text("b", false, true)}, "a b\n"},
		{"a rule does not part a line", []page.Item{text("a", true, false), page.Rule{}, text("b", false, true)}, "ab\n"},
		{"a start parts lines without an end", []page.Item{text("a", true, false), text("b", true, false)}, "a\nb\n"},
		{"an end parts lines without a start", []page.Item{text("a", false, true), text("b", false, true)}, "a\nb\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := (page.Document{Pages: []page.Page{{Items: c.items}}}).Text(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

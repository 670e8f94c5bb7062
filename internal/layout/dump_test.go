package layout

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
)

var update = flag.Bool("update", false, "rewrite the wanted pages in testdata")

// dumped are documents whose pages are kept in testdata/pages.txtar, every item at its place. The page is 220 by 120 pt with margins
// of 10 pt; the font is 10 pt, with its baseline 9.33 pt below the top of a line of 11.499 pt.
var dumped = []struct {
	name string
	doc  flow.Document
}{
	{"tabs and leaders", body(
		with(para("a\tb\tc\td"), func(p *flow.Paragraph) {
			p.Tabs = []flow.TabStop{
				{Position: 50 * pt, Leader: '.'},
				{Position: 100 * pt, Kind: flow.TabCenter, Leader: '-'},
				{Position: 200 * pt, Kind: flow.TabRight, Leader: '_'},
			}
		}),
		with(para("Họ và tên\t"), func(p *flow.Paragraph) {
			p.Tabs = []flow.TabStop{{Position: 200 * pt, Kind: flow.TabRight, Leader: '.'}}
		}),
	)},
	{"marks on text", body(
		para("a", run("under", func(s *flow.RunStyle) { s.Underline = true }), run("struck", func(s *flow.RunStyle) { s.Strike = true })),
		para(run("light", func(s *flow.RunStyle) { s.Highlight = flow.Color{RGB: 0xFFFF00, Set: true} }),
			flow.Tab{Style: styled(func(s *flow.RunStyle) { s.Underline = true })}, "x"),
		para("m", run("2", func(s *flow.RunStyle) { s.Position = flow.Superscript }), "H", run("2", func(s *flow.RunStyle) { s.Position = flow.Subscript }),
			run("up", func(s *flow.RunStyle) { s.Raise = 3 * pt }), run("wide", func(s *flow.RunStyle) { s.Spacing = pt })),
	)},
	{"one frame around two paragraphs", body(framed("a"), framed("b"), para("c"))},
	{"shading and a double border", body(
		with(para("a"), func(p *flow.Paragraph) {
			p.Shading = flow.Color{RGB: 0xD9D9D9, Set: true}
			p.Borders.Bottom = flow.Border{Width: pt, Space: 2 * pt, Double: true}
		}),
		para("b"),
	)},
	{"a table on the grid", body(
		place(flow.Right, ruled(table([]geom.EMU{40, 60, 50},
			row(spanning(2, 1, cell("a")), cell("b")),
			flow.Row{GridBefore: 1, Cells: []flow.Cell{cell("c"), cell("d")}},
		))),
		place(flow.Center, table([]geom.EMU{100}, row(cell("e")))),
	)},
	{
		"a merged cell with its borders", body(ruled(table([]geom.EMU{60, 60},
			row(shaded(spanning(1, 2, cell("a"))), cell("b")), row(covered(1), cell("c"))))),
	},
	{"heights of rows", body(table([]geom.EMU{40, 40, 40, 40},
		high(flow.AtLeast, 30*pt, row(cell("a"), aligned(flow.AlignMiddle, cell("b")), aligned(flow.AlignBottom, cell("c")), upper(4*pt, cell("d")))),
		high(flow.Exactly, 20*pt, row(cell("e"), cell("f"), cell("g"), cell("h"))),
		row(cell("i"), cell("j"), cell("k"), cell("l")),
	))},
	{
		"a merged cell cut by a page", body(lines("x", 6), ruled(table([]geom.EMU{100, 100},
			row(spanning(1, 3, cell(lines("m", 4))), cell("a")), row(covered(1), cell("b")), row(covered(1), cell("c"))))),
	},
	{"drawn lines", body(para("a"), with(para("b",
		flow.Line{X1: 10 * pt, Y1: 2 * pt, X2: 60 * pt, Y2: 2 * pt, Pen: flow.Border{Width: pt}},
		flow.Line{X2: 50 * pt, Y1: 3 * pt, Y2: 3 * pt, Aligned: true, AlignX: flow.Center, Pen: flow.Border{Width: pt}},
		flow.Line{OriginX: flow.FromPage, OriginY: flow.FromPage, X2: 50 * pt, Aligned: true, AlignX: flow.Right, Pen: flow.Border{Width: pt}},
		flow.Line{OriginX: flow.FromMargin, OriginY: flow.FromMargin, X2: 5 * pt, Y2: 5 * pt, Pen: flow.Border{Width: pt, Dashed: true}},
	), func(p *flow.Paragraph) { p.SpaceBefore = 6 * pt }))},
	{"a tall header and footer", tall()},
}

// framed is a paragraph in a box, with a line between it and its like.
func framed(text string) *flow.Paragraph {
	return with(para(text), func(p *flow.Paragraph) {
		b := flow.Border{Width: pt, Space: 2 * pt}
		p.Borders, p.Between = flow.Borders{Top: b, Bottom: b, Left: b, Right: b}, b
		p.SpaceBefore = 5 * pt
	})
}

func place(align flow.Align, t *flow.Table) *flow.Table { t.Align = align; return t }

func shaded(c flow.Cell) flow.Cell { c.Shading = flow.Color{RGB: 0xEEEEEE, Set: true}; return c }

func aligned(align flow.VAlign, c flow.Cell) flow.Cell { c.VAlign = align; return c }

func upper(margin geom.EMU, c flow.Cell) flow.Cell { c.Margins.Top = margin; return c }

func high(rule flow.LineRule, height geom.EMU, r flow.Row) flow.Row {
	r.HeightRule, r.Height = rule, height
	return r
}

// tall is a page whose header and footer are taller than its margins.
func tall() flow.Document {
	s := section(lines("a", 5))
	s.Header.Default, s.Footer.Default = []flow.Block{lines("h", 2)}, []flow.Block{lines("f", 3)}
	return document(s)
}

func TestEveryItemStandsAtItsPlace(t *testing.T) {
	const file = "testdata/pages.txtar"
	var archive txtar.Archive
	for _, d := range dumped {
		archive.Files = append(archive.Files, txtar.File{Name: d.name, Data: []byte(pages(t, d.doc).Dump())})
	}
	if *update {
		if err := os.WriteFile(file, txtar.Format(&archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	wanted, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, f := range wanted.Files {
		want[f.Name] = string(f.Data)
	}
	for _, f := range archive.Files {
		t.Run(f.Name, func(t *testing.T) {
			if diff := cmp.Diff(want[f.Name], string(f.Data)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

package layout

import (
	"slices"
	"strings"
	"testing"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// spaced is a paragraph with space before and after it.
func spaced(text string, before, after geom.EMU) *flow.Paragraph {
	return with(para(text), func(p *flow.Paragraph) { p.SpaceBefore, p.SpaceAfter = before*pt, after*pt })
}

func contextual(style string, p *flow.Paragraph) *flow.Paragraph {
	p.Style, p.ContextualSpacing = style, true
	return p
}

// single is a line of 10 pt at single spacing.
const single = 11.499

// TestSpaceBetweenParagraphs gives the room between two lines beyond single spacing.
func TestSpaceBetweenParagraphs(t *testing.T) {
	for _, c := range []struct {
		name string
		doc  flow.Document
		want float64
	}{
		{"none", body(para("a"), para("b")), 0},
		{"the larger of two", body(spaced("a", 0, 6), spaced("b", 10, 0)), 10},
		{"the larger of two, above", body(spaced("a", 0, 10), spaced("b", 6, 0)), 10},
		{"their sum where older files ask for it", adding(body(spaced("a", 0, 6), spaced("b", 10, 0))), 16},
		{"none between items of one style", body(contextual("List", spaced("a", 6, 6)), contextual("List", spaced("b", 6, 6))), 0},
		{"of the one that minds, when the other does not", body(contextual("List", spaced("a", 6, 6)), contextual("Body", spaced("b", 6, 6))), 6},
		{
			"only of the one that is contextual",
			body(contextual("List", spaced("a", 0, 6)), with(spaced("b", 4, 0), func(p *flow.Paragraph) { p.Style = "List" })), 4,
		},
		{"in a cell as in the body", body(table([]geom.EMU{100}, row(cell(spaced("a", 0, 6), spaced("b", 10, 0))))), 10},
		{"whole before a table and in its first cell", body(spaced("a", 0, 6), table([]geom.EMU{100}, row(cell(spaced("b", 10, 0))))), 16},
		{"after a table", body(table([]geom.EMU{100}, row(cell(spaced("a", 0, 6)))), spaced("b", 10, 0)), 16},
	} {
		t.Run(c.name, func(t *testing.T) {
			ys := baselines(pages(t, c.doc))
			if got := (ys[1] - ys[0]).Points() - single; got < c.want-0.01 || got > c.want+0.01 {
				t.Errorf("%.3f pt apart, want %.3f", got, c.want)
			}
		})
	}
}

func adding(doc flow.Document) flow.Document { doc.SpacingAdds = true; return doc }

// TestTopOfPage gives the room above the last line, which stands at the top of a page.
func TestTopOfPage(t *testing.T) {
	asks := func(p *flow.Paragraph) *flow.Paragraph { p.PageBreakBefore = true; return p }
	old := func(doc flow.Document) flow.Document { doc.Compat = 14; return doc }
	for _, c := range []struct {
		name string
		doc  flow.Document
		want float64
	}{
		{"of the document", body(spaced("b", 12, 0)), 12},
		{"of a section", document(section(para("a")), section(spaced("b", 12, 0))), 12},
		{"of a section, after space", document(section(spaced("a", 0, 5)), section(spaced("b", 12, 0))), 7},
		{"where the text ran over", body(lines("a", 8), spaced("b", 12, 0)), 0},
		{"after a page break", body(para("a\f"), spaced("b", 12, 0)), 0},
		{"that the paragraph asks for", body(para("a"), asks(spaced("b", 12, 0))), 0},
		{"that the paragraph asks for, before Word 2013", old(body(para("a"), asks(spaced("b", 12, 0)))), 12},
		{"in a cell", body(lines("a", 8), table([]geom.EMU{100}, row(cell(spaced("b", 12, 0))))), 12},
	} {
		t.Run(c.name, func(t *testing.T) {
			ys := baselines(pages(t, c.doc))
			const first = 9.336 // below the top of its line
			if got := ys[len(ys)-1].Points() - first; got < c.want-0.01 || got > c.want+0.01 {
				t.Errorf("%.3f pt below the top, want %.3f", got, c.want)
			}
		})
	}
}

// TestHeightOfLines gives the distance from the baseline of the first line to that of the third; the second is what differs.
func TestHeightOfLines(t *testing.T) {
	big := func(text string) flow.Text { return run(text, func(s *flow.RunStyle) { s.Size = 20 * pt }) }
	for _, c := range []struct {
		name string
		p    *flow.Paragraph
		want float64
	}{
		{"words", para("b", big("B")), 3 * single},
		{"a large space does not count", para("b", big("  "), "b"), 2 * single},
		{"nor does the paragraph mark", with(para("b"), func(p *flow.Paragraph) { p.Mark.Size = 20 * pt }), 2 * single},
		{"but in an empty paragraph", with(para(), func(p *flow.Paragraph) { p.Mark.Size = 20 * pt }), 3 * single},
		{"superscript as if it were not", para("b", run("2", func(s *flow.RunStyle) { s.Position = flow.Superscript })), 2 * single},
		{"raised text", para("b", run("2", func(s *flow.RunStyle) { s.Raise = 5 * pt })), 2*single + 5},
		{"lowered text", para("b", run("2", func(s *flow.RunStyle) { s.Raise = -5 * pt })), 2*single + 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			ys := baselines(pages(t, body(para("a"), c.p, para("c"))))
			if got := (ys[len(ys)-1] - ys[0]).Points(); got < c.want-0.01 || got > c.want+0.01 {
				t.Errorf("%.3f pt apart, want %.3f", got, c.want)
			}
		})
	}
}

// TestBaselineInItsLine gives how far below the top of the page a line's baseline stands.
func TestBaselineInItsLine(t *testing.T) {
	const ascent, descent = 9.336, 2.163
	for name, c := range map[string]struct {
		line flow.LineSpacing
		want float64
	}{
		"more stands below":                  {flow.LineSpacing{Value: 480}, ascent},
		"less is taken on both sides":        {flow.LineSpacing{Value: 120}, ascent / 2},
		"a least height adds above":          {flow.LineSpacing{Rule: flow.AtLeast, Value: 20 * pt}, 20 - descent},
		"four fifths of an exact one above":  {flow.LineSpacing{Rule: flow.Exactly, Value: 20 * pt}, 16},
		"an exact one smaller than its text": {flow.LineSpacing{Rule: flow.Exactly, Value: 5 * pt}, 4},
	} {
		t.Run(name, func(t *testing.T) {
			ys := baselines(pages(t, body(with(para("a"), func(p *flow.Paragraph) { p.Line = c.line }))))
			if got := ys[0].Points(); got < c.want-0.01 || got > c.want+0.01 {
				t.Errorf("at %.3f pt, want %.3f", got, c.want)
			}
		})
	}
}

// TestFootOfPage says what still stands on a page of 100 pt.
func TestFootOfPage(t *testing.T) {
	loose := func(p *flow.Paragraph) { p.Line.Value, p.WidowControl = 480, false } // lines of 23 pt, half of it below the text
	tight := func(p *flow.Paragraph) {
		p.Line, p.WidowControl = flow.LineSpacing{Rule: flow.Exactly, Value: 20 * pt}, false
	}
	for _, c := range []struct {
		name   string
		blocks []flow.Block
		want   string
	}{
		{"what a multiple adds below may hang out", []flow.Block{with(lines("a", 6), loose)}, "a1 a2 a3 a4 | a5 a6"},
		{"a line that ends at the foot fits", []flow.Block{with(lines("a", 6), tight)}, "a1 a2 a3 a4 a5 | a6"},
		{
			"space after needs no room",
			[]flow.Block{with(lines("a", 5), func(p *flow.Paragraph) { tight(p); p.SpaceAfter = 50 * pt }), para("b")},
			"a1 a2 a3 a4 a5 | b",
		},
		{
			"a border does",
			[]flow.Block{with(lines("a", 5), func(p *flow.Paragraph) { tight(p); p.Borders.Bottom = flow.Border{Width: pt} })},
			"a1 a2 a3 a4 | a5",
		},
		{"so does that of a row", []flow.Block{ruled(table([]geom.EMU{100}, rows(9)...))}, "r1 r2 r3 r4 r5 r6 r7 r8 | r9"},
		{"and more so a thick one", []flow.Block{thick(ruled(table([]geom.EMU{100}, rows(9)...)))}, "r1 r2 r3 r4 r5 r6 r7 | r8 r9"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := layoutOf(pages(t, body(c.blocks...))); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

// thick makes the borders above and below the cells of a table 2 pt wide.
func thick(t *flow.Table) *flow.Table {
	for i := range t.Rows {
		for j := range t.Rows[i].Cells {
			b := &t.Rows[i].Cells[j].Borders
			b.Top.Width, b.Bottom.Width = 2*pt, 2*pt
		}
	}
	return t
}

// TestWordOfOldAndNew lays the same out as Word 2010 and as Word 2013 did.
func TestWordOfOldAndNew(t *testing.T) {
	next := func(p *flow.Paragraph) *flow.Paragraph { p.KeepNext = true; return p }
	for _, c := range []struct {
		name       string
		blocks     []flow.Block
		old, since string
	}{
		{
			"a paragraph that keeps with the next goes whole, or its last lines",
			[]flow.Block{lines("a", 4), next(lines("b", 4)), lines("c", 2)},
			"a1 a2 a3 a4 | b1 b2 b3 b4 c1 c2", "a1 a2 a3 a4 b1 b2 | b3 b4 c1 c2",
		},
		{
			"heading rows alone at the foot",
			[]flow.Block{lines("a", 7), table([]geom.EMU{100}, heading(cell("H")), row(cell("r")))},
			"a1 a2 a3 a4 a5 a6 a7 H | H r", "a1 a2 a3 a4 a5 a6 a7 | H r",
		},
		{
			"a single line of a cell at the foot",
			[]flow.Block{lines("a", 7), table([]geom.EMU{100}, row(cell(lines("r", 3))))},
			"a1 a2 a3 a4 a5 a6 a7 r1 | r2 r3", "a1 a2 a3 a4 a5 a6 a7 | r1 r2 r3",
		},
		{
			"lines that a page break ends",
			[]flow.Block{lines("a", 6), para("b1\nb2\nb3\fb4\nb5")},
			"a1 a2 a3 a4 a5 a6 b1 b2 | b3 | b4 b5", "a1 a2 a3 a4 a5 a6 | b1 b2 b3 | b4 b5",
		},
	} {
		for compat, want := range map[int]string{14: c.old, 15: c.since} {
			doc := body(c.blocks...)
			doc.Compat = compat
			if got := layoutOf(pages(t, doc)); got != want {
				t.Errorf("%s, compatibility mode %d:\n got %s\nwant %s", c.name, compat, got, want)
			}
		}
	}
}

// TestTablesGoOn lays tables out that are longer than a page of eight lines.
func TestTablesGoOn(t *testing.T) {
	for _, c := range []struct {
		name string
		t    *flow.Table
		want string
	}{
		{
			"under two heading rows with a cell merged over both",
			table([]geom.EMU{60, 60}, append([]flow.Row{
				heading(spanning(1, 2, cell("H")), cell("I")), heading(covered(1), cell("J")),
			}, rows(8)...)...),
			"H I J r1 r2 r3 r4 r5 r6 | H I J r7 r8",
		},
		{
			"heading rows taller than half a page do not come again",
			table([]geom.EMU{60}, append([]flow.Row{heading(cell(lines("H", 5)))}, rows(4)...)...), "H1 H2 H3 H4 H5 r1 r2 r3 | r4",
		},
		{
			"a table in a cell parts between its rows",
			table([]geom.EMU{100}, row(cell(table([]geom.EMU{80}, rows(9)...), para()))), "r1 r2 r3 r4 r5 r6 r7 r8 | r9",
		},
		{
			"a table with merged cells in a cell",
			table([]geom.EMU{150}, row(cell(table([]geom.EMU{60, 60}, row(spanning(1, 2, cell(lines("m", 9))), cell("a")), row(covered(1), cell("b")))))),
			"m1 m2 m3 m4 m5 m6 m7 a b | m8 m9",
		},
		{
			"a row of exact height stays whole",
			table([]geom.EMU{60}, row(cell(lines("a", 6))), high(flow.Exactly, 40*pt, row(cell("b")))), "a1 a2 a3 a4 a5 a6 | b",
		},
		{
			"so does one of a least height that its text does not fill",
			table([]geom.EMU{60}, row(cell(lines("a", 6))), high(flow.AtLeast, 60*pt, row(cell("b")))), "a1 a2 a3 a4 a5 a6 | b",
		},
		{
			"a cell that would have nothing on this page holds its row back",
			table([]geom.EMU{60, 60}, row(cell(lines("a", 6)), cell("x")), row(cell(lines("b", 4)), cell(with(para("y"), func(p *flow.Paragraph) { p.SpaceBefore = 20 * pt })))),
			"a1 a2 a3 a4 a5 a6 x | b1 b2 b3 b4 y",
		},
		{
			"a word in a row without a grid of its own",
			&flow.Table{Grid: []geom.EMU{40 * pt}, Rows: []flow.Row{row(cell("a"), cell("b"))}}, "a b",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := layoutOf(pages(t, body(c.t))); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestJustifiedLinesEndAtTheMargin but for the last of a paragraph.
func TestJustifiedLinesEndAtTheMargin(t *testing.T) {
	text := strings.Repeat("chữ ", 60)
	laid := pages(t, body(with(para(text+"\nhai chữ\nhết bài"), func(p *flow.Paragraph) { p.Align = flow.Justify })))
	var ends []geom.EMU
	for _, item := range laid.Pages[0].Items {
		if text, ok := item.(page.Text); ok && text.LineEnd {
			ends = append(ends, text.X+text.Width-10*pt)
		}
	}
	last := len(ends) - 1
	if slices.ContainsFunc(ends[:last], func(x geom.EMU) bool { return x != 200*pt }) || ends[last] >= 100*pt {
		t.Errorf("lines end at %v", ends)
	}
}

// TestNumbersInTheBody prints the page a paragraph begins on and the number of pages, which must be known before they are.
func TestNumbersInTheBody(t *testing.T) {
	number, count := flow.Field{Kind: flow.PageNumber, Style: small}, flow.Field{Kind: flow.PageCount, Style: small}
	s := section(lines("a", 8), para("trang ", number, "/", count), table([]geom.EMU{100}, row(cell(para(number)))))
	s.NumberStart = 0
	if got, want := layoutOf(pages(t, document(s))), "a1 a2 a3 a4 a5 a6 a7 a8 | trang 1/2 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	s.Blocks, s.Header.Default = []flow.Block{para("a")}, []flow.Block{para("-", number, "-")}
	if got, want := layoutOf(pages(t, document(s))), "-0- a"; got != want {
		t.Errorf("numbers from zero: got %s, want %s", got, want)
	}
}

// TestSectionsShareAPage says where continuous sections and the empty paragraphs that end sections stand.
func TestSectionsShareAPage(t *testing.T) {
	flowing := func(s flow.Section) flow.Section { s.Start = flow.Continuous; return s }
	narrow := flowing(section(para("b")))
	narrow.Page.Left = 50 * pt
	turned := flowing(section(para("b")))
	turned.Page.Width, turned.Page.Height = turned.Page.Height, turned.Page.Width
	for _, c := range []struct {
		name string
		doc  flow.Document
		want string
	}{
		{"with margins of their own", document(section(para("a")), narrow), "a b"},
		{"not with paper of their own", document(section(para("a")), turned), "a | b"},
		{"an empty end takes no room", document(section(lines("a", 8), para()), section(para("b"))), "a1 a2 a3 a4 a5 a6 a7 a8 | b"},
		{"a page break at the end counts", document(section(para("a\f")), flowing(section(para("b")))), "a | b"},
		{"once", document(section(para("a\f")), section(para("b"))), "a | b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := layoutOf(pages(t, c.doc)); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

package layout

import (
	"slices"
	"strings"
	"testing"

	"vanthu/internal/diag"
	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// TestPagesBreak lays documents out on pages of eight lines. A bar parts pages.
func TestPagesBreak(t *testing.T) {
	keepNext := func(p *flow.Paragraph) { p.KeepNext = true }
	whole := func(r flow.Row) flow.Row { r.CannotSplit = true; return r }
	column := []geom.EMU{200}
	for _, c := range []struct {
		name   string
		blocks []flow.Block
		want   string
	}{
		{"no last line stands alone", []flow.Block{lines("a", 9)}, "a1 a2 a3 a4 a5 a6 a7 | a8 a9"},
		{"unless that is not minded", []flow.Block{
			with(lines("a", 9), func(p *flow.Paragraph) { p.WidowControl = false }),
		}, "a1 a2 a3 a4 a5 a6 a7 a8 | a9"},
		{"no first line stands alone", []flow.Block{lines("a", 7), lines("b", 4)}, "a1 a2 a3 a4 a5 a6 a7 | b1 b2 b3 b4"},
		{"three lines stay together", []flow.Block{lines("a", 6), lines("b", 3)}, "a1 a2 a3 a4 a5 a6 | b1 b2 b3"},
		{"four lines part in the middle", []flow.Block{lines("a", 6), lines("b", 4)}, "a1 a2 a3 a4 a5 a6 b1 b2 | b3 b4"},
		{
			"a heading goes with what it heads",
			[]flow.Block{lines("a", 6), with(para("H"), keepNext), lines("b", 2)},
			"a1 a2 a3 a4 a5 a6 | H b1 b2",
		},
		{
			"two headings go together",
			[]flow.Block{lines("a", 6), with(para("H"), keepNext), with(para("I"), keepNext), para("b")},
			"a1 a2 a3 a4 a5 a6 | H I b",
		},
		{
			"headings longer than a page end all the same", many(10, func(i int) flow.Block { return with(para(string(rune('a'+i))), keepNext) }),
			"a b c d e f g h | i j",
		},
		{
			"kept lines",
			[]flow.Block{lines("a", 5), with(lines("b", 4), func(p *flow.Paragraph) { p.KeepLines = true })},
			"a1 a2 a3 a4 a5 | b1 b2 b3 b4",
		},
		{"a page asked for", []flow.Block{para("a"), with(para("b"), func(p *flow.Paragraph) { p.PageBreakBefore = true })}, "a | b"},
		{"a page break within", []flow.Block{para("a\fb")}, "a | b"},
		{"a page break at the end", []flow.Block{para("a\f"), para("b")}, "a | b"},
		{
			"heading rows come again",
			[]flow.Block{table(column, append([]flow.Row{heading(cell("H"))}, rows(9)...)...)},
			"H r1 r2 r3 r4 r5 r6 r7 | H r8 r9",
		},
		{
			"a row parts between its lines",
			[]flow.Block{lines("a", 6), table(column, row(cell(lines("r", 4))))},
			"a1 a2 a3 a4 a5 a6 r1 r2 | r3 r4",
		},
		{
			"a row that may not part goes on",
			[]flow.Block{lines("a", 6), table(column, whole(row(cell(lines("r", 4)))))},
			"a1 a2 a3 a4 a5 a6 | r1 r2 r3 r4",
		},
		{"unless it is taller than a page", []flow.Block{table(column, whole(row(cell(lines("r", 9)))))}, "r1 r2 r3 r4 r5 r6 r7 | r8 r9"},
		{"a row keeps with the next", []flow.Block{
			lines("a", 7), table(column, row(cell(with(para("r"), keepNext))), row(cell("s"))),
		}, "a1 a2 a3 a4 a5 a6 a7 | r s"},
		{"a merged cell runs on through its rows", []flow.Block{
			table([]geom.EMU{100, 100}, row(spanning(1, 3, cell(lines("m", 4))), cell("a")), row(covered(1), cell("b")), row(covered(1), cell("c"))),
		}, "m1 m2 m3 m4 a b c"},
		{"and over pages", []flow.Block{
			lines("x", 6),
			table([]geom.EMU{100, 100}, row(spanning(1, 3, cell(lines("m", 4))), cell("a")), row(covered(1), cell("b")), row(covered(1), cell("c"))),
		}, "x1 x2 x3 x4 x5 x6 m1 m2 a b | m3 m4 c"},
		{"a table in a cell", []flow.Block{table(column, row(cell("a", table([]geom.EMU{90, 90}, row(cell("b"), cell("c"))), para("d"))))}, "a b c d"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := layoutOf(pages(t, body(c.blocks...))); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

// rows are rows of one line.
func rows(n int) (list []flow.Row) {
	for i := range n {
		list = append(list, row(cell("r"+string(rune('1'+i)))))
	}
	return list
}

// TestLinesBreak breaks text in a column of 50 pt. A bar parts lines.
func TestLinesBreak(t *testing.T) {
	for text, want := range map[string]string{
		"xxxx NĐ-CP":        "xxxx NĐ- | CP",
		"xxxxxx 15-20":      "xxxxxx 15- | 20",
		"xxxx xx - yy":      "xxxx xx - | yy",
		"xxxxxx -yyyy":      "xxxxxx | -yyyy",
		"xxxx\u00a0yyyy zz": "xxxx\u00a0yyyy | zz",
		"xxxxxx xx\u2011yy": "xxxxxx | xx\u2011yy",
		"mmmmmmmmmmmm":      "mmmmmm | mmmmmm",
		"a\nb":              "a | b",
	} {
		t.Run(text, func(t *testing.T) {
			p := with(para(text), func(p *flow.Paragraph) { p.IndentRight = 150 * pt })
			got := linesOf(pages(t, body(p)))
			for i := range got {
				got[i] = strings.TrimSpace(got[i])
			}
			if got := strings.Join(got, " | "); got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
}

// TestWordsOfSeveralLooksBreak as words of one look do, in a column of 50 pt.
func TestWordsOfSeveralLooksBreak(t *testing.T) {
	bold := func(text string) flow.Text { return run(text, func(s *flow.RunStyle) { s.Bold = true }) }
	for _, c := range []struct {
		name string
		p    *flow.Paragraph
		want string
	}{
		{"not where the look changes", para("xxxxxx xx", bold("yy")), "xxxxxx | xxyy"},
		{"but after a hyphen there", para("xxxxx NĐ-", bold("CP")), "xxxxx NĐ- | CP"},
		{"too long, where the room ends", para("mmm", bold("mmmm")), "mmmmmm | m"},
		{"too long, where the look changes", para("mmmmmm", bold("mm")), "mmmmmm | mm"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.p.IndentRight = 150 * pt
			if got := strings.Join(linesOf(pages(t, body(c.p))), " | "); got != c.want {
				t.Errorf("\n got %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestSpacesWiderThanALineStandAlone on a line without words, so that the word after them is on the second.
func TestSpacesWiderThanALineStandAlone(t *testing.T) {
	ys := baselines(pages(t, body(para(strings.Repeat(" ", 90), "a"))))
	if len(ys) != 1 || ys[0].Points() < single {
		t.Errorf("the word stands at %v", ys)
	}
}

// TestTextStandsWhereItShould looks at where the words of one line begin and end, from the column's left edge.
func TestTextStandsWhereItShould(t *testing.T) {
	end := func(i page.Text) geom.EMU { return i.X + i.Width - 10*pt }
	start := func(i page.Text) geom.EMU { return i.X - 10*pt }
	tab := func(kind flow.TabKind) func(*flow.Paragraph) {
		return func(p *flow.Paragraph) { p.Tabs = []flow.TabStop{{Position: 100 * pt, Kind: kind}} }
	}
	for _, c := range []struct {
		name string
		p    *flow.Paragraph
		item int
		at   func(page.Text) geom.EMU
		want geom.EMU
	}{
		{"left", para("abc"), 0, start, 0},
		{"right", with(para("abc"), func(p *flow.Paragraph) { p.Align = flow.Right }), 0, end, 200 * pt},
		{
			"centred", with(para("abc"), func(p *flow.Paragraph) { p.Align = flow.Center }), 0,
			func(i page.Text) geom.EMU { return start(i) + i.Width/2 }, 100 * pt,
		},
		{"first line", with(para("abc"), func(p *flow.Paragraph) { p.IndentLeft, p.FirstLine = 20*pt, 10*pt }), 0, start, 30 * pt},
		{"hanging, then its text", with(para("-\tabc"), func(p *flow.Paragraph) { p.IndentLeft, p.FirstLine = 20*pt, -20*pt }), 1, start, 20 * pt},
		{"default tab", para("a\tb"), 1, start, 36 * pt},
		{"left tab", with(para("a\tb"), tab(flow.TabLeft)), 1, start, 100 * pt},
		{"right tab", with(para("a\tbcd"), tab(flow.TabRight)), 1, end, 100 * pt},
		{"centre tab", with(para("a\tbcd"), tab(flow.TabCenter)), 1, func(i page.Text) geom.EMU { return start(i) + i.Width/2 }, 100 * pt},
		{
			"a justified line ends at the margin", with(para(strings.Repeat("chữ ", 40)), func(p *flow.Paragraph) { p.Align = flow.Justify }),
			0, end, 200 * pt,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			laid := pages(t, body(c.p))
			texts := slices.DeleteFunc(slices.Clone(laid.Pages[0].Items), func(i page.Item) bool { _, ok := i.(page.Text); return !ok })
			got := c.at(texts[c.item].(page.Text))
			if off := got - c.want; off < -1 || off > 1 {
				t.Errorf("at %v, want %v\n%s", got, c.want, laid.Dump())
			}
		})
	}
}

// TestLinesStandApart gives the distance between the baselines of two lines, in points: the font is 10 pt, its line 11.499.
func TestLinesStandApart(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*flow.Paragraph)
		want   float64
	}{
		{"single", func(*flow.Paragraph) {}, 11.499},
		{"one and a half", func(p *flow.Paragraph) { p.Line.Value = 360 }, 17.249},
		{"exactly", func(p *flow.Paragraph) { p.Line = flow.LineSpacing{Rule: flow.Exactly, Value: 20 * pt} }, 20},
		{"at least, more", func(p *flow.Paragraph) { p.Line = flow.LineSpacing{Rule: flow.AtLeast, Value: 20 * pt} }, 20},
		{"at least, less", func(p *flow.Paragraph) { p.Line = flow.LineSpacing{Rule: flow.AtLeast, Value: 5 * pt} }, 11.499},
	} {
		t.Run(c.name, func(t *testing.T) {
			ys := baselines(pages(t, body(with(lines("a", 2), c.change))))
			if got := (ys[1] - ys[0]).Points(); got < c.want-0.01 || got > c.want+0.01 {
				t.Errorf("%.3f pt apart, want %.3f", got, c.want)
			}
		})
	}
}

// TestHeadersCountPages prints "n/m" in the header of each page but the first of a section with a title page.
func TestHeadersCountPages(t *testing.T) {
	s := section(lines("a", 9), with(lines("b", 9), func(p *flow.Paragraph) { p.PageBreakBefore = true }))
	s.Page.Top, s.TitlePage = 20*pt, true
	s.Header.Default = []flow.Block{para(flow.Field{Kind: flow.PageNumber, Style: small}, "/", flow.Field{Kind: flow.PageCount, Style: small})}
	got := layoutOf(pages(t, document(s)))
	if want := "a1 a2 a3 a4 a5 a6 a7 | 2/4 a8 a9 | 3/4 b1 b2 b3 b4 b5 b6 b7 | 4/4 b8 b9"; got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// TestSectionsHaveTheirOwnPaper turns the paper of the second section and starts its numbers anew.
func TestSectionsHaveTheirOwnPaper(t *testing.T) {
	first, second := section(para("a")), section(para("b", flow.Field{Kind: flow.PageNumber, Style: small}))
	second.Page.Width, second.Page.Height = first.Page.Height, first.Page.Width
	second.NumberStart = 7
	laid := pages(t, document(first, second))
	if got := layoutOf(laid); got != "a | b7" || laid.Pages[1].Width != first.Page.Height {
		t.Errorf("got %s\n%s", got, laid.Dump())
	}
	second.Page, second.Start, second.NumberStart = first.Page, flow.Continuous, -1
	if got := layoutOf(pages(t, document(first, second))); got != "a b1" {
		t.Errorf("continuous: got %s", got)
	}
}

// TestBordersOfCellsAreDrawnOnce counts the rules of a table of two by two cells: three lines each way.
func TestBordersOfCellsAreDrawnOnce(t *testing.T) {
	laid := pages(t, body(ruled(table([]geom.EMU{100, 100}, row(cell("a"), cell("b")), row(cell("c"), cell("d"))))))
	seen := map[page.Rule]int{}
	var across, down int
	for _, item := range laid.Pages[0].Items {
		rule, ok := item.(page.Rule)
		if !ok {
			continue
		}
		if seen[rule]++; seen[rule] > 1 {
			t.Errorf("drawn twice: %v", rule)
		}
		if rule.Y1 == rule.Y2 {
			across++
		} else {
			down++
		}
	}
	if across != 6 || down != 6 { // two cells of each of three lines
		t.Errorf("%d pieces across and %d down, want 6 each\n%s", across, down, laid.Dump())
	}
}

// TestWhatCannotBeShownIsToldAbout replaces characters without a glyph by a box and names fonts that others stand in for.
func TestWhatCannotBeShownIsToldAbout(t *testing.T) {
	laid, found := Paginate(body(para("a☐😀☐", run("b", func(s *flow.RunStyle) { s.Font = "VnTime" }))), tinos(t))
	if got := layoutOf(laid); got != "a□□□b" {
		t.Errorf("printed %q", got)
	}
	if len(found) != 2 || found[0].Code != diag.NoGlyph || !strings.Contains(found[0].Message, "ký tự ☐ (U+2610), 😀 (U+1F600)") ||
		found[1].Code != diag.FontSubstituted || !strings.Contains(found[1].Message, "VnTime") {
		t.Errorf("found\n%s", found)
	}
}

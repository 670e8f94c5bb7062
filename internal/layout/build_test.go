package layout

import (
	"strings"
	"sync"
	"testing"

	"vanthu/fonts"
	"vanthu/internal/flow"
	"vanthu/internal/font"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// This file builds small documents by hand. Lengths are points; text is set in 10 pt unless a test says otherwise, so that a line of
// single spacing is 11.49 pt high.

const (
	pt   = geom.Point
	size = 10 * pt
)

// tinos loads the embedded fonts, once.
var loadTinos = sync.OnceValues(func() (*font.Set, error) { return font.Load(fonts.FS) })

func tinos(t testing.TB) *font.Set {
	t.Helper()
	set, err := loadTinos()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// small is the look of the text of the tests.
var small = flow.RunStyle{Font: "Times New Roman", Size: size}

// styled is that look with a change.
func styled(change func(*flow.RunStyle)) flow.RunStyle {
	s := small
	change(&s)
	return s
}

// run is a stretch of text in a look.
func run(text string, change func(*flow.RunStyle)) flow.Text {
	return flow.Text{Text: text, Style: styled(change)}
}

// para is a paragraph of text and other inlines: a string becomes Text, "\t" in it a Tab, "\n" a line break, "\f" a page break.
func para(parts ...any) *flow.Paragraph {
	p := &flow.Paragraph{Style: "Normal", Line: flow.LineSpacing{Value: 240}, Mark: small, WidowControl: true}
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			p.Inlines = append(p.Inlines, inlines(part)...)
		case flow.Inline:
			p.Inlines = append(p.Inlines, part)
		}
	}
	return p
}

func inlines(text string) (list []flow.Inline) {
	for text != "" {
		i := strings.IndexAny(text, "\t\n\f")
		if i < 0 {
			i = len(text)
		}
		if i > 0 {
			list = append(list, flow.Text{Text: text[:i], Style: small})
		}
		if i == len(text) {
			break
		}
		switch text[i] {
		case '\t':
			list = append(list, flow.Tab{Style: small})
		case '\n':
			list = append(list, flow.Break{Style: small})
		case '\f':
			list = append(list, flow.Break{Kind: flow.PageBreak, Style: small})
		}
		text = text[i+1:]
	}
	return list
}

// with changes a paragraph.
func with(p *flow.Paragraph, change func(*flow.Paragraph)) *flow.Paragraph {
	change(p)
	return p
}

// many repeats a paragraph maker.
func many(n int, make func(i int) flow.Block) (blocks []flow.Block) {
	for i := range n {
		blocks = append(blocks, make(i))
	}
	return blocks
}

// lines is a paragraph of n one-word lines.
func lines(word string, n int) *flow.Paragraph {
	words := make([]string, n)
	for i := range words {
		words[i] = word + string(rune('1'+i))
	}
	return para(strings.Join(words, "\n"))
}

// cell is a cell of blocks with margins of 5 pt left and right; a string becomes a paragraph.
func cell(parts ...any) flow.Cell {
	c := flow.Cell{Span: 1, RowSpan: 1, Margins: flow.Margins{Left: 5 * pt, Right: 5 * pt}}
	for _, part := range parts {
		switch part := part.(type) {
		case string:
			c.Blocks = append(c.Blocks, para(part))
		case flow.Block:
			c.Blocks = append(c.Blocks, part)
		}
	}
	return c
}

// spanning covers columns and rows; covered is the place below it.
func spanning(columns, rows int, c flow.Cell) flow.Cell {
	c.Span, c.RowSpan = columns, rows
	return c
}

func covered(columns int) flow.Cell { return flow.Cell{Span: columns, RowSpan: 1, Covered: true} }

func row(cells ...flow.Cell) flow.Row { return flow.Row{Cells: cells} }

// heading is a row that is repeated.
func heading(cells ...flow.Cell) flow.Row { return flow.Row{Header: true, Cells: cells} }

// table is a table of columns of the given widths, with its text at the column's left edge.
func table(widths []geom.EMU, rows ...flow.Row) *flow.Table {
	grid := make([]geom.EMU, len(widths))
	for i, w := range widths {
		grid[i] = w * pt
	}
	return &flow.Table{Grid: grid, Indent: 5 * pt, Rows: rows}
}

// ruled draws a border of half a point around each cell of a table; covered ones have none.
func ruled(t *flow.Table) *flow.Table {
	b := flow.Border{Width: pt / 2}
	for i := range t.Rows {
		for j := range t.Rows[i].Cells {
			c := &t.Rows[i].Cells[j]
			if !c.Covered {
				c.Borders = flow.Borders{Top: b, Bottom: b, Left: b, Right: b}
			}
		}
	}
	return t
}

// section is a page of 220 by 120 pt with margins of 10 pt: the text is 200 pt wide and 100 pt high, eight lines.
func section(blocks ...flow.Block) flow.Section {
	return flow.Section{
		Page: flow.PageSetup{
			Width: 220 * pt, Height: 120 * pt, Top: 10 * pt, Bottom: 10 * pt, Left: 10 * pt, Right: 10 * pt, Header: 5 * pt, Footer: 5 * pt,
		},
		NumberStart: -1, Blocks: blocks,
	}
}

// document is a modern document of sections.
func document(sections ...flow.Section) flow.Document {
	return flow.Document{Compat: 15, DefaultTab: 36 * pt, Sections: sections}
}

// body is a document of one section.
func body(blocks ...flow.Block) flow.Document { return document(section(blocks...)) }

// pages lays a document out; findings fail the test.
func pages(t testing.TB, doc flow.Document) page.Document {
	t.Helper()
	laid, found := Paginate(doc, tinos(t))
	if len(found) > 0 {
		t.Errorf("findings:\n%v", found)
	}
	return laid
}

// linesOf returns the printed lines of a document.
func linesOf(doc page.Document) []string {
	var lines []string
	for _, p := range doc.Pages {
		lines = append(lines, linesOn(p)...)
	}
	return lines
}

// linesOn returns the printed lines of a page.
func linesOn(p page.Page) (lines []string) {
	for _, item := range p.Items {
		if text, ok := item.(page.Text); ok {
			if text.LineStart {
				lines = append(lines, "")
			}
			lines[len(lines)-1] += text.Text
		}
	}
	return lines
}

// layoutOf returns the lines of each page, pages parted by a bar.
func layoutOf(doc page.Document) string {
	var parts []string
	for _, p := range doc.Pages {
		parts = append(parts, strings.Join(linesOn(p), " "))
	}
	return strings.Join(parts, " | ")
}

// baselines returns the height of each line below the upper margin of its page, in points.
func baselines(doc page.Document) (ys []geom.EMU) {
	for _, p := range doc.Pages {
		for _, item := range p.Items {
			if text, ok := item.(page.Text); ok && text.LineStart {
				ys = append(ys, text.Y-10*pt)
			}
		}
	}
	return ys
}

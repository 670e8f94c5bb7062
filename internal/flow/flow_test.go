package flow

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/geom"
)

// sample is a document with one of most things.
func sample() Document {
	body := RunStyle{Font: "Times New Roman", Size: 14 * geom.Point}
	bold := body
	bold.Bold = true
	paragraph := func(number int, inlines ...Inline) *Paragraph {
		return &Paragraph{Number: number, Line: LineSpacing{Value: 240}, WidowControl: true, Mark: body, Inlines: inlines}
	}
	item := paragraph(1, Text{"Kế\u00a0hoạch ", bold}, Text{"năm", body}, Break{LineBreak, body}, Text{"2026", body})
	item.Label = []Inline{Text{"I.", body}, Tab{body}}
	item.Align, item.FirstLine, item.Tabs = Justify, -10*geom.Point, []TabStop{{72 * geom.Point, TabRight, '.'}}
	cell := Cell{Span: 1, RowSpan: 1, Blocks: []Block{paragraph(2, Text{"ô", body})}, Borders: Borders{Top: Border{Width: 6350}}}
	table := &Table{Grid: []geom.EMU{72 * geom.Point}, Rows: []Row{{Header: true, Cells: []Cell{cell}}}, Number: 2}
	page := paragraph(0, Field{PageNumber, body})
	return Document{Compat: 15, DefaultTab: 36 * geom.Point, Sections: []Section{{
		TitlePage: true, NumberStart: -1, Header: HeaderSet{Default: []Block{page}},
		Blocks: []Block{item, table, paragraph(3, Line{X2: 72 * geom.Point, Pen: Border{Width: 9525}})},
	}}}
}

func TestText(t *testing.T) {
	if diff := cmp.Diff("I.\tKế\u00a0hoạch năm\n2026\nô\n\n", sample().Text()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for p := range sample().Paragraphs() {
		if got := p.Text(); got != "Kế\u00a0hoạch năm\n2026" {
			t.Errorf("first paragraph %q", got)
		}
		break
	}
}

func TestDump(t *testing.T) {
	const want = `document compat=15 default-tab=36.00
section 0.00x0.00 margins 0.00 0.00 0.00 0.00 header 0.00 footer 0.00 title-page
  header:
    p 0: {14.00}<PAGE>
p 1 justify first=-10.00 tab=right:72.00. label={14.00}I.<tab>: {14.00 b}Kế<nbsp>hoạch {14.00}năm<br>2026
table 72.00
  row header
    cell margins 0.00 0.00 0.00 0.00 T0.50
      p 2: {14.00}ô
p 3 mark={14.00}: <line 0.00,0.00 72.00,0.00 text,text 0.75>
`
	if diff := cmp.Diff(want, sample().Dump()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

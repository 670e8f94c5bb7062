package layout

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// A random document is made of streams: the paragraphs of the body are one, those of each cell another. The colour of the text tells
// which stream it belongs to, so that the pages can be asked whether each stream has arrived whole and in order.

// stream is what the text of one colour must be.
type stream struct {
	text     strings.Builder // without spaces
	repeated bool            // in a heading row
	clipped  bool            // in a table with rows of exact height, which text may run out of
}

// author draws random documents.
type author struct {
	t       *rapid.T
	streams []*stream
	words   int
	depth   int  // of tables in one another
	heading int  // heading rows that are being drawn, one in the other
	exact   int  // tables with rows of exact height that are being drawn, one in the other
	clipped bool // there was one
}

func (a *author) number(name string, low, high int) int {
	return rapid.IntRange(low, high).Draw(a.t, name)
}

func (a *author) points(name string, low, high int) geom.EMU {
	return geom.EMU(a.number(name, low, high)) * pt
}

// chance is true once in n.
func (a *author) chance(name string, n int) bool { return a.number(name, 1, n) == n }

func (a *author) stream() int {
	a.streams = append(a.streams, &stream{clipped: a.exact > 0, repeated: a.heading > 0})
	return len(a.streams) - 1
}

func (a *author) document() flow.Document {
	doc := flow.Document{
		Compat:      rapid.SampledFrom([]int{0, 12, 14, 15}).Draw(a.t, "compat"),
		DefaultTab:  36 * pt,
		SpacingAdds: a.chance("adds", 4),
	}
	for i := range a.number("sections", 1, 3) {
		s := flow.Section{NumberStart: -1, Page: flow.PageSetup{
			Width: a.points("width", 260, 400), Height: a.points("height", 360, 500),
			Top: 20 * pt, Bottom: 20 * pt, Left: a.points("left", 10, 30), Right: 20 * pt, Header: 10 * pt, Footer: 10 * pt,
		}}
		if i > 0 && a.chance("continuous", 2) {
			s.Start = flow.Continuous
			s.Page.Width, s.Page.Height = doc.Sections[i-1].Page.Width, doc.Sections[i-1].Page.Height
		}
		s.Blocks = a.blocks(a.stream(), a.number("blocks", 1, 8), a.depth, s.Page.Width-s.Page.Left-s.Page.Right)
		doc.Sections = append(doc.Sections, s)
	}
	return doc
}

// blocks draws paragraphs of a stream, and tables while depth lasts.
func (a *author) blocks(id, n, depth int, room geom.EMU) (blocks []flow.Block) {
	for range n {
		if depth > 0 && room > 100*pt && a.chance("table", 4) {
			blocks = append(blocks, a.table(depth-1, room))
			continue
		}
		blocks = append(blocks, a.paragraph(id, depth == a.depth))
	}
	return blocks
}

func (a *author) paragraph(id int, inBody bool) *flow.Paragraph {
	p := &flow.Paragraph{
		Style: rapid.SampledFrom([]string{"Normal", "List"}).Draw(a.t, "style"),
		Align: flow.Align(a.number("align", 0, 3)), WidowControl: !a.chance("widows", 3), KeepNext: a.chance("next", 4),
		KeepLines: a.chance("keep", 5), ContextualSpacing: a.chance("contextual", 5), PageBreakBefore: a.chance("page", 20),
		SpaceBefore: a.points("before", 0, 12), SpaceAfter: a.points("after", 0, 12), Mark: small,
		Line: rapid.SampledFrom([]flow.LineSpacing{
			{Value: 240}, {Value: 360}, {Value: 216}, {Rule: flow.Exactly, Value: 12 * pt}, {Rule: flow.AtLeast, Value: 16 * pt},
		}).Draw(a.t, "line"),
	}
	if inBody {
		p.IndentLeft, p.IndentRight = a.points("indent", 0, 40), a.points("right", 0, 20)
		p.FirstLine = max(a.points("first", -20, 40), -p.IndentLeft)
	}
	if a.chance("border", 6) {
		b := flow.Border{Width: pt, Double: a.chance("double", 2)}
		p.Borders = flow.Borders{Top: b, Bottom: b}
	}
	runs := a.number("runs", 1, 4)
	for i := range runs {
		style := flow.RunStyle{
			Font: "Times New Roman", Size: a.points("size", 6, 18), Bold: a.chance("bold", 2),
			Position: flow.Position(a.number("position", 0, 2)), Color: flow.Color{RGB: uint32(id), Set: true},
		}
		p.Inlines = append(p.Inlines, flow.Text{Text: a.text(id), Style: style})
		switch {
		case i == runs-1: // a line of nothing but a tab could stand alone on a page, which then has no text
		case a.chance("tab", 6):
			p.Inlines = append(p.Inlines, flow.Tab{Style: style})
		case a.chance("br", 6):
			p.Inlines = append(p.Inlines, flow.Break{Style: style})
		case inBody && a.chance("break", 20):
			p.Inlines = append(p.Inlines, flow.Break{Kind: flow.PageBreak, Style: style})
		}
	}
	if a.chance("stop", 3) {
		p.Tabs = []flow.TabStop{{Position: a.points("position", 1, 200), Kind: flow.TabKind(a.number("kind", 0, 3))}}
	}
	return p
}

// text draws words, each with a number of its own, some far too long for a line.
func (a *author) text(id int) string {
	var words []string
	for range a.number("words", 1, 15) {
		a.words++
		word := fmt.Sprintf("từ-%d", a.words)
		if a.chance("long", 40) {
			word = strings.Repeat(word, 15)
		}
		words = append(words, word)
		a.streams[id].text.WriteString(word)
	}
	return strings.Join(words, strings.Repeat(" ", a.number("spaces", 1, 2)))
}

func (a *author) table(depth int, room geom.EMU) *flow.Table {
	columns := min(a.number("columns", 1, 4), int(room/(60*pt)))
	t := &flow.Table{Align: flow.Align(a.number("place", 0, 2)), Indent: 5 * pt}
	for range columns {
		t.Grid = append(t.Grid, room/geom.EMU(columns))
	}
	rules := []flow.LineRule{flow.AtLeast}
	if a.chance("exact", 5) {
		a.exact, a.clipped = a.exact+1, true
		defer func() { a.exact-- }()
		rules = append(rules, flow.Exactly)
	}
	rows := a.number("rows", 1, 6)
	headers := a.number("headers", 0, 1)
	open := make([]int, columns) // rows that the merged cell of a column still covers
	for r := range rows {
		row := flow.Row{Header: r < headers, CannotSplit: a.chance("whole", 4)}
		if a.chance("tall", 4) {
			row.HeightRule, row.Height = rapid.SampledFrom(rules).Draw(a.t, "rule"), a.points("high", 10, 80)
		}
		for column := 0; column < columns; {
			c := flow.Cell{Span: 1, RowSpan: 1, Margins: flow.Margins{Left: 5 * pt, Right: 5 * pt, Top: a.points("upper", 0, 3)}}
			c.VAlign = flow.VAlign(a.number("valign", 0, 2))
			switch {
			case open[column] > 0:
				open[column]--
				c.Covered = true
			default:
				if a.chance("ruled", 2) {
					b := flow.Border{Width: pt}
					c.Borders = flow.Borders{Top: b, Bottom: b, Left: b, Right: b}
				}
				if a.chance("merge", 5) && column < columns-1 {
					c.RowSpan = min(a.number("down", 2, 3), rows-r)
					open[column] = c.RowSpan - 1
				} else if column+1 < columns && open[column+1] == 0 && a.chance("wide", 5) {
					c.Span = 2
				}
				if r < headers {
					a.heading++
				}
				c.Blocks = a.blocks(a.stream(), a.number("content", 1, 3), depth, room/geom.EMU(columns)*geom.EMU(c.Span)-12*pt)
				if r < headers {
					a.heading--
				}
			}
			column += c.Span
			row.Cells = append(row.Cells, c)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// arrived gathers the text of each stream from the pages.
func arrived(doc page.Document) map[uint32]string {
	texts := map[uint32]*strings.Builder{}
	for _, p := range doc.Pages {
		for _, item := range p.Items {
			if text, ok := item.(page.Text); ok {
				if texts[text.Color.RGB] == nil {
					texts[text.Color.RGB] = &strings.Builder{}
				}
				texts[text.Color.RGB].WriteString(strings.ReplaceAll(text.Text, " ", ""))
			}
		}
	}
	out := map[uint32]string{}
	for id, b := range texts {
		out[id] = b.String()
	}
	return out
}

// written lays a random document out, twice, and gives the author with the pages.
func written(t *rapid.T, depth int) (*author, flow.Document, page.Document) {
	set, err := loadTinos()
	if err != nil {
		t.Fatal(err)
	}
	a := &author{t: t, depth: depth}
	doc := a.document()
	laid, _ := Paginate(doc, set)
	t.Logf("%s%s", doc.Dump(), laid.Dump())
	if again, _ := Paginate(doc, set); again.Dump() != laid.Dump() {
		t.Fatal("the same document gives other pages")
	}
	return a, doc, laid
}

// properties are what holds for every document without tables in tables.
func properties(t *rapid.T) {
	a, doc, laid := written(t, 1)
	got := arrived(laid)
	for id, want := range a.streams {
		text, rest := want.text.String(), got[uint32(id)]
		for times := 0; rest != "" || times == 0; times++ {
			if !strings.HasPrefix(rest, text) || times > 0 && !want.repeated {
				t.Fatalf("stream %d: the pages have\n%s\nwant\n%s\n%s", id, got[uint32(id)], text, laid.Dump())
			}
			rest = rest[len(text):]
		}
	}
	for i, p := range laid.Pages {
		a.checkPage(t, doc, i+1, p)
	}
}

// nestedProperties are what holds with tables in tables too: layout ends, and no word is lost.
func nestedProperties(t *rapid.T) {
	a, _, laid := written(t, 2)
	got := arrived(laid)
	for id, want := range a.streams {
		if !strings.Contains(got[uint32(id)], want.text.String()) {
			t.Fatalf("stream %d: the pages have\n%s\nwant\n%s\n%s", id, got[uint32(id)], want.text.String(), laid.Dump())
		}
	}
}

// checkPage holds a page against the bounds of the document's sections.
func (a *author) checkPage(t *rapid.T, doc flow.Document, number int, p page.Page) {
	const tolerance = 2 // EMU, of rounding
	const drop = 3 * pt // of subscripts, which may hang out of a line of exact height
	left := slices.MinFunc(doc.Sections, func(a, b flow.Section) int { return int(a.Page.Left - b.Page.Left) }).Page.Left
	texts := 0
	for _, item := range p.Items {
		switch item := item.(type) {
		case page.Text:
			texts++
			s := a.streams[item.Color.RGB]
			if item.X < left-tolerance || item.X+item.Width > p.Width-20*pt+tolerance {
				t.Fatalf("page %d: %q stands at %v, %v wide", number, item.Text, item.X, item.Width)
			}
			if item.Y < 20*pt || item.Y > p.Height-20*pt+drop && !s.clipped {
				t.Fatalf("page %d: %q stands at height %v", number, item.Text, item.Y)
			}
		case page.Rule:
			outside := min(item.X1, item.X2, item.Y1, item.Y2) < 0 || max(item.X1, item.X2) > p.Width || max(item.Y1, item.Y2) > p.Height
			if outside && !a.clipped {
				t.Fatalf("page %d: a rule outside the page: %v", number, item)
			}
		}
	}
	if texts == 0 {
		t.Fatalf("page %d is empty", number)
	}
}

// check runs a property on three hundred random documents, the same every time unless -rapid.seed names others; FuzzPaginate looks
// further.
func check(t *testing.T, property func(*rapid.T)) {
	for name, value := range map[string]string{"rapid.seed": "57", "rapid.checks": "300"} {
		if f := flag.Lookup(name); f.Value.String() == f.DefValue {
			if err := flag.Set(name, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	rapid.Check(t, property)
}

func TestPagesHoldWhatTheDocumentSays(t *testing.T) { check(t, properties) }

func TestTablesInTablesLoseNothing(t *testing.T) { check(t, nestedProperties) }

func FuzzPaginate(f *testing.F) { f.Fuzz(rapid.MakeFuzz(properties)) }

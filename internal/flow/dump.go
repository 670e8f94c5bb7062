package flow

import (
	"fmt"
	"strings"

	"vanthu/internal/geom"
)

// Dump prints the document for reading and for golden files: a line a paragraph with the properties that are not the default,
// cells indented under rows and rows under tables. Lengths are points. A style stands in braces before the text it governs.
func (d Document) Dump() string {
	w := &dumper{}
	w.line("document compat=%d default-tab=%v", d.Compat, d.DefaultTab)
	if d.SpacingAdds {
		w.line("  space after and before add up")
	}
	for _, field := range [...][2]string{{"title", d.Title}, {"author", d.Author}, {"created", d.Created}} {
		if field[1] != "" {
			w.line("  %s: %s", field[0], field[1])
		}
	}
	for _, s := range d.Sections {
		w.section(s)
	}
	return w.b.String()
}

// dumper writes lines at a depth; words of the line being built gather in out.
type dumper struct {
	b     strings.Builder
	depth int
	words []string
}

func (w *dumper) line(format string, args ...any) {
	w.b.WriteString(strings.Repeat("  ", w.depth))
	fmt.Fprintf(&w.b, format, args...)
	w.b.WriteByte('\n')
}

func (w *dumper) word(given bool, format string, args ...any) {
	if given {
		w.words = append(w.words, fmt.Sprintf(format, args...))
	}
}

// take returns the words gathered, each after a space.
func (w *dumper) take() string {
	var b strings.Builder
	for _, word := range w.words {
		b.WriteByte(' ')
		b.WriteString(word)
	}
	w.words = w.words[:0]
	return b.String()
}

func (w *dumper) section(s Section) {
	p := s.Page
	w.word(true, "%vx%v margins %v %v %v %v", p.Width, p.Height, p.Top, p.Right, p.Bottom, p.Left)
	w.word(true, "header %v footer %v", p.Header, p.Footer)
	w.word(s.Start == Continuous, "continuous")
	w.word(s.TitlePage, "title-page")
	w.word(s.NumberStart >= 0, "start=%d", s.NumberStart)
	w.line("section%s", w.take())
	w.depth++
	w.named("header", s.Header.Default)
	w.named("first header", s.Header.First)
	w.named("footer", s.Footer.Default)
	w.named("first footer", s.Footer.First)
	w.depth--
	w.blocks(s.Blocks)
}

func (w *dumper) named(name string, blocks []Block) {
	if blocks == nil {
		return
	}
	w.line("%s:", name)
	w.depth++
	w.blocks(blocks)
	w.depth--
}

func (w *dumper) blocks(blocks []Block) {
	for _, b := range blocks {
		switch b := b.(type) {
		case *Paragraph:
			w.paragraph(b)
		case *Table:
			w.table(b)
		}
	}
}

func (w *dumper) paragraph(p *Paragraph) {
	w.word(true, "%d", p.Number)
	w.word(p.Style != "", "[%s]", p.Style)
	w.word(p.Align != Left, "%v", p.Align)
	w.length("left", p.IndentLeft)
	w.length("right", p.IndentRight)
	w.length("first", p.FirstLine)
	w.length("before", p.SpaceBefore)
	w.length("after", p.SpaceAfter)
	w.word(p.Line != LineSpacing{Auto, 240}, "line=%v", p.Line)
	for _, flag := range [...]struct {
		on   bool
		name string
	}{
		{p.ContextualSpacing, "contextual"},
		{p.KeepNext, "keep-next"},
		{p.KeepLines, "keep-lines"},
		{!p.WidowControl, "widows"},
		{p.PageBreakBefore, "page-break"},
	} {
		w.word(flag.on, "%s", flag.name)
	}
	for _, tab := range p.Tabs {
		leader := ""
		if tab.Leader != 0 {
			leader = string(tab.Leader)
		}
		w.word(true, "tab=%v%v%s", tab.Kind, tab.Position, leader)
	}
	w.borders(p.Borders)
	w.word(p.Between.Width > 0, "between=%v", p.Between)
	w.word(p.Shading.Set, "shading=%v", p.Shading)
	if len(p.Label) > 0 {
		text, _ := inlineText(p.Label, RunStyle{})
		w.word(true, "label=%s", text)
	}
	text, last := inlineText(p.Inlines, RunStyle{})
	w.word(last != p.Mark, "mark={%v}", p.Mark)
	w.line("p%s: %s", w.take(), text)
}

func (w *dumper) length(name string, value geom.EMU) { w.word(value != 0, "%s=%v", name, value) }

func (w *dumper) borders(b Borders) {
	w.word(b.Top.Width > 0, "T%v", b.Top)
	w.word(b.Right.Width > 0, "R%v", b.Right)
	w.word(b.Bottom.Width > 0, "B%v", b.Bottom)
	w.word(b.Left.Width > 0, "L%v", b.Left)
}

func (w *dumper) table(t *Table) {
	w.word(t.Align != Left, "%v", t.Align)
	w.length("indent", t.Indent)
	for _, width := range t.Grid {
		w.word(true, "%v", width)
	}
	w.line("table%s", w.take())
	w.depth++
	for _, row := range t.Rows {
		w.row(row)
	}
	w.depth--
}

func (w *dumper) row(row Row) {
	w.word(row.GridBefore > 0, "grid-before=%d", row.GridBefore)
	w.word(row.HeightRule == AtLeast, "height>=%v", row.Height)
	w.word(row.HeightRule == Exactly, "height=%v", row.Height)
	w.word(row.Header, "header")
	w.word(row.CannotSplit, "unsplit")
	w.line("row%s", w.take())
	w.depth++
	for _, c := range row.Cells {
		w.word(c.Span != 1, "span=%d", c.Span)
		w.word(c.RowSpan != 1, "rows=%d", c.RowSpan)
		w.word(c.Covered, "covered")
		m := c.Margins
		w.word(true, "margins %v %v %v %v", m.Top, m.Right, m.Bottom, m.Left)
		w.borders(c.Borders)
		w.word(c.Shading.Set, "shading=%v", c.Shading)
		w.word(c.VAlign != AlignTop, "%v", c.VAlign)
		w.line("cell%s", w.take())
		w.depth++
		w.blocks(c.Blocks)
		w.depth--
	}
	w.depth--
}

// visible names the characters that would not show in a dump.
var visible = strings.NewReplacer("\u00a0", "<nbsp>", "\u2011", "<nbhyphen>", "\u00ad", "<shy>", "\n", "<lf>")

// inlineText prints inlines, a style in braces wherever it differs from the one before, and returns the last style.
func inlineText(inlines []Inline, last RunStyle) (string, RunStyle) {
	var b strings.Builder
	put := func(style RunStyle, text string) {
		if style != last {
			fmt.Fprintf(&b, "{%v}", style)
			last = style
		}
		b.WriteString(text)
	}
	for _, i := range inlines {
		switch i := i.(type) {
		case Text:
			put(i.Style, visible.Replace(i.Text))
		case Tab:
			put(i.Style, "<tab>")
		case Break:
			put(i.Style, [...]string{"<br>", "<page>"}[i.Kind])
		case Field:
			put(i.Style, [...]string{"<PAGE>", "<NUMPAGES>"}[i.Kind])
		case Line:
			fmt.Fprintf(&b, "<%v>", i)
		}
	}
	return b.String(), last
}

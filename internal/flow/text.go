package flow

import (
	"iter"
	"strings"
)

// Text returns the text of the body in order: list labels, a tab as "\t", a line or page break as "\n", each paragraph ended by
// "\n". Headers, footers and the numbers of fields are left out.
func (d Document) Text() string {
	var b strings.Builder
	for p := range d.Paragraphs() {
		writeText(&b, p.Label)
		writeText(&b, p.Inlines)
		b.WriteByte('\n')
	}
	return b.String()
}

// Text returns the text of one paragraph without its label: a tab as "\t", a break as "\n".
func (p *Paragraph) Text() string {
	var b strings.Builder
	writeText(&b, p.Inlines)
	return b.String()
}

func writeText(b *strings.Builder, inlines []Inline) {
	for _, i := range inlines {
		switch i := i.(type) {
		case Text:
			b.WriteString(i.Text)
		case Tab:
			b.WriteByte('\t')
		case Break:
			b.WriteByte('\n')
		}
	}
}

// Paragraphs visits the paragraphs of the body in order, those in tables row by row.
func (d Document) Paragraphs() iter.Seq[*Paragraph] {
	return func(yield func(*Paragraph) bool) {
		for _, s := range d.Sections {
			if !visit(s.Blocks, yield) {
				return
			}
		}
	}
}

func visit(blocks []Block, yield func(*Paragraph) bool) bool {
	for _, b := range blocks {
		switch b := b.(type) {
		case *Paragraph:
			if !yield(b) {
				return false
			}
		case *Table:
			for _, row := range b.Rows {
				for _, cell := range row.Cells {
					if !visit(cell.Blocks, yield) {
						return false
					}
				}
			}
		}
	}
	return true
}

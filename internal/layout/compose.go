package layout

import (
	"slices"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
)

// strip is a horizontal band that stands on one page: a line of text or a row of a table.
type strip struct {
	after geom.EMU // the space after of the paragraph above it; left out at the top of a page
	above geom.EMU // what its own space before adds to that
	glue  bool     // no page may end below it
	widow bool     // nor may a part of a split row
	start bool     // it starts a page: pageBreakBefore

	box  *textBox // the line index of this paragraph,
	line int
	row  *rowBox // or this row
}

// size is the room that a strip takes.
func (s *strip) size() geom.EMU {
	if s.row == nil {
		return s.box.lines[s.line].height
	}
	if s.row.closes() {
		return s.row.height + s.row.under
	}
	return s.row.height
}

// need is the room that there must be for a strip at the foot of a page: a line may hang out what its spacing adds below the
// text, a row must have its lower border with it.
func (s *strip) need() geom.EMU {
	if s.row == nil {
		return s.box.lines[s.line].height - s.box.lines[s.line].slack
	}
	return s.row.height + s.row.under
}

// stackHeight is the height of strips that stand one below the other.
func stackHeight(strips []strip) (height geom.EMU) {
	for i := range strips {
		height += strips[i].after + strips[i].above + strips[i].size()
	}
	return height
}

// textBox is a paragraph broken into lines.
type textBox struct {
	paragraph *flow.Paragraph
	text      string
	tokens    []token
	lines     []line
	measure   measure
	drawn     []flow.Line
	frame     frame
}

// compose makes strips of blocks set in a column of the given width, below a paragraph with the given space after. It returns the
// space after of the last block too.
func (l *layouter) compose(blocks []flow.Block, width, below geom.EMU) ([]strip, geom.EMU) {
	strips := make([]strip, 0, 3*len(blocks))
	for i, b := range blocks {
		switch b := b.(type) {
		case *flow.Paragraph:
			before, after := paragraphAt(blocks, i-1), paragraphAt(blocks, i+1)
			first := len(strips)
			strips = l.composeParagraph(strips, b, before, after, width)
			strips[first].after, strips[first].above = below, l.spaceAbove(b, before, below)
			below = b.SpaceAfter
			if b.ContextualSpacing && after != nil && after.Style == b.Style {
				below = 0
			}
		case *flow.Table:
			first := len(strips)
			strips = l.composeTable(strips, b, width)
			if first < len(strips) {
				strips[first].after, below = below, 0
			}
		}
	}
	return strips, below
}

// paragraphAt is the paragraph at a place of a list of blocks, nil when none stands there.
func paragraphAt(blocks []flow.Block, i int) *flow.Paragraph {
	if i < 0 || i >= len(blocks) {
		return nil
	}
	p, _ := blocks[i].(*flow.Paragraph)
	return p
}

// spaceAbove is what a paragraph's space before adds to the space after of the block above: Word leaves the larger of the two
// between paragraphs (17.3.1.33), older files asked for both.
func (l *layouter) spaceAbove(p, before *flow.Paragraph, below geom.EMU) geom.EMU {
	switch {
	case p.ContextualSpacing && before != nil && before.Style == p.Style:
		return 0
	case l.doc.SpacingAdds:
		return p.SpaceBefore
	default:
		return max(0, p.SpaceBefore-below)
	}
}

// composeParagraph appends a strip for each line. The neighbours tell where borders that run on are not closed.
func (l *layouter) composeParagraph(strips []strip, p, before, after *flow.Paragraph, width geom.EMU) []strip {
	b := &textBox{paragraph: p}
	b.measure = measure{
		first:      p.IndentLeft + p.FirstLine,
		rest:       p.IndentLeft,
		limit:      width - p.IndentRight,
		tabs:       p.Tabs,
		defaultTab: l.doc.DefaultTab,
		squeeze:    p.Align == flow.Justify && l.doc.Compat >= modern,
	}
	b.drawn = l.cut(p)
	b.lines = slices.Clone(l.breakLines(&b.measure))
	b.tokens, b.text = slices.Clone(l.tokens), string(l.text)
	for i := range b.lines {
		ln := &b.lines[i]
		ascent, descent := l.extent(b, ln)
		ln.height, ln.baseline = lineBox(p.Line, ascent, descent)
		if p.Line.Rule == flow.Auto {
			ln.slack = max(0, ln.height-ascent-descent)
		}
	}
	b.addFrame(before, after, width)
	first := len(strips)
	for i := range b.lines {
		strips = append(strips, strip{box: b, line: i})
	}
	strips[first].start = p.PageBreakBefore
	l.keepTogether(strips[first:], b)
	return strips
}

// modern is the compatibility mode of Word 2013, in which several rules changed ([MS-DOCX] 2.3.3).
const modern = 15

// keepTogether glues lines by the paragraph's wishes. Widow control leaves no single line of a paragraph alone on a page (17.3.1.44).
// From Word 2013 on a page break ends a paragraph for that purpose, widow control holds in tables too, and keepNext holds but the
// paragraph's last line; before, the whole of it.
func (l *layouter) keepTogether(strips []strip, b *textBox) {
	p, isModern := b.paragraph, l.doc.Compat >= modern
	first, end := 0, -1 // the stretch of lines that widow control sees
	for i := range strips {
		if i > end {
			for first, end = i, i; end < len(strips)-1 && !(isModern && b.lines[end].pageEnd); {
				end++
			}
		}
		switch {
		case i == len(strips)-1:
			strips[i].glue = p.KeepNext
		case i < end:
			widow := p.WidowControl && (i == first || i == end-1)
			strips[i].glue = widow || p.KeepLines || p.KeepNext && !isModern
			strips[i].widow = widow && isModern
		}
	}
}

// extent returns the ascent and descent of a line: the largest of its words. Spaces and tabs do not count, and the paragraph mark
// counts only where there are no words.
func (l *layouter) extent(b *textBox, ln *line) (ascent, descent geom.EMU) {
	var seen *look
	for i := ln.from; i < ln.to; i++ {
		t := &b.tokens[i]
		switch {
		case t.kind != wordToken || t.look == seen:
		case seen == nil:
			seen = t.look
			ascent, descent = seen.ascent, seen.descent
		default:
			seen = t.look
			ascent, descent = max(ascent, seen.ascent), max(descent, seen.descent)
		}
	}
	if seen == nil {
		mark := l.look(b.paragraph.Mark)
		return mark.ascent, mark.descent
	}
	return ascent, descent
}

// lineBox applies the line spacing (17.3.1.33) and says how far below the top the baseline runs. What a multiple adds stands below
// the text, what it takes away is taken above and below alike; a least height adds above; an exact height gives four fifths to the
// part above the baseline.
func lineBox(spacing flow.LineSpacing, ascent, descent geom.EMU) (height, baseline geom.EMU) {
	natural := ascent + descent
	switch {
	case spacing.Rule == flow.Exactly:
		return spacing.Value, spacing.Value - spacing.Value/5
	case spacing.Rule == flow.AtLeast:
		return max(natural, spacing.Value), ascent + max(0, spacing.Value-natural)
	case spacing.Value < 240:
		return roundDiv(natural*spacing.Value, 240), roundDiv(ascent*spacing.Value, 240)
	default:
		return roundDiv(natural*spacing.Value, 240), ascent
	}
}

package layout

import (
	"slices"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// filler deals strips out to pages. One that has only a place to paint at fills a cell or a header.
type filler struct {
	*layouter
	sheets []*sheet
	pageOf map[*flow.Paragraph]int

	section *flow.Section
	bands   [2]bands // of the section's pages; of its first page
	sheet   *sheet   // the page being filled
	left    geom.EMU // of the column
	width   geom.EMU // likewise
	y       geom.EMU
	top     bool // nothing stands on the page yet, repeated heading rows aside
	ended   bool // a page break was the last thing on the page
	again   bool // what is painted comes again: it is part of a heading row
	rows    []placedRow
}

// sheet is a page being made.
type sheet struct {
	page.Page
	section *flow.Section
	first   bool // of its section: it may have its own header
	number  int
	start   geom.EMU // where the body begins, below a tall header
	end     geom.EMU // where it ends, above a tall footer
}

// fillSections makes the bodies of all pages and says on which page each paragraph begins.
func (l *layouter) fillSections() ([]*sheet, map[*flow.Paragraph]int) {
	f := &filler{layouter: l, pageOf: make(map[*flow.Paragraph]int)}
	var below geom.EMU
	for i := range l.doc.Sections {
		s := &l.doc.Sections[i]
		f.section, f.left, f.width = s, s.Page.Left, s.Page.Width-s.Page.Left-s.Page.Right
		f.measureBands()
		if f.sheet == nil || s.Start != flow.Continuous || s.Page.Width != f.sheet.Width || s.Page.Height != f.sheet.Height {
			f.newSheet(true)
		}
		var strips []strip
		strips, below = l.compose(sectionBlocks(s, i == len(l.doc.Sections)-1), f.width, below)
		f.fill(strips)
	}
	return f.sheets, f.pageOf
}

// sectionBlocks leaves out an empty paragraph that only holds the section's end: Word gives it no room.
func sectionBlocks(s *flow.Section, lastSection bool) []flow.Block {
	n := len(s.Blocks)
	if p := paragraphAt(s.Blocks, n-1); !lastSection && n > 1 && isEmpty(p) && !p.PageBreakBefore {
		return s.Blocks[:n-1]
	}
	return s.Blocks
}

// newSheet begins a page of the current section.
func (f *filler) newSheet(first bool) {
	f.flushRows()
	setup := f.section.Page
	s := &sheet{section: f.section, first: first, number: 1}
	s.Width, s.Height = setup.Width, setup.Height
	if n := len(f.sheets); n > 0 {
		s.number = f.sheets[n-1].number + 1
	}
	if first && f.section.NumberStart >= 0 {
		s.number = f.section.NumberStart
	}
	b := f.bands[0]
	if first {
		b = f.bands[1]
	}
	s.start = max(setup.Top, setup.Header+b.header)
	s.end = setup.Height - max(setup.Bottom, setup.Footer+b.footer)
	if s.end <= s.start { // header and footer leave no room: the body keeps its margins
		s.start, s.end = setup.Top, setup.Height-setup.Bottom
	}
	f.sheets = append(f.sheets, s)
	f.site++
	f.sheet, f.y, f.top, f.ended = s, s.start, true, false
}

// fill places strips, page after page.
func (f *filler) fill(strips []strip) {
	f.site++ // tables were measured by themselves since the page began
	for i := 0; i < len(strips); {
		if f.ended || strips[i].start && !f.top {
			f.newSheet(false)
		}
		if f.top {
			f.repeatHeaders(strips[i].row)
		}
		var count int
		strips, count = f.fit(strips, i)
		for j := range strips[i : i+count] {
			f.place(&strips[i+j])
		}
		i += count
		if i < len(strips) && !f.ended {
			f.newSheet(false)
		}
	}
	f.flushRows()
}

// fit counts the strips from i on that go on this page; a row that has to be split comes back as two strips. At least one strip
// goes on an empty page, however tall.
func (f *filler) fit(strips []strip, i int) ([]strip, int) {
	y, end := f.y, f.sheet.end
	for j := i; j < len(strips); j++ {
		s, alone := &strips[j], j == i && f.top
		if s.start && j > i {
			return strips, j - i
		}
		y += f.gap(s, alone)
		if s.row != nil {
			s.row.grow(f.site, y)
		}
		if y+s.need() <= end {
			y += s.size()
			if s.row == nil && s.box.lines[s.line].pageEnd {
				return strips, j + 1 - i
			}
			continue
		}
		if s.row != nil {
			if head, tail, ok := s.row.split(y, end, alone); ok {
				rest := *s
				s.row, rest.row, rest.after, rest.above = head, tail, 0, 0
				return slices.Insert(strips, j+1, rest), j + 1 - i
			}
		}
		n := j - i
		for n > 0 && strips[i+n-1].glue {
			n--
		}
		if n == 0 && f.top { // the wishes ask for more than a page
			n = max(1, j-i)
		}
		return strips, n
	}
	return strips, len(strips) - i
}

// gap is the space above a strip. At the top of a page the space after of what stands above is left out, and so is the space before
// of the strip itself, except on the first page of a section and, before Word 2013, where the paragraph asked for the page.
func (f *filler) gap(s *strip, atTop bool) geom.EMU {
	switch {
	case !atTop:
		return s.after + s.above
	case f.sheet.first || s.start && f.doc.Compat < modern:
		return s.above
	default:
		return 0
	}
}

// repeatHeaders puts the heading rows of a table that goes on above its next row (17.4.49).
func (f *filler) repeatHeaders(r *rowBox) {
	if r == nil || r.index < r.table.headers {
		return
	}
	var height geom.EMU
	for _, h := range r.table.rows[:r.table.headers] {
		height += h.height
	}
	if height > (f.sheet.end-f.sheet.start)/2 {
		return
	}
	for _, h := range r.table.rows[:r.table.headers] {
		f.place(&strip{row: h})
	}
	f.top = true
}

// place sets a strip at the current height.
func (f *filler) place(s *strip) {
	gap := f.gap(s, f.top)
	f.y += gap
	f.top = false
	if s.row != nil {
		if len(f.rows) > 0 && f.rows[0].row.table != s.row.table {
			f.flushRows()
		}
		f.rows = append(f.rows, placedRow{row: s.row, y: f.y})
	} else {
		f.flushRows()
		f.paint(s, gap)
		f.ended = s.box.lines[s.line].pageEnd
	}
	f.y += s.size()
}

// flushRows paints the rows of a table gathered for this page.
func (f *filler) flushRows() {
	if len(f.rows) == 0 {
		return
	}
	rows := f.rows
	f.rows = nil
	f.paintRows(rows, f.left)
}

// paint puts a line on the page; gap is the space above it.
func (f *filler) paint(s *strip, gap geom.EMU) {
	b := s.box
	if s.line == 0 {
		f.pageOf[b.paragraph] = f.sheet.number
	}
	if b.frame.drawn {
		f.sheet.Items = b.paintFrame(f.sheet.Items, s.line, f.left, f.y, gap)
	}
	f.sheet.Items = f.paintLine(f.sheet.Items, b, s.line, f.left, f.y)
	if s.line == 0 {
		for _, drawn := range b.drawn { // the paragraph begins above its space before
			f.sheet.Items = append(f.sheet.Items, f.drawn(drawn, f.y-min(gap, s.above)))
		}
	}
}

// drawn places a line drawn in the paragraph that begins at y by its origins (20.4.2.10, 20.4.2.11).
func (f *filler) drawn(d flow.Line, y geom.EMU) page.Item {
	setup := f.section.Page
	x, width := f.left, f.width
	switch d.OriginX {
	case flow.FromMargin:
		x, width = setup.Left, setup.Width-setup.Left-setup.Right
	case flow.FromPage:
		x, width = 0, setup.Width
	}
	switch d.OriginY {
	case flow.FromMargin:
		y = setup.Top
	case flow.FromPage:
		y = 0
	}
	x1, x2 := d.X1, d.X2
	if d.Aligned {
		length := x2 - x1
		x1 = 0
		switch d.AlignX {
		case flow.Center:
			x1 = (width - length) / 2
		case flow.Right:
			x1 = width - length
		}
		x2 = x1 + length
	}
	return page.Rule{
		X1: x + x1, Y1: y + d.Y1, X2: x + x2, Y2: y + d.Y2,
		Width: d.Pen.Width, Color: d.Pen.Color, Dashed: d.Pen.Dashed,
	}
}

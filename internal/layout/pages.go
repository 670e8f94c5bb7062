package layout

import (
	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// filler deals strips out to pages.
type filler struct {
	*layouter
	sheets []*sheet
	pageOf map[*flow.Paragraph]int

	section *flow.Section
	sheet   *sheet // the page being filled
	y       geom.EMU
	top     bool // nothing stands on the page yet
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
	for i := range l.doc.Sections {
		s := &l.doc.Sections[i]
		f.section = s
		if f.sheet == nil || s.Start != flow.Continuous {
			f.newSheet(true)
		}
		strips, below := l.compose(s.Blocks, s.Page.Width-s.Page.Left-s.Page.Right)
		f.fill(strips)
		f.y += below
	}
	return f.sheets, f.pageOf
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
	text := setup.Width - setup.Left - setup.Right
	s.start = max(setup.Top, setup.Header+f.bandHeight(s.header(), text))
	s.end = setup.Height - max(setup.Bottom, setup.Footer+f.bandHeight(s.footer(), text))
	if s.end <= s.start { // header and footer leave no room: the body keeps its margins
		s.start, s.end = setup.Top, setup.Height-setup.Bottom
	}
	f.sheets = append(f.sheets, s)
	f.sheet, f.y, f.top = s, s.start, true
}

// header gives the blocks of the page's header; footer those of its footer.
func (s *sheet) header() []flow.Block { return s.band(s.section.Header) }
func (s *sheet) footer() []flow.Block { return s.band(s.section.Footer) }

func (s *sheet) band(set flow.HeaderSet) []flow.Block {
	if s.first && s.section.TitlePage {
		return set.First
	}
	return set.Default
}

// bandHeight is the height of a header or footer; one without text takes no room.
func (l *layouter) bandHeight(blocks []flow.Block, width geom.EMU) geom.EMU {
	if len(blocks) == 0 {
		return 0
	}
	strips, below := l.compose(blocks, width)
	return stackHeight(strips) + below
}

// fill places strips, page after page.
func (f *filler) fill(strips []strip) {
	for i := 0; i < len(strips); {
		if strips[i].start && !f.top {
			f.newSheet(false)
		}
		if f.top {
			f.repeatHeaders(strips[i].row)
		}
		var count int
		strips, count = f.fit(strips, i)
		for _, s := range strips[i : i+count] {
			f.place(s)
		}
		i += count
		if i < len(strips) {
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
		s := &strips[j]
		if s.start && j > i {
			return strips, j - i
		}
		space := s.space
		if j == i && f.top && !f.keepsSpace(s) {
			space = 0
		}
		if y+space+s.height <= end {
			y += space + s.height
			continue
		}
		if s.row != nil {
			if head, tail, ok := s.row.split(end-y-space, end-f.sheet.start); ok {
				rest := append([]strip{{height: tail.height, row: tail, glue: s.glue}}, strips[j+1:]...)
				strips = append(append(strips[:j:j], strip{space: s.space, height: head.height, row: head}), rest...)
				return strips, j + 1 - i
			}
		}
		n := j - i
		for n > 0 && strips[i+n-1].glue {
			n--
		}
		if n == 0 && f.top {
			n = max(1, j-i)
		}
		return strips, n
	}
	return strips, len(strips) - i
}

// keepsSpace tells whether a strip keeps the space above it at the top of a page: where the page was asked for, not where the text
// ran over.
func (f *filler) keepsSpace(s *strip) bool {
	return s.start || f.sheet.first
}

// repeatHeaders puts the heading rows of a table that goes on above its next row (17.4.49).
func (f *filler) repeatHeaders(r *rowBox) {
	if r == nil || r.index < r.table.headers || r.index == 0 && !r.tail {
		return
	}
	var height geom.EMU
	for _, h := range r.table.rows[:r.table.headers] {
		height += h.height
	}
	if height == 0 || height > (f.sheet.end-f.sheet.start)/2 {
		return
	}
	for _, h := range r.table.rows[:r.table.headers] {
		f.place(strip{height: h.height, row: h})
	}
	f.top = true // the space above what follows is still left out
}

// place sets a strip at the current height.
func (f *filler) place(s strip) {
	if !f.top || f.keepsSpace(&s) {
		f.y += s.space
	}
	f.top = false
	if s.row != nil {
		if len(f.rows) > 0 && f.rows[0].row.table != s.row.table {
			f.flushRows()
		}
		f.rows = append(f.rows, placedRow{row: s.row, y: f.y})
	} else {
		f.flushRows()
		f.paint(s, f.section.Page.Left, f.y)
	}
	f.y += s.height
}

// flushRows paints the rows of a table gathered for this page.
func (f *filler) flushRows() {
	if len(f.rows) == 0 {
		return
	}
	rows := f.rows
	f.rows = nil
	f.paintTable(rows, f.section.Page.Left)
}

func (f *filler) paintTable(rows []placedRow, x geom.EMU) {
	// Borders and shading go below the text: leave their place, then put them there.
	mark := len(f.sheet.Items)
	under := paintRows(rows, x, f.paint)
	text := append([]page.Item(nil), f.sheet.Items[mark:]...)
	f.sheet.Items = append(append(f.sheet.Items[:mark], under...), text...)
}

// paint puts what a strip holds on the page.
func (f *filler) paint(s strip, x, y geom.EMU) {
	if s.row != nil {
		f.paintTable([]placedRow{{row: s.row, y: y}}, x)
		return
	}
	if _, seen := f.pageOf[s.paragraph]; !seen && s.paragraph != nil {
		f.pageOf[s.paragraph] = f.sheet.number
	}
	for _, item := range s.items {
		f.sheet.Items = append(f.sheet.Items, moved(item, x, y))
	}
	for _, drawn := range s.lines {
		f.sheet.Items = append(f.sheet.Items, f.drawn(drawn, x, y))
	}
}

// drawn places a drawn line by its origins (20.4.2.10, 20.4.2.11).
func (f *filler) drawn(d flow.Line, x, y geom.EMU) page.Item {
	setup := f.section.Page
	width := setup.Width - setup.Left - setup.Right
	switch d.OriginX {
	case flow.FromMargin:
		x = setup.Left
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

// finish adds headers and footers, now that the number of pages is known.
func (l *layouter) finish(sheets []*sheet) []page.Page {
	pages := make([]page.Page, len(sheets))
	for i, s := range sheets {
		l.number = s.number
		header, footer := l.band(s, s.header(), true), l.band(s, s.footer(), false)
		s.Items = append(append(header, s.Items...), footer...)
		pages[i] = s.Page
	}
	l.number = 0
	return pages
}

// band sets a header from its top or a footer to its bottom.
func (l *layouter) band(s *sheet, blocks []flow.Block, header bool) []page.Item {
	if len(blocks) == 0 {
		return nil
	}
	setup := s.section.Page
	strips, below := l.compose(blocks, setup.Width-setup.Left-setup.Right)
	y := setup.Header
	if !header {
		y = setup.Height - setup.Footer - stackHeight(strips) - below
	}
	own := &sheet{Page: page.Page{Width: s.Width, Height: s.Height}, section: s.section, number: s.number}
	f := &filler{layouter: l, section: s.section, sheet: own, y: y, pageOf: map[*flow.Paragraph]int{}}
	for _, st := range strips {
		f.place(st)
	}
	f.flushRows()
	return own.Items
}

package layout

import (
	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// bands is the height of a header and a footer.
type bands struct{ header, footer geom.EMU }

// measureBands finds how far the headers and footers of the section reach.
func (f *filler) measureBands() {
	f.inBand, f.number = true, 1
	for i, first := range []bool{false, true} {
		s := sheet{section: f.section, first: first}
		f.bands[i] = bands{f.bandHeight(s.header()), f.bandHeight(s.footer())}
	}
	f.inBand = false
}

// bandHeight is the height of a header or footer; one without blocks takes no room.
func (f *filler) bandHeight(blocks []flow.Block) geom.EMU {
	setup := f.section.Page
	strips, below := f.compose(blocks, setup.Width-setup.Left-setup.Right, 0)
	return stackHeight(strips) + below
}

// header returns the blocks of the page's header; footer those of its footer.
func (s *sheet) header() []flow.Block { return s.band(s.section.Header) }
func (s *sheet) footer() []flow.Block { return s.band(s.section.Footer) }

func (s *sheet) band(set flow.HeaderSet) []flow.Block {
	if s.first && s.section.TitlePage {
		return set.First
	}
	return set.Default
}

// finish adds headers and footers, now that the number of pages is known.
func (l *layouter) finish(sheets []*sheet) []page.Page {
	pages := make([]page.Page, len(sheets))
	l.inBand = true
	for i, s := range sheets {
		l.number = s.number
		header, footer := l.band(s, s.header(), true), l.band(s, s.footer(), false)
		s.Items = append(append(header, s.Items...), footer...)
		pages[i] = s.Page
	}
	l.inBand = false
	return pages
}

// band sets a header from its top or a footer to its bottom.
func (l *layouter) band(s *sheet, blocks []flow.Block, header bool) []page.Item {
	if len(blocks) == 0 {
		return nil
	}
	setup := s.section.Page
	width := setup.Width - setup.Left - setup.Right
	strips, below := l.compose(blocks, width, 0)
	y := setup.Header
	if !header {
		y = setup.Height - setup.Footer - stackHeight(strips) - below
	}
	own := &sheet{Page: page.Page{Width: s.Width, Height: s.Height}, section: s.section, number: s.number}
	f := &filler{
		layouter: l, section: s.section, sheet: own, left: setup.Left, width: width, y: y, pageOf: map[*flow.Paragraph]int{},
	}
	for i := range strips {
		f.place(&strips[i])
	}
	f.flushRows()
	return own.Items
}

// Package layout turns a flow document into finished pages: lines broken as Word breaks them, pages filled as Word fills them.
//
// Everything becomes strips, horizontal bands that stand on one page: a line of a paragraph, a row of a table. A strip knows its
// height, the space above it (left out at the top of a page) and whether a page may end below it. Two steps follow one another:
//
//	flow blocks --compose--> strips --fill--> pages
//
//	┌───────────────────────┐
//	│ strip  I. MỤC ĐÍCH …  │ glue: a heading keeps with the next line
//	│ strip  Nâng cao vai … │ glue: the first two lines stay together (widow control)
//	│ strip  giám sát, …    │
//	│ strip  tại địa phương.│ glue from the line above: the last two lines stay together
//	└───────────────────────┘
//
// compose.go makes strips of paragraphs: tokens.go cuts them into words, breaker.go breaks their lines. table.go makes strips of
// rows and split.go splits them. pages.go fills pages, header.go adds what stands above and below; line.go and frame.go paint lines
// and the borders around them, rows.go those of tables. Composing measures, painting places: nothing is placed twice. All lengths
// are integers and nothing depends on the order of a map, so the same document gives the same pages everywhere.
package layout

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"vanthu/internal/diag"
	"vanthu/internal/flow"
	"vanthu/internal/font"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// Paginate lays a document out. Findings name characters without a glyph and fonts that another stands in for; the pages are
// complete all the same.
func Paginate(doc flow.Document, fonts *font.Set) (page.Document, diag.Findings) {
	l := &layouter{
		doc:     &doc,
		fonts:   fonts,
		looks:   make(map[flow.RunStyle]*look),
		missing: make(map[rune]*flow.Paragraph),
		strange: make(map[string]bool),
	}
	pages := l.paginate()
	return page.Document{Pages: pages, Title: doc.Title, Author: doc.Author, Created: doc.Created}, l.findings()
}

// layouter is the state of one Paginate.
type layouter struct {
	doc   *flow.Document
	fonts *font.Set
	looks map[flow.RunStyle]*look

	pageOf    map[*flow.Paragraph]int // from the pass before, for PAGE fields in the body
	pageCount int                     // likewise, for NUMPAGES
	inBand    bool                    // a header or footer is being set
	number    int                     // the page number that it prints

	site int // counts the pages begun and the tables measured by themselves

	cutter        // the paragraph being broken into lines
	lines  []line // its lines so far

	missing map[rune]*flow.Paragraph // characters without a glyph, with the first paragraph they stand in
	strange map[string]bool          // font families that another stands in for
}

// maxPasses bounds how often a body that prints page numbers is laid out again until the numbers hold.
const maxPasses = 4

// paginate lays out once, and again while page numbers printed in the body are not yet those of the pages they stand on.
func (l *layouter) paginate() []page.Page {
	l.pageOf, l.pageCount = map[*flow.Paragraph]int{}, 1
	fields := hasFields(l.doc)
	for pass := 1; ; pass++ {
		sheets, pageOf := l.fillSections()
		settled := !fields || len(sheets) == l.pageCount && maps.Equal(pageOf, l.pageOf)
		l.pageOf, l.pageCount = pageOf, len(sheets)
		if settled || pass == maxPasses {
			return l.finish(sheets)
		}
	}
}

// hasFields reports whether the body prints page numbers; those of headers and footers are set when the count is known.
func hasFields(doc *flow.Document) bool {
	for p := range doc.Paragraphs() {
		for _, in := range p.Inlines {
			if _, ok := in.(flow.Field); ok {
				return true
			}
		}
	}
	return false
}

// look is a run style with what measuring needs, computed once for each style of a document.
type look struct {
	style   flow.RunStyle
	face    *font.Face
	name    page.Face
	size    geom.EMU // after superscript or subscript
	rise    geom.EMU // of the baseline
	ascent  geom.EMU // of a line of this look: of the size before scripts; leading is counted above, as Word's lines have it
	descent geom.EMU
}

// Superscript and subscript as Word sets them from the OS/2 table of Times New Roman, in percent of the em.
const (
	scriptSize = 65
	superRise  = 33
	subDrop    = 14
)

func (l *layouter) look(style flow.RunStyle) *look {
	if k, ok := l.looks[style]; ok {
		return k
	}
	face, exact := l.fonts.Face(style.Font, style.Bold, style.Italic)
	if !exact {
		l.strange[style.Font] = true
	}
	k := &look{style: style, face: face, size: style.Size, rise: style.Raise}
	k.name = page.Face{Family: style.Font, Bold: style.Bold, Italic: style.Italic}
	em := geom.EMU(face.UnitsPerEm)
	k.ascent = roundDiv(geom.EMU(face.Ascent+face.LineGap)*style.Size, em) + style.Raise
	k.descent = roundDiv(geom.EMU(face.Descent)*style.Size, em) - style.Raise
	switch style.Position {
	case flow.Superscript:
		k.size, k.rise = style.Size*scriptSize/100, k.rise+style.Size*superRise/100
	case flow.Subscript:
		k.size, k.rise = style.Size*scriptSize/100, k.rise-style.Size*subDrop/100
	}
	l.looks[style] = k
	return k
}

// width measures text in the look, characters without a glyph included, which are noted.
func (l *layouter) width(k *look, text string) geom.EMU {
	if k.style.Spacing == 0 {
		return k.face.Width(text, k.size)
	}
	return k.face.Width(text, k.size) + k.style.Spacing*geom.EMU(utf8.RuneCountInString(text))
}

// scale turns font units into a length at the look's size.
func (k *look) scale(units int) geom.EMU {
	return roundDiv(geom.EMU(units)*k.size, geom.EMU(k.face.UnitsPerEm))
}

// roundDiv divides and rounds half away from zero.
func roundDiv(a, b geom.EMU) geom.EMU {
	if a < 0 {
		return -roundDiv(-a, b)
	}
	return (a + b/2) / b
}

// findings reports what the pages lack.
func (l *layouter) findings() diag.Findings {
	var found diag.Findings
	if runes := slices.Sorted(maps.Keys(l.missing)); len(runes) > 0 {
		names := make([]string, len(runes))
		first := l.missing[runes[0]]
		for i, r := range runes {
			names[i] = fmt.Sprintf("%c (U+%04X)", r, r)
			if l.missing[r].Number < first.Number {
				first = l.missing[r]
			}
		}
		found.Add(diag.Finding{
			Severity: diag.Warning, Code: diag.NoGlyph,
			Message: fmt.Sprintf("phông chữ không có hình của ký tự %s; trong PDF thay bằng ô trống □", strings.Join(names, ", ")),
			Where:   diag.Place{Paragraph: first.Number, Text: diag.Excerpt(first.Text())},
			Hint:    "Thay ký tự này trong tệp Word bằng chữ hoặc dấu thông thường.",
		})
	}
	if families := slices.Sorted(maps.Keys(l.strange)); len(families) > 0 {
		found.Add(diag.Finding{
			Severity: diag.Info, Code: diag.FontSubstituted,
			Message: fmt.Sprintf("không có phông chữ %s; dòng chữ được dàn bằng Tinos nên chỗ xuống dòng có thể khác Word", strings.Join(families, ", ")),
			Hint:    "Dùng Times New Roman như Nghị định 30 yêu cầu, hoặc đặt tệp .ttf của phông vào thư mục --fonts.",
			Cite:    "NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục I, khoản 4",
		})
	}
	return found
}

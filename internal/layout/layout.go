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
// compose.go makes strips of paragraphs, breaker.go breaks their lines, table.go makes strips of rows, pages.go fills pages,
// paint.go sets words, rules and borders at their places. All lengths are integers and nothing depends on the order of a map,
// so the same document gives the same pages everywhere.
package layout

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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
		missing: make(map[rune]int),
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
	number    int                     // page number that fields of the header being set print; 0 in the body

	missing map[rune]int    // characters without a glyph, with their counts
	strange map[string]bool // font families that another stands in for
}

// maxPasses bounds how often a body that prints page numbers is laid out again until the numbers hold.
const maxPasses = 4

// paginate lays out once, and again while page numbers printed in the body are not yet those of the pages they stand on.
func (l *layouter) paginate() []page.Page {
	l.pageOf, l.pageCount = map[*flow.Paragraph]int{}, 1
	fields := hasFields(l.doc)
	for pass := 1; ; pass++ {
		sheets, pageOf := l.fillSections()
		settled := !fields || len(sheets) == l.pageCount && samePages(pageOf, l.pageOf)
		l.pageOf, l.pageCount = pageOf, len(sheets)
		if settled || pass == maxPasses {
			return l.finish(sheets)
		}
	}
}

func samePages(a, b map[*flow.Paragraph]int) bool {
	if len(a) != len(b) {
		return false
	}
	for p, n := range a {
		if b[p] != n {
			return false
		}
	}
	return true
}

// hasFields tells whether the body prints page numbers; those of headers and footers are set when the count is known.
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
	ascent  geom.EMU // of a line of this look; leading is counted above, as Word's lines have it
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
	k.ascent = roundDiv(geom.EMU(face.Ascent+face.LineGap)*style.Size, em) + max(0, style.Raise)
	k.descent = roundDiv(geom.EMU(face.Descent)*style.Size, em) + max(0, -style.Raise)
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
	return k.face.Width(text, k.size) + k.style.Spacing*geom.EMU(len([]rune(text)))
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
	if len(l.missing) > 0 {
		runes := make([]rune, 0, len(l.missing))
		for r := range l.missing {
			runes = append(runes, r)
		}
		slices.Sort(runes)
		total, names := 0, make([]string, 0, len(runes))
		for _, r := range runes {
			total += l.missing[r]
			names = append(names, fmt.Sprintf("%c (U+%04X)", r, r))
		}
		found.Add(diag.Finding{
			Severity: diag.Warning, Code: "no-glyph",
			Message: fmt.Sprintf("phông chữ không có hình của %d ký tự: %s; trong PDF thay bằng ô trống □", total, strings.Join(names, ", ")),
			Hint:    "Thay các ký tự này trong tệp Word bằng chữ hoặc dấu thông thường.",
		})
	}
	families := make([]string, 0, len(l.strange))
	for family := range l.strange {
		families = append(families, family)
	}
	slices.SortFunc(families, cmp.Compare)
	if len(families) > 0 {
		found.Add(diag.Finding{
			Severity: diag.Info, Code: "font-substituted",
			Message: fmt.Sprintf("không có phông chữ %s; dòng chữ được dàn bằng Tinos nên chỗ xuống dòng có thể khác Word", strings.Join(families, ", ")),
			Hint:    "Dùng Times New Roman như Nghị định 30 yêu cầu, hoặc đặt tệp .ttf của phông vào thư mục --fonts.",
			Cite:    "NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục I, khoản 4",
		})
	}
	return found
}

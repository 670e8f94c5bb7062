package sheet

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

const (
	face        = "Times New Roman"
	defaultSize = 12. // points

	dates  = "dd/mm/yyyy"
	asText = "@" // what is typed stays as typed: 01, 1/2, =A1

	// Programs that take the marks of numbers from the format write 1.234,5 wherever they run (42A is Vietnamese); Excel writes those
	// that its user has chosen.
	vietnamese = "[$-42A]"
	percents   = vietnamese + "0.0"
	amounts    = vietnamese + "#,##0"
	offBorder  = "_)" // room at the right, as wide as the mark
)

// look is how a cell looks.
type look struct {
	size         float64 // points; 0 is defaultSize
	bold, italic bool
	struck       bool   // struck out
	colour, fill string // RRGGBB, or empty
	border       bool   // thin, on all sides
	across, down string // alignment: "left", "center", "right"; "top", "center", "bottom"
	indent       bool   // keeps off the border that it is set against
	wrap, shrink bool   // what does not fit goes to further lines, or is set smaller
	format       string // of numbers
}

// The theme. Cells that a person fills in are white, those that are worked out light grey.
var (
	title   = look{size: 14, bold: true, across: "center", down: "center", wrap: true}
	strong  = look{bold: true, across: "center", down: "center"}
	plain   = look{across: "center", down: "center"}
	leaning = look{italic: true, across: "center", down: "center", wrap: true}
	small   = look{size: 6, across: "center", down: "top"} // of rules under headings
	units   = look{italic: true, across: "right", down: "center"}
	head    = look{bold: true, fill: "DDEBF7", border: true, across: "center", down: "center", wrap: true}
	headOut = look{bold: true, italic: true, fill: "D9D9D9", border: true, across: "center", down: "center", wrap: true} // worked out
	numbers = look{size: 10, italic: true, border: true, across: "center", down: "center"}
	entry   = look{border: true, across: "left", down: "top", wrap: true, format: asText}
	note    = look{size: 11, italic: true, colour: "595959", border: true, across: "left", down: "top", wrap: true, indent: true}
	total   = look{bold: true, fill: "F2F2F2", border: true, across: "center", down: "center", wrap: true}
	section = look{size: 13, bold: true, across: "left", down: "center"}
)

const (
	greyOut = "F7F7F7" // of cells that are worked out
	sampled = "1F4E79" // of the letters of a sample row
)

func (l look) with(across, format string) look {
	l.across, l.format = across, format
	return l
}

// figure is a look for a number or a date, which a narrow column shows small rather than as #####.
func (l look) figure(across, format string) look {
	l.wrap, l.shrink = false, true
	return l.with(across, format)
}

// style returns the number of a style of the book.
func (b *book) style(l look) int {
	if l.size == 0 {
		l.size = defaultSize
	}
	id, known := b.styles[l]
	if !known {
		b.looks = append(b.looks, l)
		id = len(b.looks)
		b.styles[l] = id
	}
	return id
}

// tint returns the number of a style that a condition puts over that of the cell.
func (b *book) tint(l look) int {
	id, known := b.tintIDs[l]
	if !known {
		id = len(b.tints)
		b.tints = append(b.tints, l)
		b.tintIDs[l] = id
	}
	return id
}

func (l look) tint() *excelize.Style {
	return &excelize.Style{
		Font: &excelize.Font{Bold: l.bold, Color: l.colour},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}},
	}
}

func (l look) style() *excelize.Style {
	indent := 0
	if l.indent {
		indent = 1
	}
	s := &excelize.Style{
		Font:      &excelize.Font{Family: face, Size: l.size, Bold: l.bold, Italic: l.italic, Strike: l.struck, Color: l.colour},
		Alignment: &excelize.Alignment{Horizontal: l.across, Vertical: l.down, WrapText: l.wrap, ShrinkToFit: l.shrink, Indent: indent},
	}
	if l.fill != "" {
		s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{l.fill}}
	}
	if l.border {
		for _, side := range []string{"left", "top", "right", "bottom"} {
			s.Border = append(s.Border, excelize.Border{Type: side, Color: "000000", Style: 1})
		}
	}
	switch l.format {
	case "":
	case asText:
		s.NumFmt = 49 // built in; ECMA-376-1, 18.8.30
	default:
		s.CustomNumFmt = &l.format
	}
	return s
}

// Margins in inches, and what they leave of A4 across, in points.
const (
	sideMargin = 0.39 // 10 mm
	endMargin  = 0.59 // 15 mm
	printWide  = 841.9 - 2*sideMargin*72
	printHigh  = 595.3 - 2*endMargin*72
	ownScale   = 85 // percent, of a sheet that is not fitted to the page
)

// setup is how a sheet is shown and printed: on A4, landscape.
type setup struct {
	panes *panes
	fit   bool // one page wide, whatever its height; else at ownScale, with page breaks as they are set
	zoom  float64
	tab   string // colour of the tab, RRGGBB, or empty
}

// panes are the first columns and rows, which stay in sight.
type panes struct{ columns, rows int }

// frozen keeps the first rows and columns in sight.
func frozen(columns, rows int) *panes { return &panes{columns, rows} }

// xml is the pane of a sheet (ECMA-376-1, 18.3.1.66).
func (p *panes) xml() string {
	active, split := "bottomRight", fmt.Sprintf(` xSplit="%d"`, p.columns)
	if p.columns == 0 {
		active, split = "bottomLeft", ""
	}
	return fmt.Sprintf(`<pane activePane="%s" state="frozen" topLeftCell="%s"%s ySplit="%d"></pane>`, active, cell(p.columns, p.rows+1), split, p.rows)
}

// pageSetup sets how a sheet is shown and printed.
func (k frameKey) pageSetup(f *excelize.File, name string) error {
	props := excelize.SheetPropsOptions{FitToPage: &k.fit}
	if k.tab != "" {
		opaque := "FF" + k.tab
		props.TabColorRGB = &opaque
	}
	if err := f.SetSheetProps(name, &props); err != nil {
		return err
	}
	if k.zoom > 0 {
		if err := f.SetSheetView(name, 0, &excelize.ViewOptions{ZoomScale: &k.zoom}); err != nil {
			return err
		}
	}
	paper, landscape, wide, tall, scale := 9, "landscape", 1, 0, uint(ownScale) // 9 is A4; ECMA-376-1, 18.3.1.63
	layout := excelize.PageLayoutOptions{Size: &paper, Orientation: &landscape}
	if k.fit {
		layout.FitToWidth, layout.FitToHeight = &wide, &tall
	} else {
		layout.AdjustTo = &scale
	}
	if err := f.SetPageLayout(name, &layout); err != nil {
		return err
	}
	side, end, foot, centred := sideMargin, endMargin, 0.28, true
	if err := f.SetPageMargins(name, &excelize.PageLayoutMarginsOptions{
		Left: &side, Right: &side, Top: &end, Bottom: &end, Header: &foot, Footer: &foot, Horizontally: &centred,
	}); err != nil {
		return err
	}
	same := false // the foot is as large on each sheet
	return f.SetHeaderFooter(name, &excelize.HeaderFooterOptions{
		ScaleWithDoc: &same,
		OddFooter:    `&C&"` + face + `,Regular"&11Trang &P/&N`,
	})
}

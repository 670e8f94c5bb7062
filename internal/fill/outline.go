package fill

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/model"
	"vanthu/internal/ooxml"
	"vanthu/internal/vi"
)

// The styles of an outline's lines by level, plain and as a title (NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 6).
var levelStyles = map[model.Level][2]string{
	model.Plain:     {"ND30 Nội dung", "ND30 Nội dung"},
	model.Part:      {"ND30 Phần", "ND30 Phần"},
	model.Heading:   {"ND30 Mục", "ND30 Mục"},
	model.Clause:    {"ND30 Khoản", "ND30 Khoản có tiêu đề"},
	model.SubClause: {"ND30 Tiểu khoản", "ND30 Tiểu khoản có tiêu đề"},
	model.Point:     {"ND30 Điểm", "ND30 Điểm"},
	model.Dash:      {"ND30 Gạch đầu dòng", "ND30 Gạch đầu dòng"},
	model.Plus:      {"ND30 Dấu cộng", "ND30 Dấu cộng"},
	model.Article:   {"ND30 Điều", "ND30 Điều"},
}

// The styles of a table in an outline.
const (
	gridStyle  = "ND30 Bảng"
	headStyle  = "ND30 Bảng tiêu đề"
	cellStyle  = "ND30 Bảng nội dung"
	afterStyle = "ND30 Sau bảng"
)

// outlineStyles are all that an outline may need.
var outlineStyles = []string{
	"ND30 Nội dung", "ND30 Phần", "ND30 Mục", "ND30 Khoản", "ND30 Khoản có tiêu đề", "ND30 Tiểu khoản",
	"ND30 Tiểu khoản có tiêu đề",
	"ND30 Điểm", "ND30 Gạch đầu dòng", "ND30 Dấu cộng", "ND30 Điều", gridStyle, headStyle, cellStyle, afterStyle,
}

// outline writes an outline as paragraphs and tables in the template's styles.
type outline struct {
	from     reference
	keepNext bool // the last paragraph stays with what follows, so that a signature never stands alone on its page
	column   column
}

func (o outline) write(w *writer) error {
	value, err := w.find(o.from)
	if err != nil {
		return err
	}
	blocks, _ := value.(model.Outline)
	for i, b := range blocks {
		keepNext := o.keepNext && i == len(blocks)-1
		switch b := b.(type) {
		case model.Line:
			err = w.line(b, keepNext)
		case model.Grid:
			err = w.grid(b, keepNext, o.column.on(w.sheet.turned))
		}
		if err != nil {
			return fmt.Errorf("field %s: %w", w.name(o.from), err)
		}
	}
	return nil
}

// openParagraph writes a paragraph's beginning, up to where further properties may stand. keepNext comes second in a w:pPr
// (ECMA-376-1, 17.3.1.26).
func (w *writer) openParagraph(style string, keepNext bool) {
	w.out = append(w.out, `<w:p><w:pPr><w:pStyle w:val="`...)
	w.out = append(w.out, w.template.styles.ID(style)...)
	w.out = append(w.out, `"/>`...)
	if keepNext {
		w.out = append(w.out, `<w:keepNext/>`...)
	}
}

func (w *writer) line(l model.Line, keepNext bool) error {
	style := levelStyles[l.Level][0]
	if l.Title {
		style = levelStyles[l.Level][1]
	}
	if number, rest, ok := strings.Cut(l.Text, ". "); ok && l.Level == model.Article && !l.Title {
		return w.article(number+".", " "+rest, keepNext)
	}
	return w.paragraph(style, "", l.Text, keepNext)
}

// article writes an article without a title: its number as a heading, what it says as body text (NĐ 30/2020/NĐ-CP, Phụ lục III,
// mẫu 1.2).
func (w *writer) article(number, text string, keepNext bool) error {
	w.openParagraph("ND30 Nội dung", keepNext)
	w.out = append(w.out, `</w:pPr><w:r><w:rPr><w:b/><w:bCs/></w:rPr>`+openText...)
	if err := w.text(number); err != nil {
		return err
	}
	w.out = append(w.out, closeText+`</w:r><w:r>`+openText...)
	if err := w.text(text); err != nil {
		return err
	}
	w.out = append(w.out, closeText+`</w:r></w:p>`...)
	return nil
}

// paragraph writes a whole paragraph; align is a w:jc value that overrides the style's, or "".
func (w *writer) paragraph(style, align, text string, keepNext bool) error {
	w.openParagraph(style, keepNext)
	if align != "" {
		w.out = append(w.out, `<w:jc w:val="`+align+`"/>`...)
	}
	w.out = append(w.out, `</w:pPr>`...)
	if text != "" {
		w.out = append(w.out, `<w:r>`+openText...)
		if err := w.text(text); err != nil {
			return err
		}
		w.out = append(w.out, closeText+`</w:r>`...)
	}
	w.out = append(w.out, `</w:p>`...)
	return nil
}

// grid writes a table over the whole column, and the small gap after it that also keeps two tables from becoming one.
func (w *writer) grid(g model.Grid, keepNext bool, column geom.EMU) error {
	aligns := columnAligns(g)
	if len(aligns) == 0 {
		return nil
	}
	widths := w.template.columnWidths(g, aligns, column)
	w.out = fmt.Appendf(w.out, `<w:tbl><w:tblPr><w:tblStyle w:val="%s"/><w:tblW w:w="%d" w:type="dxa"/>`+
		`<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" `+
		`w:lastColumn="0" w:noHBand="0" w:noVBand="0"/></w:tblPr><w:tblGrid>`, w.template.styles.ID(gridStyle), sum(widths))
	for _, width := range widths {
		w.out = fmt.Appendf(w.out, `<w:gridCol w:w="%d"/>`, width)
	}
	w.out = append(w.out, `</w:tblGrid>`...)
	centred := make([]string, len(widths)) // by the style of headings
	if err := w.row(g.Head, widths, headStyle, centred, `<w:cantSplit/><w:tblHeader/>`, true); err != nil {
		return err
	}
	for i, cells := range g.Rows {
		if err := w.row(cells, widths, cellStyle, aligns, `<w:cantSplit/>`, keepNext && i == len(g.Rows)-1); err != nil {
			return err
		}
	}
	w.out = append(w.out, `</w:tbl>`...)
	return w.paragraph(afterStyle, "", "", keepNext)
}

// row writes a row; cells that are wanting are empty.
func (w *writer) row(cells []string, widths []int, style string, aligns []string, properties string, keepNext bool) error {
	w.out = append(w.out, `<w:tr><w:trPr>`+properties+`</w:trPr>`...)
	for i, width := range widths {
		w.out = append(w.out, `<w:tc><w:tcPr><w:tcW w:w="`...)
		w.out = strconv.AppendInt(w.out, int64(width), 10)
		w.out = append(w.out, `" w:type="dxa"/></w:tcPr>`...)
		if err := w.paragraph(style, aligns[i], cellAt(cells, i), keepNext); err != nil {
			return err
		}
		w.out = append(w.out, `</w:tc>`...)
	}
	w.out = append(w.out, `</w:tr>`...)
	return nil
}

func cellAt(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}

func sum(widths []int) (total int) {
	for _, width := range widths {
		total += width
	}
	return total
}

// columnAligns returns a w:jc value for each column, "" for the style's own: running numbers in the middle, numbers to the right.
func columnAligns(g model.Grid) []string {
	columns := len(g.Head)
	for _, row := range g.Rows {
		columns = max(columns, len(row))
	}
	aligns := make([]string, columns)
	for i := range aligns {
		switch head := vi.Fold(strings.TrimSpace(cellAt(g.Head, i))); {
		case i == 0 && (head == "stt" || head == "tt"):
			aligns[i] = "center"
		case isNumeric(g.Rows, i):
			aligns[i] = "right"
		}
	}
	return aligns
}

// isNumeric reports whether every cell of a column that says something is a number: "1.234,5", "-3", "75%".
func isNumeric(rows [][]string, column int) bool {
	numbers := 0
	for _, row := range rows {
		text := strings.TrimSpace(cellAt(row, column))
		switch {
		case text == "" || text == "-":
		case strings.IndexFunc(text, unicode.IsDigit) >= 0 && strings.Trim(text, "+-0123456789., \u00a0%") == "":
			numbers++
		default:
			return false
		}
	}
	return numbers > 0
}

// gridStyles is how the tables of outlines are set.
type gridStyles struct {
	head, cell flow.RunStyle
	margins    geom.EMU // left and right of a cell together
}

func readGridStyles(styles StyleSheet) (g gridStyles) {
	styled := func(name, properties, style, as string) *ooxml.Element {
		named := &ooxml.Element{Name: style, Attrs: []ooxml.Attr{{Name: "w:val", Value: styles.ID(as)}}}
		return &ooxml.Element{Name: name, Children: []*ooxml.Element{{Name: properties, Children: []*ooxml.Element{named}}}}
	}
	run := func(style string) (run flow.RunStyle) {
		if p := styles.Paragraph(styled("w:p", "w:pPr", "w:pStyle", style)); p != nil {
			run = p.Mark
		}
		return run
	}
	left, right := styles.CellMargins(styled("w:tbl", "w:tblPr", "w:tblStyle", gridStyle), nil)
	return gridStyles{run(headStyle), run(cellStyle), left + right}
}

// columnWidths shares the column of text among the columns of a table, in twips: each has room for its longest word; then those
// that need little more to hold every cell on one line get it, and the long ones share what is left.
func (t *Template) columnWidths(g model.Grid, aligns []string, column geom.EMU) []int {
	least, wish := make([]int, len(aligns)), make([]int, len(aligns))
	const borders = 20 // twips: two halves of a border and what rounding takes
	room := t.grid.margins.Twips() + borders
	measure := func(style flow.RunStyle, cells []string, isHead bool) {
		face, _ := t.fonts.Face(style.Font, style.Bold, style.Italic)
		width := func(text string) int { return face.Width(text, style.Size).Twips() }
		for i, cell := range cells {
			for line := range strings.SplitSeq(cell, "\n") {
				whole := width(line)
				if isHead {
					whole = halved(line, width)
				}
				wish[i] = max(wish[i], whole+room)
				for word := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ' ' || r == '\t' }) {
					least[i] = max(least[i], width(word)+room)
				}
			}
		}
	}
	measure(t.grid.head, g.Head, true)
	for _, row := range g.Rows {
		measure(t.grid.cell, row, false)
	}
	total := column.Twips()
	for i := range wish {
		least[i] = max(least[i], room)
		wish[i] = max(least[i], min(wish[i], total)) // one long cell must not starve the other columns
	}
	return share(total, least, wish, func(i int) bool { return aligns[i] == "center" && len(aligns) > 1 })
}

// halved is the width that a heading takes when it is broken over two lines as evenly as its words allow.
func halved(text string, width func(string) int) int {
	best := width(text)
	for i, r := range text {
		if r == ' ' {
			best = min(best, max(width(text[:i]), width(text[i+1:])))
		}
	}
	return best
}

// share divides total in the manner of columnWidths; a narrow column takes nothing of what all could do without.
func share(total int, least, wish []int, narrow func(i int) bool) []int {
	widths := make([]int, len(least))
	weights := make([]int, len(least))
	switch {
	case sum(least) > total: // words must break: every column gives alike
		copy(weights, least)
	case sum(wish) <= total: // every cell fits on one line
		copy(widths, wish)
		for i := range weights {
			if !narrow(i) {
				weights[i] = wish[i]
			}
		}
	default:
		copy(widths, least)
		left, wanting := total-sum(least), 0
		for i := range widths {
			if wish[i] > widths[i] {
				wanting++
			}
		}
		for again := true; again; {
			again = false
			for i := range widths {
				if more := wish[i] - widths[i]; more > 0 && more <= left/wanting {
					widths[i], left, wanting, again = wish[i], left-more, wanting-1, true
				}
			}
		}
		for i := range weights {
			weights[i] = wish[i] - widths[i]
		}
	}
	left, weight := total-sum(widths), sum(weights)
	for i := range widths {
		if weight == 0 {
			break
		}
		part := left * weights[i] / weight
		widths[i] += part
		left, weight = left-part, weight-weights[i]
	}
	return widths
}

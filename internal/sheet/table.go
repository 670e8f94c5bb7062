package sheet

import (
	"strconv"
	"strings"

	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// table is the sheet of a list and where everything on it stands. Columns count from 0, rows from 1.
type table struct {
	spec     *model.FieldSpec
	sheet    string
	columns  []model.FieldSpec // of a list of texts one, which stands for the list
	widths   []float64
	rows     []model.Values
	amounts  string     // the format of amounts
	content  int        // the column that says what a row is about
	paper    *paperHead // nil where the table is not headed as papers are
	spanned  bool       // two header rows
	head     int        // the first header row
	headHigh float64    // points, of what each printed page repeats
	first    int        // row of data
	last     int        // row of data; there is always one, though it may be blank
}

// planTable adds the sheet of a list.
func (w *workbook) planTable(spec *model.FieldSpec, items model.Items) *table {
	t := &table{spec: spec, sheet: w.add(spec.Label)}
	if spec.IsTable() {
		for _, column := range spec.Fields {
			if column.Type != model.GroupField && !column.IsTable() {
				t.columns = append(t.columns, column)
				t.spanned = t.spanned || column.Spanner != ""
			}
		}
		for _, item := range items {
			if row, ok := item.(model.Values); ok {
				t.rows = append(t.rows, row)
			}
		}
	} else {
		column := *spec
		column.Type, column.Required = model.TextField, false
		t.columns = []model.FieldSpec{column}
		for _, item := range items {
			t.rows = append(t.rows, model.Values{spec.Key: item})
		}
	}
	t.content, t.amounts = t.contentColumn(), t.decimals()
	numbered := t.column(model.RowKey) >= 0 && t.columns[t.column(model.RowKey)].Computed
	t.widths = t.fitWidths(numbered)
	t.head = 3
	if numbered && w.paper {
		t.paper = w.paperHead(t)
		t.head = 1 + len(t.paper.left) + t.paper.under()
	}
	t.first = t.head + 1
	if t.spanned {
		t.first++
	}
	if t.paper != nil {
		t.first++ // column numbers
	}
	t.last = t.first + max(len(t.rows), 1) - 1
	return t
}

// column finds a column by its key; -1 when the table has none.
func (t *table) column(key string) int {
	for i := range t.columns {
		if t.columns[i].Key == key {
			return i
		}
	}
	return -1
}

// contentColumn is the first required column of free text, else the first that is filled in by hand.
func (t *table) contentColumn() int {
	typed := -1
	for i, column := range t.columns {
		if column.Required && column.Type == model.TextField && len(column.Choices) == 0 {
			return i
		}
		if typed < 0 && !column.Computed {
			typed = i
		}
	}
	return max(typed, 0)
}

// bottom is the last row that formulas, colours and drop-down lists reach: the totals row of a paper, so that a row that is put in
// above it counts; else many rows that are still blank.
func (t *table) bottom() int {
	if t.paper != nil {
		return t.last + 1
	}
	const room = 1000
	return t.first + max(len(t.rows)*2, room)
}

// area is the column of a paper that the summary counts: from the row of column numbers, which says nothing that is counted, so that
// rows that are put in at the top count, too.
func (t *table) area(column int) string { return down(t.sheet, column, t.first-1, t.bottom()) }

// Widths of columns, in characters.
const (
	maxWide   = 225. // of a table: an A4 page across shows 12 points at about 7.5
	common    = 24.  // of a column that does not say
	loneWidth = 110. // of the one column of a list of texts
)

// fitWidths returns each column its width. In a table of numbered rows, which must fit across one page, columns without values are
// narrow, and the others give way in proportion.
func (t *table) fitWidths(numbered bool) []float64 {
	widths, least := make([]float64, len(t.columns)), make([]float64, len(t.columns))
	fixed, loose := 0., 0.
	for i, column := range t.columns {
		widths[i] = float64(column.Width)
		switch {
		case column.Key == model.RowKey:
			widths[i] = max(widths[i], 6) // holds its heading
		case column.Width > 0:
		case len(t.columns) == 1:
			widths[i] = loneWidth
		case column.Type == model.OutlineField:
			widths[i] = 80
		default:
			widths[i] = common
		}
		if !numbered {
			continue
		}
		switch {
		case column.Type == model.DateField:
			widths[i], least[i] = 12, 11.5
		case column.Unit != "" && column.Unit != "%":
			least[i] = max(t.amountWidth(column.Key), 8.5)
			widths[i] = max(widths[i], least[i])
		case column.Type == model.NumberField:
			least[i] = widths[i]
		case i == t.content:
			least[i] = 26
		case len(t.columns) > 12 && len(t.rows) > 0 && !column.Computed && !t.used(column.Key):
			widths[i] = min(widths[i], 9)
			least[i] = widths[i]
		case column.Computed:
			least[i] = 13 // no state takes more than three lines
		default:
			least[i] = 10
		}
		least[i] = min(least[i], widths[i])
		fixed, loose = fixed+least[i], loose+widths[i]-least[i]
	}
	if !numbered || fixed+loose <= maxWide {
		return widths
	}
	scale := max(maxWide-fixed, 0) / loose
	for i := range widths {
		widths[i] = least[i] + (widths[i]-least[i])*scale
	}
	return widths
}

// amountWidth holds the sum of a column, in bold.
func (t *table) amountWidth(key string) float64 {
	whole := vi.FormatNumber(t.sum(key).Truncate(0))
	return textWidth(whole+strings.TrimPrefix(t.amounts, amounts), 12)*1.06/unit + 1.5
}

// used reports whether a row has a value in a column.
func (t *table) used(key string) bool {
	for _, row := range t.rows {
		if row[key] != nil {
			return true
		}
	}
	return false
}

// writeTable writes the sheet of a list.
func (w *workbook) writeTable(t *table) {
	panes := frozen(t.frozenColumns(), t.first-1)
	set := setup{fit: true, panes: panes, tab: "A9D18E"}
	if t.paper != nil {
		set.zoom = 85
	}
	p := w.open(t.sheet, t.widths, set)
	if w.paper && t.paper == nil && len(t.rows) == 0 { // it would be printed as an empty page
		w.hide(t.sheet)
	}
	if t.paper == nil { // empty rows hold no cells; what is typed there later looks like the rows above
		for i := range t.columns {
			look := t.look(i)
			look.border, look.fill = false, ""
			p.columns[i].style = w.style(look)
		}
	}
	w.writeHead(p, t)
	w.writeRows(p, t)
	w.rules(p, t)
	if t.paper != nil {
		w.writeTotals(p, t)
		w.writeFoot(p, len(t.columns)-1, t.widths, t.paper.place)
		w.define("_xlnm.Print_Area", quote(t.sheet)+"!$A$1:"+fixed(len(t.columns)-1, p.row-1), t.sheet)
	}
	w.printTitles(t.sheet, t.head, t.first-1)
	if t.spec.IsTable() {
		p.filterable(fixed(0, t.first-1) + ":" + fixed(len(t.columns)-1, t.last))
	}
	p.close()
}

// frozenColumns are those up to the content, unless they would fill the screen.
func (t *table) frozenColumns() int {
	const limit = 100. // characters
	sum := 0.
	for _, width := range t.widths[:t.content+1] {
		sum += width
	}
	switch {
	case len(t.columns) == 1:
		return 0
	case sum > limit:
		return 1
	}
	return t.content + 1
}

// look is how the cells of a column look.
func (t *table) look(column int) look {
	spec := &t.columns[column]
	l := entry
	switch {
	case spec.Type == model.DateField:
		l = l.figure("center", dates)
	case spec.Type == model.NumberField && spec.Key == model.RowKey:
		l = l.figure("center", "0")
	case spec.Type == model.NumberField && spec.Unit == "%":
		l = l.figure("center", "")
		if spec.Computed {
			l.format = percents
		}
	case spec.Type == model.NumberField && spec.Unit != "":
		l = l.figure("right", t.amounts)
	case spec.Type == model.NumberField:
		l = l.figure("center", "")
	case len(spec.Choices) > 0 || spec.Computed:
		l.across = "center"
	}
	if spec.Computed {
		l.fill = greyOut
		if l.format == asText {
			l.format = ""
		}
	}
	l.indent = l.across == "left" && t.widths[column] >= roomy
	return l
}

// roomy is the width in characters from which a column has room for an indent.
const roomy = 16.

// decimals is the format of amounts, with as many decimals as those of the table have, three at most.
func (t *table) decimals() string {
	places := int32(0)
	for i := range t.columns {
		spec := &t.columns[i]
		if spec.Unit == "" || spec.Unit == "%" {
			continue
		}
		for _, row := range t.rows {
			number, _ := row[spec.Key].(model.Number)
			for places < 3 && !number.Round(places).Equal(number.Decimal) {
				places++
			}
		}
	}
	if places == 0 {
		return amounts + offBorder
	}
	return amounts + "." + strings.Repeat("0", int(places)) + offBorder
}

// writeHead writes what stands above the data, and the header.
func (w *workbook) writeHead(p *page, t *table) {
	last := len(t.columns) - 1
	if t.paper != nil {
		w.writePaperHead(p, t.paper, last)
	} else {
		l := title
		l.across, l.wrap = "left", false
		p.set(0, vi.Upper(t.spec.Label), w.style(l))
		p.end(24)
		wide := 0.
		for _, width := range t.widths {
			wide += width
		}
		l = leaning
		l.across = "left"
		p.span(0, last, 0, t.caption(), w.style(l))
		p.end(max(high(lines(t.caption(), wide, 12, false), 12), 20))
	}
	labels := make([]string, len(t.columns))
	for i, column := range t.columns {
		labels[i] = column.Label
		if column.Required && t.paper == nil {
			labels[i] += " *"
		}
	}
	upper, lower := t.headHeights(labels)
	t.headHigh = upper + lower + numbersHigh
	for i := 0; i <= last; i++ {
		switch to := t.spanEnd(i); {
		case !t.spanned:
			p.set(i, labels[i], w.headStyle(t, i))
		case t.columns[i].Spanner == "":
			p.span(i, i, 1, labels[i], w.headStyle(t, i))
		default:
			p.span(i, to, 0, t.columns[i].Spanner, w.style(head))
			i = to
		}
	}
	p.end(upper)
	if t.spanned {
		for i := range t.columns {
			if t.columns[i].Spanner != "" {
				p.set(i, labels[i], w.headStyle(t, i))
			} else {
				p.set(i, nil, w.headStyle(t, i))
			}
		}
		p.end(lower)
	}
	if t.paper != nil {
		for i := range t.columns {
			p.set(i, "("+strconv.Itoa(i+1)+")", w.style(numbers))
		}
		p.end(numbersHigh)
	}
}

const numbersHigh = 15. // points, of the row of column numbers

func (w *workbook) headStyle(t *table, column int) int {
	if t.columns[column].Computed {
		return w.style(headOut)
	}
	return w.style(head)
}

// caption is the line under the title of a sheet that is filled in.
func (t *table) caption() string {
	text := strings.ReplaceAll(t.spec.Help, "\n", " ")
	if t.spec.IsTable() {
		text += " Dấu * là cột bắt buộc."
		for _, column := range t.columns {
			if column.Computed {
				text += " Cột nền xám tự tính, không nhập."
				break
			}
		}
	}
	if unit := t.unit(); unit != "" && !strings.Contains(text, unit) {
		text += " Đơn vị tính: " + unit + "."
	}
	return strings.TrimSpace(text)
}

// unit is the unit of the amounts of a table, or empty.
func (t *table) unit() string {
	for _, column := range t.columns {
		if column.Unit != "" && column.Unit != "%" {
			return column.Unit
		}
	}
	return ""
}

// spanEnd is the last column under the spanner of a column.
func (t *table) spanEnd(column int) int {
	for column+1 < len(t.columns) && t.columns[column].Spanner != "" && t.columns[column+1].Spanner == t.columns[column].Spanner {
		column++
	}
	return column
}

// headHeights are those of the header rows; lower is 0 where there is one.
func (t *table) headHeights(labels []string) (upper, lower float64) {
	for i := 0; i < len(labels); i++ {
		if t.columns[i].Spanner == "" {
			continue
		}
		to, wide := t.spanEnd(i), 0.
		for k := i; k <= to; k++ {
			wide += t.widths[k]
			lower = max(lower, high(lines(labels[k], t.widths[k], 12, true), 12))
		}
		upper = max(upper, high(lines(t.columns[i].Spanner, wide, 12, true), 12))
		i = to
	}
	for i, label := range labels {
		if t.columns[i].Spanner != "" {
			continue
		}
		tall := high(lines(label, t.widths[i], 12, true), 12)
		if !t.spanned {
			upper = max(upper, tall, 22)
		} else {
			lower = max(lower, tall-upper)
		}
	}
	return upper, lower
}

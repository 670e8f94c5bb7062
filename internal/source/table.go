package source

import (
	"fmt"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/model"
	"vanthu/internal/vi"
	"vanthu/internal/xlsx"
)

// tableReader reads the rows of a list from a sheet.
type tableReader struct {
	*extraction
	grid     *grid
	layout   *layout
	left     int  // the first column of the grid that the list has
	ordinal  int  // the column with the numbers of rows, or -1
	counted  bool // rows are numbered 1, 2, 3
	sections []cell
	shift    []int // places by which the point of numbers is shifted, by column of the list
}

// readTable returns the items of a list. It is false when the sheet lacks a column that the list cannot do without.
func (x *extraction) readTable(g *grid, l *layout) (model.Node, bool) {
	t := &tableReader{extraction: x, grid: g, layout: l, ordinal: -1}
	t.complainOfColumns()
	t.left = maxColumns
	for k, spec := range l.list.columns {
		if l.columns[k] >= 0 {
			t.left = min(t.left, l.columns[k])
		}
		if spec.Computed && slices.Contains([]string{"stt", "tt", "so tt"}, vi.Words(spec.Label)) {
			t.ordinal = l.columns[k]
		}
	}
	node := model.Node{Shape: model.List, Place: g.place(g.rows[l.first].number, 0)}
	read := laid{grid: g, layout: l}
	if len(l.missing) > 0 {
		x.laid = append(x.laid, read)
		return node, false
	}
	t.readUnits()
	rows := g.rows[l.after:]
	t.counted = slices.ContainsFunc(rows, func(r gridRow) bool { return arabic.MatchString(t.ordinalOf(&r)) })
	for i := range rows {
		row := &rows[i]
		total := l.list.spec.IsTable() && t.isTotal(row)
		if total && len(node.Items) == 0 { // some papers have the total on top
			continue
		}
		if total || !t.complete(row) && isFoot(row) || t.another(rows[i:]) != nil {
			t.complainOfLost(rows[i:])
			break
		}
		switch {
		case !t.says(row), t.isHeading(row):
		case t.isSection(row, rows[i+1:]), l.list.spec.IsTable() && t.isSubtotal(row):
			t.sections = append(t.sections, row.own()[0])
		case t.isNote(row):
			t.complain(diag.Warning, diag.NoteRow, t.grid.placeOf(row.own()[0]), "nếu là một dòng của bảng, ghi số thứ tự và các cột bắt buộc",
				"dòng không có số thứ tự và chỉ có một ô chữ, nên được hiểu là ghi chú và không được đọc")
		default:
			node.Items = append(node.Items, t.item(row))
			if read.first == nil {
				read.first = row
			}
		}
	}
	read.rows = len(node.Items)
	x.laid = append(x.laid, read)
	t.tellSections()
	return node, true
}

// typed returns the cell of a row in a column of the list, blank where it is not there. A cell merged with those below stands for each
// of them; one merged with those to its left does not.
func (t *tableReader) typed(row *gridRow, column int) cell {
	return row.itself(t.layout.columns[column])
}

// complete reports whether a row has all that the list requires.
func (t *tableReader) complete(row *gridRow) bool {
	for k := range t.layout.list.columns {
		if spec := &t.layout.list.columns[k]; spec.Required && !spec.Computed && t.typed(row, k).kind == xlsx.Blank {
			return false
		}
	}
	return true
}

// isHeading reports whether a row repeats the heading on a further page.
func (t *tableReader) isHeading(row *gridRow) bool {
	heading := &t.grid.rows[t.layout.after-1]
	for _, c := range row.cells {
		if above := heading.at(int(c.column)); c.kind != xlsx.Blank && !c.filled && (above.kind != xlsx.Text || above.text != c.text) {
			return isColumnNumbers(row)
		}
	}
	return true
}

// says reports whether a row says anything of its own in a column that is read.
func (t *tableReader) says(row *gridRow) bool {
	for k, spec := range t.layout.list.columns {
		if c := t.typed(row, k); !spec.Computed && c.kind != xlsx.Blank && !c.filled {
			return true
		}
	}
	return false
}

// item reads a row. Blank cells are left out, but for those that must not be blank.
func (t *tableReader) item(row *gridRow) model.Node {
	list := t.layout.list
	if !list.spec.IsTable() {
		node := t.node(&list.columns[1], t.grid, t.typed(row, 1))
		node.Text = strings.TrimPrefix(strings.TrimSpace(node.Text), "- ")
		return node
	}
	item := model.Node{Shape: model.Group, Place: t.grid.place(row.number, t.left)}
	item.Fields = make([]model.Field, 0, t.layout.read)
	for k := range list.columns {
		spec := &list.columns[k]
		c := t.typed(row, k)
		if t.layout.columns[k] < 0 || spec.Computed && (spec.Type != model.TextField || c.kind != xlsx.Text || c.worked || isDash(c.text)) {
			continue // a typed text says what someone thought, to be held against what is worked out
		}
		value := t.node(spec, t.grid, c)
		if shifted, err := vi.Shift(value.Text, t.shift[k]); err == nil && t.shift[k] != 0 {
			value.Text = shifted
		}
		if value.Shape != model.Missing || spec.Required {
			item.Fields = append(item.Fields, model.Field{Key: spec.Key, Place: value.Place, Value: value})
		}
	}
	return item
}

var (
	arabic       = lazyregexp.New(`^\d+([.)]|(\.\d+)*\.?)?$`)
	letters      = lazyregexp.New(`^(?:[IVXLC]+|[A-ZĐ]|[a-zđ])[.)]?$`)
	columnNumber = lazyregexp.New(`^\(?(\d{1,2}|[A-Za-z])\)?( ?[=:].*)?$`)
	dateline     = lazyregexp.New(`^([^,]{0,40}, ?)?ngay .{0,6}thang .{0,6}nam[ .…]*(\d{4})?\.?$`)
)

func (t *tableReader) ordinalOf(row *gridRow) string {
	if c := row.at(t.ordinal); c.kind != xlsx.Blank && !c.filled {
		return c.words()
	}
	return ""
}

// isColumnNumbers reports whether a row is (1) (2) (3) or A B 1 2=3+4 under a heading: no two columns say the same.
func isColumnNumbers(row *gridRow) bool {
	var seen []string
	for _, c := range row.cells {
		if c.kind == xlsx.Blank || c.filled {
			continue
		}
		m := columnNumber.FindStringSubmatch(strings.TrimSpace(c.text))
		if m == nil || slices.Contains(seen, m[1]) {
			return false
		}
		seen = append(seen, m[1])
	}
	return len(seen) >= 3
}

const longestMark = 80 // bytes of what ends a table

var (
	totalWords   = lazyregexp.New(`^(tong( cong| so| cong so| hop chung)?|cong( tong)?)$`)
	totalForm    = lazyregexp.New(`^tong (cong|so) `)                 // “Tổng số nhiệm vụ: 8”
	subtotalForm = lazyregexp.New(`^(cộng|CỘNG|Cộng)[\s:]+[\p{L}\d]`) // “Cộng quý I”; accents tell it from “Công trình”
)

// isTotal reports whether a row is that of totals, which has a word for it where others have their number or their first text; with more words it is one
// only where nothing else stands that a row must have.
func (t *tableReader) isTotal(row *gridRow) bool {
	return firstTexts(row, func(c cell) bool {
		if !strings.ContainsAny(c.text[:1], "TtCc \n") {
			return false
		}
		h := headingOf(c.text)
		return totalWords.MatchString(h.bare) || totalForm.MatchString(h.full) && t.isBare(row)
	})
}

// isSubtotal reports whether a row is the sum of some others, “Cộng quý I”.
func (t *tableReader) isSubtotal(row *gridRow) bool {
	return firstTexts(row, func(c cell) bool { return subtotalForm.MatchString(c.words()) && t.isBare(row) })
}

// firstTexts reports whether one of the first two cells of a row that say anything is a short text of some kind.
func firstTexts(row *gridRow, is func(c cell) bool) bool {
	looked := 0
	for _, c := range row.cells {
		if c.kind == xlsx.Blank || c.filled {
			continue
		}
		if looked++; looked > 2 {
			return false
		}
		if c.kind == xlsx.Text && len(c.text) <= longestMark && is(c) {
			return true
		}
	}
	return false
}

// isBare reports whether a row has at most one of the columns that the list requires; numbers do not count where rows are numbered and it is
// not, for they may be sums.
func (t *tableReader) isBare(row *gridRow) bool {
	unnumbered := t.counted && t.ordinalOf(row) == ""
	required, filled := 0, 0
	for k := range t.layout.list.columns {
		spec := &t.layout.list.columns[k]
		if !spec.Required || spec.Computed {
			continue
		}
		required++
		if t.typed(row, k).kind != xlsx.Blank && !(unnumbered && spec.Type == model.NumberField) {
			filled++
		}
	}
	return required > 1 && filled <= 1
}

// isFoot reports whether a row is one of the signatures below a table, or of the place and date above them.
func isFoot(row *gridRow) bool {
	cells := row.own()
	for _, c := range cells {
		if c.kind != xlsx.Text || len(c.text) > longestMark {
			continue
		}
		text := vi.Words(c.text)
		if strings.HasPrefix(text, "nguoi lap") && len(text) <= len("nguoi lap bieu tong hop") || text == "thu truong don vi" ||
			text == "nguoi tong hop" || len(cells) == 1 && dateline.MatchString(vi.Fold(c.words())) {
			return true
		}
	}
	return false
}

// isSection reports whether a row is only a heading over those below: numbered I or A, or 1 over 1.1, and blank but for one text. Where other
// rows are counted 1, 2, 3 one numbered I is a heading even with sums in it.
func (t *tableReader) isSection(row *gridRow, below []gridRow) bool {
	ordinal := t.ordinalOf(row)
	if t.counted && letters.MatchString(ordinal) {
		return true
	}
	switch {
	case !t.isOneText(row):
		return false
	case letters.MatchString(ordinal):
		return true
	case ordinal == "":
		return t.spread(row)
	}
	return len(below) > 0 && strings.HasPrefix(t.ordinalOf(&below[0]), strings.TrimRight(ordinal, ".")+".")
}

// isOneText reports whether a row is blank where it must not be, but for one cell.
func (t *tableReader) isOneText(row *gridRow) bool {
	texts := 0
	for k := range t.layout.list.columns {
		if !t.layout.list.columns[k].Computed && t.typed(row, k).kind != xlsx.Blank {
			texts++
		}
	}
	return texts == 1 && !t.complete(row)
}

// isNote reports whether a row is a remark among or below rows that are counted 1, 2, 3.
func (t *tableReader) isNote(row *gridRow) bool {
	return t.counted && row.at(t.ordinal).kind == xlsx.Blank && t.isOneText(row)
}

// spread reports whether the one text of a row is merged over several columns.
func (t *tableReader) spread(row *gridRow) bool {
	const wide = 3
	cells := row.own()
	if len(cells) != 1 {
		return false
	}
	n := 0
	for _, c := range row.cells {
		if c.filled && c.row == cells[0].row && c.column == cells[0].column {
			n++
		}
	}
	return n+1 >= wide
}

// another returns the layout of a second table whose heading begins some rows, or nil. A heading repeated on a further page is none.
func (t *tableReader) another(rows []gridRow) *layout {
	i := slices.IndexFunc(rows[0].cells, func(c cell) bool { return c.kind != xlsx.Blank && !c.filled })
	if i < 0 {
		return nil
	}
	first := rows[0].cells[i]
	if first.kind != xlsx.Text || len(first.text) > longestMark || len(t.dictionary.words[headingOf(first.text).bare]) == 0 {
		return nil // as nearly all rows, without a closer look
	}
	for _, l := range t.dictionary.find(&grid{rows: rows[:min(maxHeading, len(rows))]}) {
		if l != nil && l.first == 0 && l.list.spec.IsTable() && len(l.missing) == 0 && l.convincing() &&
			(l.list != t.layout.list || !slices.Equal(l.columns, t.layout.columns)) {
			return l
		}
	}
	return nil
}

// complainOfLost reports rows from the end of the table on that look like those of one. Below a total they surely are; below the
// signatures it may be their names.
func (t *tableReader) complainOfLost(below []gridRow) {
	severity := diag.Error
	for i := range below {
		row := &below[i]
		if isFoot(row) {
			severity = diag.Warning
		}
		if second := t.another(below[i:]); second != nil {
			label := second.list.spec.Label
			t.complain(diag.Error, diag.SecondTable, t.grid.placeOf(row.own()[0]),
				"chuyển bảng thứ hai sang một trang tính riêng mang tên “"+label+"”, hoặc xóa đi nếu không dùng",
				fmt.Sprintf("từ dòng %d, dưới bảng “%s”, còn một bảng “%s”; mỗi trang tính chỉ đọc một bảng",
					row.number, t.layout.list.spec.Label, label))
			return
		}
		if t.complete(row) && len(row.own()) > 1 && !t.isTotal(row) && !isFoot(row) {
			t.complain(severity, diag.RowsBelowTotal, t.grid.place(row.number, t.left),
				"chuyển dòng tổng cộng hoặc chỗ ký xuống dưới cùng, hoặc xóa các dòng này nếu không dùng",
				fmt.Sprintf("bảng “%s” kết thúc ở dòng tổng cộng hoặc chỗ ký; các dòng từ dòng %d không được đọc",
					t.layout.list.spec.Label, row.number))
			return
		}
	}
}

func (t *tableReader) tellSections() {
	if len(t.sections) == 0 {
		return
	}
	titles := make([]string, len(t.sections))
	for i, c := range t.sections {
		titles[i] = xlsx.CellName(int(c.row), int(c.column))
	}
	t.complain(diag.Info, diag.SectionRows, t.grid.placeOf(t.sections[0]), "mỗi việc cần đọc phải ở một dòng riêng có đủ các cột bắt buộc",
		fmt.Sprintf("bảng “%s” có %d dòng tiêu đề nhóm hoặc dòng cộng, không đọc thành dữ liệu: %s", t.layout.list.spec.Label, len(titles), diag.List(titles)))
}

package source

import (
	"fmt"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
	"vanthu/internal/xlsx"
)

// unitList is a sheet with a row for each unit.
type unitList struct {
	grid    *grid
	heading []gridRow // one row, or two where fields of a group stand under its label
	below   int       // row of the grid
	columns []cell    // headings of fields; of a field in a group with the label of the group, “Người ký: Họ và tên”
	name    int       // the column with the names of units, or -1
}

func isUnitList(g *grid) bool {
	return !g.hidden && slices.Contains([]string{"danhsach", "danhsachdonvi", "cacdonvi"}, joined(g.sheet))
}

// kindBelow is the first kind of document in a list of units.
func kindBelow(g *grid) model.Node {
	for i := range g.rows[:min(len(g.rows), maxTitles)] {
		for _, c := range g.rows[i].own() {
			if !isKindLabel(c) {
				continue
			}
			for k := i + 1; k < len(g.rows); k++ {
				if node := kindIn([]line{{grid: g, label: c, value: g.rows[k].itself(int(c.column))}}); node.Shape == model.Scalar {
					return node
				}
			}
		}
	}
	return model.Node{}
}

// unitLists returns the lists of units.
func (x *extraction) unitLists(sheets []*grid) (lists []*unitList) {
	for _, g := range sheets {
		if !isUnitList(g) {
			continue
		}
		if l := x.unitList(g); l != nil {
			lists = append(lists, l)
		}
	}
	return lists
}

// unitList finds the heading of a list of units: the row that names most fields. It is nil where the sheet is rather a table of the kind,
// or any list that goes with the document.
func (x *extraction) unitList(g *grid) *unitList {
	if slices.ContainsFunc(x.dictionary.lists, func(l list) bool { return joined(g.sheet) == l.title }) {
		return nil
	}
	best := &unitList{name: -1}
	for i := range g.rows[:min(len(g.rows), maxTitles)] {
		if l := x.headingAt(g, i); len(l.columns) > len(best.columns) {
			best = l
		}
	}
	whole := slices.ContainsFunc(best.columns, func(c cell) bool { return x.namesWhole(c) })
	if !whole || len(best.columns) == 1 && best.name < 0 {
		return nil
	}
	for _, l := range x.dictionary.find(g) {
		if l != nil && l.convincing() && l.read >= len(best.columns) {
			return nil
		}
	}
	return best
}

// namesWhole reports whether a heading is the whole label of a field. “Họ và tên” alone, which may be that of the signer, is a column of any
// list of people.
func (x *extraction) namesWhole(heading cell) bool {
	at := x.entryFor(line{label: heading})
	_, inner := x.inner[headingOf(heading.text).full]
	return at >= 0 && !(inner && strings.Contains(x.entries[at].key, "."))
}

// headingAt reads a row as the heading of a list, with the next one where that names fields of groups.
func (x *extraction) headingAt(g *grid, first int) *unitList {
	l := &unitList{grid: g, heading: g.rows[first : first+1], below: first + 1, name: -1}
	for _, c := range l.heading[0].own() {
		switch {
		case x.entryFor(line{label: c}) >= 0:
			l.columns = append(l.columns, c)
		case l.name < 0 && c.kind == xlsx.Text && slices.Contains([]string{"don vi", "ten don vi"}, vi.Words(c.text)):
			l.name = int(c.column)
		}
	}
	if l.below == len(g.rows) || g.rows[l.below].number != l.heading[0].number+1 {
		return l
	}
	var group string
	for _, c := range g.rows[l.below].own() {
		if over := l.heading[0].at(int(c.column)); over.kind == xlsx.Text {
			group = over.text
		}
		c.text = group + ": " + c.text
		if c.kind == xlsx.Text && group != "" && x.entryFor(line{label: c}) >= 0 {
			l.heading = g.rows[first : first+2]
			l.columns = slices.DeleteFunc(l.columns, func(over cell) bool { return over.column == c.column })
			l.columns = append(l.columns, c)
		}
	}
	l.below = first + len(l.heading)
	return l
}

// reads reports whether a column holds a field or the names of units.
func (l *unitList) reads(column int32) bool {
	return int(column) == l.name || slices.ContainsFunc(l.columns, func(c cell) bool { return c.column == column })
}

// tellColumns reports headings that name no field, and of those that name one twice.
func (x *extraction) tellColumns(l *unitList) {
	first := map[int]cell{}
	for _, c := range l.columns {
		at := x.entryFor(line{label: c})
		if before, twice := first[at]; twice {
			x.complain(diag.Error, diag.DuplicateColumn, l.grid.placeOf(c), "giữ lại một cột, xóa hoặc đổi tên cột còn lại",
				fmt.Sprintf("cột “%s” cũng được hiểu là mục “%s”, đã có ở ô %s", diag.Excerpt(c.words()), x.entries[at].spec.Label,
					xlsx.CellName(int(before.row), int(before.column))))
		}
		first[at] = c
	}
	var unused []string
	for i := range l.heading {
		for _, c := range l.heading[i].own() {
			switch typed := diag.Excerpt(c.words()); {
			case l.reads(c.column), isOrdinal(c):
			case x.nearEntry(c) != "":
				x.complain(diag.Warning, diag.NearColumn, l.grid.placeOf(c),
					"có phải “"+x.nearEntry(c)+"”? Sửa tiêu đề cho đúng, hoặc đặt tên khác hẳn nếu là cột khác",
					fmt.Sprintf("cột “%s” không được đọc: không trùng tên mục nào của loại văn bản này", typed))
			default:
				unused = append(unused, "“"+typed+"” ("+xlsx.CellName(int(c.row), int(c.column))+")")
			}
		}
	}
	if len(unused) > 0 {
		x.complain(diag.Info, diag.UnknownColumn, diag.Place{File: l.grid.file, Sheet: l.grid.sheet},
			"nếu cần dùng, đổi tiêu đề thành tên mục trong tệp nhập mẫu", "danh sách đơn vị có cột không dùng đến: "+diag.List(unused))
	}
}

func isOrdinal(heading cell) bool {
	return slices.Contains([]string{"stt", "tt", "so tt", "so thu tu"}, vi.Words(heading.text))
}

// units are the rows that say anything.
func (l *unitList) units(x *extraction) (units []Unit) {
	g, quiet := l.grid, x.further() // a name that cannot be worked out is no reason to make nothing
	for i := l.below; i < len(g.rows); i++ {
		row := &g.rows[i]
		switch {
		case isFoot(row):
			return units
		case !l.says(row), isColumnNumbers(row), firstTexts(row, func(c cell) bool { return totalWords.MatchString(headingOf(c.text).bare) }):
		default:
			units = append(units, Unit{Base: l.nameOf(quiet, row), Place: g.place(row.number, int(row.own()[0].column)), grid: g, row: i})
		}
	}
	if len(units) == 0 {
		x.complain(diag.Warning, diag.EmptyList, diag.Place{File: g.file, Sheet: g.sheet}, "ghi mỗi đơn vị một dòng, hoặc xóa trang tính này",
			"danh sách đơn vị chưa có dòng nào")
	}
	return units
}

// says reports whether a row has anything of its own in a column that is read, and is not the heading repeated on a further page.
func (l *unitList) says(row *gridRow) bool {
	own := slices.DeleteFunc(row.own(), func(c cell) bool { return !l.reads(c.column) })
	return slices.ContainsFunc(own, func(c cell) bool {
		return !slices.ContainsFunc(l.heading, func(heading gridRow) bool { return heading.at(int(c.column)).text == c.text })
	})
}

// nameOf is what a row calls its unit: in the column of names, else as the body that issues the document, else its first text.
func (l *unitList) nameOf(x *extraction, row *gridRow) string {
	if l.name >= 0 {
		if name := x.textOf(l.grid, row.itself(l.name)); name != "" {
			return name
		}
	}
	for _, c := range l.columns {
		if x.entries[x.entryFor(line{label: c})].key == "co_quan.ten" {
			if name := x.textOf(l.grid, row.itself(int(c.column))); name != "" {
				return name
			}
		}
	}
	for _, c := range row.own() {
		if c.kind == xlsx.Text && !arabic.MatchString(strings.TrimSpace(c.text)) && !isKindLabel(l.heading[0].at(int(c.column))) {
			return diag.Excerpt(c.words())
		}
	}
	return fmt.Sprintf("Dòng %d", row.number)
}

// textOf is the text of a cell on one line, worked out where the file has none and as far as that can be.
func (x *extraction) textOf(g *grid, c cell) string {
	if c.kind == xlsx.Formula {
		c = x.calculate(&model.FieldSpec{}, g, c)
	}
	return c.words()
}

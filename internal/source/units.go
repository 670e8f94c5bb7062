package source

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// How one workbook asks for many documents
//
// One row a unit: a sheet “Danh sách” has under each heading what a form has beside each label. One sheet a unit: two or more sheets
// beside “Thông tin chung” are themselves forms. Either way a unit says what is its own; what it leaves out comes from “Thông tin chung”, and
// tables on other sheets belong to all.
//
//	Thông tin chung            Danh sách
//	Mục        | Giá trị       STT | Đơn vị   | Số  | Ngày ban hành
//	Loại       | Báo cáo       1   | Xã An    | 12  | 20/12/2026
//	Trích yếu  | Kết quả …     2   | Xã Bình  | 7   |

// MostUnits is how many documents one workbook may ask for.
const MostUnits = 10_000

// Unit is one of the documents that a workbook asks for.
type Unit struct {
	Name  string     // no two alike
	Base  string     // the name as the workbook has it, which others may have too
	Place diag.Place // of its row or its sheet

	grid *grid
	row  int        // of the grid; -1 for a sheet of its own
	kind model.Node // what it says itself of the kind of document
}

// Units are the documents that a workbook asks for as a schema sees it; none where the file is one document. Findings are about the
// division alone; when they block there are no units.
func (f *File) Units(schema *model.Schema) ([]Unit, diag.Findings) {
	if len(f.forms) == 0 && !slices.ContainsFunc(f.sheets, isUnitList) {
		return nil, nil
	}
	d := f.divisions.of(f, schema)
	return d.units, d.found
}

// Of is the file as it is for one of its units.
func (f *File) Of(unit Unit) *File {
	of := *f
	of.unit = &unit
	return &of
}

// unitForms parts the sheets that are forms of units from those that they share.
func unitForms(sheets []*grid) (shared, forms []*grid) {
	for _, g := range sheets {
		if !g.hidden && !isNamedForm(g) && !ours(g) && headedForm(g) != nil {
			forms = append(forms, g)
		} else {
			shared = append(shared, g)
		}
	}
	if len(forms) < 2 {
		return sheets, nil
	}
	for _, g := range forms {
		g.form = headedForm(g)
	}
	return append([]*grid{}, shared...), forms
}

func isUnitList(g *grid) bool {
	return !g.hidden && slices.Contains([]string{"danhsach", "danhsachdonvi", "cacdonvi"}, joined(g.sheet))
}

// kindBelow is the first kind of document in a list of units.
func kindBelow(g *grid) model.Node {
	for i := range g.rows[:min(len(g.rows), mostTitles)] {
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

// divisions are made when first asked for.
type divisions struct {
	one      sync.Mutex
	bySchema map[*model.Schema]*division
}

func (all *divisions) of(f *File, schema *model.Schema) *division {
	all.one.Lock()
	defer all.one.Unlock()
	d := all.bySchema[schema]
	if d == nil {
		d = divide(f, schema)
		all.bySchema[schema] = d
	}
	return d
}

// division is how a workbook parts into units, with what they share as one schema reads it.
type division struct {
	shared  *extraction
	entries []entry
	tables  []table
	sheet   string // where a field that is left out would be looked for

	list  *unitList // nil where there is none
	units []Unit
	found diag.Findings
}

// unitList is a sheet with a row for each unit.
type unitList struct {
	grid    *grid
	heading []gridRow // one row, or two where fields of a group stand under its label
	below   int       // row of the grid
	columns []cell    // headings of fields; of a field in a group with the label of the group, “Người ký: Họ và tên”
	name    int       // the column with the names of units, or -1
}

func divide(f *File, schema *model.Schema) *division {
	d := &division{shared: newExtraction(schema)}
	sheets := f.sheets
	if i := slices.IndexFunc(sheets, isUnitList); i >= 0 {
		if d.list = d.shared.unitList(sheets[i]); d.list != nil {
			sheets = slices.Concat(sheets[:i], sheets[i+1:])
			d.sheet = d.list.grid.sheet
		}
	}
	d.entries, d.tables = d.shared.read(sheets)
	for _, g := range sheets {
		if g.form != nil {
			d.sheet = g.sheet
		}
	}
	if d.list != nil || len(f.forms) > 0 {
		d.findUnits(f, newExtraction(schema))
	}
	return d
}

func (d *division) findUnits(f *File, x *extraction) {
	if d.list != nil {
		x.tellColumns(d.list)
		d.units = d.list.units(x)
		if len(f.forms) > 0 {
			x.complain(diag.Warning, "unknown-sheet", diag.Place{File: f.name, Sheet: f.forms[0].sheet},
				"giữ lại một cách: mỗi đơn vị một dòng, hoặc mỗi đơn vị một trang tính",
				"trang tính không được đọc: văn bản được làm theo trang tính “"+d.list.grid.sheet+"”")
		}
	} else {
		for _, g := range f.forms {
			d.units = append(d.units, Unit{Base: strings.TrimSpace(g.sheet), Place: diag.Place{File: g.file, Sheet: g.sheet}, grid: g, row: -1})
		}
	}
	if len(d.units) > MostUnits {
		x.complain(diag.Error, "too-many-units", d.units[MostUnits].Place, "chia thành nhiều tệp",
			fmt.Sprintf("danh sách có %d đơn vị, một tệp nhận nhiều nhất %s", len(d.units), vi.FormatNumber(model.Count(MostUnits).Decimal)))
	}
	if x.found.Blocking() {
		d.units = nil
	}
	for i := range d.units {
		d.units[i].kind = kindIn(d.lines(&d.units[i]))
	}
	x.nameUnits(d.units)
	d.found = x.found
}

// unitList finds the heading of a list of units: the row that names most fields. It is nil where the sheet is rather a table of the kind.
func (x *extraction) unitList(g *grid) *unitList {
	if slices.ContainsFunc(x.dictionary.lists, func(l list) bool { return joined(g.sheet) == l.title }) {
		return nil
	}
	best := &unitList{name: -1}
	for i := range g.rows[:min(len(g.rows), mostTitles)] {
		if l := x.headingAt(g, i); len(l.columns) > len(best.columns) {
			best = l
		}
	}
	if len(best.columns) == 0 || len(best.columns) == 1 && best.name < 0 {
		return nil
	}
	for _, l := range x.dictionary.find(g) {
		if l != nil && l.convincing() && l.read >= len(best.columns) {
			return nil
		}
	}
	return best
}

// headingAt reads a row as the heading of a list, with the next one where that names fields of groups.
func (x *extraction) headingAt(g *grid, first int) *unitList {
	l := &unitList{grid: g, heading: g.rows[first : first+1], below: first + 1, name: -1}
	for _, c := range l.heading[0].own() {
		switch {
		case x.entryFor(line{label: c}) >= 0:
			l.columns = append(l.columns, c)
		case l.name < 0 && c.kind == textCell && slices.Contains([]string{"don vi", "ten don vi"}, plain(c.text)):
			l.name = int(c.column)
		}
	}
	if l.below == len(g.rows) || g.rows[l.below].number != l.heading[0].number+1 {
		return l
	}
	var group string
	for _, c := range g.rows[l.below].own() {
		if over := l.heading[0].at(int(c.column)); over.kind == textCell {
			group = over.text
		}
		c.text = group + ": " + c.text
		if c.kind == textCell && group != "" && x.entryFor(line{label: c}) >= 0 {
			l.heading = g.rows[first : first+2]
			l.columns = slices.DeleteFunc(l.columns, func(over cell) bool { return over.column == c.column })
			l.columns = append(l.columns, c)
		}
	}
	l.below = first + len(l.heading)
	return l
}

// reads tells whether a column holds a field or the names of units.
func (l *unitList) reads(column int32) bool {
	return int(column) == l.name || slices.ContainsFunc(l.columns, func(c cell) bool { return c.column == column })
}

// tellColumns tells of headings that name no field, and of those that name one twice.
func (x *extraction) tellColumns(l *unitList) {
	first := map[int]cell{}
	for _, c := range l.columns {
		at := x.entryFor(line{label: c})
		if before, twice := first[at]; twice {
			x.complain(diag.Error, "duplicate-column", l.grid.placeOf(c), "giữ lại một cột, xóa hoặc đổi tên cột còn lại",
				fmt.Sprintf("cột “%s” cũng được hiểu là mục “%s”, đã có ở ô %s", diag.Excerpt(c.words()), x.entries[at].spec.Label,
					cellName(int(before.row), int(before.column))))
		}
		first[at] = c
	}
	var unused []string
	for i := range l.heading {
		for _, c := range l.heading[i].own() {
			switch typed := diag.Excerpt(c.words()); {
			case l.reads(c.column), isOrdinal(c):
			case x.nearEntry(c) != "":
				x.complain(diag.Warning, "near-column", l.grid.placeOf(c),
					"có phải “"+x.nearEntry(c)+"”? Sửa tiêu đề cho đúng, hoặc đặt tên khác hẳn nếu là cột khác",
					fmt.Sprintf("cột “%s” không được đọc: không trùng tên mục nào của loại văn bản này", typed))
			default:
				unused = append(unused, "“"+typed+"” ("+cellName(int(c.row), int(c.column))+")")
			}
		}
	}
	if len(unused) > 0 {
		x.complain(diag.Info, "unknown-column", diag.Place{File: l.grid.file, Sheet: l.grid.sheet},
			"nếu cần dùng, đổi tiêu đề thành tên mục trong tệp nhập mẫu", "danh sách đơn vị có cột không dùng đến: "+some(unused))
	}
}

func isOrdinal(heading cell) bool {
	return slices.Contains([]string{"stt", "tt", "so tt", "so thu tu"}, plain(heading.text))
}

// units are the rows that say anything.
func (l *unitList) units(x *extraction) (units []Unit) {
	g := l.grid
	for i := l.below; i < len(g.rows); i++ {
		row := &g.rows[i]
		switch {
		case isFoot(row):
			return units
		case !l.says(row), isColumnNumbers(row), firstTexts(row, func(c cell) bool { return totalWords.MatchString(headingOf(c.text).bare) }):
		default:
			units = append(units, Unit{Base: l.nameOf(x, row), Place: g.place(row.number, int(row.own()[0].column)), grid: g, row: i})
		}
	}
	if len(units) == 0 {
		x.complain(diag.Warning, "empty-list", diag.Place{File: g.file, Sheet: g.sheet}, "ghi mỗi đơn vị một dòng, hoặc xóa trang tính này",
			"danh sách đơn vị chưa có dòng nào")
	}
	return units
}

// says tells whether a row has anything of its own in a column that is read, and is not the heading repeated on a further page.
func (l *unitList) says(row *gridRow) bool {
	own := slices.DeleteFunc(row.own(), func(c cell) bool { return !l.reads(c.column) })
	return slices.ContainsFunc(own, func(c cell) bool {
		return !slices.ContainsFunc(l.heading, func(heading gridRow) bool { return heading.at(int(c.column)).text == c.text })
	})
}

// nameOf is what a row calls its unit: in the column of names, else as the body that issues the document, else its first text.
func (l *unitList) nameOf(x *extraction, row *gridRow) string {
	if l.name >= 0 {
		if name := row.itself(l.name).words(); name != "" {
			return name
		}
	}
	for _, c := range l.columns {
		if name := row.itself(int(c.column)).words(); name != "" && x.entries[x.entryFor(line{label: c})].key == "co_quan.ten" {
			return name
		}
	}
	for _, c := range row.own() {
		if c.kind == textCell && !arabic.MatchString(strings.TrimSpace(c.text)) && !isKindLabel(l.heading[0].at(int(c.column))) {
			return diag.Excerpt(c.words())
		}
	}
	return fmt.Sprintf("Dòng %d", row.number)
}

// nameUnits gives units names of which no two are alike.
func (x *extraction) nameUnits(units []Unit) {
	first := make(map[string]*Unit, len(units))
	for i := range units {
		if u := &units[i]; first[u.Base] == nil {
			first[u.Base], u.Name = u, u.Base
		}
	}
	count := map[string]int{}
	for i := range units {
		u := &units[i]
		if u.Name != "" {
			continue
		}
		for u.Name == "" || first[u.Name] != nil {
			count[u.Base]++
			u.Name = fmt.Sprintf("%s (%d)", u.Base, count[u.Base]+1)
		}
		x.complain(diag.Warning, "same-unit", u.Place, "nếu là hai đơn vị, ghi tên đầy đủ hơn; nếu ghi trùng, xóa đi một",
			fmt.Sprintf("đơn vị “%s” có ở cả %s và %s; văn bản của %s mang tên “%s”", u.Base, first[u.Base].where(), u.where(), u.where(), u.Name))
	}
}

func (u *Unit) where() string {
	if u.row < 0 {
		return "trang tính “" + u.grid.sheet + "”"
	}
	return fmt.Sprintf("dòng %d", u.grid.rows[u.row].number)
}

// lines are what a unit says of its own.
func (d *division) lines(u *Unit) (lines []line) {
	switch {
	case u.row < 0:
		return u.grid.lines(len(u.grid.rows))
	case d.list == nil: // the kind of this unit has no field that the list names
		return nil
	}
	row := &u.grid.rows[u.row]
	for _, c := range d.list.columns {
		lines = append(lines, line{grid: u.grid, label: c, value: row.itself(int(c.column))})
	}
	return lines
}

// record reads what a unit says over what all share, or this alone where the file has no unit in hand.
func (d *division) record(f *File) (model.Record, *extraction) {
	x := d.shared.further()
	entries, tables, sheet := d.entries, d.tables, d.sheet
	switch u := f.unit; {
	case u == nil:
	case u.row < 0:
		own, more := x.read([]*grid{u.grid})
		entries, tables, sheet = over(entries, own), slices.Concat(tables, more), u.grid.sheet
	default:
		entries = over(entries, x.answers(d.lines(u), false))
	}
	root := model.Node{Shape: model.Group, Place: diag.Place{File: f.name, Sheet: sheet, Cell: "A1"}}
	root.Fields = gather(x.schema.Fields, entries, "")
	for _, t := range tables {
		set(&root, t.spec, t.items)
	}
	return model.Record{File: f.name, Root: root}, x
}

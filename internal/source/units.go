package source

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
	"vanthu/internal/xlsx"
)

// How one workbook asks for many documents
//
// One row a unit: a sheet “Danh sách” has under each heading what a form has beside each label. One sheet a unit: two or more sheets
// beside “Thông tin chung” are themselves forms, with the heading of one and the name of a field at least. Either way a unit says what is its own; what it leaves out comes from “Thông tin chung”, and
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

// headedForms returns the sheets beside “Thông tin chung” that have the heading of a form, none where there are fewer than two.
func headedForms(sheets []*grid) (forms []*grid) {
	for _, g := range sheets {
		if !g.hidden && !isNamedForm(g) && !ours(g) && headedForm(g) != nil {
			forms = append(forms, g)
		}
	}
	if len(forms) < 2 {
		return nil
	}
	return forms
}

// asForm returns a sheet as the form that its heading makes of it.
func asForm(g *grid) *grid {
	own := *g
	own.form = headedForm(g)
	return &own
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

func divide(f *File, schema *model.Schema) *division {
	d := &division{shared: newExtraction(schema)}
	lists, forms := d.shared.unitLists(f.sheets), d.shared.unitForms(f.forms)
	sheets := slices.DeleteFunc(slices.Clone(f.sheets), func(g *grid) bool {
		return slices.Contains(forms, g) || slices.ContainsFunc(lists, func(l *unitList) bool { return l.grid == g })
	})
	d.entries, d.tables = d.shared.read(sheets)
	for _, g := range sheets {
		if g.form != nil {
			d.sheet = g.sheet
		}
	}
	if len(lists) > 0 || len(forms) > 0 {
		d.findUnits(lists, forms, newExtraction(schema))
	}
	return d
}

// findUnits takes the rows of the first list for units, or else the forms. What it finds to tell of the division is in x.
func (d *division) findUnits(lists []*unitList, forms []*grid, x *extraction) {
	if len(lists) == 0 {
		for _, g := range forms {
			place := diag.Place{File: g.file, Sheet: g.sheet}
			d.units = append(d.units, Unit{Base: strings.TrimSpace(g.sheet), Place: place, grid: asForm(g), row: -1})
		}
		d.settle(x)
		return
	}
	d.list = lists[0]
	d.sheet = cmp.Or(d.sheet, d.list.grid.sheet)
	x.tellColumns(d.list)
	d.units = d.list.units(x)
	for _, l := range lists[1:] {
		x.tellAside(l.grid, d.list, "ghi mọi đơn vị vào một trang tính")
	}
	if len(forms) > 0 {
		x.tellAside(forms[0], d.list, "giữ lại một cách: mỗi đơn vị một dòng, hoặc mỗi đơn vị một trang tính")
	}
	d.settle(x)
}

// settle sets the kinds and names of the units, and keeps what x found.
func (d *division) settle(x *extraction) {
	if len(d.units) > MostUnits {
		x.complain(diag.Error, diag.TooManyUnits, d.units[MostUnits].Place, "chia thành nhiều tệp",
			fmt.Sprintf("danh sách có %d đơn vị, một tệp nhận nhiều nhất %s", len(d.units), vi.FormatNumber(model.Count(MostUnits).Decimal)))
	}
	if x.found.Blocking() {
		d.units = nil
	}
	quiet := x.further() // what is wrong with the kind of one unit keeps no other from being made
	for i := range d.units {
		d.units[i].kind = quiet.kindOf(d.lines(&d.units[i]))
	}
	x.nameUnits(d.units)
	d.found = x.found
}

// kindOf is what a unit says of its kind in a cell that is not blank.
func (x *extraction) kindOf(lines []line) model.Node {
	for _, l := range lines {
		if at := x.entryFor(l); at >= 0 && x.entries[at].key == model.KindKey && l.value.kind != xlsx.Blank {
			return x.entry(x.entries[at].spec, l.grid, l.value)
		}
	}
	return model.Node{}
}

// tellAside reports a sheet with units that are not made, as those of a list are.
func (x *extraction) tellAside(g *grid, list *unitList, hint string) {
	x.complain(diag.Warning, diag.UnknownSheet, diag.Place{File: g.file, Sheet: g.sheet}, hint,
		"trang tính không được đọc: văn bản được làm theo trang tính “"+list.grid.sheet+"”")
}

// unitForms returns the sheets that name a field as a form does, none where there are fewer than two: a table may have columns that are
// called “Mục” and “Giá trị” too.
func (x *extraction) unitForms(headed []*grid) (forms []*grid) {
	for _, g := range headed {
		lines := asForm(g).lines(len(g.rows))
		if slices.ContainsFunc(lines, func(l line) bool { return x.entryFor(l) >= 0 }) {
			forms = append(forms, g)
		}
	}
	if len(forms) < 2 {
		return nil
	}
	return forms
}

// nameUnits sets the names of units, no two of which are alike.
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
		x.complain(diag.Warning, diag.SameUnit, u.Place, "nếu là hai đơn vị, ghi tên đầy đủ hơn; nếu ghi trùng, xóa đi một",
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

// without leaves out the shared lists that a unit gives itself, as the addressees of an invitation.
func without(tables []table, own []entry) []table {
	return slices.DeleteFunc(slices.Clone(tables), func(t table) bool {
		return slices.ContainsFunc(own, func(e entry) bool { return e.key == t.spec.Key && e.value.Shape != model.Missing })
	})
}

// record reads what a unit says over what all share, or this alone where the file has no unit in hand.
func (d *division) record(f *File) (model.Record, *extraction) {
	x := d.shared.further()
	entries, tables, sheet := d.entries, d.tables, d.sheet
	switch u := f.unit; {
	case u == nil:
	case u.row < 0:
		own, more := x.read([]*grid{u.grid})
		entries, tables, sheet = over(entries, own), slices.Concat(without(tables, own), more), u.grid.sheet
	default:
		own := x.answers(d.lines(u), false)
		entries, tables = over(entries, own), without(tables, own)
	}
	root := model.Node{Shape: model.Group, Place: diag.Place{File: f.name, Sheet: sheet, Cell: "A1"}}
	root.Fields = gather(x.schema.Fields, entries, "")
	for _, t := range tables {
		set(&root, t.spec, t.items)
	}
	return model.Record{File: f.name, Root: root}, x
}

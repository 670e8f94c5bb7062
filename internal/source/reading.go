package source

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
	"vanthu/internal/xlsx"
)

// Reading is what the parts of a file were taken for, beside the record that came of them.
type Reading struct {
	Fields []ReadField // outside tables, in the order of the file
	Tables []ReadTable
}

// ReadField is a field that was found outside tables.
type ReadField struct {
	Key, Label string // empty where it was not understood and is left out; the key of one in a group is dotted, "ky.ho_ten"
	Place      diag.Place
	Heading    string // as the file calls it
	Value      string // as it was understood, in short
}

// ReadTable is a table that was found. One that lacks a required column is left out of the record.
type ReadTable struct {
	Key, Label string // Key is empty for a list of units
	Sheet      string // or the name of the file
	HeaderRow  int    // the last row of the heading, from 1; 0 where there is none
	Rows       int    // that were read
	Columns    []ReadColumn
	Missing    []string // labels of required columns that the table lacks
}

// ReadColumn is a column of a table.
type ReadColumn struct {
	Letter  string // "C"; empty outside sheets
	Heading string // as the file calls it
	Key     string // empty where it was not understood and is left out
	Label   string
	Sample  string // what stands in its first row
}

// most that is told of a file: whoever fills one in by hand stays below it.
const (
	maxFieldsTold = 1000
	maxTold       = 60 // runes of a value
)

// Read returns the record, as Record does, and what each part of the file was taken for.
func (f *File) Read(schema *model.Schema) (model.Record, Reading, diag.Findings) {
	record, x := f.extract(schema)
	found := slices.Clip(x.found) // what samples come to is no finding
	var told Reading
	if f.sheets == nil {
		told = readingOf(schema, f.record.Root, f.name)
	} else if d := f.divisions.of(f, schema); d.list != nil {
		told.Tables = append(told.Tables, d.list.reading(x, len(d.units)))
	}
	for _, t := range x.took {
		told.field(t.reading(x))
	}
	for _, t := range x.laid {
		told.table(t.reading(x))
	}
	for _, sheets := range slices.Concat([][]*grid{f.sheets}, f.tables) {
		for _, g := range sheets {
			if near := x.close[g]; near != nil && len(near.missing) > 0 && !slices.ContainsFunc(x.laid, func(t laid) bool { return t.grid == g }) {
				told.table(laid{grid: g, layout: near}.reading(x))
			}
		}
	}
	return record, told, found
}

// field adds a field, in place of a blank or shared one of its key.
func (r *Reading) field(f ReadField) {
	at := slices.IndexFunc(r.Fields, func(other ReadField) bool { return f.Key != "" && other.Key == f.Key })
	switch {
	case at >= 0 && f.Value != "":
		r.Fields[at] = f
	case at < 0 && len(r.Fields) < maxFieldsTold:
		r.Fields = append(r.Fields, f)
	}
}

// table adds a table, in place of one that a further file replaces.
func (r *Reading) table(t ReadTable) {
	r.Tables = slices.DeleteFunc(r.Tables, func(other ReadTable) bool { return t.Key != "" && other.Key == t.Key && len(t.Missing) == 0 })
	r.Tables = append(r.Tables, t)
}

// took is a line of a form, or a cell of a list of units, with the entry that it was taken for.
type took struct {
	line  line
	entry int // of the extraction, or -1
	value model.Node
}

func (t took) reading(x *extraction) ReadField {
	f := ReadField{Heading: t.line.label.words(), Place: t.line.grid.placeOf(t.line.value), Value: x.shows(nil, t.line.grid, t.line.value)}
	if t.entry >= 0 {
		e := x.entries[t.entry]
		f.Key, f.Label, f.Value = e.key, e.spec.Label, understood(e.spec, t.value)
		f.Place.Field = e.key
	}
	return f
}

// laid is a table on a sheet.
type laid struct {
	grid   *grid
	layout *layout
	first  *gridRow // that was read, or nil
	rows   int
}

func (t laid) reading(x *extraction) ReadTable {
	l, g, first := t.layout, t.grid, t.first
	if first == nil && l.after < len(g.rows) {
		first = &g.rows[l.after]
	}
	table := ReadTable{
		Key: l.list.spec.Key, Label: l.list.spec.Label, Sheet: cmp.Or(g.sheet, g.file), HeaderRow: g.rows[l.after-1].number, Rows: t.rows,
	}
	for _, spec := range l.missing {
		table.Missing = append(table.Missing, titleOf(spec))
	}
	byColumn := make(map[int]ReadColumn, len(l.columns))
	for k, at := range l.columns {
		if at < 0 {
			continue
		}
		spec := &l.list.columns[k]
		c := ReadColumn{Key: cmp.Or(spec.Key, l.list.spec.Key), Label: titleOf(spec)}
		if first != nil && !spec.Computed {
			c.Sample = x.shows(spec, g, first.itself(at))
		}
		byColumn[at] = c
	}
	for _, two := range l.doubled {
		byColumn[int(two.second.column)] = ReadColumn{Heading: two.second.words()}
	}
	for _, c := range l.unknown {
		byColumn[int(c.column)] = ReadColumn{Heading: c.words()}
	}
	for at := range maxColumns {
		c, found := byColumn[at]
		if !found {
			continue
		}
		c.Letter = letterOf(at)
		if c.Heading == "" {
			c.Heading = t.heading(at)
		}
		if c.Key == "" && first != nil {
			c.Sample = x.shows(nil, g, first.itself(at))
		}
		table.Columns = append(table.Columns, c)
	}
	return table
}

// shows is what a cell says as its field understands it, or as the sheet shows it where it has none.
func (x *extraction) shows(spec *model.FieldSpec, g *grid, c cell) string {
	if spec == nil {
		spec = &model.FieldSpec{}
	}
	return understood(spec, x.node(spec, g, c))
}

// heading is what a column says in the rows of the heading, from the top down.
func (t laid) heading(at int) string {
	var parts []string
	for i := t.layout.first; i < t.layout.after; i++ {
		if words := t.grid.rows[i].at(at).words(); words != "" && !slices.Contains(parts, words) {
			parts = append(parts, words)
		}
	}
	return strings.Join(parts, ": ")
}

// reading describes a list of units as a table.
func (l *unitList) reading(x *extraction, units int) ReadTable {
	g := l.grid
	table := ReadTable{Label: "Danh sách đơn vị", Sheet: g.sheet, HeaderRow: l.heading[len(l.heading)-1].number, Rows: units}
	specs, headings := map[int32]model.FieldSpec{}, map[int32]cell{}
	for i := range l.heading {
		for _, c := range l.heading[i].own() {
			headings[c.column] = c
			if isOrdinal(c) {
				specs[c.column] = model.FieldSpec{Key: "stt", Label: "STT"}
			}
		}
	}
	specs[int32(l.name)] = model.FieldSpec{Key: model.UnitsKey, Label: "Tên đơn vị"}
	for _, c := range l.columns {
		e := x.entries[x.entryFor(line{label: c})]
		headings[c.column] = c
		specs[c.column] = model.FieldSpec{Key: e.key, Label: e.spec.Label, Type: e.spec.Type}
	}
	for at := range int32(maxColumns) {
		heading, found := headings[at]
		if !found {
			continue
		}
		spec := specs[at]
		c := ReadColumn{Letter: letterOf(int(at)), Heading: heading.words(), Key: spec.Key, Label: spec.Label}
		if l.below < len(g.rows) {
			c.Sample = x.shows(&spec, g, g.rows[l.below].itself(int(at)))
		}
		table.Columns = append(table.Columns, c)
	}
	return table
}

// readingOf describes what the keys of a text file were taken for.
func readingOf(schema *model.Schema, root model.Node, file string) (r Reading) {
	r.group(schema.Fields, root, "", file)
	return r
}

func (r *Reading) group(specs []model.FieldSpec, group model.Node, prefix, file string) {
	for _, field := range group.Fields {
		if len(r.Fields) >= maxFieldsTold {
			return
		}
		at := slices.IndexFunc(specs, func(s model.FieldSpec) bool { return s.Key == field.Key })
		if at < 0 {
			r.Fields = append(r.Fields, ReadField{Heading: field.Key, Place: field.Place, Value: brief(textOfNode(field.Value))})
			continue
		}
		switch spec := &specs[at]; {
		case spec.IsTable() && prefix == "" && field.Value.Shape == model.List:
			r.Tables = append(r.Tables, keyedTable(spec, field.Value, file))
		case spec.Type == model.GroupField && field.Value.Shape == model.Group:
			r.group(spec.Fields, field.Value, prefix+spec.Key+".", file)
		default:
			place := field.Value.Place
			place.Field = prefix + spec.Key
			r.Fields = append(r.Fields, ReadField{
				Key: prefix + spec.Key, Label: spec.Label, Place: place, Heading: field.Key, Value: understood(spec, field.Value),
			})
		}
	}
}

// keyedTable describes a table whose rows name their columns themselves.
func keyedTable(spec *model.FieldSpec, list model.Node, file string) ReadTable {
	table := ReadTable{Key: spec.Key, Label: spec.Label, Sheet: file, Rows: len(list.Items)}
	at := map[string]int{}
	for _, item := range list.Items {
		for _, field := range item.Fields {
			if _, met := at[field.Key]; met || len(at) >= maxColumns {
				continue
			}
			at[field.Key] = len(table.Columns)
			c := ReadColumn{Heading: field.Key, Sample: brief(textOfNode(field.Value))}
			if k := slices.IndexFunc(spec.Fields, func(s model.FieldSpec) bool { return s.Key == field.Key }); k >= 0 {
				c.Key, c.Label, c.Sample = field.Key, titleOf(&spec.Fields[k]), understood(&spec.Fields[k], field.Value)
			}
			table.Columns = append(table.Columns, c)
		}
	}
	for k := range spec.Fields {
		if column := &spec.Fields[k]; column.Required && !column.Computed {
			if _, met := at[column.Key]; !met && len(list.Items) > 0 {
				table.Missing = append(table.Missing, titleOf(column))
			}
		}
	}
	return table
}

// understood is a value as its field takes it: a date as 27/3/2026, a number with its thousands apart.
func understood(spec *model.FieldSpec, node model.Node) string {
	text := textOfNode(node)
	switch spec.Type {
	case model.DateField:
		if day, err := vi.ParseDate(text); err == nil {
			return day.Short()
		}
	case model.NumberField:
		if number, err := vi.ParseNumber(text); err == nil {
			return vi.FormatNumber(number)
		}
	case model.PeriodField:
		if period, err := vi.ParsePeriod(text); err == nil {
			return period.String()
		}
	}
	return brief(text)
}

// textOfNode is all that a value says, on one line.
func textOfNode(node model.Node) string {
	switch node.Shape {
	case model.Scalar:
		return strings.Join(strings.Fields(node.Text), " ")
	case model.List:
		if len(node.Items) > 0 && node.Items[0].Shape == model.Group && len(node.Items[0].Fields) > 1 {
			return fmt.Sprintf("%d dòng", len(node.Items))
		}
		texts := make([]string, 0, 4)
		for _, item := range node.Items[:min(len(node.Items), maxTold)] {
			texts = append(texts, textOfNode(item))
		}
		return strings.Join(texts, "; ")
	case model.Group:
		texts := make([]string, 0, 4)
		for _, field := range node.Fields[:min(len(node.Fields), maxTold)] {
			texts = append(texts, field.Key+": "+textOfNode(field.Value))
		}
		return strings.Join(texts, "; ")
	}
	return ""
}

// brief cuts a value short.
func brief(text string) string {
	runes := []rune(text)
	if len(runes) <= maxTold {
		return text
	}
	return strings.TrimRight(string(runes[:maxTold]), " ") + " …"
}

func letterOf(column int) string { return strings.TrimRight(xlsx.CellName(1, column), "1") }

// Agreement returns how well sheets of a file agree with the tables of a schema: 0 where none holds one, more where more columns do.
func (f *File) Agreement(schema *model.Schema) (score int) {
	x := newExtraction(schema)
	for _, sheets := range slices.Concat([][]*grid{f.sheets}, f.tables) {
		for _, l := range x.place(sheets) {
			if l != nil && l.list.spec.IsTable() && len(l.missing) == 0 {
				score += l.score
			}
		}
	}
	return score
}

// nationalTitle are the words of the quốc hiệu, plain.
const nationalTitle = "cong hoa xa hoi chu nghia viet nam"

// Format returns what a file is, by its name and its first bytes: "Bảng tính Excel".
func (i Input) Format() string {
	switch {
	case i.Typed() && strings.EqualFold(path.Ext(vi.BaseName(i.Name)), ".docx"):
		return "Văn bản Word"
	case i.Typed():
		return "Văn bản gõ sẵn"
	}
	switch extension(i) {
	case ".xlsx":
		return "Bảng tính Excel"
	case ".csv":
		return "Bảng CSV"
	case ".yaml", ".yml":
		return "Tệp dữ liệu YAML"
	case ".json":
		return "Tệp dữ liệu JSON"
	}
	return "Tệp lạ"
}

// Typed reports whether a file is a document as it was typed in Word or Notepad, and not a file of data. A text with tabs is one of data unless its first lines
// have the name of the state.
func (i Input) Typed() bool {
	const looked = 4 << 10 // bytes
	switch strings.ToLower(path.Ext(vi.BaseName(i.Name))) {
	case ".docx":
		return true
	case ".txt":
		text, _ := vi.Decode(i.Data)
		return !strings.Contains(text, "\t") || strings.Contains(vi.Words(text[:min(len(text), looked)]), nationalTitle)
	}
	return false
}

package source

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// Input is a file that a person gives.
type Input struct {
	Name string // its extension is the format: .yaml, .yml, .json, .xlsx, .csv
	Data []byte
}

// File is an opened data file, with further files that hold tables for it. It is safe for concurrent use.
type File struct {
	name   string
	record model.Record // of YAML or JSON
	sheets []*grid      // of a workbook, nil for YAML and JSON
	forms  []*grid      // those of sheets that may be forms of units
	tables [][]*grid    // of each further file
	unit   *Unit        // that the file is asked about, or nil

	divisions *divisions
}

// Open opens a data file. tables are workbooks or CSV files whose sheets fill tables of the main file; which table, their headings
// say. Findings say why a file cannot be read; when they block there is no File.
func Open(main Input, tables ...Input) (*File, diag.Findings) {
	f := &File{name: vi.BaseName(main.Name), divisions: &divisions{bySchema: map[*model.Schema]*division{}}}
	var found diag.Findings
	switch extension(main) {
	case ".yaml", ".yml", ".json":
		f.record, found = ReadText(f.name, main.Data)
	default:
		f.sheets, found = openSheets(main)
		f.forms = headedForms(f.sheets)
	}
	with, more := f.With(tables...)
	if found.Add(more...); found.Blocking() {
		return nil, found
	}
	return with, found
}

// OfRecord returns a file that says what a record says.
func OfRecord(record model.Record) *File {
	return &File{name: record.File, record: record, divisions: &divisions{bySchema: map[*model.Schema]*division{}}}
}

// With is the file with further ones that hold tables for it.
func (f *File) With(tables ...Input) (*File, diag.Findings) {
	with := *f
	with.tables = slices.Clip(f.tables)
	var found diag.Findings
	for _, table := range tables {
		sheets, more := openSheets(table)
		with.tables = append(with.tables, sheets)
		found.Add(more...)
	}
	return &with, found
}

// openSheets reads a workbook or a CSV file.
func openSheets(input Input) ([]*grid, diag.Findings) {
	r := &reader{file: vi.BaseName(input.Name)}
	var sheets []*grid
	switch extension(input) {
	case ".xlsx":
		sheets = r.readWorkbook(input.Data)
	case ".csv":
		sheets = r.readCSV(input.Data)
	default:
		r.complain(diag.UnknownFormat, 0, 0, "lưu dữ liệu thành tệp .xlsx, .csv, .yaml hoặc .json; bảng rời lưu thành .xlsx hoặc .csv",
			"không đọc được loại tệp này")
	}
	findForm(sheets)
	return sheets, r.found
}

// extension returns the format of a file by its name; what is clearly a workbook is read as one whatever it is called.
func extension(input Input) string {
	switch ending := strings.ToLower(path.Ext(vi.BaseName(input.Name))); {
	case bytes.HasPrefix(input.Data, []byte("PK\x03\x04")), bytes.HasPrefix(input.Data, []byte("\xd0\xcf\x11\xe0")):
		return ".xlsx"
	case slices.Contains([]string{".xls", ".xlsm", ".xlsb", ".xltx", ".ods"}, ending):
		return ".xlsx" // which tells what is wrong with it
	case ending == ".tsv", ending == ".txt" && bytes.IndexByte(input.Data, '\t') >= 0:
		return ".csv"
	default:
		return ending
	}
}

// Kind is what the file says under loai: the slug or the name of a kind, with its place. It is Missing when the file does not say.
func (f *File) Kind() model.Node {
	for _, field := range f.record.Root.Fields {
		if field.Key == model.KindKey {
			return field.Value
		}
	}
	if f.unit != nil && (f.unit.kind.Shape == model.Scalar || f.unit.kind.Told) {
		return f.unit.kind
	}
	sheets := slices.DeleteFunc(slices.Clone(f.sheets), func(g *grid) bool { return slices.Contains(f.forms, g) })
	for _, g := range f.forms {
		sheets = append(sheets, asForm(g))
	}
	missing := model.Node{Place: diag.Place{File: f.name, Field: model.KindKey}}
	for i, g := range sheets {
		node := model.Node{}
		switch {
		case g.form != nil:
			node = kindIn(g.lines(len(g.rows)))
		case isUnitList(g):
			node = kindBelow(g)
		}
		switch {
		case node.Shape == model.Scalar:
			return node
		case node.Place.Cell != "":
			missing.Place = node.Place
		case g.sheet == "": // CSV
			missing.Place.Cell = "A1"
		case i == 0 || g.form != nil && missing.Place.Cell == "":
			missing.Place.Sheet = g.sheet
		}
	}
	return missing
}

// Record returns the data of the file by the keys of a schema. Findings name each cell and sheet that cannot be read.
func (f *File) Record(schema *model.Schema) (model.Record, diag.Findings) {
	record, x := f.extract(schema)
	return record, x.found
}

func (f *File) extract(schema *model.Schema) (model.Record, *extraction) {
	record, x := f.record, (*extraction)(nil)
	if f.sheets == nil {
		x = newExtraction(schema)
	} else {
		record, x = f.divisions.of(f, schema).record(f)
	}
	if len(f.tables) > 0 && record.Root.Shape == model.Group {
		record.Root.Fields = slices.Clone(record.Root.Fields)
		for _, sheets := range f.tables {
			x.mergeTables(&record.Root, sheets)
		}
	}
	x.tellCalculated()
	return record, x
}

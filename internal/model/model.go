// Package model is the first noun: the data of a document, before it has any look.
//
// A Record is data as it was read, each value with its place in the person's file; a Schema says what a kind of document needs;
// Bind checks the one against the other and gives a Document, whose values are typed and complete.
package model

import (
	"slices"

	"github.com/shopspring/decimal"

	"vanthu/internal/diag"
	"vanthu/internal/vi"
)

// Shape is the form of a Node.
type Shape int

// Missing is a key without a value; the others are as in YAML and JSON.
const (
	Missing Shape = iota
	Scalar
	List
	Group
)

// Node is a value as it was read. Text is NFC, with \n between lines.
type Node struct {
	Shape  Shape
	Text   string  // of a Scalar, as written: "01", "2026-03-27"
	Items  []Node  // of a List
	Fields []Field // of a Group, in the order of the file
	Place  diag.Place
	Told   bool // what is wrong with it was said when it was read, and it is Missing
	Block  bool // a Scalar whose text begins on the line after Place.Line and keeps its lines, as YAML's | does
}

// Child returns the field of a Group by its key. One that the group does not have is Missing, at the place of the group.
func (n Node) Child(key string) Field {
	for _, field := range n.Fields {
		if field.Key == key {
			return field
		}
	}
	return Field{Key: key, Place: n.Place}
}

// Field is a key of a Group with its value.
type Field struct {
	Key   string
	Place diag.Place // of the key
	Value Node
}

// Record is a data file: one Group for one document.
type Record struct {
	File string // the file's own name
	Root Node   // a Group
}

// Value is a typed value of a Document: Text, Date, Number, Period, Outline, Items or Values; in a draft a Blank too.
type Value interface{ value() }

// Text is a line, or several with \n between them.
type Text string

// Date is a day of the calendar.
type Date struct{ vi.Date }

// Number is an exact decimal number, in the unit that its field states.
type Number struct{ decimal.Decimal }

// Count is a whole Number.
func Count(n int) Number { return Number{decimal.NewFromInt(int64(n))} }

// Period is the time that a report is about.
type Period struct{ vi.Period }

// Items are the values of a repeated field, all of one type.
type Items []Value

// Values are the values of a group by key. A key of the schema that has no value is absent.
type Values map[string]Value

func (Text) value()    {}
func (Date) value()    {}
func (Number) value()  {}
func (Period) value()  {}
func (Outline) value() {}
func (Items) value()   {}
func (Values) value()  {}

// Document is valid data: every required field is there and has the type that its Schema asks for.
type Document struct {
	Schema *Schema
	Values Values

	Unnumbered *diag.Finding // says that its number is blank, unless it is given one; nil where it has one, or its kind has none
}

// Schema is what a kind of document is made of; it is read from kind.yaml.
type Schema struct {
	Kind         string // folder name: "bao-cao-quy"
	Name         string // "Báo cáo quý"
	TypeName     string // the decree's type, as it is printed: "Báo cáo"
	Abbreviation string // of the type: "BC"; empty for công văn (NĐ 30/2020/NĐ-CP, Phụ lục III, Phần I)
	Group        string // heading under which kinds are listed
	Summary      string // one line for lists
	Form         string // the shared template chung/mau-<Form>.docx that stands in where the kind has no mau.docx of its own
	Fields       []FieldSpec
	Figures      []FieldSpec // what tally adds for templates; none where the kind has no tables that it counts
}

// FieldSpec describes one field of a Schema.
type FieldSpec struct {
	Key      string              // "trich_yeu": plain Vietnamese without accents
	Label    string              // "Trích yếu nội dung"; for the column of a table, its heading
	Help     string              // what to write there
	Example  string              // as one would type it in YAML
	Rows     []map[string]string // of a table: the rows of its example by column; without them the examples of the columns make one
	Type     FieldType
	Required bool
	Default  string   // what a field left out says; as one would type it
	Choices  []string // the only texts that may stand there; of a period, what it may be one of: "quý"
	Synonyms []string // other headings that clerks give a column or a row of a workbook
	Unit     string   // of a number: "triệu đồng"
	Spanner  string   // the heading over this column and its like-named neighbours in a two-row header
	Width    int      // of a column, in characters of the sheet; 0 when it does not matter
	Computed bool     // worked out by Bind or tally; a typed text only says what someone thought
	Endings  string   // for a list of text: the mark that ends each item and the one that ends the last: ";."
	Fields   []FieldSpec
}

// FieldType is what a field holds.
type FieldType int

// The types and their names in kind.yaml.
const (
	TextField    FieldType = iota // chu: text, one line or several
	DateField                     // ngay: 2026-03-27 or 27/3/2026
	OutlineField                  // noi_dung: an outline as a clerk types it
	ListField                     // danh_sach: several texts, or several groups, a table, when it has fields
	GroupField                    // nhom: fields of its own
	NumberField                   // so: 1.234.567,8
	PeriodField                   // ky: quý II năm 2026
)

// IsTable reports whether a field is a list of groups, which is a sheet of its own in a workbook.
func (f *FieldSpec) IsTable() bool { return f.Type == ListField && len(f.Fields) > 0 }

// Samples are the rows of the example of a table: for each its columns, whose examples say what stands there.
func (f *FieldSpec) Samples() [][]FieldSpec {
	if len(f.Rows) == 0 {
		return [][]FieldSpec{f.Fields}
	}
	samples := make([][]FieldSpec, len(f.Rows))
	for i, row := range f.Rows {
		samples[i] = slices.Clone(f.Fields)
		for j := range samples[i] {
			samples[i][j].Example = row[samples[i][j].Key]
		}
	}
	return samples
}

// Tracked reports whether the kind has tables with computed columns, so that a progress workbook goes with its documents.
func (s *Schema) Tracked() bool { return len(s.Figures) > 0 }

// Named are all fields that a template may name: those of the schema, those that Bind derives, and the figures of tally.
func (s *Schema) Named() []FieldSpec { return slices.Concat(s.Fields, Derived(), s.Figures) }

// Field finds the spec of a key that a template may name. It is nil for others.
func (s *Schema) Field(key string) *FieldSpec { return find(s.Named(), key) }

// Table finds the table of a key among the fields, or nil.
func (s *Schema) Table(key string) *FieldSpec {
	if spec := find(s.Fields, key); spec != nil && spec.IsTable() {
		return spec
	}
	return nil
}

func find(specs []FieldSpec, key string) *FieldSpec {
	for i := range specs {
		if specs[i].Key == key {
			return &specs[i]
		}
	}
	return nil
}

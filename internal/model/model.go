// Package model is the first noun: the data of a document, before it has any look.
//
// A Record is data as it was read, each value with its place in the person's file; a Schema says what a kind of document needs;
// Bind checks the one against the other and gives a Document, whose values are typed and complete.
package model

import (
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
	Block  bool // a Scalar whose text begins on the line after Place.Line and keeps its lines, as YAML's | does
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

// Value is a typed value of a Document: Text, Date, Outline, Items or Values.
type Value interface{ value() }

// Text is a line, or several with \n between them.
type Text string

// Date is a day of the calendar.
type Date struct{ vi.Date }

// Items are the values of a repeated field, all of one type.
type Items []Value

// Values are the values of a group by key. A key of the schema that has no value is absent.
type Values map[string]Value

func (Text) value()    {}
func (Date) value()    {}
func (Outline) value() {}
func (Items) value()   {}
func (Values) value()  {}

// Document is valid data: every required field is there and has the type that its Schema asks for.
type Document struct {
	Schema *Schema
	Values Values
}

// Schema is what a kind of document is made of; it is read from kind.yaml.
type Schema struct {
	Kind         string // folder name: "ke-hoach"
	Name         string // "Kế hoạch"
	Abbreviation string // "KH"; empty for công văn (NĐ 30/2020/NĐ-CP, Phụ lục III, Phần I)
	Group        string // heading under which kinds are listed
	Summary      string // one line for lists
	Fields       []FieldSpec
}

// FieldSpec describes one field of a Schema.
type FieldSpec struct {
	Key      string // "trich_yeu": plain Vietnamese without accents
	Label    string // "Trích yếu nội dung"
	Help     string // what to write there
	Example  string // as one would type it in YAML
	Type     FieldType
	Required bool
	Endings  string // for a list of text: the mark that ends each item and the one that ends the last: ";."
	Fields   []FieldSpec
}

// FieldType says what a field holds.
type FieldType int

// The types and their names in kind.yaml.
const (
	TextField    FieldType = iota // chu: text, one line or several
	DateField                     // ngay: 2026-03-27 or 27/3/2026
	OutlineField                  // noi_dung: an outline as a clerk types it
	ListField                     // danh_sach: several texts, or several groups when it has fields
	GroupField                    // nhom: fields of its own
)

// Field finds the spec of a key that a template may name: a field of the schema or one that Bind derives. It is nil for others.
func (s *Schema) Field(key string) *FieldSpec {
	if spec := find(s.Fields, key); spec != nil {
		return spec
	}
	return find(Derived(), key)
}

func find(specs []FieldSpec, key string) *FieldSpec {
	for i := range specs {
		if specs[i].Key == key {
			return &specs[i]
		}
	}
	return nil
}

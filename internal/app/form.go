package app

import (
	"fmt"

	"vanthu/internal/model"
	"vanthu/internal/source"
)

// FormName is the name of the data file that a form makes: what findings call it.
const FormName = "soan-thao.json"

// Schema returns the fields of a kind, by its slug, or nil where there is none.
func (a *App) Schema(slug string) *model.Schema {
	if k := a.find(slug); k != nil && k.schema.Kind == slug {
		return &k.schema
	}
	return nil
}

// ReadForm reads what a draft holds, a JSON data file, as the group that it is. What cannot be read is a fault: drafts are written by WriteForm
// and by DataFile.
func (a *App) ReadForm(data []byte) (model.Node, error) {
	record, found, err := source.Read(FormName, data)
	if err == nil && (found.Blocking() || record.Root.Shape != model.Group) {
		err = fmt.Errorf("the draft cannot be read: %v", found)
	}
	return record.Root, err
}

// WriteForm writes what a form says as a JSON data file of a kind.
func (a *App) WriteForm(schema *model.Schema, root model.Node) []byte {
	return source.JSON(schema, model.Record{File: FormName, Root: root})
}

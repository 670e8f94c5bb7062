package desk

import (
	"fmt"

	"vanthu/internal/maker"
	"vanthu/internal/model"
	"vanthu/internal/source"
)

// ReadForm reads what a draft holds, a JSON data file, as the group that it is. What cannot be read is a fault: drafts are written by WriteForm
// and by DataFile.
func (s *Service) ReadForm(data []byte) (model.Node, error) {
	record, found := source.ReadText(maker.FormName, data)
	if found.Blocking() || record.Root.Shape != model.Group {
		return record.Root, fmt.Errorf("the draft cannot be read: %v", found)
	}
	return record.Root, nil
}

// WriteForm writes what a form says as a JSON data file of a kind.
func (s *Service) WriteForm(schema *model.Schema, root model.Node) []byte {
	return source.JSON(schema, model.Record{File: maker.FormName, Root: root})
}

// Package sheet writes workbooks: the input workbook of a kind and the progress workbook of a document. Both are data files: source
// reads back what is written here.
package sheet

import "vanthu/internal/model"

// Input writes the workbook in which a clerk fills in the data of a kind: a sheet “Thông tin chung” and a sheet for each list. With
// values they are written; with nil, the examples of the schema.
func Input(schema *model.Schema, values model.Values) ([]byte, error) {
	return nil, nil
}

// Progress writes the workbook that follows the work up: the sheets of Input with the tables headed as papers are, states and totals
// as live formulas, and a sheet “Tổng hợp” with figures and charts. doc has been through tally.Add.
func Progress(doc model.Document) ([]byte, error) {
	return nil, nil
}

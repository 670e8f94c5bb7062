// Package sheet writes workbooks: the input workbook of a kind and the progress workbook of a document. Both are data files: source
// reads back what is written here.
//
// A workbook has the sheet “Thông tin chung”, a row for each field, and a sheet for each list. Columns that are worked out are
// formulas by the rules of package tally (formula.go), with the values that they come to, for programs that do not calculate. The
// sheet “Tổng hợp” counts by formulas over the other sheets (summary.go).
//
// Sheets are streamed, row by row, from first to last; a style is made when it is first used.
package sheet

import (
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// Names of the sheets that are not lists, and of the cells that formulas rest on.
const (
	generalSheet = "Thông tin chung"
	summarySheet = "Tổng hợp"
	guideSheet   = "Hướng dẫn"
	choiceSheet  = "Danh mục" // hidden: texts of drop-down lists that do not fit into the cell's own

	closingName   = "NgayChot"
	thresholdName = "NguongGiaiNgan"
)

// Keys of root fields that workbooks know by name.
const (
	thresholdKey = "nguong_giai_ngan"
)

// workbook is the workbook of one document.
type workbook struct {
	*book
	schema  *model.Schema
	values  model.Values
	sampled bool     // values are the examples of the schema
	paper   bool     // tables are headed and signed as papers are
	tables  []*table // the lists, in the order of the schema
	general string   // name of a sheet
	closing string   // key of the day to which figures stand, or empty
	choices *choices
}

// Input writes the workbook in which a clerk fills in the data of a kind: a sheet “Thông tin chung” and a sheet for each list. With
// values they are written; with nil, the examples of the schema.
func Input(schema *model.Schema, values model.Values) ([]byte, error) {
	w := &workbook{book: newBook(), schema: schema, values: values}
	if values == nil {
		w.sampled, w.values = true, examples(schema.Fields)
	}
	w.plan()
	guide := w.add(guideSheet)
	w.planChoices()
	w.writeGeneral()
	for _, t := range w.tables {
		w.writeTable(t)
	}
	w.writeGuide(guide)
	w.writeChoices()
	return w.bytes(schema.Name+": tệp nhập số liệu", vi.Date{})
}

// Progress writes the workbook that follows the work up: the sheets of Input with the tables headed as papers are, states and
// totals as live formulas, and a sheet “Tổng hợp” with figures and charts. doc has been through tally.Add.
func Progress(doc model.Document) ([]byte, error) {
	w := &workbook{book: newBook(), schema: doc.Schema, values: doc.Values, paper: true}
	w.plan()
	summary := w.summary()
	if summary != nil {
		w.active = len(w.sheets) - 1
	}
	w.planChoices()
	w.writeGeneral()
	for _, t := range w.tables {
		w.writeTable(t)
	}
	if summary != nil {
		summary.write()
	}
	w.writeChoices()
	return w.bytes(doc.Schema.Name+": bảng theo dõi", doc.Day())
}

// plan adds the sheets and places the lists.
func (w *workbook) plan() {
	w.general = w.add(generalSheet)
	w.closing = w.closingDay()
	for i := range w.schema.Fields {
		spec := &w.schema.Fields[i]
		if spec.Type == model.ListField && !spec.Computed {
			items, _ := w.values[spec.Key].(model.Items)
			w.tables = append(w.tables, w.planTable(spec, items))
		}
	}
}

// closingDay is ngay_chot, or where a kind or a paper has none the day of the document.
func (w *workbook) closingDay() string {
	switch {
	case w.has(model.ClosingKey) && (!w.paper || w.values[model.ClosingKey] != nil):
		return model.ClosingKey
	case w.has(model.DayKey):
		return model.DayKey
	}
	return ""
}

// table finds the planned table of a key, or nil.
func (w *workbook) table(key string) *table {
	for _, t := range w.tables {
		if t.spec.Key == key {
			return t
		}
	}
	return nil
}

// has reports whether the kind has a root field.
func (w *workbook) has(key string) bool {
	for _, spec := range w.schema.Fields {
		if spec.Key == key {
			return true
		}
	}
	return false
}

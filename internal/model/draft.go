package model

import "vanthu/internal/diag"

// Blank stands in a draft for what is missing or wrong; it says the label of its field.
type Blank struct{ Label string }

func (Blank) value() {}

// String is how a page shows it: "[Trích yếu nội dung]".
func (b Blank) String() string { return "[" + b.Label + "]" }

// BindDraft is Bind for a record that is still being written: its findings are the same, and the Document is complete all the same. Every
// field that is required and missing, or that is wrong, has a Blank; of an outline or a list it is the one line, of a table the one row.
func BindDraft(schema *Schema, record Record, profile *Record) (Document, diag.Findings) {
	return bind(schema, record, profile, true)
}

// orBlank returns the value of a field or, in a draft, what stands in for it where a template would want one: a required field, and one that
// was filled in wrongly.
func (b *binder) orBlank(spec *FieldSpec, value Value, given bool) Value {
	if items, listed := value.(Items); b.draft && listed && len(items) == 0 {
		value = nil
	}
	if value != nil || !b.draft || !spec.Required && (!given || len(spec.Choices) > 0) {
		return value
	}
	return blankOf(spec)
}

func blankOf(spec *FieldSpec) Value {
	switch {
	case spec.Type == GroupField:
		return blanks(spec.Fields, false)
	case spec.IsTable():
		return Items{blanks(spec.Fields, true)}
	case spec.Type == ListField:
		return Items{Blank{spec.Label}}
	case spec.Type == OutlineField:
		return Outline{Line{Text: Blank{spec.Label}.String()}}
	}
	return Blank{spec.Label}
}

// blanks are those of the fields of a group: the required ones, or all.
func blanks(specs []FieldSpec, all bool) Values {
	values := Values{}
	for i := range specs {
		switch spec := &specs[i]; {
		case spec.Key == RowKey && spec.Computed:
			values[RowKey] = Count(1)
		case (all || spec.Required) && !spec.Computed:
			values[spec.Key] = blankOf(spec)
		}
	}
	return values
}

// words are a text or a blank as they are printed.
func words(value Value) (text string, ok bool) {
	switch value := value.(type) {
	case Text:
		return string(value), true
	case Blank:
		return value.String(), true
	}
	return "", false
}

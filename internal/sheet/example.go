package sheet

import (
	"slices"
	"strings"

	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// examples are the examples of a schema as values. Of a table they are the rows that lack no required column.
func examples(specs []model.FieldSpec) model.Values {
	values := model.Values{}
	for i := range specs {
		if value := example(&specs[i]); value != nil {
			values[specs[i].Key] = value
		}
	}
	return values
}

func example(spec *model.FieldSpec) model.Value {
	text := strings.Trim(spec.Example, "\n ")
	if text == "" {
		text = spec.Default
	}
	switch {
	case spec.Computed:
		return nil
	case spec.IsTable():
		var rows model.Items
		for _, columns := range spec.Samples() {
			row := examples(columns)
			lacks := func(column model.FieldSpec) bool { return column.Required && row[column.Key] == nil }
			if len(row) > 0 && !slices.ContainsFunc(columns, lacks) {
				rows = append(rows, row)
			}
		}
		if rows == nil {
			return nil
		}
		return rows
	case spec.Type == model.GroupField:
		return examples(spec.Fields)
	case text == "":
		return nil
	case spec.Type == model.ListField:
		items := model.Items{}
		for line := range strings.SplitSeq(text, "\n") {
			if item := unquote(strings.TrimPrefix(strings.TrimSpace(line), "- ")); item != "" {
				items = append(items, model.Text(item))
			}
		}
		return items
	case spec.Type == model.DateField:
		if date, err := vi.ParseDate(unquote(text)); err == nil {
			return model.Date{Date: date}
		}
	case spec.Type == model.NumberField:
		if number, err := vi.ParseNumber(unquote(text)); err == nil {
			return model.Number{Decimal: number}
		}
	case spec.Type == model.OutlineField:
		return model.Text(text)
	}
	return model.Text(unquote(text))
}

// unquote drops the quotes that YAML asks for around some texts.
func unquote(text string) string {
	text = strings.TrimSpace(text)
	for _, quote := range []string{`"`, `'`} {
		if len(text) >= 2 && strings.HasPrefix(text, quote) && strings.HasSuffix(text, quote) {
			return text[1 : len(text)-1]
		}
	}
	return text
}

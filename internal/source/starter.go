package source

import (
	"slices"
	"strings"

	"vanthu/internal/model"
)

// Starter writes a data file for a kind, to be filled in: above each field its label and help, below them the example or the default,
// in force, so that the file makes a document as it stands. What the program works out is left out.
func Starter(schema model.Schema) []byte {
	var b strings.Builder
	b.WriteString("# " + schema.Name + ": tệp dữ liệu điền sẵn. Sửa giá trị sau dấu hai chấm; dòng bắt đầu bằng # là lời giải thích.\n")
	b.WriteString("# Giá trị có dấu hai chấm, hoặc bắt đầu bằng dấu đặc biệt, đặt trong dấu nháy kép \" \".\n")
	writeFields(&b, schema.Fields, schema.Kind, "")
	return []byte(b.String())
}

func writeFields(b *strings.Builder, specs []model.FieldSpec, kind, indent string) {
	for _, spec := range specs {
		if spec.Computed {
			continue
		}
		if indent == "" {
			b.WriteByte('\n')
		}
		label := spec.Label
		if !spec.Required {
			label += " (không bắt buộc)"
		}
		writeComment(b, indent, label)
		writeComment(b, indent, spec.Help)
		if spec.Unit != "" {
			writeComment(b, indent, "Đơn vị tính: "+spec.Unit+".")
		}
		if spec.Type == model.TextField && len(spec.Choices) > 0 {
			writeComment(b, indent, "Ghi một trong: "+strings.Join(spec.Choices, "; ")+".")
		}
		if spec.Key == model.KindKey && indent == "" {
			spec.Example = kind
		}
		if spec.Example == "" && spec.Default != "" {
			spec.Example = typed(&spec, spec.Default)
		}
		writeExample(b, &spec, kind, indent)
	}
}

// typed writes a text as one would type it in YAML for the field.
func typed(spec *model.FieldSpec, text string) string {
	oneLine := spec.Type != model.OutlineField && !strings.Contains(text, "\n")
	if oneLine && (strings.Contains(text, ": ") || strings.Contains(text, " #") || strings.ContainsAny(text[:1], "-?:,[]{}#&*!|>'\"%@`")) {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text) + `"`
	}
	return text
}

// complete reports whether examples alone make a row of a table.
func complete(specs []model.FieldSpec) bool {
	return !slices.ContainsFunc(specs, func(spec model.FieldSpec) bool {
		return spec.Required && !spec.Computed && spec.Example == "" && spec.Default == "" && len(spec.Fields) == 0
	})
}

func writeComment(b *strings.Builder, indent, text string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			b.WriteString(indent + "# " + line + "\n")
		}
	}
}

// writeExample writes the key with its example, which the schema holds as one would type it in YAML.
func writeExample(b *strings.Builder, spec *model.FieldSpec, kind, indent string) {
	b.WriteString(indent + spec.Key + ":")
	inner := indent + "  "
	switch {
	case spec.IsTable():
		b.WriteByte('\n')
		writeRows(b, spec, kind, inner)
	case len(spec.Fields) > 0:
		b.WriteByte('\n')
		writeFields(b, spec.Fields, kind, inner)
	case spec.Type == model.OutlineField || spec.Type == model.TextField && strings.Contains(spec.Example, "\n"):
		b.WriteString(" |\n")
		writeLines(b, spec.Example, inner)
	case spec.Type == model.ListField:
		b.WriteByte('\n')
		writeLines(b, spec.Example, inner)
	case spec.Example == "":
		b.WriteByte('\n')
	default:
		b.WriteString(" " + spec.Example + "\n")
	}
}

// writeRows writes the rows of a table, the first with the labels of the columns.
func writeRows(b *strings.Builder, spec *model.FieldSpec, kind, indent string) {
	for i, columns := range spec.Samples() {
		if !complete(columns) {
			continue
		}
		for j := range columns {
			if len(spec.Rows) > 0 && columns[j].Example != "" {
				columns[j].Example = typed(&columns[j], columns[j].Example)
			}
		}
		b.WriteString(indent + "-\n")
		if i == 0 {
			writeFields(b, columns, kind, indent+"  ")
			continue
		}
		for _, column := range columns {
			if column.Example != "" {
				writeExample(b, &column, kind, indent+"  ")
			}
		}
	}
}

func writeLines(b *strings.Builder, text, indent string) {
	for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		b.WriteString(strings.TrimRight(indent+line, " ") + "\n")
	}
}

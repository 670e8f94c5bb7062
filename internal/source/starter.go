package source

import (
	"strings"

	"vanthu/internal/model"
)

// Starter writes a data file for a kind, to be filled in: above each field its label and help, below them the example, in force, so
// that the file makes a document as it stands.
func Starter(schema model.Schema) []byte {
	var b strings.Builder
	b.WriteString("# " + schema.Name + ": tệp dữ liệu điền sẵn. Sửa giá trị sau dấu hai chấm; dòng bắt đầu bằng # là lời giải thích.\n")
	b.WriteString("# Giá trị có dấu hai chấm, hoặc bắt đầu bằng dấu đặc biệt, đặt trong dấu nháy kép \" \".\n")
	writeFields(&b, schema.Fields, schema.Kind, "")
	return []byte(b.String())
}

func writeFields(b *strings.Builder, specs []model.FieldSpec, kind, indent string) {
	for _, spec := range specs {
		if indent == "" {
			b.WriteByte('\n')
		}
		label := spec.Label
		if !spec.Required {
			label += " (không bắt buộc)"
		}
		writeComment(b, indent, label)
		writeComment(b, indent, spec.Help)
		if spec.Key == "loai" && indent == "" {
			spec.Example = kind
		}
		writeExample(b, &spec, kind, indent)
	}
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
	case len(spec.Fields) > 0 && spec.Type == model.ListField:
		b.WriteByte('\n')
		var item strings.Builder
		writeFields(&item, spec.Fields, kind, inner+"  ")
		b.WriteString(inner + "-\n" + item.String())
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

func writeLines(b *strings.Builder, text, indent string) {
	for line := range strings.SplitSeq(strings.Trim(text, "\n"), "\n") {
		b.WriteString(strings.TrimRight(indent+line, " ") + "\n")
	}
}

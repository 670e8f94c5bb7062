package source

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"vanthu/internal/model"
)

// JSON writes a record of a schema as a data file: two spaces a level, keys in the order of the schema and those that it does not have
// behind them, so that no word is lost. What is blank is left out. A line of a list that YAML took for a key and its value, “Lưu: VT”,
// comes out as the line.
func JSON(schema *model.Schema, record model.Record) []byte {
	var b bytes.Buffer
	root := record.Root
	root.Fields = slices.DeleteFunc(slices.Clone(root.Fields), func(f model.Field) bool { return f.Key == model.KindKey })
	kind := model.Node{Shape: model.Scalar, Text: schema.Kind}
	root.Fields = append([]model.Field{{Key: model.KindKey, Value: kind}}, root.Fields...)
	writeGroup(&b, schema.Fields, root, "\n")
	b.WriteByte('\n')
	return b.Bytes()
}

// writeNode writes a value; spec is nil where the schema has none for it. newline ends in the indent of the line it stands on.
func writeNode(b *bytes.Buffer, spec *model.FieldSpec, node model.Node, newline string) {
	var columns []model.FieldSpec
	texts := spec != nil && spec.Type == model.ListField && len(spec.Fields) == 0
	if spec != nil {
		columns = spec.Fields
	}
	if texts && node.Shape == model.Scalar && !strings.Contains(strings.TrimSpace(node.Text), "\n") {
		node = model.Node{Shape: model.List, Items: []model.Node{node}}
	}
	switch node.Shape {
	case model.Group:
		writeGroup(b, columns, node, newline)
	case model.List:
		b.WriteByte('[')
		for i, item := range node.Items {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(newline + "  ")
			if texts {
				writeNode(b, nil, item.Rejoined(), newline+"  ")
				continue
			}
			writeNode(b, &model.FieldSpec{Type: model.GroupField, Fields: columns}, item, newline+"  ")
		}
		if len(node.Items) > 0 {
			b.WriteString(newline)
		}
		b.WriteByte(']')
	default:
		writeText(b, node.Text)
	}
}

func writeGroup(b *bytes.Buffer, specs []model.FieldSpec, group model.Node, newline string) {
	rank := func(f model.Field) int {
		if i := slices.IndexFunc(specs, func(s model.FieldSpec) bool { return s.Key == f.Key }); i >= 0 {
			return i
		}
		return len(specs)
	}
	fields := slices.DeleteFunc(slices.Clone(group.Fields), func(f model.Field) bool { return f.Value.Shape == model.Missing })
	slices.SortStableFunc(fields, func(a, b model.Field) int { return rank(a) - rank(b) })
	b.WriteByte('{')
	for i, field := range fields {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(newline + "  ")
		writeText(b, field.Key)
		b.WriteString(": ")
		var spec *model.FieldSpec
		if at := rank(field); at < len(specs) {
			spec = &specs[at]
		}
		writeNode(b, spec, field.Value, newline+"  ")
	}
	if len(fields) > 0 {
		b.WriteString(newline)
	}
	b.WriteByte('}')
}

func writeText(b *bytes.Buffer, text string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string is always written
	b.Truncate(b.Len() - 1)
}

package model

import (
	"fmt"
	"strings"
)

// Dump writes a document as text, one value a line, in the order of the schema; what Bind derived comes last. It is for tests.
func (d Document) Dump() string {
	var b strings.Builder
	dumpValues(&b, d.Schema.Named(), d.Values, "")
	return b.String()
}

func dumpValues(b *strings.Builder, specs []FieldSpec, values Values, indent string) {
	for _, spec := range specs {
		if value, ok := values[spec.Key]; ok {
			fmt.Fprintf(b, "%s%s:", indent, spec.Key)
			dumpValue(b, &spec, value, indent+"  ")
		}
	}
}

func dumpValue(b *strings.Builder, spec *FieldSpec, value Value, indent string) {
	switch value := value.(type) {
	case Text:
		fmt.Fprintf(b, " %q\n", string(value))
	case Blank:
		fmt.Fprintf(b, " %s\n", value)
	case Date:
		fmt.Fprintf(b, " %s\n", value.ISO())
	case Number:
		fmt.Fprintf(b, " %s\n", value.String())
	case Period:
		fmt.Fprintf(b, " %s\n", value.String())
	case Values:
		b.WriteByte('\n')
		dumpValues(b, spec.Fields, value, indent)
	case Items:
		b.WriteByte('\n')
		for _, item := range value {
			b.WriteString(indent + "-")
			dumpValue(b, spec, item, indent+"  ")
		}
	case Outline:
		b.WriteByte('\n')
		dumpOutline(b, value, indent)
	}
}

func dumpOutline(b *strings.Builder, outline Outline, indent string) {
	for _, block := range outline {
		switch block := block.(type) {
		case Line:
			title := ""
			if block.Title {
				title = " title"
			}
			fmt.Fprintf(b, "%s%v%s %q\n", indent, block.Level, title, block.Text)
		case Grid:
			fmt.Fprintf(b, "%sgrid %q\n", indent, block.Head)
			for _, row := range block.Rows {
				fmt.Fprintf(b, "%s  row %q\n", indent, row)
			}
		}
	}
}

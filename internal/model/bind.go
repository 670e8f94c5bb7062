package model

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/vi"
)

// Bind checks a record against the schema of its kind and gives its values typed: the one check that every document passes. A
// root field that the record leaves out is taken from the profile of the office, which may be nil. All findings are collected, of
// errors the first hundred; when they block, the Document is incomplete.
//
// Text stays in NFC and comes out without spaces at the ends of lines and with single spaces inside; only \n stands between lines.
func Bind(schema *Schema, record Record, profile *Record) (Document, diag.Findings) {
	return bind(schema, record, profile, false)
}

func bind(schema *Schema, record Record, profile *Record, draft bool) (Document, diag.Findings) {
	b := &binder{schema: schema, draft: draft, file: record.File, sheet: record.Root.Place.Sheet, inSheets: record.Root.Place.Cell != ""}
	b.office = b.bindOffice(profile)
	doc := Document{Schema: schema, Values: Values{}}
	root := record.Root
	root.Place.File = record.File
	told := -1 // of the findings, where the rest would only follow from them
	if root.Shape != Group {
		b.complain(diag.NotARecord, root.Place, "viết mỗi mục một dòng dạng “khóa: giá trị”, ví dụ “loai: "+schema.Kind+"”",
			"tệp dữ liệu phải gồm các khóa, ở đây là %s", root.Shape)
		if !draft {
			return doc, b.found
		}
		root.Fields, told = nil, len(b.found)
	}
	given := b.match(schema.Fields, root.Fields, "")
	for key := range b.office.values {
		if blank(given[key]) { // a form has a place for it all the same
			delete(given, key)
		}
	}
	for _, spec := range schema.Fields {
		node, ok := given[spec.Key]
		if spec.Computed {
			continue
		}
		var value Value
		switch {
		case !ok && b.office.values[spec.Key] != nil:
			value = b.office.values[spec.Key]
		case ok && spec.Key == SignerKey && node.Shape == Scalar && !blank(node):
			value = b.orBlank(&spec, b.signer(node), true)
		default:
			value = b.field(&spec, node, ok, diag.Place{File: record.File, Sheet: b.sheet, Field: spec.Key})
		}
		if value != nil {
			doc.Values[spec.Key] = value
		}
	}
	b.derive(doc.Values, given)
	doc.Unnumbered = b.unnumbered
	if told >= 0 {
		b.found = b.found[:told]
	}
	return doc, b.found
}

// binder holds what one Bind has found.
type binder struct {
	schema   *Schema
	file     string // of the record
	sheet    string // of the record's root fields, when it was read from a workbook
	inSheets bool   // the record was read from a workbook or a table
	office   office
	signedBy string // the key of the signer, where the document names one of the profile
	draft    bool   // missing values are stood in for
	found    diag.Findings
	errors   int // in found

	unnumbered *diag.Finding
}

func (b *binder) warn(code diag.Code, at diag.Place, hint, format string, args ...any) {
	b.found.Add(diag.Finding{Severity: diag.Warning, Code: code, Where: at, Hint: hint, Message: fmt.Sprintf(format, args...)})
}

const maxErrors = 100 // that are told; no one mends more at once

func (b *binder) complain(code diag.Code, at diag.Place, hint, format string, args ...any) {
	if b.errors++; b.errors > maxErrors {
		return
	}
	b.found.Add(diag.Finding{Severity: diag.Error, Code: code, Where: at, Hint: hint, Message: fmt.Sprintf(format, args...)})
}

// match pairs the keys of a group with specs and complains of those that are unknown or given twice. A key that is nearly one
// of the specs, or its label, is read as that one, so that a slip is told once and its value is checked all the same.
func (b *binder) match(specs []FieldSpec, fields []Field, path string) map[string]Node {
	given := make(map[string]Node, len(fields))
	first := make(map[string]int, len(fields))
	for _, field := range fields {
		at := field.Place
		at.Field = join(path, field.Key)
		if line, twice := first[field.Key]; twice {
			hint := "giữ lại một, bỏ khóa còn lại"
			if line > 0 {
				hint = fmt.Sprintf("khóa này đã có ở dòng %d; %s", line, hint)
			}
			b.complain(diag.DuplicateKey, at, hint, "khóa “%s” viết hai lần", field.Key)
			continue
		}
		first[field.Key] = at.Line
		if find(specs, field.Key) != nil {
			given[field.Key] = field.Value
		}
	}
	for _, field := range fields {
		if find(specs, field.Key) != nil {
			continue
		}
		if b.errors > maxErrors {
			break
		}
		at := field.Place
		at.Field = join(path, field.Key)
		near := nearest(specs, field.Key)
		if near == nil {
			b.complain(diag.UnknownKey, at, "các khóa dùng được: "+keys(specs), "không có khóa “%s”", diag.Excerpt(field.Key))
			continue
		}
		b.complain(diag.UnknownKey, at, fmt.Sprintf("có phải “%s” (%s)?", near.Key, near.Label),
			"không có khóa “%s”", diag.Excerpt(field.Key))
		if _, taken := given[near.Key]; !taken {
			given[near.Key] = field.Value
		}
	}
	return given
}

// nearest is the spec whose key or label a person meant.
func nearest(specs []FieldSpec, word string) *FieldSpec {
	names := make([]string, 0, 2*len(specs))
	for _, spec := range specs {
		names = append(names, spec.Key)
	}
	for _, spec := range specs {
		names = append(names, spec.Label)
	}
	name := vi.Closest(word, names)
	for i := range specs {
		if name != "" && (specs[i].Key == name || specs[i].Label == name) {
			return &specs[i]
		}
	}
	return nil
}

func keys(specs []FieldSpec) string {
	names := make([]string, len(specs))
	for i, spec := range specs {
		names[i] = spec.Key
	}
	return strings.Join(names, ", ")
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// field returns the value of a field, or nil; there is none when the field is optional and left blank.
func (b *binder) field(spec *FieldSpec, node Node, given bool, at diag.Place) Value {
	return b.orBlank(spec, b.filled(spec, node, given, at), given && (node.Told || !blank(node)))
}

func (b *binder) filled(spec *FieldSpec, node Node, given bool, at diag.Place) Value {
	if node.Told {
		return nil
	}
	if spec.Default != "" && (!given || blank(node)) {
		node = Node{Shape: Scalar, Text: spec.Default, Place: at}
		given = true
	}
	switch {
	case !given && spec.Required:
		b.complain(diag.MissingField, at, b.remedy(spec, at), "thiếu %s", named(spec, at))
		return nil
	case !given:
		return nil
	}
	if node.Place.File == "" {
		node.Place.File = at.File
	}
	node.Place.Field = at.Field
	if blank(node) {
		if spec.Required {
			b.complain(diag.EmptyField, node.Place, b.remedy(spec, node.Place), "%s để trống", named(spec, node.Place))
		}
		return nil
	}
	return b.value(spec, node)
}

// named is the label of a field, with its key for those who write keys: whoever fills in a workbook or a form does not.
func named(spec *FieldSpec, at diag.Place) string {
	if at.Sheet != "" || inFormFile(at) {
		return "“" + spec.Label + "”"
	}
	return "“" + spec.Label + "” (" + spec.Key + ")"
}

// blank reports whether a value says nothing.
func blank(node Node) bool {
	switch node.Shape {
	case Missing:
		return true
	case Scalar:
		return strings.TrimSpace(node.Text) == ""
	case List:
		return len(node.Items) == 0
	default:
		return len(node.Fields) == 0
	}
}

// remedy returns how to fill in a field, with its example: in the cell of a sheet, or in the lines of a text file.
func (b *binder) remedy(spec *FieldSpec, at diag.Place) string {
	example, _, _ := strings.Cut(strings.TrimSpace(spec.Example), "\n")
	if at.Cell != "" || b.inSheets && at.Line == 0 {
		return inCell(spec, at, example)
	}
	if inFormFile(at) {
		return inForm(spec, example)
	}
	switch spec.Type {
	case OutlineField:
		return "viết “" + spec.Key + ": |” rồi gõ nội dung ở các dòng dưới, mỗi dòng thụt vào hai dấu cách"
	case ListField:
		hint := "viết “" + spec.Key + ":” rồi mỗi mục một dòng bắt đầu bằng “- ”"
		if example != "" {
			hint += ", ví dụ: " + example
		}
		return hint
	case GroupField:
		if len(spec.Fields) == 0 { // the office chooses the keys
			return "viết “" + spec.Key + ":” rồi mỗi khóa một dòng “khóa: giá trị”, thụt vào hai dấu cách"
		}
		return "viết “" + spec.Key + ":” rồi ở các dòng dưới, thụt vào hai dấu cách: " + keys(spec.Fields)
	default:
		if example == "" {
			return "viết “" + spec.Key + ": …”"
		}
		return "viết một dòng, ví dụ: " + spec.Key + ": " + example
	}
}

// inFormFile reports whether the place is in what a form or another program wrote, of which nobody sees the lines, or in a document that somebody
// typed, which has no keys.
func inFormFile(at diag.Place) bool {
	return slices.Contains([]string{".json", ".docx", ".txt"}, strings.ToLower(path.Ext(at.File)))
}

// inForm returns how to fill in a field in a form.
func inForm(spec *FieldSpec, example string) string {
	hint := "ghi “" + spec.Label + "”"
	switch {
	case spec.IsTable():
		return "thêm dòng vào bảng “" + spec.Label + "”, có các cột: " + labels(spec.Fields)
	case spec.Type == GroupField:
		return "ghi: " + labels(spec.Fields)
	case spec.Type == OutlineField:
		return hint + ", mỗi đoạn một dòng"
	case spec.Type == ListField:
		hint += ", mỗi mục một dòng"
	}
	if example = strings.Trim(strings.TrimPrefix(example, "- "), `"`); example != "" {
		hint += ", ví dụ: " + example
	}
	return hint
}

// inCell returns how to fill in a field in a workbook.
func inCell(spec *FieldSpec, at diag.Place, example string) string {
	example = strings.Trim(strings.TrimPrefix(example, "- "), `"`)
	hint := "ghi vào ô này"
	switch {
	case spec.IsTable():
		return "thêm trang tính “" + spec.Label + "” có các cột: " + labels(spec.Fields)
	case at.Cell == "" && spec.Type == GroupField:
		return "thêm các dòng: " + labels(spec.Fields)
	case at.Cell == "":
		hint = "thêm dòng “" + spec.Label + "” và ghi giá trị"
	case spec.Type == GroupField:
		return "ghi vào các dòng: " + labels(spec.Fields)
	}
	switch {
	case spec.Type == OutlineField:
		return hint + ", mỗi đoạn một dòng, xuống dòng trong ô bằng Alt+Enter"
	case spec.Type == ListField:
		hint += ", mỗi mục một dòng, xuống dòng trong ô bằng Alt+Enter"
	}
	if example != "" {
		hint += ", ví dụ: " + example
	}
	return hint
}

func labels(specs []FieldSpec) string {
	var names []string
	for _, spec := range specs {
		if !spec.Computed {
			names = append(names, spec.Label)
		}
	}
	return strings.Join(names, ", ")
}

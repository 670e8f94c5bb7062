package compose

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"vanthu/internal/lazyregexp"
	"vanthu/internal/model"
	"vanthu/internal/vi"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
)

// The fields of a form are called as findings call them: trich_yeu, ky.ho_ten, nhiem_vu[1].noi_dung with rows from 1. A list of texts is one
// field, an item a line. What is blank is no data, nor is a row of which all is blank.

const (
	rowField = "stt" // of each row of a table, its number

	otherSigner = "*" // what the choice of a signer says where the signer is typed: no key of a profile
)

// posted is a form that was sent, with the rows that it has of each table: "nhiem_vu" -> 1, 2, 4.
type posted struct {
	form web.Form
	rows map[string][]int
}

var rowOfName = lazyregexp.New(`\[([1-9][0-9]{0,6})\]\.`)

// longestField bounds the names of fields, in bytes: rows in rows in rows would take the square of their number in time. Ours have under a hundred.
const longestField = 500

func readPosted(form web.Form) posted {
	rows := map[string]map[int]bool{}
	for name := range form {
		if len(name) > longestField {
			continue
		}
		for _, at := range rowOfName.FindAllStringSubmatchIndex(name, -1) {
			row, err := strconv.Atoi(name[at[2]:at[3]])
			if err != nil {
				continue
			}
			if rows[name[:at[0]]] == nil {
				rows[name[:at[0]]] = map[int]bool{}
			}
			rows[name[:at[0]]][row] = true
		}
	}
	p := posted{form, map[string][]int{}}
	for table, numbers := range rows {
		p.rows[table] = slices.Sorted(maps.Keys(numbers))
	}
	return p
}

// data is what the form says of a kind.
func (p posted) data(schema *model.Schema) model.Node {
	root := model.Node{Shape: model.Group, Fields: p.group(schema.Fields, "")}
	if _, choosing := p.form[desk.SignerField]; !choosing {
		return root // the profile names nobody
	}
	name := strings.TrimSpace(p.text(desk.SignerField))
	if name != otherSigner {
		root.Fields = slices.DeleteFunc(root.Fields, func(f model.Field) bool { return f.Key == desk.SignerField })
	}
	if name != "" && name != otherSigner {
		root.Fields = append(root.Fields, model.Field{Key: desk.SignerField, Value: model.Node{Shape: model.Scalar, Text: name}})
	}
	return root
}

func (p posted) group(specs []model.FieldSpec, prefix string) (fields []model.Field) {
	for i := range specs {
		spec := &specs[i]
		if spec.Computed || prefix == "" && spec.Key == desk.KindField {
			continue
		}
		if value := p.value(spec, prefix+spec.Key); value.Shape != model.Missing {
			fields = append(fields, model.Field{Key: spec.Key, Value: value})
		}
	}
	return fields
}

// value is Missing where the form says nothing.
func (p posted) value(spec *model.FieldSpec, name string) (node model.Node) {
	switch {
	case spec.IsTable():
		for _, row := range p.rows[name] {
			if fields := p.group(spec.Fields, fmt.Sprintf("%s[%d].", name, row)); len(fields) > 0 {
				node.Items = append(node.Items, model.Node{Shape: model.Group, Fields: fields})
			}
		}
		if len(node.Items) > 0 {
			node.Shape = model.List
		}
	case spec.Type == model.GroupField:
		if node.Fields = p.group(spec.Fields, name+"."); len(node.Fields) > 0 {
			node.Shape = model.Group
		}
	case spec.Type == model.ListField:
		for _, line := range typedLines(p.text(name)) {
			if repeats(line, spec.Label) {
				continue
			}
			node.Items = append(node.Items, model.Node{Shape: model.Scalar, Text: line})
		}
		if len(node.Items) > 0 {
			node.Shape = model.List
		}
	default:
		if text := p.text(name); strings.TrimSpace(text) != "" {
			node = model.Node{Shape: model.Scalar, Text: text}
		}
	}
	return node
}

// text is what a person typed, with \n between lines, and without hidden characters that come along with what is copied elsewhere. An accent
// without a letter at the beginning of a line would join the mark of the line's end in the data.
func (p posted) text(name string) string {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\u2028", "\n", "\u2029", "\n").Replace(p.form.Text(name))
	last := rune(0)
	return strings.Map(func(r rune) rune {
		hidden := unicode.IsControl(r) && r != '\n' && r != '\t' || r == '\ufffe' || r == '\uffff'
		if hidden || unicode.Is(unicode.M, r) && (last == '\n' || last == '\t') {
			return -1
		}
		last = r
		return r
	}, text)
}

// typedLines are the items that a person typed, a line each, with a dash before it or not.
func typedLines(text string) (items []string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "- ")); line != "" && line != "-" {
			items = append(items, line)
		}
	}
	return items
}

// repeats tells a line that only says what the field is called, "Nơi nhận:", as comes along with what is copied from a document.
func repeats(line, label string) bool {
	bare := func(text string) string {
		return vi.Fold(strings.Join(strings.Fields(strings.TrimRight(text, ":*_ \u00a0")), " "))
	}
	return bare(strings.TrimLeft(line, "*_")) == bare(label)
}

// fieldLabel says in the words of the form where a finding stands: "Nhiệm vụ, dòng 2, Thời hạn hoàn thành". It is empty for a place that
// the form does not have.
func fieldLabel(specs []model.FieldSpec, field string) string {
	key, rest, _ := strings.Cut(field, ".")
	key, item, listed := strings.Cut(key, "[")
	i := slices.IndexFunc(specs, func(s model.FieldSpec) bool { return s.Key == key })
	if i < 0 || key == desk.KindField {
		return ""
	}
	label := specs[i].Label
	if listed {
		label += ", dòng " + strings.TrimSuffix(item, "]")
	}
	if inner := fieldLabel(specs[i].Fields, rest); inner != "" {
		label += ", " + inner
	}
	return label
}

// draftTitle is what lists call a draft: what it is about.
func draftTitle(root model.Node) string {
	const most = 200 // runes
	about := []rune(vi.NFC(strings.Join(strings.Fields(desk.BoxText(desk.Inside(root, desk.AboutField))), " ")))
	if len(about) == 0 {
		return "Chưa có trích yếu"
	}
	return string(about[:min(len(about), most)])
}

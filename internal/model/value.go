package model

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/vi"
)

// String names the shape as a clerk would.
func (s Shape) String() string {
	return [...]string{"chỗ trống", "chữ", "danh sách", "nhóm khóa"}[s]
}

// String returns what the field wants.
func (t FieldType) String() string {
	return [...]string{"chữ", "một ngày", "nội dung gõ thành dòng", "một danh sách", "một nhóm khóa", "một số", "một kỳ báo cáo"}[t]
}

// value reads a node that is not blank; nil means that it was complained of.
func (b *binder) value(spec *FieldSpec, node Node) Value {
	switch {
	case spec.Type == ListField:
		return b.list(spec, node)
	case spec.Type == GroupField && node.Shape == Group:
		return b.group(spec.Fields, node)
	case spec.Type == GroupField || node.Shape != Scalar:
		b.complain(diag.WrongType, node.Place, b.remedy(spec, node.Place), "“%s” cần %s, ở đây là %s", spec.Label, spec.Type, node.Shape)
		return nil
	}
	switch spec.Type {
	case DateField:
		return b.date(spec, node)
	case NumberField:
		return b.number(spec, node)
	case PeriodField:
		return b.period(spec, node)
	case OutlineField:
		outline := b.outline(node)
		if spec.Endings != "" {
			closeOutline(outline, spec.Endings)
		}
		return outline
	default:
		return b.choice(spec, node, b.text(node))
	}
}

// choice returns a text, in its own spelling when it is one of the choices of the field.
func (b *binder) choice(spec *FieldSpec, node Node, text string) Value {
	if len(spec.Choices) == 0 {
		return Text(text)
	}
	for _, choice := range spec.Choices {
		if vi.Fold(figures.Replace(choice)) == vi.Fold(figures.Replace(text)) {
			return Text(choice)
		}
	}
	hint := "chọn một trong: " + strings.Join(spec.Choices, "; ")
	if near := vi.Closest(text, spec.Choices); near != "" {
		hint = "có phải “" + near + "”? " + hint
	}
	b.complain(diag.UnknownChoice, node.Place, hint, "“%s” không nhận “%s”", spec.Label, diag.Excerpt(text))
	return nil
}

// figures spells digits out: “hoàn thành 1 phần”.
var figures = strings.NewReplacer("1", "một", "2", "hai", "3", "ba", "4", "bốn", "5", "năm", "6", "sáu", "7", "bảy", "8", "tám", "9", "chín")

func (b *binder) number(spec *FieldSpec, node Node) Value {
	text := b.text(node)
	number, err := vi.ParseNumber(text)
	if err != nil {
		b.complain(diag.NotANumber, node.Place, "viết một số, ví dụ 1.234,5; đơn vị tính đã có ở tên cột",
			"“%s” cần một số, không đọc được “%s”", spec.Label, diag.Excerpt(text))
		return nil
	}
	return Number{number}
}

func (b *binder) period(spec *FieldSpec, node Node) Value {
	text := b.text(node)
	period, err := vi.ParsePeriod(text)
	if err != nil {
		b.complain(diag.NotAPeriod, node.Place,
			"viết tháng 5 năm 2026, quý II năm 2026, 6 tháng đầu năm 2026, 9 tháng đầu năm 2026 hoặc năm 2026",
			"“%s” cần một kỳ báo cáo, không đọc được “%s”", spec.Label, diag.Excerpt(text))
		return nil
	}
	if len(spec.Choices) > 0 && !slices.Contains(spec.Choices, period.Noun()) {
		b.complain(diag.WrongPeriod, node.Place, "sửa kỳ báo cáo, hoặc chọn loại báo cáo của kỳ ấy",
			"“%s” của loại văn bản này là một %s, ở đây là %s", spec.Label, strings.Join(spec.Choices, " hoặc "), period)
		return nil
	}
	return Period{period}
}

func (b *binder) group(specs []FieldSpec, node Node) Values {
	given := b.match(specs, node.Fields, node.Place.Field)
	values := Values{}
	for _, spec := range specs {
		if spec.Computed {
			if value := b.computed(&spec, given[spec.Key]); value != nil {
				values[spec.Key] = value
			}
			continue
		}
		at := node.Place
		at.Field = join(node.Place.Field, spec.Key)
		child, ok := given[spec.Key]
		if value := b.field(&spec, child, ok, at); value != nil {
			values[spec.Key] = value
		}
	}
	return values
}

// list reads several texts, or several groups when the spec has fields. One line of text is a list of one.
func (b *binder) list(spec *FieldSpec, node Node) Value {
	if node.Shape == Scalar && len(spec.Fields) == 0 && !strings.Contains(strings.TrimSpace(node.Text), "\n") {
		node = Node{Shape: List, Items: []Node{node}, Place: node.Place}
	}
	if node.Shape != List {
		b.complain(diag.WrongType, node.Place, b.remedy(spec, node.Place), "“%s” cần %s, ở đây là %s", spec.Label, spec.Type, node.Shape)
		return nil
	}
	items := make(Items, 0, len(node.Items))
	samples := spec.Samples()
	var left []diag.Place // of rows as in the examples
	for i, item := range node.Items {
		if item.Place.File == "" {
			item.Place.File = node.Place.File
		}
		item.Place.Field = fmt.Sprintf("%s[%d]", node.Place.Field, i+1)
		if len(spec.Fields) == 0 {
			item = rejoin(item)
		}
		switch {
		case blank(item):
			b.complain(diag.EmptyItem, item.Place, "viết vào hoặc bỏ dòng này", "“%s” có mục thứ %d để trống", spec.Label, i+1)
		case len(spec.Fields) > 0 && item.Shape == Group:
			values := b.group(spec.Fields, item)
			if column := find(spec.Fields, RowKey); column != nil && column.Computed {
				values[RowKey] = Count(i + 1)
			}
			if isSample(samples, values) {
				left = append(left, item.Place)
			}
			items = append(items, values)
		case len(spec.Fields) == 0 && item.Shape == Scalar:
			items = append(items, Text(b.text(item)))
		case len(spec.Fields) > 0:
			b.complain(diag.WrongType, item.Place, "mỗi mục cần các khóa: "+keys(spec.Fields),
				"mỗi mục của “%s” cần một nhóm khóa, ở đây là %s", spec.Label, item.Shape)
		default:
			b.complain(diag.WrongType, item.Place, "viết mỗi mục trên một dòng, đặt trong dấu nháy \" \" nếu có dấu hai chấm",
				"mỗi mục của “%s” cần chữ, ở đây là %s", spec.Label, item.Shape)
		}
	}
	if len(left) > 0 {
		b.warn(diag.SampleRow, left[0], "sửa các dòng này thành số liệu thật, hoặc xóa đi",
			"“%s” còn %d dòng ví dụ, sẽ vào văn bản như số liệu thật", spec.Label, len(left))
	}
	if marks := []rune(spec.Endings); len(marks) == 2 && len(spec.Fields) == 0 {
		closeItems(items, string(marks[0]), string(marks[1]))
	}
	return items
}

// computed returns what was typed for a computed text, for tally to hold against what it works out. A typed number does not count.
func (b *binder) computed(spec *FieldSpec, node Node) Value {
	switch {
	case blank(node):
		return nil
	case spec.Type == TextField && node.Shape == Scalar:
		return Text(b.text(node))
	}
	b.warn(diag.ComputedField, node.Place, "bỏ giá trị này đi", "“%s” do chương trình tính ra; giá trị ghi ở đây không dùng", spec.Label)
	return nil
}

// isSample reports whether a row of a table says in every text what one of the examples of the table says.
func isSample(samples [][]FieldSpec, row Values) bool {
	return slices.ContainsFunc(samples, func(sample []FieldSpec) bool {
		told := false
		for _, column := range sample {
			if column.Type != TextField || column.Computed || column.Example == "" {
				continue
			}
			if text, _ := row[column.Key].(Text); string(text) != strings.Trim(column.Example, `"`) {
				return false
			}
			told = true
		}
		return told
	})
}

// rejoin returns back the line that YAML took for something else: for a key and its value in "- Lưu: VT", the commonest of all
// recipients, and for a list in "- - Như trên".
func rejoin(item Node) Node { return item.Rejoined() }

// Rejoined is an item of a list of texts as it was typed: YAML takes “Lưu: VT” for a key and its value.
func (item Node) Rejoined() Node {
	if item.Shape == List && len(item.Items) == 1 {
		inner := item.Items[0]
		inner.Place.File, inner.Place.Field = item.Place.File, item.Place.Field
		item = inner
	}
	if item.Shape == Group && len(item.Fields) == 1 && item.Fields[0].Value.Shape == Scalar {
		field := item.Fields[0]
		return Node{Shape: Scalar, Text: field.Key + ": " + field.Value.Text, Place: item.Place}
	}
	return item
}

// closeItems ends each text with its mark in place of the one typed, and drops a typed dash.
func closeItems(items Items, each, last string) {
	for i, item := range items {
		typed, ok := item.(Text)
		if !ok {
			continue // a Blank
		}
		text := strings.TrimRight(undash(string(typed)), "; ")
		text = strings.TrimRight(strings.TrimSuffix(text, "."), " ")
		mark := each
		if i == len(items)-1 {
			mark = last
		}
		items[i] = Text(text + mark)
	}
}

// undash drops the dash or bullet that a person typed before an item.
func undash(text string) string {
	return strings.TrimSpace(strings.TrimLeft(text, "-–—•"))
}

func (b *binder) date(spec *FieldSpec, node Node) Value {
	text := b.text(node)
	date, err := vi.ParseDate(text)
	switch {
	case errors.Is(err, vi.ErrNoSuchDay):
		b.complain(diag.NoSuchDay, node.Place, "xem lại: viết ngày trước, tháng sau, ví dụ 27/3/2026",
			"“%s”: ngày %s không có trong lịch", spec.Label, text)
		return nil
	case err != nil:
		b.complain(diag.NotADate, node.Place, dayHint(text),
			"“%s” cần một ngày, không đọc được “%s”", spec.Label, diag.Excerpt(text))
		return nil
	}
	return Date{date}
}

var untilWords = lazyregexp.New(`^(truoc|den|het|trong|cham nhat|xong)( (truoc|den|het|trong|vao|la))*( ngay)? `)

// dayHint returns how to write a day in place of a period, of “before the 15th” or of words without any day.
func dayHint(text string) string {
	rest := untilWords.ReplaceAllString(vi.Fold(text), "")
	if day, err := vi.ParseDate(rest); err == nil {
		return "ghi một ngày cụ thể, ví dụ " + day.Short()
	}
	for _, form := range []string{"%s", "thang %s", "%s nam 2026"} { // any year will do for an example
		if period, err := vi.ParsePeriod(fmt.Sprintf(form, rest)); err == nil {
			return "ghi một ngày cụ thể, ví dụ ngày cuối kỳ " + period.End().Short()
		}
	}
	if !strings.ContainsAny(text, "0123456789") {
		return "ghi một ngày cụ thể, ví dụ ngày cuối kỳ 30/6/2026"
	}
	return "viết ngày, tháng, năm, ví dụ 27/3/2026"
}

// text cleans a scalar line by line.
func (b *binder) text(node Node) string {
	lines := strings.Split(vi.NFC(node.Text), "\n")
	for i := range lines {
		lines[i] = b.line(node, i, lines[i])
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// line cleans line i of a scalar, from 0, and complains of a character that no document can hold.
func (b *binder) line(node Node, i int, text string) string {
	if r, offset, found := vi.Unprintable(text); found {
		at := lineOf(node, i)
		at.Text = diag.Excerpt(strings.ToValidUTF8(before(text, offset), ""))
		shown := fmt.Sprintf("“%c” (U+%04X)", r, r)
		if !unicode.IsGraphic(r) || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Co, r) {
			shown = fmt.Sprintf("ẩn U+%04X", r)
		}
		b.complain(diag.Unprintable, at, "xóa ký tự này; nó thường đi theo khi chép từ tin nhắn hoặc trang mạng",
			"văn bản không dùng được ký tự %s", shown)
	}
	text = strings.Trim(text, " \t")
	for strings.Contains(text, "  ") {
		text = strings.ReplaceAll(text, "  ", " ")
	}
	return text
}

// before returns the last words before an offset, to find the place by.
func before(text string, offset int) string {
	runes := []rune(text[:offset])
	return string(runes[max(0, len(runes)-30):])
}

// lineOf is the place of line i of a scalar, from 0; other than in a block the lines of the file are not known.
func lineOf(node Node, i int) diag.Place {
	at := node.Place
	if node.Block {
		at.Line += 1 + i
		at.Column = 0
	}
	return at
}

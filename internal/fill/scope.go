package fill

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// A scope is what names mean inside a block. The outermost holds the fields of the schema; a block over a list adds the fields of
// its item, and "." for the item. Names are looked up from the innermost scope outwards, once, when the template is compiled;
// a reference then says at which level its value stands.

// scope is one level.
type scope struct {
	name   string          // dotted name of the block's field; "" outermost
	item   model.FieldSpec // what "." is
	fields []model.FieldSpec
	any    bool // its field is unknown and has been complained of: whatever is asked of it passes
}

// reference is where a value stands at run time.
type reference struct {
	level    int // of the frame, from 0 outermost
	path     []string
	name     string // dotted, from the root, for people
	required bool
}

func rootScope(schema *model.Schema) scope {
	return scope{fields: schema.Named()}
}

// innerScope is the scope of a block over the field name.
func innerScope(name string, spec model.FieldSpec, known bool) scope {
	s := scope{name: name, item: spec, any: !known}
	if spec.Type == model.ListField {
		s.item.Type = model.TextField
		if len(spec.Fields) > 0 {
			s.item.Type = model.GroupField
		}
	}
	if s.item.Type == model.GroupField {
		s.fields = spec.Fields
	}
	return s
}

// resolve finds what a tag's path names; what it cannot find it complains of.
func (c *compiler) resolve(m *mark) (reference, model.FieldSpec, bool) {
	top := len(c.scopes) - 1
	if m.path == "." {
		if top == 0 {
			c.complain(diag.UnknownField, "dấu "+m.source+" đứng ngoài mọi phần",
				"{{.}} là từng mục của phần {{#…}} bao quanh nó", m.place, "")
			return reference{}, model.FieldSpec{}, false
		}
		s := c.scopes[top]
		return reference{level: top, name: s.name, required: true}, s.item, !s.any
	}
	path := strings.Split(m.path, ".")
	for level := top; level >= 0; level-- {
		s := c.scopes[level]
		if s.any {
			return reference{}, model.FieldSpec{}, false
		}
		if field := find(s.fields, path[0]); field != nil {
			for _, key := range path[1:] {
				inner := []model.FieldSpec(nil)
				if field.Type == model.GroupField {
					inner = field.Fields
				}
				if field = find(inner, key); field == nil {
					break
				}
			}
			if field == nil {
				break
			}
			name := strings.TrimPrefix(s.name+"."+m.path, ".")
			c.fields[name] = true
			return reference{level: level, path: path, name: name, required: field.Required}, *field, true
		}
	}
	var names []string
	for level := top; level >= 0; level-- {
		names = appendNames(names, "", c.scopes[level].fields)
	}
	c.complain(diag.UnknownField, "dấu "+m.source+": không có mục “"+m.path+"”",
		meant(m.path, names, "xem các mục của loại văn bản trong kind.yaml"), m.place, "")
	return reference{}, model.FieldSpec{}, false
}

func find(fields []model.FieldSpec, key string) *model.FieldSpec {
	for i := range fields {
		if fields[i].Key == key {
			return &fields[i]
		}
	}
	return nil
}

// appendNames lists the dotted names of fields and of the groups among them.
func appendNames(names []string, prefix string, fields []model.FieldSpec) []string {
	for _, f := range fields {
		names = append(names, prefix+f.Key)
		if f.Type == model.GroupField {
			names = appendNames(names, prefix+f.Key+".", f.Fields)
		}
	}
	return names
}

// meant is the hint for a word that is not among those known.
func meant(word string, among []string, otherwise string) string {
	if closest := vi.Closest(word, among); closest != "" {
		return "có phải ý bạn là “" + closest + "”?"
	}
	return otherwise
}

// filter turns a value into text; takes are the types of field it works on.
type filter struct {
	name  string
	takes []model.FieldType
	apply func(model.Value) string
}

// filters are those of the language.
var filters = []filter{
	{"ngay_thang", []model.FieldType{model.DateField}, func(v model.Value) string { return v.(model.Date).Long() }},
	{"in_hoa", words, func(v model.Value) string { return vi.Upper(printed(v)) }},
	{"chu_dau_hoa", words, func(v model.Value) string { return capital(printed(v)) }},
	{"bang_chu", numbers, func(v model.Value) string { return vi.NumberInWords(v.(model.Number).Decimal) }},
	{"hai_chu_so", numbers, func(v model.Value) string { return twoDigits(printed(v)) }},
}

var (
	words   = []model.FieldType{model.TextField, model.PeriodField}
	numbers = []model.FieldType{model.NumberField}
)

// printed is a value as a hole without filters prints it.
func printed(value model.Value) string {
	switch v := value.(type) {
	case model.Text:
		return string(v)
	case model.Blank:
		return v.String()
	case model.Date:
		return v.Short()
	case model.Number:
		return vi.FormatNumber(v.Decimal)
	case model.Period:
		return v.String()
	}
	return ""
}

// capital makes the first letter a capital one.
func capital(text string) string {
	_, first := utf8.DecodeRuneInString(text)
	return vi.Upper(text[:first]) + text[first:]
}

// twoDigits puts a nought before a single digit: a number below ten that people could add to.
func twoDigits(number string) string {
	if len(number) == 1 {
		return "0" + number
	}
	return number
}

// hole writes the step of {{path | filter}}.
func (c *compiler) hole(m *mark) {
	from, spec, known := c.resolve(m)
	h := hole{from: from}
	at := spec.Type
	for _, name := range m.filters {
		f := findFilter(name)
		switch {
		case f == nil:
			c.complain(diag.UnknownFilter, "dấu "+m.source+": không có cách viết “"+name+"”",
				meant(name, filterNames(), "các cách viết: "+strings.Join(filterNames(), ", ")), m.place, "")
			return
		case known && !slices.Contains(f.takes, at):
			c.complain(diag.WrongFilter, "dấu "+m.source+": cách viết “"+name+"” không dùng được cho "+typeName(at),
				"cách viết này dùng cho "+typeName(f.takes[0]), m.place, "")
			return
		}
		h.filters = append(h.filters, f.apply)
		at = model.TextField
	}
	if !known {
		return
	}
	switch at {
	case model.TextField, model.DateField, model.NumberField, model.PeriodField:
		c.steps = append(c.steps, h)
	case model.OutlineField:
		c.complain(diag.WrongTag, "dấu "+m.source+": “"+m.path+"” là "+typeName(at),
			"viết {{@"+m.path+"}} trong một đoạn riêng", m.place, "")
	default:
		c.complain(diag.WrongTag, "dấu "+m.source+": “"+m.path+"” là "+typeName(at),
			"viết {{#"+m.path+"}} … {{/"+m.path+"}} và đặt dấu của từng giá trị ở giữa", m.place, "")
	}
}

// outline writes the step of {{@path}}.
func (c *compiler) outline(m *mark) {
	from, spec, known := c.resolve(m)
	if !known {
		return
	}
	if spec.Type != model.OutlineField {
		c.complain(diag.WrongTag, "dấu "+m.source+": “"+m.path+"” là "+typeName(spec.Type),
			"{{@…}} chỉ dùng cho "+typeName(model.OutlineField), m.place, "")
		return
	}
	c.needStyles(m, outlineStyles)
	c.steps = append(c.steps, outline{from: from, keepNext: m.keepNext, column: c.column})
}

// needStyles complains of styles that the base lacks.
func (c *compiler) needStyles(m *mark, names []string) {
	var lacking []string
	for _, name := range names {
		if c.styles.ID(name) == "" {
			lacking = append(lacking, "“"+name+"”")
		}
	}
	if len(lacking) > 0 {
		c.complain(diag.MissingStyle, "dấu "+m.source+" cần kiểu "+strings.Join(lacking, ", ")+" mà tệp kiểu chung không có",
			"thêm lại kiểu này trong templates/chung/nen.docx", m.place, "")
	}
}

func findFilter(name string) *filter {
	for i := range filters {
		if filters[i].name == name {
			return &filters[i]
		}
	}
	return nil
}

func filterNames() []string {
	var names []string
	for _, f := range filters {
		names = append(names, f.name)
	}
	return names
}

// typeName is a type of field as a person reads it.
func typeName(t model.FieldType) string {
	return cmp.Or(map[model.FieldType]string{
		model.TextField:    "chữ",
		model.DateField:    "ngày",
		model.OutlineField: "nội dung nhiều đoạn",
		model.ListField:    "danh sách",
		model.GroupField:   "nhóm",
		model.NumberField:  "số",
		model.PeriodField:  "kỳ báo cáo",
	}[t], "giá trị")
}

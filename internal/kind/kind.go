// Package kind reads what a kind of document is: its kind.yaml, on top of what all kinds share, as a schema.
package kind

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// Shared is what kinds have in common: the fields of all, those that a kind may choose, and the order of the groups of a list.
type Shared struct {
	common, optional []model.FieldSpec
	Groups           []string
}

// ReadShared reads chung/kind.yaml, whose fields every kind has unless it drops them, and chung/tuy-chon.yaml, whose fields and tables
// it may choose. Of the keys of a kind.yaml (Schema) they hold truong alone; the first has nhom, too, the list of all groups.
func ReadShared(common, optional model.Record) (Shared, diag.Findings) {
	var shared Shared
	var k reader
	root := k.root(common)
	shared.common = k.fields(nil, root)
	if groups := root.Child("nhom"); groups.Value.Shape != model.Missing {
		shared.Groups = k.texts(groups)
	}
	shared.optional = k.fields(nil, k.root(optional))
	return shared, k.found
}

// Schema reads the kind.yaml of a kind, whose folder is slug, on top of what is shared:
//
//	ten, ten_loai, viet_tat, nhom, mo_ta   of the kind; without ten_loai, ten is the type too
//	mau:                             the shared template, chung/mau-<mau>.docx, of a kind without a mau.docx of its own
//	bo: [khoa, …]                    common fields that the kind does without
//	dung: [khoa, …]                  optional fields and tables that it has
//	truong:                          its fields; each has
//	  - khoa, nhan, giai_thich, ket_thuc, mac_dinh, don_vi_tinh, tieu_de_chung, do_rong
//	    kieu: chu | ngay | noi_dung | danh_sach | nhom | so | ky
//	    vi_du:                       an example as one would type it; of a table, a list of rows
//	    bat_buoc: true
//	    tinh: true                   worked out, not read
//	    lua_chon, dong_nghia: [...]  the only texts that may stand there; other headings of a column
//	    truong: [...]                of a nhom, or of a danh_sach of groups, a table
//	thu_tu: [khoa, …]                fields that come first, in this order
//
// A field with the khoa of a common or chosen one changes what it says anew and keeps the rest. Unknown keys are findings too.
func (s Shared) Schema(slug string, own model.Record) (model.Schema, diag.Findings) {
	schema := model.Schema{Kind: slug}
	var k reader
	root := k.root(own)
	for _, field := range root.Fields {
		switch field.Key {
		case "ten":
			schema.Name = k.text(field)
		case "ten_loai":
			schema.TypeName = k.text(field)
		case "viet_tat":
			schema.Abbreviation = k.text(field)
		case "nhom":
			schema.Group = k.text(field)
		case "mo_ta":
			schema.Summary = k.text(field)
		case "mau":
			schema.Form = k.text(field)
		}
	}
	if schema.Name == "" && root.Shape == model.Group && len(k.found) == 0 {
		k.complain(diag.MissingName, diag.Place{File: own.File, Line: 1}, "thêm dòng “ten: Tên loại văn bản”", "thiếu tên loại văn bản (ten)")
	}
	schema.TypeName = cmp.Or(schema.TypeName, schema.Name)
	left, _ := k.pick(s.common, root.Child("bo"))
	_, picked := k.pick(s.optional, root.Child("dung"))
	fields := k.fields(slices.Concat(left, picked), root)
	left, first := k.pick(fields, root.Child("thu_tu"))
	schema.Fields = append(first, left...)
	return schema, k.found
}

var (
	kindKeys  = []string{"ten", "ten_loai", "viet_tat", "nhom", "mo_ta", "mau", "bo", "dung", "truong", "thu_tu"}
	fieldKeys = []string{
		"khoa", "nhan", "giai_thich", "vi_du", "kieu", "bat_buoc", "ket_thuc", "mac_dinh", "don_vi_tinh", "tieu_de_chung", "do_rong",
		"tinh", "lua_chon", "dong_nghia", "truong",
	}
	fieldTypes = []string{"chu", "ngay", "noi_dung", "danh_sach", "nhom", "so", "ky"} // in the order of model.FieldType
)

// reader gathers what is wrong with a kind.yaml.
type reader struct{ found diag.Findings }

// maxFound is how many findings are kept; further ones are left out.
const maxFound = 100

func (k *reader) complain(code diag.Code, at diag.Place, hint, message string) {
	if len(k.found) < maxFound {
		k.found.Add(diag.Finding{Severity: diag.Error, Code: code, Where: at, Hint: hint, Message: message})
	}
}

// root returns the keys of a file. One that could not be read has none, and its reader said so.
func (k *reader) root(file model.Record) model.Node {
	root := file.Root
	if root.Shape != model.Group && root.Shape != model.Missing {
		k.complain(diag.NotAKind, diag.Place{File: file.File, Line: 1}, "các khóa dùng được: "+strings.Join(kindKeys, ", "), "tệp kind.yaml phải gồm các khóa")
	}
	k.known(root, kindKeys)
	return root
}

// known complains of keys that are not among those allowed, or there twice.
func (k *reader) known(group model.Node, allowed []string) {
	seen := make(map[string]bool)
	for _, field := range group.Fields {
		at := field.Place
		switch {
		case !slices.Contains(allowed, field.Key):
			hint := "các khóa dùng được: " + strings.Join(allowed, ", ")
			if near := vi.Closest(field.Key, allowed); near != "" {
				hint = "có phải “" + near + "”?"
			}
			k.complain(diag.UnknownKey, at, hint, fmt.Sprintf("không có khóa “%s”", diag.Excerpt(field.Key)))
		case seen[field.Key]:
			k.complain(diag.DuplicateKey, at, "giữ lại một, bỏ khóa còn lại",
				fmt.Sprintf("khóa “%s” viết hai lần", field.Key))
		}
		seen[field.Key] = true
	}
}

func (k *reader) text(field model.Field) string {
	if field.Value.Shape != model.Scalar && field.Value.Shape != model.Missing {
		k.complain(diag.WrongType, field.Place, "viết chữ trên cùng dòng",
			fmt.Sprintf("khóa “%s” cần chữ, ở đây là %s", field.Key, field.Value.Shape))
	}
	return strings.TrimSpace(field.Value.Text)
}

// fields reads the truong of a group on top of specs.
func (k *reader) fields(specs []model.FieldSpec, group model.Node) []model.FieldSpec {
	specs = slices.Clone(specs)
	list := group.Child("truong")
	if list.Value.Shape != model.List && list.Value.Shape != model.Missing {
		k.complain(diag.WrongType, list.Place, "viết mỗi trường thành “- khoa: …”",
			"khóa “truong” cần một danh sách")
	}
	seen := make(map[string]bool)
	for _, item := range list.Value.Items {
		k.known(item, fieldKeys)
		key := k.text(item.Child("khoa"))
		at := item.Place
		switch {
		case key == "" || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789_") != "":
			k.complain(diag.BadFieldKey, at, "viết khoa bằng chữ thường không dấu, ví dụ trich_yeu",
				"trường thiếu khóa, hoặc khóa có ký tự lạ")
			continue
		case seen[key]:
			k.complain(diag.DuplicateField, at, "giữ lại một, bỏ trường còn lại",
				fmt.Sprintf("trường “%s” khai hai lần", key))
			continue
		}
		seen[key] = true
		i := slices.IndexFunc(specs, func(s model.FieldSpec) bool { return s.Key == key })
		if i < 0 {
			i = len(specs)
			specs = append(specs, model.FieldSpec{Key: key})
		}
		k.field(&specs[i], item)
	}
	return specs
}

// field changes what an item of truong says of a spec.
func (k *reader) field(spec *model.FieldSpec, item model.Node) {
	for _, field := range item.Fields {
		at := field.Place
		switch field.Key {
		case "nhan":
			spec.Label = k.text(field)
		case "giai_thich":
			spec.Help = k.text(field)
		case "vi_du":
			if spec.Rows = rowsOf(field.Value); spec.Rows == nil {
				spec.Example = k.text(field)
			}
		case "ket_thuc":
			spec.Endings = k.text(field)
		case "mac_dinh":
			spec.Default = k.text(field)
		case "don_vi_tinh":
			spec.Unit = k.text(field)
		case "tieu_de_chung":
			spec.Spanner = k.text(field)
		case "do_rong":
			spec.Width = k.width(field)
		case "lua_chon":
			spec.Choices = k.texts(field)
		case "dong_nghia":
			spec.Synonyms = k.texts(field)
		case "bat_buoc":
			spec.Required = k.boolean(field)
		case "tinh":
			spec.Computed = k.boolean(field)
		case "kieu":
			i := slices.Index(fieldTypes, k.text(field))
			if i < 0 {
				k.complain(diag.UnknownType, at, "các kiểu: "+strings.Join(fieldTypes, ", "),
					fmt.Sprintf("không có kiểu “%s”", diag.Excerpt(field.Value.Text)))
				continue
			}
			spec.Type = model.FieldType(i)
		}
	}
	spec.Fields = k.fields(spec.Fields, item)
	at := item.Place
	switch nested := spec.Type == model.GroupField || spec.Type == model.ListField; {
	case spec.Label == "":
		k.complain(diag.MissingLabel, at, "thêm “nhan: …”, là tên người dùng đọc",
			fmt.Sprintf("trường “%s” thiếu nhãn", spec.Key))
	case spec.Type == model.GroupField && len(spec.Fields) == 0:
		k.complain(diag.EmptyGroup, at, "thêm “truong:” với các trường của nhóm",
			fmt.Sprintf("nhóm “%s” không có trường nào", spec.Key))
	case !holds(spec.Fields, spec.Rows):
		k.complain(diag.UnknownField, at, "viết mỗi dòng ví dụ bằng khoa của các cột",
			fmt.Sprintf("ví dụ của “%s” có cột không khai", spec.Key))
	case !nested && len(spec.Fields) > 0:
		k.complain(diag.FieldsOfText, at, "đổi kieu thành nhom hoặc danh_sach",
			fmt.Sprintf("trường “%s” không phải nhóm mà có trường con", spec.Key))
	}
}

// rowsOf reads the rows of the example of a table; there are none in other values.
func rowsOf(list model.Node) (rows []map[string]string) {
	for _, item := range list.Items {
		row := make(map[string]string, len(item.Fields))
		for _, field := range item.Fields {
			row[field.Key] = strings.TrimSpace(field.Value.Text)
		}
		rows = append(rows, row)
	}
	return rows
}

// holds reports whether rows have no other columns than specs.
func holds(specs []model.FieldSpec, rows []map[string]string) bool {
	for _, row := range rows {
		for key := range row {
			if !slices.ContainsFunc(specs, func(s model.FieldSpec) bool { return s.Key == key && !s.Computed }) {
				return false
			}
		}
	}
	return true
}

// pick takes from specs those that a list of keys names, in its order.
func (k *reader) pick(specs []model.FieldSpec, list model.Field) (left, picked []model.FieldSpec) {
	left = slices.Clone(specs)
	for _, item := range list.Value.Items {
		i := slices.IndexFunc(left, func(s model.FieldSpec) bool { return s.Key == item.Text })
		if i < 0 {
			k.complain(diag.UnknownField, item.Place, "viết khoa của một trường, mỗi trường một lần",
				fmt.Sprintf("%s gọi trường “%s” không có", list.Key, diag.Excerpt(item.Text)))
			continue
		}
		picked = append(picked, left[i])
		left = slices.Delete(left, i, i+1)
	}
	return left, picked
}

func (k *reader) boolean(field model.Field) bool {
	answer := k.text(field)
	if answer != "true" && answer != "false" {
		k.complain(diag.NotABoolean, field.Place, "viết true hoặc false",
			fmt.Sprintf("khóa “%s” cần true hoặc false", field.Key))
	}
	return answer == "true"
}

func (k *reader) width(field model.Field) int {
	width, err := strconv.Atoi(k.text(field))
	if err != nil || width < 1 || width > 200 {
		k.complain(diag.BadWidth, field.Place, "viết số ký tự của cột, từ 1 đến 200", "khóa “do_rong” cần một số")
	}
	return width
}

func (k *reader) texts(field model.Field) []string {
	var texts []string
	for _, item := range field.Value.Items {
		texts = append(texts, strings.TrimSpace(item.Text))
	}
	if len(texts) == 0 {
		k.complain(diag.WrongType, field.Place, "viết trong ngoặc vuông, ví dụ [Có, Không]",
			fmt.Sprintf("khóa “%s” cần một danh sách", field.Key))
	}
	return texts
}

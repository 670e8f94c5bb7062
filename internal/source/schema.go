package source

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// ReadSchema reads the kind.yaml of a kind, whose folder is kind, on top of the fields that all kinds share:
//
//	ten, viet_tat, nhom, mo_ta       of the kind
//	truong:                          its fields; each has
//	  - khoa, nhan, giai_thich, vi_du, ket_thuc
//	    kieu: chu | ngay | noi_dung | danh_sach | nhom
//	    bat_buoc: true
//	    truong: [...]                of a nhom, or of a danh_sach of groups
//	thu_tu: [khoa, …]                fields that come first, in this order
//
// A field with the khoa of a common one changes what it says anew and keeps the rest. Findings are about own or common;
// unknown keys are findings too. There is no error that the files can cause.
func ReadSchema(kind string, own, common []byte) (model.Schema, diag.Findings, error) {
	schema := model.Schema{Kind: kind}
	shared := &kindReader{reader: reader{file: "chung/kind.yaml"}}
	root := shared.root(common)
	schema.Fields = shared.fields(nil, root)
	if shared.found.Blocking() {
		return schema, shared.found, nil
	}

	k := &kindReader{reader: reader{file: path.Join(kind, "kind.yaml")}}
	root = k.root(own)
	for _, field := range root.Fields {
		switch field.Key {
		case "ten":
			schema.Name = k.text(field)
		case "viet_tat":
			schema.Abbreviation = k.text(field)
		case "nhom":
			schema.Group = k.text(field)
		case "mo_ta":
			schema.Summary = k.text(field)
		}
	}
	if schema.Name == "" && len(k.found) == 0 {
		k.complain("missing-name", 1, 0, "thêm dòng “ten: Tên loại văn bản”", "thiếu tên loại văn bản (ten)")
	}
	schema.Fields = k.ordered(k.fields(schema.Fields, root), root)
	return schema, slices.Concat(shared.found, k.found), nil
}

var (
	kindKeys   = []string{"ten", "viet_tat", "nhom", "mo_ta", "truong", "thu_tu"}
	fieldKeys  = []string{"khoa", "nhan", "giai_thich", "vi_du", "kieu", "bat_buoc", "ket_thuc", "truong"}
	fieldTypes = []string{"chu", "ngay", "noi_dung", "danh_sach", "nhom"} // in the order of model.FieldType
)

type kindReader struct{ reader }

func (k *kindReader) root(data []byte) model.Node {
	text, ok := k.decode(data)
	if !ok {
		return model.Node{}
	}
	root, ok := k.readYAML(text)
	if ok && root.Shape != model.Group {
		k.complain("not-a-kind", 1, 0, "các khóa dùng được: "+strings.Join(kindKeys, ", "), "tệp kind.yaml phải gồm các khóa")
	}
	k.known(root, kindKeys)
	return root
}

// known complains of keys that are not among those allowed, or there twice.
func (k *kindReader) known(group model.Node, allowed []string) {
	seen := make(map[string]bool)
	for _, field := range group.Fields {
		at := field.Place
		switch {
		case !slices.Contains(allowed, field.Key):
			hint := "các khóa dùng được: " + strings.Join(allowed, ", ")
			if near := vi.Closest(field.Key, allowed); near != "" {
				hint = "có phải “" + near + "”?"
			}
			k.complain("unknown-key", at.Line, at.Column, hint, fmt.Sprintf("không có khóa “%s”", diag.Excerpt(field.Key)))
		case seen[field.Key]:
			k.complain("duplicate-key", at.Line, at.Column, "giữ lại một, bỏ khóa còn lại",
				fmt.Sprintf("khóa “%s” viết hai lần", field.Key))
		}
		seen[field.Key] = true
	}
}

func (k *kindReader) text(field model.Field) string {
	if field.Value.Shape != model.Scalar && field.Value.Shape != model.Missing {
		k.complain("wrong-type", field.Place.Line, field.Place.Column, "viết chữ trên cùng dòng",
			fmt.Sprintf("khóa “%s” cần chữ, ở đây là %s", field.Key, field.Value.Shape))
	}
	return strings.TrimSpace(field.Value.Text)
}

// fields reads the truong of a group on top of specs.
func (k *kindReader) fields(specs []model.FieldSpec, group model.Node) []model.FieldSpec {
	specs = slices.Clone(specs)
	list := child(group, "truong")
	if list.Value.Shape != model.List && list.Value.Shape != model.Missing {
		k.complain("wrong-type", list.Place.Line, list.Place.Column, "viết mỗi trường thành “- khoa: …”",
			"khóa “truong” cần một danh sách")
	}
	seen := make(map[string]bool)
	for _, item := range list.Value.Items {
		k.known(item, fieldKeys)
		key := k.text(child(item, "khoa"))
		at := item.Place
		switch {
		case key == "" || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789_") != "":
			k.complain("bad-field-key", at.Line, at.Column, "viết khoa bằng chữ thường không dấu, ví dụ trich_yeu",
				"trường thiếu khóa, hoặc khóa có ký tự lạ")
			continue
		case seen[key]:
			k.complain("duplicate-field", at.Line, at.Column, "giữ lại một, bỏ trường còn lại",
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

func child(group model.Node, key string) model.Field {
	for _, field := range group.Fields {
		if field.Key == key {
			return field
		}
	}
	return model.Field{Key: key, Place: group.Place}
}

// field changes what an item of truong says of a spec.
func (k *kindReader) field(spec *model.FieldSpec, item model.Node) {
	for _, field := range item.Fields {
		at := field.Place
		switch field.Key {
		case "nhan":
			spec.Label = k.text(field)
		case "giai_thich":
			spec.Help = k.text(field)
		case "vi_du":
			spec.Example = k.text(field)
		case "ket_thuc":
			spec.Endings = k.text(field)
		case "bat_buoc":
			answer := k.text(field)
			if answer != "true" && answer != "false" {
				k.complain("not-a-boolean", at.Line, at.Column, "viết true hoặc false", "khóa “bat_buoc” cần true hoặc false")
			}
			spec.Required = answer == "true"
		case "kieu":
			i := slices.Index(fieldTypes, k.text(field))
			if i < 0 {
				k.complain("unknown-type", at.Line, at.Column, "các kiểu: "+strings.Join(fieldTypes, ", "),
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
		k.complain("missing-label", at.Line, at.Column, "thêm “nhan: …”, là tên người dùng đọc",
			fmt.Sprintf("trường “%s” thiếu nhãn", spec.Key))
	case spec.Type == model.GroupField && len(spec.Fields) == 0:
		k.complain("empty-group", at.Line, at.Column, "thêm “truong:” với các trường của nhóm",
			fmt.Sprintf("nhóm “%s” không có trường nào", spec.Key))
	case !nested && len(spec.Fields) > 0:
		k.complain("fields-of-text", at.Line, at.Column, "đổi kieu thành nhom hoặc danh_sach",
			fmt.Sprintf("trường “%s” không phải nhóm mà có trường con", spec.Key))
	}
}

// ordered puts the fields of thu_tu first.
func (k *kindReader) ordered(specs []model.FieldSpec, root model.Node) []model.FieldSpec {
	var first []model.FieldSpec
	for _, item := range child(root, "thu_tu").Value.Items {
		i := slices.IndexFunc(specs, func(s model.FieldSpec) bool { return s.Key == item.Text })
		if i < 0 {
			k.complain("unknown-field", item.Place.Line, item.Place.Column, "viết khoa của một trường, mỗi trường một lần",
				fmt.Sprintf("thu_tu gọi trường “%s” không có", diag.Excerpt(item.Text)))
			continue
		}
		first = append(first, specs[i])
		specs = slices.Delete(specs, i, i+1)
	}
	return append(first, specs...)
}

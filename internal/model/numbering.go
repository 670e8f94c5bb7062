package model

import (
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/vi"
)

// Ways of numbering, cach_danh_so in don-vi.yaml: the head of the body decides which documents share one series (NĐ 30/2020/NĐ-CP,
// Điều 15, khoản 1).
const (
	OneSeries     = "chung"     // all documents
	SeriesByType  = "theo_loai" // those of one type
	SeriesByGroup = "nhom"      // those of the types of a group; a type in no group has a series of its own
)

// Numbering is how an office numbers its documents.
type Numbering struct {
	Way    string
	Groups []NumberGroup
}

// NumberGroup is the kinds that share a series.
type NumberGroup struct {
	Name  string
	Kinds []string
	Place diag.Place
}

// Office is what a profile says of the office itself.
type Office struct {
	Agency Values // co_quan; nil where the profile does not say
	Numbering
}

// Unit is the body whose numbers a document takes: its name after that of the body above it, on one line, "HỘI ĐỒNG NHÂN DÂN XÃ VĨNH
// AM". Symbols do not tell bodies apart: every commune has an "HĐND". agency is the value of co_quan, or nil.
func Unit(agency Values) string {
	var words []string
	for _, key := range []string{AboveKey, NameKey} {
		name, _ := agency[key].(Text)
		words = append(words, strings.Fields(string(name))...)
	}
	return vi.Upper(strings.Join(words, " "))
}

// ReadOffice reads a profile, which may be nil, for what concerns no document. The body is described as in documents of the schema.
func ReadOffice(schema *Schema, profile *Record) (Office, diag.Findings) {
	b := &binder{schema: schema}
	bound := b.bindOffice(profile)
	agency, _ := bound.values[AgencyKey].(Values)
	return Office{Agency: agency, Numbering: bound.numbering}, b.found
}

// numberingSpecs are the keys of a profile that say how numbers are given.
func numberingSpecs() []FieldSpec {
	return []FieldSpec{
		{Key: "cach_danh_so", Label: "Cách đánh số", Choices: []string{OneSeries, SeriesByType, SeriesByGroup}},
		{Key: "nhom_so", Label: "Nhóm loại văn bản dùng chung dãy số", Type: GroupField},
	}
}

// bindGroups reads the groups in the order of the file.
func (b *binder) bindGroups(node Node) (groups []NumberGroup) {
	specs := free(node, FieldSpec{Type: ListField})
	given := b.group(specs, node)
	for _, spec := range specs {
		kinds, _ := given[spec.Key].(Items)
		at := slices.IndexFunc(node.Fields, func(f Field) bool { return f.Key == spec.Key })
		group := NumberGroup{Name: spec.Key, Place: node.Fields[at].Place}
		group.Place.File, group.Place.Field = node.Place.File, join(node.Place.Field, spec.Key)
		for _, kind := range kinds {
			if name, ok := kind.(Text); ok {
				group.Kinds = append(group.Kinds, string(name))
			}
		}
		groups = append(groups, group)
	}
	return groups
}

// settleNumbering says which way holds where the profile does not, and complains of groups that are wanted and not there.
func (b *binder) settleNumbering(n *Numbering, file string) {
	switch {
	case n.Way == "" && len(n.Groups) > 0:
		n.Way = SeriesByGroup
	case n.Way == "":
		n.Way = SeriesByType
	case n.Way == SeriesByGroup && len(n.Groups) == 0:
		b.complain(diag.MissingField, diag.Place{File: file, Field: "cach_danh_so"},
			"thêm khóa nhom_so, mỗi nhóm một dòng, ví dụ: quyet_nghi: [nghi-quyet, quyet-dinh]; hoặc sửa thành theo_loai",
			"đánh số theo nhóm nhưng chưa khai nhóm nào trong nhom_so")
	}
}

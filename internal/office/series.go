package office

import (
	"cmp"
	"fmt"
	"slices"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// Names of series that stand apart whatever the office decides (NĐ 30/2020/NĐ-CP, Điều 15, khoản 2; Phụ lục I, Phần II, Mục II, khoản 1,
// điểm c).
const (
	SecretSeries = "mat"
	CopySeries   = "ban-sao"
)

// Numbering is how an office divides the kinds into series of numbers.
type Numbering struct {
	Way   string            // model.OneSeries, model.SeriesByType, model.SeriesByGroup
	group map[string]string // type -> name of its group
}

// TypeOf returns the type of a kind as a name of a series. Kinds of one type share symbols, so they share their numbers: 01/KH-HĐND is one
// document, whether plan or plan of supervision.
func TypeOf(schema *model.Schema) string { return vi.FileName(vi.Fold(schema.TypeName)) }

// isCopy reports whether a kind is one of the three kinds of copy, by their abbreviations (Phụ lục III, Phần I).
func isCopy(schema *model.Schema) bool {
	return slices.Contains([]string{"SY", "SL", "TrS"}, schema.Abbreviation)
}

// NameOf returns the name of the series of a kind's documents that are not secret.
func (n Numbering) NameOf(schema *model.Schema) string {
	switch {
	case isCopy(schema):
		return CopySeries
	case n.Way == model.OneSeries:
		return model.OneSeries
	case n.Way == model.SeriesByGroup:
		return cmp.Or(n.group[TypeOf(schema)], TypeOf(schema))
	default:
		return TypeOf(schema)
	}
}

// Numbering finds the kinds that the groups of a profile name.
func (s *Service) Numbering(profile model.Office) (n Numbering, found diag.Findings) {
	n = Numbering{Way: profile.Way, group: map[string]string{}}
	for _, group := range profile.Groups {
		complain := func(code diag.Code, hint, format string, args ...any) {
			found.Add(diag.Finding{Severity: diag.Error, Code: code, Where: group.Place, Hint: hint, Message: fmt.Sprintf(format, args...)})
		}
		if s.isSeries(group.Name) {
			complain(diag.SeriesName, "đặt tên khác cho nhóm, ví dụ nhom_1", "“%s” đã là tên của một dãy số khác", group.Name)
		}
		for _, slug := range group.Kinds {
			kind := s.Find(slug)
			if kind == nil {
				found.Add(s.UnknownKind(slug, group.Place))
				continue
			}
			name := TypeOf(&kind.Schema)
			switch other := n.group[name]; {
			case isCopy(&kind.Schema):
				complain(diag.SeriesOfCopies, "bỏ “"+slug+"” khỏi nhóm", "các loại bản sao luôn chung một dãy số riêng, không vào nhóm được")
			case other != "" && other != group.Name:
				complain(diag.KindInTwoGroups, "để mỗi loại văn bản trong một nhóm; các loại cùng tên loại phải ở cùng nhóm",
					"“%s” thuộc cả nhóm “%s” và nhóm “%s”", kind.Schema.TypeName, other, group.Name)
			default:
				n.group[name] = group.Name
			}
		}
	}
	return n, found
}

// isSeries reports whether a name is that of a series which no group may have.
func (s *Service) isSeries(name string) bool {
	return slices.Contains([]string{model.OneSeries, SecretSeries, CopySeries}, name) ||
		slices.ContainsFunc(s.library().kinds, func(k *Definition) bool { return TypeOf(&k.Schema) == name })
}

// Settings returns what the profile of an office says, and how it numbers.
func (s *Service) Settings(id string) (model.Office, Numbering, diag.Findings) {
	kinds := s.library().kinds
	if len(kinds) == 0 {
		return model.Office{}, Numbering{}, nil
	}
	profile, found := model.ReadOffice(&kinds[0].Schema, s.ProfileOf(id))
	numbering, more := s.Numbering(profile)
	found.Add(more...)
	return profile, numbering, found
}

package desk

import (
	"slices"

	"vanthu/internal/office"
)

// KindNamed returns a kind by its slug.
func (s *Shell) KindNamed(slug string) (office.Kind, bool) {
	kinds := s.Office.Kinds()
	i := slices.IndexFunc(kinds, func(k office.Kind) bool { return k.Slug == slug })
	if i < 0 {
		return office.Kind{}, false
	}
	return kinds[i], true
}

// GroupKinds returns kinds under their headings.
func GroupKinds(kinds []office.Kind) (groups []KindGroup) {
	for _, kind := range kinds { // by group already
		if n := len(groups); n == 0 || groups[n-1].Name != kind.Group {
			groups = append(groups, KindGroup{Name: kind.Group})
		}
		last := &groups[len(groups)-1]
		last.Kinds = append(last.Kinds, kind)
	}
	return groups
}

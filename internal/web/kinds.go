package web

import (
	"slices"

	"vanthu/internal/app"
)

func (s *desk) kindNamed(slug string) (app.Kind, bool) {
	kinds := s.app.Kinds()
	i := slices.IndexFunc(kinds, func(k app.Kind) bool { return k.Slug == slug })
	if i < 0 {
		return app.Kind{}, false
	}
	return kinds[i], true
}

func groupKinds(kinds []app.Kind) (groups []kindGroup) {
	for _, kind := range kinds { // by group already
		if n := len(groups); n == 0 || groups[n-1].Name != kind.Group {
			groups = append(groups, kindGroup{Name: kind.Group})
		}
		last := &groups[len(groups)-1]
		last.Kinds = append(last.Kinds, kind)
	}
	return groups
}

package model

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"vanthu/internal/diag"
)

func TestReadOffice(t *testing.T) {
	group := func(kinds ...string) Node {
		node := Node{Shape: List}
		for _, kind := range kinds {
			node.Items = append(node.Items, scalar(kind, 1))
		}
		return Node{Shape: Group, Fields: []Field{{Key: "quyet_nghi", Value: node}}}
	}
	groups := []NumberGroup{{Name: "quyet_nghi", Kinds: []string{"nghi-quyet", "quyet-dinh"}}}
	for name, c := range map[string]struct {
		profile []Field
		want    Numbering
		code    string
	}{
		"each type has a series where nothing is said": {nil, Numbering{Way: SeriesByType}, ""},
		"a way is read however it is spelt":            {[]Field{{Key: "cach_danh_so", Value: scalar("CHUNG", 1)}}, Numbering{Way: OneSeries}, ""},
		"groups alone say enough": {
			[]Field{{Key: "nhom_so", Value: group("nghi-quyet", "quyet-dinh")}}, Numbering{Way: SeriesByGroup, Groups: groups}, "",
		},
		"groups that are not used stay": {
			[]Field{{Key: "cach_danh_so", Value: scalar("theo_loai", 1)}, {Key: "nhom_so", Value: group("nghi-quyet", "quyet-dinh")}},
			Numbering{Way: SeriesByType, Groups: groups},
			"",
		},
		"an unknown way":        {[]Field{{Key: "cach_danh_so", Value: scalar("theo ngày", 1)}}, Numbering{Way: SeriesByType}, "unknown-choice"},
		"groups that are asked": {[]Field{{Key: "cach_danh_so", Value: scalar("nhom", 1)}}, Numbering{Way: SeriesByGroup}, "missing-field"},
	} {
		t.Run(name, func(t *testing.T) {
			profile := Record{File: "don-vi.yaml", Root: Node{Shape: Group, Fields: c.profile}}
			got, found := ReadOffice(letter, &profile)
			if diff := cmp.Diff(c.want, got.Numbering, cmpopts.IgnoreTypes(diag.Place{})); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			code := ""
			for _, f := range found {
				code = string(f.Code)
			}
			if code != c.code {
				t.Errorf("found %q, want %q\n%s", code, c.code, found)
			}
		})
	}
	if office, found := ReadOffice(letter, nil); office.Way != SeriesByType || Unit(office.Agency) != "" || len(found) > 0 {
		t.Errorf("without a profile: %v %s", office, found)
	}
}

func TestUnitIsTheWholeNameOfTheBody(t *testing.T) {
	for want, agency := range map[string]Values{
		"HỘI ĐỒNG NHÂN DÂN XÃ VĨNH AM":  {"ten": Text("Hội đồng nhân dân\nxã Vĩnh Am"), "ky_hieu": Text("HĐND")},
		"HĐND XÃ VĨNH AM ĐOÀN GIÁM SÁT": {"cap_tren": Text("HĐND XÃ VĨNH AM"), "ten": Text("ĐOÀN GIÁM SÁT")},
		"":                              nil,
	} {
		if got := Unit(agency); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

package model

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

var letter = &Schema{Kind: "cong-van", Name: "Công văn", TypeName: "Công văn", Fields: []FieldSpec{
	{Key: "kinh_gui", Label: "Kính gửi", Type: ListField},
	{Key: "do_mat", Label: "Độ mật", Choices: []string{"MẬT", "TỐI MẬT", "TUYỆT MẬT"}},
	{Key: "do_khan", Label: "Độ khẩn", Choices: []string{"KHẨN", "THƯỢNG KHẨN", "HỎA TỐC"}},
}}

func TestOneAddresseeStandsAloneAndSeveralAreAList(t *testing.T) {
	for name, c := range map[string]struct {
		typed []string
		want  Values
	}{
		"none":    {nil, Values{}},
		"one":     {[]string{"- Ủy ban nhân dân xã;"}, Values{"kinh_gui_mot": Text("Ủy ban nhân dân xã")}},
		"several": {[]string{"Phòng Kinh tế.", "Công an xã"}, Values{"kinh_gui_nhieu": Values{"noi": Items{Text("Phòng Kinh tế;"), Text("Công an xã.")}}}},
	} {
		t.Run(name, func(t *testing.T) {
			var items []Node
			for i, text := range c.typed {
				items = append(items, scalar(text, i+1))
			}
			doc, found := Bind(letter, record(Field{Key: "kinh_gui", Value: Node{Shape: List, Items: items}}), nil)
			got := Values{}
			for _, key := range []string{"kinh_gui_mot", "kinh_gui_nhieu"} {
				if value := doc.Values[key]; value != nil {
					got[key] = value
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" || found.Blocking() {
				t.Errorf("(-want +got)\n%s%s", diff, found)
			}
		})
	}
}

func TestEachStampHasAKey(t *testing.T) {
	stamps := letter.Field("dau")
	for _, field := range []string{"do_mat", "do_khan"} {
		for _, degree := range letter.Field(field).Choices {
			doc, found := Bind(letter, record(Field{Key: field, Value: scalar(degree, 1)}), nil)
			if found.Blocking() {
				t.Fatal(found)
			}
			got, _ := doc.Values["dau"].(Values)
			if len(got) != 1 {
				t.Fatalf("%s gives %v", degree, got)
			}
			for key, value := range got {
				if find(stamps.Fields, key) == nil || value != Text(degree) {
					t.Errorf("%s gives %s: %v", degree, key, value)
				}
			}
		}
	}
}

package diag

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

func TestFindingReadsAsAClerkNeedsIt(t *testing.T) {
	f := Finding{
		Severity: Error, Code: MissingField, Message: "thiếu “Trích yếu”", Hint: "Thêm trich_yeu: …",
		Where: Place{File: "du-lieu.yaml", Line: 7, Field: "trich_yeu"}, Cite: "NĐ 30/2020/NĐ-CP",
	}
	const want = "Lỗi — du-lieu.yaml, dòng 7, mục trich_yeu: thiếu “Trích yếu”\n  → Thêm trich_yeu: … (NĐ 30/2020/NĐ-CP)"
	if got := f.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	data, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	const wantJSON = `{"severity":"error","code":"missing-field","message":"thiếu “Trích yếu”",` +
		`"where":{"file":"du-lieu.yaml","line":7,"field":"trich_yeu"},"hint":"Thêm trich_yeu: …","cite":"NĐ 30/2020/NĐ-CP"}`
	if string(data) != wantJSON {
		t.Errorf("got  %s\nwant %s", data, wantJSON)
	}
	var again Finding
	if err := json.Unmarshal(data, &again); err != nil || again != f {
		t.Errorf("read back: %+v, %v", again, err)
	}
}

func TestSortPutsErrorsFirstAndKeepsTheOrderOfTheFile(t *testing.T) {
	fs := Findings{
		{Severity: Info, Code: "a", Where: Place{Line: 1}},
		{Severity: Error, Code: "b", Where: Place{Line: 9}},
		{Severity: Error, Code: "c", Where: Place{Line: 2}},
		{Severity: Error, Code: "d", Where: Place{Line: 2}},
	}
	if !fs.Blocking() || fs[:1].Blocking() {
		t.Error("Blocking is wrong")
	}
	fs.Sort()
	got := ""
	for _, f := range fs {
		got += string(f.Code)
	}
	if got != "cdba" {
		t.Errorf("order %s, want cdba", got)
	}
}

func TestExcerptCutsBetweenWords(t *testing.T) {
	const long = "Thường trực Hội đồng nhân dân xã xây dựng kế hoạch thực hiện"
	got := Excerpt("  " + long)
	if got != "Thường trực Hội đồng nhân dân xã xây …" {
		t.Errorf("got %q", got)
	}
	if !utf8.ValidString(got) || Excerpt("ngắn\n gọn") != "ngắn gọn" {
		t.Error("not whole text")
	}
}

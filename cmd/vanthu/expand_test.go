package main

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestExpand finds the files of a pattern, and takes a file of that very name for itself.
func TestExpand(t *testing.T) {
	lay(t, map[string]string{"Kế hoạch.docx": "", "b.docx": "", "~$b.docx": "", "a.txt": "", "[1].docx": "", "sub/Tờ trình.docx": ""})
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"*.docx"}, "Kế hoạch.docx [1].docx b.docx"},
		{[]string{"a.txt", "sub/*"}, "a.txt sub/Tờ trình.docx"},
		{[]string{"[1].docx"}, "[1].docx"},
		{[]string{"?.docx"}, "b.docx"},
		{[]string{"none.docx"}, "none.docx"}, // said by who opens it
		{[]string{"b.docx", "*.pdf"}, "Không có tệp nào khớp với “*.pdf”."},
		{[]string{"[.docx"}, "Không hiểu “[.docx”: dấu [ phải có dấu ] đi cùng."},
	} {
		got, err := expand(test.args)
		for i := range got {
			got[i] = filepath.ToSlash(got[i])
		}
		slices.Sort(got)
		want := test.want
		if err != nil && err.Error() != want || err == nil && !slices.Equal(got, sortedWords(want, got)) {
			t.Errorf("%q gives %q, %v, want %s", test.args, got, err, want)
		}
	}
	if match, err := filepath.Match(caseless("Đề*.docx"), "ĐỀ ÁN.DOCX"); !match || err != nil {
		t.Errorf("capitals do not match: %v", err)
	}
}

// sortedWords returns got where it says want, whose names may have blanks.
func sortedWords(want string, got []string) []string {
	parts := slices.Clone(got)
	slices.SortFunc(parts, func(a, b string) int { return strings.Index(want, a) - strings.Index(want, b) })
	if strings.Join(parts, " ") != want {
		return []string{want}
	}
	return got
}

// TestConvertExpands converts the files of a pattern that no shell has expanded.
func TestConvertExpands(t *testing.T) {
	lay(t, map[string]string{"a.yaml": plan})
	must(t, "render", "a.yaml", "-o", "out", "--format", "docx")
	must(t, "convert", filepath.Join("out", "*.docx"), "-o", "pdf")
	if len(glob(t, "pdf/*.pdf")) != 1 {
		t.Error("no PDF")
	}
}

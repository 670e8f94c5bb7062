package job

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"vanthu/internal/store"
)

func TestMendedDataKeepTheNumberOfTheirDocument(t *testing.T) {
	databases(t, func(t *testing.T, o office) {
		input := letters(1, 3)
		_, r := o.run(t, Order{Name: "thu", Numbers: true}, input)
		before := r.numbersOf(t)
		input["xa-01/van-ban-02.yaml"] = letter("Số 1", "8/11/2026", "nội dung đã sửa")
		status, r := o.run(t, Order{Name: "thu", Numbers: true}, input)
		after := r.numbersOf(t)
		if status.Made != 1 || status.Kept != 2 || len(after) != len(before) {
			t.Fatalf("%+v\n%s", status, strings.Join(after, "\n"))
		}
		if !strings.Contains(strings.Join(after, "\n"), "nội dung đã sửa issued") {
			t.Errorf("the register does not say what the paper says:\n%s", strings.Join(after, "\n"))
		}
		input["xa-01/van-ban-02.yaml"] = letter("Số 1", "28/11/2026", "nội dung đã sửa")
		status, r = o.run(t, Order{Name: "thu", Numbers: true}, input)
		if status.Refused != 1 || len(r.numbersOf(t)) != len(before) {
			t.Errorf("another day: %+v\n%s", status, strings.Join(r.numbersOf(t), "\n"))
		}
	})
}

func numbered(unit, day, number string) *fstest.MapFile {
	file := letter(unit, day, "báo cáo")
	file.Data = []byte(strings.Replace(string(file.Data), "ngay:", "so: "+number+"\nngay:", 1))
	return file
}

func TestABatchTellsWhatToLookAtAsAWhole(t *testing.T) {
	o := newOffice(t)
	input := fstest.MapFS{
		"a.yaml": numbered("An", "1/11/2026", "7"), "b.yaml": numbered("An", "2/11/2026", "7"), "c.yaml": numbered("Bình", "1/11/2026", "7"),
		"d.xls": &fstest.MapFile{Data: []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}, "e.pdf": &fstest.MapFile{Data: []byte("%PDF-")},
	}
	status, _ := o.run(t, Order{Name: "thu", PDF: true}, input)
	if got := codes(status.Findings); status.Made != 3 || status.Refused != 1 || !slices.Contains(got, "one-number-twice") || !slices.Contains(got, "not-data") {
		t.Errorf("%+v", status)
	}
	delete(input, "c.yaml")
	delete(input, "b.yaml")
	status, _ = o.run(t, Order{Name: "thu", PDF: true}, input)
	got := codes(status.Findings)
	if slices.Contains(got, "one-number-twice") || !slices.Contains(got, "results-of-before") {
		t.Errorf("%+v", status)
	}
}

func TestNoFileOfAnotherIsWrittenOver(t *testing.T) {
	o := newOffice(t)
	name := filepath.Join(o.files, "van-ban-01", "cong-van-bao-cao-noi-dung-thu-1.docx")
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte("của người khác"), 0o644); err != nil {
		t.Fatal(err)
	}
	input := fstest.MapFS{"van-ban-01.yaml": letter("Số 1", "1/11/2026", "báo cáo nội dung thứ 1")}
	status, r := o.run(t, Order{Name: "thu", PDF: true}, input)
	entries, err := r.Entries(t.Context(), status.ID)
	if err != nil || status.Refused != 1 || !slices.Contains(codes(entries[0].Findings), "file-in-the-way") {
		t.Errorf("%v %+v %+v", err, status, entries)
	}
	if data, _ := os.ReadFile(name); string(data) != "của người khác" {
		t.Error("written over")
	}
}

func TestFewerFormatsTakeNothingAway(t *testing.T) {
	o := newOffice(t)
	input := letters(1, 2)
	o.run(t, Order{Name: "thu", PDF: true}, input)
	before := o.standing(t)
	status, _ := o.run(t, Order{Name: "thu"}, input)
	after := o.standing(t)
	for name, hash := range before {
		if strings.HasSuffix(name, ".pdf") && after[name] != hash {
			t.Errorf("%s is gone", name)
		}
	}
	if status.State != store.Done || status.Refused > 0 {
		t.Errorf("%+v", status)
	}
}

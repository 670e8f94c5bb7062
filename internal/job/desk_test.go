package job

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/services"
	"vanthu/internal/store"
)

// withFiles gives the App the file store, where uploaded templates lie.
func withFiles(config *Config, rooms *services.Config) { rooms.Files = config.Files }

// upload puts a template of letters in force that says something more.
func (r *Runner) upload(t *testing.T, words string) {
	t.Helper()
	docx, _, found, err := r.Maker.Office.Template(t.Context(), "cong-van", 0)
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	from, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, file := range from.File {
		in, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		part, err := w.Create(file.Name)
		if err == nil {
			_, err = part.Write(bytes.Replace(data, []byte("{{trich_yeu}}"), []byte("{{trich_yeu}} "+words), 1))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	_, found, err = r.Maker.Office.SaveTemplate(t.Context(), "cong-van", maker.File{Name: "mau.docx", Data: out.Bytes()}, store.TemplateVersion{Saved: r.Now()})
	if err != nil || found.Blocking() {
		t.Fatal(err, found)
	}
}

func TestAChangedTemplateIsMadeAgain(t *testing.T) {
	databases(t, func(t *testing.T, o office) {
		input := letters(1, 2)
		run := func() (made, kept int) {
			status, _ := o.run(t, Order{Name: "thu"}, input, withFiles)
			return status.Made, status.Kept
		}
		if made, kept := run(); made != 2 || kept != 0 {
			t.Fatalf("made %d, kept %d", made, kept)
		}
		before := o.standing(t)
		o.open(t, withFiles).upload(t, "theo mẫu một")
		if made, kept := run(); made != 2 || kept != 0 {
			t.Errorf("with another template: made %d, kept %d", made, kept)
		}
		after := o.standing(t)
		for name, hash := range before {
			if strings.HasSuffix(name, ".docx") && after[name] == hash {
				t.Errorf("%s is as it was", name)
			}
		}
		if made, kept := run(); made != 0 || kept != 2 {
			t.Errorf("again: made %d, kept %d", made, kept)
		}
	})
}

// TestATemplateThatChangesBeforeTheWorkIsKnownByWhatWasMade plans a batch, changes the template in another process, and works then: the
// documents are those of the new template, and known as such.
func TestATemplateThatChangesBeforeTheWorkIsKnownByWhatWasMade(t *testing.T) {
	databases(t, func(t *testing.T, o office) {
		input := letters(1, 2)
		r := o.open(t, withFiles)
		id := r.submit(t, Order{Name: "thu"}, input)
		o.open(t, withFiles).upload(t, "theo mẫu mới")
		r.start(t)
		if status := r.await(t, id); status.Made != 2 {
			t.Fatalf("%+v", status)
		}
		r.stop(t)
		if again, _ := o.run(t, Order{Name: "thu"}, input, withFiles); again.Kept != 2 {
			t.Errorf("with the template of which they were made: %+v", again)
		}
		if found, err := r.Maker.Office.UseTemplate(t.Context(), "cong-van", 0); err != nil || len(found) > 0 {
			t.Fatal(err, found)
		}
		if back, _ := o.run(t, Order{Name: "thu"}, input, withFiles); back.Made != 2 {
			t.Errorf("with the template of which they were planned: %+v", back)
		}
	})
}

func TestABatchBelongsToItsOffice(t *testing.T) {
	databases(t, func(t *testing.T, o office) {
		r := o.open(t, withFiles)
		profile := "co_quan: {ten: HỘI ĐỒNG NHÂN DÂN XÃ BÊ, ky_hieu: HĐND}\ndia_danh: Bê\nnguoi_ky:\n  ct: {chuc_vu: [CHỦ TỊCH], ho_ten: Lê Bê}\n"
		if err := r.Store.AddOffice(t.Context(), store.Office{ID: "xa-b", Name: "Xã Bê", Created: r.Now()}); err != nil {
			t.Fatal(err)
		}
		found, err := r.Maker.Office.SaveProfile(t.Context(), store.Profile{Office: "xa-b", Version: 1, Text: []byte(profile), Saved: r.Now()})
		if err != nil || found.Blocking() {
			t.Fatal(err, found)
		}
		plan := "loai: ke-hoach\nngay: 27/11/2026\ntrich_yeu: tổng vệ sinh\nnoi_dung: Các thôn tổng vệ sinh vào sáng thứ Bảy.\nnoi_nhan: [Các thôn, \"Lưu: VT\"]\nky: ct\n"
		input := fstest.MapFS{"ke-hoach.yaml": {Data: []byte(plan)}}
		r.start(t)
		order := Order{Name: "ke-hoach", Key: "k", Office: "xa-b", Folder: OwnFolder, Numbers: true}
		status := r.await(t, r.submit(t, order, input))
		if status.Made != 1 || status.Office != "xa-b" {
			entries, _ := r.Entries(t.Context(), status.ID)
			t.Fatalf("%+v\n%+v", status, entries)
		}
		entries, err := r.Store.List(t.Context(), store.Filter{})
		if err != nil || len(entries) != 1 || entries[0].Office != "xa-b" || entries[0].State != store.Issued || entries[0].Signer != "Lê Bê" {
			t.Errorf("registered %+v (%v)", entries, err)
		}
		document, err := r.Store.DocumentOfNumber(t.Context(), "xa-b", entries[0].Key)
		if err != nil || document.Office != "xa-b" || document.Draft != "" {
			t.Errorf("kept %+v (%v)", document, err)
		}
		for office, want := range map[string]int{"xa-b": 1, "": 0, "xa-c": 0} {
			if list, err := r.BatchesOf(t.Context(), office, 10); err != nil || len(list) != want {
				t.Errorf("office %q sees %d batches (%v)", office, len(list), err)
			}
		}
		order.Office = "xa-c"
		if _, _, err := r.Submit(t.Context(), order, input); !errors.Is(err, ErrKeyUsed) {
			t.Errorf("another office with the key got %v", err)
		}
		if _, _, err := r.SubmitFile(t.Context(), order, "ke-hoach.yaml", strings.NewReader(plan), int64(len(plan))); !errors.Is(err, ErrKeyUsed) {
			t.Errorf("another office that sends a file with the key got %v", err)
		}
	})
}

// TestTasksOfABatchAreKept has the desk find what is due in documents of batches too.
func TestTasksOfABatchAreKept(t *testing.T) {
	o := newOffice(t)
	input := fstest.MapFS{}
	for name, file := range map[string]string{"bao-cao.xlsx": "quy-2-2026/so-lieu.xlsx", "don-vi.yaml": "don-vi.yaml"} {
		data, err := os.ReadFile(filepath.Join("../../samples", file))
		if err != nil {
			t.Fatal(err)
		}
		input[name] = &fstest.MapFile{Data: data}
	}
	status, r := o.run(t, Order{Name: "bao-cao"}, input)
	if status.Made != 1 {
		t.Fatalf("%+v", status)
	}
	for document, err := range r.Store.Documents(t.Context()) {
		var tasks []maker.Task
		if err == nil {
			err = json.Unmarshal(document.Tasks, &tasks)
		}
		if err != nil || len(tasks) == 0 || tasks[0].Title == "" {
			t.Errorf("kept %v (%v)", tasks, err)
		}
	}
}

func TestAVoidNumberIsToldWhenItsDocumentIsKept(t *testing.T) {
	databases(t, func(t *testing.T, o office) {
		input, order := letters(1, 1), Order{Name: "thu", Numbers: true}
		_, r := o.run(t, order, input)
		entries, err := r.Store.List(t.Context(), store.Filter{})
		if err != nil || len(entries) != 1 {
			t.Fatal(err, entries)
		}
		if _, err := r.Store.Cancel(t.Context(), entries[0].Series, entries[0].Number, "Không ban hành"); err != nil {
			t.Fatal(err)
		}
		status, r := o.run(t, order, input)
		lines, err := r.Entries(t.Context(), status.ID)
		if err != nil || status.Kept != 1 || len(lines) != 1 {
			t.Fatal(err, status, lines)
		}
		told := slices.ContainsFunc(lines[0].Findings, func(f diag.Finding) bool {
			return f.Code == diag.NumberVoid && f.Severity == diag.Warning && strings.Contains(f.Message, "Không ban hành")
		})
		if !told {
			t.Errorf("found %v", lines[0].Findings)
		}
	})
}

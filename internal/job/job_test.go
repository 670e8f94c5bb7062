package job

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/pgtest"
	"vanthu/internal/services"
	"vanthu/internal/store"
)

// office is a place to work in: a database and a folder of files.
type office struct{ database, files string }

// newOffice is an empty office with the database in a folder.
func newOffice(t testing.TB) office {
	folder := t.TempDir()
	return office{filepath.Join(folder, "so"), filepath.Join(folder, "tep")}
}

// databases runs a test on both databases.
func databases(t *testing.T, test func(t *testing.T, o office)) {
	t.Run("sqlite", func(t *testing.T) { test(t, newOffice(t)) })
	t.Run("postgres", func(t *testing.T) {
		o := newOffice(t)
		o.database = pgtest.Schema(t)
		test(t, o)
	})
}

// open opens a Runner in an office; configure may change how.
func (o office) open(t testing.TB, configure ...func(*Config, *services.Config)) *Runner {
	t.Helper()
	r, err := o.runner(configure...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Store.Close() })
	return r
}

func (o office) runner(configure ...func(*Config, *services.Config)) (*Runner, error) {
	ctx := context.Background()
	opened, err := store.Open(ctx, o.database)
	if err != nil {
		return nil, err
	}
	kept, err := files.Open(ctx, o.files)
	if err != nil {
		return nil, err
	}
	config := Config{Store: opened, Files: kept, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC) }}
	rooms := services.Config{Store: opened}
	for _, change := range configure {
		change(&config, &rooms)
	}
	made, found, err := services.Open(rooms)
	if err != nil || found.Blocking() {
		return nil, fmt.Errorf("%w\n%v", err, found)
	}
	config.Maker = made.Maker
	return Open(ctx, config)
}

// run submits an input, works on it until it is done, and gives its status.
func (o office) run(t testing.TB, order Order, input fs.FS, configure ...func(*Config, *services.Config)) (Status, *Runner) {
	t.Helper()
	r := o.open(t, configure...)
	r.start(t)
	defer r.stop(t)
	return r.await(t, r.submit(t, order, input)), r
}

// start begins to work; who does not stop it is stopped when the test ends.
func (r *Runner) start(t testing.TB) {
	t.Helper()
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.stop(t) })
}

// submit plans an input of which something can be made.
func (r *Runner) submit(t testing.TB, order Order, input fs.FS) (id string) {
	t.Helper()
	id, found, err := r.Submit(t.Context(), order, input)
	if err != nil || found.Blocking() {
		t.Fatal(found, err)
	}
	return id
}

func (r *Runner) stop(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := r.Stop(ctx); err != nil {
		t.Error(err)
	}
}

// await waits until a batch is done.
func (r *Runner) await(t testing.TB, id string) Status {
	t.Helper()
	deadline := time.Now().Add(3 * time.Minute)
	for {
		status, err := r.Status(context.Background(), id)
		if err == nil && (status.State == store.Done || status.State == store.Cancelled) {
			return status
		}
		if time.Now().After(deadline) {
			t.Fatalf("not done: %+v, %v", status, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// letter is the data of a small document of a unit.
func letter(unit, day, about string) *fstest.MapFile {
	return &fstest.MapFile{Data: fmt.Appendf(nil, `loai: cong-van
co_quan:
  ten: |
    HỘI ĐỒNG NHÂN DÂN
    XÃ %s
  ky_hieu: HĐND
dia_danh: %s
ngay: %s
trich_yeu: %s
don_vi_soan: VP
kinh_gui:
  - Ủy ban nhân dân xã
noi_dung: Đề nghị Ủy ban nhân dân xã báo cáo kết quả thực hiện Nghị quyết số 57-NQ/TW trước ngày 15 tháng 12 năm 2026.
noi_nhan:
  - Như trên
  - "Lưu: VT"
ky:
  chuc_vu:
    - TM. THƯỜNG TRỰC HỘI ĐỒNG NHÂN DÂN
    - CHỦ TỊCH
  ho_ten: Vũ Đình Thắng
`, strings.ToUpper(unit), unit, day, about)}
}

// letters is an input of many letters: of some units, each with papers of several days, in the order of no day.
func letters(units, papers int) fstest.MapFS {
	input := fstest.MapFS{}
	for u := range units {
		for p := range papers {
			name := fmt.Sprintf("xa-%02d/van-ban-%02d.yaml", u+1, p+1)
			day := fmt.Sprintf("%02d/11/2026", 1+(p*7+u)%28)
			input[name] = letter(fmt.Sprintf("Số %d", u+1), day, fmt.Sprintf("báo cáo nội dung thứ %d", p+1))
		}
	}
	return input
}

// standing is the hash of each file by its name, those that are none of the documents' aside.
func (o office) standing(t testing.TB) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(o.files, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			if entry != nil && entry.Name() == strings.TrimSuffix(stateFolder, "/") {
				return fs.SkipDir
			}
			return err
		}
		data, err := os.ReadFile(path)
		sum := sha256.Sum256(data)
		name, _ := filepath.Rel(o.files, path)
		all[filepath.ToSlash(name)] = hex.EncodeToString(sum[:])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func withPDF(c Order) Order { c.PDF = true; return c }

func TestOneBadUnitDoesNotStopTheOthers(t *testing.T) {
	databases(t, func(t *testing.T, o office) {
		input := letters(2, 3)
		input["xa-sai.yaml"] = letter("Sai", "32/13/2026", "ngày không có")
		input["xa-hong.xlsx"] = &fstest.MapFile{Data: []byte("PK\x03\x04 không phải bảng tính")}
		input["~$khoa.xlsx"] = &fstest.MapFile{Data: []byte("x")}
		input["ghi-chu.txt"] = &fstest.MapFile{Data: []byte("x")}
		status, r := o.run(t, Order{Name: "thu", PDF: true}, input)
		if status.Total != 8 || status.Made != 6 || status.Refused != 2 || status.State != store.Done {
			t.Fatalf("%+v", status)
		}
		standing := o.standing(t)
		if len(standing) != 6*2+2 {
			t.Errorf("%d files: %v", len(standing), standing)
		}
		entries, err := r.Entries(t.Context(), status.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if bad := e.Name == "xa-sai" || e.Name == "xa-hong"; bad != e.Findings.Blocking() || bad == (e.State == store.Made) {
				t.Errorf("%s: %s %v", e.Name, e.State, e.Findings)
			}
			for _, file := range e.Files {
				if standing[file.Name] != file.Hash {
					t.Errorf("%s is not as the manifest says", file.Name)
				}
			}
		}
		table, err := os.ReadFile(filepath.Join(o.files, manifestTable))
		if err != nil || !bytes.HasPrefix(table, []byte("\ufeffSTT,")) || bytes.Count(table, []byte("đã làm")) != 6 {
			t.Errorf("%v\n%s", err, table)
		}
	})
}

func TestOnlyWhatIsMissingOrChangedIsMadeAgain(t *testing.T) {
	databases(t, func(t *testing.T, o office) {
		input := letters(1, 4)
		first, _ := o.run(t, withPDF(Order{Name: "thu"}), input)
		before := o.standing(t)
		again, _ := o.run(t, withPDF(Order{Name: "thu"}), input)
		if first.Made != 4 || again.Kept != 4 {
			t.Fatalf("first %+v\nagain %+v", first, again)
		}
		if diff := cmp.Diff(before, o.standing(t)); diff != "" {
			t.Error(diff)
		}

		names := slices.Sorted(func(yield func(string) bool) {
			for name := range before {
				if strings.HasSuffix(name, ".docx") && !yield(name) {
					return
				}
			}
		})
		gone, edited, changed := names[0], names[1], names[2]
		if err := os.Remove(filepath.Join(o.files, gone)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(o.files, edited), []byte("sửa tay"), 0o644); err != nil {
			t.Fatal(err)
		}
		input["xa-01/van-ban-03.yaml"] = letter("Số 1", "20/11/2026", "nội dung đã đổi tên")
		third, r := o.run(t, withPDF(Order{Name: "thu"}), input)
		if third.Made != 2 || third.Kept != 2 {
			t.Errorf("%+v", third)
		}
		standing := o.standing(t)
		if standing[gone] != before[gone] {
			t.Error("what was missing was not made again")
		}
		if _, there := standing[changed]; there {
			t.Errorf("%s stands beside the file that takes its place", changed)
		}
		if data, _ := os.ReadFile(filepath.Join(o.files, edited)); string(data) != "sửa tay" {
			t.Error("what a person wrote was written over")
		}
		entries, err := r.Entries(t.Context(), third.ID)
		if err != nil {
			t.Fatal(err)
		}
		if found := entries[1].Findings; !slices.ContainsFunc(found, func(f diag.Finding) bool { return f.Code == diag.EditedByHand && f.Severity == diag.Warning }) {
			t.Errorf("%v", found)
		}
		input["xa-01/van-ban-02.yaml"] = letter("Số 1", "21/11/2026", "đổi cả dữ liệu")
		if fourth, _ := o.run(t, withPDF(Order{Name: "thu"}), input); fourth.Refused != 1 || fourth.Kept != 3 {
			t.Errorf("%+v", fourth)
		}
	})
}

func TestNumbersFollowDatesWhateverTheOrderOfWork(t *testing.T) {
	databases(t, func(t *testing.T, o office) {
		status, r := o.run(t, Order{Name: "thu", Numbers: true}, letters(3, 9))
		if status.Made != 27 {
			t.Fatalf("%+v", status)
		}
		lines, err := r.Store.List(t.Context(), store.Filter{Year: 2026})
		if err != nil || len(lines) != 27 {
			t.Fatalf("%d lines, %v", len(lines), err)
		}
		for i, line := range lines {
			if want := i%9 + 1; line.Number != want || line.State != store.Issued || want > 1 && line.Date.Before(lines[i-1].Date) {
				t.Errorf("%s: number %d of %v is %s", line.Unit, line.Number, line.Date, line.State)
			}
		}
		if again, _ := o.run(t, Order{Name: "thu", Numbers: true}, letters(3, 9)); again.Kept != 27 {
			t.Errorf("%+v", again)
		}
	})
}

func TestAnUploadIsPlannedByAWorker(t *testing.T) {
	databases(t, func(t *testing.T, o office) {
		var archive bytes.Buffer
		w := zip.NewWriter(&archive)
		for name, file := range letters(2, 2) {
			entry, err := w.Create("bai-gui/" + name) // a ZIP file of a folder
			if err != nil {
				t.Fatal(err)
			}
			if _, err := entry.Write(file.Data); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r := o.open(t)
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		defer r.stop(t)
		order := Order{Key: "một lần", Name: "bài gửi.zip", Folder: OwnFolder, PDF: true}
		send := func() (string, bool) {
			id, fresh, err := r.SubmitFile(t.Context(), order, "bài gửi.zip", bytes.NewReader(archive.Bytes()), int64(archive.Len()))
			if err != nil {
				t.Fatal(err)
			}
			return id, fresh
		}
		id, fresh := send()
		if same, again := send(); same != id || !fresh || again {
			t.Errorf("the same key gave %s and %s, fresh %v and %v", id, same, fresh, again)
		}
		if status := r.await(t, id); status.Made != 4 {
			t.Fatalf("%+v", status)
		}
		var out bytes.Buffer
		if err := r.Archive(t.Context(), id, &out); err != nil {
			t.Fatal(err)
		}
		packed, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if err != nil || len(packed.File) != 4*2+2 {
			t.Fatalf("%d files, %v", len(packed.File), err)
		}
		word, err := packed.Open("xa-01-van-ban-01/cong-van-bao-cao-noi-dung-thu-1.docx")
		if err == nil {
			_, err = io.ReadAll(word)
		}
		if err != nil {
			for _, f := range packed.File {
				t.Log(f.Name)
			}
			t.Error(err)
		}
	})
}

package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// units is the folder vao with two plans and one that has a mistake, each in the name of the office.
func units() map[string]string {
	return map[string]string{
		"vao/don-vi.yaml": vinhAm, "vao/xa-an.yaml": matter, "vao/xa-binh.yaml": strings.Replace(matter, `"15"`, `"16"`, 1),
		"vao/xa-sai.yaml": strings.Replace(matter, "27/3/2026", "30/02/2026", 1),
	}
}

// standing are the files below a folder, with what they hold, but for what a run leaves for the next.
func standing(t *testing.T, folder string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || name == ".vanthu" {
			return fs.SkipDir
		}
		if !entry.IsDir() {
			data, err := os.ReadFile(filepath.Join(folder, name))
			found[name] = string(data)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func names(files map[string]string) []string { return slices.Sorted(maps.Keys(files)) }

// times are when the files below a folder were written.
func times(t *testing.T, folder string) map[string]time.Time {
	t.Helper()
	found := map[string]time.Time{}
	for name := range standing(t, folder) {
		info, err := os.Stat(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		found[name] = info.ModTime()
	}
	return found
}

// says wants parts in what was printed.
func says(t *testing.T, printed string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(printed, part) {
			t.Errorf("no %q in\n%s", part, printed)
		}
	}
}

func write(t *testing.T, name, data string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(data), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestBatch(t *testing.T) {
	lay(t, units())
	an, binh := "xa-an/"+stem, "xa-binh/"+stem2
	code, stdout, stderr := try(t, "batch", "vao", "-o", "ra")
	if code != exitFindings || filepath.ToSlash(stdout) != "ra/danh-muc.csv\nra/danh-muc.json\n" {
		t.Errorf("exit code %d, stdout\n%s", code, stdout)
	}
	says(t, stderr, "xa-sai:\n  Lỗi — xa-sai.yaml, dòng 3", "Lô 3 văn bản: làm 2, giữ nguyên 0, phải sửa dữ liệu 1, hỏng 0. Đã ghi 4 tệp trong ")
	first := standing(t, "ra")
	want := []string{"danh-muc.csv", "danh-muc.json", an + ".docx", an + ".pdf", binh + ".docx", binh + ".pdf"}
	if !slices.Equal(names(first), want) {
		t.Fatalf("made %q, want %q", names(first), want)
	}
	says(t, first["danh-muc.csv"], "xa-an", "15/KH-UBND", "xa-sai")
	var manifest struct{ Entries []map[string]any }
	if err := json.Unmarshal([]byte(first["danh-muc.json"]), &manifest); err != nil || len(manifest.Entries) != 3 {
		t.Errorf("%v, %d entries in\n%s", err, len(manifest.Entries), first["danh-muc.json"])
	}

	t.Run("again", func(t *testing.T) {
		before := times(t, "ra")
		_, _, stderr := try(t, "batch", "vao", "-o", "ra")
		says(t, stderr, "Lô 3 văn bản: làm 0, giữ nguyên 2, phải sửa dữ liệu 1, hỏng 0. Đã ghi 0 tệp")
		if now := standing(t, "ra"); !maps.Equal(now, first) {
			t.Errorf("now there is %q", names(now))
		}
		for name, at := range times(t, "ra") {
			if strings.HasPrefix(name, "xa-") && !at.Equal(before[name]) {
				t.Errorf("%s is written again", name)
			}
		}
	})
	t.Run("after a mistake is mended", func(t *testing.T) {
		write(t, "vao/xa-sai.yaml", strings.Replace(matter, `"15"`, `"17"`, 1))
		_, stderr := must(t, "batch", "vao", "-o", "ra")
		says(t, stderr, "làm 1, giữ nguyên 2, phải sửa dữ liệu 0")
	})
	t.Run("with a file that is gone", func(t *testing.T) {
		if err := os.Remove(filepath.Join("ra", an+".pdf")); err != nil {
			t.Fatal(err)
		}
		_, stderr := must(t, "batch", "vao", "-o", "ra")
		says(t, stderr, "làm 1, giữ nguyên 2")
		if now := standing(t, "ra"); now[an+".pdf"] != first[an+".pdf"] {
			t.Error("the file made again is another")
		}
	})
	t.Run("with a file that a person changed", func(t *testing.T) {
		write(t, filepath.Join("ra", an+".docx"), "của tôi")
		_, stderr := must(t, "batch", "vao", "-o", "ra")
		says(t, stderr, "giữ nguyên 3", "xa-an:\n  Cảnh báo", "đã được sửa bằng tay")
		write(t, "vao/xa-an.yaml", strings.Replace(matter, "sáng thứ Bảy", "sáng Chủ nhật", 1))
		code, _, stderr := try(t, "batch", "vao", "-o", "ra")
		says(t, stderr, "phải sửa dữ liệu 1", "xa-an:\n  Lỗi", "không ghi đè")
		if data, _ := os.ReadFile(filepath.Join("ra", an+".docx")); code != exitFindings || string(data) != "của tôi" {
			t.Errorf("exit code %d, the file holds %.20q", code, data)
		}
	})
}

func TestBatchOfOneFormat(t *testing.T) {
	lay(t, units())
	code, _, stderr := try(t, "batch", "vao", "-o", "ra", "--format", "docx")
	if made := glob(t, "ra/xa-*/*"); code != exitFindings || len(made) != 2 || strings.HasSuffix(made[0], ".pdf") {
		t.Errorf("exit code %d, made %q\n%s", code, made, stderr)
	}
}

func TestBatchOfAZip(t *testing.T) {
	lay(t, units())
	var data bytes.Buffer
	archive := zip.NewWriter(&data)
	if err := archive.AddFS(os.DirFS("vao")); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, "vao.zip", data.String())
	write(t, "hong.zip", "không phải ZIP")
	for _, from := range []string{"vao", "vao.zip"} {
		if code, _, stderr := try(t, "batch", from, "-o", "ra-"+from); code != exitFindings {
			t.Fatalf("exit code %d\n%s", code, stderr)
		}
	}
	folder, zipped := standing(t, "ra-vao"), standing(t, "ra-vao.zip")
	for _, files := range []map[string]string{folder, zipped} {
		maps.DeleteFunc(files, func(name, _ string) bool { return strings.HasPrefix(name, "danh-muc") }) // it names the input
	}
	if len(folder) != 4 || !maps.Equal(folder, zipped) {
		t.Errorf("of the folder %q, of the ZIP file %q", names(folder), names(zipped))
	}
	code, _, stderr := try(t, "batch", "hong.zip", "-o", "ra")
	if code != exitFindings {
		t.Errorf("exit code %d", code)
	}
	says(t, stderr, "không đọc được tệp ZIP")
}

func TestBatchOfAWorkbook(t *testing.T) {
	lay(t, map[string]string{"don-vi.yaml": vinhAm})
	book := excelize.NewFile()
	for sheet, rows := range map[string][][]string{
		"Thông tin chung": {
			{"Mục", "Giá trị"},
			{"Loại văn bản", "Kế hoạch"},
			{"Nội dung", "Các thôn tổng vệ sinh vào sáng thứ Bảy hằng tuần."},
			{"Nơi nhận", "Các thôn\nLưu: VT"},
			{"Quyền hạn, chức vụ", "CHỦ TỊCH"},
			{"Họ và tên", "Nguyễn Văn An"},
		},
		"Danh sách": {
			{"Đơn vị", "Số của văn bản", "Ngày ban hành", "Trích yếu nội dung"},
			{"Thôn Đông", "15", "27/3/2026", "Tổng vệ sinh"},
			{"Thôn Đoài", "16", "27/3/2026", "Tổng vệ sinh"},
			{"Thôn Thượng", "17", "hôm qua", "Tổng vệ sinh"},
		},
	} {
		if _, err := book.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := book.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := book.SaveAs("danh-sach.xlsx"); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := try(t, "batch", "danh-sach.xlsx", "-o", "ra", "--format", "docx")
	if code != exitFindings {
		t.Errorf("exit code %d", code)
	}
	says(t, stderr, "thon-thuong:\n  Lỗi — danh-sach.xlsx, trang tính “Danh sách”, ô C4", "làm 2, giữ nguyên 0, phải sửa dữ liệu 1")
	want := []string{"ra/thon-doai/16-KH-UBND-tong-ve-sinh.docx", "ra/thon-dong/15-KH-UBND-tong-ve-sinh.docx"}
	if made := glob(t, "ra/thon-*/*"); !slices.Equal(made, want) {
		t.Errorf("made %q, want %q", made, want)
	}
}

// TestBatchYearEnd is the story of samples/cuoi-nam-2026.
func TestBatchYearEnd(t *testing.T) {
	from, err := filepath.Abs("../../samples/cuoi-nam-2026")
	if err != nil {
		t.Fatal(err)
	}
	lay(t, nil)
	stdout, stderr := must(t, "batch", from, "-o", "ra", "--summary")
	says(t, stderr, "Lô 30 văn bản: làm 30, giữ nguyên 0, phải sửa dữ liệu 0, hỏng 0. Đã ghi 90 tệp")
	for _, ending := range []string{".docx", ".pdf", "-theo-doi.xlsx"} {
		if made := glob(t, "ra/[xpd]*/*"+ending); len(made) != 30 {
			t.Errorf("%d files end in %s", len(made), ending)
		}
		summary := glob(t, "ra/tong-hop/*"+ending)
		if len(summary) != 1 || !strings.Contains(stdout, filepath.Join(summary...)+"\n") {
			t.Errorf("summary: %q, stdout\n%s", summary, stdout)
		}
	}
	table, err := os.Open("ra/danh-muc.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	rows, err := csv.NewReader(table).ReadAll()
	if err != nil || len(rows) != 1+30+1 { // the heading, the units and the summary
		t.Errorf("%v, %d rows", err, len(rows))
	}
	before := times(t, "ra")
	_, stderr = must(t, "batch", from, "-o", "ra", "--summary")
	says(t, stderr, "làm 0, giữ nguyên 30")
	for name, at := range times(t, "ra") {
		if !strings.HasPrefix(name, "danh-muc") && !strings.HasPrefix(name, "tong-hop") && !at.Equal(before[name]) {
			t.Errorf("%s is written again", name)
		}
	}
}

func TestBatchTakesNumbers(t *testing.T) {
	lay(t, map[string]string{
		"vao/don-vi.yaml": vinhAm, "vao/a.yaml": numberless("28/3/2026", "Trồng cây"), "vao/b.yaml": numberless("27/3/2026", "Tổng vệ sinh"),
		"khac/don-vi.yaml": vinhAm, "khac/a.yaml": numberless("29/3/2026", "Họp thôn"),
	})
	for range 2 {
		must(t, "batch", "vao", "-o", "ra", "--so-dang-ky", "so")
		want := []string{"ra/a/02-KH-UBND-trong-cay.docx", "ra/b/01-KH-UBND-tong-ve-sinh.docx"}
		if made := glob(t, "ra/*/*.docx"); !slices.Equal(made, want) {
			t.Fatalf("made %q, want %q", made, want)
		}
	}
	// another folder of results goes on in the same register, and takes nothing of the first for its own
	_, stderr := must(t, "batch", "khac", "-o", "ra-khac", "--so-dang-ky", "so")
	if made := glob(t, "ra-khac/*/*.docx"); !slices.Equal(made, []string{"ra-khac/a/03-KH-UBND-hop-thon.docx"}) {
		t.Errorf("made %q\n%s", made, stderr)
	}
	_, stderr = must(t, "batch", "vao", "-o", "ra", "--so-dang-ky", "so")
	says(t, stderr, "làm 0, giữ nguyên 2")
	if stdout, _ := must(t, "number", "list", "--db", "so", "--trang-thai", "phat-hanh"); strings.Count(stdout, "KH-UBND") != 3 {
		t.Errorf("issued:\n%s", stdout)
	}
}

func TestBatchWithSharedFiles(t *testing.T) {
	lay(t, units())
	again := []string{"batch", "vao", "-o", "ra", "--db", "chung", "--files", "tep"}
	code, _, stderr := try(t, again...)
	if code != exitFindings {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	if code, _, stderr := try(t, "batch", "vao", "-o", "rieng"); code != exitFindings {
		t.Fatalf("exit code %d\n%s", code, stderr)
	}
	made := standing(t, "ra")
	if alone := standing(t, "rieng"); !maps.Equal(made, alone) {
		t.Errorf("with shared files %q, without %q", names(made), names(alone))
	}
	_, _, stderr = try(t, again...)
	says(t, stderr, "làm 0, giữ nguyên 2")

	mine := filepath.Join("ra/xa-an", stem+".docx")
	write(t, mine, "của tôi")
	write(t, "vao/xa-an.yaml", strings.Replace(matter, "sáng thứ Bảy", "sáng Chủ nhật", 1))
	write(t, "vao/xa-binh.yaml", strings.Replace(matter, `"15"`, `"16"`, 1)+"\n# đã xem\n")
	_, _, stderr = try(t, again...)
	says(t, stderr, "đã được sửa bằng tay nên được giữ nguyên")
	if data, _ := os.ReadFile(mine); string(data) != "của tôi" {
		t.Error("the file that a person changed is written over")
	}
	if now := standing(t, "ra"); now["xa-an/"+stem+".pdf"] == made["xa-an/"+stem+".pdf"] {
		t.Error("the file that is out of date is still there")
	}
}

// TestBatchInterrupted stops a batch in the middle: running it again gives what an undisturbed run gives.
func TestBatchInterrupted(t *testing.T) {
	units := 6*runtime.GOMAXPROCS(0) + 12 // more than are in hand at once
	data := map[string]string{"vao/don-vi.yaml": vinhAm}
	for i := range units {
		data[fmt.Sprintf("vao/xa-%02d.yaml", i)] = numberless("27/3/2026", fmt.Sprintf("Tổng vệ sinh xã số %d", i))
	}
	lay(t, data)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stdout, stderr bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"batch", "vao", "-o", "ra", "--so-dang-ky", "so"}, nil, &stdout, &stderr)
	}()
	for tick := time.Tick(5 * time.Millisecond); len(glob(t, "ra/xa-*/*.pdf")) < 3; <-tick {
		select {
		case code := <-code:
			t.Fatalf("exit code %d\n%s", code, &stderr)
		default:
		}
	}
	cancel()
	if code := <-code; code != exitFault {
		t.Errorf("exit code %d", code)
	}
	says(t, stderr.String(), "Đang dừng", fmt.Sprintf("/%d văn bản. Chạy lại đúng lệnh này thì làm tiếp", units), "Đã dừng theo yêu cầu")
	if made := len(glob(t, "ra/xa-*/*.pdf")); made == units || stdout.Len() > 0 {
		t.Errorf("%d files are made and %q printed: nothing was interrupted", made, &stdout)
	}

	must(t, "batch", "vao", "-o", "ra", "--so-dang-ky", "so")
	must(t, "batch", "vao", "-o", "yen", "--so-dang-ky", "so-khac")
	if again, calm := standing(t, "ra"), standing(t, "yen"); len(calm) != 2*units+2 || !maps.Equal(again, calm) {
		t.Errorf("interrupted %q, undisturbed %q", names(again), names(calm))
	}
	if stdout, _ := must(t, "number", "list", "--db", "so"); strings.Count(stdout, "KH-UBND") != units {
		t.Errorf("numbers:\n%s", stdout)
	}
}

func TestBatchUsage(t *testing.T) {
	lay(t, map[string]string{"vao/a.yaml": plan, "file": "x", "a.docx": "x", "a.yaml": plan})
	if err := os.Symlink("vao", "lien-ket"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		args []string
		says string
	}{
		{"no input", []string{"-o", "ra"}, "Cần đúng một đầu vào"},
		{"two inputs", []string{"vao", "a.yaml", "-o", "ra"}, "Cần đúng một đầu vào"},
		{"no output", []string{"vao"}, "Cần biết ghi kết quả vào đâu"},
		{"no such input", []string{"none", "-o", "ra"}, "Không mở được đầu vào “none”"},
		{"a word file", []string{"a.docx", "-o", "ra"}, "không phải “a.docx”"},
		{"into a file", []string{"vao", "-o", "file"}, "“file” là tệp"},
		{"into itself", []string{"vao", "-o", "vao"}, "lại chính là đầu vào"},
		{"into itself by another name", []string{"lien-ket", "-o", "vao/../vao"}, "lại chính là đầu vào"},
		{"into a folder of it", []string{"vao", "-o", "vao/ra"}, "nằm trong đầu vào"},
		{"into a folder of it by another name", []string{"vao", "-o", "lien-ket/x/ra"}, "nằm trong đầu vào"},
		{"into a folder around it", []string{"vao", "-o", "."}, "kết quả có thể lẫn vào số liệu"},
		{"an unknown format", []string{"vao", "-o", "ra", "--format", "docx,odt"}, "không nhận “odt”"},
		{"without a word file", []string{"vao", "-o", "ra", "--format", "pdf"}, "--format phải có docx"},
		{"no such profile", []string{"vao", "-o", "ra", "--don-vi", "none.yaml"}, "“none.yaml”"},
		{"register and database", []string{"vao", "-o", "ra", "--db", "x", "--so-dang-ky", "y"}, "Chỉ cho một trong hai"},
		{"database alone", []string{"vao", "-o", "ra", "--db", "x"}, "Có --db thì phải có --files"},
		{"files alone", []string{"vao", "-o", "ra", "--files", "x"}, "--files dùng cùng --db"},
		{"files where results go", []string{"vao", "-o", "ra", "--db", "x", "--files", "./ra"}, "phải là hai nơi khác nhau"},
		{"server without files", []string{"vao", "-o", "ra", "--db", "postgres://u:mat-khau@h/d"}, "máy khác cùng làm phải đọc và ghi được các tệp"},
		{"register of a server without files", []string{"vao", "-o", "ra", "--so-dang-ky", "postgres://u:mat-khau@h/d"}, "phải có --files"},
		{"a database of another kind", []string{"vao", "-o", "ra", "--db", "mysql://u:mat-khau@h/d", "--files", "x"}, "--db chỉ nhận một thư mục"},
		{"files of another kind", []string{"vao", "-o", "ra", "--db", "x", "--files", "ftp://u:mat-khau@h/d"}, "--files chỉ nhận một thư mục"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, stdout, stderr := try(t, append([]string{"batch"}, test.args...)...)
			if code != exitUsage || stdout != "" || strings.Contains(stderr, "mat-khau") {
				t.Errorf("exit code %d, stdout %q, stderr\n%s", code, stdout, stderr)
			}
			says(t, stderr, test.says)
		})
	}
	t.Run("into a hidden folder of it", func(t *testing.T) {
		must(t, "batch", "vao", "-o", "vao/.ra", "--format", "docx")
	})
}

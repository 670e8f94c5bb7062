package main

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// quarter is a report with tables that are followed up: two tasks of four are done, one of them late.
const (
	narrative = `loai: bao-cao-quy
so: "55"
ngay: 30/6/2026
trich_yeu: Hoạt động của Hội đồng nhân dân xã quý II năm 2026
ky_bao_cao: quý II năm 2026
ngay_chot: 25/6/2026
nguong_bien_dong: 500
chi_dao: Đã họp ba phiên.
ky_hop: Đã tổ chức một kỳ họp.
giam_sat: Đã giám sát hai chuyên đề.
tham_tra: Đã thẩm tra hai dự thảo nghị quyết.
tiep_xuc_cu_tri: Đã tổ chức bốn hội nghị.
hoat_dong_ban: Các Ban hoạt động đúng chương trình.
uu_diem: Bám sát chương trình năm.
han_che: Một số việc còn chậm.
nhiem_vu_ky_toi: Tổ chức kỳ họp giữa năm.
noi_nhan: ["UBND xã", "Lưu: VT"]
ky: {chuc_vu: [CHỦ TỊCH], ho_ten: Nguyễn Văn An}
` + vinhAm
	tasks = `nhiem_vu:
  - {noi_dung: Ban hành kế hoạch, chu_tri: Thường trực HĐND xã, thoi_han: 30/4/2026, ngay_hoan_thanh: 28/4/2026}
  - {noi_dung: Giám sát dịch vụ công, chu_tri: Ban Văn hóa - Xã hội, thoi_han: 31/5/2026, ngay_hoan_thanh: 05/6/2026}
  - {noi_dung: Giám sát số hóa hồ sơ, chu_tri: Ban Văn hóa - Xã hội, thoi_han: 15/6/2026}
  - {noi_dung: Giám sát giải ngân, chu_tri: Ban Kinh tế - Ngân sách, thoi_han: 30/6/2026}
`
	quarter     = narrative + tasks
	quarterStem = "55-BC-UBND-hoat-dong-cua-hoi-dong-nhan-dan-xa-quy-ii-nam"
	progress    = quarterStem + "-theo-doi.xlsx"
)

// quarterBefore is the report of the period before.
func quarterBefore() string {
	return strings.NewReplacer(`"55"`, `"10"`, "30/6/2026", "31/3/2026", "25/6/2026", "25/3/2026", "quý II", "quý I", "Đã", "Quý này đã",
		"28/4/2026", "28/02/2026", "05/6/2026", "05/3/2026", "30/4/2026", "15/3/2026").Replace(quarter)
}

// words is the text of a Word file, one space between pieces.
func words(t *testing.T, path string) string {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	part, err := archive.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`</w:p>`).ReplaceAllString(string(data), " ")
	return strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(text, "")), " ")
}

func TestRenderProgressWorkbook(t *testing.T) {
	t.Run("by itself, of a kind that has one", func(t *testing.T) {
		lay(t, map[string]string{"a.yaml": quarter})
		stdout, stderr := must(t, "render", "a.yaml", "-o", "out")
		want := []string{quarterStem + ".docx", quarterStem + ".pdf", progress}
		for i, path := range strings.Fields(stdout) {
			if path != filepath.Join("out", want[i]) {
				t.Errorf("made %s, want %s", path, want[i])
			}
		}
		if !strings.Contains(stderr, "đã ghi 3 tệp") {
			t.Errorf("stderr is\n%s", stderr)
		}
	})
	t.Run("alone", func(t *testing.T) {
		lay(t, map[string]string{"a.yaml": quarter})
		if stdout, _ := must(t, "render", "a.yaml", "--format", "xlsx"); stdout != progress+"\n" {
			t.Errorf("made %q", stdout)
		}
	})
	t.Run("asked for beside others, of a kind that has none", func(t *testing.T) {
		lay(t, map[string]string{"a.yaml": plan})
		stdout, stderr := must(t, "render", "a.yaml", "--format", "docx,xlsx")
		if stdout != stem+".docx\n" || !strings.Contains(stderr, "Cảnh báo — a.yaml: Loại văn bản này không có bảng phải theo dõi") {
			t.Errorf("stdout %q, stderr\n%s", stdout, stderr)
		}
	})
	t.Run("asked for alone, of a kind that has none", func(t *testing.T) {
		lay(t, map[string]string{"a.yaml": plan})
		code, stdout, stderr := try(t, "render", "a.yaml", "--format", "xlsx")
		if code != exitFindings || stdout != "" || !strings.Contains(stderr, "Lỗi — a.yaml: Loại văn bản này không có bảng phải theo dõi") {
			t.Errorf("exit code %d, stdout %q, stderr\n%s", code, stdout, stderr)
		}
	})
	t.Run("is data that gives the same document", func(t *testing.T) {
		lay(t, map[string]string{"a.yaml": quarter})
		must(t, "render", "a.yaml")
		must(t, "render", progress, "-o", "again")
		first, second := words(t, quarterStem+".docx"), words(t, filepath.Join("again", quarterStem+".docx"))
		if first != second {
			t.Errorf("from data:\n%s\nfrom the progress workbook:\n%s", first, second)
		}
	})
	t.Run("is never written over itself", func(t *testing.T) {
		lay(t, map[string]string{"a.yaml": quarter})
		must(t, "render", "a.yaml", "--format", "xlsx")
		before, _ := os.ReadFile(progress)
		code, stdout, stderr := try(t, "render", progress)
		if code != exitFindings || stdout != "" || !strings.Contains(stderr, "lại chính là tệp số liệu đang dùng nên không ghi đè") {
			t.Errorf("exit code %d, stdout %q, stderr\n%s", code, stdout, stderr)
		}
		if after, _ := os.ReadFile(progress); string(after) != string(before) {
			t.Error("the data is changed")
		}
		must(t, "render", progress, "--format", "docx,pdf")
	})
}

func TestRenderPreviousPeriod(t *testing.T) {
	lay(t, map[string]string{"a.yaml": quarter, "q1/a.yaml": quarterBefore(), "bad/a.yaml": strings.Replace(quarterBefore(), "25/3/2026", "31/02/2026", 1)})
	must(t, "render", "a.yaml", "--format", "docx", "-o", "alone")
	must(t, "render", "a.yaml", "--ky-truoc", "q1/a.yaml", "--format", "docx", "-o", "compared")
	const comparison = "so với quý I"
	if text := words(t, filepath.Join("alone", quarterStem+".docx")); strings.Contains(text, comparison) {
		t.Errorf("compared with nothing:\n%s", text)
	}
	if text := words(t, filepath.Join("compared", quarterStem+".docx")); !strings.Contains(text, comparison) {
		t.Errorf("not compared:\n%s", text)
	}
	code, stdout, stderr := try(t, "render", "a.yaml", "--ky-truoc", "bad/a.yaml")
	if code != exitFindings || stdout != "" || !strings.Contains(stderr, "kỳ trước - a.yaml, dòng 6") {
		t.Errorf("exit code %d, stdout %q, stderr\n%s", code, stdout, stderr)
	}
}

func TestRenderTables(t *testing.T) {
	const table = "TT,Nhiệm vụ,Đơn vị chủ trì,Hạn,Hoàn thành ngày\n1,Giám sát tổ công nghệ số,Ban Văn hóa - Xã hội,15/6/2026,10/6/2026\n"
	lay(t, map[string]string{"a.yaml": narrative, "nhiem-vu.csv": table, "khac.csv": "Tên,Giá\nBút,3\n"})
	must(t, "render", "a.yaml", "--bang", "nhiem-vu.csv", "--format", "docx")
	if text := words(t, quarterStem+".docx"); !strings.Contains(text, "Giám sát tổ công nghệ số") {
		t.Errorf("the task is missing in\n%s", text)
	}
	code, _, stderr := try(t, "render", "a.yaml", "--bang", "khac.csv", "-o", "out")
	if !strings.Contains(stderr, "khac.csv") {
		t.Errorf("exit code %d, nothing said of khac.csv in\n%s", code, stderr)
	}
}

func TestRenderMarks(t *testing.T) {
	lay(t, map[string]string{"a.yaml": quarter})
	must(t, "render", "a.yaml", "--format", "xlsx")
	t.Run("nothing", func(t *testing.T) {
		_, stderr := must(t, "render", progress, "--format", "docx", "--danh-dau", "sua.xlsx")
		if !strings.Contains(stderr, "Không có ô nào phải tô màu nên không ghi “sua.xlsx”.") || len(glob(t, "sua*")) > 0 {
			t.Errorf("stderr is\n%s", stderr)
		}
	})
	t.Run("a cell that cannot be read", func(t *testing.T) {
		cell := spoil(t, progress, "sai.xlsx")
		code, stdout, stderr := try(t, "render", "sai.xlsx", "--danh-dau", "sua.xlsx")
		if code != exitFindings || stdout != "sua.xlsx\n" || !strings.Contains(stderr, "sai.xlsx, trang tính “Nhiệm vụ”, ô "+cell) {
			t.Fatalf("exit code %d, stdout %q, stderr\n%s", code, stdout, stderr)
		}
		if !coloured(t, "sua.xlsx", cell) || coloured(t, "sai.xlsx", cell) {
			t.Errorf("%s is not coloured", cell)
		}
	})
}

// spoil writes a copy of a progress workbook with a deadline that is no day, and tells its cell.
func spoil(t *testing.T, from, to string) (cell string) {
	t.Helper()
	book, err := excelize.OpenFile(from)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	found, err := book.SearchSheet("Nhiệm vụ", "Giám sát số hóa hồ sơ")
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	headings, err := book.SearchSheet("Nhiệm vụ", "Thời hạn hoàn thành")
	if err != nil || len(headings) != 1 {
		t.Fatalf("%v, %v", headings, err)
	}
	_, row, _ := excelize.SplitCellName(found[0])
	column, _, _ := excelize.SplitCellName(headings[0])
	cell, _ = excelize.JoinCellName(column, row)
	if err := book.SetCellStr("Nhiệm vụ", cell, "31/6/2026"); err != nil {
		t.Fatal(err)
	}
	if err := book.SaveAs(to); err != nil {
		t.Fatal(err)
	}
	return cell
}

// coloured reports whether a cell of the tasks has a fill and a note.
func coloured(t *testing.T, path, cell string) bool {
	t.Helper()
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	id, err := book.GetCellStyle("Nhiệm vụ", cell)
	if err != nil {
		t.Fatal(err)
	}
	style, err := book.GetStyle(id)
	if err != nil {
		t.Fatal(err)
	}
	comments, err := book.GetComments("Nhiệm vụ")
	if err != nil {
		t.Fatal(err)
	}
	noted := false
	for _, comment := range comments {
		noted = noted || comment.Cell == cell
	}
	return noted && len(style.Fill.Color) > 0
}

package main

import (
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// numberless is a plan that has no number yet.
func numberless(day, about string) string {
	text := strings.Replace(matter, "so: \"15\"\n", "", 1)
	text = strings.Replace(text, "27/3/2026", day, 1)
	return strings.Replace(text, "Tổng vệ sinh môi trường năm 2026", about, 1)
}

// registered makes two plans with numbers from the register in the folder so.
func registered(t *testing.T) {
	t.Helper()
	lay(t, map[string]string{
		"don-vi.yaml": vinhAm, "a.yaml": numberless("27/3/2026", "Tổng vệ sinh"), "b.yaml": numberless("28/3/2026", "=Trồng cây"),
	})
	must(t, "render", "a.yaml", "b.yaml", "--so-dang-ky", "so", "-o", "out", "--format", "docx")
}

func TestRenderTakesNumbers(t *testing.T) {
	registered(t)
	want := []string{"out/01-KH-UBND-tong-ve-sinh.docx", "out/02-KH-UBND-trong-cay.docx"}
	if got := glob(t, "out/*"); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Fatalf("made %q, want %q", got, want)
	}
	before, err := os.ReadFile(want[0])
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr := must(t, "render", "a.yaml", "--so-dang-ky", "so", "-o", "out", "--format", "docx")
	after, _ := os.ReadFile(want[0])
	if stdout != want[0]+"\n" || string(before) != string(after) || !strings.Contains(stderr, "đã lấy số 01/KH-UBND") {
		t.Errorf("again: %s%s", stdout, stderr)
	}
	if stdout, _ := must(t, "number", "list", "--db", "so", "--trang-thai", "phat-hanh"); strings.Count(stdout, "KH-UBND") != 2 {
		t.Errorf("issued:\n%s", stdout)
	}

	late := numberless("26/3/2026", "Họp thôn")
	if err := os.WriteFile("c.yaml", []byte(late), 0o644); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := try(t, "render", "c.yaml", "--so-dang-ky", "so", "-o", "out")
	if code != exitFindings || stdout != "" || !strings.Contains(stderr, "văn bản số 02/KH-UBND đã ghi ngày 28/3/2026") {
		t.Errorf("a date that goes back: exit code %d\n%s%s", code, stdout, stderr)
	}
}

func TestNumberNext(t *testing.T) {
	registered(t)
	for range 2 { // looking takes nothing
		stdout, stderr := must(t, "number", "next", "ke-hoach", "--db", "so", "--nam", "2026")
		if stdout != "03\n" || !strings.Contains(stderr, "số cuối 02/KH-UBND ngày 28/3/2026") {
			t.Errorf("%s%s", stdout, stderr)
		}
	}
	for _, args := range [][]string{{"Báo cáo"}, {"mat"}, {"ke-hoach", "--co-quan", "ĐGS"}} {
		stdout, stderr := must(t, append([]string{"number", "next", "--db", "so", "--nam", "2026"}, args...)...)
		if stdout != "01\n" || !strings.Contains(stderr, "chưa cấp số nào") {
			t.Errorf("%q: %s%s", args, stdout, stderr)
		}
	}
	if stdout, _ := must(t, "number", "next", "ke-hoach", "--db", "so", "--nam", "2027"); stdout != "01\n" {
		t.Errorf("a new year begins with %s", stdout)
	}
	code, _, stderr := try(t, "number", "next", "ke-hoch", "--db", "so")
	if code != exitFindings || !strings.Contains(stderr, "Có phải là “ke-hoach”?") {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
}

func TestNumberList(t *testing.T) {
	registered(t)
	stdout, stderr := must(t, "number", "list", "--db", "so")
	for _, want := range []string{"SỐ, KÝ HIỆU", "01/KH-UBND   27/3/2026  phát hành   ke-hoach  Nguyễn Văn An  Kế hoạch Tổng vệ sinh  ỦY BAN NHÂN DÂN XÃ VĨNH AM\n"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("no %q in\n%s", want, stdout)
		}
	}
	if stderr != "Có 2 số.\n" {
		t.Error(stderr)
	}
	if stdout, _ := must(t, "number", "list", "--db", "so", "--tim", "trong cay"); strings.Contains(stdout, "01/") || !strings.Contains(stdout, "02/") {
		t.Errorf("searched without accents:\n%s", stdout)
	}
	for _, none := range [][]string{{"--nam", "2025"}, {"--trang-thai", "hủy"}, {"--co-quan", "ĐGS"}} {
		if stdout, _ := must(t, append([]string{"number", "list", "--db", "so"}, none...)...); stdout != "" {
			t.Errorf("%q:\n%s", none, stdout)
		}
	}
}

func TestNumberVoid(t *testing.T) {
	registered(t)
	void := []string{"number", "void", "2", "--db", "so", "--loai", "ke-hoach", "--nam", "2026", "--ly-do", "Văn bản không ban hành"}
	stdout, stderr := must(t, void...)
	if stdout != "02/KH-UBND\n" || !strings.Contains(stderr, "Đã hủy số 02/KH-UBND ngày 28/3/2026") {
		t.Errorf("%s%s", stdout, stderr)
	}
	if stdout, _ := must(t, "number", "list", "--db", "so", "--trang-thai", "huy"); !strings.Contains(stdout, "02/KH-UBND") {
		t.Errorf("void numbers:\n%s", stdout)
	}
	if stdout, _ := must(t, "number", "next", "ke-hoach", "--db", "so", "--nam", "2026"); stdout != "03\n" {
		t.Errorf("the void number is given again: %s", stdout)
	}
	if code, _, stderr := try(t, void...); code != exitFindings || !strings.Contains(stderr, "đã hủy từ trước") {
		t.Errorf("void twice: exit code %d\n%s", code, stderr)
	}
	void[2] = "9"
	if code, _, stderr := try(t, void...); code != exitFindings || !strings.Contains(stderr, "không có số 09") {
		t.Errorf("no such number: exit code %d\n%s", code, stderr)
	}
}

func TestNumberExport(t *testing.T) {
	registered(t)
	must(t, "number", "void", "1", "--db", "so", "--loai", "ke-hoach", "--nam", "2026", "--ly-do", "Trùng")
	if stdout, _ := must(t, "number", "export", "--db", "so", "--nam", "2026", "-o", "so-2026.xlsx"); stdout != "so-2026.xlsx\n" {
		t.Error(stdout)
	}
	book, err := excelize.OpenFile("so-2026.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("Văn bản đi")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, row := range rows {
		text.WriteString(strings.Join(row, "|") + "\n")
	}
	for _, want := range []string{
		"XÃ VĨNH AM", "SỔ ĐĂNG KÝ VĂN BẢN ĐI", "Năm 2026, từ ngày 27/3/2026 đến ngày 28/3/2026",
		"(1)|(2)|(3)|(4)|(5)|(6)|(7)|(8)|(9)|(10)\n",
		"01/KH-UBND|27/03/2026|Kế hoạch Tổng vệ sinh|Nguyễn Văn An|Các thôn|VT||||Hủy: Trùng\n",
		"02/KH-UBND|28/03/2026|Kế hoạch =Trồng cây|Nguyễn Văn An|Các thôn|VT\n",
	} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if code, _, stderr := try(t, "number", "export", "--db", "so", "-o", "so-2026.xlsx"); code != exitUsage || !strings.Contains(stderr, "không ghi đè") {
		t.Errorf("exit code %d\n%s", code, stderr)
	}
}

func TestNumberUsage(t *testing.T) {
	lay(t, map[string]string{"so/x": "", "file": "x", "a.yaml": plan})
	for _, test := range []struct {
		name string
		args []string
		says string
	}{
		{"unknown command", []string{"number", "nxt"}, "Không có lệnh “nxt”. Có phải ý là: next?"},
		{"no register", []string{"number", "list"}, "Cần biết sổ đăng ký ở đâu"},
		{"no such folder", []string{"number", "list", "--db", "none"}, "Không có thư mục “none”"},
		{"next of nothing", []string{"number", "next", "--db", "so"}, "Cần đúng một loại văn bản"},
		{"a year that is none", []string{"number", "list", "--db", "so", "--nam", "-1"}, "--nam cần một năm"},
		{"an unknown state", []string{"number", "list", "--db", "so", "--trang-thai", "mất"}, "--trang-thai chỉ nhận"},
		{"void no number", []string{"number", "void", "x", "--db", "so"}, "“x” không phải số thứ tự"},
		{"void without a reason", []string{"number", "void", "1", "--db", "so", "--loai", "ke-hoach", "--nam", "2026"}, "cần đủ --loai, --nam và --ly-do"},
		{"export to no workbook", []string{"number", "export", "--db", "so", "-o", "so.docx"}, "Cần tên một tệp .xlsx"},
		{"a register that is a file", []string{"render", "a.yaml", "--so-dang-ky", "file"}, "“file” là tệp"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, stdout, stderr := try(t, test.args...)
			if code != exitUsage || stdout != "" || !strings.Contains(stderr, test.says) {
				t.Errorf("exit code %d\n%s%s", code, stdout, stderr)
			}
		})
	}
	code, _, stderr := try(t, "number", "next", "ke-hoach", "--db", "so")
	if code != exitFindings || !strings.Contains(stderr, "chưa biết dãy số của cơ quan nào") {
		t.Errorf("without a profile: exit code %d\n%s", code, stderr)
	}
	stdout, _ := must(t, "number", "--help")
	for _, command := range []string{"next", "list", "void", "export"} {
		if !strings.Contains(stdout, "\n  "+command+" ") {
			t.Errorf("no %s in\n%s", command, stdout)
		}
	}
}

package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

const (
	vinhAm = "co_quan:\n  ten: |\n    ỦY BAN NHÂN DÂN\n    XÃ VĨNH AM\n  ky_hieu: UBND\ndia_danh: Vĩnh Am\n"
	matter = `loai: ke-hoach
so: "15"
ngay: 27/3/2026
trich_yeu: Tổng vệ sinh môi trường năm 2026
noi_dung: |
  I. MỤC ĐÍCH
  Giữ đường làng, ngõ xóm sạch sẽ.
  II. TỔ CHỨC THỰC HIỆN
  Các thôn tổng vệ sinh vào sáng thứ Bảy hằng tuần.
noi_nhan:
  - Các thôn
  - "Lưu: VT"
ky:
  chuc_vu:
    - TM. ỦY BAN NHÂN DÂN
    - CHỦ TỊCH
  ho_ten: Nguyễn Văn An
`
	plan  = matter + vinhAm
	bad   = "loai: ke-hoach\nngay: 30/02/2026\n" + vinhAm
	stem  = "15-KH-UBND-tong-ve-sinh-moi-truong-nam-2026"
	stem2 = "16-KH-UBND-tong-ve-sinh-moi-truong-nam-2026"
)

// plan16 is another document.
func plan16() string { return strings.Replace(plan, `"15"`, `"16"`, 1) }

// lay writes files into a fresh folder and makes it the working one.
func lay(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, data := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// try runs the program.
func try(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return tryWith(t, "", args...)
}

// tryWith runs the program with a standard input, and a folder of its own for whoever runs it.
func tryWith(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	ownFolderIn(t)
	var out, err bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(stdin), &out, &err)
	return code, out.String(), err.String()
}

// ownFolderIn keeps a test out of the folder of whoever runs it: theirs is "cua-toi" in the working folder.
func ownFolderIn(t *testing.T) {
	t.Helper()
	here, err := filepath.Abs("cua-toi")
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("XDG_CONFIG_HOME", here)
}

// must runs the program and wants it to end well.
func must(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	code, stdout, stderr := try(t, args...)
	if code != exitOK {
		t.Fatalf("%q: exit code %d\n%s", args, code, stderr)
	}
	return stdout, stderr
}

// glob lists the files under the working folder.
func glob(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestUsageErrors(t *testing.T) {
	lay(t, map[string]string{"a.yaml": plan, "a.docx": "x", "b.docx": "x", "a.xlsx": "x", "b.xlsx": "x", "sub/a.docx": "x", "file": "x"})
	for _, test := range []struct {
		name string
		args []string
		says string
	}{
		{"unknown command", []string{"rendr"}, "Không có lệnh “rendr”. Có phải ý là: render?"},
		{"unknown command, asked about", []string{"help", "rendr"}, "Có phải ý là: render?"},
		{"unknown flag", []string{"render", "a.yaml", "--output-dir", "x"}, "không có tùy chọn --output-dir"},
		{"unknown short flag", []string{"render", "-x", "a.yaml"}, "không có tùy chọn -x"},
		{"flag without value", []string{"render", "a.yaml", "-o"}, "-o (--output) cần một giá trị"},
		{"flag with wrong value", []string{"kinds", "--help=x"}, "--help) không nhận giá trị “x”"},
		{"no such templates", []string{"kinds", "--templates", "none"}, "--templates: không có thư mục “none”"},
		{"fonts that are a file", []string{"kinds", "--fonts", "file"}, "--fonts: không có thư mục “file”"},
		{"kinds with an argument", []string{"kinds", "ke-hoach"}, "không nhận “ke-hoach”"},

		{"render nothing", []string{"render"}, "cần ít nhất một tệp dữ liệu"},
		{"render what is not there", []string{"render", "a.yaml", "none.yaml", "sub"}, "Không mở được tệp “none.yaml”.\n“sub” là thư mục"},
		{"render an unknown format", []string{"render", "a.yaml", "--format", "docx,odt"}, "không nhận “odt”"},
		{"render into a file", []string{"render", "a.yaml", "-o", "file"}, "“file” là tệp"},
		{"render with no such profile", []string{"render", "a.yaml", "--don-vi", "none.yaml"}, "“none.yaml”"},
		{"render with no such period before", []string{"render", "a.yaml", "--ky-truoc", "none.xlsx"}, "“none.xlsx”"},
		{"render with no such table", []string{"render", "a.yaml", "--bang", "a.docx", "--bang", "none.csv"}, "“none.csv”"},
		{"period before for two", []string{"render", "a.yaml", "a.docx", "--ky-truoc", "file"}, "--ky-truoc chỉ dùng khi làm một tệp"},
		{"table for two", []string{"render", "a.yaml", "a.docx", "--bang", "file"}, "--bang chỉ dùng khi làm một tệp"},
		{"mark two", []string{"render", "a.xlsx", "b.xlsx", "--danh-dau", "x.xlsx"}, "--danh-dau chỉ dùng khi làm một tệp"},
		{"mark what is no workbook", []string{"render", "a.yaml", "--danh-dau", "x.xlsx"}, "không phải “a.yaml”"},
		{"mark into what is no workbook", []string{"render", "a.xlsx", "--danh-dau", "x.yaml"}, "không phải “x.yaml”"},
		{"mark over a file", []string{"render", "a.xlsx", "--danh-dau", "b.xlsx"}, "Đã có tệp “b.xlsx”"},
		{"mark over the data", []string{"render", "a.xlsx", "--danh-dau", "./a.xlsx"}, "Đã có tệp “./a.xlsx”"},

		{"convert nothing", []string{"convert"}, "cần ít nhất một tệp Word"},
		{"convert what is no word file", []string{"convert", "a.yaml"}, "“a.yaml” không phải tệp Word"},
		{"convert two into one file", []string{"convert", "a.docx", "b.docx", "-o", "x.pdf"}, "có 2 tệp Word"},
		{"convert two of one name", []string{"convert", "a.docx", "sub/a.docx", "-o", "out"}, "cùng ra một tệp “out/a.pdf”"},
		{"convert one twice", []string{"convert", "a.docx", "./a.docx"}, "cùng ra một tệp “a.pdf”"},

		{"new nothing", []string{"new"}, "đúng một loại"},
		{"new of an unknown kind", []string{"new", "kehoach"}, "“ke-hoach”"},
		{"new over a file", []string{"new", "ke-hoach", "-o", "a.yaml"}, "Đã có tệp “a.yaml”"},
		{"new over a workbook", []string{"new", "bao-cao-quy", "-o", "a.xlsx"}, "Đã có tệp “a.xlsx”"},
		{"new of another ending", []string{"new", "bao-cao-quy", "-o", "nhap.xls"}, "không làm được “nhap.xls”"},
		{"new workbook of an unknown kind", []string{"new", "bao-cao-qui", "-o", "nhap.xlsx"}, "“bao-cao-quy”"},
		{"serve at no address", []string{"serve", "--addr", "8080"}, "địa-chỉ:cổng"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, stdout, stderr := try(t, test.args...)
			if code != exitUsage || stdout != "" {
				t.Errorf("exit code %d, stdout %q", code, stdout)
			}
			if !strings.Contains(filepath.ToSlash(stderr), test.says) {
				t.Errorf("no %q in\n%s", test.says, stderr)
			}
		})
	}
	if made := slices.Concat(glob(t, "*.pdf"), glob(t, "out*")); len(made) > 0 {
		t.Errorf("made %q", made)
	}
	if data, _ := os.ReadFile("a.yaml"); string(data) != plan {
		t.Error("a.yaml is changed")
	}
}

func TestHelpIsVietnamese(t *testing.T) {
	english := regexp.MustCompile(`(?i)\b(usage|flags?:|available|commands?|default|string|strings|help for|version for|example)\b`)
	asked := [][]string{{}, {"--help"}, {"help"}, {"help", "render"}}
	for _, command := range strings.Fields("render batch convert new kinds worker serve backup restore version") {
		asked = append(asked, []string{command, "-h"})
	}
	for _, args := range asked {
		stdout, stderr := must(t, args...)
		if !strings.Contains(stdout, "Cách dùng:") || stderr != "" {
			t.Errorf("%q: stderr %q, stdout\n%s", args, stderr, stdout)
		}
		if word := english.FindString(stdout); word != "" {
			t.Errorf("%q says %q in\n%s", args, word, stdout)
		}
	}
}

func TestVersion(t *testing.T) {
	byCommand, _ := must(t, "version")
	byFlag, _ := must(t, "--version")
	if byCommand != byFlag || !strings.HasPrefix(byCommand, "vanthu ") || !strings.Contains(byCommand, "go1.") {
		t.Errorf("%q and %q", byCommand, byFlag)
	}
}

func TestKinds(t *testing.T) {
	stdout, _ := must(t, "kinds")
	if !regexp.MustCompile(`(?m)^  ke-hoach +Kế hoạch +\pL`).MatchString(stdout) {
		t.Errorf("no line of ke-hoach in\n%s", stdout)
	}
	headings := regexp.MustCompile(`(?m)^\pL.*`).FindAllString(stdout, -1)
	if slices.Sort(headings); len(headings) < 2 || len(slices.Compact(slices.Clone(headings))) < len(headings) {
		t.Errorf("headings are %q", headings)
	}
}

func TestNew(t *testing.T) {
	lay(t, nil)
	printed, _ := must(t, "new", "ke-hoach")
	if !strings.Contains(printed, "loai: ke-hoach") {
		t.Errorf("stdout is\n%s", printed)
	}
	path, _ := must(t, "new", "ke-hoach", "-o", "mau.yaml")
	written, err := os.ReadFile("mau.yaml")
	if err != nil || string(written) != printed || path != "mau.yaml\n" {
		t.Errorf("stdout %q, %v, file\n%s", path, err, written)
	}
}

func TestNewWorkbook(t *testing.T) {
	lay(t, map[string]string{"don-vi.yaml": vinhAm})
	path, _ := must(t, "new", "bao-cao-quy", "-o", "nhap.XLSX")
	written, err := os.ReadFile("nhap.XLSX")
	if err != nil || !bytes.HasPrefix(written, []byte("PK\x03\x04")) || path != "nhap.XLSX\n" {
		t.Fatalf("stdout %q, %v, begins %.8q", path, err, written)
	}
	// what is written is read: the examples make a report as they stand
	must(t, "render", "nhap.XLSX", "--format", "docx")
}

func TestRender(t *testing.T) {
	t.Run("both formats into a new folder", func(t *testing.T) {
		lay(t, map[string]string{"a.yaml": plan})
		stdout, stderr := must(t, "render", "a.yaml", "-o", "out/in")
		paths := strings.Fields(stdout)
		if want := []string{filepath.Join("out/in", stem+".docx"), filepath.Join("out/in", stem+".pdf")}; !slices.Equal(paths, want) {
			t.Fatalf("made %q, want %q", paths, want)
		}
		for i, begin := range []string{"PK\x03\x04", "%PDF-"} {
			if data, err := os.ReadFile(paths[i]); err != nil || !bytes.HasPrefix(data, []byte(begin)) {
				t.Errorf("%s: %v, begins %.8q", paths[i], err, data)
			}
		}
		if !strings.Contains(stderr, "Xong 1/1 tệp dữ liệu, đã ghi 2 tệp.") {
			t.Errorf("stderr is\n%s", stderr)
		}
		if left := glob(t, "out/in/.*"); len(left) > 0 {
			t.Errorf("left %q", left)
		}
	})
	t.Run("one format, here", func(t *testing.T) {
		lay(t, map[string]string{"a.yaml": plan})
		must(t, "render", "a.yaml", "--format", "pdf")
		if made := glob(t, "*"); !slices.Equal(made, []string{stem + ".pdf", "a.yaml"}) {
			t.Errorf("there is %q", made)
		}
	})
	t.Run("a file with findings does not stop the others", func(t *testing.T) {
		lay(t, map[string]string{"a.yaml": plan, "b.yaml": bad, "c.yaml": plan16()})
		code, stdout, stderr := try(t, "render", "b.yaml", "c.yaml", "a.yaml", "--format", "docx", "-o", "out")
		if want := filepath.Join("out", stem2+".docx") + "\n" + filepath.Join("out", stem+".docx") + "\n"; code != exitFindings || stdout != want {
			t.Errorf("exit code %d, stdout\n%s", code, stdout)
		}
		for _, part := range []string{"Lỗi — b.yaml, dòng 2", "trich_yeu", "Xong 2/3 tệp dữ liệu, đã ghi 2 tệp."} {
			if !strings.Contains(stderr, part) {
				t.Errorf("no %q in\n%s", part, stderr)
			}
		}
	})
	t.Run("two documents never share a name", func(t *testing.T) {
		lay(t, map[string]string{"a.yaml": plan, "b.yaml": plan})
		code, stdout, stderr := try(t, "render", "a.yaml", "b.yaml", "--format", "pdf")
		if code != exitFindings || stdout != stem+".pdf\n" || !strings.Contains(stderr, "Lỗi — b.yaml: Văn bản có cùng tên tệp") {
			t.Errorf("exit code %d, stdout %q, stderr\n%s", code, stdout, stderr)
		}
	})
	for name, test := range map[string]struct {
		profile string
		args    []string
	}{
		"profile beside":   {"x/y/don-vi.yaml", nil},
		"profile above":    {"x/don-vi.yaml", nil},
		"profile as given": {"office.yaml", []string{"--don-vi", "office.yaml"}},
	} {
		t.Run(name, func(t *testing.T) {
			lay(t, map[string]string{"x/y/a.yaml": matter, test.profile: vinhAm})
			stdout, _ := must(t, append([]string{"render", "x/y/a.yaml", "--format", "docx"}, test.args...)...)
			if stdout != stem+".docx\n" {
				t.Errorf("made %q", stdout)
			}
		})
	}
	t.Run("no profile", func(t *testing.T) {
		lay(t, map[string]string{"x/y/a.yaml": matter, "don-vi.yaml": vinhAm})
		if code, _, stderr := try(t, "render", "x/y/a.yaml"); code != exitFindings || !strings.Contains(stderr, "co_quan") {
			t.Errorf("exit code %d\n%s", code, stderr)
		}
	})
	t.Run("profile with findings", func(t *testing.T) {
		lay(t, map[string]string{"a.yaml": matter, "don-vi.yaml": "co_quan: [\n"})
		if code, stdout, stderr := try(t, "render", "a.yaml"); code != exitFindings || stdout != "" || !strings.Contains(stderr, "don-vi.yaml") {
			t.Errorf("exit code %d, stdout %q\n%s", code, stdout, stderr)
		}
	})
}

func TestConvert(t *testing.T) {
	lay(t, map[string]string{"a.yaml": plan, "broken.docx": "không phải tệp Word"})
	must(t, "render", "a.yaml", "--format", "docx")
	word, err := os.ReadFile(stem + ".docx")
	if err != nil {
		t.Fatal(err)
	}
	many := []string{"z.docx", "y.docx", "x.DOCX", "w.docx"}
	for _, name := range many {
		if err := os.WriteFile(name, word, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Run("beside", func(t *testing.T) {
		stdout, _ := must(t, append([]string{"convert"}, many...)...)
		if stdout != "z.pdf\ny.pdf\nx.pdf\nw.pdf\n" {
			t.Errorf("made %q", stdout)
		}
	})
	t.Run("into a file", func(t *testing.T) {
		if stdout, _ := must(t, "convert", "z.docx", "-o", "new/one.pdf"); stdout != filepath.Join("new", "one.pdf")+"\n" {
			t.Errorf("made %q", stdout)
		}
	})
	t.Run("into a folder, one broken", func(t *testing.T) {
		code, stdout, stderr := try(t, "convert", "broken.docx", "y.docx", "-o", "out")
		if code != exitFindings || stdout != filepath.Join("out", "y.pdf")+"\n" {
			t.Errorf("exit code %d, made %q", code, stdout)
		}
		if !strings.Contains(stderr, "Lỗi — broken.docx") || !strings.Contains(stderr, "Đã chuyển 1/2 tệp.") {
			t.Errorf("stderr is\n%s", stderr)
		}
	})
	t.Run("the same as rendered", func(t *testing.T) {
		must(t, "render", "a.yaml", "--format", "pdf")
		rendered, err := os.ReadFile(stem + ".pdf")
		converted, err2 := os.ReadFile("z.pdf")
		if err != nil || err2 != nil || !bytes.Equal(rendered, converted) {
			t.Errorf("%v, %v, %d and %d bytes", err, err2, len(rendered), len(converted))
		}
	})
}

func TestFaults(t *testing.T) {
	lay(t, map[string]string{"a.yaml": plan, "file": "x"})
	t.Run("folder that cannot be made", func(t *testing.T) {
		code, stdout, stderr := try(t, "render", "a.yaml", "-o", "file/out")
		if code != exitFault || stdout != "" || !strings.Contains(stderr, "Lỗi của chương trình hoặc của máy") {
			t.Errorf("exit code %d, stdout %q\n%s", code, stdout, stderr)
		}
	})
	t.Run("file that cannot be written", func(t *testing.T) {
		if err := os.MkdirAll(filepath.Join("out", stem+".docx"), 0o755); err != nil {
			t.Fatal(err)
		}
		code, stdout, stderr := try(t, "render", "a.yaml", "-o", "out", "--format", "docx")
		if code != exitFault || stdout != "" || !strings.Contains(stderr, "Xong 0/1") {
			t.Errorf("exit code %d, stdout %q\n%s", code, stdout, stderr)
		}
	})
	t.Run("stopped", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var stderr bytes.Buffer
		if code := run(ctx, []string{"render", "a.yaml", "-o", "late"}, nil, io.Discard, &stderr); code != exitFault ||
			!strings.Contains(stderr.String(), "Đã dừng") || len(glob(t, "late/*")) > 0 {
			t.Errorf("exit code %d\n%s", code, &stderr)
		}
	})
	t.Run("address in use", func(t *testing.T) {
		address, stop := serve(t)
		defer stop()
		if code, _, stderr := try(t, "serve", "--addr", address); code != exitUsage || !strings.Contains(stderr, address) {
			t.Errorf("exit code %d\n%s", code, stderr)
		}
	})
}

// serve starts the service at a free port of this machine. stop ends it and gives its exit code.
func serve(t *testing.T, args ...string) (address string, stop func() int) {
	t.Helper()
	url, stop := serveAt(t, io.Discard, append([]string{"--addr", "127.0.0.1:0"}, args...)...)
	address, ok := strings.CutPrefix(url, "http://127.0.0.1:")
	if !ok {
		t.Errorf("serves at %s", url)
	}
	return "127.0.0.1:" + address, stop
}

// serveAt starts the service and gives the address that it names. stop ends it and gives its exit code.
func serveAt(t *testing.T, stderr io.Writer, args ...string) (url string, stop func() int) {
	t.Helper()
	ownFolderIn(t)
	ctx, cancel := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, append([]string{"serve"}, args...), nil, writer, stderr)
		writer.Close()
	}()
	printed := make([]byte, 4096)
	n, err := reader.Read(printed)
	match := regexp.MustCompile(`^Văn Thư đang phục vụ tại (https?://\S+:[1-9]\d*) .*\nDữ liệu ở (.+); các tệp ở .+\n$`).FindSubmatch(printed[:n])
	if match == nil {
		cancel()
		t.Fatalf("%v, printed %q", err, printed[:n])
	}
	if _, err := os.Stat(filepath.Join(string(match[2]), "vanthu.db")); err != nil {
		t.Errorf("the data are not where it says: %v", err)
	}
	return string(match[1]), sync.OnceValue(func() int { cancel(); return <-code })
}

func TestServe(t *testing.T) {
	lay(t, nil)
	if err := os.Mkdir("office", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("office/don-vi.yaml", []byte(vinhAm), 0o644); err != nil {
		t.Fatal(err)
	}
	address, stop := serve(t, "--data", "office")
	answer, err := http.Get("http://" + address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	health, _ := io.ReadAll(answer.Body)
	answer.Body.Close()
	if answer.StatusCode != 200 || !strings.Contains(string(health), `"ok"`) {
		t.Errorf("health: %d %s", answer.StatusCode, health)
	}
	// the office's own profile is used for data that names no agency
	data := `{"loai":"ke-hoach","so":"15","ngay":"2026-03-27","trich_yeu":"Tổng vệ sinh","noi_dung":"Nội dung.",
		"noi_nhan":["Lưu: VT"],"ky":{"chuc_vu":["CHỦ TỊCH"],"ho_ten":"Nguyễn Văn An"}}`
	answer, err = http.Post("http://"+address+"/api/v1/documents", "application/json", strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	made, _ := io.ReadAll(answer.Body)
	answer.Body.Close()
	if answer.StatusCode != 200 || !bytes.HasPrefix(made, []byte("PK")) {
		t.Errorf("document: %d %.500s", answer.StatusCode, made)
	}
	if code := stop(); code != exitOK {
		t.Errorf("exit code %d", code)
	}

	_, stop = serve(t, "--data", "new/office")
	if code := stop(); code != exitOK {
		t.Errorf("exit code %d with a new folder", code)
	}
	if info, err := os.Stat("new/office"); err != nil || !info.IsDir() {
		t.Errorf("the folder is not made: %v", err)
	}
}

// run runs a command as somebody who types it does.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return (&tool{stdin: stdin, stdout: stdout, stderr: stderr, browse: func(string) error { return nil }}).run(ctx, args)
}

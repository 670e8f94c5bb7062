package main

import (
	"bytes"
	"context"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"vanthu/internal/job"
)

// TestPasswordsAreNeverPrinted gives addresses with passwords, of servers that are not there and in forms that cannot be read.
func TestPasswordsAreNeverPrinted(t *testing.T) {
	lay(t, map[string]string{"a.yaml": plan, "vao/a.yaml": plan, "so/x": "", "tep/x": "", "b.zip": "PK\x05\x06" + strings.Repeat("\x00", 18)})
	for name, address := range map[string]string{
		"plain":               "postgres://u:mat-khau@127.0.0.1:1/d?connect_timeout=1",
		"escaped":             "postgres://u:mat-khau%2Fmat-khau%40@127.0.0.1:1/d?connect_timeout=1",
		"as a parameter":      "postgres://u@127.0.0.1:1/d?connect_timeout=1&password=mat-khau",
		"not escaped":         "postgres://u:mat-khau/mat-khau@127.0.0.1:1/d",
		"wrongly escaped":     "postgres://u:mat-khau%zz@127.0.0.1:1/d",
		"of a port that none": "postgres://u:mat-khau@127.0.0.1:none/d",
		"of a wrong setting":  "postgres://u:mat-khau@127.0.0.1:1/d?sslmode=mat-khau",
	} {
		t.Run(name, func(t *testing.T) {
			for _, args := range [][]string{
				{"render", "a.yaml", "--so-dang-ky", address},
				{"number", "list", "--db", address},
				{"batch", "vao", "-o", "ra", "--db", address, "--files", "tep"},
				{"worker", "--db", address, "--files", "tep"},
				{"serve", "--addr", "127.0.0.1:0", "--db", address, "--files", "tep"},
				{"backup", "--db", address, "--files", "tep", "-o", "x.zip"},
				{"restore", "b.zip", "--db", address, "--files", "tep"},
			} {
				code, stdout, stderr := try(t, args...)
				if code != exitUsage && code != exitFault || stderr == "" {
					t.Errorf("%q: exit code %d\n%s", args[0], code, stderr)
				}
				if printed := stdout + stderr; strings.Contains(strings.ReplaceAll(printed, "sslmode=mat-khau", ""), "mat-khau") {
					t.Errorf("%q printed\n%s", args[0], printed)
				}
			}
		})
	}
}

func TestPlacesUsage(t *testing.T) {
	lay(t, map[string]string{"file": "x", "co.zip": "x", "so/x": ""})
	for _, test := range []struct {
		name string
		args []string
		says string
	}{
		{"worker of nothing", []string{"worker"}, "Cần biết dữ liệu và tệp ở đâu"},
		{"worker without files", []string{"worker", "--db", "so"}, "Phải cho cả hai"},
		{"worker with no slots", []string{"worker", "--db", "so", "--files", "tep", "--slots", "-1"}, "--slots cần một số từ 1"},
		{"worker in a file", []string{"worker", "--db", "file", "--files", "tep"}, "“file” là tệp"},
		{"serve without files", []string{"serve", "--db", "so"}, "Phải cho cả hai"},
		{"backup of nothing", []string{"backup", "-o", "x.zip"}, "hoặc --data THƯ-MỤC"},
		{"backup of what is not there", []string{"backup", "--data", "none", "-o", "x.zip"}, "Không có thư mục “none”"},
		{"backup to nowhere", []string{"backup", "--data", "so"}, "Cần tên một tệp .zip"},
		{"backup over a file", []string{"backup", "--data", "so", "-o", "co.zip"}, "Đã có tệp “co.zip”"},
		{"restore nothing", []string{"restore", "--data", "moi"}, "Cần đúng một bản sao lưu"},
		{"restore what is not there", []string{"restore", "none.zip", "--data", "moi"}, "“none.zip”"},
		{"restore what is no backup", []string{"restore", "co.zip", "--data", "moi"}, "“co.zip” không phải bản sao lưu"},
		{"restore to nowhere", []string{"restore", "co.zip"}, "Cần biết dữ liệu và tệp ở đâu"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, stdout, stderr := try(t, test.args...)
			if code != exitUsage || stdout != "" {
				t.Errorf("exit code %d, stdout %q", code, stdout)
			}
			says(t, stderr, test.says)
		})
	}
	if made := glob(t, "moi*"); len(made) > 0 {
		t.Errorf("made %q", made)
	}
}

func TestPlacesOfTheEnvironment(t *testing.T) {
	t.Setenv("VANTHU_DB", "postgres://may-chu/van-thu")
	t.Setenv("VANTHU_FILES", "s3://van-ban")
	for name, test := range map[string]struct{ given, want places }{
		"nothing given": {places{}, places{db: "postgres://may-chu/van-thu", files: "s3://van-ban"}},
		"flags":         {places{db: "so", files: "tep"}, places{db: "so", files: "tep"}},
		"one flag":      {places{db: "so"}, places{db: "so", files: "s3://van-ban"}},
		"a folder":      {places{data: "co-quan"}, places{db: "co-quan", files: "co-quan/tep", data: "co-quan"}},
	} {
		if err := test.given.resolve(); err != nil || test.given != test.want {
			t.Errorf("%s: %+v, %v", name, test.given, err)
		}
	}
}

// TestWorker has a worker and the command that sends the batch share the work, then stops the worker.
func TestWorker(t *testing.T) {
	lay(t, units())
	at := []string{"--db", "chung", "--files", "tep"}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	reader, writer := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, append([]string{"worker", "--slots", "2"}, at...), writer, io.Discard)
		writer.Close()
	}()
	line := make([]byte, 1000)
	n, err := reader.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	says(t, string(line[:n]), "Đang chờ việc, 2 văn bản cùng lúc: dữ liệu ở chung (chỉ các tiến trình trên máy này", "các tệp ở tep")
	if code, _, stderr := try(t, append([]string{"batch", "vao", "-o", "ra"}, at...)...); code != exitFindings {
		t.Errorf("batch: exit code %d\n%s", code, stderr)
	}
	if made := glob(t, "ra/xa-*/*"); len(made) != 4 {
		t.Errorf("made %q", made)
	}
	cancel()
	if code := <-code; code != exitOK {
		t.Errorf("worker: exit code %d", code)
	}
}

func TestBackup(t *testing.T) {
	lay(t, map[string]string{"vao/don-vi.yaml": office, "vao/a.yaml": numberless("27/3/2026", "Tổng vệ sinh"), "vao/b.yaml": numberless("28/3/2026", "Trồng cây")})
	must(t, "batch", "vao", "-o", "ra", "--so-dang-ky", "nha", "--files", "nha/tep")
	stdout, stderr := must(t, "backup", "--data", "nha", "-o", "luu/sao-luu.zip")
	if stdout != "luu/sao-luu.zip\n" || !regexp.MustCompile(`^Đã sao lưu sổ đăng ký, các lô và \d+ tệp: [\d,]+ MB\.\n$`).MatchString(stderr) {
		t.Errorf("stdout %q, stderr %q", stdout, stderr)
	}
	if left := glob(t, "luu/.*"); len(left) > 0 {
		t.Errorf("left %q", left)
	}
	must(t, "restore", "luu/sao-luu.zip", "--data", "moi")
	before, _ := must(t, "number", "list", "--db", "nha")
	after, _ := must(t, "number", "list", "--db", "moi")
	if before == "" || before != after {
		t.Errorf("the register was\n%s\nand is\n%s", before, after)
	}
	was, is := standing(t, "nha/tep"), standing(t, "moi/tep")
	if len(was) < 4 || !maps.Equal(was, is) {
		t.Errorf("there was %q, there is %q", names(was), names(is))
	}

	t.Run("into a place that holds something", func(t *testing.T) {
		other := "khac/" + names(was)[0]
		if err := os.MkdirAll(filepath.Dir(other), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, other, "của tôi")
		for _, at := range [][]string{{"--data", "moi"}, {"--db", "trong", "--files", "khac"}, {"--db", "moi", "--files", "trong"}} {
			code, _, stderr := try(t, append([]string{"restore", "luu/sao-luu.zip"}, at...)...)
			if code != exitUsage {
				t.Errorf("%q: exit code %d", at, code)
			}
			says(t, stderr, "Nơi dựng lại không còn trống")
		}
		if data, _ := os.ReadFile(other); string(data) != "của tôi" || !maps.Equal(standing(t, "moi/tep"), is) {
			t.Errorf("the other file holds %.20q", data)
		}
	})
}

func TestServeKeepsBatches(t *testing.T) {
	lay(t, nil)
	_, stop := serve(t, "--data", "nha")
	if code := stop(); code != exitOK {
		t.Errorf("exit code %d", code)
	}
	if _, err := os.Stat("nha/vanthu.db"); err != nil {
		t.Error(err)
	}
}

func TestMeter(t *testing.T) {
	status := func(done int) job.Status { return job.Status{Total: 3321, Pending: 3321 - done} }
	start := time.Date(2026, 12, 31, 8, 0, 0, 0, time.UTC)
	steps := []struct {
		second float64
		done   int
	}{{0, 3}, {0.2, 10}, {4.8, 200}, {5, 210}, {7, 300}, {10, 453}, {20, 953}, {30, 3000}, {35, 3321}}
	t.Run("lines", func(t *testing.T) {
		var out bytes.Buffer
		m := meter{out: &out}
		for _, step := range steps {
			m.show(status(step.done), start.Add(time.Duration(step.second*float64(time.Second))))
		}
		m.end()
		want := `210/3321 văn bản, 41,4 văn bản/giây, còn 1 phút 15 giây
453/3321 văn bản, 45,0 văn bản/giây, còn 1 phút 4 giây
953/3321 văn bản, 50,0 văn bản/giây, còn 47 giây
3000/3321 văn bản, 204,7 văn bản/giây, còn 2 giây
3321/3321 văn bản, 157,9 văn bản/giây
`
		if out.String() != want {
			t.Errorf("printed\n%s", &out)
		}
	})
	for _, colour := range []bool{false, true} {
		var out bytes.Buffer
		m := meter{out: &out, terminal: true, colour: colour}
		for _, step := range steps {
			m.show(status(step.done), start.Add(time.Duration(step.second*float64(time.Second))))
		}
		m.end()
		says(t, out.String(), "953/3321 văn bản, 50,0 văn bản/giây, còn 47 giây", "3321/3321 văn bản")
		if green := strings.Contains(out.String(), "\x1b[32m"); green != colour || !strings.HasSuffix(out.String(), "\n") {
			t.Errorf("colour %t: printed\n%q", colour, &out)
		}
	}
}

func TestSpoken(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 giây", 1500 * time.Millisecond: "2 giây", 59 * time.Second: "59 giây", 59600 * time.Millisecond: "1 phút 0 giây",
		125 * time.Second: "2 phút 5 giây", 72*time.Minute + 40*time.Second: "1 giờ 12 phút",
	} {
		if got := spoken(d); got != want {
			t.Errorf("%v: %s, want %s", d, got, want)
		}
	}
}

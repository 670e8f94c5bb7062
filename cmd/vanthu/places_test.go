package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"maps"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"vanthu/internal/job"
	"vanthu/internal/testenv"
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
		"with one stroke":     "postgres:/u:mat-khau@127.0.0.1:1/d",
		"without a stroke":    "postgresql:u:mat-khau",
		"in another form":     "host=127.0.0.1 user=u password=mat-khau",
	} {
		t.Run(name, func(t *testing.T) {
			for _, args := range [][]string{
				{"render", "a.yaml", "--so-dang-ky", address},
				{"number", "list", "--db", address},
				{"batch", "vao", "-o", "ra", "--db", address, "--files", "tep"},
				{"worker", "--db", address, "--files", "tep"},
				{"serve", "--addr", "127.0.0.1:0", "--db", address, "--files", "tep"},
				{"user", "list", "--db", address},
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
			if made := slices.Concat(glob(t, "*mat-khau*"), glob(t, "postgres*")); len(made) > 0 {
				t.Errorf("made %q", made)
			}
		})
	}
}

func TestPlacesUsage(t *testing.T) {
	lay(t, map[string]string{"file": "x", "co.zip": "x", "so/x": "", "tep/x": ""})
	if err := os.Symlink("tep", "lien-ket"); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		args []string
		says string
	}{
		{"worker of nothing", []string{"worker"}, "Cần biết dữ liệu và tệp ở đâu"},
		{"worker without files", []string{"worker", "--db", "so"}, "Phải cho cả hai"},
		{"worker in a file", []string{"worker", "--db", "file", "--files", "tep"}, "“file” là tệp"},
		{"serve without files", []string{"serve", "--db", "so"}, "Phải cho cả hai"},
		{"serve with no such profile", []string{"serve", "--data", "so", "--don-vi", "none.yaml"}, "“none.yaml”"},
		{"backup of nothing", []string{"backup", "-o", "x.zip"}, "hoặc --data THƯ-MỤC"},
		{"backup of what is not there", []string{"backup", "--data", "none", "-o", "x.zip"}, "Không có thư mục “none”"},
		{"backup to nowhere", []string{"backup", "--data", "so"}, "Cần tên một tệp .zip"},
		{"backup among the files", []string{"backup", "--db", "so", "--files", "tep", "-o", "tep/.vanthu/x.zip"}, "nằm trong nơi để các tệp"},
		{"backup among the files by another name", []string{"backup", "--db", "so", "--files", "tep", "-o", "lien-ket/moi/x.zip"}, "nằm trong nơi để các tệp"},
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
	if made := slices.Concat(glob(t, "moi*"), glob(t, "tep/[^x]*"), glob(t, "tep/.*")); len(made) > 0 {
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
		code <- run(ctx, append([]string{"worker"}, at...), nil, writer, io.Discard)
		writer.Close()
	}()
	line := make([]byte, 1000)
	n, err := reader.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	says(t, string(line[:n]), "Đang chờ việc: dữ liệu ở chung (chỉ các tiến trình trên máy này", "các tệp ở tep")
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
	lay(t, map[string]string{"vao/don-vi.yaml": vinhAm, "vao/a.yaml": numberless("27/3/2026", "Tổng vệ sinh"), "vao/b.yaml": numberless("28/3/2026", "Trồng cây")})
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

// TestBackupToAFullDisk leaves nothing there, and says so.
func TestBackupToAFullDisk(t *testing.T) {
	testenv.Full(t, "a small disk")
	lay(t, map[string]string{"vao/don-vi.yaml": vinhAm, "vao/a.yaml": matter, "luu/x": ""})
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", "luu").CombinedOutput(); err != nil {
		testenv.Lacks(t, "a small disk, which only root may mount: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", "luu").CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	must(t, "batch", "vao", "-o", "ra", "--so-dang-ky", "nha", "--files", "nha/tep")
	code, stdout, stderr := try(t, "backup", "--data", "nha", "-o", "luu/x.zip")
	if left := slices.Concat(glob(t, "luu/*"), glob(t, "luu/.*")); code != exitFault || stdout != "" || len(left) > 0 {
		t.Errorf("exit code %d, left %q\n%s", code, left, stderr)
	}
	says(t, stderr, "no space left on device")
}

// TestServeWithAProfile makes documents of data that name no agency, one by one and in batches, with the profile that was given.
func TestServeWithAProfile(t *testing.T) {
	lay(t, map[string]string{"co-quan.yaml": vinhAm, "a.yaml": matter})
	address, stop := serve(t, "--db", "so", "--files", "tep", "--don-vi", "co-quan.yaml")
	defer stop()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	part, err := w.CreateFormFile("data", "a.zip")
	if err != nil {
		t.Fatal(err)
	}
	archive := zip.NewWriter(part)
	entry, err := archive.Create("a.yaml")
	if err == nil {
		_, err = io.WriteString(entry, matter)
	}
	if err := errors.Join(err, archive.Close(), w.Close()); err != nil {
		t.Fatal(err)
	}
	answer, err := http.Post("http://"+address+"/api/v1/batches", w.FormDataContentType(), &form)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	location := answer.Header.Get("Location")
	var status job.Status
	for deadline := time.Now().Add(time.Minute); status.Finished == nil; time.Sleep(20 * time.Millisecond) {
		answer, err := http.Get("http://" + address + location)
		if err != nil {
			t.Fatal(err)
		}
		err = json.NewDecoder(answer.Body).Decode(&status)
		answer.Body.Close()
		if err != nil || answer.StatusCode != 200 || time.Now().After(deadline) {
			t.Fatalf("%d, %v, %+v", answer.StatusCode, err, status)
		}
	}
	if status.Made != 1 {
		t.Errorf("in the end %+v", status)
	}
	if kept := glob(t, "tep/.vanthu/du-lieu/"+digest([]byte(vinhAm))); len(kept) != 1 {
		t.Error("the batch does not have the profile with it, for workers elsewhere")
	}
}

// TestServeStopsInTime ends a request that is not over when the time for it is.
func TestServeStopsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stdout, stderr bytes.Buffer
		shared := &server{tool: &tool{stdout: &stdout, stderr: &stderr}}
		reading := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
		ctx, cancel := context.WithCancel(t.Context())
		here, there := net.Pipe()
		line := &oneLine{conn: there, closed: make(chan struct{})}
		ended := make(chan error, 1)
		go func() {
			ended <- shared.answer(ctx, line, reading)
		}()
		if _, err := io.WriteString(here, "POST /api/v1/documents HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		cancel()
		began := time.Now()
		if err := <-ended; err != nil || time.Since(began) != grace {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		says(t, stderr.String(), "Có yêu cầu chưa xong bị ngắt")
		here.Close()
	})
}

// oneLine is a listener for one connection.
type oneLine struct {
	conn   net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *oneLine) Accept() (net.Conn, error) {
	if conn := l.conn; conn != nil {
		l.conn = nil
		return conn, nil
	}
	<-l.closed
	return nil, net.ErrClosed
}

func (l *oneLine) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *oneLine) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

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

// TestReadingIsShown tells how many files of an input were read, now and then.
func TestReadingIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var stderr bytes.Buffer
		input := counted{FS: fstest.MapFS{"a/1.yaml": {}, "a/2.yaml": {}, "3.yaml": {}}}
		(&tool{stderr: &stderr}).whileReading(&input, func() {
			time.Sleep(4 * time.Second)
			err := fs.WalkDir(&input, ".", func(name string, entry fs.DirEntry, err error) error {
				if err == nil && !entry.IsDir() {
					time.Sleep(2500 * time.Millisecond)
					_, err = fs.ReadFile(&input, name)
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
		if stderr.String() != "Đang đọc… 0 tệp\nĐang đọc… 2 tệp\n" {
			t.Errorf("printed\n%s", &stderr)
		}
	})
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

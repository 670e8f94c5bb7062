//go:build !windows

package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vanthu/internal/testenv"
)

// windows is a Windows for tests: Wine with the program for Windows in it.
type windows struct {
	wine, exe string
	env       []string
}

// newWindows builds the program for Windows, and what Wine lacks to run programs of Go.
func newWindows(t *testing.T) windows {
	t.Helper()
	wine, compiler := testenv.Tool(t, "wine", "wine64"), testenv.Tool(t, "x86_64-w64-mingw32-gcc")
	folder := t.TempDir()
	w := windows{wine, filepath.Join(folder, "vanthu.exe"), append(os.Environ(),
		"WINEPREFIX="+filepath.Join(folder, "prefix"), "TMPDIR="+folder, "WINEDEBUG=-all", "WINEARCH=win64", "WINEDLLOVERRIDES=mscoree,mshtml=")}
	command(t, nil, wine, w.env, "wineboot", "-i")
	t.Cleanup(func() {
		command(t, nil, "wineserver", w.env, "-k")
		command(t, nil, "wineserver", w.env, "-w")
	})
	command(t, nil, compiler, nil, "-shared", "-o", filepath.Join(folder, "prefix/drive_c/windows/system32/bcryptprimitives.dll"),
		"testdata/bcryptprimitives.c", "-ladvapi32")
	command(t, nil, "go", append(os.Environ(), "GOOS=windows", "GOARCH=amd64", "CGO_ENABLED=0"),
		"build", "-tags", "nomsgpack,nopgxregisterdefaulttypes", "-o", w.exe, ".")
	return w
}

// command runs a program and wants it to end well.
func command(t *testing.T, stdout io.Writer, name string, env []string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Stdout = env, stdout
	if name == "wineserver" {
		_ = cmd.Run() // it may have ended by itself
		return
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, stderr.String())
	}
}

// must runs a command of the program in the working folder.
func (w windows) must(t *testing.T, args ...string) {
	t.Helper()
	command(t, nil, w.wine, w.env, append([]string{w.exe}, args...)...)
}

// same wants two folders to have the same files with the same bytes.
func same(t *testing.T, got, want string) {
	t.Helper()
	n := 0
	err := filepath.WalkDir(want, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(path, ".vanthu") || d.Name() == "danh-muc.json" {
			return err
		}
		n++
		name, _ := filepath.Rel(want, path)
		a, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		b, err := os.ReadFile(filepath.Join(got, name))
		if err == nil && !bytes.Equal(a, b) {
			t.Errorf("%s differs", name)
		}
		return err
	})
	if err != nil || n == 0 {
		t.Errorf("%d files: %v", n, err)
	}
}

// TestOnWindows makes under Wine what is made here, byte for byte, from files with Vietnamese names and in folders deeper than 260
// characters, and serves the desk.
func TestOnWindows(t *testing.T) {
	w := newWindows(t)
	samples, err := filepath.Abs("../../samples")
	if err != nil {
		t.Fatal(err)
	}
	lay(t, map[string]string{
		"Kế hoạch số 15.yaml": plan, "CON.yaml": plan16(), "lo/a.yaml": plan, "lo/b.yaml": plan16(),
		"so.yaml": strings.Replace(plan, "so: \"15\"\n", "", 1),
	})
	ownFolderIn(t)
	report := []string{filepath.Join(samples, "quy-2-2026/so-lieu.xlsx"), "Kế hoạch số 15.yaml"}
	must(t, append([]string{"render", "-o", "linux"}, report...)...)
	w.must(t, append([]string{"render", "-o", "windows"}, report...)...)
	same(t, "windows", "linux")

	deep := filepath.Join("sâu", strings.Repeat("đường dẫn dài ", 5), strings.Repeat("thư mục ", 10), strings.Repeat("x", 100), strings.Repeat("y", 60))
	w.must(t, "render", "Kế hoạch số 15.yaml", "-o", strings.ReplaceAll(deep, " "+string(filepath.Separator), string(filepath.Separator)))

	w.must(t, "convert", "windows/*.DOCX", "-o", "pdf") // expanded by the program, in any case
	must(t, append([]string{"convert", "-o", "pdf-linux"}, glob(t, "linux/*.docx")...)...)
	same(t, "pdf", "pdf-linux")

	must(t, "batch", "lo", "-o", "lo-linux")
	w.must(t, "batch", "lo", "-o", "lo-windows")
	same(t, "lo-windows", "lo-linux")

	w.must(t, "render", "so.yaml", "--so-dang-ky", "so", "-o", "so-ra")
	var list bytes.Buffer
	command(t, &list, w.wine, w.env, w.exe, "number", "list", "--db", "so")
	if !strings.Contains(list.String(), "Tổng vệ sinh môi trường") {
		t.Errorf("the register has %q", list.String())
	}
	w.serves(t)
}

// serves opens the desk under Wine and asks for its first page.
func (w windows) serves(t *testing.T) {
	cmd := exec.Command(w.wine, w.exe, "serve", "--addr", "127.0.0.1:0", "--data", "nha")
	cmd.Env = w.env
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(line)
	response, err := http.Get(address + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if page, err := io.ReadAll(response.Body); err != nil || response.StatusCode != http.StatusOK || !bytes.Contains(page, []byte("Văn Thư")) {
		t.Errorf("status %d: %v", response.StatusCode, err)
	}
}

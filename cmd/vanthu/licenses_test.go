package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write licenses.txt.gz anew")

// TestLicenses holds the notices to the modules that are linked, on Linux and on Windows, with their versions.
// "go test ./cmd/vanthu -run TestLicenses -update" writes them anew.
func TestLicenses(t *testing.T) {
	want := licences(t)
	if *update {
		var packed bytes.Buffer
		w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression)
		if _, err := w.Write([]byte(want)); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("licenses.txt.gz", packed.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got, _ := must(t, "licenses"); got != want {
		t.Errorf("the notices are of other modules: write them anew with -update (%d bytes, want %d)", len(got), len(want))
	}
}

// licences returns the notices of what is linked.
func licences(t *testing.T) string {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	folders := map[string]string{"Go": strings.TrimSpace(string(root))}
	for _, system := range []string{"linux", "windows"} {
		list := exec.Command("go", "list", "-deps", "-tags", "nomsgpack,nopgxregisterdefaulttypes",
			"-f", "{{with .Module}}{{if not (or .Main .Replace)}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}", ".")
		list.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		out, err := list.Output()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(out)) {
			if name, folder, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
				folders[name] = folder
			}
		}
	}
	var b strings.Builder
	fmt.Fprintln(&b, "Văn Thư có các thành phần sau của nhiều tác giả, theo giấy phép của từng thành phần.")
	for _, name := range slices.Sorted(maps.Keys(folders)) {
		files := licenceFiles(t, folders[name])
		if len(files) == 0 {
			t.Errorf("%s has no licence", name)
		}
		section(t, &b, name, files)
	}
	section(t, &b, "Tinos (fonts)", []string{"../../fonts/LICENSE"})
	assets, err := filepath.Glob("../../internal/web/desk/*-LICENSE.txt")
	if err != nil || len(assets) == 0 {
		t.Errorf("no licences of what the pages use: %v", err)
	}
	for _, path := range assets {
		section(t, &b, strings.TrimSuffix(filepath.Base(path), "-LICENSE.txt")+" (web)", []string{path})
	}
	return b.String()
}

var licenceName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|copyright)([.-].*)?$`)

// licenceFiles returns the paths of the licences and notices of a module.
func licenceFiles(t *testing.T, folder string) (paths []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if licenceName.MatchString(entry.Name()) && !entry.IsDir() && !strings.HasSuffix(entry.Name(), ".go") {
			paths = append(paths, filepath.Join(folder, entry.Name()))
		}
	}
	return paths
}

func section(t *testing.T, b *strings.Builder, name string, files []string) {
	t.Helper()
	fmt.Fprintf(b, "\n%s\n%s\n", strings.Repeat("=", 80), name)
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(b, "\n%s\n", strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")))
	}
}

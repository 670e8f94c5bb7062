package main

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"vanthu/internal/vi"
)

// filesOf reads the files below a folder.
func filesOf(t *testing.T, folder string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, _ := filepath.Rel(folder, path)
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestSampleIsWhatItsReadmeSays writes the sample again by the command in its README.
func TestSampleIsWhatItsReadmeSays(t *testing.T) {
	folder := t.TempDir()
	if err := write(folder, 30, 57, true); err != nil {
		t.Fatal(err)
	}
	got, want := filesOf(t, folder), filesOf(t, "../cuoi-nam-2026")
	delete(want, "README.md")
	for name, data := range want {
		if !bytes.Equal(got[name], data) {
			t.Errorf("%s is another", name)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d files, want %d", len(got), len(want))
	}
}

func TestWithoutTheYearBefore(t *testing.T) {
	folder := t.TempDir()
	if err := write(folder, 2, 1, false); err != nil {
		t.Fatal(err)
	}
	files := filesOf(t, folder)
	if len(files) != 4 || files["xa-vinh-am.xlsx"] == nil || files["don-vi.yaml"] == nil || files["tong-hop.yaml"] == nil {
		t.Errorf("%d files", len(files))
	}
	if _, err := os.Stat(filepath.Join(folder, before)); err == nil {
		t.Error("there is a folder for the year before")
	}
}

// TestNamesOfTheCountry wants as many communes as the country has, each with a name of its own.
func TestNamesOfTheCountry(t *testing.T) {
	const country = 3321
	all, err := communes(country, 57)
	if err != nil {
		t.Fatal(err)
	}
	seen, kinds := map[string]bool{}, map[string]int{}
	for _, c := range all {
		if name := vi.Fold(c.name); seen[name] || c.name != vi.NFC(c.name) {
			t.Errorf("%s", name)
		} else {
			seen[name] = true
		}
		kinds[c.kind]++
	}
	if kinds["xã"] < kinds["phường"] || kinds["phường"] < 10*kinds["đặc khu"] || kinds["đặc khu"] == 0 {
		t.Error(kinds)
	}
	if _, err := communes(100_000, 57); err == nil {
		t.Error("there is no end to the names")
	}
}

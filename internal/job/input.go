package job

import (
	"archive/zip"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"vanthu/internal/app"
	"vanthu/internal/diag"
	"vanthu/internal/vi"
)

// Limits of an input. The country has 3,321 communes.
const (
	mostFiles = 20_000
	mostBytes = 24 << 20 // of one file; what a data file may hold is for the app to say
)

// Names that mean something in an input.
const (
	profileName    = "don-vi.yaml"
	summaryStem    = "tong-hop"
	previousFolder = "ky-truoc"
)

// input is a folder, or a ZIP file, with the data of many units. Names are paths in it, in their order.
type input struct {
	fs       fs.FS
	data     []string
	previous map[string]string // by the path of the data file without its ending
	profiles map[string]string // by folder
	summary  string            // or empty
}

// readInput looks through a folder. Where everything lies in one folder of it, as in a ZIP file made of a folder, that one counts.
func readInput(from fs.FS) (in input, found diag.Findings, err error) {
	if from, err = inner(from); err != nil {
		return input{}, nil, err
	}
	in = input{fs: from, previous: map[string]string{}, profiles: map[string]string{}}
	count := 0
	err = fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && isHidden(path.Base(name)):
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		case !entry.Type().IsRegular():
			return nil
		}
		if count++; count > mostFiles {
			found = diag.Findings{{
				Severity: diag.Error, Code: "too-many-files", Message: fmt.Sprintf("đầu vào có hơn %d tệp", mostFiles),
				Hint: "chia thành nhiều lô",
			}}
			return fs.SkipAll
		}
		in.sort(name)
		return nil
	})
	if err == nil && len(in.data) == 0 && !found.Blocking() {
		found.Add(diag.Finding{
			Severity: diag.Error, Code: "no-data-files", Message: "đầu vào không có tệp dữ liệu nào (.xlsx, .csv, .yaml, .json)",
			Hint: "để mỗi đơn vị một tệp dữ liệu trong thư mục hoặc trong tệp ZIP",
		})
	}
	return in, found, err
}

// inner goes down as long as a folder holds nothing but one other.
func inner(from fs.FS) (fs.FS, error) {
	for {
		entries, err := fs.ReadDir(from, ".")
		if err != nil {
			return nil, err
		}
		entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return isHidden(e.Name()) })
		if len(entries) != 1 || !entries[0].IsDir() {
			return from, nil
		}
		if from, err = fs.Sub(from, entries[0].Name()); err != nil {
			return nil, err
		}
	}
}

// isHidden tells names that no clerk wrote: hidden files, the locks of Office, what macOS adds to ZIP files.
func isHidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || name == "__MACOSX"
}

// sort finds out what a file is for.
func (in *input) sort(name string) {
	folder, base := path.Split(name)
	stem, ending := strings.TrimSuffix(name, path.Ext(name)), strings.ToLower(path.Ext(name))
	if !slices.Contains([]string{".xlsx", ".csv", ".yaml", ".yml", ".json"}, ending) {
		return
	}
	rest, previous := strings.CutPrefix(stem, previousFolder+"/")
	switch {
	case strings.EqualFold(base, profileName):
		in.profiles[path.Clean(folder)] = name
	case previous:
		in.previous[rest] = name
	case vi.FileName(stem) == summaryStem:
		in.summary = name
	default:
		in.data = append(in.data, name)
	}
}

// profileFor is the don-vi.yaml that is nearest to a file, or empty.
func (in *input) profileFor(name string) string {
	for folder := path.Dir(name); ; folder = path.Dir(folder) {
		if profile, ok := in.profiles[folder]; ok || folder == "." {
			return profile
		}
	}
}

func (in *input) previousOf(name string) string {
	return in.previous[strings.TrimSuffix(name, path.Ext(name))]
}

// read gives a file of the input. What is too large is cut where it is too large still, for the app to refuse.
func (in *input) read(name string) (app.File, error) {
	f, err := in.fs.Open(name)
	if err != nil {
		return app.File{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	return app.File{Name: name, Data: data}, err
}

// names gives each item a name of its own, which is that of a folder too: that of the unit, or of its data file.
type names map[string]bool

func (n names) unique(file, unit string) string {
	const most = 100
	words := cmp.Or(unit, strings.ReplaceAll(strings.TrimSuffix(file, path.Ext(file)), "/", " "))
	stem := cmp.Or(vi.FileName(vi.Fold(words)), "don-vi")
	stem = strings.TrimRight(stem[:min(len(stem), most)], "-")
	name := stem
	for i := 2; n[name] || name == summaryStem; i++ {
		name = fmt.Sprintf("%s-%d", stem, i)
	}
	n[name] = true
	return name
}

// OneFile is an input of one data file.
func OneFile(name string, data []byte) (fs.FS, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	entry, err := w.CreateHeader(&zip.FileHeader{Name: path.Base(name), Method: zip.Store})
	if err == nil {
		_, err = entry.Write(data)
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return nil, err
	}
	return zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
}

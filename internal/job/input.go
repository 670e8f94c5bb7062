package job

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/vi"
)

// Limits of an input. The country has 3,321 communes, and theirs and those of the year before come to a third of a gigabyte.
const (
	maxFiles = 20_000
	maxBytes = 24 << 20 // of one file; what a data file may hold is for the app to say
	maxTotal = 1 << 30  // bytes that are kept
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
	previous map[string]string // by what previousKey makes of the data file
	profiles map[string]string // by folder
	summary  string            // or empty
	files    int               // that it has
	total    int64             // bytes of those that are read
}

// readInput looks through a folder. Where everything lies in one folder of it, as in a ZIP file made of a folder, that one counts. What it
// finds is about the input as a whole.
func readInput(from fs.FS) (in input, found diag.Findings, err error) {
	if from, err = inner(from); err != nil {
		return input{}, nil, err
	}
	in = input{fs: from, previous: map[string]string{}, profiles: map[string]string{}}
	err = fs.WalkDir(from, ".", func(name string, entry fs.DirEntry, err error) error {
		if name != "." && isHidden(path.Base(name)) {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if err != nil && name != "." {
			found.Add(unreadable(diag.Error, "thư mục", name, nil))
			return fs.SkipDir
		}
		if err != nil || entry.IsDir() {
			return err
		}
		found.Add(in.add(name, entry)...)
		if in.files > maxFiles || in.total > maxTotal {
			return fs.SkipAll
		}
		return nil
	})
	switch {
	case err != nil:
		return input{}, nil, err
	case in.files > maxFiles:
		found.Add(tooManyFiles())
	case in.total > maxTotal:
		found.Add(diag.Finding{
			Severity: diag.Error, Code: diag.InputTooLarge, Message: fmt.Sprintf("các tệp dữ liệu của đầu vào có hơn %d MB khi giải nén", maxTotal>>20),
			Hint: "chia thành nhiều lô",
		})
	case len(in.data) == 0 && !found.Blocking():
		found.Add(diag.Finding{
			Severity: diag.Error, Code: diag.NoDataFiles, Message: "đầu vào không có tệp dữ liệu nào (.xlsx, .csv, .yaml, .json)",
			Hint: "để mỗi đơn vị một tệp dữ liệu trong thư mục hoặc trong tệp ZIP",
		})
	}
	if !found.Blocking() {
		found.Add(in.unpaired()...)
	}
	return in, found, nil
}

func tooManyFiles() diag.Finding {
	return diag.Finding{
		Severity: diag.Error, Code: diag.TooManyFiles, Message: fmt.Sprintf("đầu vào có hơn %d tệp", maxFiles), Hint: "chia thành nhiều lô",
	}
}

// unreadable returns the finding about something of the input that cannot be read; the error may be nil.
func unreadable(severity diag.Severity, what, name string, err error) diag.Finding {
	f := diag.Finding{
		Severity: severity, Code: diag.UnreadableFile, Where: diag.Place{File: path.Base(strings.ToValidUTF8(name, "_"))},
		Message: fmt.Sprintf("không đọc được %s “%s”", what, strings.ToValidUTF8(name, "_")),
		Hint:    "xem lại: không hỏng, không đặt mật khẩu, và được phép đọc",
	}
	if errors.Is(err, errIsLink) {
		f.Message = fmt.Sprintf("“%s” là liên kết tới chỗ khác nên không được đọc", strings.ToValidUTF8(name, "_"))
		f.Hint = "chép chính tệp hoặc thư mục ấy vào đầu vào"
	}
	return f
}

var errIsLink = errors.New("a link that leads to no file")

// inner goes down as long as a folder holds nothing but one other.
func inner(from fs.FS) (fs.FS, error) {
	for {
		entries, err := fs.ReadDir(from, ".")
		if err != nil {
			return nil, err
		}
		entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return isHidden(e.Name()) })
		if len(entries) != 1 || !entries[0].IsDir() || slug(entries[0].Name()) == previousFolder {
			return from, nil
		}
		if from, err = fs.Sub(from, entries[0].Name()); err != nil {
			return nil, err
		}
	}
}

// isHidden reports whether no clerk wrote a name: hidden files, the locks of Office, what macOS adds to ZIP files.
func isHidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "~$") || name == "__MACOSX"
}

// add takes a file of the input up. A link to a file is as good as the file; one to a folder may lead back here.
func (in *input) add(name string, entry fs.DirEntry) diag.Findings {
	if in.files++; in.files > maxFiles {
		return nil
	}
	info, err := entry.Info()
	if err == nil && !info.Mode().IsRegular() {
		if info, err = fs.Stat(in.fs, name); err == nil && !info.Mode().IsRegular() {
			err = errIsLink
		}
	}
	switch {
	case isPaper(name):
		return diag.Findings{notData(name)}
	case !isData(name) && !errors.Is(err, errIsLink):
		return nil
	case err != nil:
		return diag.Findings{unreadable(diag.Warning, "tệp", name, err)}
	}
	if size := info.Size(); size < 0 || size > maxBytes { // of a ZIP file it says what somebody wrote
		in.total += maxBytes
	} else {
		in.total += size
	}
	return in.sort(name)
}

// isData reports whether a clerk means a file as data. Workbooks that cannot be read are among them: each finding says how to save it.
func isData(name string) bool {
	endings := []string{".xlsx", ".csv", ".yaml", ".yml", ".json", ".xls", ".xlsm", ".xlsb", ".xltx", ".ods"}
	return slices.Contains(endings, strings.ToLower(path.Ext(name)))
}

// isPaper reports whether a file is one that a clerk may have sent in place of data.
func isPaper(name string) bool {
	return slices.Contains([]string{".doc", ".docx", ".rtf", ".pdf"}, strings.ToLower(path.Ext(name)))
}

func notData(name string) diag.Finding {
	return diag.Finding{
		Severity: diag.Warning, Code: diag.NotData, Where: diag.Place{File: path.Base(name)},
		Message: fmt.Sprintf("“%s” không phải tệp dữ liệu nên không được dùng", name),
		Hint:    "nếu là số liệu của một đơn vị, nhập vào tệp Excel mẫu rồi để vào đầu vào",
	}
}

// sort finds out what a data file is for.
func (in *input) sort(name string) (found diag.Findings) {
	twice := func(first, what string) diag.Findings {
		return diag.Findings{{
			Severity: diag.Error, Code: diag.TwoFilesForOne, Where: diag.Place{File: path.Base(name)},
			Message: fmt.Sprintf("“%s” và “%s” cùng là %s", first, name, what), Hint: "chỉ để lại một tệp",
		}}
	}
	folder, base := path.Split(name)
	folder = path.Clean(folder)
	first, rest, below := strings.Cut(name, "/")
	switch {
	case below && slug(first) == previousFolder:
		if key := previousKey(rest); in.previous[key] == "" {
			in.previous[key] = name
		} else {
			return twice(in.previous[key], "số liệu kỳ trước của một đơn vị")
		}
	case strings.EqualFold(base, profileName):
		if in.profiles[folder] != "" {
			return twice(in.profiles[folder], "thông tin cơ quan của một thư mục")
		}
		in.profiles[folder] = name
	case !below && slug(stem(name)) == summaryStem:
		if in.summary != "" {
			return twice(in.summary, "nội dung báo cáo tổng hợp")
		}
		in.summary = name
	default:
		in.data = append(in.data, name)
	}
	return nil
}

// unpaired returns a finding about files of the period before that no data file has the name of. A clerk who wrote a name in another way would look for
// the comparison in vain.
func (in *input) unpaired() diag.Findings {
	const told = 3
	wanted := map[string]bool{}
	for _, name := range in.data {
		wanted[previousKey(name)] = true
	}
	var names []string
	for _, key := range slices.Sorted(maps.Keys(in.previous)) {
		if !wanted[key] {
			names = append(names, "“"+in.previous[key]+"”")
		}
	}
	if len(names) == 0 {
		return nil
	}
	message := fmt.Sprintf("%d tệp kỳ trước không có tệp kỳ này cùng tên nên không được dùng: %s", len(names), strings.Join(names[:min(len(names), told)], ", "))
	if len(names) > told {
		message += ", …"
	}
	return diag.Findings{{
		Severity: diag.Warning, Code: diag.PreviousUnused, Message: message, Hint: "đặt tên tệp kỳ trước giống hệt tệp kỳ này, cùng thư mục con nếu có",
	}}
}

func stem(name string) string { return strings.TrimSuffix(name, path.Ext(name)) }

// previousKey returns what a data file and that of the period before have in common, whatever programs wrote their names.
func previousKey(name string) string { return strings.ToLower(vi.NFC(stem(name))) }

func (in *input) previousOf(name string) string { return in.previous[previousKey(name)] }

// profileFor returns the don-vi.yaml that is nearest to a file, or empty.
func (in *input) profileFor(name string) string {
	for folder := path.Dir(name); ; folder = path.Dir(folder) {
		if profile, ok := in.profiles[folder]; ok || folder == "." {
			return profile
		}
	}
}

// read returns a file of the input. What is too large is cut where it is too large still, for the app to refuse.
func (in *input) read(name string) (maker.File, error) {
	f, err := in.fs.Open(name)
	if err != nil {
		return maker.File{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	return maker.File{Name: name, Data: data}, err
}

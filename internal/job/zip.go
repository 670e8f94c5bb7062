package job

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"vanthu/internal/archive"
	"vanthu/internal/diag"
	"vanthu/internal/vi"
)

// OpenZIP opens a ZIP file as a folder. Its names come out as plain paths in Unicode, whatever program wrote them. Findings that block say
// why it cannot be used; there is no folder then.
func OpenZIP(file io.ReaderAt, size int64) (fs.FS, diag.Findings, error) {
	const maxNames = 8 << 20 // bytes of the directory: it is read as a whole
	folder, err := archive.Open(file, size, archive.Limits{Directory: maxNames})
	switch {
	case errors.Is(err, archive.ErrTooManyEntries):
		return nil, diag.Findings{tooManyFiles()}, nil
	case errors.Is(err, archive.ErrFormat), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return nil, diag.Findings{{
			Severity: diag.Error, Code: diag.BadZIP, Message: "không đọc được tệp ZIP này: tệp hỏng, hoặc không phải tệp ZIP",
			Hint: "nén lại thư mục số liệu thành tệp ZIP",
		}}, nil
	case err != nil:
		return nil, nil, err
	}
	return folder, plainNames(folder), nil
}

// plainNames returns the files of an archive their names, before anybody has looked for one. Of two with the same name, or a file and a
// folder, nobody knows which is meant.
func plainNames(folder *archive.Reader) (found diag.Findings) {
	const longest = 1 << 10 // bytes
	complain := func(code diag.Code, format, name, hint string) {
		found.Add(diag.Finding{
			Severity: diag.Error, Code: code, Where: diag.Place{File: diag.Excerpt(path.Base(name))}, Message: fmt.Sprintf(format, diag.Excerpt(name)), Hint: hint,
		})
	}
	seen, folders := map[string]bool{}, map[string]bool{}
	files := folder.File[:0]
	for _, file := range folder.File {
		file.Name = plainName(file.Name)
		switch {
		case file.Name == "" || file.Mode().IsDir(): // a folder is known by its files
			continue
		case len(file.Name) > longest:
			complain(diag.NameTooLong, "tệp ZIP có tên tệp quá dài: “%s”", file.Name, "đặt tên ngắn hơn rồi nén lại")
			continue
		case seen[file.Name]:
			complain(diag.DuplicateFile, "tệp ZIP có hai tệp cùng tên “%s”", file.Name, "bỏ bớt một tệp rồi nén lại")
			continue
		}
		seen[file.Name] = true
		for folder := path.Dir(file.Name); folder != "."; folder = path.Dir(folder) {
			folders[folder] = true
		}
		files = append(files, file)
	}
	folder.File = slices.DeleteFunc(files, func(file *archive.File) bool {
		if folders[file.Name] {
			complain(diag.DuplicateFile, "tệp ZIP có cả tệp và thư mục tên “%s”", file.Name, "đổi tên một trong hai rồi nén lại")
		}
		return folders[file.Name]
	})
	return found
}

// plainName reads the name of a file in an archive as a path below a folder: C:\Số liệu\..\a.xlsx too.
func plainName(name string) string {
	name = strings.ReplaceAll(unicodeName(name), `\`, "/")
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '_'
		}
		return r
	}, name)
	plain := strings.TrimPrefix(path.Clean("/"+name), "/")
	if plain != "" && strings.HasSuffix(name, "/") {
		plain += "/"
	}
	return plain
}

// Letters of code page 437 that Vietnamese has. Programs write names in it, or in that of Vietnamese Windows, where these two have all the
// letters of the name, and say nothing of it.
var dosLetters = map[byte]rune{
	0x82: 'é', 0x83: 'â', 0x85: 'à', 0x88: 'ê', 0x8a: 'è', 0x8d: 'ì', 0x90: 'É', 0x93: 'ô', 0x95: 'ò', 0x97: 'ù', 0xa0: 'á', 0xa1: 'í', 0xa2: 'ó', 0xa3: 'ú',
}

// unicodeName returns a name in UTF-8, NFC. Letters of windows-1258 lie above 0xC0, where code page 437 has none of ours.
func unicodeName(name string) string {
	if utf8.ValidString(name) {
		return vi.NFC(name)
	}
	if text, ok := vi.FromWindows1258([]byte(name)); ok && strings.ContainsFunc(text, unicode.IsLetter) && hasHigh(name) {
		return text
	}
	var b strings.Builder
	for i := range len(name) {
		switch letter, known := dosLetters[name[i]]; {
		case name[i] < utf8.RuneSelf:
			b.WriteByte(name[i])
		case known:
			b.WriteRune(letter)
		default:
			b.WriteByte('_')
		}
	}
	return b.String()
}

// hasHigh reports whether a name has bytes where windows-1258 keeps its letters.
func hasHigh(name string) bool {
	for i := range len(name) {
		if name[i] >= 0xc0 {
			return true
		}
	}
	return false
}

// OneFile returns an input of one data file.
func OneFile(name string, data []byte) (fs.FS, error) {
	var b bytes.Buffer
	w := archive.NewWriter(&b, archive.Options{})
	if err := errors.Join(w.Add(path.Base(name), archive.Store, data), w.Close()); err != nil {
		return nil, err
	}
	return archive.Open(bytes.NewReader(b.Bytes()), int64(b.Len()), archive.Limits{})
}

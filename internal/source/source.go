// Package source reads data files: workbooks, CSV, YAML and JSON. Every value keeps its cell or its line.
package source

import (
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// Limits of a data file. A document of a hundred pages stays far below them; what goes beyond was made to hurt.
const (
	MaxSize    = 4 << 20 // bytes
	MaxDepth   = 32      // groups and lists in one another
	MaxEntries = 100_000 // keys and items; told before parsing by the marks that make them
	maxFound   = 100     // findings; further ones are left out
)

// ReadText reads a data file that is text, as the program writes and keeps its own. The extension of name is the format: .yaml, .yml or
// .json. Text comes out in NFC with \n between lines; a scalar keeps its letters as typed, so that 01 stays "01" and a date is text. Findings
// say, with line and remedy, why a file cannot be read; when they block, the record is empty.
func ReadText(name string, data []byte) (model.Record, diag.Findings) {
	r := &reader{file: name}
	record := model.Record{File: r.file}
	text, ok := r.decode(data)
	if !ok {
		return record, r.found
	}
	var root model.Node
	switch strings.ToLower(path.Ext(r.file)) {
	case ".yaml", ".yml":
		root, ok = r.readYAML(text)
	case ".json":
		root, ok = r.readJSON(text)
	default:
		r.complain(diag.UnknownFormat, 0, 0, "lưu dữ liệu thành tệp .yaml hoặc .json", "không đọc được loại tệp này")
		return record, r.found
	}
	if ok && !r.found.Blocking() {
		record.Root = root
	}
	return record, r.found
}

// reader holds the name of the file and what was found in it.
type reader struct {
	file  string
	found diag.Findings
}

func (r *reader) complain(code diag.Code, line, column int, hint, message string) {
	r.complainAt(code, r.place(line, column), hint, message)
}

func (r *reader) complainAt(code diag.Code, at diag.Place, hint, message string) {
	if len(r.found) < maxFound {
		r.found.Add(diag.Finding{Severity: diag.Error, Code: code, Where: at, Hint: hint, Message: message})
	}
}

func (r *reader) complainOfDepth(line, column int) {
	r.complain(diag.TooDeep, line, column, "bớt các lớp lồng nhau", "dữ liệu lồng nhau quá sâu")
}

func (r *reader) place(line, column int) diag.Place {
	return diag.Place{File: r.file, Line: max(line, 0), Column: max(column, 0)}
}

// decode turns the bytes of a file into text.
func (r *reader) decode(data []byte) (string, bool) {
	if len(data) > MaxSize {
		r.complain(diag.FileTooLarge, 0, 0, "chia dữ liệu thành nhiều tệp", "tệp lớn hơn 4 MB")
		return "", false
	}
	text := vi.FromUnicode(data)
	switch {
	case strings.TrimSpace(text) == "":
		r.complain(diag.EmptyFile, 0, 0, "điền dữ liệu vào tệp rồi làm lại", "tệp không có nội dung")
	case vi.IsClean(text):
		r.bound(text)
	case r.readable(text):
		text = vi.NFC(text)
		r.bound(text)
	}
	return text, !r.found.Blocking()
}

// readable complains of bytes that are no text, and of characters that the parsers take for no text or, unlike most editors, for the
// end of a line.
func (r *reader) readable(text string) bool {
	line := 0
	for typed := range strings.Lines(text) {
		line++
		if !utf8.ValidString(typed) {
			r.complain(diag.NotUnicode, line, 0, "lưu lại tệp với mã hóa UTF-8; phông chữ cũ (VNI, TCVN3) cần chuyển sang Unicode trước",
				"tệp không phải là văn bản Unicode")
			return false
		}
		if at := strings.IndexFunc(typed, vi.IsControl); at >= 0 {
			c, _ := utf8.DecodeRuneInString(typed[at:])
			r.complain(diag.Unprintable, line, utf8.RuneCountInString(typed[:at])+1,
				"xóa ký tự này; nó thường đi theo khi chép từ tin nhắn hoặc trang mạng",
				fmt.Sprintf("văn bản không dùng được ký tự ẩn U+%04X", c))
		}
	}
	return !r.found.Blocking()
}

// bound complains of text that may have more than MaxEntries: of the marks of which each needs one. Prose has about twenty of them in
// a thousand bytes, too few to go beyond the limit within MaxSize.
func (r *reader) bound(text string) {
	marks := 0
	for _, mark := range []string{":", ",", "-", "[", "{", "?"} {
		marks += strings.Count(text, mark)
	}
	if marks > MaxEntries {
		r.complain(diag.TooManyEntries, 0, 0, "chia dữ liệu thành nhiều tệp", "tệp có quá nhiều mục")
	}
}

// Package source reads a person's files: data in workbooks, CSV, YAML or JSON, and the kind.yaml of a template. Every value keeps its
// cell or its line.
package source

import (
	"encoding/binary"
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf16"
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
	text := newlines(asUTF8(string(data)))
	switch {
	case strings.TrimSpace(text) == "":
		r.complain(diag.EmptyFile, 0, 0, "điền dữ liệu vào tệp rồi làm lại", "tệp không có nội dung")
	case ordinary(text):
		r.bound(text)
	case r.readable(text):
		text = vi.NFC(text)
		r.bound(text)
	}
	return text, !r.found.Blocking()
}

// lines returns text as a document may hold it: valid, in NFC, with \n alone between its lines. Hidden characters, which come along with what
// is copied from messages and pages, are dropped.
func lines(text string) string {
	if ordinary(text) {
		return text
	}
	return vi.NFC(strings.Map(func(c rune) rune {
		switch {
		case c == '\v' || c == '\u2028' || c == '\u2029':
			return '\n'
		case isControl(c):
			return -1
		}
		return c
	}, newlines(text)))
}

func newlines(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
}

// ordinary reports whether text needs no closer look, as that of most files: printable letters of ASCII and of Latin scripts, and common
// punctuation. It is valid and in NFC.
func ordinary(text string) bool {
	for _, r := range text {
		switch {
		case r >= ' ' && r <= '~', r == '\n', r == '\t', r >= 0xA0 && r < 0x300, r >= 0x1E00 && r < 0x1F00, r >= 0x2010 && r < 0x2028:
		default:
			return false
		}
	}
	return true
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
		if at := strings.IndexFunc(typed, isControl); at >= 0 {
			c, _ := utf8.DecodeRuneInString(typed[at:])
			r.complain(diag.Unprintable, line, utf8.RuneCountInString(typed[:at])+1,
				"xóa ký tự này; nó thường đi theo khi chép từ tin nhắn hoặc trang mạng",
				fmt.Sprintf("văn bản không dùng được ký tự ẩn U+%04X", c))
		}
	}
	return !r.found.Blocking()
}

func isControl(c rune) bool {
	return unicode.IsControl(c) && c != '\n' && c != '\t' || c == '\u2028' || c == '\u2029' || c == '\ufffe' || c == '\uffff'
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

// asUTF8 returns text that may be UTF-16, as Notepad and Excel save it with or without a mark of its order, in UTF-8 without a mark. Other
// bytes stay.
func asUTF8(text string) string {
	switch {
	case strings.HasPrefix(text, "\xff\xfe"):
		return fromUTF16(text[2:], binary.LittleEndian)
	case strings.HasPrefix(text, "\xfe\xff"):
		return fromUTF16(text[2:], binary.BigEndian)
	case len(text) >= 2 && text[0] != 0 && text[1] == 0:
		return fromUTF16(text, binary.LittleEndian)
	case len(text) >= 2 && text[0] == 0 && text[1] != 0:
		return fromUTF16(text, binary.BigEndian)
	}
	return strings.TrimPrefix(text, "\ufeff")
}

func fromUTF16(text string, order binary.ByteOrder) string {
	data := []byte(text)
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(units))
}

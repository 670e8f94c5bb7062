// Package source reads a person's files: data in YAML or JSON, and the kind.yaml of a template. Every value keeps its line.
package source

import (
	"bytes"
	"encoding/binary"
	"path"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
)

// Limits of a data file. A document of a hundred pages stays far below them; what goes beyond was made to hurt.
const (
	MaxSize   = 4 << 20 // bytes
	MaxDepth  = 32      // groups and lists in one another
	MaxTokens = 50_000  // words and marks of YAML, about 16,000 keys; the parser's time grows with their square
)

// Read reads a data file. The ending of name tells its format: .yaml, .yml or .json. Text comes out in NFC with \n between lines;
// a scalar keeps its letters as typed, so that 01 stays "01" and a date is text. Findings say, with line and remedy, why
// a file cannot be read; when they block, the record is empty. There is no error that a file can cause.
func Read(name string, data []byte) (model.Record, diag.Findings, error) {
	r := &reader{file: path.Base(strings.ReplaceAll(name, `\`, "/"))}
	record := model.Record{File: r.file}
	text, ok := r.decode(data)
	if !ok {
		return record, r.found, nil
	}
	var root model.Node
	switch strings.ToLower(path.Ext(r.file)) {
	case ".yaml", ".yml":
		root, ok = r.readYAML(text)
	case ".json":
		root, ok = r.readJSON(text)
	default:
		r.complain("unknown-format", 0, 0, "lưu dữ liệu thành tệp .yaml hoặc .json", "không đọc được loại tệp này")
		return record, r.found, nil
	}
	if ok && !r.found.Blocking() {
		record.Root = root
	}
	return record, r.found, nil
}

// reader holds the name of the file and what was found in it.
type reader struct {
	file  string
	found diag.Findings
}

func (r *reader) complain(code string, line, column int, hint, message string) {
	r.found.Add(diag.Finding{
		Severity: diag.Error, Code: code, Where: r.place(line, column), Hint: hint, Message: message,
	})
}

func (r *reader) place(line, column int) diag.Place {
	return diag.Place{File: r.file, Line: max(line, 0), Column: max(column, 0)}
}

// decode turns the bytes of a file into text: UTF-8, or UTF-16 as Notepad and Excel save it, with or without a mark of its order.
func (r *reader) decode(data []byte) (string, bool) {
	const utf8Mark = "\ufeff"
	switch {
	case len(data) > MaxSize:
		r.complain("file-too-large", 0, 0, "chia dữ liệu thành nhiều tệp", "tệp lớn hơn 4 MB")
		return "", false
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		data = fromUTF16(data[2:], binary.LittleEndian)
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		data = fromUTF16(data[2:], binary.BigEndian)
	case len(data) >= 2 && data[0] != 0 && data[1] == 0:
		data = fromUTF16(data, binary.LittleEndian)
	case len(data) >= 2 && data[0] == 0 && data[1] != 0:
		data = fromUTF16(data, binary.BigEndian)
	}
	if !utf8.Valid(data) {
		line := 1
		for rest := data; len(rest) > 0; {
			c, size := utf8.DecodeRune(rest)
			if c == utf8.RuneError && size == 1 {
				break
			}
			if c == '\n' {
				line++
			}
			rest = rest[size:]
		}
		r.complain("not-unicode", line, 0, "lưu lại tệp với mã hóa UTF-8; phông chữ cũ (VNI, TCVN3) cần chuyển sang Unicode trước",
			"tệp không phải là văn bản Unicode")
		return "", false
	}
	text := vi.NFC(strings.TrimPrefix(string(data), utf8Mark))
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	if strings.TrimSpace(text) == "" {
		r.complain("empty-file", 0, 0, "điền dữ liệu vào tệp rồi làm lại", "tệp không có nội dung")
		return "", false
	}
	return text, true
}

func fromUTF16(data []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"vanthu/internal/app"
	"vanthu/internal/vi"
)

// The media types that are taken and given.
const (
	jsonType = "application/json"
	yamlType = "application/yaml"
	formType = "multipart/form-data"
	wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	pdfType  = "application/pdf"
)

// part is one field of a form: a file with its name, or a plain value without one.
type part struct {
	name string
	data []byte
}

// readDocument takes a data file from a request: the body itself, or the part data of a form with an optional don_vi.
func readDocument(r *http.Request) (app.Request, *Problem) {
	switch mediaType(r) {
	case jsonType:
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return app.Request{}, unreadable(err)
		}
		return app.Request{File: app.File{Name: "du-lieu.json", Data: data}}, nil
	case formType:
		parts, problem := readForm(r)
		if problem != nil {
			return app.Request{}, problem
		}
		return documentFromForm(parts)
	default:
		return app.Request{}, unsupported(jsonType, formType)
	}
}

func documentFromForm(parts map[string]part) (app.Request, *Problem) {
	data := parts["data"]
	if len(data.data) == 0 {
		return app.Request{}, problem(http.StatusUnprocessableEntity, "Chưa có tệp dữ liệu (phần “data”), hoặc tệp rỗng.")
	}
	if !slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(path.Ext(data.name))) {
		return app.Request{}, problem(http.StatusUnsupportedMediaType,
			fmt.Sprintf("Tệp dữ liệu “%s” phải có đuôi .yaml, .yml hoặc .json.", data.name))
	}
	request := app.Request{File: app.File{Name: data.name, Data: data.data}}
	if profile := parts["don_vi"].data; len(profile) > 0 {
		request.Profile = profile
	}
	return request, nil
}

// readWord takes a Word file from a request: the body itself, or the part file of a form.
func readWord(r *http.Request) (part, *Problem) {
	switch mediaType(r) {
	case wordType:
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return part{}, unreadable(err)
		}
		return wordFromForm(map[string]part{"file": {name: "van-ban.docx", data: data}})
	case formType:
		parts, problem := readForm(r)
		if problem != nil {
			return part{}, problem
		}
		return wordFromForm(parts)
	default:
		return part{}, unsupported(wordType, formType)
	}
}

func wordFromForm(parts map[string]part) (part, *Problem) {
	file := parts["file"]
	if len(file.data) == 0 {
		return part{}, problem(http.StatusUnprocessableEntity, "Chưa có tệp Word (phần “file”), hoặc tệp rỗng.")
	}
	if !strings.EqualFold(path.Ext(file.name), ".docx") {
		return part{}, problem(http.StatusUnsupportedMediaType,
			fmt.Sprintf("Chỉ nhận tệp Word có đuôi .docx, không nhận “%s”.", file.name))
	}
	return file, nil
}

// readForm reads a form into memory; the body is bounded already. Of parts with one name the first counts.
func readForm(r *http.Request) (map[string]part, *Problem) {
	reader, err := r.MultipartReader()
	if err != nil {
		return nil, unreadable(err)
	}
	parts := map[string]part{}
	for {
		next, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return parts, nil
		}
		if err != nil {
			return nil, unreadable(err)
		}
		data, err := io.ReadAll(next)
		if err != nil {
			return nil, unreadable(err)
		}
		if _, taken := parts[next.FormName()]; !taken {
			parts[next.FormName()] = part{name: plainName(next.FileName()), data: data}
		}
	}
}

// plainName is a file's own name, in form C, without the folders that some browsers send and without control characters.
func plainName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	return vi.NFC(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "")))
}

func mediaType(r *http.Request) string {
	name, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return ""
	}
	return name
}

// unreadable is the problem of a body that ended in an error.
func unreadable(err error) *Problem {
	if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
		return tooLarge(large.Limit)
	}
	return problem(http.StatusBadRequest, "Nội dung gửi lên bị đứt quãng hoặc sai dạng multipart/form-data.")
}

func unsupported(accepted ...string) *Problem {
	return problem(http.StatusUnsupportedMediaType, "Content-Type phải là "+strings.Join(accepted, " hoặc ")+".")
}

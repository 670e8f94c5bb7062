package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"unicode"

	"vanthu/internal/maker"
	"vanthu/internal/vi"
)

// The media types that are taken and given.
const (
	jsonType = "application/json"
	yamlType = "application/yaml"
	formType = "multipart/form-data"

	plainFormType = "application/x-www-form-urlencoded"

	wordType  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	excelType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pdfType   = "application/pdf"
	zipType   = "application/zip"
)

// part is one field of a form: a file with its name, or a plain value without one.
type part struct {
	name string
	data []byte
}

// parts are the fields of a form by name, those of one name in their order.
type parts map[string][]part

// first returns the first field of a name, or none.
func (p parts) first(name string) part {
	if len(p[name]) == 0 {
		return part{}
	}
	return p[name][0]
}

// text is the first field of a name as text.
func (p parts) text(name string) string {
	return vi.NFC(strings.ToValidUTF8(string(p.first(name).data), ""))
}

// line is the first field of a name as one line.
func (p parts) line(name string) string { return strings.Join(strings.Fields(p.text(name)), " ") }

// at is the field of a name with an index as text, or empty: rows of a list have a field of each name.
func (p parts) at(name string, i int) string {
	if i >= len(p[name]) {
		return ""
	}
	return strings.TrimSpace(parts{name: p[name][i:]}.text(name))
}

// readDocument takes data from a request: the body itself, or the part data of a form with what goes with it.
func readDocument(r *http.Request) (maker.Request, *Problem) {
	name := ""
	switch mediaType(r) {
	case jsonType:
		name = "du-lieu.json"
	case excelType:
		name = "du-lieu.xlsx"
	case formType:
		form, problem := readForm(r)
		if problem != nil {
			return maker.Request{}, problem
		}
		return documentFromForm(form)
	default:
		return maker.Request{}, unsupported(jsonType, excelType, formType)
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return maker.Request{}, unreadable(err)
	}
	return maker.Request{File: maker.File{Name: name, Data: data}}, nil
}

// The endings of the files that are taken.
var (
	dataEndings  = []string{".xlsx", ".csv", ".yaml", ".yml", ".json"}
	tableEndings = []string{".xlsx", ".csv"}
)

// documentParts are the parts of a form for a document; ket_qua is the button of the page.
var documentParts = []string{"data", "bang", "ky_truoc", "don_vi", "ket_qua"}

// documentFromForm takes the parts data, bang (any number), ky_truoc and don_vi of a form. An empty part is none: browsers send one
// for a file that was not chosen.
func documentFromForm(form parts) (request maker.Request, p *Problem) {
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if !slices.Contains(documentParts, name) { // a slip in a name would leave a table out of a report
			return request, problem(http.StatusUnprocessableEntity,
				fmt.Sprintf("Không có phần “%s”; các phần: %s.", name, strings.Join(documentParts[:4], ", ")))
		}
	}
	data := form.first("data")
	if len(data.data) == 0 {
		return request, problem(http.StatusUnprocessableEntity, "Chưa có tệp dữ liệu (phần “data”), hoặc tệp rỗng.")
	}
	if request.File, p = fileOf("Tệp dữ liệu", data, dataEndings); p != nil {
		return request, p
	}
	for _, part := range form["bang"] {
		if len(part.data) == 0 {
			continue
		}
		table, p := fileOf("Tệp số liệu các bảng", part, tableEndings)
		if p != nil {
			return request, p
		}
		request.Tables = append(request.Tables, table)
	}
	if part := form.first("ky_truoc"); len(part.data) > 0 {
		previous, p := fileOf("Tệp số liệu kỳ trước", part, dataEndings)
		if p != nil {
			return request, p
		}
		request.Previous = &previous
	}
	if profile := form.first("don_vi").data; len(profile) > 0 {
		request.Profile = profile
	}
	return request, nil
}

// fileOf returns the file of a part, or the problem that its ending is none of those taken.
func fileOf(what string, part part, endings []string) (maker.File, *Problem) {
	if !slices.Contains(endings, strings.ToLower(path.Ext(part.name))) {
		return maker.File{}, problem(http.StatusUnsupportedMediaType,
			fmt.Sprintf("%s “%s” phải có đuôi %s.", what, part.name, strings.Join(endings, " hoặc ")))
	}
	return maker.File{Name: part.name, Data: part.data}, nil
}

// readWorkbook takes data from a request as readDocument does, and refuses what is no workbook, in which alone cells can be coloured.
func readWorkbook(r *http.Request) (maker.Request, *Problem) {
	if mediaType(r) == jsonType {
		return maker.Request{}, unsupported(excelType, formType)
	}
	request, p := readDocument(r)
	if p == nil {
		p = notWorkbook(request)
	}
	return request, p
}

func notWorkbook(request maker.Request) *Problem {
	_, p := fileOf("Tệp dữ liệu", part{name: request.Name}, []string{".xlsx"})
	return p
}

// readWord takes a Word file from a request: the body itself, or the part file of a form.
func readWord(r *http.Request) (part, *Problem) {
	switch mediaType(r) {
	case wordType:
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return part{}, unreadable(err)
		}
		return wordFromForm(parts{"file": {{name: "van-ban.docx", data: data}}})
	case formType:
		form, problem := readForm(r)
		if problem != nil {
			return part{}, problem
		}
		return wordFromForm(form)
	default:
		return part{}, unsupported(wordType, formType)
	}
}

func wordFromForm(form parts) (part, *Problem) {
	file := form.first("file")
	if len(file.data) == 0 {
		return part{}, problem(http.StatusUnprocessableEntity, "Chưa có tệp Word (phần “file”), hoặc tệp rỗng.")
	}
	if !strings.EqualFold(path.Ext(file.name), ".docx") {
		return part{}, problem(http.StatusUnsupportedMediaType,
			fmt.Sprintf("Chỉ nhận tệp Word có đuôi .docx, không nhận “%s”.", file.name))
	}
	return file, nil
}

// maxParts is how many parts a form may have. A body of nothing but empty ones would take many times its size in memory.
const maxParts = 200

// readForm reads a form into memory; the body is bounded already.
func readForm(r *http.Request) (parts, *Problem) {
	if mediaType(r) == plainFormType {
		return readPlainForm(r)
	}
	reader, err := r.MultipartReader()
	if err != nil {
		return nil, unreadable(err)
	}
	form := parts{}
	for count := 1; ; count++ {
		next, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return form, nil
		}
		if err != nil {
			return nil, unreadable(err)
		}
		if count > maxParts {
			return nil, tooManyParts(maxParts)
		}
		data, err := io.ReadAll(next)
		if err != nil {
			return nil, unreadable(err)
		}
		form[next.FormName()] = append(form[next.FormName()], part{name: plainName(next.FileName()), data: data})
	}
}

// maxFields is how many fields a form without files may have: a table of two thousand rows.
const maxFields = 20_000

// readPlainForm reads a form without files, as a browser sends it when it is not told otherwise.
func readPlainForm(r *http.Request) (parts, *Problem) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, unreadable(err)
	}
	if bytes.Count(body, []byte{'&'}) >= maxFields {
		return nil, tooManyParts(maxFields)
	}
	form := parts{}
	for pair := range strings.SplitSeq(string(body), "&") { // url.ParseQuery takes no more than ten thousand
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		if name, err = url.QueryUnescape(name); err == nil {
			value, err = url.QueryUnescape(value)
		}
		if err != nil {
			return nil, problem(http.StatusBadRequest, "Nội dung gửi lên sai dạng biểu mẫu.")
		}
		form[name] = append(form[name], part{data: []byte(value)})
	}
	return form, nil
}

func tooManyParts(most int) *Problem {
	return problem(http.StatusRequestEntityTooLarge, fmt.Sprintf("Chỉ nhận tối đa %d mục trong một biểu mẫu.", most))
}

// longestName is how many characters of a file's name are kept: file systems take no more.
const longestName = 200

// plainName is a file's own name, in form C, without the folders that some browsers send, and without characters that cannot be seen and show
// others in another order.
func plainName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = vi.NFC(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, "")))
	letters, ending := []rune(name), []rune(path.Ext(name))
	if len(letters) > longestName {
		ending = ending[:min(len(ending), longestName)]
		name = string(letters[:longestName-len(ending)]) + string(ending)
	}
	return name
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
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return problem(http.StatusRequestTimeout, "Đường truyền ngừng hoặc quá chậm nên máy chủ thôi chờ. Hãy gửi lại.")
	}
	return problem(http.StatusBadRequest, "Nội dung gửi lên bị đứt quãng hoặc sai dạng multipart/form-data.")
}

func unsupported(accepted ...string) *Problem {
	return problem(http.StatusUnsupportedMediaType, "Content-Type phải là "+strings.Join(accepted, " hoặc ")+".")
}

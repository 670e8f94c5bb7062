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
	JsonType = "application/json"
	YamlType = "application/yaml"
	FormType = "multipart/form-data"

	PlainFormType = "application/x-www-form-urlencoded"

	WordType  = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	ExcelType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	PdfType   = "application/pdf"
	ZipType   = "application/zip"
)

// FormPart is one field of a form: a file with its name, or a plain value without one.
type FormPart struct {
	Name string
	Data []byte
}

// Form are the fields of a form by name, those of one name in their order.
type Form map[string][]FormPart

// First returns the first field of a name, or none.
func (p Form) First(name string) FormPart {
	if len(p[name]) == 0 {
		return FormPart{}
	}
	return p[name][0]
}

// Text is the first field of a name as text.
func (p Form) Text(name string) string {
	return vi.NFC(strings.ToValidUTF8(string(p.First(name).Data), ""))
}

// Line is the first field of a name as one line.
func (p Form) Line(name string) string { return strings.Join(strings.Fields(p.Text(name)), " ") }

// At is the field of a name with an index as text, or empty: rows of a list have a field of each name.
func (p Form) At(name string, i int) string {
	if i >= len(p[name]) {
		return ""
	}
	return strings.TrimSpace(Form{name: p[name][i:]}.Text(name))
}

// ReadDocument takes data from a request: the body itself, or the part data of a form with what goes with it.
func ReadDocument(r *http.Request) (maker.Request, *Problem) {
	name := ""
	switch mediaType(r) {
	case JsonType:
		name = "du-lieu.json"
	case ExcelType:
		name = "du-lieu.xlsx"
	case FormType:
		form, problem := readForm(r)
		if problem != nil {
			return maker.Request{}, problem
		}
		return documentFromForm(form)
	default:
		return maker.Request{}, unsupported(JsonType, ExcelType, FormType)
	}
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return maker.Request{}, unreadable(err)
	}
	return maker.Request{File: maker.File{Name: name, Data: data}}, nil
}

// The endings of the files that are taken.
var (
	DataEndings  = []string{".xlsx", ".csv", ".yaml", ".yml", ".json"}
	TableEndings = []string{".xlsx", ".csv"}
)

// documentParts are the parts of a form for a document; ket_qua is the button of the page.
var documentParts = []string{"data", "bang", "ky_truoc", "don_vi", "ket_qua"}

// documentFromForm takes the parts data, bang (any number), ky_truoc and don_vi of a form. An empty part is none: browsers send one
// for a file that was not chosen.
func documentFromForm(form Form) (request maker.Request, p *Problem) {
	for _, name := range slices.Sorted(maps.Keys(form)) {
		if !slices.Contains(documentParts, name) { // a slip in a name would leave a table out of a report
			return request, NewProblem(http.StatusUnprocessableEntity,
				fmt.Sprintf("Không có phần “%s”; các phần: %s.", name, strings.Join(documentParts[:4], ", ")))
		}
	}
	data := form.First("data")
	if len(data.Data) == 0 {
		return request, NewProblem(http.StatusUnprocessableEntity, "Chưa có tệp dữ liệu (phần “data”), hoặc tệp rỗng.")
	}
	if request.File, p = FileOf("Tệp dữ liệu", data, DataEndings); p != nil {
		return request, p
	}
	for _, part := range form["bang"] {
		if len(part.Data) == 0 {
			continue
		}
		table, p := FileOf("Tệp số liệu các bảng", part, TableEndings)
		if p != nil {
			return request, p
		}
		request.Tables = append(request.Tables, table)
	}
	if part := form.First("ky_truoc"); len(part.Data) > 0 {
		previous, p := FileOf("Tệp số liệu kỳ trước", part, DataEndings)
		if p != nil {
			return request, p
		}
		request.Previous = &previous
	}
	if profile := form.First("don_vi").Data; len(profile) > 0 {
		request.Profile = profile
	}
	return request, nil
}

// FileOf returns the file of a part, or the problem that its ending is none of those taken.
func FileOf(what string, part FormPart, endings []string) (maker.File, *Problem) {
	if !slices.Contains(endings, strings.ToLower(path.Ext(part.Name))) {
		return maker.File{}, NewProblem(http.StatusUnsupportedMediaType,
			fmt.Sprintf("%s “%s” phải có đuôi %s.", what, part.Name, strings.Join(endings, " hoặc ")))
	}
	return maker.File{Name: part.Name, Data: part.Data}, nil
}

// ReadWorkbook takes data from a request as readDocument does, and refuses what is no workbook, in which alone cells can be coloured.
func ReadWorkbook(r *http.Request) (maker.Request, *Problem) {
	if mediaType(r) == JsonType {
		return maker.Request{}, unsupported(ExcelType, FormType)
	}
	request, p := ReadDocument(r)
	if p == nil {
		p = NotWorkbook(request)
	}
	return request, p
}

// NotWorkbook is the problem of a request whose data are no workbook, or nil.
func NotWorkbook(request maker.Request) *Problem {
	_, p := FileOf("Tệp dữ liệu", FormPart{Name: request.Name}, []string{".xlsx"})
	return p
}

// ReadWord takes a Word file from a request: the body itself, or the part file of a form.
func ReadWord(r *http.Request) (FormPart, *Problem) {
	switch mediaType(r) {
	case WordType:
		data, err := io.ReadAll(r.Body)
		if err != nil {
			return FormPart{}, unreadable(err)
		}
		return WordFromForm(Form{"file": {{Name: "van-ban.docx", Data: data}}})
	case FormType:
		form, problem := readForm(r)
		if problem != nil {
			return FormPart{}, problem
		}
		return WordFromForm(form)
	default:
		return FormPart{}, unsupported(WordType, FormType)
	}
}

// WordFromForm returns the Word file of a form.
func WordFromForm(form Form) (FormPart, *Problem) {
	file := form.First("file")
	if len(file.Data) == 0 {
		return FormPart{}, NewProblem(http.StatusUnprocessableEntity, "Chưa có tệp Word (phần “file”), hoặc tệp rỗng.")
	}
	if !strings.EqualFold(path.Ext(file.Name), ".docx") {
		return FormPart{}, NewProblem(http.StatusUnsupportedMediaType,
			fmt.Sprintf("Chỉ nhận tệp Word có đuôi .docx, không nhận “%s”.", file.Name))
	}
	return file, nil
}

// MaxParts is how many parts a form may have. A body of nothing but empty ones would take many times its size in memory.
const MaxParts = 200

// readForm reads a form into memory; the body is bounded already.
func readForm(r *http.Request) (Form, *Problem) {
	if mediaType(r) == PlainFormType {
		return readPlainForm(r)
	}
	reader, err := r.MultipartReader()
	if err != nil {
		return nil, unreadable(err)
	}
	form := Form{}
	for count := 1; ; count++ {
		next, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return form, nil
		}
		if err != nil {
			return nil, unreadable(err)
		}
		if count > MaxParts {
			return nil, tooManyParts(MaxParts)
		}
		data, err := io.ReadAll(next)
		if err != nil {
			return nil, unreadable(err)
		}
		form[next.FormName()] = append(form[next.FormName()], FormPart{Name: PlainName(next.FileName()), Data: data})
	}
}

// MaxFields is how many fields a form without files may have: a table of two thousand rows.
const MaxFields = 20_000

// readPlainForm reads a form without files, as a browser sends it when it is not told otherwise.
func readPlainForm(r *http.Request) (Form, *Problem) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, unreadable(err)
	}
	if bytes.Count(body, []byte{'&'}) >= MaxFields {
		return nil, tooManyParts(MaxFields)
	}
	form := Form{}
	for pair := range strings.SplitSeq(string(body), "&") { // url.ParseQuery takes no more than ten thousand
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		if name, err = url.QueryUnescape(name); err == nil {
			value, err = url.QueryUnescape(value)
		}
		if err != nil {
			return nil, NewProblem(http.StatusBadRequest, "Nội dung gửi lên sai dạng biểu mẫu.")
		}
		form[name] = append(form[name], FormPart{Data: []byte(value)})
	}
	return form, nil
}

func tooManyParts(most int) *Problem {
	return NewProblem(http.StatusRequestEntityTooLarge, fmt.Sprintf("Chỉ nhận tối đa %d mục trong một biểu mẫu.", most))
}

// longestName is how many characters of a file's name are kept: file systems take no more.
const longestName = 200

// PlainName is a file's own name, in form C, without the folders that some browsers send, and without characters that cannot be seen and show
// others in another order.
func PlainName(name string) string {
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
		return NewProblem(http.StatusRequestTimeout, "Đường truyền ngừng hoặc quá chậm nên máy chủ thôi chờ. Hãy gửi lại.")
	}
	return NewProblem(http.StatusBadRequest, "Nội dung gửi lên bị đứt quãng hoặc sai dạng multipart/form-data.")
}

func unsupported(accepted ...string) *Problem {
	return NewProblem(http.StatusUnsupportedMediaType, "Content-Type phải là "+strings.Join(accepted, " hoặc ")+".")
}

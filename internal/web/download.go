package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/gin-gonic/gin"

	"vanthu/internal/archive"
	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/vi"
)

// download is a file that was made, with the findings that did not stop it.
type download struct {
	name, mediaType string
	data            []byte
	found           diag.Findings
}

// The formats of a document.
const (
	asWord  = "docx"
	asPDF   = "pdf"
	asExcel = "xlsx" // the progress workbook
	asZIP   = "zip"  // all that the kind gives
)

// madeDocument is a document with the findings that did not stop it.
type madeDocument struct {
	result maker.Result
	found  diag.Findings
}

// makeDocument makes the Word file and what else a request asks for.
func (s *server) makeDocument(ctx context.Context, request maker.Request) (made madeDocument, p *Problem) {
	var err error
	if !s.gate.work(ctx, func(ctx context.Context) { made.result, made.found, err = s.Maker.Make(ctx, request) }) {
		return madeDocument{}, unserved(ctx)
	}
	if err != nil {
		return madeDocument{}, s.fault(ctx, "make document", err)
	}
	if made.found.Blocking() {
		return made, blocked(made.found)
	}
	return made, nil
}

// document makes the file that was asked for.
func (s *server) document(ctx context.Context, request maker.Request, format string) (download, *Problem) {
	request.PDF = format == asPDF || format == asZIP
	request.XLSX = format == asExcel || format == asZIP
	made, p := s.makeDocument(ctx, request)
	if p != nil {
		return download{}, p
	}
	return s.inFormat(ctx, made, format)
}

// inFormat returns one of the files of a document, or all; the Word file where the format is none that there is.
func (s *server) inFormat(ctx context.Context, made madeDocument, format string) (download, *Problem) {
	result := made.result
	word := download{name: result.Name + ".docx", mediaType: wordType, data: result.DOCX}
	printed := download{name: result.Name + ".pdf", mediaType: pdfType, data: result.PDF}
	workbook := download{name: result.Name + maker.WorkbookEnding, mediaType: excelType, data: result.XLSX}
	file := word
	switch format {
	case asPDF:
		file = printed
	case asExcel:
		if file = workbook; file.data == nil {
			return download{}, problem(http.StatusUnprocessableEntity,
				"Loại văn bản này không có bảng phải theo dõi nên không có sổ theo dõi Excel. Hãy chọn Word, PDF hoặc tất cả (ZIP).")
		}
	case asZIP:
		file = download{name: result.Name + ".zip", mediaType: zipType}
		var err error
		if file.data, err = packedFiles(word, printed, workbook); err != nil {
			return download{}, s.fault(ctx, "make archive", err)
		}
	}
	file.found = made.found
	return file, nil
}

// packedFiles packs files into one, leaving out those without data.
func packedFiles(files ...download) ([]byte, error) {
	var b bytes.Buffer
	w := archive.NewWriter(&b, archive.Options{})
	for _, file := range files {
		if file.data == nil {
			continue
		}
		if err := w.Add(file.name, archive.Deflate, file.data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// marked returns the workbook of a request back with the cells coloured that findings name. There is no data when no finding names one.
func (s *server) marked(ctx context.Context, request maker.Request) (made download, p *Problem) {
	var err error
	work := func(ctx context.Context) {
		if _, made.found, err = s.Maker.Make(ctx, request); err == nil {
			var more diag.Findings
			made.data, more, err = s.Maker.Mark(request.File, made.found)
			made.found.Add(more...)
		}
	}
	if !s.gate.work(ctx, work) {
		return download{}, unserved(ctx)
	}
	if err != nil {
		return download{}, s.fault(ctx, "mark workbook", err)
	}
	if made.data == nil && made.found.Blocking() { // what is wrong stands in no cell
		return made, blocked(made.found)
	}
	made.name, made.mediaType = strings.TrimSuffix(request.Name, path.Ext(request.Name))+" - ô cần sửa.xlsx", excelType
	return made, nil
}

// converted makes the PDF of a Word file.
func (s *server) converted(ctx context.Context, file part) (made download, p *Problem) {
	var err error
	if !s.gate.work(ctx, func(ctx context.Context) { made.data, made.found, err = s.Maker.Convert(ctx, file.name, file.data) }) {
		return download{}, unserved(ctx)
	}
	if err != nil {
		return download{}, s.fault(ctx, "convert", err)
	}
	if made.found.Blocking() {
		return made, blocked(made.found)
	}
	made.name, made.mediaType = strings.TrimSuffix(file.name, path.Ext(file.name))+".pdf", pdfType
	return made, nil
}

// attachment is a Content-Disposition with the name in plain ASCII for old programs and whole for the others (RFC 6266, 4.3).
// The ending is one of ours, hence ASCII.
func attachment(name string) string {
	ending := path.Ext(name)
	ascii := vi.FileName(strings.TrimSuffix(name, ending)) + ending
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, ascii, percentEncoded(name))
}

// percentEncoded is an ext-value of RFC 8187, 3.2.1.
func percentEncoded(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// findingList is findings as a JSON array in plain ASCII, fit for a header: the first 20 at most, and no more than 4 KiB, since
// proxies refuse larger ones. Empty when there is none.
func findingList(found diag.Findings) string {
	const most, maxBytes = 20, 4 << 10
	list := ""
	for _, f := range found[:min(len(found), most)] {
		item, err := json.Marshal(f)
		if err != nil {
			panic(err) // plain strings and numbers
		}
		plain := escapedASCII(string(item))
		if len(list)+len(plain)+len("[,]") > maxBytes {
			break
		}
		if list != "" {
			list += ","
		}
		list += plain
	}
	if list == "" {
		return ""
	}
	return "[" + list + "]"
}

// escapedASCII writes what is not ASCII in JSON text as \uXXXX.
func escapedASCII(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x7f {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return b.String()
}

// ofOffice returns a request the office of who asks, and its profile where it has none of its own.
func (s *server) ofOffice(ctx context.Context, request maker.Request) (maker.Request, *Problem) {
	request.Office = who(ctx).Office
	if request.Profile != nil {
		return request, nil
	}
	profile, err := s.Office.Profile(ctx, request.Office)
	if err != nil {
		return request, s.fault(ctx, "profile", err)
	}
	request.Profile = profile
	return request, nil
}

// input is the data file of a kind, to be filled in.
func (s *server) input(ctx context.Context, kind, format string) (made download, p *Problem) {
	made = download{name: kind + ".yaml", mediaType: yamlType + "; charset=utf-8"}
	var err error
	if format == asExcel {
		made.name, made.mediaType = kind+".xlsx", excelType
		made.data, made.found, err = s.Office.Workbook(kind)
	} else {
		made.data, made.found = s.Office.Starter(kind)
	}
	if err != nil {
		return download{}, s.fault(ctx, "make starter", err)
	}
	if made.found.Blocking() {
		return download{}, noSuchKind(kind, made.found)
	}
	return made, nil
}

func noSuchKind(kind string, found diag.Findings) *Problem {
	p := problem(http.StatusNotFound, "Không có loại văn bản “"+kind+"”.")
	p.Findings = found
	return p
}

// giveDownload answers with a file to be saved.
func giveDownload(c *gin.Context, file download) {
	c.Header("Content-Disposition", attachment(file.name))
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, file.mediaType, file.data)
}

// answerJSON answers with a value.
func answerJSON(c *gin.Context, status int, value any) *Problem {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // plain strings and numbers
	}
	return answerData(c, status, jsonType, body.Bytes())
}

// answerData answers with bytes.
func answerData(c *gin.Context, status int, mediaType string, data []byte) *Problem {
	c.Header("Content-Length", strconv.Itoa(len(data)))
	c.Data(status, mediaType, data)
	return nil
}

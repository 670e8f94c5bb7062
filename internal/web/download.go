package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
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

// Download is a file that was made, with the findings that did not stop it.
type Download struct {
	Name, MediaType string
	Data            []byte
	Found           diag.Findings
}

// The formats of a document.
const (
	AsWord  = "docx"
	AsPDF   = "pdf"
	AsExcel = "xlsx" // the progress workbook
	AsZIP   = "zip"  // all that the kind gives
)

// MadeDocument is a document with the findings that did not stop it.
type MadeDocument struct {
	Result maker.Result
	Found  diag.Findings
}

// Make makes the Word file and what else a request asks for.
func (s *Server) Make(ctx context.Context, request maker.Request) (made MadeDocument, p *Problem) {
	var err error
	if !s.Gate.Work(ctx, func(ctx context.Context) { made.Result, made.Found, err = s.Maker.Make(ctx, request) }) {
		return MadeDocument{}, Unserved(ctx)
	}
	if err != nil {
		return MadeDocument{}, s.Fault(ctx, "make document", err)
	}
	if made.Found.Blocking() {
		return made, Blocked(made.Found)
	}
	return made, nil
}

// Document makes the file that was asked for.
func (s *Server) Document(ctx context.Context, request maker.Request, format string) (Download, *Problem) {
	request.PDF = format == AsPDF || format == AsZIP
	request.XLSX = format == AsExcel || format == AsZIP
	made, p := s.Make(ctx, request)
	if p != nil {
		return Download{}, p
	}
	return s.InFormat(ctx, made, format)
}

// InFormat returns one of the files of a document, or all; the Word file where the format is none that there is.
func (s *Server) InFormat(ctx context.Context, made MadeDocument, format string) (Download, *Problem) {
	result := made.Result
	word := Download{Name: result.Name + ".docx", MediaType: WordType, Data: result.DOCX}
	printed := Download{Name: result.Name + ".pdf", MediaType: PdfType, Data: result.PDF}
	workbook := Download{Name: result.Name + maker.WorkbookEnding, MediaType: ExcelType, Data: result.XLSX}
	file := word
	switch format {
	case AsPDF:
		file = printed
	case AsExcel:
		if file = workbook; file.Data == nil {
			return Download{}, NewProblem(http.StatusUnprocessableEntity,
				"Loại văn bản này không có bảng phải theo dõi nên không có sổ theo dõi Excel. Hãy chọn Word, PDF hoặc tất cả (ZIP).")
		}
	case AsZIP:
		file = Download{Name: result.Name + ".zip", MediaType: ZipType}
		var err error
		if file.Data, err = packedFiles(word, printed, workbook); err != nil {
			return Download{}, s.Fault(ctx, "make archive", err)
		}
	}
	file.Found = made.Found
	return file, nil
}

// packedFiles packs files into one, leaving out those without data.
func packedFiles(files ...Download) ([]byte, error) {
	var b bytes.Buffer
	w := archive.NewWriter(&b, archive.Options{})
	for _, file := range files {
		if file.Data == nil {
			continue
		}
		if err := w.Add(file.Name, archive.Deflate, file.Data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Mark returns the workbook of a request back with the cells coloured that findings name. There is no data when no finding names one.
func (s *Server) Mark(ctx context.Context, request maker.Request) (made Download, p *Problem) {
	var err error
	work := func(ctx context.Context) {
		if _, made.Found, err = s.Maker.Make(ctx, request); err == nil {
			var more diag.Findings
			made.Data, more, err = s.Maker.Mark(request.File, made.Found)
			made.Found.Add(more...)
		}
	}
	if !s.Gate.Work(ctx, work) {
		return Download{}, Unserved(ctx)
	}
	if err != nil {
		return Download{}, s.Fault(ctx, "mark workbook", err)
	}
	if made.Data == nil && made.Found.Blocking() { // what is wrong stands in no cell
		return made, Blocked(made.Found)
	}
	made.Name, made.MediaType = strings.TrimSuffix(request.Name, path.Ext(request.Name))+" - ô cần sửa.xlsx", ExcelType
	return made, nil
}

// Convert makes the PDF of a Word file.
func (s *Server) Convert(ctx context.Context, file FormPart) (made Download, p *Problem) {
	var err error
	if !s.Gate.Work(ctx, func(ctx context.Context) { made.Data, made.Found, err = s.Maker.Convert(ctx, file.Name, file.Data) }) {
		return Download{}, Unserved(ctx)
	}
	if err != nil {
		return Download{}, s.Fault(ctx, "convert", err)
	}
	if made.Found.Blocking() {
		return made, Blocked(made.Found)
	}
	made.Name, made.MediaType = strings.TrimSuffix(file.Name, path.Ext(file.Name))+".pdf", PdfType
	return made, nil
}

// Attachment is a Content-Disposition with the name in plain ASCII for old programs and whole for the others (RFC 6266, 4.3).
// The ending is one of ours, hence ASCII.
func Attachment(name string) string {
	ending := path.Ext(name)
	ascii := vi.FileName(strings.TrimSuffix(name, ending)) + ending
	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, ascii, PercentEncoded(name))
}

// PercentEncoded is an ext-value of RFC 8187, 3.2.1.
func PercentEncoded(text string) string {
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

// FindingList is findings as a JSON array in plain ASCII, fit for a header: the first 20 at most, and no more than 4 KiB, since
// proxies refuse larger ones. Empty when there is none.
func FindingList(found diag.Findings) string {
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

// OfOffice returns a request the office of who asks, and its profile where it has none of its own.
func (s *Server) OfOffice(ctx context.Context, request maker.Request) (maker.Request, *Problem) {
	request.Office = Principal(ctx).Office
	if request.Profile != nil {
		return request, nil
	}
	profile, err := s.Office.Profile(ctx, request.Office)
	if err != nil {
		return request, s.Fault(ctx, "profile", err)
	}
	request.Profile = profile
	return request, nil
}

// StarterFile is the data file of a kind, to be filled in.
func (s *Server) StarterFile(ctx context.Context, kind, format string) (made Download, p *Problem) {
	made = Download{Name: kind + ".yaml", MediaType: YamlType + "; charset=utf-8"}
	var err error
	if format == AsExcel {
		made.Name, made.MediaType = kind+".xlsx", ExcelType
		made.Data, made.Found, err = s.Office.Workbook(kind)
	} else {
		made.Data, made.Found = s.Office.Starter(kind)
	}
	if err != nil {
		return Download{}, s.Fault(ctx, "make starter", err)
	}
	if made.Found.Blocking() {
		return Download{}, NoSuchKind(kind, made.Found)
	}
	return made, nil
}

// NoSuchKind is the problem of a kind that there is not.
func NoSuchKind(kind string, found diag.Findings) *Problem {
	p := NewProblem(http.StatusNotFound, "Không có loại văn bản “"+kind+"”.")
	p.Findings = found
	return p
}

// GiveDownload answers with a file to be saved.
func GiveDownload(c *gin.Context, file Download) {
	c.Header("Content-Disposition", Attachment(file.Name))
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, file.MediaType, file.Data)
}

// AnswerJSON answers with a value.
func AnswerJSON(c *gin.Context, status int, value any) *Problem {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // plain strings and numbers
	}
	return AnswerData(c, status, JsonType, body.Bytes())
}

// AnswerData answers with bytes.
func AnswerData(c *gin.Context, status int, mediaType string, data []byte) *Problem {
	c.Header("Content-Length", strconv.Itoa(len(data)))
	c.Data(status, mediaType, data)
	return nil
}

// Digest returns a short name of bytes, which changes with them.
func Digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

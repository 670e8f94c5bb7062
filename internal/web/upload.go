package web

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/job"
)

// MaxField bounds the parts of a form for a batch other than its data, in bytes.
const MaxField = 1 << 20

var (
	batchEndings = []string{".zip", ".xlsx", ".csv"}
	batchParts   = []string{"data", "don_vi", "summary", "numbers", "format"}
)

// Upload is a form for a batch. Its data may be larger than memory: they go to a file as they come.
type Upload struct {
	Order job.Order
	Name  string
	File  *os.File // to be removed; its name may be gone already
	Size  int64
	sum   []byte   // SHA-256 of the data
	seen  []string // names of parts
}

// Receive reads the form of a request. The error is a *Problem where the request is to blame.
func Receive(c *gin.Context) (*Upload, error) {
	if mediaType(c.Request) != FormType {
		return nil, unsupported(FormType)
	}
	reader, err := c.Request.MultipartReader()
	if err != nil {
		return nil, unreadable(err)
	}
	sent := &Upload{Order: job.Order{PDF: true, XLSX: true}}
	if err := sent.takeAll(reader); err != nil {
		sent.Remove()
		return nil, err
	}
	return sent, nil
}

func (u *Upload) takeAll(form *multipart.Reader) error {
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return unreadable(err)
		}
		if err := u.take(part); err != nil {
			return err
		}
	}
	if u.Size == 0 {
		return NewProblem(http.StatusUnprocessableEntity, "Chưa có tệp đầu vào (phần “data”), hoặc tệp rỗng.")
	}
	_, err := u.File.Seek(0, io.SeekStart)
	return err
}

// digestOf is the same for the same order and the same data, of which sum is the SHA-256.
func digestOf(o job.Order, sum []byte) string {
	whole := sha256.New()
	fmt.Fprintf(whole, "%x %t %t %t %t %x", sum, o.PDF, o.XLSX, o.Summary, o.Numbers, o.Profile)
	return hex.EncodeToString(whole.Sum(nil))
}

// Remove takes the file away.
func (u *Upload) Remove() {
	if u.File != nil {
		_ = u.File.Close()
		_ = os.Remove(u.File.Name())
	}
}

// take reads one part.
func (u *Upload) take(part *multipart.Part) error {
	name := part.FormName()
	if !slices.Contains(batchParts, name) {
		return NewProblem(http.StatusUnprocessableEntity,
			fmt.Sprintf("Không có phần “%s”; các phần: %s.", name, strings.Join(batchParts, ", ")))
	}
	if slices.Contains(u.seen, name) && name != "format" { // each check box of a page is a part
		return NewProblem(http.StatusUnprocessableEntity, fmt.Sprintf("Chỉ gửi một phần “%s”.", name))
	}
	again := slices.Contains(u.seen, name)
	u.seen = append(u.seen, name)
	if name == "data" {
		return u.takeData(part)
	}
	value, err := readField(part)
	if err != nil {
		return err
	}
	switch name {
	case "don_vi":
		if len(value) > 0 {
			u.Order.Profile = value
		}
		return nil
	case "summary":
		return yesOrNo(name, value, &u.Order.Summary)
	case "numbers":
		return yesOrNo(name, value, &u.Order.Numbers)
	default:
		if !again && strings.TrimSpace(string(value)) != "" {
			u.Order.PDF, u.Order.XLSX = false, false
		}
		return u.takeFormats(string(value))
	}
}

// readField reads a part that is not the data.
func readField(part *multipart.Part) ([]byte, error) {
	value, err := io.ReadAll(io.LimitReader(part, MaxField+1))
	if err != nil {
		return nil, unreadable(err)
	}
	if len(value) > MaxField {
		return nil, NewProblem(http.StatusRequestEntityTooLarge, fmt.Sprintf("Phần “%s” chỉ nhận tối đa %d MB.", part.FormName(), MaxField>>20))
	}
	return value, nil
}

// takeData writes the data to a file, after a look at what they are.
func (u *Upload) takeData(part *multipart.Part) error {
	u.Name = PlainName(part.FileName())
	ending := strings.ToLower(path.Ext(u.Name))
	if !slices.Contains(batchEndings, ending) {
		return NewProblem(http.StatusUnsupportedMediaType,
			fmt.Sprintf("Tệp đầu vào “%s” phải có đuôi %s.", u.Name, strings.Join(batchEndings, " hoặc ")))
	}
	u.Order.Name = strings.TrimSuffix(u.Name, path.Ext(u.Name))
	data := bufio.NewReader(part)
	begin, err := data.Peek(len("PK"))
	if err != nil && !errors.Is(err, io.EOF) {
		return unreadable(err)
	}
	if ending != ".csv" && len(begin) > 0 && string(begin) != "PK" { // an .xlsx file is a ZIP file too
		return NewProblem(http.StatusUnsupportedMediaType,
			fmt.Sprintf("Tệp “%s” không phải tệp ZIP hay bảng tính Excel, tuy có đuôi %s.", u.Name, ending))
	}
	if u.File, err = os.CreateTemp("", "vanthu-lo-*"); err != nil {
		return err
	}
	_ = os.Remove(u.File.Name()) // so that nothing is left even of a process that is killed; Windows refuses, and remove does it
	from := &failing{Reader: data}
	sum := sha256.New()
	u.Size, err = io.Copy(io.MultiWriter(u.File, sum), from)
	u.sum = sum.Sum(nil)
	if from.err != nil {
		return unreadable(from.err)
	}
	return err
}

// failing remembers the error of a reader, to tell it from that of a writer.
type failing struct {
	io.Reader
	err error
}

// Read reads.
func (r *failing) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		r.err = err
	}
	return n, err
}

// takeFormats reads which files are made beside the Word file, which always is.
func (u *Upload) takeFormats(list string) error {
	if strings.TrimSpace(list) == "" {
		return nil
	}
	for format := range strings.SplitSeq(list, ",") {
		switch strings.TrimSpace(format) {
		case AsWord:
		case AsPDF:
			u.Order.PDF = true
		case AsExcel:
			u.Order.XLSX = true
		default:
			return NewProblem(http.StatusUnprocessableEntity,
				fmt.Sprintf("Phần “format” có “%s”; các dạng: docx, pdf, xlsx, cách nhau bằng dấu phẩy.", strings.TrimSpace(format)))
		}
	}
	return nil
}

func yesOrNo(name string, value []byte, into *bool) error {
	switch string(value) {
	case "true":
		*into = true
	case "false", "":
	default:
		return NewProblem(http.StatusUnprocessableEntity, fmt.Sprintf("Phần “%s” phải là true hoặc false.", name))
	}
	return nil
}

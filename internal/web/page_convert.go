package web

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
)

// A Word file to be converted lies in the file store for a day, so that its PDF can be taken after its pages were looked at; its name is in the
// address of the page alone. Nothing of it is in the database.
const (
	convertPage   = "/chuyen-pdf"
	convertFolder = ".vanthu/chuyen-pdf/"
	keptToConvert = 24 * time.Hour
	stampForm     = "20060102150405"
)

// goodConvertID is the form of the names of such files: when they came, UTC, and what nobody guesses.
var goodConvertID = lazyregexp.New(`^[0-9]{14}[a-z2-7]{26}$`)

// convertedPage is what chuyen-pdf-xem.html shows.
type convertedPage struct {
	ID, Name string
	Pages    []template.HTML
	Found    []level
	Blocked  bool
	PDF      string // where to take it
}

func (s *batcher) convertRoutes() []route {
	return []route{
		page(convertPage, account.Drafter, func(c *gin.Context) *Problem {
			return s.show(c, http.StatusOK, "chuyen-pdf.html", "Chuyển Word sang PDF", nil)
		}),
		s.action(convertPage, account.Drafter, maxWord, s.takeWord),
		page(convertPage+"/:id", account.Drafter, s.showWord),
		page(convertPage+"/:id/pdf", account.Drafter, s.giveConverted),
	}
}

// officeFolder is where the files of an office that wait to be converted lie.
func officeFolder(ctx context.Context) string {
	return fmt.Sprintf("%s_%x/", convertFolder, who(ctx).Office)
}

func (s *batcher) takeWord(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	file, p := wordFromForm(formOf(c))
	if p != nil {
		return p
	}
	if err := s.forgetWords(ctx); err != nil {
		_ = s.fault(ctx, "forget old files", err) // the next one tries again
	}
	id := s.now().UTC().Format(stampForm) + newDraftID()
	if err := s.jobs.Files.Put(ctx, officeFolder(ctx)+id, bytes.NewReader(file.data), int64(len(file.data))); err != nil {
		return s.fault(ctx, "keep upload", err)
	}
	c.Redirect(http.StatusSeeOther, convertPage+"/"+id+"?ten="+url.QueryEscape(file.name))
	return nil
}

// forgetWords deletes what is older than a day.
func (s *batcher) forgetWords(ctx context.Context) error {
	var old []string
	for info, err := range s.jobs.Files.List(ctx, convertFolder) {
		if err != nil {
			return err
		}
		if s.isOld(path.Base(info.Name)) {
			old = append(old, info.Name)
		}
	}
	for _, name := range old {
		if err := s.jobs.Files.Delete(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (s *batcher) isOld(id string) bool {
	if !goodConvertID.MatchString(id) {
		return false
	}
	came, err := time.Parse(stampForm, id[:len(stampForm)])
	return err != nil || s.now().Sub(came) > keptToConvert
}

// waitingWord is the Word file of a request.
func (s *batcher) waitingWord(c *gin.Context) (part, *Problem) {
	ctx, id := c.Request.Context(), c.Param("id")
	gone := problem(http.StatusNotFound, "Tệp này không còn trên máy chủ: tệp gửi lên chỉ giữ một ngày. Hãy gửi lại tệp Word.")
	if !goodConvertID.MatchString(id) || s.isOld(id) {
		return part{}, gone
	}
	file, err := s.jobs.Files.Get(ctx, officeFolder(ctx)+id)
	if errors.Is(err, fs.ErrNotExist) {
		return part{}, gone
	}
	if err != nil {
		return part{}, s.fault(ctx, "open upload", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxWord))
	if err != nil {
		return part{}, s.fault(ctx, "read upload", err)
	}
	return part{name: cmp.Or(plainName(c.Query("ten")), "van-ban.docx"), data: data}, nil
}

func (s *batcher) showWord(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	file, p := s.waitingWord(c)
	if p != nil {
		return p
	}
	var pages []string
	var found diag.Findings
	var err error
	if !s.gate.work(ctx, func(ctx context.Context) { pages, found, err = s.Maker.PreviewWord(ctx, file.name, file.data) }) {
		return unserved(ctx)
	}
	if err != nil {
		return s.fault(ctx, "preview", err)
	}
	shown := convertedPage{ID: c.Param("id"), Name: file.name, Found: levels(found), Blocked: found.Blocking()}
	shown.PDF = convertPage + "/" + shown.ID + "/pdf?ten=" + url.QueryEscape(file.name)
	for _, page := range pages {
		shown.Pages = append(shown.Pages, template.HTML(page)) // painted here: words in it are escaped
	}
	return s.show(c, http.StatusOK, "chuyen-pdf-xem.html", strings.TrimSuffix(file.name, path.Ext(file.name)), shown)
}

func (s *batcher) giveConverted(c *gin.Context) *Problem {
	file, p := s.waitingWord(c)
	var made download
	if p == nil {
		made, p = s.converted(c.Request.Context(), file)
	}
	if p != nil {
		return p
	}
	giveDownload(c, made)
	return nil
}

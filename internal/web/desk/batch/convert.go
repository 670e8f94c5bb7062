package batch

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
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
)

// A Word file to be converted lies in the file store for a day, so that its PDF can be taken after its pages were looked at; its name is in the
// address of the page alone. Nothing of it is in the database.
const (
	ConvertPage   = "/chuyen-pdf"
	ConvertFolder = ".vanthu/chuyen-pdf/"
	KeptToConvert = 24 * time.Hour
	stampForm     = "20060102150405"
)

// goodConvertID is the form of the names of such files: when they came, UTC, and what nobody guesses.
var goodConvertID = lazyregexp.New(`^[0-9]{14}[a-z2-7]{26}$`)

// convertedPage is what converted.html shows.
type convertedPage struct {
	ID, Name string
	Pages    []template.HTML
	Found    []desk.Level
	Blocked  bool
	PDF      string // where to take it
}

func (s *Pages) convertRoutes() []web.Route {
	return []web.Route{
		web.PageRoute(ConvertPage, account.Drafter, func(c *gin.Context) *web.Problem {
			return s.Show(c, http.StatusOK, "convert.html", "Chuyển Word sang PDF", nil)
		}),
		s.Action(ConvertPage, account.Drafter, web.MaxWord, s.takeWord),
		web.PageRoute(ConvertPage+"/:id", account.Drafter, s.showWord),
		web.PageRoute(ConvertPage+"/:id/pdf", account.Drafter, s.giveConverted),
	}
}

// officeFolder is where the files of an office that wait to be converted lie.
func officeFolder(ctx context.Context) string {
	return fmt.Sprintf("%s_%x/", ConvertFolder, web.Principal(ctx).Office)
}

func (s *Pages) takeWord(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	file, p := web.WordFromForm(web.FormOf(c))
	if p != nil {
		return p
	}
	if err := s.forgetWords(ctx); err != nil {
		_ = s.Fault(ctx, "forget old files", err) // the next one tries again
	}
	id := s.Now().UTC().Format(stampForm) + desk.NewDraftID()
	if err := s.Jobs.Files.Put(ctx, officeFolder(ctx)+id, bytes.NewReader(file.Data), int64(len(file.Data))); err != nil {
		return s.Fault(ctx, "keep upload", err)
	}
	c.Redirect(http.StatusSeeOther, ConvertPage+"/"+id+"?ten="+url.QueryEscape(file.Name))
	return nil
}

// forgetWords deletes what is older than a day.
func (s *Pages) forgetWords(ctx context.Context) error {
	var old []string
	for info, err := range s.Jobs.Files.List(ctx, ConvertFolder) {
		if err != nil {
			return err
		}
		if s.isOld(path.Base(info.Name)) {
			old = append(old, info.Name)
		}
	}
	for _, name := range old {
		if err := s.Jobs.Files.Delete(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

func (s *Pages) isOld(id string) bool {
	if !goodConvertID.MatchString(id) {
		return false
	}
	came, err := time.Parse(stampForm, id[:len(stampForm)])
	return err != nil || s.Now().Sub(came) > KeptToConvert
}

// waitingWord is the Word file of a request.
func (s *Pages) waitingWord(c *gin.Context) (web.FormPart, *web.Problem) {
	ctx, id := c.Request.Context(), c.Param("id")
	gone := web.NewProblem(http.StatusNotFound, "Tệp này không còn trên máy chủ: tệp gửi lên chỉ giữ một ngày. Hãy gửi lại tệp Word.")
	if !goodConvertID.MatchString(id) || s.isOld(id) {
		return web.FormPart{}, gone
	}
	file, err := s.Jobs.Files.Get(ctx, officeFolder(ctx)+id)
	if errors.Is(err, fs.ErrNotExist) {
		return web.FormPart{}, gone
	}
	if err != nil {
		return web.FormPart{}, s.Fault(ctx, "open upload", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, web.MaxWord))
	if err != nil {
		return web.FormPart{}, s.Fault(ctx, "read upload", err)
	}
	return web.FormPart{Name: cmp.Or(web.PlainName(c.Query("ten")), "van-ban.docx"), Data: data}, nil
}

func (s *Pages) showWord(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	file, p := s.waitingWord(c)
	if p != nil {
		return p
	}
	var pages []string
	var found diag.Findings
	var err error
	if !s.Gate.Work(ctx, func(ctx context.Context) { pages, found, err = s.Maker.PreviewWord(ctx, file.Name, file.Data) }) {
		return web.Unserved(ctx)
	}
	if err != nil {
		return s.Fault(ctx, "preview", err)
	}
	shown := convertedPage{ID: c.Param("id"), Name: file.Name, Found: desk.Levels(found), Blocked: found.Blocking()}
	shown.PDF = ConvertPage + "/" + shown.ID + "/pdf?ten=" + url.QueryEscape(file.Name)
	for _, page := range pages {
		shown.Pages = append(shown.Pages, template.HTML(page)) // painted here: words in it are escaped
	}
	return s.Show(c, http.StatusOK, "converted.html", strings.TrimSuffix(file.Name, path.Ext(file.Name)), shown)
}

func (s *Pages) giveConverted(c *gin.Context) *web.Problem {
	file, p := s.waitingWord(c)
	var made web.Download
	if p == nil {
		made, p = s.Convert(c.Request.Context(), file)
	}
	if p != nil {
		return p
	}
	web.GiveDownload(c, made)
	return nil
}

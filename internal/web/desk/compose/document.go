package compose

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	deskservice "vanthu/internal/desk"
	"vanthu/internal/maker"
	"vanthu/internal/model"
	"vanthu/internal/store"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
)

// documentPage is what document.html shows: a version of a document that was made at the desk.
type documentPage struct {
	ID       string // of its draft
	Kind     string // its name
	Shown    store.Document
	Maker    string // login, or empty
	Versions []store.Document
	Latest   bool
	Files    []documentFile
	Sheets   []sheet
	HasDraft bool
	HasFile  bool // it was made of a data file that is there
	CanCopy  bool // its kind is still there

	Unregistered bool         // its number is not in the register
	Voided       *store.Entry // its number, void now; or nil
}

// documentFile is a file to download.
type documentFile struct {
	Name, Label, Hash string
	Size              int64
}

func (s *Pages) documentRoutes() []web.Route {
	return []web.Route{
		web.PageRoute("/van-ban/:id", account.Drafter, s.showDocument),
		web.PageRoute("/van-ban/:id/tep/:hash", account.Drafter, s.giveKept),
	}
}

// versionsOf are the versions of the document that a path names, the latest first, if it is of the asker's office.
func (s *Pages) versionsOf(ctx context.Context, id string) ([]store.Document, *web.Problem) {
	versions, err := s.Store.DocumentVersions(ctx, web.Principal(ctx).Office, deskservice.DocumentName(id))
	if errors.Is(err, store.ErrNotFound) {
		return nil, web.NewProblem(http.StatusNotFound, "Không có văn bản này.")
	}
	if err != nil {
		return nil, s.Fault(ctx, "document", err)
	}
	return versions, nil
}

// versionAsked is the version of a document that a query names, the latest for none.
func (s *Pages) versionAsked(ctx context.Context, id, version string) (store.Document, []store.Document, *web.Problem) {
	versions, p := s.versionsOf(ctx, id)
	if p != nil || version == "" {
		return slices.Concat(versions, make([]store.Document, 1))[0], versions, p
	}
	i := slices.IndexFunc(versions, func(d store.Document) bool { return strconv.Itoa(d.Version) == version })
	if i < 0 {
		return store.Document{}, nil, web.NewProblem(http.StatusNotFound, "Văn bản này không có bản "+version+".")
	}
	return versions[i], versions, nil
}

func (s *Pages) showDocument(c *gin.Context) *web.Problem {
	ctx, id := c.Request.Context(), c.Param("id")
	document, versions, p := s.versionAsked(ctx, id, c.Query("ban"))
	if p != nil {
		return p
	}
	shown := documentPage{ID: id, Shown: document, Versions: versions, Latest: document.Version == versions[0].Version, Kind: document.Kind}
	if schema := s.Office.Schema(document.Kind); schema != nil {
		shown.Kind, shown.CanCopy = schema.Name, len(document.Data) > 0
	}
	for _, file := range document.Files {
		shown.Files = append(shown.Files, documentFile{path.Base(file.Name), fileLabel(file.Name), file.Hash, file.Size})
	}
	draft, err := s.Store.Draft(ctx, document.Office, document.Draft)
	shown.HasDraft, shown.HasFile = err == nil && len(draft.Data) > 0, err == nil && desk.IsUpload(draft)
	if p = s.tellEntry(ctx, &shown); p == nil {
		shown.Maker, p = s.makerOf(ctx, document)
	}
	if p == nil {
		shown.Sheets, p = s.pagesOf(ctx, document)
	}
	if p != nil {
		return p
	}
	return s.Show(c, http.StatusOK, "document.html", desk.DocumentHeading(document), shown)
}

// tellEntry says of a document how its number stands with the register.
func (s *Pages) tellEntry(ctx context.Context, shown *documentPage) (p *web.Problem) {
	document := shown.Shown
	if document.NumberKey == "" {
		if shown.Latest {
			shown.Unregistered, p = s.Unregistered(ctx, document.Office, document.Symbol, document.Date)
		}
		return p
	}
	entry, err := s.Store.Entry(ctx, document.Office, document.NumberKey)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return s.Fault(ctx, "number of document", err)
	}
	if entry.State == store.Void {
		shown.Voided = &entry
	}
	return nil
}

func fileLabel(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".docx":
		return "Tải về Word"
	case ".pdf":
		return "Tải về PDF"
	case ".xlsx":
		return "Sổ theo dõi Excel"
	}
	return "Tải về " + path.Base(name)
}

// makerOf tells who made a version, by the audit; nobody in one-person mode.
func (s *Pages) makerOf(ctx context.Context, document store.Document) (string, *web.Problem) {
	acts, err := s.Store.Acts(ctx, store.ActFilter{Office: &document.Office, Action: "make-document", Words: document.Name})
	if err != nil {
		return "", s.Fault(ctx, "acts", err)
	}
	for _, act := range acts {
		if act.Subject == document.Name && strings.HasPrefix(act.Detail, fmt.Sprintf("bản %d:", document.Version)) {
			return act.Login, nil
		}
	}
	return "", nil
}

// pagesOf are the pages of a document, from its Word file. There are none where the file is gone.
func (s *Pages) pagesOf(ctx context.Context, document store.Document) (sheets []sheet, p *web.Problem) {
	if len(document.Files) == 0 {
		return nil, nil
	}
	docx, p := s.readKept(ctx, document.Files[0])
	if docx == nil {
		return nil, p
	}
	var pages []string
	var err error
	work := func(ctx context.Context) {
		pages, _, err = s.Maker.PreviewWord(ctx, path.Base(document.Files[0].Name), docx)
	}
	if !s.Gate.Work(ctx, work) {
		return nil, web.Unserved(ctx)
	}
	if err != nil {
		return nil, s.Fault(ctx, "preview document", err)
	}
	for _, picture := range pages {
		sheets = append(sheets, sheet{Picture: picture})
	}
	return sheets, nil
}

// readKept reads a file of a document; nil where it is not there any more.
func (s *Pages) readKept(ctx context.Context, file store.StoredFile) ([]byte, *web.Problem) {
	opened, err := s.Desk.OpenKept(ctx, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, s.Fault(ctx, "open kept", err)
	}
	defer opened.Close()
	data, err := io.ReadAll(opened)
	if err != nil {
		return nil, s.Fault(ctx, "read kept", err)
	}
	return data, nil
}

// giveKept returns a file of any version of a document.
func (s *Pages) giveKept(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	versions, p := s.versionsOf(ctx, c.Param("id"))
	if p != nil {
		return p
	}
	for _, version := range versions {
		i := slices.IndexFunc(version.Files, func(f store.StoredFile) bool { return f.Hash == c.Param("hash") })
		if i < 0 {
			continue
		}
		data, p := s.readKept(ctx, version.Files[i])
		if p != nil {
			return p
		}
		if data == nil {
			break
		}
		web.GiveDownload(c, web.Download{Name: path.Base(version.Files[i].Name), MediaType: mediaTypeOf(version.Files[i].Name), Data: data})
		return nil
	}
	return web.NewProblem(http.StatusNotFound, "Không còn tệp này. Hãy mở lại văn bản rồi tải về.")
}

func mediaTypeOf(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".docx":
		return web.WordType
	case ".pdf":
		return web.PdfType
	case ".xlsx":
		return web.ExcelType
	}
	return "application/octet-stream"
}

// dataOfDocument is the data of a new document of the same kind as one that was made: its own, but for number and date.
func (s *Pages) dataOfDocument(c *gin.Context, schema *model.Schema, id, version string) ([]byte, *web.Problem) {
	ctx := c.Request.Context()
	document, _, p := s.versionAsked(ctx, id, version)
	if p != nil {
		return nil, p
	}
	if document.Kind != schema.Kind || len(document.Data) == 0 {
		return nil, web.NewProblem(http.StatusNotFound, "Không lấy được dữ liệu của văn bản này.")
	}
	given, p := s.readKept(ctx, document.Data[0])
	if p != nil {
		return nil, p
	}
	if given == nil {
		return nil, web.NewProblem(http.StatusNotFound, "Tệp dữ liệu của văn bản này không còn trên máy chủ.")
	}
	data, p := s.DataFrom(ctx, maker.Request{File: maker.File{Name: path.Base(document.Data[0].Name), Data: given}})
	if p != nil {
		return nil, p
	}
	root, err := s.Desk.ReadForm(data)
	if err != nil {
		return nil, s.Fault(ctx, "read data", err)
	}
	root.Fields = slices.DeleteFunc(root.Fields, func(f model.Field) bool { return f.Key == desk.NumberField || f.Key == desk.DateField })
	root.Fields = append(root.Fields, s.today(schema).Fields...)
	return s.Desk.WriteForm(schema, root), nil
}

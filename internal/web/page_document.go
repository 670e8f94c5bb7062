package web

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
)

// documentPage is what van-ban.html shows: a version of a document that was made at the desk.
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

func (s *composer) documentRoutes() []route {
	return []route{
		page("/van-ban/:id", account.Drafter, s.showDocument),
		page("/van-ban/:id/tep/:hash", account.Drafter, s.giveKept),
	}
}

// versionsOf are the versions of the document that a path names, the latest first, if it is of the asker's office.
func (s *composer) versionsOf(ctx context.Context, id string) ([]store.Document, *Problem) {
	versions, err := s.store.DocumentVersions(ctx, who(ctx).Office, deskservice.DocumentName(id))
	if errors.Is(err, store.ErrNotFound) {
		return nil, problem(http.StatusNotFound, "Không có văn bản này.")
	}
	if err != nil {
		return nil, s.fault(ctx, "document", err)
	}
	return versions, nil
}

// versionAsked is the version of a document that a query names, the latest for none.
func (s *composer) versionAsked(ctx context.Context, id, version string) (store.Document, []store.Document, *Problem) {
	versions, p := s.versionsOf(ctx, id)
	if p != nil || version == "" {
		return slices.Concat(versions, make([]store.Document, 1))[0], versions, p
	}
	i := slices.IndexFunc(versions, func(d store.Document) bool { return strconv.Itoa(d.Version) == version })
	if i < 0 {
		return store.Document{}, nil, problem(http.StatusNotFound, "Văn bản này không có bản "+version+".")
	}
	return versions[i], versions, nil
}

func (s *composer) showDocument(c *gin.Context) *Problem {
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
	draft, err := s.store.Draft(ctx, document.Office, document.Draft)
	shown.HasDraft, shown.HasFile = err == nil && len(draft.Data) > 0, err == nil && isUpload(draft)
	if p = s.tellEntry(ctx, &shown); p == nil {
		shown.Maker, p = s.makerOf(ctx, document)
	}
	if p == nil {
		shown.Sheets, p = s.pagesOf(ctx, document)
	}
	if p != nil {
		return p
	}
	return s.show(c, http.StatusOK, "van-ban.html", documentHeading(document), shown)
}

// tellEntry says of a document how its number stands with the register.
func (s *composer) tellEntry(ctx context.Context, shown *documentPage) (p *Problem) {
	document := shown.Shown
	if document.NumberKey == "" {
		if shown.Latest {
			shown.Unregistered, p = s.unregistered(ctx, document.Office, document.Symbol, document.Date)
		}
		return p
	}
	entry, err := s.store.Entry(ctx, document.Office, document.NumberKey)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return s.fault(ctx, "number of document", err)
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
func (s *composer) makerOf(ctx context.Context, document store.Document) (string, *Problem) {
	acts, err := s.store.Acts(ctx, store.ActFilter{Office: &document.Office, Action: "make-document", Words: document.Name})
	if err != nil {
		return "", s.fault(ctx, "acts", err)
	}
	for _, act := range acts {
		if act.Subject == document.Name && strings.HasPrefix(act.Detail, fmt.Sprintf("bản %d:", document.Version)) {
			return act.Login, nil
		}
	}
	return "", nil
}

// pagesOf are the pages of a document, from its Word file. There are none where the file is gone.
func (s *composer) pagesOf(ctx context.Context, document store.Document) (sheets []sheet, p *Problem) {
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
	if !s.gate.work(ctx, work) {
		return nil, unserved(ctx)
	}
	if err != nil {
		return nil, s.fault(ctx, "preview document", err)
	}
	for _, picture := range pages {
		sheets = append(sheets, sheet{Picture: picture})
	}
	return sheets, nil
}

// readKept reads a file of a document; nil where it is not there any more.
func (s *composer) readKept(ctx context.Context, file store.StoredFile) ([]byte, *Problem) {
	opened, err := s.Desk.OpenKept(ctx, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, s.fault(ctx, "open kept", err)
	}
	defer opened.Close()
	data, err := io.ReadAll(opened)
	if err != nil {
		return nil, s.fault(ctx, "read kept", err)
	}
	return data, nil
}

// giveKept gives a file of any version of a document.
func (s *composer) giveKept(c *gin.Context) *Problem {
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
		giveDownload(c, download{name: path.Base(version.Files[i].Name), mediaType: mediaTypeOf(version.Files[i].Name), data: data})
		return nil
	}
	return problem(http.StatusNotFound, "Không còn tệp này. Hãy mở lại văn bản rồi tải về.")
}

func mediaTypeOf(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".docx":
		return wordType
	case ".pdf":
		return pdfType
	case ".xlsx":
		return excelType
	}
	return "application/octet-stream"
}

// dataOfDocument is the data of a new document of the same kind as one that was made: its own, but for number and date.
func (s *composer) dataOfDocument(c *gin.Context, schema *model.Schema, id, version string) ([]byte, *Problem) {
	ctx := c.Request.Context()
	document, _, p := s.versionAsked(ctx, id, version)
	if p != nil {
		return nil, p
	}
	if document.Kind != schema.Kind || len(document.Data) == 0 {
		return nil, problem(http.StatusNotFound, "Không lấy được dữ liệu của văn bản này.")
	}
	given, p := s.readKept(ctx, document.Data[0])
	if p != nil {
		return nil, p
	}
	if given == nil {
		return nil, problem(http.StatusNotFound, "Tệp dữ liệu của văn bản này không còn trên máy chủ.")
	}
	data, p := s.dataFrom(ctx, maker.Request{File: maker.File{Name: path.Base(document.Data[0].Name), Data: given}})
	if p != nil {
		return nil, p
	}
	root, err := s.Desk.ReadForm(data)
	if err != nil {
		return nil, s.fault(ctx, "read data", err)
	}
	root.Fields = slices.DeleteFunc(root.Fields, func(f model.Field) bool { return f.Key == numberField || f.Key == dateField })
	root.Fields = append(root.Fields, s.today(schema).Fields...)
	return s.Desk.WriteForm(schema, root), nil
}

package batch

import (
	"cmp"
	"context"
	"errors"
	"html/template"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	deskservice "vanthu/internal/desk"
	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/office"
	"vanthu/internal/register"
	"vanthu/internal/store"
	"vanthu/internal/vi"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
)

const maxUploadsListed = 10

// typedEndings are those of documents that a person typed: they go to the form, not to a table of columns.
var typedEndings = []string{".docx", ".txt"}

// filePage is what file.html shows.
type filePage struct {
	Uploads []uploadedFile
	Groups  []desk.KindGroup // whose input workbooks can be taken
}

// uploadedFile is a line in the list of what was sent before.
type uploadedFile struct {
	store.Draft
	Kind string // its name
}

func (s *Pages) fileRoutes() []web.Route {
	return []web.Route{
		web.PageRoute(desk.FilePath, account.Drafter, s.filePage),
		s.Action(desk.FilePath, account.Drafter, web.MaxWord, s.takeFile),
		web.PageRoute(desk.FilePath+"/:id", account.Drafter, s.showFile),
		s.Action(desk.FilePath+"/:id/thay", account.Drafter, web.MaxWord, s.replaceFile),
		s.Action(desk.FilePath+"/:id/loai", account.Drafter, web.MaxSmall, s.chooseKind),
		s.Action(desk.FilePath+"/:id/tai-ve", account.Drafter, web.MaxSmall, s.giveDocument),
		s.Action(desk.FilePath+"/:id/lay-so", account.Clerk, web.MaxSmall, s.numberFile),
		web.PageRoute(desk.FilePath+"/:id/to-mau", account.Drafter, s.giveMarked),
		s.Action(desk.FilePath+"/:id/soan", account.Drafter, web.MaxSmall, s.composeFile),
		s.Action(desk.FilePath+"/:id/lo", account.Clerk, web.MaxSmall, s.batchOfFile),
		s.Action(desk.FilePath+"/:id/xoa", account.Drafter, web.MaxSmall, s.dropFile),
		web.PageRoute("/tep-mau/:kind", account.Drafter, s.giveInput),
	}
}

func (s *Pages) filePage(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	const enough = 200 // of all drafts, those of the form among them
	drafts, err := s.Store.Drafts(ctx, web.Principal(ctx).Office, enough)
	if err != nil {
		return s.Fault(ctx, "list drafts", err)
	}
	shown := filePage{Groups: desk.GroupKinds(s.Office.Kinds())}
	for _, draft := range drafts {
		if desk.IsUpload(draft) && len(shown.Uploads) < maxUploadsListed {
			kind, _ := s.KindNamed(draft.Kind)
			shown.Uploads = append(shown.Uploads, uploadedFile{draft, kind.Name})
		}
	}
	return s.Show(c, http.StatusOK, "file.html", "Từ tệp dữ liệu", shown)
}

// takeFile keeps what was sent and shows how it is understood; a typed document goes on to the form.
func (s *Pages) takeFile(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	draft, p := s.keepParts(ctx, store.Draft{ID: desk.NewDraftID(), Office: web.Principal(ctx).Office, Author: web.Principal(ctx).Login, Created: s.Now(), Saved: s.Now()}, web.FormOf(c))
	if p != nil {
		return p
	}
	if isTyped(draft.Title) {
		switch id, _, p := s.importTyped(ctx, draft); {
		case p != nil:
			return p
		case id != "":
			s.Audit(c, "import-document", draft.Title, "")
			c.Redirect(http.StatusSeeOther, desk.FreshDraft(id))
			return nil
		}
	}
	if draft, p = s.sorted(ctx, draft); p != nil {
		return p
	}
	if err := s.Store.AddDraft(ctx, draft); err != nil {
		return s.Fault(ctx, "keep draft", err)
	}
	s.Audit(c, "send-file", draft.Title, "")
	c.Redirect(http.StatusSeeOther, desk.FilePath+"/"+draft.ID)
	return nil
}

// replaceFile takes a mended file in place of that of a draft. Tables and the period before stay, where none are sent with it.
func (s *Pages) replaceFile(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	draft, p := s.fileDraft(c)
	if p == nil {
		draft, p = s.keepParts(ctx, draft, web.FormOf(c))
	}
	if p == nil {
		draft, p = s.sorted(ctx, draft)
	}
	if p != nil {
		return p
	}
	if p := s.saveDraft(ctx, draft); p != nil {
		return p
	}
	s.Audit(c, "send-file", draft.Title, "")
	c.Redirect(http.StatusSeeOther, desk.FilePath+"/"+draft.ID)
	return nil
}

func (s *Pages) saveDraft(ctx context.Context, draft store.Draft) *web.Problem {
	draft.Saved = s.Now()
	_, err := s.Store.SaveDraft(ctx, draft)
	switch {
	case errors.Is(err, store.ErrChanged):
		return web.NewProblem(http.StatusConflict, "Tệp này vừa được người khác thay. Hãy mở lại trang để xem tệp mới.")
	case errors.Is(err, store.ErrNotFound):
		return noSuchFile()
	case err != nil:
		return s.Fault(ctx, "save draft", err)
	}
	return nil
}

// keepParts puts the parts of a form into the file store and into a draft.
func (s *Pages) keepParts(ctx context.Context, draft store.Draft, form web.Form) (store.Draft, *web.Problem) {
	for _, role := range []struct {
		name, what string
		endings    []string
	}{
		{deskservice.DataRole, "Tệp dữ liệu", slices.Concat(web.DataEndings, typedEndings)},
		{deskservice.TableRole, "Tệp số liệu các bảng", web.TableEndings},
		{deskservice.PreviousRole, "Tệp số liệu kỳ trước", web.DataEndings},
	} {
		sent := slices.DeleteFunc(slices.Clone(form[role.name]), func(p web.FormPart) bool { return len(p.Data) == 0 }) // as browsers send what was not chosen
		switch {
		case len(sent) == 0 && role.name == deskservice.DataRole:
			return draft, web.NewProblem(http.StatusUnprocessableEntity, "Chưa chọn tệp dữ liệu, hoặc tệp rỗng. Hãy quay lại, chọn tệp rồi gửi.")
		case len(sent) == 0:
			continue
		}
		draft.Files = slices.DeleteFunc(slices.Clone(draft.Files), func(f store.DraftFile) bool { return f.Role == role.name })
		for _, part := range sent {
			if _, p := web.FileOf(role.what, part, role.endings); p != nil {
				return draft, p
			}
			hash, err := s.Desk.KeepUpload(ctx, part.Data)
			if err != nil {
				return draft, s.Fault(ctx, "keep upload", err)
			}
			draft.Files = append(draft.Files, store.DraftFile{Role: role.name, Name: part.Name, Size: int64(len(part.Data)), Hash: hash})
		}
		if role.name == deskservice.DataRole {
			draft.Title = sent[0].Name
		}
	}
	return draft, nil
}

// sorted says of a draft of which kind its file is, where that is known.
func (s *Pages) sorted(ctx context.Context, draft store.Draft) (store.Draft, *web.Problem) {
	request, p := s.RequestOf(ctx, &draft, "")
	if p != nil {
		return draft, p
	}
	var understood maker.Understanding
	var err error
	request.Kind = ""
	if !s.Gate.Work(ctx, func(ctx context.Context) { understood, _, err = s.Maker.Understand(ctx, request) }) {
		return draft, web.Unserved(ctx)
	}
	if err != nil {
		return draft, s.Fault(ctx, "understand file", err)
	}
	draft.Kind = cmp.Or(understood.Kind, draft.Kind)
	return draft, nil
}

func isTyped(name string) bool { return slices.Contains(typedEndings, strings.ToLower(path.Ext(name))) }

func noSuchFile() *web.Problem {
	return web.NewProblem(http.StatusNotFound, "Không có tệp này, hoặc tệp đã được xóa. Hãy tải tệp dữ liệu lên lại.")
}

// fileDraft is the draft of a request.
func (s *Pages) fileDraft(c *gin.Context) (store.Draft, *web.Problem) {
	ctx := c.Request.Context()
	if !desk.GoodDraftID.MatchString(c.Param("id")) {
		return store.Draft{}, noSuchFile()
	}
	draft, err := s.Store.Draft(ctx, web.Principal(ctx).Office, c.Param("id"))
	if errors.Is(err, store.ErrNotFound) || err == nil && !desk.IsUpload(draft) {
		return store.Draft{}, noSuchFile()
	}
	if err != nil {
		return store.Draft{}, s.Fault(ctx, "look draft up", err)
	}
	return draft, nil
}

// shownFile is what reading.html shows.
type shownFile struct {
	Draft     store.Draft
	Kind      office.Kind // of no slug where it is not known
	Named     bool        // the file itself says its kind
	Likely    []office.Kind
	Groups    []desk.KindGroup
	Format    string
	Typed     bool
	Workbook  bool
	Extras    []store.DraftFile
	Units     []maker.Unit      // more than one, or none
	Unit      string            // the one that is shown
	Fields    []maker.ReadField // with a value, or not understood
	Blank     []maker.ReadField
	Tables    []shownTable
	Unknown   int // fields that were not understood
	Found     []desk.Level
	Errors    int
	Marks     bool // there are cells to colour
	Pages     []template.HTML
	Symbol    string
	Title     string
	MayBatch  bool // as may those who take numbers
	Batchable bool

	Numberless   bool        // its document may get a number of the register
	Unregistered bool        // its number is not in the register
	Number       store.Entry // that the register gave, or of no key
	Day          vi.Date
}

// shownTable is a table that was read, with the number of its columns that were not understood.
type shownTable struct {
	maker.ReadTable
	Unknown int
}

func (s *Pages) showFile(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	draft, p := s.fileDraft(c)
	var request maker.Request
	if p == nil {
		request, p = s.RequestOf(ctx, &draft, c.Query("don-vi"))
	}
	if p != nil {
		return p
	}
	shown := shownFile{
		Draft: draft, Unit: request.Unit, Typed: isTyped(draft.Title), Workbook: strings.EqualFold(path.Ext(draft.Title), ".xlsx"),
		MayBatch: web.Principal(ctx).Role.May(account.Clerk), Batchable: len(request.Tables) == 0,
	}
	for _, file := range draft.Files {
		if file.Role != deskservice.DataRole {
			shown.Extras = append(shown.Extras, file)
		}
	}
	var err error
	if !s.Gate.Work(ctx, func(ctx context.Context) { err = s.read(ctx, request, &shown) }) {
		return web.Unserved(ctx)
	}
	if err != nil {
		return s.Fault(ctx, "read file", err)
	}
	if p := s.tellNumber(ctx, &shown); p != nil {
		return p
	}
	return s.Show(c, http.StatusOK, "reading.html", draft.Title, shown)
}

// tellNumber says of the document of a file how its number stands with the register.
func (s *Pages) tellNumber(ctx context.Context, shown *shownFile) (p *web.Problem) {
	if shown.Units != nil || shown.Symbol == "" {
		return nil
	}
	if shown.Number, p = s.NumberOf(ctx, &shown.Draft); p != nil || shown.Number.Key != "" {
		return p
	}
	shown.Numberless = strings.HasPrefix(register.PlainSymbol(shown.Symbol), "/")
	shown.Unregistered, p = s.Unregistered(ctx, shown.Draft.Office, shown.Symbol, shown.Day)
	return p
}

// read says how a file is understood and, where it makes one document, shows that.
func (s *Pages) read(ctx context.Context, request maker.Request, shown *shownFile) error {
	chosen := request.Kind
	request.Kind = ""
	understood, found, err := s.Maker.Understand(ctx, request)
	if shown.Named = understood.Kind != ""; err == nil && !shown.Named && chosen != "" {
		request.Kind = chosen
		understood, found, err = s.Maker.Understand(ctx, request)
	}
	if err != nil {
		return err
	}
	shown.Kind, _ = s.KindNamed(understood.Kind)
	shown.Format = understood.Format
	shown.tell(understood)
	if len(understood.Units) > 1 {
		shown.Units = understood.Units
	}
	if !shown.Named {
		shown.Groups = desk.GroupKinds(s.Office.Kinds())
		for _, slug := range understood.Likely {
			kind, _ := s.KindNamed(slug)
			shown.Likely = append(shown.Likely, kind)
		}
	}
	if understood.Kind != "" && (shown.Units == nil || request.Unit != "") {
		preview, more, err := s.Maker.Preview(ctx, request)
		if err != nil {
			return err
		}
		found, shown.Title, shown.Symbol, shown.Day = more, preview.Title, preview.Symbol, preview.Date
		for _, page := range preview.Pages {
			shown.Pages = append(shown.Pages, template.HTML(page)) // painted here: words in it are escaped
		}
	}
	found = slices.DeleteFunc(found, func(f diag.Finding) bool { // what the page itself asks and says
		return understood.Kind == "" && f.Where.Field == desk.KindField || f.Severity == diag.Info && f.Code == diag.ManyUnits
	})
	shown.judge(found, request.Name)
	return nil
}

// judge counts what is wrong.
func (f *shownFile) judge(found diag.Findings, name string) {
	f.Found = desk.Levels(found)
	for _, finding := range found {
		if finding.Severity == diag.Error {
			f.Errors++
		}
		if finding.Severity != diag.Info && finding.Where.Cell != "" && finding.Where.File == path.Base(name) && f.Workbook {
			f.Marks = true
		}
	}
}

// tell sorts what was read: what was not understood first.
func (f *shownFile) tell(understood maker.Understanding) {
	var known []maker.ReadField
	for _, field := range understood.Fields {
		switch {
		case field.Key == "":
			f.Fields = append(f.Fields, field)
		case field.Value == "":
			f.Blank = append(f.Blank, field)
		default:
			known = append(known, field)
		}
	}
	f.Unknown = len(f.Fields)
	f.Fields = append(f.Fields, known...)
	for _, table := range understood.Tables {
		shown := shownTable{ReadTable: table}
		for _, column := range table.Columns {
			if column.Key == "" {
				shown.Unknown++
			}
		}
		f.Tables = append(f.Tables, shown)
	}
}

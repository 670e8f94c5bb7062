package web

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
)

const maxUploadsListed = 10

// typedEndings are those of documents that a person typed: they go to the form, not to a table of columns.
var typedEndings = []string{".docx", ".txt"}

// filePage is what tep.html shows.
type filePage struct {
	Uploads []uploadedFile
	Groups  []kindGroup // whose input workbooks can be taken
}

// uploadedFile is a line in the list of what was sent before.
type uploadedFile struct {
	store.Draft
	Kind string // its name
}

func (s *batcher) fileRoutes() []route {
	return []route{
		page(filePath, account.Drafter, s.filePage),
		s.action(filePath, account.Drafter, maxWord, s.takeFile),
		page(filePath+"/:id", account.Drafter, s.showFile),
		s.action(filePath+"/:id/thay", account.Drafter, maxWord, s.replaceFile),
		s.action(filePath+"/:id/loai", account.Drafter, maxSmall, s.chooseKind),
		s.action(filePath+"/:id/tai-ve", account.Drafter, maxSmall, s.giveDocument),
		s.action(filePath+"/:id/lay-so", account.Clerk, maxSmall, s.numberFile),
		page(filePath+"/:id/to-mau", account.Drafter, s.giveMarked),
		s.action(filePath+"/:id/soan", account.Drafter, maxSmall, s.composeFile),
		s.action(filePath+"/:id/lo", account.Clerk, maxSmall, s.batchOfFile),
		s.action(filePath+"/:id/xoa", account.Drafter, maxSmall, s.dropFile),
		page("/tep-mau/:kind", account.Drafter, s.giveInput),
	}
}

func (s *batcher) filePage(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	const enough = 200 // of all drafts, those of the form among them
	drafts, err := s.store.Drafts(ctx, who(ctx).Office, enough)
	if err != nil {
		return s.fault(ctx, "list drafts", err)
	}
	shown := filePage{Groups: groupKinds(s.Office.Kinds())}
	for _, draft := range drafts {
		if isUpload(draft) && len(shown.Uploads) < maxUploadsListed {
			kind, _ := s.kindNamed(draft.Kind)
			shown.Uploads = append(shown.Uploads, uploadedFile{draft, kind.Name})
		}
	}
	return s.show(c, http.StatusOK, "tep.html", "Từ tệp dữ liệu", shown)
}

// takeFile keeps what was sent and shows how it is understood; a typed document goes on to the form.
func (s *batcher) takeFile(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	draft, p := s.keepParts(ctx, store.Draft{ID: newDraftID(), Office: who(ctx).Office, Author: who(ctx).Login, Created: s.now(), Saved: s.now()}, formOf(c))
	if p != nil {
		return p
	}
	if isTyped(draft.Title) {
		switch id, _, p := s.importTyped(ctx, draft); {
		case p != nil:
			return p
		case id != "":
			s.did(c, "import-document", draft.Title, "")
			c.Redirect(http.StatusSeeOther, freshDraft(id))
			return nil
		}
	}
	if draft, p = s.sorted(ctx, draft); p != nil {
		return p
	}
	if err := s.store.AddDraft(ctx, draft); err != nil {
		return s.fault(ctx, "keep draft", err)
	}
	s.did(c, "send-file", draft.Title, "")
	c.Redirect(http.StatusSeeOther, filePath+"/"+draft.ID)
	return nil
}

// replaceFile takes a mended file in place of that of a draft. Tables and the period before stay, where none are sent with it.
func (s *batcher) replaceFile(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	draft, p := s.fileDraft(c)
	if p == nil {
		draft, p = s.keepParts(ctx, draft, formOf(c))
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
	s.did(c, "send-file", draft.Title, "")
	c.Redirect(http.StatusSeeOther, filePath+"/"+draft.ID)
	return nil
}

func (s *batcher) saveDraft(ctx context.Context, draft store.Draft) *Problem {
	draft.Saved = s.now()
	_, err := s.store.SaveDraft(ctx, draft)
	switch {
	case errors.Is(err, store.ErrChanged):
		return problem(http.StatusConflict, "Tệp này vừa được người khác thay. Hãy mở lại trang để xem tệp mới.")
	case errors.Is(err, store.ErrNotFound):
		return noSuchFile()
	case err != nil:
		return s.fault(ctx, "save draft", err)
	}
	return nil
}

// keepParts puts the parts of a form into the file store and into a draft.
func (s *batcher) keepParts(ctx context.Context, draft store.Draft, form parts) (store.Draft, *Problem) {
	for _, role := range []struct {
		name, what string
		endings    []string
	}{
		{deskservice.DataRole, "Tệp dữ liệu", slices.Concat(dataEndings, typedEndings)},
		{deskservice.TableRole, "Tệp số liệu các bảng", tableEndings},
		{deskservice.PreviousRole, "Tệp số liệu kỳ trước", dataEndings},
	} {
		sent := slices.DeleteFunc(slices.Clone(form[role.name]), func(p part) bool { return len(p.data) == 0 }) // as browsers send what was not chosen
		switch {
		case len(sent) == 0 && role.name == deskservice.DataRole:
			return draft, problem(http.StatusUnprocessableEntity, "Chưa chọn tệp dữ liệu, hoặc tệp rỗng. Hãy quay lại, chọn tệp rồi gửi.")
		case len(sent) == 0:
			continue
		}
		draft.Files = slices.DeleteFunc(slices.Clone(draft.Files), func(f store.DraftFile) bool { return f.Role == role.name })
		for _, part := range sent {
			if _, p := fileOf(role.what, part, role.endings); p != nil {
				return draft, p
			}
			hash, err := s.Desk.KeepUpload(ctx, part.data)
			if err != nil {
				return draft, s.fault(ctx, "keep upload", err)
			}
			draft.Files = append(draft.Files, store.DraftFile{Role: role.name, Name: part.name, Size: int64(len(part.data)), Hash: hash})
		}
		if role.name == deskservice.DataRole {
			draft.Title = sent[0].name
		}
	}
	return draft, nil
}

// sorted says of a draft of which kind its file is, where that is known.
func (s *batcher) sorted(ctx context.Context, draft store.Draft) (store.Draft, *Problem) {
	request, p := s.requestOf(ctx, &draft, "")
	if p != nil {
		return draft, p
	}
	var understood maker.Understanding
	var err error
	request.Kind = ""
	if !s.gate.work(ctx, func(ctx context.Context) { understood, _, err = s.Maker.Understand(ctx, request) }) {
		return draft, unserved(ctx)
	}
	if err != nil {
		return draft, s.fault(ctx, "understand file", err)
	}
	draft.Kind = cmp.Or(understood.Kind, draft.Kind)
	return draft, nil
}

func isTyped(name string) bool { return slices.Contains(typedEndings, strings.ToLower(path.Ext(name))) }

func noSuchFile() *Problem {
	return problem(http.StatusNotFound, "Không có tệp này, hoặc tệp đã được xóa. Hãy tải tệp dữ liệu lên lại.")
}

// fileDraft is the draft of a request.
func (s *batcher) fileDraft(c *gin.Context) (store.Draft, *Problem) {
	ctx := c.Request.Context()
	if !goodDraftID.MatchString(c.Param("id")) {
		return store.Draft{}, noSuchFile()
	}
	draft, err := s.store.Draft(ctx, who(ctx).Office, c.Param("id"))
	if errors.Is(err, store.ErrNotFound) || err == nil && !isUpload(draft) {
		return store.Draft{}, noSuchFile()
	}
	if err != nil {
		return store.Draft{}, s.fault(ctx, "look draft up", err)
	}
	return draft, nil
}

// shownFile is what tep-xem.html shows.
type shownFile struct {
	Draft     store.Draft
	Kind      office.Kind // of no slug where it is not known
	Named     bool        // the file itself says its kind
	Likely    []office.Kind
	Groups    []kindGroup
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
	Found     []level
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

func (s *batcher) showFile(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	draft, p := s.fileDraft(c)
	var request maker.Request
	if p == nil {
		request, p = s.requestOf(ctx, &draft, c.Query("don-vi"))
	}
	if p != nil {
		return p
	}
	shown := shownFile{
		Draft: draft, Unit: request.Unit, Typed: isTyped(draft.Title), Workbook: strings.EqualFold(path.Ext(draft.Title), ".xlsx"),
		MayBatch: who(ctx).Role.May(account.Clerk), Batchable: len(request.Tables) == 0,
	}
	for _, file := range draft.Files {
		if file.Role != deskservice.DataRole {
			shown.Extras = append(shown.Extras, file)
		}
	}
	var err error
	if !s.gate.work(ctx, func(ctx context.Context) { err = s.read(ctx, request, &shown) }) {
		return unserved(ctx)
	}
	if err != nil {
		return s.fault(ctx, "read file", err)
	}
	if p := s.tellNumber(ctx, &shown); p != nil {
		return p
	}
	return s.show(c, http.StatusOK, "tep-xem.html", draft.Title, shown)
}

// tellNumber says of the document of a file how its number stands with the register.
func (s *batcher) tellNumber(ctx context.Context, shown *shownFile) (p *Problem) {
	if shown.Units != nil || shown.Symbol == "" {
		return nil
	}
	if shown.Number, p = s.numberOf(ctx, &shown.Draft); p != nil || shown.Number.Key != "" {
		return p
	}
	shown.Numberless = strings.HasPrefix(register.PlainSymbol(shown.Symbol), "/")
	shown.Unregistered, p = s.unregistered(ctx, shown.Draft.Office, shown.Symbol, shown.Day)
	return p
}

// read says how a file is understood and, where it makes one document, shows that.
func (s *batcher) read(ctx context.Context, request maker.Request, shown *shownFile) error {
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
	shown.Kind, _ = s.kindNamed(understood.Kind)
	shown.Format = understood.Format
	shown.tell(understood)
	if len(understood.Units) > 1 {
		shown.Units = understood.Units
	}
	if !shown.Named {
		shown.Groups = groupKinds(s.Office.Kinds())
		for _, slug := range understood.Likely {
			kind, _ := s.kindNamed(slug)
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
		return understood.Kind == "" && f.Where.Field == kindField || f.Severity == diag.Info && f.Code == diag.ManyUnits
	})
	shown.judge(found, request.Name)
	return nil
}

// judge counts what is wrong.
func (f *shownFile) judge(found diag.Findings, name string) {
	f.Found = levels(found)
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

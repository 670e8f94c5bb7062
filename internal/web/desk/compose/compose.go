package compose

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	deskservice "vanthu/internal/desk"
	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/model"
	"vanthu/internal/office"
	"vanthu/internal/register"
	"vanthu/internal/store"
	"vanthu/internal/vi"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
)

// Pages is the pages of drafts and of the documents made of them.
type Pages struct{ *desk.Shell }

// Files are what browsers are given for the pages.
//
//go:embed *.html *.js *.css
var Files embed.FS

// New returns the pages of drafts and documents on a desk.
func New(d *desk.Shell) *Pages { return &Pages{d} }

// Routes are their addresses.
func (s *Pages) Routes() []web.Route {
	return slices.Concat(s.composeRoutes(), s.documentRoutes())
}

// Names of fields of the form that are no data: no key begins so.
const (
	VersionField = "_ban"    // of the draft, as the page knows it; 0 for one that was not saved yet
	NewIDField   = "_ma"     // of a draft that was not saved yet: saving it twice makes one draft
	HavingField  = "_trang"  // the tags of the pages that the browser shows
	BareField    = "_chiluu" // only save: nobody waits for the preview
)

// composePage is what compose.html shows.
type composePage struct {
	ID       string
	Version  int // 0 for a draft that was not saved yet
	Saved    time.Time
	Kind     office.Kind
	Sections []formSection
	Look     look

	Tracked, Compares bool   // the kind has a progress workbook; it can be compared with the period before
	Previous, Tables  string // names of files
	MayNumber         bool   // take a number
	Numbered          bool
	Profiled          bool         // the office has said its name
	Voided            *store.Entry // the number that its document had, void now; or nil
	From              *fromTyped   // the typed document that it was made of, or nil
	Stuck             bool         // it was asked for and could not be made
	Example           bool         // may be filled in
	Sample            bool         // is filled in
	AskClerk          bool         // who asks may not take the number that is missing
	Unknown           []formField  // what the data say that the kind does not have

	refused diag.Findings // why it could not be made
}

func (s *Pages) composeRoutes() []web.Route {
	return []web.Route{
		web.PageRoute("/soan/:kind", account.Drafter, s.newDraft),
		web.PageRoute("/ban-thao/:id", account.Drafter, s.showDraft),
		web.PageRoute("/ban-thao/:id/ban", account.Drafter, s.tellVersion),
		s.Action("/ban-thao", account.Drafter, web.MaxForm, s.addDraft),
		s.Action("/ban-thao/:id", account.Drafter, web.MaxForm, s.saveTyped),
		s.Action("/ban-thao/:id/xoa", account.Drafter, web.MaxSmall, s.dropDraft),
		s.Action("/ban-thao/:id/ky-truoc", account.Drafter, web.MaxData, s.takePrevious),
		s.Action("/ban-thao/:id/lam", account.Drafter, web.MaxSmall, s.makeDraft),
		s.Action("/ban-thao/:id/loai", account.Drafter, web.MaxSmall, s.importAgain),
		s.Action("/ban-thao/:id/lay-so", account.Clerk, web.MaxSmall, s.numberDraft),
	}
}

// newDraft shows the form of a kind: blank but for the date, with the example of the kind (?vi-du=1), or with the data of a document (?tu=ID).
// Nothing is kept before something is typed.
func (s *Pages) newDraft(c *gin.Context) *web.Problem {
	schema := s.Office.Schema(c.Param("kind"))
	if schema == nil {
		return web.NewProblem(http.StatusNotFound, "Không có loại văn bản “"+c.Param("kind")+"”. Hãy chọn ở trang chủ.")
	}
	draft := store.Draft{ID: desk.NewDraftID(), Office: web.Principal(c.Request.Context()).Office, Kind: schema.Kind}
	var p *web.Problem
	switch {
	case c.Query("tu") != "":
		draft.Data, p = s.dataOfDocument(c, schema, c.Query("tu"), c.Query("ban"))
	case c.Query("vi-du") != "":
		starter, _ := s.Office.Starter(schema.Kind)
		draft.Data, p = s.DataFrom(c.Request.Context(), maker.Request{File: maker.File{Name: "vi-du.yaml", Data: starter}})
		if p == nil {
			draft.Data, p = s.Without(c.Request.Context(), schema, draft.Data, desk.NumberField) // an example takes no number
		}
	default:
		draft.Data = s.Desk.WriteForm(schema, s.today(schema))
	}
	if p != nil {
		return p
	}
	return s.showForm(c, schema, draft, composePage{Example: c.Query("vi-du") == "" && c.Query("tu") == "", Sample: c.Query("vi-du") != ""})
}

// today is the data of a new document: its date.
func (s *Pages) today(schema *model.Schema) model.Node {
	root := model.Node{Shape: model.Group}
	if slices.ContainsFunc(schema.Fields, func(f model.FieldSpec) bool { return f.Key == desk.DateField }) {
		text := s.Now().In(vi.Zone).Format("02/01/2006")
		root.Fields = append(root.Fields, model.Field{Key: desk.DateField, Value: model.Node{Shape: model.Scalar, Text: text}})
	}
	return root
}

// DataFrom makes the data of a draft from a data file.
func (s *Pages) DataFrom(ctx context.Context, request maker.Request) (data []byte, p *web.Problem) {
	var found diag.Findings
	var err error
	request.Office = web.Principal(ctx).Office
	if !s.Gate.Work(ctx, func(ctx context.Context) { data, _, found, err = s.Maker.DataFile(ctx, request) }) {
		return nil, web.Unserved(ctx)
	}
	if err != nil {
		return nil, s.Fault(ctx, "data of draft", err)
	}
	if data == nil || slices.ContainsFunc(found, func(f diag.Finding) bool { return f.Code == diag.TooLargeToEdit }) {
		return nil, web.Blocked(found)
	}
	return data, nil
}

func (s *Pages) showDraft(c *gin.Context) *web.Problem {
	draft, p := s.draftOf(c)
	if p != nil {
		return p
	}
	if len(draft.Data) == 0 { // what was uploaded has a page of its own
		c.Redirect(http.StatusSeeOther, desk.FilePath+"/"+draft.ID)
		return nil
	}
	schema, p := s.schemaOf(&draft)
	if p != nil {
		return p
	}
	return s.showForm(c, schema, draft, composePage{})
}

// showForm shows a draft in its form, with its preview.
func (s *Pages) showForm(c *gin.Context, schema *model.Schema, draft store.Draft, shown composePage) *web.Problem {
	ctx := c.Request.Context()
	last, p := s.WithNumber(ctx, &draft)
	if p != nil {
		return p
	}
	number := register.Standing(last)
	root, err := s.Desk.ReadForm(draft.Data)
	if err != nil {
		return s.Fault(ctx, "read draft", err)
	}
	profile, p := s.OfficeOfDraft(ctx, draft.Office)
	if p != nil {
		return p
	}
	if shown.Look, p = s.look(ctx, schema, &draft, nil); p != nil {
		return p
	}
	shown.Look.add(schema, shown.refused)
	shown.Stuck = shown.refused.Blocking()
	shown.ID, shown.Version, shown.Saved = draft.ID, draft.Version, draft.Saved
	shown.Kind = office.Kind{Slug: schema.Kind, Name: schema.Name, Group: schema.Group, Summary: schema.Summary}
	shown.Sections = formOfDraft(schema, root, profile)
	shown.Unknown = unknownOf(schema, root)
	shown.Profiled = profile.Agency.Name != ""
	if last.State == store.Void {
		shown.Voided = &last
	}
	if number.Key != "" {
		lockNumber(shown.Sections, number)
	}
	if shown.From, p = s.fromTyped(ctx, schema, &draft, root, c.Query(desk.FreshQuery) != ""); p != nil {
		return p
	}
	shown.Tracked = schema.Tracked()
	shown.Compares = schema.Tracked() && slices.ContainsFunc(schema.Fields, func(f model.FieldSpec) bool { return f.Type == model.PeriodField })
	shown.Previous, shown.Tables = fileNames(draft.Files, deskservice.PreviousRole), fileNames(draft.Files, deskservice.TableRole)
	shown.MayNumber = web.Principal(ctx).Role.May(account.Clerk) && HasField(schema, desk.NumberField) && number.Key == ""
	shown.AskClerk = !web.Principal(ctx).Role.May(account.Clerk) && HasField(schema, desk.NumberField) && number.Key == ""
	shown.Numbered = desk.Inside(root, desk.NumberField).Shape != model.Missing
	status := http.StatusOK
	if shown.Stuck {
		status = http.StatusUnprocessableEntity
	}
	return s.Show(c, status, "compose.html", schema.Name, shown)
}

// HasField reports whether a kind has a field of a key.
func HasField(schema *model.Schema, key string) bool {
	return slices.ContainsFunc(schema.Fields, func(f model.FieldSpec) bool { return f.Key == key })
}

// unknownOf is what data say under keys that the kind does not have.
func unknownOf(schema *model.Schema, root model.Node) (fields []formField) {
	for _, field := range root.Fields {
		if !HasField(schema, field.Key) && field.Value.Shape != model.Missing {
			label := field.Key
			if label == desk.BodyField {
				label = "Nội dung"
			}
			fields = append(fields, formField{Label: label, Value: desk.BoxText(field.Value)})
		}
	}
	return fields
}

func fileNames(files []store.DraftFile, role string) string {
	var names []string
	for _, file := range files {
		if file.Role == role {
			names = append(names, file.Name)
		}
	}
	return strings.Join(names, ", ")
}

// draftOf is the draft that a path names, if it is of the asker's office.
func (s *Pages) draftOf(c *gin.Context) (store.Draft, *web.Problem) {
	ctx := c.Request.Context()
	draft, err := s.Store.Draft(ctx, web.Principal(ctx).Office, c.Param("id"))
	if errors.Is(err, store.ErrNotFound) {
		return draft, web.NewProblem(http.StatusNotFound, "Không có bản thảo này, hoặc bản thảo đã bị xóa.")
	}
	if err != nil {
		return draft, s.Fault(ctx, "draft", err)
	}
	return draft, nil
}

func (s *Pages) schemaOf(draft *store.Draft) (*model.Schema, *web.Problem) {
	schema := s.Office.Schema(draft.Kind)
	if schema == nil {
		return nil, web.NewProblem(http.StatusNotFound, "Chương trình không còn loại văn bản “"+draft.Kind+"” của bản thảo này.")
	}
	return schema, nil
}

// tellVersion returns the version of a draft, for a page that saved as it was left.
func (s *Pages) tellVersion(c *gin.Context) *web.Problem {
	draft, p := s.draftOf(c)
	if p != nil {
		return p
	}
	c.Header("Cache-Control", "no-store")
	c.JSON(http.StatusOK, gin.H{"version": draft.Version})
	return nil
}

// addDraft keeps a new draft. The page chose its ID, so that sending it twice makes one draft.
func (s *Pages) addDraft(c *gin.Context) *web.Problem {
	ctx, form := c.Request.Context(), web.FormOf(c)
	schema := s.Office.Schema(form.Text(desk.KindField))
	if schema == nil {
		return web.NewProblem(http.StatusUnprocessableEntity, "Không có loại văn bản “"+form.Text(desk.KindField)+"”.")
	}
	asking := web.Principal(ctx)
	draft := store.Draft{
		ID: form.Text(NewIDField), Office: asking.Office, Author: asking.Login, Kind: schema.Kind, Version: 1, Created: s.Now(), Saved: s.Now(),
	}
	if !desk.GoodDraftID.MatchString(draft.ID) {
		draft.ID = desk.NewDraftID()
	}
	if p := s.fillDraft(&draft, schema, form); p != nil {
		return p
	}
	err := s.Store.AddDraft(ctx, draft)
	if errors.Is(err, store.ErrExists) {
		draft.Version, err = s.Store.SaveDraft(ctx, draft)
	}
	return s.answerSaved(c, schema, draft, err)
}

// saveTyped keeps a draft as it was sent, unless somebody else saved it meanwhile.
func (s *Pages) saveTyped(c *gin.Context) *web.Problem {
	ctx, form := c.Request.Context(), web.FormOf(c)
	draft, p := s.draftOf(c)
	if p != nil {
		return p
	}
	schema, p := s.schemaOf(&draft)
	if p != nil {
		return p
	}
	known, err := strconv.Atoi(form.Text(VersionField))
	if err != nil {
		return web.NewProblem(http.StatusUnprocessableEntity, "Trang này thiếu số bản của bản thảo. Hãy tải lại trang.")
	}
	before, at := draft.Data, draft.Saved
	p = s.fillDraft(&draft, schema, form)
	if p == nil {
		_, p = s.WithNumber(ctx, &draft)
	}
	if p != nil {
		return p
	}
	if draft.Version == known && bytes.Equal(before, draft.Data) { // nothing was changed
		draft.Saved = at
		return s.answerSaved(c, schema, draft, nil)
	}
	draft.Version = known
	version, err := s.Store.SaveDraft(ctx, draft)
	if err == nil {
		draft.Version = version
	}
	return s.answerSaved(c, schema, draft, err)
}

// fillDraft takes what was typed into a draft, unless it is more than a data file may hold.
func (s *Pages) fillDraft(draft *store.Draft, schema *model.Schema, form web.Form) *web.Problem {
	root := readPosted(form).data(schema)
	data := s.Desk.WriteForm(schema, root)
	if _, err := s.Desk.ReadForm(data); err != nil {
		return web.NewProblem(http.StatusRequestEntityTooLarge, "Bản thảo dài quá mức nhận được (4 MB). Hãy bớt nội dung hoặc chia thành nhiều văn bản.")
	}
	draft.Data, draft.Title, draft.Saved = data, draftTitle(root), s.Now()
	return nil
}

// SavedAnswer tells the page what came of saving.
type SavedAnswer struct {
	ID       string  `json:"id"`
	Version  int     `json:"version"`
	Saved    string  `json:"saved"` // the time of day
	State    string  `json:"state"`
	Blocking bool    `json:"blocking"`
	Findings string  `json:"findings"` // HTML
	Pages    []sheet `json:"pages"`
}

// sheet is a page of a preview. Its picture is left out where the browser has it.
type sheet struct {
	Tag     string `json:"tag"`
	Picture string `json:"picture,omitempty"` // <svg>
}

// Drawn is the picture in a page: app made it, with all that people typed escaped.
func (s sheet) Drawn() template.HTML { return template.HTML(s.Picture) }

// answerSaved tells what came of saving: to the script of the page as JSON with preview and findings, else by showing the page anew.
func (s *Pages) answerSaved(c *gin.Context, schema *model.Schema, draft store.Draft, err error) *web.Problem {
	ctx := c.Request.Context()
	scripted := strings.Contains(c.GetHeader("Accept"), web.JsonType)
	switch {
	case errors.Is(err, store.ErrChanged):
		return s.conflict(c, draft, scripted)
	case errors.Is(err, store.ErrNotFound):
		return web.NewProblem(http.StatusNotFound, "Bản thảo này đã bị xóa ở cửa sổ khác. Bấm “Giữ thành bản sao” để lưu phần đang gõ.")
	case err != nil:
		return s.Fault(ctx, "save draft", err)
	case len(web.FormOf(c)[BareField]) > 0:
		c.Status(http.StatusNoContent)
		return nil
	case !scripted:
		c.Redirect(http.StatusSeeOther, "/ban-thao/"+draft.ID)
		return nil
	}
	seen, p := s.look(ctx, schema, &draft, strings.Split(web.FormOf(c).Text(HavingField), ","))
	if p != nil {
		return p
	}
	var findings bytes.Buffer
	if err := s.Render(&findings, "compose.html", "found", seen); err != nil {
		return s.Fault(ctx, "findings", err)
	}
	return s.giveJSON(c, http.StatusOK, SavedAnswer{
		ID: draft.ID, Version: draft.Version, Saved: draft.Saved.In(vi.Zone).Format("15:04"), State: seen.State(), Blocking: seen.Blocking(),
		Findings: findings.String(), Pages: seen.Pages,
	})
}

func (s *Pages) giveJSON(c *gin.Context, status int, answer any) *web.Problem {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(answer); err != nil {
		return s.Fault(c.Request.Context(), "answer", err)
	}
	c.Header("Cache-Control", "no-store")
	c.Data(status, web.JsonType, b.Bytes())
	return nil
}

// conflictPage is what conflict.html shows: what was typed, to be kept as a copy.
type conflictPage struct {
	ID, When string
	Fields   []formField
}

// conflict tells that somebody else saved the draft meanwhile. Neither text is lost.
func (s *Pages) conflict(c *gin.Context, draft store.Draft, scripted bool) *web.Problem {
	shown := conflictPage{ID: draft.ID}
	if theirs, p := s.draftOf(c); p == nil {
		shown.When = desk.Moment(theirs.Saved)
	}
	if scripted {
		return s.giveJSON(c, http.StatusConflict, gin.H{"id": draft.ID, "when": shown.When})
	}
	form := web.FormOf(c)
	for _, name := range sortedNames(form) {
		if !strings.HasPrefix(name, "_") {
			shown.Fields = append(shown.Fields, formField{Name: name, Value: form.Text(name)})
		}
	}
	shown.Fields = append(shown.Fields, formField{Name: desk.KindField, Value: draft.Kind})
	return s.Show(c, http.StatusConflict, "conflict.html", "Bản thảo đã được lưu ở cửa sổ khác", shown)
}

func sortedNames(form web.Form) []string {
	names := make([]string, 0, len(form))
	for name := range form {
		if name != desk.KindField {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (s *Pages) dropDraft(c *gin.Context) *web.Problem {
	draft, p := s.draftOf(c)
	if p != nil {
		return p
	}
	if err := s.Store.DropDraft(c.Request.Context(), draft.Office, draft.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
		return s.Fault(c.Request.Context(), "drop draft", err)
	}
	s.Audit(c, "delete-draft", draft.Title, "")
	c.Redirect(http.StatusSeeOther, "/")
	return nil
}

package compose

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	deskservice "vanthu/internal/desk"
	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/model"
	"vanthu/internal/store"
	"vanthu/internal/web"
)

// look is how a draft looks and what is to be mended in it.
type look struct {
	Missing, Errors, Warnings, Infos []foundItem
	Pages                            []sheet
}

// foundItem is a finding about a draft, with what the page needs to find its place.
type foundItem struct {
	Class   string // error, warning, info
	Label   string // where it stands, in the words of the form
	Message string
	Hint    string
	Cite    string

	Field     string // name of the field, with the item of a list; empty where it is not known
	Text      string // the first words there
	Paragraph int    // of the preview, or 0
}

// Blocking reports whether no document can be made yet.
func (l look) Blocking() bool { return len(l.Missing)+len(l.Errors) > 0 }

// State is the findings in a few words.
func (l look) State() string {
	var words []string
	for _, part := range []struct {
		format string
		count  int
	}{{"còn %d mục phải điền", len(l.Missing)}, {"%d lỗi phải sửa", len(l.Errors)}} {
		if part.count > 0 {
			words = append(words, fmt.Sprintf(part.format, part.count))
		}
	}
	if len(words) == 0 {
		return "Không có lỗi phải sửa"
	}
	words[0] = strings.Replace(words[0], "còn", "Còn", 1)
	return strings.Join(words, " · ")
}

// look makes the preview of a draft. Of the pages whose tags are among having it gives no picture.
func (s *Pages) look(ctx context.Context, schema *model.Schema, draft *store.Draft, having []string) (seen look, p *web.Problem) {
	request, p := s.RequestOf(ctx, draft, "")
	if p != nil {
		return look{}, p
	}
	var shown maker.Preview
	var found diag.Findings
	var err error
	if !s.Gate.Work(ctx, func(ctx context.Context) { shown, found, err = s.Maker.Preview(ctx, request) }) {
		return look{}, web.Unserved(ctx)
	}
	if err != nil {
		return look{}, s.Fault(ctx, "preview", err)
	}
	seen.add(schema, found)
	if number, p := s.NumberOf(ctx, draft); p != nil {
		return look{}, p
	} else if number.Key == "" {
		alone, p := s.Unregistered(ctx, draft.Office, shown.Symbol, shown.Date)
		if p != nil {
			return look{}, p
		}
		if alone {
			seen.Warnings = append(seen.Warnings, unregisteredItem(shown.Symbol))
		}
	}
	for _, picture := range shown.Pages {
		page := sheet{Tag: web.Digest([]byte(picture))}
		if !slices.Contains(having, page.Tag) {
			page.Picture = picture
		}
		seen.Pages = append(seen.Pages, page)
	}
	return seen, nil
}

// add adds findings that are not told yet.
func (l *look) add(schema *model.Schema, found diag.Findings) {
	told := map[[2]string]bool{}
	for _, item := range slices.Concat(l.Missing, l.Errors, l.Warnings, l.Infos) {
		told[[2]string{item.Field, item.Message}] = true
	}
	for _, f := range found {
		if !told[[2]string{f.Where.Field, f.Message}] {
			l.take(schema, f)
		}
	}
}

func (l *look) take(schema *model.Schema, f diag.Finding) {
	item := foundItem{Message: f.Message, Hint: f.Hint, Cite: f.Cite, Field: f.Where.Field, Text: f.Where.Text, Paragraph: f.Where.Paragraph}
	switch {
	case f.Where.File == maker.FormName || f.Where.Field != "":
		item.Label = fieldLabel(schema.Fields, f.Where.Field)
	case f.Where.Paragraph > 0 && f.Where.Text == "":
		item.Label = "trên trang in"
	case f.Where.Paragraph > 0:
		item.Label = "ở chỗ"
	case f.Where.File != "":
		item.Label = f.Where.String()
	}
	switch {
	case f.Where.Text == "" || item.Label == "":
	case item.Label == "ở chỗ":
		item.Label += " “" + f.Where.Text + "”"
	default:
		item.Label += ", “" + f.Where.Text + "”"
	}
	switch {
	case f.Severity == diag.Error && (f.Code == diag.MissingField || f.Code == diag.EmptyField) && item.Label != "":
		item.Class = "error"
		l.Missing = append(l.Missing, item)
	case f.Severity == diag.Error:
		item.Class = "error"
		l.Errors = append(l.Errors, item)
	case f.Severity == diag.Warning:
		item.Class = "warning"
		l.Warnings = append(l.Warnings, item)
	default:
		item.Class = "info"
		l.Infos = append(l.Infos, item)
	}
}

// makeDraft makes the document of a draft, keeps it and gives the file that was asked for.
func (s *Pages) makeDraft(c *gin.Context) *web.Problem {
	draft, p := s.draftOf(c)
	if p != nil {
		return p
	}
	made, p := s.MakeAndKeep(c, draft, deskservice.Order{})
	if p != nil {
		return s.notMade(c, made, p)
	}
	file, p := s.InFormat(c.Request.Context(), web.MadeDocument{Result: made.Result, Found: made.Found}, web.FormOf(c).Text("dang"))
	if p != nil {
		return p
	}
	web.GiveDownload(c, file)
	return nil
}

// numberDraft takes the next number for a draft and makes its document with it.
func (s *Pages) numberDraft(c *gin.Context) *web.Problem {
	draft, p := s.draftOf(c)
	if p != nil {
		return p
	}
	made, p := s.MakeAndKeep(c, draft, deskservice.Order{Number: true})
	if p != nil {
		return s.notMade(c, made, p)
	}
	s.Audit(c, "take-number", made.Result.Symbol, made.Result.Title)
	c.Redirect(http.StatusSeeOther, "/van-ban/"+draft.ID)
	return nil
}

// notMade shows a draft whose document could not be made, with the findings that kept it from being made; where something else did, that is the
// problem.
func (s *Pages) notMade(c *gin.Context, made deskservice.Made, p *web.Problem) *web.Problem {
	if !made.Found.Blocking() {
		return p
	}
	schema, p := s.schemaOf(&made.Draft)
	if p != nil {
		return p
	}
	return s.showForm(c, schema, made.Draft, composePage{refused: made.Found})
}

// takePrevious keeps the data of the period before with a draft, or takes them away.
func (s *Pages) takePrevious(c *gin.Context) *web.Problem {
	ctx, form := c.Request.Context(), web.FormOf(c)
	draft, p := s.draftOf(c)
	if p != nil {
		return p
	}
	given := form.First(deskservice.PreviousRole)
	draft.Files = slices.DeleteFunc(slices.Clone(draft.Files), func(f store.DraftFile) bool { return f.Role == deskservice.PreviousRole })
	switch {
	case len(form["bo"]) > 0:
	case len(given.Data) == 0:
		return web.NewProblem(http.StatusUnprocessableEntity, "Chưa chọn tệp số liệu kỳ trước, hoặc tệp rỗng.")
	default:
		if _, p = web.FileOf("Tệp số liệu kỳ trước", given, web.DataEndings); p != nil {
			return p
		}
		hash, err := s.Desk.KeepUpload(ctx, given.Data)
		if err != nil {
			return s.Fault(ctx, "keep upload", err)
		}
		draft.Files = append(draft.Files, store.DraftFile{Role: deskservice.PreviousRole, Name: path.Base(given.Name), Size: int64(len(given.Data)), Hash: hash})
	}
	draft.Saved = s.Now()
	if _, err := s.Store.SaveDraft(ctx, draft); errors.Is(err, store.ErrChanged) {
		return web.NewProblem(http.StatusConflict, "Bản thảo này vừa được lưu ở cửa sổ khác. Hãy mở lại bản thảo rồi chọn tệp.")
	} else if err != nil {
		return s.Fault(ctx, "save draft", err)
	}
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/ban-thao/%s#ky-truoc", draft.ID))
	return nil
}

package web

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
func (s *composer) look(ctx context.Context, schema *model.Schema, draft *store.Draft, having []string) (seen look, p *Problem) {
	request, p := s.requestOf(ctx, draft, "")
	if p != nil {
		return look{}, p
	}
	var shown maker.Preview
	var found diag.Findings
	var err error
	if !s.gate.work(ctx, func(ctx context.Context) { shown, found, err = s.Maker.Preview(ctx, request) }) {
		return look{}, unserved(ctx)
	}
	if err != nil {
		return look{}, s.fault(ctx, "preview", err)
	}
	seen.add(schema, found)
	if number, p := s.numberOf(ctx, draft); p != nil {
		return look{}, p
	} else if number.Key == "" {
		alone, p := s.unregistered(ctx, draft.Office, shown.Symbol, shown.Date)
		if p != nil {
			return look{}, p
		}
		if alone {
			seen.Warnings = append(seen.Warnings, unregisteredItem(shown.Symbol))
		}
	}
	for _, picture := range shown.Pages {
		page := sheet{Tag: digest([]byte(picture))}
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
	case f.Where.Page > 0: // of the finished document: nobody counts its paragraphs
		item.Label = fmt.Sprintf("trang %d", f.Where.Page)
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
func (s *composer) makeDraft(c *gin.Context) *Problem {
	draft, p := s.draftOf(c)
	if p != nil {
		return p
	}
	made, p := s.makeAndKeep(c, draft, deskservice.Order{})
	if p != nil {
		return s.notMade(c, made, p)
	}
	file, p := s.inFormat(c.Request.Context(), madeDocument{made.Result, made.Found}, formOf(c).text("dang"))
	if p != nil {
		return p
	}
	giveDownload(c, file)
	return nil
}

// numberDraft takes the next number for a draft and makes its document with it.
func (s *composer) numberDraft(c *gin.Context) *Problem {
	draft, p := s.draftOf(c)
	if p != nil {
		return p
	}
	made, p := s.makeAndKeep(c, draft, deskservice.Order{Number: true})
	if p != nil {
		return s.notMade(c, made, p)
	}
	s.did(c, "take-number", made.Result.Symbol, made.Result.Title)
	c.Redirect(http.StatusSeeOther, "/van-ban/"+draft.ID)
	return nil
}

// notMade shows a draft whose document could not be made, with the findings that kept it from being made; where something else did, that is the
// problem.
func (s *composer) notMade(c *gin.Context, made deskservice.Made, p *Problem) *Problem {
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
func (s *composer) takePrevious(c *gin.Context) *Problem {
	ctx, form := c.Request.Context(), formOf(c)
	draft, p := s.draftOf(c)
	if p != nil {
		return p
	}
	given := form.first(deskservice.PreviousRole)
	draft.Files = slices.DeleteFunc(slices.Clone(draft.Files), func(f store.DraftFile) bool { return f.Role == deskservice.PreviousRole })
	switch {
	case len(form["bo"]) > 0:
	case len(given.data) == 0:
		return problem(http.StatusUnprocessableEntity, "Chưa chọn tệp số liệu kỳ trước, hoặc tệp rỗng.")
	default:
		if _, p = fileOf("Tệp số liệu kỳ trước", given, dataEndings); p != nil {
			return p
		}
		hash, err := s.Desk.KeepUpload(ctx, given.data)
		if err != nil {
			return s.fault(ctx, "keep upload", err)
		}
		draft.Files = append(draft.Files, store.DraftFile{Role: deskservice.PreviousRole, Name: path.Base(given.name), Size: int64(len(given.data)), Hash: hash})
	}
	draft.Saved = s.now()
	if _, err := s.store.SaveDraft(ctx, draft); errors.Is(err, store.ErrChanged) {
		return problem(http.StatusConflict, "Bản thảo này vừa được lưu ở cửa sổ khác. Hãy mở lại bản thảo rồi chọn tệp.")
	} else if err != nil {
		return s.fault(ctx, "save draft", err)
	}
	c.Redirect(http.StatusSeeOther, fmt.Sprintf("/ban-thao/%s#ky-truoc", draft.ID))
	return nil
}

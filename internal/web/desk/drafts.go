package desk

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	deskservice "vanthu/internal/desk"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/maker"
	"vanthu/internal/model"
	"vanthu/internal/office"
	"vanthu/internal/register"
	"vanthu/internal/store"
	"vanthu/internal/vi"
	"vanthu/internal/web"
)

// NumberOf is the line of the register that the document of a draft got, its key empty where it got none or that is void.
func (s *Shell) NumberOf(ctx context.Context, draft *store.Draft) (store.Entry, *web.Problem) {
	entry, err := s.Desk.LastNumber(ctx, draft)
	if err != nil {
		return store.Entry{}, s.Fault(ctx, "number of draft", err)
	}
	return register.Standing(entry), nil
}

// WithNumber returns a draft the number that its document has in the register, and returns the last that it had, which may be void.
func (s *Shell) WithNumber(ctx context.Context, draft *store.Draft) (store.Entry, *web.Problem) {
	entry, err := s.Desk.ApplyNumber(ctx, draft)
	if err != nil {
		return entry, s.Fault(ctx, "number of draft", err)
	}
	return entry, nil
}

// Unregistered reports whether a symbol has a number that the register of an office does not have for a document of that year.
func (s *Shell) Unregistered(ctx context.Context, office, symbol string, day vi.Date) (bool, *web.Problem) {
	alone, err := s.Register.Unregistered(ctx, office, symbol, day)
	if err != nil {
		return false, s.Fault(ctx, "look number up", err)
	}
	return alone, nil
}

// RequestOf asks for the document of a draft, or of one unit of it.
func (s *Shell) RequestOf(ctx context.Context, draft *store.Draft, unit string) (maker.Request, *web.Problem) {
	request, err := s.Desk.Request(ctx, draft, unit, s.Now())
	if err != nil {
		return request, s.ofDraft(ctx, draft, err)
	}
	return request, nil
}

// ofDraft is the problem of a draft that nothing can be made of.
func (s *Shell) ofDraft(ctx context.Context, draft *store.Draft, err error) *web.Problem {
	lost := (*deskservice.LostFile)(nil)
	switch {
	case !errors.As(err, &lost):
		return s.Fault(ctx, "document of draft", err)
	case IsUpload(*draft):
		return web.NewProblem(http.StatusNotFound, "Tệp “"+lost.Name+"” không còn trên máy chủ. Hãy tải tệp dữ liệu lên lại.")
	}
	return web.NewProblem(http.StatusNotFound, "Tệp “"+lost.Name+"” của bản thảo không còn trên máy chủ. Hãy chọn lại tệp số liệu kỳ trước.")
}

// MakeAndKeep makes the document of a draft and keeps it.
func (s *Shell) MakeAndKeep(c *gin.Context, draft store.Draft, order deskservice.Order) (made deskservice.Made, p *web.Problem) {
	ctx := c.Request.Context()
	order.At = s.Now()
	var err error
	if !s.Gate.Work(ctx, func(ctx context.Context) { made, err = s.Desk.Make(ctx, draft, order) }) {
		return made, web.Unserved(ctx)
	}
	switch {
	case err != nil:
		return made, s.ofDraft(ctx, &draft, err)
	case made.Found.Blocking():
		return made, web.Blocked(made.Found)
	case made.Fresh:
		s.Audit(c, "make-document", made.Kept.Name, fmt.Sprintf("bản %d: %s", made.Kept.Version, made.Result.Title))
	}
	return made, nil
}

// Without is data without some of their fields.
func (s *Shell) Without(ctx context.Context, schema *model.Schema, data []byte, keys ...string) ([]byte, *web.Problem) {
	root, err := s.Desk.ReadForm(data)
	if err != nil {
		return nil, s.Fault(ctx, "read data", err)
	}
	root.Fields = slices.DeleteFunc(root.Fields, func(f model.Field) bool { return slices.Contains(keys, f.Key) })
	return s.Desk.WriteForm(schema, root), nil
}

// OfficeOfDraft is what the profile of an office says, nothing where there is none.
func (s *Shell) OfficeOfDraft(ctx context.Context, id string) (office.Office, *web.Problem) {
	text, err := s.Office.Profile(ctx, id)
	if err != nil {
		return office.Office{}, s.Fault(ctx, "profile", err)
	}
	profile, _, err := s.Office.ReadOffice(text)
	if err != nil {
		return office.Office{}, s.Fault(ctx, "read profile", err)
	}
	return profile, nil
}

// ComposePath is where the page of the form has its drafts.
const ComposePath = "/ban-thao/"

// FilePath is the page of data files. They are kept as drafts (store.Draft with files and without data) until they are sent again, taken to the form or thrown away.
const FilePath = "/tep"

// FreshQuery says on the page of a draft that it was just made of a typed document.
const FreshQuery = "moi"

// FreshDraft is where a draft is shown that was just made of a typed document.
func FreshDraft(id string) string { return ComposePath + id + "?" + FreshQuery + "=1" }

// BoxText is a value as a text box shows it: an item of a list a line.
func BoxText(node model.Node) string {
	switch node.Shape {
	case model.List:
		var lines []string
		for _, item := range node.Items {
			lines = append(lines, strings.Join(strings.Fields(BoxText(item.Rejoined())), " "))
		}
		return strings.Join(lines, "\n")
	case model.Group: // of a field that takes none: shown so that no word is lost
		var lines []string
		for _, field := range node.Fields {
			lines = append(lines, field.Key+": "+BoxText(field.Value))
		}
		return strings.Join(lines, "\n")
	}
	return node.Text
}

// Inside is the value of a key of a group.
func Inside(group model.Node, key string) model.Node {
	for _, field := range group.Fields {
		if field.Key == key {
			return field.Value
		}
	}
	return model.Node{}
}

// GoodDraftID is the form of the names of drafts. What has another is not looked up.
var GoodDraftID = lazyregexp.New(`^[a-z2-7]{26}$`)

// NewDraftID returns the name of a new draft.
func NewDraftID() string { return strings.ToLower(rand.Text()) }

// IsUpload reports whether a draft is of a data file, not of the form, which may have files beside it.
func IsUpload(draft store.Draft) bool {
	return slices.ContainsFunc(draft.Files, func(f store.DraftFile) bool { return f.Role == deskservice.DataRole })
}

// Keys of data that the desk knows by name.
const (
	KindField   = "loai"
	SignerField = "ky"
	NumberField = "so"
	DateField   = "ngay"
	AboutField  = "trich_yeu"
	BodyField   = "noi_dung"
)

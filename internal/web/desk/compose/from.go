package compose

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	deskservice "vanthu/internal/desk"
	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/model"
	"vanthu/internal/office"
	"vanthu/internal/store"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
)

// fromTyped is what the page of a draft says of the typed document that it was made of.
type fromTyped struct {
	Name   string
	Fresh  bool          // it was made just now
	Closer []office.Kind // what it may be more exactly
	Groups []desk.KindGroup
	Found  []foundItem // what was not recognised
}

func originalOf(draft *store.Draft) (store.DraftFile, bool) {
	i := slices.IndexFunc(draft.Files, func(f store.DraftFile) bool { return f.Role == deskservice.OriginalRole })
	if i < 0 {
		return store.DraftFile{}, false
	}
	return draft.Files[i], true
}

// fromTyped is nil for a draft that was not made of a typed document. What was not recognised is told of a fresh one alone.
func (s *Pages) fromTyped(ctx context.Context, schema *model.Schema, draft *store.Draft, root model.Node, fresh bool) (*fromTyped, *web.Problem) {
	original, typed := originalOf(draft)
	if !typed {
		return nil, nil
	}
	from := &fromTyped{Name: original.Name, Fresh: fresh, Groups: desk.GroupKinds(s.Office.Kinds())}
	for _, slug := range s.Maker.Closer(schema.Kind, desk.BoxText(desk.Inside(root, desk.AboutField))) {
		if kind, known := s.KindNamed(slug); known {
			from.Closer = append(from.Closer, kind)
		}
	}
	if !fresh {
		return from, nil
	}
	_, found, p := s.importAs(ctx, original, schema.Kind)
	if p != nil {
		return nil, p
	}
	var told look
	told.add(schema, found)
	from.Found = slices.Concat(told.Missing, told.Errors, told.Warnings, told.Infos)
	return from, nil
}

// importAs reads a typed document anew as one of a kind. There are no data where that cannot be.
func (s *Pages) importAs(ctx context.Context, original store.DraftFile, kind string) (data []byte, found diag.Findings, p *web.Problem) {
	given, err := s.Desk.Upload(ctx, original.Hash)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, web.NewProblem(http.StatusNotFound, "Tệp “"+original.Name+"” không còn trên máy chủ. Hãy tải tệp lên lại.")
	}
	if err != nil {
		return nil, nil, s.Fault(ctx, "open upload", err)
	}
	work := func(ctx context.Context) {
		data, found, err = s.Maker.Import(ctx, maker.File{Name: original.Name, Data: given}, kind)
	}
	if !s.Gate.Work(ctx, work) {
		return nil, nil, web.Unserved(ctx)
	}
	if err != nil {
		return nil, nil, s.Fault(ctx, "import", err)
	}
	return data, found, nil
}

// importAgain makes a draft anew of its typed document, as one of the kind that a person says.
func (s *Pages) importAgain(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	draft, p := s.draftOf(c)
	if p != nil {
		return p
	}
	original, typed := originalOf(&draft)
	kind, known := s.KindNamed(web.FormOf(c).Text(desk.KindField))
	number, p := s.NumberOf(ctx, &draft)
	switch {
	case p != nil:
	case !typed || !known:
		p = web.NewProblem(http.StatusUnprocessableEntity, "Chưa chọn loại văn bản. Hãy quay lại, chọn một loại trong danh sách.")
	case number.Key != "":
		p = web.NewProblem(http.StatusConflict, "Văn bản này đã lấy số "+number.Symbol+" nên không đổi loại được. Muốn đổi thì hủy số ở sổ trước.")
	}
	var data []byte
	var found diag.Findings
	if p == nil {
		if data, found, p = s.importAs(ctx, original, kind.Slug); p == nil && data == nil {
			p = web.Blocked(found)
		}
	}
	if p != nil {
		return p
	}
	draft.Kind, draft.Data, draft.Saved = kind.Slug, data, s.Now()
	if _, err := s.Store.SaveDraft(ctx, draft); errors.Is(err, store.ErrChanged) {
		return web.NewProblem(http.StatusConflict, "Bản thảo này vừa được lưu ở cửa sổ khác. Hãy mở lại bản thảo rồi đổi loại.")
	} else if err != nil {
		return s.Fault(ctx, "save draft", err)
	}
	s.Audit(c, "import-document", draft.Title, kind.Slug)
	c.Redirect(http.StatusSeeOther, desk.FreshDraft(draft.ID))
	return nil
}

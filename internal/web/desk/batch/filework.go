package batch

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	deskservice "vanthu/internal/desk"
	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/store"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
)

// chooseKind says of which kind a file is that does not say so itself.
func (s *Pages) chooseKind(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	draft, p := s.fileDraft(c)
	if p != nil {
		return p
	}
	kind, known := s.KindNamed(web.FormOf(c).Text("loai"))
	if !known {
		return web.NewProblem(http.StatusUnprocessableEntity, "Chưa chọn loại văn bản. Hãy quay lại, chọn một loại trong danh sách.")
	}
	draft.Kind = kind.Slug
	if isTyped(draft.Title) {
		id, found, p := s.importTyped(ctx, draft)
		if p == nil && id == "" {
			p = web.Blocked(found)
		}
		if p != nil {
			return p
		}
		if err := s.Store.DropDraft(ctx, draft.Office, draft.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
			_ = s.Fault(ctx, "drop draft", err) // it is only one line too many in a list
		}
		s.Audit(c, "import-document", draft.Title, kind.Slug)
		c.Redirect(http.StatusSeeOther, desk.FreshDraft(id))
		return nil
	}
	if p := s.saveDraft(ctx, draft); p != nil {
		return p
	}
	c.Redirect(http.StatusSeeOther, desk.FilePath+"/"+draft.ID)
	return nil
}

// importTyped makes a draft of the form from a typed document. There is no id where its kind is not known, or nothing could be read; found says why.
func (s *Pages) importTyped(ctx context.Context, draft store.Draft) (id string, found diag.Findings, p *web.Problem) {
	request, p := s.RequestOf(ctx, &draft, "")
	if p != nil {
		return "", nil, p
	}
	var data []byte
	var err error
	if !s.Gate.Work(ctx, func(ctx context.Context) { data, found, err = s.Maker.Import(ctx, request.File, draft.Kind) }) {
		return "", nil, web.Unserved(ctx)
	}
	if err != nil {
		return "", nil, s.Fault(ctx, "import", err)
	}
	if data == nil {
		return "", found, nil
	}
	id, p = s.formDraft(ctx, data, draft)
	return id, found, p
}

// formDraft keeps a data file as a draft of the form. There is no id where the data do not say their kind.
func (s *Pages) formDraft(ctx context.Context, data []byte, from store.Draft) (id string, p *web.Problem) {
	var head struct {
		Kind  string `json:"loai"`
		Title string `json:"trich_yeu"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return "", s.Fault(ctx, "data file", err)
	}
	if head.Kind == "" {
		return "", nil
	}
	draft := store.Draft{
		ID: desk.NewDraftID(), Office: from.Office, Author: web.Principal(ctx).Login, Kind: head.Kind, Title: head.Title, Data: data, Created: s.Now(), Saved: s.Now(),
	}
	if draft.Title == "" {
		draft.Title = strings.TrimSuffix(from.Title, path.Ext(from.Title))
	}
	for _, file := range from.Files {
		if file.Role == deskservice.DataRole && isTyped(file.Name) {
			file.Role = deskservice.OriginalRole
			draft.Files = append(draft.Files, file)
		}
	}
	if err := s.Store.AddDraft(ctx, draft); err != nil {
		return "", s.Fault(ctx, "keep draft", err)
	}
	return draft.ID, nil
}

// composeFile takes a file, or one unit of it, to the page of the form, errors and all.
func (s *Pages) composeFile(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	draft, request, p := s.asked(c)
	if p != nil {
		return p
	}
	var data []byte
	var found diag.Findings
	var err error
	if !s.Gate.Work(ctx, func(ctx context.Context) { data, _, found, err = s.Maker.DataFile(ctx, request) }) {
		return web.Unserved(ctx)
	}
	if err != nil {
		return s.Fault(ctx, "data file", err)
	}
	id := ""
	if data != nil {
		id, p = s.formDraft(ctx, data, draft)
	}
	if id == "" && p == nil {
		p = web.Blocked(found)
	}
	if p != nil {
		return p
	}
	s.Audit(c, "import-document", draft.Title, request.Unit)
	c.Redirect(http.StatusSeeOther, desk.ComposePath+id)
	return nil
}

// asked is the draft of a request with what it asks for; the unit is in the form.
func (s *Pages) asked(c *gin.Context) (draft store.Draft, request maker.Request, p *web.Problem) {
	if draft, p = s.fileDraft(c); p == nil {
		request, p = s.RequestOf(c.Request.Context(), &draft, web.FormOf(c).Text("don_vi"))
	}
	return draft, request, p
}

// giveDocument makes the document of a file, keeps it and gives it as it was asked for. All of it is kept, whatever was asked for, so that
// it can be taken from the list of documents later.
func (s *Pages) giveDocument(c *gin.Context) *web.Problem {
	_, made, p := s.keepFile(c, false)
	var file web.Download
	if p == nil {
		file, p = s.InFormat(c.Request.Context(), web.MadeDocument{Result: made.Result, Found: made.Found}, web.FormOf(c).Text("dang"))
	}
	if p != nil {
		return p
	}
	web.GiveDownload(c, file)
	return nil
}

// numberFile takes the next number for the document of a file, unless it has one, and shows the document.
func (s *Pages) numberFile(c *gin.Context) *web.Problem {
	draft, made, p := s.keepFile(c, true)
	if p != nil {
		return p
	}
	s.Audit(c, "take-number", made.Result.Symbol, made.Result.Title)
	c.Redirect(http.StatusSeeOther, "/van-ban/"+draft.ID)
	return nil
}

// keepFile makes the document of a file, or of the unit that the form names, and keeps it.
func (s *Pages) keepFile(c *gin.Context, numbered bool) (draft store.Draft, made deskservice.Made, p *web.Problem) {
	if draft, p = s.fileDraft(c); p == nil {
		made, p = s.MakeAndKeep(c, draft, deskservice.Order{Unit: web.FormOf(c).Text("don_vi"), Number: numbered})
	}
	return draft, made, p
}

// giveMarked returns the workbook with its wrong cells coloured.
func (s *Pages) giveMarked(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	draft, p := s.fileDraft(c)
	var request maker.Request
	if p == nil {
		request, p = s.RequestOf(ctx, &draft, c.Query("don-vi"))
	}
	if p == nil {
		p = web.NotWorkbook(request)
	}
	var made web.Download
	if p == nil {
		made, p = s.Mark(ctx, request)
	}
	if p == nil && made.Data == nil {
		p = web.NewProblem(http.StatusUnprocessableEntity, "Tệp này không có ô nào phải xem lại, nên không có gì để tô màu.")
	}
	if p != nil {
		return p
	}
	web.GiveDownload(c, made)
	return nil
}

// batchOfFile makes the documents of all units of a workbook.
func (s *Pages) batchOfFile(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	draft, request, p := s.asked(c)
	if p == nil && len(request.Tables) > 0 {
		p = web.NewProblem(http.StatusUnprocessableEntity, "Chạy hàng loạt không nhận bảng số liệu gửi kèm. Hãy chép các bảng vào chính tệp dữ liệu rồi gửi lại.")
	}
	if p == nil {
		p = s.CheckQueue(ctx)
	}
	if p != nil {
		return p
	}
	request.PDF, request.XLSX, request.Register = true, true, web.FormOf(c).Text("numbers") == "true"
	request.Profile = nil // that of the office, which the batch takes by itself
	id, _, p := s.SubmitOne(ctx, request, "")
	if p != nil {
		return p
	}
	s.Audit(c, "start-batch", draft.Title, id)
	c.Redirect(http.StatusSeeOther, BatchPath+"/"+id)
	return nil
}

// dropFile throws a file away. Documents that were made of it stay.
func (s *Pages) dropFile(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	draft, p := s.fileDraft(c)
	if p != nil {
		return p
	}
	if err := s.Store.DropDraft(ctx, draft.Office, draft.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
		return s.Fault(ctx, "drop draft", err)
	}
	s.Audit(c, "drop-file", draft.Title, "")
	c.Redirect(http.StatusSeeOther, desk.FilePath)
	return nil
}

// giveInput returns the data file of a kind, to be filled in.
func (s *Pages) giveInput(c *gin.Context) *web.Problem {
	made, p := s.StarterFile(c.Request.Context(), c.Param("kind"), c.DefaultQuery("dang", web.AsExcel))
	if p != nil {
		return p
	}
	web.GiveDownload(c, made)
	return nil
}

package web

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
)

// chooseKind says of which kind a file is that does not say so itself.
func (s *batcher) chooseKind(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	draft, p := s.fileDraft(c)
	if p != nil {
		return p
	}
	kind, known := s.kindNamed(formOf(c).text("loai"))
	if !known {
		return problem(http.StatusUnprocessableEntity, "Chưa chọn loại văn bản. Hãy quay lại, chọn một loại trong danh sách.")
	}
	draft.Kind = kind.Slug
	if isTyped(draft.Title) {
		id, found, p := s.importTyped(ctx, draft)
		if p == nil && id == "" {
			p = blocked(found)
		}
		if p != nil {
			return p
		}
		if err := s.store.DropDraft(ctx, draft.Office, draft.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
			_ = s.fault(ctx, "drop draft", err) // it is only one line too many in a list
		}
		s.did(c, "import-document", draft.Title, kind.Slug)
		c.Redirect(http.StatusSeeOther, freshDraft(id))
		return nil
	}
	if p := s.saveDraft(ctx, draft); p != nil {
		return p
	}
	c.Redirect(http.StatusSeeOther, filePath+"/"+draft.ID)
	return nil
}

// importTyped makes a draft of the form from a typed document. There is no id where its kind is not known, or nothing could be read; found says why.
func (s *batcher) importTyped(ctx context.Context, draft store.Draft) (id string, found diag.Findings, p *Problem) {
	request, p := s.requestOf(ctx, &draft, "")
	if p != nil {
		return "", nil, p
	}
	var data []byte
	var err error
	if !s.gate.work(ctx, func(ctx context.Context) { data, found, err = s.Maker.Import(ctx, request.File, draft.Kind) }) {
		return "", nil, unserved(ctx)
	}
	if err != nil {
		return "", nil, s.fault(ctx, "import", err)
	}
	if data == nil {
		return "", found, nil
	}
	id, p = s.formDraft(ctx, data, draft)
	return id, found, p
}

// formDraft keeps a data file as a draft of the form. There is no id where the data do not say their kind.
func (s *batcher) formDraft(ctx context.Context, data []byte, from store.Draft) (id string, p *Problem) {
	var head struct {
		Kind  string `json:"loai"`
		Title string `json:"trich_yeu"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return "", s.fault(ctx, "data file", err)
	}
	if head.Kind == "" {
		return "", nil
	}
	draft := store.Draft{
		ID: newDraftID(), Office: from.Office, Author: who(ctx).Login, Kind: head.Kind, Title: head.Title, Data: data, Created: s.now(), Saved: s.now(),
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
	if err := s.store.AddDraft(ctx, draft); err != nil {
		return "", s.fault(ctx, "keep draft", err)
	}
	return draft.ID, nil
}

// composeFile takes a file, or one unit of it, to the page of the form, errors and all.
func (s *batcher) composeFile(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	draft, request, p := s.asked(c)
	if p != nil {
		return p
	}
	var data []byte
	var found diag.Findings
	var err error
	if !s.gate.work(ctx, func(ctx context.Context) { data, _, found, err = s.Maker.DataFile(ctx, request) }) {
		return unserved(ctx)
	}
	if err != nil {
		return s.fault(ctx, "data file", err)
	}
	id := ""
	if data != nil {
		id, p = s.formDraft(ctx, data, draft)
	}
	if id == "" && p == nil {
		p = blocked(found)
	}
	if p != nil {
		return p
	}
	s.did(c, "import-document", draft.Title, request.Unit)
	c.Redirect(http.StatusSeeOther, composePath+id)
	return nil
}

// asked is the draft of a request with what it asks for; the unit is in the form.
func (s *batcher) asked(c *gin.Context) (draft store.Draft, request maker.Request, p *Problem) {
	if draft, p = s.fileDraft(c); p == nil {
		request, p = s.requestOf(c.Request.Context(), &draft, formOf(c).text("don_vi"))
	}
	return draft, request, p
}

// giveDocument makes the document of a file, keeps it and gives it as it was asked for. All of it is kept, whatever was asked for, so that
// it can be taken from the list of documents later.
func (s *batcher) giveDocument(c *gin.Context) *Problem {
	_, made, p := s.keepFile(c, false)
	var file download
	if p == nil {
		file, p = s.inFormat(c.Request.Context(), madeDocument{made.Result, made.Found}, formOf(c).text("dang"))
	}
	if p != nil {
		return p
	}
	giveDownload(c, file)
	return nil
}

// numberFile takes the next number for the document of a file, unless it has one, and shows the document.
func (s *batcher) numberFile(c *gin.Context) *Problem {
	draft, made, p := s.keepFile(c, true)
	if p != nil {
		return p
	}
	s.did(c, "take-number", made.Result.Symbol, made.Result.Title)
	c.Redirect(http.StatusSeeOther, "/van-ban/"+draft.ID)
	return nil
}

// keepFile makes the document of a file, or of the unit that the form names, and keeps it.
func (s *batcher) keepFile(c *gin.Context, numbered bool) (draft store.Draft, made deskservice.Made, p *Problem) {
	if draft, p = s.fileDraft(c); p == nil {
		made, p = s.makeAndKeep(c, draft, deskservice.Order{Unit: formOf(c).text("don_vi"), Number: numbered})
	}
	return draft, made, p
}

// giveMarked gives the workbook with its wrong cells coloured.
func (s *batcher) giveMarked(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	draft, p := s.fileDraft(c)
	var request maker.Request
	if p == nil {
		request, p = s.requestOf(ctx, &draft, c.Query("don-vi"))
	}
	if p == nil {
		p = notWorkbook(request)
	}
	var made download
	if p == nil {
		made, p = s.marked(ctx, request)
	}
	if p == nil && made.data == nil {
		p = problem(http.StatusUnprocessableEntity, "Tệp này không có ô nào phải xem lại, nên không có gì để tô màu.")
	}
	if p != nil {
		return p
	}
	giveDownload(c, made)
	return nil
}

// batchOfFile makes the documents of all units of a workbook.
func (s *batcher) batchOfFile(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	draft, request, p := s.asked(c)
	if p == nil && len(request.Tables) > 0 {
		p = problem(http.StatusUnprocessableEntity, "Chạy hàng loạt không nhận bảng số liệu gửi kèm. Hãy chép các bảng vào chính tệp dữ liệu rồi gửi lại.")
	}
	if p == nil {
		p = s.crowded(ctx)
	}
	if p != nil {
		return p
	}
	request.PDF, request.XLSX, request.Register = true, true, formOf(c).text("numbers") == "true"
	request.Profile = nil // that of the office, which the batch takes by itself
	id, _, p := s.submitOne(ctx, request, "")
	if p != nil {
		return p
	}
	s.did(c, "start-batch", draft.Title, id)
	c.Redirect(http.StatusSeeOther, batchPath+"/"+id)
	return nil
}

// dropFile throws a file away. Documents that were made of it stay.
func (s *batcher) dropFile(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	draft, p := s.fileDraft(c)
	if p != nil {
		return p
	}
	if err := s.store.DropDraft(ctx, draft.Office, draft.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
		return s.fault(ctx, "drop draft", err)
	}
	s.did(c, "drop-file", draft.Title, "")
	c.Redirect(http.StatusSeeOther, filePath)
	return nil
}

// giveInput gives the data file of a kind, to be filled in.
func (s *batcher) giveInput(c *gin.Context) *Problem {
	made, p := s.input(c.Request.Context(), c.Param("kind"), c.DefaultQuery("dang", asExcel))
	if p != nil {
		return p
	}
	giveDownload(c, made)
	return nil
}

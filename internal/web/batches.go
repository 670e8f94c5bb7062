package web

import (
	"cmp"
	"context"
	"net/http"
	"path"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"vanthu/internal/job"
	"vanthu/internal/store"
)

const (
	maxListed  = 50 // batches in a list
	maxWaiting = 16 // batches that were sent and not read yet: so many large files lie beside the others at most
)

// goodBatchID is the form of the names of batches. What has another is not looked up.
var goodBatchID = regexp.MustCompile(`^[a-z2-7]{26,64}$`)

type newBatchInput struct {
	Key     string `header:"Idempotency-Key" maxLength:"200" pattern:"^[ -~]*$" patternDescription:"chữ ASCII in được" doc:"Mã do bên gửi tự đặt cho lô này, 1 đến 200 ký tự ASCII. Gửi lại cùng mã, cùng nội dung thì nhận lại đúng lô đã có, không làm lô mới; cùng mã mà khác nội dung thì nhận mã 422"`
	request *gin.Context
}

// Resolve keeps the request, whose body is read where the file can be removed again.
func (in *newBatchInput) Resolve(ctx huma.Context) []error {
	in.request = humagin.Unwrap(ctx)
	return nil
}

type batchInput struct {
	ID      string `path:"id" doc:"Mã của lô" example:"k7qx2m5rt4w6z3yb5n7pjd4hce"`
	request *gin.Context
}

// Resolve keeps the request, for the audit.
func (in *batchInput) Resolve(ctx huma.Context) []error {
	in.request = humagin.Unwrap(ctx)
	return nil
}

type itemsInput struct {
	ID    string `path:"id" doc:"Mã của lô" example:"k7qx2m5rt4w6z3yb5n7pjd4hce"`
	State string `query:"state" enum:"pending,made,kept,refused,failed,skipped" doc:"Chỉ lấy các văn bản ở trạng thái này"`
}

type archiveInput struct {
	ID      string `path:"id" doc:"Mã của lô" example:"k7qx2m5rt4w6z3yb5n7pjd4hce"`
	Partial bool   `query:"partial" doc:"true: lấy cả khi lô chưa xong, gồm những gì đã làm"`
}

// batchOutput tells of one batch.
type batchOutput struct {
	Status     int
	Location   string `header:"Location" doc:"Địa chỉ để hỏi tiến độ của lô; có khi lô vừa được nhận hoặc làm lại"`
	RetryAfter string `header:"Retry-After" doc:"Số giây nên chờ trước khi hỏi lại; có khi lô chưa xong"`
	Body       batchProgress
}

type batchesOutput struct {
	Body struct {
		Batches []job.Status `json:"batches" nullable:"false" doc:"Các lô, lô mới nhất đứng đầu"`
	}
}

type itemsOutput struct {
	Body struct {
		Items []job.Entry `json:"items" nullable:"false" doc:"Các văn bản của lô, theo số thứ tự"`
	}
}

func (s *api) routeBatches(api huma.API) {
	huma.Register(api, secured(newBatchOperation()), s.newBatch)
	huma.Register(api, secured(batchesOperation()), s.batches)
	huma.Register(api, secured(batchOperation()), s.batch)
	huma.Register(api, secured(itemsOperation()), s.batchItems)
	huma.Register(api, secured(eventsOperation()), s.batchEvents)
	huma.Register(api, secured(cancelOperation()), s.cancelBatch)
	huma.Register(api, secured(retryOperation()), s.retryBatch)
	huma.Register(api, secured(archiveOperation()), s.batchArchive)
}

func (s *api) newBatch(ctx context.Context, in *newBatchInput) (*batchOutput, error) {
	id, fresh, p := s.takeBatch(in.request, in.Key)
	if p != nil {
		return nil, p
	}
	out, p := s.progress(ctx, id)
	if p != nil {
		return nil, p
	}
	out.Location = batchesPath + "/" + id
	if fresh {
		out.Status = http.StatusAccepted
	}
	return out, nil
}

func (s *api) batches(ctx context.Context, _ *struct{}) (*batchesOutput, error) {
	latest, err := s.jobs.BatchesOf(ctx, who(ctx).Office, maxListed)
	if err != nil {
		return nil, s.fault(ctx, "list batches", err)
	}
	out := &batchesOutput{}
	out.Body.Batches = append([]job.Status{}, latest...)
	return out, nil
}

func (s *api) batch(ctx context.Context, in *batchInput) (*batchOutput, error) {
	out, p := s.progress(ctx, in.ID)
	if p != nil {
		return nil, p
	}
	return out, nil
}

func (s *api) batchItems(ctx context.Context, in *itemsInput) (*itemsOutput, error) {
	if _, p := s.status(ctx, in.ID); p != nil {
		return nil, p
	}
	entries, err := s.jobs.Entries(ctx, in.ID)
	if err != nil {
		return nil, s.fault(ctx, "list items", err)
	}
	batch, _, err := s.store.Batch(ctx, in.ID)
	if err != nil {
		return nil, s.fault(ctx, "list items", err)
	}
	out := &itemsOutput{}
	out.Body.Items = []job.Entry{}
	for _, entry := range entries {
		for i := range entry.Files { // named as in the archive
			entry.Files[i].Name = strings.TrimPrefix(entry.Files[i].Name, batch.Folder)
		}
		if in.State == "" || entry.State == store.ItemState(in.State) {
			out.Body.Items = append(out.Body.Items, entry)
		}
	}
	return out, nil
}

func (s *api) cancelBatch(ctx context.Context, in *batchInput) (*batchOutput, error) {
	if p := s.stopBatch(in.request, in.ID); p != nil {
		return nil, p
	}
	return s.batch(ctx, in)
}

func (s *api) retryBatch(ctx context.Context, in *batchInput) (*batchOutput, error) {
	again, p := s.againBatch(in.request, in.ID)
	if p != nil {
		return nil, p
	}
	out, p := s.progress(ctx, in.ID)
	if p != nil {
		return nil, p
	}
	if again > 0 {
		out.Status, out.Location = http.StatusAccepted, batchesPath+"/"+in.ID
	}
	return out, nil
}

func (s *api) progress(ctx context.Context, id string) (*batchOutput, *Problem) {
	status, p := s.status(ctx, id)
	if p != nil {
		return nil, p
	}
	out := &batchOutput{Status: http.StatusOK, Body: s.progressOf(status)}
	if !ended(status.State) {
		out.RetryAfter = "1"
	}
	return out, nil
}

// batchArchive answers with a ZIP file that is written as it is made.
func (s *api) batchArchive(ctx context.Context, in *archiveInput) (*huma.StreamResponse, error) {
	status, p := s.status(ctx, in.ID)
	if p != nil {
		return nil, p
	}
	name := cmp.Or(strings.TrimSuffix(status.Name, path.Ext(status.Name)), "ket-qua")
	if !ended(status.State) {
		if !in.Partial {
			p := problem(http.StatusConflict, "Lô chưa xong nên chưa có tệp ZIP đủ. Hãy chờ xong, hoặc lấy phần đã làm bằng ?partial=true.")
			p.retryAfter = "5"
			return nil, p
		}
		name += " - chưa xong"
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		c := humagin.Unwrap(ctx)
		if p := s.writeArchive(c, in.ID, name+".zip"); p != nil {
			s.refuse(c, p)
		}
	}}, nil
}

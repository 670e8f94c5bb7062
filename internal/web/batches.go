package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
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

// batchProgress is how far a batch has come, and how fast.
type batchProgress struct {
	job.Status
	Rate float64 `json:"rate,omitempty" doc:"Số văn bản xong mỗi giây trong khoảng 10 giây vừa qua, theo những lần máy chủ này được hỏi; chỉ có khi đang làm và đã hỏi ít nhất hai lần" example:"42.5"`
	Left *int    `json:"secondsLeft,omitempty" doc:"Số giây còn lại theo tốc độ ấy" example:"37"`
}

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

func (s *server) routeBatches(api huma.API) {
	huma.Register(api, secured(newBatchOperation()), s.newBatch)
	huma.Register(api, secured(batchesOperation()), s.batches)
	huma.Register(api, secured(batchOperation()), s.batch)
	huma.Register(api, secured(itemsOperation()), s.batchItems)
	huma.Register(api, secured(eventsOperation()), s.batchEvents)
	huma.Register(api, secured(cancelOperation()), s.cancelBatch)
	huma.Register(api, secured(retryOperation()), s.retryBatch)
	huma.Register(api, secured(archiveOperation()), s.batchArchive)
}

func (s *server) newBatch(ctx context.Context, in *newBatchInput) (*batchOutput, error) {
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

// takeBatch reads the form of a batch and leaves the batch to the workers. The key may be empty.
func (s *server) takeBatch(c *gin.Context, key string) (id string, fresh bool, p *Problem) {
	ctx := c.Request.Context()
	if p := s.crowded(ctx); p != nil {
		return "", false, p
	}
	sent, err := receive(c)
	if refused := (*Problem)(nil); errors.As(err, &refused) {
		return "", false, refused
	}
	if err != nil {
		return "", false, s.fault(ctx, "keep upload", err)
	}
	defer sent.remove()
	order := sent.order
	order.Office, order.Key, order.Folder, order.Digest = who(ctx).Office, key, job.OwnFolder, digestOf(order, sent.sum)
	if id, fresh, p = s.submit(ctx, order, sent.name, sent.file, sent.size); fresh {
		s.did(c, "start-batch", order.Name, id)
	}
	return id, fresh, p
}

// submit leaves a batch to the workers. It is not fresh where its key had one.
func (s *server) submit(ctx context.Context, order job.Order, name string, data io.Reader, size int64) (id string, fresh bool, p *Problem) {
	id, fresh, err := s.jobs.SubmitFile(ctx, order, name, data, size)
	if errors.Is(err, job.ErrKeyUsed) {
		return "", false, problem(http.StatusUnprocessableEntity,
			"Idempotency-Key này đã dùng cho một lô có nội dung khác. Gửi lại lô cũ thì gửi đúng nội dung cũ; gửi lô mới thì đặt mã khác.")
	}
	if err != nil {
		return "", false, s.fault(ctx, "submit batch", err)
	}
	return id, fresh, nil
}

// crowded refuses a batch while many that were sent are not read yet, as when the queue stands still.
func (s *server) crowded(ctx context.Context) *Problem {
	unfinished, err := s.store.Unfinished(ctx)
	if err != nil {
		return s.fault(ctx, "list batches", err)
	}
	waiting := 0
	for _, batch := range unfinished {
		if batch.State == store.Planning && batch.Input != "" {
			waiting++
		}
	}
	if waiting < maxWaiting {
		return nil
	}
	return tooMany(fmt.Sprintf("Đã có %d lô đang chờ được đọc. Hãy gửi lại sau ít phút; nếu vẫn vậy thì báo người quản trị.", waiting), 60)
}

func (s *server) batches(ctx context.Context, _ *struct{}) (*batchesOutput, error) {
	latest, err := s.jobs.BatchesOf(ctx, who(ctx).Office, maxListed)
	if err != nil {
		return nil, s.fault(ctx, "list batches", err)
	}
	out := &batchesOutput{}
	out.Body.Batches = append([]job.Status{}, latest...)
	return out, nil
}

func (s *server) batch(ctx context.Context, in *batchInput) (*batchOutput, error) {
	out, p := s.progress(ctx, in.ID)
	if p != nil {
		return nil, p
	}
	return out, nil
}

func (s *server) batchItems(ctx context.Context, in *itemsInput) (*itemsOutput, error) {
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

func (s *server) cancelBatch(ctx context.Context, in *batchInput) (*batchOutput, error) {
	if p := s.stopBatch(in.request, in.ID); p != nil {
		return nil, p
	}
	return s.batch(ctx, in)
}

// stopBatch cancels a batch; what is made stays.
func (s *server) stopBatch(c *gin.Context, id string) *Problem {
	ctx := c.Request.Context()
	status, p := s.status(ctx, id)
	if p != nil {
		return p
	}
	if err := s.jobs.Cancel(ctx, id); err != nil {
		return s.fault(ctx, "cancel batch", err)
	}
	s.did(c, "cancel-batch", status.Name, id)
	return nil
}

func (s *server) retryBatch(ctx context.Context, in *batchInput) (*batchOutput, error) {
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

// againBatch makes once more what failed of a batch or was skipped, and gives the number of these.
func (s *server) againBatch(c *gin.Context, id string) (again int, p *Problem) {
	ctx := c.Request.Context()
	status, p := s.status(ctx, id)
	if p != nil {
		return 0, p
	}
	again, err := s.jobs.Retry(ctx, id)
	if err != nil {
		return 0, s.fault(ctx, "retry batch", err)
	}
	if again > 0 {
		s.did(c, "retry-batch", status.Name, id)
	}
	return again, nil
}

// status looks up a batch of the office of who asks. A name of the wrong form is refused as one that no batch has.
func (s *server) status(ctx context.Context, id string) (job.Status, *Problem) {
	unknown := problem(http.StatusNotFound, "Không có lô này. Hãy xem lại mã của lô.")
	if !goodBatchID.MatchString(id) {
		return job.Status{}, unknown
	}
	status, err := s.jobs.Status(ctx, id)
	if errors.Is(err, job.ErrNotFound) || err == nil && status.Office != who(ctx).Office {
		return job.Status{}, unknown
	}
	if err != nil {
		return job.Status{}, s.fault(ctx, "look batch up", err)
	}
	return status, nil
}

func (s *server) progress(ctx context.Context, id string) (*batchOutput, *Problem) {
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

func ended(state store.BatchState) bool { return state == store.Done || state == store.Cancelled }

// progressOf adds to how far a batch has come how fast it goes.
func (s *server) progressOf(status job.Status) batchProgress {
	progress := batchProgress{Status: status}
	if status.State != store.Running {
		s.paces.forget(status.ID)
		return progress
	}
	rate := s.paces.rate(status.ID, status.Total-status.Pending, s.jobs.Now())
	if rate > 0 {
		left := int(math.Ceil(float64(status.Pending) / rate))
		progress.Rate, progress.Left = math.Round(rate*100)/100, &left
	}
	return progress
}

// batchArchive answers with a ZIP file that is written as it is made.
func (s *server) batchArchive(ctx context.Context, in *archiveInput) (*huma.StreamResponse, error) {
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

func (s *server) writeArchive(c *gin.Context, id, name string) *Problem {
	if !s.streams.enter() {
		return tooManyStreams()
	}
	defer s.streams.leave()
	ctx := c.Request.Context()
	c.Header("Content-Type", zipType)
	c.Header("Content-Disposition", attachment(name))
	if headersAlone(c) {
		return nil
	}
	err := s.jobs.Archive(ctx, id, patient(c))
	switch {
	case err == nil || ctx.Err() != nil:
	case !c.Writer.Written():
		c.Writer.Header().Del("Content-Disposition")
		return s.fault(ctx, "write archive", err)
	default:
		_ = s.fault(ctx, "write archive", err)
		panic(http.ErrAbortHandler) // the connection is broken off: a ZIP file cut short must not pass for a whole one
	}
	return nil
}

func tooManyStreams() *Problem {
	return tooMany("Đang có nhiều người theo dõi hoặc tải về cùng lúc. Hãy thử lại sau ít giây.", 10)
}

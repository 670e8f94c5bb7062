package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	deskservice "vanthu/internal/desk"
	"vanthu/internal/job"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/maker"
	"vanthu/internal/store"
)

// MaxWaiting is how many batches that were sent are not read yet, at most: so many large files lie beside the others.
const MaxWaiting = 16

// goodBatchID is the form of the names of batches. What has another is not looked up.
var goodBatchID = lazyregexp.New(`^[a-z2-7]{26,64}$`)

// TakeBatch reads the form of a batch and leaves the batch to the workers. The key may be empty.
func (s *Server) TakeBatch(c *gin.Context, key string) (id string, fresh bool, p *Problem) {
	ctx := c.Request.Context()
	if p := s.CheckQueue(ctx); p != nil {
		return "", false, p
	}
	sent, err := Receive(c)
	if refused := (*Problem)(nil); errors.As(err, &refused) {
		return "", false, refused
	}
	if err != nil {
		return "", false, s.Fault(ctx, "keep upload", err)
	}
	defer sent.Remove()
	order := sent.Order
	order.Office, order.Key, order.Folder, order.Digest = Principal(ctx).Office, key, job.OwnFolder, digestOf(order, sent.sum)
	if id, fresh, p = s.submit(ctx, order, sent.Name, sent.File, sent.Size); fresh {
		s.Audit(c, "start-batch", order.Name, id)
	}
	return id, fresh, p
}

// submit leaves a batch to the workers. It is not fresh where its key had one.
func (s *Server) submit(ctx context.Context, order job.Order, name string, data io.Reader, size int64) (id string, fresh bool, p *Problem) {
	id, fresh, err := s.Jobs.SubmitFile(ctx, order, name, data, size)
	if errors.Is(err, job.ErrKeyUsed) {
		return "", false, NewProblem(http.StatusUnprocessableEntity,
			"Idempotency-Key này đã dùng cho một lô có nội dung khác. Gửi lại lô cũ thì gửi đúng nội dung cũ; gửi lô mới thì đặt mã khác.")
	}
	if err != nil {
		return "", false, s.Fault(ctx, "submit batch", err)
	}
	return id, fresh, nil
}

// CheckQueue refuses a batch while many that were sent are not read yet, as when the queue stands still.
func (s *Server) CheckQueue(ctx context.Context) *Problem {
	unfinished, err := s.Store.Unfinished(ctx)
	if err != nil {
		return s.Fault(ctx, "list batches", err)
	}
	waiting := 0
	for _, batch := range unfinished {
		if batch.State == store.Planning && batch.Input != "" {
			waiting++
		}
	}
	if waiting < MaxWaiting {
		return nil
	}
	return TooMany(fmt.Sprintf("Đã có %d lô đang chờ được đọc. Hãy gửi lại sau ít phút; nếu vẫn vậy thì báo người quản trị.", waiting), 60)
}

// StopBatch cancels a batch; what is made stays.
func (s *Server) StopBatch(c *gin.Context, id string) *Problem {
	ctx := c.Request.Context()
	status, p := s.BatchStatus(ctx, id)
	if p != nil {
		return p
	}
	if err := s.Jobs.Cancel(ctx, id); err != nil {
		return s.Fault(ctx, "cancel batch", err)
	}
	s.Audit(c, "cancel-batch", status.Name, id)
	return nil
}

// AgainBatch makes once more what failed of a batch or was skipped, and gives the number of these.
func (s *Server) AgainBatch(c *gin.Context, id string) (again int, p *Problem) {
	ctx := c.Request.Context()
	status, p := s.BatchStatus(ctx, id)
	if p != nil {
		return 0, p
	}
	again, err := s.Jobs.Retry(ctx, id)
	if err != nil {
		return 0, s.Fault(ctx, "retry batch", err)
	}
	if again > 0 {
		s.Audit(c, "retry-batch", status.Name, id)
	}
	return again, nil
}

// BatchStatus looks up a batch of the office of who asks. A name of the wrong form is refused as one that no batch has.
func (s *Server) BatchStatus(ctx context.Context, id string) (job.Status, *Problem) {
	unknown := NewProblem(http.StatusNotFound, "Không có lô này. Hãy xem lại mã của lô.")
	if !goodBatchID.MatchString(id) {
		return job.Status{}, unknown
	}
	status, err := s.Jobs.Status(ctx, id)
	if errors.Is(err, job.ErrNotFound) || err == nil && status.Office != Principal(ctx).Office {
		return job.Status{}, unknown
	}
	if err != nil {
		return job.Status{}, s.Fault(ctx, "look batch up", err)
	}
	return status, nil
}

// Ended reports whether a batch has come to its end.
func Ended(state store.BatchState) bool { return state == store.Done || state == store.Cancelled }

// ProgressOf adds to how far a batch has come how fast it goes.
func (s *Server) ProgressOf(status job.Status) BatchProgress {
	progress := BatchProgress{Status: status}
	if status.State != store.Running {
		s.Paces.forget(status.ID)
		return progress
	}
	rate := s.Paces.rate(status.ID, status.Total-status.Pending, s.Jobs.Now())
	if rate > 0 {
		left := int(math.Ceil(float64(status.Pending) / rate))
		progress.Rate, progress.Left = math.Round(rate*100)/100, &left
	}
	return progress
}

// BatchProgress is how far a batch has come, and how fast.
type BatchProgress struct {
	job.Status
	Rate float64 `json:"rate,omitempty"` // documents finished a second, lately
	Left *int    `json:"secondsLeft,omitempty"`
}

// TooManyStreams is the problem of one long answer too many at once.
func TooManyStreams() *Problem {
	return TooMany("Đang có nhiều người theo dõi hoặc tải về cùng lúc. Hãy thử lại sau ít giây.", 10)
}

// SubmitOne leaves a request for a document, or for those of all units of its file, to a batch. The key may be empty.
func (s *Server) SubmitOne(ctx context.Context, request maker.Request, key string) (id string, fresh bool, p *Problem) {
	data, err := deskservice.BatchInput(request)
	if err != nil {
		return "", false, s.Fault(ctx, "pack", err)
	}
	order := job.Order{
		Office: Principal(ctx).Office, Key: key, Name: strings.TrimSuffix(request.Name, path.Ext(request.Name)), Folder: job.OwnFolder,
		PDF: request.PDF, XLSX: request.XLSX, Numbers: request.Register,
	}
	sum := sha256.Sum256(data)
	order.Digest = digestOf(order, sum[:])
	return s.submit(ctx, order, order.Name+".zip", bytes.NewReader(data), int64(len(data)))
}

// MaxListed is how many batches a list has at most.
const MaxListed = 50

// BatchesPath is where programs send batches.
const BatchesPath = "/api/v1/batches"

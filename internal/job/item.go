package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/store"
)

// How often work is tried: after a fault that may pass, such as a full disk, and when the processes that do it keep dying, as they do where
// the document itself kills them.
const (
	maxAttempts = 5
	maxDeaths   = 10
)

// untilClosed is how long whoever finds a batch being closed waits before he asks for another closing.
const untilClosed = 500 * time.Millisecond

// errLost stands for what nobody lived to tell.
var errLost = fmt.Errorf("the process was lost %d times", maxDeaths)

// errGone says that a document is not wanted any more: its batch was cancelled, or another process was faster.
var errGone = errors.New("the item is not pending any more")

// workItem makes one document. It may be done again at any point: the number is the same by its key, the files by their names, and what
// became of the item is said last, in one transaction.
func (r *Runner) workItem(ctx context.Context, job *river.Job[itemJob]) error {
	item, err := r.Store.Item(ctx, job.Args.Batch, job.Args.Position)
	if errors.Is(err, store.ErrNotFound) {
		return river.JobCancel(err)
	}
	if err != nil {
		return err
	}
	open := false
	if item.State == store.Pending {
		var made *store.Document
		made, err = r.attempt(ctx, &item, job.Attempt)
		switch {
		case errors.Is(err, errBusy):
			return river.JobSnooze(0)
		case err == nil:
			open, err = r.Store.FinishItem(ctx, item, made)
		case errors.Is(err, errGone):
			err = nil
		}
	}
	if err != nil || open {
		return err
	}
	batch, count, err := r.Store.Batch(ctx, item.Batch)
	if err != nil || batch.State != store.Running || count[store.Pending] > 0 {
		return err
	}
	late, err := r.insertClose(ctx, item.Batch)
	if err == nil && late {
		return river.JobSnooze(untilClosed)
	}
	return err
}

// attempt settles an item. An error means that it is to be tried again.
func (r *Runner) attempt(ctx context.Context, item *store.Item, attempt int) (made *store.Document, err error) {
	var found diag.Findings
	err = errLost
	if attempt <= maxDeaths {
		made, found, err = r.document(ctx, *item)
	}
	switch {
	case errors.Is(err, errBusy), errors.Is(err, errGone), err != nil && ctx.Err() != nil:
		return nil, err
	case err != nil && attempt < maxAttempts && !hopeless(err):
		return nil, err
	case err != nil:
		r.Log.ErrorContext(ctx, "item failed", "batch", item.Batch, "position", item.Position, "attempt", attempt, "error", err)
		item.State, item.Fault = store.Failed, err.Error()
		made, found = nil, append(found, givenUp())
	case made == nil:
		item.State = store.Refused
	default:
		item.State = store.Made
	}
	item.Found, err = json.Marshal(found)
	return made, err
}

// givenUp returns the finding about a fault that is not of the data.
func givenUp() diag.Finding {
	return diag.Finding{
		Severity: diag.Error, Code: diag.Fault, Message: "chương trình hoặc máy gặp lỗi khi làm đơn vị này; các đơn vị khác vẫn được làm",
		Hint: "chạy lại; nếu vẫn lỗi, gửi tệp dữ liệu và nhật ký cho người quản trị",
	}
}

// document makes the document of an item and puts its files in their places. It is nil where findings block.
func (r *Runner) document(ctx context.Context, item store.Item) (*store.Document, diag.Findings, error) {
	batch, _, err := r.Store.Batch(ctx, item.Batch)
	if err != nil {
		return nil, nil, err
	}
	s, err := settingsOf(batch)
	if err != nil {
		return nil, nil, err
	}
	request, err := r.requestOf(ctx, batch, s, item)
	if err != nil {
		return nil, nil, err
	}
	m, err := materialsOf(item)
	if err != nil {
		return nil, nil, err
	}
	fingerprint, err := r.refresh(ctx)
	if err != nil {
		return nil, nil, err
	}
	result, found, err := r.make(ctx, request)
	if err != nil || found.Blocking() {
		return nil, found, err
	}
	now, err := r.Store.Item(ctx, item.Batch, item.Position)
	if err == nil && now.State != store.Pending { // who was slow must not write over what others have made since
		err = errGone
	}
	if err != nil {
		return nil, nil, err
	}
	return r.keepResult(ctx, batch, item.Name, m.key(s, fingerprint), m, result, found) // a template may have changed since it was planned
}

// make calls the app when a CPU is free.
func (r *Runner) make(ctx context.Context, request maker.Request) (maker.Result, diag.Findings, error) {
	patience := r.Longest / 4
	waiting, cancel := context.WithTimeoutCause(ctx, patience, errBusy)
	defer cancel()
	release, err := r.acquireCPU(waiting)
	if err != nil {
		return maker.Result{}, nil, err
	}
	defer release()
	made, err := within(ctx, r.Longest, func(ctx context.Context) (answer, error) {
		result, found, err := r.maker(ctx, request)
		return answer{result, found}, err
	})
	return made.result, made.found, err
}

// answer is what the app makes of a request.
type answer struct {
	result maker.Result
	found  diag.Findings
}

// decode reads findings as the store keeps them.
func decode(found []byte) (list diag.Findings, err error) {
	if len(found) > 0 {
		err = json.Unmarshal(found, &list)
	}
	return list, err
}

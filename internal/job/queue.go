package job

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
	"riverqueue.com/riverui"

	"vanthu/internal/store"
)

// The jobs. What they do stands in the tables of the store; they only say of which batch, and which item of it.
type (
	planJob struct { // plans a batch that was sent
		Batch string `json:"batch"`
	}
	itemJob struct {
		Batch    string `json:"batch"`
		Position int    `json:"position"`
		Round    int    `json:"round"` // of the batch
	}
	resumeJob struct { // gives what is pending of a batch to the workers, for whom all jobs may be lost
		Batch string `json:"batch"`
	}
	closeJob struct { // ends a batch of which nothing is pending
		Batch string `json:"batch"`
	}
)

func (planJob) Kind() string   { return "plan" }
func (itemJob) Kind() string   { return "item" }
func (resumeJob) Kind() string { return "resume" }
func (closeJob) Kind() string  { return "close" }

// live are the states of a job that will still be worked on. A second one like it is of no use. A job that has done its work is among them
// until River has written that down, a quarter of a second later: who asks for another at once has to tell it from the first.
var live = []rivertype.JobState{
	rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable, rivertype.JobStateScheduled,
}

// The first jobs are those that make work for others or end it, then those of small batches: who waits for one paper does not wait for
// the country.
const (
	firstPriority = iota + 1
	smallPriority
	largePriority

	smallBatch = 50
)

// Times that jobs may take, beside Config.Longest. A process that is killed leaves a job alone for as long.
const (
	maxPlanTime  = 10 * time.Minute
	maxCloseTime = 5 * time.Minute
)

func insertion(priority int) *river.InsertOpts {
	return &river.InsertOpts{
		Priority: priority,
		// Whether to try again is decided by work; River must never give a job up by itself, for its item would stay pending.
		MaxAttempts: 1000,
		UniqueOpts:  river.UniqueOpts{ByArgs: true, ByState: live},
	}
}

// queue is a River client on either database.
type queue interface {
	ID() string
	Start(ctx context.Context) error
	Stop(ctx context.Context) error
	StopAndCancel(ctx context.Context) error
	Insert(ctx context.Context, args river.JobArgs, opts *river.InsertOpts) (*rivertype.JobInsertResult, error)
	InsertMany(ctx context.Context, params []river.InsertManyParams) ([]*rivertype.JobInsertResult, error)
	ui(ctx context.Context, prefix string, log *slog.Logger) (http.Handler, error)
}

// client is a River client whose transactions are those of one database.
type client[Tx any] struct{ *river.Client[Tx] }

func openQueue(ctx context.Context, r *Runner) (queue, error) {
	longest := r.Longest + r.Longest/2 // of a job: the document, the wait for a CPU before it, and its files
	config := &river.Config{
		Logger: slog.New(quiet{r.Log.Handler()}),
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: r.Slots}},
		// What one process works off in a second is at most its slots by this.
		FetchCooldown: 5 * time.Millisecond,
		JobTimeout:    longest,
		// A job that runs longer than it may belongs to a process that is gone.
		RescueStuckJobsAfter: longest,
		// Finished jobs are of no use: the items say what became of them.
		CompletedJobRetentionPeriod: time.Hour,
	}
	if pool := r.Store.Pool(); pool != nil {
		return newClient[pgx.Tx](ctx, r, riverpgxv5.New(pool), config)
	}
	config.PollOnly, config.FetchPollInterval = true, 500*time.Millisecond
	return newClient[*sql.Tx](ctx, r, alone{riversqlite.New(r.Store.SQLite())}, config)
}

// alone is SQLite's driver without its notifications, for which a table would be read twenty times a second, and an idle service would never
// rest. A client that has none sees its own jobs at once, and those of other processes when it next looks.
type alone struct{ *riversqlite.Driver }

func (alone) SupportsListener() bool     { return false }
func (alone) SupportsListenNotify() bool { return false }

func newClient[Tx any](ctx context.Context, r *Runner, driver riverdriver.Driver[Tx], config *river.Config) (queue, error) {
	if err := migrate(ctx, driver); err != nil {
		return nil, fmt.Errorf("make tables of the queue: %w", err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker[planJob]{timeout: maxPlanTime, work: r.workPlan})
	river.AddWorker(workers, &worker[resumeJob]{timeout: config.JobTimeout, work: r.workResume})
	river.AddWorker(workers, &worker[itemJob]{timeout: config.JobTimeout, work: r.workItem})
	river.AddWorker(workers, &worker[closeJob]{timeout: maxCloseTime, work: r.workClose})
	config.Workers = workers
	c, err := river.NewClient(driver, config)
	if err != nil {
		return nil, err
	}
	return client[Tx]{c}, nil
}

// migrate makes the tables of the queue. Where several processes start at once one of them makes them, and the others see that.
func migrate[Tx any](ctx context.Context, driver riverdriver.Driver[Tx]) error {
	migrator, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	const longest = 2 * time.Second
	for wait := 50 * time.Millisecond; ; wait *= 2 {
		_, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
		if err == nil || wait > longest {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-time.After(wait):
		}
	}
}

func (c client[Tx]) ui(ctx context.Context, prefix string, log *slog.Logger) (http.Handler, error) {
	handler, err := riverui.NewHandler(&riverui.HandlerOpts{
		Endpoints: riverui.NewEndpoints(c.Client, nil), Prefix: prefix, Logger: slog.New(quiet{log.Handler()}),
	})
	if err != nil {
		return nil, err
	}
	return handler, handler.Start(ctx)
}

// worker does the jobs of one kind.
type worker[J river.JobArgs] struct {
	river.WorkerDefaults[J]
	timeout time.Duration
	work    func(ctx context.Context, job *river.Job[J]) error
}

func (w *worker[J]) Work(ctx context.Context, job *river.Job[J]) error { return w.work(ctx, job) }
func (w *worker[J]) Timeout(*river.Job[J]) time.Duration               { return w.timeout }

// NextRetry returns a time that is later after each attempt, half a minute after it began at most.
func (w *worker[J]) NextRetry(job *river.Job[J]) time.Time {
	const maxWait = 30 * time.Second
	return job.AttemptedAt.Add(min(time.Duration(job.Attempt*job.Attempt)*time.Second, maxWait)) // by the queue's own clock
}

// insert gives a job of a batch to the workers, unless there is one like it.
func (r *Runner) insert(ctx context.Context, job river.JobArgs) error {
	if _, err := r.queue.Insert(ctx, job, insertion(firstPriority)); err != nil {
		return fmt.Errorf("enqueue: %w", err)
	}
	return nil
}

// insertClose has a batch closed. late reports that it is being closed already, by a job that may have looked too early.
func (r *Runner) insertClose(ctx context.Context, batch string) (late bool, err error) {
	result, err := r.queue.Insert(ctx, closeJob{batch}, insertion(firstPriority))
	if err != nil {
		return false, fmt.Errorf("enqueue: %w", err)
	}
	return result.UniqueSkippedAsDuplicate && result.Job.State == rivertype.JobStateRunning, nil
}

// workResume takes a batch up again.
func (r *Runner) workResume(ctx context.Context, job *river.Job[resumeJob]) error {
	batch, _, err := r.Store.Batch(ctx, job.Args.Batch)
	if errors.Is(err, store.ErrNotFound) {
		return river.JobCancel(err)
	}
	if err != nil || batch.State != store.Running {
		return err
	}
	return r.enqueue(ctx, batch)
}

// nextRound begins a round of jobs.
func (r *Runner) nextRound(ctx context.Context, batch *store.Batch) error {
	s, err := settingsOf(*batch)
	if err != nil {
		return err
	}
	s.Round++
	if batch.Settings, err = json.Marshal(s); err != nil {
		return err
	}
	return r.Store.SetBatch(ctx, *batch)
}

// enqueue gives the pending items of a batch to the workers, or has it closed where there are none.
func (r *Runner) enqueue(ctx context.Context, batch store.Batch) error {
	const many = 500
	s, err := settingsOf(batch)
	if err != nil {
		return err
	}
	var pending []int
	for outcome, err := range r.Store.Outcomes(ctx, batch.ID) {
		if err != nil {
			return err
		}
		if outcome.State == store.Pending {
			pending = append(pending, outcome.Position)
		}
	}
	if len(pending) == 0 {
		_, err := r.insertClose(ctx, batch.ID)
		return err
	}
	for positions := range slices.Chunk(pending, many) {
		if err := r.insertItems(ctx, batch.ID, s.Round, positions, len(pending)); err != nil {
			return err
		}
	}
	return nil
}

// insertItems gives some of the pending items of a batch to the workers. Those that wait already are left out.
func (r *Runner) insertItems(ctx context.Context, batch string, round int, positions []int, pending int) error {
	priority := smallPriority
	if pending > smallBatch {
		priority = largePriority
	}
	params := make([]river.InsertManyParams, len(positions))
	for i, position := range positions {
		params[i] = river.InsertManyParams{Args: itemJob{batch, position, round}, InsertOpts: insertion(priority)}
	}
	if _, err := r.queue.InsertMany(ctx, params); err != nil {
		return fmt.Errorf("enqueue: %w", err)
	}
	return nil
}

// quiet passes warnings and errors on: what River logs besides is of interest to those who work on River.
type quiet struct{ slog.Handler }

func (h quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}

func (h quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{h.Handler.WithAttrs(attrs)} }
func (h quiet) WithGroup(name string) slog.Handler       { return quiet{h.Handler.WithGroup(name)} }

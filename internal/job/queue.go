package job

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"github.com/riverqueue/river/rivertype"
	"riverqueue.com/riverui"
)

// The jobs. What they do stands in the tables of the store; they only say of which batch, and which item of it.
type (
	planJob struct {
		Batch string `json:"batch"`
	}
	itemJob struct {
		Batch    string `json:"batch"`
		Position int    `json:"position"`
	}
	closeJob struct {
		Batch string `json:"batch"`
	}
)

func (planJob) Kind() string  { return "plan" }
func (itemJob) Kind() string  { return "item" }
func (closeJob) Kind() string { return "close" }

// live are the states of a job that will still be worked on. A second one like it is of no use.
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
	config := &river.Config{
		Logger: slog.New(quiet{r.Log.Handler()}),
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: r.Slots}},
		// What one process works off in a second is at most its slots by this.
		FetchCooldown: 5 * time.Millisecond,
		JobTimeout:    r.Longest,
		// A job that runs longer than it may belongs to a process that is gone.
		RescueStuckJobsAfter: r.Longest + r.Longest/2,
		// Finished jobs are of no use: the items say what became of them.
		CompletedJobRetentionPeriod: time.Hour,
	}
	if pool := r.Store.Pool(); pool != nil {
		return newClient[pgx.Tx](ctx, r, riverpgxv5.New(pool), config)
	}
	// In SQLite another process tells of a new job by a table that is read twenty times a second, and an idle service would never rest.
	// Jobs of this process are told of at once in either case; those of another wait for half a second.
	config.PollOnly, config.FetchPollInterval = true, 500*time.Millisecond
	return newClient[*sql.Tx](ctx, r, riversqlite.New(r.Store.SQLite()), config)
}

func newClient[Tx any](ctx context.Context, r *Runner, driver riverdriver.Driver[Tx], config *river.Config) (queue, error) {
	if err := migrate(ctx, driver); err != nil {
		return nil, fmt.Errorf("make tables of the queue: %w", err)
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &worker[planJob]{timeout: 30 * time.Minute, work: r.workPlan})
	river.AddWorker(workers, &worker[itemJob]{timeout: r.Longest, work: r.workItem})
	river.AddWorker(workers, &worker[closeJob]{timeout: 10 * time.Minute, work: r.workClose})
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

// NextRetry waits longer after each attempt, half a minute at most.
func (w *worker[J]) NextRetry(job *river.Job[J]) time.Time {
	const longest = 30 * time.Second
	return time.Now().Add(min(time.Duration(job.Attempt*job.Attempt)*time.Second, longest)) // of the queue's own clock
}

// enqueue gives items of a batch to the workers, or closes the batch where there are none. Those that wait already are left out.
func (r *Runner) enqueue(ctx context.Context, batch string, positions []int) error {
	if len(positions) == 0 {
		return r.enqueueClose(ctx, batch)
	}
	const many = 500
	priority := smallPriority
	if len(positions) > smallBatch {
		priority = largePriority
	}
	params := make([]river.InsertManyParams, 0, min(len(positions), many))
	for i, position := range positions {
		params = append(params, river.InsertManyParams{Args: itemJob{batch, position}, InsertOpts: insertion(priority)})
		if len(params) < many && i < len(positions)-1 {
			continue
		}
		if _, err := r.queue.InsertMany(ctx, params); err != nil {
			return fmt.Errorf("enqueue: %w", err)
		}
		params = params[:0]
	}
	return nil
}

func (r *Runner) enqueueClose(ctx context.Context, batch string) error {
	if _, err := r.queue.Insert(ctx, closeJob{batch}, insertion(firstPriority)); err != nil {
		return fmt.Errorf("enqueue: %w", err)
	}
	return nil
}

// quiet passes warnings and errors on: what River tells besides is of interest to those who work on River.
type quiet struct{ slog.Handler }

func (h quiet) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && h.Handler.Enabled(ctx, level)
}
func (h quiet) WithAttrs(attrs []slog.Attr) slog.Handler { return quiet{h.Handler.WithAttrs(attrs)} }
func (h quiet) WithGroup(name string) slog.Handler       { return quiet{h.Handler.WithGroup(name)} }

// Package job makes many documents on River: a batch is planned into items, an item is one document, and when none is pending the batch
// is closed with its manifest and its summary. The queue lies in the database of the store: one binary works alone on SQLite, any number
// of them together on PostgreSQL. Whatever process is killed at whatever point, the same files stand in the end and each number is
// used once, for every step can be taken again: numbers by their keys, files by their names, items by their states.
package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"time"

	"golang.org/x/sync/semaphore"

	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/maker"
	"vanthu/internal/store"
)

// Config is what a Runner is made from.
type Config struct {
	Maker   *maker.Service // with the store as its register, where numbers are taken
	Store   *store.Store
	Files   files.Store
	Log     *slog.Logger
	Profile []byte           // the don-vi.yaml of the office "" where the office knows none, or nil
	Slots   int              // documents in hand at once; 0 means four for each CPU
	Longest time.Duration    // what one document may take, after which it is taken for lost and made again; 0 means a minute
	Now     func() time.Time // the clock
}

// Runner plans batches and works on them. It is safe for concurrent use.
type Runner struct {
	Config
	queue queue
	cpus  *semaphore.Weighted                                                       // a document is made when it holds one
	maker func(context.Context, maker.Request) (maker.Result, diag.Findings, error) // Maker.Make, but where a test puts another in its place
}

// Errors of a Runner.
var (
	ErrNotFound = errors.New("no such batch")
	ErrKeyUsed  = errors.New("the key belongs to a batch of another order")
)

// Open makes the tables of the queue and a Runner that does not work yet.
func Open(ctx context.Context, config Config) (*Runner, error) {
	cpus := runtime.GOMAXPROCS(0)
	config.Slots = cmp.Or(config.Slots, 4*cpus)
	config.Longest = cmp.Or(config.Longest, time.Minute)
	r := &Runner{Config: config, cpus: semaphore.NewWeighted(int64(cpus)), maker: config.Maker.Make}
	var err error
	if _, err = config.Maker.Office.Fingerprint(); err != nil { // which is that of the folders as they are now
		return nil, fmt.Errorf("job: %w", err)
	}
	if r.queue, err = openQueue(ctx, r); err != nil {
		return nil, fmt.Errorf("job: %w", err)
	}
	return r, nil
}

// Start takes unfinished batches up again and begins to work on jobs, until Stop.
func (r *Runner) Start(ctx context.Context) error {
	if err := r.resume(ctx); err != nil {
		return fmt.Errorf("job: %w", err)
	}
	if err := r.queue.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("job: start: %w", err)
	}
	return nil
}

// resume gives unfinished batches to the workers again: after a restore nothing else knows of them. Jobs that are there stay. What a
// command began to plan, nobody else can: where it is gone, its batch ends.
func (r *Runner) resume(ctx context.Context) error {
	const longest = time.Hour // that a command plans
	batches, err := r.Store.Unfinished(ctx)
	if err != nil {
		return err
	}
	for _, batch := range batches {
		switch {
		case batch.State == store.Running:
			err = r.insert(ctx, resumeJob{batch.ID})
		case batch.Input != "":
			err = r.insert(ctx, planJob{batch.ID})
		case r.Now().Sub(batch.Created) > longest:
			err = r.Store.CancelBatch(ctx, batch.ID, r.Now())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Stop finishes the documents in hand; those that are not finished when ctx ends are made again by whoever works next.
func (r *Runner) Stop(ctx context.Context) error {
	const longest = 5 * time.Second // that work takes to notice
	err := r.queue.Stop(ctx)
	if ctx.Err() == nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longest)
	defer cancel()
	return r.queue.StopAndCancel(ctx)
}

// Cancel ends a batch: what is made stays, and the manifest tells of it; what is not made is skipped. One that is done stays done.
func (r *Runner) Cancel(ctx context.Context, id string) error {
	if err := r.Store.CancelBatch(ctx, id, r.Now()); err != nil {
		return notFound(err)
	}
	_, err := r.insertClose(ctx, id)
	return err
}

// Retry makes the failed and skipped items of a batch again, and returns how many.
func (r *Runner) Retry(ctx context.Context, id string) (int, error) {
	positions, err := r.Store.RetryBatch(ctx, id)
	if err != nil {
		return 0, notFound(err)
	}
	batch, _, err := r.Store.Batch(ctx, id)
	if err != nil || batch.State != store.Running {
		return 0, err
	}
	if len(positions) > 0 {
		if err := r.nextRound(ctx, &batch); err != nil {
			return 0, err
		}
	}
	return len(positions), r.enqueue(ctx, batch) // even for none: who tries again may have failed here
}

// Load returns how much work there is.
func (r *Runner) Load(ctx context.Context) (store.Load, error) { return r.Store.Load(ctx) }

// UI returns River's own view of the queue, in English, below a path prefix. It has no login. It works until ctx ends.
func (r *Runner) UI(ctx context.Context, prefix string) (http.Handler, error) {
	return r.queue.ui(ctx, prefix, r.Log)
}

// Ready returns what keeps this process from working, database or disk, or nil.
func (r *Runner) Ready(ctx context.Context) error {
	const probe = 256 << 10 // bytes: a disk that is nearly full is told before a document is lost
	name := dataFolder + "san-sang-" + r.queue.ID()
	if err := r.Store.Ping(ctx); err != nil {
		return fmt.Errorf("database: %w", err)
	}
	if err := files.Write(ctx, r.Files, name, make([]byte, probe)); err != nil {
		return fmt.Errorf("files: %w", err)
	}
	if err := r.Files.Delete(ctx, name); err != nil {
		return fmt.Errorf("files: %w", err)
	}
	return nil
}

// refresh has the office read templates and profiles that were changed since, and returns the fingerprint of what it makes from here on.
func (r *Runner) refresh(ctx context.Context) (fingerprint string, err error) {
	if err := r.Maker.Office.Refresh(ctx); err != nil {
		return "", err
	}
	return r.Maker.Office.Fingerprint()
}

// notFound speaks of batches where the store does of its rows.
func notFound(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return ErrNotFound
	}
	return err
}

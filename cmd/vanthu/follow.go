package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"vanthu/internal/job"
	"vanthu/internal/store"
)

// follower follows one batch.
type follower struct {
	runner *job.Runner
	id     string
	view   *meter

	last  job.Status
	heard time.Time // when the database answered last
	moved time.Time // when the batch came on last
	asked time.Time // when it was last looked into why it does not
	told  string    // what it waits for, as it was said
}

// follow shows how far a batch has come, five times a second, until it is done or ctx ends. What may pass, a database that is away or a
// disk that is full, is waited for, but not for ever.
func follow(ctx context.Context, runner *job.Runner, id string, view *meter) (job.Status, error) {
	defer view.end()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	now := time.Now()
	f := follower{runner: runner, id: id, view: view, heard: now, moved: now}
	for {
		if done, err := f.look(ctx, now); done || err != nil {
			return f.last, err
		}
		select {
		case <-ctx.Done():
			return f.last, ctx.Err()
		case now = <-tick.C:
		}
	}
}

// look asks how far the batch is.
func (f *follower) look(ctx context.Context, now time.Time) (done bool, err error) {
	const patience = 2 * time.Minute
	status, err := f.runner.Status(ctx, f.id)
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err()
	case errors.Is(err, job.ErrNotFound), err != nil && now.Sub(f.heard) > patience:
		return false, err
	case err != nil:
		f.waitFor("Cơ sở dữ liệu không trả lời")
		return false, nil
	}
	if status.Pending != f.last.Pending || status.State != f.last.State {
		f.moved, f.told = now, ""
	}
	f.last, f.heard = status, now
	if f.told == "" {
		f.view.show(status, now)
	}
	if status.State == store.Done || status.State == store.Cancelled {
		return true, nil
	}
	return false, f.lookInto(ctx, now)
}

// lookInto finds out why a batch does not come on. What keeps it longer than a minute ends the command.
func (f *follower) lookInto(ctx context.Context, now time.Time) error {
	const (
		calm     = 5 * time.Second
		patience = time.Minute
	)
	if now.Sub(f.moved) < calm || now.Sub(f.asked) < calm {
		return nil
	}
	f.asked = now
	err := f.runner.Ready(ctx)
	switch {
	case err == nil || ctx.Err() != nil:
		return nil
	case now.Sub(f.moved) > patience:
		return fmt.Errorf("không làm tiếp được: %w", err)
	case errors.Is(err, syscall.ENOSPC):
		f.waitFor("Ổ đĩa đã đầy; giải phóng chỗ trống thì việc làm tiếp")
	default:
		f.waitFor("Không ghi được kết quả (" + err.Error() + ")")
	}
	return nil
}

// waitFor says once what is waited for.
func (f *follower) waitFor(what string) {
	if f.told != what {
		f.told = what
		f.view.wait(what)
	}
}

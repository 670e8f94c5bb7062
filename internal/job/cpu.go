package job

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"vanthu/internal/diag"
)

// A document is made when a CPU is free: more at once would be no faster and take more memory.

// errBusy says that no CPU was free for a while: another process may have one.
var errBusy = errors.New("no CPU is free")

// errHung says that work went on long after it was told to stop. It still does, and would the next time.
var errHung = errors.New("it does not end")

// acquireCPU waits for a CPU until ctx ends.
func (r *Runner) acquireCPU(ctx context.Context) (release func(), err error) {
	if err := r.cpus.Acquire(ctx, 1); err != nil {
		return nil, context.Cause(ctx)
	}
	return func() { r.cpus.Release(1) }, nil
}

// within does work that may take so long, not counting the wait for a CPU. A panic is one document's fault. Work that does not end is left
// alone, so that the others go on.
func within[T any](ctx context.Context, longest time.Duration, work func(context.Context) (T, error)) (result T, err error) {
	type end struct {
		result T
		err    error
	}
	ended := make(chan end, 1)
	limited, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	go func() {
		var e end
		defer func() { ended <- e }()
		defer guard(&e.err)
		e.result, e.err = work(limited)
	}()
	select {
	case e := <-ended:
		return e.result, e.err
	case <-limited.Done():
	}
	select {
	case e := <-ended:
		return e.result, e.err
	case <-time.After(longest / 8): // to notice
		return result, fmt.Errorf("after %v: %w", longest, errHung)
	case <-ctx.Done():
		return result, ctx.Err()
	}
}

// guard turns a panic into a *diag.Panic, as the app does with its own.
func guard(err *error) {
	if value := recover(); value != nil {
		*err = &diag.Panic{Operation: "job", Value: value, Stack: debug.Stack()}
	}
}

// hopeless reports whether an error comes again however often work is tried.
func hopeless(err error) bool {
	crash := (*diag.Panic)(nil)
	return errors.As(err, &crash) || errors.Is(err, errHung)
}

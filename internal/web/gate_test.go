package web

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
)

func TestGateBoundsWork(t *testing.T) {
	const cpus = 2
	g := NewGate(cpus, 100)
	var now, most atomic.Int32
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			g.Work(t.Context(), func(context.Context) {
				n := now.Add(1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				now.Add(-1)
			})
		})
	}
	wait.Wait()
	if most.Load() > cpus {
		t.Errorf("%d at once, want at most %d", most.Load(), cpus)
	}
}

func TestGateGivesUp(t *testing.T) {
	g := NewGate(1, 1)
	gone, leave := context.WithCancel(t.Context())
	leave()
	done := g.Work(t.Context(), func(ctx context.Context) {
		if _, limited := ctx.Deadline(); !limited {
			t.Error("work has no deadline")
		}
		if g.Work(gone, func(context.Context) { t.Error("worked without a CPU") }) {
			t.Error("told that it worked")
		}
	})
	if !done {
		t.Error("did not work with a CPU free")
	}
}

func TestGateFreesItsCPUAfterAPanic(t *testing.T) {
	g := NewGate(1, 1)
	func() {
		defer func() { _ = recover() }()
		g.Work(t.Context(), func(context.Context) { panic("x") })
	}()
	if len(g.CPUs) != 0 {
		t.Error("the CPU is lost")
	}
}

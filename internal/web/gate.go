package web

import (
	"context"
	"time"
)

// longestWait is how long a request waits for a CPU before it is told to come back.
const longestWait = 20 * time.Second

// longestWork is how long a document may take; the longest plausible ones take a second.
const longestWork = 60 * time.Second

// Gate keeps a crowd from taking all memory or all CPUs. A request takes a seat before its body is read and a CPU before it is
// worked on; there are more seats than CPUs, and who finds no seat goes away.
type Gate struct {
	Semaphore
	CPUs chan struct{}
}

// NewGate returns a gate for as many CPUs and for so many requests that wait or work.
func NewGate(cpus, most int) *Gate {
	return &Gate{Semaphore: make(Semaphore, most), CPUs: make(chan struct{}, cpus)}
}

// Semaphore are places for as many requests at once.
type Semaphore chan struct{}

// TryAcquire takes a seat; false when there is none.
func (s Semaphore) TryAcquire() bool {
	select {
	case s <- struct{}{}:
		return true
	default:
		return false
	}
}

// Release gives a place back.
func (s Semaphore) Release() { <-s }

// Work runs fn on a CPU of its own, with a deadline. It gives false when none came free in time.
func (g *Gate) Work(ctx context.Context, fn func(context.Context)) bool {
	wait, stop := context.WithTimeout(ctx, longestWait)
	defer stop()
	select {
	case g.CPUs <- struct{}{}:
	case <-wait.Done():
		return false
	}
	defer func() { <-g.CPUs }()
	deadline, cancel := context.WithTimeout(ctx, longestWork)
	defer cancel()
	fn(deadline)
	return true
}

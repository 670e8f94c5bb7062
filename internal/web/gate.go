package web

import (
	"context"
	"time"
)

// longestWait is how long a request waits for a CPU before it is told to come back.
const longestWait = 20 * time.Second

// longestWork is how long a document may take; the longest plausible ones take a second.
const longestWork = 60 * time.Second

// gate keeps a crowd from taking all memory or all CPUs. A request takes a seat before its body is read and a CPU before it is
// worked on; there are more seats than CPUs, and who finds no seat goes away.
type gate struct {
	seats
	cpus chan struct{}
}

func newGate(cpus, most int) *gate {
	return &gate{seats: make(seats, most), cpus: make(chan struct{}, cpus)}
}

// seats are places for as many requests at once.
type seats chan struct{}

// enter takes a seat; false when there is none.
func (s seats) enter() bool {
	select {
	case s <- struct{}{}:
		return true
	default:
		return false
	}
}

func (s seats) leave() { <-s }

// work runs fn on a CPU of its own, with a deadline. It gives false when none came free in time.
func (g *gate) work(ctx context.Context, fn func(context.Context)) bool {
	wait, stop := context.WithTimeout(ctx, longestWait)
	defer stop()
	select {
	case g.cpus <- struct{}{}:
	case <-wait.Done():
		return false
	}
	defer func() { <-g.cpus }()
	deadline, cancel := context.WithTimeout(ctx, longestWork)
	defer cancel()
	fn(deadline)
	return true
}

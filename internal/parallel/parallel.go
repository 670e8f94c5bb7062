// Package parallel works on many things at once and keeps their order.
package parallel

import (
	"fmt"
	"iter"
	"runtime"
	"runtime/debug"
)

// InOrder works on all items at once, as many as there are CPUs, and returns the results in the order of the items. Where the results are
// not wanted any more, no further item is begun. A panic of the work is one of whoever asks for its result, who may recover from it.
func InOrder[T, R any](items []T, work func(T) R) iter.Seq2[T, R] {
	return func(yield func(T, R) bool) {
		ends := make([]chan end[R], len(items))
		for i := range ends {
			ends[i] = make(chan end[R], 1)
		}
		left := make(chan struct{})
		defer close(left)
		go begin(items, work, ends, left)
		for i, item := range items {
			e := <-ends[i]
			if e.thrown != nil {
				panic(fmt.Sprintf("%v\n\n%s", e.thrown, e.stack))
			}
			if !yield(item, e.result) {
				return
			}
		}
	}
}

// end is what came of the work on one item: a result, or a panic.
type end[R any] struct {
	result R
	thrown any
	stack  []byte
}

// begin works on one item after the other, each as soon as a CPU is free, until left is closed.
func begin[T, R any](items []T, work func(T) R, ends []chan end[R], left <-chan struct{}) {
	cpus := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, item := range items {
		select {
		case cpus <- struct{}{}:
		case <-left:
			return
		}
		go func() {
			var e end[R]
			defer func() {
				if e.thrown = recover(); e.thrown != nil {
					e.stack = debug.Stack()
				}
				ends[i] <- e
				<-cpus
			}()
			e.result = work(item)
		}()
	}
}

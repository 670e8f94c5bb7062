// Package parallel works on many things at once and keeps their order.
package parallel

import (
	"iter"
	"runtime"
)

// InOrder works on all items at once, as many as there are CPUs, and gives the results in the order of the items. Where the results are
// not wanted any more, no further item is begun.
func InOrder[T, R any](items []T, work func(T) R) iter.Seq2[T, R] {
	return func(yield func(T, R) bool) {
		results := make([]chan R, len(items))
		for i := range results {
			results[i] = make(chan R, 1)
		}
		left := make(chan struct{})
		defer close(left)
		go begin(items, work, results, left)
		for i, item := range items {
			if !yield(item, <-results[i]) {
				return
			}
		}
	}
}

// begin works on one item after the other, each as soon as a CPU is free, until left is closed.
func begin[T, R any](items []T, work func(T) R, results []chan R, left <-chan struct{}) {
	cpus := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, item := range items {
		select {
		case cpus <- struct{}{}:
		case <-left:
			return
		}
		go func() {
			results[i] <- work(item)
			<-cpus
		}()
	}
}

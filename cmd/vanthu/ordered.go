package main

import (
	"iter"
	"runtime"
)

// inOrder works on all items at once, as many as there are CPUs, and gives the results in the order of the items.
func inOrder[T, R any](items []T, work func(T) R) iter.Seq2[T, R] {
	return func(yield func(T, R) bool) {
		results := make([]chan R, len(items))
		for i := range results {
			results[i] = make(chan R, 1)
		}
		cpus := make(chan struct{}, runtime.GOMAXPROCS(0))
		go func() {
			for i, item := range items {
				cpus <- struct{}{}
				go func() {
					results[i] <- work(item)
					<-cpus
				}()
			}
		}()
		for i, item := range items {
			if !yield(item, <-results[i]) {
				return
			}
		}
	}
}

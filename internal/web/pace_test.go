package web

import (
	"testing"
	"time"
)

func TestPace(t *testing.T) {
	start := time.Date(2026, 12, 20, 8, 0, 0, 0, time.UTC)
	type look struct {
		second   float64
		finished int
		rate     float64
	}
	for _, test := range []struct {
		name  string
		looks []look
	}{
		{"what was kept before it was looked at does not count", []look{{0, 1000, 0}, {0.5, 1010, 0}, {1, 1020, 20}, {5, 1100, 20}}},
		{"the last ten seconds count", []look{{0, 0, 0}, {10, 100, 10}, {20, 300, 20}, {30, 300, 0}}},
		{"who looks seldom is told of the time between", []look{{0, 0, 0}, {60, 120, 2}, {120, 120, 0}}},
		{"tried again, it counts from then", []look{{0, 90, 0}, {9, 99, 1}, {10, 50, 0}, {12, 56, 3}}},
		{"clock set back", []look{{3600, 0, 0}, {0, 10, 0}, {2, 20, 5}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := Throughput{Seen: map[string][]sample{}}
			for _, look := range test.looks {
				if got := p.rate("a", look.finished, start.Add(time.Duration(look.second*float64(time.Second)))); got != look.rate {
					t.Errorf("%v s: %v a second, want %v", look.second, got, look.rate)
				}
			}
		})
	}
	t.Run("memory is bounded", func(t *testing.T) {
		p := Throughput{Seen: map[string][]sample{}}
		for i := range 5000 {
			p.rate(time.Duration(i%2500).String(), i, start.Add(time.Duration(i)*time.Millisecond))
		}
		if n := len(p.Seen); n > 1000 {
			t.Errorf("%d batches are remembered", n)
		}
	})
}

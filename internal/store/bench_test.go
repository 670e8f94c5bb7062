package store

import (
	"fmt"
	"sync/atomic"
	"testing"
)

func benchBoth(b *testing.B, bench func(b *testing.B, s *Store)) {
	b.Run("sqlite", func(b *testing.B) { bench(b, open(b, b.TempDir())) })
	b.Run("postgres", func(b *testing.B) { bench(b, open(b, newSchema(b))) })
}

func BenchmarkReserve(b *testing.B) {
	benchBoth(b, func(b *testing.B, s *Store) {
		n := 0
		for b.Loop() {
			n++
			reserve(b, s, ask(plans, fmt.Sprint(n), 3, 27))
		}
	})
}

// BenchmarkReserveAtOnce takes numbers of one series from 64 goroutines a core.
func BenchmarkReserveAtOnce(b *testing.B) {
	benchBoth(b, func(b *testing.B, s *Store) {
		var n atomic.Int64
		b.SetParallelism(64)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := s.Reserve(b.Context(), ask(plans, fmt.Sprint(n.Add(1)), 3, 27)); err != nil {
					b.Error(err)
				}
			}
		})
	})
}

// BenchmarkListWords looks for words in 10,000 entries of which one in ten has them.
func BenchmarkListWords(b *testing.B) {
	benchBoth(b, func(b *testing.B, s *Store) {
		for n := range 10_000 {
			request := ask(plans, fmt.Sprint(n), 3, 27)
			if n%10 == 0 {
				request.Title = "Kế hoạch tiếp xúc cử tri trước kỳ họp thường lệ giữa năm"
			}
			reserve(b, s, request)
		}
		for name, filter := range map[string]Filter{"some": {Words: "cu tri giua"}, "none": {Words: "khong thay"}, "all": {}} {
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					list(b, s, filter)
				}
			})
		}
	})
}

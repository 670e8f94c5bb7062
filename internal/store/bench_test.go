package store

import (
	"fmt"
	"io"
	"sync/atomic"
	"testing"

	"vanthu/internal/pgtest"
)

func benchBoth(b *testing.B, bench func(b *testing.B, s *Store)) {
	b.Run("sqlite", func(b *testing.B) { bench(b, open(b, b.TempDir())) })
	b.Run("postgres", func(b *testing.B) { bench(b, open(b, pgtest.Schema(b))) })
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

// BenchmarkFinishItem finishes the items of one batch from 16 goroutines a core, each with its document.
func BenchmarkFinishItem(b *testing.B) {
	benchBoth(b, func(b *testing.B, s *Store) {
		batch := newBatch("b")
		addBatch(b, s, batch, b.N)
		var n atomic.Int64
		b.SetParallelism(16)
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				i := int(n.Add(1))
				item := Item{Batch: "b", Position: i, Name: fmt.Sprint("xã-", i), State: Made}
				if _, err := s.FinishItem(b.Context(), item, documentOf(batch, item, "h")); err != nil {
					b.Error(err)
				}
			}
		})
	})
}

// BenchmarkCounts asks how much work there is, of all and of one batch of the country, when 30 of them were made.
func BenchmarkCounts(b *testing.B) {
	benchBoth(b, func(b *testing.B, s *Store) {
		const communes = 3321
		for i := range 30 {
			batch := newBatch(fmt.Sprint("b", i))
			addBatch(b, s, batch, communes)
			if i > 0 {
				_, err := s.db.Exec(s.marks(`UPDATE items SET state = 'made' WHERE batch = $1`), batch.ID)
				wants(b, err, nil)
			}
		}
		b.Run("load", func(b *testing.B) {
			for b.Loop() {
				_, err := s.Load(b.Context())
				wants(b, err, nil)
			}
		})
		b.Run("batch", func(b *testing.B) {
			for b.Loop() {
				stateOf(b, s, "b0")
			}
		})
		b.Run("outcomes", func(b *testing.B) {
			for b.Loop() {
				outcomes(b, s, "b0")
			}
		})
		b.Run("dump", func(b *testing.B) {
			for b.Loop() {
				wants(b, s.Dump(b.Context(), func(string) (io.Writer, error) { return io.Discard, nil }), nil)
			}
		})
	})
}

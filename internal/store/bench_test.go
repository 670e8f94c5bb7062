package store

import (
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"vanthu/internal/pgtest"
	"vanthu/internal/testenv"
	"vanthu/internal/vi"
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

// fillRegister gives an office so many entries, of which one in ten is of a meeting with voters.
func fillRegister(t testing.TB, s *Store, count int) {
	t.Helper()
	entries := make([]Entry, count)
	for n := range entries {
		title := "Nghị quyết về việc phê chuẩn kết quả bầu cử chức vụ Phó Chủ tịch Ủy ban nhân dân xã nhiệm kỳ 2026-2031"
		if n%10 == 0 {
			title = "Kế hoạch tiếp xúc cử tri trước kỳ họp thường lệ giữa năm của các tổ đại biểu Hội đồng nhân dân xã"
		}
		entries[n] = Entry{
			Series: plans, Number: n + 1, Symbol: fmt.Sprintf("%02d/KH-HĐND", n+1), Date: vi.Date{Year: 2026, Month: 1 + n/900, Day: 1 + n%900/35},
			Kind: "ke-hoach", Title: title, Signer: "Đỗ Thị Hằng", State: Issued, KeptBy: "Văn phòng", Copies: 12, Taken: noon,
			Recipients: "Thường trực Huyện ủy\nThường trực Hội đồng nhân dân huyện\nỦy ban nhân dân xã\nCác đại biểu Hội đồng nhân dân xã\nLưu: VT",
		}
	}
	wrong, err := s.ImportEntries(t.Context(), entries)
	if err != nil || slices.ContainsFunc(wrong, func(err error) bool { return err != nil }) {
		t.Fatal(err, wrong)
	}
	if s.pool != nil { // as the server does by itself within a minute
		_, err = s.db.Exec(`ANALYZE entries`)
		wants(t, err, nil)
	}
}

// searching is what a clerk types above a register, with how many entries it finds.
type searching struct {
	name   string
	filter Filter
	found  int
}

// searches look through a register of fillRegister.
func searches(count int) []searching {
	return []searching{
		{"every", Filter{}, count},
		{"some", Filter{Words: "cu tri giua"}, count / 10},
		{"symbol", Filter{Words: fmt.Sprint(count, "/kh")}, 1},
		{"none", Filter{Words: "khong thay chu nao het"}, 0},
		{"many", Filter{Words: "xa hoi dong dai bieu nhan dan huyen uy"}, count},
	}
}

// search returns the page that a clerk sees: the newest hundred that a filter chooses, and how many there are.
func search(t testing.TB, s *Store, filter Filter) (page []Entry, found int) {
	t.Helper()
	filter.Office, filter.Newest, filter.Most = new(string), true, 100
	page = list(t, s, filter)
	found, err := s.Count(t.Context(), filter)
	wants(t, err, nil)
	return page, found
}

// TestSearch finds what a clerk types, a page of it and its count.
func TestSearch(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		const count = 1_000
		s := open(t, place)
		fillRegister(t, s, count)
		for _, c := range searches(count) {
			t.Run(c.name, func(t *testing.T) {
				page, found := search(t, s, c.filter)
				same(t, found, c.found)
				same(t, len(page), min(found, 100))
			})
		}
	})
}

// BenchmarkSearch looks for words in a register of 10,000 entries: the first page and the count, for which a clerk does not wait.
func BenchmarkSearch(b *testing.B) {
	benchBoth(b, func(b *testing.B, s *Store) {
		const count = 10_000
		fillRegister(b, s, count)
		for _, c := range searches(count) {
			b.Run(c.name, func(b *testing.B) {
				for b.Loop() {
					search(b, s, c.filter)
				}
				testenv.WantTime(b, 50*time.Millisecond)
			})
		}
	})
}

// BenchmarkList reads a register of 10,000 entries whole.
func BenchmarkList(b *testing.B) {
	benchBoth(b, func(b *testing.B, s *Store) {
		fillRegister(b, s, 10_000)
		b.ResetTimer()
		for b.Loop() {
			same(b, len(list(b, s, Filter{})), 10_000)
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
				_, err := s.db.Exec(s.placeholders(`UPDATE items SET state = 'made' WHERE batch = $1`), batch.ID)
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

package store

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vanthu/internal/vi"
)

var noon = time.Date(2026, 12, 20, 5, 0, 0, 0, time.UTC)

func newBatch(id string) Batch {
	return Batch{
		ID: id, Key: "key of " + id, Name: "cuoi-nam-2026", Folder: "lo/" + id + "/", Input: "nhan/" + id + ".zip",
		Settings: []byte(`{"pdf":true}`), State: Planning, Found: []byte(`[]`), Created: noon,
	}
}

func addBatch(t testing.TB, s *Store, batch Batch, items int) {
	t.Helper()
	if _, added, err := s.AddBatch(t.Context(), batch); err != nil || !added {
		t.Fatal(added, err)
	}
	if err := s.AddItems(t.Context(), batch.ID, newItems(batch.ID, items)); err != nil {
		t.Fatal(err)
	}
	batch.State = Running
	wants(t, s.SetBatch(t.Context(), batch), nil)
}

func newItems(batch string, n int) (items []Item) {
	for i := range n {
		items = append(items, Item{
			Batch: batch, Position: i + 1, Name: fmt.Sprint("xã-", i+1), Order: []byte(`{"n":1}`), Key: fmt.Sprint("digest", i+1), State: Pending,
		})
	}
	return items
}

// documentOf is what is made for an item of a batch.
func documentOf(batch Batch, item Item, hash string) *Document {
	name := batch.Folder + item.Name
	return &Document{
		Name: name, Key: item.Key, Kind: "bao-cao-nam", Unit: "HỘI ĐỒNG NHÂN DÂN XÃ AN BÌNH", Symbol: "97/BC-HĐND", Title: "Báo cáo năm 2026",
		Date: vi.Date{Year: 2026, Month: 12, Day: 20}, Data: []StoredFile{{Name: ".vanthu/du-lieu/ab", Size: 12, Hash: "ab"}},
		Files: []StoredFile{{Name: name + "/bc.docx", Size: 3456, Hash: hash}}, Pages: 4, Found: []byte(`[{"code":"x"}]`),
		Figures: []byte(`{"tong":"5"}`), Made: noon.Add(time.Hour),
	}
}

func finish(t testing.TB, s *Store, item Item, state ItemState, made *Document) (open bool) {
	t.Helper()
	item.State = state
	open, err := s.FinishItem(t.Context(), item, made)
	if err != nil {
		t.Fatal(err)
	}
	return open
}

func outcomes(t testing.TB, s *Store, batch string) (all []Outcome) {
	t.Helper()
	for outcome, err := range s.Outcomes(t.Context(), batch) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, outcome)
	}
	return all
}

func stateOf(t testing.TB, s *Store, batch string) (BatchState, map[ItemState]int) {
	t.Helper()
	kept, counts, err := s.Batch(t.Context(), batch)
	if err != nil {
		t.Fatal(err)
	}
	return kept.State, counts
}

func TestAddBatch(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		want := newBatch("b1")
		kept, added, err := s.AddBatch(t.Context(), want)
		wants(t, err, nil)
		same(t, added, true)
		same(t, kept, want)

		t.Run("same key, same batch", func(t *testing.T) {
			other := newBatch("b2")
			other.Key = want.Key
			kept, added, err := s.AddBatch(t.Context(), other)
			wants(t, err, nil)
			same(t, added, false)
			same(t, kept, want)
			_, _, err = s.Batch(t.Context(), "b2")
			wants(t, err, ErrNotFound)
		})
		t.Run("one of many who ask at once adds it", func(t *testing.T) {
			var all sync.WaitGroup
			var added atomic.Int64
			for i := range 16 {
				all.Go(func() {
					batch := newBatch(fmt.Sprint("many", i))
					batch.Key = "one"
					if _, fresh, err := s.AddBatch(t.Context(), batch); err != nil {
						t.Error(err)
					} else if fresh {
						added.Add(1)
					}
				})
			}
			all.Wait()
			same(t, added.Load(), int64(1))
		})
		t.Run("a batch needs an id and a key", func(t *testing.T) {
			for _, batch := range []Batch{{ID: "x"}, {Key: "x"}} {
				if _, _, err := s.AddBatch(t.Context(), batch); err == nil {
					t.Errorf("took %+v", batch)
				}
			}
		})
		t.Run("a name may hold any bytes", func(t *testing.T) {
			batch := newBatch("bytes")
			batch.Name = "xã\x00\xff.zip"
			kept, _, err := s.AddBatch(t.Context(), batch)
			wants(t, err, nil)
			same(t, kept.Name, "xã\uFFFD\uFFFD.zip")
		})
		t.Run("the newest first", func(t *testing.T) {
			for i, id := range []string{"c3", "c1", "c2"} {
				batch := newBatch(id)
				batch.Created = noon.Add(time.Duration(i+1) * time.Hour)
				addBatch(t, s, batch, 0)
			}
			latest, err := s.Batches(t.Context(), 3)
			wants(t, err, nil)
			same(t, []string{latest[0].ID, latest[1].ID, latest[2].ID}, []string{"c2", "c1", "c3"})
		})
	})
}

func TestAddItems(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		batch := newBatch("b")
		addBatch(t, s, batch, 450)
		items := newItems("b", 451)
		finish(t, s, items[6], Refused, nil)
		items[7].Key = "another"

		wants(t, s.AddItems(t.Context(), "b", items), nil)
		_, counts := stateOf(t, s, "b")
		same(t, counts, map[ItemState]int{Pending: 450, Refused: 1})
		item, err := s.Item(t.Context(), "b", 8)
		wants(t, err, nil)
		same(t, item, newItems("b", 8)[7])
		_, err = s.Item(t.Context(), "b", 452)
		wants(t, err, ErrNotFound)

		t.Run("in no batch", func(t *testing.T) { wants(t, s.AddItems(t.Context(), "none", items), ErrNotFound) })
		t.Run("all or none", func(t *testing.T) {
			more := newItems("b", 900)[451:]
			more[448].Name = more[0].Name // two would write over each other's files
			if err := s.AddItems(t.Context(), "b", more); err == nil {
				t.Error("took two items of one name")
			}
			_, counts := stateOf(t, s, "b")
			same(t, counts, map[ItemState]int{Pending: 450, Refused: 1})
		})
		t.Run("a fault may hold any bytes", func(t *testing.T) {
			items[0].State, items[0].Fault = Failed, "panic: \xff\x00"
			_, err := s.FinishItem(t.Context(), items[0], nil)
			wants(t, err, nil)
		})
	})
}

func TestFinishItem(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		batch := newBatch("b")
		addBatch(t, s, batch, 4)
		items := newItems("b", 4)

		same(t, finish(t, s, items[0], Made, documentOf(batch, items[0], "h1")), true)
		t.Run("what is finished stays", func(t *testing.T) {
			items[0].Fault = "late"
			same(t, finish(t, s, items[0], Failed, documentOf(batch, items[0], "h2")), true)
			items[0].Fault = ""
			last, err := s.LastDocument(t.Context(), "lo/b/xã-1")
			wants(t, err, nil)
			want := documentOf(batch, items[0], "h1")
			want.Version = 1
			same(t, last, *want)
		})
		t.Run("a document of another name", func(t *testing.T) {
			items[1].State = Made
			if _, err := s.FinishItem(t.Context(), items[1], documentOf(batch, items[0], "h3")); err == nil {
				t.Error("took it")
			}
			item, err := s.Item(t.Context(), "b", 2)
			wants(t, err, nil)
			same(t, item.State, Pending)
		})
		same(t, finish(t, s, items[1], Refused, nil), true)
		same(t, finish(t, s, items[2], Failed, nil), true)
		items[3].Found, items[3].Version = []byte(`[{}]`), 1
		same(t, finish(t, s, items[3], Kept, nil), false) // version 1 of it is not there: no document
		same(t, finish(t, s, items[3], Made, nil), false)

		t.Run("outcomes", func(t *testing.T) {
			items[0].State, items[0].Version = Made, 1
			items[1].State, items[2].State, items[3].State = Refused, Failed, Kept
			want := []Outcome{{items[0], documentOf(batch, items[0], "h1")}, {Item: items[1]}, {Item: items[2]}, {Item: items[3]}}
			want[0].Document.Version = 1
			same(t, outcomes(t, s, "b"), want)
		})
		t.Run("no such item", func(t *testing.T) {
			_, err := s.FinishItem(t.Context(), Item{Batch: "b", Position: 9, State: Made}, nil)
			wants(t, err, ErrNotFound)
			_, err = s.FinishItem(t.Context(), Item{Batch: "b", Position: 9, State: Made}, documentOf(batch, items[0], "h9"))
			wants(t, err, ErrNotFound)
		})
	})
}

// TestVersions makes the same item in one batch after another into one folder.
func TestVersions(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		for i, c := range []struct {
			key, hash string
			version   int
		}{{"k1", "h1", 1}, {"k1", "h1", 1}, {"k1", "h2", 2}, {"k2", "h2", 3}, {"k1", "h1", 4}} {
			batch := newBatch(fmt.Sprint("b", i))
			batch.Folder = "nam/"
			addBatch(t, s, batch, 1)
			item := newItems(batch.ID, 1)[0]
			item.Key = c.key
			finish(t, s, item, Made, documentOf(batch, item, c.hash))
			document := outcomes(t, s, batch.ID)[0].Document
			same(t, document.Version, c.version)
			same(t, document.Files[0].Hash, c.hash)
		}
		var names []string
		for document, err := range s.Documents(t.Context()) {
			wants(t, err, nil)
			names = append(names, fmt.Sprint(document.Name, document.Version))
		}
		same(t, names, []string{"nam/xã-14"})
	})
}

// TestVersionsAtOnce finishes items of one document from many batches at once, and each of these from two workers.
func TestVersionsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		const many = 32
		stores := []*Store{open(t, place), open(t, place)}
		batches := make([]Batch, many)
		for i := range batches {
			batches[i] = newBatch(fmt.Sprint("b", i))
			batches[i].Folder = "nam/"
			addBatch(t, stores[0], batches[i], 1)
		}
		var all sync.WaitGroup
		for i, batch := range batches {
			for _, s := range stores {
				all.Go(func() {
					item := newItems(batch.ID, 1)[0]
					item.State = Made
					if _, err := s.FinishItem(t.Context(), item, documentOf(batch, item, fmt.Sprint("hash", i))); err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
		var versions []int
		for _, batch := range batches {
			versions = append(versions, outcomes(t, stores[0], batch.ID)[0].Document.Version)
		}
		slices.Sort(versions)
		for i, version := range versions {
			if version != i+1 {
				t.Fatalf("versions %v", versions)
			}
		}
	})
}

// TestLastItem finishes all items of a batch at once: someone must learn that none is left, or nobody closes the batch.
func TestLastItem(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		stores := []*Store{open(t, place), open(t, place)}
		for round := range 8 {
			batch := newBatch(fmt.Sprint("b", round))
			addBatch(t, stores[0], batch, 32)
			var all sync.WaitGroup
			var closing atomic.Int64
			for i, item := range newItems(batch.ID, 32) {
				all.Go(func() {
					item.State = Made
					open, err := stores[i%2].FinishItem(t.Context(), item, documentOf(batch, item, "h"))
					if err != nil {
						t.Error(err)
					} else if !open {
						closing.Add(1)
					}
				})
			}
			all.Wait()
			if closing.Load() == 0 {
				t.Error("nobody was told that the batch has no item left")
			}
			_, counts := stateOf(t, stores[0], batch.ID)
			same(t, counts, map[ItemState]int{Made: 32})
		}
	})
}

func TestCancelAndRetry(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		batch := newBatch("b")
		addBatch(t, s, batch, 4)
		items := newItems("b", 7)
		finish(t, s, items[0], Made, documentOf(batch, items[0], "h"))
		finish(t, s, items[3], Failed, nil)
		later := noon.Add(time.Hour)
		done := batch
		done.State, done.Settings, done.Found, done.Finished = Done, []byte(`{"xlsx":true}`), []byte(`[2]`), later

		wants(t, s.CancelBatch(t.Context(), "b", later), nil)
		state, counts := stateOf(t, s, "b")
		same(t, state, Cancelled)
		same(t, counts, map[ItemState]int{Made: 1, Failed: 1, Skipped: 2})
		t.Run("cancelled is cancelled", func(t *testing.T) {
			wants(t, s.SetBatch(t.Context(), done), nil)
			wants(t, s.CancelBatch(t.Context(), "b", later.Add(time.Hour)), nil)
			finish(t, s, items[1], Made, documentOf(batch, items[1], "h"))
			kept, counts, err := s.Batch(t.Context(), "b")
			wants(t, err, nil)
			same(t, counts[Skipped], 2)
			want := batch
			want.State, want.Finished = Cancelled, later
			same(t, kept, want)
		})
		t.Run("items planned too late are skipped", func(t *testing.T) {
			items[5].State = Refused
			wants(t, s.AddItems(t.Context(), "b", items[:6]), nil)
			_, counts := stateOf(t, s, "b")
			same(t, counts, map[ItemState]int{Made: 1, Failed: 1, Skipped: 3, Refused: 1})
		})

		positions, err := s.RetryBatch(t.Context(), "b")
		wants(t, err, nil)
		same(t, positions, []int{2, 3, 4, 5})
		state, counts = stateOf(t, s, "b")
		same(t, state, Running)
		same(t, counts, map[ItemState]int{Made: 1, Pending: 4, Refused: 1})
		t.Run("not done while items are pending", func(t *testing.T) {
			wants(t, s.SetBatch(t.Context(), done), nil)
			state, _ := stateOf(t, s, "b")
			same(t, state, Running)
		})

		for _, item := range items[1:5] {
			finish(t, s, item, Made, documentOf(batch, item, "h"))
		}
		wants(t, s.SetBatch(t.Context(), done), nil)
		wants(t, s.CancelBatch(t.Context(), "b", later), nil)
		positions, err = s.RetryBatch(t.Context(), "b")
		wants(t, err, nil)
		same(t, len(positions), 0)
		kept, _, err := s.Batch(t.Context(), "b")
		wants(t, err, nil)
		same(t, kept, done)

		t.Run("no such batch", func(t *testing.T) {
			for _, id := range []string{"none", "\x00\xff"} { // which an address may hold
				_, err := s.RetryBatch(t.Context(), id)
				wants(t, err, ErrNotFound)
				_, _, err = s.Batch(t.Context(), id)
				wants(t, err, ErrNotFound)
				wants(t, s.CancelBatch(t.Context(), id, later), ErrNotFound)
				wants(t, s.SetBatch(t.Context(), newBatch(id)), ErrNotFound)
			}
		})
	})
}

// TestOutcomesInOrder reads them while the reader itself works on the one connection that SQLite has.
func TestOutcomesInOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		const many = 2*rowsAtOnce + 7
		batch := newBatch("b")
		addBatch(t, s, batch, many)
		items := newItems("b", many)
		next := 0
		for outcome, err := range s.Outcomes(t.Context(), "b") {
			wants(t, err, nil)
			next++
			same(t, outcome.Position, next)
			if next%50 == 0 { // a consumer that works on the database itself
				finish(t, s, items[next-1], Made, documentOf(batch, items[next-1], "h"))
			}
		}
		same(t, next, many)
		for outcome, err := range s.Outcomes(t.Context(), "b") {
			wants(t, err, nil)
			same(t, outcome.Document != nil, outcome.Position%50 == 0)
			if outcome.Position == many-1 {
				break
			}
		}
		same(t, len(outcomes(t, s, "none")), 0)
	})
}

func TestLoad(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		load := func() Load {
			t.Helper()
			load, err := s.Load(t.Context())
			wants(t, err, nil)
			return load
		}
		same(t, load(), Load{Items: map[ItemState]int{}})
		for i := range 3 {
			batch := newBatch(fmt.Sprint("b", i))
			batch.Created = noon.Add(time.Duration(i) * time.Hour)
			addBatch(t, s, batch, 2)
		}
		for _, item := range newItems("b0", 2) {
			finish(t, s, item, Failed, nil)
		}
		finish(t, s, newItems("b1", 1)[0], Kept, nil)
		same(t, load(), Load{Pending: 3, Oldest: noon.Add(time.Hour), Items: map[ItemState]int{Pending: 3, Failed: 2, Kept: 1}})
	})
}

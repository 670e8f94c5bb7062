package store

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"vanthu/internal/vi"
)

// book is the register as one keeps it on paper: the lines of each series, in order.
type book map[Series][]Entry

func (b book) find(key string) *Entry {
	for _, lines := range b {
		for i := range lines {
			if lines[i].Key == key {
				return &lines[i]
			}
		}
	}
	return nil
}

func (b book) standing(series Series) *Entry {
	for i := range slices.Backward(b[series]) {
		if b[series][i].State != Void {
			return &b[series][i]
		}
	}
	return nil
}

// TestModel does the same to the register and to a book, in any order, and holds one against the other.
func TestModel(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		run := 0
		rapid.Check(t, func(t *rapid.T) {
			run++ // a unit of its own for each run, in one database
			(&keeper{s: s, unit: fmt.Sprint("U", run), book: book{}}).repeat(t)
		})
	})
}

type keeper struct {
	s    *Store
	unit string
	book book
}

func (c *keeper) repeat(t *rapid.T) {
	t.Repeat(map[string]func(*rapid.T){
		"reserve": c.reserve,
		"issue":   c.issue,
		"cancel":  c.cancel,
		"":        c.compare,
	})
}

func (c *keeper) series(t *rapid.T) Series {
	name := rapid.SampledFrom([]string{"chung", "mat"}).Draw(t, "name")
	return Series{Unit: c.unit, Name: name, Year: rapid.IntRange(2026, 2027).Draw(t, "year")}
}

func (c *keeper) key(t *rapid.T) string {
	return fmt.Sprint(c.unit, "/", rapid.IntRange(0, 30).Draw(t, "key"))
}

func (c *keeper) reserve(t *rapid.T) {
	series := c.series(t)
	request := ask(series, c.key(t), rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "day"))
	got, err := c.s.Reserve(t.Context(), request)

	if old := c.book.find(request.Key); old != nil {
		wants(t, err, nil)
		same(t, got, *old)
		return
	}
	if last := c.book.standing(series); last != nil && request.Date.Before(last.Date) {
		var late *OutOfOrder
		if !errors.As(err, &late) {
			t.Fatalf("gave %v", err)
		}
		same(t, *late, OutOfOrder{Date: request.Date, Last: *last})
		return
	}
	wants(t, err, nil)
	want := request.entry(len(c.book[series]) + 1)
	same(t, got, want)
	c.book[series] = append(c.book[series], want)
}

func (c *keeper) issue(t *rapid.T) {
	key, hash := c.key(t), rapid.StringMatching(`[0-9a-f]{4}`).Draw(t, "hash")
	got, err := c.s.Issue(t.Context(), key, hash)
	c.changed(t, got, err, c.book.find(key), func(e *Entry) { e.State, e.Hash = Issued, hash })
}

func (c *keeper) cancel(t *rapid.T) {
	series := c.series(t)
	number := rapid.IntRange(0, len(c.book[series])+1).Draw(t, "number")
	var line *Entry
	if 1 <= number && number <= len(c.book[series]) {
		line = &c.book[series][number-1]
	}
	got, err := c.s.Cancel(t.Context(), series, number, "viết nhầm")
	c.changed(t, got, err, line, func(e *Entry) { e.State, e.Reason = Void, "viết nhầm" })
}

// changed holds what a change gave against a line of the book, nil for none, to which the same is done.
func (c *keeper) changed(t *rapid.T, got Entry, err error, line *Entry, change func(*Entry)) {
	switch {
	case line == nil:
		wants(t, err, ErrNotFound)
	case line.State == Void:
		wants(t, err, ErrState)
	default:
		change(line)
		wants(t, err, nil)
		same(t, got, *line)
	}
}

func (c *keeper) compare(t *rapid.T) {
	var want []Entry
	for series, lines := range c.book {
		want = append(want, lines...)
		number, last, err := c.s.Next(t.Context(), series)
		wants(t, err, nil)
		same(t, number, len(lines)+1)
		same(t, last, c.book.standing(series))
		latest := vi.Date{}
		for _, e := range lines {
			if e.State != Void && e.Date.Before(latest) {
				t.Fatalf("number %d goes back to %s", e.Number, e.Date.ISO())
			} else if e.State != Void {
				latest = e.Date
			}
		}
	}
	slices.SortFunc(want, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Number, b.Number))
	})
	got, err := c.s.List(t.Context(), Filter{Unit: c.unit})
	wants(t, err, nil)
	same(t, got, want)
}

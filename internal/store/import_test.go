package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"vanthu/internal/vi"
)

// old is a line of an old book.
func old(number, month, day int) Entry {
	return Entry{
		Series: plans, Number: number, Symbol: fmt.Sprintf("%02d/KH-HĐND", number), Date: vi.Date{Year: 2026, Month: month, Day: day},
		Kind: "ke-hoach", Title: "Kế hoạch giám sát", Signer: "Đỗ Thị Hằng", Recipients: "Lưu: VT", KeptBy: "Văn phòng", Copies: 5,
		Sent: vi.Date{Year: 2026, Month: month, Day: day}, Note: "sổ cũ", State: Issued, Taken: noon, Office: "vinh-am",
	}
}

func importAll(t failer, s *Store, entries ...Entry) []error {
	t.Helper()
	wrong, err := s.ImportEntries(t.Context(), entries)
	wants(t, err, nil)
	same(t, len(wrong), len(entries))
	return wrong
}

// toldOf says what is wrong with each line.
func toldOf(wrong []error) (words []string) {
	for _, err := range wrong {
		var late *OutOfOrder
		switch {
		case errors.As(err, &late):
			words = append(words, fmt.Sprint("not beside ", late.Last.Number))
		case err != nil:
			words = append(words, err.Error())
		default:
			words = append(words, "")
		}
	}
	return words
}

func TestImportEntries(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		void := old(4, 1, 1) // its date is held by nobody
		void.State, void.Reason, void.Note = Void, "viết nhầm", "hủy\x00"
		same(t, toldOf(importAll(t, s, old(7, 3, 5), old(2, 2, 1), void)), []string{"", "", ""})

		t.Run("keeps all of a line", func(t *testing.T) {
			entries := list(t, s, Filter{})
			want := []Entry{old(2, 2, 1), void, old(7, 3, 5)}
			want[1].Note = "hủy\uFFFD"
			for i, entry := range entries {
				want[i].Key = entry.Key
				same(t, must[Entry](t)(s.Entry(t.Context(), "vinh-am", entry.Key)), entry)
			}
			same(t, entries, want)
			same(t, len(list(t, s, Filter{Words: "giam sat so cu"})), 2)
		})
		t.Run("the register goes on from there", func(t *testing.T) {
			_, err := s.Reserve(t.Context(), own(ask(plans, "early", 3, 4)))
			late := (*OutOfOrder)(nil)
			if !errors.As(err, &late) || late.Last.Number != 7 {
				t.Errorf("gave %v", err)
			}
			same(t, reserve(t, s, own(ask(plans, "next", 3, 5))).Number, 8)
		})
		t.Run("the same again changes nothing", func(t *testing.T) {
			before := list(t, s, Filter{})
			again := old(2, 2, 1)
			again.Title = "khác"
			same(t, toldOf(importAll(t, s, old(7, 3, 5), again, again)), []string{"", "", ""})
			same(t, list(t, s, Filter{}), before)
			same(t, reserve(t, s, own(ask(plans, "again", 3, 5))).Number, 9)
		})
		t.Run("numbers that were missing", func(t *testing.T) {
			same(t, toldOf(importAll(t, s, old(1, 1, 1), old(3, 2, 1), old(5, 2, 28))), []string{"", "", ""})
			same(t, reserve(t, s, own(ask(plans, "after", 3, 5))).Number, 10)
		})
	})
}

func TestImportRefuses(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		importAll(t, s, old(10, 3, 10), old(20, 6, 20))
		before := dump(t, s)
		with := func(change func(*Entry)) Entry {
			entry := old(30, 7, 1)
			change(&entry)
			return entry
		}
		for name, c := range map[string]struct {
			lines []Entry
			want  []string
		}{
			"dates against the register": {
				[]Entry{old(9, 3, 11), old(9, 3, 10), old(11, 3, 9), old(12, 6, 21), old(21, 6, 19)},
				[]string{"not beside 10", "there is one of that name", "not beside 10", "not beside 20", "not beside 20"},
			},
			"the one mistyped date of many": {
				[]Entry{old(21, 7, 1), old(22, 12, 2), old(23, 7, 3), old(24, 7, 4), old(25, 7, 5)}, []string{"", "not beside 23", "", "", ""},
			},
			"the one that goes back": {
				[]Entry{old(25, 7, 5), old(24, 6, 24), old(23, 7, 3), old(22, 7, 2), old(21, 7, 1)}, []string{"", "not beside 23", "", "", ""},
			},
			"a number twice":         {[]Entry{old(30, 7, 1), with(func(e *Entry) { e.Symbol = "30/KH-UBND" })}, []string{"", ErrExists.Error()}},
			"issued and void":        {[]Entry{old(30, 7, 1), with(func(e *Entry) { e.State = Void })}, []string{"", ErrExists.Error()}},
			"a number of another":    {[]Entry{old(10, 3, 11)}, []string{ErrExists.Error()}},
			"a number of another's":  {[]Entry{with(func(e *Entry) { *e = old(10, 3, 10); e.Office = "an-binh" })}, []string{ErrExists.Error()}},
			"no number":              {[]Entry{with(func(e *Entry) { e.Number = 0 })}, []string{ErrNumber.Error()}},
			"a year for a number":    {[]Entry{with(func(e *Entry) { e.Number = 20260701 })}, []string{ErrNumber.Error()}},
			"copies below none":      {[]Entry{with(func(e *Entry) { e.Copies = -1 })}, []string{ErrNumber.Error()}},
			"no date":                {[]Entry{with(func(e *Entry) { e.Date = vi.Date{} })}, []string{ErrDate.Error()}},
			"no such day":            {[]Entry{old(30, 6, 31)}, []string{ErrDate.Error()}},
			"a date of another year": {[]Entry{with(func(e *Entry) { e.Year = 2025 })}, []string{ErrDate.Error()}},
			"no state":               {[]Entry{with(func(e *Entry) { e.State = "" })}, []string{ErrState.Error()}},
		} {
			t.Run(name, func(t *testing.T) {
				others := old(1, 1, 1) // nothing is kept of another series either
				others.Series = reports
				same(t, toldOf(importAll(t, s, append(c.lines, others)...)), append(c.want, ""))
				same(t, dump(t, s).String(), before.String())
			})
		}
	})
}

// TestImportOfAnyBook puts any lines into a register of any numbers, and holds what it says of them against what a careful person would.
func TestImportOfAnyBook(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		run := 0
		rapid.Check(t, func(t *rapid.T) {
			run++ // a unit of its own for each run, in one database
			series := Series{Unit: fmt.Sprint("U", run), Name: "chung", Year: 2026}
			takeSome(t, s, series)
			lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Entry { return anyLine(t, series) }), 1, 8).Draw(t, "lines")
			before, next := bookOf(t, s, series)
			wrong := importAll(t, s, lines...)
			if slices.ContainsFunc(wrong, func(err error) bool { return err != nil }) {
				unchanged(t, s, series, before, next) // nothing was kept
				holdsWrong(t, before, lines, wrong)
				lines = without(lines, wrong)
				for _, err := range importAll(t, s, lines...) {
					wants(t, err, nil)
				}
			}
			holdsImport(t, s, before, lines, next, series)
			after, next := bookOf(t, s, series)
			importAll(t, s, lines...)
			unchanged(t, s, series, after, next)
		})
	})
}

// takeSome takes some numbers of a series, of which some become void.
func takeSome(t *rapid.T, s *Store, series Series) {
	month := 1
	for i := range rapid.IntRange(0, 4).Draw(t, "taken") {
		month = rapid.IntRange(month, 4).Draw(t, "month")
		entry, err := s.Reserve(t.Context(), ask(series, fmt.Sprint(series.Unit, "/", i), month, 1))
		wants(t, err, nil)
		if rapid.Bool().Draw(t, "void") {
			_, err = s.Cancel(t.Context(), series, entry.Number, "viết nhầm")
			wants(t, err, nil)
		}
	}
}

func anyLine(t *rapid.T, series Series) Entry {
	line := old(rapid.IntRange(1, 12).Draw(t, "number"), rapid.IntRange(1, 4).Draw(t, "month"), 1)
	line.Series, line.Office = series, ""
	line.State = rapid.SampledFrom([]State{Issued, Issued, Void}).Draw(t, "state")
	return line
}

// bookOf returns the entries of a series and its next number.
func bookOf(t failer, s *Store, series Series) ([]Entry, int) {
	t.Helper()
	entries, err := s.List(t.Context(), Filter{Unit: series.Unit})
	wants(t, err, nil)
	next, _, err := s.Next(t.Context(), series)
	wants(t, err, nil)
	return entries, next
}

// unchanged fails unless a series is as it was.
func unchanged(t failer, s *Store, series Series, entries []Entry, next int) {
	t.Helper()
	now, number := bookOf(t, s, series)
	same(t, now, entries)
	same(t, number, next)
}

// without returns the lines that are not wrong.
func without(lines []Entry, wrong []error) (fine []Entry) {
	for i, line := range lines {
		if wrong[i] == nil {
			fine = append(fine, line)
		}
	}
	return fine
}

// holdsWrong fails unless each line that is told to be wrong has another that contradicts it.
func holdsWrong(t failer, before, lines []Entry, wrong []error) {
	t.Helper()
	fine := slices.Concat(before, without(lines, wrong))
	for i, err := range wrong {
		line, late := lines[i], (*OutOfOrder)(nil)
		switch {
		case errors.As(err, &late):
			last := late.Last
			stands := slices.ContainsFunc(fine, func(e Entry) bool { return e.is(last) && e.Number == last.Number && e.State != Void })
			higher := last.Number < line.Number && line.Date.Before(last.Date)
			lower := last.Number > line.Number && last.Date.Before(line.Date)
			if line.State == Void || !stands || !higher && !lower {
				t.Fatalf("%+v does not contradict %+v", last, line)
			}
		case errors.Is(err, ErrExists):
			if !slices.ContainsFunc(slices.Concat(before, lines[:i]), func(e Entry) bool {
				return e.Number == line.Number && (!line.is(e) || e.State != line.State)
			}) {
				t.Fatalf("nobody has the number of %+v", line)
			}
		default:
			wants(t, err, nil)
		}
	}
}

// holdsImport fails unless a series holds what it had and the lines, each number once and in the order of dates.
func holdsImport(t failer, s *Store, before, lines []Entry, next int, series Series) {
	t.Helper()
	want := map[int]Entry{}
	for _, e := range slices.Concat(before, lines) {
		if _, there := want[e.Number]; !there {
			want[e.Number] = e
		}
		next = max(next, e.Number+1)
	}
	entries, number := bookOf(t, s, series)
	same(t, number, next)
	same(t, len(entries), len(want))
	latest := vi.Date{}
	for _, e := range entries {
		w := want[e.Number]
		w.Key = e.Key
		same(t, e, w)
		if e.State == Void {
			continue
		}
		if e.Date.Before(latest) {
			t.Fatalf("number %d goes back to %s", e.Number, e.Date.ISO())
		}
		latest = e.Date
	}
}

// TestImportsAtOnce lets two import the same book while others take numbers of it.
func TestImportsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		stores := []*Store{open(t, place), open(t, place)}
		var lines []Entry
		for n := range 500 {
			line := old(n+1, 1, 1)
			if n%2 == 1 {
				line.Series = reports
			}
			lines = append(lines, line)
		}
		backward := slices.Clone(lines)
		slices.Reverse(backward)
		bring := func(s *Store, lines []Entry) func() error {
			return func() error {
				_, err := s.ImportEntries(t.Context(), lines)
				return err
			}
		}
		take := func(s *Store, key string) func() error {
			return func() error {
				_, err := s.Reserve(t.Context(), ask(Series{"HĐND", "to-trinh", 2026}, key, 3, 27))
				return err
			}
		}
		together(t, bring(stores[0], lines), bring(stores[1], backward), take(stores[0], "a"), take(stores[1], "b"))
		same(t, len(list(t, stores[0], Filter{})), 502)
		same(t, reserve(t, stores[1], own(ask(reports, "next", 3, 27))).Number, 501)
	})
}

// own asks for the office whose old book these tests import.
func own(request Request) Request {
	request.Office = "vinh-am"
	return request
}

package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/pgtest"
	"vanthu/internal/vi"
)

// onBoth runs a test on each database, in an empty place of its own.
func onBoth(t *testing.T, test func(t *testing.T, place string)) {
	t.Run("sqlite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "sổ 100% của xã?#")) })
	t.Run("postgres", func(t *testing.T) { test(t, pgtest.Schema(t)) })
}

func open(t testing.TB, place string) *Store {
	t.Helper()
	s, err := Open(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

var (
	plans   = Series{Unit: "HĐND", Name: "ke-hoach", Year: 2026}
	reports = Series{Unit: "HĐND", Name: "bao-cao", Year: 2026}
)

func ask(series Series, key string, month, day int) Request {
	return Request{
		Series: series, Key: key, Date: vi.Date{Year: series.Year, Month: month, Day: day}, Symbol: "KH-HĐND", Kind: "ke-hoach",
		Title: "Kế hoạch giám sát đầu tư công", Signer: "Đỗ Thị Hằng", Recipients: "Thường trực Huyện ủy\nLưu: VT",
		Taken: time.Date(2026, 3, 27, 9, 30, 15, 987, time.FixedZone("", 7*60*60)),
	}
}

func reserve(t testing.TB, s *Store, request Request) Entry {
	t.Helper()
	entry, err := s.Reserve(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return entry
}

func cancel(t testing.TB, s *Store, series Series, number int) Entry {
	t.Helper()
	entry, err := s.Cancel(t.Context(), series, number, "viết nhầm")
	if err != nil {
		t.Fatal(err)
	}
	return entry
}

func list(t testing.TB, s *Store, filter Filter) []Entry {
	t.Helper()
	entries, err := s.List(t.Context(), filter)
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestReserve(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		first := reserve(t, s, ask(plans, "a", 3, 27))
		want := Entry{
			Series: plans, Key: "a", Number: 1, Symbol: "01/KH-HĐND", Date: vi.Date{Year: 2026, Month: 3, Day: 27}, Kind: "ke-hoach",
			Title: "Kế hoạch giám sát đầu tư công", Signer: "Đỗ Thị Hằng", Recipients: "Thường trực Huyện ủy\nLưu: VT", State: Reserved,
			Taken: time.Date(2026, 3, 27, 2, 30, 15, 0, time.UTC),
		}

		t.Run("fills the line of the register", func(t *testing.T) {
			same(t, first, want)
			same(t, list(t, s, Filter{}), []Entry{want})
		})
		t.Run("same key, same number", func(t *testing.T) {
			again := ask(plans, "a", 1, 5) // even where the date now goes back
			again.Title = "another"
			same(t, reserve(t, s, again), want)
			again.Series = reports
			same(t, reserve(t, s, again), want)
			same(t, list(t, s, Filter{}), []Entry{want})
		})
		t.Run("next number, same day", func(t *testing.T) {
			same(t, reserve(t, s, ask(plans, "b", 3, 27)).Number, 2)
		})
		t.Run("series do not mix", func(t *testing.T) {
			others := []Series{reports, {"UBND", "ke-hoach", 2026}, {"HĐND", "ke-hoach", 2027}}
			for i, series := range others { // each year begins at 1; a date is held against its own series only
				same(t, reserve(t, s, ask(series, fmt.Sprint("other", i), 1, 1)).Number, 1)
			}
			same(t, reserve(t, s, ask(plans, "c", 12, 31)).Number, 3)
		})
		t.Run("three digits", func(t *testing.T) {
			var entry Entry
			for i := range 100 {
				entry = reserve(t, s, ask(Series{"X", "chung", 2026}, fmt.Sprint("x", i), 6, 1))
			}
			same(t, entry.Symbol, "100/KH-HĐND")
		})
	})
}

func TestReserveRefuses(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		for name, spoil := range map[string]func(*Request){
			"no key":                func(r *Request) { r.Key = "" },
			"no date":               func(r *Request) { r.Date = vi.Date{} },
			"no such day":           func(r *Request) { r.Date = vi.Date{Year: 2026, Month: 2, Day: 30} },
			"date of another year":  func(r *Request) { r.Date.Year = 2027 },
			"series of another one": func(r *Request) { r.Series.Year = 2025 },
		} {
			t.Run(name, func(t *testing.T) {
				request := ask(plans, "a", 3, 27)
				spoil(&request)
				if entry, err := s.Reserve(t.Context(), request); err == nil {
					t.Errorf("gave %+v", entry)
				}
				same(t, len(list(t, s, Filter{})), 0)
			})
		}
	})
}

func TestDatesDoNotGoBack(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		reserve(t, s, ask(plans, "a", 3, 26))
		last := reserve(t, s, ask(plans, "b", 3, 27))
		yesterday := ask(plans, "c", 3, 26) // the clock was set back a day

		_, err := s.Reserve(t.Context(), yesterday)
		var late *OutOfOrder
		if !errors.As(err, &late) {
			t.Fatalf("gave %v", err)
		}
		same(t, *late, OutOfOrder{Date: yesterday.Date, Last: last})
		number, _, err := s.Next(t.Context(), plans)
		same(t, number, 3)
		wants(t, err, nil)
		same(t, len(list(t, s, Filter{})), 2)

		t.Run("a void number does not hold its date", func(t *testing.T) {
			cancel(t, s, plans, 2)
			same(t, reserve(t, s, yesterday).Number, 3)
			_, err := s.Reserve(t.Context(), ask(plans, "d", 3, 25))
			if !errors.As(err, &late) || late.Last.Number != 3 {
				t.Errorf("gave %v", err)
			}
		})
	})
}

func TestStates(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		entry := reserve(t, s, ask(plans, "a", 3, 27))
		reserve(t, s, ask(plans, "b", 3, 28))

		issue := func(key, hash string) Entry {
			t.Helper()
			issued, err := s.Issue(t.Context(), key, hash)
			if err != nil {
				t.Fatal(err)
			}
			return issued
		}
		entry.State, entry.Hash = Issued, "12ab"
		same(t, issue("a", "12ab"), entry)
		entry.Hash = "34cd"
		same(t, issue("a", "34cd"), entry)
		entry.State, entry.Reason = Void, "viết nhầm"
		same(t, cancel(t, s, plans, 1), entry)
		same(t, cancel(t, s, plans, 2).State, Void)

		t.Run("void is void", func(t *testing.T) {
			_, err := s.Issue(t.Context(), "a", "56ef")
			wants(t, err, ErrState)
			_, err = s.Cancel(t.Context(), plans, 1, "again")
			wants(t, err, ErrState)
			same(t, list(t, s, Filter{})[0], entry)
			same(t, reserve(t, s, ask(plans, "a", 3, 27)), entry)
			same(t, reserve(t, s, ask(plans, "c", 1, 1)).Number, 3)
		})
		t.Run("no such number", func(t *testing.T) {
			_, err := s.Issue(t.Context(), "z", "")
			wants(t, err, ErrNotFound)
			_, err = s.Cancel(t.Context(), plans, 9, "none")
			wants(t, err, ErrNotFound)
			_, err = s.Cancel(t.Context(), reports, 1, "none")
			wants(t, err, ErrNotFound)
		})
		t.Run("void needs a reason", func(t *testing.T) {
			if _, err := s.Cancel(t.Context(), plans, 3, " \n"); err == nil {
				t.Error("no error")
			}
			same(t, len(list(t, s, Filter{State: Reserved})), 1)
		})
	})
}

func TestNext(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		next := func(wantNumber int, wantLast *Entry) {
			t.Helper()
			number, last, err := s.Next(t.Context(), plans)
			if err != nil {
				t.Fatal(err)
			}
			same(t, number, wantNumber)
			same(t, last, wantLast)
		}
		next(1, nil)
		next(1, nil)
		a := reserve(t, s, ask(plans, "a", 3, 27))
		reserve(t, s, ask(reports, "r", 5, 1))
		next(2, &a)
		reserve(t, s, ask(plans, "b", 3, 28))
		cancel(t, s, plans, 2)
		next(3, &a)
		cancel(t, s, plans, 1)
		next(3, nil)
	})
}

func TestList(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		add := func(series Series, key, title, signer, recipients string) {
			request := ask(series, key, 3, 27)
			request.Title, request.Signer, request.Recipients = title, signer, recipients
			reserve(t, s, request)
		}
		add(Series{"HĐND", "ke-hoach", 2027}, "2027", "Kế hoạch năm 2027", "Lê Văn Ổn", "")
		add(plans, "p1", "Kế hoạch giám sát đầu tư công", "Đỗ Thị Hằng", "Đảng ủy xã\nLưu: VT")
		add(plans, "p2", "Kế hoạch tiếp xúc cử tri, 100%", "Lê Văn Ổn", `C:\luu_tru`)
		add(reports, "b1", "Báo cáo đầu tư công", "Đỗ Thị Hằng", "UBND xã")
		add(Series{"UBND", "chung", 2026}, "u1", "Tờ trình", "Trần Ắt", "HĐND xã")
		cancel(t, s, plans, 2)

		for name, c := range map[string]struct {
			filter Filter
			want   []string
		}{
			"all, by year and series": {Filter{}, []string{"b1", "p1", "p2", "u1", "2027"}},
			"unit":                    {Filter{Unit: "UBND"}, []string{"u1"}},
			"name":                    {Filter{Name: "ke-hoach"}, []string{"p1", "p2", "2027"}},
			"year":                    {Filter{Year: 2027}, []string{"2027"}},
			"state":                   {Filter{State: Void}, []string{"p2"}},
			"all at once":             {Filter{Unit: "HĐND", Name: "ke-hoach", Year: 2026, State: Reserved, Words: "cong"}, []string{"p1"}},
			"nothing":                 {Filter{Unit: "HĐND", Name: "chung"}, nil},
			"word without accents":    {Filter{Words: "dau tu"}, []string{"b1", "p1"}},
			"words in any order":      {Filter{Words: "  công GIÁM "}, []string{"p1"}},
			"words of several places": {Filter{Words: "đỗ ubnd"}, []string{"b1"}},
			"letter đ":                {Filter{Words: "dang uy"}, []string{"p1"}},
			"decomposed":              {Filter{Words: "Le\u0302"}, []string{"p2", "2027"}},
			"symbol":                  {Filter{Words: "02/kh"}, []string{"p2"}},
			"percent means itself":    {Filter{Words: "0%"}, []string{"p2"}},
			"underline means itself":  {Filter{Words: "u_t"}, []string{"p2"}},
			"no wild underline":       {Filter{Words: "k_"}, nil},
			"backslash means itself":  {Filter{Words: `\luu`}, []string{"p2"}},
			"a quote does no harm":    {Filter{Words: `' OR 1=1 --`}, nil},
			"no such word":            {Filter{Words: "dau nghi"}, nil},
		} {
			t.Run(name, func(t *testing.T) {
				var keys []string
				for _, e := range list(t, s, c.filter) {
					keys = append(keys, e.Key)
				}
				same(t, keys, c.want)
			})
		}
	})
}

func TestReopening(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		reserve(t, s, ask(plans, "a", 3, 27))
		reserve(t, s, ask(plans, "b", 3, 28))
		cancel(t, s, plans, 2)
		want := list(t, s, Filter{})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(t, place)
		same(t, list(t, s, Filter{}), want)
		same(t, reserve(t, s, ask(plans, "c", 3, 27)).Number, 3)
	})
}

func TestOpenFails(t *testing.T) {
	for name, place := range map[string]string{
		"a file is no folder": "store_test.go",
		"no server":           "postgres://nobody@127.0.0.1:1/none?connect_timeout=1",
		"no address":          "postgres://%zz",
	} {
		t.Run(name, func(t *testing.T) {
			if s, err := Open(t.Context(), place); err == nil {
				s.Close()
				t.Error("no error")
			}
		})
	}
}

// failer is a test, of Go or of rapid.
type failer interface {
	Context() context.Context
	Helper()
	Fatalf(format string, arguments ...any)
}

func same(t failer, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
}

func wants(t failer, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Fatalf("gave %v, want %v", got, want)
	}
}

func TestMendedDataKeepTheirNumber(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		asked := ask(plans, "một", 3, 27)
		entry := reserve(t, s, asked)
		amend := func(title, words string) []Entry {
			asked.Title = title
			if err := s.Amend(t.Context(), asked); err != nil {
				t.Fatal(err)
			}
			found, err := s.List(t.Context(), Filter{Words: words})
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		if found := amend("Kế hoạch đã sửa", "da sua"); len(found) != 1 || found[0].Title != asked.Title || found[0].Symbol != entry.Symbol {
			t.Errorf("%+v", found)
		}
		cancel(t, s, entry.Series, entry.Number)
		if found := amend("Kế hoạch khác", "khac"); len(found) != 0 {
			t.Errorf("a void number was given to another document: %+v", found)
		}
	})
}

// TestSeriesOfAnotherOffice: whoever writes the name of another body over a document gets none of its numbers.
func TestSeriesOfAnotherOffice(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		first := ask(plans, "a", 3, 1)
		first.Office = "vinh-am"
		reserve(t, s, first)
		if _, err := s.Reserve(t.Context(), ask(plans, "b", 3, 2)); !errors.Is(err, ErrOffice) {
			t.Errorf("gave %v", err)
		}
		second := ask(plans, "c", 3, 2)
		second.Office = "vinh-am"
		same(t, reserve(t, s, second).Number, 2)
	})
}

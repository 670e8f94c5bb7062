package store

import (
	"fmt"
	"strings"
	"testing"

	"vanthu/internal/vi"
)

func TestAnnotate(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		want := reserve(t, s, ask(plans, "a", 3, 27))
		want.KeptBy, want.Copies, want.Sent, want.Note = "Văn phòng", 12, vi.Date{Year: 2026, Month: 3, Day: 28}, "gửi trục liên thông"
		by := Annotation{KeptBy: want.KeptBy, Copies: 12, Sent: want.Sent, Note: want.Note}
		same(t, must[Entry](t)(s.Annotate(t.Context(), plans, 1, by)), want)
		same(t, list(t, s, Filter{Words: "truc lien thong van phong"}), []Entry{want})

		cancelled := cancel(t, s, plans, 1) // and keeps what was written
		want.State, want.Reason = Void, "viết nhầm"
		same(t, cancelled, want)
		same(t, list(t, s, Filter{Words: "viet nham"}), []Entry{want})
		want.KeptBy, want.Copies, want.Sent, want.Note = "", 0, vi.Date{}, "đã báo nơi nhận\uFFFD"
		same(t, must[Entry](t)(s.Annotate(t.Context(), plans, 1, Annotation{Note: "đã báo nơi nhận\x00"})), want)
		same(t, len(list(t, s, Filter{Words: "truc lien thong"})), 0)

		_, err := s.Annotate(t.Context(), plans, 2, by)
		wants(t, err, ErrNotFound)
		for _, copies := range []int{-1, maxCopies + 1} {
			if _, err := s.Annotate(t.Context(), plans, 1, Annotation{Copies: copies}); err == nil {
				t.Error("no error for", copies)
			}
		}
	})
}

func TestIssueNumber(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		want := reserve(t, s, ask(plans, "a", 3, 27))
		reserve(t, s, ask(plans, "b", 3, 28))
		want.State = Issued
		same(t, must[Entry](t)(s.IssueNumber(t.Context(), plans, 1)), want)
		same(t, must[Entry](t)(s.IssueNumber(t.Context(), plans, 1)), want)
		want.Hash = "12ab"
		same(t, must[Entry](t)(s.Issue(t.Context(), "a", "12ab")), want)
		same(t, must[Entry](t)(s.IssueNumber(t.Context(), plans, 1)), want) // its document is still known

		cancel(t, s, plans, 2)
		_, err := s.IssueNumber(t.Context(), plans, 2)
		wants(t, err, ErrState)
		_, err = s.IssueNumber(t.Context(), plans, 3)
		wants(t, err, ErrNotFound)
	})
}

// TestChangesAtOnce lets several change the same line in different ways: none undoes what another did.
func TestChangesAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		stores := []*Store{open(t, place), open(t, place)}
		for round := range 20 {
			key := fmt.Sprint("key", round)
			reserve(t, stores[0], ask(plans, key, 3, 27))
			amended := ask(plans, key, 3, 27)
			amended.Title = "Kế hoạch đã sửa"
			together(t,
				func() error { _, err := stores[0].Issue(t.Context(), key, "12ab"); return err },
				func() error {
					_, err := stores[1].Annotate(t.Context(), plans, round+1, Annotation{Note: "ghi chú"})
					return err
				},
				func() error { return stores[0].Amend(t.Context(), amended) },
			)
			entry := must[Entry](t)(stores[1].Entry(t.Context(), "", key))
			same(t, fmt.Sprint(entry.State, entry.Hash, entry.Note, entry.Title), "issued12abghi chúKế hoạch đã sửa")
			same(t, len(list(t, stores[0], Filter{Words: "ghi chu sua"})), round+1)
		}
	})
}

func TestOfficesHaveTheirRegister(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		mine, theirs := ask(plans, "mine", 3, 27), ask(Series{"UBND", "chung", 2027}, "theirs", 3, 27)
		mine.Office, theirs.Office = "a", "b"
		reserve(t, s, mine)
		reserve(t, s, theirs)
		reserve(t, s, ask(reports, "of none", 3, 27))

		for office, want := range map[string]string{"a": "mine", "b": "theirs", "": "of none", "c": ""} {
			var keys []string
			for _, e := range list(t, s, Filter{Office: &office}) {
				same(t, e.Office, office)
				keys = append(keys, e.Key)
			}
			same(t, strings.Join(keys, ", "), want)
		}
		same(t, must[Entry](t)(s.Entry(t.Context(), "a", "mine")).Number, 1)
		for _, office := range []string{"b", "", "A"} {
			_, err := s.Entry(t.Context(), office, "mine")
			wants(t, err, ErrNotFound)
		}
		same(t, must[[]Series](t)(s.SeriesList(t.Context(), "b")), []Series{{"UBND", "chung", 2027}})
		same(t, len(must[[]Series](t)(s.SeriesList(t.Context(), "c"))), 0)
	})
}

func TestSeriesList(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		next := Series{"HĐND", "ke-hoach", 2027}
		for i, series := range []Series{plans, next, reports, plans} {
			reserve(t, s, ask(series, fmt.Sprint(i), 3, 27))
		}
		same(t, must[[]Series](t)(s.SeriesList(t.Context(), "")), []Series{next, reports, plans})
	})
}

func TestPages(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		for i, day := range []int{1, 2, 2, 5} {
			reserve(t, s, ask(plans, fmt.Sprint("p", i+1), 3, day))
			reserve(t, s, ask(reports, fmt.Sprint("b", i+1), 3, day+1))
		}
		for name, c := range map[string]struct {
			filter Filter
			want   string
			count  int
		}{
			"all":             {Filter{}, "b1 b2 b3 b4 p1 p2 p3 p4", 8},
			"the first":       {Filter{Most: 3}, "b1 b2 b3", 8},
			"the next":        {Filter{Most: 3, Skip: 3}, "b4 p1 p2", 8},
			"the last":        {Filter{Most: 3, Skip: 6}, "p3 p4", 8},
			"after the last":  {Filter{Most: 3, Skip: 9}, "", 8},
			"all but some":    {Filter{Skip: 6}, "p3 p4", 8},
			"newest":          {Filter{Newest: true}, "b4 p4 b3 b2 p3 p2 b1 p1", 8},
			"newest, a page":  {Filter{Newest: true, Most: 2, Skip: 1, Name: "ke-hoach"}, "p3 p2", 4},
			"newest by words": {Filter{Newest: true, Words: "03/kh", Most: 1}, "b3", 2},
		} {
			t.Run(name, func(t *testing.T) {
				var keys []string
				for _, e := range list(t, s, c.filter) {
					keys = append(keys, e.Key)
				}
				same(t, strings.Join(keys, " "), c.want)
				same(t, must[int](t)(s.Count(t.Context(), c.filter)), c.count)
			})
		}
	})
}

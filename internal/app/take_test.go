package app

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"vanthu/internal/diag"
)

// requests are those of all units of a file, with numbers from the register.
func requests(t testing.TB, a *App, file File) (all []Request) {
	t.Helper()
	for _, unit := range unitsOf(t, a, file) {
		all = append(all, Request{File: file, Unit: unit.Name, PDF: true, Register: true, Taken: time.Date(2026, 3, 27, 9, 0, 0, 0, time.UTC)})
	}
	return all
}

func take(t testing.TB, a *App, all []Request) {
	t.Helper()
	if err := a.TakeNumbers(context.Background(), len(all), func(i int) (Request, error) { return all[i], nil }); err != nil {
		t.Fatal(err)
	}
}

// TestNumbersFollowDates takes numbers of documents in any order: later dates never have lower numbers, what cannot be made gets none,
// and Make gives each the same number again.
func TestNumbersFollowDates(t *testing.T) {
	var rows []planRow
	for i := range 20 {
		rows = append(rows, planRow{fmt.Sprint("Thôn ", i), "", fmt.Sprintf("%d/3/2026", 1+i%7), fmt.Sprint("Việc ", i)})
	}
	rows = append(rows, planRow{"Thôn hỏng", "", "32/3/2026", "Việc"}, planRow{"Thôn có số", "99", "1/3/2026", "Việc"})
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			shuffled := slices.Clone(rows)
			rand.New(rand.NewPCG(seed, 0)).Shuffle(len(rows), func(i, k int) { shuffled[i], shuffled[k] = shuffled[k], shuffled[i] })
			a := registered(t)
			all := requests(t, a, planList(t, shuffled))
			for range 2 { // the second time nothing is taken
				take(t, a, all)
			}
			entries, err := a.ListNumbers(t.Context(), Numbers{Year: 2026})
			if err != nil || len(entries) != 20 {
				t.Fatal(err, len(entries))
			}
			for i, entry := range entries {
				if entry.Number != i+1 || i > 0 && entry.Date.Before(entries[i-1].Date) {
					t.Errorf("number %d of %s after %s", entry.Number, entry.Date.Short(), entries[max(0, i-1)].Date.Short())
				}
			}
			for i, row := range shuffled[:5] {
				if row.unit == "Thôn hỏng" || row.unit == "Thôn có số" {
					continue
				}
				result := made(t, a, all[i])
				k := slices.IndexFunc(entries, func(e Entry) bool { return e.Title == "Kế hoạch "+row.about })
				if result.Symbol != entries[k].Symbol || result.NumberKey != entries[k].Key {
					t.Errorf("%s is made as %s, its number is %s", row.unit, result.Symbol, entries[k].Symbol)
				}
			}
		})
	}
}

// TestNumbersTooLate: a date before one that has a number is told with its cell, and stops no other.
func TestNumbersTooLate(t *testing.T) {
	a := registered(t)
	take(t, a, requests(t, a, planList(t, []planRow{{"Thôn Đông", "", "20/3/2026", "Tổng vệ sinh"}, {"Thôn Hạ", "", "20/3/2026", "Họp"}})))
	late := requests(t, a, planList(t, []planRow{{"Thôn Đoài", "", "21/3/2026", "Trồng cây"}, {"Thôn Thượng", "", "19/3/2026", "Nạo vét"}}))
	take(t, a, late)
	made(t, a, late[0])
	_, found, err := a.Make(t.Context(), late[1])
	i := slices.IndexFunc(found, func(f diag.Finding) bool { return f.Code == diag.NumberOutOfOrder })
	if err != nil || i < 0 || found[i].Where.Cell != "C3" {
		t.Error(found, err)
	}
}

func TestTakeNumbersStops(t *testing.T) {
	a := registered(t)
	lost := errors.New("lost")
	err := a.TakeNumbers(t.Context(), 3, func(i int) (Request, error) {
		if i == 1 {
			return Request{}, lost
		}
		return planFor("27/3/2026", fmt.Sprint("Việc ", i)), nil
	})
	if entries, _ := a.ListNumbers(t.Context(), Numbers{}); !errors.Is(err, lost) || len(entries) > 0 {
		t.Errorf("%v with %d numbers taken", err, len(entries))
	}
}

// TestNumbersOfManySeries takes numbers of documents of several kinds and years at once: each series of each year goes up with its dates
// from 1, whatever the others do.
func TestNumbersOfManySeries(t *testing.T) {
	a := registered(t)
	var all []Request
	for i, day := range []string{"5/1/2027", "30/12/2026", "2/1/2027", "31/12/2026", "29/12/2026", "2/1/2027"} {
		for _, kind := range []string{"ke-hoach", "thong-bao"} {
			request := planFor(day, fmt.Sprintf("Việc %d", i))
			request.Data = []byte(strings.Replace(string(request.Data), "ke-hoach", kind, 1))
			all = append(all, request)
		}
	}
	take(t, a, all)
	entries, err := a.ListNumbers(t.Context(), Numbers{})
	if err != nil || len(entries) != len(all) {
		t.Fatal(err, len(entries))
	}
	var got []string
	for _, e := range entries {
		got = append(got, fmt.Sprintf("%s %s %s", e.Symbol, e.Date.Short(), e.Title[strings.Index(e.Title, "Việc"):]))
	}
	want := []string{
		"01/KH-HĐND 29/12/2026 Việc 4", "02/KH-HĐND 30/12/2026 Việc 1", "03/KH-HĐND 31/12/2026 Việc 3",
		"01/TB-HĐND 29/12/2026 Việc 4", "02/TB-HĐND 30/12/2026 Việc 1", "03/TB-HĐND 31/12/2026 Việc 3",
		"01/KH-HĐND 02/01/2027 Việc 2", "02/KH-HĐND 02/01/2027 Việc 5", "03/KH-HĐND 05/01/2027 Việc 0",
		"01/TB-HĐND 02/01/2027 Việc 2", "02/TB-HĐND 02/01/2027 Việc 5", "03/TB-HĐND 05/01/2027 Việc 0",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

// TestSameDataSameNumber: a file under another name and a unit in another workbook are the documents that they were.
func TestSameDataSameNumber(t *testing.T) {
	a := registered(t)
	symbol := func(request Request) string {
		request.Register = true
		return made(t, a, request).Symbol
	}
	plan := planFor("27/3/2026", "Tổng vệ sinh")
	renamed := plan
	renamed.Name = "ban-sao.yaml"
	if one, other := symbol(plan), symbol(renamed); one != other {
		t.Errorf("renamed, %s is %s", one, other)
	}
	row := planRow{"Thôn Đông", "", "28/3/2026", "Trồng cây"}
	list, longer := planList(t, []planRow{row}), planList(t, append(slices.Clone(threePlans), row))
	if one, other := symbol(Request{File: list, Unit: row.unit, PDF: true}), symbol(Request{File: longer, Unit: row.unit + " (2)", PDF: true}); one != other {
		t.Errorf("in another workbook, %s is %s", one, other)
	}
	if one, other := symbol(plan), symbol(Request{File: list, PDF: true}); one == other {
		t.Errorf("two documents are %s", one)
	}
}

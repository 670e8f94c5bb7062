package register_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/officetest"
	"vanthu/internal/register"
)

// TestNumbersFollowDates takes numbers of documents in any order: later dates never have lower numbers, what cannot be made gets none,
// and Make gives each the same number again.
func TestNumbersFollowDates(t *testing.T) {
	var rows []officetest.PlanRow
	for i := range 20 {
		rows = append(rows, officetest.PlanRow{fmt.Sprint("Thôn ", i), "", fmt.Sprintf("%d/3/2026", 1+i%7), fmt.Sprint("Việc ", i)})
	}
	rows = append(rows, officetest.PlanRow{"Thôn hỏng", "", "32/3/2026", "Việc"}, officetest.PlanRow{"Thôn có số", "99", "1/3/2026", "Việc"})
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			shuffled := slices.Clone(rows)
			rand.New(rand.NewPCG(seed, 0)).Shuffle(len(rows), func(i, k int) { shuffled[i], shuffled[k] = shuffled[k], shuffled[i] })
			a := officetest.Registered(t)
			all := officetest.Requests(t, a, officetest.PlanList(t, shuffled))
			for range 2 { // the second time nothing is taken
				officetest.TakeNumbers(t, a, all)
			}
			entries, err := a.Register.List(t.Context(), register.Numbers{Year: 2026})
			if err != nil || len(entries) != 20 {
				t.Fatal(err, len(entries))
			}
			for i, entry := range entries {
				if entry.Number != i+1 || i > 0 && entry.Date.Before(entries[i-1].Date) {
					t.Errorf("number %d of %s after %s", entry.Number, entry.Date.Short(), entries[max(0, i-1)].Date.Short())
				}
			}
			for i, row := range shuffled[:5] {
				if row.Unit() == "Thôn hỏng" || row.Unit() == "Thôn có số" {
					continue
				}
				result := officetest.Made(t, a, all[i])
				k := slices.IndexFunc(entries, func(e register.Entry) bool { return e.Title == "Kế hoạch "+row.About() })
				if result.Symbol != entries[k].Symbol || result.NumberKey != entries[k].Key {
					t.Errorf("%s is made as %s, its number is %s", row.Unit(), result.Symbol, entries[k].Symbol)
				}
			}
		})
	}
}

// TestNumbersTooLate: a date before one that has a number is told with its cell, and stops no other.
func TestNumbersTooLate(t *testing.T) {
	a := officetest.Registered(t)
	officetest.TakeNumbers(t, a, officetest.Requests(t, a, officetest.PlanList(t, []officetest.PlanRow{{"Thôn Đông", "", "20/3/2026", "Tổng vệ sinh"}, {"Thôn Hạ", "", "20/3/2026", "Họp"}})))
	late := officetest.Requests(t, a, officetest.PlanList(t, []officetest.PlanRow{{"Thôn Đoài", "", "21/3/2026", "Trồng cây"}, {"Thôn Thượng", "", "19/3/2026", "Nạo vét"}}))
	officetest.TakeNumbers(t, a, late)
	officetest.Made(t, a, late[0])
	_, found, err := a.Maker.Make(t.Context(), late[1])
	i := slices.IndexFunc(found, func(f diag.Finding) bool { return f.Code == diag.NumberOutOfOrder })
	if err != nil || i < 0 || found[i].Where.Cell != "C3" {
		t.Error(found, err)
	}
}

func TestTakeNumbersStops(t *testing.T) {
	a := officetest.Registered(t)
	lost := errors.New("lost")
	err := a.Maker.TakeNumbers(t.Context(), 3, func(i int) (maker.Request, error) {
		if i == 1 {
			return maker.Request{}, lost
		}
		return officetest.Plan("27/3/2026", fmt.Sprint("Việc ", i)), nil
	})
	if entries, _ := a.Register.List(t.Context(), register.Numbers{}); !errors.Is(err, lost) || len(entries) > 0 {
		t.Errorf("%v with %d numbers taken", err, len(entries))
	}
}

// TestNumbersOfManySeries takes numbers of documents of several kinds and years at once: each series of each year goes up with its dates
// from 1, whatever the others do.
func TestNumbersOfManySeries(t *testing.T) {
	a := officetest.Registered(t)
	var all []maker.Request
	for i, day := range []string{"5/1/2027", "30/12/2026", "2/1/2027", "31/12/2026", "29/12/2026", "2/1/2027"} {
		for _, kind := range []string{"ke-hoach", "thong-bao"} {
			request := officetest.Plan(day, fmt.Sprintf("Việc %d", i))
			request.Data = []byte(strings.Replace(string(request.Data), "ke-hoach", kind, 1))
			all = append(all, request)
		}
	}
	officetest.TakeNumbers(t, a, all)
	entries, err := a.Register.List(t.Context(), register.Numbers{})
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
	a := officetest.Registered(t)
	symbol := func(request maker.Request) string {
		request.Register = true
		return officetest.Made(t, a, request).Symbol
	}
	plan := officetest.Plan("27/3/2026", "Tổng vệ sinh")
	renamed := plan
	renamed.Name = "ban-sao.yaml"
	if one, other := symbol(plan), symbol(renamed); one != other {
		t.Errorf("renamed, %s is %s", one, other)
	}
	row := officetest.PlanRow{"Thôn Đông", "", "28/3/2026", "Trồng cây"}
	list, longer := officetest.PlanList(t, []officetest.PlanRow{row}), officetest.PlanList(t, append(slices.Clone(officetest.ThreePlans), row))
	if one, other := symbol(maker.Request{File: list, Unit: row.Unit(), PDF: true}), symbol(maker.Request{File: longer, Unit: row.Unit() + " (2)", PDF: true}); one != other {
		t.Errorf("in another workbook, %s is %s", one, other)
	}
	if one, other := symbol(plan), symbol(maker.Request{File: list, PDF: true}); one == other {
		t.Errorf("two documents are %s", one)
	}
}

package maker_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/model"
	"vanthu/internal/officetest"
	"vanthu/internal/register"
	"vanthu/internal/testenv"
	"vanthu/internal/vi"
)

func unitsOf(t testing.TB, a *officetest.Office, file maker.File) []maker.Unit {
	t.Helper()
	units, found, err := a.Maker.Units(context.Background(), file)
	if err != nil || found.Blocking() {
		t.Fatal(err, found)
	}
	return units
}

func digestsOf(units []maker.Unit) (digests []string) {
	for _, unit := range units {
		digests = append(digests, unit.Digest)
	}
	slices.Sort(digests)
	return digests
}

func TestFilesOfOneDocument(t *testing.T) {
	a := officetest.Plain(t)
	for name, file := range map[string]maker.File{
		"text":             officetest.Plan("27/3/2026", "Tổng vệ sinh").File,
		"workbook":         officetest.Sample(t, "quy-2-2026", "so-lieu.xlsx"),
		"not to be read":   {Name: "a.xlsx", Data: []byte("PK\x03\x04")},
		"of no known kind": {Name: "a.yaml", Data: []byte("loai: khong-co\n")},
	} {
		t.Run(name, func(t *testing.T) {
			units := unitsOf(t, a, file)
			other := unitsOf(t, a, maker.File{Name: file.Name, Data: append(slices.Clone(file.Data), '\n')})
			if len(units) != 1 || units[0].Name != "" || len(units[0].Digest) != 64 || units[0].Digest == other[0].Digest {
				t.Errorf("%v, and with one byte more %v", units, other)
			}
		})
	}
}

// TestInputWorkbooksAskForOne: nothing in the workbooks that the program hands out is taken for a list of units.
func TestInputWorkbooksAskForOne(t *testing.T) {
	a := officetest.Plain(t)
	for _, kind := range a.Office.Kinds() {
		data, _, err := a.Office.Workbook(kind.Slug)
		if err != nil {
			t.Fatal(err)
		}
		if units := unitsOf(t, a, maker.File{Name: "nhap.xlsx", Data: data}); len(units) != 1 || units[0].Name != "" {
			t.Errorf("%s: %v", kind.Slug, units)
		}
	}
}

// TestTablesMayBeCalledLists: a table of any kind is that table, also on a sheet that has the name of a list of units.
func TestTablesMayBeCalledLists(t *testing.T) {
	t.Parallel()
	a, tables := officetest.Plain(t), 0
	for _, kind := range definitions(t, a) {
		for _, spec := range kind.Schema.Fields {
			if !spec.IsTable() {
				continue
			}
			var heading, row []string
			for _, column := range spec.Fields {
				if !column.Computed {
					heading, row = append(heading, column.Label), append(row, cmp.Or(column.Example, "Xã A"))
				}
			}
			for _, sheet := range []string{"Danh sách", "Danh sách đơn vị", "Các đơn vị"} {
				file := officetest.Workbook(t, "a.xlsx", map[string][][]string{
					"Thông tin chung": {{"Mục", "Giá trị"}, {"Loại văn bản", kind.Schema.Name}}, sheet: {heading, row, row},
				})
				if units := unitsOf(t, a, file); len(units) != 1 || units[0].Name != "" {
					t.Errorf("%s: %q on a sheet “%s”: %v", kind.Schema.Kind, heading, sheet, units)
				}
				tables++
			}
		}
	}
	if tables < 60 {
		t.Errorf("%d tables only", tables)
	}
}

func TestUnitOfWorkbook(t *testing.T) {
	a, file := officetest.Plain(t), officetest.PlanList(t, officetest.ThreePlans)
	t.Run("each row is a document", func(t *testing.T) {
		for _, row := range officetest.ThreePlans {
			result := officetest.Made(t, a, maker.Request{File: file, Unit: row.Unit(), PDF: true})
			if result.Title != "Kế hoạch "+row.About() || !strings.Contains(officetest.Words(t, result.DOCX), row.About()) {
				t.Errorf("%s: %s", row.Unit(), result.Title)
			}
		}
	})
	for name, c := range map[string]struct {
		request maker.Request
		want    string
	}{
		"none named":    {maker.Request{File: file}, "tệp này làm 3 văn bản, mỗi đơn vị một văn bản: Thôn Đông, Thôn Đoài, …\n  → làm cả lô ở trang Chạy hàng loạt, hoặc bằng lệnh: vanthu batch danh-sach.xlsx"},
		"one not there": {maker.Request{File: file, Unit: "Thôn Dong"}, "tệp không có đơn vị “Thôn Dong”\n  → có phải “Thôn Đông”?"},
		"of a file of one": {
			maker.Request{File: officetest.Plan("27/3/2026", "Tổng vệ sinh").File, Unit: "Thôn Đông"}, "ke-hoach.yaml: tệp không có đơn vị “Thôn Đông”",
		},
		"a bad cell": {
			maker.Request{File: officetest.PlanList(t, append(slices.Clone(officetest.ThreePlans), officetest.PlanRow{"Thôn Hạ", "", "mai", "Họp"})), Unit: "Thôn Hạ"}, "trang tính “Danh sách”, ô C5",
		},
	} {
		t.Run(name, func(t *testing.T) {
			result, found, err := a.Maker.Make(t.Context(), c.request)
			if err != nil || result.DOCX != nil || !found.Blocking() || !strings.Contains(found.String(), c.want) {
				t.Errorf("%v\n%s", err, found)
			}
		})
	}
	t.Run("of the period before", func(t *testing.T) {
		before := officetest.PlanList(t, []officetest.PlanRow{{"Thôn Đông", "", "27/3/2025", "Tổng vệ sinh"}, {"Thôn Đoài", "", "25/3/2025", "Trồng cây"}})
		officetest.Made(t, a, maker.Request{File: file, Previous: &before, Unit: "Thôn Đoài", PDF: true})
		officetest.Made(t, a, maker.Request{File: file, Previous: &before, Unit: "Thôn Thượng", PDF: true}, "no-previous-unit")
	})
	t.Run("the only row needs no name", func(t *testing.T) {
		if result := officetest.Made(t, a, maker.Request{File: officetest.PlanList(t, officetest.ThreePlans[:1]), PDF: true}); result.Title != "Kế hoạch Tổng vệ sinh" {
			t.Error(result.Title)
		}
	})
}

// TestDigestsFollowTheirRows: where a row stands changes no digest, and what it says changes its own.
func TestDigestsFollowTheirRows(t *testing.T) {
	a := officetest.Plain(t)
	rapid.Check(t, func(t *rapid.T) {
		var rows []officetest.PlanRow
		word := rapid.SampledFrom([]string{"Đông", "Đoài"}) // so that names and whole rows are often alike
		for range rapid.IntRange(2, 12).Draw(t, "rows") {
			rows = append(rows, officetest.PlanRow{word.Draw(t, "unit"), "", word.Draw(t, "day"), word.Draw(t, "about")})
		}
		tb := &testing.T{}
		want := digestsOf(unitsOf(tb, a, officetest.PlanList(tb, rows)))
		if len(slices.Compact(slices.Clone(want))) != len(rows) {
			t.Fatalf("%v have a digest in common", rows)
		}
		shuffled := rapid.Permutation(rows).Draw(t, "shuffled")
		if got := digestsOf(unitsOf(tb, a, officetest.PlanList(tb, shuffled))); !slices.Equal(got, want) {
			t.Fatalf("%v and %v have other digests", rows, shuffled)
		}
		changed := slices.Clone(rows)
		changed[rapid.IntRange(0, len(rows)-1).Draw(t, "changed")][3] = "Thượng"
		same := 0
		for _, digest := range digestsOf(unitsOf(tb, a, officetest.PlanList(tb, changed))) {
			if slices.Contains(want, digest) {
				same++
			}
		}
		if same != len(rows)-1 {
			t.Fatalf("%d of %d digests are the same after a change of one row", same, len(rows))
		}
	})
}

// TestUnitsMadeAtOnce makes all units of several workbooks at once, more than are held open.
func TestUnitsMadeAtOnce(t *testing.T) {
	a := officetest.Plain(t)
	var making sync.WaitGroup
	for n := range maker.MaxOpened + 2 {
		var rows []officetest.PlanRow
		for i := range 5 {
			rows = append(rows, officetest.PlanRow{fmt.Sprint("Thôn ", i), "", "27/3/2026", fmt.Sprintf("Việc %d của sổ %d", i, n)})
		}
		file := officetest.PlanList(t, rows)
		for i, row := range rows {
			making.Go(func() {
				result, found, err := a.Maker.Make(t.Context(), maker.Request{File: file, Unit: row.Unit()})
				if want := fmt.Sprintf("Kế hoạch Việc %d của sổ %d", i, n); err != nil || result.Title != want {
					t.Errorf("got %q, want %q: %v %s", result.Title, want, err, found)
				}
			})
		}
	}
	making.Wait()
	if a.Maker.Opened() != maker.MaxOpened {
		t.Errorf("%d workbooks are held", a.Maker.Opened())
	}
}

func TestResultTellsOfItself(t *testing.T) {
	r := officetest.Made(t, officetest.Plain(t), maker.Request{File: officetest.Sample(t, "quy-2-2026", "so-lieu.xlsx"), PDF: true})
	if r.Kind != "bao-cao-quy" || r.Unit != "HỘI ĐỒNG NHÂN DÂN XÃ VĨNH AM" || !strings.HasPrefix(r.Title, "Báo cáo ") || r.Date == (vi.Date{}) ||
		!strings.HasSuffix(r.Symbol, "/BC-HĐND") {
		t.Errorf("%q %q %q %q %v", r.Kind, r.Unit, r.Symbol, r.Title, r.Date)
	}
	if r.Figures["nhiem_vu.tat_ca.tong"] != "40" {
		t.Errorf("figures are %v", r.Figures)
	}
	if plan := officetest.Made(t, officetest.Plain(t), requestOf(t, "ke-hoach-57")); plan.Figures != nil {
		t.Errorf("a plan has figures %v", plan.Figures)
	}
}

// TestFiguresAreReadAsWritten holds every number to what is read from its text.
func TestFiguresAreReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := fmt.Sprintf("%d,%d", rapid.Int64Range(-1e12, 1e12).Draw(t, "whole"), rapid.IntRange(0, 9999).Draw(t, "fraction"))
		number, err := vi.ParseNumber(text)
		if err != nil {
			t.Fatal(err)
		}
		figures := map[string]string{}
		maker.AddFigures(figures, "", model.Values{"a": model.Values{"b": model.Number{Decimal: number}}})
		if read, err := vi.ParseNumber(figures["a.b"]); err != nil || !read.Equal(number) {
			t.Fatalf("%s becomes %q and %s", number, figures["a.b"], read)
		}
	})
}

func TestPanicIsKnown(t *testing.T) {
	_, _, err := (&maker.Service{}).Make(t.Context(), officetest.Plan("27/3/2026", "Tổng vệ sinh"))
	var panicked *diag.Panic
	if !errors.As(fmt.Errorf("item: %w", err), &panicked) || panicked.Operation != "make" || !strings.Contains(err.Error(), "units_test.go") {
		t.Errorf("%v", err)
	}
}

// longList asks for n plans.
func longList(t testing.TB, n int) maker.File {
	rows := make([]officetest.PlanRow, n)
	for i := range rows {
		rows[i] = officetest.PlanRow{fmt.Sprint("Thôn ", i), "", "27/3/2026", fmt.Sprint("Việc ", i)}
	}
	return officetest.PlanList(t, rows)
}

// numbered takes numbers for n units of one workbook.
func numbered(t testing.TB, n int) {
	a := officetest.Registered(t)
	officetest.TakeNumbers(t, a, officetest.Requests(t, a, longList(t, n)))
	entries, err := a.Register.List(t.Context(), register.Numbers{})
	if err != nil || len(entries) != n {
		t.Fatalf("%d units of %d: %v", len(entries), n, err)
	}
}

// TestThousandsOfUnits takes numbers for a few and for many units of one workbook: a unit of the many is no more work, as it would be if
// each read the workbook anew.
func TestThousandsOfUnits(t *testing.T) {
	numbered(t, 1) // so that what is made at first use is there
	few, many := testenv.Allocated(func() { numbered(t, 50) })/50, testenv.Allocated(func() { numbered(t, 500) })/500
	if many > few*3/2 {
		t.Errorf("%d KB for a unit of 50, %d KB for one of 500", few>>10, many>>10)
	}
}

// BenchmarkThousandsOfUnits takes numbers for 3,000 units of one workbook.
func BenchmarkThousandsOfUnits(b *testing.B) {
	for b.Loop() {
		numbered(b, 3000)
	}
	testenv.WantTime(b, time.Minute)
}

// BenchmarkUnits divides a workbook of 3,000 rows, and binds one of its units.
func BenchmarkUnits(b *testing.B) {
	file := longList(b, 3000)
	b.Run("divide", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			a := officetest.Plain(b)
			unitsOf(b, a, file)
		}
	})
	b.Run("bind-one", func(b *testing.B) {
		a := officetest.Plain(b)
		unitsOf(b, a, file)
		b.ReportAllocs()
		for b.Loop() {
			_, found, err := a.Maker.Bind(maker.Request{File: file, Unit: "Thôn 1500"}, false)
			if err != nil || found.Blocking() {
				b.Fatal(err, found)
			}
		}
	})
}

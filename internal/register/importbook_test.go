package register_test

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/officetest"
	"vanthu/internal/register"
	"vanthu/internal/store"
	"vanthu/internal/vi"
)

// hand is a number by hand.
func hand(t *testing.T, a *officetest.Office, h register.HandNumber) register.Entry {
	t.Helper()
	h.Taken = officetest.Noon
	entry, found, err := a.Register.ReserveByHand(t.Context(), h)
	if err != nil || found.Blocking() {
		t.Fatal(err, found)
	}
	return entry
}

// filledBook is a register with lines of every sort.
func filledBook(t *testing.T) *officetest.Office {
	a := officetest.Registered(t)
	day := func(day int) vi.Date { return vi.Date{Year: 2026, Month: 3, Day: day} }
	one := hand(t, a, register.HandNumber{Key: "1", Kind: "ke-hoach", Date: day(2), About: "tổng vệ sinh", Signer: "Phạm Xuân Hanh", Recipients: "Các thôn\nLưu: VT"})
	two := hand(t, a, register.HandNumber{Key: "2", Kind: "ke-hoach", Date: day(3), About: "trồng cây", Signer: "Vũ Đình Thắng", Recipients: "Các thôn"})
	hand(t, a, register.HandNumber{Key: "3", Kind: "bao-cao", Date: day(3), About: "=công tác quý I", Secrecy: "MẬT"})
	hand(t, a, register.HandNumber{Key: "4", Kind: "cong-van", Date: day(4), About: "Mời họp"})
	hand(t, a, register.HandNumber{Key: "5", Kind: "sao-y", Date: day(5), About: "Kế hoạch 01"})
	if _, err := a.Store.IssueNumber(t.Context(), one.Series, one.Number); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Store.Annotate(t.Context(), one.Series, one.Number, store.Annotation{KeptBy: "VP", Copies: 3, Sent: day(6), Note: "Hai dòng\nghi chú"}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.Register.Void(t.Context(), nil, two.Series, two.Number, "Không ban hành"); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestBookGoesRound writes the register as a book and reads it into an empty one.
func TestBookGoesRound(t *testing.T) {
	a, b := filledBook(t), officetest.Registered(t)
	book, lines, _, err := a.Register.Book(t.Context(), register.Numbers{Year: 2026})
	if err != nil || lines != 5 {
		t.Fatal(lines, err)
	}
	rows, kept, found, err := b.Register.Import(t.Context(), register.BookImport{File: maker.File{Name: "so.xlsx", Data: book}, Commit: true, Taken: officetest.Noon})
	if err != nil || !kept || len(found) > 0 || len(rows) != 5 {
		t.Fatal(kept, err, found, rows)
	}
	for _, row := range rows {
		if len(row.Findings) > 0 {
			t.Error(row.Findings)
		}
	}
	all := func(a *officetest.Office) []register.Entry {
		entries, err := a.Register.List(t.Context(), register.Numbers{})
		if err != nil {
			t.Fatal(err)
		}
		return entries
	}
	if diff := cmp.Diff(all(a), all(b), cmpopts.IgnoreFields(register.Entry{}, "Key", "Hash")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	again, _, _, err := b.Register.Book(t.Context(), register.Numbers{Year: 2026})
	if err != nil || !bytes.Equal(book, again) {
		t.Errorf("the book of what was read is another (%v)", err)
	}
	t.Run("the next number goes on", func(t *testing.T) {
		if e := hand(t, b, register.HandNumber{Key: "6", Kind: "ke-hoach", Date: vi.Date{Year: 2026, Month: 3, Day: 9}, About: "khác"}); e.Symbol != "03/KH-HĐND" {
			t.Errorf("took %s", e.Symbol)
		}
	})
	t.Run("read again it changes nothing", func(t *testing.T) {
		before := all(b)
		if _, kept, _, err := b.Register.Import(t.Context(), register.BookImport{File: maker.File{Name: "so.xlsx", Data: book}, Commit: true, Taken: officetest.Noon}); err != nil || !kept {
			t.Fatal(kept, err)
		}
		if diff := cmp.Diff(before, all(b)); diff != "" {
			t.Error(diff)
		}
	})
}

const oldHead = "Số ký hiệu,Ngày tháng,Trích yếu,Số bản,Ghi chú\n"

func TestOldBooks(t *testing.T) {
	for name, c := range map[string]struct {
		rows string
		want string // series name, number, symbol, day, state of each line, and the codes of what is told
	}{
		"as it should be":         {"01/KH-HĐND,27/3/2026,Kế hoạch a,3,", "ke-hoach 1 01/KH-HĐND 2026-03-27 issued"},
		"a number of one digit":   {"5/KH-HĐND,27/3/2026,Kế hoạch a,,", "ke-hoach 5 05/KH-HĐND 2026-03-27 issued"},
		"spaces and a word":       {"Số: 5 / KH-HĐND,27/3/2026,Kế hoạch a,,", "ke-hoach 5 05/KH-HĐND 2026-03-27 issued"},
		"a letter":                {"7/HĐND-VP,27/3/2026,V/v mời họp,,", "cong-van 7 07/HĐND-VP 2026-03-27 issued"},
		"a letter of before":      {"7/CV-HĐND,27/3/2026,V/v mời họp,,", "cong-van 7 07/CV-HĐND 2026-03-27 issued"},
		"a legal document":        {"12/2026/NQ-HĐND,27/3/2026,Nghị quyết a,,", "nghi-quyet 12 12/2026/NQ-HĐND 2026-03-27 issued"},
		"void":                    {"1/KH-HĐND,27/3/2026,Kế hoạch a,,Hủy: trùng", "ke-hoach 1 01/KH-HĐND 2026-03-27 void trùng"},
		"void without a reason":   {"1/KH-HĐND,27/3/2026,,,Bỏ số", "ke-hoach 1 01/KH-HĐND 2026-03-27 void không ghi lý do"},
		"another body":            {"1/BC-ĐGS,27/3/2026,Báo cáo a,,", "bao-cao 1 01/BC-ĐGS 2026-03-27 issued series-of-another-body"},
		"a type not made here":    {"1/XYZ-HĐND,27/3/2026,Thư a,,", "xyz 1 01/XYZ-HĐND 2026-03-27 issued"},
		"no number":               {"KH-HĐND,27/3/2026,Kế hoạch a,,", "! bad-number"},
		"a number between":        {"12a/KH-HĐND,27/3/2026,Kế hoạch a,,", "! number-between"},
		"no such day":             {"1/KH-HĐND,30/2/2026,Kế hoạch a,,", "! bad-date"},
		"a day without a year":    {"1/KH-HĐND,27/3,Kế hoạch a,,", "! bad-date"},
		"copies in words":         {"1/KH-HĐND,27/3/2026,Kế hoạch a,ba bản,", "ke-hoach 1 01/KH-HĐND 2026-03-27 issued bad-number"},
		"a number twice":          {"1/KH-HĐND,27/3/2026,Kế hoạch a,,\n1/KH-HĐND,28/3/2026,Kế hoạch b,,", "ke-hoach 1 01/KH-HĐND 2026-03-27 issued; ! number-twice"},
		"dates that go back":      {"1/KH-HĐND,27/3/2026,Kế hoạch a,,\n2/KH-HĐND,28/3/2026,Kế hoạch b,,\n3/KH-HĐND,28/2/2026,Kế hoạch c,,", "ke-hoach 1 01/KH-HĐND 2026-03-27 issued; ke-hoach 2 02/KH-HĐND 2026-03-28 issued; ! number-out-of-order"},
		"what the register knows": {"9/TTr-HĐND,27/3/2026,Tờ trình a,,", "! number-twice"},
	} {
		t.Run(name, func(t *testing.T) {
			a := officetest.Registered(t)
			series, _ := a.Register.Series("", "to-trinh", "", 2026)
			known := register.Entry{Series: series, Number: 9, Symbol: "09/TTr-HĐND", Date: vi.Date{Year: 2026, Month: 1, Day: 5}, State: store.Issued}
			if _, err := a.Store.ImportEntries(t.Context(), []register.Entry{known}); err != nil {
				t.Fatal(err)
			}
			for _, commit := range []bool{false, true} {
				rows, kept, found, err := a.Register.Import(t.Context(), register.BookImport{File: maker.File{Name: "so.csv", Data: []byte(oldHead + c.rows)}, Commit: commit, Taken: officetest.Noon})
				if err != nil || len(found) > 0 {
					t.Fatal(err, found)
				}
				if got := toldOf(rows); got != c.want {
					t.Errorf("read %s\nwant %s", got, c.want)
				}
				if fine := !strings.Contains(c.want, "!"); kept != (commit && fine) {
					t.Errorf("kept: %v", kept)
				}
				entries, err := a.Register.List(t.Context(), register.Numbers{})
				if want := map[bool]int{true: 1 + len(rows), false: 1}[kept]; err != nil || len(entries) != want {
					t.Errorf("the register has %d lines, want %d (%v)", len(entries), want, err)
				}
			}
		})
	}
}

func toldOf(rows []register.ImportRow) string {
	var lines []string
	for _, row := range rows {
		e, words := row.Entry, []string{"!"}
		if !row.Findings.Blocking() {
			words = []string{e.Name, strconv.Itoa(e.Number), e.Symbol, e.Date.ISO(), string(e.State)}
			if e.Reason != "" {
				words = append(words, e.Reason)
			}
		}
		for _, f := range row.Findings {
			words = append(words, string(f.Code))
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return strings.Join(lines, "; ")
}

func TestYearOfABookCompletesItsDays(t *testing.T) {
	a := officetest.Registered(t)
	book := "SỔ ĐĂNG KÝ VĂN BẢN ĐI NĂM 2025,,,,\n" + oldHead + "1/KH-HĐND,27/3,Kế hoạch a,,\n2/KH-HĐND,28/3/2026,Kế hoạch b,,\n"
	rows, _, found, err := a.Register.Import(t.Context(), register.BookImport{File: maker.File{Name: "so.csv", Data: []byte(book)}, Taken: officetest.Noon})
	if err != nil || len(found) > 0 || len(rows) != 2 {
		t.Fatal(err, found, rows)
	}
	if want := (vi.Date{Year: 2025, Month: 3, Day: 27}); rows[0].Entry.Date != want || len(rows[0].Findings) > 0 {
		t.Errorf("read %v, %v", rows[0].Entry.Date, rows[0].Findings)
	}
	if !slices.ContainsFunc(rows[1].Findings, func(f diag.Finding) bool { return f.Code == diag.YearOfAnotherBook && f.Where.Cell != "" }) {
		t.Errorf("found %v", rows[1].Findings)
	}
}

func TestNumbersByHand(t *testing.T) {
	a := officetest.Registered(t)
	ask := register.HandNumber{Key: "k", Kind: "Kế hoạch", Date: vi.Date{Year: 2026, Month: 3, Day: 27}, About: "  tổng vệ sinh\n", Recipients: " Các thôn \n\nLưu: VT"}
	first, again := hand(t, a, ask), hand(t, a, ask)
	if first.Symbol != "01/KH-HĐND" || first.Title != "Kế hoạch tổng vệ sinh" || first.Recipients != "Các thôn\nLưu: VT" || first.State != store.Reserved {
		t.Errorf("took %+v", first)
	}
	if again != first {
		t.Errorf("the same key took %s", again.Symbol)
	}
	for name, c := range map[string]struct {
		change func(h *register.HandNumber)
		code   string
		field  string
	}{
		"no day":              {func(h *register.HandNumber) { h.Date = vi.Date{} }, "missing-field", "ngay"},
		"no abstract":         {func(h *register.HandNumber) { h.About = " " }, "missing-field", "trich_yeu"},
		"no such kind":        {func(h *register.HandNumber) { h.Kind = "ke-hoch" }, "unknown-kind", "loai"},
		"a kind of no number": {func(h *register.HandNumber) { h.Kind = "thu-cong" }, "no-symbol", "loai"},
		"a day before":        {func(h *register.HandNumber) { h.Date.Day = 1 }, "number-out-of-order", "ngay"},
		"no such secrecy":     {func(h *register.HandNumber) { h.Secrecy = "hơi mật" }, "unknown-choice", "do_mat"},
		"an office unknown":   {func(h *register.HandNumber) { h.Office = "xa-khac" }, "no-symbol", "loai"},
	} {
		t.Run(name, func(t *testing.T) {
			h := ask
			h.Key = "other"
			c.change(&h)
			entry, found, err := a.Register.ReserveByHand(t.Context(), h)
			if err != nil || entry.Number != 0 || !slices.ContainsFunc(found, func(f diag.Finding) bool { return string(f.Code) == c.code && f.Where.Field == c.field }) {
				t.Errorf("took %v, found %v (%v), want %s at %s", entry.Number, found, err, c.code, c.field)
			}
		})
	}
	if entries, err := a.Register.List(t.Context(), register.Numbers{}); err != nil || len(entries) != 1 {
		t.Errorf("%d numbers were taken (%v)", len(entries), err)
	}
}

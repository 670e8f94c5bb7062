package store

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vanthu/internal/vi"
)

func newDraft(id, office string) Draft {
	return Draft{
		ID: id, Office: office, Author: "lan", Kind: "bao-cao", Title: "Báo cáo " + id, Data: []byte(`{"trich_yeu":"` + id + `"}`),
		Files: []DraftFile{{Role: "bang", Name: "Bảng.xlsx", Size: 12, Hash: "ab"}}, Version: 1, Created: noon, Saved: noon,
	}
}

func addDraft(t testing.TB, s *Store, draft Draft) {
	t.Helper()
	wants(t, s.AddDraft(t.Context(), draft), nil)
}

func TestDrafts(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		one, two, empty := newDraft("d1", "a"), newDraft("d2", "a"), Draft{ID: "d3", Office: "b", Version: 1, Created: noon, Saved: noon}
		two.Saved = noon.Add(time.Minute)
		for _, draft := range []Draft{one, two, empty} {
			addDraft(t, s, draft)
		}
		same(t, must[Draft](t)(s.Draft(t.Context(), "a", "d1")), one)
		same(t, must[Draft](t)(s.Draft(t.Context(), "b", "d3")), empty)
		wants(t, s.AddDraft(t.Context(), newDraft("d1", "b")), ErrExists)

		t.Run("a list has the latest first, without data", func(t *testing.T) {
			one, two := one, two
			one.Data, two.Data = nil, nil
			same(t, must[[]Draft](t)(s.Drafts(t.Context(), "a", 10)), []Draft{two, one})
			same(t, must[[]Draft](t)(s.Drafts(t.Context(), "a", 1)), []Draft{two})
		})
		t.Run("saving keeps who began it and when", func(t *testing.T) {
			changed := one
			changed.Author, changed.Created, changed.Saved = "an", noon.Add(time.Hour), noon.Add(2*time.Hour)
			changed.Kind, changed.Title, changed.Data, changed.Files = "ke-hoach", "Kế hoạch\x00", []byte("{}"), nil
			same(t, must[int](t)(s.SaveDraft(t.Context(), changed)), 2)
			changed.Author, changed.Created, changed.Version, changed.Title = one.Author, one.Created, 2, "Kế hoạch\uFFFD"
			same(t, must[Draft](t)(s.Draft(t.Context(), "a", "d1")), changed)
			same(t, must[[]Draft](t)(s.Drafts(t.Context(), "a", 1))[0].ID, "d1")
		})
		t.Run("who opened it before is told", func(t *testing.T) {
			for _, version := range []int{0, 1, 3} {
				late := one
				late.Version = version
				_, err := s.SaveDraft(t.Context(), late)
				wants(t, err, ErrChanged)
			}
			same(t, must[Draft](t)(s.Draft(t.Context(), "a", "d1")).Title, "Kế hoạch\uFFFD")
		})
		t.Run("offices see none of each other", func(t *testing.T) {
			for _, office := range []string{"b", "", "A"} {
				_, err := s.Draft(t.Context(), office, "d1")
				wants(t, err, ErrNotFound)
				_, err = s.SaveDraft(t.Context(), Draft{ID: "d1", Office: office, Version: 2})
				wants(t, err, ErrNotFound)
				wants(t, s.DropDraft(t.Context(), office, "d1"), ErrNotFound)
				for _, draft := range must[[]Draft](t)(s.Drafts(t.Context(), office, 10)) {
					same(t, draft.Office, office)
				}
			}
			same(t, must[Draft](t)(s.Draft(t.Context(), "a", "d1")).Version, 2)
		})
		t.Run("dropped", func(t *testing.T) {
			wants(t, s.DropDraft(t.Context(), "a", "d1"), nil)
			wants(t, s.DropDraft(t.Context(), "a", "d1"), ErrNotFound)
			_, err := s.SaveDraft(t.Context(), one)
			wants(t, err, ErrNotFound)
		})
	})
}

func TestDraftSavedByManyAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		stores := []*Store{open(t, place), open(t, place)}
		addDraft(t, stores[0], newDraft("d", "a"))
		for round := range 5 {
			winner := oneOfMany(t, func(i int) error {
				draft := newDraft("d", "a")
				draft.Version, draft.Title = round+1, fmt.Sprint("của ", i)
				_, err := stores[i%2].SaveDraft(t.Context(), draft)
				return err
			}, ErrChanged)
			kept := must[Draft](t)(stores[0].Draft(t.Context(), "a", "d"))
			same(t, kept.Title, fmt.Sprint("của ", winner))
			same(t, kept.Version, round+2)
		}
	})
}

// deskDocument is a document that an office made at the desk.
func deskDocument(office, name string, hour int) Document {
	return Document{
		Name: name, Key: "digest", Kind: "bao-cao", Unit: "HĐND xã Vinh Am", Symbol: "97/BC-HĐND", NumberKey: "number of " + name, Title: "Báo cáo",
		Date: vi.Date{Year: 2026, Month: 12, Day: 20}, Files: []StoredFile{{Name: name + ".docx", Size: 1, Hash: fmt.Sprint("h", hour)}},
		Made: noon.Add(time.Duration(hour) * time.Hour), Office: office, Draft: "draft of " + name,
	}
}

func keep(t testing.TB, s *Store, documents ...Document) {
	t.Helper()
	for _, document := range documents {
		wants(t, s.KeepDocument(t.Context(), document), nil)
	}
}

// made names documents by name and version.
func made(documents []Document) (names []string) {
	for _, document := range documents {
		names = append(names, fmt.Sprint(document.Name, " ", document.Version))
	}
	return names
}

func TestDeskDocuments(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		first := deskDocument("a", "x", 0)
		first.Tasks = []byte(`[{"ten":"rà soát"}]`)
		batch := newBatch("b1")
		batch.Office = "a"
		addBatch(t, s, batch, 1)
		ofBatch := documentOf(batch, newItems("b1", 1)[0], "h")
		ofBatch.Office = "a"
		finish(t, s, newItems("b1", 1)[0], Made, ofBatch)
		keep(t, s, first, deskDocument("a", "x", 1), deskDocument("a", "y", 2), deskDocument("b", "z", 3), deskDocument("a", "x", 4))

		t.Run("keeps all of it", func(t *testing.T) {
			want := first
			want.Version = 1
			got := must[[]Document](t)(s.DocumentVersions(t.Context(), "a", "x"))
			same(t, got[len(got)-1], want)
		})
		t.Run("recent", func(t *testing.T) {
			same(t, made(must[[]Document](t)(s.RecentDocuments(t.Context(), "a", 10))), []string{"x 3", "y 1"})
			same(t, made(must[[]Document](t)(s.RecentDocuments(t.Context(), "a", 1))), []string{"x 3"})
			same(t, made(must[[]Document](t)(s.RecentDocuments(t.Context(), "b", 10))), []string{"z 1"})
			same(t, len(must[[]Document](t)(s.RecentDocuments(t.Context(), "", 10))), 0)
		})
		t.Run("versions", func(t *testing.T) {
			same(t, made(must[[]Document](t)(s.DocumentVersions(t.Context(), "a", "x"))), []string{"x 3", "x 2", "x 1"})
			for _, office := range []string{"b", ""} {
				_, err := s.DocumentVersions(t.Context(), office, "x")
				wants(t, err, ErrNotFound)
			}
		})
		t.Run("of a number", func(t *testing.T) {
			same(t, must[Document](t)(s.DocumentOfNumber(t.Context(), "a", "number of x")).Version, 3)
			for _, c := range [][2]string{{"b", "number of x"}, {"a", "number of none"}, {"a", ""}} {
				_, err := s.DocumentOfNumber(t.Context(), c[0], c[1])
				wants(t, err, ErrNotFound)
			}
		})
		t.Run("batches", func(t *testing.T) {
			same(t, len(must[[]Batch](t)(s.BatchesOf(t.Context(), "a", 10))), 1)
			same(t, len(must[[]Batch](t)(s.BatchesOf(t.Context(), "b", 10))), 0)
			kept, _, err := s.Batch(t.Context(), "b1")
			wants(t, err, nil)
			same(t, kept.Office, "a")
			other := newBatch("b2") // with the key of a batch that it may not see
			other.Key, other.Office = batch.Key, "b"
			_, _, err = s.AddBatch(t.Context(), other)
			wants(t, err, ErrExists)
		})
	})
}

func TestLastWithTasks(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		with := func(name string, month, hour int, tasks string) Document {
			d := deskDocument("a", name, hour)
			d.Date.Month, d.Tasks = month, []byte(tasks)
			return d
		}
		last := func(office, want string) {
			t.Helper()
			got, err := s.LastWithTasks(t.Context(), office)
			if want == "" {
				wants(t, err, ErrNotFound)
				return
			}
			wants(t, err, nil)
			same(t, made([]Document{got}), []string{want})
		}
		last("a", "")
		keep(t, s, with("no tasks", 12, 0, ""), with("none of them", 12, 0, "[]"), with("nor here", 12, 0, "null"))
		last("a", "")
		keep(t, s, with("half year", 6, 5, `[{}]`), with("first quarter", 3, 9, `[{}]`))
		last("a", "half year 1")
		last("b", "")
		keep(t, s, with("half year", 6, 10, `[{},{}]`))
		last("a", "half year 2")
		keep(t, s, with("half year", 6, 11, ``)) // its tasks were taken out
		last("a", "first quarter 1")
	})
}

func TestTemplates(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		add := func(kind, note string) int {
			t.Helper()
			return must[int](t)(s.AddTemplate(t.Context(), TemplateVersion{
				Kind: kind, Note: note, Author: "lan", Saved: noon, Files: []DraftFile{{Role: "mau", Name: "mẫu.docx", Size: 3, Hash: note}},
			}))
		}
		versions := func(kind string) (got []string) {
			t.Helper()
			for _, v := range must[[]TemplateVersion](t)(s.Templates(t.Context(), kind)) {
				got = append(got, fmt.Sprint(v.Kind, " ", v.Version, strings.Repeat("!", number(v.InForce))))
			}
			return got
		}
		before := must[int64](t)(s.Revision(t.Context()))
		same(t, len(versions("")), 0)
		same(t, []int{add("ke-hoach", "một"), add("bao-cao", "khác"), add("ke-hoach", "hai")}, []int{1, 1, 2})
		same(t, versions(""), []string{"bao-cao 1!", "ke-hoach 2!", "ke-hoach 1"})
		same(t, must[[]TemplateVersion](t)(s.Templates(t.Context(), "bao-cao")), []TemplateVersion{{
			Kind: "bao-cao", Version: 1, Note: "khác", Author: "lan", Saved: noon, InForce: true,
			Files: []DraftFile{{Role: "mau", Name: "mẫu.docx", Size: 3, Hash: "khác"}},
		}})

		wants(t, s.UseTemplate(t.Context(), "ke-hoach", 1), nil)
		same(t, versions("ke-hoach"), []string{"ke-hoach 2", "ke-hoach 1!"})
		wants(t, s.UseTemplate(t.Context(), "ke-hoach", 0), nil)
		same(t, versions("ke-hoach"), []string{"ke-hoach 2", "ke-hoach 1"})
		same(t, must[int64](t)(s.Revision(t.Context())), before+5)
		wants(t, s.UseTemplate(t.Context(), "ke-hoach", 3), ErrNotFound)
		wants(t, s.UseTemplate(t.Context(), "to-trinh", 1), ErrNotFound)
		same(t, must[int64](t)(s.Revision(t.Context())), before+5)
		same(t, add("ke-hoach", "ba"), 3)

		t.Run("many at once", func(t *testing.T) {
			var all sync.WaitGroup
			given := make([]int, 16)
			for i := range given {
				all.Go(func() { given[i] = add("to-trinh", fmt.Sprint(i)) })
			}
			all.Wait()
			slices.Sort(given)
			for i, version := range given {
				same(t, version, i+1)
			}
		})
	})
}

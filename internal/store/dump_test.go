package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vanthu/internal/pgtest"
)

// texts is a dump by table.
type texts map[string]*bytes.Buffer

func dump(t testing.TB, s *Store) texts {
	t.Helper()
	all := texts{}
	err := s.Dump(t.Context(), func(table string) (io.Writer, error) {
		all[table] = &bytes.Buffer{}
		return all[table], nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (all texts) open(table string) (io.ReadCloser, error) {
	if text := all[table]; text != nil {
		return io.NopCloser(bytes.NewReader(text.Bytes())), nil
	}
	return nil, fs.ErrNotExist
}

func (all texts) String() string {
	var text strings.Builder
	for _, table := range tables {
		fmt.Fprintf(&text, "-- %s\n%s", table.name, all[table.name])
	}
	return text.String()
}

// furnish puts something of everything into a store.
func furnish(t testing.TB, s *Store) {
	t.Helper()
	strange := ask(plans, "một \"khóa\" <&> \\ 'x' $1 ?", 3, 27)
	strange.Title = "Kế hoạch\tnăm \u2028 “2026”\r\n 𠀋 \u0001"
	reserve(t, s, strange)
	reserve(t, s, ask(plans, "b", 3, 28))
	reserve(t, s, ask(reports, "c", 4, 1))
	cancel(t, s, plans, 2)
	done, running := newBatch("b1"), newBatch("b2")
	addBatch(t, s, done, rowsAtOnce+3)
	addBatch(t, s, running, 5)
	for _, item := range newItems("b1", rowsAtOnce+2) {
		finish(t, s, item, Made, documentOf(done, item, fmt.Sprint("h", item.Position)))
	}
	wants(t, s.CancelBatch(t.Context(), "b1", noon.Add(time.Hour)), nil)
	finish(t, s, newItems("b2", 1)[0], Failed, nil)
	furnishDesk(t, s)
}

// furnishDesk puts something of all that the desk has into a store.
func furnishDesk(t testing.TB, s *Store) {
	t.Helper()
	wants(t, s.AddOffice(t.Context(), Office{ID: "vinh-am", Name: "HĐND xã Vinh Am", Created: noon}), nil)
	for version := range 2 {
		wants(t, s.SaveProfile(t.Context(), Profile{Office: "vinh-am", Version: version + 1, Text: []byte("co_quan:\n  ten: HĐND\n"), Saved: noon}), nil)
	}
	user, asleep := newUser("lan", "quan-tri"), newUser("an", "van-thu")
	asleep.Disabled = true
	addUser(t, s, user)
	addUser(t, s, asleep)
	addSession(t, s, newSession("h", "lan"))
	wants(t, s.AddToken(t.Context(), Token{ID: "t", Hash: "hash", Login: "lan", Name: "máy quét", Created: noon}), nil)
	wants(t, s.AddAct(t.Context(), Act{At: noon, Login: "lan", Office: "vinh-am", Action: "issue-number", Subject: "97/BC-HĐND"}), nil)
	addDraft(t, s, newDraft("d", "vinh-am"))
	for _, kind := range []string{"ke-hoach", "bao-cao", "ke-hoach"} {
		must[int](t)(s.AddTemplate(t.Context(), TemplateVersion{Kind: kind, Files: []DraftFile{{Name: "mẫu.docx"}}, Saved: noon}))
	}
	wants(t, s.UseTemplate(t.Context(), "ke-hoach", 1), nil)
	document := deskDocument("vinh-am", "x", 0)
	document.Tasks = []byte(`[{"ten":"rà soát"}]`)
	keep(t, s, document)
	request := ask(Series{"HĐND xã Vinh Am", "chung", 2026}, "of an office", 3, 27)
	request.Office = "vinh-am"
	entry := reserve(t, s, request)
	must[Entry](t)(s.Annotate(t.Context(), entry.Series, 1, Annotation{KeptBy: "Văn phòng", Copies: 3, Sent: entry.Date, Note: "gửi thư"}))
}

func TestDumpGoesRound(t *testing.T) {
	first := open(t, t.TempDir())
	furnish(t, first)
	want := dump(t, first)
	server, second := open(t, pgtest.Schema(t)), open(t, t.TempDir())
	wants(t, server.Restore(t.Context(), want.open), nil)
	same(t, dump(t, server).String(), want.String())
	wants(t, second.Restore(t.Context(), dump(t, server).open), nil)
	same(t, dump(t, second).String(), want.String())

	for name, s := range map[string]*Store{"postgres": server, "sqlite": second} {
		t.Run(name+" goes on where the other was", func(t *testing.T) {
			same(t, list(t, s, Filter{}), list(t, first, Filter{}))
			same(t, reserve(t, s, ask(plans, "b", 1, 1)).Number, 2)
			same(t, reserve(t, s, ask(plans, "d", 3, 28)).Number, 3)
			same(t, outcomes(t, s, "b1"), outcomes(t, first, "b1"))
			same(t, finish(t, s, newItems("b2", 2)[1], Refused, nil), true)
			wants(t, s.Ping(t.Context()), nil)
			same(t, must[[]TemplateVersion](t)(s.Templates(t.Context(), "")), must[[]TemplateVersion](t)(first.Templates(t.Context(), "")))
			same(t, must[Document](t)(s.LastWithTasks(t.Context(), "vinh-am")), must[Document](t)(first.LastWithTasks(t.Context(), "vinh-am")))
			wants(t, s.SaveProfile(t.Context(), Profile{Office: "vinh-am", Version: 3, Saved: noon}), nil)
		})
		t.Run(name+" lets nobody in who is not asked for a password", func(t *testing.T) {
			same(t, must[[]User](t)(s.Users(t.Context())), must[[]User](t)(first.Users(t.Context())))
			_, _, err := s.Session(t.Context(), "h")
			wants(t, err, ErrNotFound)
			_, _, err = s.Token(t.Context(), "hash") // programs go on
			wants(t, err, nil)
		})
	}
}

func TestRestoreIsARevision(t *testing.T) {
	from, to := open(t, t.TempDir()), open(t, t.TempDir())
	furnish(t, from)
	before := must[int64](t)(to.Revision(t.Context()))
	wants(t, to.Restore(t.Context(), dump(t, from).open), nil)
	if must[int64](t)(to.Revision(t.Context())) == before {
		t.Error("a process that runs would not see the profiles and templates")
	}
}

// TestDumpIsAtOneMoment takes dumps while others take numbers and finish items.
func TestDumpIsAtOneMoment(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		const writers, each = 8, 24
		s := open(t, place)
		batch := newBatch("b")
		addBatch(t, s, batch, writers*each)
		half, begun := make(chan struct{}, writers), make(chan struct{})
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for i := range each {
					if i == each/2 { // each does half of its work before the first dump begins, and half after
						half <- struct{}{}
						<-begun
					}
					if _, err := s.Reserve(t.Context(), ask([]Series{plans, reports}[i%2], fmt.Sprint(w, "-", i), 3, 27)); err != nil {
						t.Error(err)
					}
					item := newItems("b", writers*each)[w*each+i]
					item.State = Made
					if _, err := s.FinishItem(t.Context(), item, documentOf(batch, item, "h")); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for range writers {
			<-half
		}
		first := texts{}
		wants(t, s.Dump(t.Context(), func(table string) (io.Writer, error) {
			if table == tables[1].name {
				close(begun) // one table is written: the moment is chosen
				if _, err := s.Reserve(t.Context(), ask(plans, "while it is dumped", 3, 27)); err != nil {
					t.Error(err)
				}
			}
			first[table] = &bytes.Buffer{}
			return first[table], nil
		}), nil)
		same(t, atOneMoment(t, first, writers), writers*each/2)
		for taken := 0; taken < writers*each; {
			taken = atOneMoment(t, dump(t, s), writers)
		}
		all.Wait()
	})
}

// atOneMoment returns how many items of a dump are made, when each of so many writers takes a number and then finishes an item.
func atOneMoment(t *testing.T, all texts, writers int) (made int) {
	t.Helper()
	s := open(t, t.TempDir())
	wants(t, s.Restore(t.Context(), all.open), nil)
	taken := 0
	for _, series := range []Series{plans, reports} {
		entries := inOrder(t, s, series)
		next, _, err := s.Next(t.Context(), series)
		wants(t, err, nil)
		same(t, next, len(entries)+1)
		taken += len(entries)
	}
	for _, outcome := range outcomes(t, s, "b") {
		same(t, outcome.Document != nil, outcome.State == Made)
		if outcome.State == Made {
			made++
		}
	}
	if taken < made || taken > made+writers+1 {
		t.Errorf("%d numbers and %d documents are not of one moment", taken, made)
	}
	return made
}

func TestRestoreRefuses(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		good := map[string]string{
			"series": `{"unit":"HĐND","name":"ke-hoach","year":2026,"last":1}`,
			"batches": `{"id":"b","key":"k","name":"","folder":"","input":"","settings":"","state":"done","found":"","created":"","finished":""}
`,
		}
		for name, c := range map[string]struct{ table, text string }{
			"no JSON":             {"series", "series"},
			"not a row":           {"series", "[1]"},
			"a column too many":   {"series", `{"unit":"HĐND","name":"ke-hoach","year":2026,"last":1,"x":"y"}`},
			"a column too few":    {"series", `{"unit":"HĐND","name":"ke-hoach","year":2026}`},
			"no column":           {"series", `{"unit; DROP TABLE series":"a"}`},
			"rows of many shapes": {"series", good["series"] + "\n{}"},
			"text for a number":   {"series", `{"unit":"HĐND","name":"ke-hoach","year":2026,"last":"1"}`},
			"number for a text":   {"series", `{"unit":1,"name":"ke-hoach","year":2026,"last":1}`},
			"a fraction":          {"series", `{"unit":"HĐND","name":"ke-hoach","year":2026,"last":1.5}`},
			"null":                {"series", `{"unit":null,"name":"ke-hoach","year":2026,"last":1}`},
			"twice the same":      {"series", good["series"] + "\n" + good["series"]},
			"no such state":       {"batches", strings.Replace(good["batches"], "done", "lost", 1)},
			"items of no batch": {"items", `{"batch":"b9","position":1,"name":"","task":"","key":"","state":"made","found":"","fault":"",` +
				`"version":0}`},
		} {
			t.Run(name, func(t *testing.T) {
				all := texts{}
				for table, text := range good {
					all[table] = bytes.NewBufferString(text)
				}
				all[c.table] = bytes.NewBufferString(c.text)
				if err := s.Restore(t.Context(), all.open); err == nil {
					t.Error("no error")
				}
				empty, err := s.Empty(t.Context())
				wants(t, err, nil)
				same(t, empty, true)
			})
		}
		t.Run("a table that cannot be read", func(t *testing.T) {
			torn := errors.New("torn")
			wants(t, s.Restore(t.Context(), func(table string) (io.ReadCloser, error) { return nil, torn }), torn)
		})
		t.Run("tables that are not empty", func(t *testing.T) {
			all := texts{"series": bytes.NewBufferString(good["series"])}
			wants(t, s.Restore(t.Context(), all.open), nil)
			empty, err := s.Empty(t.Context())
			wants(t, err, nil)
			same(t, empty, false)
			wants(t, s.Restore(t.Context(), texts{}.open), ErrNotEmpty)
			same(t, dump(t, s)["series"].String(), `{"unit":"HĐND","name":"ke-hoach","year":2026,"last":1}`+"\n")
		})
	})
}

// TestDumpHasEveryTable holds the list of tables against those that the migrations make.
func TestDumpHasEveryTable(t *testing.T) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	wants(t, err, nil)
	same(t, len(files), Schema)
	names := append(Tables(), "sessions", "pulse", "revision") // nobody is logged in after a restore; the others are counters
	var made []string
	for _, file := range files {
		text, err := migrations.ReadFile(file)
		wants(t, err, nil)
		for line := range strings.Lines(string(text)) {
			if name, found := strings.CutPrefix(line, "CREATE TABLE "); found {
				made = append(made, strings.Fields(name)[0])
			}
		}
	}
	slices.Sort(names)
	slices.Sort(made)
	same(t, made, names)
}

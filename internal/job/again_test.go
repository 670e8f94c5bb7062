package job

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/maker"
	"vanthu/internal/services"
	"vanthu/internal/store"
)

// instead has a Runner make documents in another way, which may call the usual one.
func (r *Runner) instead(work func(ctx context.Context, request maker.Request) error) {
	make := r.maker
	r.maker = func(ctx context.Context, request maker.Request) (maker.Result, diag.Findings, error) {
		if err := work(ctx, request); err != nil {
			return maker.Result{}, nil, err
		}
		return make(ctx, request)
	}
}

// eventually waits until something is so.
func eventually(t testing.TB, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !so(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never came that %s", what)
		}
	}
}

// jobs counts those that are still to be worked on.
func (r *Runner) jobs(t testing.TB) (n int) {
	t.Helper()
	const query = `SELECT COUNT(*) FROM river_job WHERE state NOT IN ('completed', 'cancelled', 'discarded')`
	var err error
	if pool := r.Store.Pool(); pool != nil {
		err = pool.QueryRow(t.Context(), query).Scan(&n)
	} else {
		err = r.Store.SQLite().QueryRowContext(t.Context(), query).Scan(&n)
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// forget empties the queue, as after a restore.
func (r *Runner) forget(t testing.TB) {
	t.Helper()
	const query = `DELETE FROM river_job`
	var err error
	if pool := r.Store.Pool(); pool != nil {
		_, err = pool.Exec(t.Context(), query)
	} else {
		_, err = r.Store.SQLite().ExecContext(t.Context(), query)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// told is the manifest in the folder of the results.
func (o office) told(t testing.TB) (m manifest) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(o.files, manifestData))
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// states are how many entries of a manifest are in each state.
func (m manifest) states() map[store.ItemState]int {
	count := map[store.ItemState]int{}
	for _, e := range m.Entries {
		count[e.State]++
	}
	return count
}

// TestABatchIsTriedAgainAsSoonAsItIsDone asks for it before the queue has seen that its jobs are done.
func TestABatchIsTriedAgainAsSoonAsItIsDone(t *testing.T) {
	databases(t, func(t *testing.T, o office) {
		const units = 2
		r := o.open(t)
		var mended atomic.Int64
		r.instead(func(_ context.Context, request maker.Request) error {
			if request.Name > fmt.Sprintf("van-ban-%02d.yaml", mended.Load()) {
				panic("poisoned")
			}
			return nil
		})
		r.start(t)
		id := r.submit(t, Order{Name: "thu", PDF: true}, letters(1, units))
		for i := range units + 1 {
			if status := r.await(t, id); status.Made != i || status.Failed != units-i {
				t.Fatalf("%d: %+v", i, status)
			}
			if got := o.told(t).states(); got[store.Made] != i || got[store.Failed] != units-i {
				t.Fatalf("%d: the manifest says %v", i, got)
			}
			mended.Add(1)
			if n, err := r.Retry(t.Context(), id); n != units-i || err != nil {
				t.Fatalf("%d tried again, %v", n, err)
			}
		}
		if status := r.await(t, id); status.Made != units || len(status.Findings) > 0 {
			t.Errorf("%+v", status)
		}
	})
}

// TestABatchIsCancelledDuringWork cancels while documents are in hand. Nothing is begun any more, and whatever stands is what a run that
// nobody disturbed makes; a manifest tells of it; and what was left out is made when it is tried again, with the numbers that it would
// have had.
func TestABatchIsCancelledDuringWork(t *testing.T) {
	input := letters(2, 6)
	calm := newOffice(t)
	_, calmly := calm.run(t, Order{Name: "thu", PDF: true, Numbers: true}, input)
	databases(t, func(t *testing.T, o office) {
		const before = 3 // documents that are made before all that follow are held
		r := o.open(t)
		var begun atomic.Int64
		inHand, release := make(chan bool, 10*len(input)), make(chan bool)
		r.instead(func(context.Context, maker.Request) error {
			if begun.Add(1) > before {
				inHand <- true
				<-release
			}
			return nil
		})
		r.start(t)
		id := r.submit(t, Order{Name: "thu", PDF: true, Numbers: true}, input)
		<-inHand
		eventually(t, "the first are made", func() bool {
			status, err := r.Status(t.Context(), id)
			return err == nil && status.Made == before
		})
		if err := r.Cancel(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		close(release)
		eventually(t, "the queue is empty", func() bool { return r.jobs(t) == 0 })
		status, err := r.Status(t.Context(), id)
		if err != nil || status.State != store.Cancelled || status.Made != before || status.Skipped != len(input)-before {
			t.Fatalf("%+v, %v", status, err)
		}
		if got := o.told(t).states(); got[store.Made] != status.Made || got[store.Skipped] != status.Skipped {
			t.Errorf("the manifest says %v", got)
		}
		if standing := o.standing(t); len(standing) != 2*before+2 {
			t.Errorf("%d files for %d documents", len(standing), before)
		}
		if n, err := r.Retry(t.Context(), id); n != status.Skipped || err != nil {
			t.Fatalf("%d tried again, %v", n, err)
		}
		if status := r.await(t, id); status.Made != len(input) {
			t.Fatalf("%+v", status)
		}
		if diff := cmp.Diff(calm.standing(t), o.standing(t)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(calmly.numbersOf(t), r.numbersOf(t)); diff != "" {
			t.Error(diff)
		}
	})
}

// watched tells before it puts a file.
type watched struct {
	files.Store
	put func(name string)
}

func (w watched) Put(ctx context.Context, name string, data io.Reader, size int64) error {
	w.put(name)
	return w.Store.Put(ctx, name, data, size)
}

// TestItemsAreTriedAgainWhileTheBatchIsClosed tries a failed item again at the moment when the manifest is written that calls it failed.
func TestItemsAreTriedAgainWhileTheBatchIsClosed(t *testing.T) {
	databases(t, func(t *testing.T, o office) {
		closing, goOn := make(chan bool), make(chan bool)
		var once sync.Once
		r := o.open(t, func(c *Config, _ *services.Config) {
			c.Files = watched{c.Files, func(name string) {
				if name == manifestTable {
					once.Do(func() { closing <- true; <-goOn })
				}
			}}
		})
		var broken atomic.Bool
		broken.Store(true)
		r.instead(func(_ context.Context, request maker.Request) error {
			if broken.Load() && strings.HasSuffix(request.Name, "01.yaml") {
				panic("poisoned")
			}
			return nil
		})
		r.start(t)
		id := r.submit(t, Order{Name: "thu"}, letters(1, 3))
		<-closing
		broken.Store(false)
		if n, err := r.Retry(t.Context(), id); n != 1 || err != nil {
			t.Fatalf("%d tried again, %v", n, err)
		}
		eventually(t, "all is made", func() bool {
			status, err := r.Status(t.Context(), id)
			return err == nil && status.Made == 3
		})
		close(goOn)
		if status := r.await(t, id); status.Made != 3 {
			t.Fatalf("%+v", status)
		}
		if got := o.told(t).states(); got[store.Made] != 3 {
			t.Errorf("the manifest says %v", got)
		}
	})
}

// TestManyTakeUpWhatOthersLeft starts many processes at once on a database that was restored, without its queue: each document is made, and
// none twice.
func TestManyTakeUpWhatOthersLeft(t *testing.T) {
	databases(t, func(t *testing.T, o office) {
		const processes, units, papers = 6, 20, 5
		boss := o.open(t)
		id := boss.submit(t, Order{Name: "thu"}, letters(units, papers))
		boss.forget(t)
		var made atomic.Int64
		var starting sync.WaitGroup
		for range processes {
			r := o.open(t)
			r.simulate(time.Millisecond)
			r.instead(func(context.Context, maker.Request) error { made.Add(1); return nil })
			starting.Go(func() { r.start(t) })
		}
		starting.Wait()
		if status := boss.await(t, id); status.Made != units*papers {
			t.Fatalf("%+v", status)
		}
		if made.Load() != units*papers {
			t.Errorf("%d documents were made %d times", units*papers, made.Load())
		}
	})
}

// TestNothingIsLeftUnfinished begins a process where others were killed long ago.
func TestNothingIsLeftUnfinished(t *testing.T) {
	o := newOffice(t)
	r := o.open(t)
	began := func(order Order, ago time.Duration) string {
		batch, _, err := r.begin(t.Context(), order)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Store.SQLite().ExecContext(t.Context(), `UPDATE batches SET created = ? WHERE id = ?`,
			batch.Created.Add(-ago).Format("2006-01-02T15:04:05Z"), batch.ID); err != nil {
			t.Fatal(err)
		}
		return batch.ID
	}
	old, fresh := began(Order{Folder: "a/"}, 2*time.Hour), began(Order{Folder: "b/"}, time.Minute)
	same := r.submit(t, Order{Folder: "c/"}, letters(1, 1))
	for i := range 120 {
		began(Order{Folder: fmt.Sprint("x", i, "/")}, 0)
	}
	id := r.submit(t, Order{Folder: "c/"}, letters(1, 1))
	r.start(t)
	r.await(t, id)
	for id, want := range map[string]store.BatchState{old: store.Cancelled, fresh: store.Planning, same: store.Cancelled, id: store.Done} {
		if status, err := r.Status(t.Context(), id); err != nil || status.State != want {
			t.Errorf("%+v, want %s", status, want)
		}
	}
}

// TestTheSameKeyIsTheSameBatch asks twice, and once more after a process that was killed before it could say what is to be done.
func TestTheSameKeyIsTheSameBatch(t *testing.T) {
	o := newOffice(t)
	r := o.open(t)
	first := r.submit(t, Order{Key: "k", Folder: "a/"}, letters(1, 1))
	if again := r.submit(t, Order{Key: "k", Folder: "a/"}, letters(1, 1)); again != first {
		t.Error("another batch")
	}
	send := func() string {
		data, order := letter("A", "1/11/2026", "b").Data, Order{Key: "l", Name: "thu", Folder: OwnFolder}
		if _, _, err := r.SubmitFile(t.Context(), order, "thu.yaml", bytes.NewReader(data), 5000); err == nil {
			t.Fatal("a file of the wrong size was taken")
		}
		id, _, err := r.SubmitFile(t.Context(), order, "thu.yaml", bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	sent := send()
	r.forget(t)
	if again := send(); again != sent {
		t.Error("another batch")
	}
	r.queue.Start(t.Context())
	t.Cleanup(func() { r.stop(t) })
	if status := r.await(t, sent); status.Made != 1 {
		t.Errorf("%+v", status)
	}
}

// TestAnUploadIsCancelledBeforeItIsPlanned leaves nothing of it.
func TestAnUploadIsCancelledBeforeItIsPlanned(t *testing.T) {
	o := newOffice(t)
	r := o.open(t)
	data := letter("A", "1/11/2026", "b").Data
	id, _, err := r.SubmitFile(t.Context(), Order{Name: "thu"}, "thu.yaml", bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Cancel(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	r.start(t)
	eventually(t, "the queue is empty", func() bool { return r.jobs(t) == 0 })
	if status, err := r.Status(t.Context(), id); err != nil || status.State != store.Cancelled || status.Total != 0 {
		t.Errorf("%+v, %v", status, err)
	}
	for info, err := range r.Files.List(t.Context(), "") {
		t.Errorf("%s was left behind, %v", info.Name, err)
	}
	if n, err := r.Retry(t.Context(), id); n != 0 || err != nil {
		t.Errorf("%d tried again, %v", n, err)
	}
	if _, err := r.Retry(t.Context(), "none"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

// TestWhatAPersonWritesMeanwhileStays edits a file after the batch was planned and before it is made.
func TestWhatAPersonWritesMeanwhileStays(t *testing.T) {
	o := newOffice(t)
	input := letters(1, 2)
	o.run(t, Order{Name: "thu"}, input)
	edited := ""
	for name := range o.standing(t) {
		if strings.HasPrefix(name, "van-ban-01/") {
			edited = name
		}
	}
	for name, file := range input {
		input[name].Data = append(file.Data, "# đã xem lại\n"...)
	}
	r := o.open(t)
	id := r.submit(t, Order{Name: "thu"}, input)
	if err := os.WriteFile(filepath.Join(o.files, edited), []byte("sửa tay"), 0o644); err != nil {
		t.Fatal(err)
	}
	r.start(t)
	if status := r.await(t, id); status.Made != 1 || status.Refused != 1 {
		t.Errorf("%+v", status)
	}
	if data, err := fs.ReadFile(os.DirFS(o.files), edited); err != nil || string(data) != "sửa tay" {
		t.Errorf("%q, %v", data, err)
	}
}

package job

import (
	"bytes"
	"context"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"vanthu/internal/store"
	"vanthu/internal/testenv"
)

// fuse is a context that ends when it has been looked at so many times: work that it is given to is broken off there, as by a process that
// is killed. Whoever reads or writes looks.
type fuse struct {
	context.Context
	lock  sync.Mutex
	left  int
	burnt chan struct{}
}

func newFuse(t testing.TB, looks int) *fuse {
	return &fuse{Context: t.Context(), left: looks, burnt: make(chan struct{})}
}

func (f *fuse) look() {
	f.lock.Lock()
	defer f.lock.Unlock()
	if f.left--; f.left == 0 {
		close(f.burnt)
	}
}

func (f *fuse) Done() <-chan struct{} {
	f.look()
	return f.burnt
}

func (f *fuse) Err() error {
	f.look()
	select {
	case <-f.burnt:
		return context.Canceled
	default:
		return nil
	}
}

// atEveryPoint does work that is broken off after one look, after two, and so on, until it is done; outside the full ring, at some points only.
func atEveryPoint(t *testing.T, work func(ctx context.Context) error) {
	t.Helper()
	points := 0
	for looks := 1; looks < 5000; looks++ {
		if err := work(newFuse(t, looks)); err == nil {
			t.Logf("broken off at %d points", points)
			if looks < 20 {
				t.Error("which are too few")
			}
			return
		}
		points++
		if !testenv.IsFull() {
			looks += looks / 6
		}
	}
	t.Fatal("it is never done")
}

func TestAPlanMayBeKilledAtEveryPoint(t *testing.T) {
	input := letters(1, 3)
	order := Order{Name: "thu", Numbers: true}
	calm := newOffice(t)
	_, calmly := calm.run(t, order, input)
	same := func(t *testing.T, o office, r *Runner, id string) {
		t.Helper()
		r.start(t)
		if status := r.await(t, id); status.Made != len(input) {
			t.Fatalf("%+v", status)
		}
		if diff := cmp.Diff(calm.standing(t), o.standing(t)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(calmly.numbersOf(t), r.numbersOf(t)); diff != "" {
			t.Error(diff)
		}
	}
	t.Run("by a command", func(t *testing.T) {
		o := newOffice(t)
		r := o.open(t)
		id := ""
		atEveryPoint(t, func(ctx context.Context) error {
			batch, _, err := r.begin(ctx, order) // as Submit does, which would tidy up
			if err == nil {
				id = batch.ID
				_, err = r.plan(ctx, batch, input)
			}
			for unfinished, _ := r.Store.Unfinished(t.Context()); len(unfinished) > 2; unfinished = unfinished[1:] { // else each has more to do
				if err := r.Store.CancelBatch(t.Context(), unfinished[0].ID, r.Now()); err != nil {
					t.Fatal(err)
				}
			}
			return err
		})
		same(t, o, r, id)
		if unfinished, err := r.Store.Unfinished(t.Context()); err != nil || len(unfinished) > 0 {
			t.Errorf("%+v, %v", unfinished, err)
		}
	})
	t.Run("by a worker", func(t *testing.T) {
		o := newOffice(t)
		r := o.open(t)
		a := zipOf(t)
		for name, file := range input {
			a.add(name, file.Data)
		}
		data := a.bytes()
		id, _, err := r.SubmitFile(t.Context(), order, "thu.zip", bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		r.forget(t)
		atEveryPoint(t, func(ctx context.Context) error {
			return r.workPlan(ctx, &river.Job[planJob]{JobRow: &rivertype.JobRow{Attempt: 1}, Args: planJob{id}})
		})
		if n := r.jobs(t); n != len(input) {
			t.Errorf("%d jobs wait", n)
		}
		for info, err := range r.Files.List(t.Context(), uploadFolder) {
			t.Errorf("%s was left behind, %v", info.Name, err)
		}
		same(t, o, r, id)
	})
}

// TestAnItemMayBeKilledAtEveryPoint makes a document in the place of an older one. After each kill the batch is begun anew: never is what the
// program half wrote taken for what a person wrote.
func TestAnItemMayBeKilledAtEveryPoint(t *testing.T) {
	for _, test := range []struct {
		name   string
		before bool
	}{{"that is new", false}, {"that takes the place of another", true}} {
		t.Run(test.name, func(t *testing.T) {
			o := newOffice(t)
			input := letters(1, 1)
			name := "xa-01/van-ban-01.yaml"
			if test.before {
				old := letters(1, 1)
				old[name].Data = bytes.Replace(old[name].Data, []byte("15 tháng 12"), []byte("16 tháng 12"), 1) // the file has the same name
				o.run(t, withPDF(Order{Name: "thu"}), old)
			}
			r := o.open(t)
			last := ""
			atEveryPoint(t, func(ctx context.Context) error {
				last = r.submit(t, withPDF(Order{Name: "thu"}), input)
				item, err := r.Store.Item(t.Context(), last, 1)
				if err != nil {
					t.Fatal(err)
				}
				if item.State != store.Pending && item.State != store.Kept {
					t.Fatalf("%s: %s", item.State, item.Found)
				}
				return r.workItem(ctx, &river.Job[itemJob]{JobRow: &rivertype.JobRow{Attempt: 1}, Args: itemJob{last, 1, 0}})
			})
			r.start(t)
			if status := r.await(t, last); status.Made+status.Kept != 1 {
				t.Errorf("%+v", status)
			}
			calm := newOffice(t)
			calm.run(t, withPDF(Order{Name: "thu"}), input)
			if diff := cmp.Diff(calm.standing(t), o.standing(t)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

package job

import (
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vanthu/internal/maker"
	"vanthu/internal/services"
	"vanthu/internal/store"
)

// TestTheWaitForACPUIsNotADocumentsTime gives each CPU more slow documents than could be made in the time that one may take.
func TestTheWaitForACPUIsNotADocumentsTime(t *testing.T) {
	databases(t, func(t *testing.T, o office) {
		const longest = time.Second
		r := o.open(t, func(c *Config, _ *services.Config) { c.Longest = longest })
		r.simulate(0)
		var begun, broken atomic.Int64
		r.instead(func(ctx context.Context, _ maker.Request) error {
			begun.Add(1)
			select {
			case <-time.After(longest / 2):
				return nil
			case <-ctx.Done():
				broken.Add(1)
				return ctx.Err()
			}
		})
		r.start(t)
		units := 4 * runtime.GOMAXPROCS(0)
		status := r.await(t, r.submit(t, Order{Name: "thu"}, letters(1, units)))
		if status.Made != units || int(begun.Load()) != units || broken.Load() > 0 {
			t.Errorf("%d begun, %d broken off: %+v", begun.Load(), broken.Load(), status)
		}
	})
}

// TestWorkThatDoesNotEndIsOneDocumentsOwn gives a batch a document whose making never ends, for each CPU and one more.
func TestWorkThatDoesNotEndIsOneDocumentsOwn(t *testing.T) {
	o := newOffice(t)
	r := o.open(t, func(c *Config, _ *services.Config) { c.Longest = 500 * time.Millisecond })
	r.simulate(0)
	end := make(chan bool)
	defer close(end)
	r.instead(func(_ context.Context, request maker.Request) error {
		if strings.HasPrefix(request.Unit+request.Name, "hong") {
			<-end
		}
		return nil
	})
	hung := runtime.GOMAXPROCS(0) + 1
	input := letters(1, 5)
	for i := range hung {
		input[strings.Repeat("hong", i+1)+".yaml"] = letter("Hỏng", "1/11/2026", "nội dung")
	}
	r.start(t)
	if status := r.await(t, r.submit(t, Order{Name: "thu"}, input)); status.Made != 5 || status.Failed != hung {
		t.Errorf("%+v", status)
	}
}

// TestStopWaitsForNoDocument ends the time to stop while a document is made that goes on for ever. Another process makes it.
func TestStopWaitsForNoDocument(t *testing.T) {
	databases(t, func(t *testing.T, o office) {
		r := o.open(t)
		inHand, end := make(chan bool), make(chan bool)
		defer close(end)
		r.instead(func(context.Context, maker.Request) error {
			inHand <- true
			<-end
			return nil
		})
		if err := r.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		id := r.submit(t, Order{Name: "thu"}, letters(1, 1))
		<-inHand
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if err := r.Stop(ended); err != nil { // with the document still in hand
			t.Error(err)
		}
		other := o.open(t)
		other.start(t)
		if status := other.await(t, id); status.Made != 1 {
			t.Errorf("%+v", status)
		}
	})
}

func TestWithin(t *testing.T) {
	const longest = 8 * time.Second
	for _, test := range []struct {
		name string
		work func(ctx context.Context) (int, error)
		want error
		took time.Duration
	}{
		{"in time", func(context.Context) (int, error) { time.Sleep(longest / 2); return 1, nil }, nil, longest / 2},
		{"told to stop", func(ctx context.Context) (int, error) { <-ctx.Done(); return 1, ctx.Err() }, context.DeadlineExceeded, longest},
		{"slow to stop", func(ctx context.Context) (int, error) { <-ctx.Done(); time.Sleep(time.Second / 2); return 1, nil }, nil, longest + time.Second/2},
		{"hung", func(context.Context) (int, error) { time.Sleep(time.Hour); return 1, nil }, errHung, longest + longest/8},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				_, err := within(t.Context(), longest, test.work)
				if !errors.Is(err, test.want) || time.Since(began) != test.took {
					t.Errorf("%v after %v", err, time.Since(began))
				}
				time.Sleep(time.Hour) // what hangs ends too
			})
		})
	}
	t.Run("nobody waits any more", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			began := time.Now()
			_, err := within(ctx, longest, func(context.Context) (int, error) { time.Sleep(time.Hour); return 1, nil })
			if !errors.Is(err, context.DeadlineExceeded) || hopeless(err) || time.Since(began) != time.Second {
				t.Errorf("%v after %v", err, time.Since(began))
			}
			time.Sleep(time.Hour)
		})
	})
	t.Run("a panic", func(t *testing.T) {
		_, err := within(t.Context(), longest, func(context.Context) (int, error) { panic("poisoned") })
		if !hopeless(err) || !strings.Contains(err.Error(), "poisoned") {
			t.Error(err)
		}
	})
}

// TestWhatKeepsKillingProcessesIsGivenUp says so of a document, of a plan, and of a summary, whose batches end.
func TestWhatKeepsKillingProcessesIsGivenUp(t *testing.T) {
	o := newOffice(t)
	r := o.open(t)
	id := r.submit(t, Order{Name: "thu"}, letters(1, 1))
	item, err := r.Store.Item(t.Context(), id, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.attempt(t.Context(), &item, maxDeaths+1); err != nil || item.State != store.Failed {
		t.Errorf("%+v, %v", item, err)
	}
	batch, _, err := r.Store.Batch(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.planUpload(t.Context(), store.Batch{ID: id}, maxDeaths+1); err != nil {
		t.Error(err)
	}
	s, err := settingsOf(batch)
	if err != nil {
		t.Fatal(err)
	}
	s.Report = &materials{}
	if batch.Settings, err = json.Marshal(s); err != nil {
		t.Fatal(err)
	}
	if err := r.conclude(t.Context(), &batch, maxDeaths+1); err != nil || !strings.Contains(string(batch.Found), `"fault"`) {
		t.Errorf("%s, %v", batch.Found, err)
	}
}

package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"vanthu/internal/testenv"
)

// inOrder fails unless the numbers of a series are 1 … n, each once.
func inOrder(t *testing.T, s *Store, series Series) []Entry {
	t.Helper()
	entries := list(t, s, Filter{Unit: series.Unit, Name: series.Name, Year: series.Year})
	for i, e := range entries {
		if e.Number != i+1 {
			t.Fatalf("line %d of the register has number %d", i+1, e.Number)
		}
	}
	return entries
}

// together does all at once, and none may fail.
func together(t *testing.T, work ...func() error) {
	t.Helper()
	var all sync.WaitGroup
	for _, work := range work {
		all.Go(func() {
			if err := work(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

func TestManyAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		const clients, each = 64, 10
		stores := []*Store{open(t, place), open(t, place)}
		given := make([]int, clients*each)
		var all sync.WaitGroup
		for client := range clients {
			all.Go(func() {
				for i := range each {
					entry, err := stores[client%2].Reserve(t.Context(), ask(plans, fmt.Sprintf("%d-%d", client, i), 3, 27))
					if err != nil {
						t.Error(err)
					}
					given[client*each+i] = entry.Number
				}
			})
		}
		all.Wait()
		same(t, len(inOrder(t, stores[0], plans)), clients*each)
		slices.Sort(given)
		for i, number := range given {
			if number != i+1 {
				t.Fatalf("given %v", given)
			}
		}
	})
}

func TestSameKeyAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		stores := []*Store{open(t, place), open(t, place)}
		for round := range 10 {
			key := fmt.Sprint("key", round)
			given := make([]Entry, 16)
			var all sync.WaitGroup
			for i := range given {
				series := []Series{plans, reports}[i/2%2]
				all.Go(func() {
					var err error
					if given[i], err = stores[i%2].Reserve(t.Context(), ask(series, key, 3, 27)); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			for _, entry := range given {
				same(t, entry, given[0])
			}
		}
		same(t, len(inOrder(t, stores[0], plans))+len(inOrder(t, stores[0], reports)), 10)
	})
}

func TestOpenAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				s, err := Open(t.Context(), place)
				if err != nil {
					t.Error(err)
					return
				}
				defer s.Close()
				if _, err := s.Reserve(t.Context(), ask(plans, fmt.Sprint(i), 3, 27)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		same(t, len(inOrder(t, open(t, place), plans)), 8)
	})
}

// fuse is a context that is cancelled when it has been looked at so many times. Whoever asks the database looks.
type fuse struct {
	context.Context
	burn context.CancelFunc
	left atomic.Int64
}

func newFuse(t *testing.T, looks int64) *fuse {
	f := &fuse{}
	f.Context, f.burn = context.WithCancel(t.Context())
	f.left.Store(looks)
	return f
}

func (f *fuse) look() {
	if f.left.Add(-1) == 0 {
		f.burn()
	}
}

func (f *fuse) Done() <-chan struct{} { f.look(); return f.Context.Done() }
func (f *fuse) Err() error            { f.look(); return f.Context.Err() }

// TestCancelledContext stops whoever asks for a number at every point of the asking: it was given or it was not, and no other is lost.
func TestCancelledContext(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		var asked, given []string
		for looks := int64(1); ; looks++ {
			key := fmt.Sprint("after ", looks)
			ctx := newFuse(t, looks)
			_, err := s.Reserve(ctx, ask(plans, key, 3, 27))
			asked = append(asked, key)
			if err == nil {
				given = append(given, key)
				if ctx.left.Load() > 0 {
					ctx.burn()
					break
				}
			}
		}
		if len(asked)-len(given) < 5 {
			t.Errorf("only %d of %d requests were stopped", len(asked)-len(given), len(asked))
		}
		kept := map[string]bool{}
		for _, entry := range inOrder(t, s, plans) {
			kept[entry.Key] = true
		}
		for _, key := range given {
			if !kept[key] {
				t.Errorf("the number of %q is lost", key)
			}
		}
		for _, key := range asked { // each asks again, and has its number
			reserve(t, s, ask(plans, key, 3, 27))
		}
		same(t, len(inOrder(t, s, plans)), len(asked))
	})
}

// Environment of a process that takes numbers.
const (
	clerkPlace = "VANTHU_TEST_CLERK_PLACE"
	clerkName  = "VANTHU_TEST_CLERK_NAME"
)

const perClerk = 40

// clerk takes its numbers one after another and says each, as soon as it has it.
func clerk(place string) int {
	s, err := Open(context.Background(), place)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer s.Close()
	for i := range perClerk {
		entry, err := s.Reserve(context.Background(), ask(plans, os.Getenv(clerkName)+"-"+strconv.Itoa(i), 3, 27))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println(entry.Key, entry.Number)
	}
	return 0
}

// work runs a clerk in a process of its own, kills it after it has said so many numbers, and gives what it said.
func work(t *testing.T, place, name string, until int) []string {
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), clerkPlace+"="+place, clerkName+"="+name)
	command.Stderr = os.Stderr
	out, err := command.StdoutPipe()
	if err != nil {
		t.Error(err)
		return nil
	}
	if err := command.Start(); err != nil {
		t.Error(err)
		return nil
	}
	var said []string
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if said = append(said, lines.Text()); len(said) == until {
			command.Process.Kill()
		}
	}
	if err := command.Wait(); err != nil && len(said) < until {
		t.Error(name, err)
	}
	return said
}

// TestProcesses lets several processes make the register at once and take numbers; half of them are killed on the way and begin again.
func TestProcesses(t *testing.T) {
	testenv.Full(t, "killed processes")
	onBoth(t, func(t *testing.T, place string) {
		const clerks = 6
		said := make([][]string, clerks)
		var all sync.WaitGroup
		for i := range clerks {
			all.Go(func() {
				name := fmt.Sprint("clerk", i)
				if i%2 == 1 {
					for _, until := range []int{1, 7, 23} {
						said[i] = append(said[i], work(t, place, name, until)...)
					}
				}
				said[i] = append(said[i], work(t, place, name, perClerk+1)...)
			})
		}
		all.Wait()
		register := map[string]bool{}
		for _, e := range inOrder(t, open(t, place), plans) {
			register[e.Key+" "+strconv.Itoa(e.Number)] = true
		}
		same(t, len(register), clerks*perClerk)
		for _, line := range slices.Concat(said...) {
			if !register[line] {
				t.Errorf("a process was told %q, which the register does not have", line)
			}
		}
	})
}

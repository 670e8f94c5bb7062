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
	"testing"
	"time"
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

// TestCancelledContext stops whoever asks at many moments of the asking.
func TestCancelledContext(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		took := time.Now()
		reserve(t, s, ask(plans, "first", 3, 27))
		step := time.Since(took) / 30
		failed := 0
		for i := range 60 {
			ctx, stop := context.WithTimeout(t.Context(), time.Duration(i)*step)
			if _, err := s.Reserve(ctx, ask(plans, fmt.Sprint(i), 3, 27)); err != nil {
				failed++
			}
			stop()
		}
		if failed == 0 {
			t.Error("no request was stopped")
		}
		entries := inOrder(t, s, plans)
		if len(entries) < 61-failed {
			t.Errorf("%d entries, %d of 61 requests failed", len(entries), failed)
		}
		for i := range 60 { // each asks again, and has its number
			reserve(t, s, ask(plans, fmt.Sprint(i), 3, 27))
		}
		same(t, len(inOrder(t, s, plans)), 61)
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

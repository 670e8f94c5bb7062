package parallel

import (
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestResultsComeInTheOrderOfTheItems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []int
		var now, most atomic.Int64
		for item, result := range InOrder([]int{5, 3, 1, 4, 2}, func(item int) int {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(time.Duration(item) * time.Second) // the first takes longest
			now.Add(-1)
			return 10 * item
		}) {
			got = append(got, item, result)
		}
		if want := []int{5, 50, 3, 30, 1, 10, 4, 40, 2, 20}; !slices.Equal(got, want) {
			t.Errorf("got %v", got)
		}
		if n := int(most.Load()); n > runtime.GOMAXPROCS(0) {
			t.Errorf("%d at once", n)
		}
	})
}

func TestNothingIsBegunForResultsThatNobodyWants(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var begun atomic.Int64
		for range InOrder(make([]int, 1000), func(int) int { time.Sleep(time.Second); return int(begun.Add(1)) }) {
			break
		}
		time.Sleep(time.Hour)
		if n := int(begun.Load()); n == 0 || n > 3*runtime.GOMAXPROCS(0) {
			t.Errorf("%d of 1000 begun", n)
		}
	})
}

func TestAPanicIsOneOfWhoeverAsks(t *testing.T) {
	var got []int
	thrown := func() (thrown any) {
		defer func() { thrown = recover() }()
		for item := range InOrder([]int{1, 2, 3, 4, 5}, func(item int) int {
			if item == 3 {
				panic("poisoned")
			}
			return item
		}) {
			got = append(got, item)
		}
		return nil
	}()
	text, _ := thrown.(string)
	if !strings.HasPrefix(text, "poisoned\n") || !strings.Contains(text, "parallel_test.go") || !slices.Equal(got, []int{1, 2}) {
		t.Errorf("%v, after %v", thrown, got)
	}
}

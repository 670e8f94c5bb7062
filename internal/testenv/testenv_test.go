package testenv

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// end is how a test ended.
type end string

// fake is a test that records its end.
type fake struct{ testing.TB }

func (fake) Helper()               {}
func (fake) Skipf(string, ...any)  { panic(end("skipped")) }
func (fake) Fatalf(string, ...any) { panic(end("failed")) }

func ended(run func(t testing.TB)) (how end) {
	defer func() {
		if thrown := recover(); thrown != nil {
			how = thrown.(end)
		}
	}()
	run(fake{})
	return "ran"
}

// TestRings: the first ring leaves the full one out; the full one skips what is not installed, and fails for it in CI.
func TestRings(t *testing.T) {
	full := func(t testing.TB) { Full(t, "everything") }
	present := func(t testing.TB) { Tool(t, "no-such-program", "go") }
	absent := func(t testing.TB) { Tool(t, "no-such-program") }
	shared := func(t testing.TB) { Shared(t, "no-such-file") }
	for _, c := range []struct {
		ring, ci, what string
		run            func(t testing.TB)
		want           end
	}{
		{"", "", "full", full, "skipped"},
		{"", "true", "full", full, "skipped"},
		{"full", "", "full", full, "ran"},
		{"", "true", "present", present, "skipped"},
		{"full", "true", "present", present, "ran"},
		{"", "true", "absent", absent, "skipped"},
		{"full", "", "absent", absent, "skipped"},
		{"full", "true", "absent", absent, "failed"},
		{"full", "true", "shared", shared, "skipped"},
	} {
		t.Setenv(variable, c.ring)
		t.Setenv("CI", c.ci)
		if got := ended(c.run); got != c.want {
			t.Errorf("%s=%q, CI=%q: %s %s, want %s", variable, c.ring, c.ci, c.what, got, c.want)
		}
	}
}

func TestShare(t *testing.T) {
	list := []int{0, 1, 2, 3, 4, 5, 6, 7}
	t.Setenv(variable, "")
	if got := Share(list, 3); !slices.Equal(got, []int{0, 3, 6}) {
		t.Error(got)
	}
	t.Setenv(variable, "full")
	if got := Share(list, 3); !slices.Equal(got, list) {
		t.Error(got)
	}
}

// TestSaysWhatIsLeftOut: "go test ./..." shows a package without tests by its path, which says what was left out and how to run it.
func TestSaysWhatIsLeftOut(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{len .TestGoFiles}} {{len .XTestGoFiles}}", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(out), "/left-out-unless-VANTHU_TEST-is-full.") || !strings.Contains(string(out), "-every-kind 0 0\n") {
		t.Errorf("the folder that says so has tests or is not there:\n%s", out)
	}
}

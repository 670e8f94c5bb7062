package account

import (
	"strconv"
	"testing"
	"time"
)

func TestThrottleForgets(t *testing.T) {
	th, now := newThrottle(freeOfName), time.Unix(0, 0)
	for range freeOfName + 3 {
		now = now.Add(maxWait)
		if wait := th.begin("lan", now); wait > 0 {
			t.Fatal(wait)
		}
		th.end("lan", now, wrong)
	}
	if wait := th.begin("lan", now.Add(forgotten-time.Second)); wait > 0 {
		t.Fatal(wait)
	}
	th.end("lan", now, untold)
	if c := th.counts["lan"]; c.wrong != freeOfName+3 || c.tries != 0 {
		t.Errorf("a try that was never answered changed the count: %+v", c)
	}
	if wait := th.begin("lan", now.Add(forgotten)); wait > 0 {
		t.Fatal(wait)
	}
	th.end("lan", now.Add(forgotten), wrong)
	if th.counts["lan"].wrong != 1 {
		t.Errorf("after an hour %+v", th.counts["lan"])
	}
}

// TestThrottleAfterTheFreeOnes lets one guess at a time through.
func TestThrottleAfterTheFreeOnes(t *testing.T) {
	th, now := newThrottle(1), time.Unix(0, 0)
	th.begin("lan", now)
	th.end("lan", now, wrong)
	now = now.Add(firstWait)
	if first, second := th.begin("lan", now), th.begin("lan", now); first != 0 || second == 0 {
		t.Errorf("waits %v and %v", first, second)
	}
}

// TestThrottleIsBounded floods it with names. Memory stays bounded, and those who were guessed at most are not let off.
func TestThrottleIsBounded(t *testing.T) {
	th, now := newThrottle(freeOfName), time.Unix(0, 0)
	guess := func(name string) time.Duration {
		wait := th.begin(name, now)
		if wait == 0 {
			th.end(name, now, wrong)
		}
		return wait
	}
	for range freeOfName {
		guess("lan")
	}
	for i := range maxCounts + 100 {
		guess("nguoi" + strconv.Itoa(i))
	}
	if len(th.counts) != maxCounts {
		t.Errorf("%d are counted", len(th.counts))
	}
	if guess("lan") == 0 {
		t.Error("lan may be guessed at again")
	}
	now = now.Add(2 * forgotten)
	guess("moi")
	if len(th.counts) != 1 {
		t.Errorf("%d are counted after a night", len(th.counts))
	}
}

func TestThrottleKeepsNoRightOnes(t *testing.T) {
	th, now := newThrottle(freeOfName), time.Unix(0, 0)
	for _, how := range []outcome{right, untold} {
		th.begin("lan", now)
		th.end("lan", now, how)
	}
	if len(th.counts) != 0 {
		t.Errorf("kept %v", th.counts)
	}
}

func TestNetwork(t *testing.T) {
	for remote, want := range map[string]string{
		"10.0.0.7:5000":                 "10.0.0.7",
		"[::ffff:10.0.0.7]:5000":        "10.0.0.7",
		"[2001:db8:1:2:3:4:5:6]:5000":   "2001:db8:1:2::/64",
		"[2001:db8:1:2:ffff::1]:5000":   "2001:db8:1:2::/64",
		"[fe80::1%eth0]:5000":           "fe80::/64",
		"a socket of another kind, say": "a socket of another kind, say",
	} {
		if got := Network(remote); got != want {
			t.Errorf("%s: %s", remote, got)
		}
	}
}

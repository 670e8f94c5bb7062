package account

import (
	"cmp"
	"net/netip"
	"sync"
	"time"
)

// Whoever guesses passwords must wait: after some wrong ones in a row longer and longer, for the user's name, whoever asks, and for the
// network that they come from, whatever name they try. The whole office may come from one network, or from one proxy, so that a network has
// more tries than a name.
const (
	freeOfName  = 5
	freeOfPlace = 30

	firstWait = 30 * time.Second // doubled by each further wrong one
	maxWait   = 15 * time.Minute
	forgotten = time.Hour // after the last wrong one

	maxCounts = 10_000 // names or networks
)

// throttle counts wrong passwords by names or by networks. It is safe for concurrent use.
type throttle struct {
	free   int // wrong ones without a wait
	mu     sync.Mutex
	counts map[string]*count
}

type count struct {
	wrong int
	tries int // that are being looked at
	last  time.Time
}

func newThrottle(free int) *throttle { return &throttle{free: free, counts: map[string]*count{}} }

// begin asks for a try, which end ends unless there is a wait. Those under way count as wrong ones, or a crowd of them would have no limit.
func (t *throttle) begin(key string, now time.Time) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.counts[key]
	if c == nil {
		t.makeRoom(now)
		c = &count{}
		t.counts[key] = c
	}
	if c.tries == 0 && now.Sub(c.last) >= forgotten {
		c.wrong = 0
	}
	if wait := c.last.Add(t.waitAfter(c.wrong)).Sub(now); wait > 0 {
		return wait
	}
	if c.tries > 0 && c.wrong+c.tries >= t.free {
		return time.Second
	}
	c.tries++
	return 0
}

// outcome of a try.
type outcome int

const (
	untold outcome = iota // nobody was told whether it was right
	wrong
	right // forgets the wrong ones
)

// end ends a try that begin allowed.
func (t *throttle) end(key string, now time.Time, how outcome) {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.counts[key]
	c.tries--
	switch how {
	case wrong:
		c.wrong++
		c.last = now
	case right:
		c.wrong = 0
	}
	if c.tries == 0 && c.wrong == 0 {
		delete(t.counts, key)
	}
}

// waitAfter returns how long one waits after so many wrong passwords.
func (t *throttle) waitAfter(wrong int) time.Duration {
	if wrong < t.free {
		return 0
	}
	return min(firstWait<<min(wrong-t.free, 10), maxWait)
}

// makeRoom lets go of counts where there are too many: of all that are forgotten, else of one of the least wrong, for who floods the
// service with names must not be let off those that were guessed at most.
func (t *throttle) makeRoom(now time.Time) {
	if len(t.counts) < maxCounts {
		return
	}
	var leastKey string
	var least *count
	for key, c := range t.counts {
		switch {
		case c.tries > 0:
		case now.Sub(c.last) >= forgotten:
			delete(t.counts, key)
		case least == nil || cmp.Or(cmp.Compare(c.wrong, least.wrong), c.last.Compare(least.last)) < 0:
			leastKey, least = key, c
		}
	}
	if len(t.counts) >= maxCounts && least != nil {
		delete(t.counts, leastKey)
	}
}

// Network returns where a request comes from, by its remote address "host:port": an address, or of IPv6 the network of one, for a guest of it has
// any number of addresses. Behind a proxy that is the proxy for all. The header in which a proxy says for whom it asks is not believed:
// where one does not set it, anybody can, and guess without end.
func Network(remote string) string {
	from, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	address := from.Addr().Unmap().WithZone("")
	if address.Is6() {
		const ofOneHouse = 64 // bits
		prefix, _ := address.Prefix(ofOneHouse)
		return prefix.String()
	}
	return address.String()
}

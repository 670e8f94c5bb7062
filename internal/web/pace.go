package web

import (
	"sync"
	"time"
)

// Throughput remember how far batches were when they were looked at, to tell how fast they go. The time since a batch was received says little of
// that: it may have waited, kept what stood already, or been tried again.
type Throughput struct {
	mu   sync.Mutex
	Seen map[string][]sample // by batch, the oldest sight first
}

// sample is how many documents of a batch were finished at a time.
type sample struct {
	at       time.Time
	finished int
}

// rate is how many documents of a batch were finished in a second lately; 0 while that is not known.
func (p *Throughput) rate(id string, finished int, now time.Time) float64 {
	const lately, apart, maxSeen = 10 * time.Second, time.Second, 1000
	p.mu.Lock()
	defer p.mu.Unlock()
	sights := p.Seen[id]
	if n := len(sights); n > 0 && (finished < sights[n-1].finished || now.Before(sights[n-1].at)) {
		sights = nil // tried again, or the clock was set back
	}
	if n := len(sights); n == 0 || now.Sub(sights[n-1].at) >= apart {
		sights = append(sights, sample{now, finished})
	}
	for len(sights) > 2 && now.Sub(sights[1].at) >= lately {
		sights = sights[1:]
	}
	if len(p.Seen) >= maxSeen {
		clear(p.Seen)
	}
	p.Seen[id] = sights
	seconds := now.Sub(sights[0].at).Seconds()
	if seconds < apart.Seconds() {
		return 0
	}
	return float64(finished-sights[0].finished) / seconds
}

// forget lets go of a batch that does not run.
func (p *Throughput) forget(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.Seen, id)
}

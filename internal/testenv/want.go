package testenv

import (
	"runtime"
	"testing"
	"time"
)

// Want reports what a benchmark measured and what is wanted of it, in a unit: "ms", "MB", "times". .ci/bench prints one beside the other.
// More is better of "times" and of a unit that ends in "/s"; of others, less.
func Want(b *testing.B, unit string, measured, wanted float64) {
	b.ReportMetric(measured, unit)
	b.ReportMetric(wanted, "wanted-"+unit)
}

// WantTime is Want for the time of one operation; call it after the loop.
func WantTime(b *testing.B, wanted time.Duration) {
	Want(b, "ms", b.Elapsed().Seconds()*1000/float64(b.N), wanted.Seconds()*1000)
}

// Allocated returns how many bytes run allocates: work that grows faster than its input allocates more for each byte, on any machine.
// Nothing else may run at the same time.
func Allocated(run func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	run()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

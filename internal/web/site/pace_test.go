package site

import (
	"testing"
	"time"

	"vanthu/internal/job"
	"vanthu/internal/store"
	"vanthu/internal/web"
)

func TestProgress(t *testing.T) {
	now := time.Date(2026, 12, 20, 8, 0, 0, 0, time.UTC)
	s := openOffice(t)
	s.Jobs.Now = func() time.Time { return now }
	at := func(state store.BatchState, pending int) web.BatchProgress {
		now = now.Add(2 * time.Second)
		return s.ProgressOf(job.Status{ID: "a", State: state, Created: now.Add(-time.Hour), Total: 100, Pending: pending})
	}
	if got := at(store.Running, 100); got.Rate != 0 || got.Left != nil {
		t.Errorf("at first rate %v, left %v", got.Rate, got.Left)
	}
	if got := at(store.Running, 95); got.Rate != 2.5 || got.Left == nil || *got.Left != 38 {
		t.Errorf("then rate %v, left %v", got.Rate, got.Left)
	}
	if got := at(store.Done, 0); got.Rate != 0 || got.Left != nil || len(s.Paces.Seen) != 0 {
		t.Errorf("in the end rate %v, left %v, %d batches remembered", got.Rate, got.Left, len(s.Paces.Seen))
	}
}

//go:build !race

package maker_test

import (
	"testing"

	"vanthu/internal/maker"
	"vanthu/internal/officetest"
)

// TestAllocations counts what the path allocates for the plan, a tenth above what it did: work that
// comes back is seen here on any machine, before it is seen in a time.
func TestAllocations(t *testing.T) {
	a, request := officetest.Plain(t), requestOf(t, "ke-hoach-57")
	result := officetest.Made(t, a, request)
	for _, c := range []struct {
		what string
		most float64
		run  func() error
	}{
		{"data to Word", 5000, func() error { _, _, err := a.Maker.Make(t.Context(), maker.Request{File: request.File}); return err }},
		{"Word to PDF", 6650, func() error { _, _, err := a.Maker.Convert(t.Context(), "plan.docx", result.DOCX); return err }},
		{"preview", 6700, func() error { _, _, err := a.Maker.Preview(t.Context(), request); return err }},
	} {
		if got := testing.AllocsPerRun(5, func() { must(t, c.run()) }); got > c.most {
			t.Errorf("%s: %.0f allocations, at most %.0f", c.what, got, c.most)
		}
	}
}

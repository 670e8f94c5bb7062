package e2e

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"vanthu/internal/testenv"
)

// accessible lets axe-core look at the page as it stands and fails for whatever it finds serious or critical. Of the pages of a document it looks at two.
func (b *tab) accessible(what string) {
	b.Helper()
	b.TB.(*testing.T).Run("accessible: "+what, func(t *testing.T) {
		axe, err := os.ReadFile(testenv.Node(t, "axe-core/axe.min.js"))
		if err != nil {
			t.Fatal(err)
		}
		here := *b
		here.TB = t
		js[bool](&here, string(axe)+"; true")
		const look = `axe.run({exclude: [".sheets > :nth-child(n+3)"]}, {resultTypes: ["violations"]}).then((r) => r.violations
			.filter((v) => ["serious", "critical"].includes(v.impact))
			.map((v) => v.id + " (" + v.impact + "): " + v.nodes.map((n) => n.target.join(" ") + " " + n.failureSummary.replace(/\s+/g, " ")).slice(0, 4).join(" | ")))`
		ctx, stop := context.WithTimeout(b.ctx, patience)
		defer stop()
		found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](look, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatalf("axe: %v", err)
		}
		if len(found) > 0 {
			t.Error(strings.Join(found, "\n"))
		}
	})
}

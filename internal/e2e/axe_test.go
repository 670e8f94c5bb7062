package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"vanthu/internal/testenv"
)

// axePath is where axe-core lies: VANTHU_AXE, or below the folder where .ci/run puts it.
func axePath() string {
	if path := os.Getenv("VANTHU_AXE"); path != "" {
		return path
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "vanthu-ci", "node_modules", "axe-core", "axe.min.js")
}

// accessible lets axe-core look at the page as it stands and fails for whatever it finds serious or critical. Without axe-core it is skipped,
// and the story goes on. Of the pages of a document it looks at two.
func (b *tab) accessible(what string) {
	b.Helper()
	b.TB.(*testing.T).Run("accessible: "+what, func(t *testing.T) {
		axe, err := os.ReadFile(axePath())
		if err != nil {
			testenv.Lacks(t, "no axe-core: npm install --prefix ~/.cache/vanthu-ci axe-core")
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

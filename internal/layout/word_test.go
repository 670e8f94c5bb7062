package layout

import (
	"os"
	"strings"
	"testing"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// times is body text as the decree's offices set it.
var times = flow.RunStyle{Font: "Times New Roman", Size: 14 * geom.Point}

// TestLinesBreakAsWordBreaksThem compares with the lines of a document that Word 2019 printed.
func TestLinesBreakAsWordBreaksThem(t *testing.T) {
	data, err := os.ReadFile("testdata/word-lines.txt")
	if err != nil {
		t.Fatal(err)
	}
	var paragraphs [][]string
	for _, paragraph := range strings.Split(string(data), "\n\n") {
		var lines []string
		for _, line := range strings.Split(strings.TrimSpace(paragraph), "\n") {
			if !strings.HasPrefix(line, "#") {
				lines = append(lines, line)
			}
		}
		if len(lines) > 0 {
			paragraphs = append(paragraphs, lines)
		}
	}
	// The rule of older files, first-fit, is known to give twelve of the lines, so that this test sees the difference.
	for compat, right := range map[int]int{15: 24, 14: 12} {
		same := 0
		for _, want := range paragraphs {
			got := linesOf(justified(t, compat, strings.Join(want, " ")))
			for i, line := range want {
				switch {
				case i < len(got) && strings.TrimSpace(got[i]) == line:
					same++
				case compat == 15 && i < len(got):
					t.Errorf("line %d:\n got %s\nwant %s", i+1, got[i], line)
				}
			}
		}
		if same != right {
			t.Errorf("compatibility mode %d: %d lines as Word's, want %d", compat, same, right)
		}
	}
}

// justified lays out one paragraph on the measure of the document that Word printed.
func justified(t *testing.T, compat int, text string) page.Document {
	pages, _ := Paginate(flow.Document{Compat: compat, Sections: []flow.Section{{
		Page: flow.PageSetup{Width: 595 * geom.Point, Height: 842 * geom.Point, Right: 14145 * geom.Point / 100},
		Blocks: []flow.Block{&flow.Paragraph{
			Align: flow.Justify, FirstLine: geom.Twips(709), Mark: times,
			Line:    flow.LineSpacing{Value: 240},
			Inlines: []flow.Inline{flow.Text{Text: text, Style: times}},
		}},
	}}}, tinos(t))
	return pages
}

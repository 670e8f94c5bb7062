package layout

import (
	"fmt"
	"strings"
	"testing"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// TestTextKnowsItsParagraph counts as the Word file does, in cells too; headers have no numbers, and rows that come again keep theirs.
func TestTextKnowsItsParagraph(t *testing.T) {
	numbered := func(number int, p *flow.Paragraph) *flow.Paragraph {
		p.Number = number
		return p
	}
	dotted := numbered(2, para("b\tc"))
	dotted.Tabs = []flow.TabStop{{Position: 100 * pt, Leader: '.'}}
	s := section(
		numbered(1, lines("a", 2)), dotted,
		table(
			[]geom.EMU{90, 90},
			heading(cell(numbered(4, para("đ"))), cell(numbered(5, para("e")))),
			row(cell(numbered(6, lines("g", 9))), cell("")),
		),
	)
	s.Header.Default = []flow.Block{para("h")}
	var got []string
	for _, sheet := range pages(t, document(s)).Pages {
		for _, item := range sheet.Items {
			if text, ok := item.(page.Text); ok {
				got = append(got, fmt.Sprintf("%s %d", strings.Trim(text.Text, "."), text.Paragraph))
			}
		}
	}
	want := "h 0, a1 1, a2 1, b 2,  2, c 2, đ 4, e 5, g1 6, g2 6, g3 6, g4 6, h 0, đ 4, e 5, g5 6, g6 6, g7 6, g8 6, g9 6"
	if got := strings.Join(got, ", "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

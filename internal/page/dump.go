package page

import (
	"fmt"
	"strings"

	"vanthu/internal/flow"
)

// Dump prints a document for people and for golden tests: a line for each page with its size, then a line for each item, lengths
// in points with two decimals.
//
//	page 1  595.30 x 841.90
//	  85.05 90.60 198.32 14.00 Times New Roman B "CỘNG HÒA" ^$
//	  rule 120.00 95.00 300.00 95.00 width 0.75 dashed
//	  box 85.05 100.00 200.00 20.00 #D9D9D9
//
// Text prints x, baseline, width, size, face and characters; ^ opens a line of the paragraph and $ closes it.
func (d Document) Dump() string {
	var b strings.Builder
	for i, sheet := range d.Pages {
		fmt.Fprintf(&b, "page %d  %v x %v\n", i+1, sheet.Width, sheet.Height)
		for _, item := range sheet.Items {
			b.WriteString("  ")
			dumpItem(&b, item)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func dumpItem(b *strings.Builder, item Item) {
	switch item := item.(type) {
	case Text:
		fmt.Fprintf(b, "%v %v %v %v %v %q", item.X, item.Y, item.Width, item.Size, item.Face, item.Text)
		if item.Spacing != 0 {
			fmt.Fprintf(b, " spacing %v", item.Spacing)
		}
		dumpColor(b, item.Color)
		if item.LineStart || item.LineEnd {
			b.WriteByte(' ')
		}
		if item.LineStart {
			b.WriteByte('^')
		}
		if item.LineEnd {
			b.WriteByte('$')
		}
	case Rule:
		fmt.Fprintf(b, "rule %v %v %v %v width %v", item.X1, item.Y1, item.X2, item.Y2, item.Width)
		dumpColor(b, item.Color)
		if item.Dashed {
			b.WriteString(" dashed")
		}
	case Box:
		fmt.Fprintf(b, "box %v %v %v %v", item.X, item.Y, item.Width, item.Height)
		dumpColor(b, item.Color)
	}
}

func dumpColor(b *strings.Builder, color flow.Color) {
	if color.Set {
		fmt.Fprintf(b, " #%06X", color.RGB)
	}
}

// String prints the family and the letters of the style: "Times New Roman BI".
func (f Face) String() string {
	style := ""
	if f.Bold {
		style += "B"
	}
	if f.Italic {
		style += "I"
	}
	return strings.TrimSpace(f.Family + " " + style)
}

// Text returns the characters of a document in the order of its items, a line for each line of its paragraphs. Items of one line
// are joined as they are.
func (d Document) Text() string {
	var b strings.Builder
	open := false // a line has begun and not ended
	for _, sheet := range d.Pages {
		for _, item := range sheet.Items {
			text, ok := item.(Text)
			if !ok {
				continue
			}
			if text.LineStart && open {
				b.WriteByte('\n')
			}
			b.WriteString(text.Text)
			open = true
			if text.LineEnd {
				b.WriteByte('\n')
				open = false
			}
		}
	}
	if open {
		b.WriteByte('\n')
	}
	return b.String()
}

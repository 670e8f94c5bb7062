package flow

import (
	"fmt"
	"strings"
)

// The String methods give the short words of the dump.

func (a Align) String() string { return [...]string{"left", "center", "right", "justify"}[a] }

func (k TabKind) String() string { return [...]string{"", "center:", "right:", "decimal:"}[k] }

func (v VAlign) String() string { return [...]string{"top", "middle", "bottom"}[v] }

func (o Origin) String() string { return [...]string{"text", "margin", "page"}[o] }

// String prints "1.50x", ">=12.00" or "=12.00".
func (l LineSpacing) String() string {
	switch l.Rule {
	case AtLeast:
		return ">=" + l.Value.String()
	case Exactly:
		return "=" + l.Value.String()
	default:
		return fmt.Sprintf("%.2fx", float64(l.Value)/240)
	}
}

// String prints "#RRGGBB", or "auto".
func (c Color) String() string {
	if !c.Set {
		return "auto"
	}
	return fmt.Sprintf("#%06X", c.RGB)
}

// String prints the width, then what is not a plain black line against the text.
func (b Border) String() string {
	s := b.Width.String()
	if b.Space != 0 {
		s += "+" + b.Space.String()
	}
	if b.Double {
		s += "double"
	}
	if b.Dashed {
		s += "dashed"
	}
	if b.Color.Set && b.Color.RGB != 0 {
		s += b.Color.String()
	}
	return s
}

// String prints "14.00 b i", with the family when it is not Times New Roman.
func (s RunStyle) String() string {
	words := []string{s.Size.String()}
	add := func(given bool, word string) {
		if given {
			words = append(words, word)
		}
	}
	add(s.Font != "Times New Roman", s.Font)
	add(s.Bold, "b")
	add(s.Italic, "i")
	add(s.Underline, "u")
	add(s.Strike, "strike")
	add(s.Color.Set, s.Color.String())
	add(s.Highlight.Set, "highlight="+s.Highlight.String())
	add(s.Position == Superscript, "super")
	add(s.Position == Subscript, "sub")
	add(s.Spacing != 0, "spacing="+s.Spacing.String())
	add(s.Raise != 0, "raise="+s.Raise.String())
	return strings.Join(words, " ")
}

// String prints the ends, the origins and the pen: "line 0.00,3.00 120.00,3.00 text,text 0.75".
func (l Line) String() string {
	x := l.OriginX.String()
	if l.Aligned {
		x = l.AlignX.String() + " of " + x
	}
	return fmt.Sprintf("line %v,%v %v,%v %s,%v %v", l.X1, l.Y1, l.X2, l.Y2, x, l.OriginY, l.Pen)
}

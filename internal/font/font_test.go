package font_test

import (
	"testing"

	"pgregory.net/rapid"

	"vanthu/fonts"
	"vanthu/internal/geom"
)

func TestFamilies(t *testing.T) {
	set := load(t, fonts.FS)
	for _, c := range []struct {
		family       string
		bold, italic bool
		exact        bool
	}{
		{"Times New Roman", false, false, true},
		{"times new roman", true, false, true},
		{" TINOS ", false, true, true},
		{"Liberation Serif", true, true, true},
		{"Arial", true, false, false},
		{".VnTime", false, false, false},
		{"", false, false, false},
	} {
		t.Run(c.family, func(t *testing.T) {
			face, exact := set.Face(c.family, c.bold, c.italic)
			if face.Family != "Tinos" || face.Bold != c.bold || face.Italic != c.italic || exact != c.exact {
				t.Errorf("got %s bold=%t italic=%t exact=%t", face.Family, face.Bold, face.Italic, exact)
			}
		})
	}
}

func TestMetricsOfTinos(t *testing.T) {
	face, _ := load(t, fonts.FS).Face("Tinos", false, false)
	for _, c := range []struct {
		name      string
		got, want int
	}{
		{"units to the em", face.UnitsPerEm, 2048},
		{"ascent", face.Ascent, 1825},
		{"descent", face.Descent, 443},
		{"line gap", face.LineGap, 87},
		{"underline position", face.UnderlinePosition, 223},
		{"underline thickness", face.UnderlineThickness, 100},
		{"space", face.Advance(' '), 512},
		{"em dash", face.Advance('—'), 2048},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, c.got, c.want)
		}
	}
}

func TestGlyphs(t *testing.T) {
	face, _ := load(t, fonts.FS).Face("Tinos", false, false)
	for _, c := range []struct {
		name string
		r    rune
		has  bool
	}{
		{"Vietnamese letter", 'ẵ', true},
		{"mathematics, below the end of the table", '≤', true},
		{"square, beyond the table", '□', true},
		{"ballot box, not in Tinos", '☐', false},
		{"emoji", '😀', false},
		{"no rune", -1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if face.Has(c.r) != c.has {
				t.Errorf("Has(%q) is %t", c.r, !c.has)
			}
			if missing := face.Advance('\U0010FFFF'); !c.has && face.Advance(c.r) != missing {
				t.Errorf("Advance(%q) = %d, want that of the missing glyph, %d", c.r, face.Advance(c.r), missing)
			}
		})
	}
}

// The width of a text is that of its parts, but for one rounding each: a painter may cut a line where it likes.
func TestWidthAdds(t *testing.T) {
	set := load(t, fonts.FS)
	rapid.Check(t, func(t *rapid.T) {
		face, _ := set.Face("Tinos", rapid.Bool().Draw(t, "bold"), rapid.Bool().Draw(t, "italic"))
		left, right := rapid.String().Draw(t, "left"), rapid.String().Draw(t, "right")
		size := geom.EMU(rapid.IntRange(1, 144).Draw(t, "size")) * geom.HalfPoint
		whole, parts := face.Width(left+right, size), face.Width(left, size)+face.Width(right, size)
		if d := whole - parts; d < -1 || d > 1 {
			t.Fatalf("whole %d, parts %d", whole, parts)
		}
		if whole < 0 {
			t.Fatalf("width %d", whole)
		}
	})
}

func TestWidthRoundsOnce(t *testing.T) {
	face, _ := load(t, fonts.FS).Face("Tinos", false, false)
	// i is 569 units wide; at 14 pt 177800 × 569 / 2048 = 49398.54 EMU.
	if got := face.Width("i", 14*geom.Point); got != 49399 {
		t.Errorf("one letter: %d", got)
	}
	if got := face.Width("iiii", 14*geom.Point); got != 197594 {
		t.Errorf("four letters: %d", got)
	}
}

func BenchmarkWidth(b *testing.B) {
	face, _ := load(b, fonts.FS).Face("Tinos", false, false)
	b.ReportAllocs()
	for b.Loop() {
		face.Width("Cộng hòa xã hội chủ nghĩa Việt Nam ≤ ₫", 14*geom.Point)
	}
}

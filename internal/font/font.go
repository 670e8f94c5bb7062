// Package font is the measuring instrument that layout and the painters share.
package font

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/image/font/sfnt"

	"vanthu/internal/geom"
)

// Face is one style of a font family. It is read-only after Load and safe for concurrent use.
type Face struct {
	Family     string
	Bold       bool
	Italic     bool
	UnitsPerEm int
	Ascent     int // font units, up from the baseline (hhea, or OS/2 where the font asks for its typographic metrics)
	Descent    int // font units, down from the baseline, positive
	LineGap    int // font units

	UnderlinePosition, UnderlineThickness int // font units; the position is positive below the baseline

	whole   func() []byte // the file
	parsed  *sfnt.Font
	cut     *Cut
	web     []byte
	missing int               // the advance of the missing glyph
	dense   [denseEnd]advance // of the runes below denseEnd
}

// denseEnd is the first rune that is looked up in the font each time: everything an office writes lies below it, Latin with
// Vietnamese, punctuation, currency, arrows and mathematical operators.
const denseEnd = 0x2300

// advance is the width of a glyph, with one added so that zero says there is no glyph.
type advance uint16

// Advance returns the width of a rune in font units; a rune without a glyph has the width of the missing glyph.
func (f *Face) Advance(r rune) int {
	if r >= 0 && r < denseEnd {
		if a := f.dense[r]; a != 0 {
			return int(a) - 1
		}
		return f.missing
	}
	if a := f.lookUp(r); a != 0 {
		return int(a) - 1
	}
	return f.missing
}

// Has reports whether the face has a glyph for the rune that can be painted. None beyond U+FFFF can: the PDF writer knows
// two-byte characters only.
func (f *Face) Has(r rune) bool {
	if r >= 0 && r < denseEnd {
		return f.dense[r] != 0
	}
	return f.lookUp(r) != 0
}

// Width is the sum of the advances of text at the given em size: no kerning, no shaping, which is how Word measures precomposed
// Vietnamese unless a style asks for kerning. The sum is taken in font units and rounded once.
func (f *Face) Width(text string, size geom.EMU) geom.EMU {
	units := 0
	for _, r := range text {
		units += f.Advance(r)
	}
	return f.scale(units, size)
}

// scale turns a length in font units into EMU at the given em size, rounded to the nearest.
func (f *Face) scale(units int, size geom.EMU) geom.EMU {
	product, em := geom.EMU(units)*size, geom.EMU(f.UnitsPerEm)
	if product < 0 {
		return -((-product + em/2) / em)
	}
	return (product + em/2) / em
}

// TTF is the font file. It must not be changed.
func (f *Face) TTF() []byte { return f.whole() }

// Cut returns the face cut to the characters of Vietnamese, or nil: an office's own fonts have none.
func (f *Face) Cut() *Cut { return f.cut }

// Web returns the face as a browser loads it fast, WOFF2 cut to what office papers hold, or nil: an office's own fonts have none.
func (f *Face) Web() []byte { return f.web }

// Set is the fonts of a run. It is read-only and safe for concurrent use.
type Set struct {
	families map[string]*family // by folded name
}

// family holds the faces of a name: regular, bold, italic, bold italic.
type family [4]*Face

// styleIndex is the place of a style in a family.
func styleIndex(bold, italic bool) int {
	index := 0
	if bold {
		index |= 1
	}
	if italic {
		index |= 2
	}
	return index
}

// timesWidths are the families that share the widths of Times New Roman; the first that a folder brings stands in for any.
var timesWidths = []string{"times new roman", "tinos", "liberation serif"}

// Face returns the face for a family named by a document. "Times New Roman" is Tinos, which has the same widths, until a folder
// brings the real one; exact is false when another family stands in that need not have the same widths. A family that lacks
// the style is stood in for too: letters are never slanted or thickened by force.
func (s *Set) Face(family string, bold, italic bool) (face *Face, exact bool) {
	index, name := styleIndex(bold, italic), foldName(family)
	if own := s.find(name, index); own != nil {
		return own, true
	}
	for _, name := range timesWidths {
		if stand := s.find(name, index); stand != nil {
			face = stand
			break
		}
	}
	return face, slices.Contains(timesWidths, name)
}

// Faces lists all faces by family and style, regular before bold, italic and bold italic.
func (s *Set) Faces() (faces []*Face) {
	for _, name := range slices.Sorted(maps.Keys(s.families)) {
		for _, face := range s.families[name] {
			if face != nil {
				faces = append(faces, face)
			}
		}
	}
	return faces
}

func (s *Set) find(name string, index int) *Face {
	if faces := s.families[name]; faces != nil {
		return faces[index]
	}
	return nil
}

// foldName makes family names comparable: Word compares them without regard to case.
func foldName(family string) string { return strings.ToLower(strings.TrimSpace(family)) }

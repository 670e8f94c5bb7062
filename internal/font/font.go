// Package font is the measuring instrument that layout and the painters share.
package font

import (
	"io/fs"

	"vanthu/internal/geom"
)

// Face is one style of a font family. It is read-only after Load and safe for concurrent use.
type Face struct {
	Family     string
	Bold       bool
	Italic     bool
	UnitsPerEm int
	Ascent     int // font units, up from the baseline (hhea)
	Descent    int // font units, down from the baseline, positive
	LineGap    int // font units

	UnderlinePosition, UnderlineThickness int // font units; the position is positive below the baseline
}

// Advance gives the width of a rune in font units; a rune without a glyph has the width of the missing glyph.
func (f *Face) Advance(r rune) int { panic("todo") }

// Has tells whether the face has a glyph for the rune.
func (f *Face) Has(r rune) bool { panic("todo") }

// Width is the sum of the advances of text at the given em size: no kerning, no shaping, which is how Word measures precomposed
// Vietnamese unless a style asks for kerning. The sum is taken in font units and rounded once.
func (f *Face) Width(text string, size geom.EMU) geom.EMU { panic("todo") }

// TTF is the font file.
func (f *Face) TTF() []byte { panic("todo") }

// Cut gives the face cut to the 249 characters of Vietnamese in the form that the painter embeds fast: an fpdf font definition
// and the compressed font. An office's own fonts have none.
func (f *Face) Cut() (definition, z []byte, ok bool) { panic("todo") }

// Set is the fonts of a run.
type Set struct{}

// Load reads the fonts of the given folders, each with *.ttf files; a face of a later folder replaces its like in an earlier one.
func Load(folders ...fs.FS) (*Set, error) { panic("todo") }

// Face gives the face for a family named by a document. "Times New Roman" is Tinos, which has the same widths, until a folder
// brings the real one; exact is false when another family stands in that need not have the same widths.
func (s *Set) Face(family string, bold, italic bool) (face *Face, exact bool) { panic("todo") }

// Package geom holds the one unit of length of the whole path: the EMU.
//
// Every length in Word is a whole number of EMU: a twip (1/20 point) is 635, a half-point 6350, a point 12700, a
// millimetre 36000. Integers keep layout the same on every machine.
package geom

import "strconv"

// EMU is a length in English Metric Units, 914400 to the inch (ECMA-376-1, 22.9.2.1, ST_Coordinate).
type EMU int64

// The lengths of the units that Word files use.
const (
	Twip       EMU = 635
	HalfPoint  EMU = 6350
	Point      EMU = 12700
	Millimetre EMU = 36000
	Inch       EMU = 914400
)

// Twips converts twentieths of a point, the unit of most OOXML attributes.
func Twips(n int) EMU { return EMU(n) * Twip }

// Mm converts millimetres, the unit of the decree.
func Mm(mm float64) EMU { return EMU(mm*float64(Millimetre) + 0.5) }

// Points returns the length in points, the unit of PDF.
func (e EMU) Points() float64 { return float64(e) / float64(Point) }

// Twips returns the length in whole twips, rounded to the nearest.
func (e EMU) Twips() int {
	if e < 0 {
		return -(-e).Twips()
	}
	return int((e + Twip/2) / Twip)
}

// String prints points with two decimals, the unit of the text dumps.
func (e EMU) String() string { return strconv.FormatFloat(e.Points(), 'f', 2, 64) }

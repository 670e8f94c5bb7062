package e2e

import (
	"bytes"
	"cmp"
	"image"
	"image/color"
	"image/png"
	"slices"
	"testing"
)

// mostColours is how many colours a picture keeps: text in shades of grey, and the few of the pages.
const mostColours = 64

// reduced is a picture with the colours that it has most of, and how many it had, coarsely counted: a fraction of the bytes, for a page of
// flat colours and black text.
func reduced(t *testing.T, data []byte) (small []byte, colours int) {
	t.Helper()
	whole, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	type shade struct {
		color.RGBA
		count int
	}
	coarse := func(x, y int) uint32 {
		r, g, b, _ := whole.At(x, y).RGBA()
		return r>>11<<10 | g>>11<<5 | b>>11
	}
	bounds := whole.Bounds()
	exact := map[color.RGBA]int{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			r, g, b, _ := whole.At(x, y).RGBA()
			exact[color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 0xff}]++
		}
	}
	best := map[uint32]shade{} // of each coarse shade the exact one that is there most
	for one, n := range exact {
		key := uint32(one.R)>>3<<10 | uint32(one.G)>>3<<5 | uint32(one.B)>>3
		was := best[key]
		if n > was.count || n == was.count && one.R < was.R {
			best[key] = shade{one, n}
		}
	}
	var shades []shade
	for _, one := range best {
		shades = append(shades, one)
	}
	slices.SortFunc(shades, func(a, b shade) int {
		return cmp.Or(b.count-a.count, int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var palette color.Palette
	for _, one := range shades[:min(len(shades), mostColours)] {
		palette = append(palette, one.RGBA)
	}
	picture := image.NewPaletted(bounds, palette)
	nearest := map[uint32]uint8{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			key := coarse(x, y)
			index, known := nearest[key]
			if !known {
				index = uint8(palette.Index(whole.At(x, y)))
				nearest[key] = index
			}
			picture.SetColorIndex(x, y, index)
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), len(shades)
}

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

// maxColours is how many colours a picture keeps: text in shades of grey, and the few of the pages.
const maxColours = 40

// reduced is a picture with the colours that it has most of: a fraction of the bytes, for a page of flat colours and black text.
func reduced(t testing.TB, data []byte) []byte {
	t.Helper()
	whole, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	bounds := whole.Bounds()
	exact := map[color.RGBA]int{}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			exact[rgba(whole.At(x, y))]++
		}
	}
	palette := commonest(exact)
	picture := image.NewPaletted(bounds, palette)
	nearest := map[color.RGBA]uint8{}
	for one := range exact {
		nearest[one] = uint8(palette.Index(one))
	}
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			picture.SetColorIndex(x, y, nearest[rgba(whole.At(x, y))])
		}
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func rgba(c color.Color) color.RGBA { return color.RGBAModel.Convert(c).(color.RGBA) }

// commonest returns the colours that a picture has most of, of those that are nearly the same only one.
func commonest(exact map[color.RGBA]int) (palette color.Palette) {
	type shade struct {
		color.RGBA
		count int
	}
	best, all := map[color.RGBA]shade{}, map[color.RGBA]int{} // by what is nearly the same
	for one, n := range exact {
		key := color.RGBA{one.R >> 3, one.G >> 3, one.B >> 3, 0}
		all[key] += n
		was := best[key]
		if n > was.count || n == was.count && (one.R < was.R || one.R == was.R && one.G < was.G) {
			best[key] = shade{one, n}
		}
	}
	var shades []shade
	for key, one := range best {
		shades = append(shades, shade{one.RGBA, all[key]})
	}
	slices.SortFunc(shades, func(a, b shade) int {
		return cmp.Or(b.count-a.count, int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	for _, one := range shades[:min(len(shades), maxColours)] {
		palette = append(palette, one.RGBA)
	}
	return palette
}

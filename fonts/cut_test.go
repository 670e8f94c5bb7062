package fonts_test

import (
	"bytes"
	"compress/zlib"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"vanthu/fonts"
)

func read(t *testing.T, name string) []byte {
	t.Helper()
	file, err := fs.ReadFile(fonts.FS, name)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// encoding is cut/vietnamese.map, the code of each character.
func encoding(t *testing.T) map[rune]int {
	t.Helper()
	codes, taken := map[rune]int{}, map[int]bool{}
	for line := range strings.Lines(string(read(t, "cut/vietnamese.map"))) {
		var code int
		var r rune
		if _, err := fmt.Sscanf(line, "!%X U+%X", &code, &r); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if taken[code] || codes[r] != 0 {
			t.Errorf("%q stands there twice", line)
		}
		codes[r], taken[code] = code, true
	}
	return codes
}

func TestEncodingHasEveryVietnameseLetter(t *testing.T) {
	codes := encoding(t)
	if len(codes) != 249 {
		t.Errorf("%d characters, want 249", len(codes))
	}
	var wanted strings.Builder
	for r := ' '; r <= '~'; r++ {
		wanted.WriteRune(r)
	}
	const lower = "ăâđêôơư" + "àáãảạ" + "ằắẵẳặ" + "ầấẫẩậ" + "èéẽẻẹ" + "ềếễểệ" + "ìíĩỉị" +
		"òóõỏọ" + "ồốỗổộ" + "ờớỡởợ" + "ùúũủụ" + "ừứữửự" + "ỳýỹỷỵ"
	wanted.WriteString(lower + strings.ToUpper(lower) + "–—‘’“”…•§°±×÷½≤≥₫€\u00a0\u2011")
	for _, r := range wanted.String() {
		if codes[r] == 0 {
			t.Errorf("no code for %q", r)
		}
		delete(codes, r)
	}
	for r := range codes {
		t.Errorf("unexpected %q", r)
	}
}

// definition is the part of an fpdf font definition that must agree with the font.
type definition struct {
	Name, Diff, File string
	Desc             struct{ MissingWidth int }
	Cw               []int
	OriginalSize     int
}

// The file states no width for codes below 32: a reader takes MissingWidth.
func (d definition) statedWidth(code int) int {
	if code < 32 {
		return d.Desc.MissingWidth
	}
	return d.Cw[code]
}

func TestCutFacesAgreeWithTheFonts(t *testing.T) {
	codes := encoding(t)
	for _, face := range []string{"Tinos-Regular", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"} {
		t.Run(face, func(t *testing.T) {
			var def definition
			if err := json.Unmarshal(read(t, "cut/"+face+".json"), &def); err != nil {
				t.Fatal(err)
			}
			unpacked, err := zlib.NewReader(bytes.NewReader(read(t, "cut/"+face+".z")))
			if err != nil {
				t.Fatal(err)
			}
			file, err := io.ReadAll(unpacked)
			if err != nil {
				t.Fatal(err)
			}
			if def.File != face+".z" || def.Name != "VANTHU+"+face || def.OriginalSize != len(file) || len(def.Cw) != 256 {
				t.Errorf("definition of %s, %s, %d bytes, %d widths", def.Name, def.File, def.OriginalSize, len(def.Cw))
			}
			whole, cut := parse(t, read(t, face+".ttf")), parse(t, file)
			for r, code := range codes {
				want, ok := perMille(whole, r)
				if !ok {
					t.Errorf("%q is not in the font", r)
				}
				if got, ok := perMille(cut, r); !ok || got != want {
					t.Errorf("%q is %d wide in the cut font, want %d", r, got, want)
				}
				if got := def.statedWidth(code); got != want {
					t.Errorf("%q (code %d) is stated to be %d wide, want %d", r, code, got, want)
				}
			}
		})
	}
}

func parse(t *testing.T, file []byte) *sfnt.Font {
	t.Helper()
	parsed, err := sfnt.Parse(file)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// perMille is the advance of a character, rounded to 1/1000 em.
func perMille(f *sfnt.Font, r rune) (width int, ok bool) {
	glyph, err := f.GlyphIndex(nil, r)
	if err != nil || glyph == 0 {
		return 0, false
	}
	em := fixed.Int26_6(f.UnitsPerEm())
	units, err := f.GlyphAdvance(nil, glyph, em, 0)
	if err != nil {
		return 0, false
	}
	return (2000*int(units) + int(em)) / (2 * int(em)), true
}

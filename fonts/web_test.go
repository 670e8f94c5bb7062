package fonts_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"vanthu/internal/testenv"
)

var faces = []string{"Tinos-Regular", "Tinos-Bold", "Tinos-Italic", "Tinos-BoldItalic"}

// TestWebFacesAreLight reads the heads of the files (WOFF File Format 2.0, table directory): a browser must not move letters by tables that layout does not read.
func TestWebFacesAreLight(t *testing.T) {
	for _, face := range faces {
		t.Run(face, func(t *testing.T) {
			file := read(t, "web/"+face+".woff2")
			const head, most = 48, 25_000
			if len(file) < head || string(file[:4]) != "wOF2" || int(binary.BigEndian.Uint32(file[8:])) != len(file) {
				t.Fatalf("%d bytes that are not WOFF2", len(file))
			}
			if len(file) > most {
				t.Errorf("%d bytes, at most %d", len(file), most)
			}
			// Known tags have numbers, with which an entry of the directory begins; 19 is kern, 26 GPOS, 27 GSUB.
			known := map[byte]string{0: "cmap", 1: "head", 2: "hhea", 3: "hmtx", 4: "maxp", 5: "name", 6: "OS/2", 7: "post", 10: "glyf", 11: "loca", 17: "gasp"}
			at, count := head, int(binary.BigEndian.Uint16(file[12:]))
			for range count {
				tag := file[at] & 0x3F
				if known[tag] == "" {
					t.Errorf("it has the table of number %d", tag)
				}
				at = afterNumber(file, at+1)
				if known[tag] == "glyf" || known[tag] == "loca" { // which are stored transformed, with a second length
					at = afterNumber(file, at)
				}
			}
		})
	}
}

// afterNumber passes over a UIntBase128: bytes of which the last has no high bit (WOFF File Format 2.0).
func afterNumber(file []byte, at int) int {
	for file[at]&0x80 != 0 {
		at++
	}
	return at + 1
}

func TestWebFacesAgreeWithTheFonts(t *testing.T) {
	must := slices.Sorted(func(yield func(rune) bool) {
		for r := range encoding(t) {
			if !yield(r) {
				return
			}
		}
		for _, r := range "Đ\u0301\u2009№←→□■●½²\uFFFD" {
			if !yield(r) {
				return
			}
		}
	})
	for _, face := range faces {
		t.Run(face, func(t *testing.T) {
			cut := advances(t, read(t, "web/"+face+".woff2"))
			whole := parse(t, read(t, face+".ttf"))
			for _, r := range must {
				if _, ok := cut[string(r)]; !ok {
					t.Errorf("%q is not in the web face", r)
				}
			}
			for text, got := range cut {
				for _, r := range text {
					if want, ok := advance(whole, r); !ok || got != want {
						t.Errorf("%q is %d wide, want %d", r, got, want)
					}
				}
			}
		})
	}
}

// advances are the widths of the characters of a WOFF2 file in font units, as fonttools reads them.
func advances(t *testing.T, file []byte) (widths map[string]int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "face.woff2")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	const script = "import json, sys\nfrom fontTools.ttLib import TTFont\nfont = TTFont(sys.argv[1])\n" +
		"print(json.dumps({chr(c): font['hmtx'][g][0] for c, g in font.getBestCmap().items()}))"
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		command := exec.Command(python, "-c", script, path)
		var told bytes.Buffer
		command.Stderr = &told
		out, err := command.Output()
		switch {
		case err == nil:
			if err := json.Unmarshal(out, &widths); err != nil {
				t.Fatal(err)
			}
			return widths
		case command.ProcessState != nil && !strings.Contains(told.String(), "ModuleNotFoundError") && !strings.Contains(told.String(), "ImportError"):
			t.Fatalf("%s: %v\n%s", python, err, told.String())
		}
	}
	testenv.Lacks(t, "python3-fonttools and python3-brotli")
	return nil
}

// advance is the width of a character in font units.
func advance(f *sfnt.Font, r rune) (units int, ok bool) {
	glyph, err := f.GlyphIndex(nil, r)
	if err != nil || glyph == 0 {
		return 0, false
	}
	width, err := f.GlyphAdvance(nil, glyph, fixed.Int26_6(f.UnitsPerEm()), 0)
	return int(width), err == nil
}

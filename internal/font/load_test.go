package font_test

import (
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"vanthu/fonts"
	"vanthu/internal/font"
)

func load(t testing.TB, folders ...fs.FS) *font.Set {
	t.Helper()
	set, err := font.Load(folders...)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// tinos is the file of an embedded face.
func tinos(t testing.TB, style string) []byte {
	t.Helper()
	file, err := fs.ReadFile(fonts.FS, "Tinos-"+style+".ttf")
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// renamed returns a copy of a face under another family name of five letters, as an office might bring it.
func renamed(t testing.TB, style, family string) []byte {
	t.Helper()
	if len(family) != len("Tinos") {
		t.Fatalf("%q has not the length of Tinos", family)
	}
	utf16 := func(s string) string {
		var b strings.Builder
		for _, c := range []byte(s) {
			b.WriteByte(0)
			b.WriteByte(c)
		}
		return b.String()
	}
	text := strings.ReplaceAll(string(tinos(t, style)), utf16("Tinos"), utf16(family))
	return []byte(strings.ReplaceAll(text, "Tinos", family))
}

func TestOfficeFolder(t *testing.T) {
	office := fstest.MapFS{
		"MUCIN.TTF":  {Data: renamed(t, "Bold", "MucIn")},
		"readme.txt": {Data: []byte("fonts of the office")},
	}
	set := load(t, fonts.FS, office)

	t.Run("brings its own family", func(t *testing.T) {
		face, exact := set.Face("mucin", true, false)
		if face.Family != "MucIn" || !face.Bold || face.Italic || !exact {
			t.Errorf("got %s bold=%t italic=%t exact=%t", face.Family, face.Bold, face.Italic, exact)
		}
		if face.Cut() != nil {
			t.Error("an office's font has no cut face")
		}
	})
	t.Run("a style it lacks is stood in for", func(t *testing.T) {
		face, exact := set.Face("MucIn", false, true)
		if face.Family != "Tinos" || !face.Italic || exact {
			t.Errorf("got %s italic=%t exact=%t", face.Family, face.Italic, exact)
		}
	})
	t.Run("a later folder replaces its like", func(t *testing.T) {
		set := load(t, fonts.FS, fstest.MapFS{"x.ttf": {Data: tinos(t, "Italic")}})
		if face, _ := set.Face("Tinos", false, true); face.Cut() != nil {
			t.Error("the embedded face is still there")
		}
		if face, _ := set.Face("Tinos", true, true); face.Cut() == nil {
			t.Error("another style was replaced too")
		}
	})
}

// table finds a table of a font file.
func table(t *testing.T, file []byte, tag string) []byte {
	t.Helper()
	for i := range int(binary.BigEndian.Uint16(file[4:])) {
		if entry := file[12+16*i:]; string(entry[:4]) == tag {
			return file[binary.BigEndian.Uint32(entry[8:]):]
		}
	}
	t.Fatalf("no table %s", tag)
	return nil
}

func TestUnusableFiles(t *testing.T) {
	restricted := tinos(t, "Regular")
	table(t, restricted, "OS/2")[9] = 2 // fsType
	symbols := tinos(t, "Regular")
	cmap := table(t, symbols, "cmap")
	for i := range int(cmap[3]) {
		copy(cmap[4+8*i:], "\x00\x03\x00\x00") // platform 3, encoding 0
	}
	cases := map[string]struct {
		file []byte
		want string
	}{
		"text.ttf":       {[]byte("this is not a font at all"), "not a TrueType font"},
		"empty.ttf":      {nil, "not a font file"},
		"half.ttf":       {tinos(t, "Regular")[:100_000], "cut off"},
		"cff.otf":        {append([]byte("OTTO"), tinos(t, "Regular")[4:]...), "PostScript outlines"},
		"collection.ttc": {append([]byte("ttcf"), tinos(t, "Regular")[4:]...), "collection"},
		"renamed.ttf":    {append([]byte("OTTO"), tinos(t, "Regular")[4:]...), "PostScript outlines"},
		"symbols.ttf":    {symbols, "cmap"},
		"restricted.ttf": {restricted, "forbid embedding"},
	}
	all := fstest.MapFS{}
	for name, c := range cases {
		all[name] = &fstest.MapFile{Data: c.file}
		t.Run(name, func(t *testing.T) {
			_, err := font.Load(fonts.FS, fstest.MapFS{name: {Data: c.file}})
			if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("want an error with %q and %q, got %v", name, c.want, err)
			}
		})
	}
	t.Run("all are named at once", func(t *testing.T) {
		_, err := font.Load(fonts.FS, all)
		for name := range cases {
			if err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s is missing from %v", name, err)
			}
		}
	})
	t.Run("no stand-in for Times New Roman", func(t *testing.T) {
		_, err := font.Load(fstest.MapFS{"x.ttf": {Data: tinos(t, "Regular")}})
		if err == nil || !strings.Contains(err.Error(), "bold=true") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("no such folder", func(t *testing.T) {
		if _, err := font.Load(os.DirFS(filepath.Join(t.TempDir(), "none"))); err == nil {
			t.Error("want an error")
		}
	})
}

func FuzzLoad(f *testing.F) {
	small := tinos(f, "Regular")
	f.Add(small[:5000])
	f.Add([]byte("OTTO"))
	f.Add([]byte("\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00head\x00\x00\x00\x00\x00\x00\x00\x1c\x00\x00\x00\x36"))
	f.Fuzz(func(t *testing.T, file []byte) {
		set, err := font.Load(fonts.FS, fstest.MapFS{"x.ttf": {Data: file}})
		if (set == nil) == (err == nil) {
			t.Fatal("want either a set or an error")
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		load(b, fonts.FS)
	}
}

package font

import (
	"bytes"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Load reads the fonts of the given folders, each with *.ttf files; a face of a later folder replaces its like in an earlier
// one. Font files that cannot be used are errors that name the file, all of them together; so is a set without the four styles
// of a family that can stand in for Times New Roman.
func Load(folders ...fs.FS) (*Set, error) {
	set := &Set{families: map[string]*family{}}
	var faults []error
	for _, folder := range folders {
		faults = append(faults, set.addFolder(folder)...)
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("load fonts: %w", errors.Join(faults...))
	}
	for _, style := range []struct{ bold, italic bool }{{}, {bold: true}, {italic: true}, {true, true}} {
		if face, _ := set.Face("Times New Roman", style.bold, style.italic); face == nil {
			return nil, fmt.Errorf("load fonts: no Times New Roman or Tinos with bold=%t italic=%t", style.bold, style.italic)
		}
	}
	return set, nil
}

// addFolder reads the font files at the top of a folder in the order of their names.
func (s *Set) addFolder(folder fs.FS) (faults []error) {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return []error{err}
	}
	encoding, err := readEncoding(folder)
	if err != nil {
		return []error{err}
	}
	for _, entry := range entries {
		switch strings.ToLower(path.Ext(entry.Name())) {
		case ".ttf", ".otf", ".ttc", ".otc":
			if err := s.addFile(folder, entry.Name(), encoding); err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", entry.Name(), err))
			}
		}
	}
	return faults
}

func (s *Set) addFile(folder fs.FS, name string, encoding *[denseEnd]byte) error {
	file, err := openFile(folder, name)
	if err != nil {
		return err
	}
	face, err := parseFace(file)
	if err != nil {
		return err
	}
	if face.cut, err = readCut(folder, strings.TrimSuffix(name, path.Ext(name)), encoding); err != nil {
		return err
	}
	web := path.Join("web", strings.TrimSuffix(name, path.Ext(name))+".woff2")
	if face.web, err = fs.ReadFile(folder, web); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	key := foldName(face.Family)
	if s.families[key] == nil {
		s.families[key] = &family{}
	}
	s.families[key][styleIndex(face.Bold, face.Italic)] = face
	return nil
}

// fontFile is a font file that is read in parts. Those of the program are never read whole unless a document needs a whole face.
type fontFile struct {
	io.ReaderAt
	size  int64
	whole func() []byte
}

func openFile(folder fs.FS, name string) (fontFile, error) {
	if program, ok := folder.(embed.FS); ok {
		file, err := program.Open(name)
		if err != nil {
			return fontFile{}, err
		}
		info, err := file.Stat()
		if parts, ok := file.(io.ReaderAt); ok && err == nil { // it stays open: it is memory
			whole := sync.OnceValue(func() []byte {
				data, _ := program.ReadFile(name) // which was opened above
				return data
			})
			return fontFile{parts, info.Size(), whole}, nil
		}
	}
	data, err := fs.ReadFile(folder, name)
	return fontFile{bytes.NewReader(data), int64(len(data)), func() []byte { return data }}, err
}

// part reads a part of the file.
func (f fontFile) part(offset, length uint32) ([]byte, error) {
	if int64(offset)+int64(length) > f.size {
		return nil, errCutOff
	}
	data := make([]byte, length)
	_, err := f.ReadAt(data, int64(offset))
	if errors.Is(err, io.EOF) {
		err = nil // it may come with the last byte
	}
	return data, err
}

// parseFace reads a TrueType file. It refuses what the painter could not embed.
func parseFace(file fontFile) (*Face, error) {
	tables, err := readTables(file)
	if err != nil {
		return nil, err
	}
	parsed, err := sfnt.ParseReaderAt(file)
	if err != nil {
		return nil, fmt.Errorf("not a usable TrueType font: %w", err)
	}
	face := &Face{UnitsPerEm: int(parsed.UnitsPerEm()), whole: file.whole, parsed: parsed}
	if face.Family, err = parsed.Name(nil, sfnt.NameIDFamily); err != nil || foldName(face.Family) == "" {
		return nil, errors.New("the font names no family")
	}
	if post := parsed.PostTable(); post != nil {
		face.UnderlinePosition, face.UnderlineThickness = -int(post.UnderlinePosition), int(post.UnderlineThickness)
	}
	if err := face.readMetrics(tables); err != nil {
		return nil, err
	}
	if err := checkEmbedding(tables); err != nil {
		return nil, err
	}
	face.measure()
	return face, nil
}

// The tables that fpdf reads; without one of them it prints to standard output or fails half-way through a document.
var neededTables = []string{"head", "hhea", "OS/2", "name", "post", "maxp", "hmtx", "cmap", "loca", "glyf"}

// readHere are the tables that are read here.
var readHere = []string{"hhea", "OS/2", "name", "cmap"}

var errCutOff = errors.New("the font file is cut off")

// readTables finds the tables of a font file (OpenType 1.9, "Organization of an OpenType Font") and reads those that readHere names.
func readTables(file fontFile) (map[string][]byte, error) {
	head, err := file.part(0, 12)
	if err != nil {
		return nil, errors.New("not a font file")
	}
	switch string(head[:4]) {
	case "\x00\x01\x00\x00", "true":
	case "OTTO":
		return nil, errors.New("OpenType with PostScript outlines (CFF) cannot be embedded; use the TrueType version (.ttf)")
	case "ttcf":
		return nil, errors.New("a font collection (.ttc) cannot be embedded; use one .ttf file for each style")
	default:
		return nil, errors.New("not a TrueType font")
	}
	const entry = 16 // bytes
	directory, err := file.part(12, entry*uint32(binary.BigEndian.Uint16(head[4:])))
	if err != nil {
		return nil, err
	}
	tables, seen := map[string][]byte{}, map[string]bool{}
	for ; len(directory) > 0; directory = directory[entry:] {
		tag, offset, length := string(directory[:4]), binary.BigEndian.Uint32(directory[8:]), binary.BigEndian.Uint32(directory[12:])
		if uint64(offset)+uint64(length) > uint64(file.size) {
			return nil, errCutOff
		}
		seen[tag] = length > 0
		if slices.Contains(readHere, tag) {
			if tables[tag], err = file.part(offset, length); err != nil {
				return nil, err
			}
		}
	}
	for _, tag := range neededTables {
		if !seen[tag] {
			return nil, fmt.Errorf("the font has no %q table", tag)
		}
	}
	return tables, nil
}

// readMetrics takes style and line height from hhea and OS/2. A font says with bit 7 of fsSelection (USE_TYPO_METRICS) that its
// line height is the typographic one (OpenType 1.9, OS/2).
func (f *Face) readMetrics(tables map[string][]byte) error {
	hhea, os2 := tables["hhea"], tables["OS/2"]
	if len(hhea) < 36 || len(os2) < 78 {
		return errors.New(`the "hhea" or "OS/2" table is cut off`)
	}
	signed := func(table []byte, at int) int { return int(int16(binary.BigEndian.Uint16(table[at:]))) }
	const italic, bold, useTypo = 1 << 0, 1 << 5, 1 << 7
	selection := binary.BigEndian.Uint16(os2[62:])
	f.Bold, f.Italic = selection&bold != 0, selection&italic != 0
	f.Ascent, f.Descent, f.LineGap = signed(hhea, 4), -signed(hhea, 6), signed(hhea, 8)
	if selection&useTypo != 0 {
		f.Ascent, f.Descent, f.LineGap = signed(os2, 68), -signed(os2, 70), signed(os2, 72)
	}
	return nil
}

// checkEmbedding refuses what fpdf refuses when it embeds a face, which it does by printing to standard output.
func checkEmbedding(tables map[string][]byte) error {
	const restricted, noSubset, bitmapOnly = 0x0002, 0x0100, 0x0200
	permissions := binary.BigEndian.Uint16(tables["OS/2"][8:])
	switch {
	case permissions&0xF == restricted || permissions&(noSubset|bitmapOnly) != 0:
		return errors.New("the font's licence bits (fsType) forbid embedding a part of it")
	case len(tables["name"]) < 6 || binary.BigEndian.Uint16(tables["name"]) != 0:
		return errors.New(`the "name" table is not of format 0`)
	case !hasUnicodeMap(tables["cmap"]):
		return errors.New(`the font has no Unicode "cmap" of format 4: a symbol font cannot be embedded`)
	}
	return nil
}

// hasUnicodeMap looks for a map from Unicode characters to glyphs in format 4 (OpenType 1.9, cmap).
func hasUnicodeMap(cmap []byte) bool {
	if len(cmap) < 4 {
		return false
	}
	for i := range int(binary.BigEndian.Uint16(cmap[2:])) {
		at := 4 + 8*i
		if at+8 > len(cmap) {
			return false
		}
		platform, encoding := binary.BigEndian.Uint16(cmap[at:]), binary.BigEndian.Uint16(cmap[at+2:])
		offset := uint64(binary.BigEndian.Uint32(cmap[at+4:]))
		unicode := platform == 0 || platform == 3 && encoding == 1
		if unicode && offset+2 <= uint64(len(cmap)) && binary.BigEndian.Uint16(cmap[offset:]) == 4 {
			return true
		}
	}
	return false
}

// measure fills the table of advances.
func (f *Face) measure() {
	var buffer sfnt.Buffer
	f.missing = max(0, f.glyphAdvance(&buffer, 0))
	for r := range rune(denseEnd) {
		f.dense[r] = f.glyphOf(&buffer, r)
	}
}

// lookUp asks the font itself about a rune.
func (f *Face) lookUp(r rune) advance {
	if r < 0 || r > 0xFFFF {
		return 0
	}
	var buffer sfnt.Buffer
	return f.glyphOf(&buffer, r)
}

func (f *Face) glyphOf(buffer *sfnt.Buffer, r rune) advance {
	glyph, err := f.parsed.GlyphIndex(buffer, r)
	if err != nil || glyph == 0 {
		return 0
	}
	return advance(min(f.glyphAdvance(buffer, glyph), 0xFFFE) + 1)
}

// glyphAdvance is in font units, -1 when there is no such glyph: at a size of one unit to the em sfnt scales by one.
func (f *Face) glyphAdvance(buffer *sfnt.Buffer, glyph sfnt.GlyphIndex) int {
	units, err := f.parsed.GlyphAdvance(buffer, glyph, fixed.Int26_6(f.UnitsPerEm), xfont.HintingNone)
	if err != nil {
		return -1
	}
	return int(units)
}

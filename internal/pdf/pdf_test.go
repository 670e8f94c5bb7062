package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"vanthu/fonts"
	"vanthu/internal/flow"
	"vanthu/internal/font"
	"vanthu/internal/geom"
	"vanthu/internal/page"
	"vanthu/internal/pdf"
)

var faces = []page.Face{
	{Family: "Times New Roman"},
	{Family: "Times New Roman", Bold: true},
	{Family: "Times New Roman", Italic: true},
	{Family: "Times New Roman", Bold: true, Italic: true},
}

// officeFonts are the faces of Tinos without their cuts, as an office brings its own.
func officeFonts(t testing.TB) *font.Set {
	t.Helper()
	folder := fstest.MapFS{}
	for _, style := range []string{"Regular", "Bold", "Italic", "BoldItalic"} {
		file, err := fs.ReadFile(fonts.FS, "Tinos-"+style+".ttf")
		if err != nil {
			t.Fatal(err)
		}
		folder[style+".ttf"] = &fstest.MapFile{Data: file}
	}
	set, err := font.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// cutCharacters are the characters of the fast path, in the order of the map.
func cutCharacters(t testing.TB) []rune {
	t.Helper()
	text, err := fs.ReadFile(fonts.FS, "cut/vietnamese.map")
	if err != nil {
		t.Fatal(err)
	}
	var characters []rune
	for line := range strings.Lines(string(text)) {
		var code, r int
		if _, err := fmt.Sscanf(line, "!%X U+%X", &code, &r); err != nil {
			t.Fatal(err)
		}
		characters = append(characters, rune(r))
	}
	return characters
}

func TestEveryCharacterComesBack(t *testing.T) {
	set := loadFonts(t)
	var texts []string
	for chunk := range slices.Chunk(cutCharacters(t), 8) {
		var b strings.Builder
		for _, r := range chunk {
			fmt.Fprintf(&b, "x%cx", r) // a letter on each side tells a space from a lost character
		}
		texts = append(texts, b.String())
	}
	want := strings.Split(strings.ReplaceAll(strings.Join(texts, "\n"), "\u00a0", " "), "\n") // as poppler gives a no-break space
	for _, face := range faces {
		t.Run(face.String(), func(t *testing.T) {
			file := write(t, sheet(lines(set, face, texts...)...), set)
			if bytes.Contains(file, []byte("CIDFontType2")) {
				t.Error("the slow path was taken")
			}
			for _, mode := range []string{"-raw", "-layout"} {
				if diff := cmp.Diff(want, extract(t, file, mode)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", mode, diff)
				}
			}
		})
	}
}

func TestTextComesBack(t *testing.T) {
	texts := []string{
		"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
		"Độc lập - Tự do - Hạnh phúc",
		"Số: 15/2024/NĐ-CP, ngày 05 tháng 3 năm 2024 (bản sao) \\ 100%",
		"“Kế hoạch” gồm 1.250.000 ₫ – đạt ≥ 95% …",
		"nghiêng quẫy kỹ thuật thuở ấy đặng",
	}
	for name, set := range map[string]*font.Set{"cut faces": loadFonts(t), "an office's own faces": officeFonts(t)} {
		for _, face := range faces {
			t.Run(name+"/"+face.String(), func(t *testing.T) {
				file := write(t, sheet(lines(set, face, texts...)...), set)
				for _, mode := range []string{"-raw", "-layout"} {
					if got := extract(t, file, mode); !slices.Equal(got, texts) {
						t.Errorf("%s:\n got %q\nwant %q", mode, got, texts)
					}
				}
				if got := extract(t, file); strings.Join(got, " ") != strings.Join(texts, " ") {
					t.Errorf("reading order:\n got %q\nwant %q", got, texts)
				}
			})
		}
	}
}

func TestCharactersOutsideTheCut(t *testing.T) {
	set := loadFonts(t)
	for _, c := range []struct{ name, text, want string }{
		{"in the font", "mũi tên → đây □", "mũi tên → đây □"},
		{"not in the font", "ô ☐ trống", "ô \uFFFD trống"},
		{"beyond U+FFFF", "vui 😀 nhé", "vui \uFFFD nhé"},
		{"not UTF-8", "hỏng \xff nhé", "hỏng \uFFFD nhé"},
		{"a line break, against the contract", "một\nhai", "một\uFFFDhai"},
	} {
		t.Run(c.name, func(t *testing.T) {
			items := lines(set, faces[0], "trước", c.text, "sau")
			got := extract(t, write(t, sheet(items...), set), "-raw")
			if want := []string{"trước", c.want, "sau"}; !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestOnlyFacesThatOccurAreEmbedded(t *testing.T) {
	set := loadFonts(t)
	items := append(lines(set, faces[1], "Một"), lines(set, page.Face{Family: "Tinos", Bold: true}, "Hai")...)
	got := run(t, write(t, sheet(items...), set), "pdffonts", "FILE")
	rows := strings.Split(strings.TrimSpace(got), "\n")[2:]
	if len(rows) != 1 || !strings.HasPrefix(rows[0], "VANTHU+Tinos-Bold ") || !strings.Contains(rows[0], "yes yes") {
		t.Errorf("fonts:\n%s", got)
	}
}

func TestProperties(t *testing.T) {
	set := loadFonts(t)
	doc := sheet(lines(set, faces[0], "Một")...)
	doc.Title, doc.Author, doc.Created = "Quyết định (số 1) 😀", "Ủy ban \\ nhân dân", "2024-03-05T09:30:00+07:00"
	doc.Pages = append(doc.Pages, page.Page{Width: pageHeight, Height: pageWidth})
	file := write(t, doc, set)
	got := run(t, file, "pdfinfo", "-isodates", "-l", "2", "FILE")
	for _, want := range []string{
		"Quyết định (số 1) 😀", "Ủy ban \\ nhân dân", "Văn Thư", "2024-03-05T02:30:00", "595 x 842", "842 x 595", "version:     1.4",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if !bytes.Contains(file, []byte("/Lang (vi-VN)")) {
		t.Error("no language")
	}
}

func TestCreated(t *testing.T) {
	set := loadFonts(t)
	for text, want := range map[string]string{
		"":                          "D:19700101000000",
		"hôm qua":                   "D:19700101000000",
		"0001-01-01T00:00:00Z":      "D:19700101000000",
		"2024":                      "D:20240101000000",
		"2024-03-05":                "D:20240305000000",
		"2024-03-05T09:30Z":         "D:20240305093000",
		"2024-03-05T09:30:00+07:00": "D:20240305023000",
	} {
		t.Run(text, func(t *testing.T) {
			doc := sheet(lines(set, faces[0], "Một")...)
			doc.Created = text
			if file := write(t, doc, set); bytes.Count(file, []byte(want)) != 2 {
				t.Errorf("want %s as creation and modification date", want)
			}
		})
	}
}

// sample is a document that uses everything.
func sample(set *font.Set) page.Document {
	red := flow.Color{RGB: 0xCC0000, Set: true}
	var items []page.Item
	for _, face := range faces {
		items = append(items, lines(set, face, "Kế hoạch số 15", "có\u00a0dấu‑cách → khác → ☐")...)
	}
	items = append(items,
		page.Box{X: 50 * geom.Point, Y: 500 * geom.Point, Width: 200 * geom.Point, Height: 20 * geom.Point, Color: flow.Color{RGB: 0xD9D9D9, Set: true}},
		page.Rule{X1: 50 * geom.Point, Y1: 530 * geom.Point, X2: 250 * geom.Point, Y2: 530 * geom.Point, Width: geom.Point, Color: red, Dashed: true},
		page.Text{X: 52 * geom.Point, Y: 514 * geom.Point, Width: 70 * geom.Point, Text: "chữ đỏ", Face: faces[0], Size: 12 * geom.Point, Color: red, Spacing: geom.Point},
	)
	doc := sheet(items...)
	doc.Pages = append(doc.Pages, doc.Pages[0])
	doc.Title = "Mẫu"
	return doc
}

func TestSoundFile(t *testing.T) {
	for name, set := range map[string]*font.Set{"cut faces": loadFonts(t), "an office's own faces": officeFonts(t)} {
		t.Run(name, func(t *testing.T) {
			if got := run(t, write(t, sample(set), set), "qpdf", "--check", "FILE"); !strings.Contains(got, "No syntax or stream encoding errors") {
				t.Error(got)
			}
		})
	}
}

func TestSameDocumentSameBytes(t *testing.T) {
	set := loadFonts(t)
	first := write(t, sample(set), set)
	for range 20 {
		if !bytes.Equal(first, write(t, sample(set), loadFonts(t))) {
			t.Fatal("the bytes differ")
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	set := loadFonts(t)
	first := write(t, sample(set), set)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			var out bytes.Buffer
			if err := pdf.Write(&out, sample(set), set); err != nil || !bytes.Equal(first, out.Bytes()) {
				t.Errorf("error %v, equal %t", err, bytes.Equal(first, out.Bytes()))
			}
		})
	}
	group.Wait()
}

// failingWriter takes nothing.
type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestErrors(t *testing.T) {
	set := loadFonts(t)
	for _, c := range []struct {
		name, want string
		write      func() error
	}{
		{"no page", "has no page", func() error { return pdf.Write(&bytes.Buffer{}, page.Document{}, set) }},
		{"writer fails", "disk full", func() error { return pdf.Write(failingWriter{}, sample(set), set) }},
		{"a fault inside", "internal error", func() error { return pdf.Write(&bytes.Buffer{}, sample(set), nil) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.write(); err == nil || !strings.HasPrefix(err.Error(), "write pdf: ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// Wherever a painter adds up widths, the item must begin at X and end at X + Width.
func TestItemFillsItsWidth(t *testing.T) {
	words := []string{"Cộng", "hòa", "xã", "hội", "NGHĨA", "VIỆT", "Nam,", "58%", "ngoằn", "ngoèo", "(15)", "…", "kỹ"}
	for name, set := range map[string]*font.Set{"cut faces": loadFonts(t), "an office's own faces": officeFonts(t)} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(r *rapid.T) {
				face := rapid.SampledFrom(faces).Draw(r, "face")
				text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 2, 8).Draw(r, "words"), " ")
				size := geom.EMU(rapid.IntRange(16, 32).Draw(r, "size")) * geom.HalfPoint
				spacing := geom.EMU(rapid.IntRange(0, 20).Draw(r, "spacing")) * geom.Twip
				f, _ := set.Face(face.Family, face.Bold, face.Italic)
				natural := f.Width(text, size) + geom.EMU(len([]rune(text)))*spacing
				item := page.Text{
					X: 20 * geom.Point, Y: 100 * geom.Point, Text: text, Face: face, Size: size, Spacing: spacing, LineEnd: true,
					Width: natural + geom.EMU(rapid.IntRange(-10, 100).Draw(r, "left over"))*geom.Point/10,
				}
				doc := sheet(item)
				doc.Pages[0].Width = 2 * pageHeight
				found := boxes(t, write(t, doc, set))
				if len(found) == 0 {
					r.Fatal("no words")
				}
				// The tool's last box ends before the letter spacing, or after it, by its version.
				left, right := found[0].XMin-item.X.Points(), found[len(found)-1].XMax-(item.X+item.Width).Points()
				if math.Abs(left) > 0.2 || right > 0.2 || right < -0.2-spacing.Points() {
					r.Fatalf("%q begins %.3f and ends %.3f pt off", text, left, right)
				}
			})
		})
	}
}

func FuzzWrite(f *testing.F) {
	set := loadFonts(f)
	f.Add("Cộng hòa → 😀 \\()", "Tiêu đề", "2024-03-05", int64(500), int64(14))
	f.Add("\x00\xff\r\n", "\U0010FFFF", "", int64(-1), int64(0))
	f.Fuzz(func(t *testing.T, text, title, created string, width, size int64) {
		doc := sheet(page.Text{Text: text, Width: geom.EMU(width), Size: geom.EMU(size), LineEnd: true})
		doc.Title, doc.Created = title, created
		write(t, doc, set)
	})
}

// fivePages has 40 lines of 10 words on each page, every fifth line in another face.
func fivePages(set *font.Set) page.Document {
	var doc page.Document
	for n := range 5 {
		sheet := page.Page{Width: pageWidth, Height: pageHeight}
		for line := range 40 {
			text := fmt.Sprintf("Điều %d. Ủy ban nhân dân tỉnh tổ chức thực hiện", n*40+line)
			sheet.Items = append(sheet.Items, page.Text{
				X: 85 * geom.Point, Y: geom.EMU(60+18*line) * geom.Point, Width: 454 * geom.Point,
				Text: text, Face: faces[line/5%4], Size: 14 * geom.Point, LineStart: true, LineEnd: true,
			})
		}
		doc.Pages = append(doc.Pages, sheet)
	}
	return doc
}

func BenchmarkWrite(b *testing.B) {
	for _, c := range []struct {
		name string
		set  *font.Set
	}{{"cut", loadFonts(b)}, {"whole", officeFonts(b)}} {
		b.Run(c.name, func(b *testing.B) {
			doc := fivePages(c.set)
			b.ReportAllocs()
			size := 0
			for b.Loop() {
				size = len(write(b, doc, c.set))
			}
			b.ReportMetric(float64(size), "bytes/file")
		})
	}
}

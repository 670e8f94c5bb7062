package svg_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"vanthu/fonts"
	"vanthu/internal/flow"
	"vanthu/internal/font"
	"vanthu/internal/geom"
	"vanthu/internal/page"
	"vanthu/internal/svg"
)

var update = flag.Bool("update", false, "rewrite the golden file")

func loadFonts(t testing.TB) *font.Set {
	t.Helper()
	set, err := font.Load(fonts.FS)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func paint(t testing.TB, fonts *font.Set, items ...page.Item) string {
	t.Helper()
	var b strings.Builder
	if err := svg.Write(&b, page.Page{Width: 595 * geom.Point, Height: 842 * geom.Point, Items: items}, 1, fonts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// inside is what stands between the start of the picture and its marks.
func inside(t testing.TB, picture string) string {
	t.Helper()
	_, rest, ok := strings.Cut(picture, ">")
	items, closed := strings.CutSuffix(rest, `<g class="marks"/></svg>`)
	if !ok || !closed {
		t.Fatalf("not a picture with marks: %s", picture)
	}
	return items
}

var (
	regular = page.Face{Family: "Times New Roman"}
	bold    = page.Face{Family: "Times New Roman", Bold: true}
	slanted = page.Face{Family: "Times New Roman", Italic: true}
	red     = flow.Color{RGB: 0xCC0000, Set: true}
)

// line is a line of a paragraph at 14 points, as wide as its characters and so much more.
func line(set *font.Set, paragraph, y int, face page.Face, text string, more geom.EMU) page.Text {
	f, _ := set.Face(face.Family, face.Bold, face.Italic)
	const size = 14 * geom.Point
	return page.Text{
		X: 85*geom.Point + 600, Y: geom.EMU(y) * geom.Point, Width: f.Width(text, size) + more, Text: text, Face: face, Size: size,
		LineStart: true, LineEnd: true, Paragraph: paragraph,
	}
}

func TestPicture(t *testing.T) {
	const golden = "testdata/page.svg"
	set := loadFonts(t)
	small := line(set, 3, 160, bold, "KT. CHỦ TỊCH", 0)
	small.Size, small.Width = 13*geom.Point+geom.HalfPoint, small.Width*27/28
	got := strings.ReplaceAll(paint(
		t, set,
		line(set, 0, 40, regular, "2", 0),
		line(set, 1, 60, bold, "KẾ HOẠCH", 0),
		page.Rule{X1: 200 * geom.Point, Y1: 66 * geom.Point, X2: 300 * geom.Point, Y2: 66 * geom.Point, Width: geom.Point},
		line(set, 2, 100, slanted, "Căn cứ Luật Tổ chức chính quyền địa phương ngày", 9*geom.Point),
		line(set, 2, 118, slanted, "16 tháng 6 năm 2025;", 0),
		page.Box{X: 80 * geom.Point, Y: 140 * geom.Point, Width: 100 * geom.Point, Height: 30 * geom.Point, Color: flow.Color{RGB: 0xD9D9D9, Set: true}},
		page.Rule{X1: 80 * geom.Point, Y1: 140 * geom.Point, X2: 180 * geom.Point, Y2: 140 * geom.Point, Width: geom.HalfPoint},
		page.Rule{X1: 80 * geom.Point, Y1: 140 * geom.Point, X2: 80 * geom.Point, Y2: 170 * geom.Point, Width: geom.HalfPoint},
		page.Rule{X1: 80 * geom.Point, Y1: 170 * geom.Point, X2: 180 * geom.Point, Y2: 171 * geom.Point, Width: geom.Point, Color: red, Dashed: true},
		line(set, 3, 150, regular, "Điều\u00a01. Phạm vi", 3*geom.Point),
		small,
	), "><", ">\n<")
	if *update {
		if err := os.WriteFile(golden, []byte(got+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got+"\n"); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestText(t *testing.T) {
	set := loadFonts(t)
	plain := func(text string, more geom.EMU) page.Text { return line(set, 0, 100, regular, text, more) }
	colored, spaced, raised := plain("a", 0), plain("ab", 2*geom.Point), plain("a", 0)
	colored.Color, spaced.Spacing, raised.LineEnd = red, geom.Point, false
	for _, c := range []struct {
		name string
		item page.Text
		want string
	}{
		{"marks of XML", plain(`<b title="x">&amp;</b>`, 0), `<text x="85.05" y="100">&lt;b title="x"&gt;&amp;amp;&lt;/b&gt; </text>`},
		{"words are pushed apart", plain("a b c", geom.Point), `<text x="85.05" y="100" word-spacing="0.5">a b c </text>`},
		{"words are drawn together", plain("a b", -geom.HalfPoint), `<text x="85.05" y="100" word-spacing="-0.5">a b </text>`},
		{"what is too little to see", plain("a b", 20), `<text x="85.05" y="100">a b </text>`},
		{"a no-break space stays as it is", plain("a\u00a0b c", geom.Point), "<text x=\"85.05\" y=\"100\" word-spacing=\"1\">a<tspan word-spacing=\"0\">\u00a0</tspan>b c </text>"},
		{"letters are set apart", spaced, `<text x="85.05" y="100" letter-spacing="1">ab </text>`},
		{"a colour", colored, `<text x="85.05" y="100" fill="#cc0000">a </text>`},
		{"a stretch within a line", raised, `<text x="85.05" y="100">a</text>`},
		{"a space at the end", plain("a ", 0), `<text x="85.05" y="100">a </text>`},
		{"a character without a glyph", plain("a\u4e2d\x00", 0), "<text x=\"85.05\" y=\"100\">a\ufffd\ufffd </text>"},
		{"nothing", plain("", 0), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := inside(t, paint(t, set, c.item)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestEveryCharacterIsThere paints any texts and reads them back.
func TestEveryCharacterIsThere(t *testing.T) {
	set := loadFonts(t)
	face, _ := set.Face("Times New Roman", false, false)
	rapid.Check(t, func(t *rapid.T) {
		var items []page.Item
		var want strings.Builder
		for range rapid.IntRange(1, 5).Draw(t, "items") {
			item := page.Text{
				Text: rapid.OneOf(rapid.StringN(1, 20, -1), rapid.StringMatching(`[a-zăơ &<>"'\x{a0}-]{1,20}`)).Draw(t, "text"),
				Face: rapid.SampledFrom([]page.Face{regular, bold, slanted, {Family: "Arial"}}).Draw(t, "face"),
				X:    geom.EMU(rapid.IntRange(-1e6, 1e8).Draw(t, "x")), Width: geom.EMU(rapid.IntRange(0, 1e8).Draw(t, "width")),
				Size: geom.EMU(rapid.IntRange(1, 400).Draw(t, "size")) * geom.HalfPoint, Paragraph: rapid.IntRange(0, 2).Draw(t, "paragraph"),
			}
			items = append(items, item)
			for _, r := range item.Text {
				if r < ' ' || !face.Has(r) {
					r = '\ufffd'
				}
				want.WriteRune(r)
			}
		}
		var b strings.Builder
		if err := svg.Write(&b, page.Page{Items: items}, 1, set); err != nil {
			t.Fatal(err)
		}
		if got := readText(t, b.String()); got != want.String() {
			t.Errorf("got  %q\nwant %q\n%s", got, want.String(), b.String())
		}
	})
}

// readText is the text of a picture, which must be well-formed and hold nothing that a strict policy refuses.
func readText(t *rapid.T, picture string) string {
	var text strings.Builder
	decoder := xml.NewDecoder(strings.NewReader(picture))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return text.String()
		}
		if err != nil {
			t.Fatalf("%v in %s", err, picture)
		}
		switch token := token.(type) {
		case xml.CharData:
			text.Write(token)
		case xml.StartElement:
			for _, attr := range token.Attr {
				if attr.Name.Local == "style" || strings.HasPrefix(attr.Name.Local, "on") || attr.Name.Local == "href" {
					t.Fatalf("%s has %s", token.Name.Local, attr.Name.Local)
				}
			}
		}
	}
}

func TestFamilyNamesStayInTheirAttribute(t *testing.T) {
	set := loadFonts(t)
	item := line(set, 0, 100, page.Face{Family: `x" onload="alert(1)`}, "a", 0)
	if picture := paint(t, set, item); strings.Contains(picture, "onload") {
		t.Errorf("a family that a file names is in the picture: %s", picture)
	}
}

func BenchmarkWrite(b *testing.B) {
	set := loadFonts(b)
	var items []page.Item
	for i := range 40 {
		items = append(items, line(set, i/3, 60+18*i, regular, "Thường trực Hội đồng nhân dân xã giám sát công tác lãnh đạo, chỉ đạo và việc tổ chức", 5*geom.Point))
	}
	sheet := page.Page{Width: 595 * geom.Point, Height: 842 * geom.Point, Items: items}
	b.ReportAllocs()
	for b.Loop() {
		if err := svg.Write(io.Discard, sheet, 1, set); err != nil {
			b.Fatal(err)
		}
	}
}

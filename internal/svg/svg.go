// Package svg paints a page as an SVG picture for the browser: what pdf paints, at the same places.
//
// The picture stands in an HTML page under a strict content security policy, so it has no styles: looks are presentation attributes, said
// where they change. It leaves to the style sheet of the page its width, the faces that it names (@font-face), and that these are set
// without kerning and ligatures, as they were measured. Browsers widen no-break spaces too when words are spaced, PDF does not; those are
// set apart.
package svg

import (
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"vanthu/internal/flow"
	"vanthu/internal/font"
	"vanthu/internal/geom"
	"vanthu/internal/page"
)

// Write paints one page, number from 1, as an <svg> element that stands in an HTML page: no XML head, lengths in points, nothing but
// text, lines and boxes. Each text stands in a <g data-p> with the number of its paragraph in the Word file, as findings count; those of
// headers and footers do not. The last element is an empty <g class="marks"> to draw on. Families are named as in the font files.
func Write(w io.Writer, sheet page.Page, number int, fonts *font.Set) error {
	p := painter{fonts: fonts, faces: map[page.Face]*font.Face{}, out: make([]byte, 0, 16<<10)}
	standard := p.face(page.Face{Family: "Times New Roman"})
	p.root = look{family: standard.Family, size: 14 * geom.Point}
	p.add(`<svg class="page" viewBox="0 0 `).length(sheet.Width).add(" ").length(sheet.Height)
	p.add(`" role="group" aria-label="Trang `).add(strconv.Itoa(number)).add(`" xml:space="preserve" text-rendering="geometricPrecision"`)
	p.change(look{}, p.root)
	p.add(">")
	for i := 0; i < len(sheet.Items); {
		switch item := sheet.Items[i].(type) {
		case page.Text:
			p.text(item)
			i++
		case page.Rule:
			p.endGroup()
			i += p.rules(item, sheet.Items[i:])
		case page.Box:
			p.endGroup()
			p.box(item)
			i++
		}
	}
	p.endGroup()
	p.add(`<g class="marks"/></svg>`)
	_, err := w.Write(p.out)
	return err
}

// painter paints one page.
type painter struct {
	out   []byte
	fonts *font.Set
	faces map[page.Face]*font.Face // as named by items
	root  look

	paragraph int  // of the group that is open, or 0
	group     look // its look
}

// look is what presentation attributes say of a text.
type look struct {
	family       string
	size         geom.EMU
	bold, italic bool
	color        flow.Color
}

func (p *painter) face(name page.Face) *font.Face {
	face := p.faces[name]
	if face == nil {
		face, _ = p.fonts.Face(name.Family, name.Bold, name.Italic)
		p.faces[name] = face
	}
	return face
}

// text paints an item in the group of its paragraph, which takes the look of its first text.
func (p *painter) text(item page.Text) {
	if item.Text == "" {
		return
	}
	face := p.face(item.Face)
	own, around := look{face.Family, item.Size, face.Bold, face.Italic, item.Color}, p.root
	if item.Paragraph != p.paragraph {
		p.endGroup()
	}
	if item.Paragraph > 0 {
		if p.paragraph == 0 {
			p.paragraph, p.group = item.Paragraph, own
			p.add(`<g data-p="`).add(strconv.Itoa(item.Paragraph)).add(`"`)
			p.change(p.root, own)
			p.add(">")
		}
		around = p.group
	}
	p.add(`<text x="`).length(item.X).add(`" y="`).length(item.Y).add(`"`)
	p.change(around, own)
	if item.Spacing != 0 {
		p.add(` letter-spacing="`).length(item.Spacing).add(`"`)
	}
	spaced := p.spaceWords(item, face)
	p.add(">")
	p.characters(item.Text, face, spaced)
	if item.LineEnd && !strings.HasSuffix(item.Text, " ") {
		p.add(" ") // so that whoever copies the text finds the words of two lines apart
	}
	p.add("</text>")
}

func (p *painter) endGroup() {
	if p.paragraph > 0 {
		p.add("</g>")
		p.paragraph = 0
	}
}

// spaceWords returns what the width of an item leaves over to its spaces.
func (p *painter) spaceWords(item page.Text, face *font.Face) (spaced bool) {
	spaces := strings.Count(item.Text, " ")
	if spaces == 0 {
		return false
	}
	leftOver := item.Width - face.Width(item.Text, item.Size) - geom.EMU(utf8.RuneCountInString(item.Text))*item.Spacing
	each := leftOver.Points() / float64(spaces)
	if -0.002 < each && each < 0.002 {
		return false
	}
	p.add(` word-spacing="`).number(each, 3).add(`"`)
	return true
}

// characters writes text. What the face cannot paint, or XML not hold, is replaced: layout has done so before with what it reported.
func (p *painter) characters(text string, face *font.Face, spaced bool) {
	for _, r := range text {
		switch {
		case r == '&':
			p.add("&amp;")
		case r == '<':
			p.add("&lt;")
		case r == '>':
			p.add("&gt;")
		case r == '\u00A0' && spaced:
			p.add("<tspan word-spacing=\"0\">\u00A0</tspan>")
		case r >= ' ' && face.Has(r):
			p.out = utf8.AppendRune(p.out, r)
		case face.Has(utf8.RuneError):
			p.out = utf8.AppendRune(p.out, utf8.RuneError)
		default:
			p.add("?")
		}
	}
}

// change writes the attributes that take one look to another.
func (p *painter) change(from, to look) {
	if from.family != to.family {
		p.add(` font-family="`).family(to.family).add(`"`)
	}
	if from.size != to.size {
		p.add(` font-size="`).length(to.size).add(`"`)
	}
	if from.bold != to.bold {
		p.add(pick(to.bold, ` font-weight="700"`, ` font-weight="400"`))
	}
	if from.italic != to.italic {
		p.add(pick(to.italic, ` font-style="italic"`, ` font-style="normal"`))
	}
	if rgb(from.color) != rgb(to.color) {
		p.add(` fill="`).color(to.color).add(`"`)
	}
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// rules strokes a line and those after it that are drawn with the same pen, as one path, and says how many they were. The ends do not
// stick out.
func (p *painter) rules(first page.Rule, items []page.Item) (count int) {
	p.add(`<path d="`)
	for _, item := range items {
		rule, ok := item.(page.Rule)
		if !ok || rule.Width != first.Width || rule.Color != first.Color || rule.Dashed != first.Dashed {
			break
		}
		count++
		p.add("M").length(rule.X1).add(" ").length(rule.Y1)
		switch {
		case rule.Y1 == rule.Y2:
			p.add("H").length(rule.X2)
		case rule.X1 == rule.X2:
			p.add("V").length(rule.Y2)
		default:
			p.add("L").length(rule.X2).add(" ").length(rule.Y2)
		}
	}
	p.add(`" stroke="`).color(first.Color).add(`"`)
	if first.Width != geom.Point {
		p.add(` stroke-width="`).length(first.Width).add(`"`)
	}
	if first.Dashed {
		p.add(` stroke-dasharray="`).length(4 * first.Width).add(" ").length(3 * first.Width).add(`"`)
	}
	p.add("/>")
	return count
}

func (p *painter) box(box page.Box) {
	p.add(`<rect x="`).length(box.X).add(`" y="`).length(box.Y).add(`" width="`).length(box.Width).add(`" height="`).length(box.Height)
	p.add(`" fill="`).color(box.Color).add(`"/>`)
}

func (p *painter) add(text string) *painter {
	p.out = append(p.out, text...)
	return p
}

// length writes points, to a hundredth.
func (p *painter) length(length geom.EMU) *painter { return p.number(length.Points(), 2) }

// number writes a number with so many decimals at most.
func (p *painter) number(value float64, decimals int) *painter {
	start := len(p.out)
	p.out = strconv.AppendFloat(p.out, value, 'f', decimals, 64)
	end := len(p.out)
	for p.out[end-1] == '0' {
		end--
	}
	if p.out[end-1] == '.' {
		end--
	}
	if p.out = p.out[:end]; string(p.out[start:]) == "-0" {
		p.out = append(p.out[:start], '0')
	}
	return p
}

// color writes "#rrggbb"; automatic is black.
func (p *painter) color(color flow.Color) *painter {
	const digits = "0123456789abcdef"
	rgb := rgb(color)
	p.out = append(p.out, '#')
	for shift := 20; shift >= 0; shift -= 4 {
		p.out = append(p.out, digits[rgb>>shift&0xF])
	}
	return p
}

func rgb(color flow.Color) uint32 {
	if !color.Set {
		return 0
	}
	return color.RGB & 0xFFFFFF
}

// family writes a list of families of CSS inside an attribute: the one that was measured, and what a reader has at home for characters
// that the face of the browser lacks.
func (p *painter) family(name string) *painter {
	p.add("'").add(escapeFamily.Replace(name)).add("'")
	return p.add(",'Times New Roman',serif")
}

// escapeFamily makes a string of CSS, inside an attribute of HTML.
var escapeFamily = strings.NewReplacer(`\`, `\\`, `'`, `\'`, `&`, "&amp;", `"`, "&quot;", "<", "&lt;", ">", "&gt;", "\n", " ")

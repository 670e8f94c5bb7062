package wml

import (
	"strconv"
	"strings"

	"vanthu/internal/flow"
	"vanthu/internal/ooxml"
)

// This file knows word/numbering.xml and counts list items (17.9).

const levels = 9

// numbering holds the lists of the file. A num is an instance of an abstract list; instances of one abstract list count on
// together until one of them is told to start anew.
type numbering struct {
	nums      map[string]*num
	abstracts map[string]*abstractNum
}

type abstractNum struct {
	levels  [levels]*listLevel
	counts  [levels]int
	running [levels]bool
	link    string // numStyleLink: the list is that of a numbering style
}

type num struct {
	abstract *abstractNum
	levels   [levels]*listLevel // of lvlOverride
	starts   [levels]int        // of startOverride; -1 none
	begun    [levels]bool       // the override has taken effect
}

// listLevel is a w:lvl; its properties are read when it is first used.
type listLevel struct {
	element *ooxml.Element // nil once read
	start   int
	format  string
	text    string // "%1.%2."
	suffix  string
	restart int // level, from 1, after which it starts anew; 0 never; -1 after any higher one
	legal   bool
	picture bool
	style   string
	para    paraProps
	run     runProps
}

// list returns a list by its id. The part is read when the first paragraph or style names a list, since templates carry dozens of
// lists that nothing uses.
func (r *reader) list(id string) *num {
	if r.numbering.nums == nil {
		r.readNumbering()
	}
	if one := r.numbering.nums[id]; one != nil && one.abstract != nil && id != "0" {
		return one
	}
	return nil // list "0" is none (17.9.18)
}

func (r *reader) readNumbering() {
	n := &r.numbering
	n.nums, n.abstracts = make(map[string]*num), make(map[string]*abstractNum)
	root := r.tree(r.part("numbering", "word/numbering.xml"))
	if root == nil {
		return
	}
	for _, e := range root.Children {
		if e.Name == "w:abstractNum" {
			a := &abstractNum{link: e.Child("w:numStyleLink").Attr("w:val")}
			for _, c := range e.Children {
				if c.Name == "w:lvl" {
					setLevelAt(&a.levels, c)
				}
			}
			n.abstracts[e.Attr("w:abstractNumId")] = a
		}
	}
	for _, e := range root.Children {
		if e.Name == "w:num" {
			n.nums[e.Attr("w:numId")] = n.readNum(e)
		}
	}
	for _, e := range root.Children {
		if one := n.nums[e.Attr("w:numId")]; e.Name == "w:num" && one.abstract != nil && one.abstract.link != "" {
			r.followLink(one)
		}
	}
}

// followLink finds the levels of a list that is tied to a numbering style: the style names a num whose abstract list holds
// them (17.9.21). One hop is all that is allowed.
func (r *reader) followLink(one *num) {
	s := r.styles.byID[one.abstract.link]
	if s == nil || s.element == nil {
		return
	}
	target := r.numbering.nums[s.element.Child("w:pPr", "w:numPr", "w:numId").Attr("w:val")]
	if target != nil && target.abstract != nil && target.abstract.link == "" {
		one.abstract = target.abstract
	}
}

func (n *numbering) readNum(e *ooxml.Element) *num {
	one := &num{abstract: n.abstracts[e.Child("w:abstractNumId").Attr("w:val")]}
	for i := range one.starts {
		one.starts[i] = -1
	}
	for _, c := range e.Children {
		at, ok := integer(c.Attr("w:ilvl"))
		if c.Name != "w:lvlOverride" || !ok || at < 0 || at >= levels {
			continue
		}
		if start, ok := integer(c.Child("w:startOverride").Attr("w:val")); ok {
			one.starts[at] = start
		}
		if l := c.Child("w:lvl"); l != nil {
			one.levels[at] = newListLevel(l)
		}
	}
	return one
}

func setLevelAt(dst *[levels]*listLevel, e *ooxml.Element) {
	if at, ok := integer(e.Attr("w:ilvl")); ok && at >= 0 && at < levels {
		dst[at] = newListLevel(e)
	}
}

func newListLevel(e *ooxml.Element) *listLevel {
	l := &listLevel{element: e, style: e.Child("w:pStyle").Attr("w:val"), restart: -1}
	if n, ok := integer(e.Child("w:lvlRestart").Attr("w:val")); ok {
		l.restart = n
	}
	return l
}

// levelOf returns the level of a list that is tied to a paragraph style, or 0 (17.9.23).
func (r *reader) levelOf(id, style string) int {
	one := r.list(id)
	if one == nil {
		return 0
	}
	for i := range levels {
		if l := one.at(i); l != nil && l.style == style {
			return i
		}
	}
	return 0
}

func (one *num) at(i int) *listLevel {
	if one.levels[i] != nil {
		return one.levels[i]
	}
	return one.abstract.levels[i]
}

// level returns a level of a list with its properties read; nil when the list or the level does not exist.
func (r *reader) level(id string, i int) *listLevel {
	one := r.list(id)
	if one == nil {
		return nil
	}
	l := one.at(i)
	if l != nil && l.element != nil {
		l.read(r)
	}
	return l
}

// maxLevelText is far more than Word lets a person type as the text of a level.
const maxLevelText = 120

func (l *listLevel) read(r *reader) {
	e := l.element
	l.element, l.format = nil, "decimal"
	for _, c := range e.Children {
		value := c.Attr("w:val")
		switch c.Name {
		case "w:start":
			l.start, _ = integer(value)
		case "w:numFmt":
			l.format = value
		case "w:lvlText":
			l.text = strings.ToValidUTF8(value[:min(len(value), maxLevelText)], "")
		case "w:suff":
			l.suffix = value
		case "w:isLgl":
			l.legal = on(c)
		case "w:lvlPicBulletId":
			l.picture = true
		case "w:pPr":
			r.readParaProps(&l.para, c)
			l.para.set &^= setNumber | setLevel
		case "w:rPr":
			r.readRunProps(&l.run, c)
		}
	}
	// numFmt may stand in AlternateContent for formats of later versions.
	if alternate := e.Child("mc:AlternateContent"); alternate != nil {
		for _, c := range alternative(alternate) {
			if c.Name == "w:numFmt" {
				l.format = c.Attr("w:val")
			}
		}
	}
}

// label counts the paragraph in its list and returns the label with what follows it; nil for a paragraph in no list.
func (r *reader) label(p *paraProps, base runState, mark look) []flow.Inline {
	if p.numID == "" {
		return nil
	}
	l := r.level(p.numID, p.level)
	if l == nil {
		return nil
	}
	one := r.list(p.numID)
	one.count(p.level, l)
	own := r.labelLook(base, mark, l)
	text := r.labelText(one, p.level, l)
	if l.picture {
		r.note(&listPicture, "")
		text = "•"
	}
	if own.hidden {
		return nil
	}
	r.run.begin(base)
	r.run.look = own
	r.text(text)
	if symbolFonts(own.style.Font) {
		own.style.Font = r.run.plainFont()
	}
	switch l.suffix {
	case "nothing":
	case "space":
		r.run.append(own.style, " ")
	default:
		r.run.emit(flow.Tab{Style: own.style})
	}
	return r.run.end()
}

// labelLook returns the look of a label: that of the paragraph mark under the properties of the level (17.9.24).
func (r *reader) labelLook(base runState, mark look, l *listLevel) look {
	state := base
	state.runProps = runProps{
		set: base.set, ascii: mark.style.Font, hAnsi: mark.hAnsi, size: mark.style.Size, spacing: mark.style.Spacing,
		raise: mark.style.Raise, color: mark.style.Color, highlight: mark.style.Highlight, position: mark.style.Position,
		underline: false, // Word does not draw the underline of the mark under the label
	}
	state.always, state.odd = 0, 0
	for _, t := range [...]struct {
		on    bool
		which toggle
	}{{mark.style.Bold, bold}, {mark.style.Italic, italic}, {mark.style.Strike, strike}, {mark.caps, allCaps}} {
		if t.on {
			state.always |= t.which
		}
	}
	return r.finish(state, &l.run)
}

// count moves the list on to its next item at a level (17.9.11, 17.9.26).
func (one *num) count(at int, l *listLevel) {
	a := one.abstract
	start := l.start
	if one.starts[at] >= 0 {
		start = one.starts[at]
		if !one.begun[at] {
			a.running[at] = false
		}
	}
	one.begun[at] = true
	if a.running[at] {
		a.counts[at]++
	} else {
		a.counts[at], a.running[at] = start, true
	}
	for below := at + 1; below < levels; below++ {
		if deeper := one.at(below); deeper == nil || deeper.restart < 0 || at < deeper.restart {
			a.running[below] = false
		}
	}
}

// labelText writes the text of a level: %1 to %9 stand for the numbers of the levels (17.9.11).
func (r *reader) labelText(one *num, at int, l *listLevel) string {
	if l.format == "bullet" || !strings.Contains(l.text, "%") {
		return l.text
	}
	var b strings.Builder
	for i := 0; i < len(l.text); i++ {
		if l.text[i] != '%' || i+1 == len(l.text) || l.text[i+1] < '1' || l.text[i+1] > '9' {
			b.WriteByte(l.text[i])
			continue
		}
		i++
		level := int(l.text[i] - '1')
		format, number := "decimal", one.abstract.counts[level]
		if shown := one.at(level); shown != nil {
			if shown.element != nil {
				shown.read(r)
			}
			format = shown.format
			if !one.abstract.running[level] {
				number = shown.start
			}
		}
		if l.legal && level != at && format != "none" {
			format = "decimal"
		}
		b.WriteString(r.formatNumber(format, number))
	}
	return b.String()
}

// formatNumber writes a list number (17.18.59); an unknown format is noted and written in digits.
func (r *reader) formatNumber(format string, n int) string {
	switch format {
	case "decimal", "bullet":
		return strconv.Itoa(n)
	case "decimalZero":
		if n >= 0 && n < 10 {
			return "0" + strconv.Itoa(n)
		}
		return strconv.Itoa(n)
	case "none":
		return ""
	case "upperRoman":
		return roman(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "upperLetter":
		return letters(n)
	case "lowerLetter":
		return strings.ToLower(letters(n))
	}
	r.note(&listFormat, format)
	return strconv.Itoa(n)
}

// roman writes 1 to 3999; other numbers stay in digits.
func roman(n int) string {
	if n < 1 || n > 3999 {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, part := range [...]struct {
		value int
		text  string
	}{
		{1000, "M"},
		{900, "CM"},
		{500, "D"},
		{400, "CD"},
		{100, "C"},
		{90, "XC"},
		{50, "L"},
		{40, "XL"},
		{10, "X"},
		{9, "IX"},
		{5, "V"},
		{4, "IV"},
		{1, "I"},
	} {
		for n >= part.value {
			b.WriteString(part.text)
			n -= part.value
		}
	}
	return b.String()
}

// letters writes A to Z, then AA, BB and so on, as Word does; other numbers stay in digits.
func letters(n int) string {
	if n < 1 || n > 26*30 {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(rune('A'+(n-1)%26)), (n-1)/26+1)
}

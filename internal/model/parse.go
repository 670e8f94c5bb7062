package model

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/nd30"
)

const (
	digits = "0123456789"
	small  = "abcdefghijklmnopqrstuvwxyzđ"
)

// A clerk types the body as lines; what a line begins with tells its level:
//
//	Phần I, Chương I    Part        and the line in capitals that may follow it
//	Điều 1. …           Article
//	I. …                Heading     a Roman numeral up to XXXIX and a space
//	1. …                Clause
//	1.1. …   1.1 …      SubClause   without the last full stop only before a capital
//	a) …     a. …       Point       a small letter; "i)" is the letter, never a Roman numeral
//	- …  – …  • …       Dash
//	+ …                 Plus
//	| … | … |           Grid        rows in succession; a row of |---| is left out
//	anything else       Plain
//
// A capital with a full stop is a Heading only as a Roman numeral of I, V and X: "C. Mác" stays plain, "V. I. Lê-nin" at the
// beginning of a line does not, so such a name must not open one.
//
// Each line is a paragraph, blank lines between them or not. Only a line that ends in a letter or digit, with a line directly
// below that begins with a small letter, was broken by hand: the two are joined, and an Info finding says so.
var markers = []struct {
	level Level
	first string // what it may begin with, told before the form is tried
	form  *lazyregexp.Regexp
	as    string // how number and rest are set; $1 number, $2 rest
}{
	{Part, "PC", lazyregexp.New(`^((?:Phần|PHẦN|Chương|CHƯƠNG) [IVX]+\.?)(?: +(.*))?$`), "$1 $2"},
	{Article, "Đ", lazyregexp.New(`^((?:Điều|ĐIỀU) \d+[a-zđ]?\.)(?: *(.*))?$`), "$1 $2"},
	{Heading, "IVX", lazyregexp.New(`^(X{0,3}(?:IX|IV|V?I{0,3})\.)(?: +(.*))?$`), "$1 $2"},
	{SubClause, digits, lazyregexp.New(`^(\d{1,2}(?:\.\d{1,2})+\.)(?: *(\D.*))?$`), "$1 $2"},
	{SubClause, digits, lazyregexp.New(`^(\d{1,2}(?:\.\d{1,2})+) +(\p{Lu}.*)$`), "$1 $2"},
	{Clause, digits, lazyregexp.New(`^(\d{1,3}\.)(?: +(.*)|(\p{L}.*))?$`), "$1 $2$3"},
	{Point, small, lazyregexp.New(`^([a-zđ]\)) *(.*)$`), "$1 $2"},
	{Point, small, lazyregexp.New(`^([a-zđ]\.) +(.*)$`), "$1 $2"},
	{Dash, "-–—•·●▪", lazyregexp.New(`^[-–—•·●▪](?: +|(\p{L}))(.*)$`), "- $1$2"},
	{Plus, "+", lazyregexp.New(`^\+(?: +|(\p{L}))(.*)$`), "+ $1$2"},
}

// outline reads the lines of a scalar.
func (b *binder) outline(node Node) Outline {
	r := outlineReader{binder: b, node: node, joined: -1}
	for i, text := range strings.Split(node.Text, "\n") {
		text = b.line(node, i, text)
		switch {
		case text == "":
			r.closeLine()
			r.closeGrid()
		case strings.HasPrefix(text, "|"):
			r.closeLine()
			r.row(i, text)
		default:
			r.closeGrid()
			r.line(i, text)
		}
	}
	r.closeLine()
	r.closeGrid()
	return r.out
}

// outlineReader holds the line and the table that are still open.
type outlineReader struct {
	binder *binder
	node   Node
	out    Outline
	open   []string // the line to which the next may belong, as it was broken by hand
	level  Level    // of open
	joined int      // the first line that was joined to it, or -1
	rows   [][]string
	lines  []int // of rows
}

func (r *outlineReader) line(i int, text string) {
	level, text := classify(text)
	if level == Plain && r.continuedBy(text) {
		if r.joined < 0 {
			r.joined = i
		}
		r.open = append(r.open, text)
		return
	}
	r.closeLine()
	r.open, r.level = append(r.open, text), level
}

// untabbed puts a space in place of the tab that stands behind a number where Word sets it, as it comes along when one copies from there.
func untabbed(text string) string {
	const longest = len("Chương XVIII.")
	at := strings.IndexAny(text[:min(len(text), longest+len("\u00a0"))], "\t\u00a0")
	if at < 0 || at > longest {
		return text
	}
	return text[:at] + " " + strings.TrimLeft(text[at:], " \t\u00a0")
}

// classify returns the level of a line and sets its number apart by one space.
func classify(text string) (Level, string) {
	typed := text
	text = untabbed(text)
	first, _ := utf8.DecodeRuneInString(text)
	for _, marker := range markers {
		if !strings.ContainsRune(marker.first, first) {
			continue
		}
		if match := marker.form.FindStringSubmatchIndex(text); match != nil {
			return marker.level, strings.TrimSpace(string(marker.form.ExpandString(nil, marker.as, text, match)))
		}
	}
	return Plain, typed
}

// continuedBy reports whether text goes on with the open line.
func (r *outlineReader) continuedBy(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	if len(r.open) == 0 || !unicode.IsLower(first) {
		return false
	}
	above := r.open[len(r.open)-1]
	last, _ := utf8.DecodeLastRuneInString(above)
	return (unicode.IsLetter(last) || unicode.IsDigit(last)) && (len(r.open) > 1 || above != strings.ToUpper(above))
}

func (r *outlineReader) closeLine() {
	if len(r.open) == 0 {
		return
	}
	level, text := r.level, strings.Join(r.open, " ")
	line := Line{Level: level, Text: text, Title: level != Plain && level < Point && names(text)}
	switch {
	case level == Article:
		line.Title = names(text)
	case level == Plain && r.afterPart() && text == strings.ToUpper(text):
		line.Level, line.Title = Part, true
	}
	if r.joined >= 0 {
		at := lineOf(r.node, r.joined)
		at.Text = diag.Excerpt(text)
		r.binder.found.Add(diag.Finding{
			Severity: diag.Info, Code: diag.JoinedLines, Where: at, Message: "dòng này được nối vào dòng trên thành một đoạn",
			Hint: "nếu là đoạn riêng, để một dòng trống ở giữa hoặc thêm dấu câu cuối dòng trên",
		})
	}
	r.out = append(r.out, line)
	r.open, r.joined = r.open[:0], -1
}

// names reports whether a numbered line is the title of what follows it, and no sentence.
func names(text string) bool { return !strings.ContainsAny(text[len(text)-1:], ".;:,") }

// afterPart reports whether the last block is the number line of a part, whose title comes next.
func (r *outlineReader) afterPart() bool {
	if len(r.out) == 0 {
		return false
	}
	line, ok := r.out[len(r.out)-1].(Line)
	return ok && line.Level == Part && strings.Count(line.Text, " ") == 1 && line.Text != strings.ToUpper(line.Text)
}

const maxColumns = 63 // that Word takes in a table

var divider = lazyregexp.New(`^\|[-:| ]*-[-:| ]*$`)

func (r *outlineReader) row(i int, text string) {
	if len(r.rows) == 1 && divider.MatchString(text) {
		return
	}
	const stroke = "\x00" // a typed \| belongs to its cell; no control character is left in a line that may be printed
	text = strings.ReplaceAll(strings.TrimPrefix(text, "|"), `\|`, stroke)
	cells := strings.Split(strings.TrimSuffix(text, "|"), "|")
	for k := range cells {
		cells[k] = strings.TrimSpace(strings.ReplaceAll(cells[k], stroke, "|"))
	}
	if len(cells) > maxColumns {
		at := lineOf(r.node, i)
		at.Text = diag.Excerpt(strings.Join(cells[:maxColumns], " | "))
		r.binder.complain(diag.WideTable, at, "chia thành nhiều bảng", "dòng này của bảng có %d ô, Word nhận nhiều nhất %d ô",
			len(cells), maxColumns)
		cells = cells[:maxColumns]
	}
	r.rows = append(r.rows, cells)
	r.lines = append(r.lines, i)
}

func (r *outlineReader) closeGrid() {
	if len(r.rows) == 0 {
		return
	}
	width := len(r.rows[0])
	for k, row := range r.rows {
		if len(row) == width {
			continue
		}
		if r.binder.errors > maxErrors { // no document is made, so the rest need not be mended
			r.rows = r.rows[:k]
			break
		}
		at := lineOf(r.node, r.lines[k])
		at.Text = diag.Excerpt(strings.Join(row, " | "))
		r.binder.complain(diag.RaggedTable, at, "thêm hoặc bớt dấu | cho mọi dòng có số ô như dòng đầu; ô trống viết là | |",
			"dòng này của bảng có %d ô, dòng đầu có %d ô", len(row), width)
		r.rows[k] = append(row, make([]string, max(0, width-len(row)))...)[:width]
	}
	r.out = append(r.out, Grid{Head: r.rows[0], Rows: r.rows[1:]})
	r.rows, r.lines = nil, nil
}

// closeOutline ends the last line with the mark that ends a body, "./.", in place of the one typed.
func closeOutline(outline Outline, mark string) {
	if len(outline) == 0 {
		return
	}
	line, ok := outline[len(outline)-1].(Line)
	if !ok {
		return
	}
	text := strings.TrimSuffix(line.Text, nd30.EndMark)
	line.Text = strings.TrimRight(text, " .;,") + mark
	line.Title = false
	outline[len(outline)-1] = line
}

// String names the level in dumps.
func (l Level) String() string {
	if l < Plain || l > Article {
		return fmt.Sprintf("level %d", int(l))
	}
	return [...]string{"plain", "part", "heading", "clause", "subclause", "point", "dash", "plus", "article"}[l]
}

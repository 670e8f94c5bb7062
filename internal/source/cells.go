package source

import (
	"errors"
	"html"
	"regexp"
	"strconv"
	"strings"
)

// How a sheet is read
//
// The library that writes workbooks gives the rows of a sheet as bare strings. They do not tell the number 1.234 from the text
// “1.234”, which a clerk means as one thousand two hundred and thirty-four, nor a date from a number, nor a formula without a value
// from a blank; and asking cell by cell loads the sheet as a tree of a hundred times its size. So the parts are walked here from tag
// to tag; a cell of the grid is cut from the part without a copy (ECMA-376-1, 18.3.1.4 c, 18.3.1.96 v, 18.4.8 si).

var errDamaged = errors.New("a part of the workbook is damaged")

// tags walks over the tags of a part.
type tags struct {
	src   string
	pos   int
	found pieces // the text met since the last tag
	text  string // between the last tag and this one, as written

	name        string // of the tag, without prefix
	attrs       string // as written
	end, closed bool   // </name>, <name/>
	err         error
}

// next goes to the next tag; false at the end of the part.
func (t *tags) next() bool {
	for {
		at := strings.IndexByte(t.src[t.pos:], '<')
		if at < 0 {
			return false
		}
		t.found.add(t.src[t.pos : t.pos+at])
		t.pos += at
		rest := t.src[t.pos:]
		switch {
		case strings.HasPrefix(rest, "<!--"):
			if !t.pass("-->") {
				return false
			}
		case strings.HasPrefix(rest, "<?"):
			if !t.pass("?>") {
				return false
			}
		case strings.HasPrefix(rest, "<![CDATA["):
			from := t.pos + len("<![CDATA[")
			if !t.pass("]]>") {
				return false
			}
			t.found.add(html.EscapeString(t.src[from : t.pos-len("]]>")]))
		case strings.HasPrefix(rest, "<!"): // a DTD has no place in a workbook
			t.err = errDamaged
			return false
		default:
			t.text = t.found.take()
			return t.tag()
		}
	}
}

func (t *tags) pass(end string) bool {
	_, after, found := strings.Cut(t.src[t.pos:], end)
	if !found {
		t.err = errDamaged
		return false
	}
	t.pos = len(t.src) - len(after)
	return true
}

// tag reads the tag at pos. A > between quotes does not end it.
func (t *tags) tag() bool {
	start, quote := t.pos+1, byte(0)
	for i := start; i < len(t.src); i++ {
		switch c := t.src[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			t.pos = i + 1
			inner := t.src[start:i]
			t.end = strings.HasPrefix(inner, "/")
			t.closed = strings.HasSuffix(inner, "/") && !t.end
			inner = strings.Trim(inner, "/"+blanks)
			stop := strings.IndexAny(inner, blanks)
			if stop < 0 {
				stop = len(inner)
			}
			t.name, t.attrs = inner[:stop], inner[stop:]
			if colon := strings.IndexByte(t.name, ':'); colon >= 0 {
				t.name = t.name[colon+1:]
			}
			return true
		}
	}
	t.err = errDamaged
	return false
}

// attributes goes over names, without prefix, and values as written.
func (t *tags) attributes(yield func(name, value string) bool) {
	rest := t.attrs
	for {
		name, after, found := strings.Cut(rest, "=")
		after = strings.TrimLeft(after, blanks)
		if !found || after == "" || after[0] != '"' && after[0] != '\'' {
			return
		}
		value, more, found := strings.Cut(after[1:], after[:1])
		name = strings.Trim(name, blanks)
		if !found || !yield(name[strings.IndexByte(name, ':')+1:], value) {
			return
		}
		rest = more
	}
}

const blanks = " \t\r\n"

// attr returns the value of one attribute, or "".
func (t *tags) attr(name string) string {
	for have, value := range t.attributes {
		if have == name {
			return html.UnescapeString(value)
		}
	}
	return ""
}

// pieces joins text that nearly always comes in one piece, which it then does not copy.
type pieces struct {
	first string
	all   []byte // when there are several
}

func (p *pieces) add(text string) {
	switch {
	case text == "":
	case p.first == "":
		p.first = text
	default:
		if len(p.all) == 0 {
			p.all = append(p.all, p.first...)
		}
		p.all = append(p.all, text...)
	}
}

// take returns the text and forgets it.
func (p *pieces) take() string {
	text := p.first
	if len(p.all) > 0 {
		text = string(p.all)
	}
	p.first, p.all = "", p.all[:0]
	return text
}

// readStrings reads the texts that cells name by their number. Phonetic hints are left out.
func (b *book) readStrings(part string) error {
	text, err := b.part(part)
	if err != nil {
		return err
	}
	t := tags{src: text}
	var current pieces
	phonetic := false
	for t.next() {
		switch {
		case t.name == "si" && (t.end || t.closed):
			if b.strings = append(b.strings, unescape(current.take())); len(b.strings) > maxCells {
				return errDamaged
			}
		case t.name == "rPh":
			phonetic = !t.end && !t.closed
		case t.name == "t" && t.end && !phonetic:
			current.add(t.text)
		}
	}
	return t.err
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape resolves references and the _xHHHH_ with which a workbook writes characters that XML does not have (ECMA-376-1,
// 22.9.2.19).
func unescape(text string) string {
	if strings.IndexByte(text, '&') >= 0 {
		text = html.UnescapeString(text)
	}
	if !strings.Contains(text, "_x") {
		return text
	}
	return escaped.ReplaceAllStringFunc(text, func(code string) string {
		n, _ := strconv.ParseUint(code[2:6], 16, 16) // four digits, as the form has it
		return string(rune(n))
	})
}

// sheetReader reads the part of a sheet.
type sheetReader struct {
	tags
	book  *book
	grid  *grid
	areas []area
	row   int // of the cell at hand, from 1
	col   int
	over  string // the first cell beyond the limits of a sheet, or ""

	// Of the cell at hand:
	kind, style       string
	value             string
	inline            pieces
	formula, hasValue bool
	rich              bool // inside <is>
}

// read gives the rows and merged ranges of a part.
func (s *sheetReader) read() error {
	for s.next() {
		switch s.name {
		case "row":
			if !s.end {
				s.startRow()
			}
		case "c":
			if !s.end {
				s.startCell()
			}
			if s.end || s.closed {
				s.endCell()
			}
		case "f":
			s.formula = true
		case "v":
			if s.end {
				s.value, s.hasValue = s.text, true
			}
		case "is":
			s.rich = !s.end && !s.closed
		case "rPh":
			s.rich = s.end
		case "t":
			if s.end && s.rich {
				s.inline.add(s.text)
			}
		case "mergeCell":
			s.merge()
		}
		if s.over != "" || s.book.tooLarge() {
			return nil
		}
	}
	return s.err
}

func (s *sheetReader) startRow() {
	s.book.elements++
	s.row++
	if n, err := strconv.Atoi(s.attr("r")); err == nil && 0 < n && n <= lastRow {
		s.row = n
	}
	s.col = -1
}

func (s *sheetReader) startCell() {
	s.book.elements++
	s.col++
	s.kind, s.style, s.value, s.formula, s.hasValue = "", "", "", false, false
	s.inline.take()
	for name, value := range s.attributes {
		switch name {
		case "r":
			if row, column, ok := cellAt(value); ok {
				s.row, s.col = row, column
			}
		case "s":
			s.style = value
		case "t":
			s.kind = value
		}
	}
}

// endCell adds the cell at hand to the grid, unless it is blank.
func (s *sheetReader) endCell() {
	if s.row < 1 || s.col < 0 { // an end without a beginning
		s.err = errDamaged
		return
	}
	c := cell{row: int32(s.row), column: int32(s.col), format: s.book.format(s.style), worked: s.formula}
	switch {
	case s.formula && (!s.hasValue || s.value == "" && s.kind != "str"):
		c.kind = formulaCell
	case s.kind == "inlineStr":
		c.kind, c.text = textCell, unescape(s.inline.take())
	case s.kind == "s":
		n, err := strconv.Atoi(strings.TrimSpace(s.value))
		if err == nil && n >= 0 && n < len(s.book.strings) {
			c.kind, c.text = textCell, s.book.strings[n]
		}
	case s.kind == "str":
		c.kind, c.text = textCell, unescape(s.value)
	case s.kind == "e":
		c.kind, c.text = faultCell, unescape(s.value)
	case s.kind == "b":
		c.kind, c.text = boolCell, "FALSE"
		if value := strings.TrimSpace(s.value); value == "1" || value == "true" {
			c.text = "TRUE"
		}
	case s.kind == "d": // ISO 8601 (ECMA-376-1, 18.18.11)
		day, _, _ := strings.Cut(strings.TrimSpace(s.value), "T")
		c.kind, c.text = textCell, day
	default:
		c.kind, c.text = numberCell, strings.TrimSpace(s.value)
	}
	if c.kind != formulaCell && strings.TrimSpace(c.text) == "" {
		return
	}
	if s.row > maxRows || s.col >= maxColumns {
		s.over = cellName(s.row, s.col)
		return
	}
	s.add(c)
}

func (s *sheetReader) add(c cell) {
	g := s.grid
	last := len(g.rows) - 1
	if last < 0 || g.rows[last].number != s.row {
		if last >= 0 && g.rows[last].number > s.row {
			s.err = errDamaged // rows go down a sheet
			return
		}
		width := 8
		if last >= 0 {
			width = len(g.rows[last].cells)
		}
		g.rows = append(g.rows, gridRow{number: s.row, cells: make([]cell, 0, width)})
		last++
	}
	row := &g.rows[last]
	s.book.cells += max(1, s.col+1-len(row.cells))
	s.book.text += len(c.text)
	for len(row.cells) < s.col {
		row.cells = append(row.cells, cell{row: int32(s.row), column: int32(len(row.cells))})
	}
	if len(row.cells) == s.col {
		row.cells = append(row.cells, c)
	} else {
		row.cells[s.col] = c
	}
}

func (s *sheetReader) merge() {
	s.book.elements++
	first, last, _ := strings.Cut(s.attr("ref"), ":")
	top, left, ok := cellAt(first)
	bottom, right, okToo := cellAt(last)
	if ok && okToo && top <= bottom && left <= right && left < maxColumns {
		s.areas = append(s.areas, area{top, left, bottom, right})
	}
}

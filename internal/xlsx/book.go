// Package xlsx reads what the cells of an Excel workbook hold (ECMA-376-1, 18: SpreadsheetML), with the numbers and dates in them told
// apart by their formats. What a sheet means is for others to say.
//
// The library that writes workbooks gives the rows of a sheet as bare strings. They do not tell the number 1.234 from the text “1.234”,
// which a clerk means as one thousand two hundred and thirty-four, nor a date from a number, nor a formula without a value from a blank;
// and asking cell by cell loads the sheet as a tree of a hundred times its size. So the parts are scanned here from tag to tag; the text
// of a cell is cut from the part without a copy.
package xlsx

import (
	"fmt"
	"strconv"
	"strings"

	"vanthu/internal/lazyregexp"
	"vanthu/internal/ooxml"
)

// Limits of a workbook.
const (
	MaxSheets   = 250       // an office may give each of its units one
	MaxStrings  = 1_500_000 // shared by cells
	MaxElements = 2_000_000 // rows, cells and merged ranges
)

// Book is an open workbook.
type Book struct {
	Sheets   []Sheet // in the order of their tabs, without charts that have a tab of their own; MaxSheets and one more at most
	Date1904 bool    // serial numbers of days count from 1904 (18.2.28)
	Elements int     // rows, cells and merged ranges met so far, with something in them or not

	pkg     *ooxml.Package
	read    map[string]bool // parts: each is read once, so that no more is unzipped than the package may hold
	strings []string
	formats []Format // by style
}

// Sheet is a sheet of a workbook.
type Sheet struct {
	Name   string
	Hidden bool
	part   string
}

// Open reads the parts of a workbook that its sheets rest on. The error is that of a damaged part.
func Open(pkg *ooxml.Package) (*Book, error) {
	b := &Book{pkg: pkg, read: map[string]bool{}}
	root, err := pkg.Relations("")
	if err != nil {
		return nil, err
	}
	main := root.Target("officeDocument")
	relations, err := pkg.Relations(main)
	if err != nil {
		return nil, err
	}
	if err := b.readSheets(main, relations); err != nil {
		return nil, err
	}
	if len(b.Sheets) == 0 {
		return nil, damaged("no sheet")
	}
	if err := b.readStyles(relations.Target("styles")); err != nil {
		return nil, err
	}
	return b, b.readStrings(relations.Target("sharedStrings"))
}

func damaged(what string) error { return fmt.Errorf("%w: %s", ooxml.ErrDamaged, what) }

// scan begins a part. One that is absent, or was read before, is empty.
func (b *Book) scan(part string) (*ooxml.Scanner, error) {
	key := strings.ToLower(part)
	if b.read[key] {
		return ooxml.NewScanner("<read/>"), nil
	}
	b.read[key] = true
	s, err := b.pkg.Scan(part)
	if s == nil {
		s = ooxml.NewScanner("<absent/>")
	}
	return s, err
}

// readSheets lists the sheets (18.2.20).
func (b *Book) readSheets(part string, relations ooxml.Relations) error {
	s, err := b.scan(part)
	if err != nil {
		return err
	}
	for s.Next() {
		switch {
		case s.End:
		case s.Name == "workbookPr":
			since1904 := s.Attr("date1904")
			b.Date1904 = since1904 == "1" || since1904 == "true"
		case s.Name == "sheet":
			if len(b.Sheets) > MaxSheets {
				return nil
			}
			state := s.Attr("state")
			if r := relations[s.Attr("id")]; r.Type == "worksheet" {
				b.Sheets = append(b.Sheets, Sheet{s.Attr("name"), state != "" && state != "visible", r.Target})
			}
		}
	}
	return s.Err()
}

// readStyles notes what the style of a cell says about a number (18.8.10 cellXfs, 18.8.31 numFmts).
func (b *Book) readStyles(part string) error {
	s, err := b.scan(part)
	if err != nil {
		return err
	}
	custom := map[int]Format{}
	inside := ""
	for s.Next() {
		switch {
		case s.Name == "numFmts" || s.Name == "cellXfs":
			if inside = s.Name; s.End {
				inside = ""
			}
		case s.End:
		case s.Name == "numFmt" && inside == "numFmts":
			if id, err := strconv.Atoi(s.Attr("numFmtId")); err == nil {
				custom[id] = customFormat(s.Attr("formatCode"))
			}
		case s.Name == "xf" && inside == "cellXfs":
			id, _ := strconv.Atoi(s.Attr("numFmtId")) // 0, the plain one, where it is not said
			format, spelled := custom[id]
			if !spelled {
				format = builtinFormat(id)
			}
			b.formats = append(b.formats, format)
		}
	}
	return s.Err()
}

// format is that of a style, as a cell names it.
func (b *Book) format(style string) Format {
	if style == "" {
		style = "0"
	}
	if n, err := strconv.Atoi(style); err == nil && 0 <= n && n < len(b.formats) {
		return b.formats[n]
	}
	return General
}

// readStrings reads the texts that cells name by their number (18.4.9). Phonetic hints are left out.
func (b *Book) readStrings(part string) error {
	s, err := b.scan(part)
	if err != nil {
		return err
	}
	var current pieces
	phonetic := false
	for s.Next() {
		switch s.Name {
		case "si":
			if s.End || s.Closed {
				if b.strings = append(b.strings, unescape(current.take())); len(b.strings) > MaxStrings {
					return damaged("too many shared strings")
				}
			}
		case "rPh":
			phonetic = !s.End && !s.Closed
		case "t":
			if s.End && !phonetic {
				current.add(s.Text)
			}
		}
	}
	return s.Err()
}

var escaped = lazyregexp.New(`_x[0-9A-Fa-f]{4}_`)

// unescape resolves the _xHHHH_ with which a workbook writes characters that XML does not have (22.9.2.19).
func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return escaped.ReplaceAllStringFunc(text, func(code string) string {
		n, _ := strconv.ParseUint(code[2:6], 16, 16) // four digits, as the form has it
		return string(rune(n))
	})
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

// Release lets go of the package and the texts of its cells, once no sheet is to be read any more.
func (b *Book) Release() { b.pkg, b.read, b.strings, b.formats = nil, nil, nil, nil }

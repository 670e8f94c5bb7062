package wml

import (
	"strings"

	"vanthu/internal/flow"
	"vanthu/internal/ooxml"
)

// This file knows fields (17.16): PAGE and NUMPAGES are kept as fields, the others print the result that the file stores.
//
//	fldChar begin | instrText " PAGE " | fldChar separate | result "3" | fldChar end

// field is an open complex field.
type field struct {
	code    []byte
	result  bool // past its separator
	number  bool // PAGE or NUMPAGES: the stored result is not printed
	kind    flow.FieldKind
	pending bool // the number still waits for the look of the first run of its result
}

// pageNumber reports whether a field code asks for a number that layout knows.
func (r *reader) pageNumber(code string) (flow.FieldKind, bool) {
	words := strings.Fields(code)
	if len(words) == 0 {
		return 0, false
	}
	var kind flow.FieldKind
	switch strings.ToUpper(words[0]) {
	case "PAGE":
		kind = flow.PageNumber
	case "NUMPAGES":
		kind = flow.PageCount
	default:
		return 0, false
	}
	for i, word := range words[1:] {
		if word != `\*` || i+2 >= len(words) {
			continue
		}
		switch format := words[i+2]; strings.ToUpper(format) {
		case "MERGEFORMAT", "ARABIC", "CHARFORMAT":
		default:
			r.note(&fieldFormat, format)
		}
	}
	return kind, true
}

// fieldChar reads w:fldChar.
func (r *reader) fieldChar(e *ooxml.Element) {
	last := len(r.fields) - 1
	switch e.Attr("w:fldCharType") {
	case "begin":
		if len(r.fields) < ooxml.MaxDepth {
			r.fields = append(r.fields, field{})
		}
	case "separate":
		if last >= 0 && !r.fields[last].result {
			f := &r.fields[last]
			f.kind, f.number = r.pageNumber(string(f.code))
			f.result, f.pending = true, f.number
		}
	case "end":
		if last < 0 {
			return
		}
		f := r.fields[last]
		r.fields = r.fields[:last]
		if !f.result {
			f.kind, f.number = r.pageNumber(string(f.code))
			f.pending = f.number
			r.noResult(string(f.code))
		}
		if f.pending {
			r.inline(flow.Field{Kind: f.kind, Style: r.run.look.style})
		}
	}
}

// noResult notes a field that would print something but stores nothing.
func (r *reader) noResult(code string) {
	words := strings.Fields(code)
	if len(words) == 0 {
		return
	}
	switch name := strings.ToUpper(words[0]); name {
	case "SYMBOL", "EQ", "FORMCHECKBOX", "MACROBUTTON", "GOTOBUTTON", "ADVANCE", "DATE", "TIME", "QUOTE", "REF", "SEQ":
		r.note(&fieldEmpty, strings.TrimSpace(code))
	}
}

func (r *reader) fieldInstruction(code string) {
	if last := len(r.fields) - 1; last >= 0 && !r.fields[last].result {
		r.fields[last].code = append(r.fields[last].code, code...)
	}
}

// muted reports whether what stands here is not printed: it is a field's code, or the stored result of a page number, in whose
// place the number itself goes. Text in a code is noted, but not the result of a field that is part of a code.
func (r *reader) muted(text string) bool {
	for i := range r.fields {
		f := &r.fields[i]
		switch {
		case !f.result:
			if text != "" && !r.fields[len(r.fields)-1].result {
				r.note(&fieldCode, text)
			}
			return true
		case f.number:
			if f.pending && text != "" {
				f.pending = false
				r.run.emit(flow.Field{Kind: f.kind, Style: r.run.look.style})
			}
			return true
		}
	}
	return false
}

// closeNumbers ends page numbers that a paragraph leaves open, so that they swallow nothing of the next one.
func (r *reader) closeNumbers() {
	for i, f := range r.fields {
		if f.number {
			r.note(&fieldOpen, strings.TrimSpace(string(f.code)))
			r.fields = r.fields[:i]
			return
		}
	}
}

// closeFields notes fields that a part leaves open.
func (r *reader) closeFields() {
	for _, f := range r.fields {
		r.note(&fieldOpen, strings.TrimSpace(string(f.code)))
	}
	r.place(func() string { return "" })
	r.fields = r.fields[:0]
}

// simpleField reads w:fldSimple.
func (r *reader) simpleField(e *ooxml.Element) {
	kind, number := r.pageNumber(e.Attr("w:instr"))
	if !number {
		r.inlines(e.Children)
		return
	}
	var direct runProps
	if rPr := e.Child("w:r", "w:rPr"); rPr != nil {
		r.readRunProps(&direct, rPr)
	}
	r.run.look = r.finish(r.run.base, &direct)
	r.inline(flow.Field{Kind: kind, Style: r.run.look.style})
}

package wml

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"vanthu/internal/flow"
	"vanthu/internal/geom"
	"vanthu/internal/ooxml"
	"vanthu/internal/vi"
)

// This file knows w:r and what may stand in a paragraph: text, tabs, breaks, and wrappers around them (17.3.3).

// runReader gathers the inlines of one paragraph; neighbouring text of one style becomes one flow.Text.
type runReader struct {
	base    runState
	look    look
	inlines []flow.Inline
	text    []byte // not yet among inlines
	style   flow.RunStyle
}

func (w *runReader) begin(base runState) {
	w.base = base
	w.look = base.direct(&runProps{})
	w.inlines = w.inlines[:0]
	w.text = w.text[:0]
}

func (w *runReader) end() []flow.Inline {
	w.flush()
	if len(w.inlines) == 0 {
		return nil
	}
	return slices.Clone(w.inlines)
}

func (w *runReader) append(style flow.RunStyle, text string) {
	if len(w.text) > 0 && w.style != style {
		w.flush()
	}
	w.style = style
	w.text = append(w.text, text...)
}

func (w *runReader) emit(i flow.Inline) {
	w.flush()
	w.inlines = append(w.inlines, i)
}

func (w *runReader) flush() {
	if len(w.text) > 0 {
		w.inlines = append(w.inlines, flow.Text{Text: vi.NFC(string(w.text)), Style: w.style})
		w.text = w.text[:0]
	}
}

// inlines reads what stands in a paragraph, or in a wrapper inside it.
func (r *reader) inlines(children []*ooxml.Element) {
	for _, e := range children {
		switch e.Name {
		case "w:r":
			r.readRun(e)
		case "w:fldSimple":
			r.simpleField(e)
		case "w:ins", "w:moveTo":
			r.note(&tracked, "")
			r.inlines(e.Children)
		case "w:del", "w:moveFrom":
			r.note(&tracked, plainText(e))
		case "mc:AlternateContent":
			r.inlines(alternative(e))
		case "m:oMath", "m:oMathPara":
			r.note(&equation, plainText(e))
		case "", "w:pPr", "w:proofErr", "w:bookmarkStart", "w:bookmarkEnd", "w:sdtPr":
		default:
			if content, wraps := inside(e); wraps {
				r.inlines(content)
			} else if text := plainText(e); strings.TrimSpace(text) != "" {
				r.note(&unknown, text)
			}
		}
	}
}

// readRun reads a w:r.
func (r *reader) readRun(e *ooxml.Element) {
	var direct runProps
	if len(e.Children) > 0 && e.Children[0].Name == "w:rPr" {
		r.readRunProps(&direct, e.Children[0])
	}
	r.run.look = r.finish(r.run.base, &direct)
	if r.run.look.hidden {
		if text := plainText(e); text != "" {
			r.note(&hiddenText, text)
		}
	}
	r.runContent(e.Children)
}

func (r *reader) runContent(children []*ooxml.Element) {
	for _, e := range children {
		switch e.Name {
		case "w:t":
			r.text(textOf(e))
		case "w:tab":
			r.inline(flow.Tab{Style: r.run.look.style})
		case "w:ptab":
			r.note(&absoluteTab, "")
			r.inline(flow.Tab{Style: r.run.look.style})
		case "w:br":
			kind := flow.LineBreak
			if t := e.Attr("w:type"); t == "page" || t == "column" {
				kind = flow.PageBreak
			}
			r.inline(flow.Break{Kind: kind, Style: r.run.look.style})
		case "w:cr":
			r.inline(flow.Break{Style: r.run.look.style})
		case "w:noBreakHyphen":
			r.text("\u2011")
		case "w:softHyphen":
			r.text("\u00ad")
		case "w:fldChar":
			r.fieldChar(e)
		case "w:instrText":
			r.fieldInstruction(e.InnerText())
		case "w:pgNum":
			r.inline(flow.Field{Kind: flow.PageNumber, Style: r.run.look.style})
		case "w:sym":
			r.symbol(e)
		case "mc:AlternateContent":
			r.alternateRun(e)
		case "w:ruby":
			r.note(&runEffect, "ruby")
			if base := e.Child("w:rubyBase"); base != nil {
				r.inlines(base.Children)
			}
		case "w:delText":
			r.note(&tracked, e.InnerText())
		case "", "w:rPr", "w:lastRenderedPageBreak":
		default:
			r.runObject(e)
		}
	}
}

// runObject reads what hangs on a run and is not text.
func (r *reader) runObject(e *ooxml.Element) {
	switch e.Name {
	case "w:drawing":
		r.drawing(e)
	case "w:pict":
		r.picture(e)
	case "w:object":
		r.note(&oleObject, "")
	case "w:footnoteReference":
		r.note(&footnote, r.noteText("footnotes", e.Attr("w:id")))
	case "w:endnoteReference":
		r.note(&endnote, r.noteText("endnotes", e.Attr("w:id")))
	case "w:commentReference":
		r.note(&comment, r.noteText("comments", e.Attr("w:id")))
	case "w:dayShort", "w:dayLong", "w:monthShort", "w:monthLong", "w:yearShort", "w:yearLong":
		r.note(&fieldEmpty, e.Name[2:])
	default:
		if text := plainText(e); strings.TrimSpace(text) != "" {
			r.note(&unknown, text)
		}
	}
}

// noteText returns the text of a footnote, an endnote or a comment by its id. The part is read when it is first referred to.
func (r *reader) noteText(kind, id string) string {
	if r.notes == nil {
		r.notes = make(map[string]*ooxml.Element)
	}
	root, read := r.notes[kind]
	if !read {
		root = r.tree(r.part(kind, "word/"+kind+".xml"))
		r.notes[kind] = root
	}
	if root != nil {
		for _, e := range root.Children {
			if e.Attr("w:id") == id && e.Name != "" {
				return plainText(e)
			}
		}
	}
	return ""
}

// textOf returns the characters of a w:t; white space around them counts only when the file says so (17.3.3.31).
func textOf(e *ooxml.Element) string {
	var text string
	if len(e.Children) == 1 {
		text = e.Children[0].Text
	} else {
		text = e.InnerText()
	}
	if e.Attr("xml:space") != "preserve" {
		text = strings.Trim(text, " \t\r\n")
	}
	return text
}

// inline adds a tab, break or field unless it is hidden or inside a field's code.
func (r *reader) inline(i flow.Inline) {
	if !r.run.look.hidden && !r.muted("") {
		r.run.emit(i)
	}
}

// text adds characters in the look of the run, with capitals applied.
func (r *reader) text(text string) {
	l := &r.run.look
	if text == "" || l.hidden || r.muted(text) {
		return
	}
	if strings.ContainsAny(text, "\t\r\n\u2028\u2029") {
		r.brokenText(text)
		return
	}
	if l.effects != "" {
		r.note(&runEffect, l.effects)
	}
	if l.kerned {
		r.note(&kerning, "")
	}
	switch {
	case symbolFonts(l.style.Font):
		r.symbolText(text)
	case l.caps:
		r.put(l.style, strings.ToUpper(text))
	case l.small:
		r.smallText(text)
	default:
		r.put(l.style, text)
	}
}

// brokenText adds characters that hold tabs or line ends, as text written by hand into XML may.
func (r *reader) brokenText(text string) {
	start := 0
	for i, c := range text {
		var between flow.Inline
		switch c {
		case '\t':
			between = flow.Tab{Style: r.run.look.style}
		case '\u2028', '\u2029':
			between = flow.Break{Style: r.run.look.style}
		case '\r', '\n':
		default:
			continue
		}
		r.text(text[start:i])
		if between != nil {
			r.inline(between)
		} else {
			r.text(" ")
		}
		start = i + utf8.RuneLen(c)
	}
	r.text(text[start:])
}

// put adds characters, split where ASCII and other characters have different families (17.3.2.26).
func (r *reader) put(style flow.RunStyle, text string) {
	other := style
	other.Font = r.run.look.hAnsi
	if legacy(style.Font) || legacy(other.Font) {
		r.note(&legacyFont, style.Font)
	}
	if other.Font == style.Font {
		r.run.append(style, text)
		return
	}
	start := 0
	for i, c := range text {
		if i > start && (c < utf8.RuneSelf) != (text[start] < utf8.RuneSelf) {
			r.run.append(pick(text[start] < utf8.RuneSelf, style, other), text[start:i])
			start = i
		}
	}
	r.run.append(pick(text[start] < utf8.RuneSelf, style, other), text[start:])
}

func pick(first bool, a, b flow.RunStyle) flow.RunStyle {
	if first {
		return a
	}
	return b
}

// legacy reports whether a family belongs to an encoding older than Unicode, in which Vietnamese letters are other characters.
func legacy(family string) bool {
	return strings.HasPrefix(family, ".Vn") || strings.HasPrefix(family, "VNI-")
}

// smallText adds small capitals: lower-case letters become capitals of 80 % of the size (17.3.2.33).
func (r *reader) smallText(text string) {
	r.note(&smallCaps, text)
	style, low := r.run.look.style, r.run.look.style
	low.Size = max(geom.HalfPoint, low.Size*4/5/geom.HalfPoint*geom.HalfPoint)
	start := 0
	lower := false
	for i, c := range text {
		if i == 0 {
			lower = unicode.IsLower(c)
		} else if unicode.IsLower(c) != lower {
			r.put(pick(lower, low, style), strings.ToUpper(text[start:i]))
			start, lower = i, !lower
		}
	}
	r.put(pick(lower, low, style), strings.ToUpper(text[start:]))
}

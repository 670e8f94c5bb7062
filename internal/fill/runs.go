package fill

import (
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/ooxml"
)

// Word splits a text into runs wherever spelling, language or an old edit changes, also in the middle of a tag:
//
//	<w:r><w:t>{{so</w:t></w:r><w:proofErr/><w:r><w:t>_hieu}} của</w:t></w:r>
//
// normalise joins the text of a paragraph across its runs, finds the tags, and puts each tag whole into the run of its first
// character. Then it takes block, outline and rule tags out of the text: the run is cut in two and a mark stands between.

// leaf is a w:t of a paragraph, or nil for a barrier.
type leaf struct {
	t     *ooxml.Element
	start int // of its text in the text of the paragraph
}

// markName is the name of the element that stands for a mark; no XML can hold it.
const markName = "\x00mark"

// normalise works on one w:p; paragraphs nested in it, as in a text box, are left alone.
func (c *compiler) normalise(p *ooxml.Element) {
	p.Children = slices.DeleteFunc(p.Children, func(e *ooxml.Element) bool { return e.Name == "w:proofErr" })
	var text strings.Builder
	var leaves []leaf
	collect(p, &text, &leaves)
	joined := text.String()
	place := c.place(joined)
	spans, stray := findTags(joined)
	if hasWords(joined) || hasValue(joined) {
		c.before = place.Text
	}
	if stray != "" {
		c.complain(diag.UnclosedTag, "dấu {{ không có dấu }} đóng lại trong cùng đoạn", "viết đủ dấu trên một dòng, hoặc bỏ dấu {{",
			place, diag.Excerpt(strings.ReplaceAll(stray, barrier, " ")))
	}
	if len(spans) == 0 {
		return
	}
	shareOut(joined, spans, leaves)
	dropEmptied(p)
	c.takeOut(p, place)
}

// collect joins the text below e, noting where each w:t begins.
func collect(e *ooxml.Element, text *strings.Builder, leaves *[]leaf) {
	for _, child := range e.Children {
		switch child.Name {
		case "w:t":
			*leaves = append(*leaves, leaf{t: child, start: text.Len()})
			text.WriteString(child.InnerText())
		case "w:pPr", "w:rPr", "w:lastRenderedPageBreak", "w:bookmarkStart", "w:bookmarkEnd", "":
		case "w:r", "w:hyperlink", "w:ins", "w:smartTag", "w:sdt", "w:sdtContent":
			collect(child, text, leaves)
		default:
			*leaves = append(*leaves, leaf{start: text.Len()})
			text.WriteString(barrier)
		}
	}
}

// shareOut sets the text of the leaves anew, each tag whole in the leaf where it begins.
func shareOut(joined string, spans []span, leaves []leaf) {
	texts := make([]strings.Builder, len(leaves))
	owner := func(at int) int {
		i, found := slices.BinarySearchFunc(leaves, at, func(l leaf, at int) int { return l.start - at })
		for found && i+1 < len(leaves) && leaves[i+1].start == at { // of leaves without text the last has the byte
			i++
		}
		if !found {
			i--
		}
		return i
	}
	plain := func(from, to int) {
		for i := owner(from); from < to; i++ {
			end := to
			if i+1 < len(leaves) {
				end = min(to, leaves[i+1].start)
			}
			texts[i].WriteString(joined[from:end])
			from = end
		}
	}
	at := 0
	for _, s := range spans {
		if at < s.start {
			plain(at, s.start)
		}
		texts[owner(s.start)].WriteString(joined[s.start:s.end])
		at = s.end
	}
	if at < len(joined) {
		plain(at, len(joined))
	}
	for i, l := range leaves {
		if l.t != nil {
			setText(l.t, texts[i].String())
		}
	}
}

// setText replaces the text of a w:t and keeps its outer spaces (ECMA-376-1, 17.3.3.31).
func setText(t *ooxml.Element, text string) {
	t.Children = nil
	if text != "" {
		t.Children = []*ooxml.Element{{Text: text}}
	}
	t.Attrs = []ooxml.Attr{{Name: "xml:space", Value: "preserve"}}
}

// dropEmptied removes the w:t that lost their text to a tag's first run, and the runs that hold nothing else.
func dropEmptied(e *ooxml.Element) {
	e.Children = slices.DeleteFunc(e.Children, func(child *ooxml.Element) bool {
		switch child.Name {
		case "w:t":
			return len(child.Children) == 0
		case "w:r":
			held := content(child)
			dropEmptied(child)
			return held > 0 && content(child) == 0
		case "w:hyperlink", "w:ins", "w:smartTag", "w:sdt", "w:sdtContent":
			dropEmptied(child)
		}
		return false
	})
}

// content counts what a run holds beside its properties.
func content(run *ooxml.Element) (n int) {
	for _, child := range run.Children {
		if child.Name != "" && child.Name != "w:rPr" {
			n++
		}
	}
	return n
}

// takeOut cuts the runs below e at block, outline and rule tags, and complains of tags that cannot be read.
func (c *compiler) takeOut(e *ooxml.Element, place diag.Place) {
	var children []*ooxml.Element
	for _, child := range e.Children {
		switch child.Name {
		case "w:r":
			children = append(children, c.cutRun(child, place)...)
			continue
		case "w:hyperlink", "w:ins", "w:smartTag", "w:sdt", "w:sdtContent":
			c.takeOut(child, place)
		}
		children = append(children, child)
	}
	e.Children = children
}

// cutRun returns the run in pieces, with marks between them.
func (c *compiler) cutRun(run *ooxml.Element, place diag.Place) []*ooxml.Element {
	properties := run.Child("w:rPr")
	var pieces []*ooxml.Element
	var piece *ooxml.Element
	hold := func(child *ooxml.Element) {
		if piece == nil {
			piece = &ooxml.Element{Name: run.Name, Attrs: run.Attrs}
			if properties != nil {
				piece.Children = []*ooxml.Element{properties}
			}
			pieces = append(pieces, piece)
		}
		piece.Children = append(piece.Children, child)
	}
	holdText := func(text string) {
		if text != "" {
			t := &ooxml.Element{Name: "w:t"}
			setText(t, text)
			hold(t)
		}
	}
	for _, child := range run.Children {
		if child.Name != "w:t" {
			if child != properties {
				hold(child)
			}
			continue
		}
		text, at := child.InnerText(), 0
		spans, _ := findTags(text)
		if len(spans) == 0 {
			hold(child)
			continue
		}
		for _, s := range spans {
			t, message, hint := parseTag(text[s.start:s.end])
			if message != "" {
				c.complain(diag.BadTag, message, hint, place, t.source)
				continue
			}
			if t.kind != holeTag {
				holdText(text[at:s.start])
				pieces, piece = append(pieces, c.newMark(t, place)), nil
				at = s.end
			}
		}
		holdText(text[at:])
	}
	return pieces
}

// newMark returns the element that stands for a tag.
func (c *compiler) newMark(t tag, place diag.Place) *ooxml.Element {
	if place.After != "" || !hasWords(place.Text) {
		place.Text = t.source
	}
	e := &ooxml.Element{Name: markName}
	c.marks[e] = &mark{tag: t, place: place}
	return e
}

package fill

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/ooxml"
	"vanthu/internal/vi"
)

// compiler turns the tree of a part into steps. It works in two walks: prepare finds the tags, makes marks of block, outline and
// rule tags and lifts them to where they belong; until writes the steps.
type compiler struct {
	file   string
	schema *model.Schema
	styles StyleSheet
	found  diag.Findings
	fields map[string]bool

	part      string
	paragraph int
	before    string // the words, or else the tags, of the last paragraph that says anything
	marks     map[*ooxml.Element]*mark
	places    map[*ooxml.Element]diag.Place // of each w:p
	here      diag.Place                    // of the paragraph being compiled
	table     *ooxml.Element                // the innermost w:tbl being compiled
	body      *ooxml.Element                // of the document, nil in other parts
	sections  map[*ooxml.Element]*section   // each child of the body -> the section it stands in
	column    column                        // the column being compiled
	scopes    []scope
	opened    []string // paths of the blocks that are open among the siblings being compiled
	crossed   map[string]bool
	steps     []step
}

// compilePart returns the steps of a part.
func (c *compiler) compilePart(part string, root *ooxml.Element) []step {
	c.part, c.paragraph, c.before = part, 0, ""
	c.marks, c.places = make(map[*ooxml.Element]*mark), make(map[*ooxml.Element]diag.Place)
	c.crossed = make(map[string]bool)
	c.scopes = []scope{rootScope(c.schema)}
	c.steps = nil
	c.prepare(root)
	if c.body = root.Child("w:body"); c.body != nil {
		c.sections, c.column = readSections(c.body)
	}
	c.element(root)
	return c.steps
}

// place is where the paragraph now prepared stands.
func (c *compiler) place(text string) diag.Place {
	file := c.file
	if c.part != documentPart {
		file += " (" + strings.TrimPrefix(c.part, "word/") + ")"
	}
	place := diag.Place{File: file, Paragraph: c.paragraph, Text: diag.Excerpt(strings.ReplaceAll(text, barrier, " "))}
	if !hasWords(text) {
		place.After = c.before
	}
	return place
}

// hasWords reports whether a text says anything beside its tags.
func hasWords(text string) bool {
	spans, _ := findTags(text)
	at := 0
	for _, s := range append(spans, span{len(text), len(text)}) {
		if strings.ContainsFunc(text[at:s.start], unicode.IsLetter) {
			return true
		}
		at = s.end
	}
	return false
}

// hasValue reports whether a value of its own stands in a text: {{trich_yeu}}, but not {{.}}.
func hasValue(text string) bool {
	spans, _ := findTags(text)
	return slices.ContainsFunc(spans, func(s span) bool {
		t, wrong, _ := parseTag(text[s.start:s.end])
		return wrong == "" && t.kind == holeTag && t.path != "."
	})
}

func (c *compiler) complain(code diag.Code, message, hint string, place diag.Place, text string) {
	place.Text = cmp.Or(text, place.Text)
	c.found.Add(diag.Finding{Severity: diag.Error, Code: code, Message: message, Hint: hint, Where: place})
}

// prepare normalises the paragraphs below e in document order, and lifts the marks that stand alone.
func (c *compiler) prepare(e *ooxml.Element) {
	var children []*ooxml.Element
	for _, child := range e.Children {
		if isLayout(e, child) {
			continue
		}
		if child.Name != "w:p" {
			child.Text = vi.NFC(child.Text)
			c.prepare(child)
			if child.Name == "w:tr" {
				children = append(children, c.liftRow(child)...)
			} else {
				children = append(children, child)
			}
			continue
		}
		c.paragraph++
		c.places[child] = c.place("")
		c.normalise(child)
		lifted := c.lift(child)
		c.prepare(child)
		children = append(children, lifted...)
	}
	e.Children = children
}

// isLayout reports whether child is white space between elements, which says nothing.
func isLayout(parent, child *ooxml.Element) bool {
	if child.Name != "" || strings.TrimSpace(child.Text) != "" {
		return false
	}
	switch parent.Name {
	case "w:t", "w:delText", "w:instrText", "m:t":
		return false
	}
	return true
}

// lift returns what stands in place of a paragraph: its marks when it holds nothing else, or the paragraph itself. A section that
// ends with the paragraph (ECMA-376-1, 17.6.18) must not be lost with it.
func (c *compiler) lift(p *ooxml.Element) []*ooxml.Element {
	var marks []*ooxml.Element
	alone := c.gather(p, &marks)
	if len(marks) == 0 {
		return []*ooxml.Element{p}
	}
	if !alone {
		for _, e := range marks {
			if m := c.marks[e]; !m.isBlock() {
				c.complain(diag.NotAlone, "dấu "+m.source+" không đứng riêng một đoạn", "tách dấu này thành một đoạn riêng",
					m.place, "")
				m.spoilt = true
			}
		}
		return []*ooxml.Element{p}
	}
	keep := isOn(p.Child("w:pPr", "w:keepNext"))
	for _, e := range marks {
		c.marks[e].keepNext = keep
	}
	if section := p.Child("w:pPr", "w:sectPr"); section != nil {
		p.Children = []*ooxml.Element{{Name: "w:pPr", Children: []*ooxml.Element{section}}}
		return append(marks, p)
	}
	return marks
}

// gather collects the marks below e and reports whether there is nothing else to see.
func (c *compiler) gather(e *ooxml.Element, marks *[]*ooxml.Element) (alone bool) {
	alone = true
	for _, child := range e.Children {
		switch child.Name {
		case markName:
			*marks = append(*marks, child)
		case "w:pPr", "w:rPr", "w:lastRenderedPageBreak", "w:bookmarkStart", "w:bookmarkEnd", "":
		case "w:t":
			alone = alone && strings.TrimSpace(child.InnerText()) == ""
		case "w:r", "w:hyperlink", "w:ins", "w:smartTag", "w:sdt", "w:sdtContent":
			alone = c.gather(child, marks) && alone
		default:
			alone = false
		}
	}
	return alone
}

// liftRow returns what stands in place of a row: its block marks when it holds nothing else; the row between its marks when a
// block opens in one cell and closes in another; or the row.
func (c *compiler) liftRow(tr *ooxml.Element) []*ooxml.Element {
	var marks []*ooxml.Element
	alone := true
	for _, tc := range tr.Children {
		if tc.Name != "w:tc" {
			continue
		}
		for _, child := range tc.Children {
			switch m := c.marks[child]; {
			case m != nil && m.isBlock():
				marks = append(marks, child)
			case child.Name == "w:tcPr" || child.Name == "":
			case child.Name == "w:p" && c.gather(child, new([]*ooxml.Element)):
			default:
				alone = false
			}
		}
	}
	if alone && len(marks) > 0 {
		return marks
	}
	// Blocks that open in one cell and close in a later one repeat the row.
	var ends []*ooxml.Element
	c.unmatched(tr, &ends)
	half := len(ends) / 2
	for i := range half {
		open, end := c.marks[ends[i]], c.marks[ends[len(ends)-1-i]]
		if open.kind == closeTag || end.kind != closeTag || open.path != end.path {
			return []*ooxml.Element{tr}
		}
	}
	if len(ends) == 0 || len(ends)%2 != 0 {
		return []*ooxml.Element{tr}
	}
	remove(tr, ends)
	return slices.Concat(ends[:half], []*ooxml.Element{tr}, ends[half:])
}

// unmatched collects the block marks below e that have no partner among their siblings.
func (c *compiler) unmatched(e *ooxml.Element, ends *[]*ooxml.Element) {
	base := len(*ends)
	for _, child := range e.Children {
		m := c.marks[child]
		if m == nil {
			c.unmatched(child, ends)
			continue
		}
		if !m.isBlock() {
			continue
		}
		if last := len(*ends) - 1; m.kind == closeTag && last >= base && c.isSibling(e, (*ends)[last]) &&
			c.marks[(*ends)[last]].kind != closeTag && c.marks[(*ends)[last]].path == m.path {
			*ends = (*ends)[:last]
			continue
		}
		*ends = append(*ends, child)
	}
}

func (c *compiler) isSibling(parent, child *ooxml.Element) bool {
	return slices.Contains(parent.Children, child)
}

// remove takes elements out of the tree below e.
func remove(e *ooxml.Element, gone []*ooxml.Element) {
	e.Children = slices.DeleteFunc(e.Children, func(child *ooxml.Element) bool { return slices.Contains(gone, child) })
	for _, child := range e.Children {
		remove(child, gone)
	}
}

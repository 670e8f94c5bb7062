// Package page is the third noun: finished pages, everything at a fixed place.
//
// The origin is the top left corner of the paper, y grows downwards, lengths are EMU. Painters (pdf, svg) see only this,
// so they cannot disagree about where a word stands.
package page

import (
	"vanthu/internal/flow"
	"vanthu/internal/geom"
)

// Document is a finished document.
type Document struct {
	Pages   []Page
	Title   string
	Author  string
	Created string // W3CDTF, as in the Word file; empty when it says nothing
}

// Page is a sheet of paper with its items in reading order: header, body, footer; within a body as in the Word file.
type Page struct {
	Width, Height geom.EMU
	Items         []Item
}

// Item is a Text, a Rule or a Box.
type Item interface{ item() }

func (Text) item() {}
func (Rule) item() {}
func (Box) item()  {}

// Text is a stretch of characters of one face, painted from X along the baseline Y. Text never holds a line break or a tab.
// Width is the truth: what the face's own advances leave over, or lack, is spread evenly over the spaces (a justified line).
type Text struct {
	X, Y      geom.EMU
	Width     geom.EMU // from X to where the next item would stand
	Text      string
	Face      Face
	Size      geom.EMU
	Color     flow.Color
	Spacing   geom.EMU // extra width added after every character
	LineStart bool     // it opens a line of its paragraph
	LineEnd   bool     // it closes one; the painter may add a space so that copying keeps words apart
	Paragraph int      // the number of its paragraph in the Word file, as findings count; 0 in headers and footers
}

// Face names a font face that font.Set can give.
type Face struct {
	Family string
	Bold   bool
	Italic bool
}

// Rule is a straight line from one point to another.
type Rule struct {
	X1, Y1, X2, Y2 geom.EMU
	Width          geom.EMU
	Color          flow.Color
	Dashed         bool
}

// Box is a filled rectangle without an outline.
type Box struct {
	X, Y, Width, Height geom.EMU
	Color               flow.Color
}

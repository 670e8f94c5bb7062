package check

import (
	"strings"

	"vanthu/internal/flow"
	"vanthu/internal/nd30"
	"vanthu/internal/vi"
)

// role is what a paragraph is in an official document.
type role int

const (
	body      role = iota
	cell           // of a table
	furniture      // names, titles, marks: what is neither content nor foot
	placeAndDate
	legalBasis
	recipientsWord
	recipient
	authority // quyền hạn, chức vụ
	annex     // the word Phụ lục with its number
)

// styles are the names under which our templates set the parts of a document; what they set in another style of their own is
// furniture. Files of other origin are recognised by their words.
var styles = map[string]role{
	"ND30 Nội dung":              body,
	"ND30 Phần":                  body,
	"ND30 Mục":                   body,
	"ND30 Điều":                  body,
	"ND30 Khoản":                 body,
	"ND30 Khoản có tiêu đề":      body,
	"ND30 Tiểu khoản":            body,
	"ND30 Tiểu khoản có tiêu đề": body,
	"ND30 Điểm":                  body,
	"ND30 Gạch đầu dòng":         body,
	"ND30 Dấu cộng":              body,
	"ND30 Địa danh ngày tháng":   placeAndDate,
	"ND30 Căn cứ":                legalBasis,
	"ND30 Nơi nhận tiêu đề":      recipientsWord,
	"ND30 Nơi nhận":              recipient,
	"ND30 Quyền hạn chức vụ":     authority,
}

// element is a paragraph with text.
type element struct {
	role   role
	number int // of the paragraph in the file
	part   int // 0 of the paper itself, then one for each annex or other paper behind it
	text   string
}

// paper is a document as the rules see it.
type paper struct {
	elements []element
	entries  []entry  // the numbered lines of the body
	date     *vi.Date // of the document, nil when it cannot be read
}

// identify recognises the parts of a document.
func identify(doc flow.Document) *paper {
	p := &paper{}
	for _, s := range doc.Sections {
		p.read(s.Blocks, false)
	}
	p.number()
	p.entries = entriesOf(p.elements)
	return p
}

// read takes in the paragraphs of blocks, which stand in a table or not.
func (p *paper) read(blocks []flow.Block, inTable bool) {
	for _, b := range blocks {
		switch b := b.(type) {
		case *flow.Paragraph:
			p.paragraph(b, inTable)
		case *flow.Table:
			for _, row := range b.Rows {
				for _, c := range row.Cells {
					p.read(c.Blocks, true)
				}
			}
		}
	}
}

func (p *paper) paragraph(paragraph *flow.Paragraph, inTable bool) {
	text := strings.TrimSpace(paragraph.Text())
	if text == "" {
		return
	}
	previous := body
	if n := len(p.elements); n > 0 {
		previous = p.elements[n-1].role
	}
	e := element{role: roleOf(paragraph.Style, text, previous), number: paragraph.Number, text: text}
	if e.role == body && inTable {
		e.role = cell
	}
	if _, date, ok := nd30.ParsePlaceDate(text); e.role == placeAndDate && p.date == nil && ok {
		if day, err := vi.ParseDate(date); err == nil {
			p.date = &day
		}
	}
	p.elements = append(p.elements, e)
}

// number sets the part of each element. A new part begins with an annex, and with content behind the recipients.
func (p *paper) number() {
	part, ended := 0, false
	for i := range p.elements {
		e := &p.elements[i]
		switch {
		case e.role == recipientsWord:
			ended = true
		case e.role == annex || e.role == body && ended:
			part, ended = part+1, false
		}
		e.part = part
	}
}

// roleOf goes by the style of our templates, else by the words.
func roleOf(style, text string, previous role) role {
	if r, ok := styles[style]; ok {
		return r
	}
	_, _, dated := nd30.ParsePlaceDate(text)
	switch {
	case nd30.IsAnnex(text):
		return annex
	case strings.HasPrefix(style, "ND30 Bảng "):
		return cell
	case strings.HasPrefix(style, "ND30 "):
		return furniture
	case dated:
		return placeAndDate
	case strings.HasPrefix(text, "Căn cứ "):
		return legalBasis
	case vi.Fold(text) == "noi nhan:":
		return recipientsWord
	case (previous == recipientsWord || previous == recipient) && strings.HasPrefix(text, "-"):
		return recipient
	case nd30.IsAuthority(text):
		return authority
	}
	return body
}

// of returns the elements of a role.
func (p *paper) of(r role) (found []element) {
	for _, e := range p.elements {
		if e.role == r {
			found = append(found, e)
		}
	}
	return found
}

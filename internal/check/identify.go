package check

import (
	"regexp"
	"strings"

	"vanthu/internal/flow"
	"vanthu/internal/vi"
)

// role is what a paragraph is in an official document.
type role int

const (
	body role = iota
	placeAndDate
	legalBasis
	recipientsWord
	recipient
	authority // quyền hạn, chức vụ
)

// styles are the names under which our templates set the parts of a document. Files of other origin are recognised by their words.
var styles = map[string]role{
	"ND30 Địa danh ngày tháng": placeAndDate,
	"ND30 Căn cứ":              legalBasis,
	"ND30 Nơi nhận tiêu đề":    recipientsWord,
	"ND30 Nơi nhận":            recipient,
	"ND30 Quyền hạn chức vụ":   authority,
}

// element is a paragraph with text.
type element struct {
	role   role
	number int // of the paragraph in the file
	text   string
}

// paper is a document as the rules see it.
type paper struct {
	elements []element
	entries  []entry  // the numbered lines of the body
	date     *vi.Date // of the document, nil when it cannot be read
}

var dateLine = regexp.MustCompile(`^[^,]{2,40},\s*(ngày\s+\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4})$`)

// identify recognises the parts of a document.
func identify(doc flow.Document) *paper {
	p := &paper{}
	previous := body
	for paragraph := range doc.Paragraphs() {
		text := strings.TrimSpace(paragraph.Text())
		if text == "" {
			continue
		}
		e := element{role: roleOf(paragraph.Style, text, previous), number: paragraph.Number, text: text}
		if e.role == placeAndDate && p.date == nil {
			if m := dateLine.FindStringSubmatch(text); m != nil {
				if day, err := vi.ParseDate(m[1]); err == nil {
					p.date = &day
				}
			}
		}
		p.elements = append(p.elements, e)
		previous = e.role
	}
	p.entries = entriesOf(p.elements)
	return p
}

// roleOf goes by the style of our templates, else by the words.
func roleOf(style, text string, previous role) role {
	if r, ok := styles[style]; ok {
		return r
	}
	switch {
	case strings.HasPrefix(style, "ND30 "):
		return body
	case dateLine.MatchString(text):
		return placeAndDate
	case strings.HasPrefix(text, "Căn cứ "):
		return legalBasis
	case vi.Fold(text) == "noi nhan:":
		return recipientsWord
	case (previous == recipientsWord || previous == recipient) && strings.HasPrefix(text, "-"):
		return recipient
	case authorityLine.MatchString(text):
		return authority
	}
	return body
}

var authorityLine = regexp.MustCompile(`^(TM|KT|TL|TUQ|Q)\.\s*\p{Lu}`)

// of gives the elements of a role.
func (p *paper) of(r role) (found []element) {
	for _, e := range p.elements {
		if e.role == r {
			found = append(found, e)
		}
	}
	return found
}

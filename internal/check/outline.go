package check

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/nd30"
)

// Rules on the numbered parts of the body.
var outlineRules = []Rule{
	{
		ID: diag.Numbering, Title: "Số thứ tự liên tục trong mỗi cấp",
		Cite: "NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 6", find: numbering,
	},
	{ID: diag.TitleTwice, Title: "Mỗi đề mục có tên riêng", find: titleTwice},
	{ID: diag.EndMark, Title: "Nội dung kết thúc bằng ./.", Cite: "NĐ 30/2020/NĐ-CP, Phụ lục III, các mẫu", find: endMark},
}

// entry is a numbered line of the body.
type entry struct {
	element
	level  int
	prefix string // of a 1.1. line: what stands before the last number
	number int    // from 1
	label  string // as typed
	title  string
	folded string // the title in lower case, for comparing
}

// The levels of entries. Articles run through a whole paper, whatever parts it is divided into.
const (
	articles   = iota // Điều 1.
	parts             // Phần I
	headings          // I.
	clauses           // 1.
	subClauses        // 1.1.
	points            // a)
	levels
)

var numbered = lazyregexp.New(
	`^(?:Điều (\d+)\.|Phần ([IVX]+)\b|([IVX]+)\.|(\d+)\.|((?:\d+\.)+)(\d+)\.|(\p{Ll})\))(?:\s+(.*))?$`)

// entriesOf reads the numbered lines of the body.
func entriesOf(elements []element) (found []entry) {
	for _, e := range elements {
		if e.role != body {
			continue
		}
		m := numbered.FindStringSubmatch(e.text)
		if m == nil {
			continue
		}
		title := m[8]
		n := entry{element: e, title: title, folded: strings.ToLower(title), label: strings.TrimSpace(strings.TrimSuffix(e.text, title))}
		switch {
		case m[1] != "":
			n.level = articles
			n.number, _ = strconv.Atoi(m[1])
		case m[2] != "":
			n.level, n.number = parts, nd30.ParseRoman(m[2])
		case m[3] != "":
			n.level, n.number = headings, nd30.ParseRoman(m[3])
		case m[4] != "":
			n.level = clauses
			n.number, _ = strconv.Atoi(m[4])
		case m[5] != "":
			n.level, n.prefix = subClauses, m[5]
			n.number, _ = strconv.Atoi(m[6])
		default:
			n.level, n.number = points, 1+slices.Index([]rune(nd30.PointLetters), []rune(m[7])[0])
		}
		if n.number > 0 {
			found = append(found, n)
		}
	}
	return found
}

// siblings calls visit with each entry and those before it in the same list. A list begins under another heading, and wherever
// numbers begin anew.
func siblings(p *paper, visit func(e entry, before []entry)) {
	var open [levels][]entry
	for i, e := range p.entries {
		if i > 0 && e.part != p.entries[i-1].part {
			clear(open[:])
		}
		switch {
		case e.level == subClauses: // 1.2. goes on after 1.1.1.
			visit(e, slices.DeleteFunc(slices.Clone(open[e.level]), func(other entry) bool { return other.prefix != e.prefix }))
		case e.number == 1:
			open[e.level] = nil
			visit(e, nil)
		default:
			visit(e, open[e.level])
		}
		open[e.level] = append(open[e.level], e)
		deeper := e.level + 1
		if e.level == articles {
			deeper = clauses
		}
		clear(open[deeper:])
	}
}

// numbering finds numbers that repeat, or skip one. A paragraph that only begins with a number, such as a sentence after a
// heading without siblings, starts anew at 1 and is left alone.
func numbering(p *paper) (faults []fault) {
	siblings(p, func(e entry, before []entry) {
		want := 1
		if len(before) > 0 {
			want = before[len(before)-1].number + 1
		}
		if e.number == want || e.number == 1 {
			return
		}
		message := fmt.Sprintf("số thứ tự “%s” không liền với mục trước", e.label)
		if len(before) > 0 && e.number == want-1 {
			message = fmt.Sprintf("số thứ tự “%s” dùng hai lần", e.label)
		}
		faults = append(faults, fault{e.element, message, "Đánh lại số thứ tự của các mục cùng cấp."})
	})
	return faults
}

// titleTwice finds headings side by side with one and the same title: a quarter named twice.
func titleTwice(p *paper) (faults []fault) {
	siblings(p, func(e entry, before []entry) {
		for _, other := range before {
			if e.folded != "" && other.folded == e.folded {
				faults = append(faults, fault{
					e.element, fmt.Sprintf("đề mục “%s” trùng tên với mục “%s”", e.title, other.label),
					"Sửa tên một trong hai mục, ví dụ đúng quý của nó.",
				})
				return
			}
		}
	})
	return faults
}

// endMark wants the last paragraph of the body to end with ./. A body that ends with a table has no place for it.
func endMark(p *paper) []fault {
	var end *element
	for i := range p.elements {
		if p.elements[i].role == recipientsWord {
			break
		}
		if p.elements[i].role == body || p.elements[i].role == cell {
			end = &p.elements[i]
		}
	}
	if end == nil || end.role == cell || strings.HasSuffix(end.text, "./.") || len(p.of(recipientsWord)) == 0 {
		return nil
	}
	return []fault{{*end, "nội dung không kết thúc bằng “./.”", "Thêm “./.” vào cuối câu cuối cùng."}}
}

// sortedKeys returns the keys of a map in order, so that findings never depend on chance.
func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

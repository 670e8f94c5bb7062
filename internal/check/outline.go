package check

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"vanthu/internal/nd30"
)

// Rules on the numbered parts of the body.
var outlineRules = []Rule{
	{
		ID: "numbering", Title: "Số thứ tự liên tục trong mỗi cấp",
		Cite: "NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 6", find: numbering,
	},
	{ID: "title-twice", Title: "Mỗi đề mục có tên riêng", find: titleTwice},
	{ID: "end-mark", Title: "Nội dung kết thúc bằng ./.", Cite: "NĐ 30/2020/NĐ-CP, Phụ lục III, các mẫu", find: endMark},
}

// entry is a numbered line of the body.
type entry struct {
	element
	level  int    // 0: I., 1: 1., 2: 1.1., 3: a)
	prefix string // of a 1.1. line: what stands before the last number
	number int    // from 1
	label  string // as typed
	title  string
	folded string // the title in lower case, for comparing
}

var numbered = regexp.MustCompile(`^(?:([IVX]+)\.|(\d+)\.|((?:\d+\.)+)(\d+)\.|(\p{Ll})\))\s+(.*)$`)

// entriesOf reads the numbered lines of the body. The foot of the paper, from "Nơi nhận" on, has none.
func entriesOf(elements []element) (found []entry) {
	for _, e := range elements {
		if e.role == recipientsWord {
			break
		}
		if e.role != body {
			continue
		}
		m := numbered.FindStringSubmatch(e.text)
		if m == nil {
			continue
		}
		n := entry{element: e, title: m[6], folded: strings.ToLower(m[6]), label: strings.TrimSpace(strings.TrimSuffix(e.text, m[6]))}
		switch {
		case m[1] != "":
			n.level, n.number = 0, nd30.ParseRoman(m[1])
		case m[2] != "":
			n.level = 1
			n.number, _ = strconv.Atoi(m[2])
		case m[3] != "":
			n.level, n.prefix = 2, m[3]
			n.number, _ = strconv.Atoi(m[4])
		default:
			n.level, n.number = 3, 1+slices.Index([]rune(nd30.PointLetters), []rune(m[5])[0])
		}
		if n.number > 0 {
			found = append(found, n)
		}
	}
	return found
}

// siblings calls visit with each entry and those before it under the same heading.
func siblings(p *paper, visit func(e entry, before []entry)) {
	var open [4][]entry
	for _, e := range p.entries {
		visit(e, open[e.level])
		open[e.level] = append(open[e.level], e)
		for deeper := e.level + 1; deeper < len(open); deeper++ {
			open[deeper] = nil
		}
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
			if other.folded == e.folded {
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

// endMark wants the last paragraph of the body to end with ./.
func endMark(p *paper) []fault {
	var end *element
	for i := range p.elements {
		if p.elements[i].role == recipientsWord {
			break
		}
		if p.elements[i].role == body {
			end = &p.elements[i]
		}
	}
	if end == nil || strings.HasSuffix(end.text, "./.") || len(p.of(recipientsWord)) == 0 {
		return nil
	}
	return []fault{{*end, "nội dung không kết thúc bằng “./.”", "Thêm “./.” vào cuối câu cuối cùng."}}
}

// sortedKeys gives the keys of a map in order, so that findings never depend on chance.
func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }

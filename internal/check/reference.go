package check

import (
	"fmt"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/vi"
)

// Rules on the documents that a document cites and on the names it writes.
var referenceRules = []Rule{
	{
		ID: diag.CitedLater, Title: "Văn bản được viện dẫn phải có trước văn bản này",
		Cite: "NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 6", find: citedLater,
	},
	{
		ID: diag.BodyNameCase, Title: "Viết hoa tên cơ quan, tổ chức",
		Cite: "NĐ 30/2020/NĐ-CP, Phụ lục II, Mục IV", find: bodyNameCase,
	},
	{
		ID: diag.KnownSlip, Title: "Lỗi đánh máy hay gặp", find: knownSlips,
	},
}

// date is a day written out or in figures.
var date = lazyregexp.New(`ngày\s+(\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}\s+tháng\s+\d{1,2}\s+năm\s+\d{4})`)

// numberBefore is a number and symbol that the date after it belongs to: "số 08-KH/ĐU", "số 57-NQ/TW của Bộ Chính trị".
var numberBefore = lazyregexp.New(`số\s+\S+(\s+của\s[^;.]{2,60})?,?\s*$`)

// deadline ends with a word that makes the date after it one of a task.
var deadline = lazyregexp.New(`(trước|sau|từ|đến|hết|vào|chậm nhất|kể từ)\s*$`)

// cites reports whether the text that leads up to a date names the document of that date: by its number, or as a law, which is
// cited without one. Other dates, such as deadlines, are not citations.
func cites(before string) bool {
	before = before[strings.LastIndexAny(before, ";.")+1:]
	if deadline.MatchString(before) {
		return false
	}
	return strings.Contains(before, "Luật ") || strings.Contains(before, "số ") && numberBefore.MatchString(before)
}

// citedLater finds citations dated after the document that cites them, and dates that do not exist.
func citedLater(p *paper) (faults []fault) {
	for _, e := range p.elements {
		if e.role != legalBasis && e.role != body && e.role != cell || !strings.Contains(e.text, "ngày") {
			continue
		}
		for _, m := range date.FindAllStringSubmatchIndex(e.text, -1) {
			if !cites(e.text[:m[0]]) {
				continue
			}
			written := e.text[m[0]:m[1]]
			day, err := vi.ParseDate(e.text[m[2]:m[3]])
			switch {
			case err != nil:
				faults = append(faults, fault{e, fmt.Sprintf("“%s” không phải là một ngày có thật", written), "Xem lại ngày của văn bản được viện dẫn."})
			case p.date != nil && day.ISO() > p.date.ISO():
				faults = append(faults, fault{
					e, fmt.Sprintf("viện dẫn văn bản “%s”, sau ngày của văn bản này (%s)", written, p.date.Short()),
					"Xem lại ngày, nhất là năm, của văn bản được viện dẫn.",
				})
			}
		}
	}
	return faults
}

// bodyNames are names of bodies that are often typed in lower case, as they should stand.
var bodyNames = []string{
	"Bộ Chính trị", "Ủy ban nhân dân", "Hội đồng nhân dân", "Thường trực Hội đồng nhân dân", "Đảng ủy", "Quốc hội", "Chính phủ",
}

func bodyNameCase(p *paper) (faults []fault) {
	for _, e := range p.elements {
		for i, wrong := range lowerBodyNames {
			for range strings.Count(e.text, wrong) {
				faults = append(faults, fault{e, fmt.Sprintf("“%s” phải viết hoa", wrong), fmt.Sprintf("Viết “%s”.", bodyNames[i])})
			}
		}
	}
	return faults
}

// lowerBodyNames are bodyNames as they are mistyped.
var lowerBodyNames = func() (lower []string) {
	for _, name := range bodyNames {
		lower = append(lower, strings.ToLower(name))
	}
	return lower
}()

// slips are typing mistakes seen in real papers, with what was meant.
var slips = map[string]string{
	"UNBD": "UBND", "HĐDN": "HĐND", "rải ngân": "giải ngân", "rãi ngân": "giải ngân", "đồng đốc": "đôn đốc",
}

func knownSlips(p *paper) (faults []fault) {
	known := sortedKeys(slips)
	for _, e := range p.elements {
		for _, wrong := range known {
			if strings.Contains(e.text, wrong) {
				faults = append(faults, fault{e, fmt.Sprintf("“%s” có lẽ là “%s”", wrong, slips[wrong]), "Sửa lại trong dữ liệu nếu đúng là gõ nhầm."})
			}
		}
	}
	return faults
}

package check

import (
	"fmt"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
)

// Rules on the foot of the paper: recipients and signature.
var footRules = []Rule{
	{
		ID: diag.ArchiveRecipient, Title: "Nơi nhận kết thúc bằng dòng Lưu: VT",
		Cite: "NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 9, điểm d", find: archiveRecipient,
	},
	{
		ID: diag.RecipientTwice, Title: "Mỗi nơi nhận ghi một lần", find: recipientTwice,
	},
	{
		ID: diag.AuthorityAbbreviated, Title: "Tên tập thể ký thay mặt viết đầy đủ",
		Cite: "NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 7", find: authorityAbbreviated,
	},
}

// archive is the last recipient: word, VT, the drafting unit and the number of copies, then the full stop; initials of the drafter
// and the number of copies printed may follow.
var archive = lazyregexp.New(`^-\s*Lưu: VT(, (Hồ sơ|[\p{Lu}][\p{L}&-]*)(\s?\(\d+\))?)*\.(\s[\p{Lu}]{1,5}\.?\s?\(\d+\))?$`)

func archiveRecipient(p *paper) (faults []fault) {
	for _, list := range p.recipientLists() {
		end := list[len(list)-1]
		switch {
		case end.role == recipientsWord:
			faults = append(faults, fault{end, "dưới “Nơi nhận:” không có nơi nhận nào", "Ghi các nơi nhận; dòng cuối là “- Lưu: VT.”."})
		case !archive.MatchString(end.text):
			message := "danh sách nơi nhận không kết thúc bằng dòng “- Lưu: VT, ….”"
			if strings.Contains(strings.ToLower(end.text), "lưu") {
				message = fmt.Sprintf("dòng lưu “%s” không đúng dạng “- Lưu: VT, <đơn vị soạn thảo>.”", end.text)
			}
			faults = append(faults, fault{
				end, message, "Ghi nơi nhận cuối cùng là “Lưu: VT” hoặc “Lưu: VT, <chữ viết tắt của đơn vị soạn thảo>”.",
			})
		}
	}
	return faults
}

// recipientLists returns each “Nơi nhận:” with the recipients under it; a copy has those of the paper copied and its own.
func (p *paper) recipientLists() (lists [][]element) {
	for _, e := range p.elements {
		switch {
		case e.role == recipientsWord:
			lists = append(lists, []element{e})
		case e.role == recipient && len(lists) > 0:
			lists[len(lists)-1] = append(lists[len(lists)-1], e)
		}
	}
	return lists
}

func recipientTwice(p *paper) (faults []fault) {
	for _, list := range p.recipientLists() {
		seen := map[string]bool{}
		for _, e := range list {
			name := strings.ToLower(strings.TrimRight(strings.TrimLeft(e.text, "- "), ";. "))
			if seen[name] {
				faults = append(faults, fault{e, "nơi nhận này đã ghi ở trên", "Bỏ một trong hai dòng."})
			}
			seen[name] = true
		}
	}
	return faults
}

func authorityAbbreviated(p *paper) (faults []fault) {
	for _, e := range p.of(authority) {
		if strings.HasPrefix(e.text, "TM.") && (strings.Contains(e.text, "HĐND") || strings.Contains(e.text, "UBND")) {
			faults = append(faults, fault{
				e, fmt.Sprintf("“%s” viết tắt tên tập thể", e.text),
				"Viết đầy đủ, ví dụ: TM. THƯỜNG TRỰC HỘI ĐỒNG NHÂN DÂN.",
			})
		}
	}
	return faults
}

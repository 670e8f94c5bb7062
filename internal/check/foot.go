package check

import (
	"fmt"
	"regexp"
	"strings"
)

// Rules on the foot of the paper: recipients and signature.
var footRules = []Rule{
	{
		ID: "archive-recipient", Title: "Nơi nhận kết thúc bằng dòng Lưu: VT",
		Cite: "NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 9, điểm d", find: archiveRecipient,
	},
	{
		ID: "recipient-twice", Title: "Mỗi nơi nhận ghi một lần", find: recipientTwice,
	},
	{
		ID: "authority-abbreviated", Title: "Tên tập thể ký thay mặt viết đầy đủ",
		Cite: "NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I, Mục II, khoản 7", find: authorityAbbreviated,
	},
}

// archive is the last recipient: word, VT, the drafting unit and the number of copies, then the full stop; initials of the drafter
// and the number of copies printed may follow.
var archive = regexp.MustCompile(`^-\s*Lưu: VT(, (Hồ sơ|[\p{Lu}][\p{L}&-]*)(\s?\(\d+\))?)*\.(\s[\p{Lu}]{1,5}\.?\s?\(\d+\))?$`)

func archiveRecipient(p *paper) []fault {
	recipients := p.of(recipient)
	if len(recipients) == 0 {
		if words := p.of(recipientsWord); len(words) > 0 {
			return []fault{{words[0], "dưới “Nơi nhận:” không có nơi nhận nào", "Ghi các nơi nhận; dòng cuối là “- Lưu: VT.”."}}
		}
		return nil
	}
	end := recipients[len(recipients)-1]
	if archive.MatchString(end.text) {
		return nil
	}
	message := "danh sách nơi nhận không kết thúc bằng dòng “- Lưu: VT, ….”"
	if strings.Contains(strings.ToLower(end.text), "lưu") {
		message = fmt.Sprintf("dòng lưu “%s” không đúng dạng “- Lưu: VT, <đơn vị soạn thảo>.”", end.text)
	}
	return []fault{{end, message, "Ghi nơi nhận cuối cùng là “Lưu: VT” hoặc “Lưu: VT, <chữ viết tắt của đơn vị soạn thảo>”."}}
}

func recipientTwice(p *paper) (faults []fault) {
	seen := map[string]bool{}
	for _, e := range p.of(recipient) {
		name := strings.ToLower(strings.TrimRight(strings.TrimLeft(e.text, "- "), ";. "))
		if seen[name] {
			faults = append(faults, fault{e, "nơi nhận này đã ghi ở trên", "Bỏ một trong hai dòng."})
		}
		seen[name] = true
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

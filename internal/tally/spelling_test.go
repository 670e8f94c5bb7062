package tally

import (
	"strings"
	"testing"

	"vanthu/internal/diag"
)

func TestOneBodyInSeveralSpellingsIsOne(t *testing.T) {
	doc := bind(t, schemaOf(t, quarterly), head+`nhiem_vu:
  - {noi_dung: A, chu_tri: Ban Văn hóa - Xã hội, thoi_han: 30/6/2026}
  - {noi_dung: B, chu_tri: Ban Văn hoá – Xã hội, thoi_han: 30/6/2026}
  - {noi_dung: C, chu_tri: BAN VĂN HÓA-XÃ HỘI, thoi_han: 30/6/2026}
  - {noi_dung: D, chu_tri: Ban Văn hoá – Xã hội, thoi_han: 30/6/2026}
  - {noi_dung: E, chu_tri: Ban Pháp chế, thoi_han: 30/6/2026}
cu_tri:
  - {noi_dung: A, linh_vuc: Y tế, co_quan: Phòng Kinh tế, ngay_tiep_nhan: 01/4/2026, thoi_han: 30/6/2026}
  - {noi_dung: B, linh_vuc: y  tế, co_quan: Phòng kinh tế, ngay_tiep_nhan: 01/4/2026, thoi_han: 30/6/2026}
`)
	found := told(doc, nil)
	for i, want := range []string{
		"Nhiệm vụ, STT 2: “Ban Văn hoá – Xã hội” được tính và ghi là “Ban Văn hóa - Xã hội”, như ở STT 1",
		"Nhiệm vụ, STT 3: “BAN VĂN HÓA-XÃ HỘI” được",
		"Kiến nghị cử tri, STT 2: “y tế” được", "Kiến nghị cử tri, STT 2: “Phòng kinh tế” được",
	} {
		if len(found) != 4 || found[i].Severity != diag.Info || !strings.HasPrefix(found[i].Message, want) {
			t.Fatalf("want %q\n%s", want, found)
		}
	}
	for i, want := range []string{"Ban Văn hóa - Xã hội", "Ban Văn hóa - Xã hội", "Ban Văn hóa - Xã hội", "Ban Văn hóa - Xã hội", "Ban Pháp chế"} {
		if got := rowOf(doc, tasks, i).Text("chu_tri"); got != want {
			t.Errorf("row %d says %q", i+1, got)
		}
	}
	if at(doc, "nhiem_vu.tat_ca.theo_co_quan.1.tong") != "4" || at(doc, "nhiem_vu.tat_ca.theo_co_quan.3") != "" {
		t.Error("the body is counted as several")
	}
}

func TestSpellingsOfATableThatIsNotCounted(t *testing.T) {
	schema := schemaOf(t, "ten: Tổng hợp\nbo: [noi_dung]\ndung: [chat_van]\n")
	doc := bind(t, schema, with(head, "")[:strings.Index(head, "ky_bao_cao")]+`chat_van:
  - {dai_bieu: A, noi_dung: B, nguoi_tra_loi: C, nhom: Chuyển đổi số}
  - {dai_bieu: A, noi_dung: D, nguoi_tra_loi: C, nhom: chuyển đổi số}
`)
	if found := Add(doc, nil); len(found) != 1 || rowOf(doc, "chat_van", 1).Text("nhom") != "Chuyển đổi số" {
		t.Error(found)
	}
}

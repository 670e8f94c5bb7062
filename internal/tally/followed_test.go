package tally

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/model"
	"vanthu/internal/vi"
)

func TestTasksAreTheRowsThatAreFollowedUp(t *testing.T) {
	day := func(day int) vi.Date { return vi.Date{Year: 2026, Month: 6, Day: day} }
	doc := bind(t, schemaOf(t, quarterly), with(head, `nhiem_vu:
  - {noi_dung: Ban hành kế hoạch, chu_tri: Văn phòng, thoi_han: 10/6/2026, ngay_hoan_thanh: 12/6/2026}
  - {noi_dung: Gửi đề cương, chu_tri: Ban Pháp chế, thoi_han: 20/6/2026}
  - {noi_dung: Họp, chu_tri: Văn phòng, thoi_han: 30/6/2026, ngay_hoan_thanh: 28/6/2026}
kien_nghi:
  - {noi_dung: Bố trí máy quét, co_quan: UBND xã, thoi_han: 15/6/2026, danh_gia: Hoàn thành}
  - {noi_dung: Kiện toàn tổ công nghệ, co_quan: UBND xã, thoi_han: 15/6/2026, danh_gia: Hoàn thành một phần}
cu_tri:
  - {noi_dung: Nạo vét kênh, co_quan: Phòng Kinh tế, ngay_tiep_nhan: 01/6/2026, thoi_han: 18/6/2026, ngay_tra_loi: 17/6/2026}
giai_ngan:
  - {du_an: Đường liên thôn, chu_dau_tu: UBND xã, ke_hoach: 100, da_giai_ngan: 50, uoc_ca_nam: 100}
`))
	before := doc.Dump()
	want := []Task{
		{"Ban hành kế hoạch", "Văn phòng", day(10), true, "Hoàn thành quá hạn"},
		{"Gửi đề cương", "Ban Pháp chế", day(20), false, "Chưa hoàn thành quá hạn"},
		{"Họp", "Văn phòng", day(30), false, "Chưa hoàn thành trong hạn"}, // it was held after the closing date
		{"Bố trí máy quét", "UBND xã", day(15), true, "Hoàn thành"},
		{"Kiện toàn tổ công nghệ", "UBND xã", day(15), false, "Quá hạn"},
		{"Nạo vét kênh", "Phòng Kinh tế", day(18), true, "Đã trả lời"},
	}
	if diff := cmp.Diff(want, Tasks(doc)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(before, doc.Dump()); diff != "" {
		t.Errorf("the document was changed:\n%s", diff)
	}
	if Add(doc, nil).Blocking() {
		t.Fatal("it does not add up")
	}
	if diff := cmp.Diff(want, Tasks(doc)); diff != "" {
		t.Errorf("with its figures, -want +got:\n%s", diff)
	}
	for i, task := range want[:3] {
		if state := rowOf(doc, tasks, i).Text("tinh_trang"); state != task.State {
			t.Errorf("the table says %q of %s", state, task.Title)
		}
	}
}

func TestTasksOfAPlan(t *testing.T) {
	common, _, _ := strings.Cut(head, "ky_bao_cao")
	doc := bind(t, schemaOf(t, plan), with(common, `lo_trinh:
  - {quy: II, noi_dung: "Ban hành\n  thông báo", chu_tri: Ban Pháp chế, thoi_han: 30/6/2026}
`))
	want := []Task{{"Ban hành thông báo", "Ban Pháp chế", vi.Date{Year: 2026, Month: 6, Day: 30}, false, "Chưa hoàn thành trong hạn"}}
	if diff := cmp.Diff(want, Tasks(doc)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestNoTasks(t *testing.T) {
	none := &model.Document{Schema: &model.Schema{}, Values: model.Values{tasks: model.Items{model.Values{model.BodyKey: model.Text("A")}}}}
	blank := bind(t, schemaOf(t, quarterly), head)
	blank.Values[tasks] = model.Items{model.Values{model.BodyKey: model.Blank{Label: "Nội dung nhiệm vụ"}, dueKey: model.Blank{Label: "Thời hạn"}}}
	for name, doc := range map[string]*model.Document{"of a kind that follows nothing up": none, "of a row that says nothing": blank} {
		t.Run(name, func(t *testing.T) {
			if got := Tasks(doc); len(got) > 0 {
				t.Errorf("got %v", got)
			}
		})
	}
}

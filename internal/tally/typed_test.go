package tally

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vanthu/internal/diag"
	"vanthu/internal/model"
)

func TestTypedStateIsHeldAgainstTheDates(t *testing.T) {
	schema := schemaOf(t, quarterly)
	const (
		open  = "thoi_han: 30/5/2026"
		early = "thoi_han: 30/7/2026"
		done  = "thoi_han: 30/5/2026, ngay_hoan_thanh: 20/5/2026"
		late  = "thoi_han: 30/5/2026, ngay_hoan_thanh: 02/6/2026"
	)
	for _, c := range []struct {
		table, row, column, typed, worked string
		agrees                            bool
	}{
		{tasks, open, "tinh_trang", "Hoàn thành", "Chưa hoàn thành quá hạn", false},
		{tasks, open, "tinh_trang", "Chưa hoàn thành", "Chưa hoàn thành quá hạn", true},
		{tasks, open, "tinh_trang", "đang thực hiện", "Chưa hoàn thành quá hạn", true},
		{tasks, open, "tinh_trang", "QUÁ HẠN", "Chưa hoàn thành quá hạn", true},
		{tasks, open, "tinh_trang", "chua hoan thanh qua han", "Chưa hoàn thành quá hạn", true},
		{tasks, open, "tinh_trang", "Chưa hoàn thành trong hạn", "Chưa hoàn thành quá hạn", false},
		{tasks, open, "tinh_trang", "Hoàn thành 60%", "Chưa hoàn thành quá hạn", true},
		{tasks, open, "tinh_trang", "Hoàn thành 100%", "Chưa hoàn thành quá hạn", false},
		{tasks, open, "tinh_trang", "Chờ kinh phí", "Chưa hoàn thành quá hạn", true},
		{tasks, early, "tinh_trang", "Quá hạn", "Chưa hoàn thành trong hạn", false},
		{tasks, early, "tinh_trang", "Chưa đến hạn", "Chưa hoàn thành trong hạn", true},
		{tasks, early, "tinh_trang", "Không quá hạn", "Chưa hoàn thành trong hạn", true},
		{tasks, done, "tinh_trang", "Đã hoàn thành", "Hoàn thành đúng hạn", true},
		{tasks, done, "tinh_trang", "Đang thực hiện", "Hoàn thành đúng hạn", false},
		{tasks, late, "tinh_trang", "Hoàn thành", "Hoàn thành quá hạn", true},
		{tasks, late, "tinh_trang", "Hoàn thành đúng hạn", "Hoàn thành quá hạn", false},
		{tasks, late, "tinh_trang", "Quá hạn", "Hoàn thành quá hạn", true},
		{recommendations, early, "muc_do", "Hoàn thành", "Chưa hoàn thành", false},
		{recommendations, early, "muc_do", "Đang thực hiện", "Chưa hoàn thành", true},
		{recommendations, early, "muc_do", "Không thực hiện", "Chưa hoàn thành", false},
		{recommendations, early + ", danh_gia: Không thực hiện", "muc_do", "Không thực hiện", "Không thực hiện", true},
		{recommendations, open + ", danh_gia: Hoàn thành một phần", "muc_do", "Hoàn thành một phần", "Quá hạn", true},
		{recommendations, open, "muc_do", "Quá hạn", "Quá hạn", true},
		{recommendations, open + ", buoc: 1", "buoc_tiep", "Đôn đốc", "Đôn đốc tiếp", true},
		{recommendations, open + ", buoc: 1", "buoc_tiep", "Chất vấn", "Đôn đốc tiếp", false},
		{recommendations, early, "buoc_tiep", "Chất vấn", "", false},
		{recommendations, early, "buoc_tiep", "Không", "", true},
		{petitions, open, "trang_thai", "Đã giải quyết", "Quá hạn trả lời", false},
		{petitions, open, "trang_thai", "Chưa trả lời", "Quá hạn trả lời", true},
		{petitions, "thoi_han: 30/5/2026, ngay_tra_loi: 02/6/2026", "trang_thai", "Đã trả lời, quá hạn", "Đã trả lời", true},
		{disbursement, "ke_hoach: 100, da_giai_ngan: 10", "cham", "K", "C", false},
		{disbursement, "ke_hoach: 100, da_giai_ngan: 10", "cham", "Chậm", "C", true},
		{disbursement, "ke_hoach: 100, da_giai_ngan: 90", "cham", "C", "K", false},
	} {
		t.Run(c.typed+" for "+c.worked, func(t *testing.T) {
			base := map[string]string{
				tasks: "noi_dung: A, chu_tri: B", recommendations: "noi_dung: A, co_quan: B",
				petitions: "noi_dung: A, ngay_tiep_nhan: 01/4/2026", disbursement: "du_an: A",
			}[c.table]
			doc := bind(t, schema, head+fmt.Sprintf("%s:\n  - {%s, %s, %s: %q}\n", c.table, base, c.row, c.column, c.typed))
			found := told(doc, nil)
			if got := rowOf(doc, c.table, 0).Text(c.column); got != c.worked {
				t.Errorf("the document says %q, want %q", got, c.worked)
			}
			if _, there := rowOf(doc, c.table, 0)[c.column]; there != (c.worked != "") {
				t.Error("what was typed is left where nothing was worked out")
			}
			if c.agrees != (len(found) == 0) || !c.agrees && (found[0].Code != diag.TypedState || found[0].Severity != diag.Warning ||
				found[0].Where.Field != c.table+"[1]."+c.column) {
				t.Error(found)
			}
		})
	}
}

func TestTypedStateOfTheRoadmap(t *testing.T) {
	doc := reportOf(schemaOf(t, plan), model.Values{roadmap: model.Items{
		model.Values{dueKey: onDay(closingDay - 1), "tinh_trang": model.Text("Hoàn thành")},
	}})
	found := Add(doc, nil)
	if !slices.Contains(codes(found), "typed-state") || rowOf(doc, roadmap, 0).Text("tinh_trang") != "Chưa hoàn thành quá hạn" {
		t.Error(found)
	}
}

func TestTypedStateSaysWhyAndWhatToDo(t *testing.T) {
	doc := bind(t, schemaOf(t, quarterly), head+`nhiem_vu:
  - {noi_dung: A, chu_tri: B, thoi_han: 30/5/2026, tinh_trang: Hoàn thành}
`)
	const want = "Nhiệm vụ, STT 1: ghi “Hoàn thành” nhưng chưa có ngày hoàn thành, thời hạn hoàn thành 30/5/2026, nên tính là “Chưa hoàn thành quá hạn”\n" +
		"  → ghi ngày hoàn thành không sau ngày chốt số liệu, hoặc sửa ô này\n"
	if found := told(doc, nil); !strings.HasSuffix(found.String(), want) {
		t.Error(found)
	}
}

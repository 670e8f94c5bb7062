package tally

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"vanthu/internal/model"

	"vanthu/internal/diag"
)

const consolidated = `
ten: Báo cáo tổng hợp
ten_loai: Báo cáo
viet_tat: BC
bo: [noi_dung]
dung: [ky_bao_cao, ngay_chot, nguong_hoan_thanh, nguong_giai_ngan, don_vi]
`

// unitLine is a row of the units: tasks, and money where it says so.
func unitLine(name string, total, done, overdue int, more string) string {
	return fmt.Sprintf("  - {ten: %s, bao_cao: 1/BC-HĐND, nhiem_vu_trong_ky_tong: %d, nhiem_vu_trong_ky_hoan_thanh: %d, "+
		"nhiem_vu_trong_ky_dung_han: %d, nhiem_vu_trong_ky_qua_han: %d%s}\n", name, total, done, done, overdue, more)
}

// TestColumnsOfUnitsAreFigures wants each column of the units that is filled from a report to be named after a figure of that report.
func TestColumnsOfUnitsAreFigures(t *testing.T) {
	var figures []string
	var walk func(prefix string, specs []model.FieldSpec)
	walk = func(prefix string, specs []model.FieldSpec) {
		for _, spec := range specs {
			if spec.Type == model.NumberField {
				figures = append(figures, prefix+spec.Key)
			} else if spec.Type == model.GroupField {
				walk(prefix+spec.Key+"_", spec.Fields)
			}
		}
	}
	walk("", Fields(schemaOf(t, quarterly))[0].Fields)
	for _, column := range schemaOf(t, consolidated).Table(units).Fields {
		if column.Type == model.NumberField && !column.Computed && !slices.Contains(figures, column.Key) {
			t.Errorf("no figure is called %s", column.Key)
		}
	}
}

func TestUnitsAreSummedUpAndRanked(t *testing.T) {
	doc := bind(t, schemaOf(t, consolidated), head+"nguong_hoan_thanh: 80\nnguong_giai_ngan: 90\ndon_vi:\n"+
		unitLine("Xã A", 10, 9, 1, ", giai_ngan_ke_hoach: 1.000, giai_ngan_da_giai_ngan: 899")+
		unitLine("Phường B", 20, 10, 5, ", giai_ngan_ke_hoach: 3.000, giai_ngan_da_giai_ngan: 2.700")+
		unitLine("Xã C", 30, 24, 1, "")+
		"  - {ten: Đặc khu D}\n  - {ten: Xã Đ}\n")
	if found := told(doc, nil); len(found) > 0 {
		t.Fatal(found)
	}
	for path, want := range map[string]string{
		"tong": "5", "da_bao_cao": "3", "chua_bao_cao": "2", "ty_le": "60", "ten_chua_bao_cao": "đặc khu D, xã Đ",
		"nhiem_vu.tong": "60", "nhiem_vu.hoan_thanh": "43", "nhiem_vu.con_lai": "17",
		"nhiem_vu.qua_han": "7", "nhiem_vu.trong_han": "10", "nhiem_vu.ty_le": "71,7",
		"nhiem_vu.so_don_vi": "3", "nhiem_vu.so_don_vi_qua_han": "3",
		"nhiem_vu.danh_sach_qua_han.1.ten": "Phường B", "nhiem_vu.danh_sach_qua_han.1.qua_han": "5", // the most
		"nhiem_vu.danh_sach_qua_han.2.ten": "Xã C", "nhiem_vu.danh_sach_qua_han.3.ten": "Xã A", // as many, but a lower rate
		"nhiem_vu.so_don_vi_thap": "1", "nhiem_vu.danh_sach_thap.1.ten": "Phường B",
		"nhiem_vu.danh_sach_thap.1.ty_le": "50",                       // 80 is not below 80
		"nhiem_vu.khac_qua_han":           "", "nhiem_vu.dan_dau": "", // of three units none leads
		"giai_ngan.tong": "4.000", "giai_ngan.hoan_thanh": "3.599", "giai_ngan.ty_le": "90", "giai_ngan.so_don_vi": "2",
		"giai_ngan.so_don_vi_thap": "1", "giai_ngan.danh_sach_thap.1.ten": "Xã A", "giai_ngan.nguong": "90",
		"kien_nghi.tong": "0", "kien_nghi.ty_le": "",
	} {
		if got := at(doc, units+"."+path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	for i, want := range []string{"Đã báo cáo", "Đã báo cáo", "Đã báo cáo", "Chưa có báo cáo", "Chưa có báo cáo"} {
		if got := rowOf(doc, units, i).Text(unitStateKey); got != want {
			t.Errorf("row %d: %q, want %q", i+1, got, want)
		}
	}
}

// TestManyUnits names the first in the body of a report and counts the rest.
func TestManyUnits(t *testing.T) {
	rows := ""
	for i := range 14 {
		rows += unitLine(fmt.Sprintf("Xã %02d", i+1), 100, i, 20-i, "")
	}
	for i := range 12 {
		rows += fmt.Sprintf("  - {ten: Phường %d}\n", i+1)
	}
	doc := bind(t, schemaOf(t, consolidated), head+"don_vi:\n"+rows)
	told(doc, nil)
	for path, want := range map[string]string{
		"nhiem_vu.so_don_vi_qua_han": "14", "nhiem_vu.khac_qua_han": "4", "nhiem_vu.danh_sach_qua_han.10.ten": "Xã 10",
		"nhiem_vu.danh_sach_qua_han.11.ten": "",
		"nhiem_vu.khac_thap":                "4", "nhiem_vu.danh_sach_thap.1.ten": "Xã 01",
		"nhiem_vu.dan_dau": "xã 14 (13%), xã 13 (12%), xã 12 (11%), xã 11 (10%), xã 10 (9%)",
	} {
		if got := at(doc, units+"."+path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	got := at(doc, units+".ten_chua_bao_cao")
	if !strings.HasPrefix(got, "phường 1, phường 2, ") || !strings.HasSuffix(got, "phường 10 và 2 đơn vị khác") {
		t.Error(got)
	}
}

func TestFiguresOfAUnitThatCannotBe(t *testing.T) {
	for _, c := range []struct{ name, row, code, field string }{
		{"more done than there is", "kien_nghi_tong: 5, kien_nghi_hoan_thanh: 6", "parts-beyond-total", "kien_nghi_hoan_thanh"},
		{"done and overdue", "cu_tri_tiep_nhan: 5, cu_tri_da_tra_loi: 4, cu_tri_qua_han: 2", "parts-beyond-total", "cu_tri_da_tra_loi"},
		{"paid beyond the plan", "giai_ngan_ke_hoach: 5, giai_ngan_da_giai_ngan: '5,5'", "parts-beyond-total", "giai_ngan_da_giai_ngan"},
		{
			"more in time than done", "nhiem_vu_trong_ky_tong: 5, nhiem_vu_trong_ky_hoan_thanh: 3, nhiem_vu_trong_ky_dung_han: 4",
			"parts-beyond-total",
			"nhiem_vu_trong_ky_dung_han",
		},
		{"fewer than none", "kien_nghi_tong: -1", "no-such-count", "kien_nghi_tong"},
		{"half a petition", "cu_tri_tiep_nhan: '1,5'", "no-such-count", "cu_tri_tiep_nhan"},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := told(bind(t, schemaOf(t, consolidated), head+"don_vi:\n  - {ten: Xã A, "+c.row+"}\n"), nil)
			if len(found) == 0 || string(found[0].Code) != c.code || found[0].Where.Field != "don_vi[1]."+c.field ||
				!strings.Contains(found[0].Message, "Xã A: ") {
				t.Error(found)
			}
		})
	}
	t.Run("a unit twice", func(t *testing.T) {
		found := told(bind(t, schemaOf(t, consolidated), head+"don_vi:\n  - {ten: Xã A, bao_cao: 1/BC-HĐND}\n  - {ten: xã A}\n"), nil)
		if len(found) != 1 || found[0].Code != diag.DuplicateRow {
			t.Error(found)
		}
	})
}

// TestSharesAddUp holds the sums against the rows: what is done and what is left is all, and every unit behind is named or counted.
func TestSharesAddUp(t *testing.T) {
	schema := schemaOf(t, consolidated)
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(r, "units")
		rows, total, late := "", 0, 0
		for i := range n {
			all := rapid.IntRange(0, 20).Draw(r, "tasks")
			done := rapid.IntRange(0, all).Draw(r, "done")
			overdue := rapid.IntRange(0, all-done).Draw(r, "overdue")
			rows += unitLine(fmt.Sprintf("Xã %d", i), all, done, overdue, "")
			total += all
			if overdue > 0 {
				late++
			}
		}
		doc := bind(t, schema, head+"don_vi:\n"+rows)
		if found := told(doc, nil); len(found) > 0 {
			r.Fatal(found)
		}
		figures := doc.Values[model.FiguresKey].(model.Values)[units].(model.Values)[tasks].(model.Values)
		value := func(key string) int { n, _ := numberOf(figures, key); return int(n.IntPart()) }
		listed, _ := figures["danh_sach_qua_han"].(model.Items)
		if value("tong") != total || value("hoan_thanh")+value("con_lai") != total ||
			value("qua_han")+value("trong_han") != value("con_lai") ||
			value("so_don_vi_qua_han") != late || len(listed)+value("khac_qua_han") != late {
			r.Fatalf("%v", figures)
		}
	})
}

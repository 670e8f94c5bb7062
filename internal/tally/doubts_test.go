package tally

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vanthu/internal/diag"
	"vanthu/internal/model"
)

func TestDoubtsAboutARow(t *testing.T) {
	schema := schemaOf(t, quarterly)
	for _, c := range []struct {
		name, table, row string
		code, column     string // none when nothing is doubtful
		severity         diag.Severity
	}{
		{"done before it began", tasks, "ngay_bat_dau: 10/4/2026, ngay_hoan_thanh: 09/4/2026", "done-before-start", "ngay_hoan_thanh", diag.Warning},
		{"done the day it began", tasks, "ngay_bat_dau: 10/4/2026, ngay_hoan_thanh: 10/4/2026", "", "", 0},
		{"due before it begins", tasks, "ngay_bat_dau: 01/6/2026", "due-before-start", "thoi_han", diag.Warning},
		{"done after the closing date", tasks, "ngay_hoan_thanh: 26/6/2026", "after-closing", "ngay_hoan_thanh", diag.Warning},
		{"done on the closing date", tasks, "ngay_hoan_thanh: 25/6/2026", "", "", 0},
		{"all done, without a date", tasks, "tien_do: 100", "done-without-date", "ngay_hoan_thanh", diag.Warning},
		{"a date, not all done", tasks, "tien_do: 90, ngay_hoan_thanh: 20/5/2026", "date-without-progress", "tien_do", diag.Warning},
		{"more than all done", tasks, "tien_do: 110", "no-such-progress", "tien_do", diag.Warning},
		{"all done, with a date", tasks, "tien_do: 100, ngay_hoan_thanh: 20/5/2026", "", "", 0},
		{"half done", tasks, "tien_do: 50", "", "", 0},
		{"a step below none", recommendations, "buoc: -1", "no-such-step", "buoc", diag.Error},
		{"a step after the last", recommendations, "buoc: 8", "no-such-step", "buoc", diag.Error},
		{"half a step", recommendations, `buoc: "1,5"`, "no-such-step", "buoc", diag.Error},
		{"the last step", recommendations, "buoc: 7", "", "", 0},
		{"replied before it came", petitions, "ngay_tra_loi: 31/3/2026", "reply-before-receipt", "ngay_tra_loi", diag.Warning},
		{"replied the day it came", petitions, "ngay_tra_loi: 01/4/2026", "", "", 0},
		{"replied after the closing date", petitions, "ngay_tra_loi: 28/6/2026", "after-closing", "ngay_tra_loi", diag.Warning},
		{"resolved without a reply", petitions, "phan_loai: Đã giải quyết", "resolved-without-reply", "ngay_tra_loi", diag.Warning},
		{"more paid than planned", disbursement, `ke_hoach: 100, da_giai_ngan: "100,5"`, "paid-beyond-plan", "da_giai_ngan", diag.Warning},
		{"all paid", disbursement, "ke_hoach: 100, da_giai_ngan: 100", "", "", 0},
		{"parts that do not make the plan", disbursement, "von_xa: 40, von_khac: 59, ke_hoach: 100, da_giai_ngan: 1", "parts-beside-total", "ke_hoach", diag.Warning},
		{"parts that do", disbursement, "von_xa: 40, von_thanh_pho: 60, ke_hoach: 100, da_giai_ngan: 1", "", "", 0},
		{"less than nothing paid", disbursement, "ke_hoach: 100, da_giai_ngan: -1", "negative-amount", "da_giai_ngan", diag.Error},
	} {
		t.Run(c.name, func(t *testing.T) {
			row := map[string]string{
				tasks:           "noi_dung: A, chu_tri: B, thoi_han: 30/5/2026, ",
				recommendations: "noi_dung: A, co_quan: B, thoi_han: 30/5/2026, ",
				petitions:       "noi_dung: A, ngay_tiep_nhan: 01/4/2026, thoi_han: 30/5/2026, ",
				disbursement:    "du_an: A, ",
			}[c.table]
			doc := bind(t, schema, head+fmt.Sprintf("%s:\n  - {%s%s}\n", c.table, row, c.row))
			found := told(doc, nil)
			if c.code == "" {
				if len(found) > 0 {
					t.Error(found)
				}
				return
			}
			if len(found) != 1 || string(found[0].Code) != c.code || found[0].Severity != c.severity {
				t.Fatal(found)
			}
			label := schema.Table(c.table).Label
			if f := found[0]; f.Where.Field != c.table+"[1]."+c.column || !strings.HasPrefix(f.Message, label+", STT 1: ") {
				t.Error(f)
			}
		})
	}
}

func TestDuplicateRows(t *testing.T) {
	doc := bind(t, schemaOf(t, quarterly), head+`nhiem_vu:
  - {noi_dung: Báo cáo tháng, chu_tri: Văn phòng, thoi_han: 30/4/2026}
  - {noi_dung: Báo cáo tháng, chu_tri: Văn phòng, thoi_han: 30/5/2026}
  - {noi_dung: Báo cáo tháng, chu_tri: Ban Pháp chế, thoi_han: 30/4/2026}
  - {noi_dung: BÁO CÁO  tháng, chu_tri: Văn phòng, thoi_han: 30/4/2026}
cu_tri:
  - {noi_dung: Đèn đường, co_quan: Phòng Kinh tế, dia_ban: Thôn 1, ngay_tiep_nhan: 01/4/2026, thoi_han: 30/6/2026}
  - {noi_dung: Đèn đường, co_quan: Phòng Kinh tế, dia_ban: Thôn 2, ngay_tiep_nhan: 01/4/2026, thoi_han: 30/6/2026}
  - {noi_dung: Đèn đường, co_quan: Phòng Kinh tế, dia_ban: Thôn 2, ngay_tiep_nhan: 01/4/2026, thoi_han: 30/6/2026}
`)
	found := told(doc, nil)
	if len(found) != 2 || found[0].Where.Field != "nhiem_vu[4].noi_dung" || found[1].Where.Field != "cu_tri[3].noi_dung" {
		t.Error(found)
	}
	if !strings.Contains(found.String(), "Nhiệm vụ, STT 4: trùng với STT 1: “BÁO CÁO tháng”") {
		t.Error(found)
	}
}

func TestDoubtsAboutTheClosingDate(t *testing.T) {
	schema := schemaOf(t, quarterly)
	for more, want := range map[string][]string{
		"":                               nil,
		"ngay_chot: 01/4/2026\n":         nil,
		"ngay_chot: 30/6/2026\n":         nil,
		"ngay_chot: 31/3/2026\n":         {"closing-outside-period"},
		"ngay_chot: 01/7/2026\n":         {"closing-outside-period", "closing-after-date"},
		"ngay: 24/6/2026\n":              {"closing-after-date"},
		"ky_bao_cao: năm 2026\n":         nil,
		"ky_bao_cao: tháng 5 năm 2026\n": {"closing-outside-period"},
	} {
		if found := told(bind(t, schema, with(head, "trich_yeu: Kết quả công tác\n"+more)), nil); !slices.Equal(codes(found), want) {
			t.Errorf("%q gives %s", more, found)
		}
	}
}

func TestManyDoubtsAreToldInPartButNoErrorIsLost(t *testing.T) {
	var rows model.Items
	for i := range 500 {
		rows = append(rows, model.Values{"noi_dung": model.Text(fmt.Sprint(i)), dueKey: onDay(0), doneKey: onDay(closingDay + 1)})
	}
	wrong := model.Items{model.Values{"noi_dung": model.Text("A"), dueKey: onDay(0), stepKey: model.Count(9)}}
	found := told(reportOf(schemaOf(t, quarterly), model.Values{tasks: rows, recommendations: wrong}), nil)
	if len(found) != maxDoubts+2 || !found.Blocking() || !strings.Contains(found.String(), "còn 400 cảnh báo khác") {
		t.Errorf("%d findings, blocking %v: %s", len(found), found.Blocking(), found[len(found)-1])
	}
}

func TestWithoutADateThereAreNoFigures(t *testing.T) {
	doc := reportOf(schemaOf(t, quarterly), nil)
	delete(doc.Values, model.ClosingKey)
	delete(doc.Values, model.DayKey)
	if found := Add(doc, nil); !found.Blocking() || found[0].Code != diag.NoClosingDate || doc.Values[model.FiguresKey] != nil {
		t.Error(found)
	}
}

func TestReportWithoutATableSaysSo(t *testing.T) {
	found := Add(bind(t, schemaOf(t, quarterly), head+"nhiem_vu:\n  - {noi_dung: A, chu_tri: B, thoi_han: 30/6/2026}\n"), nil)
	if len(found) != 3 || found[0].Code != diag.MissingTable || found[0].Severity != diag.Warning || found[0].Where.Field != recommendations ||
		found[0].Message != "không có bảng “Kiến nghị sau giám sát” trong dữ liệu; báo cáo sẽ ghi là không phát sinh" {
		t.Error(found)
	}
	letter := strings.Replace(quarterly, "dung: [ky_bao_cao, ", "dung: [", 1)
	letter, _, _ = strings.Cut(letter, "  - {khoa: ky_bao_cao")
	if found := Add(bind(t, schemaOf(t, letter), strings.Replace(head, "ky_bao_cao: quý II năm 2026\n", "", 1)), nil); len(found) > 0 {
		t.Errorf("a letter says nothing of what it lacks\n%s", found)
	}
}

func TestTitleNamesThePeriod(t *testing.T) {
	schema := schemaOf(t, quarterly)
	for _, c := range []struct {
		period, title string
		other         string // what the title names instead
	}{
		{"quý II năm 2026", "Kết quả công tác quý II năm 2026", ""},
		{"quý II năm 2026", "Kết quả công tác quý 2/2026", ""},
		{"quý II năm 2026", "Kết quả công tác Quý II, nhiệm vụ trọng tâm quý III năm 2026", ""},
		{"quý II năm 2026", "Kết quả công tác", ""},
		{"quý II năm 2026", "Kết quả công tác trong năm 2026", ""},
		{"quý II năm 2026", "Kết quả công tác quý II so với quý II năm 2025", ""},
		{"quý II năm 2026", "Thực hiện Nghị quyết ngày 22 tháng 12 năm 2024", ""},
		{"quý II năm 2026", "Thực hiện Luật Thủ đô năm 2024", ""},
		{"quý II năm 2026", "Kết quả công tác quý II năm 2025", "quý II năm 2025"},
		{"quý II năm 2026", "Kết quả công tác quý III năm 2026", "quý III năm 2026"},
		{"quý II năm 2026", "Kết quả công tác quý II, nhiệm vụ quý III năm 2025", "quý III năm 2025"},
		{"quý II năm 2026", "Kết quả công tác năm 2025", "năm 2025"},
		{"quý II năm 2026", "Kết quả công tác sáu tháng đầu năm 2026", "sáu tháng đầu năm 2026"},
		{"quý IV năm 2026", "Kết quả công tác quý IV, nhiệm vụ quý I năm 2027", ""},
		{"tháng 5 năm 2026", "Kết quả công tác tháng 5, nhiệm vụ tháng 6 năm 2026", ""},
		{"tháng 5 năm 2026", "Kết quả công tác tháng 4 năm 2026", "tháng 4 năm 2026"},
		{"6 tháng đầu năm 2026", "Kết quả công tác 6 tháng đầu năm, nhiệm vụ 6 tháng cuối năm 2026", ""},
		{"9 tháng đầu năm 2026", "Kết quả công tác 9 tháng đầu năm, nhiệm vụ quý IV năm 2026", ""},
		{"năm 2026", "Kết quả công tác năm 2026, nhiệm vụ năm 2027", ""},
		{"năm 2026", "Kết quả công tác năm 2025", "năm 2025"},
	} {
		t.Run(c.title+" of "+c.period, func(t *testing.T) {
			doc := bind(t, schema, with(head, "ky_bao_cao: "+c.period+"\ntrich_yeu: "+c.title+"\n"))
			d := &doubter{ledger: read(doc)}
			d.title()
			if len(d.found) > 1 || (c.other != "") != (len(d.found) == 1) || c.other != "" &&
				d.found[0].Message != fmt.Sprintf("trích yếu ghi “%s”, không ghi kỳ báo cáo %s", c.other, c.period) {
				t.Error(d.found)
			}
		})
	}
}

func TestDatesFarAway(t *testing.T) {
	schema := schemaOf(t, quarterly)
	for more, want := range map[string][]string{
		"ngay: 08/10/2026\n": nil,
		"ngay: 09/10/2026\n": {"date-long-after-period"},
		"nhiem_vu:\n  - {noi_dung: A, chu_tri: B, thoi_han: 20/6/2031}\n": nil,
		"nhiem_vu:\n  - {noi_dung: A, chu_tri: B, thoi_han: 30/6/2031}\n": {"far-deadline"},
		"nhiem_vu:\n  - {noi_dung: A, chu_tri: B, thoi_han: 30/6/2062}\n": {"far-deadline"},
		"nhiem_vu:\n  - {noi_dung: A, chu_tri: B, thoi_han: 30/6/2016}\n": {"far-deadline"},
	} {
		if found := told(bind(t, schema, with(head, more)), nil); !slices.Equal(codes(found), want) {
			t.Errorf("%q gives %s", more, found)
		}
	}
}

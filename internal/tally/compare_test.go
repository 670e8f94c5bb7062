package tally

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vanthu/internal/diag"
	"vanthu/internal/model"
)

// first is the report of the quarter before head.
var first = with(head, `so: "10"
ngay: 31/3/2026
trich_yeu: Kết quả công tác quý I năm 2026
ky_bao_cao: quý I năm 2026
ngay_chot: 25/3/2026
`)

// taskRows writes a table of n tasks of a month, of which some are done.
func taskRows(month, n, done int) string {
	var b strings.Builder
	b.WriteString("nhiem_vu:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - {noi_dung: Việc %d, chu_tri: B, thoi_han: 20/%d/2026", i, month)
		if i < done {
			fmt.Fprintf(&b, ", ngay_hoan_thanh: 15/%d/2026", month)
		}
		b.WriteString("}\n")
	}
	return b.String()
}

func TestPhraseOfChange(t *testing.T) {
	schema := schemaOf(t, quarterly)
	for _, c := range []struct {
		name      string
		now, then int
		want      string
	}{
		{"more", 8, 5, "tăng 3 nhiệm vụ so với quý I năm 2026"},
		{"fewer", 3, 5, "giảm 2 nhiệm vụ so với quý I năm 2026"},
		{"as many", 5, 5, "bằng quý I năm 2026"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := bind(t, schema, head+taskRows(5, 9, c.now))
			Add(doc, bind(t, schema, first+taskRows(2, 9, c.then)))
			if got := at(doc, "nhiem_vu.trong_ky.so_voi_truoc"); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestRateChangesByPoints(t *testing.T) {
	schema := schemaOf(t, quarterly)
	doc := bind(t, schema, head+"giai_ngan:\n  - {du_an: A, ke_hoach: 1.000, da_giai_ngan: 375}\n")
	Add(doc, bind(t, schema, first+"giai_ngan:\n  - {du_an: A, ke_hoach: 1.000, da_giai_ngan: 250}\n"))
	if got := at(doc, "giai_ngan.so_voi_truoc"); got != "tăng 12,5 điểm phần trăm so với quý I năm 2026" {
		t.Error(got)
	}
}

func TestJumps(t *testing.T) {
	schema := schemaOf(t, quarterly)
	project := func(paid int) string {
		return fmt.Sprintf("giai_ngan:\n  - {du_an: A, ke_hoach: 1.000, da_giai_ngan: %d}\n", paid)
	}
	const (
		lastYear = "ky_bao_cao: quý II năm 2025\nngay_chot: 25/6/2025\nngay: 30/6/2025\n"
		due      = "“Nhiệm vụ có thời hạn trong kỳ”"
		done     = "“Nhiệm vụ có thời hạn trong kỳ, đã hoàn thành”"
		paid     = "“Vốn đã giải ngân”"
	)
	for _, c := range []struct{ name, now, then, before, figure, want string }{
		{"below the threshold", taskRows(5, 14, 0), taskRows(2, 10, 0), "", due, ""},
		{"at the threshold", taskRows(5, 15, 0), taskRows(2, 10, 0), "", due, "figure-jump"},
		{"down by the threshold", taskRows(5, 5, 0), taskRows(2, 10, 0), "", due, "figure-jump"},
		{"two more, though many in percent", taskRows(5, 3, 0), taskRows(2, 1, 0), "", due, ""},
		{"three more", taskRows(5, 4, 0), taskRows(2, 1, 0), "", due, "figure-jump"},
		{"three more than none", taskRows(5, 4, 3), taskRows(2, 4, 0), "", done, "figure-jump"},
		{"what grows through the year grows", project(900), project(100), "", paid, ""},
		{"what grows through the year shrinks", project(640), project(641), "", paid, "figure-jump"},
		{"against the same months of last year", project(900), project(510), lastYear, paid, "figure-jump"},
		{"a little, against the same months of last year", project(700), project(510), lastYear, paid, ""},
		{"a table that is new", taskRows(5, 4, 0), "", "", "“Nhiệm vụ”", "nothing-to-compare"},
		{"no jump between a quarter and a month", taskRows(5, 15, 0), taskRows(2, 1, 0), "ky_bao_cao: tháng 3 năm 2026\n", due, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			found := told(bind(t, schema, head+c.now), bind(t, schema, with(first, c.before)+c.then))
			code := ""
			for _, f := range found {
				if strings.Contains(f.Message, c.figure) {
					code += string(f.Code)
				}
			}
			if code != c.want || found.Blocking() {
				t.Errorf("%q, want %q\n%s", code, c.want, found)
			}
		})
	}
}

func TestJumpNamesTheFigureBothPeriodsAndTheRemedy(t *testing.T) {
	schema := schemaOf(t, quarterly)
	found := told(bind(t, schema, head+taskRows(6, 15, 15)), bind(t, schema, first+taskRows(2, 10, 10)))
	const want = "Cảnh báo — mục nhiem_vu: “Nhiệm vụ có thời hạn trong kỳ” tăng từ 10 (quý I năm 2026) lên 15 nhiệm vụ\n" +
		"  → xem lại số liệu hoặc nêu nguyên nhân trong báo cáo"
	if len(found) == 0 || found[0].String() != want {
		t.Error(found)
	}
}

func TestComparisonOfRates(t *testing.T) {
	schema := schemaOf(t, quarterly)
	doc := bind(t, schema, head+taskRows(6, 4, 3))
	Add(doc, bind(t, schema, first+taskRows(2, 4, 2)))
	list := doc.Values[model.FiguresKey].(model.Values)["so_sanh"].(model.Items)
	i := slices.IndexFunc(list, func(v model.Value) bool { return v.(model.Values).Text("don_vi") == "%" })
	path := fmt.Sprintf("so_sanh.%d.", i+1)
	for key, want := range map[string]string{"ky_nay": "75", "ky_truoc": "50", "tang_giam": "25", "ty_le": ""} {
		if got := at(doc, path+key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
}

// TestWhatMayBeCompared wants figures of a period to be held only against those of a like one.
func TestWhatMayBeCompared(t *testing.T) {
	schema := schemaOf(t, quarterly)
	monthly := *schema
	monthly.Kind, monthly.Name = "bao-cao-thang", "Báo cáo tháng"
	const year2025 = "ngay: 31/12/2025\nngay_chot: 25/12/2025\n"
	for _, c := range []struct {
		name        string
		schema      *model.Schema // of the document before
		now, before string
		code, said  string // "" for nothing
		compared    bool
	}{
		{"the quarter before", schema, "", "", "", "", true},
		{
			"the last quarter of the year before", schema, "ky_bao_cao: quý I năm 2026\nngay_chot: 31/3/2026\n",
			"ky_bao_cao: quý IV năm 2025\n" + year2025, "", "", true,
		},
		{"the year before", schema, "ky_bao_cao: năm 2026\n", "ky_bao_cao: năm 2025\n" + year2025, "", "", true},
		{"nine months of the year before", schema, "ky_bao_cao: 9 tháng đầu năm 2026\n", "ky_bao_cao: 9 tháng đầu năm 2025\n" + year2025, "", "", true},
		{"the month before", schema, "ky_bao_cao: tháng 6 năm 2026\n", "ky_bao_cao: tháng 5 năm 2026\n", "", "", true},
		{"the same quarter of the year before", schema, "", "ky_bao_cao: quý II năm 2025\n" + year2025, "same-period-last-year", "quý II năm 2025", true},
		{
			"a quarter left out", schema, "", "ky_bao_cao: quý IV năm 2025\n" + year2025, "period-gap",
			"kỳ trước phải là quý I năm 2026, tệp là quý IV năm 2025", true,
		},
		{"a month", schema, "", "ky_bao_cao: tháng 3 năm 2026\n", "unlike-periods", "quý II năm 2026 và tháng 3 năm 2026 dài ngắn khác nhau", false},
		{"a year", schema, "", "ky_bao_cao: năm 2025\n" + year2025, "unlike-periods", "quý II năm 2026 và năm 2025", false},
		{"no period", schema, "", "ky_bao_cao:\n", "unlike-periods", "không có kỳ báo cáo", false},
		{"another kind", &monthly, "", "", "unlike-documents", "“Báo cáo quý”, tệp kỳ trước là “Báo cáo tháng”", false},
		{"another kind, signed later", &monthly, "", "ky_bao_cao:\nngay: 01/7/2026\nngay_chot: 28/6/2026\n", "unlike-documents", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := bind(t, schema, with(head, "trich_yeu: Kết quả công tác\n"+c.now)+taskRows(5, 2, 0))
			found := told(doc, bind(t, c.schema, with(first, "trich_yeu: Công tác\n"+c.before)+taskRows(2, 2, 0)))
			i := slices.IndexFunc(found, func(f diag.Finding) bool { return string(f.Code) == c.code })
			if c.code != "" && (i < 0 || !strings.Contains(found[i].Message, c.said)) || c.code == "" && len(found) > 0 || found.Blocking() {
				t.Errorf("want %q\n%s", c.code, found)
			}
			for _, path := range []string{"ky_truoc", "so_sanh", "nhiem_vu.tat_ca.so_voi_truoc"} {
				if got := at(doc, path); (got != "") != c.compared {
					t.Errorf("%s is %q", path, got)
				}
			}
		})
	}
}

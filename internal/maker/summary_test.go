package maker_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vanthu/internal/diag"
	"vanthu/internal/layout"
	"vanthu/internal/maker"
	"vanthu/internal/officetest"
	"vanthu/internal/testenv"
	"vanthu/internal/wml"
)

const yearEnd = "cuoi-nam-2026"

// commune is a data file of the sample with what its report came to and what its own raw cells say.
type commune struct {
	name string // "Xã Vĩnh Am"
	unit maker.UnitFigures
	count
}

// readCommunes makes the report of each commune of the sample, with nothing to mend.
func readCommunes(t *testing.T, a *officetest.Office) (all []commune) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(officetest.Samples, yearEnd, "*.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		file := officetest.Sample(t, yearEnd, filepath.Base(path))
		previous := officetest.Sample(t, yearEnd, "ky-truoc/"+filepath.Base(path))
		result := officetest.Made(t, a, maker.Request{File: file, Previous: &previous, PDF: true})
		all = append(all, commune{maker.UnitName(result.Unit), maker.UnitFigures{result.Unit, result.Symbol, result.Figures}, countBook(t, file.Data)})
	}
	return all
}

// summaryRequest is the consolidated report of the sample without its units.
func summaryRequest(t *testing.T) maker.Request {
	t.Helper()
	return maker.Request{File: officetest.Sample(t, yearEnd, "tong-hop.yaml"), Profile: officetest.Sample(t, yearEnd, "don-vi.yaml").Data, PDF: true, XLSX: true}
}

// TestYearEnd makes the report of each commune of the sample and of all together, and looks in the last for what its own count of the
// raw cells of all workbooks comes to.
func TestYearEnd(t *testing.T) {
	t.Parallel()
	a := officetest.Plain(t)
	all := readCommunes(t, a)
	if len(all) != 30 || !slices.ContainsFunc(all, func(c commune) bool { return c.name == "Xã Vĩnh Am" }) {
		t.Fatalf("%d communes", len(all))
	}
	var units []maker.UnitFigures
	for _, c := range all {
		units = append(units, c.unit)
	}
	result, found, err := a.Maker.Summarise(t.Context(), summaryRequest(t), units)
	if err != nil || len(found) > 0 {
		t.Fatalf("%v\n%s", err, found)
	}
	text := officetest.Words(t, result.DOCX)

	t.Run("body", func(t *testing.T) { checkBody(t, text, all) })
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) { c.checkRow(t, text) })
	}
	t.Run("workbook", func(t *testing.T) { checkUnits(t, result.XLSX, all) })
	t.Run("recalculated by LibreOffice", func(t *testing.T) { checkUnits(t, recalculate(t, testenv.Tool(t, "soffice"), result.XLSX), all) })
	t.Run("workbook as data", func(t *testing.T) {
		again := officetest.Made(t, a, maker.Request{File: maker.File{Name: result.Name + maker.WorkbookEnding, Data: result.XLSX}, PDF: true})
		if officetest.Words(t, again.DOCX) != text {
			t.Error("the consolidated workbook as it is gives another report")
		}
	})
	t.Run("same bytes", func(t *testing.T) {
		again, _, err := officetest.Plain(t).Maker.Summarise(t.Context(), summaryRequest(t), units)
		if err != nil || !bytes.Equal(again.DOCX, result.DOCX) || !bytes.Equal(again.PDF, result.PDF) || !bytes.Equal(again.XLSX, result.XLSX) {
			t.Errorf("the same data gives other files: %v", err)
		}
	})
}

// checkRow looks for the row of a commune in the annex.
func (c *commune) checkRow(t *testing.T, text string) {
	due := c.due(c.begin, c.end)
	n := states(due)
	plan, paid, _, _ := c.money()
	want := fmt.Sprintf("%d %d %d %s %d %d %d %d %d %d %s %s %s ",
		len(due), n[0]+n[1], n[3], viet(percent(float64(n[0]+n[1]), float64(len(due)))),
		len(c.recommendations), c.level("Hoàn thành"), c.level("Quá hạn"),
		len(c.petitions), c.answer("Đã trả lời"), c.answer("Quá hạn trả lời"), viet(plan), viet(paid), viet(percent(paid, plan)))
	if _, row, ok := strings.Cut(text, c.name+" "+c.unit.Symbol+" "); !ok || !strings.HasPrefix(row+" ", want) {
		t.Errorf("the annex says %.120q, want %q", row, want)
	}
}

// checkBody looks for the sums in the sentences of the report.
func checkBody(t *testing.T, text string, all []commune) {
	var tasks []task
	var plan, paid float64
	late := 0 // communes
	for _, c := range all {
		due := c.due(c.begin, c.end)
		tasks = append(tasks, due...)
		p, d, _, _ := c.money()
		plan, paid = plan+p, paid+d
		if states(due)[3] > 0 {
			late++
		}
	}
	n := states(tasks)
	whole := func(n int) string { return viet(float64(n)) }
	done := n[0] + n[1]
	wants(t, text, "Thực hiện chế độ báo cáo", "Thực hiện kiến nghị sau giám sát",
		"Có 30/30 đơn vị đã gửi báo cáo, đạt 100%",
		fmt.Sprintf("30 đơn vị có %s nhiệm vụ đến hạn; đã hoàn thành %s/%s nhiệm vụ, đạt %s%%, trong đó hoàn thành đúng hạn %s, hoàn thành quá hạn %s",
			whole(len(tasks)), whole(done), whole(len(tasks)), viet(percent(float64(done), float64(len(tasks)))), whole(n[0]), whole(n[1])),
		fmt.Sprintf("chưa hoàn thành %s nhiệm vụ, trong đó quá hạn %s tại %d đơn vị", whole(n[2]+n[3]), whole(n[3]), late))
	wants(t, text, "4. Giải ngân vốn", "III. ĐÁNH GIÁ",
		fmt.Sprintf("Kế hoạch vốn năm của 30 đơn vị là %s triệu đồng", viet(plan)),
		fmt.Sprintf("đã giải ngân %s triệu đồng, đạt %s%% kế hoạch", viet(paid), viet(percent(paid, plan))))
}

// checkUnits looks for the figures of each commune and their sums in the consolidated workbook.
func checkUnits(t *testing.T, workbook []byte, all []commune) {
	rows := rawRows(t, openBook(t, workbook), "Số liệu các đơn vị")
	at := slices.IndexFunc(rows, func(row []string) bool { return len(row) > 1 && row[1] == all[0].name })
	if at < 0 {
		t.Fatalf("no row of %s", all[0].name)
	}
	var tasks, answered, paid float64
	for i, c := range all {
		due := float64(len(c.due(c.begin, c.end)))
		_, p, _, _ := c.money()
		tasks, answered, paid = tasks+due, answered+float64(c.answer("Đã trả lời")), paid+p
		row := rows[at+i]
		if row[1] != c.name || row[3] != "Đã báo cáo" || amountOf(t, row[4]) != due || tenth(amountOf(t, row[18])) != tenth(p) {
			t.Errorf("row %d is %q", i+1, row)
		}
	}
	total := rows[at+len(all)]
	if total[3] != "Đã báo cáo 30/30" || amountOf(t, total[4]) != tasks || amountOf(t, total[14]) != answered ||
		tenth(amountOf(t, total[18])) != tenth(paid) {
		t.Errorf("the totals are %q, want %v tasks, %v answered, %v paid", total, tasks, answered, paid)
	}
}

// TestUnitsWithoutReport are rows like the others, and are counted and named.
func TestUnitsWithoutReport(t *testing.T) {
	figures := map[string]string{
		"nhiem_vu.trong_ky.tong": "10", "nhiem_vu.trong_ky.hoan_thanh": "4", "nhiem_vu.trong_ky.dung_han": "3", "nhiem_vu.trong_ky.qua_han": "2",
	}
	result, found, err := officetest.Plain(t).Maker.Summarise(t.Context(), summaryRequest(t), []maker.UnitFigures{
		{"HỘI ĐỒNG NHÂN DÂN XÃ VĨNH AM", "97/BC-HĐND", figures},
		{Name: "HỘI ĐỒNG NHÂN DÂN ĐẶC KHU HÒN NGƯ"},
		{"Phường Hải Tân", "12/BC-HĐND", map[string]string{}},
	})
	if err != nil || len(found) > 0 {
		t.Fatalf("%v\n%s", err, found)
	}
	text := officetest.Words(t, result.DOCX)
	wants(t, text, "Thực hiện chế độ báo cáo", "III. ĐÁNH GIÁ",
		"Có 02/03 đơn vị đã gửi báo cáo, đạt 66,7%; còn 01 đơn vị chưa có báo cáo: đặc khu Hòn Ngư",
		"01 đơn vị có 10 nhiệm vụ đến hạn; đã hoàn thành 04/10 nhiệm vụ, đạt 40%, trong đó hoàn thành đúng hạn 03, hoàn thành quá hạn 01; "+
			"chưa hoàn thành 06 nhiệm vụ, trong đó quá hạn 02 tại 01 đơn vị",
		"Có 01 đơn vị có tỷ lệ hoàn thành nhiệm vụ dưới 80%", "không có kiến nghị sau giám sát phải theo dõi")
	wants(t, text, "Phụ lục KẾT QUẢ", "", "Tổng số (02/03 đơn vị đã báo cáo) 10 4 2 40",
		"2 Đặc khu Hòn Ngư Chưa có báo cáo 3 Phường Hải Tân 12/BC-HĐND")
}

// TestFindingsNameTheUnit wants what is wrong with the figures of a unit to name it, not a cell of a table that nobody sees.
func TestFindingsNameTheUnit(t *testing.T) {
	for _, c := range []struct {
		name    string
		figures map[string]string
		again   string // name of a second unit
		want    string
	}{
		{"more done than there is", map[string]string{"kien_nghi.tong": "3", "kien_nghi.hoan_thanh": "4"}, "Xã B", "Cảnh báo — Xã A Bình: "},
		{"no number", map[string]string{"cu_tri.tiep_nhan": "nhiều"}, "Xã B", "Lỗi — Xã A Bình: "},
		{"half a task", map[string]string{"nhiem_vu.trong_ky.tong": "1,5"}, "Xã B", "Lỗi — Xã A Bình: "},
		{"one unit twice", map[string]string{}, "HỘI ĐỒNG NHÂN DÂN XÃ A BÌNH", "Cảnh báo — Xã A Bình: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			units := []maker.UnitFigures{{"Xã A Bình", "1/BC-HĐND", c.figures}, {c.again, "2/BC-HĐND", map[string]string{}}}
			_, found, err := officetest.Plain(t).Maker.Summarise(t.Context(), summaryRequest(t), units)
			if err != nil || len(found) != 1 || !strings.HasPrefix(found.String(), c.want) {
				t.Errorf("%v\n%s", err, found)
			}
		})
	}
}

// TestNotASummary refuses what cannot be a consolidated report.
func TestWhatCannotBeAddedUpIsLeftOut(t *testing.T) {
	a := officetest.Plain(t)
	units := []maker.UnitFigures{
		{"HỘI ĐỒNG NHÂN DÂN XÃ AN", "12/BC-HĐND", map[string]string{"ky": "năm 2026", "nhiem_vu_trong_ky.tong": "10", "nhiem_vu_trong_ky.hoan_thanh": "8"}},
		{"HỘI ĐỒNG NHÂN DÂN XÃ BÌNH", "9/BC-HĐND", map[string]string{"ky": "năm 2025", "nhiem_vu_trong_ky.tong": "100"}},
		{"HỘI ĐỒNG NHÂN DÂN XÃ CAO", "7/BC-HĐND", map[string]string{"ky": "6 tháng đầu năm 2026", "nhiem_vu_trong_ky.tong": "100"}},
		{"HỘI ĐỒNG NHÂN DÂN XÃ DUNG", "5/GM-HĐND", nil},
	}
	result, found, err := a.Maker.Summarise(t.Context(), summaryRequest(t), units)
	if err != nil || found.Blocking() {
		t.Fatal(err, found)
	}
	var told []string
	for _, f := range found {
		if f.Code == diag.NotSummed {
			told = append(told, f.Where.File)
		}
	}
	if want := []string{"Xã Bình", "Xã Cao", "Xã Dung"}; !slices.Equal(told, want) {
		t.Errorf("told of %q\n%s", told, found)
	}
	if text := officetest.Words(t, result.DOCX); !strings.Contains(text, "01/04 đơn vị") {
		t.Error(text)
	}
}

func TestNotASummary(t *testing.T) {
	request := summaryRequest(t)
	one := []maker.UnitFigures{{Name: "Xã A"}}
	for _, c := range []struct {
		name, data string
		units      []maker.UnitFigures
		code       string
	}{
		{"another kind", "loai: bao-cao-nam\n", one, "not-a-summary"},
		{"no kind", "so: 1\n", one, "missing-field"},
		{"no units", string(request.Data), nil, "no-units"},
	} {
		t.Run(c.name, func(t *testing.T) {
			request.Data = []byte(c.data)
			result, found, err := officetest.Plain(t).Maker.Summarise(t.Context(), request, c.units)
			if err != nil || !found.Blocking() || string(found[0].Code) != c.code || result.DOCX != nil {
				t.Errorf("%v\n%s", err, found)
			}
		})
	}
}

func TestUnitName(t *testing.T) {
	for name, want := range map[string]string{
		"HỘI ĐỒNG NHÂN DÂN XÃ VĨNH AM":              "Xã Vĩnh Am",
		"HỘI ĐỒNG NHÂN DÂN ĐẶC KHU CÁT HẢI":         "Đặc khu Cát Hải",
		"Thường trực Hội đồng nhân dân xã Ea H'Leo": "Xã Ea H'Leo",
		"Phường 12":    "Phường 12",
		"xa-an-binh":   "Xa-an-binh",
		"SỞ NỘI VỤ":    "Sở Nội Vụ",
		"":             "",
		"phường Ba Tơ": "Phường Ba Tơ",
	} {
		if got := maker.UnitName(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

// TestIssuer reads who reports from a data file that has something to mend.
func TestIssuer(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(officetest.Samples, yearEnd, "xa-vinh-am.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	a := officetest.Plain(t)
	for _, c := range []struct{ name, data, want string }{
		{"xa-vinh-am.xlsx", string(data), "HỘI ĐỒNG NHÂN DÂN XÃ VĨNH AM"},
		{"a.yaml", "loai: bao-cao-nam\nco_quan: {ten: HỘI ĐỒNG NHÂN DÂN XÃ A}\n", "HỘI ĐỒNG NHÂN DÂN XÃ A"},
		{"b.yaml", "not: [", ""},
	} {
		if got, err := a.Maker.Issuer(maker.Request{File: maker.File{Name: c.name, Data: []byte(c.data)}}); got != c.want || err != nil {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}

// TestCountry makes the report of as many units as the country has communes: every page of its annex is headed, and no unit is lost.
func TestCountry(t *testing.T) {
	t.Parallel()
	const country = 3321
	units := make([]maker.UnitFigures, country)
	for i := range units {
		units[i] = maker.UnitFigures{fmt.Sprintf("Xã Số %d", i+1), fmt.Sprintf("%d/BC-HĐND", i%120+20), map[string]string{
			"nhiem_vu.trong_ky.tong": "46", "nhiem_vu.trong_ky.hoan_thanh": "41", "nhiem_vu.trong_ky.qua_han": "2",
			"giai_ngan.ke_hoach": "10963", "giai_ngan.da_giai_ngan": "10289,6",
		}}
	}
	a := officetest.Plain(t)
	result, found, err := a.Maker.Summarise(t.Context(), summaryRequest(t), units)
	if err != nil || len(found) > 0 {
		t.Fatalf("%v\n%s", err, found)
	}
	doc, _, err := wml.Read(result.DOCX)
	if err != nil {
		t.Fatal(err)
	}
	laid, _ := layout.Paginate(doc, a.Office.Fonts())
	rows := 0
	for i, p := range newPrinted(doc, laid).pages {
		if p.Width < p.Height {
			continue
		}
		if !slices.ContainsFunc(p.body, func(l line) bool { return l.text == "STT" }) {
			t.Errorf("page %d has no heading", i+1)
		}
		for _, l := range p.body {
			if strings.HasPrefix(l.text, "Xã Số ") {
				if rows++; l.text != fmt.Sprintf("Xã Số %d", rows) {
					t.Fatalf("page %d has %s where %d was to come", i+1, l.text, rows)
				}
			}
		}
	}
	if rows != country || result.Pages < 100 || result.Pages > 200 {
		t.Errorf("%d units on %d pages", rows, result.Pages)
	}
	// Sums stand above the units: the last page may have any number of rows and none is a row of sums alone.
	wants(t, doc.Text(), "KẾT QUẢ CỦA CÁC XÃ", "Xã Số 1", "Tổng số (3.321/3.321 đơn vị đã báo cáo) 152.766 136.161 6.642 89,1")
}

package tally

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"vanthu/internal/diag"
	"vanthu/internal/kind"
	"vanthu/internal/model"
	"vanthu/internal/source"
	"vanthu/internal/vi"
	"vanthu/templates"
)

var update = flag.Bool("update", false, "rewrite the wanted output in testdata")

const quarterly = `
ten: Báo cáo quý
ten_loai: Báo cáo
viet_tat: BC
bo: [noi_dung]
dung: [ky_bao_cao, ngay_chot, nguong_giai_ngan, nguong_bien_dong, chi_dao, nhiem_vu, kien_nghi, cu_tri, giai_ngan]
truong:
  - {khoa: chi_dao, bat_buoc: false}
  - {khoa: ky_bao_cao, bat_buoc: false}
`

const plan = `
ten: Kế hoạch
viet_tat: KH
dung: [nhiem_vu, lo_trinh]
truong:
  - {khoa: noi_dung, bat_buoc: false}
`

// schemaOf reads a kind.yaml with the fields that kinds share.
func schemaOf(t testing.TB, own string) *model.Schema {
	t.Helper()
	record := func(data []byte) model.Record {
		record, found := source.ReadText("kind.yaml", data)
		if len(found) > 0 {
			t.Fatal(found)
		}
		return record
	}
	shared := func(name string) model.Record {
		data, err := fs.ReadFile(templates.FS, "chung/"+name)
		if err != nil {
			t.Fatal(err)
		}
		return record(data)
	}
	common, found := kind.ReadShared(shared("kind.yaml"), shared("tuy-chon.yaml"))
	schema, more := common.Schema("bao-cao-quy", record([]byte(own)))
	if found.Add(more...); len(found) > 0 {
		t.Fatal(found)
	}
	schema.Figures = Fields(&schema)
	return &schema
}

// head is what every document says; what a test is about is added to it, or said anew by what comes first.
const head = `
loai: bao-cao-quy
co_quan: {ten: HỘI ĐỒNG NHÂN DÂN, ky_hieu: HĐND}
so: "21"
dia_danh: Vĩnh Am
ngay: 30/6/2026
trich_yeu: Kết quả công tác quý II năm 2026
noi_nhan: ["Lưu: VT"]
ky: {chuc_vu: [CHỦ TỊCH], ho_ten: Nguyễn Văn An}
ky_bao_cao: quý II năm 2026
ngay_chot: 25/6/2026
`

// with says some fields of head anew; each is one line "key: value", or more lines that are indented.
func with(base, more string) string {
	kept := ""
	for line := range strings.Lines(base) {
		key, _, _ := strings.Cut(line, ":")
		if !strings.Contains("\n"+more, "\n"+key+":") {
			kept += line
		}
	}
	return kept + more
}

func bind(t testing.TB, schema *model.Schema, yaml string) *model.Document {
	t.Helper()
	record, found := source.ReadText("du-lieu.yaml", []byte(yaml))
	if found.Blocking() {
		t.Fatal(found)
	}
	doc, found := model.Bind(schema, record, nil)
	if found.Blocking() {
		t.Fatal(found)
	}
	return &doc
}

func rowOf(doc *model.Document, table string, i int) model.Values {
	return doc.Values[table].(model.Items)[i].(model.Values)
}

// at returns a value of so_lieu by its path, lists from 1: "nhiem_vu.tat_ca.theo_quy.1.tong".
func at(doc *model.Document, path string) string {
	var value model.Value = doc.Values[model.FiguresKey]
	for _, key := range strings.Split(path, ".") {
		switch v := value.(type) {
		case model.Values:
			value = v[key]
		case model.Items:
			var i int
			if fmt.Sscan(key, &i); i > len(v) {
				return ""
			}
			value = v[i-1]
		}
	}
	switch v := value.(type) {
	case model.Text:
		return string(v)
	case model.Number:
		return vi.FormatNumber(v.Decimal)
	case model.Date:
		return v.ISO()
	case nil:
		return ""
	default:
		return "there"
	}
}

func codes(found diag.Findings) []string {
	var list []string
	for _, f := range found {
		list = append(list, string(f.Code))
	}
	return list
}

// told are the findings of Add, besides those about the tables that a test leaves out.
func told(doc, previous *model.Document) diag.Findings {
	return slices.DeleteFunc(Add(doc, previous), func(f diag.Finding) bool { return f.Code == diag.MissingTable })
}

func TestFigures(t *testing.T) {
	const name = "testdata/figures.txtar"
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	file := func(name string) *txtar.File {
		i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == name })
		return &archive.Files[i]
	}
	schema := schemaOf(t, quarterly)
	for _, c := range []struct{ now, before, want string }{
		{"quy-2.yaml", "", "alone.txt"},
		{"quy-2.yaml", "quy-1.yaml", "compared.txt"},
	} {
		t.Run(strings.TrimSuffix(c.want, ".txt"), func(t *testing.T) {
			doc := bind(t, schema, string(file(c.now).Data))
			var previous *model.Document
			if c.before != "" {
				previous = bind(t, schema, string(file(c.before).Data))
			}
			found := Add(doc, previous)
			_, tables, _ := strings.Cut(doc.Dump(), "nhiem_vu:\n")
			got := "nhiem_vu:\n" + tables
			if previous != nil {
				got = changes(got)
			}
			got += found.String()
			if *update {
				file(c.want).Data = []byte(got)
			}
			if diff := cmp.Diff(string(file(c.want).Data), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// changes keeps of a dump what only a document with one before it has.
func changes(dump string) (kept string) {
	_, figures, _ := strings.Cut(dump, "so_lieu:\n")
	list, rest, _ := strings.Cut(figures, "  nhiem_vu:\n")
	for line := range strings.Lines(rest) {
		if strings.Contains(line, "so_voi_truoc") {
			kept += line
		}
	}
	return list + kept
}

func TestTaskStateAtItsBoundaries(t *testing.T) {
	schema := schemaOf(t, quarterly)
	for _, c := range []struct{ name, due, done, state, days string }{
		{"done before the deadline", "20/6/2026", "19/6/2026", "Hoàn thành đúng hạn", ""},
		{"done on the deadline", "20/6/2026", "20/6/2026", "Hoàn thành đúng hạn", ""},
		{"done the day after", "20/6/2026", "21/6/2026", "Hoàn thành quá hạn", ""},
		{"done on the closing date", "30/6/2026", "25/6/2026", "Hoàn thành đúng hạn", ""},
		{"done on the closing date, late", "24/6/2026", "25/6/2026", "Hoàn thành quá hạn", ""},
		{"done the day after the closing date", "30/6/2026", "26/6/2026", "Chưa hoàn thành trong hạn", "5"},
		{"done the day after the closing date, late", "24/6/2026", "26/6/2026", "Chưa hoàn thành quá hạn", "-1"},
		{"open, due on the closing date", "25/6/2026", "", "Chưa hoàn thành trong hạn", "0"},
		{"open, due the day before", "24/6/2026", "", "Chưa hoàn thành quá hạn", "-1"},
		{"open, due the day after", "26/6/2026", "", "Chưa hoàn thành trong hạn", "1"},
		{"open, due last year", "31/12/2025", "", "Chưa hoàn thành quá hạn", "-176"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := bind(t, schema, head+fmt.Sprintf("nhiem_vu:\n  - {noi_dung: A, chu_tri: B, thoi_han: %s, ngay_hoan_thanh: %s}\n", c.due, c.done))
			Add(doc, nil)
			row := rowOf(doc, tasks, 0)
			days := ""
			if n, ok := numberOf(row, "so_ngay"); ok {
				days = n.String()
			}
			if row.Text("tinh_trang") != c.state || days != c.days {
				t.Errorf("%s, %s days", row["tinh_trang"], days)
			}
		})
	}
}

func TestRecommendationLevelAndNextStep(t *testing.T) {
	schema := schemaOf(t, quarterly)
	for _, c := range []struct{ name, due, assessed, step, level, days, next string }{
		{"assessed as done, after the deadline", "01/6/2026", "Hoàn thành", "2", "Hoàn thành", "", ""},
		{"in time", "25/6/2026", "", "", "Chưa hoàn thành", "", ""},
		{"in time, in part", "25/6/2026", "Hoàn thành một phần", "0", "Hoàn thành một phần", "", ""},
		{"the day after the deadline", "24/6/2026", "", "", "Quá hạn", "1", "Đôn đốc lần 1"},
		{"in part, overdue", "20/6/2026", "Hoàn thành một phần", "1", "Quá hạn", "5", "Đôn đốc tiếp"},
		{"refused in time", "30/6/2026", "Không thực hiện", "0", "Không thực hiện", "", "Đôn đốc lần 1"},
		{"refused, overdue", "15/6/2026", "Không thực hiện", "4", "Không thực hiện", "10", "Chất vấn"},
		{"unsatisfying", "30/6/2026", "Chưa đáp ứng yêu cầu", "6", "Chưa đáp ứng yêu cầu", "", "Báo cáo Hội đồng nhân dân"},
		{"after the last step", "20/6/2026", "", "7", "Quá hạn", "5", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := bind(t, schema, head+fmt.Sprintf("kien_nghi:\n  - {noi_dung: A, co_quan: B, thoi_han: %s, danh_gia: %s, buoc: %q}\n", c.due, c.assessed, c.step))
			Add(doc, nil)
			row := rowOf(doc, recommendations, 0)
			days := ""
			if n, ok := numberOf(row, "so_ngay_qua_han"); ok {
				days = n.String()
			}
			if row.Text("muc_do") != c.level || days != c.days || row.Text("buoc_tiep") != c.next {
				t.Errorf("%q, %q days, %q", row["muc_do"], days, row["buoc_tiep"])
			}
		})
	}
}

func TestPetitionState(t *testing.T) {
	schema := schemaOf(t, quarterly)
	for _, c := range []struct{ name, due, reply, want string }{
		{"answered on the closing date", "01/6/2026", "25/6/2026", "Đã trả lời"},
		{"answered after the closing date", "30/6/2026", "26/6/2026", "Đang giải quyết"},
		{"due on the closing date", "25/6/2026", "", "Đang giải quyết"},
		{"due the day before", "24/6/2026", "", "Quá hạn trả lời"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := bind(t, schema, head+fmt.Sprintf("cu_tri:\n  - {noi_dung: A, ngay_tiep_nhan: 01/4/2026, thoi_han: %s, ngay_tra_loi: %s}\n", c.due, c.reply))
			Add(doc, nil)
			if got := rowOf(doc, petitions, 0).Text("trang_thai"); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestRateOfAProject(t *testing.T) {
	schema := schemaOf(t, quarterly)
	for _, c := range []struct{ name, plan, paid, rate, slow string }{
		{"at the threshold", "200", "100", "50", "K"},
		{"just below it", "1000", "499", "49,9", "C"},
		{"rounded up to the threshold", "10000", "4995", "50", "K"},
		{"a half is rounded up", "800", "501", "62,6", "K"},
		{"nothing is planned", "0", "0", "", "K"},
		{"nothing is paid", "10", "0", "0", "C"},
	} {
		t.Run(c.name, func(t *testing.T) {
			doc := bind(t, schema, head+fmt.Sprintf("giai_ngan:\n  - {du_an: A, ke_hoach: %q, da_giai_ngan: %q}\n", c.plan, c.paid))
			Add(doc, nil)
			row := rowOf(doc, disbursement, 0)
			rate := ""
			if n, ok := numberOf(row, "ty_le"); ok {
				rate = vi.FormatNumber(n)
			}
			if rate != c.rate || row.Text("cham") != c.slow || at(doc, "giai_ngan.ty_le") != c.rate {
				t.Errorf("rate %q of all %q, %s", rate, at(doc, "giai_ngan.ty_le"), row["cham"])
			}
		})
	}
}

func TestPlanWithARoadmap(t *testing.T) {
	doc := bind(t, schemaOf(t, plan), `
loai: ke-hoach
co_quan: {ten: HỘI ĐỒNG NHÂN DÂN, ky_hieu: HĐND}
dia_danh: Vĩnh Am
ngay: 30/6/2026
trich_yeu: Giám sát năm 2026
noi_nhan: ["Lưu: VT"]
ky: {chuc_vu: [CHỦ TỊCH], ho_ten: Nguyễn Văn An}
nhiem_vu:
  - {noi_dung: A, chu_tri: B, thoi_han: 30/6/2026}
  - {noi_dung: C, chu_tri: B, thoi_han: 29/6/2027}
lo_trinh:
  - {quy: II, noi_dung: A, thoi_han: 29/6/2026}
`)
	if found := Add(doc, nil); len(found) > 0 {
		t.Error(found)
	}
	if got := rowOf(doc, roadmap, 0).Text("tinh_trang"); got != "Chưa hoàn thành quá hạn" {
		t.Errorf("as of the date of the plan the step is %q", got)
	}
	for path, want := range map[string]string{
		"ky": "", "ky_truoc": "", "nhiem_vu.trong_ky.tong": "2", "nhiem_vu.luy_ke": "", "nhiem_vu.tat_ca.trong_han": "2",
		"nhiem_vu.tat_ca.theo_quy.1.ten": "Quý II/2026", "nhiem_vu.tat_ca.theo_quy.2.ten": "Quý II/2027", "kien_nghi": "",
	} {
		if got := at(doc, path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

func TestKindWithoutTablesIsLeftAlone(t *testing.T) {
	schema := schemaOf(t, "ten: Công văn\nbo: [noi_dung]\n")
	doc := bind(t, schema, with(head, "")[:strings.Index(head, "ky_bao_cao")])
	if found := Add(doc, nil); len(found) > 0 || doc.Values[model.FiguresKey] != nil || Fields(schema) != nil {
		t.Error(found, doc.Values[model.FiguresKey])
	}
}

func TestTablesWithoutRowsHaveNoFigures(t *testing.T) {
	doc := bind(t, schemaOf(t, quarterly), head+"nhiem_vu: []\n")
	Add(doc, nil)
	for _, table := range []string{tasks, recommendations, petitions, disbursement} {
		if at(doc, table) != "" {
			t.Errorf("so_lieu.%s is there", table)
		}
	}
	if at(doc, "ky") != "quý II năm 2026" || at(doc, "ten_ky_tiep") != "quý III" || at(doc, "ten_ky") != "quý II" {
		t.Error(doc.Values[model.FiguresKey])
	}
}

func TestCumulativeFiguresBeginWithTheSecondPeriodOfAYear(t *testing.T) {
	schema := schemaOf(t, quarterly)
	for period, there := range map[string]bool{
		"quý I năm 2026": false, "6 tháng đầu năm 2026": false, "năm 2026": false, "quý II năm 2026": true, "tháng 2 năm 2026": true,
	} {
		doc := bind(t, schema, with(head, "ky_bao_cao: "+period+"\nnhiem_vu:\n  - {noi_dung: A, chu_tri: B, thoi_han: 01/01/2026}\n"))
		Add(doc, nil)
		if got := at(doc, "nhiem_vu.luy_ke.tong"); (got == "1") != there || !there && got != "" {
			t.Errorf("%s: luy_ke.tong is %q", period, got)
		}
	}
}

func TestRowsWithoutANameComeLast(t *testing.T) {
	doc := bind(t, schemaOf(t, quarterly), head+`nhiem_vu:
  - {noi_dung: A, chu_tri: Ban B, thoi_han: 1/4/2026}
  - {noi_dung: C, chu_tri: Ban A, thoi_han: 1/4/2026, linh_vuc: Giám sát}
  - {noi_dung: D, chu_tri: BAN B, thoi_han: 1/4/2026}
`)
	Add(doc, nil)
	for path, want := range map[string]string{
		"theo_co_quan.1.ten": "Ban B", "theo_co_quan.1.tong": "2", "theo_co_quan.2.ten": "Ban A", "theo_co_quan.3": "",
		"theo_linh_vuc.1.ten": "Giám sát", "theo_linh_vuc.2.ten": "Chưa xác định", "theo_linh_vuc.2.tong": "2",
	} {
		if got := at(doc, "nhiem_vu.tat_ca."+path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

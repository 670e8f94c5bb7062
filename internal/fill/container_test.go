package fill

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/ooxml"
)

const header = `<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:t>Về {{trich</w:t></w:r><w:r><w:t>_yeu}}</w:t></w:r></w:p></w:hdr>`

func TestHeadersAreFilledForEachDocument(t *testing.T) {
	template := mustCompile(t, pack(t, `<w:p><w:r><w:t>{{trich_yeu}}</w:t></w:r></w:p>`, map[string]string{"word/header1.xml": header}))
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			subject := fmt.Sprintf("việc %d & <hai>\nba", i)
			docx, err := template.Fill(model.Document{Schema: testSchema, Values: model.Values{"trich_yeu": model.Text(subject)}})
			if err != nil {
				t.Error(err)
				return
			}
			want := fmt.Sprintf(`>Về việc %d &amp; &lt;hai&gt;</w:t><w:br/><w:t xml:space="preserve">ba</w:t>`, i)
			if got := string(readPart(t, docx, "word/header1.xml")); !strings.Contains(got, want) {
				t.Errorf("header of document %d is\n%s", i, got)
			}
		})
	}
	wait.Wait()
}

func TestFillIsDeterministic(t *testing.T) {
	template, doc := mustCompile(t, readFile(t, templates+"/ke-hoach/mau.docx")), plan(t)
	first, err := template.Fill(doc)
	if err != nil {
		t.Fatal(err)
	}
	second, err := mustCompile(t, readFile(t, templates+"/ke-hoach/mau.docx")).Fill(doc)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("two files from the same document differ")
	}
}

func TestUnchangedPartsAreCopiedAsTheyAreZipped(t *testing.T) {
	template := mustCompile(t, readFile(t, templates+"/ke-hoach/mau.docx"))
	docx, err := template.Fill(plan(t))
	if err != nil {
		t.Fatal(err)
	}
	filled, err := openContainer(docx)
	if err != nil {
		t.Fatal(err)
	}
	copied := 0
	for i, want := range template.box.entries {
		got := filled.entries[i]
		if _, changed := template.parts[want.Name]; changed || want.Name == corePart {
			if got.Name != want.Name {
				t.Errorf("part %d is %s, want %s", i, got.Name, want.Name)
			}
			continue
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("part %s is not zipped as in the template", want.Name)
		}
		copied++
	}
	if copied < 8 || len(filled.entries) != len(template.box.entries) {
		t.Errorf("%d parts of %d are copied, of %d in the template", copied, len(filled.entries), len(template.box.entries))
	}
}

func TestEveryPartParses(t *testing.T) {
	template := mustCompile(t, readFile(t, templates+"/ke-hoach/mau.docx"))
	docx, err := template.Fill(plan(t))
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := ooxml.OpenWord(docx)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range pkg.Names() {
		if _, err := pkg.Tree(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if dir := os.Getenv("VANTHU_KEEP"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "ke-hoach.docx"), docx, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCoreProperties(t *testing.T) {
	template := mustCompile(t, readFile(t, templates+"/ke-hoach/mau.docx"))
	docx, err := template.Fill(plan(t))
	if err != nil {
		t.Fatal(err)
	}
	root, err := ooxml.Parse(readPart(t, docx, corePart))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"dc:title":         "Kế hoạch Giám sát việc “chuyển đổi số” & cải cách hành chính năm 2026",
		"dc:creator":       "HỘI ĐỒNG NHÂN DÂN XÃ VĨNH AM",
		"dcterms:created":  "2026-03-27T00:00:00Z",
		"dcterms:modified": "2026-03-27T00:00:00Z",
	} {
		if got := root.Child(name).InnerText(); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestFieldsOfThePlan(t *testing.T) {
	template := mustCompile(t, readFile(t, templates+"/ke-hoach/mau.docx"))
	got := strings.Join(template.Fields(), " ")
	const want = "can_cu co_quan.cap_tren co_quan.ten co_quan.ten_day_du dau.hoa_toc dau.khan dau.mat dau.thuong_khan dau.toi_mat " +
		"dau.tuyet_mat dia_chi dia_danh kinh_gui_mot kinh_gui_nhieu kinh_gui_nhieu.noi ky.chuc_vu ky.chuc_vu_khac ky.ho_ten luu_hanh " +
		"ngay noi_dung noi_nhan phu_luc phu_luc.kho_giay phu_luc.noi_dung phu_luc.ten_phu_luc phu_luc.tieu_de " +
		"so_ky_hieu ten_loai ten_loai_thuong trich_yeu"
	if got != want {
		t.Errorf("fields are\n%s, want\n%s", got, want)
	}
}

func TestCompileRefusesFilesThatAreNotTemplates(t *testing.T) {
	body := `<w:p/>`
	for name, c := range map[string]struct {
		mau  []byte
		code string
	}{
		"not a zip":         {[]byte("hello"), "bad-template"},
		"an old .doc":       {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "bad-template"},
		"no relations":      {pack(t, body, map[string]string{linksPart: ""}), "missing-part"},
		"no properties":     {pack(t, body, map[string]string{corePart: ""}), "missing-part"},
		"document unclosed": {pack(t, body+`<w:p>`, nil), "bad-template"},
	} {
		t.Run(name, func(t *testing.T) {
			template, found, err := compile(t, c.mau)
			if err != nil || template != nil || len(found) != 1 || string(found[0].Code) != c.code {
				t.Errorf("got %v, %v, findings\n%v", template, err, found)
			}
		})
	}
}

func TestCompileNeedsTheStylesOfOutlines(t *testing.T) {
	base := pack(t, "", map[string]string{stylesPart: `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>`})
	_, found, err := Compile("mau.docx", pack(t, `<w:p><w:r><w:t>{{@noi_dung}}</w:t></w:r></w:p>`, nil), base, testSchema, testFonts(t), testStyles)
	if err != nil || len(found) != 1 || found[0].Code != diag.MissingStyle {
		t.Errorf("got %v, findings\n%v", err, found)
	}
}

// What a template shows in Word is what it prints: its styles are those of the base.
func TestTemplatesCarryTheSharedBase(t *testing.T) {
	files, err := filepath.Glob(templates + "/*/mau*.docx")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates", err)
	}
	base := readFile(t, templates+"/chung/nen.docx")
	for _, file := range files {
		mau := readFile(t, file)
		merged, found, err := rebase(file, mau, base)
		if err != nil || len(found) > 0 {
			t.Fatal(err, found)
		}
		for _, name := range []string{stylesPart, "word/settings.xml", "word/fontTable.xml"} {
			if bytes.Equal(readPart(t, mau, name), readPart(t, base, name)) {
				continue
			}
			if *update {
				if err := os.WriteFile(file, merged, 0o644); err != nil {
					t.Fatal(err)
				}
				break
			}
			t.Errorf("%s: %s is not that of chung/nen.docx; run go test ./internal/fill -update", file, name)
		}
	}
}

func TestWellFormed(t *testing.T) {
	for xml, good := range map[string]bool{
		`<?xml version="1.0"?><a b="c"><d/>x &lt; &#10;y</a>`: true,
		`<a><b></a></b>`: false,
		`<a>`:            false,
		`<a></a></a>`:    false,
		`<a>x & y</a>`:   false,
		`<a><b<c/></a>`:  false,
		`<a>x &lt;`:      false,
	} {
		if err := wellFormed([]byte(xml)); (err == nil) != good {
			t.Errorf("%s: %v", xml, err)
		}
	}
}

func TestColumnWidths(t *testing.T) {
	rigid := func(i int) bool { return i == 0 }
	for name, c := range map[string]struct {
		least, wish []int
		want        string
	}{
		"all fits":           {[]int{10, 20}, []int{10, 30}, "[10 90]"},
		"small wishes first": {[]int{10, 20, 20}, []int{10, 100, 45}, "[10 45 45]"},
		"long cells share":   {[]int{10, 20, 20}, []int{10, 100, 60}, "[10 53 37]"},
		"words must break":   {[]int{100, 50, 50}, []int{100, 50, 50}, "[50 25 25]"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := fmt.Sprint(share(100, c.least, c.wish, rigid)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// Whatever stands in a template's text, compiling ends, and what comes out of filling is XML that holds the values as they are.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		"{{trich_yeu}}|x", "{{#can_cu}}|{{.}}|{{/can_cu}}", "{{#nhiem_vu}}{{ten}}{{#viec}}{{.}}{{/viec}}{{/nhiem_vu}}", "a|{{ke 38%}}", "{{@noi_dung}}",
		"{{^ghi_chu}}|{|{trich_yeu|}}|{{/ghi_chu}}", "{{{{a}}}}", "{{ngay | ngay_thang | in_hoa}}", "{{#a}}{{#b}}{{/a}}{{/b}}", "{{/}}{{#}}{{",
	} {
		f.Add(seed, "giá trị {{trich_yeu}}", uint8(5))
	}
	f.Fuzz(func(t *testing.T, text, value string, shape uint8) {
		var body strings.Builder
		for i, run := range strings.Split(text, "|") {
			open, end := "<w:p><w:r><w:t>", "</w:t></w:r></w:p>"
			if shape>>(i%8)&1 == 1 { // the run goes on in the paragraph of the one before
				open, end = "<w:p><w:r><w:t>.</w:t></w:r><w:r><w:t>", "</w:t></w:r></w:p>"
			}
			body.WriteString(open)
			if err := xml.EscapeText(&body, []byte(run)); err != nil {
				return
			}
			body.WriteString(end)
		}
		template, found, err := compile(t, pack(t, body.String(), nil))
		if err != nil {
			t.Fatal(err)
		}
		if found.Blocking() {
			return
		}
		docx, err := template.Fill(model.Document{Schema: testSchema, Values: model.Values{
			"trich_yeu": model.Text(value),
			"can_cu":    model.Items{model.Text(value), model.Text("hai")},
			"nhiem_vu":  model.Items{model.Values{"ten": model.Text(value)}},
			"noi_dung":  model.Outline{model.Line{Text: value}, model.Grid{Head: []string{value}, Rows: [][]string{{"1"}}}},
		}})
		if err != nil {
			if checkText(value) == nil {
				t.Fatal(err)
			}
			return
		}
		decoder := xml.NewDecoder(bytes.NewReader(readPart(t, docx, documentPart)))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
	})
}

// plan is a document of about five pages.
func plan(t testing.TB) model.Document {
	t.Helper()
	doc := document(t, `{
 "so_ky_hieu": "01/KH-HĐND", "ten_loai": "KẾ HOẠCH", "ngay": "2026-03-27", "dia_danh": "Vĩnh Am",
 "trich_yeu": "Giám sát việc “chuyển đổi số” & cải cách hành chính năm 2026",
 "co_quan": {"ten": "HỘI ĐỒNG NHÂN DÂN\nXÃ VĨNH AM"},
 "can_cu": ["Căn cứ Luật Tổ chức chính quyền địa phương;", "Căn cứ Luật Hoạt động giám sát của Quốc hội và Hội đồng nhân dân."],
 "noi_nhan": ["Thường trực Đảng ủy xã (để báo cáo);", "Ủy ban nhân dân, Ủy ban Mặt trận Tổ quốc Việt Nam xã (để phối hợp);", "Các Ban Hội đồng nhân dân xã (để thực hiện);", "Lưu: VT, VP."],
 "ky": {"chuc_vu": ["TM. THƯỜNG TRỰC HỘI ĐỒNG NHÂN DÂN", "CHỦ TỊCH"], "ho_ten": "Phạm Xuân Hanh"}}`)
	outline := model.Outline{model.Line{Text: "Thường trực Hội đồng nhân dân xã xây dựng kế hoạch như sau:"}}
	for part := range 6 {
		outline = append(outline, model.Line{Level: model.Heading, Title: true, Text: fmt.Sprintf("%d. NỘI DUNG, NHIỆM VỤ CHỦ YẾU", part+1)})
		for clause := range 3 {
			outline = append(outline,
				model.Line{Level: model.Clause, Title: true, Text: fmt.Sprintf("%d. Công tác thông tin, tuyên truyền", clause+1)},
				model.Line{Text: "Bảo đảm các chủ trương về chuyển đổi số được triển khai đúng định hướng, đúng tiến độ, hiệu quả, phù hợp điều kiện thực tế của xã."},
				model.Line{Level: model.Dash, Text: "- Việc ban hành và tổ chức thực hiện kế hoạch của Ủy ban nhân dân xã; phân công trách nhiệm và bố trí nguồn lực;"},
				model.Line{Level: model.Dash, Text: fmt.Sprintf("- Kết quả thực hiện nhiệm vụ số %d trong giải quyết thủ tục hành chính, cung cấp dịch vụ công trực tuyến.", part*3+clause)})
		}
	}
	outline = append(outline, model.Grid{
		Head: []string{"STT", "Nội dung", "Cơ quan chủ trì", "Thời hạn", "Kinh phí (triệu đồng)"},
		Rows: [][]string{
			{"1", "Khảo sát, lập danh mục hồ sơ cần số hóa", "Văn phòng", "Quý II", "120"},
			{"2", "Giám sát việc cung cấp dịch vụ công trực tuyến tại Trung tâm Phục vụ hành chính công xã", "Ban Văn hóa - Xã hội", "Quý III", "1.045,5"},
		},
	}, model.Line{Text: "Trên đây là kế hoạch của Thường trực Hội đồng nhân dân xã./."})
	doc.Values["noi_dung"] = outline
	return doc
}

func BenchmarkFill(b *testing.B) {
	template, doc := mustCompile(b, readFile(b, templates+"/ke-hoach/mau.docx")), plan(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := template.Fill(doc); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	mau, base, fonts := readFile(b, templates+"/ke-hoach/mau.docx"), readFile(b, templates+"/chung/nen.docx"), testFonts(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, _, err := Compile("mau.docx", mau, base, testSchema, fonts, testStyles); err != nil {
			b.Fatal(err)
		}
	}
}

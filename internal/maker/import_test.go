package maker_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"pgregory.net/rapid"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/nd30"
	"vanthu/internal/officetest"
	"vanthu/internal/testenv"
	"vanthu/internal/wml"
)

// unlike are the kinds whose documents do not come back the same from their Word files, each with the reason.
var unlike = map[string]string{
	"bien-ban":            "two sign, and the form has sentences of its own",
	"bien-ban-lam-viec":   "two sign, and the form has sentences of its own",
	"hop-dong":            "two sign, and the form has sentences of its own",
	"ban-ghi-nho":         "two sign, and the form has sentences of its own",
	"ban-thoa-thuan":      "two sign, and the form has sentences of its own",
	"giay-gioi-thieu":     "the form is all sentences with blanks",
	"giay-nghi-phep":      "the form is all sentences with blanks",
	"quyet-dinh-ban-hanh": "a second document follows the first",
	"sao-y":               "a copy stands below the document that it copies",
	"sao-luc":             "a copy stands below the document that it copies",
	"trich-sao":           "a copy stands below the document that it copies",
}

// TestImportedDocumentsAreMadeAlike makes the starter of each kind and every sample, reads the Word file as if someone had typed it, and
// makes it again: it says the same, word for word.
func TestImportedDocumentsAreMadeAlike(t *testing.T) {
	t.Parallel()
	a := officetest.Plain(t)
	requests := dataFiles(t)
	for _, kind := range a.Office.Kinds() {
		starter, _ := a.Office.Starter(kind.Slug)
		requests = append(requests, maker.Request{File: maker.File{Name: kind.Slug + ".yaml", Data: starter}})
	}
	for _, request := range requests {
		t.Run(request.Name, func(t *testing.T) {
			ctx := context.Background()
			first, found, err := a.Maker.Make(ctx, request)
			if err != nil || found.Blocking() {
				t.Fatalf("%v\n%s", err, found)
			}
			data, found, err := a.Maker.Import(ctx, maker.File{Name: "van-ban.docx", Data: first.DOCX}, "")
			if err != nil || data == nil {
				t.Fatalf("%v\n%s", err, found)
			}
			second, more, err := a.Maker.Make(ctx, maker.Request{File: maker.File{Name: "soan-thao.json", Data: data}})
			if err != nil {
				t.Fatal(err)
			}
			alike := !more.Blocking() && officetest.Words(t, first.DOCX) == officetest.Words(t, second.DOCX)
			if _, listed := unlike[first.Kind]; listed == alike {
				t.Errorf("comes back the same: %v\n%s%s%s", alike, data, found, more)
			}
			if alike && len(found) > 0 {
				t.Errorf("nothing is missing, yet\n%s", found)
			}
		})
	}
}

// TestImportOfPlainText reads each document as the text that copying a Word file into Notepad gives.
func TestImportOfPlainText(t *testing.T) {
	a := officetest.Plain(t)
	for _, slug := range []string{"ke-hoach", "cong-van", "quyet-dinh", "nghi-quyet", "bao-cao", "to-trinh", "thong-bao", "chi-thi"} {
		t.Run(slug, func(t *testing.T) {
			starter, _ := a.Office.Starter(slug)
			first := officetest.Made(t, a, maker.Request{File: maker.File{Name: "a.yaml", Data: starter}, PDF: true}, "sample-row")
			doc, _, err := wml.Read(first.DOCX)
			if err != nil {
				t.Fatal(err)
			}
			data, found, err := a.Maker.Import(context.Background(), maker.File{Name: "a.txt", Data: []byte(doc.Text())}, "")
			if err != nil || len(found) > 0 {
				t.Fatalf("%v\n%s", err, found)
			}
			second, found, err := a.Maker.Make(context.Background(), maker.Request{File: maker.File{Name: "a.json", Data: data}})
			if err != nil || found.Blocking() || second.Kind != slug || second.Symbol != first.Symbol || second.Title != first.Title || second.Date != first.Date {
				t.Errorf("%v: %s %s %s %v\n%s", err, second.Kind, second.Symbol, second.Title, second.Date, found)
			}
		})
	}
}

// TestImportOfOldEncodings reads a text as Notepad saved it before UTF-8 was usual.
func TestImportOfOldEncodings(t *testing.T) {
	a := officetest.Plain(t)
	const text = "KẾ HOẠCH\nTrồng cây\n\nCác thôn trồng cây."
	var wide []byte
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		wide = binary.LittleEndian.AppendUint16(wide, unit)
	}
	const windows1258 = "K\xca\xec HOA\xf2CH\nTr\xf4\xccng c\xe2y\n\nC\xe1c th\xf4n tr\xf4\xccng c\xe2y."
	for _, data := range [][]byte{[]byte(text), wide, []byte(windows1258)} {
		got, found, err := a.Maker.Import(context.Background(), maker.File{Name: "a.txt", Data: data}, "")
		if err != nil || partsOf(t, got) != "ke-hoach|||||||Trồng cây|||" || !strings.Contains(string(got), "Các thôn trồng cây.") {
			t.Errorf("%v\n%s\n%s", err, got, found)
		}
	}
}

// TestImportFindsTheParts reads documents in the shapes that people and pages give them.
func TestImportFindsTheParts(t *testing.T) {
	a := officetest.Plain(t)
	for _, c := range []struct{ name, text, want string }{
		{
			"two columns in a line", "UBND XÃ VĨNH AM        CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nVĂN PHÒNG\t\tĐộc lập - Tự do - Hạnh phúc\nSố: 05/TB-VP     Vĩnh Am, ngày 6 tháng 4 năm 2026\n\n" +
				"THÔNG BÁO\nLịch trực tháng 4\n\nNội dung trực./.\n\nNơi nhận:            CHÁNH VĂN PHÒNG\n- Như trên;\n- Lưu: VT.           Lê Quang Huy\n",
			"thong-bao|UBND XÃ VĨNH AM|VĂN PHÒNG|VP|05|Vĩnh Am|6/4/2026|Lịch trực tháng 4|Như trên, Lưu: VT|CHÁNH VĂN PHÒNG|Lê Quang Huy",
		},
		{
			"a draft without number and day", "HỘI ĐỒNG NHÂN DÂN\nXÃ AN\nSố:     /KH-HĐND\nCỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập – Tự do – Hạnh phúc\nAn, ngày … tháng … năm\nKẾ HOẠCH\nLàm việc\n\nNội dung.\nTM. THƯỜNG TRỰC\nCHỦ TỊCH\n(Đã ký)\nVũ An\n",
			"ke-hoach||HỘI ĐỒNG NHÂN DÂN/XÃ AN|HĐND||An||Làm việc||TM. THƯỜNG TRỰC, CHỦ TỊCH|Vũ An",
		},
		{
			"a hurried one", "KẾ HOẠCH TUẦN\nThứ Hai họp.\n", "ke-hoach|||||||TUẦN|||",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, found, err := a.Maker.Import(context.Background(), maker.File{Name: "a.txt", Data: []byte(c.text)}, "")
			if err != nil {
				t.Fatal(err)
			}
			if got := partsOf(t, data); got != c.want {
				t.Errorf("%s\nwant %s\n%s", got, c.want, found)
			}
			keepsWords(t, a, c.text, data, found)
		})
	}
}

// partsOf lists the parts of a data file.
func partsOf(t *testing.T, data []byte) string {
	t.Helper()
	var d struct {
		Kind   string `json:"loai"`
		Agency struct {
			Above  string `json:"cap_tren"`
			Name   string `json:"ten"`
			Symbol string `json:"ky_hieu"`
		} `json:"co_quan"`
		Number     string   `json:"so"`
		Place      string   `json:"dia_danh"`
		Day        string   `json:"ngay"`
		About      string   `json:"trich_yeu"`
		Recipients []string `json:"noi_nhan"`
		Signer     struct {
			Position []string `json:"chuc_vu"`
			Name     string   `json:"ho_ten"`
		} `json:"ky"`
	}
	if err := json.Unmarshal(data, &d); err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return strings.ReplaceAll(strings.Join([]string{
		d.Kind, d.Agency.Above, d.Agency.Name, d.Agency.Symbol, d.Number, d.Place, d.Day, d.About, strings.Join(d.Recipients, ", "),
		strings.Join(d.Signer.Position, ", "), d.Signer.Name,
	}, "|"), "\n", "/")
}

var (
	wordForm   = regexp.MustCompile(`[\p{L}\d]+`)
	zeroBefore = regexp.MustCompile(`^0+(\d)`)
)

// counted counts the words of texts: letters without case, numbers without zeros before them.
func counted(texts ...string) map[string]int {
	count := map[string]int{}
	for _, text := range texts {
		for _, word := range wordForm.FindAllString(strings.ToLower(text), -1) {
			count[zeroBefore.ReplaceAllString(word, "$1")]++
		}
	}
	return count
}

// formsOwn is what the form of a document prints itself, wherever it stands.
var formsOwn = regexp.MustCompile(`(?i)nơi\s+nhận\s*:|kính\s+gửi\s*:|\(đã ký\)|(?:trân trọng )?kính mời\s*:|tới dự|điện:|(?:thời gian|địa điểm):|(?m)^[ \t]*phụ lục( [ivx]+)?[ \t]*$|\(Kèm theo .* năm 2026 của`)

// keepsWords holds each word of a text against those of the data made of it: none may be there less often, but for what the form of a
// document prints itself and what a finding quotes.
func keepsWords(t rapid.TB, a *officetest.Office, text string, data []byte, found diag.Findings) {
	t.Helper()
	var abbreviations []string // of types, in symbols
	for _, kind := range nd30.Types {
		abbreviations = append(abbreviations, kind.Abbreviation)
	}
	var told []string // of a date that is not whole, and of a body without a name
	for _, f := range found {
		if f.Code == diag.NotRecognised {
			told = append(told, f.Message)
		}
	}
	text = formsOwn.ReplaceAllString(text, " ")
	kept := counted(valuesOf(t, data), "cộng hòa hoà xã hội chủ nghĩa việt nam độc lập tự do hạnh phúc số ngày tháng năm v v kính gửi nơi nhận đã ký", strings.Join(a.Maker.TypeNames(), " "),
		"quyết nghị quyết định phụ lục", strings.Join(told, " "), strings.Join(abbreviations, " "))
	var lost []string
	for word, n := range counted(text) {
		if kept[word] < n {
			lost = append(lost, fmt.Sprintf("%s (%d of %d)", word, kept[word], n))
		}
	}
	if slices.Sort(lost); len(lost) > 0 {
		t.Errorf("lost %s in\n%s", lost, data)
	}
}

// valuesOf joins all texts of a data file.
func valuesOf(t rapid.TB, data []byte) string {
	t.Helper()
	var root any
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	var all []string
	var visit func(any)
	visit = func(v any) {
		switch v := v.(type) {
		case string:
			all = append(all, v)
		case []any:
			for _, item := range v {
				visit(item)
			}
		case map[string]any:
			for _, key := range slices.Sorted(maps.Keys(v)) {
				visit(v[key])
			}
		}
	}
	visit(root)
	return strings.Join(all, "\n")
}

// TestImportOfTypedDocuments reads documents in the shapes that copying from pages and PDF files gives them: two columns on one line, cells
// between bars, lines broken inside a phrase, the words of a page before the document. All are recognised and no word is lost.
func TestImportOfTypedDocuments(t *testing.T) {
	names, err := filepath.Glob("testdata/typed/*.txt")
	if err != nil || len(names) < 3 {
		t.Fatalf("%d documents: %v", len(names), err)
	}
	if read := importsAll(t, names); read < len(names) {
		t.Errorf("%d of %d documents were recognised", read, len(names))
	}
}

// TestImportOfRealDocuments reads what others typed. Whatever is recognised, no word is lost.
func TestImportOfRealDocuments(t *testing.T) {
	var names []string
	for _, pattern := range []string{"text/*.txt", "docx/*.docx", "../sample/*.txt"} {
		found, _ := filepath.Glob(filepath.Join(testenv.Shared(t, "corpus"), pattern))
		names = append(names, found...)
	}
	if read := importsAll(t, names); read < len(names)/2 {
		t.Errorf("%d of %d documents were recognised", read, len(names))
	}
}

// importsAll imports files and returns how many were recognised; of these each word must be kept.
func importsAll(t *testing.T, names []string) (read int) {
	a := officetest.Plain(t)
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			file, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			data, found, err := a.Maker.Import(context.Background(), maker.File{Name: filepath.Base(name), Data: file}, "")
			if err != nil {
				t.Fatal(err)
			}
			if data == nil {
				if !found.Blocking() {
					t.Error("no data and no reason")
				}
				return
			}
			read++
			text := string(file)
			if filepath.Ext(name) == ".docx" {
				doc, _, err := wml.Read(file)
				if err != nil {
					t.Fatal(err)
				}
				text = doc.Text()
			}
			keepsWords(t, a, text, data, found)
		})
	}
	return read
}

// TestImportKeepsEveryWord reads lines of documents in any order and cut.
func TestImportKeepsEveryWord(t *testing.T) {
	a := officetest.Plain(t)
	pool := []string{
		"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "HỘI ĐỒNG NHÂN DÂN", "XÃ VĨNH AM", "UBND XÃ AN", "Số: 12/KH-HĐND", "Số: 13/2001/NQ-HĐND",
		"Vĩnh Am, ngày 27 tháng 3 năm 2026", "KẾ HOẠCH", "QUYẾT ĐỊNH", "GIẤY MỜI", "CÔNG ĐIỆN", "THƯ CHÚC MỪNG", "Về việc trồng cây", "V/v trồng cây", "HỎA TỐC",
		"Căn cứ Luật Cây xanh;", "Xét đề nghị của thôn.", "Theo kế hoạch, các thôn:", "Căn cứ số liệu. Nay báo cáo:", "QUYẾT ĐỊNH:", "Kính gửi:", "Kính gửi: Các thôn",
		"- Thôn Một;", "- Thôn Hai.", "+ Thôn Ba", "I. MỤC ĐÍCH", "1. Việc thứ nhất", "a) Chi tiết", "Điều 1. Phạm vi", "Chương I", "thường dân góp sức", "| cột | ô |", "|",
		"-----", "Ủy ban kính mời:", "Tới dự hội nghị.", "Thời gian: 8 giờ", "Địa điểm: nhà văn hóa", "Chủ tịch điện:", "Trồng xong./.", "Nơi nhận:", "- Lưu: VT, VP. PL.(3)",
		"TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "(Đã ký)", "Vũ Văn An", "Phụ lục", "Phụ lục II", "DANH SÁCH", "(Kèm theo Kế hoạch số 12/KH-HĐND ngày 27 tháng 3 năm 2026 của Ủy ban)",
		"Tên riêng\t\tcột hai", "Nơi nhận:     TM. ỦY BAN", "", "",
	}
	rapid.Check(t, func(r *rapid.T) {
		var b strings.Builder
		for _, line := range rapid.SliceOfN(rapid.SampledFrom(pool), 1, 40).Draw(r, "lines") {
			b.WriteString(line + rapid.SampledFrom([]string{"\n", "\n", "\n\n", "\t", "     "}).Draw(r, "gap"))
		}
		kind := rapid.SampledFrom([]string{"", "ke-hoach", "cong-van", "giay-moi", "bien-ban", "giay-gioi-thieu", "thu-cong", "bao-cao-quy"}).Draw(r, "kind")
		data, found, err := a.Maker.Import(context.Background(), maker.File{Name: "a.txt", Data: []byte(b.String())}, kind)
		if err != nil {
			r.Fatal(err)
		}
		if data != nil {
			keepsWords(r, a, b.String(), data, found)
		}
	})
}

// hostile returns texts that were made to take long, most of them growing with times.
func hostile(times int) map[string]string {
	const head = "KẾ HOẠCH\nVề a\n\n"
	return map[string]string{
		"columns above the type":    strings.Repeat("a\t", 400*times) + "\n" + head,
		"a basis without an end":    head + "Căn cứ\u00a0a\n" + strings.Repeat("Căn cứ a\nb\n", 20*times),
		"a long abstract":           "KẾ HOẠCH\n" + strings.Repeat("a\n", 49*times),
		"addressees without an end": "Kính gửi: a\n" + strings.Repeat("b\n", 49*times),
		"recipients without an end": head + "Nơi nhận:\n- a\n" + strings.Repeat("b\n", 49*times),
		"a title without an end":    head + "Phụ lục\n" + strings.Repeat("B\n", 49*times),
		"labels":                    head + strings.Repeat("a: b\n", 49*times),
		"names of bodies":           strings.Repeat("A\n", 70) + head,
		"spaces":                    head + strings.Repeat(" ", 3000*times),
		"one line":                  head + strings.Repeat("chữ ", 500*times),
		"annexes":                   head + strings.Repeat("Phụ lục\nA\nb\n", 16*times),
		"days":                      strings.Repeat("a, ngày tháng ", 200*times) + "\n" + head,
	}
}

// imported imports a text and expects data or a reason.
func imported(t testing.TB, a *officetest.Office, text string) {
	data, found, err := a.Maker.Import(context.Background(), maker.File{Name: "a.txt", Data: []byte(text)}, "ke-hoach")
	if err != nil || data == nil && !found.Blocking() {
		t.Fatal(err, found)
	}
}

// TestImportGrowsWithItsText reads texts that were made to take long: of ten times the text comes no more than ten times the work.
func TestImportGrowsWithItsText(t *testing.T) {
	a := officetest.Plain(t)
	imported(t, a, "KẾ HOẠCH\n") // once, so that what is made at first use is there
	short := hostile(10)
	for name, text := range hostile(100) {
		t.Run(name, func(t *testing.T) {
			few, many := testenv.Allocated(func() { imported(t, a, short[name]) }), testenv.Allocated(func() { imported(t, a, text) })
			if many > 15*few {
				t.Errorf("%d bytes for %d bytes of text, %d for %d", few, len(short[name]), many, len(text))
			}
		})
	}
}

// BenchmarkImportHostile reads each of them at its full length.
func BenchmarkImportHostile(b *testing.B) {
	a := officetest.Plain(b)
	for name, text := range hostile(1000) {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				imported(b, a, text)
			}
			testenv.WantTime(b, 5*time.Second)
		})
	}
}

// FuzzImport reads anything as a plain text, without a fault and without losing a word where it is understood.
func FuzzImport(f *testing.F) {
	a := officetest.Plain(f)
	for _, seed := range []string{
		"", "KẾ HOẠCH\n", "Kính gửi:\n- A;\n- B.\n\nNơi nhận:\n- Lưu: VT.", "Số: 1/KH-A\nAn, ngày 1 tháng 2 năm 2026\nKẾ HOẠCH\nVề a\nCăn cứ b: c. d:\n| a | b |\nPhụ lục\n",
		"CÔNG ĐIỆN\nA điện: b\nTM. A\nB\nVũ An Ba\nPhụ lục I\n", "GIẤY MỜI\nX kính mời:\n- a\nTới dự b.\nThời gian: c\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		data, found, err := a.Maker.Import(context.Background(), maker.File{Name: "a.txt", Data: []byte(text)}, "")
		if err != nil {
			t.Fatal(err)
		}
		if data == nil && !found.Blocking() {
			t.Error("no data and no reason")
		}
		if data != nil && !json.Valid(data) {
			t.Errorf("no JSON: %q", data)
		}
	})
}

// TestImportSaysWhatIsWrong refuses what is no document, and asks for the kind where it is not known.
func TestImportSaysWhatIsWrong(t *testing.T) {
	a := officetest.Plain(t)
	for _, c := range []struct {
		name string
		file maker.File
		kind string
		code string
	}{
		{"nothing", maker.File{Name: "a.txt", Data: nil}, "", "empty-file"},
		{"an older font", maker.File{Name: "a.txt", Data: []byte("K\xd5 ho\xb9ch gi\xb8m s\xb8t")}, "", "not-unicode"},
		{"a large text", maker.File{Name: "a.txt", Data: bytes.Repeat([]byte("chữ\n"), 2<<20)}, "", "file-too-large"},
		{"a text of no kind", maker.File{Name: "a.txt", Data: []byte("Hôm nay họp.\n")}, "", "missing-field"},
		{"an unknown kind", maker.File{Name: "a.txt", Data: []byte("Hôm nay họp.\n")}, "ke-hoac", "unknown-kind"},
		{"crowds of marks", maker.File{Name: "a.txt", Data: append([]byte("KẾ HOẠCH\n"), bytes.Repeat([]byte("a: b, "), 100_000)...)}, "", "too-large-to-edit"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, found, err := a.Maker.Import(context.Background(), c.file, c.kind)
			if err != nil || data != nil || !slices.ContainsFunc(found, func(f diag.Finding) bool { return string(f.Code) == c.code }) {
				t.Errorf("%v\n%.200s\n%s", err, data, found)
			}
		})
	}
	data, _, err := a.Maker.Import(context.Background(), maker.File{Name: "a.txt", Data: []byte("Hôm nay họp.\n")}, "Kế hoạch")
	if err != nil || !strings.Contains(string(data), "Hôm nay họp.") {
		t.Errorf("of a chosen kind: %v\n%s", err, data)
	}
}

// TestCloserKinds names the kinds that a document may be more exactly, by what it is about.
func TestCloserKinds(t *testing.T) {
	a := officetest.Plain(t)
	for _, c := range []struct{ slug, abstract, want string }{
		{"thong-bao", "Kết luận giám sát chuyên đề về chuyển đổi số", "thong-bao-ket-luan-giam-sat"},
		{"thong-bao", "Về việc nghỉ lễ", ""},
		{"thong-bao-ket-luan-giam-sat", "Kết luận giám sát chuyên đề", ""},
		{"bao-cao", "Kết luận giám sát chuyên đề", ""},
		{"khong-co", "Kết luận giám sát", ""},
	} {
		t.Run(c.slug+" "+c.abstract, func(t *testing.T) {
			if got := strings.Join(a.Maker.Closer(c.slug, c.abstract), " "); got != c.want {
				t.Errorf("%q", got)
			}
		})
	}
}

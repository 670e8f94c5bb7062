package maker_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/officetest"
	"vanthu/internal/services"
	"vanthu/internal/testenv"
)

// TestPagesAsWordCounted converts real files and compares with the number of pages that Word wrote into them.
func TestPagesAsWordCounted(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join(testenv.Shared(t, "corpus/docx"), "*.docx"))
	a, counted := officetest.Plain(t), 0
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			docx, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			pdf, found, err := a.Maker.Convert(context.Background(), filepath.Base(file), docx)
			if err != nil || found.Blocking() {
				t.Fatalf("%v\n%s", err, found)
			}
			got := bytes.Count(pdf, []byte("/Type /Page\n"))
			if want, byWord := wordPages(t, docx); byWord {
				counted++
				if got != want {
					t.Errorf("%d pages, Word counted %d", got, want)
				}
			}
		})
	}
	if counted == 0 {
		t.Error("no file says how many pages Word counted")
	}
}

var (
	pagesCounted = regexp.MustCompile(`<Pages>(\d+)</Pages>`)
	madeByWord   = []byte("<Application>Microsoft Office Word</Application>")
)

// wordPages reads docProps/app.xml: the number of pages, and whether Word counted them.
func wordPages(t *testing.T, docx []byte) (pages int, byWord bool) {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := archive.Open("docProps/app.xml")
	if err != nil {
		return 0, false
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	m := pagesCounted.FindSubmatch(data)
	if m == nil || !bytes.Contains(data, madeByWord) {
		return 0, false
	}
	pages, _ = strconv.Atoi(string(m[1]))
	return pages, true
}

// TestBadDataMakesNothing collects every mistake of a file in one run, each with its line and a remedy.
func TestBadDataMakesNothing(t *testing.T) {
	const data = `loai: ke-hoach
so: 1
ngay: 30/2/2026
trich_yêu: Vui 😀 nhé
noi_dung: |
  I. MỤC ĐÍCH
  | STT | Việc |
  | 1 | a | b |
noi_nhan:
  - UBND xã
ky: pho_chu_tic
`
	result, found, err := officetest.Plain(t).Maker.Make(context.Background(), maker.Request{File: maker.File{Name: "sai.yaml", Data: []byte(data)}, PDF: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.DOCX) > 0 || len(result.PDF) > 0 {
		t.Error("a document was made")
	}
	var lines []string
	for _, f := range found {
		lines = append(lines, string(f.Code)+" "+strconv.Itoa(f.Where.Line))
		if f.Where.File != "sai.yaml" || f.Hint == "" {
			t.Errorf("no place or no remedy: %s", f)
		}
	}
	const want = "no-such-day 3, unknown-key 4, unprintable 4, ragged-table 8, unknown-signer 11"
	if got := strings.Join(lines, ", "); got != want {
		t.Errorf("found  %s\nwanted %s\n%s", got, want, found)
	}
}

// TestChecksWarnAndDoNotBlock makes a plan without its archive copy: the document is there, and the warning names its file.
func TestChecksWarnAndDoNotBlock(t *testing.T) {
	request := requestOf(t, "ke-hoach-57")
	request.Data = bytes.Replace(request.Data, []byte(`  - "Lưu: VT"`), nil, 1)
	result, found, err := officetest.Plain(t).Maker.Make(context.Background(), request)
	if err != nil || len(result.DOCX) == 0 || len(result.PDF) == 0 {
		t.Fatalf("no document: %v\n%s", err, found)
	}
	if len(found) != 1 || found.Blocking() || found[0].Code != diag.ArchiveRecipient || found[0].Where.File != result.Name+".docx" {
		t.Errorf("found %s", found)
	}
}

// TestAnEmojiInAWordFileIsAFinding converts a file with a character that no font of ours has.
func TestAnEmojiInAWordFileIsAFinding(t *testing.T) {
	a := officetest.Plain(t)
	docx := officetest.Replaced(t, officetest.Made(t, a, requestOf(t, "ke-hoach-57")).DOCX, "word/document.xml", "Mục đích", "Mục đích 😀")
	pdf, found, err := a.Maker.Convert(context.Background(), "vui.docx", docx)
	if err != nil || len(pdf) == 0 {
		t.Fatalf("no PDF: %v", err)
	}
	if len(found) != 1 || found[0].Code != diag.NoGlyph || !strings.Contains(found[0].Message, "U+1F600") {
		t.Errorf("found %s", found)
	}
}

// TestAnUnusableFontOfTheOfficeIsAFinding names the file, and there is no App.
func TestAnUnusableFontOfTheOfficeIsAFinding(t *testing.T) {
	a, found, err := services.Open(services.Config{Fonts: fstest.MapFS{"hong.ttf": {Data: []byte("không phải phông")}}})
	if a != nil || err != nil || len(found) != 1 || found[0].Code != diag.BadFont || !strings.Contains(found[0].Message, "hong.ttf") {
		t.Errorf("app %v, error %v, found %s", a, err, found)
	}
}

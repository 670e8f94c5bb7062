package site

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"slices"
	"strings"
	"testing"

	"vanthu/internal/diag"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
)

func TestAttachment(t *testing.T) {
	for _, test := range []struct{ name, file, want string }{
		{"plain", "15-KH-UBND.docx", `attachment; filename="15-KH-UBND.docx"; filename*=UTF-8''15-KH-UBND.docx`},
		{"accents", "Kế hoạch số 5.pdf", `attachment; filename="Ke-hoach-so-5.pdf"; filename*=UTF-8''K%E1%BA%BF%20ho%E1%BA%A1ch%20s%E1%BB%91%205.pdf`},
		{"quotes", `a"; x="b.pdf`, `attachment; filename="a-x-b.pdf"; filename*=UTF-8''a%22%3B%20x%3D%22b.pdf`},
		{"nothing left", "计划.pdf", `attachment; filename="van-ban.pdf"; filename*=UTF-8''%E8%AE%A1%E5%88%92.pdf`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := web.Attachment(test.file)
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			// the standard library reads filename*, the part that programs of today take
			if _, params, err := mime.ParseMediaType(got[:len("attachment; ")] + got[strings.Index(got, "filename*"):]); err != nil || params["filename"] != test.file {
				t.Errorf("read back as %v, %v", params, err)
			}
		})
	}
}

func TestConvertedFileKeepsItsName(t *testing.T) {
	h := held(t, newSite(open(t)))
	example := dataExample(t, "ke-hoach")
	made := send(h, "POST", api.DocumentsPath, body{web.JsonType, example})
	if got := made.Header().Get("Content-Disposition"); !strings.Contains(got, `filename="15-KH-UBND-`) || !strings.Contains(got, ".docx") {
		t.Errorf("document: %s", got)
	}
	// decomposed, as macOS sends it
	w := send(h, "POST", api.ConvertPath, form("file=Kế hoạch.docx", made.Body.String()))
	if got := w.Header().Get("Content-Disposition"); got != `attachment; filename="Ke-hoach.pdf"; filename*=UTF-8''K%E1%BA%BF%20ho%E1%BA%A1ch.pdf` {
		t.Errorf("PDF: %s", got)
	}
}

// A ZIP file holds all that a kind gives, under plain names, and is the same each time.
func TestArchive(t *testing.T) {
	h := held(t, newSite(open(t)))
	for _, test := range []struct {
		name, data, stem string
		endings          []string
	}{
		{"report", quarter, "55-BC-UBND-hoat-dong-cua-hoi-dong-nhan-dan-xa-quy-ii-nam", []string{".docx", ".pdf", "-theo-doi.xlsx"}},
		{"plan", plan, "15-KH-UBND-tong-ve-sinh-moi-truong-nam-2026", []string{".docx", ".pdf"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			first := send(h, "POST", api.DocumentsPath+"?format=zip", form("data=a.yaml", test.data))
			second := send(h, "POST", api.DocumentsPath+"?format=zip", form("data=a.yaml", test.data))
			if first.Code != 200 || first.Header().Get("Content-Type") != web.ZipType || !bytes.Equal(first.Body.Bytes(), second.Body.Bytes()) {
				t.Fatalf("status %d, %s, %d and %d bytes", first.Code, first.Header().Get("Content-Type"), first.Body.Len(), second.Body.Len())
			}
			if got := first.Header().Get("Content-Disposition"); !strings.Contains(got, `filename="`+test.stem+`.zip"`) {
				t.Errorf("Content-Disposition is %s", got)
			}
			archive, err := zip.NewReader(bytes.NewReader(first.Body.Bytes()), int64(first.Body.Len()))
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, file := range archive.File {
				names = append(names, strings.TrimPrefix(file.Name, test.stem))
				opened, err := file.Open()
				if err != nil {
					t.Fatal(err)
				}
				data, err := io.ReadAll(opened)
				if err != nil || len(data) < 1000 {
					t.Errorf("%s: %v, %d bytes", file.Name, err, len(data))
				}
			}
			if !slices.Equal(names, test.endings) {
				t.Errorf("the archive holds %q", names)
			}
		})
	}
}

func TestMarkedWorkbookKeepsItsName(t *testing.T) {
	h := held(t, newSite(open(t)))
	workbook := send(h, "POST", api.DocumentsPath+"?format=xlsx", form("data=q.yaml", quarter)).Body.String()
	w := send(h, "POST", api.MarkedPath, form("data=Số liệu.xlsx", spoil(t, workbook)))
	if got := w.Header().Get("Content-Disposition"); !strings.HasPrefix(got, `attachment; filename="So-lieu-o-can-sua.xlsx"; filename*=UTF-8''S%E1%BB%91%20`) {
		t.Errorf("Content-Disposition is %s", got)
	}
	if w.Header().Get("Vanthu-Findings") == "0" || !strings.Contains(w.Header().Get("Vanthu-Finding-List"), `"cell":"`) {
		t.Errorf("findings %s: %s", w.Header().Get("Vanthu-Findings"), w.Header().Get("Vanthu-Finding-List"))
	}
	w = send(h, "POST", api.MarkedPath, text(web.ExcelType, workbook))
	if w.Code != 204 || w.Body.Len() > 0 || w.Header().Get("Content-Disposition") != "" || w.Header().Get("Vanthu-Findings") == "" {
		t.Errorf("nothing to colour: status %d, %d bytes, %v", w.Code, w.Body.Len(), w.Header())
	}
}

func TestFindingList(t *testing.T) {
	one := diag.Finding{Severity: diag.Warning, Code: "x", Message: "Thiếu “số” 𠀋", Where: diag.Place{Line: 3}}
	for _, test := range []struct {
		name  string
		found diag.Findings
		least int
	}{
		{"none", nil, 0},
		{"one", diag.Findings{one}, 1},
		{"many", make(diag.Findings, 50), 20},
		{"long", diag.Findings{one, {Message: strings.Repeat("ễ", 1000)}}, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			list := web.FindingList(test.found)
			if len(list) > 4<<10 || strings.ContainsFunc(list, func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Fatalf("no header: %d bytes, %.100q", len(list), list)
			}
			var read []struct{ Severity, Message string }
			if list != "" {
				if err := json.Unmarshal([]byte(list), &read); err != nil {
					t.Fatal(err)
				}
			}
			if len(read) != test.least {
				t.Fatalf("%d findings, want %d", len(read), test.least)
			}
			if test.name == "one" && (read[0].Message != one.Message || read[0].Severity != "warning") {
				t.Errorf("read back as %+v", read[0])
			}
		})
	}
}

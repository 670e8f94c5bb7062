package web

import (
	"encoding/json"
	"mime"
	"strings"
	"testing"

	"vanthu/internal/diag"
)

func TestAttachment(t *testing.T) {
	for _, test := range []struct{ name, file, want string }{
		{"plain", "15-KH-UBND.docx", `attachment; filename="15-KH-UBND.docx"; filename*=UTF-8''15-KH-UBND.docx`},
		{"accents", "Kế hoạch số 5.pdf", `attachment; filename="Ke-hoach-so-5.pdf"; filename*=UTF-8''K%E1%BA%BF%20ho%E1%BA%A1ch%20s%E1%BB%91%205.pdf`},
		{"quotes", `a"; x="b.pdf`, `attachment; filename="a-x-b.pdf"; filename*=UTF-8''a%22%3B%20x%3D%22b.pdf`},
		{"nothing left", "计划.pdf", `attachment; filename="van-ban.pdf"; filename*=UTF-8''%E8%AE%A1%E5%88%92.pdf`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := attachment(test.file)
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
	h := open(t).routes()
	example, err := json.Marshal(documentExample())
	if err != nil {
		t.Fatal(err)
	}
	made := send(h, "POST", documentsPath, body{jsonType, example})
	if got := made.Header().Get("Content-Disposition"); !strings.Contains(got, `filename="15-KH-UBND-`) || !strings.Contains(got, ".docx") {
		t.Errorf("document: %s", got)
	}
	// decomposed, as macOS sends it
	w := send(h, "POST", convertPath, form("file=Kế hoạch.docx", made.Body.String()))
	if got := w.Header().Get("Content-Disposition"); got != `attachment; filename="Ke-hoach.pdf"; filename*=UTF-8''K%E1%BA%BF%20ho%E1%BA%A1ch.pdf` {
		t.Errorf("PDF: %s", got)
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
			list := findingList(test.found)
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

package office_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"

	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/maker"
	"vanthu/internal/office"
	"vanthu/internal/officetest"
	"vanthu/internal/store"
	"vanthu/internal/testenv"
)

func TestAnUploadedTemplateIsInForceEverywhere(t *testing.T) {
	a := officetest.AtDesk(t)
	b := officetest.Beside(t, a)
	first := officetest.WithOwnWords(t, officetest.ComesWith(t, a, "ke-hoach"))
	if n := officetest.Saved(t, a, "Kế hoạch", first); n != 1 {
		t.Errorf("the first version is %d", n)
	}
	plain, err := officetest.Plain(t).Office.Fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	for name, each := range map[string]*officetest.Office{"here": a, "in another process": b} {
		t.Run(name, func(t *testing.T) {
			if !each.SaysOwnWords(t, "ke-hoach") || each.SaysOwnWords(t, "bao-cao") {
				t.Error("it is not in force, or for another kind")
			}
			if own, err := each.Office.Fingerprint(); err != nil || own == plain {
				t.Errorf("the fingerprint is the same (%v)", err)
			}
			docx, hash, _, err := each.Office.Template(t.Context(), "ke-hoach", -1)
			if err != nil || !bytes.Equal(docx, first) || len(hash) != 64 {
				t.Errorf("what is in force is another file (%v)", err)
			}
		})
	}
	t.Run("and rolled back", func(t *testing.T) {
		officetest.Saved(t, b, "ke-hoach", officetest.ComesWith(t, b, "ke-hoach"))
		if a.SaysOwnWords(t, "ke-hoach") {
			t.Error("the second version is not in force")
		}
		for _, version := range []int{1, 0} {
			if found, err := b.Office.UseTemplate(t.Context(), "ke-hoach", version); err != nil || len(found) > 0 {
				t.Fatal(err, found)
			}
			if got := a.SaysOwnWords(t, "ke-hoach"); got != (version == 1) {
				t.Errorf("version %d: %v", version, got)
			}
		}
		if again, err := a.Office.Fingerprint(); err != nil || again != plain {
			t.Errorf("without templates of its own the fingerprint is another (%v)", err)
		}
		if found, err := b.Office.UseTemplate(t.Context(), "ke-hoach", 7); err != nil || len(found) != 1 || found[0].Code != diag.NoSuchVersion {
			t.Error(found, err)
		}
	})
	t.Run("all versions are told", func(t *testing.T) {
		officetest.Saved(t, a, "ke-hoach", first)
		list, err := a.Office.Templates(t.Context())
		if err != nil || len(list) != len(a.Office.Kinds()) {
			t.Fatal(len(list), err)
		}
		for _, info := range list {
			if own := info.Kind.Slug == "ke-hoach"; info.Own != own || own && (info.Version != 3 || len(info.Versions) != 3) {
				t.Errorf("%+v", info)
			}
		}
	})
}

func TestAKindWithASharedTemplateGetsItsOwn(t *testing.T) {
	a := officetest.AtDesk(t)
	officetest.Saved(t, a, "thong-bao", officetest.WithOwnWords(t, officetest.ComesWith(t, a, "thong-bao")))
	if !a.SaysOwnWords(t, "thong-bao") || a.SaysOwnWords(t, "thong-cao") {
		t.Error("it is not in force, or for others that share the template")
	}
}

// TestEveryTemplateCouldBeUploaded downloads each and sends it back.
func TestEveryTemplateCouldBeUploaded(t *testing.T) {
	a := officetest.Plain(t)
	for _, kind := range testenv.Share(a.Office.Kinds(), 7) {
		t.Run(kind.Slug, func(t *testing.T) {
			t.Parallel()
			found, err := a.Office.CheckTemplate(t.Context(), kind.Slug, maker.File{Name: "mau.docx", Data: officetest.ComesWith(t, a, kind.Slug)})
			if err != nil || len(found) > 0 {
				t.Error(err, found)
			}
		})
	}
}

func TestTemplatesThatAreRefused(t *testing.T) {
	a := officetest.AtDesk(t)
	plan := officetest.ComesWith(t, a, "ke-hoach")
	rels := func(line string) []byte {
		return officetest.Replaced(t, plan, "word/_rels/document.xml.rels", "</Relationships>", line+"</Relationships>")
	}
	const kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	for name, c := range map[string]struct {
		file maker.File
		code string
		says string
	}{
		"a slip in a field": {
			maker.File{Name: "mau.docx", Data: officetest.Replaced(t, plan, "word/document.xml", "{{trich_yeu}}", "{{trich_yue}}")}, "unknown-field", "trich_yeu",
		},
		"a block that is not closed": {maker.File{Name: "mau.docx", Data: officetest.Replaced(t, plan, "word/document.xml", "{{/noi_nhan}}", "")}, "", "noi_nhan"},
		"an old Word file":           {maker.File{Name: "mau.doc", Data: []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")}, "not-a-docx", ".docx"},
		"no Word file":               {maker.File{Name: "mau.docx", Data: []byte("xin chào")}, "bad-template", "mau.docx"},
		"a large one":                {maker.File{Name: "mau.docx", Data: append(slices.Clone(plan), make([]byte, 9<<20)...)}, "template-too-large", "8 MB"},
		"macros":                     {maker.File{Name: "mau.docx", Data: with(t, plan, "word/vbaProject.bin", "x")}, "template-has-macros", "macro"},
		"a file for macros by its type": {
			maker.File{Name: "mau.docx", Data: officetest.Replaced(t, plan, "[Content_Types].xml", "wordprocessingml.document.main", "ms-word.document.macroEnabled.main")}, "template-has-macros", "macro",
		},
		"an embedded object": {maker.File{Name: "mau.docx", Data: with(t, plan, "word/embeddings/oleObject1.bin", "x")}, "template-has-objects", "oleObject1.bin"},
		"a picture from elsewhere": {
			maker.File{Name: "mau.docx", Data: rels(`<Relationship Id="x" Type="` + kind + `image" Target="https://vd.vn/a.png" TargetMode="External"/>`)},
			"template-loads-from-outside", "https://vd.vn/a.png",
		},
		"a template behind it": {
			maker.File{Name: "mau.docx", Data: with(t, plan, "word/_rels/settings.xml.rels", `<Relationships><Relationship Id="x" Type="`+kind+
				`attachedTemplate" Target="file:///C:/a.dotm" TargetMode="External"/></Relationships>`)},
			"template-loads-from-outside", "file:///C:/a.dotm",
		},
	} {
		t.Run(name, func(t *testing.T) {
			version, found, err := a.Office.SaveTemplate(t.Context(), "ke-hoach", c.file, store.TemplateVersion{Saved: officetest.Noon})
			if err != nil || version != 0 || !found.Blocking() {
				t.Fatal(version, found, err)
			}
			if !slices.ContainsFunc(found, func(f diag.Finding) bool {
				return f.Severity == diag.Error && (c.code == "" || string(f.Code) == c.code) && strings.Contains(f.String(), c.says)
			}) {
				t.Errorf("found %v, want %s with %q", found, c.code, c.says)
			}
		})
	}
	if versions, err := a.Store.Templates(t.Context(), ""); err != nil || len(versions) > 0 {
		t.Errorf("%d were kept (%v)", len(versions), err)
	}
	t.Run("a link that a reader clicks stays", func(t *testing.T) {
		docx := rels(`<Relationship Id="x" Type="` + kind + `hyperlink" Target="https://vd.vn/" TargetMode="External"/>`)
		if found, err := a.Office.CheckTemplate(t.Context(), "ke-hoach", maker.File{Name: "mau.docx", Data: docx}); err != nil || found.Blocking() {
			t.Error(found, err)
		}
	})
	t.Run("an unknown kind", func(t *testing.T) {
		if found, err := a.Office.CheckTemplate(t.Context(), "ke-hoch", maker.File{Name: "mau.docx", Data: plan}); err != nil || len(found) != 1 || found[0].Code != diag.UnknownKind {
			t.Error(found, err)
		}
	})
}

// with is a package with a part more.
func with(t *testing.T, docx []byte, name, text string) []byte {
	t.Helper()
	from, err := zip.NewReader(bytes.NewReader(docx), int64(len(docx)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, file := range from.File {
		if err := w.Copy(file); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.Create(name)
	if err == nil {
		_, err = part.Write([]byte(text))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestALostTemplateDoesNotStopTheWork takes the file of a template away: documents are made with the one that comes with the program, and
// tell of it.
func TestALostTemplateDoesNotStopTheWork(t *testing.T) {
	a := officetest.AtDesk(t)
	officetest.Saved(t, a, "ke-hoach", officetest.WithOwnWords(t, officetest.ComesWith(t, a, "ke-hoach")))
	versions, err := a.Store.Templates(t.Context(), "ke-hoach")
	if err != nil {
		t.Fatal(err)
	}
	name := files.ContentFolder + versions[0].Files[0].Hash
	for what, spoil := range map[string]func() error{
		"it is gone":   func() error { return a.Files.Delete(t.Context(), name) },
		"it is spoilt": func() error { return files.Write(t.Context(), a.Files, name, []byte("x")) },
	} {
		t.Run(what, func(t *testing.T) {
			if err := spoil(); err != nil {
				t.Fatal(err)
			}
			b := officetest.Beside(t, a)
			if err := b.Office.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			starter, _ := b.Office.Starter("ke-hoach")
			result, found, err := b.Maker.Make(t.Context(), maker.Request{File: maker.File{Name: "a.yaml", Data: starter}})
			if err != nil || found.Blocking() || len(result.DOCX) == 0 || strings.Contains(officetest.Words(t, result.DOCX), officetest.OwnWords) {
				t.Fatal(err, found)
			}
			if !slices.ContainsFunc(found, func(f diag.Finding) bool { return f.Code == diag.OwnTemplateUnusable && f.Severity == diag.Warning }) {
				t.Errorf("found %v", found)
			}
			if _, _, found, err := b.Office.Template(t.Context(), "ke-hoach", -1); err != nil || !slices.ContainsFunc(found, isUnusable) {
				t.Errorf("found %v (%v)", found, err)
			}
			if found, err := b.Office.UseTemplate(t.Context(), "ke-hoach", 1); err != nil || !found.Blocking() {
				t.Errorf("found %v (%v)", found, err)
			}
		})
	}
}

func isUnusable(f diag.Finding) bool { return f.Code == diag.OwnTemplateUnusable }

// silent is a file store whose machine does not answer for a while.
type silent struct {
	files.Store
	down bool
}

var errDown = errors.New("the machine does not answer")

func (s *silent) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	if s.down {
		return nil, errDown
	}
	return s.Store.Get(ctx, name)
}

func TestRefreshThatFailsIsTriedAgain(t *testing.T) {
	a := officetest.AtDesk(t)
	kept := &silent{Store: a.Files, down: true}
	b := officetest.Beside(t, &officetest.Office{Store: a.Store, Files: kept})
	officetest.Saved(t, a, "ke-hoach", officetest.WithOwnWords(t, officetest.ComesWith(t, a, "ke-hoach")))
	if err := b.Office.Refresh(t.Context()); !errors.Is(err, errDown) {
		t.Fatalf("gave %v", err)
	}
	kept.down = false
	if !b.SaysOwnWords(t, "ke-hoach") {
		t.Error("the next call did not try again")
	}
}

func TestProfilesOfOffices(t *testing.T) {
	a := officetest.AtDesk(t)
	started, err := a.Office.Profile(t.Context(), "")
	if err != nil || !bytes.Contains(started, []byte("XÃ VĨNH AM")) {
		t.Fatal(err)
	}
	if err := a.Store.AddOffice(t.Context(), store.Office{ID: "xa-b", Name: "Xã B", Created: officetest.Noon}); err != nil {
		t.Fatal(err)
	}
	b := officetest.Beside(t, a)
	save := func(office string, version int, text string) (diag.Findings, error) {
		return a.Office.SaveProfile(t.Context(), store.Profile{Office: office, Version: version, Text: []byte(text), Author: "lan", Saved: officetest.Noon})
	}
	const body = "co_quan: {ten: HỘI ĐỒNG NHÂN DÂN XÃ %, ky_hieu: HĐND}\ndia_danh: %\nnguoi_ky:\n  pho_chu_tich: {chuc_vu: [CHỦ TỊCH], ho_ten: Người %}\n"
	of := func(name string) string { return strings.ReplaceAll(body, "%", name) }
	signed := func(office string) string {
		t.Helper()
		if err := b.Office.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		request := officetest.Plan("27/3/2026", "Tổng vệ sinh")
		request.Office, request.Register = office, false
		result, found, err := b.Maker.Make(t.Context(), request)
		if err != nil || found.Blocking() {
			return ""
		}
		_, name, _ := strings.Cut(officetest.Words(t, result.DOCX), "CHỦ TỊCH ")
		return name
	}
	if got := signed(""); !strings.Contains(got, "Phạm Xuân Hanh") {
		t.Errorf("the profile of the start is not in force: signed by %q", got)
	}
	if got := signed("xa-b"); got != "" {
		t.Errorf("an office without a profile has the one of another: signed by %q", got)
	}
	for office, name := range map[string]string{"": "A", "xa-b": "B"} {
		found, err := save(office, 1, of(name))
		if err != nil || len(found) != 1 || found[0].Severity != diag.Warning || !strings.Contains(found[0].String(), "Giấy giới thiệu, Giấy mời, Giấy nghỉ phép") {
			t.Fatal("what some kinds want besides is to be told, and no more", err, found)
		}
		if got := signed(office); !strings.Contains(got, "Người "+name) {
			t.Errorf("office %q: signed by %q", office, got)
		}
	}
	if _, err := save("xa-b", 1, of("C")); !errors.Is(err, store.ErrChanged) {
		t.Errorf("a second first version: %v", err)
	}
	for name, c := range map[string]struct{ text, code string }{
		"an unknown key":             {of("B") + "dia_danhh: B\n", "unknown-key"},
		"no YAML":                    {"co_quan: [", "bad-yaml"},
		"a group of no kinds":        {of("B") + "nhom_so: {a: [ke-hoch]}\n", "unknown-kind"},
		"a term that ends before it": {strings.Replace(of("B"), "Người B", "Người B, tu_ngay: 2/7/2026, den_ngay: 1/7/2026", 1), "term-ends-first"},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := save("xa-b", 2, c.text)
			if err != nil || !found.Blocking() || !slices.ContainsFunc(found, func(f diag.Finding) bool { return string(f.Code) == c.code }) {
				t.Errorf("found %v (%v), want %s", found, err, c.code)
			}
			seen := map[string]bool{}
			for _, f := range found {
				if said := f.Message + f.Where.String(); seen[said] {
					t.Errorf("told twice: %v", f)
				} else {
					seen[said] = true
				}
			}
		})
	}
	if kept, err := a.Store.LastProfile(t.Context(), "xa-b"); err != nil || kept.Version != 1 {
		t.Errorf("version %d is kept (%v)", kept.Version, err)
	}
}

func TestTemplateFieldsCompile(t *testing.T) {
	a := officetest.Plain(t)
	for _, kind := range a.Office.Kinds() {
		fields, found := a.Office.TemplateFields(kind.Slug)
		if len(found) > 0 || len(fields) < 5 {
			t.Fatal(kind.Slug, found, len(fields))
		}
		for _, field := range fields {
			if field.Label == "" || !strings.HasPrefix(field.Tag, "{{") {
				t.Errorf("%s: %+v", kind.Slug, field)
			}
		}
	}
	fields, _ := a.Office.TemplateFields("bao-cao-quy")
	for _, want := range []string{"{{trich_yeu}}", "{{#noi_nhan}}{{.}}{{/noi_nhan}}", "{{#nhiem_vu}}{{/nhiem_vu}}", "{{ky.ho_ten}}", "{{so_ky_hieu}}"} {
		if !slices.ContainsFunc(fields, func(f office.TemplateField) bool { return f.Tag == want }) {
			t.Errorf("there is no %s", want)
		}
	}
	for _, kind := range []string{"bao-cao-quy", "ke-hoach", "bao-cao-tong-hop-kien-nghi-cu-tri"} {
		t.Run("all of "+kind+" may stand in a template", func(t *testing.T) {
			fields, _ := a.Office.TemplateFields(kind)
			docx := officetest.Replaced(t, officetest.ComesWith(t, a, kind), "word/document.xml", "<w:body>", "<w:body>"+paragraphsOf(fields))
			if found, err := a.Office.CheckTemplate(t.Context(), kind, maker.File{Name: "mau.docx", Data: docx}); err != nil || found.Blocking() {
				t.Error(err, found)
			}
		})
	}
}

// paragraphsOf puts each field into a paragraph, and columns between the halves of the tag of their table.
func paragraphsOf(fields []office.TemplateField) string {
	var b strings.Builder
	paragraph := func(text string) { b.WriteString("<w:p><w:r><w:t>" + text + "</w:t></w:r></w:p>") }
	type open struct{ group, end string }
	var tables []open
	for _, field := range append(fields, office.TemplateField{}) {
		for len(tables) > 0 && !strings.HasPrefix(field.Group, tables[len(tables)-1].group) {
			paragraph(tables[len(tables)-1].end)
			tables = tables[:len(tables)-1]
		}
		if begin, end, halves := strings.Cut(field.Tag, "}}{{/"); halves && !strings.Contains(field.Tag, "{{.}}") {
			tables = append(tables, open{strings.TrimPrefix(field.Group+" › "+field.Label, " › "), "{{/" + end})
			paragraph(begin + "}}")
		} else if field.Tag != "" {
			paragraph(field.Tag)
		}
	}
	return b.String()
}

func TestRefreshWhileDocumentsAreMade(t *testing.T) {
	a := officetest.AtDesk(t)
	own := officetest.WithOwnWords(t, officetest.ComesWith(t, a, "ke-hoach"))
	starter, _ := a.Office.Starter("ke-hoach")
	var all sync.WaitGroup
	stop := make(chan struct{})
	for range 2 {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := a.Office.Refresh(context.Background()); err != nil {
					t.Error(err)
				}
				if _, found, err := a.Maker.Make(context.Background(), maker.Request{File: maker.File{Name: "a.yaml", Data: starter}}); err != nil || found.Blocking() {
					t.Error(err, found)
				}
			}
		})
	}
	officetest.Saved(t, a, "ke-hoach", own)
	for version := range 2 {
		if _, err := a.Office.UseTemplate(t.Context(), "ke-hoach", version); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	all.Wait()
	if !a.SaysOwnWords(t, "ke-hoach") {
		t.Error("the last word does not hold")
	}
}

func TestUploadsAreKeptByTheirHash(t *testing.T) {
	a := officetest.AtDesk(t)
	hash, err := a.Desk.KeepUpload(t.Context(), []byte("dữ liệu"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := a.Desk.KeepUpload(t.Context(), []byte("dữ liệu")); err != nil || again != hash {
		t.Errorf("kept as %s and %s (%v)", hash, again, err)
	}
	if data, err := a.Desk.Upload(t.Context(), hash); err != nil || string(data) != "dữ liệu" {
		t.Errorf("gave %q (%v)", data, err)
	}
	for _, no := range []string{"", "../../vanthu.db", strings.Repeat("0", 64), strings.ToUpper(hash) + "/"} {
		if _, err := a.Desk.Upload(t.Context(), no); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%q gave %v", no, err)
		}
	}
}

package desk_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vanthu/internal/backup"
	"vanthu/internal/desk"
	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/maker"
	"vanthu/internal/officetest"
	"vanthu/internal/register"
	"vanthu/internal/store"
	"vanthu/internal/vi"
)

// keep makes the document of a draft and keeps it.
func keep(t *testing.T, a *officetest.Office, request maker.Request, draft string, at time.Time) (store.Document, maker.Result) {
	t.Helper()
	result, found, err := a.Maker.Make(t.Context(), request)
	if err != nil || found.Blocking() {
		t.Fatal(err, found)
	}
	document, err := a.Desk.Keep(t.Context(), request, result, found, draft, at)
	if err != nil {
		t.Fatal(err)
	}
	return document, result
}

// opened gives what a file of a document holds.
func openKept(t *testing.T, a *officetest.Office, file store.StoredFile) []byte {
	t.Helper()
	r, err := a.Desk.OpenKept(t.Context(), file)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestADocumentOfTheDeskIsKeptInEachVersion(t *testing.T) {
	a := officetest.AtDesk(t)
	request := maker.Request{File: officetest.Sample(t, "quy-2-2026", "so-lieu.xlsx"), PDF: true, XLSX: true, Office: "xa-b", Profile: officetest.Sample(t, "", "don-vi.yaml").Data}
	first, result := keep(t, a, request, "abc", officetest.Noon)
	if first.Name != desk.DocumentName("abc") || first.Version != 1 || first.Office != "xa-b" || first.Draft != "abc" || first.Kind != "bao-cao-quy" || !first.Made.Equal(officetest.Noon) {
		t.Errorf("kept %+v", first)
	}
	var tasks []maker.Task
	if err := json.Unmarshal(first.Tasks, &tasks); err != nil || len(tasks) == 0 || len(tasks) != len(result.Tasks) {
		t.Errorf("kept %d tasks of %d (%v)", len(tasks), len(result.Tasks), err)
	}
	if len(first.Files) != 3 || first.Files[0].Name != result.Name+".docx" || !bytes.Equal(openKept(t, a, first.Files[0]), result.DOCX) ||
		!bytes.Equal(openKept(t, a, first.Files[2]), result.XLSX) {
		t.Errorf("kept the files %v", first.Files)
	}
	if len(first.Data) != 2 || !bytes.Equal(openKept(t, a, first.Data[0]), request.Data) {
		t.Errorf("kept the data %v", first.Data)
	}
	if again, _ := keep(t, a, request, "abc", officetest.Noon.Add(time.Hour)); again.Version != 1 {
		t.Errorf("the same document is version %d", again.Version)
	}
	request.XLSX = false
	second, _ := keep(t, a, request, "abc", officetest.Noon.Add(time.Hour))
	if second.Version != 2 || !bytes.Equal(openKept(t, a, first.Files[2]), result.XLSX) {
		t.Errorf("after version %d the first cannot be opened", second.Version)
	}
	t.Run("a file that is gone", func(t *testing.T) {
		if err := a.Files.Delete(t.Context(), files.Location(first.Files[2].Name, first.Files[2].Hash)); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Desk.OpenKept(t.Context(), first.Files[2]); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("gave %v", err)
		}
	})
}

// TestTheDeskGoesRoundInABackup has the documents of the desk among what a restore puts back and looks at.
func TestTheDeskGoesRoundInABackup(t *testing.T) {
	a := officetest.AtDesk(t)
	document, _ := keep(t, a, officetest.Plan("27/3/2026", "Tổng vệ sinh"), "abc", officetest.Noon)
	officetest.Saved(t, a, "ke-hoach", officetest.WithOwnWords(t, officetest.ComesWith(t, a, "ke-hoach")))
	saved := func() []byte {
		var out bytes.Buffer
		if err := backup.Write(t.Context(), a.Store, a.Files, &out); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	whole := saved()
	restored := func(data []byte) (*officetest.Office, error) {
		b := officetest.AtDesk(t)
		return b, backup.Restore(t.Context(), bytes.NewReader(data), int64(len(data)), b.Store, b.Files)
	}
	b, err := restored(whole)
	if err != nil {
		t.Fatal(err)
	}
	if len(openKept(t, b, document.Files[0])) == 0 || !b.SaysOwnWords(t, "ke-hoach") {
		t.Error("document or template is lost")
	}
	if err := a.Files.Delete(t.Context(), files.Location(document.Files[0].Name, document.Files[0].Hash)); err != nil {
		t.Fatal(err)
	}
	missing := (*backup.Differences)(nil)
	if _, err := restored(saved()); !errors.As(err, &missing) || len(missing.Found) != 1 || missing.Found[0].Code != diag.BackupFileMissing {
		t.Errorf("a backup without the Word file gave %v", err)
	}
}

func TestNoOfficeSeesTheNumbersOfAnother(t *testing.T) {
	a := officetest.AtDesk(t)
	one, other := "xa-a", "xa-b"
	of := func(office string) maker.Request {
		request := officetest.Plan("27/3/2026", "Việc riêng của "+office)
		request.Office, request.Profile = office, officetest.Sample(t, "", "don-vi.yaml").Data
		return request
	}
	if first := officetest.Made(t, a, of(one)); first.Symbol != "01/KH-HĐND" {
		t.Errorf("took %s", first.Symbol)
	}
	entries, err := a.Register.List(t.Context(), register.Numbers{Office: &one})
	if err != nil || len(entries) != 1 || entries[0].Office != one {
		t.Fatal(err, entries)
	}
	series := entries[0].Series
	t.Run("another of the same name takes none of its series", func(t *testing.T) {
		typed := of(other)
		typed.Data = append([]byte("so: 1\n"), typed.Data...)
		for _, request := range []maker.Request{of(other), typed} {
			_, found, err := a.Maker.Make(t.Context(), request)
			if err != nil || !found.Blocking() || !strings.Contains(found.String(), "đơn vị khác") || strings.Contains(found.String(), one) {
				t.Error(found, err)
			}
		}
	})
	t.Run("the next number tells nothing of the last", func(t *testing.T) {
		number, last, err := a.Register.Next(t.Context(), &other, series)
		if err != nil || number != 2 || last.Symbol != "01/KH-HĐND" || last.Title != "" || last.Key != "" {
			t.Errorf("%d, %+v (%v)", number, last, err)
		}
	})
	t.Run("nor can it be made void", func(t *testing.T) {
		if _, found, err := a.Register.Void(t.Context(), &other, series, 1, "thử"); err != nil || len(found) != 1 || found[0].Code != diag.NoSuchNumber {
			t.Error(found, err)
		}
		if _, found, err := a.Register.Void(t.Context(), &one, series, 1, " "); err != nil || len(found) != 1 || found[0].Where.Field != "ly_do" {
			t.Error(found, err)
		}
		if entry, found, err := a.Register.Void(t.Context(), &one, series, 1, "thử"); err != nil || len(found) > 0 || entry.State != store.Void {
			t.Error(found, err)
		}
	})
	t.Run("the book has its own alone", func(t *testing.T) {
		for office, want := range map[string]int{one: 1, other: 0} {
			if _, lines, _, err := a.Register.Book(t.Context(), register.Numbers{Office: &office, Year: 2026}); err != nil || lines != want {
				t.Errorf("%s: %d lines (%v)", office, lines, err)
			}
		}
	})
}

func TestSignersOutsideTheirTermAreToldOf(t *testing.T) {
	text := strings.Replace(string(officetest.Sample(t, "", "don-vi.yaml").Data), "ho_ten: Phạm Xuân Hanh", "ho_ten: Phạm Xuân Hanh\n    tu_ngay: 01/3/2026\n    den_ngay: 30/6/2026", 1)
	a := officetest.WithProfile(t, text)
	for day, told := range map[string]bool{"28/2/2026": true, "01/3/2026": false, "30/6/2026": false, "1/7/2026": true} {
		t.Run(strings.ReplaceAll(day, "/", "-"), func(t *testing.T) {
			request := officetest.Plan(day, "Tổng vệ sinh")
			request.Register = false
			result, found, err := a.Maker.Make(t.Context(), request)
			if err != nil || found.Blocking() || len(result.DOCX) == 0 {
				t.Fatal(err, found)
			}
			var terms diag.Findings
			for _, f := range found {
				if f.Code == diag.SignerOutOfTerm {
					terms.Add(f)
				}
			}
			if len(terms) > 1 || (len(terms) == 1) != told {
				t.Fatalf("found %v", terms)
			}
			date, _ := vi.ParseDate(day)
			if told && (terms[0].Severity != diag.Warning || terms[0].Where.Field != "ky" || terms[0].Where.Line == 0 ||
				!strings.Contains(terms[0].Message, date.Short()) || !strings.Contains(terms[0].Message, "Phạm Xuân Hanh ký từ ngày 01/3/2026 đến ngày 30/6/2026")) {
				t.Errorf("found %+v", terms[0])
			}
		})
	}
}

// TestFilesOfBatchesAreOpenedByName opens what lies in a folder of results.
func TestFilesOfBatchesAreOpenedByName(t *testing.T) {
	a := officetest.AtDesk(t)
	name := filepath.ToSlash(filepath.Join("lo", "b", "xa-1", "bao-cao.docx"))
	if err := files.Write(t.Context(), a.Files, name, []byte("x")); err != nil {
		t.Fatal(err)
	}
	if got := openKept(t, a, store.StoredFile{Name: name, Size: 1}); string(got) != "x" {
		t.Errorf("gave %q", got)
	}
}

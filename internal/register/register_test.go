package register_test

import (
	"strings"
	"testing"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/model"
	"vanthu/internal/officetest"
	"vanthu/internal/register"
	"vanthu/internal/store"
	"vanthu/internal/vi"
)

func TestSeriesOf(t *testing.T) {
	const (
		body   = "co_quan: {ten: HỘI ĐỒNG NHÂN DÂN, ky_hieu: HĐND}\n"
		byType = body
		common = body + "cach_danh_so: chung\n"
		groups = body + "cach_danh_so: nhom\nnhom_so:\n  quyet_nghi: [nghi-quyet, quyet-dinh]\n  bao_cao_ke_hoach: [bao-cao-quy, ke-hoach]\n"
	)
	for name, c := range map[string]struct {
		profile, kind string
		unit, secret  string
		want          string
	}{
		"each type":                                {byType, "ke-hoach", "HĐND", "", "ke-hoach"},
		"kinds of one type share symbols":          {byType, "ke-hoach-giam-sat", "HĐND", "", "ke-hoach"},
		"letters are one type":                     {byType, "cong-van-don-doc", "HĐND", "", "cong-van"},
		"all in one":                               {common, "ke-hoach", "HĐND", "", "chung"},
		"a group":                                  {groups, "quyet-dinh", "HĐND", "", "quyet_nghi"},
		"a group takes every kind of its types":    {groups, "bao-cao-nam", "HĐND", "", "bao_cao_ke_hoach"},
		"a type in no group has its own":           {groups, "to-trinh", "HĐND", "", "to-trinh"},
		"secret papers stand apart":                {byType, "ke-hoach", "HĐND", "TỐI MẬT", "mat"},
		"secret papers stand apart of the one":     {common, "ke-hoach", "HĐND", "MẬT", "mat"},
		"secret papers stand apart of a group":     {groups, "quyet-dinh", "HĐND", "MẬT", "mat"},
		"copies share a series":                    {byType, "sao-y", "HĐND", "", "ban-sao"},
		"copies share a series beside the one":     {common, "sao-luc", "HĐND", "", "ban-sao"},
		"excerpts too":                             {groups, "trich-sao", "HĐND", "", "ban-sao"},
		"a council has its own":                    {byType, "ke-hoach", "ĐGS", "", "ke-hoach"},
		"a council has its own where others share": {common, "bao-cao", "ĐGS", "", "chung"},
	} {
		t.Run(name, func(t *testing.T) {
			a := officetest.WithProfile(t, c.profile)
			_, way, found := a.Office.Settings("")
			if len(found) > 0 {
				t.Fatal(found)
			}
			document := model.Document{Schema: &a.Office.Find(c.kind).Schema, Values: model.Values{
				"ngay":    model.Date{Date: vi.Date{Year: 2026, Month: 12, Day: 31}},
				"co_quan": model.Values{"ten": model.Text(c.unit), "ky_hieu": model.Text("HĐND")},
			}}
			if c.secret != "" {
				document.Values["do_mat"] = model.Text(c.secret)
			}
			if got, want := register.SeriesOf(document, way), (store.Series{Unit: c.unit, Name: c.want, Year: 2026}); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestGroupsThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct{ groups, code string }{
		"an unknown kind":                {"nhom_1: [ke-hoch]", "unknown-kind"},
		"a type in two groups":           {"nhom_1: [ke-hoach]\n  nhom_2: [ke-hoach-giam-sat]", "kind-in-two-groups"},
		"a copy in a group":              {"nhom_1: [sao-y]", "series-of-copies"},
		"a name that another series has": {"mat: [ke-hoach]", "series-name"},
		"the name of a type":             {"to-trinh: [ke-hoach]", "series-name"},
	} {
		t.Run(name, func(t *testing.T) {
			a := officetest.WithProfile(t, "nhom_so:\n  "+c.groups+"\n")
			_, _, found := a.Office.Settings("")
			if len(found) != 1 || string(found[0].Code) != c.code || found[0].Where.File != "don-vi.yaml" || found[0].Where.Line == 0 {
				t.Errorf("found %v, want %s with its line", found, c.code)
			}
		})
	}
}

func TestNumberIsTakenFromTheRegister(t *testing.T) {
	a := officetest.Registered(t)
	first := officetest.Made(t, a, officetest.Plan("27/3/2026", "Tổng vệ sinh"))
	again := officetest.Made(t, a, officetest.Plan("27/3/2026", "Tổng vệ sinh"))
	second := officetest.Made(t, a, officetest.Plan("28/3/2026", "Trồng cây"))
	if first.Name != "01-KH-HDND-tong-ve-sinh" || second.Name != "02-KH-HDND-trong-cay" {
		t.Errorf("made %s and %s", first.Name, second.Name)
	}
	if again.NumberKey != first.NumberKey || string(again.DOCX) != string(first.DOCX) {
		t.Error("the same data give another document")
	}
	if !strings.Contains(officetest.Words(t, first.DOCX), "01/KH-HĐND") {
		t.Error("the number is not in the Word file")
	}
	if err := a.Register.Issue(t.Context(), first.NumberKey, first.DOCX); err != nil {
		t.Fatal(err)
	}
	entries, err := a.Register.List(t.Context(), register.Numbers{})
	if err != nil || len(entries) != 2 {
		t.Fatal(err, entries)
	}
	e := entries[0]
	if e.State != store.Issued || len(e.Hash) != 64 || entries[1].State != store.Reserved {
		t.Errorf("issued %v, reserved %v", e, entries[1])
	}
	if e.Symbol != "01/KH-HĐND" || e.Title != "Kế hoạch Tổng vệ sinh" || e.Signer != "Phạm Xuân Hanh" || e.Recipients != "Các thôn\nLưu: VT" {
		t.Errorf("registered %v", e)
	}
}

func TestNumbersThatAreNotTaken(t *testing.T) {
	const typed = "so: 7\n"
	for name, c := range map[string]struct {
		request maker.Request
		code    string
	}{
		"a date before that of a number": {officetest.Plan("26/3/2026", "Trồng cây"), "number-out-of-order"},
		"data that do not hold":          {officetest.Plan("30/2/2026", "Trồng cây"), "no-such-day"},
		"a number that is typed": {
			maker.Request{File: maker.File{Name: "a.yaml", Data: append([]byte(typed), officetest.Plan("26/3/2026", "Trồng cây").Data...)}, Register: true},
			"number-not-in-register",
		},
		"a document that is not registered": {maker.Request{File: officetest.Plan("26/3/2026", "Trồng cây").File}, "number-blank"},
	} {
		t.Run(name, func(t *testing.T) {
			a := officetest.Registered(t)
			officetest.Made(t, a, officetest.Plan("27/3/2026", "Tổng vệ sinh"))
			result, found, err := a.Maker.Make(t.Context(), c.request)
			if err != nil || result.NumberKey != "" {
				t.Fatal(err, result.NumberKey)
			}
			codes := ""
			for _, f := range found {
				if string(f.Code) == c.code || f.Severity > diag.Info {
					codes += string(f.Code)
				}
				if f.Code == diag.NumberOutOfOrder && (f.Where.Line != 2 || !strings.Contains(f.Message, "26/3/2026 nhưng văn bản số 01/KH-HĐND đã ghi ngày 27/3/2026")) {
					t.Error(f)
				}
			}
			if codes != c.code {
				t.Errorf("found %q, want %q", codes, c.code)
			}
			if entries, err := a.Register.List(t.Context(), register.Numbers{}); err != nil || len(entries) != 1 {
				t.Errorf("%v: the register has %v", err, entries)
			}
		})
	}
}

// TestMendedDocumentKeepsItsNumber has a clerk mend the data, type the number that was taken, and make the document again.
func TestMendedDocumentKeepsItsNumber(t *testing.T) {
	a := officetest.Registered(t)
	first := officetest.Made(t, a, officetest.Plan("27/3/2026", "Tổng vệ sinh"))
	mended := officetest.Plan("27/3/2026", "Tổng vệ sinh")
	mended.Data = append([]byte("so: 1\n"), strings.Replace(string(mended.Data), "sáng thứ Bảy", "chiều thứ Sáu", 1)...)
	second := officetest.Made(t, a, mended)
	if second.NumberKey != first.NumberKey || second.Name != first.Name || string(second.DOCX) == string(first.DOCX) {
		t.Errorf("%s and %s", first.Name, second.Name)
	}
	other := officetest.Plan("28/3/2026", "Trồng cây")
	other.Data = append([]byte("so: 1\n"), other.Data...)
	result, found, err := a.Maker.Make(t.Context(), other)
	if err != nil || result.DOCX != nil || !strings.Contains(found.String(), "số 01/KH-HĐND đã cấp cho văn bản khác: Kế hoạch Tổng vệ sinh, ngày 27/3/2026") {
		t.Error(err, found)
	}
}

// TestWhatIsSaidOfANumberFollowsItsDocument has a clerk mend what the register says, at the desk, which knows which number the document has.
func TestWhatIsSaidOfANumberFollowsItsDocument(t *testing.T) {
	a := officetest.Registered(t)
	first := officetest.Made(t, a, officetest.Plan("27/3/2026", "Tổng vệ sinh"))
	mended := officetest.Plan("27/3/2026", "Tổng vệ sinh đợt hai")
	mended.Data, mended.NumberKey = append([]byte("so: 1\n"), mended.Data...), first.NumberKey
	if second := officetest.Made(t, a, mended); second.NumberKey != first.NumberKey || second.Symbol != "01/KH-HĐND" {
		t.Errorf("made as %s", second.Symbol)
	}
	entries, err := a.Register.List(t.Context(), register.Numbers{})
	if err != nil || len(entries) != 1 || entries[0].Title != "Kế hoạch Tổng vệ sinh đợt hai" {
		t.Error(err, entries)
	}
	moved := officetest.Plan("30/3/2026", "Tổng vệ sinh đợt hai")
	moved.Data, moved.NumberKey = append([]byte("so: 1\n"), moved.Data...), first.NumberKey
	if result, found, err := a.Maker.Make(t.Context(), moved); err != nil || result.DOCX != nil || !strings.Contains(found.String(), "ngày 27/3/2026") {
		t.Error(err, found)
	}
}

func TestVoidNumberMakesNoDocument(t *testing.T) {
	a := officetest.Registered(t)
	officetest.Made(t, a, officetest.Plan("27/3/2026", "Tổng vệ sinh"))
	series, found := a.Register.Series("", "ke-hoach", "", 2026)
	if len(found) > 0 {
		t.Fatal(found)
	}
	if _, found, err := a.Register.Void(t.Context(), nil, series, 1, "Không ban hành"); err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	result, found, err := a.Maker.Make(t.Context(), officetest.Plan("27/3/2026", "Tổng vệ sinh"))
	if err != nil || !found.Blocking() || result.DOCX != nil || !strings.Contains(found.String(), "Không ban hành") {
		t.Errorf("%v %v", err, found)
	}
}

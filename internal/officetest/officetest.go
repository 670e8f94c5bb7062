// Package officetest opens the services for tests, with the office that the samples share, and makes the papers that tests ask for again and
// again.
package officetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/maker"
	"vanthu/internal/services"
	"vanthu/internal/store"
	"vanthu/internal/wml"
)

// Office is the services with what they are made from.
type Office struct {
	*services.Services
	Store *store.Store
	Files files.Store
}

// Samples is where the stories live, seen from a room.
const Samples = "../../samples"

// Noon is a time.
var Noon = time.Date(2026, 11, 23, 5, 0, 0, 0, time.UTC)

// Open opens the services and expects nothing to mend.
func Open(t testing.TB, config services.Config) *Office {
	t.Helper()
	a, found, err := services.Open(config)
	if err != nil || len(found) > 0 {
		t.Fatalf("%v\n%v", err, found)
	}
	return &Office{a, config.Store, config.Files}
}

// Plain opens the office of the samples without a store.
func Plain(t testing.TB) *Office {
	t.Helper()
	return Beside(t, &Office{})
}

// Beside opens the office of the samples in another process of the same service.
func Beside(t testing.TB, other *Office) *Office {
	t.Helper()
	profile, err := os.ReadFile(filepath.Join(Samples, "don-vi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return Open(t, services.Config{Profile: profile, Store: other.Store, Files: other.Files})
}

// WithProfile opens an office whose profile is the text of a don-vi.yaml.
func WithProfile(t testing.TB, profile string) *Office {
	t.Helper()
	return Open(t, services.Config{Profile: []byte(profile)})
}

// Registered opens the office of the samples with a register of its own.
func Registered(t testing.TB) *Office {
	t.Helper()
	return Beside(t, &Office{Store: openStore(t)})
}

// AtDesk opens the office of the samples with a register and a file store.
func AtDesk(t testing.TB) *Office {
	t.Helper()
	kept, err := files.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return Beside(t, &Office{Store: openStore(t), Files: kept})
}

func openStore(t testing.TB) *store.Store {
	t.Helper()
	opened, err := store.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})
	return opened
}

// Made makes the document of a request and expects nothing to mend but what the codes name.
func Made(t testing.TB, a *Office, request maker.Request, expected ...string) maker.Result {
	t.Helper()
	result, found, err := a.Maker.Make(context.Background(), request)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.Severity > diag.Info && !slices.Contains(expected, string(f.Code)) {
			t.Errorf("%s", f)
		}
	}
	if len(result.DOCX) == 0 || len(result.PDF) == 0 {
		t.Fatalf("no document\n%s", found)
	}
	return result
}

// Words returns the text of a Word file on one line.
func Words(t testing.TB, docx []byte) string {
	t.Helper()
	doc, found, err := wml.Read(docx)
	if err != nil || len(found) > 0 {
		t.Fatalf("our own Word file is outside the subset: %v\n%s", err, found)
	}
	return strings.Join(strings.Fields(doc.Text()), " ")
}

// Sample reads a file of a story.
func Sample(t testing.TB, story, name string) maker.File {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(Samples, story, name))
	if err != nil {
		t.Fatal(err)
	}
	return maker.File{Name: name, Data: data}
}

// PlanData is a plan without a number, with room for its day and what it is about.
const PlanData = `loai: ke-hoach
ngay: %s
trich_yeu: %s
noi_dung: |
  Các thôn tổng vệ sinh vào sáng thứ Bảy hằng tuần.
noi_nhan: [Các thôn, "Lưu: VT"]
ky: pho_chu_tich
`

// Plan is a request for a plan without a number.
func Plan(day, about string) maker.Request {
	return maker.Request{File: maker.File{Name: "ke-hoach.yaml", Data: fmt.Appendf(nil, PlanData, day, about)}, PDF: true, Register: true}
}

// PlanRow is a row of a list of plans: the name of a unit, a number or none, a day, and what the plan is about.
type PlanRow [4]string

// Unit returns the name of the unit.
func (r PlanRow) Unit() string { return r[0] }

// About returns what the plan is about.
func (r PlanRow) About() string { return r[3] }

// ThreePlans are rows of which the last has a number.
var ThreePlans = []PlanRow{
	{"Thôn Đông", "", "27/3/2026", "Tổng vệ sinh"},
	{"Thôn Đoài", "", "25/3/2026", "Trồng cây"},
	{"Thôn Thượng", "9", "26/3/2026", "Nạo vét kênh"},
}

// PlanList is a workbook that asks for a plan in each row.
func PlanList(t testing.TB, rows []PlanRow) maker.File {
	t.Helper()
	list := [][]string{{"Đơn vị", "Số của văn bản", "Ngày ban hành", "Trích yếu nội dung"}}
	for _, row := range rows {
		list = append(list, row[:])
	}
	return Workbook(t, "danh-sach.xlsx", map[string][][]string{
		"Thông tin chung": {
			{"Mục", "Giá trị"},
			{"Loại văn bản", "Kế hoạch"},
			{"Nội dung", "Các thôn tổng vệ sinh vào sáng thứ Bảy hằng tuần."},
			{"Nơi nhận", "Các thôn\nLưu: VT"},
			{"Người ký", "pho_chu_tich"},
		},
		"Danh sách": list,
	})
}

// Workbook writes the rows of sheets.
func Workbook(t testing.TB, name string, sheets map[string][][]string) maker.File {
	t.Helper()
	book := excelize.NewFile()
	for sheet, rows := range sheets {
		if _, err := book.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			if err := book.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	out, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return maker.File{Name: name, Data: out.Bytes()}
}

// Requests are those of all units of a file, with numbers from the register.
func Requests(t testing.TB, a *Office, file maker.File) (all []maker.Request) {
	t.Helper()
	units, found, err := a.Maker.Units(context.Background(), file)
	if err != nil || found.Blocking() {
		t.Fatal(err, found)
	}
	for _, unit := range units {
		all = append(all, maker.Request{File: file, Unit: unit.Name, PDF: true, Register: true, Taken: time.Date(2026, 3, 27, 9, 0, 0, 0, time.UTC)})
	}
	return all
}

// TakeNumbers takes the numbers of requests.
func TakeNumbers(t testing.TB, a *Office, all []maker.Request) {
	t.Helper()
	if err := a.Maker.TakeNumbers(context.Background(), len(all), func(i int) (maker.Request, error) { return all[i], nil }); err != nil {
		t.Fatal(err)
	}
}

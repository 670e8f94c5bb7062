package site

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/account"
	deskservice "vanthu/internal/desk"
	"vanthu/internal/maker"
	"vanthu/internal/store"
	"vanthu/internal/testenv"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
	"vanthu/internal/web/desk"
	"vanthu/internal/web/desk/batch"
)

// workbookOf is a workbook of one sheet with rows of cells.
func workbookOf(t *testing.T, sheet string, rows ...[]any) string {
	t.Helper()
	book := excelize.NewFile()
	defer book.Close()
	if err := book.SetSheetName("Sheet1", sheet); err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if err := book.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := book.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// addOffices adds bodies to a service, by their ids.
func addOffices(t *testing.T, s *web.Server, ids ...string) {
	t.Helper()
	for _, id := range ids {
		if err := s.Store.AddOffice(t.Context(), store.Office{ID: id, Name: id, Created: time.Now()}); err != nil {
			t.Fatal(err)
		}
	}
}

// sentFile sends a data file to the page, and gives where it is shown.
func sentFile(t *testing.T, h http.Handler, by person, parts ...string) (at string) {
	t.Helper()
	w := by.asks(h, "POST", desk.FilePath, form(parts...))
	at = w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(at, desk.FilePath+"/") {
		t.Fatalf("status %d, Location %q %s", w.Code, at, w.Body)
	}
	return at
}

func TestAGoodFile(t *testing.T) {
	s := openOffice(t)
	h, lan := newSite(s), hire(t, s, "lan", "", account.Drafter)
	at := sentFile(t, h, lan, "data=Quý II.yaml", quarter, "ky_truoc=Quý I.yaml", quarterBefore())
	shown := lan.asks(h, "GET", at, body{}).Body.String()
	for _, want := range []string{"Quý II.yaml", "Báo cáo quý", "Quý I.yaml", "Dữ liệu đủ để làm văn bản", "55/BC-UBND", "<svg", "Nhiệm vụ”: 2 dòng", "Tải về sổ theo dõi Excel"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	for format, want := range map[string]struct{ mediaType, begin string }{
		"docx": {web.WordType, "PK"}, "pdf": {web.PdfType, "%PDF-"}, "xlsx": {web.ExcelType, "PK"}, "zip": {web.ZipType, "PK"},
	} {
		w := lan.asks(h, "POST", at+"/tai-ve", fields("dang", format))
		if w.Code != 200 || w.Header().Get("Content-Type") != want.mediaType || !strings.HasPrefix(w.Body.String(), want.begin) {
			t.Errorf("%s: status %d, %s", format, w.Code, w.Header().Get("Content-Type"))
		}
		if name := w.Header().Get("Content-Disposition"); !strings.Contains(name, "55-BC-UBND") {
			t.Errorf("%s is called %q", format, name)
		}
	}
	t.Run("its document is kept once", func(t *testing.T) {
		kept, err := s.Store.DocumentVersions(t.Context(), "", deskservice.DocumentName(strings.TrimPrefix(at, desk.FilePath+"/")))
		if err != nil || len(kept) != 1 || len(kept[0].Files) != 3 || len(kept[0].Data) != 2 {
			t.Errorf("%v, kept %+v", err, kept)
		}
	})
	t.Run("goes on in the form", func(t *testing.T) {
		w := lan.asks(h, "POST", at+"/soan", fields())
		id, ok := strings.CutPrefix(w.Header().Get("Location"), desk.ComposePath)
		draft, err := s.Store.Draft(t.Context(), "", id)
		if w.Code != http.StatusSeeOther || !ok || err != nil || draft.Kind != "bao-cao-quy" || !strings.Contains(string(draft.Data), "Giám sát số hóa hồ sơ") {
			t.Errorf("status %d to %q, %v, %+v", w.Code, w.Header().Get("Location"), err, draft)
		}
	})
	t.Run("is listed until it is thrown away", func(t *testing.T) {
		if !strings.Contains(lan.asks(h, "GET", desk.FilePath, body{}).Body.String(), at) {
			t.Error("not listed")
		}
		lan.asks(h, "POST", at+"/xoa", fields())
		if w := lan.asks(h, "GET", at, body{}); w.Code != http.StatusNotFound || strings.Contains(lan.asks(h, "GET", desk.FilePath, body{}).Body.String(), at) {
			t.Errorf("status %d", w.Code)
		}
	})
}

// A workbook with wrong cells: each is named, coloured on demand, and the mended file takes the place of the wrong one under the same address.
func TestAWrongFileIsMended(t *testing.T) {
	s := openOffice(t)
	h, lan := newSite(s), hire(t, s, "lan", "", account.Drafter)
	good := send(newSite(open(t)), "POST", api.DocumentsPath+"?format=xlsx", form("data=q.yaml", quarter)).Body.String()
	at := sentFile(t, h, lan, "data=so-lieu.xlsx", spoil(t, good), "ky_truoc=q1.yaml", quarterBefore())
	shown := lan.asks(h, "GET", at, body{}).Body.String()
	for _, want := range []string{"Còn 1 lỗi phải sửa", "rang tính “Nhiệm vụ”, ô ", "31/6/2026", "Tô màu ô sai", "Sửa tiếp trên trang soạn", "<svg"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Contains(shown, "Tải về Word") {
		t.Error("the page offers what cannot be made")
	}
	if w := lan.asks(h, "POST", at+"/tai-ve", fields("dang", "docx")); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "31/6/2026") {
		t.Errorf("made all the same: status %d", w.Code)
	}
	if w := lan.asks(h, "GET", at+"/to-mau", body{}); w.Code != 200 || w.Header().Get("Content-Type") != web.ExcelType {
		t.Errorf("coloured: status %d", w.Code)
	}
	if w := lan.asks(h, "POST", at+"/thay", form("data=so-lieu-2.xlsx", good)); w.Header().Get("Location") != at {
		t.Fatalf("status %d to %q", w.Code, w.Header().Get("Location"))
	}
	shown = lan.asks(h, "GET", at, body{}).Body.String()
	for _, want := range []string{"so-lieu-2.xlsx", "q1.yaml", "Dữ liệu đủ để làm văn bản"} {
		if !strings.Contains(shown, want) {
			t.Errorf("mended, the page has no %q", want)
		}
	}
	if w := lan.asks(h, "GET", at+"/to-mau", body{}); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("nothing to colour: status %d", w.Code)
	}
}

// A file that does not say its kind is gone on with after somebody has said it; nothing of it is lost.
func TestAKindIsChosen(t *testing.T) {
	s := openOffice(t)
	h, lan := newSite(s), hire(t, s, "lan", "", account.Drafter)
	at := sentFile(t, h, lan, "data=ke.yaml", strings.Replace(plan, "loai: ke-hoach\n", "", 1))
	if shown := lan.asks(h, "GET", at, body{}).Body.String(); !strings.Contains(shown, "Đây là loại văn bản nào?") || strings.Contains(shown, "<svg") {
		t.Errorf("the page does not ask for the kind")
	}
	if w := lan.asks(h, "POST", at+"/loai", fields("loai", "khong-co")); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a kind that there is not: status %d", w.Code)
	}
	lan.asks(h, "POST", at+"/loai", fields("loai", "ke-hoach"))
	shown := lan.asks(h, "GET", at, body{}).Body.String()
	for _, want := range []string{"Dữ liệu đủ để làm văn bản", "15/KH-UBND", "<svg", "Đổi loại văn bản"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if w := lan.asks(h, "POST", at+"/tai-ve", fields("dang", "pdf")); w.Code != 200 {
		t.Errorf("status %d %s", w.Code, w.Body)
	}
}

func TestColumnsThatAreNotUnderstood(t *testing.T) {
	s := openOffice(t)
	h, lan := newSite(s), hire(t, s, "lan", "", account.Drafter)
	at := sentFile(t, h, lan, "data=q.yaml", quarter, "bang=viec.xlsx", workbookOf(t, "Nhiệm vụ",
		[]any{"Nội dung nhiệm vụ", "Chủ trì", "Thời hạn hoàn thành", "Màu ưa thích"}, []any{"Rà soát <b>hồ sơ</b>", "Ban Pháp chế", "15/6/2026", "xanh"}))
	shown := lan.asks(h, "GET", at, body{}).Body.String()
	for _, want := range []string{"Màu ưa thích", "1 cột không hiểu", "không hiểu, bỏ qua", "Rà soát &lt;b&gt;hồ sơ"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if strings.Contains(shown, "<b>hồ sơ") {
		t.Error("a cell is taken for HTML")
	}
}

// twoUnits is a workbook of two units, each a row.
func twoUnits(t *testing.T) string {
	t.Helper()
	return workbookOf(t, "Danh sách",
		[]any{"Loại văn bản", "Tên cơ quan", "Chữ viết tắt tên cơ quan", "Địa danh", "Số của văn bản", "Ngày ban hành", "Trích yếu nội dung", "Nội dung", "Nơi nhận", "Quyền hạn, chức vụ", "Họ và tên"},
		[]any{"Kế hoạch", "ỦY BAN NHÂN DÂN\nXÃ AN BÌNH", "UBND", "An Bình", "15", "27/3/2026", "Tổng vệ sinh", "I. MỤC ĐÍCH\nSạch sẽ.", "Các thôn", "CHỦ TỊCH", "Nguyễn Văn An"},
		[]any{"Kế hoạch", "ỦY BAN NHÂN DÂN\nXÃ VĨNH AM", "UBND", "Vĩnh Am", "16", "27/3/2026", "Tổng vệ sinh", "I. MỤC ĐÍCH\nSạch sẽ.", "Các thôn", "CHỦ TỊCH", "Trần Thị Bình"})
}

func TestAWorkbookOfManyUnits(t *testing.T) {
	s := openOffice(t)
	h, lan, drafter := newSite(s), hire(t, s, "lan", "", account.Clerk), hire(t, s, "mai", "", account.Drafter)
	units, _, err := s.Maker.Units(t.Context(), maker.File{Name: "hai-xa.xlsx", Data: []byte(twoUnits(t))})
	if err != nil || len(units) != 2 {
		t.Fatalf("%v, %d units", err, len(units))
	}
	at := sentFile(t, h, lan, "data=hai-xa.xlsx", twoUnits(t))
	shown := lan.asks(h, "GET", at, body{}).Body.String()
	for _, want := range []string{"Tệp có 2 đơn vị", "Làm tất cả 2 văn bản", "2 đơn vị trong tệp"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if shown := drafter.asks(h, "GET", at, body{}).Body.String(); strings.Contains(shown, "Làm tất cả 2 văn bản") || !strings.Contains(shown, "nhờ văn thư") {
		t.Error("who may not run a batch is offered one")
	}
	one := lan.asks(h, "GET", at+"?don-vi="+url.QueryEscape(units[1].Name), body{}).Body.String()
	if !strings.Contains(one, "<svg") || !strings.Contains(one, "16/KH-UBND") {
		t.Error("the page of one unit does not show its document")
	}
	if w := drafter.asks(h, "POST", at+"/lo", fields()); w.Code != http.StatusForbidden {
		t.Errorf("a batch of a drafter: status %d", w.Code)
	}
	w := lan.asks(h, "POST", at+"/lo", fields())
	id, ok := strings.CutPrefix(w.Header().Get("Location"), batch.BatchPath+"/")
	if w.Code != http.StatusSeeOther || !ok {
		t.Fatalf("status %d to %q %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	start(t, s)
	await(t, "the batch is done", func() bool {
		status, err := s.Jobs.Status(t.Context(), id)
		return err == nil && web.Ended(status.State)
	})
	if status, _ := s.Jobs.Status(t.Context(), id); status.Made != 2 || status.Name != "hai-xa" {
		t.Errorf("in the end %+v", status)
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	s := openOffice(t)
	h, lan := newSite(s), hire(t, s, "lan", "", account.Drafter)
	for _, test := range []struct {
		name   string
		body   body
		status int
		has    string
	}{
		{"none", form("data=", ""), 422, "Chưa chọn tệp dữ liệu"},
		{"another type", form("data=anh.png", "x"), 415, "“anh.png”"},
		{"table of another type", form("data=a.yaml", plan, "bang=b.docx", "x"), 415, "“b.docx”"},
	} {
		if w := lan.asks(h, "POST", desk.FilePath, test.body); w.Code != test.status || !strings.Contains(w.Body.String(), test.has) {
			t.Errorf("%s: status %d %s", test.name, w.Code, w.Body)
		}
	}
	if w := lan.asks(h, "POST", desk.FilePath, form("data=hong.xlsx", "không phải bảng tính")); w.Code != http.StatusSeeOther {
		t.Fatalf("a broken workbook: status %d", w.Code)
	} else if w := lan.asks(h, "GET", w.Header().Get("Location"), body{}); w.Code != 200 || !strings.Contains(w.Body.String(), "lỗi phải sửa") {
		t.Errorf("a broken workbook is shown: status %d", w.Code)
	}
}

// A file of another office is not there, whatever is asked of it.
func TestAFileBelongsToAnOffice(t *testing.T) {
	s := openOffice(t)
	h := newSite(s)
	addOffices(t, s, "xa-an-binh", "xa-vinh-am")
	ours, theirs := hire(t, s, "lan", "xa-an-binh", account.Drafter), hire(t, s, "mai", "xa-vinh-am", account.Admin)
	at := sentFile(t, h, ours, "data=ke.yaml", plan)
	for _, r := range batch.New(desk.New(s)).Routes() {
		if !strings.Contains(r.Path, "/:id") {
			continue
		}
		sent := body{}
		if r.Method == "POST" {
			sent = form("data=ke.yaml", plan, "loai", "ke-hoach")
		}
		if w := theirs.asks(h, r.Method, strings.Replace(r.Path, desk.FilePath+"/:id", at, 1), sent); w.Code != http.StatusNotFound {
			t.Errorf("%s %s: status %d", r.Method, r.Path, w.Code)
		}
	}
	if strings.Contains(theirs.asks(h, "GET", desk.FilePath, body{}).Body.String(), "ke.yaml") {
		t.Error("the list of another office names it")
	}
	if w := ours.asks(h, "GET", at, body{}); w.Code != 200 {
		t.Errorf("our own: status %d", w.Code)
	}
}

func TestInputsOfEveryKind(t *testing.T) {
	s := openOffice(t)
	h, lan := newSite(s), hire(t, s, "lan", "", account.Drafter)
	listed := lan.asks(h, "GET", desk.FilePath, body{}).Body.String()
	for _, kind := range testenv.Share(s.Office.Kinds(), 7) {
		for form, mediaType := range map[string]string{"xlsx": web.ExcelType, "yaml": web.YamlType + "; charset=utf-8"} {
			link := "/tep-mau/" + kind.Slug + "?dang=" + form
			if !strings.Contains(listed, link) {
				t.Errorf("%s is not listed", link)
			}
			if w := lan.asks(h, "GET", link, body{}); w.Code != 200 || w.Header().Get("Content-Type") != mediaType {
				t.Errorf("%s: status %d, %s", link, w.Code, w.Header().Get("Content-Type"))
			}
		}
	}
	if w := lan.asks(h, "GET", "/tep-mau/khong-co", body{}); w.Code != http.StatusNotFound {
		t.Errorf("no such kind: status %d", w.Code)
	}
}

// TestWhoMadeTheDocumentOfAFile: a document that was made from a file tells who made it as one of the form does, and once for each version.
func TestWhoMadeTheDocumentOfAFile(t *testing.T) {
	s := openOffice(t)
	h, lan := newSite(s), hire(t, s, "lan", "", account.Drafter)
	address := lan.asks(h, "POST", desk.FilePath, form("data=ke.yaml", plan)).Header().Get("Location")
	for range 2 {
		if w := lan.asks(h, "POST", address+"/tai-ve", fields("dang", web.AsWord)); w.Code != http.StatusOK {
			t.Fatalf("%d %.500s", w.Code, w.Body)
		}
	}
	id := strings.TrimPrefix(address, desk.FilePath+"/")
	if w := lan.asks(h, "GET", "/van-ban/"+id, body{}); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), ", lan</dd>") {
		t.Errorf("%d %.3000s", w.Code, w.Body)
	}
	acts, err := s.Store.Acts(t.Context(), store.ActFilter{Action: "make-document"})
	if err != nil || len(acts) != 1 || acts[0].Subject != deskservice.DocumentName(id) {
		t.Error(err, acts)
	}
}

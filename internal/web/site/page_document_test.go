package site

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	deskservice "vanthu/internal/desk"
	"vanthu/internal/store"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
	"vanthu/internal/web/desk/compose"
)

// writes has a clerk write the example of a kind, changed by pairs of a field and its value.
func (c clerk) writes(t *testing.T, kind string, pairs ...string) compose.SavedAnswer {
	t.Helper()
	page := readPage(t, c.get("/soan/"+kind+"?vi-du=1").Body.String())
	for i := 0; i < len(pairs); i += 2 {
		page[pairs[i]] = pairs[i+1]
	}
	return answerOf(t, c.saves("/ban-thao", page))
}

func TestDocumentIsMadeAndKept(t *testing.T) {
	s, lan := openDesk(t)
	draft := lan.writes(t, "bao-cao-quy")
	for format, mediaType := range map[string]string{web.AsWord: web.WordType, web.AsPDF: web.PdfType, web.AsExcel: web.ExcelType, web.AsZIP: web.ZipType} {
		w := lan.asks(lan.h, http.MethodPost, "/ban-thao/"+draft.ID+"/lam", fields("dang", format))
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != mediaType || !strings.Contains(w.Header().Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %d %v", format, w.Code, w.Header())
		}
	}
	versions, err := s.Store.DocumentVersions(t.Context(), "", deskservice.DocumentName(draft.ID))
	if err != nil || len(versions) != 1 {
		t.Fatalf("%d versions, %v", len(versions), err)
	}
	shown := lan.get("/van-ban/" + draft.ID).Body.String()
	for _, wanted := range []string{"Văn bản chưa có số", "Báo cáo Tình hình tổ chức", "26/6/2026", "30/06/2026 15:00, lan", "Sổ theo dõi Excel", "<svg", "/soan/bao-cao-quy?tu=" + draft.ID} {
		if !strings.Contains(shown, wanted) {
			t.Errorf("the page of the document is without %q", wanted)
		}
	}
	t.Run("its files are given", func(t *testing.T) {
		for _, file := range versions[0].Files {
			if w := lan.get("/van-ban/" + draft.ID + "/tep/" + file.Hash); w.Code != http.StatusOK || int64(w.Body.Len()) != file.Size {
				t.Errorf("%s: %d, %d bytes", file.Name, w.Code, w.Body.Len())
			}
		}
		if w := lan.get("/van-ban/" + draft.ID + "/tep/" + strings.Repeat("0", 64)); w.Code != http.StatusNotFound {
			t.Errorf("a file that is none of its: %d", w.Code)
		}
	})
	t.Run("a change makes a version", func(t *testing.T) {
		page := readPage(t, lan.get("/ban-thao/"+draft.ID).Body.String())
		page[desk.AboutField] = "Hoạt động quý II năm 2026"
		answerOf(t, lan.saves("/ban-thao/"+draft.ID, page))
		lan.asks(lan.h, http.MethodPost, "/ban-thao/"+draft.ID+"/lam", fields("dang", web.AsPDF))
		if first := lan.get("/van-ban/" + draft.ID + "?ban=1").Body.String(); !strings.Contains(first, "đã có bản mới hơn") || !strings.Contains(first, "Bản 2") {
			t.Error("the first version does not tell of the second")
		}
		if w := lan.get("/van-ban/" + draft.ID + "?ban=3"); w.Code != http.StatusNotFound {
			t.Errorf("a version that is not there: %d", w.Code)
		}
	})
	t.Run("its tasks are on the first page", func(t *testing.T) {
		home := lan.get("/").Body.String()
		for _, wanted := range []string{"Việc đến hạn", "quá hạn 39 ngày", "Báo cáo tiến độ hoàn thiện hạ tầng", `/van-ban/` + draft.ID, "hôm nay"} {
			if !strings.Contains(home, wanted) {
				t.Errorf("the first page is without %q", wanted)
			}
		}
		if strings.Contains(home, "Tổ chức phiên giải trình về các nội dung chậm tiến độ") {
			t.Error("a task of September is due")
		}
	})
	t.Run("a new draft begins with its data", func(t *testing.T) {
		page := readPage(t, lan.get("/soan/bao-cao-quy?tu="+draft.ID).Body.String())
		if page[desk.AboutField] != "Hoạt động quý II năm 2026" || page[desk.DateField] != "30/06/2026" || page["nhiem_vu[8].chu_tri"] == "" {
			t.Errorf("%v", page)
		}
	})
}

func TestDocumentWithErrorsIsNotMade(t *testing.T) {
	s, lan := openDesk(t)
	draft := lan.writes(t, "ke-hoach", desk.AboutField, "")
	for _, path := range []string{"/lam", "/lay-so"} {
		w := lan.asks(lan.h, http.MethodPost, "/ban-thao/"+draft.ID+path, fields("dang", web.AsWord))
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "Chưa làm được văn bản") || !strings.Contains(w.Body.String(), `data-field="trich_yeu"`) {
			t.Errorf("%s: %d\n%s", path, w.Code, w.Body)
		}
	}
	if documents, err := s.Store.RecentDocuments(t.Context(), "", 10); err != nil || len(documents) > 0 {
		t.Errorf("%v, %v", documents, err)
	}
	if entries, err := s.Store.List(t.Context(), store.Filter{}); err != nil || len(entries) > 0 {
		t.Errorf("%v, %v", entries, err)
	}
}

func TestNumberIsTakenForADraft(t *testing.T) {
	s, lan := openDesk(t)
	draft := lan.writes(t, "ke-hoach", desk.DateField, "30/6/2026")
	w := lan.asks(lan.h, http.MethodPost, "/ban-thao/"+draft.ID+"/lay-so", fields())
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/van-ban/"+draft.ID {
		t.Fatalf("%d to %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	entries, err := s.Store.List(t.Context(), store.Filter{})
	if err != nil || len(entries) != 1 || entries[0].Symbol != "01/KH-HĐND" || entries[0].State != store.Reserved {
		t.Fatalf("%v %v", entries, err)
	}
	if page := readPage(t, lan.get("/ban-thao/"+draft.ID).Body.String()); page[desk.NumberField] != "01" || page[compose.VersionField] != "2" {
		t.Errorf("the draft has the number %q in version %s", page[desk.NumberField], page[compose.VersionField])
	}
	if shown := lan.get("/van-ban/" + draft.ID).Body.String(); !strings.Contains(shown, "<h1>01/KH-HĐND</h1>") {
		t.Error("the page of the document does not show the number")
	}
	t.Run("making it again is the same document", func(t *testing.T) {
		lan.asks(lan.h, http.MethodPost, "/ban-thao/"+draft.ID+"/lam", fields("dang", web.AsWord))
		lan.asks(lan.h, http.MethodPost, "/ban-thao/"+draft.ID+"/lay-so", fields())
		versions, err := s.Store.DocumentVersions(t.Context(), "", deskservice.DocumentName(draft.ID))
		if err != nil || len(versions) != 1 || versions[0].NumberKey != entries[0].Key {
			t.Errorf("%+v, %v", versions, err)
		}
		if entries, err := s.Store.List(t.Context(), store.Filter{}); err != nil || len(entries) != 1 {
			t.Errorf("%v, %v", entries, err)
		}
	})
	t.Run("a copy of it has no number", func(t *testing.T) {
		if page := readPage(t, lan.get("/soan/ke-hoach?tu="+draft.ID).Body.String()); page[desk.NumberField] != "" {
			t.Errorf("%q", page[desk.NumberField])
		}
	})
	t.Run("a day before it is refused with the reason", func(t *testing.T) {
		early := lan.writes(t, "ke-hoach", desk.DateField, "01/6/2026", desk.AboutField, "Việc khác")
		w := lan.asks(lan.h, http.MethodPost, "/ban-thao/"+early.ID+"/lay-so", fields())
		if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "số và ngày phải theo cùng thứ tự") {
			t.Errorf("%d\n%s", w.Code, w.Body)
		}
	})
}

func TestPeriodBeforeIsKeptWithTheDraft(t *testing.T) {
	s, lan := openDesk(t)
	draft := lan.writes(t, "bao-cao-quy")
	to := "/ban-thao/" + draft.ID + "/ky-truoc"
	if w := lan.asks(lan.h, http.MethodPost, to, form("ky_truoc=quy-1.docx", "x")); w.Code != http.StatusUnsupportedMediaType {
		t.Errorf("a Word file: %d", w.Code)
	}
	if w := lan.asks(lan.h, http.MethodPost, to, form("ky_truoc=quy-1.yaml", quarterBefore())); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if kept := draftIn(t, s, draft.ID).Files; len(kept) != 1 || kept[0].Name != "quy-1.yaml" {
		t.Errorf("%v", kept)
	}
	if page := lan.get("/ban-thao/" + draft.ID).Body.String(); !strings.Contains(page, "Đang so sánh với <strong>quy-1.yaml</strong>") {
		t.Error("the page does not name the file")
	}
	if w := lan.asks(lan.h, http.MethodPost, to, form("bo", "1")); w.Code != http.StatusSeeOther || len(draftIn(t, s, draft.ID).Files) > 0 {
		t.Errorf("%d", w.Code)
	}
}

func TestFirstPage(t *testing.T) {
	_, lan := openDesk(t)
	home := lan.get("/").Body.String()
	t.Run("is small", func(t *testing.T) {
		const most = 100 << 10 // bytes, nothing compressed
		size := len(home)
		for _, name := range []string{"normalize.css", "desk.css", "home.css", "htmx.min.js", "desk.js", "icon.svg"} {
			size += lan.get("/assets/" + name).Body.Len()
		}
		if size > most {
			t.Errorf("%d bytes", size)
		}
	})
	for search, wanted := range map[string]string{
		"bao cao quy": "/soan/bao-cao-quy", "BÁO CÁO QUÝ": "/soan/bao-cao-quy", "báo cáo quí": "/soan/bao-cao-quy", "cu tri": "/soan/bao-cao-tong-hop-kien-nghi-cu-tri",
	} {
		t.Run("finds "+search, func(t *testing.T) {
			if found := lan.get("/?tim=" + url.QueryEscape(search)).Body.String(); !strings.Contains(found, `href="`+wanted+`"`) || strings.Contains(found, "/soan/hop-dong") {
				t.Error("not what was sought, or more")
			}
		})
	}
	t.Run("says that nothing was found", func(t *testing.T) {
		if found := lan.get("/?tim=xyz").Body.String(); !strings.Contains(found, "Không có loại văn bản nào khớp với “xyz”") {
			t.Error("it does not")
		}
	})
}

package site

import (
	"net/http"
	"strings"
	"testing"

	"vanthu/internal/account"
	"vanthu/internal/maker"
	"vanthu/internal/store"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
	"vanthu/internal/web/desk/register"
)

// takes takes a number for a draft and gives its line of the register.
func (c clerk) takes(t *testing.T, s *web.Server, id string) store.Entry {
	t.Helper()
	if w := c.asks(c.h, http.MethodPost, "/ban-thao/"+id+"/lay-so", fields()); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	entry, p := s.Desk.LastNumber(t.Context(), &store.Draft{ID: id})
	if p != nil || entry.Key == "" {
		t.Fatalf("%v, %+v", p, entry)
	}
	return entry
}

func TestANumberOfTheRegisterIsNotTyped(t *testing.T) {
	s, lan := openDesk(t)
	draft := lan.writes(t, "ke-hoach", desk.DateField, "30/6/2026")
	entry := lan.takes(t, s, draft.ID)
	shown := lan.get("/ban-thao/" + draft.ID).Body.String()
	t.Run("its field is locked and leads to the register", func(t *testing.T) {
		for _, want := range []string{`name="so" value="01" readonly`, "Số 01/KH-HĐND lấy trong sổ đăng ký", `href="/so-dang-ky/so/` + entry.Key} {
			if !strings.Contains(shown, want) {
				t.Errorf("the page has no %q", want)
			}
		}
		if strings.Contains(shown, "Lấy số và làm văn bản") {
			t.Error("another number can be taken")
		}
	})
	for name, typed := range map[string]string{"another": "05", "none": ""} {
		t.Run(name+" that is sent all the same is not kept", func(t *testing.T) {
			page := readPage(t, lan.get("/ban-thao/"+draft.ID).Body.String())
			page[desk.NumberField] = typed
			answerOf(t, lan.saves("/ban-thao/"+draft.ID, page))
			if kept := readPage(t, lan.get("/ban-thao/"+draft.ID).Body.String())[desk.NumberField]; kept != "01" {
				t.Errorf("%q is kept", kept)
			}
		})
	}
	t.Run("another that came into the data is not printed", func(t *testing.T) {
		kept := draftIn(t, s, draft.ID)
		var err error
		if kept.Data, err = s.Desk.WithNumber(kept.Kind, kept.Data, "09"); err == nil {
			_, err = s.Store.SaveDraft(t.Context(), kept)
		}
		w := lan.asks(lan.h, http.MethodPost, "/ban-thao/"+draft.ID+"/lam", fields("dang", web.AsWord))
		if err != nil || w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Content-Disposition"), "01-KH-HDND") {
			t.Errorf("%v, %d %s", err, w.Code, w.Header())
		}
		answerOf(t, lan.saves("/ban-thao/"+draft.ID, readPage(t, lan.get("/ban-thao/"+draft.ID).Body.String())))
	})
	t.Run("one that was voided leaves the draft, and both pages say so", func(t *testing.T) {
		if w := lan.asks(lan.h, http.MethodPost, register.RegisterPath+"/so/"+entry.Key+"/huy", fields("ly_do", "In sai")); w.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		shown := lan.get("/ban-thao/" + draft.ID).Body.String()
		if page := readPage(t, shown); page[desk.NumberField] != "" || !strings.Contains(shown, "đã hủy: In sai") || !strings.Contains(shown, "Lấy số và làm văn bản") {
			t.Errorf("the draft has %q", page[desk.NumberField])
		}
		if shown := lan.get("/van-ban/" + draft.ID).Body.String(); !strings.Contains(shown, "đã hủy: In sai") {
			t.Error("the page of the document does not tell")
		}
		lan.asks(lan.h, http.MethodPost, "/ban-thao/"+draft.ID+"/lam", fields("dang", web.AsWord))
		if next := lan.takes(t, s, draft.ID); next.Symbol != "02/KH-HĐND" {
			t.Errorf("the next is %s", next.Symbol)
		}
	})
}

func TestATypedNumberThatTheRegisterDoesNotHave(t *testing.T) {
	const told = "chưa có trong"
	s, lan := openDesk(t)
	t.Run("in the form", func(t *testing.T) {
		draft := lan.writes(t, "ke-hoach", desk.DateField, "30/6/2026", desk.NumberField, "55")
		if !strings.Contains(draft.Findings, "Số 55/KH-HĐND "+told) {
			t.Errorf("not told:\n%s", draft.Findings)
		}
		bare := lan.writes(t, "ke-hoach", desk.DateField, "30/6/2026", desk.NumberField, "")
		if strings.Contains(bare.Findings, told) {
			t.Error("told of a draft without a number")
		}
	})
	t.Run("in a file", func(t *testing.T) {
		at := sentFile(t, lan.h, lan.person, "data=Quý II.yaml", quarter)
		if shown := lan.get(at).Body.String(); !strings.Contains(shown, told) || strings.Contains(shown, "Lấy số và làm văn bản") {
			t.Error("not told, or a second number is offered")
		}
		lan.asks(lan.h, http.MethodPost, at+"/tai-ve", fields("dang", web.AsWord))
		if shown := lan.get("/van-ban/" + strings.TrimPrefix(at, desk.FilePath+"/")).Body.String(); !strings.Contains(shown, told) || !strings.Contains(shown, `href="`+at+`"`) {
			t.Error("the page of the document does not tell, or does not lead to the file")
		}
	})
	t.Run("and a file without one gets it", func(t *testing.T) {
		at := sentFile(t, lan.h, lan.person, "data=Quý II.yaml", strings.Replace(quarter, "so: \"55\"\n", "", 1))
		if shown := lan.get(at).Body.String(); strings.Contains(shown, told) || !strings.Contains(shown, "Lấy số và làm văn bản") {
			t.Fatal("no number can be taken")
		}
		for range 2 {
			w := lan.asks(lan.h, http.MethodPost, at+"/lay-so", fields())
			if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/van-ban/"+strings.TrimPrefix(at, desk.FilePath+"/") {
				t.Fatalf("%d to %q %s", w.Code, w.Header().Get("Location"), w.Body)
			}
		}
		entries, err := s.Store.List(t.Context(), store.Filter{})
		if err != nil || len(entries) != 1 || entries[0].Symbol != "01/BC-UBND" {
			t.Errorf("%v %v", err, entries)
		}
		if shown := lan.get(at).Body.String(); !strings.Contains(shown, "01/BC-UBND</a> đã lấy trong sổ") {
			t.Error("the page of the file does not tell")
		}
		drafter := clerk{hire(t, s, "hoa", "", account.Drafter), lan.h}
		if w := drafter.asks(lan.h, http.MethodPost, at+"/lay-so", fields()); w.Code != http.StatusForbidden {
			t.Errorf("who only writes takes numbers: %d", w.Code)
		}
	})
}

func TestATypedDocumentSaysItsKindAndMayChangeIt(t *testing.T) {
	const plain, exact = "thong-bao", "thong-bao-ket-luan-giam-sat"
	s, lan := openDesk(t)
	starter, _ := s.Office.Starter(exact)
	made, found, err := s.Maker.Make(t.Context(), maker.Request{File: maker.File{Name: "x.yaml", Data: starter}})
	if err != nil || found.Blocking() {
		t.Fatalf("%v %v", err, found)
	}
	w := lan.asks(lan.h, http.MethodPost, desk.FilePath, form("data=Ket luan.docx", string(made.DOCX)))
	at := w.Header().Get("Location")
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(at, desk.ComposePath) {
		t.Fatalf("%d to %q %s", w.Code, at, w.Body)
	}
	shown := lan.get(at).Body.String()
	for _, want := range []string{"Ket luan.docx", "Máy hiểu đây là loại <strong>Thông báo</strong>", "<strong>Thông báo kết luận giám sát</strong>", "Đổi loại văn bản"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	path, _, _ := strings.Cut(at, "?")
	if w := lan.asks(lan.h, http.MethodPost, path+"/loai", fields(desk.KindField, exact)); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if draft := draftIn(t, s, strings.TrimPrefix(path, desk.ComposePath)); draft.Kind != exact {
		t.Errorf("it is a %s", draft.Kind)
	}
	if shown := lan.get(path + "?" + desk.FreshQuery + "=1").Body.String(); !strings.Contains(shown, "Chỗ máy chưa nhận ra") {
		t.Error("what was not recognised is not told")
	}
	if shown := lan.get(path).Body.String(); strings.Contains(shown, "Chỗ máy chưa nhận ra") {
		t.Error("it is told again")
	}
	for body, want := range map[string]int{"khong-co": http.StatusUnprocessableEntity} {
		if w := lan.asks(lan.h, http.MethodPost, path+"/loai", fields(desk.KindField, body)); w.Code != want {
			t.Errorf("%q: %d", body, w.Code)
		}
	}
	if w := lan.asks(lan.h, http.MethodPost, "/ban-thao/"+lan.writes(t, "ke-hoach").ID+"/loai", fields(desk.KindField, plain)); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("a draft of no file: %d", w.Code)
	}
}

func TestALineThatRepeatsTheLabelIsNoItem(t *testing.T) {
	s, lan := openDesk(t)
	draft := lan.writes(t, "ke-hoach", "noi_nhan", "Nơi nhận:\r\n- Như trên;\r\n**NƠI NHẬN :**\r\n- Nơi nhận báo cáo;")
	if data := string(draftIn(t, s, draft.ID).Data); strings.Contains(data, "Nơi nhận:") || strings.Contains(data, "NƠI NHẬN") ||
		!strings.Contains(data, "Như trên") || !strings.Contains(data, "Nơi nhận báo cáo") {
		t.Errorf("%s", data)
	}
}

func TestAnOfficeIsToldWhereToBegin(t *testing.T) {
	const told = "khai tên cơ quan, người ký"
	s := openOffice(t)
	fresh := clerk{hire(t, s, "lan", "", account.Drafter), newSite(s)}
	_, settled := openDesk(t)
	for _, path := range []string{"/", "/soan/ke-hoach"} {
		if !strings.Contains(fresh.get(path).Body.String(), told) {
			t.Errorf("%s does not tell", path)
		}
		if strings.Contains(settled.get(path).Body.String(), told) {
			t.Errorf("%s tells an office that began", path)
		}
	}
}

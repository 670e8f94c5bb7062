package site

import (
	"encoding/json"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"vanthu/internal/account"
	"vanthu/internal/maker"
	"vanthu/internal/store"
	"vanthu/internal/testenv"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
	"vanthu/internal/web/desk/compose"
)

// onPage is the fields of the form of a draft as a browser would send them, in no order.
type onPage map[string]string

var (
	rowTemplates = regexp.MustCompile(`(?s)<template>.*?</template>`)
	formPart     = regexp.MustCompile(`(?s)<form id="soan".*?</form>`)
	oneInput     = regexp.MustCompile(`<input [^>]*\bname="([^"]*)"[^>]*>`)
	inputValue   = regexp.MustCompile(`\bvalue="([^"]*)"`)
	oneBox       = regexp.MustCompile(`(?s)<textarea [^>]*\bname="([^"]*)"[^>]*>\n(.*?)</textarea>`)
	oneSelect    = regexp.MustCompile(`(?s)<select [^>]*\bname="([^"]*)"[^>]*>(.*?)</select>`)
	chosenOption = regexp.MustCompile(`<option value="([^"]*)" selected>`)
)

func readPage(t interface{ Fatalf(string, ...any) }, page string) onPage {
	form := formPart.FindString(rowTemplates.ReplaceAllString(page, ""))
	if form == "" {
		t.Fatalf("there is no form on the page:\n%.500s", page)
	}
	list := onPage{}
	for _, match := range oneInput.FindAllStringSubmatch(form, -1) {
		value := ""
		if given := inputValue.FindStringSubmatch(match[0]); given != nil {
			value = given[1]
		}
		list[html.UnescapeString(match[1])] = html.UnescapeString(value)
	}
	for _, match := range oneBox.FindAllStringSubmatch(form, -1) {
		list[html.UnescapeString(match[1])] = strings.ReplaceAll(html.UnescapeString(match[2]), "\n", "\r\n")
	}
	for _, match := range oneSelect.FindAllStringSubmatch(form, -1) {
		value := ""
		if given := chosenOption.FindStringSubmatch(match[2]); given != nil {
			value = given[1]
		}
		list[html.UnescapeString(match[1])] = html.UnescapeString(value)
	}
	return list
}

// clerk is somebody who writes drafts in a browser.
type clerk struct {
	person
	h http.Handler
}

func (c clerk) get(path string) *httptest.ResponseRecorder {
	return c.asks(c.h, http.MethodGet, path, body{})
}

// saves sends a form as the script of the page does.
func (c clerk) saves(path string, page onPage) *httptest.ResponseRecorder {
	values := url.Values{}
	for name, value := range page {
		values.Set(name, value)
	}
	r := httptest.NewRequest(http.MethodPost, here+path, strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", web.PlainFormType)
	r.Header.Set("Accept", web.JsonType)
	r.Header.Set("HX-Request", "true")
	r.AddCookie(c.cookie)
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, r)
	return w
}

func answerOf(t *testing.T, w *httptest.ResponseRecorder) (answer compose.SavedAnswer) {
	t.Helper()
	if w.Code != http.StatusOK {
		t.Fatalf("saving gives %d: %s", w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// openDesk returns a server whose office "" has a profile, and a clerk of it.
func openDesk(t *testing.T) (*web.Server, clerk) {
	t.Helper()
	s := openOffice(t, func(c *web.Config) { c.Now = func() time.Time { return time.Date(2026, 6, 30, 8, 0, 0, 0, time.UTC) } })
	profile, err := os.ReadFile("../../../samples/don-vi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if found, err := s.Office.SaveProfile(t.Context(), store.Profile{Text: profile, Version: 1, Saved: time.Now()}); err != nil || found.Blocking() {
		t.Fatalf("%v %v", err, found)
	}
	return s, clerk{hire(t, s, "lan", "", account.Clerk), newSite(s)}
}

func draftIn(t *testing.T, s *web.Server, id string) store.Draft {
	t.Helper()
	draft, err := s.Store.Draft(t.Context(), "", id)
	if err != nil {
		t.Fatal(err)
	}
	return draft
}

// wordOf makes the Word file of data.
func wordOf(t *testing.T, s *web.Server, data []byte) string {
	t.Helper()
	result, found, err := s.Maker.Make(t.Context(), maker.Request{File: maker.File{Name: maker.FormName, Data: data}})
	if err != nil || found.Blocking() {
		t.Fatalf("%v %v", err, found)
	}
	return string(result.DOCX)
}

// TestFormKeepsTheExampleOfEveryKind takes data to the page, from the page back as a browser sends them, and makes the same document.
func TestFormKeepsTheExampleOfEveryKind(t *testing.T) {
	t.Parallel()
	s, lan := openDesk(t)
	for _, kind := range testenv.Share(s.Office.Kinds(), 7) {
		t.Run(kind.Slug, func(t *testing.T) {
			starter, _ := s.Office.Starter(kind.Slug)
			data, _, _, err := s.Maker.DataFile(t.Context(), maker.Request{File: maker.File{Name: "vi-du.yaml", Data: starter}})
			if err != nil {
				t.Fatal(err)
			}
			page := readPage(t, lan.get("/soan/"+kind.Slug+"?vi-du=1").Body.String())
			if page[desk.NumberField] != "" {
				t.Errorf("the example takes the number %q", page[desk.NumberField])
			}
			if schema := s.Office.Schema(kind.Slug); compose.HasField(schema, desk.NumberField) {
				page[desk.NumberField] = "7"
				root, err := s.Desk.ReadForm(data)
				if err != nil {
					t.Fatal(err)
				}
				if data, err = s.Desk.WithNumber(kind.Slug, s.Desk.WriteForm(schema, root), "7"); err != nil {
					t.Fatal(err)
				}
			}
			answer := answerOf(t, lan.saves("/ban-thao", page))
			if answer.Blocking || len(answer.Pages) == 0 {
				t.Errorf("%d pages, %s\n%s", len(answer.Pages), answer.State, answer.Findings)
			}
			if wordOf(t, s, draftIn(t, s, answer.ID).Data) != wordOf(t, s, data) {
				t.Errorf("the form makes another document:\n%s\nthan the data:\n%s", draftIn(t, s, answer.ID).Data, data)
			}
		})
	}
}

func TestEachTypeHasItsControl(t *testing.T) {
	_, lan := openDesk(t)
	for path, wanted := range map[string][]string{
		"/soan/ke-hoach": {
			`<select id="f-do_khan" name="do_khan"`, `<option value="HỎA TỐC">HỎA TỐC</option>`, `<option value="" selected>dọc</option>`,
			`<span class="date-field"><input id="f-ngay"`, `class="outline"`, `<option value="pho_chu_tich">Phạm Xuân Hanh – PHÓ CHỦ TỊCH (TM. THƯỜNG TRỰC HỘI ĐỒNG NHÂN DÂN, KT. CHỦ TỊCH)</option>`,
			`Lấy từ thông tin đơn vị: HỘI ĐỒNG NHÂN DÂN XÃ VĨNH AM · Vĩnh Am`, `name="phu_luc[0].noi_dung"`,
		},
		"/soan/bao-cao-quy": {
			`<table class="grid">`, `name="nhiem_vu[1].thoi_han"`, `name="nhiem_vu[0].thoi_han"`, `tự tính`, `inputmode="decimal"`, `name="ky_truoc"`,
			`class="spanner">Kế hoạch vốn năm`, `Để trống thì ghi: 50.`,
		},
	} {
		page := lan.get(path).Body.String()
		for _, part := range wanted {
			if !strings.Contains(page, part) {
				t.Errorf("%s is without %s", path, part)
			}
		}
		for _, foreign := range []string{".yaml", "thụt vào", "style="} {
			if _, form, _ := strings.Cut(page, `<form id="soan"`); strings.Contains(strings.Split(form, "</form>")[0], foreign) {
				t.Errorf("%s has %s", path, foreign)
			}
		}
	}
}

// TestHalfFilledDraftsAreSaved leaves out any fields and spoils others: the page saves them and shows them again.
func TestHalfFilledDraftsAreSaved(t *testing.T) {
	t.Parallel()
	s, lan := openDesk(t)
	kinds := s.Office.Kinds()
	whole := map[string]onPage{}
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(rt, "kind").Slug
		if whole[kind] == nil {
			whole[kind] = readPage(rt, lan.get("/soan/"+kind+"?vi-du=1").Body.String())
		}
		page := maps.Clone(whole[kind])
		delete(page, compose.NewIDField)
		var names []string
		for name := range page {
			if !strings.HasPrefix(name, "_") && name != desk.KindField {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		for _, name := range names {
			switch rapid.IntRange(0, 4).Draw(rt, name) {
			case 0:
				delete(page, name)
			case 1:
				page[name] = ""
			case 2:
				page[name] = rapid.String().Draw(rt, "text")
			}
		}
		saved := lan.saves("/ban-thao", page)
		if saved.Code != http.StatusOK {
			rt.Fatalf("saving gives %d: %s", saved.Code, saved.Body)
		}
		var answer compose.SavedAnswer
		if err := json.Unmarshal(saved.Body.Bytes(), &answer); err != nil {
			rt.Fatal(err)
		}
		if shown := lan.get("/ban-thao/" + answer.ID); shown.Code != http.StatusOK {
			rt.Fatalf("showing gives %d: %s", shown.Code, shown.Body)
		}
	})
}

func TestDraftIsSavedAsOneTypes(t *testing.T) {
	s, lan := openDesk(t)
	page := readPage(t, lan.get("/soan/ke-hoach").Body.String())
	if page[desk.DateField] != "30/06/2026" {
		t.Errorf("a new draft has the date %q", page[desk.DateField])
	}
	page[desk.AboutField] = "Tổng vệ sinh môi trường"
	first := answerOf(t, lan.saves("/ban-thao", page))
	if first.Version != 1 || first.Saved != "15:00" || !first.Blocking || !strings.Contains(first.State, "mục phải điền") {
		t.Errorf("the first saving answers %+v", first)
	}
	if !strings.Contains(first.Findings, `data-field="noi_dung"`) {
		t.Errorf("no way to the body, which is missing:\n%s", first.Findings)
	}
	t.Run("twice is one draft", func(t *testing.T) {
		if again := answerOf(t, lan.saves("/ban-thao", page)); again.ID != first.ID || again.Version != 2 {
			t.Errorf("%+v", again)
		}
	})
	t.Run("unchanged is no version", func(t *testing.T) {
		page[compose.VersionField] = "2"
		if again := answerOf(t, lan.saves("/ban-thao/"+first.ID, page)); again.Version != 2 {
			t.Errorf("version %d", again.Version)
		}
	})
	t.Run("pages that the browser has are not sent", func(t *testing.T) {
		page[compose.HavingField] = "x," + first.Pages[0].Tag
		if again := answerOf(t, lan.saves("/ban-thao/"+first.ID, page)); again.Pages[0].Picture != "" || again.Pages[0].Tag != first.Pages[0].Tag {
			t.Error("the same page came again")
		}
	})
	t.Run("without a script it is shown again", func(t *testing.T) {
		w := lan.asks(lan.h, http.MethodPost, "/ban-thao/"+first.ID, fields(compose.VersionField, "2", desk.AboutField, "Khác"))
		if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/ban-thao/"+first.ID {
			t.Errorf("%d to %q", w.Code, w.Header().Get("Location"))
		}
	})
	t.Run("as the page is left", func(t *testing.T) {
		w := lan.asks(lan.h, http.MethodPost, "/ban-thao/"+first.ID, fields(compose.VersionField, "3", desk.AboutField, "Trước khi đóng", compose.BareField, "1"))
		if w.Code != http.StatusNoContent || draftIn(t, s, first.ID).Title != "Trước khi đóng" {
			t.Errorf("%d, %q", w.Code, draftIn(t, s, first.ID).Title)
		}
		if told := lan.get("/ban-thao/" + first.ID + "/ban").Body.String(); told != `{"version":4}` {
			t.Error(told)
		}
	})
	t.Run("it is on the first page", func(t *testing.T) {
		if home := lan.get("/").Body.String(); !strings.Contains(home, `href="/ban-thao/`+first.ID+`"`) {
			t.Error("it is not")
		}
	})
	t.Run("until it is deleted", func(t *testing.T) {
		if w := lan.asks(lan.h, http.MethodPost, "/ban-thao/"+first.ID+"/xoa", fields()); w.Code != http.StatusSeeOther {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if w := lan.get("/ban-thao/" + first.ID); w.Code != http.StatusNotFound {
			t.Errorf("%d", w.Code)
		}
	})
}

func TestTwoWindowsDoNotOverwriteEachOther(t *testing.T) {
	s, lan := openDesk(t)
	page := readPage(t, lan.get("/soan/ke-hoach?vi-du=1").Body.String())
	draft := answerOf(t, lan.saves("/ban-thao", page))
	theirs, mine := readPage(t, lan.get("/ban-thao/"+draft.ID).Body.String()), readPage(t, lan.get("/ban-thao/"+draft.ID).Body.String())
	theirs[desk.AboutField], mine[desk.AboutField] = "Của cửa sổ kia", "Của tôi"
	answerOf(t, lan.saves("/ban-thao/"+draft.ID, theirs))

	if w := lan.saves("/ban-thao/"+draft.ID, mine); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "30/06/2026 15:00") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if title := draftIn(t, s, draft.ID).Title; title != "Của cửa sổ kia" {
		t.Errorf("the draft is %q", title)
	}
	t.Run("without a script", func(t *testing.T) {
		w := lan.asks(lan.h, http.MethodPost, "/ban-thao/"+draft.ID, fields(compose.VersionField, "1", desk.KindField, "ke-hoach", desk.AboutField, `Của tôi "<b>"`))
		for _, wanted := range []string{"vừa được lưu ở cửa sổ khác", "Của tôi &#34;&lt;b&gt;", `name="trich_yeu"`, "Giữ bản của tôi thành bản sao"} {
			if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), wanted) {
				t.Errorf("%d without %s:\n%s", w.Code, wanted, w.Body)
			}
		}
	})
	t.Run("mine is kept as a copy", func(t *testing.T) {
		delete(mine, compose.NewIDField)
		copied := answerOf(t, lan.saves("/ban-thao", mine))
		if copied.ID == draft.ID || draftIn(t, s, copied.ID).Title != "Của tôi" {
			t.Errorf("%+v", copied)
		}
	})
}

// TestDraftOfAnotherOffice asks for everything of a draft as somebody of another office, in the highest role.
func TestDraftOfAnotherOffice(t *testing.T) {
	s, lan := openDesk(t)
	if err := s.Store.AddOffice(t.Context(), store.Office{ID: "xa-khac", Name: "Xã khác", Created: time.Now()}); err != nil {
		t.Fatal(err)
	}
	other := clerk{hire(t, s, "khac", "xa-khac", account.Admin), lan.h}
	page := readPage(t, lan.get("/soan/ke-hoach?vi-du=1").Body.String())
	draft := answerOf(t, lan.saves("/ban-thao", page))
	if w := lan.asks(lan.h, http.MethodPost, "/ban-thao/"+draft.ID+"/lam", fields("dang", "docx")); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	for _, path := range []string{
		"/ban-thao/" + draft.ID, "/ban-thao/" + draft.ID + "/ban", "/van-ban/" + draft.ID, "/soan/ke-hoach?tu=" + draft.ID,
	} {
		if w := lan.get(path); w.Code != http.StatusOK {
			t.Errorf("GET %s as its own office: %d", path, w.Code)
		}
		if w := other.get(path); w.Code != http.StatusNotFound {
			t.Errorf("GET %s: %d", path, w.Code)
		}
	}
	for _, path := range []string{"", "/xoa", "/lam", "/lay-so", "/ky-truoc"} {
		if w := other.asks(other.h, http.MethodPost, "/ban-thao/"+draft.ID+path, fields(compose.VersionField, "1")); w.Code != http.StatusNotFound {
			t.Errorf("POST %s: %d", path, w.Code)
		}
	}
	if w := other.saves("/ban-thao", page); w.Code == http.StatusOK { // with the ID of the draft
		t.Errorf("a draft of another office was taken over: %s", w.Body)
	}
	if home := other.get("/").Body.String(); strings.Contains(home, draft.ID) {
		t.Error("the first page of another office names the draft")
	}
}

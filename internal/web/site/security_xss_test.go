package site

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"vanthu/internal/account"
	"vanthu/internal/store"
	"vanthu/internal/testenv"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
	"vanthu/internal/web/desk"
	"vanthu/internal/web/desk/compose"
)

// TestXSSInEveryFieldOfEveryKind writes what would be a script into every field of every kind. Nothing that is served takes it for more than words.
func TestXSSInEveryFieldOfEveryKind(t *testing.T) {
	t.Parallel()
	s := openOffice(t)
	h := newSite(s)
	p := hire(t, s, "lan", "", account.Clerk)
	kinds := s.Office.Kinds()
	if len(kinds) < 55 {
		t.Errorf("%d kinds", len(kinds))
	}
	for _, kind := range testenv.Share(kinds, 12) {
		t.Run(kind.Slug, func(t *testing.T) {
			schema := s.Office.Schema(kind.Slug)
			id := desk.NewDraftID()
			typed := fields(append(poisonedForm(schema), desk.KindField, kind.Slug, compose.NewIDField, id)...)
			if seen := scriptless(t, "what is saved", p.scripts(t, h, "/ban-thao", typed)); seen == 0 {
				t.Error("what was typed is told nowhere")
			}
			if seen := harmless(t, "the form", p.asks(h, http.MethodGet, "/ban-thao/"+id, body{})); seen < 5 {
				t.Errorf("the form shows %d of what was typed", seen)
			}
			draft := addDraft(t, s, store.Draft{Kind: kind.Slug, Title: poison[0], Data: s.Desk.WriteForm(schema, poisoned(schema, exampleOf(t, s, kind.Slug)))})
			harmless(t, "the form of a whole draft", p.asks(h, http.MethodGet, "/ban-thao/"+draft.ID, body{}))
			made := p.asks(h, http.MethodPost, "/ban-thao/"+draft.ID+"/lam", fields("dang", web.AsWord))
			if made.Code != http.StatusOK {
				t.Fatalf("making gives %d to %s: %.600s", made.Code, made.Header().Get("Location"), made.Body)
			}
			harmless(t, "the Word file", made)
			if seen := harmless(t, "the document", p.asks(h, http.MethodGet, "/van-ban/"+draft.ID, body{})); seen == 0 {
				t.Error("the pages of the document have none of it")
			}
			harmless(t, "a new draft of it", p.asks(h, http.MethodGet, "/soan/"+kind.Slug+"?tu="+draft.ID, body{}))
		})
	}
	if seen := harmless(t, "the first page", p.asks(h, http.MethodGet, "/", body{})); seen == 0 {
		t.Error("the lists of the first page have none of it")
	}
	harmless(t, "a search on the first page", p.asks(h, http.MethodGet, "/?tim="+url.QueryEscape(poison[0]), body{}))
}

// TestXSSOnEveryPage puts poison wherever else people write: names of people, offices, tokens and files, notes, numbers, batches, old books,
// cells of workbooks, and addresses.
func TestXSSOnEveryPage(t *testing.T) {
	s := openOffice(t)
	h := newSite(s)
	p := hire(t, s, "lan", "", account.Admin)
	does := func(status int, path string, b body) string {
		t.Helper()
		w := p.asks(h, http.MethodPost, path, b)
		harmless(t, "POST "+path, w)
		if w.Code != status {
			t.Fatalf("%s: %d %.1500s", path, w.Code, w.Body)
		}
		return w.Header().Get("Location")
	}
	all := strings.Join(poison, " ")
	does(303, "/cac-don-vi", fields("ten", "Xã "+all))
	does(303, "/nguoi-dung", fields("ten", "binh", "ho_ten", `<script>xzz()</script>"><img onerror=xzz>`, "vai_tro", "quan-tri", "mat_khau", goodPassword))
	does(422, "/nguoi-dung", fields("ten", poison[1], "ho_ten", poison[0], "vai_tro", poison[4], "don_vi", poison[3], "mat_khau", poison[1]))
	does(201, "/tai-khoan/ma-truy-cap", fields("ten", `phần mềm <script>xzz()</script>"><img onerror=xzz>`, "so_ngay", "30"))
	does(422, "/don-vi", fields("ten", all, "ky_hieu", poison[1], "dia_danh", poison[2], "cach_danh_so", poison[0], "nguoi_ky.ho_ten", poison[0],
		"nguoi_ky.chuc_vu", all, "nguoi_ky.khoa", poison[1], "day_so.loai", poison[1], "day_so.ky_hieu", poison[1], "nhom_so.ten", poison[1], "nhom_so.loai", all))
	does(303, "/don-vi", fields("ten", "ỦY BAN NHÂN DÂN\nXÃ "+poison[0], "ky_hieu", "UBND", "dia_danh", poison[1], "cach_danh_so", "theo_loai",
		"nguoi_ky.ho_ten", poison[0], "nguoi_ky.chuc_vu", "CHỦ TỊCH "+poison[1], "phien_ban", "0"))

	number := does(303, "/so-dang-ky/lay-so", fields("khoa", "x", "loai", "ke-hoach", "ngay", "27/3/2026", "trich_yeu", all, "ky", all, "noi_nhan", all))
	number, _, _ = strings.Cut(number, "?")
	does(422, "/so-dang-ky/lay-so", fields("khoa", poison[1], "loai", poison[1], "ngay", poison[1], "do_mat", poison[1], "trich_yeu", all))
	does(303, number+"/ghi", fields("luu", all, "ghi_chu", all))
	does(422, number+"/ghi", fields("so_ban", poison[1], "ngay_chuyen", poison[1], "ghi_chu", poison[4]))
	does(303, number+"/huy", fields("ly_do", all))

	hostile := workbookOf(t, "Dữ liệu <xzz>", []any{"loai", "ke-hoach"}, []any{poison[1], poison[0]}, []any{"trich_yeu", all}, []any{"ngay", poison[1]})
	file := does(303, "/tep", form(`data=`+strings.ReplaceAll(poison[1], `"`, "")+`.xlsx`, hostile, "bang=<script>xzz.csv", poison[1]+","+poison[0]+"\n1,"+poison[0]))
	does(422, file+"/tai-ve", fields("dang", poison[1], "don_vi", poison[0]))
	does(415, "/tep", form("data=<img onerror=xzz>.exe", "x"))
	typed := does(303, "/tep", form("data=<script>xzz.txt", "KẾ HOẠCH\nvề việc "+all+"\n\n1. "+all))
	word := p.asks(h, http.MethodPost, api.DocumentsPath, form("data=a.yaml", strings.Replace(plan, "Tổng vệ sinh", poison[12]+" Tổng vệ sinh", 1)))
	converted := does(303, "/chuyen-pdf", form("file=<img onerror=xzz>.docx", word.Body.String()))
	does(422, "/mau/ke-hoach", form("ghi_chu", all, "tep=<script>xzz.docx", "PK"+all))
	does(422, "/so-dang-ky/nhap", form("tep=<img onerror=xzz>.csv", "Số, ký hiệu văn bản,\"Ngày, tháng văn bản\",Trích yếu\n<xzz>,"+poison[0]+","+poison[1]+"\n"))
	batch := p.asks(h, http.MethodPost, web.BatchesPath, form("data=<script>xzz.zip", zipped(t, "<img onerror=xzz>.yaml", badPlan+poison[0]+": "+poison[1]+"\n",
		`'"><svg onload=xzz>.yaml`, plan, "<script>xzz.pdf", "x")))
	harmless(t, "a batch", batch)
	start(t, s)
	id := decoded[web.BatchProgress](t, batch).ID
	await(t, "the batch", func() bool {
		return web.Ended(decoded[web.BatchProgress](t, p.asks(h, http.MethodGet, web.BatchesPath+"/"+id, body{})).State)
	})

	for _, path := range []string{
		number, file, typed, converted, "/", "/tep", "/lo", "/lo/" + id, "/lo/" + id + "/ket-qua", "/so-dang-ky", "/so-dang-ky/in?nam=2026", "/don-vi", "/don-vi?ban=1",
		"/nguoi-dung", "/nhat-ky", "/tai-khoan", web.BatchesPath, web.BatchesPath + "/" + id + "/items",
	} {
		if seen := harmless(t, path, p.asks(h, http.MethodGet, path, body{})); seen == 0 {
			t.Errorf("%s shows none of what was written", path)
		}
	}
	// Every address that shows something, with poison in its names and in everything that a page of ours asks after.
	var query strings.Builder
	for i, name := range []string{"tim", "nam", "day", "tinh-trang", "trang", "ban", "vua", "xong", "don-vi", "tiep", "tu", "vi-du", "loai", "ngay", "dang", "ten", "truoc", "state", "format", "v"} {
		fmt.Fprintf(&query, "&%s=%s", name, url.QueryEscape(poison[i%len(poison)]))
	}
	for name, r := range s.Routes {
		method, path, _ := strings.Cut(name, " ")
		if method != http.MethodGet || strings.HasPrefix(r.Path, desk.QueuePath) {
			continue
		}
		for _, with := range []string{"x", "ke-hoach", url.PathEscape(poison[1])} {
			at := pathParameter.ReplaceAllString(path, with)
			harmless(t, at, p.asks(h, method, at+"?"+query.String()[1:], body{}))
			harmless(t, at+" as nobody", person{}.asks(h, method, at+"?"+query.String()[1:], body{}))
		}
	}
	harmless(t, "nowhere", p.asks(h, http.MethodGet, "/"+url.PathEscape(all), body{}))
	harmless(t, "a login", person{}.asks(h, http.MethodPost, web.LoginPath, fields("ten", poison[1], "mat_khau", poison[0], "tiep", "/"+poison[1])))
}

// scripts sends a form as the script of the page of a draft does, and gives what that puts into the page: findings and pictures.
func (p person) scripts(t *testing.T, h http.Handler, path string, b body) (page string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, here+path, bytes.NewReader(b.data))
	r.Header.Set("Content-Type", b.mediaType)
	r.Header.Set("Accept", web.JsonType)
	r.AddCookie(p.cookie)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	harmless(t, path, w)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != web.JsonType {
		t.Fatalf("%s: %d %s %.500s", path, w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	answer := decoded[compose.SavedAnswer](t, w)
	page = answer.Findings
	for _, sheet := range answer.Pages {
		page += sheet.Picture
	}
	return page
}

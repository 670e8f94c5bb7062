package web

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	"vanthu/internal/diag"
	"vanthu/internal/office"
	"vanthu/internal/store"
	"vanthu/internal/vi"
)

// admin is the pages of offices, templates, users and the audit.
type admin struct{ *desk }

// newAdmin returns the pages of offices, templates, users and the audit on a desk.
func newAdmin(d *desk) *admin { return &admin{d} }

// routes are their addresses.
func (s *admin) routes() []route {
	return slices.Concat(s.officeRoutes(), s.templateRoutes(), s.userRoutes(), s.accountRoutes(), s.auditRoutes())
}

// officePage is what don-vi.html shows.
type officePage struct {
	office.Office
	ID       string // of the office
	Other    string // its name where it is not one's own
	Version  int    // that the form began with; saving makes the next
	May      bool   // change it
	Saved    bool
	Shown    int // the former version that is shown, or 0
	Levels   []level
	Kinds    []office.Kind
	Names    map[string]string // of kinds by their slugs
	Versions []store.Profile
}

func (s *admin) officeRoutes() []route {
	return []route{
		page("/don-vi", account.Drafter, s.office),
		s.action("/don-vi", account.Admin, maxForm, s.saveOffice),
		page("/don-vi/don-vi.yaml", account.Drafter, s.officeFile),
	}
}

// officeAsked is the office whose profile is asked for: one's own, or for an administrator any, by its ID.
func (s *admin) officeAsked(c *gin.Context, id string, named bool) (store.Office, *Problem) {
	asking := who(c.Request.Context())
	if !named || id == asking.Office {
		return store.Office{ID: asking.Office}, nil
	}
	if !asking.Role.May(account.Admin) {
		return store.Office{}, problem(http.StatusNotFound, "Không có đơn vị này.")
	}
	if id == "" {
		return store.Office{Name: s.mainOffice(c.Request.Context())}, nil
	}
	if name := s.officeName(c, id); name != "" {
		return store.Office{ID: id, Name: name}, nil
	}
	return store.Office{}, problem(http.StatusNotFound, "Không có đơn vị này.")
}

// office shows the profile of an office: the one in force, or a former one to be saved again.
func (s *admin) office(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	id, named := c.GetQuery("cua")
	asked, p := s.officeAsked(c, id, named)
	if p != nil {
		return p
	}
	versions, err := s.store.Profiles(ctx, asked.ID)
	if err != nil {
		return s.fault(ctx, "profiles", err)
	}
	text, err := s.Office.Profile(ctx, asked.ID)
	if err != nil {
		return s.fault(ctx, "profile", err)
	}
	shown := officePage{ID: asked.ID, Other: asked.Name, Saved: c.Query("da-luu") != ""}
	if former, _ := strconv.Atoi(c.Query("ban")); former > 0 {
		i := slices.IndexFunc(versions, func(p store.Profile) bool { return p.Version == former })
		if i < 0 {
			return problem(http.StatusNotFound, "Không có bản này của thông tin đơn vị.")
		}
		text, shown.Shown = versions[i].Text, former
	}
	office, found, err := s.Office.ReadOffice(text)
	if err != nil {
		return s.fault(ctx, "read profile", err)
	}
	if text == nil {
		office.Agency.Name = vi.Upper(asked.Name)
	}
	shown.Office, shown.Levels, shown.Versions = office, levels(found), versions
	if len(versions) > 0 {
		shown.Version = versions[0].Version
	}
	return s.showOffice(c, http.StatusOK, shown)
}

// moreRows are the empty rows of a list in a form, to be filled in.
const moreRows = 2

func (s *admin) showOffice(c *gin.Context, status int, shown officePage) *Problem {
	shown.Kinds = s.Office.Kinds()
	shown.Names = map[string]string{}
	for _, kind := range shown.Kinds {
		shown.Names[kind.Slug] = kind.Name
	}
	if shown.May = who(c.Request.Context()).Role.May(account.Admin); shown.May {
		shown.Signers = append(shown.Signers, make([]office.Signer, moreRows)...)
		shown.Symbols = append(shown.Symbols, make([]office.SeriesSymbol, moreRows)...)
		shown.Groups = append(shown.Groups, make([]office.SeriesGroup, moreRows)...)
	}
	return s.show(c, status, "don-vi.html", "Đơn vị", shown)
}

// saveOffice keeps the profile as its next version. What is wrong with it is told, and what was typed stays in the form.
func (s *admin) saveOffice(c *gin.Context) *Problem {
	ctx, form := c.Request.Context(), formOf(c)
	_, named := form["cua"]
	asked, p := s.officeAsked(c, form.line("cua"), named)
	if p != nil {
		return p
	}
	office := s.officeOf(form)
	last, _ := strconv.Atoi(form.text("phien_ban"))
	shown := officePage{Office: office, ID: asked.ID, Other: asked.Name, Version: last}
	found, err := s.Office.SaveProfile(ctx, store.Profile{
		Office: asked.ID, Version: last + 1, Text: office.Text(), Author: who(ctx).Login, Saved: s.now(),
	})
	switch {
	case errors.Is(err, store.ErrChanged):
		shown.Levels = levels(diag.Findings{{
			Severity: diag.Error, Code: diag.Changed, Message: "người khác vừa lưu thông tin đơn vị",
			Hint: "mở trang Đơn vị ở thẻ khác để xem bản mới, rồi chép phần của bạn sang đó",
		}})
		return s.showOffice(c, http.StatusConflict, shown)
	case err != nil:
		return s.fault(ctx, "save profile", err)
	case found.Blocking():
		shown.Levels = levels(inForm(found, office))
		return s.showOffice(c, http.StatusUnprocessableEntity, shown)
	default:
		s.did(c, "save-profile", cmp.Or(asked.Name, asked.ID), "")
		c.Redirect(http.StatusSeeOther, "/don-vi?da-luu=1&cua="+url.QueryEscape(asked.ID))
	}
	return nil
}

// officeLabels are what the form calls the keys of a profile.
var officeLabels = map[string]string{
	"chuc_vu": "quyền hạn, chức vụ", "ho_ten": "họ và tên", "tu_ngay": "ký từ ngày", "den_ngay": "đến ngày", "ten": "tên cơ quan", "ky_hieu": "chữ viết tắt",
	"cap_tren": "cơ quan chủ quản", "ten_day_du": "tên đầy đủ", "dia_danh": "địa danh", "cach_danh_so": "văn bản nào chung một dãy số",
	"nhom_so": "nhóm các loại", "day_so": "ký hiệu riêng của loại",
}

// inForm says of findings about a profile where they stand in the form.
func inForm(found diag.Findings, o office.Office) diag.Findings {
	for i := range found {
		keys := strings.Split(found[i].Where.Field, ".")
		label := officeLabels[keys[len(keys)-1]]
		if len(keys) > 1 && label == "" {
			label = officeLabels[keys[0]]
		}
		for _, signer := range o.Signers {
			if len(keys) > 1 && keys[0] == "nguoi_ky" && keys[1] == signer.Key {
				label = strings.TrimSuffix("người ký "+cmp.Or(signer.Name, strings.ReplaceAll(signer.Title, "\n", ", "))+", "+label, ", ")
			}
		}
		found[i].Where = diag.Place{Text: label}
	}
	return found
}

// officeOf is the profile that a form says; rows that say nothing are left out.
func (s *admin) officeOf(form parts) office.Office {
	o := office.Office{
		Agency: office.Agency{
			Parent: vi.Upper(form.line("cap_tren")), Name: vi.Upper(strings.TrimSpace(form.text("ten"))), // as they stand at the head of a document
			Symbol: form.line("ky_hieu"), FullName: form.line("ten_day_du"),
		},
		Place: form.line("dia_danh"), Way: form.line("cach_danh_so"),
	}
	for i := range form["nguoi_ky.ho_ten"] {
		row := func(key string) string { return form.at("nguoi_ky."+key, i) }
		signer := office.Signer{
			Key: row("khoa"), Title: vi.Upper(row("chuc_vu")), Name: row("ho_ten"), From: plainDate(row("tu_ngay")), Until: plainDate(row("den_ngay")),
		}
		if signer.Title == "" && signer.Name == "" {
			continue
		}
		if signer.Key == "" {
			signer.Key = signerKey(signer.Title, o.Signers)
		}
		o.Signers = append(o.Signers, signer)
	}
	for i := range form["day_so.loai"] {
		if symbol := (office.SeriesSymbol{Kind: s.slugOf(form.at("day_so.loai", i)), Symbol: form.at("day_so.ky_hieu", i)}); symbol.Kind != "" && symbol.Symbol != "" {
			o.Symbols = append(o.Symbols, symbol)
		}
	}
	for i := range form["nhom_so.ten"] {
		var kinds []string
		for name := range strings.FieldsFuncSeq(form.at("nhom_so.loai", i), func(r rune) bool { return strings.ContainsRune(",;\n", r) }) {
			kinds = append(kinds, s.slugOf(strings.TrimSpace(name)))
		}
		if name := key(form.at("nhom_so.ten", i)); name != "" && len(kinds) > 0 {
			o.Groups = append(o.Groups, office.SeriesGroup{Name: name, Kinds: kinds})
		}
	}
	return o
}

// plainDate writes a day as forms show it, and what is none as it was typed.
func plainDate(typed string) string {
	if day, err := vi.ParseDate(typed); err == nil {
		return day.Short()
	}
	return typed
}

// slugOf returns the slug of a kind that is called by its name, and any other word as it is.
func (s *admin) slugOf(name string) string {
	for _, kind := range s.Office.Kinds() {
		if vi.Fold(kind.Name) == vi.Fold(name) {
			return kind.Slug
		}
	}
	return name
}

// signerKey names a signer after the position, "pho_chu_tich", as no other is named.
func signerKey(title string, others []office.Signer) string {
	lines := strings.Split(strings.TrimSpace(title), "\n")
	base := key(lines[len(lines)-1])
	name := base
	for n := 2; slices.ContainsFunc(others, func(o office.Signer) bool { return o.Key == name }); n++ {
		name = base + "_" + strconv.Itoa(n)
	}
	return name
}

// key makes a data key of a name.
func key(name string) string { return strings.ReplaceAll(vi.FileName(vi.Fold(name)), "-", "_") }

// officeFile gives the profile in force as the file that the command line takes.
func (s *admin) officeFile(c *gin.Context) *Problem {
	id, named := c.GetQuery("cua")
	asked, p := s.officeAsked(c, id, named)
	if p != nil {
		return p
	}
	text, err := s.Office.Profile(c.Request.Context(), asked.ID)
	switch {
	case err != nil:
		return s.fault(c.Request.Context(), "profile", err)
	case text == nil:
		return problem(http.StatusNotFound, "Đơn vị chưa khai thông tin.")
	default:
		c.Header("Content-Disposition", attachment("don-vi.yaml"))
		c.Header("Cache-Control", "no-store")
		c.Data(http.StatusOK, yamlType+"; charset=utf-8", text)
	}
	return nil
}

package office

import (
	"cmp"
	"embed"
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
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
)

// Pages is the pages of offices, templates, users and the audit.
type Pages struct{ *desk.Shell }

// Files are what browsers are given for the pages.
//
//go:embed *.html *.css
var Files embed.FS

// New returns the pages of offices, templates, users and the audit on a desk.
func New(d *desk.Shell) *Pages { return &Pages{d} }

// Routes are their addresses.
func (s *Pages) Routes() []web.Route {
	return slices.Concat(s.officeRoutes(), s.templateRoutes(), s.userRoutes(), s.accountRoutes(), s.auditRoutes())
}

// officePage is what office.html shows.
type officePage struct {
	office.Office
	ID       string // of the office
	Other    string // its name where it is not one's own
	Version  int    // that the form began with; saving makes the next
	May      bool   // change it
	Saved    bool
	Shown    int // the former version that is shown, or 0
	Levels   []desk.Level
	Kinds    []office.Kind
	Names    map[string]string // of kinds by their slugs
	Versions []store.Profile
}

func (s *Pages) officeRoutes() []web.Route {
	return []web.Route{
		web.PageRoute("/don-vi", account.Drafter, s.office),
		s.Action("/don-vi", account.Admin, web.MaxForm, s.saveOffice),
		web.PageRoute("/don-vi/don-vi.yaml", account.Drafter, s.officeFile),
	}
}

// officeAsked is the office whose profile is asked for: one's own, or for an administrator any, by its ID.
func (s *Pages) officeAsked(c *gin.Context, id string, named bool) (store.Office, *web.Problem) {
	asking := web.Principal(c.Request.Context())
	if !named || id == asking.Office {
		return store.Office{ID: asking.Office}, nil
	}
	if !asking.Role.May(account.Admin) {
		return store.Office{}, web.NewProblem(http.StatusNotFound, "Không có đơn vị này.")
	}
	if id == "" {
		return store.Office{Name: s.mainOffice(c.Request.Context())}, nil
	}
	if name := s.OfficeName(c, id); name != "" {
		return store.Office{ID: id, Name: name}, nil
	}
	return store.Office{}, web.NewProblem(http.StatusNotFound, "Không có đơn vị này.")
}

// office shows the profile of an office: the one in force, or a former one to be saved again.
func (s *Pages) office(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	id, named := c.GetQuery("cua")
	asked, p := s.officeAsked(c, id, named)
	if p != nil {
		return p
	}
	versions, err := s.Store.Profiles(ctx, asked.ID)
	if err != nil {
		return s.Fault(ctx, "profiles", err)
	}
	text, err := s.Office.Profile(ctx, asked.ID)
	if err != nil {
		return s.Fault(ctx, "profile", err)
	}
	shown := officePage{ID: asked.ID, Other: asked.Name, Saved: c.Query("da-luu") != ""}
	if former, _ := strconv.Atoi(c.Query("ban")); former > 0 {
		i := slices.IndexFunc(versions, func(p store.Profile) bool { return p.Version == former })
		if i < 0 {
			return web.NewProblem(http.StatusNotFound, "Không có bản này của thông tin đơn vị.")
		}
		text, shown.Shown = versions[i].Text, former
	}
	office, found, err := s.Office.ReadOffice(text)
	if err != nil {
		return s.Fault(ctx, "read profile", err)
	}
	if text == nil {
		office.Agency.Name = vi.Upper(asked.Name)
	}
	shown.Office, shown.Levels, shown.Versions = office, desk.Levels(found), versions
	if len(versions) > 0 {
		shown.Version = versions[0].Version
	}
	return s.showOffice(c, http.StatusOK, shown)
}

// moreRows are the empty rows of a list in a form, to be filled in.
const moreRows = 2

func (s *Pages) showOffice(c *gin.Context, status int, shown officePage) *web.Problem {
	shown.Kinds = s.Office.Kinds()
	shown.Names = map[string]string{}
	for _, kind := range shown.Kinds {
		shown.Names[kind.Slug] = kind.Name
	}
	if shown.May = web.Principal(c.Request.Context()).Role.May(account.Admin); shown.May {
		shown.Signers = append(shown.Signers, make([]office.Signer, moreRows)...)
		shown.Symbols = append(shown.Symbols, make([]office.SeriesSymbol, moreRows)...)
		shown.Groups = append(shown.Groups, make([]office.SeriesGroup, moreRows)...)
	}
	return s.Show(c, status, "office.html", "Đơn vị", shown)
}

// saveOffice keeps the profile as its next version. What is wrong with it is told, and what was typed stays in the form.
func (s *Pages) saveOffice(c *gin.Context) *web.Problem {
	ctx, form := c.Request.Context(), web.FormOf(c)
	_, named := form["cua"]
	asked, p := s.officeAsked(c, form.Line("cua"), named)
	if p != nil {
		return p
	}
	office := s.officeOf(form)
	last, _ := strconv.Atoi(form.Text("phien_ban"))
	shown := officePage{Office: office, ID: asked.ID, Other: asked.Name, Version: last}
	found, err := s.Office.SaveProfile(ctx, store.Profile{
		Office: asked.ID, Version: last + 1, Text: office.Text(), Author: web.Principal(ctx).Login, Saved: s.Now(),
	})
	switch {
	case errors.Is(err, store.ErrChanged):
		shown.Levels = desk.Levels(diag.Findings{{
			Severity: diag.Error, Code: diag.Changed, Message: "người khác vừa lưu thông tin đơn vị",
			Hint: "mở trang Đơn vị ở thẻ khác để xem bản mới, rồi chép phần của bạn sang đó",
		}})
		return s.showOffice(c, http.StatusConflict, shown)
	case err != nil:
		return s.Fault(ctx, "save profile", err)
	case found.Blocking():
		shown.Levels = desk.Levels(inForm(found, office))
		return s.showOffice(c, http.StatusUnprocessableEntity, shown)
	default:
		s.Audit(c, "save-profile", cmp.Or(asked.Name, asked.ID), "")
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
func (s *Pages) officeOf(form web.Form) office.Office {
	o := office.Office{
		Agency: office.Agency{
			Parent: vi.Upper(form.Line("cap_tren")), Name: vi.Upper(strings.TrimSpace(form.Text("ten"))), // as they stand at the head of a document
			Symbol: form.Line("ky_hieu"), FullName: form.Line("ten_day_du"),
		},
		Place: form.Line("dia_danh"), Way: form.Line("cach_danh_so"),
	}
	for i := range form["nguoi_ky.ho_ten"] {
		row := func(key string) string { return form.At("nguoi_ky."+key, i) }
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
		if symbol := (office.SeriesSymbol{Kind: s.slugOf(form.At("day_so.loai", i)), Symbol: form.At("day_so.ky_hieu", i)}); symbol.Kind != "" && symbol.Symbol != "" {
			o.Symbols = append(o.Symbols, symbol)
		}
	}
	for i := range form["nhom_so.ten"] {
		var kinds []string
		for name := range strings.FieldsFuncSeq(form.At("nhom_so.loai", i), func(r rune) bool { return strings.ContainsRune(",;\n", r) }) {
			kinds = append(kinds, s.slugOf(strings.TrimSpace(name)))
		}
		if name := key(form.At("nhom_so.ten", i)); name != "" && len(kinds) > 0 {
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
func (s *Pages) slugOf(name string) string {
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

// officeFile returns the profile in force as the file that the command line takes.
func (s *Pages) officeFile(c *gin.Context) *web.Problem {
	id, named := c.GetQuery("cua")
	asked, p := s.officeAsked(c, id, named)
	if p != nil {
		return p
	}
	text, err := s.Office.Profile(c.Request.Context(), asked.ID)
	switch {
	case err != nil:
		return s.Fault(c.Request.Context(), "profile", err)
	case text == nil:
		return web.NewProblem(http.StatusNotFound, "Đơn vị chưa khai thông tin.")
	default:
		c.Header("Content-Disposition", web.Attachment("don-vi.yaml"))
		c.Header("Cache-Control", "no-store")
		c.Data(http.StatusOK, web.YamlType+"; charset=utf-8", text)
	}
	return nil
}

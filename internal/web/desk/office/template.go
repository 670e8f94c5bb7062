package office

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/office"
	"vanthu/internal/store"
	"vanthu/internal/vi"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
)

const templatePath = "/mau"

// maxTemplate is the largest form with a template, in bytes; app says what a template may have.
const maxTemplate = 9 << 20

func (s *Pages) templateRoutes() []web.Route {
	return []web.Route{
		web.PageRoute(templatePath, account.Drafter, s.templates),
		web.PageRoute(templatePath+"/:kind", account.Drafter, s.oneTemplate),
		web.PageRoute(templatePath+"/:kind/tai-ve", account.Drafter, s.giveTemplate),
		web.PageRoute(templatePath+"/:kind/xem", account.Drafter, s.previewTemplate),
		s.Action(templatePath+"/:kind", account.Admin, maxTemplate, s.saveTemplate),
		s.Action(templatePath+"/:kind/dung", account.Admin, web.MaxSmall, s.useTemplate),
	}
}

// templatesPage is what templates.html shows.
type templatesPage struct {
	Words  string
	Groups []templateGroup
	Own    int // how many kinds have an office's own template
}

// templateGroup is the templates under one heading.
type templateGroup struct {
	Name      string
	Templates []office.TemplateInfo
}

// templates lists the templates, or for htmx those that are looked for alone.
func (s *Pages) templates(c *gin.Context) *web.Problem {
	list, err := s.Office.Templates(c.Request.Context())
	if err != nil {
		return s.Fault(c.Request.Context(), "list templates", err)
	}
	shown := templatesPage{Words: strings.ToValidUTF8(c.Query("tim"), "")}
	words := strings.Fields(vi.Fold(shown.Words))
	for _, one := range list { // by group already
		if one.Own {
			shown.Own++
		}
		said := vi.Fold(strings.Join([]string{one.Kind.Name, one.Kind.Group, one.Kind.Summary}, "\n"))
		if slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(said, word) }) {
			continue
		}
		if n := len(shown.Groups); n == 0 || shown.Groups[n-1].Name != one.Kind.Group {
			shown.Groups = append(shown.Groups, templateGroup{Name: one.Kind.Group})
		}
		last := &shown.Groups[len(shown.Groups)-1]
		last.Templates = append(last.Templates, one)
	}
	if c.GetHeader("HX-Request") != "" {
		return s.ShowPart(c, http.StatusOK, "templates.html", "groups", shown)
	}
	return s.Show(c, http.StatusOK, "templates.html", "Mẫu", shown)
}

// templatePage is what template.html shows.
type templatePage struct {
	office.TemplateInfo
	Fields    []fieldGroup
	MayChange bool
	Done      string // what was just done: "luu", "dung"

	Tried string        // the name of the file that was refused
	Found diag.Findings // about that file, or about the one that was just put in force
	Note  string        // as it was typed
}

// fieldGroup is the fields under one heading.
type fieldGroup struct {
	Name   string
	Fields []office.TemplateField
}

// templateOf finds the template that the address names.
func (s *Pages) templateOf(c *gin.Context) (info office.TemplateInfo, p *web.Problem) {
	list, err := s.Office.Templates(c.Request.Context())
	if err != nil {
		return info, s.Fault(c.Request.Context(), "list templates", err)
	}
	i := slices.IndexFunc(list, func(one office.TemplateInfo) bool { return one.Kind.Slug == c.Param("kind") })
	if i < 0 {
		return info, web.NewProblem(http.StatusNotFound, "Không có loại văn bản này. Hãy chọn lại ở trang Mẫu.")
	}
	return list[i], nil
}

func (s *Pages) oneTemplate(c *gin.Context) *web.Problem {
	info, p := s.templateOf(c)
	if p != nil {
		return p
	}
	shown := templatePage{TemplateInfo: info, Done: c.Query("vua")}
	if shown.Done != "" && info.Own { // what was found did not keep it from being put in force
		var p *web.Problem
		if shown.Found, p = s.checkTemplate(c.Request.Context(), info); p != nil {
			return p
		}
	}
	return s.showTemplate(c, http.StatusOK, shown)
}

// checkTemplate tells what is to say of the template in force.
func (s *Pages) checkTemplate(ctx context.Context, info office.TemplateInfo) (found diag.Findings, p *web.Problem) {
	data, _, found, err := s.Office.Template(ctx, info.Kind.Slug, -1)
	if err == nil && !found.Blocking() {
		file := maker.File{Name: info.Kind.Slug + ".docx", Data: data}
		if !s.Gate.Work(ctx, func(ctx context.Context) { found, err = s.Office.CheckTemplate(ctx, info.Kind.Slug, file) }) {
			return nil, web.Unserved(ctx)
		}
	}
	if err != nil {
		return nil, s.Fault(ctx, "check template", err)
	}
	return found, nil
}

func (s *Pages) showTemplate(c *gin.Context, status int, shown templatePage) *web.Problem {
	fields, _ := s.Office.TemplateFields(shown.Kind.Slug) // the kind is known
	shown.Fields = []fieldGroup{{Name: "Mục chung"}}
	for _, field := range fields {
		name := cmp.Or(field.Group, shown.Fields[0].Name)
		i := slices.IndexFunc(shown.Fields, func(g fieldGroup) bool { return g.Name == name })
		if i < 0 {
			i = len(shown.Fields)
			shown.Fields = append(shown.Fields, fieldGroup{Name: name})
		}
		shown.Fields[i].Fields = append(shown.Fields[i].Fields, field)
	}
	for i, f := range shown.Found {
		if strings.Contains(f.Hint, "kind.yaml") { // no file that somebody at a browser has
			shown.Found[i].Hint = "chép mục cần dùng ở danh sách “Các mục để chép vào mẫu” bên dưới"
		}
	}
	shown.MayChange = web.Principal(c.Request.Context()).Role.May(account.Admin)
	return s.Show(c, status, "template.html", "Mẫu "+shown.Kind.Name, shown)
}

// giveTemplate returns the Word file of a template: the version that is asked for, 0 for the one that comes with the program, else that in force.
func (s *Pages) giveTemplate(c *gin.Context) *web.Problem {
	info, p := s.templateOf(c)
	if p != nil {
		return p
	}
	version, name := -1, info.Kind.Name
	if asked := c.Query("ban"); asked != "" {
		n, err := strconv.Atoi(asked)
		if err != nil || n < 0 {
			return web.NewProblem(http.StatusNotFound, "Không có bản mẫu này. Hãy chọn lại ở trang Mẫu.")
		}
		if version = n; n > 0 {
			name += fmt.Sprintf(" - bản %d", n)
		}
	}
	data, hash, found, err := s.Office.Template(c.Request.Context(), info.Kind.Slug, version)
	switch {
	case err != nil:
		return s.Fault(c.Request.Context(), "template", err)
	case found.Blocking() || data == nil:
		return web.NewProblem(http.StatusNotFound, "Không có bản mẫu này, hoặc tệp của nó không còn. Hãy chọn bản khác ở trang Mẫu.")
	default:
		c.Header("Content-Disposition", web.Attachment("Mẫu "+name+".docx"))
		desk.GiveFile(c, web.WordType, hash, data)
	}
	return nil
}

// previewTemplate shows the template in force, filled with the example of its kind.
func (s *Pages) previewTemplate(c *gin.Context) *web.Problem {
	info, p := s.templateOf(c)
	if p != nil {
		return p
	}
	ctx := c.Request.Context()
	example, _ := s.Office.Starter(info.Kind.Slug) // the kind is known
	request := maker.Request{File: maker.File{Name: "vi-du.yaml", Data: example}, Office: web.Principal(ctx).Office, Taken: s.Now()}
	var shown maker.Preview
	var err error
	if !s.Gate.Work(ctx, func(ctx context.Context) { shown, _, err = s.Maker.Preview(ctx, request) }) {
		return web.Unserved(ctx)
	}
	if err != nil {
		return s.Fault(ctx, "preview template", err)
	}
	pages := make([]template.HTML, len(shown.Pages))
	for i, page := range shown.Pages {
		pages[i] = template.HTML(page) // ours: room svg escapes every text
	}
	return s.ShowPart(c, http.StatusOK, "template.html", "sheets", pages)
}

// saveTemplate keeps an office's own template, unless something in it must be mended first.
func (s *Pages) saveTemplate(c *gin.Context) *web.Problem {
	info, p := s.templateOf(c)
	if p != nil {
		return p
	}
	ctx, form := c.Request.Context(), web.FormOf(c)
	sent := form.First("tep")
	shown := templatePage{TemplateInfo: info, Tried: sent.Name, Note: form.Line("ghi_chu")}
	if len(sent.Data) == 0 {
		shown.Found = diag.Findings{{
			Severity: diag.Error, Code: diag.NoFile, Message: "chưa chọn tệp mẫu, hoặc tệp rỗng", Hint: "chọn tệp Word (.docx) rồi bấm lại",
		}}
		return s.showTemplate(c, http.StatusUnprocessableEntity, shown)
	}
	asking := web.Principal(ctx)
	version := store.TemplateVersion{Note: shown.Note, Author: cmp.Or(asking.FullName, asking.Login), Saved: s.Now()}
	var number int
	var err error
	save := func(ctx context.Context) {
		number, shown.Found, err = s.Office.SaveTemplate(ctx, info.Kind.Slug, maker.File{Name: sent.Name, Data: sent.Data}, version)
	}
	switch {
	case !s.Gate.Work(ctx, save):
		return web.Unserved(ctx)
	case err != nil:
		return s.Fault(ctx, "save template", err)
	case shown.Found.Blocking():
		return s.showTemplate(c, http.StatusUnprocessableEntity, shown)
	default:
		s.Audit(c, "save-template", info.Kind.Slug, fmt.Sprintf("bản %d: %s", number, sent.Name))
		c.Redirect(http.StatusSeeOther, templatePath+"/"+info.Kind.Slug+"?vua=luu")
	}
	return nil
}

// useTemplate puts a version in force, 0 for the one that comes with the program.
func (s *Pages) useTemplate(c *gin.Context) *web.Problem {
	info, p := s.templateOf(c)
	if p != nil {
		return p
	}
	ctx := c.Request.Context()
	version, err := strconv.Atoi(web.FormOf(c).Text("ban"))
	if err != nil || version < 0 {
		return web.NewProblem(http.StatusUnprocessableEntity, "Không có bản mẫu này. Hãy tải lại trang rồi chọn lại.")
	}
	var found diag.Findings
	use := func(ctx context.Context) { found, err = s.Office.UseTemplate(ctx, info.Kind.Slug, version) }
	switch {
	case !s.Gate.Work(ctx, use):
		return web.Unserved(ctx)
	case errors.Is(err, store.ErrNotFound):
		return web.NewProblem(http.StatusNotFound, "Không có bản mẫu này. Hãy tải lại trang rồi chọn lại.")
	case err != nil:
		return s.Fault(ctx, "use template", err)
	case found.Blocking():
		return s.showTemplate(c, http.StatusUnprocessableEntity, templatePage{TemplateInfo: info, Tried: fmt.Sprintf("bản %d", version), Found: found})
	default:
		s.Audit(c, "use-template", info.Kind.Slug, fmt.Sprintf("bản %d", version))
		c.Redirect(http.StatusSeeOther, templatePath+"/"+info.Kind.Slug+"?vua=dung")
	}
	return nil
}

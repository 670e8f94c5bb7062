package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"vanthu/internal/app"
	"vanthu/internal/diag"
)

//go:embed pages/*.html
var pageFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// pages are parsed once; a page that does not parse is a mistake in this package, seen by every test.
var pages = template.Must(template.New("").ParseFS(pageFiles, "pages/*.html"))

// frontPage is what index.html shows.
type frontPage struct {
	Groups []kindGroup
	Report *report // what became of a form that was sent, or nil
}

// kindGroup is the kinds under one heading.
type kindGroup struct {
	Name  string
	Kinds []app.Kind
}

// report tells what was found in a file that was sent with a form.
type report struct {
	File   string // its name, or empty
	Refuse bool   // nothing was made
	Title  string
	Detail string
	Levels []level
}

// level is the findings of one severity.
type level struct {
	Class    string // of the style sheet: error, warning, info
	Heading  string
	Findings []shownFinding
}

// shownFinding is a finding with its place in words, without the file, which the heading names.
type shownFinding struct {
	diag.Finding
	Place string
}

func (s *server) routePages(engine *gin.Engine) {
	engine.GET("/", func(c *gin.Context) { s.front(c, http.StatusOK, nil) })
	engine.GET("/docs", func(c *gin.Context) {
		// The viewer writes style attributes; everything else of the policy stands.
		c.Header("Content-Security-Policy", policy(" 'unsafe-inline'"))
		s.page(c, http.StatusOK, "docs.html", nil)
	})
	engine.POST(makePage, s.documentForm)
	engine.POST(convertPage, s.convertForm)
	for _, path := range []string{makePage, convertPage} { // a reload or a bookmark of an answer
		engine.GET(path, func(c *gin.Context) { c.Redirect(http.StatusSeeOther, "/") })
	}
	assets, err := fs.Sub(assetFiles, "assets")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	engine.GET("/assets/:name", serveAsset(assets))
}

// serveAsset serves embedded files. They carry no date, so a browser asks again by their hash.
func serveAsset(assets fs.FS) gin.HandlerFunc {
	tags := map[string]string{}
	names, _ := fs.Glob(assets, "*")
	for _, name := range names {
		data, err := fs.ReadFile(assets, name)
		if err != nil {
			panic(err) // embedded
		}
		sum := sha256.Sum256(data)
		tags[name] = `"` + hex.EncodeToString(sum[:8]) + `"`
	}
	return func(c *gin.Context) {
		if tag := tags[c.Param("name")]; tag != "" {
			c.Header("ETag", tag)
			c.Header("Cache-Control", "no-cache")
		}
		http.ServeFileFS(c.Writer, c.Request, assets, c.Param("name"))
	}
}

// page writes a page whole or, if its template fails, a bare refusal.
func (s *server) page(c *gin.Context, status int, name string, data any) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		s.fault(c.Request.Context(), "page "+name, err)
		c.String(http.StatusInternalServerError, title(http.StatusInternalServerError))
		return
	}
	c.Header("Cache-Control", "no-store")
	c.Data(status, "text/html; charset=utf-8", b.Bytes())
}

func (s *server) front(c *gin.Context, status int, shown *report) {
	page := frontPage{Report: shown}
	for _, kind := range s.app.Kinds() { // by group already
		if n := len(page.Groups); n == 0 || page.Groups[n-1].Name != kind.Group {
			page.Groups = append(page.Groups, kindGroup{Name: kind.Group})
		}
		last := &page.Groups[len(page.Groups)-1]
		last.Kinds = append(last.Kinds, kind)
	}
	s.page(c, status, "index.html", page)
}

// What a form may ask for besides the formats of a document.
const (
	wantMarked = "danh-dau"
	wantReview = "nhan-xet"
)

// documentForm answers the form that makes a document: with the file, or with the page and what was found.
func (s *server) documentForm(c *gin.Context) {
	form, problem := readForm(c.Request)
	if problem != nil {
		s.front(c, problem.Status, refusal("", problem))
		return
	}
	name, wanted := form.first("data").name, string(form.first("ket_qua").data)
	request, problem := documentFromForm(form)
	if problem == nil && wanted == wantMarked {
		problem = notWorkbook(request)
	}
	if problem != nil {
		s.front(c, problem.Status, refusal(name, problem))
		return
	}
	var made download
	if wanted == wantMarked {
		made, problem = s.marked(c.Request.Context(), request)
	} else {
		made, problem = s.document(c.Request.Context(), request, wanted)
	}
	s.answerForm(c, name, wanted, made, problem)
}

// convertForm answers the form that converts a Word file.
func (s *server) convertForm(c *gin.Context) {
	form, problem := readForm(c.Request)
	if problem != nil {
		s.front(c, problem.Status, refusal("", problem))
		return
	}
	file, problem := wordFromForm(form)
	if problem != nil {
		s.front(c, problem.Status, refusal(form.first("file").name, problem))
		return
	}
	made, problem := s.converted(c.Request.Context(), file)
	s.answerForm(c, file.name, string(form.first("ket_qua").data), made, problem)
}

// answerForm gives the file, or the page when there is none or only the findings are wanted.
func (s *server) answerForm(c *gin.Context, name, wanted string, made download, problem *Problem) {
	switch {
	case problem != nil:
		for header, values := range problem.GetHeaders() {
			c.Writer.Header()[header] = values
		}
		s.front(c, problem.Status, refusal(name, problem))
	case wanted == wantReview || made.data == nil:
		s.front(c, http.StatusOK, review(name, made.found))
	default:
		c.Header("Content-Disposition", attachment(made.name))
		c.Data(http.StatusOK, made.mediaType, made.data)
	}
}

func refusal(file string, p *Problem) *report {
	shown := &report{File: file, Refuse: true, Title: p.Title, Detail: p.Detail, Levels: levels(p.Findings)}
	if p.RequestID != "" {
		shown.Detail += " Mã yêu cầu: " + p.RequestID
	}
	if slices.ContainsFunc(p.Findings, func(f diag.Finding) bool { return f.Where.Cell != "" }) {
		shown.Detail += " Chọn lại tệp và bấm “Tô màu ô sai” để nhận lại bảng tính có tô màu và ghi chú ở các ô ấy."
	}
	return shown
}

// review tells a person what was found in a file that can be made into another.
func review(file string, found diag.Findings) *report {
	detail := "Không có lỗi, cảnh báo hay lưu ý nào. Chọn lại tệp và bấm nút để nhận kết quả."
	if len(found) > 0 {
		detail = "Không có lỗi nào cản trở. Xem các nhận xét dưới đây, rồi chọn lại tệp và bấm nút để nhận kết quả."
	}
	return &report{File: file, Title: "Tệp dùng được", Detail: detail, Levels: levels(found)}
}

func levels(found diag.Findings) []level {
	found = slices.Clone(found)
	found.Sort()
	var groups []level
	for _, kind := range []struct {
		severity       diag.Severity
		class, heading string
	}{
		{diag.Error, "error", "%d lỗi phải sửa"},
		{diag.Warning, "warning", "%d cảnh báo nên xem lại"},
		{diag.Info, "info", "%d lưu ý"},
	} {
		var shown []shownFinding
		for _, f := range found {
			if f.Severity == kind.severity {
				place := f.Where
				place.File = ""
				shown = append(shown, shownFinding{f, place.String()})
			}
		}
		if len(shown) > 0 {
			groups = append(groups, level{kind.class, fmt.Sprintf(kind.heading, len(shown)), shown})
		}
	}
	return groups
}

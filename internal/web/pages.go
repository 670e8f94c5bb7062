package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	"vanthu/internal/diag"
	"vanthu/internal/store"
)

// desk is what all pages stand on.
type desk struct{ *server }

//go:embed pages/*.html
var pageFiles embed.FS

//go:embed assets
var assetFiles embed.FS

// assets are the embedded files that browsers load, by name. They are read when first asked for: other commands need none.
var assets = sync.OnceValue(readAssets)

// asset is a file that browsers load. Its address changes with its bytes, so that a browser keeps it until then.
type asset struct {
	data      []byte
	packed    []byte // by gzip; nil where that saves nothing
	mediaType string
	tag       string // of its bytes
}

func readAssets() map[string]asset {
	types := map[string]string{
		".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
		".png": "image/png", ".woff2": "font/woff2",
	}
	list := map[string]asset{}
	files, _ := fs.ReadDir(assetFiles, "assets") // the folder is embedded above
	for _, file := range files {
		data, _ := fs.ReadFile(assetFiles, "assets/"+file.Name())
		read := asset{data: data, mediaType: types[path.Ext(file.Name())], tag: digest(data)}
		if packed := squeezed(data); len(packed) < len(data)*9/10 {
			read.packed = packed
		}
		list[file.Name()] = read
	}
	return list
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// shownPages are parsed when first shown, each with the layout and the parts that pages share (_*.html); a page that does not parse is a mistake in this
// package, seen by every test.
var shownPages = sync.OnceValue(parsePages)

func parsePages() map[string]*template.Template {
	shared := template.Must(template.New("").Funcs(pageWords).ParseFS(pageFiles, "pages/_*.html"))
	names, _ := fs.Glob(pageFiles, "pages/[a-z]*.html")
	list := map[string]*template.Template{}
	for _, name := range names {
		list[path.Base(name)] = template.Must(template.Must(shared.Clone()).ParseFS(pageFiles, name))
	}
	return list
}

// pageWords are what pages may call.
var pageWords = template.FuncMap{
	"asset":   func(name string) string { return "/assets/" + name + "?v=" + assets()[name].tag },
	"moment":  moment,
	"day":     func(t time.Time) string { return t.In(hanoi).Format("02/01/2006") },
	"levels":  levels,
	"size":    size,
	"role":    func(r string) string { return account.Role(r).Name() },
	"ways":    func() map[string]string { return numberingWays },
	"roles":   func() []account.Role { return account.Roles },
	"act":     actName,
	"at":      actAddress,
	"percent": func(part, whole int) int { return 100 * part / max(whole, 1) },
}

// numberingWays are the ways in which documents share series of numbers (NĐ 30/2020/NĐ-CP, Điều 15, khoản 1).
var numberingWays = map[string]string{
	"theo_loai": "Mỗi loại văn bản một dãy số", "chung": "Tất cả chung một dãy số", "nhom": "Theo các nhóm loại văn bản",
}

// hanoi is the time of Vietnam, which knows no summer time. A machine need not have the world's time zones.
var hanoi = time.FixedZone("+07", 7*60*60)

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(hanoi).Format("02/01/2006 15:04")
}

// size is a number of bytes in words.
func size(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KB", (n+1023)>>10)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
}

// view is what every page is made from; a page itself sees Data.
type view struct {
	Title string
	Path  string // of the request
	Who   account.Who
	Role  string // of Who, in words
	At    string // the name of the office of Who, or empty
	Nav   []navItem
	Data  any
}

// navItem is a link to a part of the desk.
type navItem struct {
	Path, Name string
	Here       bool
	role       account.Role
}

var navItems = []navItem{
	{Path: "/", Name: "Trang chủ", role: account.Drafter},
	{Path: "/tep", Name: "Từ tệp dữ liệu", role: account.Drafter},
	{Path: "/lo", Name: "Chạy hàng loạt", role: account.Clerk},
	{Path: "/so-dang-ky", Name: "Sổ văn bản đi", role: account.Drafter},
	{Path: "/mau", Name: "Mẫu", role: account.Drafter},
	{Path: "/chuyen-pdf", Name: "Word sang PDF", role: account.Drafter},
	{Path: "/don-vi", Name: "Đơn vị", role: account.Drafter},
	{Path: "/nguoi-dung", Name: "Người dùng", role: account.Admin},
	{Path: "/huong-dan", Name: "Hướng dẫn", role: account.Drafter},
}

func navFor(asking account.Who, at string) (list []navItem) {
	for _, item := range navItems {
		if asking.Role.May(item.role) {
			item.Here = item.Path == at || item.Path != "/" && len(at) > len(item.Path) && at[:len(item.Path)+1] == item.Path+"/"
			list = append(list, item)
		}
	}
	return list
}

// routes are the addresses of what all pages use, the login, the first page, the queue and the help.
func (s *desk) routes() []route {
	return slices.Concat(s.sharedRoutes(), s.loginRoutes(), s.homeRoutes(), s.queueRoutes(), s.helpRoutes())
}

// newDesk is the desk of a server.
func newDesk(s *server) *desk {
	d := &desk{s}
	s.page = d.showProblem
	return d
}

// showProblem answers with a problem: a page, and for a part of a page what its notice shows.
func (s *desk) showProblem(c *gin.Context, p *Problem) *Problem {
	if c.GetHeader("HX-Request") == "" {
		return s.show(c, p.Status, "loi.html", p.Title, p)
	}
	c.Header("HX-Retarget", "#thong-bao")
	c.Header("HX-Reswap", "innerHTML")
	return s.part(c, p.Status, "loi.html", "problem", p)
}

// show answers with a page. The page defines "content", and may define "head" and "foot".
func (s *desk) show(c *gin.Context, status int, name, title string, data any) *Problem {
	asking := who(c.Request.Context())
	v := view{Title: title, Path: c.Request.URL.Path, Who: asking, Role: asking.Role.Name(), Nav: navFor(asking, c.Request.URL.Path), Data: data}
	v.At = s.officeName(c, asking.Office)
	return s.execute(c, status, name, "layout", v)
}

// part writes a part of a page, for htmx to put in its place.
func (s *desk) part(c *gin.Context, status int, name, defined string, data any) *Problem {
	return s.execute(c, status, name, defined, data)
}

func (s *desk) execute(c *gin.Context, status int, name, defined string, data any) *Problem {
	var b bytes.Buffer
	if err := s.render(&b, name, defined, data); err != nil {
		return s.fault(c.Request.Context(), "page "+name, err)
	}
	c.Header("Cache-Control", "no-store")
	page := b.Bytes()
	if takesGzip(c) {
		page = squeezed(page)
		c.Header("Content-Encoding", "gzip")
	}
	c.Data(status, "text/html; charset=utf-8", page)
	return nil
}

// render writes a part of a page.
func (s *desk) render(to io.Writer, name, defined string, data any) error {
	return shownPages()[name].ExecuteTemplate(to, defined, data)
}

func takesGzip(c *gin.Context) bool {
	c.Header("Vary", "Accept-Encoding")
	return strings.Contains(c.GetHeader("Accept-Encoding"), "gzip")
}

func squeezed(data []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // the level is one
	_, _ = w.Write(data)                            // to memory
	_ = w.Close()
	return b.Bytes()
}

// officeName is what an office is called, or empty.
func (s *desk) officeName(c *gin.Context, id string) string {
	if id == "" {
		return ""
	}
	offices, err := s.store.Offices(c.Request.Context())
	if err != nil {
		_ = s.fault(c.Request.Context(), "offices", err)
	}
	if i := slices.IndexFunc(offices, func(o store.Office) bool { return o.ID == id }); i >= 0 {
		return offices[i].Name
	}
	return ""
}

// sharedRoutes are what every page uses.
func (s *desk) sharedRoutes() []route {
	return []route{
		page("/assets/:name", account.Nobody, s.giveAsset),
		page("/phong-chu/phong-chu.css", account.Nobody, s.fontSheet),
		page("/phong-chu/:name", account.Nobody, s.giveFont),
		page("/docs", account.Drafter, func(c *gin.Context) *Problem {
			// The viewer writes style attributes; everything else of the policy stands.
			c.Header("Content-Security-Policy", policy(" 'unsafe-inline'"))
			return s.execute(c, http.StatusOK, "docs.html", "viewer", nil)
		}),
	}
}

func (s *desk) giveAsset(c *gin.Context) *Problem {
	file, ok := assets()[c.Param("name")]
	if !ok {
		return problem(http.StatusNotFound, "Không có tệp này.")
	}
	if file.packed != nil && takesGzip(c) {
		c.Header("Content-Encoding", "gzip")
		giveFile(c, file.mediaType, file.tag+"-gz", file.packed)
		return nil
	}
	giveFile(c, file.mediaType, file.tag, file.data)
	return nil
}

// giveFile gives what a page loads, to be kept by the browser while the address that names its tag is asked for.
func giveFile(c *gin.Context, mediaType, tag string, data []byte) {
	c.Header("ETag", `"`+tag+`"`)
	c.Header("Cache-Control", "no-cache")
	if c.Query("v") != "" && strings.HasPrefix(tag, c.Query("v")) {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	}
	c.Header("Content-Type", mediaType)
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(data))
}

// fontSheet names the faces of previews for the browser.
func (s *desk) fontSheet(c *gin.Context) *Problem {
	var b bytes.Buffer
	for i, face := range s.Office.Faces() {
		style, weight := "normal", "normal"
		if face.Italic {
			style = "italic"
		}
		if face.Bold {
			weight = "bold"
		}
		fmt.Fprintf(&b, "@font-face { font-family: %q; font-style: %s; font-weight: %s; font-display: block; src: url(/phong-chu/%d?v=%s); }\n",
			face.Family, style, weight, i, digest(face.Data))
	}
	giveFile(c, "text/css; charset=utf-8", digest(b.Bytes()), b.Bytes())
	return nil
}

func (s *desk) giveFont(c *gin.Context) *Problem {
	for i, face := range s.Office.Faces() {
		if c.Param("name") == fmt.Sprint(i) {
			giveFile(c, face.MediaType, digest(face.Data), face.Data)
			return nil
		}
	}
	return problem(http.StatusNotFound, "Không có phông chữ này.")
}

// queueRoutes show River's view of the queue, with its own scripts.
func (s *desk) queueRoutes() []route {
	view, err := s.jobs.UI(s.until, queuePath)
	if err != nil {
		s.log.Error("no view of the queue", "error", err)
		return nil
	}
	show := func(c *gin.Context) *Problem {
		c.Header("Content-Security-Policy", policy(" 'unsafe-inline'")) // style elements that its scripts add
		c.Header("Cache-Control", "no-store")
		view.ServeHTTP(c.Writer, c.Request)
		return nil
	}
	list := []route{page(queuePath, account.Admin, func(c *gin.Context) *Problem {
		c.Redirect(http.StatusPermanentRedirect, queuePath+"/")
		return nil
	})}
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		list = append(list, route{
			method: method, path: queuePath + "/*path", role: account.Admin, body: bodyLimit{most: maxAdmin}, answer: show,
		})
	}
	return list
}

const queuePath = "/quan-tri/hang-doi"

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
				if place.Text != "" { // nobody counts the paragraphs of a document
					place.Paragraph = 0
				}
				shown = append(shown, shownFinding{f, place.String()})
			}
		}
		if len(shown) > 0 {
			groups = append(groups, level{kind.class, fmt.Sprintf(kind.heading, len(shown)), shown})
		}
	}
	return groups
}

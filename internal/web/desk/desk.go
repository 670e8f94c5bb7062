package desk

import (
	"bytes"
	"compress/gzip"
	"embed"
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
	"vanthu/internal/vi"
	"vanthu/internal/web"
)

// Shell is what all pages stand on: the page around them, their templates and what browsers load for them.
type Shell struct {
	*web.Server
	assets func() map[string]asset              // by name; read when first asked for: other commands need none
	pages  func() map[string]*template.Template // parsed when first shown, each with the layout
}

// files are the pages of the desk itself and what browsers load for all pages. What a page has stands beside its code: page.go, page.html,
// page.js, page.css; no two pages have one name.
//
//go:embed *.html *.css *.js *.gz *.png *.svg *.txt
var files embed.FS

// New returns the shell of a server, with the pages that other packages have beside its own.
func New(s *web.Server, subjects ...embed.FS) *Shell {
	d := &Shell{Server: s}
	folders := append([]embed.FS{files}, subjects...)
	d.assets = sync.OnceValue(func() map[string]asset { return readAssets(folders) })
	d.pages = sync.OnceValue(func() map[string]*template.Template { return d.parsePages(folders) })
	s.ShowProblem = d.showProblem
	return d
}

// asset is a file that browsers load. Its address changes with its bytes, so that a browser keeps it until then.
type asset struct {
	data      []byte
	packed    []byte // by gzip; nil where that saves nothing
	mediaType string
	tag       string // of its bytes
}

func readAssets(folders []embed.FS) map[string]asset {
	types := map[string]string{
		".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
		".png": "image/png", ".woff2": "font/woff2",
	}
	list := map[string]asset{}
	for _, folder := range folders {
		entries, _ := folder.ReadDir(".") // the folder is embedded
		for _, file := range entries {
			data, _ := folder.ReadFile(file.Name())
			name, packed := strings.CutSuffix(file.Name(), ".gz") // what is large stands packed in the program
			read := asset{data: data, mediaType: types[path.Ext(name)]}
			switch {
			case read.mediaType == "":
				continue // a page
			case packed:
				read.data, read.packed = unsqueezed(data), data
			default:
				if packed := squeezed(data); len(packed) < len(data)*9/10 {
					read.packed = packed
				}
			}
			read.tag = web.Digest(read.data)
			list[name] = read
		}
	}
	return list
}

// parsePages parses each page with the layout. A page that does not parse is a mistake in this package, seen by every test.
func (s *Shell) parsePages(folders []embed.FS) map[string]*template.Template {
	layout := template.Must(template.New("").Funcs(s.functions()).ParseFS(files, layoutFile))
	list := map[string]*template.Template{}
	for _, folder := range folders {
		names, _ := fs.Glob(folder, "*.html")
		for _, name := range names {
			if name != layoutFile {
				list[name] = template.Must(template.Must(layout.Clone()).ParseFS(folder, name))
			}
		}
	}
	return list
}

const layoutFile = "layout.html"

// functions are what pages may call.
func (s *Shell) functions() template.FuncMap {
	return template.FuncMap{
		"asset":   func(name string) string { return "/assets/" + name + "?v=" + s.assets()[name].tag },
		"moment":  Moment,
		"day":     func(t time.Time) string { return t.In(vi.Zone).Format("02/01/2006") },
		"levels":  Levels,
		"size":    size,
		"role":    func(r string) string { return account.Role(r).Name() },
		"ways":    func() map[string]string { return numberingWays },
		"roles":   func() []account.Role { return account.Roles },
		"act":     ActName,
		"at":      actAddress,
		"percent": func(part, whole int) int { return 100 * part / max(whole, 1) },
	}
}

// numberingWays are the ways in which documents share series of numbers (NĐ 30/2020/NĐ-CP, Điều 15, khoản 1).
var numberingWays = map[string]string{
	"theo_loai": "Mỗi loại văn bản một dãy số", "chung": "Tất cả chung một dãy số", "nhom": "Theo các nhóm loại văn bản",
}

// Moment returns a time as people in Vietnam read it.
func Moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(vi.Zone).Format("02/01/2006 15:04")
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

// Routes are the addresses of what all pages use, the login, the first page, the queue and the help.
func (s *Shell) Routes() []web.Route {
	return slices.Concat(s.sharedRoutes(), s.loginRoutes(), s.homeRoutes(), s.queueRoutes(), s.helpRoutes())
}

// showProblem answers with a problem: a page, and for a part of a page what its notice shows.
func (s *Shell) showProblem(c *gin.Context, p *web.Problem) *web.Problem {
	if c.GetHeader("HX-Request") == "" {
		return s.Show(c, p.Status, "problem.html", p.Title, p)
	}
	c.Header("HX-Retarget", "#thong-bao")
	c.Header("HX-Reswap", "innerHTML")
	return s.ShowPart(c, p.Status, "problem.html", "problem", p)
}

// Show answers with a page. The page defines "content", and may define "head" and "foot".
func (s *Shell) Show(c *gin.Context, status int, name, title string, data any) *web.Problem {
	asking := web.Principal(c.Request.Context())
	v := view{Title: title, Path: c.Request.URL.Path, Who: asking, Role: asking.Role.Name(), Nav: navFor(asking, c.Request.URL.Path), Data: data}
	v.At = s.OfficeName(c, asking.Office)
	return s.Execute(c, status, name, "layout", v)
}

// ShowPart writes a part of a page, for htmx to put in its place.
func (s *Shell) ShowPart(c *gin.Context, status int, name, defined string, data any) *web.Problem {
	return s.Execute(c, status, name, defined, data)
}

// Execute answers with a part of a template.
func (s *Shell) Execute(c *gin.Context, status int, name, defined string, data any) *web.Problem {
	var b bytes.Buffer
	if err := s.Render(&b, name, defined, data); err != nil {
		return s.Fault(c.Request.Context(), "page "+name, err)
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

// Render writes a part of a page.
func (s *Shell) Render(to io.Writer, name, defined string, data any) error {
	return s.pages()[name].ExecuteTemplate(to, defined, data)
}

func takesGzip(c *gin.Context) bool {
	c.Header("Vary", "Accept-Encoding")
	return strings.Contains(c.GetHeader("Accept-Encoding"), "gzip")
}

// unsqueezed returns what stands packed by gzip in the program; that it cannot be read is a mistake in this package, seen by every test.
func unsqueezed(packed []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	return data
}

func squeezed(data []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed) // the level is one
	_, _ = w.Write(data)                            // to memory
	_ = w.Close()
	return b.Bytes()
}

// OfficeName is what an office is called, or empty.
func (s *Shell) OfficeName(c *gin.Context, id string) string {
	if id == "" {
		return ""
	}
	offices, err := s.Store.Offices(c.Request.Context())
	if err != nil {
		_ = s.Fault(c.Request.Context(), "offices", err)
	}
	if i := slices.IndexFunc(offices, func(o store.Office) bool { return o.ID == id }); i >= 0 {
		return offices[i].Name
	}
	return ""
}

// sharedRoutes are what every page uses.
func (s *Shell) sharedRoutes() []web.Route {
	return []web.Route{
		web.PageRoute("/assets/:name", account.Nobody, s.giveAsset),
		web.PageRoute("/phong-chu/phong-chu.css", account.Nobody, s.fontSheet),
		web.PageRoute("/phong-chu/:name", account.Nobody, s.giveFont),
		web.PageRoute("/docs", account.Drafter, func(c *gin.Context) *web.Problem {
			// The viewer writes style attributes; everything else of the policy stands.
			c.Header("Content-Security-Policy", web.Policy(" 'unsafe-inline'"))
			return s.Execute(c, http.StatusOK, "docs.html", "viewer", nil)
		}),
	}
}

func (s *Shell) giveAsset(c *gin.Context) *web.Problem {
	file, ok := s.assets()[c.Param("name")]
	if !ok {
		return web.NewProblem(http.StatusNotFound, "Không có tệp này.")
	}
	if file.packed != nil && takesGzip(c) {
		c.Header("Content-Encoding", "gzip")
		GiveFile(c, file.mediaType, file.tag+"-gz", file.packed)
		return nil
	}
	GiveFile(c, file.mediaType, file.tag, file.data)
	return nil
}

// GiveFile gives what a page loads, to be kept by the browser while the address that names its tag is asked for.
func GiveFile(c *gin.Context, mediaType, tag string, data []byte) {
	c.Header("ETag", `"`+tag+`"`)
	c.Header("Cache-Control", "no-cache")
	if c.Query("v") != "" && strings.HasPrefix(tag, c.Query("v")) {
		c.Header("Cache-Control", "public, max-age=31536000, immutable")
	}
	c.Header("Content-Type", mediaType)
	http.ServeContent(c.Writer, c.Request, "", time.Time{}, bytes.NewReader(data))
}

// fontSheet names the faces of previews for the browser.
func (s *Shell) fontSheet(c *gin.Context) *web.Problem {
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
			face.Family, style, weight, i, web.Digest(face.Data))
	}
	GiveFile(c, "text/css; charset=utf-8", web.Digest(b.Bytes()), b.Bytes())
	return nil
}

func (s *Shell) giveFont(c *gin.Context) *web.Problem {
	for i, face := range s.Office.Faces() {
		if c.Param("name") == fmt.Sprint(i) {
			GiveFile(c, face.MediaType, web.Digest(face.Data), face.Data)
			return nil
		}
	}
	return web.NewProblem(http.StatusNotFound, "Không có phông chữ này.")
}

// queueRoutes show River's view of the queue, with its own scripts.
func (s *Shell) queueRoutes() []web.Route {
	view, err := s.Jobs.UI(s.Until, QueuePath)
	if err != nil {
		s.Log.Error("no view of the queue", "error", err)
		return nil
	}
	show := func(c *gin.Context) *web.Problem {
		c.Header("Content-Security-Policy", web.Policy(" 'unsafe-inline'")) // style elements that its scripts add
		c.Header("Cache-Control", "no-store")
		view.ServeHTTP(c.Writer, c.Request)
		return nil
	}
	list := []web.Route{web.PageRoute(QueuePath, account.Admin, func(c *gin.Context) *web.Problem {
		c.Redirect(http.StatusPermanentRedirect, QueuePath+"/")
		return nil
	})}
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		list = append(list, web.Route{
			Method: method, Path: QueuePath + "/*path", Role: account.Admin, Body: web.BodyLimit{Max: web.MaxAdmin}, Answer: show,
		})
	}
	return list
}

// QueuePath is the view of the queue.
const QueuePath = "/quan-tri/hang-doi"

// Level is the findings of one severity.
type Level struct {
	Class    string // of the style sheet: error, warning, info
	Heading  string
	Findings []shownFinding
}

// shownFinding is a finding with its place in words, without the file, which the heading names.
type shownFinding struct {
	diag.Finding
	Place string
}

// Levels returns findings by severity, the worst first.
func Levels(found diag.Findings) []Level {
	found = slices.Clone(found)
	found.Sort()
	var groups []Level
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
			groups = append(groups, Level{kind.class, fmt.Sprintf(kind.heading, len(shown)), shown})
		}
	}
	return groups
}

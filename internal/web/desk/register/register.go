package register

import (
	"cmp"
	"context"
	"embed"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	"vanthu/internal/office"
	"vanthu/internal/register"
	"vanthu/internal/store"
	"vanthu/internal/vi"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
)

// Pages is the pages of the register of outgoing documents.
type Pages struct{ *desk.Shell }

// Files are what browsers are given for the pages.
//
//go:embed *.html *.js *.css
var Files embed.FS

// New returns the pages of the register on a desk.
func New(d *desk.Shell) *Pages { return &Pages{d} }

// RegisterPath is the page of the register.
const RegisterPath = "/so-dang-ky"

// linesAtOnce is how many lines of the register a page shows.
const linesAtOnce = 100

// Routes are their addresses.
func (s *Pages) Routes() []web.Route {
	return []web.Route{
		web.PageRoute(RegisterPath, account.Drafter, s.register),
		web.PageRoute(RegisterPath+"/tai-ve", account.Drafter, s.registerBook),
		web.PageRoute(RegisterPath+"/in", account.Drafter, s.printRegister),

		web.PageRoute(RegisterPath+"/lay-so", account.Clerk, s.numberForm),
		web.PageRoute(RegisterPath+"/so-ke-tiep", account.Clerk, s.nextNumber),
		s.Action(RegisterPath+"/lay-so", account.Clerk, web.MaxSmall, s.takeNumber),

		web.PageRoute(RegisterPath+"/so/:key", account.Drafter, s.entry),
		s.Action(RegisterPath+"/so/:key/phat-hanh", account.Clerk, web.MaxSmall, s.issueNumber),
		s.Action(RegisterPath+"/so/:key/huy", account.Clerk, web.MaxSmall, s.voidNumber),
		s.Action(RegisterPath+"/so/:key/ghi", account.Clerk, web.MaxSmall, s.annotate),

		web.PageRoute(RegisterPath+"/nhap", account.Clerk, s.importForm),
		s.Action(RegisterPath+"/nhap", account.Clerk, web.MaxData, s.tryImport),
		s.Action(RegisterPath+"/nhap/ghi", account.Clerk, web.MaxSmall, s.importRegister),
	}
}

// registerPage is what register.html shows.
type registerPage struct {
	Words                 string
	Years, Series, States []registerChoice
	MayAct                bool
	registerLines
}

// registerLines is a page of the lines that were looked for.
type registerLines struct {
	Lines              []registerLine
	Total, First, Last int    // from 1
	Before, After      string // addresses of the pages next to it, or empty
	Searched           bool   // there is some condition
	BookYear           int    // of the book to print
	Book               string // what the address of the book adds
}

// registerLine is a line as pages show it.
type registerLine struct {
	register.BookLine
	Key                string
	State              store.State
	Day, Count, SentOn string // those of the BookLine in words, empty for none
}

// registerChoice is an item of a list to choose from.
type registerChoice struct {
	Value, Name string
	Chosen      bool
}

// registerQuery is what somebody looks for in the register.
type registerQuery struct {
	words, series, state string
	year, page           int
}

func registerQueryOf(c *gin.Context) registerQuery {
	q := registerQuery{words: strings.ToValidUTF8(c.Query("tim"), ""), series: c.Query("day"), state: c.Query("tinh-trang")}
	q.year, _ = strconv.Atoi(c.Query("nam"))
	q.page, _ = strconv.Atoi(c.Query("trang"))
	q.page = min(max(q.page, 1), 1_000_000)
	return q
}

// filter chooses what is looked for among the lines that somebody may see.
func (q registerQuery) filter(asking account.Who) store.Filter {
	f := store.Filter{Office: &asking.Office, Year: q.year, Words: q.words}
	if !knowsSecrets(asking) {
		f.Veiled = office.SecretSeries
	}
	f.Name, f.Unit, _ = strings.Cut(q.series, "@")
	f.State, _ = register.StateNamed(q.state)
	return f
}

// knowsSecrets reports whether somebody may know what secret documents are about: whoever keeps the register does.
func knowsSecrets(asking account.Who) bool { return asking.Role.May(account.Clerk) }

// seen is an entry as somebody may see it.
func seen(asking account.Who, entry store.Entry) store.Entry {
	if knowsSecrets(asking) {
		return entry
	}
	return register.Redact(entry)
}

// address is where a page of the same search is.
func (q registerQuery) address(page int) string {
	v := url.Values{}
	for name, value := range map[string]string{"tim": q.words, "day": q.series, "tinh-trang": q.state} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.year != 0 {
		v.Set("nam", strconv.Itoa(q.year))
	}
	if page > 1 {
		v.Set("trang", strconv.Itoa(page))
	}
	return RegisterPath + "?" + v.Encode()
}

// register shows the register of outgoing documents, or for htmx the lines alone.
func (s *Pages) register(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	office, q := web.Principal(ctx).Office, registerQueryOf(c)
	lines, err := s.registerLines(ctx, q)
	if err != nil {
		return s.Fault(ctx, "list numbers", err)
	}
	if c.GetHeader("HX-Request") != "" {
		return s.ShowPart(c, http.StatusOK, "register.html", "lines", lines)
	}
	series, err := s.Store.SeriesList(ctx, office)
	if err != nil {
		return s.Fault(ctx, "list series", err)
	}
	return s.Show(c, http.StatusOK, "register.html", "Sổ đăng ký văn bản đi", registerPage{
		Words: q.words, Years: s.registerYears(series, q.year), Series: s.seriesChoices(series, q.series),
		States: chosenOf(q.state, registerChoice{"", "Tất cả", false}, registerChoice{"giu-so", "Chưa phát hành", false},
			registerChoice{"phat-hanh", "Đã phát hành", false}, registerChoice{"huy", "Đã hủy", false}),
		MayAct: web.Principal(ctx).Role.May(account.Clerk), registerLines: lines,
	})
}

// registerLines finds a page of lines, the newest first.
func (s *Pages) registerLines(ctx context.Context, q registerQuery) (shown registerLines, err error) {
	filter := q.filter(web.Principal(ctx))
	filter.Newest, filter.Most, filter.Skip = true, linesAtOnce, (q.page-1)*linesAtOnce
	entries, err := s.Store.List(ctx, filter)
	if err != nil {
		return shown, err
	}
	switch n := len(entries); {
	case n > 0 && n < linesAtOnce || n == 0 && q.page == 1: // the last page counts the lines by itself
		shown.Total = filter.Skip + n
	default:
		if shown.Total, err = s.Store.Count(ctx, filter); err != nil {
			return shown, err
		}
	}
	if len(entries) == 0 && shown.Total > 0 { // beyond the last page
		q.page = (shown.Total + linesAtOnce - 1) / linesAtOnce
		return s.registerLines(ctx, q)
	}
	for _, entry := range entries {
		shown.Lines = append(shown.Lines, lineOf(seen(web.Principal(ctx), entry)))
	}
	shown.First, shown.Last = min(filter.Skip+1, shown.Total), filter.Skip+len(entries)
	if q.page > 1 {
		shown.Before = q.address(q.page - 1)
	}
	if shown.Last < shown.Total {
		shown.After = q.address(q.page + 1)
	}
	shown.Searched = q.words != "" || q.series != "" || q.state != "" || q.year != 0
	shown.BookYear = cmp.Or(q.year, vi.Today(s.Now()).Year)
	book := url.Values{"nam": {strconv.Itoa(shown.BookYear)}}
	if q.series != "" {
		book.Set("day", q.series)
	}
	shown.Book = "?" + book.Encode()
	return shown, nil
}

// lineOf is an entry as a page shows it, where a mark says what the book says in its last column of a number that is not issued.
func lineOf(e store.Entry) registerLine {
	line := bookLine(e)
	if e.State == store.Reserved {
		line.Note = e.Note
	}
	return line
}

// bookLine is an entry as the book prints it.
func bookLine(e store.Entry) registerLine {
	line := registerLine{BookLine: register.LineOf(e), Key: e.Key, State: e.State, Day: dayIn(e.Date), SentOn: dayIn(e.Sent)}
	if e.Copies > 0 {
		line.Count = strconv.Itoa(e.Copies)
	}
	return line
}

// dayIn is a day in a table, empty for none.
func dayIn(d vi.Date) string {
	if d == (vi.Date{}) {
		return ""
	}
	return d.Short()
}

// registerYears are the years of which there are numbers, and this one.
func (s *Pages) registerYears(series []store.Series, year int) []registerChoice {
	years := []int{vi.Today(s.Now()).Year}
	for _, one := range series {
		years = append(years, one.Year)
	}
	slices.Sort(years)
	slices.Reverse(years)
	list := []registerChoice{{"", "Tất cả các năm", false}}
	for _, y := range slices.Compact(years) {
		list = append(list, registerChoice{strconv.Itoa(y), strconv.Itoa(y), y == year})
	}
	return list
}

// seriesChoices are the series of which there are numbers, in any year; those of several bodies with the name of each.
func (s *Pages) seriesChoices(series []store.Series, asked string) []registerChoice {
	several := slices.ContainsFunc(series, func(one store.Series) bool { return one.Unit != series[0].Unit })
	list := []registerChoice{{"", "Tất cả", false}}
	for _, one := range series {
		item := registerChoice{Value: one.Name + "@" + one.Unit, Name: s.seriesName(one.Name)}
		if several {
			item.Name += " – " + one.Unit
		}
		if !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	slices.SortFunc(list[1:], func(a, b registerChoice) int { return cmp.Compare(vi.Fold(a.Name), vi.Fold(b.Name)) })
	return chosenOf(asked, list...)
}

func chosenOf(value string, list ...registerChoice) []registerChoice {
	for i := range list {
		list[i].Chosen = list[i].Value == value
	}
	return list
}

// seriesName is what people call a series.
func (s *Pages) seriesName(name string) string {
	switch name {
	case "chung":
		return "Chung mọi loại"
	case "mat":
		return "Văn bản mật"
	case "ban-sao":
		return "Bản sao"
	}
	for _, kind := range s.Office.Kinds() {
		if kind.Slug == name || vi.FileName(vi.Fold(kind.Name)) == name {
			return kind.Name
		}
	}
	return name
}

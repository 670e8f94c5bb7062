package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	deskservice "vanthu/internal/desk"
	"vanthu/internal/maker"
	"vanthu/internal/office"
	"vanthu/internal/store"
	"vanthu/internal/vi"
	"vanthu/internal/web"
)

// homePage is what home.html shows.
type homePage struct {
	Search    string
	Groups    []KindGroup
	Drafts    []homeDraft
	Older     []homeDraft // that are not shown at once
	Documents []homeDocument
	Due       *dueTasks // nil where no document follows tasks up

	Begin, MayProfile bool // the office has not said its name yet; who asks may say it
}

// KindGroup is the kinds under one heading.
type KindGroup struct {
	Name  string
	Kinds []office.Kind
	Open  bool // shown at once
}

// homeDraft is a draft in the list.
type homeDraft struct {
	store.Draft
	KindName string
}

// homeDocument is a document in the list.
type homeDocument struct {
	store.Document
	Heading string // number and symbol
}

// Link is where a document is shown, empty for one of a batch.
func (d homeDocument) Link() string {
	if d.Draft == "" {
		return ""
	}
	return "/van-ban/" + d.Draft
}

// dueTasks are the tasks to look after, by the document that follows them up.
type dueTasks struct {
	From  homeDocument
	Tasks []dueTask
	More  int // that are not shown
}

type dueTask struct {
	maker.Task
	Late int // days since it was due; negative for days left
}

// dailyGroups are those that an office works with every week; the others are folded.
var dailyGroups = []string{"Chương trình, kế hoạch, báo cáo", "Thông báo, tờ trình, công văn", "Báo cáo định kỳ của Thường trực"}

// What the lists of the first page hold.
const (
	maxDrafts    = 6   // at once
	maxKnown     = 100 // with the older ones
	maxDocuments = 8
	maxDue       = 10
	daysAhead    = 14
)

func (s *Shell) homeRoutes() []web.Route {
	return []web.Route{web.PageRoute("/", account.Drafter, s.home)}
}

func (s *Shell) home(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	shown := homePage{Search: strings.TrimSpace(vi.NFC(strings.ToValidUTF8(c.Query("tim"), "")))}
	shown.Groups = kindsFor(s.Office.Kinds(), shown.Search)
	if c.GetHeader("HX-Request") != "" {
		return s.ShowPart(c, http.StatusOK, "home.html", "kinds", shown)
	}
	var p *web.Problem
	if shown.Drafts, p = s.homeDrafts(ctx); p == nil {
		shown.Drafts, shown.Older = shown.Drafts[:min(len(shown.Drafts), maxDrafts)], shown.Drafts[min(len(shown.Drafts), maxDrafts):]
		if shown.Documents, p = s.homeDocuments(ctx); p == nil {
			shown.Due, p = s.homeTasks(ctx)
		}
	}
	var office office.Office
	if p == nil {
		office, p = s.OfficeOfDraft(ctx, web.Principal(ctx).Office)
	}
	shown.Begin, shown.MayProfile = office.Agency.Name == "", web.Principal(ctx).Role.May(account.Admin)
	if p != nil {
		return p
	}
	return s.Show(c, http.StatusOK, "home.html", "Trang chủ", shown)
}

// kindsFor groups the kinds that have every word of a search in name, group or summary, accents aside: first those that have them in the name,
// then the groups of daily work.
func kindsFor(kinds []office.Kind, search string) (groups []KindGroup) {
	words := strings.Fields(sought(search))
	for _, kind := range kinds { // by group already
		text := sought(kind.Name + " " + kind.Group + " " + kind.Summary)
		if slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }) {
			continue
		}
		if n := len(groups); n == 0 || groups[n-1].Name != kind.Group {
			groups = append(groups, KindGroup{Name: kind.Group, Open: len(words) > 0 || slices.Contains(dailyGroups, kind.Group)})
		}
		last := &groups[len(groups)-1]
		last.Kinds = append(last.Kinds, kind)
	}
	elsewhere := func(kind office.Kind) int { // 1 where the name alone has not every word
		name := sought(kind.Name)
		if slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(name, word) }) {
			return 1
		}
		return 0
	}
	for _, group := range groups {
		slices.SortStableFunc(group.Kinds, func(a, b office.Kind) int { return elsewhere(a) - elsewhere(b) })
	}
	rank := func(g KindGroup) int {
		if i := slices.Index(dailyGroups, g.Name); i >= 0 {
			return i
		}
		return len(dailyGroups)
	}
	slices.SortStableFunc(groups, func(a, b KindGroup) int {
		return cmp.Or(elsewhere(a.Kinds[0])-elsewhere(b.Kinds[0]), rank(a)-rank(b))
	})
	return groups
}

// sought is a text as it is looked for: quý and quí, kỳ and kì are alike.
func sought(text string) string { return strings.ReplaceAll(vi.Fold(text), "y", "i") }

func (s *Shell) homeDrafts(ctx context.Context) (list []homeDraft, p *web.Problem) {
	drafts, err := s.Store.Drafts(ctx, web.Principal(ctx).Office, maxKnown)
	if err != nil {
		return nil, s.Fault(ctx, "drafts", err)
	}
	for _, draft := range drafts {
		uploaded := slices.ContainsFunc(draft.Files, func(f store.DraftFile) bool { return f.Role == deskservice.DataRole })
		if uploaded {
			continue
		}
		shown := homeDraft{Draft: draft, KindName: draft.Kind}
		if schema := s.Office.Schema(draft.Kind); schema != nil {
			shown.KindName = schema.Name
		}
		list = append(list, shown)
	}
	return list, nil
}

func (s *Shell) homeDocuments(ctx context.Context) (list []homeDocument, p *web.Problem) {
	documents, err := s.Store.RecentDocuments(ctx, web.Principal(ctx).Office, maxDocuments)
	if err != nil {
		return nil, s.Fault(ctx, "recent documents", err)
	}
	for _, document := range documents {
		list = append(list, homeDocument{document, DocumentHeading(document)})
	}
	return list, nil
}

// homeTasks are the tasks that are not done and are overdue or due within two weeks, the longest overdue first.
func (s *Shell) homeTasks(ctx context.Context) (*dueTasks, *web.Problem) {
	document, err := s.Store.LastWithTasks(ctx, web.Principal(ctx).Office)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, s.Fault(ctx, "last with tasks", err)
	}
	var tasks []maker.Task
	if err := json.Unmarshal(document.Tasks, &tasks); err != nil {
		return nil, s.Fault(ctx, "tasks", err)
	}
	today := vi.Today(s.Now())
	due := &dueTasks{From: homeDocument{document, DocumentHeading(document)}}
	for _, task := range tasks {
		if late := task.Due.Until(today); !task.Done && task.Due != (vi.Date{}) && late >= -daysAhead {
			due.Tasks = append(due.Tasks, dueTask{task, late})
		}
	}
	slices.SortStableFunc(due.Tasks, func(a, b dueTask) int { return b.Late - a.Late })
	due.More = max(0, len(due.Tasks)-maxDue)
	due.Tasks = due.Tasks[:len(due.Tasks)-due.More]
	return due, nil
}

// When says how late a task is, or how long there is left.
func (t dueTask) When() string {
	switch {
	case t.Late > 0:
		return "quá hạn " + days(t.Late)
	case t.Late == 0:
		return "hôm nay"
	default:
		return "còn " + days(-t.Late)
	}
}

func days(n int) string { return fmt.Sprintf("%d ngày", n) }

// DocumentHeading is the number and symbol of a document, or what it is where it has none.
func DocumentHeading(document store.Document) string {
	if symbol := strings.TrimSpace(strings.ReplaceAll(document.Symbol, "\u00a0", " ")); symbol != "" && !strings.HasPrefix(symbol, "/") {
		return symbol
	}
	return "Văn bản chưa có số"
}

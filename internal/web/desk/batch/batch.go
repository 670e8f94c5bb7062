package batch

import (
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	"vanthu/internal/job"
	"vanthu/internal/store"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
)

// Pages is the pages of data files, of batches and of Word files to print.
type Pages struct{ *desk.Shell }

// Files are what browsers are given for the pages.
//
//go:embed *.html *.js *.css
var Files embed.FS

// New returns the pages of data files, batches and Word files on a desk.
func New(d *desk.Shell) *Pages { return &Pages{d} }

// Routes are their addresses.
func (s *Pages) Routes() []web.Route {
	return slices.Concat(s.fileRoutes(), s.convertRoutes(), s.batchRoutes())
}

// BatchPath is the page of batches.
const BatchPath = "/lo"

const (
	itemsOnPage   = 100
	summaryPlace  = "tong-hop" // of the consolidated report, where documents have their position
	longestInWait = 5          // seconds between looks of a browser without scripts
)

// batchPage is what batch.html shows.
type batchPage struct {
	Batches []shownBatch
}

// shownBatch is a batch as pages tell of it.
type shownBatch struct {
	job.Status
	Word, Class string // of its state
	Ended       bool
	Ready       int // documents that are there
	Settled     int // documents of which it is known what became
	Again       int // documents that may be made once more
	Bad         int // documents that could not be made
}

// batchStates are the states of a batch in words, with the class of their tag.
var batchStates = map[store.BatchState][2]string{
	store.Planning:  {"Đang đọc tệp", ""},
	store.Running:   {"Đang làm", ""},
	store.Done:      {"Xong", "good"},
	store.Cancelled: {"Đã hủy", "warning"},
}

func shownBatchOf(status job.Status) shownBatch {
	words := batchStates[status.State]
	b := shownBatch{
		Status: status, Word: words[0], Class: words[1], Ended: web.Ended(status.State),
		Ready: status.Made + status.Kept, Settled: status.Total - status.Pending, Again: status.Failed + status.Skipped, Bad: status.Refused + status.Failed,
	}
	if status.State == store.Done && (status.Refused+status.Failed > 0 || status.Findings.Blocking()) {
		b.Word, b.Class = "Xong, có lỗi", "warning"
	}
	if status.State == store.Done && b.Ready == 0 {
		b.Word, b.Class = "Không làm được", "error"
	}
	return b
}

// resultPage is what progress.html shows.
type resultPage struct {
	Batch   shownBatch
	Found   []desk.Level
	Items   itemList
	Summary *shownItem // the consolidated report, or nil
	Wait    int
	Archive string
}

// itemList is the table of what became of the units of a batch, as the part "items" of progress.html shows it.
type itemList struct {
	ID      string
	States  []stateChoice
	Chosen  string // a state, or empty for all
	Items   []shownItem
	First   int // of the items, from 1
	Last    int
	Total   int
	Back    string // to the page before, or empty
	Forward string
}

// stateChoice is one of the states by which the table is filtered.
type stateChoice struct {
	Name, Word string
	Count      int
	Link       string
	Here       bool
}

// shownItem is a line of the table.
type shownItem struct {
	job.Entry
	Word, Class string
	Files       []itemFile
	Levels      []desk.Level
	Count       int // of findings
}

// itemFile is a file of a document.
type itemFile struct{ Link, Word string }

var itemWords = []struct {
	state       store.ItemState
	word, class string
}{
	{store.Made, "Đã làm", "good"},
	{store.Kept, "Giữ nguyên", "good"},
	{store.Refused, "Dữ liệu có lỗi", "error"},
	{store.Failed, "Lỗi máy", "error"},
	{store.Pending, "Chưa làm", ""},
	{store.Skipped, "Bỏ qua", "warning"},
}

func (s *Pages) batchRoutes() []web.Route {
	full := web.TooMany("Đang nhận nhiều tệp lớn cùng lúc. Hãy gửi lại sau ít giây.", 10)
	return []web.Route{
		web.PageRoute(BatchPath, account.Clerk, s.batchPage),
		{Method: http.MethodPost, Path: BatchPath, Role: account.Clerk, Body: web.BodyLimit{Max: web.MaxBatch, Slots: s.Uploads, Full: full}, Answer: s.sendBatch},
		web.PageRoute(BatchPath+"/:id", account.Clerk, s.showBatch),
		web.PageRoute(BatchPath+"/:id/ket-qua", account.Clerk, s.showItems),
		web.PageRoute(BatchPath+"/:id/tep/:stt/:n", account.Clerk, s.giveItemFile),
		s.Action(BatchPath+"/:id/huy", account.Clerk, web.MaxSmall, s.cancelOnPage),
		s.Action(BatchPath+"/:id/lam-lai", account.Clerk, web.MaxSmall, s.retryOnPage),
	}
}

func (s *Pages) batchPage(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	latest, err := s.Jobs.BatchesOf(ctx, web.Principal(ctx).Office, web.MaxListed)
	if err != nil {
		return s.Fault(ctx, "list batches", err)
	}
	shown := batchPage{}
	for _, status := range latest {
		shown.Batches = append(shown.Batches, shownBatchOf(status))
	}
	return s.Show(c, http.StatusOK, "batch.html", "Chạy hàng loạt", shown)
}

// sendBatch takes the form of the page where scripts do not run; those send it to the API.
func (s *Pages) sendBatch(c *gin.Context) *web.Problem {
	id, _, p := s.TakeBatch(c, "")
	if p != nil {
		return p
	}
	c.Redirect(http.StatusSeeOther, BatchPath+"/"+id)
	return nil
}

func (s *Pages) showBatch(c *gin.Context) *web.Problem {
	status, p := s.BatchStatus(c.Request.Context(), c.Param("id"))
	var items itemList
	if p == nil {
		items, p = s.itemList(c, status)
	}
	if p != nil {
		return p
	}
	summary, there, err := s.Jobs.Summary(c.Request.Context(), status.ID)
	if err != nil {
		return s.Fault(c.Request.Context(), "summary", err)
	}
	shown := resultPage{
		Batch: shownBatchOf(status), Found: desk.Levels(status.Findings), Items: items, Wait: longestInWait, Archive: web.BatchesPath + "/" + status.ID + "/archive",
	}
	if there {
		item := shownItemOf(status.ID, summaryPlace, summary)
		shown.Summary = &item
	}
	if !shown.Batch.Ended {
		shown.Archive += "?partial=true"
	}
	return s.Show(c, http.StatusOK, "progress.html", status.Name, shown)
}

// showItems returns the table alone.
func (s *Pages) showItems(c *gin.Context) *web.Problem {
	status, p := s.BatchStatus(c.Request.Context(), c.Param("id"))
	var items itemList
	if p == nil {
		items, p = s.itemList(c, status)
	}
	if p != nil {
		return p
	}
	return s.ShowPart(c, http.StatusOK, "progress.html", "items", items)
}

// itemList is a page of the items of a batch, of the state and the page that the query says.
func (s *Pages) itemList(c *gin.Context, status job.Status) (list itemList, p *web.Problem) {
	entries, err := s.Jobs.Entries(c.Request.Context(), status.ID)
	if err != nil {
		return list, s.Fault(c.Request.Context(), "list items", err)
	}
	list = itemList{ID: status.ID, Chosen: c.Query("tinh-trang")}
	count := map[store.ItemState]int{}
	var chosen []job.Entry
	for _, entry := range entries {
		count[entry.State]++
		if list.Chosen == "" || string(entry.State) == list.Chosen {
			chosen = append(chosen, entry)
		}
	}
	if len(entries) > 0 {
		list.States = append(list.States, stateChoice{Word: "Tất cả", Count: len(entries), Link: list.link("", 1), Here: list.Chosen == ""})
	}
	for _, choice := range itemWords {
		name := string(choice.state)
		if count[choice.state] > 0 || list.Chosen == name {
			list.States = append(list.States, stateChoice{name, choice.word, count[choice.state], list.link(name, 1), list.Chosen == name})
		}
	}
	list.Total = len(chosen)
	pages := max(1, (list.Total+itemsOnPage-1)/itemsOnPage)
	asked, _ := strconv.Atoi(c.Query("trang"))
	at := min(max(asked, 1), pages)
	first, last := (at-1)*itemsOnPage, min(at*itemsOnPage, list.Total)
	list.First, list.Last = first+1, last
	for _, entry := range chosen[first:last] {
		list.Items = append(list.Items, shownItemOf(status.ID, strconv.Itoa(entry.Position), entry))
	}
	if at > 1 {
		list.Back = list.link(list.Chosen, at-1)
	}
	if at < pages {
		list.Forward = list.link(list.Chosen, at+1)
	}
	return list, nil
}

func (l itemList) link(state string, page int) string {
	query := url.Values{}
	if state != "" {
		query.Set("tinh-trang", state)
	}
	if page > 1 {
		query.Set("trang", strconv.Itoa(page))
	}
	link := BatchPath + "/" + l.ID
	if len(query) > 0 {
		link += "?" + query.Encode()
	}
	return link + "#ket-qua"
}

func shownItemOf(batch, place string, entry job.Entry) shownItem {
	item := shownItem{Entry: entry, Levels: desk.Levels(entry.Findings), Count: len(entry.Findings)}
	for _, choice := range itemWords {
		if choice.state == entry.State {
			item.Word, item.Class = choice.word, choice.class
		}
	}
	for i, file := range entry.Files {
		item.Files = append(item.Files, itemFile{fmt.Sprintf("%s/%s/tep/%s/%d", BatchPath, batch, place, i), fileWord(file.Name)})
	}
	return item
}

// fileWord is what people call a file of this ending.
func fileWord(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".docx":
		return "Word"
	case ".pdf":
		return "PDF"
	case ".xlsx":
		return "Excel"
	}
	return path.Base(name)
}

var mediaTypes = map[string]string{".docx": web.WordType, ".pdf": web.PdfType, ".xlsx": web.ExcelType}

// giveItemFile returns one file of one document of a batch.
func (s *Pages) giveItemFile(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	status, p := s.BatchStatus(ctx, c.Param("id"))
	if p != nil {
		return p
	}
	file, known, err := s.itemFile(c, status.ID)
	if err != nil {
		return s.Fault(ctx, "list items", err)
	}
	missing := web.NewProblem(http.StatusNotFound, "Không có tệp này. Hãy mở lại trang kết quả.")
	if !known {
		return missing
	}
	data, err := s.Jobs.Files.Get(ctx, file.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return missing
	}
	if err != nil {
		return s.Fault(ctx, "open file", err)
	}
	defer data.Close()
	c.Header("Content-Type", mediaTypes[strings.ToLower(path.Ext(file.Name))])
	c.Header("Content-Disposition", web.Attachment(path.Base(file.Name)))
	c.Header("Cache-Control", "no-store")
	if _, err := io.Copy(s.NewDeadlineWriter(c), data); err != nil {
		_ = s.Fault(ctx, "give file", err)
		panic(http.ErrAbortHandler) // a file cut short must not pass for a whole one
	}
	return nil
}

// itemFile finds the file that a request names by the position of its document and its own place.
func (s *Pages) itemFile(c *gin.Context, batch string) (file store.StoredFile, known bool, err error) {
	entries, err := s.Jobs.Entries(c.Request.Context(), batch)
	if err != nil {
		return file, false, err
	}
	if c.Param("stt") == summaryPlace {
		summary, _, err := s.Jobs.Summary(c.Request.Context(), batch)
		if err != nil {
			return file, false, err
		}
		entries = []job.Entry{summary}
	}
	for _, entry := range entries {
		if c.Param("stt") != summaryPlace && strconv.Itoa(entry.Position) != c.Param("stt") {
			continue
		}
		for i, file := range entry.Files {
			if strconv.Itoa(i) == c.Param("n") {
				return file, true, nil
			}
		}
	}
	return file, false, nil
}

func (s *Pages) cancelOnPage(c *gin.Context) *web.Problem {
	if p := s.StopBatch(c, c.Param("id")); p != nil {
		return p
	}
	c.Redirect(http.StatusSeeOther, BatchPath+"/"+c.Param("id"))
	return nil
}

func (s *Pages) retryOnPage(c *gin.Context) *web.Problem {
	if _, p := s.AgainBatch(c, c.Param("id")); p != nil {
		return p
	}
	c.Redirect(http.StatusSeeOther, BatchPath+"/"+c.Param("id"))
	return nil
}

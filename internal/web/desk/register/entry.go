package register

import (
	"errors"
	"net/http"
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
)

// entryPage is what entry.html shows.
type entryPage struct {
	store.Entry
	Line     registerLine
	Series   string // its name
	Document string // the address of the document that has the number, or empty
	InBatch  bool   // the document was made in a batch
	MayAct   bool
	Done     string // what was just done: "lay-so", "phat-hanh", "huy", "ghi", "da-lay"

	Typed                      bool // what follows was typed; else it is as it is
	KeptBy, Copies, Sent, Note string
	Reason                     string
	Wrong                      map[string][]diag.Finding // by field
}

// entryAddress is the page of an entry.
func entryAddress(entry store.Entry, done string) string {
	address := RegisterPath + "/so/" + entry.Key
	if done != "" {
		address += "?vua=" + done
	}
	return address
}

// entryOf finds the entry that the address names, of the office of whoever asks.
func (s *Pages) entryOf(c *gin.Context) (entry store.Entry, p *web.Problem) {
	ctx := c.Request.Context()
	entry, err := s.Store.Entry(ctx, web.Principal(ctx).Office, c.Param("key"))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return entry, web.NewProblem(http.StatusNotFound, "Trong sổ không có số này. Hãy tìm lại ở trang Sổ văn bản đi.")
	case err != nil:
		return entry, s.Fault(ctx, "find number", err)
	}
	return entry, nil
}

func (s *Pages) entry(c *gin.Context) *web.Problem {
	entry, p := s.entryOf(c)
	if p != nil {
		return p
	}
	return s.showEntry(c, http.StatusOK, entryPage{Entry: entry, Done: c.Query("vua")})
}

// showEntry shows a number, with what was typed where something is wrong with it.
func (s *Pages) showEntry(c *gin.Context, status int, shown entryPage) *web.Problem {
	ctx := c.Request.Context()
	document, err := s.Desk.DocumentOf(ctx, shown.Entry)
	if err != nil {
		return s.Fault(ctx, "document of number", err)
	}
	secret := shown.Entry.Name == office.SecretSeries && !knowsSecrets(web.Principal(ctx))
	shown.Entry = seen(web.Principal(ctx), shown.Entry)
	if shown.InBatch = document.Name != "" && document.Draft == ""; document.Draft != "" && !secret {
		shown.Document = "/van-ban/" + document.Draft
	}
	shown.Line, shown.Series = lineOf(shown.Entry), s.seriesName(shown.Name)
	shown.MayAct = web.Principal(ctx).Role.May(account.Clerk)
	if !shown.Typed {
		shown.KeptBy, shown.Note = shown.Entry.KeptBy, shown.Entry.Note
		shown.Copies, shown.Sent = shown.Line.Count, shown.Line.SentOn
	}
	return s.Show(c, status, "entry.html", "Số "+shown.Symbol, shown)
}

// issueNumber says that a number went out, with its Word file where that was made here.
func (s *Pages) issueNumber(c *gin.Context) *web.Problem {
	entry, p := s.entryOf(c)
	if p != nil {
		return p
	}
	ctx := c.Request.Context()
	err := s.Desk.Issue(ctx, entry)
	switch {
	case errors.Is(err, store.ErrState):
		return web.NewProblem(http.StatusConflict, "Số "+entry.Symbol+" đã hủy nên không phát hành được. Hãy lấy số khác.")
	case err != nil:
		return s.Fault(ctx, "issue number", err)
	default:
		s.Audit(c, "issue-number", entry.Symbol, entry.Title)
		c.Redirect(http.StatusSeeOther, entryAddress(entry, "phat-hanh"))
	}
	return nil
}

// voidNumber makes a number void, with the reason. One that is void stays as it is, as after a second click.
func (s *Pages) voidNumber(c *gin.Context) *web.Problem {
	entry, p := s.entryOf(c)
	if p != nil {
		return p
	}
	ctx := c.Request.Context()
	reason := strings.TrimSpace(web.FormOf(c).Text("ly_do"))
	_, found, err := s.Register.Void(ctx, &entry.Office, entry.Series, entry.Number, reason)
	switch {
	case err != nil:
		return s.Fault(ctx, "void number", err)
	case entry.State == store.Void || slices.ContainsFunc(found, func(f diag.Finding) bool { return f.Code == diag.NumberVoid }):
		c.Redirect(http.StatusSeeOther, entryAddress(entry, ""))
	case found.Blocking():
		return s.showEntry(c, http.StatusUnprocessableEntity, entryPage{Entry: entry, Reason: reason, Wrong: map[string][]diag.Finding{"ly_do": found}})
	default:
		s.Audit(c, "void-number", entry.Symbol, reason)
		c.Redirect(http.StatusSeeOther, entryAddress(entry, "huy"))
	}
	return nil
}

// annotate fills in the columns that are kept by hand.
func (s *Pages) annotate(c *gin.Context) *web.Problem {
	entry, p := s.entryOf(c)
	if p != nil {
		return p
	}
	form := web.FormOf(c)
	shown := entryPage{
		Entry: entry, Typed: true, KeptBy: form.Line("luu"), Copies: form.Line("so_ban"), Sent: form.Line("ngay_chuyen"),
		Note: strings.TrimSpace(form.Text("ghi_chu")),
	}
	by := store.Annotation{KeptBy: shown.KeptBy, Note: shown.Note}
	shown.Wrong = map[string][]diag.Finding{}
	if shown.Copies != "" {
		var err error
		if by.Copies, err = strconv.Atoi(shown.Copies); err != nil || by.Copies < 0 || by.Copies > 100_000 {
			shown.Wrong["so_ban"] = []diag.Finding{{Message: "Số lượng bản phải là một số, ví dụ 12."}}
		}
	}
	if shown.Sent != "" {
		var err error
		if by.Sent, err = vi.ParseDate(shown.Sent); err != nil {
			shown.Wrong["ngay_chuyen"] = []diag.Finding{noDay(shown.Sent, err)}
		}
	}
	if len(shown.Wrong) > 0 {
		return s.showEntry(c, http.StatusUnprocessableEntity, shown)
	}
	if _, err := s.Store.Annotate(c.Request.Context(), entry.Series, entry.Number, by); err != nil {
		return s.Fault(c.Request.Context(), "annotate number", err)
	}
	s.Audit(c, "annotate-number", entry.Symbol, "")
	c.Redirect(http.StatusSeeOther, entryAddress(entry, "ghi"))
	return nil
}

// noDay tells of a text that is no day.
func noDay(text string, err error) diag.Finding {
	message := "“" + diag.Excerpt(text) + "” không phải là ngày."
	if errors.Is(err, vi.ErrNoSuchDay) {
		message = "Không có ngày " + diag.Excerpt(text) + "."
	}
	return diag.Finding{Severity: diag.Error, Code: diag.NotADate, Message: message, Hint: "Viết ngày/tháng/năm, ví dụ 27/3/2026."}
}

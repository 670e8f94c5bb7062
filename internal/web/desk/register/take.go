package register

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/diag"
	"vanthu/internal/register"
	"vanthu/internal/store"
	"vanthu/internal/vi"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
)

// takePage is what take.html shows: a form as it was typed.
type takePage struct {
	Key                                                  string // of this form: sent twice it takes one number
	Kind, Date, About, Unit, Secrecy, Signer, Recipients string

	Again     bool // the same document has a number of that day: another is taken when the person says so
	Groups    []desk.KindGroup
	Signers   []string // who signed of late
	Secrecies []string
	Next      nextNumber
	Wrong     map[string][]diag.Finding // by field
	Rest      diag.Findings             // about none of them
}

// nextNumber is the number that the form would take.
type nextNumber struct {
	Symbol string
	Last   *store.Entry // the one before it
	Found  diag.Findings
}

// takeFields are the fields of the form, as findings call them.
var takeFields = []string{"loai", "ngay", "trich_yeu", "don_vi_soan", "do_mat", "ky", "noi_nhan"}

func (s *Pages) numberForm(c *gin.Context) *web.Problem {
	return s.showNumberForm(c, http.StatusOK, takePage{Key: rand.Text(), Kind: c.Query("loai"), Date: vi.Today(s.Now()).Short()})
}

func (s *Pages) showNumberForm(c *gin.Context, status int, shown takePage) *web.Problem {
	ctx := c.Request.Context()
	office := web.Principal(ctx).Office
	shown.Secrecies = []string{"MẬT", "TỐI MẬT", "TUYỆT MẬT"}
	shown.Groups = desk.GroupKinds(s.Office.Kinds())
	recent, err := s.Store.List(ctx, store.Filter{Office: &office, Newest: true, Most: linesAtOnce})
	if err == nil {
		shown.Next, err = s.next(c, shown)
	}
	if err != nil {
		return s.Fault(ctx, "next number", err)
	}
	for _, entry := range recent {
		if entry.Signer != "" && !slices.Contains(shown.Signers, entry.Signer) {
			shown.Signers = append(shown.Signers, entry.Signer)
		}
	}
	return s.Show(c, status, "take.html", "Lấy số", shown)
}

// nextNumber shows which number a form would take, as it is filled in.
func (s *Pages) nextNumber(c *gin.Context) *web.Problem {
	shown := takePage{Kind: c.Query("loai"), Date: c.Query("ngay"), Unit: c.Query("don_vi_soan"), Secrecy: c.Query("do_mat")}
	next, err := s.next(c, shown)
	if err != nil {
		return s.Fault(c.Request.Context(), "next number", err)
	}
	return s.ShowPart(c, http.StatusOK, "take.html", "next", next)
}

// next finds the number that a form would take; nothing while the form does not say of which kind and day.
func (s *Pages) next(c *gin.Context, form takePage) (next nextNumber, err error) {
	hand := s.hand(c, form)
	if hand.Kind == "" || hand.Date == (vi.Date{}) {
		return nextNumber{}, nil
	}
	next.Symbol, next.Last, next.Found, err = s.Register.NextByHand(c.Request.Context(), hand)
	return next, err
}

// hand is what a form asks for; a day that is none is left out.
func (s *Pages) hand(c *gin.Context, form takePage) register.HandNumber {
	day, _ := vi.ParseDate(form.Date)
	office := web.Principal(c.Request.Context()).Office
	sum := sha256.Sum256([]byte("lay-so\x00" + office + "\x00" + form.Key)) // no form names the number of another office
	return register.HandNumber{
		Office: office, Key: hex.EncodeToString(sum[:]), Kind: form.Kind, Date: day, About: form.About, Unit: form.Unit,
		Secrecy: form.Secrecy, Signer: form.Signer, Recipients: form.Recipients, Again: form.Again, Taken: s.Now(),
	}
}

// takeNumber takes a number by hand. A form that is sent again, by a second click or when its page is loaded again, takes no other.
func (s *Pages) takeNumber(c *gin.Context) *web.Problem {
	ctx, form := c.Request.Context(), web.FormOf(c)
	shown := takePage{
		Key: form.Text("khoa"), Kind: form.Text("loai"), Date: form.Line("ngay"), About: form.Line("trich_yeu"),
		Unit: form.Line("don_vi_soan"), Secrecy: form.Text("do_mat"), Signer: form.Line("ky"),
		Recipients: strings.TrimSpace(form.Text("noi_nhan")), Again: form.Text("lay_them") != "",
	}
	if shown.Key == "" {
		return web.NewProblem(http.StatusUnprocessableEntity, "Trang này mở đã lâu hoặc không phải trang của máy chủ. Hãy tải lại trang rồi làm lại.")
	}
	hand := s.hand(c, shown)
	switch entry, err := s.Store.Entry(ctx, hand.Office, hand.Key); {
	case err == nil:
		c.Redirect(http.StatusSeeOther, entryAddress(entry, "da-lay"))
		return nil
	case !errors.Is(err, store.ErrNotFound):
		return s.Fault(ctx, "take number", err)
	}
	entry, found, err := s.Register.ReserveByHand(ctx, hand)
	if err != nil {
		return s.Fault(ctx, "take number", err)
	}
	if _, err := vi.ParseDate(shown.Date); err != nil && shown.Date != "" {
		found = slices.DeleteFunc(found, func(f diag.Finding) bool { return f.Where.Field == "ngay" })
		wrong := noDay(shown.Date, err)
		wrong.Where.Field = "ngay"
		found.Add(wrong)
	}
	if found.Blocking() {
		again := func(f diag.Finding) bool { return f.Code == diag.NumberAgain }
		shown.Again = slices.ContainsFunc(found, again)
		shown.Wrong, shown.Rest = byField(found, takeFields)
		return s.showNumberForm(c, http.StatusUnprocessableEntity, shown)
	}
	s.Audit(c, "take-number", entry.Symbol, entry.Title)
	c.Redirect(http.StatusSeeOther, entryAddress(entry, "lay-so"))
	return nil
}

// byField sorts findings by the fields of a form that they are about.
func byField(found diag.Findings, fields []string) (wrong map[string][]diag.Finding, rest diag.Findings) {
	wrong = map[string][]diag.Finding{}
	for _, f := range found {
		if slices.Contains(fields, f.Where.Field) {
			wrong[f.Where.Field] = append(wrong[f.Where.Field], f)
			continue
		}
		f.Where.Field = "" // a key that no form shows
		rest.Add(f)
	}
	return wrong, rest
}

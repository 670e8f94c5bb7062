package web

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	"vanthu/internal/store"
)

// route is an address: who may ask for it, what it takes, and what answers. An address that has none is refused to everybody.
type route struct {
	method, path string
	role         account.Role // who may ask, at least; Nobody for everybody
	body         bodyLimit    // what it takes; zero for nothing
	form         bool         // the body is a form of a page, which formOf gives
	foreign      bool         // scripts that are not ours send it: it is known to come from our pages by what the browser says alone
	answer       gin.HandlerFunc
}

// page is a route that shows something.
func page(path string, role account.Role, answer gin.HandlerFunc) route {
	return route{method: http.MethodGet, path: path, role: role, answer: answer}
}

// action is a route that does something with the fields of a form, of at most so many bytes. Larger forms take a seat at the gate.
func (s *server) action(path string, role account.Role, most int64, answer gin.HandlerFunc) route {
	limit := bodyLimit{most: most}
	if most > maxSmall {
		limit.seats, limit.full = s.gate.seats, busy()
	}
	return route{method: http.MethodPost, path: path, role: role, body: limit, form: true, answer: answer}
}

const cookieName = "vanthu"

type whoKey struct{}

// who is the one who asks; admit found it out.
func who(ctx context.Context) account.Who {
	w, _ := ctx.Value(whoKey{}).(account.Who)
	return w
}

func withWho(ctx context.Context, w account.Who) context.Context {
	return context.WithValue(ctx, whoKey{}, w)
}

// refresh sees what was changed in profiles and templates by others. Where it cannot, the former ones still serve.
func (s *server) refresh(c *gin.Context) {
	if c.FullPath() == "" || s.routes[c.Request.Method+" "+c.FullPath()].role == account.Nobody {
		return
	}
	if err := s.app.Refresh(c.Request.Context()); err != nil {
		_ = s.fault(c.Request.Context(), "refresh", err) // what was read before stays in force
	}
}

// admit lets those pass who may ask for an address, and whose browser was not made to ask by another site.
func (s *server) admit(c *gin.Context) {
	if c.FullPath() == "" {
		return // there is no such address
	}
	r, known := s.routes[c.Request.Method+" "+c.FullPath()]
	if !known {
		s.refuse(c, s.fault(c.Request.Context(), "admit", errors.New("route without a rule: "+c.FullPath())))
		return
	}
	asking, program, p := s.identity(c)
	if p != nil && r.role != account.Nobody {
		s.refuse(c, p)
		return
	}
	c.Request = c.Request.WithContext(withWho(c.Request.Context(), asking))
	switch {
	case r.role == account.Nobody:
	case asking.Role == account.Nobody:
		s.askToLogIn(c)
		return
	case !asking.Role.May(r.role):
		s.refuse(c, problem(http.StatusForbidden, "Việc này dành cho vai trò "+r.role.Name()+"; tài khoản của bạn có vai trò "+asking.Role.Name()+"."))
		return
	}
	if !program && !safe(c.Request.Method) {
		s.ownPage(c, r, asking)
	}
}

// safe tells a method that changes nothing.
func safe(method string) bool { return method == http.MethodGet || method == http.MethodOptions }

// identity finds out who asks: a program with its token, a browser with its cookie, or, where there are no users, whoever sits at this machine.
func (s *server) identity(c *gin.Context) (asking account.Who, program bool, p *Problem) {
	ctx := c.Request.Context()
	if key, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer "); ok {
		asking, err := s.accounts.Token(ctx, strings.TrimSpace(key))
		if errors.Is(err, account.ErrEnded) {
			return account.Who{}, true, problem(http.StatusUnauthorized, "Mã truy cập sai, đã hết hạn hoặc đã bị thu hồi. Hãy lấy mã mới ở trang Mã truy cập.")
		}
		if err != nil {
			return account.Who{}, true, s.fault(ctx, "token", err)
		}
		return asking, true, nil
	}
	if cookie, err := c.Request.Cookie(cookieName); err == nil {
		asking, err := s.accounts.Session(ctx, cookie.Value)
		if err == nil {
			return asking, false, nil
		}
		if !errors.Is(err, account.ErrEnded) {
			return account.Who{}, false, s.fault(ctx, "session", err)
		}
	}
	any, err := s.accounts.Any(ctx)
	switch {
	case err != nil:
		return account.Who{}, false, s.fault(ctx, "users", err)
	case any || !s.local:
		return account.Who{}, false, nil
	case forwarded(c.Request.Header):
		return account.Who{}, false, problem(http.StatusForbidden,
			"Có máy chủ khác đứng trước trang này nên không dùng chế độ một người được. Hãy thêm người quản trị rồi chạy lại với --behind-https.")
	case !loopback(c.Request.Host): // another site may give its own name the address of this machine
		return account.Who{}, false, problem(http.StatusForbidden, "Hãy mở trang này bằng địa chỉ http://127.0.0.1 hoặc http://localhost, kèm đúng cổng.")
	}
	return account.Who{Role: account.Admin, Secret: s.aloneSecret, Alone: true}, false, nil
}

// loopback reports whether a Host header names this machine.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// forwarded tells a request that came through a proxy, which stands on this machine and lets others in. Not every proxy says so.
func forwarded(header http.Header) bool {
	return slices.ContainsFunc([]string{"X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via"}, func(name string) bool {
		return header.Get(name) != ""
	})
}

// askToLogIn sends a person to the page of the login, and from there back to where they were going.
func (s *server) askToLogIn(c *gin.Context) {
	login := loginPath + "?tiep=" + url.QueryEscape(c.Request.URL.RequestURI())
	switch {
	case isAPI(c.Request.URL.Path):
		c.Header("WWW-Authenticate", `Bearer realm="Van Thu"`)
		s.refuse(c, problem(http.StatusUnauthorized, "Hãy gửi mã truy cập ở tiêu đề Authorization: Bearer. Lấy mã ở trang Mã truy cập."))
	case c.GetHeader("HX-Request") != "": // a part of a page, which is left as it is: what was typed there is not lost
		s.refuse(c, problem(http.StatusUnauthorized, "Phiên làm việc đã hết. Hãy mở trang đăng nhập ở thẻ khác, đăng nhập rồi quay lại đây làm tiếp."))
	case safe(c.Request.Method):
		c.Redirect(http.StatusSeeOther, login)
		c.Abort()
	default:
		s.refuse(c, problem(http.StatusUnauthorized, "Phiên làm việc đã hết. Hãy đăng nhập rồi làm lại."))
	}
}

// ownPage refuses what changes something and does not come from a page of ours: whoever is logged in, or sits in the office's network, could
// otherwise be made to do so by a page that they only look at. A page of ours carries the secret of the session.
func (s *server) ownPage(c *gin.Context, r route, asking account.Who) {
	if http.NewCrossOriginProtection().Check(c.Request) != nil {
		s.refuse(c, problem(http.StatusForbidden, "Yêu cầu này do trang web khác gửi. Hãy gửi từ chính trang của máy chủ hoặc từ chương trình."))
		return
	}
	anonymous := asking.Role == account.Nobody || asking.Alone && isAPI(c.Request.URL.Path) // a program on this machine
	if r.form || r.foreign || anonymous || same(c.GetHeader("X-CSRF-Token"), asking.Secret) {
		return // takeForm looks at forms
	}
	s.refuse(c, stale())
}

func stale() *Problem {
	return problem(http.StatusForbidden, "Trang này mở đã lâu hoặc không phải trang của máy chủ. Hãy tải lại trang rồi làm lại.")
}

// masked is the secret of a session as a page carries it, other bytes each time: the length of a compressed page tells nothing about it to
// whoever can make it hold a word of theirs (BREACH).
func masked(secret string) string {
	mask := make([]byte, len(secret), 2*len(secret))
	_, _ = rand.Read(mask) // cannot fail
	for i := range len(secret) {
		mask = append(mask, mask[i]^secret[i])
	}
	return base64.RawURLEncoding.EncodeToString(mask)
}

// same compares what a page carried with the secret, in a time that tells nothing about it.
func same(given, secret string) bool {
	mask, err := base64.RawURLEncoding.DecodeString(given)
	if err != nil || secret == "" || len(mask) != 2*len(secret) {
		return false
	}
	plain := make([]byte, len(secret))
	for i := range plain {
		plain[i] = mask[i] ^ mask[len(secret)+i]
	}
	return subtle.ConstantTimeCompare(plain, []byte(secret)) == 1
}

const (
	formKey   = "form"
	csrfField = "csrf"
)

// takeForm reads the form of a page, and refuses one that does not carry the secret of the session.
func (s *server) takeForm(c *gin.Context) {
	if !s.routes[c.Request.Method+" "+c.FullPath()].form {
		return
	}
	form, p := readForm(c.Request)
	if p != nil {
		s.refuse(c, p)
		return
	}
	asking := who(c.Request.Context())
	given := string(form.first(csrfField).data)
	if asking.Role != account.Nobody && !same(given, asking.Secret) && !same(c.GetHeader("X-CSRF-Token"), asking.Secret) {
		s.refuse(c, stale())
		return
	}
	delete(form, csrfField)
	c.Set(formKey, form)
}

// formOf is the form that was sent to a route with form.
func formOf(c *gin.Context) parts { return c.MustGet(formKey).(parts) }

// did writes into the audit what somebody did. That it cannot be written does not undo it.
func (s *server) did(c *gin.Context, action, subject, detail string) {
	ctx := context.WithoutCancel(c.Request.Context())
	asking := who(ctx)
	act := store.Act{
		At: s.now(), Login: asking.Login, Office: asking.Office, Action: action, Subject: subject, Detail: detail, Request: requestID(ctx),
	}
	if err := s.store.AddAct(ctx, act); err != nil {
		s.log.ErrorContext(ctx, "audit", "action", action, "error", err, "id", requestID(ctx))
	}
}

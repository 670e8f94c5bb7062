package web

import (
	"context"
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

// Route is an address: who may ask for it, what it takes, and what answers. An address that has none is refused to everybody.
type Route struct {
	Method, Path string
	Role         account.Role // who may ask, at least; Nobody for everybody
	Body         BodyLimit    // what it takes; zero for nothing
	Form         bool         // the body is a form of a page, which formOf gives
	Answer       HandlerFunc
}

// HandlerFunc answers a request, or returns the problem that answers it instead: respond is the one place that writes it.
type HandlerFunc func(c *gin.Context) *Problem

// respond is a handler as gin calls it.
func (s *Server) respond(answer HandlerFunc) gin.HandlerFunc {
	return func(c *gin.Context) {
		if p := answer(c); p != nil {
			s.refuse(c, p)
		}
	}
}

// PageRoute is a route that shows something.
func PageRoute(path string, role account.Role, answer HandlerFunc) Route {
	return Route{Method: http.MethodGet, Path: path, Role: role, Answer: answer}
}

// Action is a route that does something with the fields of a form, of at most so many bytes. Larger forms take a seat at the gate.
func (s *Server) Action(path string, role account.Role, most int64, answer HandlerFunc) Route {
	limit := BodyLimit{Max: most}
	if most > MaxSmall {
		limit.Slots, limit.Full = s.Gate.Semaphore, Busy()
	}
	return Route{Method: http.MethodPost, Path: path, Role: role, Body: limit, Form: true, Answer: answer}
}

// CookieName is the cookie of a session.
const CookieName = "vanthu"

// LoginPath is the page of the login.
const LoginPath = "/dang-nhap"

type whoKey struct{}

// Principal is the one who asks; admit found it out.
func Principal(ctx context.Context) account.Who {
	w, _ := ctx.Value(whoKey{}).(account.Who)
	return w
}

// WithPrincipal returns a context of a request of somebody.
func WithPrincipal(ctx context.Context, w account.Who) context.Context {
	return context.WithValue(ctx, whoKey{}, w)
}

// refresh sees what was changed in profiles and templates by others. Where it cannot, the former ones still serve.
func (s *Server) refresh(c *gin.Context) {
	if c.FullPath() == "" || s.Routes[c.Request.Method+" "+c.FullPath()].Role == account.Nobody {
		return
	}
	if err := s.Office.Refresh(c.Request.Context()); err != nil {
		_ = s.Fault(c.Request.Context(), "refresh", err) // what was read before stays in force
	}
}

// admit lets those pass who may ask for an address, and whose browser was not made to ask by another site.
func (s *Server) admit(c *gin.Context) *Problem {
	if c.FullPath() == "" {
		return nil // there is no such address
	}
	r, known := s.Routes[c.Request.Method+" "+c.FullPath()]
	if !known {
		return s.Fault(c.Request.Context(), "admit", errors.New("route without a rule: "+c.FullPath()))
	}
	asking, program, p := s.identity(c)
	if p != nil && r.Role != account.Nobody {
		return p
	}
	c.Request = c.Request.WithContext(WithPrincipal(c.Request.Context(), asking))
	switch {
	case r.Role == account.Nobody:
	case asking.Role == account.Nobody:
		return s.askToLogIn(c)
	case !asking.Role.May(r.Role):
		return NewProblem(http.StatusForbidden, "Việc này dành cho vai trò "+r.Role.Name()+"; tài khoản của bạn có vai trò "+asking.Role.Name()+".")
	}
	if !program && http.NewCrossOriginProtection().Check(c.Request) != nil {
		return NewProblem(http.StatusForbidden, "Yêu cầu này do trang web khác gửi. Hãy gửi từ chính trang của máy chủ hoặc từ chương trình.")
	}
	return nil
}

// Safe reports whether a method changes nothing.
func Safe(method string) bool { return method == http.MethodGet || method == http.MethodOptions }

// identity finds out who asks: a program with its token, a browser with its cookie, or, where there are no users, whoever sits at this machine.
func (s *Server) identity(c *gin.Context) (asking account.Who, program bool, p *Problem) {
	ctx := c.Request.Context()
	if key, ok := strings.CutPrefix(c.GetHeader("Authorization"), "Bearer "); ok {
		asking, err := s.Accounts.Token(ctx, strings.TrimSpace(key))
		if errors.Is(err, account.ErrEnded) {
			return account.Who{}, true, NewProblem(http.StatusUnauthorized, "Mã truy cập sai, đã hết hạn hoặc đã bị thu hồi. Hãy lấy mã mới ở trang Mã truy cập.")
		}
		if err != nil {
			return account.Who{}, true, s.Fault(ctx, "token", err)
		}
		return asking, true, nil
	}
	if cookie, err := c.Request.Cookie(CookieName); err == nil {
		asking, err := s.Accounts.Session(ctx, cookie.Value)
		if err == nil {
			return asking, false, nil
		}
		if !errors.Is(err, account.ErrEnded) {
			return account.Who{}, false, s.Fault(ctx, "session", err)
		}
	}
	any, err := s.Accounts.Any(ctx)
	switch {
	case err != nil:
		return account.Who{}, false, s.Fault(ctx, "users", err)
	case any || !s.local:
		return account.Who{}, false, nil
	case forwarded(c.Request.Header):
		return account.Who{}, false, NewProblem(http.StatusForbidden,
			"Có máy chủ khác đứng trước trang này nên không dùng chế độ một người được. Hãy thêm người quản trị rồi chạy lại với --behind-https.")
	case !loopback(c.Request.Host): // another site may give its own name the address of this machine
		return account.Who{}, false, NewProblem(http.StatusForbidden, "Hãy mở trang này bằng địa chỉ http://127.0.0.1 hoặc http://localhost, kèm đúng cổng.")
	}
	return account.Who{Role: account.Admin, Secret: s.AloneSecret, Alone: true}, false, nil
}

// loopback reports whether a Host header names this machine.
func loopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// forwarded reports whether a request came through a proxy, which stands on this machine and lets others in. Not every proxy says so.
func forwarded(header http.Header) bool {
	return slices.ContainsFunc([]string{"X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via"}, func(name string) bool {
		return header.Get(name) != ""
	})
}

// askToLogIn sends a person to the page of the login, and from there back to where they were going.
func (s *Server) askToLogIn(c *gin.Context) *Problem {
	login := LoginPath + "?tiep=" + url.QueryEscape(c.Request.URL.RequestURI())
	switch {
	case IsAPI(c.Request.URL.Path):
		c.Header("WWW-Authenticate", `Bearer realm="Van Thu"`)
		return NewProblem(http.StatusUnauthorized, "Hãy gửi mã truy cập ở tiêu đề Authorization: Bearer. Lấy mã ở trang Mã truy cập.")
	case c.GetHeader("HX-Request") != "": // a part of a page, which is left as it is: what was typed there is not lost
		return NewProblem(http.StatusUnauthorized, "Phiên làm việc đã hết. Hãy mở trang đăng nhập ở thẻ khác, đăng nhập rồi quay lại đây làm tiếp.")
	case Safe(c.Request.Method):
		c.Redirect(http.StatusSeeOther, login)
		c.Abort()
	default:
		return NewProblem(http.StatusUnauthorized, "Phiên làm việc đã hết. Hãy đăng nhập rồi làm lại.")
	}
	return nil
}

const formKey = "form"

// takeForm reads the form of a page.
func (s *Server) takeForm(c *gin.Context) *Problem {
	if !s.Routes[c.Request.Method+" "+c.FullPath()].Form {
		return nil
	}
	form, p := readForm(c.Request)
	if p != nil {
		return p
	}
	c.Set(formKey, form)
	return nil
}

// FormOf is the form that was sent to a route with form.
func FormOf(c *gin.Context) Form { return c.MustGet(formKey).(Form) }

// Audit writes into the audit what somebody did. That it cannot be written does not undo it.
func (s *Server) Audit(c *gin.Context, action, subject, detail string) {
	ctx := context.WithoutCancel(c.Request.Context())
	asking := Principal(ctx)
	act := store.Act{
		At: s.Now(), Login: asking.Login, Office: asking.Office, Action: action, Subject: subject, Detail: detail, Request: requestID(ctx),
	}
	if err := s.Store.AddAct(ctx, act); err != nil {
		s.Log.ErrorContext(ctx, "audit", "action", action, "error", err, "id", requestID(ctx))
	}
}

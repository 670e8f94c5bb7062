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

// route is an address: who may ask for it, what it takes, and what answers. An address that has none is refused to everybody.
type route struct {
	method, path string
	role         account.Role // who may ask, at least; Nobody for everybody
	body         bodyLimit    // what it takes; zero for nothing
	form         bool         // the body is a form of a page, which formOf gives
	answer       handler
}

// handler answers a request, or returns the problem that answers it instead: respond is the one place that writes it.
type handler func(c *gin.Context) *Problem

// respond is a handler as gin calls it.
func (s *server) respond(answer handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		if p := answer(c); p != nil {
			s.refuse(c, p)
		}
	}
}

// page is a route that shows something.
func page(path string, role account.Role, answer handler) route {
	return route{method: http.MethodGet, path: path, role: role, answer: answer}
}

// action is a route that does something with the fields of a form, of at most so many bytes. Larger forms take a seat at the gate.
func (s *server) action(path string, role account.Role, most int64, answer handler) route {
	limit := bodyLimit{most: most}
	if most > maxSmall {
		limit.seats, limit.full = s.gate.seats, busy()
	}
	return route{method: http.MethodPost, path: path, role: role, body: limit, form: true, answer: answer}
}

const cookieName = "vanthu"

// loginPath is the page of the login.
const loginPath = "/dang-nhap"

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
	if err := s.Office.Refresh(c.Request.Context()); err != nil {
		_ = s.fault(c.Request.Context(), "refresh", err) // what was read before stays in force
	}
}

// admit lets those pass who may ask for an address, and whose browser was not made to ask by another site.
func (s *server) admit(c *gin.Context) *Problem {
	if c.FullPath() == "" {
		return nil // there is no such address
	}
	r, known := s.routes[c.Request.Method+" "+c.FullPath()]
	if !known {
		return s.fault(c.Request.Context(), "admit", errors.New("route without a rule: "+c.FullPath()))
	}
	asking, program, p := s.identity(c)
	if p != nil && r.role != account.Nobody {
		return p
	}
	c.Request = c.Request.WithContext(withWho(c.Request.Context(), asking))
	switch {
	case r.role == account.Nobody:
	case asking.Role == account.Nobody:
		return s.askToLogIn(c)
	case !asking.Role.May(r.role):
		return problem(http.StatusForbidden, "Việc này dành cho vai trò "+r.role.Name()+"; tài khoản của bạn có vai trò "+asking.Role.Name()+".")
	}
	if !program && http.NewCrossOriginProtection().Check(c.Request) != nil {
		return problem(http.StatusForbidden, "Yêu cầu này do trang web khác gửi. Hãy gửi từ chính trang của máy chủ hoặc từ chương trình.")
	}
	return nil
}

// safe reports whether a method changes nothing.
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
func (s *server) askToLogIn(c *gin.Context) *Problem {
	login := loginPath + "?tiep=" + url.QueryEscape(c.Request.URL.RequestURI())
	switch {
	case isAPI(c.Request.URL.Path):
		c.Header("WWW-Authenticate", `Bearer realm="Van Thu"`)
		return problem(http.StatusUnauthorized, "Hãy gửi mã truy cập ở tiêu đề Authorization: Bearer. Lấy mã ở trang Mã truy cập.")
	case c.GetHeader("HX-Request") != "": // a part of a page, which is left as it is: what was typed there is not lost
		return problem(http.StatusUnauthorized, "Phiên làm việc đã hết. Hãy mở trang đăng nhập ở thẻ khác, đăng nhập rồi quay lại đây làm tiếp.")
	case safe(c.Request.Method):
		c.Redirect(http.StatusSeeOther, login)
		c.Abort()
	default:
		return problem(http.StatusUnauthorized, "Phiên làm việc đã hết. Hãy đăng nhập rồi làm lại.")
	}
	return nil
}

const formKey = "form"

// takeForm reads the form of a page.
func (s *server) takeForm(c *gin.Context) *Problem {
	if !s.routes[c.Request.Method+" "+c.FullPath()].form {
		return nil
	}
	form, p := readForm(c.Request)
	if p != nil {
		return p
	}
	c.Set(formKey, form)
	return nil
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

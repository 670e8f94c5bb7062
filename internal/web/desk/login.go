package desk

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	"vanthu/internal/web"
)

// loginPage is what login.html shows.
type loginPage struct {
	Name  string // as it was typed
	Next  string // where to go then: a path of ours
	Wrong string // what to do, after a login that failed
}

func (s *Shell) loginRoutes() []web.Route {
	return []web.Route{
		web.PageRoute(web.LoginPath, account.Nobody, func(c *gin.Context) *web.Problem {
			return s.Show(c, http.StatusOK, "login.html", "Đăng nhập", loginPage{Next: ownPath(c.Query("tiep"))})
		}),
		s.Action(web.LoginPath, account.Nobody, web.MaxSmall, s.logIn),
		s.Action("/dang-xuat", account.Drafter, web.MaxSmall, s.logOut),
	}
}

func (s *Shell) logIn(c *gin.Context) *web.Problem {
	form := web.FormOf(c)
	tried := loginPage{Name: strings.TrimSpace(form.Text("ten")), Next: ownPath(form.Text("tiep"))}
	cookie, asking, err := s.Accounts.Login(c.Request.Context(), tried.Name, form.Text("mat_khau"), account.Network(c.Request.RemoteAddr))
	throttled := (*account.Throttled)(nil)
	switch {
	case errors.As(err, &throttled):
		c.Header("Retry-After", fmt.Sprint(int(throttled.Wait/time.Second)+1))
		tried.Wrong = "Sai mật khẩu nhiều lần. Hãy thử lại sau " + Waiting(throttled.Wait) + "."
		return s.Show(c, http.StatusTooManyRequests, "login.html", "Đăng nhập", tried)
	case errors.Is(err, account.ErrWrong):
		tried.Wrong = "Tên đăng nhập hoặc mật khẩu không đúng. Quên mật khẩu thì nhờ người quản trị đặt lại."
		return s.Show(c, http.StatusUnauthorized, "login.html", "Đăng nhập", tried)
	case err != nil:
		return s.Fault(c.Request.Context(), "login", err)
	default:
		s.SetCookie(c, cookie)
		c.Request = c.Request.WithContext(web.WithPrincipal(c.Request.Context(), asking))
		s.Audit(c, "log-in", asking.Login, "")
		c.Redirect(http.StatusSeeOther, tried.Next)
	}
	return nil
}

func (s *Shell) logOut(c *gin.Context) *web.Problem {
	if cookie, err := c.Request.Cookie(web.CookieName); err == nil {
		if err := s.Accounts.Logout(c.Request.Context(), cookie.Value); err != nil {
			return s.Fault(c.Request.Context(), "logout", err)
		}
		s.Audit(c, "log-out", web.Principal(c.Request.Context()).Login, "")
	}
	s.SetCookie(c, "")
	c.Redirect(http.StatusSeeOther, web.LoginPath)
	return nil
}

// SetCookie gives the browser the cookie of its session, or takes it away. It goes with the browser: how long it works is in the store.
func (s *Shell) SetCookie(c *gin.Context, value string) {
	cookie := &http.Cookie{Name: web.CookieName, Value: value, Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode}
	if value == "" {
		cookie.MaxAge = -1
	}
	http.SetCookie(c.Writer, cookie)
}

// ownPath returns a path of ours that a link named, or the first page: nobody is sent to another site.
func ownPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

// Waiting returns a time to wait in words.
func Waiting(d time.Duration) string {
	if d < 2*time.Minute {
		return fmt.Sprintf("%d giây", int(d/time.Second)+1)
	}
	return fmt.Sprintf("%d phút", int(d/time.Minute)+1)
}

package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
)

// loginPage is what dang-nhap.html shows.
type loginPage struct {
	Name  string // as it was typed
	Next  string // where to go then: a path of ours
	Wrong string // what to do, after a login that failed
}

func (s *desk) loginRoutes() []route {
	return []route{
		page(loginPath, account.Nobody, func(c *gin.Context) *Problem {
			return s.show(c, http.StatusOK, "dang-nhap.html", "Đăng nhập", loginPage{Next: ownPath(c.Query("tiep"))})
		}),
		s.action(loginPath, account.Nobody, maxSmall, s.logIn),
		s.action("/dang-xuat", account.Drafter, maxSmall, s.logOut),
	}
}

func (s *desk) logIn(c *gin.Context) *Problem {
	form := formOf(c)
	tried := loginPage{Name: strings.TrimSpace(form.text("ten")), Next: ownPath(form.text("tiep"))}
	cookie, asking, err := s.accounts.Login(c.Request.Context(), tried.Name, form.text("mat_khau"), account.Network(c.Request.RemoteAddr))
	throttled := (*account.Throttled)(nil)
	switch {
	case errors.As(err, &throttled):
		c.Header("Retry-After", fmt.Sprint(int(throttled.Wait/time.Second)+1))
		tried.Wrong = "Sai mật khẩu nhiều lần. Hãy thử lại sau " + waiting(throttled.Wait) + "."
		return s.show(c, http.StatusTooManyRequests, "dang-nhap.html", "Đăng nhập", tried)
	case errors.Is(err, account.ErrWrong):
		tried.Wrong = "Tên đăng nhập hoặc mật khẩu không đúng. Quên mật khẩu thì nhờ người quản trị đặt lại."
		return s.show(c, http.StatusUnauthorized, "dang-nhap.html", "Đăng nhập", tried)
	case err != nil:
		return s.fault(c.Request.Context(), "login", err)
	default:
		s.setCookie(c, cookie)
		c.Request = c.Request.WithContext(withWho(c.Request.Context(), asking))
		s.did(c, "log-in", asking.Login, "")
		c.Redirect(http.StatusSeeOther, tried.Next)
	}
	return nil
}

func (s *desk) logOut(c *gin.Context) *Problem {
	if cookie, err := c.Request.Cookie(cookieName); err == nil {
		if err := s.accounts.Logout(c.Request.Context(), cookie.Value); err != nil {
			return s.fault(c.Request.Context(), "logout", err)
		}
		s.did(c, "log-out", who(c.Request.Context()).Login, "")
	}
	s.setCookie(c, "")
	c.Redirect(http.StatusSeeOther, loginPath)
	return nil
}

// setCookie gives the browser the cookie of its session, or takes it away. It goes with the browser: how long it works is in the store.
func (s *desk) setCookie(c *gin.Context, value string) {
	cookie := &http.Cookie{Name: cookieName, Value: value, Path: "/", HttpOnly: true, Secure: s.secure, SameSite: http.SameSiteLaxMode}
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

func waiting(d time.Duration) string {
	if d < 2*time.Minute {
		return fmt.Sprintf("%d giây", int(d/time.Second)+1)
	}
	return fmt.Sprintf("%d phút", int(d/time.Minute)+1)
}

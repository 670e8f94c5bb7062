package office

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	"vanthu/internal/diag"
	"vanthu/internal/store"
	"vanthu/internal/vi"
	"vanthu/internal/web"
	"vanthu/internal/web/desk"
)

// usersPage is what user.html shows.
type usersPage struct {
	Users   []store.User
	Offices []store.Office
	New     store.User // as it was typed, when it could not be added
	First   bool       // there is nobody yet
	Levels  []desk.Level
	Done    string
}

func (s *Pages) userRoutes() []web.Route {
	return []web.Route{
		web.PageRoute("/nguoi-dung", account.Admin, func(c *gin.Context) *web.Problem {
			return s.users(c, http.StatusOK, usersPage{Done: usersDone[c.Query("xong")]})
		}),
		s.Action("/nguoi-dung", account.Admin, web.MaxSmall, s.addUser),
		s.Action("/nguoi-dung/:ten", account.Admin, web.MaxSmall, s.changeUser),
		s.Action("/nguoi-dung/:ten/mat-khau", account.Admin, web.MaxSmall, s.setPassword),
		s.Action("/cac-don-vi", account.Admin, web.MaxSmall, s.addOffice),
		s.Action("/cac-don-vi/:id", account.Admin, web.MaxSmall, s.renameOffice),
	}
}

// usersDone says what was done, by the word that the address carries.
var usersDone = map[string]string{
	"them": "Đã thêm người dùng.", "sua": "Đã lưu.", "mat-khau": "Đã đặt mật khẩu mới; người ấy phải đăng nhập lại.", "don-vi": "Đã lưu đơn vị.",
}

func (s *Pages) users(c *gin.Context, status int, shown usersPage) *web.Problem {
	ctx := c.Request.Context()
	var err error
	if shown.Users, err = s.Store.Users(ctx); err == nil {
		shown.Offices, err = s.Store.Offices(ctx)
	}
	if err != nil {
		return s.Fault(ctx, "users", err)
	}
	if !slices.ContainsFunc(shown.Offices, func(o store.Office) bool { return o.ID == "" }) {
		shown.Offices = slices.Insert(shown.Offices, 0, store.Office{Name: s.mainOffice(ctx)})
	}
	shown.First = len(shown.Users) == 0
	return s.Show(c, status, "user.html", "Người dùng", shown)
}

// mainOffice is what the office is called that is there without having been added: as its profile says.
func (s *Pages) mainOffice(ctx context.Context) string {
	profile, err := s.Office.Profile(ctx, "")
	if err == nil {
		if office, found, err := s.Office.ReadOffice(profile); err == nil && !found.Blocking() && office.Agency.FullName != "" {
			return office.Agency.FullName
		}
	}
	return "Đơn vị chính"
}

func (s *Pages) addUser(c *gin.Context) *web.Problem {
	form := web.FormOf(c)
	user := store.User{
		Name: form.Line("ten"), FullName: form.Line("ho_ten"), Office: form.Line("don_vi"), Role: form.Line("vai_tro"),
	}
	if web.Principal(c.Request.Context()).Alone { // the first user: without an administrator nobody could add the next
		user.Role = string(account.Admin)
	}
	found, err := s.Accounts.Add(c.Request.Context(), user, form.Text("mat_khau"))
	if answered, p := s.unchanged(c, usersPage{New: user}, found, err); answered {
		return p
	}
	s.Audit(c, "add-user", user.Name, user.Role)
	c.Redirect(http.StatusSeeOther, "/nguoi-dung?xong=them")
	return nil
}

func (s *Pages) changeUser(c *gin.Context) *web.Problem {
	ctx, form := c.Request.Context(), web.FormOf(c)
	user, err := s.Store.User(ctx, c.Param("ten"))
	if err != nil {
		_, p := s.unchanged(c, usersPage{}, nil, err)
		return p
	}
	user.FullName, user.Office, user.Role, user.Disabled = form.Line("ho_ten"), form.Line("don_vi"), form.Line("vai_tro"), form.Line("khoa") != ""
	found, err := s.Accounts.Change(ctx, user)
	if answered, p := s.unchanged(c, usersPage{}, found, err); answered {
		return p
	}
	detail := user.Role
	if user.Disabled {
		detail += ", đã khóa"
	}
	s.Audit(c, "change-user", user.Name, detail)
	c.Redirect(http.StatusSeeOther, "/nguoi-dung?xong=sua")
	return nil
}

func (s *Pages) setPassword(c *gin.Context) *web.Problem {
	found, err := s.Accounts.SetPassword(c.Request.Context(), c.Param("ten"), web.FormOf(c).Text("mat_khau"))
	if answered, p := s.unchanged(c, usersPage{}, found, err); answered {
		return p
	}
	s.Audit(c, "set-password", c.Param("ten"), "")
	c.Redirect(http.StatusSeeOther, "/nguoi-dung?xong=mat-khau")
	return nil
}

func (s *Pages) addOffice(c *gin.Context) *web.Problem {
	name := web.FormOf(c).Line("ten")
	office := store.Office{ID: vi.FileName(vi.Fold(name)), Name: name, Created: s.Now()}
	if office.ID == "" {
		return s.users(c, http.StatusUnprocessableEntity, usersPage{Levels: desk.Levels(wrongField("chưa ghi tên đơn vị", "ghi tên đơn vị, ví dụ UBND xã Vĩnh Am"))})
	}
	if answered, p := s.unchanged(c, usersPage{}, nil, s.Store.AddOffice(c.Request.Context(), office)); answered {
		return p
	}
	s.Audit(c, "add-office", office.ID, name)
	c.Redirect(http.StatusSeeOther, "/don-vi?cua="+office.ID) // what its documents need first
	return nil
}

func (s *Pages) renameOffice(c *gin.Context) *web.Problem {
	name := web.FormOf(c).Line("ten")
	if name == "" {
		return s.users(c, http.StatusUnprocessableEntity, usersPage{Levels: desk.Levels(wrongField("chưa ghi tên đơn vị", "ghi tên đơn vị rồi lưu lại"))})
	}
	if answered, p := s.unchanged(c, usersPage{}, nil, s.Store.RenameOffice(c.Request.Context(), c.Param("id"), name)); answered {
		return p
	}
	s.Audit(c, "rename-office", c.Param("id"), name)
	c.Redirect(http.StatusSeeOther, "/nguoi-dung?xong=don-vi")
	return nil
}

// unchanged answers a change that was not made: with the page and what is wrong, or with a problem. answered reports whether there was one such.
func (s *Pages) unchanged(c *gin.Context, shown usersPage, found diag.Findings, err error) (answered bool, p *web.Problem) {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return true, web.NewProblem(http.StatusNotFound, "Không có người dùng hay đơn vị này.")
	case errors.Is(err, store.ErrExists):
		shown.Levels = desk.Levels(wrongField("tên này đã có", "chọn tên khác"))
		return true, s.users(c, http.StatusConflict, shown)
	case err != nil:
		return true, s.Fault(c.Request.Context(), "change users", err)
	case found.Blocking():
		for i := range found {
			found[i].Where = diag.Place{} // the words say which field
		}
		shown.Levels = desk.Levels(found)
		return true, s.users(c, http.StatusUnprocessableEntity, shown)
	}
	return false, nil
}

func wrongField(message, hint string) diag.Findings {
	return diag.Findings{{Severity: diag.Error, Code: diag.WrongField, Message: message, Hint: hint}}
}

// accountPage is what account.html shows.
type accountPage struct {
	Tokens []store.Token
	Key    string // of the token that was just made: shown once
	Levels []desk.Level
	Days   []int
}

func (s *Pages) accountRoutes() []web.Route {
	return []web.Route{
		web.PageRoute("/tai-khoan", account.Drafter, func(c *gin.Context) *web.Problem { return s.account(c, http.StatusOK, accountPage{}) }),
		s.Action("/tai-khoan/mat-khau", account.Drafter, web.MaxSmall, s.ownPassword),
		s.Action("/tai-khoan/ma-truy-cap", account.Drafter, web.MaxSmall, s.newToken),
		s.Action("/tai-khoan/ma-truy-cap/:id/thu-hoi", account.Drafter, web.MaxSmall, s.dropToken),
	}
}

func (s *Pages) account(c *gin.Context, status int, shown accountPage) *web.Problem {
	ctx := c.Request.Context()
	if login := web.Principal(ctx).Login; login != "" {
		var err error
		if shown.Tokens, err = s.Store.Tokens(ctx, login); err != nil {
			return s.Fault(ctx, "tokens", err)
		}
	}
	shown.Days = []int{30, 90, 365}
	return s.Show(c, status, "account.html", "Tài khoản", shown)
}

// ownPassword changes one's own password, which ends one's sessions, this one too.
func (s *Pages) ownPassword(c *gin.Context) *web.Problem {
	ctx, form, login := c.Request.Context(), web.FormOf(c), web.Principal(c.Request.Context()).Login
	cookie, _, err := s.Accounts.Login(ctx, login, form.Text("cu"), account.Network(c.Request.RemoteAddr))
	throttled := (*account.Throttled)(nil)
	switch {
	case errors.As(err, &throttled):
		return s.account(c, http.StatusTooManyRequests, accountPage{Levels: desk.Levels(wrongField("sai mật khẩu nhiều lần", "thử lại sau "+desk.Waiting(throttled.Wait)))})
	case errors.Is(err, account.ErrWrong):
		return s.account(c, http.StatusUnprocessableEntity, accountPage{Levels: desk.Levels(wrongField("mật khẩu hiện nay không đúng", "gõ lại, xem phím Caps Lock"))})
	case err == nil:
		err = s.Accounts.Logout(ctx, cookie) // it only proved the password
	}
	var found diag.Findings
	if err == nil {
		found, err = s.Accounts.SetPassword(ctx, login, form.Text("moi"))
	}
	switch {
	case err != nil:
		return s.Fault(ctx, "own password", err)
	case found.Blocking():
		return s.account(c, http.StatusUnprocessableEntity, accountPage{Levels: desk.Levels(found)})
	default:
		s.Audit(c, "set-password", login, "")
		s.SetCookie(c, "")
		c.Redirect(http.StatusSeeOther, web.LoginPath)
	}
	return nil
}

// newToken makes a token and shows its key, this once.
func (s *Pages) newToken(c *gin.Context) *web.Problem {
	ctx, form := c.Request.Context(), web.FormOf(c)
	if web.Principal(ctx).Alone {
		return web.NewProblem(http.StatusConflict, "Chưa có người dùng nào nên chương trình trên máy này gọi được mà không cần mã truy cập.")
	}
	days, err := strconv.Atoi(form.Line("so_ngay"))
	if err != nil || days < 1 || days > 365 {
		return s.account(c, http.StatusUnprocessableEntity, accountPage{Levels: desk.Levels(wrongField("chưa chọn thời hạn của mã", "chọn 30, 90 hoặc 365 ngày"))})
	}
	key, token, found, err := s.Accounts.NewToken(ctx, web.Principal(ctx).Login, form.Line("ten"), days)
	switch {
	case err != nil:
		return s.Fault(ctx, "new token", err)
	case found.Blocking():
		return s.account(c, http.StatusUnprocessableEntity, accountPage{Levels: desk.Levels(found)})
	}
	s.Audit(c, "new-token", token.Name, "")
	return s.account(c, http.StatusCreated, accountPage{Key: key})
}

func (s *Pages) dropToken(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	err := store.ErrNotFound
	if login := web.Principal(ctx).Login; login != "" { // for the store nobody's name is everybody's
		err = s.Store.DropToken(ctx, login, c.Param("id"))
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		return web.NewProblem(http.StatusNotFound, "Không có mã truy cập này.")
	case err != nil:
		return s.Fault(ctx, "drop token", err)
	default:
		s.Audit(c, "drop-token", c.Param("id"), "")
		c.Redirect(http.StatusSeeOther, "/tai-khoan")
	}
	return nil
}

// auditPage is what audit.html shows.
type auditPage struct {
	Acts    []store.Act
	Words   string
	Earlier string // the last act shown, where there may be more
}

func (s *Pages) auditRoutes() []web.Route {
	return []web.Route{web.PageRoute("/nhat-ky", account.Admin, s.audit)}
}

func (s *Pages) audit(c *gin.Context) *web.Problem {
	const most = 100
	shown := auditPage{Words: strings.TrimSpace(c.Query("tim"))}
	var err error
	shown.Acts, err = s.Store.Acts(c.Request.Context(), store.ActFilter{Words: shown.Words, Before: c.Query("truoc"), Most: most})
	if err != nil {
		return s.Fault(c.Request.Context(), "audit", err)
	}
	if len(shown.Acts) == most {
		shown.Earlier = shown.Acts[most-1].ID
	}
	return s.Show(c, http.StatusOK, "audit.html", "Nhật ký", shown)
}

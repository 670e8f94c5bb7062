package web

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
)

// usersPage is what nguoi-dung.html shows.
type usersPage struct {
	Users   []store.User
	Offices []store.Office
	New     store.User // as it was typed, when it could not be added
	First   bool       // there is nobody yet
	Levels  []level
	Done    string
}

func (s *admin) userRoutes() []route {
	return []route{
		page("/nguoi-dung", account.Admin, func(c *gin.Context) *Problem {
			return s.users(c, http.StatusOK, usersPage{Done: usersDone[c.Query("xong")]})
		}),
		s.action("/nguoi-dung", account.Admin, maxSmall, s.addUser),
		s.action("/nguoi-dung/:ten", account.Admin, maxSmall, s.changeUser),
		s.action("/nguoi-dung/:ten/mat-khau", account.Admin, maxSmall, s.setPassword),
		s.action("/cac-don-vi", account.Admin, maxSmall, s.addOffice),
		s.action("/cac-don-vi/:id", account.Admin, maxSmall, s.renameOffice),
	}
}

// usersDone says what was done, by the word that the address carries.
var usersDone = map[string]string{
	"them": "Đã thêm người dùng.", "sua": "Đã lưu.", "mat-khau": "Đã đặt mật khẩu mới; người ấy phải đăng nhập lại.", "don-vi": "Đã lưu đơn vị.",
}

func (s *admin) users(c *gin.Context, status int, shown usersPage) *Problem {
	ctx := c.Request.Context()
	var err error
	if shown.Users, err = s.store.Users(ctx); err == nil {
		shown.Offices, err = s.store.Offices(ctx)
	}
	if err != nil {
		return s.fault(ctx, "users", err)
	}
	if !slices.ContainsFunc(shown.Offices, func(o store.Office) bool { return o.ID == "" }) {
		shown.Offices = slices.Insert(shown.Offices, 0, store.Office{Name: s.mainOffice(ctx)})
	}
	shown.First = len(shown.Users) == 0
	return s.show(c, status, "nguoi-dung.html", "Người dùng", shown)
}

// mainOffice is what the office is called that is there without having been added: as its profile says.
func (s *admin) mainOffice(ctx context.Context) string {
	profile, err := s.Office.Profile(ctx, "")
	if err == nil {
		if office, found, err := s.Office.ReadOffice(profile); err == nil && !found.Blocking() && office.Agency.FullName != "" {
			return office.Agency.FullName
		}
	}
	return "Đơn vị chính"
}

func (s *admin) addUser(c *gin.Context) *Problem {
	form := formOf(c)
	user := store.User{
		Name: form.line("ten"), FullName: form.line("ho_ten"), Office: form.line("don_vi"), Role: form.line("vai_tro"),
	}
	if who(c.Request.Context()).Alone { // the first user: without an administrator nobody could add the next
		user.Role = string(account.Admin)
	}
	found, err := s.accounts.Add(c.Request.Context(), user, form.text("mat_khau"))
	if answered, p := s.unchanged(c, usersPage{New: user}, found, err); answered {
		return p
	}
	s.did(c, "add-user", user.Name, user.Role)
	c.Redirect(http.StatusSeeOther, "/nguoi-dung?xong=them")
	return nil
}

func (s *admin) changeUser(c *gin.Context) *Problem {
	ctx, form := c.Request.Context(), formOf(c)
	user, err := s.store.User(ctx, c.Param("ten"))
	if err != nil {
		_, p := s.unchanged(c, usersPage{}, nil, err)
		return p
	}
	user.FullName, user.Office, user.Role, user.Disabled = form.line("ho_ten"), form.line("don_vi"), form.line("vai_tro"), form.line("khoa") != ""
	found, err := s.accounts.Change(ctx, user)
	if answered, p := s.unchanged(c, usersPage{}, found, err); answered {
		return p
	}
	detail := user.Role
	if user.Disabled {
		detail += ", đã khóa"
	}
	s.did(c, "change-user", user.Name, detail)
	c.Redirect(http.StatusSeeOther, "/nguoi-dung?xong=sua")
	return nil
}

func (s *admin) setPassword(c *gin.Context) *Problem {
	found, err := s.accounts.SetPassword(c.Request.Context(), c.Param("ten"), formOf(c).text("mat_khau"))
	if answered, p := s.unchanged(c, usersPage{}, found, err); answered {
		return p
	}
	s.did(c, "set-password", c.Param("ten"), "")
	c.Redirect(http.StatusSeeOther, "/nguoi-dung?xong=mat-khau")
	return nil
}

func (s *admin) addOffice(c *gin.Context) *Problem {
	name := formOf(c).line("ten")
	office := store.Office{ID: vi.FileName(vi.Fold(name)), Name: name, Created: s.now()}
	if office.ID == "" {
		return s.users(c, http.StatusUnprocessableEntity, usersPage{Levels: levels(wrongField("chưa ghi tên đơn vị", "ghi tên đơn vị, ví dụ UBND xã Vĩnh Am"))})
	}
	if answered, p := s.unchanged(c, usersPage{}, nil, s.store.AddOffice(c.Request.Context(), office)); answered {
		return p
	}
	s.did(c, "add-office", office.ID, name)
	c.Redirect(http.StatusSeeOther, "/don-vi?cua="+office.ID) // what its documents need first
	return nil
}

func (s *admin) renameOffice(c *gin.Context) *Problem {
	name := formOf(c).line("ten")
	if name == "" {
		return s.users(c, http.StatusUnprocessableEntity, usersPage{Levels: levels(wrongField("chưa ghi tên đơn vị", "ghi tên đơn vị rồi lưu lại"))})
	}
	if answered, p := s.unchanged(c, usersPage{}, nil, s.store.RenameOffice(c.Request.Context(), c.Param("id"), name)); answered {
		return p
	}
	s.did(c, "rename-office", c.Param("id"), name)
	c.Redirect(http.StatusSeeOther, "/nguoi-dung?xong=don-vi")
	return nil
}

// unchanged answers a change that was not made: with the page and what is wrong, or with a problem. answered reports whether there was one such.
func (s *admin) unchanged(c *gin.Context, shown usersPage, found diag.Findings, err error) (answered bool, p *Problem) {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return true, problem(http.StatusNotFound, "Không có người dùng hay đơn vị này.")
	case errors.Is(err, store.ErrExists):
		shown.Levels = levels(wrongField("tên này đã có", "chọn tên khác"))
		return true, s.users(c, http.StatusConflict, shown)
	case err != nil:
		return true, s.fault(c.Request.Context(), "change users", err)
	case found.Blocking():
		for i := range found {
			found[i].Where = diag.Place{} // the words say which field
		}
		shown.Levels = levels(found)
		return true, s.users(c, http.StatusUnprocessableEntity, shown)
	}
	return false, nil
}

func wrongField(message, hint string) diag.Findings {
	return diag.Findings{{Severity: diag.Error, Code: diag.WrongField, Message: message, Hint: hint}}
}

// accountPage is what tai-khoan.html shows.
type accountPage struct {
	Tokens []store.Token
	Key    string // of the token that was just made: shown once
	Levels []level
	Days   []int
}

func (s *admin) accountRoutes() []route {
	return []route{
		page("/tai-khoan", account.Drafter, func(c *gin.Context) *Problem { return s.account(c, http.StatusOK, accountPage{}) }),
		s.action("/tai-khoan/mat-khau", account.Drafter, maxSmall, s.ownPassword),
		s.action("/tai-khoan/ma-truy-cap", account.Drafter, maxSmall, s.newToken),
		s.action("/tai-khoan/ma-truy-cap/:id/thu-hoi", account.Drafter, maxSmall, s.dropToken),
	}
}

func (s *admin) account(c *gin.Context, status int, shown accountPage) *Problem {
	ctx := c.Request.Context()
	if login := who(ctx).Login; login != "" {
		var err error
		if shown.Tokens, err = s.store.Tokens(ctx, login); err != nil {
			return s.fault(ctx, "tokens", err)
		}
	}
	shown.Days = []int{30, 90, 365}
	return s.show(c, status, "tai-khoan.html", "Tài khoản", shown)
}

// ownPassword changes one's own password, which ends one's sessions, this one too.
func (s *admin) ownPassword(c *gin.Context) *Problem {
	ctx, form, login := c.Request.Context(), formOf(c), who(c.Request.Context()).Login
	cookie, _, err := s.accounts.Login(ctx, login, form.text("cu"), account.Network(c.Request.RemoteAddr))
	throttled := (*account.Throttled)(nil)
	switch {
	case errors.As(err, &throttled):
		return s.account(c, http.StatusTooManyRequests, accountPage{Levels: levels(wrongField("sai mật khẩu nhiều lần", "thử lại sau "+waiting(throttled.Wait)))})
	case errors.Is(err, account.ErrWrong):
		return s.account(c, http.StatusUnprocessableEntity, accountPage{Levels: levels(wrongField("mật khẩu hiện nay không đúng", "gõ lại, xem phím Caps Lock"))})
	case err == nil:
		err = s.accounts.Logout(ctx, cookie) // it only proved the password
	}
	var found diag.Findings
	if err == nil {
		found, err = s.accounts.SetPassword(ctx, login, form.text("moi"))
	}
	switch {
	case err != nil:
		return s.fault(ctx, "own password", err)
	case found.Blocking():
		return s.account(c, http.StatusUnprocessableEntity, accountPage{Levels: levels(found)})
	default:
		s.did(c, "set-password", login, "")
		s.setCookie(c, "")
		c.Redirect(http.StatusSeeOther, loginPath)
	}
	return nil
}

// newToken makes a token and shows its key, this once.
func (s *admin) newToken(c *gin.Context) *Problem {
	ctx, form := c.Request.Context(), formOf(c)
	if who(ctx).Alone {
		return problem(http.StatusConflict, "Chưa có người dùng nào nên chương trình trên máy này gọi được mà không cần mã truy cập.")
	}
	days, err := strconv.Atoi(form.line("so_ngay"))
	if err != nil || days < 1 || days > 365 {
		return s.account(c, http.StatusUnprocessableEntity, accountPage{Levels: levels(wrongField("chưa chọn thời hạn của mã", "chọn 30, 90 hoặc 365 ngày"))})
	}
	key, token, found, err := s.accounts.NewToken(ctx, who(ctx).Login, form.line("ten"), days)
	switch {
	case err != nil:
		return s.fault(ctx, "new token", err)
	case found.Blocking():
		return s.account(c, http.StatusUnprocessableEntity, accountPage{Levels: levels(found)})
	}
	s.did(c, "new-token", token.Name, "")
	return s.account(c, http.StatusCreated, accountPage{Key: key})
}

func (s *admin) dropToken(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	err := store.ErrNotFound
	if login := who(ctx).Login; login != "" { // for the store nobody's name is everybody's
		err = s.store.DropToken(ctx, login, c.Param("id"))
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		return problem(http.StatusNotFound, "Không có mã truy cập này.")
	case err != nil:
		return s.fault(ctx, "drop token", err)
	default:
		s.did(c, "drop-token", c.Param("id"), "")
		c.Redirect(http.StatusSeeOther, "/tai-khoan")
	}
	return nil
}

// auditPage is what nhat-ky.html shows.
type auditPage struct {
	Acts    []store.Act
	Words   string
	Earlier string // the last act shown, where there may be more
}

func (s *admin) auditRoutes() []route {
	return []route{page("/nhat-ky", account.Admin, s.audit)}
}

func (s *admin) audit(c *gin.Context) *Problem {
	const most = 100
	shown := auditPage{Words: strings.TrimSpace(c.Query("tim"))}
	var err error
	shown.Acts, err = s.store.Acts(c.Request.Context(), store.ActFilter{Words: shown.Words, Before: c.Query("truoc"), Most: most})
	if err != nil {
		return s.fault(c.Request.Context(), "audit", err)
	}
	if len(shown.Acts) == most {
		shown.Earlier = shown.Acts[most-1].ID
	}
	return s.show(c, http.StatusOK, "nhat-ky.html", "Nhật ký", shown)
}

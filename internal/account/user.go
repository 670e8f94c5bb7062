package account

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/store"
	"vanthu/internal/vi"
)

// nameForm is what users may be called.
var nameForm = lazyregexp.New(`^[a-z0-9._-]{2,40}$`)

const maxFullName = 100 // characters

// Add adds a user with a password. What is wrong with name, full name, role, office or password is a finding, by its field: ten, ho_ten,
// vai_tro, don_vi, mat_khau. Without a full name the user is called by the name.
func (a *Accounts) Add(ctx context.Context, user store.User, password string) (diag.Findings, error) {
	user.FullName = cmp.Or(oneLine(user.FullName), user.Name)
	user.Created = a.clock()
	var found diag.Findings
	if !nameForm.MatchString(user.Name) {
		found.Add(refusal(diag.UserName, "ten", fmt.Sprintf("tên đăng nhập “%s” không dùng được", diag.Excerpt(user.Name)),
			"Dùng 2 đến 40 chữ cái thường không dấu, chữ số, dấu chấm, gạch dưới, gạch nối, ví dụ lan.nguyen."))
	}
	wrong, err := a.check(ctx, user)
	if err != nil {
		return nil, err
	}
	found.Add(wrong...)
	found.Add(weak(user.Name, password)...)
	if others, err := a.Any(ctx); err != nil {
		return nil, err
	} else if !others && Role(user.Role) != Admin {
		found.Add(refusal(diag.FirstAdmin, "vai_tro", "người dùng đầu tiên phải là quản trị", "Từ khi có người dùng, chỉ người quản trị thêm được người khác."))
	}
	if found.Blocking() {
		return found, nil
	}
	if user.Password, err = a.hashers.newHash(ctx, password); err != nil {
		return nil, fmt.Errorf("account: add %q: %w", user.Name, err)
	}
	switch err := a.store.AddUser(ctx, user); {
	case errors.Is(err, store.ErrExists):
		return diag.Findings{refusal(diag.UserExists, "ten", fmt.Sprintf("đã có người dùng “%s”", user.Name), "Chọn tên đăng nhập khác.")}, nil
	case err != nil:
		return nil, fmt.Errorf("account: add %q: %w", user.Name, err)
	}
	a.any.Store(true)
	return nil, nil
}

// Change writes full name, office, role and Disabled of a user anew; findings as of Add. The last administrator stays one, which is a
// finding too. The error is store.ErrNotFound where there is no such user.
func (a *Accounts) Change(ctx context.Context, user store.User) (diag.Findings, error) {
	user.FullName = cmp.Or(oneLine(user.FullName), user.Name)
	found, err := a.check(ctx, user)
	if err != nil || found.Blocking() {
		return found, err
	}
	return a.rewrite(ctx, user.Name, func(kept *store.User) {
		kept.FullName, kept.Office, kept.Role, kept.Disabled = user.FullName, user.Office, user.Role, user.Disabled
	})
}

// SetPassword changes the password of a user, which ends their sessions. The error is store.ErrNotFound where there is no such user.
func (a *Accounts) SetPassword(ctx context.Context, login, password string) (diag.Findings, error) {
	if found := weak(login, password); found.Blocking() {
		return found, nil
	}
	hash, err := a.hashers.newHash(ctx, password)
	if err != nil {
		return nil, fmt.Errorf("account: password of %q: %w", login, err)
	}
	return a.rewrite(ctx, login, func(kept *store.User) { kept.Password = hash })
}

// rewrite changes what is kept of a user.
func (a *Accounts) rewrite(ctx context.Context, login string, change func(*store.User)) (diag.Findings, error) {
	a.changing.Lock()
	defer a.changing.Unlock()
	user, err := a.store.User(ctx, login)
	if err == nil {
		change(&user)
		err = a.store.ChangeUser(ctx, user)
	}
	if errors.Is(err, store.ErrLast) {
		return diag.Findings{refusal(diag.LastAdmin, "vai_tro", fmt.Sprintf("“%s” là người quản trị cuối cùng", login),
			"Cho một người khác làm quản trị trước.")}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("account: change %q: %w", login, err)
	}
	return nil, nil
}

// check returns what is wrong with the full name, the role and the office of a user.
func (a *Accounts) check(ctx context.Context, user store.User) (found diag.Findings, err error) {
	if _, _, bad := vi.Unprintable(user.FullName); bad || utf8.RuneCountInString(user.FullName) > maxFullName {
		found.Add(refusal(diag.FullName, "ho_ten", fmt.Sprintf("họ tên “%s” không dùng được", diag.Excerpt(user.FullName)),
			fmt.Sprintf("Viết bằng chữ, nhiều nhất %d ký tự.", maxFullName)))
	}
	if !slices.Contains(Roles, Role(user.Role)) {
		found.Add(refusal(diag.UserRole, "vai_tro", fmt.Sprintf("không có vai trò “%s”", diag.Excerpt(user.Role)),
			"Chọn một vai trò: soan-thao (soạn thảo), van-thu (văn thư), quan-tri (quản trị)."))
	}
	if user.Office == "" {
		return found, nil
	}
	offices, err := a.store.Offices(ctx)
	if err != nil {
		return nil, fmt.Errorf("account: %w", err)
	}
	if !slices.ContainsFunc(offices, func(o store.Office) bool { return o.ID == user.Office }) {
		found.Add(refusal(diag.UserOffice, "don_vi", fmt.Sprintf("không có đơn vị “%s”", diag.Excerpt(user.Office)), among(offices)))
	}
	return found, nil
}

// among names the offices that there are.
func among(offices []store.Office) string {
	if len(offices) == 0 {
		return "Chưa có đơn vị nào; bỏ trống, hoặc thêm đơn vị trước."
	}
	var ids []string
	for _, office := range offices {
		ids = append(ids, office.ID)
	}
	return "Chọn một đơn vị: " + strings.Join(ids, ", ") + "."
}

// oneLine returns a text as it is kept: composed letters, and single spaces between words.
func oneLine(text string) string { return strings.Join(strings.Fields(vi.NFC(text)), " ") }

// refusal returns what keeps something from being done.
func refusal(code diag.Code, field, message, hint string) diag.Finding {
	return diag.Finding{Severity: diag.Error, Code: code, Message: message, Hint: hint, Where: diag.Place{Field: field}}
}

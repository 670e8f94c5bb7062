package account

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vanthu/internal/diag"
	"vanthu/internal/pgtest"
	"vanthu/internal/store"
)

const secret = "cá kho bảy ngọn núi" // a good password

// clock is a time that tests move on.
type clock struct{ at atomic.Int64 }

func (c *clock) today() time.Time         { return time.Unix(0, c.at.Load()) }
func (c *clock) move(after time.Duration) { c.at.Add(int64(after)) }

// desk is the accounts of a fresh store.
type desk struct {
	*Accounts
	*clock
	folder string
}

// open makes a desk with an administrator, an.nguyen, and a drafter, lan.
func open(t testing.TB) desk {
	t.Helper()
	d := desk{clock: new(clock), folder: t.TempDir()}
	d.at.Store(time.Date(2026, 11, 23, 7, 5, 30, 0, time.UTC).UnixNano())
	d.Accounts = New(openStore(t, d.folder), d.today)
	d.add(t, store.User{Name: "an.nguyen", FullName: "Nguyễn Văn An", Role: "quan-tri"})
	d.add(t, store.User{Name: "lan", FullName: "Trần Thị Lan", Role: "soan-thao"})
	return d
}

func openStore(t testing.TB, place string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func (d desk) add(t testing.TB, user store.User) {
	t.Helper()
	if found, err := d.Add(t.Context(), user, secret); err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
}

// login logs lan in.
func (d desk) login(t testing.TB) (cookie string, is Who) {
	t.Helper()
	cookie, is, err := d.Login(t.Context(), "lan", secret, "10.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	return cookie, is
}

// change changes lan.
func (d desk) change(t testing.TB, how func(*store.User)) {
	t.Helper()
	user, err := d.Accounts.store.User(t.Context(), "lan")
	if err != nil {
		t.Fatal(err)
	}
	how(&user)
	if found, err := d.Change(t.Context(), user); err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
}

// fields are where findings stand, with their codes.
func fields(found diag.Findings) (list []string) {
	for _, f := range found {
		list = append(list, f.Where.Field+" "+string(f.Code))
	}
	return list
}

func TestRoles(t *testing.T) {
	all := []Role{Nobody, Drafter, Clerk, Admin}
	for i, has := range all {
		for j, asked := range all {
			if has.May(asked) != (i >= j) {
				t.Errorf("%q may %q: %t", has, asked, has.May(asked))
			}
		}
		if Role("root").May(has) || has.May("root") {
			t.Errorf("an unknown role may something, beside %q", has)
		}
	}
	if got := fmt.Sprint(Drafter.Name(), ", ", Clerk.Name(), ", ", Admin.Name()); got != "Soạn thảo, Văn thư, Quản trị" {
		t.Error(got)
	}
}

func TestAddRefuses(t *testing.T) {
	d := open(t)
	good := store.User{Name: "binh", FullName: "Lê Thị Bình", Role: "van-thu"}
	for name, test := range map[string]struct {
		change   func(*store.User)
		password string
		want     string
	}{
		"capital letters":        {func(u *store.User) { u.Name = "Binh" }, secret, "ten user-name"},
		"accents":                {func(u *store.User) { u.Name = "bình" }, secret, "ten user-name"},
		"one letter":             {func(u *store.User) { u.Name = "b" }, secret, "ten user-name"},
		"41 letters":             {func(u *store.User) { u.Name = strings.Repeat("b", 41) }, secret, "ten user-name"},
		"a line end":             {func(u *store.User) { u.Name = "binh\n" }, secret, "ten user-name"},
		"a taken name":           {func(u *store.User) { u.Name = "lan" }, secret, "ten user-exists"},
		"a full name too long":   {func(u *store.User) { u.FullName = strings.Repeat("Lê ", 40) }, secret, "ho_ten full-name"},
		"a full name that hides": {func(u *store.User) { u.FullName = "Lê\u202eBình" }, secret, "ho_ten full-name"},
		"an unknown role":        {func(u *store.User) { u.Role = "giam-doc" }, secret, "vai_tro user-role"},
		"no role":                {func(u *store.User) { u.Role = "" }, secret, "vai_tro user-role"},
		"an unknown office":      {func(u *store.User) { u.Office = "huyen" }, secret, "don_vi user-office"},
		"a short password":       {nil, "chín ký t", "mat_khau short-password"},
		"an endless password":    {nil, strings.Repeat("dài ", 51), "mat_khau long-password"},
		"a common password":      {nil, "MatKhau123", "mat_khau common-password"},
		"a control character":    {nil, "mười ký tự\x00", "mat_khau unprintable-password"},
		"the name as password":   {func(u *store.User) { u.Name = "binh.thuy.le" }, "Binh.Thuy.Le", "mat_khau name-as-password"},
		"the name twice":         {nil, "binhbinh", "mat_khau short-password"},
		"all of it":              {func(u *store.User) { u.Name, u.Role, u.Office = "?", "?", "?" }, "", "ten user-name,vai_tro user-role,don_vi user-office,mat_khau short-password"},
	} {
		t.Run(name, func(t *testing.T) {
			user := good
			if test.change != nil {
				test.change(&user)
			}
			found, err := d.Add(t.Context(), user, test.password)
			if got := strings.Join(fields(found), ","); err != nil || got != test.want || !found.Blocking() {
				t.Errorf("found %q, %v", got, err)
			}
		})
	}
	users, err := d.Accounts.store.Users(t.Context())
	if err != nil || len(users) != 2 {
		t.Errorf("there are %d users, %v", len(users), err)
	}
}

func TestFirstUserIsAdministrator(t *testing.T) {
	c := new(clock)
	a := New(openStore(t, t.TempDir()), c.today)
	if some, err := a.Any(t.Context()); some || err != nil {
		t.Fatal(some, err)
	}
	found, err := a.Add(t.Context(), store.User{Name: "lan", Role: "soan-thao"}, secret)
	if got := fields(found); err != nil || !slices.Equal(got, []string{"vai_tro first-admin"}) {
		t.Errorf("found %q, %v", got, err)
	}
	other := New(a.store, c.today) // another process
	if found, err := a.Add(t.Context(), store.User{Name: "an", Role: "quan-tri"}, secret); err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
	for _, accounts := range []*Accounts{a, other} {
		if some, err := accounts.Any(t.Context()); !some || err != nil {
			t.Error(some, err)
		}
	}
}

// TestAnyStaysTrue holds that the question costs nothing once there is a user: not even a database that is away is asked.
func TestAnyStaysTrue(t *testing.T) {
	d := open(t)
	d.Accounts.store.Close()
	if some, err := d.Any(t.Context()); !some || err != nil {
		t.Error(some, err)
	}
}

func TestChange(t *testing.T) {
	d := open(t)
	ctx := t.Context()
	if err := d.Accounts.store.AddOffice(ctx, store.Office{ID: "hdnd", Name: "HĐND", Created: d.today()}); err != nil {
		t.Fatal(err)
	}
	d.change(t, func(u *store.User) { u.FullName, u.Office, u.Role = "  Trần   Thị Lan Anh ", "hdnd", "van-thu" })
	_, is := d.login(t)
	if want := (Who{Login: "lan", FullName: "Trần Thị Lan Anh", Office: "hdnd", Role: Clerk, Secret: is.Secret}); is != want {
		t.Errorf("is %+v", is)
	}
	for name, test := range map[string]struct {
		user store.User
		want string
	}{
		"the last administrator steps down":  {store.User{Name: "an.nguyen", Role: "van-thu"}, "vai_tro last-admin"},
		"the last administrator is disabled": {store.User{Name: "an.nguyen", Role: "quan-tri", Disabled: true}, "vai_tro last-admin"},
		"no such role and office":            {store.User{Name: "lan", Role: "x", Office: "x"}, "vai_tro user-role,don_vi user-office"},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := d.Change(ctx, test.user)
			if got := strings.Join(fields(found), ","); err != nil || got != test.want {
				t.Errorf("found %q, %v", got, err)
			}
		})
	}
	if _, err := d.Change(ctx, store.User{Name: "ai-do", Role: "van-thu"}); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
}

// TestAdministratorsStepDownAtOnce leaves one of them, on both databases.
func TestAdministratorsStepDownAtOnce(t *testing.T) {
	for name, place := range map[string]func(testing.TB) string{"sqlite": testing.TB.TempDir, "postgres": pgtest.Schema} {
		t.Run(name, func(t *testing.T) {
			a := New(openStore(t, place(t)), time.Now)
			names := []string{"an", "binh", "chi", "dung"}
			for _, name := range names {
				if found, err := a.Add(t.Context(), store.User{Name: name, Role: "quan-tri"}, secret); err != nil || len(found) > 0 {
					t.Fatal(found, err)
				}
			}
			var refused atomic.Int64
			var all sync.WaitGroup
			for _, name := range names {
				all.Go(func() {
					found, err := New(a.store, time.Now).Change(t.Context(), store.User{Name: name, Role: "van-thu"})
					if err != nil {
						t.Error(err)
					}
					refused.Add(int64(len(found)))
				})
			}
			all.Wait()
			if refused.Load() != 1 {
				t.Errorf("%d were refused", refused.Load())
			}
		})
	}
}

// TestNothingThatOpensADoorIsKept looks for what people and programs carry in the bytes of the database.
func TestNothingThatOpensADoorIsKept(t *testing.T) {
	d := open(t)
	cookie, _ := d.login(t)
	key, _, _, err := d.NewToken(t.Context(), "lan", "máy quét", 0)
	if err != nil {
		t.Fatal(err)
	}
	user, err := d.Accounts.store.User(t.Context(), "lan")
	if err != nil || !strings.HasPrefix(user.Password, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("password %q, %v", user.Password, err)
	}
	paths, err := filepath.Glob(filepath.Join(d.folder, "*"))
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	var all strings.Builder
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
	}
	if !strings.Contains(all.String(), digest(cookie)) || !strings.Contains(all.String(), digest(key)) {
		t.Error("not all of the database was read")
	}
	for name, text := range map[string]string{"password": secret, "cookie": cookie, "key": key, "key without its prefix": key[3:]} {
		if strings.Contains(all.String(), text) {
			t.Errorf("the %s lies in the database", name)
		}
	}
}

package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vanthu/internal/account"
	"vanthu/internal/store"
	"vanthu/internal/vi"
)

const secret = "cá kho bảy ngọn núi"

// mustWith runs the program with a standard input and wants it to end well.
func mustWith(t *testing.T, stdin string, args ...string) (stdout, stderr string) {
	t.Helper()
	code, stdout, stderr := tryWith(t, stdin, args...)
	if code != exitOK {
		t.Fatalf("%q: exit code %d\n%s", args, code, stderr)
	}
	return stdout, stderr
}

// logIn tells whether a user with a password may come in.
func logIn(t *testing.T, place, name, password string) error {
	t.Helper()
	kept, err := store.Open(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	_, _, err = account.New(kept, time.Now).Login(t.Context(), name, password, "10.0.0.1")
	return err
}

func TestUser(t *testing.T) {
	lay(t, nil)
	before := time.Now()
	stdout, stderr := mustWith(t, secret+"\r\nnot read", "user", "add", "an.nguyen", "--ho-ten", "Nguyễn Văn An", "--data", "nha")
	if stdout != "an.nguyen\n" || stderr != "Đã thêm Nguyễn Văn An, vai trò Quản trị.\n" {
		t.Errorf("printed %q, %q", stdout, stderr)
	}
	_, stderr = mustWith(t, secret, "user", "add", "lan", "--ho-ten", "Trần Thị Lan", "--db", "nha")
	says(t, stderr, "vai trò Soạn thảo")
	mustWith(t, secret, "user", "add", "binh", "--ho-ten", "Lê Thị Bình", "--vai-tro", "van-thu", "--data", "nha")

	stdout, stderr = must(t, "user", "list", "--data", "nha")
	list := func(day time.Time) string {
		today := day.In(vi.Zone).Format("02/01/2006")
		return "Tên        Họ tên         Vai trò    Đơn vị  Từ ngày     Trạng thái\n" +
			"an.nguyen  Nguyễn Văn An  Quản trị   -       " + today + "  đang dùng\n" +
			"binh       Lê Thị Bình    Văn thư    -       " + today + "  đang dùng\n" +
			"lan        Trần Thị Lan   Soạn thảo  -       " + today + "  đang dùng\n"
	}
	if stdout != list(before) && stdout != list(time.Now()) || // midnight may have come in between
		stderr != "Có 3 người dùng.\n" {
		t.Errorf("printed\n%s%s", stdout, stderr)
	}
	if err := logIn(t, "nha", "lan", secret); err != nil {
		t.Error(err)
	}

	mustWith(t, "một con mèo đen\n", "user", "password", "lan", "--data", "nha")
	if err := logIn(t, "nha", "lan", secret); !errors.Is(err, account.ErrWrong) {
		t.Error(err)
	}
	if err := logIn(t, "nha", "lan", "một con mèo đen"); err != nil {
		t.Error(err)
	}

	must(t, "user", "disable", "lan", "--data", "nha")
	stdout, _ = must(t, "user", "list", "--data", "nha")
	says(t, stdout, "đã khóa")
	if err := logIn(t, "nha", "lan", "một con mèo đen"); !errors.Is(err, account.ErrWrong) {
		t.Error(err)
	}
	must(t, "user", "enable", "lan", "--data", "nha")
	if err := logIn(t, "nha", "lan", "một con mèo đen"); err != nil {
		t.Error(err)
	}
	if got := acts(t, "nha"); got != "enable-user lan, disable-user lan, set-password lan, add-user binh, add-user lan, add-user an.nguyen" {
		t.Errorf("the audit has %s", got)
	}
}

// acts are what the audit tells, the latest first.
func acts(t *testing.T, place string) string {
	t.Helper()
	kept, err := store.Open(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	list, err := kept.Acts(t.Context(), store.ActFilter{})
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, act := range list {
		words = append(words, act.Action+" "+act.Subject)
	}
	return strings.Join(words, ", ")
}

func TestUserRefuses(t *testing.T) {
	lay(t, map[string]string{"trong/x": ""})
	mustWith(t, secret, "user", "add", "an", "--ho-ten", "Nguyễn Văn An", "--data", "nha")
	add := func(name string, more ...string) []string {
		return append([]string{"user", "add", name, "--ho-ten", "Lê Thị Bình", "--data", "nha"}, more...)
	}
	for _, test := range []struct {
		name  string
		stdin string
		args  []string
		code  int
		says  string
	}{
		{"no name", secret, []string{"user", "add"}, exitUsage, "Cần đúng một tên đăng nhập"},
		{"no full name", secret, []string{"user", "add", "binh", "--data", "nha"}, exitUsage, "--ho-ten"},
		{"a password as an argument", "", add("binh", "mật-khẩu"), exitUsage, "Cần đúng một tên đăng nhập"},
		{"no password", "", add("binh"), exitUsage, "Không nhận được mật khẩu"},
		{"a weak password", "matkhau123\n", add("binh"), exitFindings, "quá nhiều người dùng"},
		{"a wrong name", secret, add("Bình"), exitFindings, "tên đăng nhập “Bình”"},
		{"a taken name", secret, add("an"), exitFindings, "đã có người dùng “an”"},
		{"an unknown role", secret, add("binh", "--vai-tro", "giam-doc"), exitFindings, "không có vai trò “giam-doc”"},
		{"an unknown office", secret, add("binh", "--don-vi", "huyen"), exitFindings, "không có đơn vị “huyen”"},
		{"a first who may not add others", secret, []string{"user", "add", "binh", "--ho-ten", "B", "--vai-tro", "van-thu", "--data", "moi"}, exitFindings, "đầu tiên phải là quản trị"},
		{"the last administrator", "", []string{"user", "disable", "an", "--data", "nha"}, exitFindings, "người quản trị cuối cùng"},
		{"password of nobody", secret, []string{"user", "password", "ai", "--data", "nha"}, exitUsage, "Không có người dùng “ai”"},
		{"disable nobody", "", []string{"user", "disable", "ai", "--data", "nha"}, exitUsage, "Không có người dùng “ai”"},
		{"list what is not there", "", []string{"user", "list", "--data", "khong"}, exitUsage, "Không có thư mục “khong”"},
		{"no such command", "", []string{"user", "remove", "an"}, exitUsage, "Không có lệnh “remove”"},
	} {
		t.Run(test.name, func(t *testing.T) {
			code, stdout, stderr := tryWith(t, test.stdin, test.args...)
			if code != test.code || stdout != "" {
				t.Errorf("exit code %d, stdout %q", code, stdout)
			}
			says(t, stderr, test.says)
		})
	}
	if got := acts(t, "nha"); got != "add-user an" {
		t.Errorf("the audit has %s", got)
	}
}

// TestUserInTheOwnFolder works on the folder that the service uses when nothing is said.
func TestUserInTheOwnFolder(t *testing.T) {
	lay(t, nil)
	mustWith(t, secret, "user", "add", "an", "--ho-ten", "Nguyễn Văn An")
	stdout, _ := must(t, "user", "list")
	says(t, stdout, "Nguyễn Văn An")
	info, err := os.Stat(filepath.Join("cua-toi", "vanthu"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info, err)
	}
}

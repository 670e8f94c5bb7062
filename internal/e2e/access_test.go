package e2e

import (
	"strings"
	"testing"
)

const password = "Cau-Rao-Hai-2026"

// TestLogIn: nobody is asked until there is a user; then everybody is, and goes on where they were going.
func TestLogIn(t *testing.T) {
	d := open(t)
	b := browse(t, d, 1440, "/nguoi-dung")
	b.sees("Một người dùng")
	b.accessible("users, nobody yet")
	b.fill("Tên đăng nhập", "hanh.pham")
	b.fill("Họ tên", "Phạm Xuân Hanh")
	b.fill("Mật khẩu", password)
	b.click("Thêm")
	b.sees("Đăng nhập")
	b.accessible("login")
	b.fill("Tên đăng nhập", "hanh.pham")
	b.fill("Mật khẩu", "khong-phai-mat-khau")
	b.click("Đăng nhập")
	b.sees("không đúng")
	b.fill("Mật khẩu", password)
	b.click("Đăng nhập")
	b.sees("Phạm Xuân Hanh")

	b.visit("/nguoi-dung")
	b.fill("Tên đăng nhập", "lan.nguyen")
	b.fill("Họ tên", "Nguyễn Thị Lan")
	b.fill("Mật khẩu", password)
	b.choose("Vai trò", "Soạn thảo")
	b.click("Thêm")
	b.sees("Đã thêm người dùng")
	b.accessible("users")
	b.visit("/nhat-ky")
	b.sees("thêm người dùng")
	b.accessible("audit")

	other := browse(t, d, 360, "/don-vi")
	other.fill("Tên đăng nhập", "lan.nguyen")
	other.fill("Mật khẩu", password)
	other.click("Đăng nhập")
	other.sees("Thông tin đơn vị")
	if strings.Contains(other.text(), "Người dùng") {
		t.Error("a drafter is shown the way to the users")
	}
	other.visit("/nguoi-dung")
	other.sees("dành cho vai trò Quản trị")
	other.visit("/tai-khoan")
	other.fill("Dùng cho", "phần mềm quản lý văn bản")
	other.click("Lấy mã mới")
	other.sees("vt_")
	other.accessible("account with a token")
	other.click("Nguyễn Thị Lan")
	other.click("Đăng xuất")
	other.sees("Đăng nhập")
}

// TestOffice: the profile is typed once, kept in versions, and used for what is made then.
func TestOffice(t *testing.T) {
	b := browse(t, open(t), 1440, "/don-vi")
	b.sees("Thông tin đơn vị")
	b.accessible("office")
	b.fill("Địa danh", "Vĩnh Bảo")
	b.click("Lưu")
	b.sees("Đã lưu")
	b.fill("Tên cơ quan", "")
	b.click("Lưu")
	b.sees("Chưa lưu được")
	b.visit("/don-vi")
	if got := js[string](b, `document.getElementById("dia_danh").value`); got != "Vĩnh Bảo" {
		t.Errorf("the place is %q", got)
	}
}

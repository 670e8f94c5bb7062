package e2e

import (
	"net/http"
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
	b.comes("/dang-nhap")
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
	key := js[string](other, `document.querySelector("[data-copy^=vt_]").dataset.copy`)
	if status := d.ask(t, "/api/v1/kinds", key); status != http.StatusOK {
		t.Errorf("a program with the token gets %d", status)
	}
	other.click("Thu hồi phần mềm quản lý văn bản")
	says(t, "the question", other.heard.question(), "phần mềm quản lý văn bản")
	other.waits("no token", `!document.querySelector("form[action$='/thu-hoi']")`)
	if status := d.ask(t, "/api/v1/kinds", key); status != http.StatusUnauthorized {
		t.Errorf("a program with a token that was taken back gets %d", status)
	}
	other.visit("/soan/ke-hoach")
	other.sees("Tải về Word")
	if strings.Contains(other.text(), "Lấy số và làm văn bản") {
		t.Error("a drafter is offered a number")
	}
	other.click("Nguyễn Thị Lan")
	other.click("Đăng xuất")
	other.comes("/dang-nhap")
}

// ask is the status of an answer to a program with a token.
func (d desk) ask(t *testing.T, path, key string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.url+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

// TestTwoOffices: what one office writes is not there for the other, in lists or by its address.
func TestTwoOffices(t *testing.T) {
	d := open(t)
	first := browse(t, d, 1440, "/soan/ke-hoach")
	first.fill("Trích yếu", "Kế hoạch riêng của Hội đồng nhân dân")
	first.sees("Đã lưu")
	draft := js[string](first, `location.pathname`)
	d.user(t, "hanh.pham", "Phạm Xuân Hanh", "quan-tri", password)
	first.logIn("hanh.pham")
	first.visit("/nguoi-dung")
	first.fill("Thêm đơn vị", "UBND xã Vĩnh Am")
	first.types("\r")
	first.sees("Thông tin đơn vị") // of the new one, to be filled in
	first.visit("/nguoi-dung")
	first.fill("Tên đăng nhập", "hai.bui")
	first.fill("Họ tên", "Bùi Văn Hải")
	first.fill("Mật khẩu", password)
	first.choose("Đơn vị", "UBND xã Vĩnh Am")
	first.choose("Vai trò", "Văn thư")
	first.click("Thêm")
	first.sees("hai.bui")

	second := browse(t, d, 1440, "/")
	second.logIn("hai.bui")
	second.sees("UBND xã Vĩnh Am")
	second.sees("Chưa có bản thảo nào")
	second.heard.lose()
	second.visit(draft)
	second.sees("Không có bản thảo này")
	second.accessible("what is not there")
	first.visit(draft)
	first.waits("the draft", `document.getElementById("f-trich_yeu")?.value === "Kế hoạch riêng của Hội đồng nhân dân"`)
}

// logIn goes through the page of the login.
func (b *tab) logIn(name string) {
	b.Helper()
	b.visit("/")
	b.fill("Tên đăng nhập", name)
	b.fill("Mật khẩu", password)
	b.click("Đăng nhập")
	b.sees("Hôm nay bạn cần làm văn bản gì?")
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

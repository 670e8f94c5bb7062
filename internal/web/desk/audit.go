package desk

import "strings"

// actAddress is the page of what somebody did something to, or empty.
func actAddress(subject string) string {
	if strings.HasPrefix(subject, "van-ban/") {
		return "/" + subject
	}
	return ""
}

// actNames say what somebody did.
var actNames = map[string]string{
	"log-in": "đăng nhập", "log-out": "đăng xuất",
	"add-user": "thêm người dùng", "change-user": "sửa người dùng", "disable-user": "khóa người dùng", "enable-user": "mở khóa người dùng",
	"set-password": "đặt mật khẩu", "new-token": "lấy mã truy cập", "drop-token": "thu hồi mã truy cập",
	"add-office": "thêm đơn vị", "rename-office": "đổi tên đơn vị", "save-profile": "sửa thông tin đơn vị",
	"make-document": "làm văn bản", "delete-draft": "xóa bản thảo",
	"send-file": "gửi tệp dữ liệu", "drop-file": "xóa tệp dữ liệu", "import-document": "đọc văn bản gõ sẵn",
	"take-number": "lấy số", "issue-number": "phát hành", "void-number": "hủy số", "annotate-number": "ghi vào sổ", "import-register": "nhập sổ cũ",
	"save-template": "tải mẫu lên", "use-template": "đổi mẫu đang dùng",
	"start-batch": "chạy hàng loạt", "retry-batch": "làm lại hàng loạt", "cancel-batch": "hủy hàng loạt",
}

// ActName returns what an act of the audit is called in Vietnamese.
func ActName(action string) string {
	if name := actNames[action]; name != "" {
		return name
	}
	return action
}

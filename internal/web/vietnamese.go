package web

import (
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
	"github.com/gin-gonic/gin"
)

// speakVietnamese sets what gin and huma keep in package variables: quiet start, our problems, Vietnamese messages.
var speakVietnamese = sync.OnceFunc(func() {
	gin.SetMode(gin.ReleaseMode)
	huma.NewError = problemFromHuma

	validation.MsgUnexpectedProperty = "không có trường này"
	validation.MsgExpectedRFC3339DateTime = "cần ngày giờ theo RFC 3339"
	validation.MsgExpectedRFC1123DateTime = "cần ngày giờ theo RFC 1123"
	validation.MsgExpectedRFC3339Date = "cần ngày dạng năm-tháng-ngày"
	validation.MsgExpectedRFC3339Time = "cần giờ theo RFC 3339"
	validation.MsgExpectedRFC5322Email = "cần địa chỉ thư điện tử: %v"
	validation.MsgExpectedRFC5890Hostname = "cần tên máy chủ theo RFC 5890"
	validation.MsgExpectedRFC2673IPv4 = "cần địa chỉ IPv4"
	validation.MsgExpectedRFC2373IPv6 = "cần địa chỉ IPv6"
	validation.MsgExpectedRFCIPAddr = "cần địa chỉ IPv4 hoặc IPv6"
	validation.MsgExpectedRFC3986URI = "cần URI theo RFC 3986: %v"
	validation.MsgExpectedRFC4122UUID = "cần UUID theo RFC 4122: %v"
	validation.MsgExpectedRFC6570URITemplate = "cần mẫu URI theo RFC 6570"
	validation.MsgExpectedRFC6901JSONPointer = "cần con trỏ JSON theo RFC 6901"
	validation.MsgExpectedRFC6901RelativeJSONPointer = "cần con trỏ JSON tương đối"
	validation.MsgExpectedRegexp = "cần biểu thức chính quy: %v"
	validation.MsgExpectedMatchAtLeastOneSchema = "giá trị không khớp dạng nào trong các dạng cho phép"
	validation.MsgExpectedMatchExactlyOneSchema = "giá trị phải khớp đúng một trong các dạng cho phép"
	validation.MsgExpectedNotMatchSchema = "giá trị thuộc dạng không cho phép"
	validation.MsgExpectedPropertyNameInObject = "thiếu trường cho biết kiểu"
	validation.MsgExpectedBoolean = "cần true hoặc false"
	validation.MsgExpectedDuration = "cần khoảng thời gian: %v"
	validation.MsgExpectedNumber = "cần số"
	validation.MsgExpectedInteger = "cần số nguyên"
	validation.MsgExpectedString = "cần chuỗi chữ"
	validation.MsgExpectedBase64String = "cần chuỗi mã hóa base64"
	validation.MsgExpectedArray = "cần danh sách"
	validation.MsgExpectedObject = "cần nhóm gồm khóa và giá trị"
	validation.MsgExpectedArrayItemsUnique = "các mục trong danh sách không được trùng nhau"
	validation.MsgExpectedOneOf = "cần một trong các giá trị “%s”"
	validation.MsgExpectedMinimumNumber = "cần số không nhỏ hơn %v"
	validation.MsgExpectedExclusiveMinimumNumber = "cần số lớn hơn %v"
	validation.MsgExpectedMaximumNumber = "cần số không lớn hơn %v"
	validation.MsgExpectedExclusiveMaximumNumber = "cần số nhỏ hơn %v"
	validation.MsgExpectedNumberBeMultipleOf = "cần bội số của %v"
	validation.MsgExpectedMinLength = "cần ít nhất %d ký tự"
	validation.MsgExpectedMaxLength = "cần nhiều nhất %d ký tự"
	validation.MsgExpectedBePattern = "cần chuỗi là %s"
	validation.MsgExpectedMatchPattern = "cần chuỗi theo mẫu %s"
	validation.MsgExpectedMinItems = "cần ít nhất %d mục"
	validation.MsgExpectedMaxItems = "cần nhiều nhất %d mục"
	validation.MsgExpectedMinProperties = "cần ít nhất %d trường"
	validation.MsgExpectedMaxProperties = "cần nhiều nhất %d trường"
	validation.MsgExpectedRequiredProperty = "thiếu trường %s"
	validation.MsgExpectedDependentRequiredProperty = "cần trường %s khi đã có %s"
})

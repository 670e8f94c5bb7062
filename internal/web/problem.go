package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"vanthu/internal/diag"
)

// Problem is a refusal as programs read it (RFC 9457, problem details).
type Problem struct {
	Type      string        `json:"type"`
	Title     string        `json:"title"`
	Status    int           `json:"status"`
	Detail    string        `json:"detail,omitempty"`
	RequestID string        `json:"requestId,omitempty"`
	Findings  diag.Findings `json:"findings,omitempty"`
	Errors    []Invalid     `json:"errors,omitempty"`

	RetryAfter string `json:"-"` // seconds, for the header
}

// Error returns the detail.
func (p *Problem) Error() string { return p.Detail }

func (p *Problem) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(p) // a caller who has gone away is told nothing
}

// StatusTitle is the name of a status for people.
func StatusTitle(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "Yêu cầu không đọc được"
	case http.StatusUnauthorized:
		return "Cần đăng nhập"
	case http.StatusForbidden:
		return "Không được phép"
	case http.StatusNotFound:
		return "Không tìm thấy"
	case http.StatusMethodNotAllowed:
		return "Phương thức không dùng được ở đây"
	case http.StatusConflict:
		return "Chưa làm được lúc này"
	case http.StatusRequestTimeout:
		return "Gửi quá chậm"
	case http.StatusRequestEntityTooLarge:
		return "Tệp quá lớn"
	case http.StatusUnsupportedMediaType:
		return "Loại tệp không nhận"
	case http.StatusUnprocessableEntity:
		return "Dữ liệu cần sửa"
	case http.StatusTooManyRequests:
		return "Quá nhiều yêu cầu"
	case http.StatusServiceUnavailable:
		return "Máy chủ chưa phục vụ được"
	case http.StatusInternalServerError:
		return "Máy chủ có lỗi"
	default:
		return "Không làm được yêu cầu"
	}
}

// NewProblem returns a problem of a status, with what is wrong and what to do.
func NewProblem(status int, detail string) *Problem {
	return &Problem{Type: "about:blank", Title: StatusTitle(status), Status: status, Detail: detail}
}

func tooLarge(most int64) *Problem {
	return NewProblem(http.StatusRequestEntityTooLarge, fmt.Sprintf("Chỉ nhận tối đa %d MB.", most>>20))
}

// Busy is the problem of a request that finds all places taken.
func Busy() *Problem {
	return TooMany("Đang có nhiều yêu cầu chờ làm. Hãy gửi lại sau ít giây.", 5)
}

// Unserved is the problem of a request that waited for a CPU and got none.
func Unserved(ctx context.Context) *Problem {
	if ctx.Err() != nil {
		return NewProblem(StatusCallerGone, "")
	}
	return Busy()
}

// StatusCallerGone is the status of a request whose caller has gone away, as nginx counts it: nobody reads the answer, and it is no fault of ours.
const StatusCallerGone = 499

// TooMany is the problem of one request too many at once, to be sent again after some seconds.
func TooMany(detail string, seconds int) *Problem {
	p := NewProblem(http.StatusTooManyRequests, detail)
	p.RetryAfter = strconv.Itoa(seconds)
	return p
}

// Blocked is the problem of findings that keep a file from being made.
func Blocked(found diag.Findings) *Problem {
	p := NewProblem(http.StatusUnprocessableEntity, blockedDetail(found))
	p.Findings = found
	return p
}

func blockedDetail(found diag.Findings) string {
	count := 0
	for _, f := range found {
		if f.Severity == diag.Error {
			count++
		}
	}
	return fmt.Sprintf("Có %d lỗi phải sửa nên chưa có tệp kết quả. Sửa trong tệp rồi gửi lại.", count)
}

// faultProblem tells of a fault of ours nothing but the request's name; the cause is for the log alone.
func faultProblem(ctx context.Context) *Problem {
	p := NewProblem(http.StatusInternalServerError, "Lỗi này không phải do tệp của bạn. Hãy báo người quản trị kèm mã yêu cầu.")
	p.RequestID = requestID(ctx)
	return p
}

// Fault logs a fault of ours and makes a problem of it. What fails because the caller has gone away is none.
func (s *Server) Fault(ctx context.Context, doing string, err error) *Problem {
	if ctx.Err() != nil {
		s.Log.InfoContext(ctx, "caller gone", "doing", doing, "error", err, "id", requestID(ctx))
		return NewProblem(StatusCallerGone, "")
	}
	s.Log.ErrorContext(ctx, "fault", "doing", doing, "error", err, "id", requestID(ctx))
	return faultProblem(ctx)
}

// Invalid is a parameter that is not as it should be.
type Invalid struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

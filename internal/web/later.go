package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"
)

const respondAsync = "respond-async" // RFC 7240, 4.1

// prefersAsync reports whether a Prefer header asks not to be kept waiting. Preferences stand apart by commas, their parameters by semicolons.
func prefersAsync(prefer string) bool {
	for preference := range strings.SplitSeq(prefer, ",") {
		name, _, _ := strings.Cut(preference, ";")
		if strings.EqualFold(strings.TrimSpace(name), respondAsync) {
			return true
		}
	}
	return false
}

// documentOutput is a document, or the batch of one that makes it.
type documentOutput struct {
	Status             int    // 200, or 202
	ContentType        string `header:"Content-Type" hidden:"true"`
	ContentLength      string `header:"Content-Length" hidden:"true"`
	ContentDisposition string `header:"Content-Disposition" doc:"Tên tệp, có cả filename không dấu và filename* đủ dấu (RFC 6266)"`
	Findings           int    `header:"Vanthu-Findings" doc:"Số cảnh báo và lưu ý không cản việc làm tệp"`
	FindingList        string `header:"Vanthu-Finding-List" doc:"Các cảnh báo và lưu ý: mảng JSON các Finding, viết bằng ASCII, nhiều nhất 20 mục và 4 KiB; không có thì không gửi"`
	Location           string `header:"Location" hidden:"true"`
	RetryAfter         string `header:"Retry-After" hidden:"true"`
	Applied            string `header:"Preference-Applied" hidden:"true"`
	Body               []byte
}

func (d download) documentOutput() *documentOutput {
	file := d.output()
	return &documentOutput{
		Status: file.Status, ContentType: file.ContentType, ContentLength: file.ContentLength, ContentDisposition: file.ContentDisposition,
		Findings: file.Findings, FindingList: file.FindingList, Body: file.Body,
	}
}

// documentLater leaves a document to a batch of one, and tells where to ask for it.
func (s *api) documentLater(ctx context.Context, in *documentInput) (*documentOutput, error) {
	request := in.request
	if len(request.Tables) > 0 {
		return nil, problem(http.StatusUnprocessableEntity,
			"Phần “bang” không gửi được cùng Prefer: respond-async, vì văn bản được làm như một lô, mà lô không nhận bảng rời. "+
				"Hãy chép các bảng vào tệp “data”, hoặc bỏ Prefer để nhận văn bản ngay.")
	}
	if p := s.crowded(ctx); p != nil {
		return nil, p
	}
	request.PDF = in.Format == asPDF || in.Format == asZIP
	request.XLSX = in.Format == asExcel || in.Format == asZIP
	id, fresh, p := s.submitOne(ctx, request, in.Key)
	if p != nil {
		return nil, p
	}
	if fresh {
		s.did(in.from, "start-batch", request.Name, id)
	}
	kept, p := s.progress(ctx, id)
	if p != nil {
		return nil, p
	}
	body := asJSON(kept.Body)
	return &documentOutput{
		Status: http.StatusAccepted, ContentType: jsonType, ContentLength: strconv.Itoa(len(body)), Body: body,
		Location: batchesPath + "/" + id, RetryAfter: kept.RetryAfter, Applied: respondAsync,
	}, nil
}

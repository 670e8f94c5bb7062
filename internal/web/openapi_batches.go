package web

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"vanthu/internal/job"
	"vanthu/internal/store"
)

const tagBatches = "Chạy hàng loạt"

const batchesDescription = "Làm văn bản cho nhiều đơn vị từ một tệp ZIP hoặc một bảng tính: gửi lên, nhận mã 202 và địa chỉ của lô, " +
	"hỏi tiến độ hoặc theo dõi sự kiện, rồi tải tệp ZIP kết quả. Một văn bản có lỗi không cản các văn bản khác. " +
	"Cần quyền văn thư; mỗi đơn vị chỉ thấy các lô của mình"

func readyOperation() huma.Operation {
	return huma.Operation{
		OperationID: "ready", Method: http.MethodGet, Path: "/readyz", Tags: []string{tagServer},
		Summary: "Máy chủ làm được việc",
		Description: "Thử đọc, ghi cơ sở dữ liệu và nơi để tệp, trong nhiều nhất 3 giây. Hỏng chỗ nào thì nhận mã 503 nói rõ chỗ ấy. " +
			"Số đo cho Prometheus ở `/metrics`, cần mã truy cập của người quản trị.",
		Security:  nobody,
		Responses: answers("Máy chủ sẵn sàng", nil),
		Errors:    []int{http.StatusServiceUnavailable},
	}
}

func newBatchOperation() huma.Operation {
	responses := answers("Mã Idempotency-Key này đã có lô: đây là lô ấy", nil)
	responses["202"] = &huma.Response{Description: "Đã nhận lô"}
	return huma.Operation{
		OperationID: "start-batch", Method: http.MethodPost, Path: batchesPath, Tags: []string{tagBatches},
		Summary: "Gửi một lô",
		Description: "Biểu mẫu có phần `data` là tệp ZIP của nhiều tệp dữ liệu (mỗi tệp một đơn vị; `ky-truoc/` là kỳ trước, " +
			"`don-vi.yaml` là thông tin cơ quan của thư mục chứa nó, có `tong-hop.yaml` thì làm thêm báo cáo tổng hợp), hoặc là bảng tính " +
			"mỗi dòng hay mỗi trang tính một đơn vị. Tối đa 256 MB. Máy chủ nhận cùng lúc nhiều nhất 4 lô, để chờ đọc nhiều nhất 16 lô; quá thì nhận mã 429.\n\n" +
			"Nên gửi `Idempotency-Key`: đường truyền đứt mà gửi lại cùng mã thì không thành hai lô.",
		DefaultStatus: http.StatusAccepted,
		Responses:     responses,
		Errors: []int{
			http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
			http.StatusUnprocessableEntity, http.StatusTooManyRequests,
		},
	}
}

func batchesOperation() huma.Operation {
	return huma.Operation{
		OperationID: "list-batches", Method: http.MethodGet, Path: batchesPath, Tags: []string{tagBatches},
		Summary:     "Các lô gần đây",
		Description: "Nhiều nhất 50 lô, lô mới nhất đứng đầu.",
		Responses:   answers("Danh sách lô", nil),
	}
}

func batchOperation() huma.Operation {
	return huma.Operation{
		OperationID: "get-batch", Method: http.MethodGet, Path: batchesPath + "/{id}", Tags: []string{tagBatches},
		Summary:     "Tiến độ của một lô",
		Description: "Số văn bản theo từng trạng thái; khi đang làm có thêm tốc độ và thời gian còn lại. Chưa xong thì hỏi lại sau số giây trong `Retry-After`.",
		Responses:   answers("Tiến độ", nil),
		Errors:      []int{http.StatusNotFound},
	}
}

func itemsOperation() huma.Operation {
	return huma.Operation{
		OperationID: "list-items", Method: http.MethodGet, Path: batchesPath + "/{id}/items", Tags: []string{tagBatches},
		Summary:     "Các văn bản của một lô",
		Description: "Mỗi đơn vị một dòng: trạng thái, số, các tệp kèm mã băm, lỗi phải sửa. Lọc bằng `state`, ví dụ `state=refused` là các đơn vị có lỗi phải sửa.",
		Responses:   answers("Danh sách văn bản", nil),
		Errors:      []int{http.StatusNotFound},
	}
}

func eventsOperation() huma.Operation {
	example := "event: status\ndata: {\"id\":\"k7qx2m5rt4w6z3yb5n7pjd4hce\",\"state\":\"done\",\"total\":30,\"made\":30}\n\nevent: end\ndata: {\"state\":\"done\"}\n\n"
	return huma.Operation{
		OperationID: "follow-batch", Method: http.MethodGet, Path: batchesPath + "/{id}/events", Tags: []string{tagBatches},
		Summary: "Theo dõi một lô",
		Description: "Luồng sự kiện (Server-Sent Events): sự kiện `status` mang tiến độ như khi hỏi lô, mỗi khi có thay đổi, nhiều nhất 4 lần mỗi giây; " +
			"sự kiện `end` khi lô đã xong hoặc đã hủy, sau đó luồng đóng lại; bên nhận cũng phải đóng, vì EventSource của trình duyệt tự nối lại. Cứ 15 giây có một dòng chú thích để giữ đường truyền.",
		Responses: answers("Luồng sự kiện", map[string]*huma.MediaType{eventsType: {
			Schema:  &huma.Schema{Type: huma.TypeString, Examples: []any{example}}, // where the viewer looks for it
			Example: example,
		}}),
		Errors: []int{http.StatusNotFound, http.StatusTooManyRequests},
	}
}

func cancelOperation() huma.Operation {
	return huma.Operation{
		OperationID: "cancel-batch", Method: http.MethodPost, Path: batchesPath + "/{id}/cancel", Tags: []string{tagBatches},
		Summary:     "Hủy một lô",
		Description: "Văn bản đã làm được giữ lại, văn bản chưa làm thì bỏ qua. Lô đã xong thì giữ nguyên.",
		Responses:   answers("Lô sau khi hủy", nil),
		Errors:      []int{http.StatusNotFound},
	}
}

func retryOperation() huma.Operation {
	responses := answers("Không có văn bản nào phải làm lại", nil)
	responses["202"] = &huma.Response{Description: "Đang làm lại"}
	return huma.Operation{
		OperationID: "retry-batch", Method: http.MethodPost, Path: batchesPath + "/{id}/retry", Tags: []string{tagBatches},
		Summary: "Làm lại phần hỏng của một lô",
		Description: "Làm lại các văn bản hỏng vì lỗi máy và các văn bản bị bỏ qua khi hủy; số văn bản giữ như cũ. " +
			"Văn bản có lỗi trong dữ liệu thì phải sửa dữ liệu rồi gửi lô mới.",
		DefaultStatus: http.StatusAccepted,
		Responses:     responses,
		Errors:        []int{http.StatusNotFound},
	}
}

func archiveOperation() huma.Operation {
	responses := answers("Tệp ZIP có các văn bản và danh mục", map[string]*huma.MediaType{zipType: binary()})
	responses["200"].Headers = map[string]*huma.Param{
		"Content-Disposition": {
			Description: "Tên tệp, có cả filename không dấu và filename* đủ dấu (RFC 6266)", Schema: &huma.Schema{Type: huma.TypeString},
		},
	}
	return huma.Operation{
		OperationID: "get-archive", Method: http.MethodGet, Path: batchesPath + "/{id}/archive", Tags: []string{tagBatches},
		Summary:     "Tải kết quả của một lô",
		Description: "Tệp ZIP được gửi dần trong khi nén. Lô chưa xong thì nhận mã 409, trừ khi có `partial=true`. Lỗi giữa chừng thì đường truyền bị ngắt, để tệp cụt không bị coi là đủ.",
		Responses:   responses,
		Errors:      []int{http.StatusNotFound, http.StatusConflict, http.StatusTooManyRequests},
	}
}

// describeBatches adds to the description what huma cannot know of batches.
func describeBatches(description *huma.OpenAPI) {
	one := batchesPath + "/{id}"
	sent, retried := description.Paths[batchesPath].Post, description.Paths[one+"/retry"].Post
	cancelled, asked := description.Paths[one+"/cancel"].Post, description.Paths[one].Get
	sent.RequestBody = batchBody()
	for _, operation := range []*huma.Operation{sent, retried} { // two statuses with one body
		accepted, known := operation.Responses["202"], operation.Responses["200"]
		known.Headers = accepted.Headers
		known.Content = map[string]*huma.MediaType{jsonType: {Schema: accepted.Content[jsonType].Schema}}
	}
	for _, operation := range []*huma.Operation{sent, retried, cancelled, asked} {
		for _, response := range operation.Responses {
			if wait := response.Headers["Retry-After"]; wait != nil {
				wait.Schema.Type = huma.TypeInteger // it is written as text, so that it may be absent
			}
		}
	}
	for response, example := range map[*huma.Response]any{
		sent.Responses["202"]: batchExample(store.Planning), sent.Responses["200"]: batchExample(store.Running),
		retried.Responses["202"]: batchExample(store.Running), retried.Responses["200"]: batchExample(store.Done),
		cancelled.Responses["200"]: batchExample(store.Cancelled), asked.Responses["200"]: batchExample(store.Running),
		description.Paths[batchesPath].Get.Responses["200"]:  map[string]any{"batches": []any{batchExample(store.Done)}},
		description.Paths[one+"/items"].Get.Responses["200"]: map[string]any{"items": []any{itemExample()}},
	} {
		response.Content[jsonType].Example = example
	}
	later := description.Paths[documentsPath].Post.Responses["202"]
	later.Content = map[string]*huma.MediaType{jsonType: {
		Schema: sent.Responses["202"].Content[jsonType].Schema, Example: batchExample(store.Planning),
	}}
}

func batchBody() *huma.RequestBody {
	yes := func(description string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeBoolean, Default: false, Description: description}
	}
	return &huma.RequestBody{
		Description: "Dữ liệu của nhiều đơn vị.",
		Required:    true,
		Content: map[string]*huma.MediaType{formType: {
			Schema: &huma.Schema{
				Type:     huma.TypeObject,
				Required: []string{"data"},
				Properties: map[string]*huma.Schema{
					"data":    {Type: huma.TypeString, Format: "binary", Description: "Tệp .zip, .xlsx hoặc .csv"},
					"don_vi":  {Type: huma.TypeString, Format: "binary", Description: "Tệp thông tin cơ quan (don-vi.yaml) cho đơn vị nào không có trong đầu vào, tối đa 1 MB"},
					"summary": yes("Đầu vào phải có tệp tong-hop, không có thì lô bị từ chối. Có tệp ấy thì lúc nào cũng làm báo cáo tổng hợp"),
					"numbers": yes("Lấy số từ sổ đăng ký cho văn bản chưa có số"),
					"format": {
						Type: huma.TypeString, Default: "docx,pdf,xlsx", Examples: []any{"docx,pdf"},
						Description: "Các dạng tệp, cách nhau bằng dấu phẩy hoặc mỗi dạng một phần: docx (luôn có), pdf, xlsx",
					},
				},
			},
			Example: map[string]any{"data": "cuoi-nam-2026.zip", "summary": true, "numbers": true, "format": "docx,pdf,xlsx"},
		}},
	}
}

// batchExample is how far a batch has come in a state.
func batchExample(state store.BatchState) batchProgress {
	began := time.Date(2026, 12, 20, 1, 30, 0, 0, time.UTC)
	ended := began.Add(3 * time.Second)
	batch := batchProgress{Status: job.Status{ID: "k7qx2m5rt4w6z3yb5n7pjd4hce", Name: "cuoi-nam-2026", State: state, Created: began}}
	switch state {
	case store.Running:
		left := 1
		batch.Total, batch.Pending, batch.Made, batch.Refused, batch.Rate, batch.Left = 30, 10, 18, 2, 15, &left
	case store.Done:
		batch.Total, batch.Made, batch.Refused, batch.Finished = 30, 28, 2, &ended
	case store.Cancelled:
		batch.Total, batch.Made, batch.Refused, batch.Skipped, batch.Finished = 30, 18, 2, 10, &ended
	}
	return batch
}

// itemExample is a document of a batch.
func itemExample() job.Entry {
	name := "xa-an-binh/15-BC-HDND-ket-qua-hoat-dong-nam-2026.docx"
	return job.Entry{
		Position: 1, Name: "xa-an-binh", State: store.Made, Symbol: "15/BC-HĐND", Title: "Báo cáo Kết quả hoạt động năm 2026", Pages: 6,
		Files: []store.StoredFile{{Name: name, Size: 24816, Hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}},
	}
}

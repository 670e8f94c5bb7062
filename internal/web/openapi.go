package web

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"vanthu/internal/app"
	"vanthu/internal/diag"
)

// The headings of the description.
const (
	tagDocuments = "Văn bản"
	tagKinds     = "Loại văn bản"
	tagServer    = "Máy chủ"
)

// tokenScheme is the name of the security scheme.
const tokenScheme = "bearer"

// severity is diag.Severity as it goes over the wire.
type severity struct{}

// Schema returns the words of diag.Severity.MarshalText.
func (severity) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Enum: []any{"info", "warning", "error"}, Examples: []any{"error"}}
}

// apiConfig is huma without what it adds by itself: links to schemas in every answer, and a viewer from another host.
func apiConfig() huma.Config {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	registry.RegisterTypeAlias(reflect.TypeFor[diag.Severity](), reflect.TypeFor[severity]())
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:   "Văn Thư",
				Version: "1",
				Description: `Làm văn bản hành chính đúng thể thức Nghị định 30/2020/NĐ-CP: gửi dữ liệu, nhận tệp Word để ký, PDF để gửi và sổ Excel để theo dõi.

Cách dùng thường gặp: lấy tệp dữ liệu mẫu của một loại văn bản (Excel hoặc YAML), điền vào, gửi lên ` + "`" + documentsPath + "`" + `.
Sổ theo dõi nhận về lại là tệp dữ liệu của kỳ sau.
Yêu cầu không kèm thông tin cơ quan thì lấy thông tin của đơn vị mình ở trang Đơn vị.
Dữ liệu còn lỗi thì nhận mã 422 cùng mọi lỗi tìm được trong một lần, mỗi lỗi nói rõ trang tính, ô hoặc dòng, mục và cách sửa;
với tệp Excel, ` + "`" + markedPath + "`" + ` trả lại chính tệp ấy với các ô phải xem lại được tô màu.

Máy chủ đã có người dùng thì mọi yêu cầu phải kèm mã truy cập: ` + "`Authorization: Bearer MÃ`" + `; lấy mã ở trang Tài khoản.
Mã có quyền như người tạo ra nó, và chỉ thấy dữ liệu của đơn vị người ấy.

Mọi lỗi theo RFC 9457 (` + "`application/problem+json`" + `). Gửi ` + "`X-Request-Id`" + ` thì câu trả lời mang lại đúng mã ấy.
Máy chủ không lưu tệp gửi lên đây, trừ các lô chạy hàng loạt. Khi bận, máy chủ trả mã 429 kèm ` + "`Retry-After`" + `: chờ chừng ấy giây rồi gửi lại.`,
			},
			Servers:  []*huma.Server{{URL: "/", Description: "Máy chủ này"}},
			Security: []map[string][]string{{tokenScheme: {}}},
			Components: &huma.Components{
				Schemas: registry,
				SecuritySchemes: map[string]*huma.SecurityScheme{tokenScheme: {
					Type: "http", Scheme: "bearer",
					Description: "Mã truy cập của một người dùng. Máy chủ chỉ một người dùng, trên chính máy này, thì không cần.",
				}},
			},
			Tags: []*huma.Tag{
				{Name: tagDocuments, Description: "Làm văn bản từ dữ liệu, tô màu chỗ phải sửa, chuyển tệp Word sang PDF"},
				{Name: tagBatches, Description: batchesDescription},
				{Name: tagKinds, Description: "Các loại văn bản và tệp dữ liệu mẫu"},
				{Name: tagServer, Description: "Tình trạng máy chủ"},
			},
		},
		Formats:       map[string]huma.Format{jsonType: huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat: jsonType,
	}
}

// nobody is the Security of operations that ask nobody who they are.
var nobody = []map[string][]string{{}}

func healthOperation() huma.Operation {
	return huma.Operation{
		OperationID: "health", Method: http.MethodGet, Path: "/healthz", Tags: []string{tagServer},
		Summary:     "Máy chủ còn trả lời",
		Description: "Dùng cho bộ giám sát và bộ cân bằng tải.",
		Responses:   answers("Máy chủ đang phục vụ", nil),
		Security:    nobody,
		Errors:      []int{http.StatusInternalServerError},
	}
}

func kindsOperation() huma.Operation {
	return huma.Operation{
		OperationID: "list-kinds", Method: http.MethodGet, Path: "/api/v1/kinds", Tags: []string{tagKinds},
		Summary:     "Các loại văn bản làm được",
		Description: "Mỗi loại có tên không dấu, dùng làm giá trị của `loai` trong dữ liệu.",
		Responses:   answers("Danh sách", nil),
		Errors:      []int{http.StatusInternalServerError},
	}
}

func starterOperation() huma.Operation {
	return huma.Operation{
		OperationID: "get-starter", Method: http.MethodGet, Path: "/api/v1/kinds/{kind}/starter", Tags: []string{tagKinds},
		Summary: "Tệp dữ liệu mẫu của một loại",
		Description: "Tệp YAML có lời giải thích ở từng mục, hoặc bảng tính Excel có sẵn tiêu đề, danh sách chọn và lời giải thích, " +
			"để điền rồi gửi lên `" + documentsPath + "`.",
		Responses: notModified(answers("Tệp dữ liệu mẫu", map[string]*huma.MediaType{
			yamlType:  {Schema: &huma.Schema{Type: huma.TypeString}, Example: starterExample},
			excelType: binary(),
		})),
		Errors: []int{http.StatusNotFound},
	}
}

// starterExample is how the data file of a kind begins.
const starterExample = "# Kế hoạch. Điền sau dấu hai chấm; dòng bắt đầu bằng # là lời giải thích.\nloai: ke-hoach\n" +
	"trich_yeu: Tổng vệ sinh môi trường năm 2026\n"

func templateOperation() huma.Operation {
	return huma.Operation{
		OperationID: "get-template", Method: http.MethodGet, Path: "/api/v1/kinds/{kind}/template", Tags: []string{tagKinds},
		Summary: "Mẫu Word của một loại",
		Description: "Tệp .docx đang dùng để làm văn bản loại này: mẫu riêng của cơ quan nếu có, không thì mẫu đi kèm chương trình. " +
			"ETag là mã băm SHA-256 của tệp.",
		Responses: notModified(answers("Mẫu Word", map[string]*huma.MediaType{wordType: binary()})),
		Errors:    []int{http.StatusNotFound},
	}
}

// notModified adds the answer to a caller who has the file already.
func notModified(responses map[string]*huma.Response) map[string]*huma.Response {
	responses["304"] = &huma.Response{Description: "Bản đã có (If-None-Match) vẫn đúng, nên không có tệp"}
	return responses
}

// refusals are the statuses of an operation that takes a body.
var refusals = []int{
	http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
	http.StatusUnprocessableEntity, http.StatusTooManyRequests,
}

func documentsOperation() huma.Operation {
	responses := answers("Tệp văn bản", map[string]*huma.MediaType{
		wordType: binary(), pdfType: binary(), excelType: binary(), zipType: binary(),
	})
	responses["202"] = acceptedDocument()
	return huma.Operation{
		OperationID: "make-document", Method: http.MethodPost, Path: documentsPath, Tags: []string{tagDocuments},
		Summary: "Làm văn bản từ dữ liệu",
		Description: "Gửi dữ liệu là chính thân yêu cầu (JSON hoặc bảng tính Excel), hoặc là phần `data` của biểu mẫu " +
			"(đuôi .xlsx, .csv, .yaml, .yml, .json). Trong biểu mẫu có thể kèm: các phần `bang` là tệp .xlsx, .csv điền các bảng; " +
			"phần `ky_truoc` là tệp dữ liệu của kỳ trước để so sánh; phần `don_vi` là tệp thông tin cơ quan. " +
			"Tối đa 16 MB cho cả yêu cầu, 4 MB cho mỗi tệp YAML, JSON. Cùng dữ liệu thì luôn ra cùng một tệp.\n\n" +
			"`format=xlsx` là sổ theo dõi; loại văn bản không có sổ theo dõi thì nhận mã 422. " +
			"`format=zip` gồm tệp Word, PDF và sổ theo dõi nếu có.\n\n" +
			"Gửi `Prefer: respond-async` thì không phải chờ: nhận mã 202 và ở `Location` là địa chỉ của một lô chỉ có văn bản này, " +
			"để hỏi tiến độ rồi tải tệp ZIP kết quả. Khi ấy phần `bang` không dùng được.",
		Responses: responses,
		Errors:    refusals,
	}
}

// acceptedDocument is the answer to a request that is not to be kept waiting; describeBatches adds the body, of which huma knows by then.
func acceptedDocument() *huma.Response {
	text := func(description string, example any) *huma.Param {
		return &huma.Param{Description: description, Schema: &huma.Schema{Type: huma.TypeString, Examples: []any{example}}}
	}
	return &huma.Response{
		Description: "Đã nhận, sẽ làm sau",
		Headers: map[string]*huma.Param{
			"Location":           text("Địa chỉ của lô, để hỏi tiến độ", batchesPath+"/k7qx2m5rt4w6z3yb5n7pjd4hce"),
			"Preference-Applied": text("respond-async", respondAsync),
			"Retry-After":        {Description: "Số giây nên chờ trước khi hỏi", Schema: &huma.Schema{Type: huma.TypeInteger, Examples: []any{1}}},
		},
	}
}

func markedOperation() huma.Operation {
	responses := answers("Bảng tính đã tô màu các ô phải xem lại", map[string]*huma.MediaType{excelType: binary()})
	responses["204"] = &huma.Response{Description: "Không có ô nào phải xem lại, nên không có tệp"}
	return huma.Operation{
		OperationID: "mark-workbook", Method: http.MethodPost, Path: markedPath, Tags: []string{tagDocuments},
		Summary: "Tô màu chỗ phải sửa trong bảng tính",
		Description: "Gửi bảng tính .xlsx như khi làm văn bản, là chính thân yêu cầu hoặc phần `data` của biểu mẫu (có thể kèm `bang`, " +
			"`ky_truoc`, `don_vi`). Nhận lại chính bảng tính ấy: ô nào có lỗi hay cảnh báo thì được tô màu, kèm ghi chú sai gì " +
			"và sửa thế nào. Không có ô nào như vậy thì nhận mã 204, không có tệp. Lỗi không nằm ở ô nào " +
			"(ví dụ tệp không mở được) thì nhận mã 422.",
		Responses: responses,
		Errors:    refusals,
	}
}

func convertOperation() huma.Operation {
	return huma.Operation{
		OperationID: "convert", Method: http.MethodPost, Path: convertPath, Tags: []string{tagDocuments},
		Summary: "Chuyển tệp Word sang PDF",
		Description: "Gửi tệp .docx là chính thân yêu cầu, hoặc là phần `file` của biểu mẫu. Tối đa 32 MB. " +
			"Chỗ nào trong tệp chưa thể hiện được thì được báo trong `Vanthu-Finding-List`.",
		Responses: answers("Tệp PDF", map[string]*huma.MediaType{pdfType: binary()}),
		Errors:    refusals,
	}
}

// secured adds to an operation what everybody is told who may not ask for it.
func secured(operation huma.Operation) huma.Operation {
	operation.Errors = append(slices.Clone(operation.Errors), http.StatusUnauthorized, http.StatusForbidden)
	return operation
}

func answers(description string, content map[string]*huma.MediaType) map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: description, Content: content}}
}

// binary is a body of bytes: in OpenAPI 3.1 a media type without a schema says just that; viewers want to see it said.
func binary() *huma.MediaType {
	return &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
}

// describe adds to the description what huma cannot know. The bodies come after registration, since huma would read and check a
// body that it knows of.
func describe(description *huma.OpenAPI, kinds []app.Kind) *huma.OpenAPI {
	description.Paths[documentsPath].Post.RequestBody = documentBody(kinds)
	description.Paths[markedPath].Post.RequestBody = workbookBody()
	description.Paths[convertPath].Post.RequestBody = wordBody()
	describeBatches(description)
	for path, example := range map[string]any{
		"/healthz": map[string]any{"status": "ok"}, "/readyz": map[string]any{"status": "ready"}, "/api/v1/kinds": map[string]any{"kinds": kinds[:min(len(kinds), 2)]},
	} {
		description.Paths[path].Get.Responses["200"].Content[jsonType].Example = example
	}
	schemas := description.Components.Schemas.Map()
	for name, texts := range fieldTexts() {
		for field, text := range texts {
			schemas[name].Properties[field].Description = text
		}
	}
	for _, path := range description.Paths {
		for _, operation := range []*huma.Operation{path.Get, path.Post} {
			if operation == nil {
				continue
			}
			for status, response := range operation.Responses {
				if code, _ := strconv.Atoi(status); code >= http.StatusBadRequest {
					describeRefusal(code, response)
				}
			}
		}
	}
	for _, path := range []string{documentsPath, markedPath, convertPath} {
		problems := description.Paths[path].Post.Responses["422"].Content["application/problem+json"]
		problems.Example = problemExample()
	}
	return description
}

// describeRefusal adds to the description of a refusal what goes with its status.
func describeRefusal(code int, response *huma.Response) {
	response.Description = title(code)
	example := problem(code, "")
	switch code {
	case http.StatusInternalServerError:
		example = faultProblem(context.WithValue(context.Background(), requestIDKey{}, "K7QX2M5RT4W6Z3YB5N7PJD4HCE"))
	case http.StatusTooManyRequests:
		example = busy()
		fallthrough
	case http.StatusConflict, http.StatusServiceUnavailable:
		response.Headers = map[string]*huma.Param{
			"Retry-After": {Description: "Số giây nên chờ trước khi gửi lại", Schema: &huma.Schema{Type: huma.TypeInteger}},
		}
	}
	for _, media := range response.Content {
		media.Example = example // else viewers make one up, of another status
	}
}

func documentBody(kinds []app.Kind) *huma.RequestBody {
	slugs := make([]any, len(kinds))
	for i, kind := range kinds {
		slugs[i] = kind.Slug
	}
	return &huma.RequestBody{
		Description: "Dữ liệu của một văn bản. Các mục của từng loại xem trong tệp dữ liệu mẫu.",
		Required:    true,
		Content: map[string]*huma.MediaType{
			jsonType: {
				Schema: &huma.Schema{
					Type:                 huma.TypeObject,
					Required:             []string{"loai"},
					AdditionalProperties: true,
					Properties: map[string]*huma.Schema{
						"loai": {Type: huma.TypeString, Enum: slugs, Description: "Loại văn bản"},
					},
				},
				Examples: map[string]*huma.Example{
					"ke-hoach":    {Summary: "Một kế hoạch", Value: documentExample()},
					"bao-cao-quy": {Summary: "Một báo cáo quý, có bảng phải theo dõi", Value: reportExample()},
				},
			},
			excelType: binary(),
			formType:  dataForm("Tệp dữ liệu .xlsx, .csv, .yaml, .yml hoặc .json"),
		},
	}
}

func workbookBody() *huma.RequestBody {
	return &huma.RequestBody{
		Description: "Bảng tính .xlsx có dữ liệu của một văn bản.",
		Required:    true,
		Content:     map[string]*huma.MediaType{excelType: binary(), formType: dataForm("Bảng tính .xlsx")},
	}
}

// dataForm is a form with a data file and what may go with it.
func dataForm(data string) *huma.MediaType {
	file := func(description string) *huma.Schema {
		return &huma.Schema{Type: huma.TypeString, Format: "binary", Description: description}
	}
	return &huma.MediaType{
		Schema: &huma.Schema{
			Type:     huma.TypeObject,
			Required: []string{"data"},
			Properties: map[string]*huma.Schema{
				"data": file(data),
				"bang": {
					Type: huma.TypeArray, Items: file("Tệp .xlsx hoặc .csv"),
					Description: "Các tệp .xlsx, .csv điền các bảng; tiêu đề cột cho biết là bảng nào",
				},
				"ky_truoc": file("Tệp dữ liệu của kỳ trước, để so sánh"),
				"don_vi":   file("Tệp thông tin cơ quan (don-vi.yaml), nếu dùng riêng cho lần này; không gửi thì lấy của đơn vị mình"),
			},
		},
		Example: map[string]any{"data": "quy-2-2026.xlsx", "bang": []string{"nhiem-vu.csv"}, "ky_truoc": "quy-1-2026.xlsx"},
	}
}

func wordBody() *huma.RequestBody {
	return &huma.RequestBody{
		Description: "Tệp Word .docx.",
		Required:    true,
		Content: map[string]*huma.MediaType{
			wordType: binary(),
			formType: {
				Schema: &huma.Schema{
					Type:     huma.TypeObject,
					Required: []string{"file"},
					Properties: map[string]*huma.Schema{
						"file": {Type: huma.TypeString, Format: "binary", Description: "Tệp Word .docx"},
					},
				},
				Example: map[string]any{"file": "bao-cao.docx"},
			},
		},
	}
}

// documentExample is data that makes a document.
func documentExample() map[string]any {
	return map[string]any{
		"loai":      "ke-hoach",
		"co_quan":   map[string]any{"ten": "ỦY BAN NHÂN DÂN\nXÃ VĨNH AM", "ky_hieu": "UBND"},
		"so":        "15",
		"dia_danh":  "Vĩnh Am",
		"ngay":      "2026-03-27",
		"trich_yeu": "Tổng vệ sinh môi trường năm 2026",
		"can_cu":    []string{"Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025"},
		"noi_dung": "I. MỤC ĐÍCH\nGiữ đường làng, ngõ xóm sạch sẽ.\n" +
			"II. TỔ CHỨC THỰC HIỆN\nCác thôn tổng vệ sinh vào sáng thứ Bảy hằng tuần.",
		"noi_nhan": []string{"Các thôn", "Lưu: VT"},
		"ky":       map[string]any{"chuc_vu": []string{"TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"}, "ho_ten": "Nguyễn Văn An"},
	}
}

// reportExample is data that makes a report and its progress workbook.
func reportExample() map[string]any {
	report := documentExample()
	for key, value := range map[string]any{
		"loai":            "bao-cao-quy",
		"so":              "55",
		"ngay":            "2026-06-30",
		"trich_yeu":       "Tình hình tổ chức và hoạt động của Hội đồng nhân dân xã quý II, nhiệm vụ trọng tâm quý III năm 2026",
		"ky_bao_cao":      "quý II năm 2026",
		"ngay_chot":       "2026-06-25",
		"chi_dao":         "Thường trực Hội đồng nhân dân xã họp định kỳ ba phiên.",
		"ky_hop":          "Hội đồng nhân dân xã tổ chức kỳ họp thứ hai, thông qua 05 nghị quyết.",
		"giam_sat":        "Giám sát chuyên đề về chuyển đổi số trong giải quyết thủ tục hành chính.",
		"tham_tra":        "Thẩm tra 02 dự thảo nghị quyết.",
		"tiep_xuc_cu_tri": "Tổ chức 04 hội nghị tiếp xúc cử tri.",
		"hoat_dong_ban":   "Các Ban hoạt động theo chương trình.",
		"uu_diem":         "Bám sát chương trình năm.",
		"han_che":         "Một số nhiệm vụ còn chậm.",
		"nhiem_vu_ky_toi": "Tổ chức kỳ họp thường lệ giữa năm.",
		"nhiem_vu": []map[string]any{
			{
				"noi_dung": "Ban hành thông báo kết luận giám sát", "chu_tri": "Thường trực HĐND xã",
				"thoi_han": "2026-05-31", "ngay_hoan_thanh": "2026-05-29",
			},
			{"noi_dung": "Giám sát việc số hóa hồ sơ", "chu_tri": "Ban Văn hóa - Xã hội", "thoi_han": "2026-06-15"},
		},
		"kien_nghi": []map[string]any{{
			"noi_dung": "Bổ sung máy quét phục vụ số hóa", "co_quan": "Ủy ban nhân dân xã",
			"thoi_han": "2026-06-15", "danh_gia": "Hoàn thành",
		}},
		"cu_tri": []map[string]any{{
			"noi_dung": "Nạo vét kênh tiêu của thôn", "ngay_tiep_nhan": "2026-04-23", "thoi_han": "2026-06-20",
			"ngay_tra_loi": "2026-06-10", "phan_loai": "Đã giải quyết",
		}},
		"giai_ngan": []map[string]any{{"du_an": "Nâng cấp đường truyền", "ke_hoach": "950", "da_giai_ngan": "612,5"}},
	} {
		report[key] = value
	}
	delete(report, "can_cu")
	delete(report, "noi_dung")
	return report
}

func problemExample() *Problem {
	return blocked(diag.Findings{{
		Severity: diag.Error,
		Code:     diag.EmptyField,
		Message:  "“Trích yếu nội dung” (trich_yeu) để trống",
		Where:    diag.Place{File: "so-lieu.xlsx", Sheet: "Thông tin chung", Cell: "B12", Field: "trich_yeu"},
		Hint:     "ghi vào ô này, ví dụ: Thực hiện công tác năm 2026",
	}, {
		Severity: diag.Error,
		Code:     diag.NoSuchDay,
		Message:  "“Thời hạn hoàn thành”: ngày 31/6/2026 không có trong lịch",
		Where:    diag.Place{File: "so-lieu.xlsx", Sheet: "Nhiệm vụ", Cell: "J12", Field: "nhiem_vu[8].thoi_han"},
		Hint:     "xem lại: viết ngày trước, tháng sau, ví dụ 27/3/2026",
	}})
}

// fieldTexts describes the types of the ground floor, which know nothing of the API.
func fieldTexts() map[string]map[string]string {
	return map[string]map[string]string{
		"Finding": {
			"severity": "Mức: error cản việc làm văn bản, warning cần xem lại, info để biết",
			"code":     "Mã cố định để chương trình phân biệt",
			"message":  "Điều gì sai",
			"where":    "Chỗ cần sửa",
			"hint":     "Cách sửa",
			"cite":     "Điều khoản làm căn cứ",
		},
		"Place": {
			"file":      "Tên tệp",
			"line":      "Dòng, từ 1",
			"column":    "Cột, từ 1",
			"sheet":     "Trang tính",
			"cell":      "Ô",
			"field":     "Mục dữ liệu, ví dụ ky.ho_ten hoặc can_cu[2]",
			"paragraph": "Đoạn trong tệp Word, từ 1",
			"page":      "Trang, từ 1",
			"text":      "Những chữ đầu ở chỗ ấy",
			"after":     "Chữ ở trước chỗ ấy, khi chỗ ấy chỉ có dấu {{…}}",
		},
		"StoredFile": {"name": "Tên tệp, như trong tệp ZIP kết quả", "size": "Số byte", "hash": "Mã băm SHA-256 của nội dung, dạng số mười sáu"},
		"Entry":      {"state": "Trạng thái: pending chưa làm, made đã làm, kept giữ nguyên, refused dữ liệu có lỗi, failed lỗi của máy, skipped bỏ qua vì lô bị hủy"},
	}
}

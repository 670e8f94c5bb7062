package web

import (
	"net/http"
	"reflect"
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

// severity is diag.Severity as it goes over the wire.
type severity struct{}

// Schema gives the words of diag.Severity.MarshalText.
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
				Description: `Làm văn bản hành chính đúng thể thức Nghị định 30/2020/NĐ-CP: gửi dữ liệu, nhận tệp Word để ký hoặc PDF để gửi.

Cách dùng thường gặp: lấy tệp dữ liệu mẫu của một loại văn bản, điền vào, gửi lên ` + "`" + documentsPath + "`" + `.
Dữ liệu còn lỗi thì nhận mã 422 cùng mọi lỗi tìm được trong một lần, mỗi lỗi nói rõ dòng, mục và cách sửa.

Mọi lỗi theo RFC 9457 (` + "`application/problem+json`" + `). Gửi ` + "`X-Request-Id`" + ` thì câu trả lời mang lại đúng mã ấy.
Máy chủ không lưu tệp gửi lên. Khi bận, máy chủ trả mã 503 kèm ` + "`Retry-After`" + `.`,
			},
			Servers:    []*huma.Server{{URL: "/", Description: "Máy chủ này"}},
			Components: &huma.Components{Schemas: registry},
			Tags: []*huma.Tag{
				{Name: tagDocuments, Description: "Làm văn bản từ dữ liệu, chuyển tệp Word sang PDF"},
				{Name: tagKinds, Description: "Các loại văn bản và tệp dữ liệu mẫu"},
				{Name: tagServer, Description: "Tình trạng máy chủ"},
			},
		},
		Formats:       map[string]huma.Format{jsonType: huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat: jsonType,
	}
}

func healthOperation() huma.Operation {
	return huma.Operation{
		OperationID: "health", Method: http.MethodGet, Path: "/healthz", Tags: []string{tagServer},
		Summary:     "Máy chủ còn trả lời",
		Description: "Dùng cho bộ giám sát và bộ cân bằng tải.",
		Responses:   answers("Máy chủ đang phục vụ", nil),
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
		Summary:     "Tệp dữ liệu mẫu của một loại",
		Description: "Tệp YAML có lời giải thích ở từng mục, để điền rồi gửi lên `" + documentsPath + "`.",
		Responses: answers("Tệp YAML", map[string]*huma.MediaType{
			yamlType: {Schema: &huma.Schema{Type: huma.TypeString}},
		}),
		Errors: []int{http.StatusNotFound},
	}
}

func documentsOperation() huma.Operation {
	return huma.Operation{
		OperationID: "make-document", Method: http.MethodPost, Path: documentsPath, Tags: []string{tagDocuments},
		Summary: "Làm văn bản từ dữ liệu",
		Description: "Gửi dữ liệu là chính thân yêu cầu (JSON), hoặc là tệp trong biểu mẫu (phần `data`, đuôi .yaml, .yml, .json; " +
			"có thể kèm phần `don_vi` là tệp thông tin cơ quan). Tối đa 4 MB. Cùng dữ liệu thì luôn ra cùng một tệp.",
		Responses: answers("Tệp văn bản", map[string]*huma.MediaType{wordType: binary(), pdfType: binary()}),
		Errors: []int{
			http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
			http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
		},
	}
}

func convertOperation() huma.Operation {
	return huma.Operation{
		OperationID: "convert", Method: http.MethodPost, Path: convertPath, Tags: []string{tagDocuments},
		Summary: "Chuyển tệp Word sang PDF",
		Description: "Gửi tệp .docx là chính thân yêu cầu, hoặc là phần `file` của biểu mẫu. Tối đa 32 MB. " +
			"Chỗ nào trong tệp chưa thể hiện được thì được báo trong `Vanthu-Finding-List`.",
		Responses: answers("Tệp PDF", map[string]*huma.MediaType{pdfType: binary()}),
		Errors: []int{
			http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
			http.StatusUnprocessableEntity, http.StatusServiceUnavailable,
		},
	}
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
	description.Paths[convertPath].Post.RequestBody = wordBody()
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
					response.Description = title(code)
				}
			}
		}
	}
	for _, operation := range []*huma.Operation{description.Paths[documentsPath].Post, description.Paths[convertPath].Post} {
		operation.Responses["503"].Headers = map[string]*huma.Param{
			"Retry-After": {Description: "Số giây nên chờ trước khi gửi lại", Schema: &huma.Schema{Type: huma.TypeInteger}},
		}
		problems := operation.Responses["422"].Content["application/problem+json"]
		problems.Example = problemExample()
	}
	return description
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
					"ke-hoach": {Summary: "Một kế hoạch", Value: documentExample()},
				},
			},
			formType: {
				Schema: &huma.Schema{
					Type:     huma.TypeObject,
					Required: []string{"data"},
					Properties: map[string]*huma.Schema{
						"data":   {Type: huma.TypeString, Format: "binary", Description: "Tệp dữ liệu .yaml, .yml hoặc .json"},
						"don_vi": {Type: huma.TypeString, Format: "binary", Description: "Tệp thông tin cơ quan (don-vi.yaml), nếu dùng riêng cho lần này"},
					},
				},
			},
		},
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

func problemExample() *Problem {
	return blocked(diag.Findings{{
		Severity: diag.Error,
		Code:     "missing-field",
		Message:  "Thiếu “Trích yếu nội dung”.",
		Where:    diag.Place{File: "du-lieu.yaml", Line: 1, Field: "trich_yeu"},
		Hint:     "Thêm dòng trich_yeu: và ghi tóm tắt nội dung văn bản.",
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
		},
	}
}

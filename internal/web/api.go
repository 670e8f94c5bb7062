package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"vanthu/internal/app"
)

// fileOutput is a file that was made, with the headers that go with it.
type fileOutput struct {
	Status             int    // 200, or 204 when there is no file to give
	ContentType        string `header:"Content-Type" hidden:"true"`
	ContentLength      string `header:"Content-Length" hidden:"true"`
	ContentDisposition string `header:"Content-Disposition" doc:"Tên tệp, có cả filename không dấu và filename* đủ dấu (RFC 6266)"`
	Findings           int    `header:"Vanthu-Findings" doc:"Số cảnh báo và lưu ý không cản việc làm tệp"`
	FindingList        string `header:"Vanthu-Finding-List" doc:"Các cảnh báo và lưu ý: mảng JSON các Finding, viết bằng ASCII, nhiều nhất 20 mục và 4 KiB; không có thì không gửi"`
	Body               []byte
}

func (d download) output() *fileOutput {
	if d.data == nil {
		return &fileOutput{Status: http.StatusNoContent, Findings: len(d.found), FindingList: findingList(d.found)}
	}
	return &fileOutput{
		Status:             http.StatusOK,
		ContentType:        d.mediaType,
		ContentLength:      strconv.Itoa(len(d.data)),
		ContentDisposition: attachment(d.name),
		Findings:           len(d.found),
		FindingList:        findingList(d.found),
		Body:               d.data,
	}
}

type documentInput struct {
	Format  string `query:"format" enum:"docx,pdf,xlsx,zip" default:"docx" doc:"Dạng tệp muốn nhận: docx là văn bản Word; pdf; xlsx là sổ theo dõi, chỉ có ở loại văn bản có bảng phải theo dõi; zip là tất cả các tệp ấy"`
	request app.Request
}

// Resolve reads the body, of whatever type, before the operation runs.
func (in *documentInput) Resolve(ctx huma.Context) []error {
	var problem *Problem
	if in.request, problem = readDocument(humagin.Unwrap(ctx).Request); problem != nil {
		return []error{problem}
	}
	return nil
}

type markedInput struct {
	request app.Request
}

// Resolve reads the body, of whatever type, before the operation runs.
func (in *markedInput) Resolve(ctx huma.Context) []error {
	var problem *Problem
	if in.request, problem = readWorkbook(humagin.Unwrap(ctx).Request); problem != nil {
		return []error{problem}
	}
	return nil
}

type convertInput struct {
	file part
}

// Resolve reads the body, of whatever type, before the operation runs.
func (in *convertInput) Resolve(ctx huma.Context) []error {
	var problem *Problem
	if in.file, problem = readWord(humagin.Unwrap(ctx).Request); problem != nil {
		return []error{problem}
	}
	return nil
}

type starterInput struct {
	Kind   string `path:"kind" doc:"Loại văn bản, tên không dấu" example:"ke-hoach"`
	Format string `query:"format" enum:"yaml,xlsx" default:"yaml" doc:"Dạng tệp muốn nhận: yaml là tệp chữ, xlsx là bảng tính Excel"`
}

type kindsOutput struct {
	Body struct {
		Kinds []app.Kind `json:"kinds" nullable:"false" doc:"Các loại văn bản, xếp theo nhóm và tên"`
	}
}

type healthOutput struct {
	Body struct {
		Status string `json:"status" enum:"ok" doc:"Luôn là ok khi máy chủ trả lời được"`
	}
}

// routeAPI registers the operations, then describes what huma cannot know of them.
func (s *server) routeAPI(engine *gin.Engine) {
	api := humagin.New(engine, apiConfig())
	huma.Register(api, healthOperation(), func(context.Context, *struct{}) (*healthOutput, error) {
		out := &healthOutput{}
		out.Body.Status = "ok"
		return out, nil
	})
	huma.Register(api, readyOperation(), s.readyz)
	huma.Register(api, kindsOperation(), func(context.Context, *struct{}) (*kindsOutput, error) {
		out := &kindsOutput{}
		out.Body.Kinds = s.app.Kinds()
		return out, nil
	})
	huma.Register(api, starterOperation(), s.starter)
	huma.Register(api, documentsOperation(), s.documents)
	huma.Register(api, markedOperation(), s.markedWorkbook)
	huma.Register(api, convertOperation(), s.convert)
	s.routeBatches(api)
	s.serveDescription(engine, describe(api.OpenAPI(), s.app.Kinds()))
}

func (s *server) starter(ctx context.Context, in *starterInput) (*fileOutput, error) {
	made := download{name: in.Kind + ".yaml", mediaType: yamlType + "; charset=utf-8"}
	var err error
	if in.Format == asExcel {
		made.name, made.mediaType = in.Kind+".xlsx", excelType
		made.data, made.found, err = s.app.Workbook(in.Kind)
	} else {
		made.data, made.found = s.app.Starter(in.Kind)
	}
	if err != nil {
		return nil, s.fault(ctx, "make starter", err)
	}
	if made.found.Blocking() {
		p := problem(http.StatusNotFound, "Không có loại văn bản “"+in.Kind+"”.")
		p.Findings = made.found
		return nil, p
	}
	return made.output(), nil
}

func (s *server) documents(ctx context.Context, in *documentInput) (*fileOutput, error) {
	made, problem := s.document(ctx, in.request, in.Format)
	if problem != nil {
		return nil, problem
	}
	return made.output(), nil
}

func (s *server) markedWorkbook(ctx context.Context, in *markedInput) (*fileOutput, error) {
	made, problem := s.marked(ctx, in.request)
	if problem != nil {
		return nil, problem
	}
	return made.output(), nil
}

func (s *server) convert(ctx context.Context, in *convertInput) (*fileOutput, error) {
	made, problem := s.converted(ctx, in.file)
	if problem != nil {
		return nil, problem
	}
	return made.output(), nil
}

// serveDescription serves the description, made once: huma's own handlers make it at the first request, without a lock.
func (s *server) serveDescription(engine *gin.Engine, description *huma.OpenAPI) {
	asJSON, err := description.MarshalJSON()
	if err != nil {
		panic(err) // a description that cannot be written is a mistake in this package, seen by every test
	}
	asYAML, err := description.YAML()
	if err != nil {
		panic(err)
	}
	engine.GET("/openapi.json", func(c *gin.Context) { c.Data(http.StatusOK, "application/openapi+json", asJSON) })
	engine.GET("/openapi.yaml", func(c *gin.Context) { c.Data(http.StatusOK, "application/openapi+yaml", asYAML) })
}

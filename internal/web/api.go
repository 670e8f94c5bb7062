package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
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

// taggedOutput is a file that changes seldom, so that callers may ask whether it did.
type taggedOutput struct {
	Status             int    // 200, or 304 when the caller has it
	ContentType        string `header:"Content-Type" hidden:"true"`
	ContentLength      string `header:"Content-Length" hidden:"true"`
	ContentDisposition string `header:"Content-Disposition" doc:"Tên tệp, có cả filename không dấu và filename* đủ dấu (RFC 6266)"`
	ETag               string `header:"ETag" doc:"Đổi khi tệp đổi; gửi lại ở If-None-Match để khỏi tải lại tệp cũ"`
	CacheControl       string `header:"Cache-Control" hidden:"true"`
	Body               []byte
}

// tagged is a file with its tag, or the word that the caller has it.
func (d download) tagged(tag, known string) *taggedOutput {
	out := &taggedOutput{Status: http.StatusNotModified, ETag: `"` + tag + `"`, CacheControl: "no-cache"}
	if knows(known, out.ETag) {
		return out
	}
	out.Status, out.ContentType, out.ContentLength = http.StatusOK, d.mediaType, strconv.Itoa(len(d.data))
	out.ContentDisposition, out.Body = attachment(d.name), d.data
	return out
}

// knows reports whether a list of entity tags has one, weak or not (RFC 9110, 8.8.3.2).
func knows(list, tag string) bool {
	for each := range strings.SplitSeq(list, ",") {
		if each = strings.TrimPrefix(strings.TrimSpace(each), "W/"); each == tag || each == "*" {
			return true
		}
	}
	return false
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
	Prefer  string `header:"Prefer" doc:"respond-async (RFC 7240): nhận mã 202 và địa chỉ của lô một văn bản, để hỏi dần thay vì chờ. Cần quyền văn thư; không có quyền ấy thì văn bản được làm ngay" example:"respond-async"`
	Key     string `header:"Idempotency-Key" maxLength:"200" pattern:"^[ -~]*$" patternDescription:"chữ ASCII in được" doc:"Cùng với respond-async: mã do bên gửi tự đặt, 1 đến 200 ký tự ASCII. Gửi lại cùng mã, cùng nội dung thì nhận lại đúng lô đã có; cùng mã mà khác nội dung thì nhận mã 422. Làm ngay thì không cần: cùng dữ liệu luôn ra cùng tệp"`
	request app.Request
	from    *gin.Context
}

// Resolve reads the body, of whatever type, before the operation runs.
func (in *documentInput) Resolve(ctx huma.Context) []error {
	in.from = humagin.Unwrap(ctx)
	var problem *Problem
	if in.request, problem = readDocument(in.from.Request); problem != nil {
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

type templateInput struct {
	Kind  string `path:"kind" doc:"Loại văn bản, tên không dấu" example:"ke-hoach"`
	Known string `header:"If-None-Match" doc:"Các ETag của bản đã có; trùng thì nhận mã 304, không có tệp"`
}

type starterInput struct {
	Known  string `header:"If-None-Match" doc:"Các ETag của bản đã có; trùng thì nhận mã 304, không có tệp"`
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

// The routes of programs that take a body.
const (
	documentsPath = "/api/v1/documents"
	markedPath    = "/api/v1/workbooks/marked"
	convertPath   = "/api/v1/convert"
	batchesPath   = "/api/v1/batches"
)

// programs is every address of the API, with who may ask; routeAPI registers what answers.
func (s *api) programs() []route {
	get := func(path string, role account.Role) route {
		return route{method: http.MethodGet, path: path, role: role}
	}
	post := func(path string, role account.Role, body bodyLimit) route {
		return route{method: http.MethodPost, path: path, role: role, body: body}
	}
	return []route{
		get("/healthz", account.Nobody), get("/readyz", account.Nobody),
		get("/metrics", account.Admin),
		get("/openapi.json", account.Drafter), get("/openapi.yaml", account.Drafter),

		get("/api/v1/kinds", account.Drafter), get("/api/v1/kinds/:kind/starter", account.Drafter), get("/api/v1/kinds/:kind/template", account.Drafter),
		post(documentsPath, account.Drafter, bodyLimit{maxData, s.gate.seats, busy()}),
		post(markedPath, account.Drafter, bodyLimit{maxData, s.gate.seats, busy()}),
		post(convertPath, account.Drafter, bodyLimit{maxWord, s.gate.seats, busy()}),

		get(batchesPath, account.Clerk),
		post(batchesPath, account.Clerk, bodyLimit{maxBatch, s.uploads, tooMany("Đang nhận nhiều lô cùng lúc. Hãy gửi lại sau ít giây.", 10)}),
		get(batchesPath+"/:id", account.Clerk), get(batchesPath+"/:id/items", account.Clerk), get(batchesPath+"/:id/events", account.Clerk),
		get(batchesPath+"/:id/archive", account.Clerk),
		post(batchesPath+"/:id/cancel", account.Clerk, bodyLimit{}), post(batchesPath+"/:id/retry", account.Clerk, bodyLimit{}),
	}
}

// routeAPI registers the operations, then describes what huma cannot know of them.
func (s *api) routeAPI(engine *gin.Engine) {
	api := humagin.New(engine, apiConfig())
	huma.Register(api, healthOperation(), func(context.Context, *struct{}) (*healthOutput, error) {
		out := &healthOutput{}
		out.Body.Status = "ok"
		return out, nil
	})
	huma.Register(api, readyOperation(), s.readyz)
	huma.Register(api, secured(kindsOperation()), func(context.Context, *struct{}) (*kindsOutput, error) {
		out := &kindsOutput{}
		out.Body.Kinds = s.app.Kinds()
		return out, nil
	})
	huma.Register(api, secured(starterOperation()), s.starter)
	huma.Register(api, secured(templateOperation()), s.kindTemplate)
	huma.Register(api, secured(documentsOperation()), s.documents)
	huma.Register(api, secured(markedOperation()), s.markedWorkbook)
	huma.Register(api, secured(convertOperation()), s.convert)
	s.routeBatches(api)
	engine.GET("/metrics", gin.WrapH(s.metrics.handler()))
	s.serveDescription(engine, describe(api.OpenAPI(), s.app.Kinds()))
}

func (s *api) starter(ctx context.Context, in *starterInput) (*taggedOutput, error) {
	made, problem := s.input(ctx, in.Kind, in.Format)
	if problem != nil {
		return nil, problem
	}
	return made.tagged(digest(made.data), in.Known), nil
}

// kindTemplate returns the Word file that documents of a kind are made with.
func (s *api) kindTemplate(ctx context.Context, in *templateInput) (*taggedOutput, error) {
	made := download{name: in.Kind + ".docx", mediaType: wordType}
	var hash string
	var err error
	if made.data, hash, made.found, err = s.app.Template(ctx, in.Kind, inForce); err != nil {
		return nil, s.fault(ctx, "open template", err)
	}
	if made.found.Blocking() || made.data == nil {
		return nil, noSuchKind(in.Kind, made.found)
	}
	return made.tagged(hash, in.Known), nil
}

// inForce asks for the version of a template that documents are made with.
const inForce = -1

func (s *api) documents(ctx context.Context, in *documentInput) (*documentOutput, error) {
	if prefersAsync(in.Prefer) && who(ctx).Role.May(account.Clerk) { // others could not ask for the batch
		return s.documentLater(ctx, in)
	}
	request, problem := s.ofOffice(ctx, in.request)
	if problem != nil {
		return nil, problem
	}
	made, problem := s.document(ctx, request, in.Format)
	if problem != nil {
		return nil, problem
	}
	return made.documentOutput(), nil
}

func (s *api) markedWorkbook(ctx context.Context, in *markedInput) (*fileOutput, error) {
	request, problem := s.ofOffice(ctx, in.request)
	if problem != nil {
		return nil, problem
	}
	made, problem := s.marked(ctx, request)
	if problem != nil {
		return nil, problem
	}
	return made.output(), nil
}

func (s *api) convert(ctx context.Context, in *convertInput) (*fileOutput, error) {
	made, problem := s.converted(ctx, in.file)
	if problem != nil {
		return nil, problem
	}
	return made.output(), nil
}

// serveDescription serves the description, written once, when it is first asked for. huma's own handlers write it without a lock.
func (s *api) serveDescription(engine *gin.Engine, description *huma.OpenAPI) {
	asJSON, asYAML := sync.OnceValues(description.MarshalJSON), sync.OnceValues(description.YAML)
	serve := func(mediaType string, written func() ([]byte, error)) gin.HandlerFunc {
		return func(c *gin.Context) {
			text, err := written()
			if err != nil {
				s.refuse(c, s.fault(c.Request.Context(), "describe", err))
				return
			}
			c.Data(http.StatusOK, mediaType, text)
		}
	}
	engine.GET("/openapi.json", serve("application/openapi+json", asJSON))
	engine.GET("/openapi.yaml", serve("application/openapi+yaml", asYAML))
}

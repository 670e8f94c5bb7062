package api

import (
	_ "embed"
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"
	"go.yaml.in/yaml/v3"

	"vanthu/internal/account"
	"vanthu/internal/web"
)

// API is the JSON API: what programs ask.
type API struct{ *web.Server }

// New returns the API of a server.
func New(s *web.Server) *API { return &API{s} }

// The addresses of programs that take a body.
const (
	DocumentsPath = "/api/v1/documents"
	MarkedPath    = "/api/v1/workbooks/marked"
	ConvertPath   = "/api/v1/convert"
)

// Routes is every address of the API: who may ask, what it takes, what answers. openapi.yaml describes them.
func (s *API) Routes() []web.Route {
	get := func(path string, role account.Role, answer web.HandlerFunc) web.Route {
		return web.Route{Method: http.MethodGet, Path: path, Role: role, Answer: answer}
	}
	post := func(path string, role account.Role, body web.BodyLimit, answer web.HandlerFunc) web.Route {
		return web.Route{Method: http.MethodPost, Path: path, Role: role, Body: body, Answer: answer}
	}
	data, word := web.BodyLimit{Max: web.MaxData, Slots: s.Gate.Semaphore, Full: web.Busy()}, web.BodyLimit{Max: web.MaxWord, Slots: s.Gate.Semaphore, Full: web.Busy()}
	batch := web.BodyLimit{Max: web.MaxBatch, Slots: s.Uploads, Full: web.TooMany("Đang nhận nhiều lô cùng lúc. Hãy gửi lại sau ít giây.", 10)}
	none := web.BodyLimit{}
	return []web.Route{
		get("/healthz", account.Nobody, health),
		get("/readyz", account.Nobody, s.Ready),
		get("/metrics", account.Admin, s.giveMetrics),
		get("/openapi.json", account.Drafter, describeInJSON),
		get("/openapi.yaml", account.Drafter, describeInYAML),

		get("/api/v1/kinds", account.Drafter, s.listKinds),
		get("/api/v1/kinds/:kind/starter", account.Drafter, s.starter),
		get("/api/v1/kinds/:kind/template", account.Drafter, s.kindTemplate),

		post(DocumentsPath, account.Drafter, data, s.postDocument),
		post(MarkedPath, account.Drafter, data, s.markWorkbook),
		post(ConvertPath, account.Drafter, word, s.convertWord),

		get(web.BatchesPath, account.Clerk, s.listBatches),
		post(web.BatchesPath, account.Clerk, batch, s.startBatch),
		get(web.BatchesPath+"/:id", account.Clerk, s.batch),
		get(web.BatchesPath+"/:id/items", account.Clerk, s.batchItems),
		get(web.BatchesPath+"/:id/events", account.Clerk, s.batchEvents),
		get(web.BatchesPath+"/:id/archive", account.Clerk, s.batchArchive),
		post(web.BatchesPath+"/:id/cancel", account.Clerk, none, s.cancelBatch),
		post(web.BatchesPath+"/:id/retry", account.Clerk, none, s.retryBatch),
	}
}

func health(c *gin.Context) *web.Problem {
	return web.AnswerJSON(c, http.StatusOK, gin.H{"status": "ok"})
}

func (s *API) giveMetrics(c *gin.Context) *web.Problem {
	s.Metrics.Handler().ServeHTTP(c.Writer, c.Request)
	return nil
}

// Description is the API as people and programs read it, written by hand.
//
//go:embed openapi.yaml
var Description []byte

func describeInYAML(c *gin.Context) *web.Problem {
	return web.AnswerData(c, http.StatusOK, "application/openapi+yaml", Description)
}

func describeInJSON(c *gin.Context) *web.Problem {
	return web.AnswerData(c, http.StatusOK, "application/openapi+json", descriptionJSON())
}

// descriptionJSON returns the description as JSON, written once, when it is first asked for.
var descriptionJSON = sync.OnceValue(func() []byte {
	var value map[string]any
	err := yaml.Unmarshal(Description, &value)
	if err != nil {
		panic(err) // the tests have read it
	}
	return AsJSON(value)
})

package web

import (
	_ "embed"
	"net/http"
	"sync"

	"github.com/gin-gonic/gin"
	"go.yaml.in/yaml/v3"

	"vanthu/internal/account"
)

// api is the JSON API: what programs ask.
type api struct{ *server }

// newAPI returns the API of a server.
func newAPI(s *server) *api { return &api{s} }

// The addresses of programs that take a body.
const (
	documentsPath = "/api/v1/documents"
	markedPath    = "/api/v1/workbooks/marked"
	convertPath   = "/api/v1/convert"
)

// routes is every address of the API: who may ask, what it takes, what answers. api/openapi.yaml describes them.
func (s *api) routes() []route {
	get := func(path string, role account.Role, answer handler) route {
		return route{method: http.MethodGet, path: path, role: role, answer: answer}
	}
	post := func(path string, role account.Role, body bodyLimit, answer handler) route {
		return route{method: http.MethodPost, path: path, role: role, body: body, answer: answer}
	}
	data, word := bodyLimit{maxData, s.gate.seats, busy()}, bodyLimit{maxWord, s.gate.seats, busy()}
	batch := bodyLimit{maxBatch, s.uploads, tooMany("Đang nhận nhiều lô cùng lúc. Hãy gửi lại sau ít giây.", 10)}
	none := bodyLimit{}
	return []route{
		get("/healthz", account.Nobody, health),
		get("/readyz", account.Nobody, s.readyz),
		get("/metrics", account.Admin, s.giveMetrics),
		get("/openapi.json", account.Drafter, describeInJSON),
		get("/openapi.yaml", account.Drafter, describeInYAML),

		get("/api/v1/kinds", account.Drafter, s.listKinds),
		get("/api/v1/kinds/:kind/starter", account.Drafter, s.starter),
		get("/api/v1/kinds/:kind/template", account.Drafter, s.kindTemplate),

		post(documentsPath, account.Drafter, data, s.postDocument),
		post(markedPath, account.Drafter, data, s.markWorkbook),
		post(convertPath, account.Drafter, word, s.convertWord),

		get(batchesPath, account.Clerk, s.listBatches),
		post(batchesPath, account.Clerk, batch, s.startBatch),
		get(batchesPath+"/:id", account.Clerk, s.batch),
		get(batchesPath+"/:id/items", account.Clerk, s.batchItems),
		get(batchesPath+"/:id/events", account.Clerk, s.batchEvents),
		get(batchesPath+"/:id/archive", account.Clerk, s.batchArchive),
		post(batchesPath+"/:id/cancel", account.Clerk, none, s.cancelBatch),
		post(batchesPath+"/:id/retry", account.Clerk, none, s.retryBatch),
	}
}

func health(c *gin.Context) *Problem {
	return answerJSON(c, http.StatusOK, gin.H{"status": "ok"})
}

func (s *api) giveMetrics(c *gin.Context) *Problem {
	s.metrics.handler().ServeHTTP(c.Writer, c.Request)
	return nil
}

// description is the API as people and programs read it, written by hand.
//
//go:embed api/openapi.yaml
var description []byte

func describeInYAML(c *gin.Context) *Problem {
	return answerData(c, http.StatusOK, "application/openapi+yaml", description)
}

func describeInJSON(c *gin.Context) *Problem {
	return answerData(c, http.StatusOK, "application/openapi+json", descriptionJSON())
}

// descriptionJSON returns the description as JSON, written once, when it is first asked for.
var descriptionJSON = sync.OnceValue(func() []byte {
	var value map[string]any
	err := yaml.Unmarshal(description, &value)
	if err != nil {
		panic(err) // the tests have read it
	}
	return asJSON(value)
})

package api

import (
	"cmp"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/job"
	"vanthu/internal/store"
	"vanthu/internal/web"
)

func (s *API) listBatches(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	latest, err := s.Jobs.BatchesOf(ctx, web.Principal(ctx).Office, web.MaxListed)
	if err != nil {
		return s.Fault(ctx, "list batches", err)
	}
	return web.AnswerJSON(c, http.StatusOK, gin.H{"batches": append([]job.Status{}, latest...)})
}

func (s *API) startBatch(c *gin.Context) *web.Problem {
	asked := parameters{request: c.Request}
	key := asked.idempotencyKey()
	if p := asked.problem(); p != nil {
		return p
	}
	ctx := c.Request.Context()
	id, fresh, p := s.TakeBatch(c, key)
	if p != nil {
		return p
	}
	batch, p := s.BatchStatus(ctx, id)
	if p != nil {
		return p
	}
	if fresh {
		return s.answerStarted(c, http.StatusAccepted, batch)
	}
	return s.answerStarted(c, http.StatusOK, batch)
}

// answerStarted answers with where a batch can be asked for, and how far it has come.
func (s *API) answerStarted(c *gin.Context, status int, batch job.Status) *web.Problem {
	c.Header("Location", web.BatchesPath+"/"+batch.ID)
	return s.answerProgress(c, status, batch)
}

// answerProgress answers with how far a batch has come, and after how many seconds to ask again.
func (s *API) answerProgress(c *gin.Context, status int, batch job.Status) *web.Problem {
	if !web.Ended(batch.State) {
		c.Header("Retry-After", "1")
	}
	return web.AnswerJSON(c, status, s.ProgressOf(batch))
}

func (s *API) batch(c *gin.Context) *web.Problem {
	batch, p := s.BatchStatus(c.Request.Context(), c.Param("id"))
	if p != nil {
		return p
	}
	return s.answerProgress(c, http.StatusOK, batch)
}

// batchItems answers with the documents of a batch, whose files are named as in its archive.
func (s *API) batchItems(c *gin.Context) *web.Problem {
	ctx, id := c.Request.Context(), c.Param("id")
	asked := parameters{request: c.Request}
	state := store.ItemState(asked.oneOf("state", stateNames, ""))
	if p := asked.problem(); p != nil {
		return p
	}
	if _, p := s.BatchStatus(ctx, id); p != nil {
		return p
	}
	entries, err := s.Jobs.Entries(ctx, id)
	if err != nil {
		return s.Fault(ctx, "list items", err)
	}
	batch, _, err := s.Store.Batch(ctx, id)
	if err != nil {
		return s.Fault(ctx, "list items", err)
	}
	items := []job.Entry{}
	for _, entry := range entries {
		for i := range entry.Files {
			entry.Files[i].Name = strings.TrimPrefix(entry.Files[i].Name, batch.Folder)
		}
		if state == "" || entry.State == state {
			items = append(items, entry)
		}
	}
	return web.AnswerJSON(c, http.StatusOK, gin.H{"items": items})
}

// stateNames are the states of the documents of a batch.
var stateNames = func() (names []string) {
	for _, state := range web.ItemStates {
		names = append(names, string(state))
	}
	return names
}()

func (s *API) cancelBatch(c *gin.Context) *web.Problem {
	if p := s.StopBatch(c, c.Param("id")); p != nil {
		return p
	}
	return s.batch(c)
}

func (s *API) retryBatch(c *gin.Context) *web.Problem {
	again, p := s.AgainBatch(c, c.Param("id"))
	if p != nil {
		return p
	}
	if again == 0 {
		return s.batch(c)
	}
	batch, p := s.BatchStatus(c.Request.Context(), c.Param("id"))
	if p != nil {
		return p
	}
	return s.answerStarted(c, http.StatusAccepted, batch)
}

// batchArchive answers with a ZIP file that is written as it is made.
func (s *API) batchArchive(c *gin.Context) *web.Problem {
	asked := parameters{request: c.Request}
	partial := asked.isTrue("partial")
	if p := asked.problem(); p != nil {
		return p
	}
	ctx := c.Request.Context()
	status, p := s.BatchStatus(ctx, c.Param("id"))
	if p != nil {
		return p
	}
	name := cmp.Or(strings.TrimSuffix(status.Name, path.Ext(status.Name)), "ket-qua")
	if !web.Ended(status.State) {
		if !partial {
			p := web.NewProblem(http.StatusConflict, "Lô chưa xong nên chưa có tệp ZIP đủ. Hãy chờ xong, hoặc lấy phần đã làm bằng ?partial=true.")
			p.RetryAfter = "5"
			return p
		}
		name += " - chưa xong"
	}
	if !s.Streams.TryAcquire() {
		return web.TooManyStreams()
	}
	defer s.Streams.Release()
	c.Header("Content-Type", web.ZipType)
	c.Header("Content-Disposition", web.Attachment(name+".zip"))
	if web.HeadOnly(c) {
		return nil
	}
	err := s.Jobs.Archive(ctx, status.ID, s.NewDeadlineWriter(c))
	if err == nil || ctx.Err() != nil {
		return nil
	}
	p = s.Fault(ctx, "write archive", err)
	if c.Writer.Written() {
		panic(http.ErrAbortHandler) // the connection is broken off: a ZIP file cut short must not pass for a whole one
	}
	c.Writer.Header().Del("Content-Disposition")
	return p
}

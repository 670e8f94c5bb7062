package web

import (
	"cmp"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/job"
	"vanthu/internal/store"
)

func (s *api) listBatches(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	latest, err := s.jobs.BatchesOf(ctx, who(ctx).Office, maxListed)
	if err != nil {
		return s.fault(ctx, "list batches", err)
	}
	return answerJSON(c, http.StatusOK, gin.H{"batches": append([]job.Status{}, latest...)})
}

func (s *api) startBatch(c *gin.Context) *Problem {
	asked := parameters{request: c.Request}
	key := asked.idempotencyKey()
	if p := asked.problem(); p != nil {
		return p
	}
	ctx := c.Request.Context()
	id, fresh, p := s.takeBatch(c, key)
	if p != nil {
		return p
	}
	batch, p := s.status(ctx, id)
	if p != nil {
		return p
	}
	if fresh {
		return s.answerStarted(c, http.StatusAccepted, batch)
	}
	return s.answerStarted(c, http.StatusOK, batch)
}

// answerStarted answers with where a batch can be asked for, and how far it has come.
func (s *api) answerStarted(c *gin.Context, status int, batch job.Status) *Problem {
	c.Header("Location", batchesPath+"/"+batch.ID)
	return s.answerProgress(c, status, batch)
}

// answerProgress answers with how far a batch has come, and after how many seconds to ask again.
func (s *api) answerProgress(c *gin.Context, status int, batch job.Status) *Problem {
	if !ended(batch.State) {
		c.Header("Retry-After", "1")
	}
	return answerJSON(c, status, s.progressOf(batch))
}

func (s *api) batch(c *gin.Context) *Problem {
	batch, p := s.status(c.Request.Context(), c.Param("id"))
	if p != nil {
		return p
	}
	return s.answerProgress(c, http.StatusOK, batch)
}

// batchItems answers with the documents of a batch, whose files are named as in its archive.
func (s *api) batchItems(c *gin.Context) *Problem {
	ctx, id := c.Request.Context(), c.Param("id")
	asked := parameters{request: c.Request}
	state := store.ItemState(asked.oneOf("state", stateNames, ""))
	if p := asked.problem(); p != nil {
		return p
	}
	if _, p := s.status(ctx, id); p != nil {
		return p
	}
	entries, err := s.jobs.Entries(ctx, id)
	if err != nil {
		return s.fault(ctx, "list items", err)
	}
	batch, _, err := s.store.Batch(ctx, id)
	if err != nil {
		return s.fault(ctx, "list items", err)
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
	return answerJSON(c, http.StatusOK, gin.H{"items": items})
}

// stateNames are the states of the documents of a batch.
var stateNames = func() (names []string) {
	for _, state := range itemStates {
		names = append(names, string(state))
	}
	return names
}()

func (s *api) cancelBatch(c *gin.Context) *Problem {
	if p := s.stopBatch(c, c.Param("id")); p != nil {
		return p
	}
	return s.batch(c)
}

func (s *api) retryBatch(c *gin.Context) *Problem {
	again, p := s.againBatch(c, c.Param("id"))
	if p != nil {
		return p
	}
	if again == 0 {
		return s.batch(c)
	}
	batch, p := s.status(c.Request.Context(), c.Param("id"))
	if p != nil {
		return p
	}
	return s.answerStarted(c, http.StatusAccepted, batch)
}

// batchArchive answers with a ZIP file that is written as it is made.
func (s *api) batchArchive(c *gin.Context) *Problem {
	asked := parameters{request: c.Request}
	partial := asked.isTrue("partial")
	if p := asked.problem(); p != nil {
		return p
	}
	ctx := c.Request.Context()
	status, p := s.status(ctx, c.Param("id"))
	if p != nil {
		return p
	}
	name := cmp.Or(strings.TrimSuffix(status.Name, path.Ext(status.Name)), "ket-qua")
	if !ended(status.State) {
		if !partial {
			p := problem(http.StatusConflict, "Lô chưa xong nên chưa có tệp ZIP đủ. Hãy chờ xong, hoặc lấy phần đã làm bằng ?partial=true.")
			p.retryAfter = "5"
			return p
		}
		name += " - chưa xong"
	}
	if !s.streams.enter() {
		return tooManyStreams()
	}
	defer s.streams.leave()
	c.Header("Content-Type", zipType)
	c.Header("Content-Disposition", attachment(name+".zip"))
	if headersAlone(c) {
		return nil
	}
	err := s.jobs.Archive(ctx, status.ID, patient(c))
	if err == nil || ctx.Err() != nil {
		return nil
	}
	p = s.fault(ctx, "write archive", err)
	if c.Writer.Written() {
		panic(http.ErrAbortHandler) // the connection is broken off: a ZIP file cut short must not pass for a whole one
	}
	c.Writer.Header().Del("Content-Disposition")
	return p
}

package api

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/web"
)

func (s *API) listKinds(c *gin.Context) *web.Problem {
	return web.AnswerJSON(c, http.StatusOK, gin.H{"kinds": s.Office.Kinds()})
}

func (s *API) starter(c *gin.Context) *web.Problem {
	asked := parameters{request: c.Request}
	format := asked.oneOf("format", []string{"yaml", web.AsExcel}, "yaml")
	if p := asked.problem(); p != nil {
		return p
	}
	made, p := s.StarterFile(c.Request.Context(), c.Param("kind"), format)
	if p != nil {
		return p
	}
	return answerTagged(c, made, web.Digest(made.Data))
}

// kindTemplate answers with the Word file that documents of a kind are made with.
func (s *API) kindTemplate(c *gin.Context) *web.Problem {
	ctx, kind := c.Request.Context(), c.Param("kind")
	data, hash, found, err := s.Office.Template(ctx, kind, inForce)
	if err != nil {
		return s.Fault(ctx, "open template", err)
	}
	if found.Blocking() || data == nil {
		return web.NoSuchKind(kind, found)
	}
	return answerTagged(c, web.Download{Name: kind + ".docx", MediaType: web.WordType, Data: data}, hash)
}

// inForce asks for the version of a template that documents are made with.
const inForce = -1

// answerTagged answers with a file that changes seldom, or says that the caller has it.
func answerTagged(c *gin.Context, file web.Download, tag string) *web.Problem {
	tag = `"` + tag + `"`
	c.Header("ETag", tag)
	c.Header("Cache-Control", "no-cache")
	if hasTag(c.GetHeader("If-None-Match"), tag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Header("Content-Disposition", web.Attachment(file.Name))
	return web.AnswerData(c, http.StatusOK, file.MediaType, file.Data)
}

// hasTag reports whether a list of entity tags has one, weak or not (RFC 9110, 8.8.3.2).
func hasTag(list, tag string) bool {
	for each := range strings.SplitSeq(list, ",") {
		if each = strings.TrimPrefix(strings.TrimSpace(each), "W/"); each == tag || each == "*" {
			return true
		}
	}
	return false
}

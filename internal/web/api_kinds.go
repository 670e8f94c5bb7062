package web

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

func (s *api) listKinds(c *gin.Context) *Problem {
	return answerJSON(c, http.StatusOK, gin.H{"kinds": s.Office.Kinds()})
}

func (s *api) starter(c *gin.Context) *Problem {
	asked := parameters{request: c.Request}
	format := asked.oneOf("format", []string{"yaml", asExcel}, "yaml")
	if p := asked.problem(); p != nil {
		return p
	}
	made, p := s.input(c.Request.Context(), c.Param("kind"), format)
	if p != nil {
		return p
	}
	return answerTagged(c, made, digest(made.data))
}

// kindTemplate answers with the Word file that documents of a kind are made with.
func (s *api) kindTemplate(c *gin.Context) *Problem {
	ctx, kind := c.Request.Context(), c.Param("kind")
	data, hash, found, err := s.Office.Template(ctx, kind, inForce)
	if err != nil {
		return s.fault(ctx, "open template", err)
	}
	if found.Blocking() || data == nil {
		return noSuchKind(kind, found)
	}
	return answerTagged(c, download{name: kind + ".docx", mediaType: wordType, data: data}, hash)
}

// inForce asks for the version of a template that documents are made with.
const inForce = -1

// answerTagged answers with a file that changes seldom, or says that the caller has it.
func answerTagged(c *gin.Context, file download, tag string) *Problem {
	tag = `"` + tag + `"`
	c.Header("ETag", tag)
	c.Header("Cache-Control", "no-cache")
	if hasTag(c.GetHeader("If-None-Match"), tag) {
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Header("Content-Disposition", attachment(file.name))
	return answerData(c, http.StatusOK, file.mediaType, file.data)
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

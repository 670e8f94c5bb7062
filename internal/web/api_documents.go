package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	"vanthu/internal/maker"
)

// postDocument answers with the files of a document, or leaves the document to a batch where the caller will not wait.
func (s *api) postDocument(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	request, p := readDocument(c.Request)
	if p != nil {
		return p
	}
	asked := parameters{request: c.Request}
	format := asked.oneOf("format", []string{asWord, asPDF, asExcel, asZIP}, asWord)
	key := asked.idempotencyKey()
	if p := asked.problem(); p != nil {
		return p
	}
	if prefersAsync(c.GetHeader("Prefer")) && who(ctx).Role.May(account.Clerk) { // others could not ask for the batch
		return s.documentLater(c, request, format, key)
	}
	if request, p = s.ofOffice(ctx, request); p != nil {
		return p
	}
	made, p := s.document(ctx, request, format)
	if p != nil {
		return p
	}
	return answerFile(c, made)
}

func (s *api) markWorkbook(c *gin.Context) *Problem {
	ctx := c.Request.Context()
	request, p := readWorkbook(c.Request)
	if p != nil {
		return p
	}
	if request, p = s.ofOffice(ctx, request); p != nil {
		return p
	}
	made, p := s.marked(ctx, request)
	if p != nil {
		return p
	}
	return answerFile(c, made)
}

func (s *api) convertWord(c *gin.Context) *Problem {
	file, p := readWord(c.Request)
	if p != nil {
		return p
	}
	made, p := s.converted(c.Request.Context(), file)
	if p != nil {
		return p
	}
	return answerFile(c, made)
}

// answerFile answers with a file that was made, if there is one, and with what was found on the way.
func answerFile(c *gin.Context, made download) *Problem {
	c.Header("Vanthu-Findings", strconv.Itoa(len(made.found)))
	if list := findingList(made.found); list != "" {
		c.Header("Vanthu-Finding-List", list)
	}
	if made.data == nil {
		c.Status(http.StatusNoContent)
		return nil
	}
	c.Header("Content-Disposition", attachment(made.name))
	return answerData(c, http.StatusOK, made.mediaType, made.data)
}

const respondAsync = "respond-async" // RFC 7240, 4.1

// prefersAsync reports whether a Prefer header asks not to be kept waiting. Preferences stand apart by commas, their parameters by semicolons.
func prefersAsync(prefer string) bool {
	for preference := range strings.SplitSeq(prefer, ",") {
		name, _, _ := strings.Cut(preference, ";")
		if strings.EqualFold(strings.TrimSpace(name), respondAsync) {
			return true
		}
	}
	return false
}

// documentLater leaves a document to a batch of one, and says where to ask for it.
func (s *api) documentLater(c *gin.Context, request maker.Request, format, key string) *Problem {
	if len(request.Tables) > 0 {
		return problem(http.StatusUnprocessableEntity,
			"Phần “bang” không gửi được cùng Prefer: respond-async, vì văn bản được làm như một lô, mà lô không nhận bảng rời. "+
				"Hãy chép các bảng vào tệp “data”, hoặc bỏ Prefer để nhận văn bản ngay.")
	}
	ctx := c.Request.Context()
	if p := s.crowded(ctx); p != nil {
		return p
	}
	request.PDF = format == asPDF || format == asZIP
	request.XLSX = format == asExcel || format == asZIP
	id, fresh, p := s.submitOne(ctx, request, key)
	if p != nil {
		return p
	}
	if fresh {
		s.did(c, "start-batch", request.Name, id)
	}
	batch, p := s.status(ctx, id)
	if p != nil {
		return p
	}
	c.Header("Preference-Applied", respondAsync)
	return s.answerStarted(c, http.StatusAccepted, batch)
}

package api

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	"vanthu/internal/maker"
	"vanthu/internal/web"
)

// postDocument answers with the files of a document, or leaves the document to a batch where the caller will not wait.
func (s *API) postDocument(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	request, p := web.ReadDocument(c.Request)
	if p != nil {
		return p
	}
	asked := parameters{request: c.Request}
	format := asked.oneOf("format", []string{web.AsWord, web.AsPDF, web.AsExcel, web.AsZIP}, web.AsWord)
	key := asked.idempotencyKey()
	if p := asked.problem(); p != nil {
		return p
	}
	if PrefersAsync(c.GetHeader("Prefer")) && web.Principal(ctx).Role.May(account.Clerk) { // others could not ask for the batch
		return s.documentLater(c, request, format, key)
	}
	if request, p = s.OfOffice(ctx, request); p != nil {
		return p
	}
	made, p := s.Document(ctx, request, format)
	if p != nil {
		return p
	}
	return answerFile(c, made)
}

func (s *API) markWorkbook(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	request, p := web.ReadWorkbook(c.Request)
	if p != nil {
		return p
	}
	if request, p = s.OfOffice(ctx, request); p != nil {
		return p
	}
	made, p := s.Mark(ctx, request)
	if p != nil {
		return p
	}
	return answerFile(c, made)
}

func (s *API) convertWord(c *gin.Context) *web.Problem {
	file, p := web.ReadWord(c.Request)
	if p != nil {
		return p
	}
	made, p := s.Convert(c.Request.Context(), file)
	if p != nil {
		return p
	}
	return answerFile(c, made)
}

// answerFile answers with a file that was made, if there is one, and with what was found on the way.
func answerFile(c *gin.Context, made web.Download) *web.Problem {
	c.Header("Vanthu-Findings", strconv.Itoa(len(made.Found)))
	if list := web.FindingList(made.Found); list != "" {
		c.Header("Vanthu-Finding-List", list)
	}
	if made.Data == nil {
		c.Status(http.StatusNoContent)
		return nil
	}
	c.Header("Content-Disposition", web.Attachment(made.Name))
	return web.AnswerData(c, http.StatusOK, made.MediaType, made.Data)
}

// RespondAsync is the preference not to be kept waiting (RFC 7240, 4.1).
const RespondAsync = "respond-async"

// PrefersAsync reports whether a Prefer header asks not to be kept waiting. Preferences stand apart by commas, their parameters by semicolons.
func PrefersAsync(prefer string) bool {
	for preference := range strings.SplitSeq(prefer, ",") {
		name, _, _ := strings.Cut(preference, ";")
		if strings.EqualFold(strings.TrimSpace(name), RespondAsync) {
			return true
		}
	}
	return false
}

// documentLater leaves a document to a batch of one, and says where to ask for it.
func (s *API) documentLater(c *gin.Context, request maker.Request, format, key string) *web.Problem {
	if len(request.Tables) > 0 {
		return web.NewProblem(http.StatusUnprocessableEntity,
			"Phần “bang” không gửi được cùng Prefer: respond-async, vì văn bản được làm như một lô, mà lô không nhận bảng rời. "+
				"Hãy chép các bảng vào tệp “data”, hoặc bỏ Prefer để nhận văn bản ngay.")
	}
	ctx := c.Request.Context()
	if p := s.CheckQueue(ctx); p != nil {
		return p
	}
	request.PDF = format == web.AsPDF || format == web.AsZIP
	request.XLSX = format == web.AsExcel || format == web.AsZIP
	id, fresh, p := s.SubmitOne(ctx, request, key)
	if p != nil {
		return p
	}
	if fresh {
		s.Audit(c, "start-batch", request.Name, id)
	}
	batch, p := s.BatchStatus(ctx, id)
	if p != nil {
		return p
	}
	c.Header("Preference-Applied", RespondAsync)
	return s.answerStarted(c, http.StatusAccepted, batch)
}

package desk

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
	"vanthu/internal/web"
)

func (s *Shell) helpRoutes() []web.Route {
	return []web.Route{web.PageRoute("/huong-dan", account.Drafter, func(c *gin.Context) *web.Problem {
		return s.Show(c, http.StatusOK, "help.html", "Hướng dẫn", nil)
	})}
}

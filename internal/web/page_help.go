package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"vanthu/internal/account"
)

func (s *desk) helpRoutes() []route {
	return []route{page("/huong-dan", account.Drafter, func(c *gin.Context) *Problem {
		return s.show(c, http.StatusOK, "huong-dan.html", "Hướng dẫn", nil)
	})}
}

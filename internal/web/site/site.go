// Package site puts the pages and the API together on the kernel.
package site

import (
	"net/http"

	"vanthu/internal/web"
	"vanthu/internal/web/api"
	"vanthu/internal/web/desk"
	"vanthu/internal/web/desk/batch"
	"vanthu/internal/web/desk/compose"
	"vanthu/internal/web/desk/office"
	"vanthu/internal/web/desk/register"
)

// Handler serves the desk and the API.
func Handler(config web.Config) http.Handler { return newSite(web.New(config)) }

func newSite(s *web.Server) http.Handler { return s.Handler(routesOf(s)...) }

// routesOf are all addresses.
func routesOf(s *web.Server) [][]web.Route {
	shell := desk.New(s, compose.Files, register.Files, batch.Files, office.Files)
	return [][]web.Route{
		shell.Routes(), compose.New(shell).Routes(), register.New(shell).Routes(), batch.New(shell).Routes(), office.New(shell).Routes(), api.New(s).Routes(),
	}
}

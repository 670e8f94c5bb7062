package web

import "net/http"

// Handler serves the desk and the API.
func Handler(config Config) http.Handler { return site(newServer(config)) }

func site(s *server) http.Handler { return s.handler(siteRoutes(s)...) }

// siteRoutes are all addresses.
func siteRoutes(s *server) [][]route {
	d := newDesk(s)
	return [][]route{
		d.routes(), newComposer(d).routes(), newRegistry(d).routes(), newBatcher(d).routes(), newAdmin(d).routes(), newAPI(s).routes(),
	}
}

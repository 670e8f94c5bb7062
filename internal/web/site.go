package web

import "net/http"

// What answers, by subject: each has its routes and stands on the kernel, the pages also on the desk.
type (
	api      struct{ *server }
	desk     struct{ *server }
	composer struct{ *desk }
	registry struct{ *desk }
	batcher  struct{ *desk }
	admin    struct{ *desk }
)

// Handler serves the desk and the API.
func Handler(config Config) http.Handler { return site(newServer(config)) }

func site(s *server) http.Handler { return s.handler(siteRoutes(s)...) }

// siteRoutes are all addresses.
func siteRoutes(s *server) [][]route {
	d, a := newDesk(s), &api{s}
	c, r, b, m := &composer{d}, &registry{d}, &batcher{d}, &admin{d}
	return [][]route{
		d.sharedRoutes(), d.loginRoutes(), d.homeRoutes(),
		b.fileRoutes(), b.convertRoutes(), b.batchRoutes(),
		m.officeRoutes(), m.userRoutes(), m.accountRoutes(), m.auditRoutes(), d.queueRoutes(),
		c.composeRoutes(), c.documentRoutes(), r.registerRoutes(), m.templateRoutes(), d.helpRoutes(),
		a.programs(),
	}
}

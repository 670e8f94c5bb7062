package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"maps"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

const adminUser = "admin"

// adminPolicy is what River's view of the queue needs of a browser: its own scripts, and the style elements that they add to the page.
var adminPolicy = policy(" 'unsafe-inline'")

// routeAdmin shows the queue to whoever has the administrator's password. Without a password there is no such address.
func (s *server) routeAdmin(engine *gin.Engine) {
	if s.adminPassword == "" || s.jobs == nil {
		return
	}
	view, err := s.jobs.UI(s.until, adminPath)
	if err != nil {
		s.log.Error("no view of the queue", "error", err)
		return
	}
	engine.GET(adminPath, func(c *gin.Context) { c.Redirect(http.StatusPermanentRedirect, adminPath+"/") })
	engine.Any(adminRoute, s.admit, s.sameSite, func(c *gin.Context) {
		c.Header("Content-Security-Policy", adminPolicy)
		c.Header("Cache-Control", "no-store")
		view.ServeHTTP(c.Writer, c.Request)
	})
}

// admit lets the administrator pass.
func (s *server) admit(c *gin.Context) {
	from := network(c.Request.RemoteAddr)
	if wait := s.guesses.wait(from); wait > 0 {
		s.refuse(c, tooMany("Sai mật khẩu nhiều lần. Hãy thử lại sau một phút.", int(wait/time.Second)+1))
		return
	}
	user, password, given := c.Request.BasicAuth()
	if given && same(user, adminUser)&same(password, s.adminPassword) == 1 {
		return
	}
	if given {
		s.guesses.wrong(from)
		s.log.WarnContext(c.Request.Context(), "wrong password", "from", c.Request.RemoteAddr, "id", requestID(c.Request.Context()))
	}
	c.Header("WWW-Authenticate", `Basic realm="Van Thu", charset="UTF-8"`)
	s.refuse(c, problem(http.StatusUnauthorized, "Trang này dành cho người quản trị."))
}

// same is 1 where two texts are alike, in a time that tells nothing about them, not even their length.
func same(a, b string) int {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:])
}

// network is where a request comes from: an address, or of IPv6 the network of one, for a guest of it has any number of addresses. Behind a
// proxy that is the proxy for all, so that whoever guesses there shuts the view for everybody, for a minute. The header in which a proxy
// says for whom it asks is not believed all the same: where one does not set it, anybody can, and guess without end. The proxy should let
// nobody but administrators come here.
func network(remote string) string {
	from, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	address := from.Addr().Unmap().WithZone("")
	if address.Is6() {
		const ofOneHouse = 64 // bits
		prefix, _ := address.Prefix(ofOneHouse)
		return prefix.String()
	}
	return address.String()
}

const (
	mostGuesses = 10
	guessesLast = time.Minute
	mostKnown   = 10_000 // addresses; a crowd of more has one count together
)

// guesses counts wrong passwords by where they come from.
type guesses struct {
	mu    sync.Mutex
	since map[string]*guessCount
	swept time.Time
}

type guessCount struct {
	first time.Time
	wrong int
}

// wait is how long an address must not try.
func (g *guesses) wait(from string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	count := g.since[g.name(from)]
	if count == nil || count.wrong < mostGuesses {
		return 0
	}
	return time.Until(count.first.Add(guessesLast))
}

// wrong counts one more.
func (g *guesses) wrong(from string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	if now.Sub(g.swept) >= guessesLast {
		g.swept = now
		maps.DeleteFunc(g.since, func(_ string, count *guessCount) bool { return now.Sub(count.first) >= guessesLast })
	}
	name := g.name(from)
	if count := g.since[name]; count == nil || now.Sub(count.first) >= guessesLast {
		g.since[name] = &guessCount{first: now}
	}
	g.since[name].wrong++
}

// name is under which an address is counted.
func (g *guesses) name(from string) string {
	if g.since[from] == nil && len(g.since) >= mostKnown {
		return "others"
	}
	return from
}

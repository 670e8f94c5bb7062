package site

import (
	"bufio"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vanthu/internal/account"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
)

// TestServerHasDeadlines reads the settings with which the service is run: without them whoever opens a line and says nothing keeps it.
func TestServerHasDeadlines(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../../../cmd/vanthu/serve.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var set []string
	ast.Inspect(file, func(n ast.Node) bool {
		made, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		if of, ok := made.Type.(*ast.SelectorExpr); !ok || of.Sel.Name != "Server" {
			return true
		}
		for _, element := range made.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				set = append(set, fmt.Sprint(pair.Key))
			}
		}
		return true
	})
	for _, wanted := range []string{"ReadHeaderTimeout", "ReadTimeout", "WriteTimeout", "IdleTimeout", "MaxHeaderBytes"} {
		if !slices.Contains(set, wanted) {
			t.Errorf("cmd/vanthu/serve.go: http.Server has no %s", wanted)
		}
	}
}

// slowServer serves lines of this process with the deadlines of the service, and gives what opens another line.
func slowServer(h http.Handler) (open func() net.Conn, stop func()) {
	conns := make(line)
	server := http.Server{
		Handler: h, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	go func() { _ = server.Serve(conns) }()
	open = func() net.Conn {
		here, there := net.Pipe()
		conns <- there
		return here
	}
	return open, func() { close(conns); _ = server.Close() }
}

// ended waits until the other side lets go of a line, and gives what it said and how long that took.
func lineEnds(conn net.Conn) (said string, after time.Duration) {
	began := time.Now()
	text, _ := io.ReadAll(conn)
	return string(text), time.Since(began)
}

// TestSlowloris opens many lines whose heads or bodies drip, or which say nothing more: all are ended, and whoever comes then is served.
func TestSlowloris(t *testing.T) {
	drip := func(conn net.Conn, begin, piece string) {
		if _, err := io.WriteString(conn, begin); err != nil {
			return
		}
		for {
			time.Sleep(time.Second)
			if _, err := io.WriteString(conn, piece); err != nil {
				return
			}
		}
	}
	for _, test := range []struct {
		name, begin, piece string
		most               time.Duration
		says               string
	}{
		{"a head that drips", "GET / HTTP/1.1\r\nHost: x\r\n", "X-a: b\r\n", 12 * time.Second, ""},
		{"a first line that drips", "GET /", "a", 12 * time.Second, ""},
		{"a head without end", "GET / HTTP/1.1\r\nHost: x\r\n", "X-a: " + strings.Repeat("b", 8<<10) + "\r\n", 12 * time.Second, "431"},
		{"nothing at all", "", "", 12 * time.Second, ""},
		{"idle", "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "", 122 * time.Second, "200 OK"},
		{
			"the form of a login that drips", "POST /dang-nhap HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n", "a",
			40 * time.Second, "408",
		},
		{
			"a form in pieces that drips", "POST /dang-nhap HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n",
			"1\r\na\r\n", 40 * time.Second, "408",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := open(t)
				open, stop := slowServer(newSite(s))
				var all sync.WaitGroup
				for range 20 {
					conn := open()
					if test.begin != "" {
						all.Go(func() {
							if test.piece == "" {
								_, _ = io.WriteString(conn, test.begin)
								return
							}
							drip(conn, test.begin, test.piece)
						})
					}
					all.Go(func() {
						said, after := lineEnds(conn)
						if after > test.most || !strings.Contains(said, test.says) {
							t.Errorf("ended after %v with %.60q", after, said)
						}
						_ = conn.Close()
					})
				}
				all.Wait()
				if len(s.Gate.Semaphore) != 0 || len(s.Uploads) != 0 {
					t.Errorf("%d seats are still taken", len(s.Gate.Semaphore)+len(s.Uploads))
				}
				stop()
			})
		})
	}
}

// TestSlowUploadsGiveTheirSeatsBack takes every seat with files that drip: half a minute later others are served.
func TestSlowUploadsGiveTheirSeatsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openOffice(t)
		p := hire(t, s, "lan", "", account.Clerk)
		open, stop := slowServer(newSite(s))
		head := func(path, mediaType string, length int) string {
			return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: %s=%s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
				path, web.CookieName, p.cookie.Value, mediaType, length)
		}
		var all sync.WaitGroup
		slow := func(path, begin string) {
			conn := open()
			all.Go(func() { _, _ = io.WriteString(conn, head(path, `multipart/form-data; boundary=x`, 1<<20)+begin) })
			all.Go(func() {
				if said, after := lineEnds(conn); after > 40*time.Second || !strings.Contains(said, "408") {
					t.Errorf("%s: ended after %v with %.60q", path, after, said)
				}
				_ = conn.Close()
			})
		}
		for range cap(s.Gate.Semaphore) {
			slow("/tep", "--x\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a.yaml\"\r\n\r\na")
		}
		for range cap(s.Uploads) {
			slow(web.BatchesPath, "--x\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a.zip\"\r\n\r\nPK")
		}
		synctest.Wait()
		if len(s.Gate.Semaphore) != cap(s.Gate.Semaphore) || len(s.Uploads) != cap(s.Uploads) {
			t.Errorf("%d and %d seats are taken: the test tests nothing", len(s.Gate.Semaphore), len(s.Uploads))
		}
		all.Wait()
		sent := form("data=a.yaml", plan)
		conn := open()
		all.Go(func() {
			_, _ = io.WriteString(conn, head(api.DocumentsPath, sent.mediaType, len(sent.data))+string(sent.data))
		})
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Errorf("after them: %v %v", answer, err)
		} else if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			t.Error(err)
		}
		if err := errors.Join(conn.Close()); err != nil {
			t.Error(err)
		}
		all.Wait()
		stop()
	})
}

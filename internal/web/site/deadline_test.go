package site

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vanthu/internal/web/api"
)

// line is a listener for one connection of this process, which knows the time of a test.
type line chan net.Conn

func (l line) Accept() (net.Conn, error) {
	conn, open := <-l
	if !open {
		return nil, net.ErrClosed
	}
	return conn, nil
}
func (l line) Close() error   { return nil }
func (l line) Addr() net.Addr { return &net.TCPAddr{} }

// overLine sends a request of a length, with a body that comes piece by piece every so often and ends when the pieces do, and gives the
// answer and when it came. The server has the deadlines of the service.
func overLine(t *testing.T, h http.Handler, head string, piece []byte, pieces int, every time.Duration) (status int, after time.Duration) {
	t.Helper()
	conns := make(line)
	server := http.Server{Handler: h, ReadTimeout: time.Minute, WriteTimeout: 2 * time.Minute}
	go func() { _ = server.Serve(conns) }()
	here, there := net.Pipe()
	conns <- there
	began := time.Now()
	var sending sync.WaitGroup
	defer func() {
		close(conns)
		_ = errors.Join(here.Close(), server.Close())
		sending.Wait()
	}()
	sending.Go(func() {
		if _, err := io.WriteString(here, head); err != nil {
			return
		}
		for range pieces {
			time.Sleep(every)
			if _, err := here.Write(piece); err != nil {
				return
			}
		}
	})
	reader := bufio.NewReader(here)
	answer, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatalf("after %v: %v", time.Since(began), err)
	}
	after = time.Since(began)
	_, _ = io.Copy(io.Discard, answer.Body)
	if answer.StatusCode != http.StatusRequestTimeout {
		return answer.StatusCode, after
	}
	if _, err := reader.ReadByte(); !errors.Is(err, io.EOF) || time.Since(began) > after+5*time.Second {
		t.Errorf("the line is let go of after %v: %v", time.Since(began)-after, err)
	}
	return answer.StatusCode, after
}

func TestBodiesMayTakeLongAsLongAsTheyCome(t *testing.T) {
	const size = 12 << 20
	head := func(length string) string {
		return "POST " + api.DocumentsPath + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" + length + "\r\n\r\n"
	}
	for _, test := range []struct {
		name   string
		head   string
		piece  string
		pieces int
		every  time.Duration
		status int
		after  time.Duration
	}{
		{"slow and steady", head(fmt.Sprintf("Content-Length: %d", size)), strings.Repeat(" ", 48<<10), size / (48 << 10), time.Second, 422, size / (48 << 10) * time.Second},
		{"stops", head(fmt.Sprintf("Content-Length: %d", size)), strings.Repeat(" ", 48<<10), 100, time.Second, 408, 130 * time.Second},
		{"never begins", head("Content-Length: 10"), "", 0, 0, 408, 30 * time.Second},
		{"stops and does not say how much is to come", head("Transfer-Encoding: chunked"), "1\r\n \r\n", 1, time.Second, 408, 30 * time.Second},
		{"trickles", head("Content-Length: 5000"), " ", 5000, time.Second, 408, 30 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				status, after := overLine(t, newSite(open(t)), test.head, []byte(test.piece), test.pieces, test.every)
				if status != test.status || after < test.after || after > test.after+2*time.Second {
					t.Errorf("status %d after %v, want %d after %v", status, after, test.status, test.after)
				}
			})
		})
	}
}

package site

import (
	"bytes"
	"fmt"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"vanthu/internal/testenv"
	"vanthu/internal/web"
	"vanthu/internal/web/api"
)

// openUploads are the files of uploads that this process holds open, by whatever names or none.
func openUploads(t *testing.T) (names []string) {
	t.Helper()
	links, err := filepath.Glob("/proc/self/fd/*")
	if err != nil || len(links) == 0 {
		testenv.Lacks(t, "a list of open files, as Linux has")
	}
	for _, link := range links {
		if name, err := os.Readlink(link); err == nil && strings.Contains(name, "vanthu-lo-") {
			names = append(names, name)
		}
	}
	return names
}

// An upload is never in the folder of temporary files, so that none is left when the process is killed; and when its caller goes away the
// room that it took is free.
func TestUploadThatIsBrokenOff(t *testing.T) {
	if runtime.GOOS == "windows" {
		testenv.Lacks(t, "files without a name, which Windows does not have")
	}
	t.Setenv("TMPDIR", t.TempDir())
	var log bytes.Buffer
	s := openOffice(t, func(c *web.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	server := httptest.NewServer(held(t, newSite(s)))
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	head := "--x\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a.zip\"\r\n\r\nPK"
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: %s; boundary=x\r\nContent-Length: 1000000\r\n\r\n%s%s", web.BatchesPath, web.FormType, head, strings.Repeat("x", 100_000))
	if err != nil {
		t.Fatal(err)
	}
	await(t, "the upload is begun", func() bool { return len(openUploads(t)) == 1 })
	nothingLeft(t)
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	await(t, "the upload is given up", func() bool { return len(openUploads(t)) == 0 && len(s.Uploads) == 0 })
	nothingLeft(t)
	server.Close() // waits for the line of the log
	if strings.Contains(log.String(), "level=ERROR") || !strings.Contains(log.String(), "status=400") {
		t.Errorf("the log is\n%s", &log)
	}
}

// patience is how long a test waits for what must come. It says only when to give up: the machine may be busy.
const patience = 2 * time.Minute

// await waits for a condition.
func await(t *testing.T, what string, met func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patience); !met(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it does not come to this: %s", what)
		}
	}
}

// A form of many small parts is refused before it takes many times its size in memory.
func TestFormOfManyParts(t *testing.T) {
	h := held(t, newSite(open(t)))
	parts := strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"bang\"; filename=\"\"\r\n\r\n\r\n", 200_000)
	for name, test := range map[string]struct {
		form   string
		status int
	}{
		"too many": {parts + "--x--\r\n", 413},
		"many":     {parts[:len(parts)/200_000*web.MaxParts] + "--x--\r\n", 422},
	} {
		var before, after runtime.MemStats
		sent := text(web.FormType+"; boundary=x", test.form)
		runtime.ReadMemStats(&before)
		w := send(h, "POST", api.DocumentsPath, sent)
		runtime.ReadMemStats(&after)
		if w.Code != test.status {
			t.Errorf("%s: status %d, want %d: %s", name, w.Code, test.status, w.Body)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 4<<20 {
			t.Errorf("%s: took %d MB for %d MB", name, took>>20, len(test.form)>>20)
		}
	}
}

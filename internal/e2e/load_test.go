package e2e

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"vanthu/internal/testenv"
)

// crowd is clients that ask the service over loopback, each again as soon as it is answered.
type crowd struct {
	client  *http.Client
	url     string
	body    []byte
	typed   string
	mu      sync.Mutex
	took    []time.Duration // of those that were answered 200
	answers map[int]int     // by status
}

func gather(t testing.TB, d desk, clients int) *crowd {
	t.Helper()
	data, err := os.ReadFile("../../samples/ke-hoach-57/du-lieu.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, _ := w.CreateFormFile("data", "du-lieu.yaml")
	_, _ = part.Write(data)
	_ = w.Close()
	return &crowd{
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}},
		url:    d.url + "/api/v1/documents?format=pdf", body: b.Bytes(), typed: w.FormDataContentType(), answers: map[int]int{},
	}
}

// ask posts the plan for its PDF, so many times by so many clients at once.
func (c *crowd) ask(t testing.TB, clients, times int) {
	var wait sync.WaitGroup
	for range clients {
		wait.Go(func() {
			for range times {
				begun := time.Now()
				answer, err := c.client.Post(c.url, c.typed, bytes.NewReader(c.body))
				if err != nil {
					t.Error(err)
					return
				}
				read, err := io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				took := time.Since(begun)
				c.mu.Lock()
				c.answers[answer.StatusCode]++
				if answer.StatusCode == http.StatusOK {
					c.took = append(c.took, took)
				}
				c.mu.Unlock()
				if err != nil || answer.StatusCode == http.StatusOK && read < 10_000 {
					t.Errorf("%d bytes of a PDF, %v", read, err)
				}
				if answer.StatusCode == http.StatusTooManyRequests && answer.Header.Get("Retry-After") == "" {
					t.Error("429 does not say when to come again")
				}
			}
		})
	}
	wait.Wait()
}

// percentile returns the time within which so many of a hundred were answered.
func (c *crowd) percentile(p int) time.Duration {
	slices.Sort(c.took)
	return c.took[min(len(c.took)*p/100, len(c.took)-1)]
}

var pidLine = regexp.MustCompile(`(?m)^VmHWM:\s+(\d+) kB`)

// peak is the most memory that the service has taken, in MB.
func (d desk) peak(t testing.TB) int {
	t.Helper()
	out, err := exec.Command("pgrep", "-f", "serve --addr 127.0.0.1:0 --data "+d.data).Output()
	if err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile("/proc/" + strings.Fields(string(out))[0] + "/status")
	if err != nil {
		testenv.Lacks(t, "no /proc")
	}
	found := pidLine.FindSubmatch(status)
	kb, _ := strconv.Atoi(string(found[1]))
	return kb >> 10
}

// TestCrowd: 32 clients are all served; ten times as many are served or told when to come again.
func TestCrowd(t *testing.T) {
	d := open(t)
	served := gather(t, d, 32)
	served.ask(t, 32, 10)
	if served.answers[200] != 320 {
		t.Errorf("answers to 32 clients: %v", served.answers)
	}
	over := gather(t, d, 320)
	over.ask(t, 320, 5)
	if over.answers[200]+over.answers[429] != 1600 || over.answers[200] == 0 {
		t.Errorf("answers to 320 clients: %v", over.answers)
	}
}

// TestIdlePreviews: pages that are open and idle hold nothing of the service: no connection, no goroutine.
func TestIdlePreviews(t *testing.T) {
	const pages = 1000
	d := open(t)
	client := &http.Client{}
	goroutines := func() (n int) {
		answer, err := client.Get(d.url + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, _ := io.ReadAll(answer.Body)
		_, _ = fmt.Sscanf(string(regexp.MustCompile(`(?m)^go_goroutines \d+`).Find(body)), "go_goroutines %d", &n)
		return n
	}
	before := goroutines()
	for range pages {
		answer, err := client.Get(d.url + "/soan/ke-hoach")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			t.Fatal(answer.Status)
		}
	}
	client.CloseIdleConnections()
	after := goroutines() // the queue of the service may have started keepers of its own, some dozens
	for end := time.Now().Add(patience); after > before+pages/10 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		after = goroutines() // what closes a connection takes its time on a busy machine
	}
	if before == 0 || after > before+pages/10 {
		t.Errorf("%d goroutines, %d after %d pages", before, after, pages)
	}
}

// BenchmarkThirtyTwoClients tells how long 32 clients at once wait for the plan's PDF. For a figure nothing else may run on the machine.
func BenchmarkThirtyTwoClients(b *testing.B) {
	d := open(b)
	c := gather(b, d, 32)
	c.ask(b, 32, 5) // templates are compiled, memory has grown
	c.took = nil
	begun := time.Now()
	for b.Loop() {
		c.ask(b, 32, 10)
	}
	if len(c.took) == 0 {
		b.Fatalf("answers: %v", c.answers)
	}
	rate := float64(len(c.took)) / time.Since(begun).Seconds()
	b.ReportMetric(float64(c.percentile(50).Microseconds())/1000, "p50-ms")
	testenv.Want(b, "p99-ms", float64(c.percentile(99).Microseconds())/1000, 120)
	testenv.Want(b, "PDF/s", rate, 400)
	crowded := gather(b, d, 320)
	crowded.ask(b, 320, 5) // ten times as many take no more memory than the smallest machine of an office has
	testenv.Want(b, "peak-MB", float64(d.peak(b)), 300)
	if c.answers[200] != len(c.took)+160 || len(c.answers) != 1 {
		b.Errorf("answers: %v", c.answers)
	}
}

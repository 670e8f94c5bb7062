package site

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vanthu/internal/pgtest"
	"vanthu/internal/testenv"
	"vanthu/internal/web"
)

func TestReady(t *testing.T) {
	if w := send(held(t, newSite(open(t))), "GET", "/readyz", body{}); w.Code != 200 || strings.TrimSpace(w.Body.String()) != `{"status":"ready"}` {
		t.Errorf("without batches: status %d %s", w.Code, w.Body)
	}
	s := openOffice(t)
	if w := send(held(t, newSite(s)), "GET", "/readyz", body{}); w.Code != 200 || strings.TrimSpace(w.Body.String()) != `{"status":"ready"}` {
		t.Errorf("with batches: status %d %s", w.Code, w.Body)
	}
	s = openOffice(t)
	if err := s.Jobs.Store.Close(); err != nil {
		t.Fatal(err)
	}
	w := send(held(t, newSite(s)), "GET", "/readyz", body{})
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Content-Type") != "application/problem+json" || !strings.Contains(w.Body.String(), "Cơ sở dữ liệu không") {
		t.Errorf("without database: status %d %s", w.Code, w.Body)
	}
	if w := send(held(t, newSite(s)), "GET", "/healthz", body{}); w.Code != 200 {
		t.Errorf("health is %d", w.Code)
	}
}

func TestNotReadySaysWhatAndNotWhere(t *testing.T) {
	s := open(t)
	s.Readiness.Check = func(context.Context) error { return errors.New("files: write /srv/van-thu/x: no space left on device") }
	w := send(held(t, newSite(s)), "GET", "/readyz", body{})
	if said := w.Body.String(); w.Code != 503 || !strings.Contains(said, "Nơi để tệp") || strings.Contains(said, "/srv") {
		t.Errorf("status %d %s", w.Code, said)
	}
}

func TestReadinessIsAskedOnceForMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var checks atomic.Int32
		r := &web.Readiness{Clock: time.Now, Check: func(context.Context) error {
			time.Sleep(100 * time.Millisecond)
			checks.Add(1)
			return nil
		}}
		var crowd sync.WaitGroup
		for range 50 {
			crowd.Go(func() {
				if err := r.Now(); err != nil {
					t.Error(err)
				}
			})
		}
		crowd.Wait()
		time.Sleep(web.CheckLasts - time.Millisecond)
		_ = r.Now()
		if n := checks.Load(); n != 1 {
			t.Errorf("%d checks within a second", n)
		}
		time.Sleep(time.Millisecond)
		_ = r.Now()
		if n := checks.Load(); n != 2 {
			t.Errorf("%d checks, the second a second later", n)
		}
	})
}

func TestReadinessDoesNotHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var checks atomic.Int32
		mended := make(chan struct{})
		r := &web.Readiness{Clock: time.Now, Check: func(context.Context) error { // as a disk that is gone: no deadline helps
			checks.Add(1)
			<-mended
			return nil
		}}
		for range 2 {
			began := time.Now()
			if err := r.Now(); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != web.LongestCheck {
				t.Errorf("%v after %v", err, time.Since(began))
			}
		}
		if n := checks.Load(); n != 1 {
			t.Errorf("%d checks hang", n)
		}
		close(mended)
		synctest.Wait()
		if err := r.Now(); err != nil {
			t.Error(err)
		}
	})
}

// What takes too long but heeds its deadline is named before whoever asks is sent away.
func TestReadinessHearsWhatTookLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &web.Readiness{Clock: time.Now, Check: func(ctx context.Context) error {
			<-ctx.Done()
			return fmt.Errorf("database: %w", ctx.Err())
		}}
		if err := r.Now(); err == nil || !strings.HasPrefix(err.Error(), "database:") {
			t.Errorf("found %v", err)
		}
	})
}

// asked asks whether the service is ready, and gives the status and what is said.
func asked(t *testing.T, s *web.Server) (status int, said string) {
	t.Helper()
	w := send(held(t, newSite(s)), "GET", "/readyz", body{})
	if w.Code == http.StatusServiceUnavailable && w.Header().Get("Retry-After") == "" {
		t.Error("there is no Retry-After")
	}
	return w.Code, w.Body.String()
}

// isReady waits until the service is ready.
func isReady(t *testing.T, s *web.Server) {
	t.Helper()
	await(t, "the service is ready", func() bool { status, _ := asked(t, s); return status == 200 })
}

func TestNotReadyWithoutFiles(t *testing.T) {
	folder := t.TempDir()
	t.Run("removed", func(t *testing.T) {
		place := filepath.Join(folder, "tep")
		s := openOfficeAt(t, filepath.Join(folder, "so"), place)
		isReady(t, s)
		if err := os.RemoveAll(place); err != nil {
			t.Fatal(err)
		}
		s.Readiness.Done = time.Time{}
		if status, said := asked(t, s); status != 503 || !strings.Contains(said, "Nơi để tệp") {
			t.Errorf("status %d %s", status, said)
		}
	})
	t.Run("read-only, then mended", func(t *testing.T) {
		place := t.TempDir()
		mount(t, place)
		s := openOfficeAt(t, filepath.Join(folder, "so-2"), place)
		isReady(t, s)
		remount(t, place, "ro")
		s.Readiness.Done = time.Time{}
		if status, said := asked(t, s); status != 503 || !strings.Contains(said, "Nơi để tệp") || strings.Contains(said, place) {
			t.Errorf("status %d %s", status, said)
		}
		remount(t, place, "rw")
		isReady(t, s)
	})
	t.Run("full", func(t *testing.T) {
		place := t.TempDir()
		mount(t, place)
		s := openOfficeAt(t, filepath.Join(folder, "so-3"), place)
		if err := s.Jobs.Files.Put(t.Context(), "day", strings.NewReader(strings.Repeat("x", 1<<20-64<<10)), 1<<20-64<<10); err != nil {
			t.Fatal(err)
		}
		if status, said := asked(t, s); status != 503 || !strings.Contains(said, "Nơi để tệp") {
			t.Errorf("status %d %s", status, said)
		}
	})
}

// mount gives a folder a disk of 1 MB.
func mount(t *testing.T, folder string) {
	t.Helper()
	testenv.Full(t, "a small disk")
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder).CombinedOutput(); err != nil {
		testenv.Lacks(t, "a small disk, which only root may mount: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", folder).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
}

func remount(t *testing.T, folder, how string) {
	t.Helper()
	testenv.Full(t, "a small disk")
	if out, err := exec.Command("mount", "-o", "remount,"+how, folder).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// A program that keeps the database to itself is told of in time, by who asks and in the metrics, and the service is ready when it lets go.
func TestNotReadyWhileTheDatabaseIsLocked(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	s := openOfficeAt(t, folder, filepath.Join(folder, "tep"))
	isReady(t, s)
	other, err := sql.Open("sqlite", filepath.Join(folder, "vanthu.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	hold, err := other.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer hold.Close()
	if _, err := hold.ExecContext(t.Context(), "BEGIN EXCLUSIVE"); err != nil {
		t.Fatal(err)
	}
	check := s.Readiness.Check
	s.Readiness.Check = func(ctx context.Context) error { // gives up at once, not shortly before whoever asks does: a busy machine may miss that
		ctx, stop := context.WithTimeout(ctx, 50*time.Millisecond)
		defer stop()
		return check(ctx)
	}
	s.Readiness.Done = time.Time{}
	if status, said := asked(t, s); status != 503 || !strings.Contains(said, "Cơ sở dữ liệu không") {
		t.Errorf("status %d %s", status, said)
	}
	s.Readiness.Check = check
	if _, err := hold.ExecContext(t.Context(), "COMMIT"); err != nil {
		t.Fatal(err)
	}
	isReady(t, s)
}

func TestNotReadyWhileTheDatabaseIsStopped(t *testing.T) {
	t.Parallel()
	server := pgtest.New(t)
	s := openOfficeAt(t, server.Address(), t.TempDir())
	isReady(t, s)
	server.Stop(t)
	s.Readiness.Done = time.Time{}
	if status, said := asked(t, s); status != 503 || !strings.Contains(said, "Cơ sở dữ liệu không") {
		t.Errorf("status %d %s", status, said)
	}
	if got := scraped(t, s); got["vanthu_store_up"] != "0" || got[`vanthu_items{state="made"}`] != "" {
		t.Errorf("up is %q", got["vanthu_store_up"])
	}
	server.Start(t)
	isReady(t, s)
	if got := scraped(t, s); got["vanthu_store_up"] != "1" {
		t.Errorf("up is %q", got["vanthu_store_up"])
	}
}

package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestReady(t *testing.T) {
	if w := send(open(t).routes(), "GET", "/readyz", body{}); w.Code != 200 || strings.TrimSpace(w.Body.String()) != `{"status":"ready"}` {
		t.Errorf("without batches: status %d %s", w.Code, w.Body)
	}
	s := openOffice(t)
	if w := send(s.routes(), "GET", "/readyz", body{}); w.Code != 200 || strings.TrimSpace(w.Body.String()) != `{"status":"ready"}` {
		t.Errorf("with batches: status %d %s", w.Code, w.Body)
	}
	s = openOffice(t)
	if err := s.jobs.Store.Close(); err != nil {
		t.Fatal(err)
	}
	w := send(s.routes(), "GET", "/readyz", body{})
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Content-Type") != "application/problem+json" || !strings.Contains(w.Body.String(), "Cơ sở dữ liệu không") {
		t.Errorf("without database: status %d %s", w.Code, w.Body)
	}
	if w := send(s.routes(), "GET", "/healthz", body{}); w.Code != 200 {
		t.Errorf("health is %d", w.Code)
	}
}

func TestNotReadySaysWhatAndNotWhere(t *testing.T) {
	s := open(t)
	s.ready.check = func(context.Context) error { return errors.New("files: write /srv/van-thu/x: no space left on device") }
	w := send(s.routes(), "GET", "/readyz", body{})
	if said := w.Body.String(); w.Code != 503 || !strings.Contains(said, "Nơi để tệp") || strings.Contains(said, "/srv") {
		t.Errorf("status %d %s", w.Code, said)
	}
}

func TestReadinessIsAskedOnceForMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var checks atomic.Int32
		r := &readiness{check: func(context.Context) error {
			time.Sleep(100 * time.Millisecond)
			checks.Add(1)
			return nil
		}}
		var crowd sync.WaitGroup
		for range 50 {
			crowd.Go(func() {
				if err := r.now(); err != nil {
					t.Error(err)
				}
			})
		}
		crowd.Wait()
		time.Sleep(checkLasts - time.Millisecond)
		_ = r.now()
		if n := checks.Load(); n != 1 {
			t.Errorf("%d checks within a second", n)
		}
		time.Sleep(time.Millisecond)
		_ = r.now()
		if n := checks.Load(); n != 2 {
			t.Errorf("%d checks, the second a second later", n)
		}
	})
}

func TestReadinessDoesNotHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var checks atomic.Int32
		mended := make(chan struct{})
		r := &readiness{check: func(context.Context) error { // as a disk that is gone: no deadline helps
			checks.Add(1)
			<-mended
			return nil
		}}
		for range 2 {
			began := time.Now()
			if err := r.now(); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != longestCheck {
				t.Errorf("%v after %v", err, time.Since(began))
			}
		}
		if n := checks.Load(); n != 1 {
			t.Errorf("%d checks hang", n)
		}
		close(mended)
		synctest.Wait()
		if err := r.now(); err != nil {
			t.Error(err)
		}
	})
}

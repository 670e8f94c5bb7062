package site

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"vanthu/internal/account"
	"vanthu/internal/files"
	"vanthu/internal/job"
	"vanthu/internal/services"
	"vanthu/internal/store"
	"vanthu/internal/web"
)

// openOffice returns a server that keeps batches, in a folder of the test. Nobody works on them before its Runner is started.
func openOffice(t testing.TB, change ...func(*web.Config)) *web.Server {
	t.Helper()
	folder := t.TempDir()
	begin(t, filepath.Join(folder, "so"))
	return openOfficeAt(t, filepath.Join(folder, "so"), filepath.Join(folder, "tep"), change...)
}

// blank is the database of a service that has just begun, made once: to make one takes longer than most tests.
var blank = sync.OnceValues(func() (database []byte, err error) {
	folder, err := os.MkdirTemp("", "vanthu-web-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	ctx := context.Background()
	opened, err := store.Open(ctx, folder)
	if err != nil {
		return nil, err
	}
	rooms, _, err := services.Open(services.Config{Store: opened})
	if err == nil {
		_, err = job.Open(ctx, job.Config{Maker: rooms.Maker, Store: opened, Log: slog.New(slog.DiscardHandler), Now: time.Now})
	}
	if err := errors.Join(err, opened.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(folder, databaseName))
})

const databaseName = "vanthu.db"

// begin gives a new folder a blank database.
func begin(t testing.TB, folder string) {
	t.Helper()
	database, err := blank()
	if err == nil {
		err = os.MkdirAll(folder, 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, databaseName), database, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// openOfficeAt returns a server that keeps batches in places.
func openOfficeAt(t testing.TB, database, folder string, change ...func(*web.Config)) *web.Server {
	t.Helper()
	ctx := t.Context()
	opened, err := store.Open(ctx, database)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	kept, err := files.Open(ctx, folder)
	if err != nil {
		t.Fatal(err)
	}
	rooms, found, err := services.Open(services.Config{Store: opened, Files: kept})
	if err != nil || found.Blocking() {
		t.Fatalf("services.Open: %v\n%v", err, found)
	}
	quiet := slog.New(slog.DiscardHandler)
	jobs, err := job.Open(ctx, job.Config{Maker: rooms.Maker, Store: opened, Files: kept, Log: quiet, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	config := web.Config{Services: rooms, Jobs: jobs, Accounts: account.New(opened, time.Now), Log: quiet, Now: time.Now, Local: true, Until: ctx}
	for _, change := range change {
		change(&config)
	}
	return web.New(config)
}

// start begins to work on batches, until the test ends.
func start(t *testing.T, s *web.Server) {
	t.Helper()
	if err := s.Jobs.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, stop := context.WithTimeout(context.Background(), patience)
		defer stop()
		if err := s.Jobs.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}

// zipped is a ZIP file; names and contents alternate.
func zipped(t *testing.T, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		entry, err := w.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write([]byte(pairs[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

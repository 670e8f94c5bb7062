package job

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/files"
	"vanthu/internal/services"
	"vanthu/internal/testenv"
)

// TestAFullDiskDelaysAndLosesNothing lets the disk of the files run full and makes room again.
func TestAFullDiskDelaysAndLosesNothing(t *testing.T) {
	testenv.Full(t, "a small disk")
	input := letters(1, 20)
	order := Order{Name: "thu", PDF: true}
	calm := newOffice(t)
	calm.run(t, order, input)

	o := newOffice(t)
	if err := os.MkdirAll(o.files, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", o.files, "tmpfs", 0, "size=2m"); errors.Is(err, fs.ErrPermission) || errors.Is(err, errors.ErrUnsupported) {
		testenv.Lacks(t, "a small disk, which only root may mount: %v", err)
	} else if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Unmount(o.files, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	}()
	var failed atomic.Int64
	r := o.open(t, func(c *Config, _ *services.Config) { c.Files = counting{c.Files, &failed} })
	id := r.submit(t, order, input)
	ballast := filepath.Join(o.files, stateFolder, "day")
	fill(t, ballast)
	if err := r.Ready(t.Context()); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("on a full disk: %v", err)
	}
	failed.Store(0)
	r.start(t)
	eventually(t, "every document has failed", func() bool { return int(failed.Load()) >= len(input) })
	if status, err := r.Status(t.Context(), id); err != nil || status.Pending != len(input) {
		t.Fatalf("%+v, %v", status, err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if status := r.await(t, id); status.Made != len(input) {
		t.Fatalf("%+v", status)
	}
	if diff := cmp.Diff(calm.standing(t), o.standing(t)); diff != "" {
		t.Error(diff)
	}
}

// counting is a store that counts the files that it could not keep.
type counting struct {
	files.Store
	failed *atomic.Int64
}

func (c counting) Put(ctx context.Context, name string, data io.Reader, size int64) error {
	err := c.Store.Put(ctx, name, data, size)
	if err != nil {
		c.failed.Add(1)
	}
	return err
}

// fill writes a file until the disk is full.
func fill(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for err == nil {
		_, err = f.Write(make([]byte, 4<<10))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}

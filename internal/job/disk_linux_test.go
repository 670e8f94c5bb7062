package job

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestAFullDiskDelaysAndLosesNothing lets the disk of the files run full and makes room again.
func TestAFullDiskDelaysAndLosesNothing(t *testing.T) {
	input := letters(1, 40)
	order := Order{Name: "thu", PDF: true}
	calm := newOffice(t)
	calm.run(t, order, input)

	o := newOffice(t)
	if err := os.MkdirAll(o.files, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", o.files, "tmpfs", 0, "size=3m"); errors.Is(err, fs.ErrPermission) || errors.Is(err, errors.ErrUnsupported) {
		t.Skip("a small disk is mounted by root alone")
	} else if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := syscall.Unmount(o.files, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	}()
	r := o.open(t)
	id, found, err := r.Submit(t.Context(), order, input)
	if err != nil || found.Blocking() {
		t.Fatal(found, err)
	}
	ballast := filepath.Join(o.files, stateFolder, "day")
	fill(t, ballast)
	if err := r.Ready(t.Context()); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("on a full disk: %v", err)
	}
	if err := r.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer r.stop(t)
	time.Sleep(2 * time.Second) // every item fails at least once
	if status, err := r.Status(t.Context(), id); err != nil || status.Pending == 0 {
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

// Package testenv decides which tests run. Tests stand in two rings:
//
//   - the first, "go test ./...", runs in one process on SQLite, goes through a share of each sweep, and wants no other program;
//   - the full ring, "VANTHU_TEST=full go test ./...", runs everything: PostgreSQL, S3, killed processes, Chromium, LibreOffice, Wine,
//     every kind and every field.
//
// No test skips but through this package, and in CI (CI=true) a test of the full ring that lacks something fails.
package testenv

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// variable is what chooses the ring.
const variable = "VANTHU_TEST"

// IsFull reports whether this is the full ring.
func IsFull() bool { return os.Getenv(variable) == "full" }

// Full skips the test outside the full ring. What names what the test takes that the first ring does without.
func Full(t testing.TB, what string) {
	t.Helper()
	if !IsFull() {
		t.Skipf("left out: %s; %s=full go test ./... runs it", what, variable)
	}
}

// Tool is Full, and returns the path of the first of the named programs that is installed.
func Tool(t testing.TB, names ...string) string {
	t.Helper()
	Full(t, names[0])
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	Lacks(t, "%s is not installed", strings.Join(names, " or "))
	return ""
}

// Node is Full, and returns the path of a file of the Node packages that .ci/run installs.
func Node(t testing.TB, path string) string {
	t.Helper()
	Full(t, path)
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(cache, "vanthu-ci", "node_modules", filepath.FromSlash(path))
	if _, err := os.Stat(path); err != nil {
		Lacks(t, "%v; .ci/run installs it", err)
	}
	return path
}

// Shared is Full, and returns the path of a file or folder of the real documents that may lie beside the checkout, in ../shared. They are
// an addition: no promise rests on them alone, and a checkout without them skips even in CI.
func Shared(t testing.TB, path string) string {
	t.Helper()
	Full(t, "the documents of ../shared")
	path = filepath.Join(root(t), "..", "shared", filepath.FromSlash(path))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("left out: %v", err)
	}
	return path
}

// Lacks skips a test that this machine cannot run, and fails it in CI.
func Lacks(t testing.TB, format string, values ...any) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("CI lacks what this test needs: "+format, values...)
	}
	t.Skipf("left out: "+format, values...)
}

// Share returns one in n of a list, the first among them, and in the full ring the whole list.
func Share[T any](list []T, n int) (share []T) {
	if IsFull() {
		return list
	}
	for i := 0; i < len(list); i += n {
		share = append(share, list[i])
	}
	return share
}

// root returns the folder of go.mod.
func root(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		above := filepath.Dir(folder)
		if above == folder {
			t.Fatal("no go.mod above the test")
		}
		folder = above
	}
}

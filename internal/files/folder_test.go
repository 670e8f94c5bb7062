package files

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"vanthu/internal/testenv"
)

// TestFolderIsMade makes a folder where there is none, closed to strangers, with files that those it is shared with may read.
func TestFolderIsMade(t *testing.T) {
	if runtime.GOOS == "windows" {
		testenv.Lacks(t, "rights as Unix has them")
	}
	root := filepath.Join(t.TempDir(), "a", "b")
	s := openStore(t, root)
	put(t, s, "xa-an-binh/bao-cao.docx", "x")
	for name, want := range map[string]os.FileMode{"": 0o750, "xa-an-binh": 0o755, "xa-an-binh/bao-cao.docx": 0o644} {
		info, err := os.Stat(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%q has the rights %o, wanted %o", name, got, want)
		}
	}
}

// TestFolderIsNotLeft follows no link out of the folder, whoever made it.
func TestFolderIsNotLeft(t *testing.T) {
	outside, root := t.TempDir(), t.TempDir()
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"folder": outside, "file": secret, "up": "..", "inside": "real"} {
		if err := os.Symlink(to, filepath.Join(root, name)); err != nil {
			testenv.Lacks(t, "links: %v", err)
		}
	}
	s := openStore(t, root)
	put(t, s, "real", "ours")
	for _, name := range []string{"folder/secret", "file", "up/" + filepath.Base(outside) + "/secret"} {
		if file, err := s.Get(t.Context(), name); err == nil {
			file.Close()
			t.Errorf("%s was read", name)
		}
	}
	for _, name := range []string{"folder/new", "folder/secret", "up/new"} {
		if err := Write(t.Context(), s, name, []byte("x")); err == nil {
			t.Errorf("%s was written", name)
		}
		if err := s.Delete(t.Context(), name); err == nil {
			t.Errorf("%s was deleted", name)
		}
	}
	put(t, s, "file", "in place of the link")
	if data, err := os.ReadFile(secret); err != nil || string(data) != "secret" {
		t.Errorf("what lies outside holds %q, %v", data, err)
	}
	if entries, err := os.ReadDir(outside); err != nil || len(entries) != 1 {
		t.Errorf("outside lie %v, %v", entries, err)
	}
	wantList(t, s, "", "file 20", "real 4")
	wantNoTemporaries(t, root)
}

// TestFolderClashes keeps a folder where a file of its name is written, and a file where one below it is.
func TestFolderClashes(t *testing.T) {
	root := t.TempDir()
	s := openStore(t, root)
	put(t, s, "folder/file", "x")
	for _, name := range []string{"folder", "folder/file/below", "folder/file/below/that"} {
		if err := Write(t.Context(), s, name, nil); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	wantList(t, s, "", "folder/file 1")
	wantNoTemporaries(t, root)
}

// TestFolderIsSwept removes what killed processes left, an hour after they wrote last.
func TestFolderIsSwept(t *testing.T) {
	root := t.TempDir()
	tmp := filepath.Join(root, temporary)
	if err := os.MkdirAll(tmp, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{"old": 61 * time.Minute, "young": 59 * time.Minute} {
		written := time.Now().Add(-age)
		name = filepath.Join(tmp, name)
		if err := errors.Join(os.WriteFile(name, nil, 0o600), os.Chtimes(name, written, written)); err != nil {
			t.Fatal(err)
		}
	}
	wantList(t, openStore(t, root), "")
	left, err := os.ReadDir(tmp)
	if err != nil || len(left) != 1 || left[0].Name() != "young" {
		t.Errorf("left are %v, %v", left, err)
	}
}

// TestFolderWithoutTemporary goes on where somebody has cleaned up.
func TestFolderWithoutTemporary(t *testing.T) {
	root := t.TempDir()
	s := openStore(t, root)
	put(t, s, "a", "1")
	if err := os.RemoveAll(filepath.Join(root, ".vanthu")); err != nil {
		t.Fatal(err)
	}
	put(t, s, "a", "2")
	wantList(t, s, "", "a 1")
}

// TestFolderListsWhatItKeeps leaves out what others have put there under names that a store cannot have, and links.
func TestFolderListsWhatItKeeps(t *testing.T) {
	root := t.TempDir()
	s := openStore(t, root)
	put(t, s, "ours", "x")
	if err := os.WriteFile(filepath.Join(root, "theirs.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "Latin-1 \xe0"), nil, 0o600); err != nil {
		testenv.Lacks(t, "names that are no UTF-8: %v", err)
	}
	wantList(t, s, "", "ours 1", "theirs.txt 0")
}

// TestFolderOfFullDisk fails with the reason, leaves nothing behind, and works again when there is room.
func TestFolderOfFullDisk(t *testing.T) {
	testenv.Full(t, "a small disk")
	root := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", root).CombinedOutput(); err != nil {
		testenv.Lacks(t, "a small disk, which only root may mount: %v: %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", root).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	s := openStore(t, root)
	put(t, s, "a", "old")
	put(t, s, "filler", strings.Repeat("x", 1<<20))
	big := strings.Repeat("y", 3<<19)
	for _, name := range []string{"a", "new/b"} {
		for range 3 { // what failed takes no room from what follows
			err := s.Put(t.Context(), name, strings.NewReader(big), int64(len(big)))
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatalf("error %v, wanted %v", err, syscall.ENOSPC)
			}
			wantError(t, err, name)
			wantNoTemporaries(t, root)
		}
	}
	wantList(t, s, "", "a 3", "filler 1048576")
	if got := get(t, s, "a"); got != "old" {
		t.Errorf("the old file holds %.20q", got)
	}
	if err := s.Delete(t.Context(), "filler"); err != nil {
		t.Fatal(err)
	}
	put(t, s, "a", big)
	if got := get(t, s, "a"); got != big {
		t.Errorf("the new file holds %d bytes", len(got))
	}
}

// TestFolderSurvivesKills kills processes at any moment of writing: a name holds one of the files whole, and what else is left
// is swept.
func TestFolderSurvivesKills(t *testing.T) {
	testenv.Full(t, "killed processes")
	const size = 400_000
	if root := os.Getenv("VANTHU_TEST_WRITER"); root != "" {
		s := openStore(t, root)
		for i := range 2000 { // not for ever, should the one who kills be killed
			put(t, s, "a/b", strings.Repeat(string(rune('A'+i%26)), size))
			if i == 0 {
				_, _ = os.Stdout.WriteString("writing\n")
			}
		}
		return
	}
	root := t.TempDir()
	s := openStore(t, root)
	for i := range 10 {
		writer := exec.Command(os.Args[0], "-test.run=^TestFolderSurvivesKills$")
		writer.Env = append(os.Environ(), "VANTHU_TEST_WRITER="+root)
		out, err := writer.StdoutPipe()
		if err == nil {
			err = writer.Start()
		}
		if err == nil {
			_, err = io.ReadFull(out, make([]byte, len("writing\n")))
		}
		if err != nil {
			t.Fatal(err)
		}
		for range i * 5 { // rather than a time: so many reads later
			if err := uniform([]byte(get(t, s, "a/b")), size); err != nil {
				t.Error(err)
			}
		}
		_ = writer.Process.Kill()
		_ = writer.Wait()
		if err := uniform([]byte(get(t, s, "a/b")), size); err != nil {
			t.Errorf("after kill %d: %v", i, err)
		}
	}
	left, err := filepath.Glob(filepath.Join(root, temporary, "*"))
	if err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-2 * time.Hour)
	for _, name := range left {
		if err := os.Chtimes(name, long, long); err != nil {
			t.Fatal(err)
		}
	}
	wantList(t, openStore(t, root), "", "a/b 400000")
	wantNoTemporaries(t, root)
	t.Logf("10 kills left %d temporary files", len(left))
}

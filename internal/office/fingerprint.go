package office

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
)

// Fingerprint is a digest of what decides, beside the data and the profile, how documents look: the program, templates and fonts. It is of
// the folders as they are when it is first asked, which is to be at the start, when they are read, and of the uploaded templates in force
// at the last Refresh. One revision has the same on every machine.
func (s *Service) Fingerprint() (string, error) {
	plain, err := s.digest()
	own := s.now.Load().own
	if err != nil || len(own) == 0 {
		return plain, err
	}
	sum := sha256.New()
	fmt.Fprintln(sum, plain)
	for _, slug := range slices.Sorted(maps.Keys(own)) {
		fmt.Fprintf(sum, "%s %s %t\n", slug, own[slug].hash, own[slug].lost)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func fingerprint(folders []fs.FS) (string, error) {
	built, err := builtFrom()
	if err != nil {
		return "", fmt.Errorf("fingerprint: %w", err)
	}
	sum := sha256.New()
	fmt.Fprintln(sum, built)
	for i, folder := range folders {
		if err := addFolder(sum, i, folder); err != nil {
			return "", fmt.Errorf("fingerprint: %w", err)
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// builtFrom names the revision from which the program was built. Where that is not known, or the files were changed since, it is the digest of
// the program itself, which is read once: it is large.
var builtFrom = sync.OnceValues(func() (string, error) {
	revision, modified := "", true
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			switch setting.Key {
			case "vcs.revision":
				revision = info.Main.Version + " " + setting.Value
			case "vcs.modified":
				modified = setting.Value != "false"
			}
		}
	}
	if revision != "" && !modified {
		return "revision " + revision, nil
	}
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, file)
	return "program " + hex.EncodeToString(sum.Sum(nil)), err
})

// addFolder adds names and contents of all files, but for those that a program leaves behind while a person edits another: ~$mau.docx.
func addFolder(sum hash.Hash, number int, folder fs.FS) error {
	return fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		base := path.Base(name)
		switch {
		case err != nil:
			return err
		case entry.IsDir() || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "~"):
			return nil
		}
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%d %q %d\n", number, name, len(data))
		sum.Write(data)
		return nil
	})
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// writeFile writes a file whole or not at all: under a temporary name in the same folder, then renamed. The file may be read by
// everybody, as a document in an office's shared folder is.
func writeFile(path string, data []byte) (err error) {
	staged, err := os.CreateTemp(filepath.Dir(path), ".vanthu-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			os.Remove(staged.Name())
			err = fmt.Errorf("write %s: %w", path, err)
		}
	}()
	if _, err = staged.Write(data); err != nil {
		staged.Close()
		return err
	}
	if err = staged.Chmod(0o644); err != nil {
		staged.Close()
		return err
	}
	if err = staged.Sync(); err != nil {
		staged.Close()
		return err
	}
	if err = staged.Close(); err != nil {
		return err
	}
	return os.Rename(staged.Name(), path)
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
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
	return replace(staged.Name(), path)
}

// heldError says that a file cannot be replaced while another program has it open.
type heldError string

func (e heldError) Error() string {
	return fmt.Sprintf("Không ghi được “%s” vì tệp đang mở. Hãy đóng tệp “%s” trong Word (hoặc Excel, trình xem PDF) rồi chạy lại.", string(e), filepath.Base(string(e)))
}

// replace renames a file over another. Who has that open for a moment, as virus scanners do, is waited for.
func replace(staged, path string) error {
	return replaceBy(os.Rename, isHeld, staged, path)
}

func replaceBy(rename func(from, to string) error, held func(error) bool, staged, path string) error {
	const maxTries = 6
	for try := range maxTries {
		err := rename(staged, path)
		if err == nil || !held(err) {
			return err
		}
		time.Sleep(time.Duration(20<<try) * time.Millisecond) // 1.3 s in all
	}
	if _, err := os.Stat(path); err != nil {
		return rename(staged, path) // the folder is what refuses
	}
	return heldError(path)
}

package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"vanthu/internal/app"
	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/job"
)

// manifest names the files that tell what a batch made.
var manifest = []string{"danh-muc.csv", "danh-muc.json"}

// What the command remembers of a batch whose files lie elsewhere, beside the results.
const (
	folderNote = "thu-muc-lo"   // the folder of the batch in the file store
	copiedNote = "da-chep.json" // what was copied: SHA-256 by name
)

// ownFolder is the folder of the batch in the file store: the one of the last time, so that what stands there is kept.
func (b *batcher) ownFolder() (string, error) {
	folder, err := os.ReadFile(filepath.Join(b.state(), folderNote))
	if errors.Is(err, fs.ErrNotExist) {
		return job.OwnFolder, nil
	}
	return string(folder), err
}

func (b *batcher) rememberFolder(ctx context.Context, runner *job.Runner, id string) error {
	batch, _, err := runner.Store.Batch(ctx, id)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(b.state(), 0o755); err != nil {
		return err
	}
	return app.WriteFile(filepath.Join(b.state(), folderNote), []byte(batch.Folder))
}

// collector copies the results of a batch to the folder of the command.
type collector struct {
	from   files.Store
	under  string            // the folder of the batch in from
	to     string            // path of a folder
	copied map[string]string // SHA-256 by name below the folder, of the last time and this
	edited []string          // paths of files that a person has changed since they were copied
}

// collect copies the files of a batch that are not there yet or differ, but never over one that a person has changed.
func (b *batcher) collect(ctx context.Context, runner *job.Runner, id string, entries []job.Entry) (found diag.Findings, err error) {
	batch, _, err := runner.Store.Batch(ctx, id)
	if err != nil {
		return nil, err
	}
	c := collector{from: runner.Files, under: batch.Folder, to: b.folder, copied: map[string]string{}}
	note := filepath.Join(b.state(), copiedNote)
	if data, err := os.ReadFile(note); err == nil {
		if err := json.Unmarshal(data, &c.copied); err != nil {
			return nil, fmt.Errorf("read %s: %w", note, err)
		}
	}
	err = c.all(ctx, entries)
	data, told := json.Marshal(c.copied)
	if told == nil {
		told = app.WriteFile(note, data)
	}
	for _, path := range c.edited {
		found.Add(diag.Finding{
			Severity: diag.Warning, Code: "edited-by-hand", Where: diag.Place{File: filepath.Base(path)},
			Message: fmt.Sprintf("“%s” đã được sửa bằng tay nên được giữ nguyên, không chép đè", path),
			Hint:    "chuyển tệp ấy đi chỗ khác rồi chạy lại thì tệp mới được chép về",
		})
	}
	return found, errors.Join(err, told)
}

// all copies the documents, the summary, and the manifest last.
func (c *collector) all(ctx context.Context, entries []job.Entry) error {
	for _, entry := range entries {
		for _, file := range entry.Files {
			if err := c.copy(ctx, file.Name, file.Hash); err != nil {
				return err
			}
		}
	}
	for info, err := range c.from.List(ctx, c.under+"tong-hop/") {
		if err != nil {
			return err
		}
		if err := c.copy(ctx, info.Name, ""); err != nil {
			return err
		}
	}
	for _, name := range manifest {
		if err := c.copy(ctx, c.under+name, ""); err != nil {
			return err
		}
	}
	return nil
}

// copy copies a file. Its hash may be known, or empty.
func (c *collector) copy(ctx context.Context, name, hash string) (err error) {
	const most = 256 << 20 // bytes: no document is that large
	below := strings.TrimPrefix(name, c.under)
	if !filepath.IsLocal(filepath.FromSlash(below)) {
		return fmt.Errorf("copy %s: its name leads elsewhere", name)
	}
	path := filepath.Join(c.to, filepath.FromSlash(below))
	here, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var data []byte
	if hash == "" {
		if data, err = files.ReadAll(ctx, c.from, name, most); err != nil {
			return err
		}
		hash = digest(data)
	}
	switch {
	case here != nil && digest(here) == hash:
		c.copied[below] = hash
		return nil
	case here != nil && digest(here) != c.copied[below]:
		c.edited = append(c.edited, path)
		return nil
	}
	if data == nil {
		if data, err = files.ReadAll(ctx, c.from, name, most); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := app.WriteFile(path, data); err != nil {
		return err
	}
	c.copied[below] = hash
	return nil
}

// digest is the SHA-256 of a file, in hexadecimal.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

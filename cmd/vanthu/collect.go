package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

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
	return writeFile(filepath.Join(b.state(), folderNote), []byte(batch.Folder))
}

// collect copies the results of a batch to the folder of the command.
func (b *batcher) collect(ctx context.Context, runner *job.Runner, id string, entries []job.Entry) (found diag.Findings, err error) {
	fmt.Fprintf(b.stderr, "Đang chép kết quả về “%s”…\n", b.folder)
	batch, _, err := runner.Store.Batch(ctx, id)
	if err != nil {
		return nil, err
	}
	c := collector{from: runner.Files, under: batch.Folder, to: b.folder, note: filepath.Join(b.state(), copiedNote), ours: map[string][]string{}}
	if data, err := os.ReadFile(c.note); err == nil {
		if err := json.Unmarshal(data, &c.ours); err != nil {
			return nil, fmt.Errorf("read %s: %w", c.note, err)
		}
	}
	edited, err := c.collect(ctx, entries)
	for _, below := range edited {
		path := c.path(below)
		found.Add(diag.Finding{
			Severity: diag.Warning, Code: diag.EditedByHand, Where: diag.Place{File: filepath.Base(path)},
			Message: fmt.Sprintf("“%s” đã được sửa bằng tay nên được giữ nguyên, không chép đè", path),
			Hint:    "chuyển tệp ấy đi chỗ khác rồi chạy lại thì tệp mới được chép về",
		})
	}
	return found, err
}

// collector copies the results of a batch to a folder. Files are named as they lie below the folder of the batch.
type collector struct {
	from  files.Store
	under string              // the folder of the batch in from
	to    string              // path of a folder
	note  string              // path of the file that keeps ours
	ours  map[string][]string // what files hold that nobody changed since they were copied: SHA-256, one or more, by name
}

// result is a file of a batch.
type result struct {
	name string
	hash string // SHA-256
}

// collect copies what is not there yet or differs, and takes away what a document was called before; but it leaves alone what a person has
// changed, and gives the names of that. What it is about to write is noted first: whoever is killed meanwhile knows his own files again.
func (c *collector) collect(ctx context.Context, entries []job.Entry) (edited []string, err error) {
	wanted, err := c.wanted(ctx, entries)
	if err != nil {
		return nil, err
	}
	var missing []result
	for _, file := range wanted {
		switch here, err := c.here(file.name); {
		case err != nil:
			return nil, err
		case here == file.hash:
		case here != "" && !slices.Contains(c.ours[file.name], here):
			edited = append(edited, file.name)
			continue
		default:
			missing = append(missing, file)
		}
		c.ours[file.name] = append(c.ours[file.name], file.hash)
	}
	if err := c.remember(); err != nil {
		return nil, err
	}
	for _, file := range missing {
		if err := c.copy(ctx, file.name); err != nil {
			return nil, err
		}
	}
	if err := c.clear(wanted); err != nil {
		return nil, err
	}
	for _, file := range wanted {
		if !slices.Contains(edited, file.name) {
			c.ours[file.name] = []string{file.hash}
		}
	}
	return edited, c.remember()
}

// wanted lists the documents, the summary, and the manifest last.
func (c *collector) wanted(ctx context.Context, entries []job.Entry) (list []result, err error) {
	for _, entry := range entries {
		for _, file := range entry.Files {
			list = append(list, result{strings.TrimPrefix(file.Name, c.under), file.Hash})
		}
	}
	var rest []string
	for info, err := range c.from.List(ctx, c.under+"tong-hop/") {
		if err != nil {
			return nil, err
		}
		rest = append(rest, strings.TrimPrefix(info.Name, c.under))
	}
	for _, name := range append(rest, manifest...) {
		data, err := c.read(ctx, name)
		if err != nil {
			return nil, err
		}
		list = append(list, result{name, digest(data)})
	}
	for _, file := range list {
		if !filepath.IsLocal(filepath.FromSlash(file.name)) {
			return nil, fmt.Errorf("copy %s: its name leads elsewhere", file.name)
		}
	}
	return list, nil
}

// clear takes away what was copied before of documents that have other files now.
func (c *collector) clear(wanted []result) error {
	names, folders := map[string]bool{}, map[string]bool{}
	for _, file := range wanted {
		names[file.name], folders[path.Dir(file.name)] = true, true
	}
	for _, name := range slices.Sorted(maps.Keys(c.ours)) {
		if names[name] || !folders[path.Dir(name)] {
			continue
		}
		here, err := c.here(name)
		if err != nil {
			return err
		}
		if here != "" && slices.Contains(c.ours[name], here) {
			if err := os.Remove(c.path(name)); err != nil {
				return err
			}
		}
		delete(c.ours, name)
	}
	return nil
}

func (c *collector) path(name string) string { return filepath.Join(c.to, filepath.FromSlash(name)) }

// here is the SHA-256 of a file in the folder, or empty where there is none.
func (c *collector) here(name string) (string, error) {
	data, err := os.ReadFile(c.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return digest(data), err
}

func (c *collector) read(ctx context.Context, name string) ([]byte, error) {
	const most = 256 << 20 // bytes: no document is that large
	return files.ReadAll(ctx, c.from, c.under+name, most)
}

func (c *collector) copy(ctx context.Context, name string) error {
	data, err := c.read(ctx, name)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(c.path(name)), 0o755); err != nil {
		return err
	}
	return writeFile(c.path(name), data)
}

// remember keeps what is known to be ours for the next time.
func (c *collector) remember() error {
	data, err := json.Marshal(c.ours)
	if err != nil {
		return err
	}
	return writeFile(c.note, data)
}

// digest is the SHA-256 of a file, in hexadecimal.
func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

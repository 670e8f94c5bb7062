package job

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"vanthu/internal/archive"
	"vanthu/internal/store"
)

// Archive writes the files of a batch with its manifest as a ZIP file, one file after the other. The same files give the same bytes.
func (r *Runner) Archive(ctx context.Context, id string, w io.Writer) error {
	batch, _, err := r.Store.Batch(ctx, id)
	if err != nil {
		return notFound(err)
	}
	m, err := r.manifest(ctx, batch)
	if err != nil {
		return err
	}
	data, err := m.data()
	if err != nil {
		return err
	}
	out := archive.NewWriter(w, archive.Options{})
	err = cmp.Or(pack(out, manifestTable, bytes.NewReader(m.table())), pack(out, manifestData, bytes.NewReader(data)))
	list := m.Summary
	for _, entry := range m.Entries {
		list = append(list, entry.Files...)
	}
	for _, file := range list {
		if err == nil {
			err = r.packFile(ctx, out, batch, file)
		}
	}
	if err != nil { // without its end it is no ZIP file, and nobody takes it for whole
		return fmt.Errorf("job: archive: %w", err)
	}
	return out.Close()
}

// packFile adds a file of a batch. One that is gone is left out: the manifest has its name and hash.
func (r *Runner) packFile(ctx context.Context, out *archive.Writer, batch store.Batch, file store.StoredFile) error {
	data, err := r.Files.Get(ctx, batch.Folder+file.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer data.Close()
	return pack(out, file.Name, data)
}

// pack adds a file. Documents are packed as they are, tables are deflated.
func pack(out *archive.Writer, name string, data io.Reader) error {
	method := archive.Store
	if ending := path.Ext(name); ending == ".csv" || ending == ".json" {
		method = archive.Deflate
	}
	entry, err := out.Create(name, method)
	if err != nil {
		return err
	}
	_, err = io.Copy(entry, data)
	return err
}

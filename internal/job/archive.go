package job

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"time"

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
	archive := zip.NewWriter(w)
	err = cmp.Or(pack(archive, manifestTable, bytes.NewReader(m.table())), pack(archive, manifestData, bytes.NewReader(data)))
	list := m.Summary
	for _, entry := range m.Entries {
		list = append(list, entry.Files...)
	}
	for _, file := range list {
		if err == nil {
			err = r.packFile(ctx, archive, batch, file)
		}
	}
	if err != nil { // without its end it is no ZIP file, and nobody takes it for whole
		return fmt.Errorf("job: archive: %w", err)
	}
	return archive.Close()
}

// packFile adds a file of a batch. One that is gone is left out: the manifest has its name and hash.
func (r *Runner) packFile(ctx context.Context, archive *zip.Writer, batch store.Batch, file store.StoredFile) error {
	data, err := r.Files.Get(ctx, batch.Folder+file.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer data.Close()
	return pack(archive, file.Name, data)
}

func pack(archive *zip.Writer, name string, data io.Reader) error {
	header := &zip.FileHeader{Name: name, Method: zip.Store, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)} // the first that the format can write
	if ending := path.Ext(name); ending == ".csv" || ending == ".json" {
		header.Method = zip.Deflate // documents are packed as they are
	}
	entry, err := archive.CreateHeader(header)
	if err != nil {
		return err
	}
	_, err = io.Copy(entry, data)
	return err
}

// Package backup writes all that a store and its files hold as one ZIP file, and puts it back.
package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"

	"vanthu/internal/archive"
	"vanthu/internal/files"
	"vanthu/internal/store"
)

// A backup is a ZIP file: what it is, a text of each table, and the files.
//
//	vanthu-backup.json     head
//	tables/<name>.jsonl    a row a line
//	files/<name>           a file of the file store
const (
	format      = 1
	headName    = "vanthu-backup.json"
	tableFolder = "tables/"
	tableEnding = ".jsonl"
	fileFolder  = "files/"
)

type head struct {
	Format int      `json:"format"`
	Schema int      `json:"schema"` // version of the tables
	Tables []string `json:"tables"`
}

// Write writes all that a store and its files hold as a ZIP file, while others go on working: the tables as they are at one moment, and
// then the files, so that those that the tables name are among them. Where it fails, what was written is no ZIP file.
func Write(ctx context.Context, from *store.Store, kept files.Store, w io.Writer) error {
	out := archive.NewWriter(w, archive.Options{})
	err := writeTables(ctx, from, out)
	if err == nil {
		err = writeFiles(ctx, kept, out)
	}
	if err == nil {
		err = out.Close()
	}
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	return nil
}

func writeTables(ctx context.Context, from *store.Store, out *archive.Writer) error {
	text, err := json.MarshalIndent(head{Format: format, Schema: store.Schema, Tables: store.Tables()}, "", "  ")
	if err != nil {
		return err
	}
	if err := out.Add(headName, archive.Deflate, append(text, '\n')); err != nil {
		return err
	}
	return from.Dump(ctx, func(table string) (io.Writer, error) {
		return out.Create(tableFolder+table+tableEnding, archive.Deflate)
	})
}

func writeFiles(ctx context.Context, kept files.Store, out *archive.Writer) error {
	for info, err := range kept.List(ctx, "") {
		if err != nil {
			return err
		}
		if store.Owns(path.Base(info.Name)) {
			continue // the database lies among the files; it is in the tables
		}
		if err := writeFile(ctx, kept, out, info); err != nil {
			return fmt.Errorf("%s: %w", info.Name, err)
		}
	}
	return nil
}

// maxGrowth is by how many bytes a file may be larger than it was listed, as one that was made again may.
const maxGrowth = 64 << 20

func writeFile(ctx context.Context, kept files.Store, out *archive.Writer, info files.Info) error {
	file, err := kept.Get(ctx, info.Name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // taken away since it was listed
	} else if err != nil {
		return err
	}
	defer file.Close()
	// Documents are compressed already.
	w, err := out.Create(fileFolder+info.Name, archive.Store)
	if err != nil {
		return err
	}
	n, err := io.Copy(w, io.LimitReader(file, info.Size+maxGrowth))
	if err == nil && n == info.Size+maxGrowth {
		err = errors.New("it grows while it is read, as the backup itself does where it is written among the files")
	}
	return err
}

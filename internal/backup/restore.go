package backup

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"vanthu/internal/archive"
	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/store"
)

// ErrBackup says that a file is no backup, a damaged one, or one of a later program.
var ErrBackup = errors.New("no backup that this program can read")

// Differences says which files of a backup are not those that its tables tell of. All that the backup has was put back.
type Differences struct{ Found diag.Findings }

func (d *Differences) Error() string {
	return fmt.Sprintf("%d files of the backup are missing or are not as they were made", len(d.Found))
}

// Restore puts back what Write wrote, into a store that holds nothing: otherwise the error is store.ErrNotEmpty. A file that is there by
// the name of another one of the backup is never written over; the error is the same. The tables come last and all at once: a restore
// that broke off can be taken again. Batches that were not finished are taken up by the workers when they start. Where files are
// missing or changed since they were made the error is *Differences, after all that there is was put back; ErrBackup where the backup is
// none or is damaged.
func Restore(ctx context.Context, backup io.ReaderAt, size int64, to *store.Store, kept files.Store) error {
	if err := restore(ctx, backup, size, to, kept); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	return nil
}

func restore(ctx context.Context, data io.ReaderAt, size int64, to *store.Store, kept files.Store) error {
	backup, err := openBackup(data, size)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrBackup, err)
	}
	if empty, err := to.Empty(ctx); err != nil {
		return err
	} else if !empty {
		return fmt.Errorf("the database: %w", store.ErrNotEmpty)
	}
	if err := backup.compare(ctx, kept); err != nil {
		return err
	}
	if err := backup.putFiles(ctx, kept); err != nil {
		return err
	}
	if err := to.Restore(ctx, backup.openTable); err != nil {
		return err
	}
	return backup.check(ctx, to)
}

// backup is an open backup.
type backup struct {
	head   head
	tables map[string]*archive.File
	files  []*archive.File

	lock   sync.Mutex
	hashes map[string]string // SHA-256 in hexadecimal of what the file store has of the backup, by name
}

// What a backup may unpack to, so that a forged one does not fill the disk: its files are compressed already, and tables become smaller
// by a tenth or so.
const (
	maxHead  = 1 << 20
	maxTimes = 100     // its own size
	maxBytes = 1 << 30 // more than that
)

// openBackup reads the head and the names, and holds them against what a backup may have.
func openBackup(data io.ReaderAt, size int64) (*backup, error) {
	limits := archive.Limits{Unzipped: maxTimes*uint64(size) + maxBytes, Unique: true}
	opened, err := archive.Open(data, size, limits)
	if err != nil {
		return nil, err
	}
	b := &backup{tables: map[string]*archive.File{}, hashes: map[string]string{}}
	for _, file := range opened.File {
		if err := b.place(file); err != nil {
			return nil, err
		}
	}
	if b.head.Format == 0 {
		return nil, fmt.Errorf("it has no %s", headName)
	}
	for _, table := range b.head.Tables {
		if b.tables[table] == nil {
			return nil, fmt.Errorf("it has no table %q", table)
		}
	}
	return b, nil
}

// place finds out what a file of the ZIP is.
func (b *backup) place(file *archive.File) error {
	table, isTable := strings.CutPrefix(file.Name, tableFolder)
	name, isFile := strings.CutPrefix(file.Name, fileFolder)
	switch {
	case file.Name == headName:
		return b.readHead(file)
	case strings.HasSuffix(file.Name, "/"): // a folder, as other programs write them
		return nil
	case isFile && fs.ValidPath(name) && !store.Owns(path.Base(name)):
		b.files = append(b.files, file)
		return nil
	case isTable:
		table, isTable = strings.CutSuffix(table, tableEnding)
		if isTable && slices.Contains(store.Tables(), table) {
			b.tables[table] = file
			return nil
		}
	}
	return fmt.Errorf("it has %q", file.Name)
}

func (b *backup) readHead(file *archive.File) error {
	r, err := file.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	if err := json.NewDecoder(io.LimitReader(r, maxHead)).Decode(&b.head); err != nil {
		return fmt.Errorf("%s: %w", headName, err)
	}
	if b.head.Format != format || b.head.Schema < 1 || b.head.Schema > store.Schema {
		return fmt.Errorf("it has format %d and schema %d; this program reads format %d and schemas to %d",
			b.head.Format, b.head.Schema, format, store.Schema)
	}
	return nil
}

// openTable opens the text of a table, which a backup of an older schema may not have.
func (b *backup) openTable(table string) (io.ReadCloser, error) {
	file := b.tables[table]
	if file == nil {
		return nil, fs.ErrNotExist
	}
	return unpack(file)
}

// unpacked is a file of a backup that is being read. What it cannot give, as where bytes have changed, is the fault of the backup.
type unpacked struct{ io.ReadCloser }

func unpack(file *archive.File) (io.ReadCloser, error) {
	r, err := file.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrBackup, file.Name, err)
	}
	return unpacked{r}, nil
}

func (u unpacked) Read(data []byte) (int, error) {
	n, err := u.ReadCloser.Read(data)
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("%w: %w", ErrBackup, err)
	}
	return n, err
}

// compare looks for the files of the backup that are in the file store already. Another file by the name of one is store.ErrNotEmpty.
func (b *backup) compare(ctx context.Context, kept files.Store) error {
	there := map[string]bool{}
	for info, err := range kept.List(ctx, "") {
		if err != nil {
			return err
		}
		there[info.Name] = true
	}
	var others []string
	err := b.each(ctx, func(ctx context.Context, name string, file *archive.File) error {
		if !there[name] {
			return nil
		}
		hash, err := hashOf(unpack(file))
		if err != nil {
			return err
		}
		other, err := hashOf(kept.Get(ctx, name))
		if err != nil {
			return err
		}
		b.lock.Lock()
		defer b.lock.Unlock()
		if other != hash {
			others = append(others, name)
		} else {
			b.hashes[name] = hash
		}
		return nil
	})
	if err == nil && len(others) > 0 {
		err = fmt.Errorf("the file store has %d other files by the names of those of the backup, the first %q: %w", len(others),
			slices.Min(others), store.ErrNotEmpty)
	}
	return err
}

func hashOf(r io.ReadCloser, err error) (string, error) {
	if err != nil {
		return "", err
	}
	defer r.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// putFiles puts the files of the backup that are not in the file store there.
func (b *backup) putFiles(ctx context.Context, kept files.Store) error {
	return b.each(ctx, func(ctx context.Context, name string, file *archive.File) error {
		b.lock.Lock()
		there := b.hashes[name] != ""
		b.lock.Unlock()
		if there {
			return nil
		}
		r, err := unpack(file)
		if err != nil {
			return err
		}
		defer r.Close()
		hash := sha256.New()
		if err := kept.Put(ctx, name, io.TeeReader(r, hash), int64(file.UncompressedSize64)); err != nil {
			return err
		}
		b.lock.Lock()
		defer b.lock.Unlock()
		b.hashes[name] = hex.EncodeToString(hash.Sum(nil))
		return nil
	})
}

// each does work on the files of the backup, several at once, until it fails: a disk or a server answers slowly, but many at a time.
func (b *backup) each(ctx context.Context, work func(ctx context.Context, name string, file *archive.File) error) error {
	const atOnce = 8
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var all sync.WaitGroup
	next := make(chan *archive.File)
	for range atOnce {
		all.Go(func() {
			for file := range next {
				name := strings.TrimPrefix(file.Name, fileFolder)
				if err := work(ctx, name, file); err != nil {
					stop(fmt.Errorf("%s: %w", name, err))
				}
			}
		})
	}
	for _, file := range b.files {
		if ctx.Err() != nil {
			break
		}
		next <- file
	}
	close(next)
	all.Wait()
	return context.Cause(ctx)
}

// check holds the files against what the tables tell of the latest version of each document. Those of versions before have been written
// over by it.
func (b *backup) check(ctx context.Context, to *store.Store) error {
	var found diag.Findings
	told := map[string]bool{}
	for document, err := range to.Documents(ctx) {
		if err != nil {
			return err
		}
		for _, file := range slices.Concat(document.Data, document.Files) {
			if name := files.Location(file.Name, file.Hash); b.hashes[name] != file.Hash && !told[name] {
				told[name] = true
				found.Add(difference(document, file, b.hashes[name] == ""))
			}
		}
	}
	if len(found) > 0 {
		return &Differences{found}
	}
	return nil
}

func difference(document store.Document, file store.StoredFile, missing bool) diag.Finding {
	finding := diag.Finding{Severity: diag.Warning, Where: diag.Place{File: file.Name}}
	called := cmp.Or(document.Symbol, document.Title, document.Name)
	if missing {
		finding.Code = diag.BackupFileMissing
		finding.Message = fmt.Sprintf("Bản sao lưu không có tệp này của văn bản “%s”.", called)
		finding.Hint = "Làm lại lô có văn bản này, tệp sẽ được tạo lại."
	} else {
		finding.Code = diag.BackupFileChanged
		finding.Message = fmt.Sprintf("Tệp của văn bản “%s” trong bản sao lưu không giống lúc làm: đã sửa tay, hoặc được làm lại trong khi sao lưu.",
			called)
		finding.Hint = "Mở tệp ra xem; nếu không phải bản cần giữ thì xóa tệp rồi làm lại lô có văn bản này."
	}
	return finding
}

package files

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Folder keeps files in a folder of this machine, or of a share: each under its own name, for people to open. No name and no link leads
// out of it. A file is written under another name first, brought to the disk, and then renamed: after a power cut the name holds the file
// of before or the whole new one.
type Folder struct{ root *os.Root }

// openFolder opens a folder, and makes it where there is none.
func openFolder(place string) (*Folder, error) {
	err := os.MkdirAll(place, 0o750)
	if err != nil {
		return nil, folderError(place, err)
	}
	root, err := os.OpenRoot(place)
	if err != nil {
		return nil, folderError(place, err)
	}
	folder := &Folder{root}
	folder.sweep()
	return folder, nil
}

func folderError(place string, err error) error {
	return fmt.Errorf("file store %q: wanted a folder that can be read and written: %w: mend its rights, or name another folder or %s",
		place, err, bucketForm)
}

// sweep removes what processes that were killed while writing have left. Those that still write are never an hour behind. The file
// system tells the hour, as the clock of the machine that keeps a share is another than ours; what cannot be removed waits for the next.
func (f *Folder) sweep() {
	entries, err := fs.ReadDir(f.root.FS(), temporary)
	if err != nil || len(entries) == 0 {
		return
	}
	file, err := f.create()
	if err != nil {
		return
	}
	defer f.root.Remove(file.name)
	defer file.Close()
	now, err := file.Stat()
	if err != nil {
		return
	}
	for _, entry := range entries {
		name := path.Join(temporary, entry.Name())
		if info, err := f.root.Lstat(name); err == nil && now.ModTime().Sub(info.ModTime()) > time.Hour {
			_ = f.root.Remove(name)
		}
	}
}

// unnamed is a file that is being written, at the place name below the root.
type unnamed struct {
	*os.File
	name string
}

// create makes an empty file that no other process writes. All may read it, as far as the umask and the root allow.
func (f *Folder) create() (unnamed, error) {
	name := path.Join(temporary, rand.Text())
	open := func() (*os.File, error) { return f.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) }
	file, err := open()
	if errors.Is(err, fs.ErrNotExist) {
		if err = f.root.MkdirAll(temporary, 0o755); err == nil {
			file, err = open()
		}
	}
	return unnamed{file, name}, err
}

// Put is that of Store. Where the disk is full the error is syscall.ENOSPC.
func (f *Folder) Put(ctx context.Context, name string, data io.Reader, size int64) error {
	if err := checkName(name); err != nil {
		return err
	}
	body, err := promise(ctx, data, size)
	if err == nil {
		err = f.put(name, body)
	}
	if err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	return nil
}

func (f *Folder) put(name string, body *promised) error {
	file, err := f.create()
	if err != nil {
		return err
	}
	_, err = io.Copy(file, body)
	if err == nil {
		err = file.Sync()
	}
	err = cmp.Or(err, file.Close(), body.ctx.Err())
	if err == nil {
		err = f.rename(file.name, name)
	}
	if err != nil {
		_ = f.root.Remove(file.name) // there is more to say than that this failed too
		return err
	}
	return nil
}

// rename gives a file its name, for good: with the folders that it had to make, it is on the disk.
func (f *Folder) rename(old, name string) error {
	parent := path.Dir(name)
	err := f.root.Rename(old, name)
	if err == nil {
		return f.syncFolder(parent)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := f.root.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	if err := f.root.Rename(old, name); err != nil {
		return err
	}
	for ; parent != "."; parent = path.Dir(parent) {
		if err := f.syncFolder(parent); err != nil {
			return err
		}
	}
	return f.syncFolder(".")
}

// syncFolder brings the names in a folder to the disk. Windows does so by itself, and some shares know no such thing.
func (f *Folder) syncFolder(name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	folder, err := f.root.Open(name)
	if err != nil {
		return err
	}
	defer folder.Close()
	err = folder.Sync()
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
		return nil
	}
	return err
}

// Get is that of Store.
func (f *Folder) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	if err := cmp.Or(checkName(name), ctx.Err()); err != nil {
		return nil, err
	}
	file, err := f.root.Open(name)
	if absent(err) {
		return nil, fmt.Errorf("get %s: %w", name, fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", name, err)
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fs.ErrNotExist // a folder is no file
	}
	if err != nil {
		_ = file.Close() // nothing was written
		return nil, fmt.Errorf("get %s: %w", name, err)
	}
	return opened{file, info.Size()}, nil
}

// Delete is that of Store. The folder that a file lay in remains.
func (f *Folder) Delete(ctx context.Context, name string) error {
	if err := cmp.Or(checkName(name), ctx.Err()); err != nil {
		return err
	}
	info, err := f.root.Lstat(name)
	if err == nil && !info.IsDir() {
		err = f.root.Remove(name)
	}
	if err != nil && !absent(err) {
		return fmt.Errorf("delete %s: %w", name, err)
	}
	return nil
}

// absent reports whether there is no such file: not even a folder for it, where a part of its path is a file.
func absent(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) }

// List is that of Store. It leaves out what is no plain file, and what Get would refuse for its name.
func (f *Folder) List(ctx context.Context, under string) iter.Seq2[Info, error] {
	return func(yield func(Info, error) bool) {
		if err := checkUnder(under); err != nil {
			yield(Info{}, err)
			return
		}
		f.list(ctx, path.Clean(under), yield)
	}
}

// list yields the files of a folder and those below, and reports whether to go on.
func (f *Folder) list(ctx context.Context, folder string, yield func(Info, error) bool) bool {
	entries, err := fs.ReadDir(f.root.FS(), folder)
	if err != nil && !absent(err) {
		return yield(Info{}, fmt.Errorf("list %s: %w", folder, err)) && false
	}
	// The names of a folder's files go on with a stroke, which comes after a point and a hyphen: a-b, a.b, a/b.
	full := func(entry fs.DirEntry) string {
		if entry.IsDir() {
			return entry.Name() + "/"
		}
		return entry.Name()
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(full(a), full(b)) })
	for _, entry := range entries {
		if err := ctx.Err(); err != nil {
			return yield(Info{}, fmt.Errorf("list %s: %w", folder, err)) && false
		}
		name := path.Join(folder, entry.Name())
		if entry.IsDir() && name != temporary && !f.list(ctx, name, yield) {
			return false
		}
		if !entry.Type().IsRegular() || checkName(name) != nil {
			continue
		}
		info, err := f.root.Lstat(name)
		if absent(err) {
			continue // removed since
		}
		if err != nil {
			return yield(Info{}, fmt.Errorf("list %s: %w", folder, err)) && false
		}
		if !yield(Info{Name: name, Size: info.Size()}, nil) {
			return false
		}
	}
	return true
}

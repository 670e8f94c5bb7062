// Package files keeps files by name: the data that documents are made from, and the documents. They lie in a folder of this machine, or
// in a bucket of an S3 server that many machines share; in both, a file is there whole or not at all.
package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"math"
	"strings"
)

// Store keeps files. Names are paths with strokes, relative and plain (fs.ValidPath), none the folder of another; it is safe for
// concurrent use.
type Store interface {
	// Put writes a file of size bytes, in place of one of that name. Where it fails the name holds what it held before.
	Put(ctx context.Context, name string, data io.Reader, size int64) error
	// Get opens a file; the error is fs.ErrNotExist where there is none.
	Get(ctx context.Context, name string) (io.ReadCloser, error)
	// Delete removes a file. It is no error that there is none.
	Delete(ctx context.Context, name string) error
	// List yields the files whose names begin with under, a folder with its stroke or "", in the order of their names.
	List(ctx context.Context, under string) iter.Seq2[Info, error]
}

// Info is a file in a list.
type Info struct {
	Name string
	Size int64 // bytes
}

// bucketForm is how the place of a bucket is written.
const bucketForm = "s3://bucket/prefix?endpoint=https://host:9000&region=xx"

// Open opens the store at a place: the path of a folder, which is made where there is none, or
// s3://bucket/prefix?endpoint=https://host:9000&region=xx, a bucket that is there, where prefix and region may be absent and the keys
// are those of the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN). Errors tell the place and the remedy.
func Open(ctx context.Context, place string) (Store, error) {
	scheme, _, isAddress := strings.Cut(place, "://")
	switch {
	case place == "":
		return nil, errors.New("the file store has no place: name a folder, or " + bucketForm)
	case isAddress && scheme == "s3":
		return openBucket(ctx, place)
	case isAddress:
		return nil, fmt.Errorf("file store %q: there is no store of the kind %q: name a folder, or %s", place, scheme, bucketForm)
	}
	return openFolder(place)
}

// ReadAll returns what a file holds, and an error where that is more than most bytes.
func ReadAll(ctx context.Context, store Store, name string, most int64) ([]byte, error) {
	file, err := store.Get(ctx, name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var data bytes.Buffer
	size := int64(0) // where it is not known beforehand, it is found by reading
	if known, ok := file.(opened); ok {
		size = known.size
	}
	if size <= most {
		data.Grow(int(size) + bytes.MinRead)
		_, err = data.ReadFrom(io.LimitReader(file, min(most, math.MaxInt64-1)+1))
		size = int64(data.Len())
	}
	if err == nil && size > most {
		err = fmt.Errorf("it has more than %d bytes, the most that was wanted", most)
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return data.Bytes(), nil
}

// Write keeps data as a file: Put for those who hold all of it.
func Write(ctx context.Context, store Store, name string, data []byte) error {
	return store.Put(ctx, name, bytes.NewReader(data), int64(len(data)))
}

// opened is what Get returns: a file that knows its length in bytes.
type opened struct {
	io.ReadCloser
	size int64
}

// temporary is the folder where a Folder writes files before they have their names. A Bucket needs none, but keeps nothing there either:
// whatever one store holds, another can.
const temporary = ".vanthu/tmp"

// checkName refuses names that would lead out of a store, or that only one kind of store could keep.
func checkName(name string) error {
	if !fs.ValidPath(name) || name == "." || strings.ContainsAny(name, "\\\x00") {
		return fmt.Errorf("%q is no name of a file: wanted a plain relative path such as xa-an-binh/bao-cao.docx: %w", name, fs.ErrInvalid)
	}
	if name == temporary || strings.HasPrefix(name, temporary+"/") {
		return fmt.Errorf("%q is no name of a file: %s is kept for files that are being written: %w", name, temporary, fs.ErrInvalid)
	}
	return nil
}

// checkUnder refuses what is neither "" nor a folder with its stroke.
func checkUnder(under string) error {
	folder, stroke := strings.CutSuffix(under, "/")
	if under == "" || stroke && folder != "." && fs.ValidPath(folder) {
		return nil
	}
	return fmt.Errorf(`%q is no folder of files: wanted "" or a plain relative path that ends in a stroke: %w`, under, fs.ErrInvalid)
}

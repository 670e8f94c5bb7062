// Package archive writes ZIP files whose bytes follow from what is put into them, and opens those of others within limits. No other
// room imports archive/zip.
package archive

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"unsafe"

	"github.com/klauspost/compress/flate"
)

// File is an entry of a ZIP file that was opened; its name, method and sizes are as the file says.
type File = zip.File

// Reader is an open ZIP file, and a file system.
type Reader = zip.Reader

// How the data of an entry are packed.
const (
	Store   uint16 = zip.Store
	Deflate uint16 = zip.Deflate
)

// Errors of Open and of reading an entry, beside those of the file that is read.
var (
	ErrFormat         = zip.ErrFormat
	ErrTooManyEntries = errors.New("archive: too many entries")
	ErrTooLarge       = errors.New("archive: unzips to more than it may")
	ErrDuplicate      = errors.New("archive: two entries have one name")
)

// Limits bound what a file may hold, as it says itself: an entry that holds more fails when it is read. A limit of 0 is none.
type Limits struct {
	Directory int64  // bytes of the list of entries, which is read as a whole
	Entries   int    // folders too
	Entry     uint64 // bytes of an entry, unzipped
	Unzipped  uint64 // bytes of all entries, unzipped
	Unique    bool   // no two entries may have one name
}

// Open reads the list of entries of a ZIP file. Names are as they stand in it: who makes paths of them judges them.
func Open(r io.ReaderAt, size int64, limits Limits) (*Reader, error) {
	limited := &limitedReaderAt{ReaderAt: r, left: limits.Directory, open: limits.Directory == 0}
	opened, err := zip.NewReader(limited, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, err
	}
	limited.open = true
	opened.RegisterDecompressor(zip.Deflate, newInflater)
	if limits.Entries > 0 && len(opened.File) > limits.Entries {
		return nil, &EntriesError{len(opened.File), limits.Entries}
	}
	var seen map[string]bool
	if limits.Unique {
		seen = make(map[string]bool, len(opened.File))
	}
	total := uint64(0)
	for _, file := range opened.File {
		size := file.UncompressedSize64
		total += min(size, 1<<62) // the sum of two does not turn over
		if limits.Entry > 0 && size > limits.Entry || limits.Unzipped > 0 && total > limits.Unzipped {
			return nil, fmt.Errorf("%w: %q with %d bytes", ErrTooLarge, file.Name, size)
		}
		if seen[file.Name] {
			return nil, fmt.Errorf("%w: %q", ErrDuplicate, file.Name)
		}
		if limits.Unique {
			seen[file.Name] = true
		}
	}
	return opened, nil
}

// EntriesError is the error of a file with too many entries. It is ErrTooManyEntries.
type EntriesError struct{ Entries, Max int }

func (e *EntriesError) Error() string {
	return fmt.Sprintf("%v: %d, at most %d", ErrTooManyEntries, e.Entries, e.Max)
}

// Is reports whether target is ErrTooManyEntries.
func (e *EntriesError) Is(target error) bool { return target == ErrTooManyEntries }

// limitedReaderAt reads so many bytes and no more, until it is open.
type limitedReaderAt struct {
	io.ReaderAt
	left int64
	open bool
}

func (l *limitedReaderAt) ReadAt(p []byte, offset int64) (int, error) {
	if !l.open {
		if l.left -= int64(len(p)); l.left < 0 {
			return 0, fmt.Errorf("%w: the list of them is too long", ErrTooManyEntries)
		}
	}
	return l.ReaderAt.ReadAt(p, offset)
}

// Bytes unzips an entry of a file that was opened with a limit to its entries. What an entry says of its size may be wrong: reading goes
// one byte further, where the end must be.
func Bytes(file *File) ([]byte, error) {
	r, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data := make([]byte, file.UncompressedSize64+1)
	n := 0
	for err == nil && n < len(data) {
		var more int
		more, err = r.Read(data[n:])
		n += more
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if uint64(n) != file.UncompressedSize64 {
		return nil, fmt.Errorf("%w: %q unzips to another size than stated", ErrFormat, file.Name)
	}
	return data[:n:n], nil
}

// Text unzips an entry into a string.
func Text(file *File) (string, error) {
	data, err := Bytes(file)
	return unsafe.String(unsafe.SliceData(data), len(data)), err // nothing else has data
}

// inflaters are decompressors that may be used again.
var inflaters sync.Pool

// inflater is the decompressor of one entry until it is closed.
type inflater struct{ io.ReadCloser }

func newInflater(r io.Reader) io.ReadCloser {
	if kept, ok := inflaters.Get().(io.ReadCloser); ok {
		if err := kept.(flate.Resetter).Reset(r, nil); err == nil {
			return &inflater{kept}
		}
	}
	return &inflater{flate.NewReader(r)}
}

// Read reads what is unzipped; of a closed entry nothing.
func (i *inflater) Read(p []byte) (int, error) {
	if i.ReadCloser == nil {
		return 0, fs.ErrClosed
	}
	return i.ReadCloser.Read(p)
}

// Close gives the decompressor back, once.
func (i *inflater) Close() error {
	if i.ReadCloser == nil {
		return nil
	}
	err := i.ReadCloser.Close()
	inflaters.Put(i.ReadCloser)
	i.ReadCloser = nil
	return err
}

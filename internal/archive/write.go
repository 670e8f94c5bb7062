package archive

import (
	"archive/zip"
	"bytes"
	"hash/crc32"
	"io"
	"sync"
	"time"

	"github.com/klauspost/compress/flate"
)

// Levels of deflating. Changed, they change the bytes of every file that is written.
const (
	normal = 5
	fast   = 1
)

// firstDay is the date of every entry: the first that the format can write, so that no time of making goes into a file.
var firstDay = time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC)

// firstDate is firstDay as the format writes it: bits of day, month and year since 1980 (APPNOTE.TXT, 4.4.6).
const firstDate = 1<<5 | 1

// Options are choices of a Writer.
type Options struct {
	Undated bool // entries have no date at all, as excelize leaves them
	Fast    bool // entries are deflated at the best speed
}

// Writer writes a ZIP file. Entries stand in the order in which they are added, and the same entries give the same bytes. What is not
// closed is no ZIP file.
type Writer struct {
	zip     *zip.Writer
	undated bool
}

// NewWriter returns a writer of a ZIP file to w.
func NewWriter(w io.Writer, options Options) *Writer {
	out := zip.NewWriter(w)
	level := normal
	if options.Fast {
		level = fast
	}
	out.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return newDeflater(w, level), nil })
	return &Writer{zip: out, undated: options.Undated}
}

// Create begins an entry, whose data are written before the next one begins.
func (w *Writer) Create(name string, method uint16) (io.Writer, error) {
	header := &zip.FileHeader{Name: name, Method: method}
	if !w.undated {
		header.Modified = firstDay
	}
	return w.zip.CreateHeader(header)
}

// Add adds an entry.
func (w *Writer) Add(name string, method uint16, data []byte) error {
	entry, err := w.Create(name, method)
	if err != nil {
		return err
	}
	_, err = entry.Write(data)
	return err
}

// Copy adds an entry of another ZIP file as it is packed there, under the date of all entries.
func (w *Writer) Copy(file *File) error {
	raw, err := file.OpenRaw()
	if err != nil {
		return err
	}
	entry, err := w.createRaw(&file.FileHeader)
	if err != nil {
		return err
	}
	_, err = io.CopyN(entry, raw, int64(file.CompressedSize64))
	return err
}

// AddPacked adds an entry that is packed already.
func (w *Writer) AddPacked(p Packed) error {
	entry, err := w.createRaw(&zip.FileHeader{
		Name: p.Name, Method: p.Method, CRC32: p.CRC32, CompressedSize64: uint64(len(p.Data)), UncompressedSize64: p.Size,
	})
	if err != nil {
		return err
	}
	_, err = entry.Write(p.Data)
	return err
}

// createRaw begins an entry that is packed already. Its sizes stand before its data, so it needs no descriptor behind them.
func (w *Writer) createRaw(from *zip.FileHeader) (io.Writer, error) {
	header := &zip.FileHeader{
		Name: from.Name, Method: from.Method, CRC32: from.CRC32, CompressedSize64: from.CompressedSize64, UncompressedSize64: from.UncompressedSize64,
	}
	if !w.undated {
		header.ModifiedDate = firstDate //lint:ignore SA1019 CreateRaw writes this field as it is, and nothing of Modified
	}
	return w.zip.CreateRaw(header)
}

// Close ends the file. It does not close what it is written to.
func (w *Writer) Close() error { return w.zip.Close() }

// Packed is an entry as it is packed. It may be added to any number of files.
type Packed struct {
	Name   string
	Method uint16
	CRC32  uint32 // of the data before they were packed
	Size   uint64 // of the data before they were packed
	Data   []byte
}

// PackedEntry returns an entry of a ZIP file as it is packed there.
func PackedEntry(file *File) (Packed, error) {
	raw, err := file.OpenRaw()
	if err != nil {
		return Packed{}, err
	}
	data, err := io.ReadAll(raw)
	if err != nil {
		return Packed{}, err
	}
	return Packed{file.Name, file.Method, file.CRC32, file.UncompressedSize64, data}, nil
}

// deflaters are compressors by level that may be used again: their tables take half a megabyte.
var deflaters [normal + 1]sync.Pool

// deflater is a compressor of one entry.
type deflater struct {
	*flate.Writer
	level int
}

func newDeflater(w io.Writer, level int) *deflater {
	if kept, ok := deflaters[level].Get().(*deflater); ok {
		kept.Reset(w)
		return kept
	}
	out, err := flate.NewWriter(w, level)
	if err != nil {
		panic(err) // the level is one that there is
	}
	return &deflater{out, level}
}

// Close ends the entry. The deflater is used again and must not be used any more.
func (d *deflater) Close() error {
	err := d.Writer.Close()
	deflaters[d.level].Put(d)
	return err
}

// Packer packs entries as a Writer does, one after the other.
type Packer struct{ out bytes.Buffer }

// NewPacker returns a packer.
func NewPacker() *Packer { return &Packer{} }

// Pack deflates an entry, whose data hold until the packer is used again.
func (p *Packer) Pack(name string, data []byte) (Packed, error) {
	p.out.Reset()
	w := newDeflater(&p.out, normal)
	_, err := w.Write(data)
	if closed := w.Close(); err == nil {
		err = closed
	}
	return Packed{name, Deflate, crc32.ChecksumIEEE(data), uint64(len(data)), p.out.Bytes()}, err
}

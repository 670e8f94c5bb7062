package sheet

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"io/fs"
	"maps"
	"regexp"
	"slices"

	"github.com/xuri/excelize/v2"
)

// archive is a ZIP file whose entries stand in the order of their names, [Content_Types].xml first, and have no times, so that the
// same document gives the same bytes.
type archive struct {
	out     *zip.Writer
	entries map[string]*bytes.Buffer
}

func newArchive(w io.Writer) excelize.ZipWriter {
	out := zip.NewWriter(w)
	var shared *flate.Writer // entries are written one after the other
	out.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		if shared != nil {
			shared.Reset(w)
			return shared, nil
		}
		var err error
		shared, err = flate.NewWriter(w, flate.BestSpeed)
		return shared, err
	})
	return &archive{out: out, entries: map[string]*bytes.Buffer{}}
}

// Create begins an entry.
func (a *archive) Create(name string) (io.Writer, error) {
	a.entries[name] = &bytes.Buffer{}
	return a.entries[name], nil
}

// AddFS adds the files of a file system.
func (a *archive) AddFS(files fs.FS) error { return a.out.AddFS(files) }

// Close writes the entries.
func (a *archive) Close() error {
	if types := a.entries[typesPart]; types != nil {
		a.entries[typesPart] = bytes.NewBuffer(inOrder(types.Bytes()))
	}
	for _, name := range slices.Sorted(maps.Keys(a.entries)) {
		w, err := a.out.Create(name)
		if err != nil {
			return err
		}
		if _, err := w.Write(a.entries[name].Bytes()); err != nil {
			return err
		}
	}
	return a.out.Close()
}

const typesPart = "[Content_Types].xml"

var defaultType = regexp.MustCompile(`<Default [^>]*></Default>`)

// inOrder sorts the types of file endings, which the library writes in the order of a map.
func inOrder(types []byte) []byte {
	all := defaultType.FindAllString(string(types), -1)
	slices.Sort(all)
	next := 0
	return defaultType.ReplaceAllFunc(types, func([]byte) []byte {
		next++
		return []byte(all[next-1])
	})
}

package sheet

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"regexp"
	"slices"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/archive"
)

// orderedZIP is a ZIP file whose entries stand in the order of their names, [Content_Types].xml first, so that the same document gives the
// same bytes.
type orderedZIP struct {
	out     *archive.Writer
	entries map[string]*bytes.Buffer
}

func newOrderedZIP(w io.Writer) excelize.ZipWriter {
	return &orderedZIP{out: archive.NewWriter(w, archive.Options{Undated: true, Fast: true}), entries: map[string]*bytes.Buffer{}}
}

// Create begins an entry.
func (z *orderedZIP) Create(name string) (io.Writer, error) {
	z.entries[name] = &bytes.Buffer{}
	return z.entries[name], nil
}

// AddFS is not asked for: it would add the files of a workbook that was streamed to the disk.
func (z *orderedZIP) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close writes the entries.
func (z *orderedZIP) Close() error {
	if types := z.entries[typesPart]; types != nil {
		z.entries[typesPart] = bytes.NewBuffer(inOrder(types.Bytes()))
	}
	for _, name := range slices.Sorted(maps.Keys(z.entries)) {
		if err := z.out.Add(name, archive.Deflate, z.entries[name].Bytes()); err != nil {
			return err
		}
	}
	return z.out.Close()
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

package backup

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/files"
	"vanthu/internal/store"
)

// box packs files, given by name and text in turn, as a ZIP.
func box(t *testing.T, parts ...string) []byte {
	t.Helper()
	var data bytes.Buffer
	w := zip.NewWriter(&data)
	for pair := range slices.Chunk(parts, 2) {
		file, err := w.Create(pair[0])
		if err == nil {
			_, err = io.WriteString(file, pair[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

// claiming packs a file of a million noughts that it says is of another size.
func claiming(t *testing.T, size uint64) []byte {
	t.Helper()
	var data, packed bytes.Buffer
	w := zip.NewWriter(&data)
	head, err := w.Create(headName)
	if err == nil {
		_, err = io.WriteString(head, `{"format":1,"schema":2,"tables":[]}`)
	}
	text := make([]byte, 1_000_000)
	deflated, failed := flate.NewWriter(&packed, flate.BestSpeed)
	deflated.Write(text)
	deflated.Close()
	file, more := w.CreateRaw(&zip.FileHeader{
		Name: "files/x", Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(text), CompressedSize64: uint64(packed.Len()), UncompressedSize64: size,
	})
	if err := errors.Join(err, failed, more); err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(packed.Bytes()); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

// dataAt returns where the data of an entry begin.
func dataAt(t *testing.T, data []byte, name string) int64 {
	t.Helper()
	opened, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	at, err := opened.File[slices.IndexFunc(opened.File, func(f *zip.File) bool { return f.Name == name })].DataOffset()
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestRestoreRefuses(t *testing.T) {
	const head = `{"format":1,"schema":2,"tables":["series"]}`
	good := []string{headName, head, "tables/series.jsonl", ""}
	with := func(parts ...string) []byte { return box(t, slices.Concat(good, parts)...) }
	whole := furnished(t, t.TempDir(), t.TempDir()).backup(t)
	flipped := bytes.Replace(whole, []byte("word lo/b/xã-2"), []byte("work lo/b/xã-2"), 1)
	damaged := slices.Clone(whole)
	damaged[dataAt(t, whole, "tables/items.jsonl")+9] ^= 1
	forged := []string{"a row that is none", "a name kept back"} // what only those find out who are to keep it
	for name, data := range map[string][]byte{
		"nothing":                 nil,
		"no ZIP":                  []byte("Kính gửi Ủy ban nhân dân xã"),
		"broken off":              whole[:len(whole)-30],
		"no backup":               box(t, "word/document.xml", "<a/>"),
		"no head":                 box(t, "tables/series.jsonl", ""),
		"no JSON":                 box(t, headName, "1"),
		"a later format":          box(t, headName, `{"format":2,"schema":2,"tables":[]}`),
		"a later schema":          box(t, headName, `{"format":1,"schema":9,"tables":[]}`),
		"a table is missing":      box(t, headName, head),
		"no such table":           with("tables/people.jsonl", ""),
		"a table of another form": with("tables/entries.csv", ""),
		"something else":          with("../../etc/passwd", "root"),
		"a name that leads out":   with("files/../x", "x"),
		"an absolute name":        with("files//x", "x"),
		"a name kept back":        with("files/.vanthu/tmp/x", "x"),
		"a database":              with("files/.vanthu/vanthu.db", "x"),
		"twice the same":          with("files/x", "1", "files/x", "2"),
		"a row that is none":      with("tables/entries.jsonl", "x"),
		"a bomb":                  claiming(t, maxBytes+(1<<20)),
		"a size that is a lie":    claiming(t, 10),
		"a byte that changed":     flipped,
		"a byte of a table":       damaged,
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			a := newOfficeData(t, t.TempDir(), folder)
			err := a.restore(t, data)
			if err == nil || !errors.Is(err, ErrBackup) && !slices.Contains(forged, name) {
				t.Errorf("gave %v", err)
			}
			if empty, err := a.store.Empty(t.Context()); !empty || err != nil {
				t.Error("the database is not empty", err)
			}
			if content, err := os.ReadFile(filepath.Join(folder, "lo/b/xã-2/báo cáo.docx")); err == nil && string(content) != "word lo/b/xã-2" {
				t.Errorf("wrote %q", content)
			}
		})
	}
	t.Run("an older schema, packed by another program", func(t *testing.T) {
		a := newOfficeData(t, t.TempDir(), t.TempDir())
		old := strings.Replace(head, `"schema":2`, `"schema":1`, 1)
		series := `{"unit":"HĐND","name":"bao-cao","year":2026,"last":7}`
		if err := a.restore(t, box(t, "files/", "", "tables/", "", headName, old, "tables/series.jsonl", series)); err != nil {
			t.Fatal(err)
		}
		if number, err := a.number(t.Context(), "bao-cao", "k"); number != 8 || err != nil {
			t.Error(number, err)
		}
	})
}

func TestRestoreWritesOverNothing(t *testing.T) {
	data := furnished(t, t.TempDir(), t.TempDir()).backup(t)
	t.Run("a database", func(t *testing.T) {
		folder := t.TempDir()
		a := newOfficeData(t, t.TempDir(), folder)
		if _, err := a.number(t.Context(), "bao-cao", "k"); err != nil {
			t.Fatal(err)
		}
		if err := a.restore(t, data); !errors.Is(err, store.ErrNotEmpty) {
			t.Errorf("gave %v", err)
		}
		if entries, err := os.ReadDir(folder); len(entries) > 0 || err != nil {
			t.Error("it wrote files", err)
		}
	})
	t.Run("a file", func(t *testing.T) {
		a := newOfficeData(t, t.TempDir(), t.TempDir())
		const name, text = "lo/b/xã-2/báo cáo.docx", "mine"
		if err := files.Write(t.Context(), a.files, name, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := a.restore(t, data); !errors.Is(err, store.ErrNotEmpty) || !strings.Contains(err.Error(), name) {
			t.Errorf("gave %v", err)
		}
		if left, err := files.ReadAll(t.Context(), a.files, name, 100); string(left) != text || err != nil {
			t.Errorf("left %q, %v", left, err)
		}
	})
}

// full is a file store that takes a few files more.
type full struct {
	files.Store
	left atomic.Int64
}

var errFull = errors.New("disk full")

func (f *full) Put(ctx context.Context, name string, data io.Reader, size int64) error {
	if f.left.Add(-1) < 0 {
		return errFull
	}
	return f.Store.Put(ctx, name, data, size)
}

func TestRestoreAgain(t *testing.T) {
	data := furnished(t, t.TempDir(), t.TempDir()).backup(t)
	a := newOfficeData(t, t.TempDir(), t.TempDir())
	small := &full{Store: a.files}
	small.left.Store(2)
	if err := (officeData{a.store, small}).restore(t, data); !errors.Is(err, errFull) {
		t.Fatalf("gave %v", err)
	}
	if err := a.restore(t, data); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.backup(t), data) {
		t.Error("the backup of what was restored is another")
	}
}

func TestRestoreTellsDifferences(t *testing.T) {
	a := furnished(t, t.TempDir(), t.TempDir())
	const gone, edited = "lo/b/xã-1/báo cáo.docx", "lo/b/xã-2/báo cáo.docx"
	if err := a.files.Delete(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	if err := files.Write(t.Context(), a.files, edited, []byte("edited")); err != nil {
		t.Fatal(err)
	}
	if err := a.files.Delete(t.Context(), ".vanthu/du-lieu/ab"); err != nil { // which both documents name
		t.Fatal(err)
	}
	data := a.backup(t)
	b := newOfficeData(t, t.TempDir(), t.TempDir())
	var differences *Differences
	if err := b.restore(t, data); !errors.As(err, &differences) {
		t.Fatalf("gave %v", err)
	}
	var got []string
	for _, finding := range differences.Found {
		got = append(got, string(finding.Code)+" "+finding.Where.File)
	}
	want := []string{"backup-file-missing .vanthu/du-lieu/ab", "backup-file-missing " + gone, "backup-file-changed " + edited}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if !bytes.Equal(b.backup(t), data) {
		t.Error("not all was put back")
	}
}

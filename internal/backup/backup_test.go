package backup

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/files"
	"vanthu/internal/store"
	"vanthu/internal/vi"
)

// officeData is an office's database and its files.
type officeData struct {
	store *store.Store
	files files.Store
}

func newOfficeData(t *testing.T, db, folder string) officeData {
	t.Helper()
	opened, err := store.Open(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { opened.Close() })
	kept, err := files.Open(t.Context(), folder)
	if err != nil {
		t.Fatal(err)
	}
	return officeData{opened, kept}
}

func (a officeData) backup(t *testing.T) []byte {
	t.Helper()
	var data bytes.Buffer
	if err := Write(t.Context(), a.store, a.files, &data); err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

func (a officeData) restore(t *testing.T, data []byte) error {
	return Restore(t.Context(), bytes.NewReader(data), int64(len(data)), a.store, a.files)
}

// number takes the next number of a series of the year 2026.
func (a officeData) number(ctx context.Context, series, key string) (int, error) {
	entry, err := a.store.Reserve(ctx, store.Request{
		Series: store.Series{Unit: "HĐND", Name: series, Year: 2026}, Key: key, Date: vi.Date{Year: 2026, Month: 12, Day: 20},
		Symbol: "BC-HĐND", Kind: "bao-cao-nam", Title: "Báo cáo năm 2026",
	})
	return entry.Number, err
}

// plan keeps a batch of items that are to be made.
func (a officeData) plan(t *testing.T, batch string, items int) {
	t.Helper()
	_, _, err := a.store.AddBatch(t.Context(), store.Batch{ID: batch, Key: batch, Folder: "lo/" + batch + "/", State: store.Running})
	if err != nil {
		t.Fatal(err)
	}
	var all []store.Item
	for i := range items {
		all = append(all, store.Item{Position: i + 1, Name: fmt.Sprint("xã-", i+1), Key: "k"})
	}
	if err := a.store.AddItems(t.Context(), batch, all); err != nil {
		t.Fatal(err)
	}
}

// produce writes the files of an item and then says so, as workers do.
func (a officeData) produce(ctx context.Context, batch string, position int) error {
	name := fmt.Sprintf("lo/%s/xã-%d", batch, position)
	kept := func(name, text string) (store.StoredFile, error) {
		sum := sha256.Sum256([]byte(text))
		return store.StoredFile{Name: name, Size: int64(len(text)), Hash: hex.EncodeToString(sum[:])},
			files.Write(ctx, a.files, name, []byte(text))
	}
	word, err := kept(name+"/báo cáo.docx", "word "+name)
	if err != nil {
		return err
	}
	data, err := kept(".vanthu/du-lieu/ab", "data")
	if err != nil {
		return err
	}
	_, err = a.store.FinishItem(ctx, store.Item{Batch: batch, Position: position, State: store.Made}, &store.Document{
		Name: name, Key: "k", Symbol: fmt.Sprint(position, "/BC-HĐND"), Files: []store.StoredFile{word}, Data: []store.StoredFile{data},
		Found: []byte(`[]`), Figures: []byte(`{"tong":"<&>"}`),
	})
	return err
}

// furnished has two numbers, and a batch of which two items are made.
func furnished(t *testing.T, db, folder string) officeData {
	t.Helper()
	a := newOfficeData(t, db, folder)
	a.plan(t, "b", 3)
	for i := range 2 {
		if _, err := a.number(t.Context(), "bao-cao", fmt.Sprint("k", i)); err != nil {
			t.Fatal(err)
		}
		if err := a.produce(t.Context(), "b", i+1); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

// listed returns the names of the files in a ZIP.
func listed(t *testing.T, data []byte) (all []string) {
	t.Helper()
	box, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range box.File {
		all = append(all, file.Name)
	}
	return all
}

func TestBackupGoesRound(t *testing.T) {
	out := t.TempDir() // the database lies among the files, as that of a batch run does
	a := furnished(t, filepath.Join(out, ".vanthu"), out)
	data := a.backup(t)
	want := []string{
		"vanthu-backup.json", "tables/series.jsonl", "tables/entries.jsonl", "tables/batches.jsonl", "tables/items.jsonl", "tables/documents.jsonl",
		"tables/offices.jsonl", "tables/profiles.jsonl", "tables/users.jsonl", "tables/tokens.jsonl", "tables/acts.jsonl", "tables/drafts.jsonl",
		"tables/templates.jsonl", "tables/templates_in_force.jsonl",
		"files/.vanthu/du-lieu/ab", "files/lo/b/xã-1/báo cáo.docx", "files/lo/b/xã-2/báo cáo.docx",
	}
	if diff := cmp.Diff(want, listed(t, data)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}

	again := t.TempDir()
	b := newOfficeData(t, filepath.Join(again, ".vanthu"), again)
	if err := b.restore(t, data); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.backup(t), data) {
		t.Error("the backup of what was restored is another")
	}
	t.Run("work goes on", func(t *testing.T) {
		if number, err := b.number(t.Context(), "bao-cao", "new"); number != 3 || err != nil {
			t.Error(number, err)
		}
		if number, err := b.number(t.Context(), "bao-cao", "k1"); number != 2 || err != nil {
			t.Error(number, err)
		}
		if err := b.produce(t.Context(), "b", 3); err != nil {
			t.Error(err)
		}
	})
}

// TestBackupWhileAtWork takes backups while others take numbers and make documents.
func TestBackupWhileAtWork(t *testing.T) {
	const writers, each = 8, 12
	a := newOfficeData(t, t.TempDir(), t.TempDir())
	a.plan(t, "b", writers*each)
	var all sync.WaitGroup
	var made atomic.Int64
	for w := range writers {
		all.Go(func() {
			for i := range each {
				if _, err := a.number(t.Context(), []string{"bao-cao", "ke-hoach"}[i%2], fmt.Sprint(w, "-", i)); err != nil {
					t.Error(err)
				}
				if err := a.produce(t.Context(), "b", w*each+i+1); err != nil {
					t.Error(err)
				}
				made.Add(1)
			}
		})
	}
	for last := false; !last; {
		last = made.Load() == writers*each
		b := newOfficeData(t, t.TempDir(), t.TempDir())
		if err := b.restore(t, a.backup(t)); err != nil { // *Differences too: each file that a table names is there
			t.Fatal(err)
		}
		for _, series := range []string{"bao-cao", "ke-hoach"} {
			entries, err := b.store.List(t.Context(), store.Filter{Name: series})
			if err != nil {
				t.Fatal(err)
			}
			for i, entry := range entries {
				if entry.Number != i+1 {
					t.Fatalf("line %d of the register has number %d", i+1, entry.Number)
				}
			}
			if number, err := b.number(t.Context(), series, "next "+series); number != len(entries)+1 || err != nil {
				t.Error(number, err)
			}
		}
	}
	all.Wait()
}

// torn takes a few bytes more.
type torn struct{ left int }

func (w *torn) Write(data []byte) (int, error) {
	if w.left -= len(data); w.left < 0 {
		return 0, errFull
	}
	return len(data), nil
}

func TestBackupFails(t *testing.T) {
	a := furnished(t, t.TempDir(), t.TempDir())
	for left := 0; left < len(a.backup(t)); left += 100 {
		if err := Write(t.Context(), a.store, a.files, &torn{left}); !errors.Is(err, errFull) {
			t.Fatalf("with room for %d bytes gave %v", left, err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := Write(ctx, a.store, a.files, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("gave %v", err)
	}
	if err := Write(t.Context(), a.store, endless{a.files}, io.Discard); err == nil {
		t.Error("ended where a file does not")
	}
}

// endless is a file store whose files grow while they are read.
type endless struct{ files.Store }

func (endless) Get(context.Context, string) (io.ReadCloser, error) {
	return io.NopCloser(noughts{}), nil
}

// shrinking is a file store in which files vanish after they are listed.
type shrinking struct{ files.Store }

func (shrinking) Get(_ context.Context, name string) (io.ReadCloser, error) {
	return nil, fmt.Errorf("get %s: %w", name, fs.ErrNotExist)
}

func TestBackupOfVanishingFiles(t *testing.T) {
	a := furnished(t, t.TempDir(), t.TempDir())
	a.files = shrinking{a.files}
	if got := len(listed(t, a.backup(t))); got != 1+len(store.Tables()) {
		t.Errorf("%d files", got)
	}
}

// TestBackupHoldsNoFile backs up a file of 64 MB and puts it back.
func TestBackupHoldsNoFile(t *testing.T) {
	const size, most = 64 << 20, 16 << 20
	a := newOfficeData(t, t.TempDir(), t.TempDir())
	if err := a.files.Put(t.Context(), "lớn.zip", io.LimitReader(noughts{}, size), size); err != nil {
		t.Fatal(err)
	}
	place := filepath.Join(t.TempDir(), "b.zip")
	out, err := os.Create(place)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	b := newOfficeData(t, t.TempDir(), t.TempDir())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := Write(t.Context(), a.store, a.files, out); err != nil {
		t.Fatal(err)
	}
	info, err := out.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if err := Restore(t.Context(), out, info.Size(), b.store, b.files); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > most {
		t.Errorf("allocated %d MB on the way", used>>20)
	}
}

type noughts struct{}

func (noughts) Read(data []byte) (int, error) {
	clear(data)
	return len(data), nil
}

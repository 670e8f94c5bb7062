package job

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vanthu/internal/diag"
	"vanthu/internal/files"
	"vanthu/internal/store"
	"vanthu/internal/testenv"
)

var update = flag.Bool("update", false, "rewrite the wanted output in testdata")

// TestManifest holds the manifest of a small batch against testdata: one document is made, one was edited by hand, one is refused, and a
// file of the period before has no partner. Hashes and sizes, which follow from templates and fonts, are left out.
func TestManifest(t *testing.T) {
	o := newOffice(t)
	input := letters(1, 2)
	input["xa-01/xa-sai.yaml"] = letter("Sai", "32/13/2026", "ngày không có")
	input["xa-01/ky-truoc/xa-khac.yaml"] = letter("Khác", "1/11/2025", "không dùng")
	order := Order{Name: "bài gửi", PDF: true, Numbers: true}
	o.run(t, order, input)
	first := o.manifests(t)
	for name := range o.standing(t) {
		if strings.HasPrefix(name, "van-ban-02/") && strings.HasSuffix(name, ".docx") {
			if err := os.WriteFile(filepath.Join(o.files, name), []byte("sửa tay"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	o.run(t, order, input)
	second := o.manifests(t)

	path := filepath.Join("testdata", "manifest.txtar")
	if *update {
		if err := os.WriteFile(path, []byte(second), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), second); diff != "" {
		t.Error(diff)
	}
	if o.run(t, order, input); o.manifests(t) != second {
		t.Error("the same batch has another manifest")
	}
	if first == second || strings.Contains(first, "sửa bằng tay") {
		t.Error("what a person edited is not told")
	}
}

var (
	hashes = regexp.MustCompile(`[0-9a-f]{64}`)
	sizes  = regexp.MustCompile(`"size": \d+`)
)

// manifests is the text of both, the table with its cells below each other.
func (o office) manifests(t testing.TB) string {
	t.Helper()
	var b strings.Builder
	table, err := os.ReadFile(filepath.Join(o.files, manifestTable))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "-- %s --\n%s", manifestTable, strings.ReplaceAll(strings.TrimPrefix(string(table), "\ufeff"), "\r\n", "\n"))
	data, err := os.ReadFile(filepath.Join(o.files, manifestData))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, "-- %s --\n%s", manifestData, data)
	return sizes.ReplaceAllString(hashes.ReplaceAllString(b.String(), "<sha256>"), `"size": 0`)
}

// TestTheTableHoldsNoFormula fills it with what Excel would work out.
func TestTheTableHoldsNoFormula(t *testing.T) {
	evil := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", `=HYPERLINK("x","y")`, "a,b;\"c\"\nd"}
	var m manifest
	for i, text := range evil {
		m.Entries = append(m.Entries, Entry{
			Position: i + 1, Name: text, Unit: text, Symbol: text, Title: text, Files: []store.StoredFile{{Name: text, Hash: text}},
			Findings: diag.Findings{{Severity: diag.Error, Message: text}},
		})
	}
	table := m.table()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(table, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) != len(evil)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows {
		if len(row) != len(rows[0]) {
			t.Errorf("%d cells in %q", len(row), row)
		}
		for _, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") || strings.HasPrefix(cell, "＝") {
				t.Errorf("Excel would work out %q", cell)
			}
		}
	}
	if !bytes.Contains(table, []byte("\r\n")) || !bytes.HasPrefix(table, []byte("\ufeff")) {
		t.Error("Excel would not read it")
	}
}

func TestTheManifestOfNothingIsAList(t *testing.T) {
	data, err := manifest{Name: "thu", Entries: []Entry{}}.data()
	var read manifest
	if err == nil {
		err = json.Unmarshal(data, &read)
	}
	if err != nil || read.Entries == nil || !bytes.Contains(data, []byte(`"entries": []`)) {
		t.Errorf("%s, %v", data, err)
	}
}

// endless is a store in which every file is a long one that takes no room.
type endless struct {
	files.Store
	size int64
}

func (e endless) Get(context.Context, string) (io.ReadCloser, error) {
	return io.NopCloser(io.LimitReader(zeros{}, e.size)), nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// memory is a writer that knows the most memory that was in use when it was written to.
type memory struct{ most, written int64 }

func (m *memory) Write(p []byte) (int, error) {
	if m.written>>26 != (m.written+int64(len(p)))>>26 {
		var now runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&now)
		m.most = max(m.most, int64(now.HeapAlloc))
	}
	m.written += int64(len(p))
	return len(p), nil
}

// TestAnArchiveTakesNoMemory packs a gigabyte of a thousand documents, outside the full ring a tenth of it.
func TestAnArchiveTakesNoMemory(t *testing.T) {
	const most = 32 << 20
	documents, size := 1000, int64(1<<20)
	if !testenv.IsFull() {
		documents = 100
	}
	o := newOffice(t)
	r := o.open(t)
	batch, _, err := r.Store.AddBatch(t.Context(), store.Batch{ID: "b", Key: "b", Settings: []byte("{}"), Created: r.Now()})
	if err != nil {
		t.Fatal(err)
	}
	var items []store.Item
	for i := range documents {
		items = append(items, store.Item{Position: i + 1, Name: fmt.Sprint("xa-", i), Order: []byte("{}"), State: store.Kept, Version: 1})
		if err := r.Store.KeepDocument(t.Context(), store.Document{
			Name: items[i].Name, Files: []store.StoredFile{{Name: items[i].Name + "/van-ban.docx", Size: size}}, Made: time.Unix(0, 0),
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.Store.AddItems(t.Context(), batch.ID, items); err != nil {
		t.Fatal(err)
	}
	r.Files = endless{r.Files, size}
	var before memory
	_, _ = before.Write(make([]byte, 1<<26))
	var during memory
	if err := r.Archive(t.Context(), batch.ID, &during); err != nil {
		t.Fatal(err)
	}
	if during.written < int64(documents)*size || during.most-before.most > most {
		t.Errorf("%d MB written, %d MB of memory more than before", during.written>>20, (during.most-before.most)>>20)
	}
}

// TestAnArchiveThatFailsIsNoZIPFile lets a file be unreadable: what was written must not pass for whole. A file that is gone is left out.
func TestAnArchiveThatFailsIsNoZIPFile(t *testing.T) {
	o := newOffice(t)
	status, r := o.run(t, Order{Name: "thu"}, letters(1, 2))
	whole := r.Files
	for _, test := range []struct {
		err  error
		good bool
	}{{fs.ErrNotExist, true}, {fs.ErrPermission, false}} {
		r.Files = failing{whole, test.err}
		var out bytes.Buffer
		err := r.Archive(t.Context(), status.ID, &out)
		_, found, _ := OpenZIP(bytes.NewReader(out.Bytes()), int64(out.Len()))
		if (err == nil) != test.good || found.Blocking() == test.good {
			t.Errorf("%v: %v, %v", test.err, err, found)
		}
	}
}

// failing is a store of which no Word file can be had.
type failing struct {
	files.Store
	err error
}

func (f failing) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	if strings.HasSuffix(name, ".docx") {
		return nil, f.err
	}
	return f.Store.Get(ctx, name)
}

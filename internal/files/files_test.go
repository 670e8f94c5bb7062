package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// TestStore holds every kind of store to the same promises.
func TestStore(t *testing.T) {
	for kind, open := range stores {
		t.Run(kind, func(t *testing.T) {
			place := open(t)
			for name, test := range promises {
				t.Run(name, func(t *testing.T) {
					test(t, openStore(t, place(t)))
				})
			}
		})
	}
}

// stores gives, for each kind, what makes the places of stores that hold nothing yet.
var stores = map[string]func(testing.TB) func(testing.TB) string{
	"folder": func(testing.TB) func(testing.TB) string {
		return func(t testing.TB) string { return t.TempDir() }
	},
	"bucket": func(t testing.TB) func(testing.TB) string {
		return newServer(t, false).place
	},
	"bucket over TLS": func(t testing.TB) func(testing.TB) string {
		return newServer(t, true).place
	},
}

var promises = map[string]func(*testing.T, Store){
	"gives back what was kept": func(t *testing.T, s Store) {
		for _, size := range []int{0, 1, 64 << 10, 64<<10 + 1, 17 << 20} {
			data := bytes.Repeat([]byte("Văn Thư\n"), size/8+1)[:size]
			put(t, s, "a/b/c.docx", string(data))
			if got := get(t, s, "a/b/c.docx"); got != string(data) {
				t.Errorf("%d bytes came back as %d others", size, len(got))
			}
		}
	},
	"keeps what cannot be read twice": func(t *testing.T, s Store) {
		data := strings.Repeat("x", 100_000)
		if err := s.Put(t.Context(), "a", once(data), int64(len(data))); err != nil {
			t.Fatal(err)
		}
		if got := get(t, s, "a"); got != data {
			t.Errorf("%d bytes came back as %d others", len(data), len(got))
		}
	},
	"keeps the rest of what was read in part": func(t *testing.T, s Store) {
		data := strings.NewReader("0123456789")
		if _, err := data.Seek(4, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if err := s.Put(t.Context(), "a", data, 6); err != nil {
			t.Fatal(err)
		}
		if got := get(t, s, "a"); got != "456789" {
			t.Errorf("got %q", got)
		}
	},
	"holds no large file in memory": func(t *testing.T, s Store) {
		const size = 32 << 20
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := s.Put(t.Context(), "a", io.LimitReader(zeros{}, size), size); err != nil {
			t.Fatal(err)
		}
		file, err := s.Get(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if n, err := io.Copy(io.Discard, file); n != size || err != nil {
			t.Errorf("%d bytes came back, %v", n, err)
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > size/4 { // all that was ever taken, TLS and the race detector's share with it
			t.Errorf("a file of %d bytes took %d of memory", size, took)
		}
	},
	"replaces": func(t *testing.T, s Store) {
		put(t, s, "a.txt", "the longer first")
		put(t, s, "a.txt", "second")
		if got := get(t, s, "a.txt"); got != "second" {
			t.Errorf("got %q", got)
		}
	},
	"replaces beneath a reader": func(t *testing.T, s Store) {
		put(t, s, "a.txt", "first")
		file, err := s.Get(t.Context(), "a.txt")
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		put(t, s, "a.txt", "other")
		if got, err := io.ReadAll(file); err != nil || string(got) != "first" {
			t.Errorf("got %q, %v", got, err)
		}
	},
	"has nothing where nothing was kept": func(t *testing.T, s Store) {
		put(t, s, "folder/file", "x")
		for _, name := range []string{"absent", "folder", "folder/absent", "absent/absent", "folder/file/absent"} {
			if _, err := s.Get(t.Context(), name); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: error %v, wanted fs.ErrNotExist", name, err)
			}
		}
	},
	"deletes, and does not mind what is absent": func(t *testing.T, s Store) {
		put(t, s, "folder/file", "x")
		for _, name := range []string{"folder/file", "folder/file", "folder", "absent/absent"} {
			if err := s.Delete(t.Context(), name); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		wantList(t, s, "")
	},
	"does not delete a folder": func(t *testing.T, s Store) {
		put(t, s, "folder/file", "x")
		_ = s.Delete(t.Context(), "folder")
		wantList(t, s, "", "folder/file 1")
	},
	"lists in the order of names": func(t *testing.T, s Store) {
		wantList(t, s, "")
		for i, name := range []string{"a/c", "a/b/d", "a", "a.b", "a-b", "a0", "ab/c", ".vanthu/du-lieu/x", "Đông Hà/Báo cáo.docx", "z"} {
			if name != "a" { // the folder of another
				put(t, s, name, strings.Repeat("x", i))
			}
		}
		wantList(t, s, "", ".vanthu/du-lieu/x 7", "a-b 4", "a.b 3", "a/b/d 1", "a/c 0", "a0 5", "ab/c 6", "z 9", "Đông Hà/Báo cáo.docx 8")
		wantList(t, s, "a/", "a/b/d 1", "a/c 0")
		wantList(t, s, "a/b/", "a/b/d 1")
		wantList(t, s, "Đông Hà/", "Đông Hà/Báo cáo.docx 8")
		wantList(t, s, "absent/")
		wantList(t, s, "z/")
		wantList(t, s, temporary+"/")
	},
	"lists more than a server gives at once": func(t *testing.T, s Store) {
		const writers, each = 15, 67
		var want []string
		for i := range writers * each {
			want = append(want, fmt.Sprintf("n/%04d 0", i))
		}
		var all sync.WaitGroup
		for i := range writers {
			all.Go(func() {
				for j := range each {
					if err := Write(t.Context(), s, fmt.Sprintf("n/%04d", i*each+j), nil); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		wantList(t, s, "", want...)
		for range s.List(t.Context(), "") {
			break // and may be left
		}
	},
	"refuses names that lead elsewhere": func(t *testing.T, s Store) {
		for _, name := range []string{
			"", ".", "/", "/x", "../x", "a/../b", "a/..", "./a", "a/", "a//b", `a\b`, `..\x`, "a\x00", "a\xff",
			temporary, temporary + "/x",
		} {
			_, err := s.Get(t.Context(), name)
			for verb, err := range map[string]error{"get": err, "put": Write(t.Context(), s, name, nil), "delete": s.Delete(t.Context(), name)} {
				if !errors.Is(err, fs.ErrInvalid) {
					t.Errorf("%s %q: error %v, wanted fs.ErrInvalid", verb, name, err)
				}
			}
		}
		for _, under := range []string{"a", "/", "./", "../", "a/../", "a//"} {
			if _, err := list(t.Context(), s, under); !errors.Is(err, fs.ErrInvalid) {
				t.Errorf("list %q: error %v, wanted fs.ErrInvalid", under, err)
			}
		}
		wantList(t, s, "")
	},
	"keeps names as they are written": func(t *testing.T, s Store) {
		for _, name := range []string{
			"UBND xã Vĩnh Thịnh/Báo cáo số 12 (bản 2).docx", "dấu + & % # ? = ; : ' \" * <>|~.pdf", "hai  khoảng trắng", "Đ\u031b/đường", ".ẩn", "a b", "%20",
		} {
			put(t, s, name, name)
			if got := get(t, s, name); got != name {
				t.Errorf("%q holds %q", name, got)
			}
			listed, err := list(t.Context(), s, "")
			if want := fmt.Sprint(name, " ", len(name)); err != nil || len(listed) != 1 || listed[0] != want {
				t.Errorf("%q is listed as %q, %v", name, listed, err)
			}
			if err := s.Delete(t.Context(), name); err != nil {
				t.Error(err)
			}
		}
	},
	"keeps the old file where the new one fails half way": func(t *testing.T, s Store) {
		put(t, s, "a", "old")
		broken := errors.New("the disk it was read from has failed")
		half := io.MultiReader(strings.NewReader(strings.Repeat("x", 1<<20)), iotest.ErrReader(broken))
		if err := s.Put(t.Context(), "a", half, 2<<20); !errors.Is(err, broken) {
			t.Errorf("error %v, wanted that of the reader", err)
		}
		if err := s.Put(t.Context(), "b", iotest.ErrReader(broken), 0); !errors.Is(err, broken) {
			t.Errorf("error %v, wanted that of the reader", err)
		}
		wantUnchanged(t, s)
	},
	"keeps the old file where the size is not as promised": func(t *testing.T, s Store) {
		put(t, s, "a", "old")
		for _, length := range []int{0, 1, 2 << 20} {
			data := strings.Repeat("x", length)
			for _, size := range []int64{-1, 0, int64(length) - 1, int64(length) + 1} {
				if size == int64(length) {
					continue
				}
				for kind, reader := range map[string]io.Reader{"once": once(data), "again": strings.NewReader(data)} {
					if err := s.Put(t.Context(), "a", reader, size); err == nil {
						t.Errorf("%d bytes (%s) were kept as %d", length, kind, size)
					}
					if err := s.Put(t.Context(), "new", reader, size+1<<30); err == nil {
						t.Errorf("%d bytes (%s) were kept as %d", length, kind, size+1<<30)
					}
				}
			}
		}
		wantUnchanged(t, s)
	},
	"keeps the old file where it is told to stop": func(t *testing.T, s Store) {
		put(t, s, "a", "old")
		ctx, stop := context.WithCancel(t.Context())
		before, during := strings.NewReader(strings.Repeat("x", 300_000)), strings.NewReader(strings.Repeat("y", 300_000))
		data := io.MultiReader(before, reading(func() { stop() }), during)
		if err := s.Put(ctx, "a", data, 600_000); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, wanted context.Canceled", err)
		}
		if during.Len() == 0 {
			t.Error("all was read all the same")
		}
		late, stopLate := context.WithCancel(t.Context())
		data = io.MultiReader(strings.NewReader("new"), reading(func() { stopLate() }))
		if err := s.Put(late, "a", data, 3); !errors.Is(err, context.Canceled) {
			t.Errorf("stopped at the end: error %v, wanted context.Canceled", err)
		}
		_, failed := list(ctx, s, "")
		_, unread := s.Get(ctx, "a")
		for verb, err := range map[string]error{"list": failed, "get": unread, "delete": s.Delete(ctx, "a")} {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: error %v, wanted context.Canceled", verb, err)
			}
		}
		wantUnchanged(t, s)
	},
	"keeps the file of one of many writers whole": func(t *testing.T, s Store) {
		const writers, size = 16, 200_000
		stop, read := make(chan struct{}), make(chan error, 1)
		put(t, s, "a/b", strings.Repeat("@", size))
		go func() { // what is read meanwhile is whole too
			for {
				data, err := ReadAll(t.Context(), s, "a/b", size)
				if err == nil {
					err = uniform(data, size)
				}
				select {
				case <-stop:
					read <- err
					return
				default:
				}
				if err != nil {
					read <- err
					return
				}
			}
		}()
		var all sync.WaitGroup
		for i := range writers {
			all.Go(func() {
				for _, name := range []string{"a/b", fmt.Sprintf("new/%d/of/its/own", i%3)} {
					if err := Write(t.Context(), s, name, bytes.Repeat([]byte{byte('A' + i)}, size)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		close(stop)
		if err := <-read; err != nil {
			t.Errorf("while writing: %v", err)
		}
		if err := uniform([]byte(get(t, s, "a/b")), size); err != nil {
			t.Error(err)
		}
		wantList(t, s, "", "a/b 200000", "new/0/of/its/own 200000", "new/1/of/its/own 200000", "new/2/of/its/own 200000")
	},
	"reads no more than was wanted": func(t *testing.T, s Store) {
		put(t, s, "a", "12345")
		for _, most := range []int64{5, 6, math.MaxInt64} {
			if data, err := ReadAll(t.Context(), s, "a", most); err != nil || string(data) != "12345" {
				t.Errorf("at most %d: %q, %v", most, data, err)
			}
		}
		for _, most := range []int64{0, 4} {
			if data, err := ReadAll(t.Context(), s, "a", most); err == nil || data != nil {
				t.Errorf("at most %d: %q, %v", most, data, err)
			}
		}
	},
}

// once is data that can be read but once.
func once(data string) io.Reader { return io.MultiReader(strings.NewReader(data)) }

// zeros is endless.
type zeros struct{}

func (zeros) Read(buffer []byte) (int, error) { clear(buffer); return len(buffer), nil }

// reading is an empty reader that does something when it is read.
type reading func()

func (r reading) Read([]byte) (int, error) { r(); return 0, io.EOF }

func openStore(t testing.TB, place string) Store {
	t.Helper()
	s, err := Open(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	if folder, ok := s.(*Folder); ok {
		t.Cleanup(func() { folder.root.Close() })
	}
	return s
}

func put(t *testing.T, s Store, name, data string) {
	t.Helper()
	if err := Write(t.Context(), s, name, []byte(data)); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s Store, name string) string {
	t.Helper()
	data, err := ReadAll(t.Context(), s, name, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// list returns "name size" of each file.
func list(ctx context.Context, s Store, under string) (listed []string, err error) {
	for info, err := range s.List(ctx, under) {
		if err != nil {
			return listed, err
		}
		listed = append(listed, fmt.Sprint(info.Name, " ", info.Size))
	}
	return listed, nil
}

func wantList(t *testing.T, s Store, under string, want ...string) {
	t.Helper()
	got, err := list(t.Context(), s, under)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("list %q (-want +got):\n%s", under, diff)
	}
}

// wantUnchanged wants the one file a, which holds "old", and nothing that is half written.
func wantUnchanged(t *testing.T, s Store) {
	t.Helper()
	wantList(t, s, "", "a 3")
	if got := get(t, s, "a"); got != "old" {
		t.Errorf("the old file holds %.20q", got)
	}
	if folder, ok := s.(*Folder); ok {
		wantNoTemporaries(t, folder.root.Name())
	}
}

func wantNoTemporaries(t *testing.T, root string) {
	t.Helper()
	left, err := os.ReadDir(root + "/" + temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}
}

// uniform wants size bytes that are all the same.
func uniform(data []byte, size int) error {
	if len(data) != size || bytes.Count(data, data[:1]) != size {
		return fmt.Errorf("a file of %d bytes is a mixture, or not whole", len(data))
	}
	return nil
}

// TestOpenRefuses wants errors that tell the place, what was wanted and the remedy.
func TestOpenRefuses(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	file := t.TempDir() + "/file"
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		place string
		want  []string
	}{
		"no place":             {"", []string{"no place", "name a folder"}},
		"a file":               {file, []string{file, "wanted a folder", "another folder"}},
		"below a file":         {file + "/x", []string{file, "wanted a folder", "another folder"}},
		"another kind":         {"gs://bucket", []string{"gs://bucket", "name a folder", bucketForm}},
		"no endpoint":          {"s3://bucket/x", []string{"s3://bucket/x", "endpoint", bucketForm}},
		"endpoint of no host":  {"s3://bucket?endpoint=minio:9000", []string{"minio:9000", "wanted https://host", bucketForm}},
		"endpoint with a path": {"s3://bucket?endpoint=https://host/bucket", []string{"https://host/bucket", "wanted https://host", bucketForm}},
		"no bucket":            {"s3:///x?endpoint=https://host", []string{"names no bucket", bucketForm}},
		"a setting unknown":    {"s3://bucket?endpoint=https://host&regoin=x", []string{"regoin", "at most one region", bucketForm}},
		"prefix that leads up": {"s3://bucket/a/../b?endpoint=https://host", []string{"a/../b", "plain relative path", bucketForm}},
		"no keys":              {"s3://bucket?endpoint=https://host", []string{"s3://bucket", "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"}},
		"keys in the place":    {"s3://key:secret@bucket?endpoint=https://host", []string{"keys do not belong", "set AWS_ACCESS_KEY_ID"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), test.place)
			wantError(t, err, test.want...)
			if err != nil && strings.Contains(err.Error(), "secret@") {
				t.Errorf("the error tells the secret: %v", err)
			}
		})
	}
}

func wantError(t *testing.T, err error, want ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, words := range want {
		if !strings.Contains(err.Error(), words) {
			t.Errorf("the error does not say %q:\n%v", words, err)
		}
	}
}

// BenchmarkStore keeps and reads a document of 100 KB.
func BenchmarkStore(b *testing.B) {
	data := bytes.Repeat([]byte("0123456789"), 10_000)
	for kind, open := range stores {
		b.Run(kind, func(b *testing.B) {
			s := openStore(b, open(b)(b))
			b.Run("Put", func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					if err := Write(b.Context(), s, "xa-an-binh/bao-cao.docx", data); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("Get", func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := ReadAll(b.Context(), s, "xa-an-binh/bao-cao.docx", 1<<20); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

package archive

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"
)

// entry is what a test packs.
type entry struct {
	name, text string
	method     uint16
}

var entries = []entry{
	{"b.txt", strings.Repeat("kế hoạch ", 500), Deflate},
	{"Số liệu/a.txt", "ngắn", Store},
	{"trống", "", Deflate},
}

// write packs entries.
func write(t *testing.T, options Options, entries []entry) []byte {
	t.Helper()
	var out bytes.Buffer
	w := NewWriter(&out, options)
	for _, e := range entries {
		if err := w.Add(e.name, e.method, []byte(e.text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func open(t *testing.T, data []byte) *Reader {
	t.Helper()
	r, err := Open(bytes.NewReader(data), int64(len(data)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A file holds the entries that were added, in their order, under one date, and the same entries give the same bytes.
func TestWriterIsDeterministic(t *testing.T) {
	for _, options := range []Options{{}, {Undated: true}, {Fast: true}} {
		t.Run(fmt.Sprintf("%+v", options), func(t *testing.T) {
			data := write(t, options, entries)
			if again := write(t, options, entries); !bytes.Equal(data, again) {
				t.Error("the same entries gave other bytes")
			}
			for i, file := range open(t, data).File {
				if file.Name != entries[i].name || file.Method != entries[i].method {
					t.Errorf("entry %d is %s by method %d", i, file.Name, file.Method)
				}
				if text, err := Text(file); err != nil || text != entries[i].text {
					t.Errorf("%s unzips to %q: %v", file.Name, text, err)
				}
				want := "1980-01-01"
				if options.Undated {
					want = "1979-11-30" // month 0 and day 0
				}
				if got := file.Modified.Format("2006-01-02"); got != want {
					t.Errorf("%s is of %s, want %s", file.Name, got, want)
				}
			}
			if err := fstest.TestFS(open(t, data), "b.txt", "Số liệu/a.txt"); err != nil {
				t.Error(err)
			}
		})
	}
}

// An entry that is copied, and one that was packed before, unzip to what went in, as often as they are added.
func TestPackedEntries(t *testing.T) {
	from := open(t, write(t, Options{}, entries))
	packer := NewPacker()
	if _, err := packer.Pack("khác", []byte("khác")); err != nil {
		t.Fatal(err)
	}
	packed, err := packer.Pack("b.txt", []byte(entries[0].text))
	if err != nil {
		t.Fatal(err)
	}
	copied, err := PackedEntry(from.File[1])
	if err != nil {
		t.Fatal(err)
	}
	var first []byte
	for range 2 {
		var out bytes.Buffer
		w := NewWriter(&out, Options{})
		err := errors.Join(w.AddPacked(packed), w.AddPacked(copied), w.Copy(from.File[2]), w.Close())
		if err != nil {
			t.Fatal(err)
		}
		for i, file := range open(t, out.Bytes()).File {
			if text, err := Text(file); err != nil || text != entries[i].text || file.Name != entries[i].name {
				t.Errorf("%s unzips to %q: %v", file.Name, text, err)
			}
		}
		if first == nil {
			first = out.Bytes()
		} else if !bytes.Equal(first, out.Bytes()) {
			t.Error("the same entries gave other bytes")
		}
	}
	if raw, err := from.File[0].OpenRaw(); err != nil {
		t.Error(err)
	} else if data, err := io.ReadAll(raw); err != nil || !bytes.Equal(data, packed.Data) {
		t.Errorf("a Packer deflates to other bytes than a Writer: %v", err)
	}
}

func TestOpenHoldsLimits(t *testing.T) {
	data := write(t, Options{}, entries)
	twice := write(t, Options{}, []entry{entries[0], entries[1], entries[0]})
	size := uint64(len(entries[0].text))
	for name, test := range map[string]struct {
		data   []byte
		limits Limits
		want   error
	}{
		"nothing":               {nil, Limits{}, ErrFormat},
		"text":                  {[]byte("PK hay không"), Limits{}, ErrFormat},
		"cut off":               {data[:len(data)-30], Limits{}, ErrFormat},
		"as it is":              {data, Limits{Directory: 4 << 10, Entries: 3, Entry: size, Unzipped: size + uint64(len("ngắn")), Unique: true}, nil},
		"too many entries":      {data, Limits{Entries: 2}, ErrTooManyEntries},
		"too large a list":      {data, Limits{Directory: 64}, ErrTooManyEntries},
		"too large an entry":    {data, Limits{Entry: size - 1}, ErrTooLarge},
		"too large all in all":  {data, Limits{Unzipped: size + 1}, ErrTooLarge},
		"a name twice":          {twice, Limits{Unique: true}, ErrDuplicate},
		"a name twice, allowed": {twice, Limits{}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Open(bytes.NewReader(test.data), int64(len(test.data)), test.limits); !errors.Is(err, test.want) {
				t.Errorf("error %v, want %v", err, test.want)
			}
		})
	}
}

// Sizes that do not fit into 64 bits together are over a limit all the same.
func TestOpenAddsUpHugeSizes(t *testing.T) {
	data := write(t, Options{}, entries)
	for _, file := range open(t, data).File {
		data = state(t, data, file.Name, 1<<32-2)
	}
	if _, err := Open(bytes.NewReader(data), int64(len(data)), Limits{Unzipped: 1 << 33}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("error %v", err)
	}
}

// An entry that holds more or less than it says, or other bytes, gives an error and nothing.
func TestReadingDistrustsEntries(t *testing.T) {
	whole := write(t, Options{}, entries)
	size := uint32(len(entries[0].text))
	changed := bytes.Clone(whole)
	at := bytes.Index(changed, []byte("ngắn"))
	changed[at]++
	for name, test := range map[string]struct {
		data  []byte
		entry int
	}{
		"more than it says": {state(t, whole, "b.txt", size-1), 0},
		"less than it says": {state(t, whole, "b.txt", size+1), 0},
		"far less":          {state(t, whole, "b.txt", 1<<20), 0},
		"other bytes":       {changed, 1},
	} {
		t.Run(name, func(t *testing.T) {
			if text, err := Text(open(t, test.data).File[test.entry]); err == nil || text != "" {
				t.Errorf("unzipped to %d bytes: %v", len(text), err)
			}
		})
	}
}

// state changes the size that the list of entries states for one.
func state(t *testing.T, data []byte, name string, size uint32) []byte {
	t.Helper()
	data = bytes.Clone(data)
	const header, nameAt, sizeAt = "PK\x01\x02", 46, 24 // APPNOTE.TXT, 4.3.12
	for at := bytes.Index(data, []byte(header)); at >= 0; {
		if bytes.HasPrefix(data[at+nameAt:], []byte(name)) {
			binary.LittleEndian.PutUint32(data[at+sizeAt:], size)
			return data
		}
		next := bytes.Index(data[at+1:], []byte(header))
		if next < 0 {
			break
		}
		at += 1 + next
	}
	t.Fatalf("no entry %s", name)
	return nil
}

package pdf

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/klauspost/compress/zlib"
)

// fpdf makes a compressor anew for each page, 0.8 MB of memory each, which was half the time of painting. So it is told not to
// compress, and the finished file is gone through once: streams without a filter are compressed by compressors that are used again,
// and the cross-reference table is written for the places where objects then stand (ISO 32000-1, 7.5.4).

var compressors = sync.Pool{New: func() any {
	w, _ := zlib.NewWriterLevel(nil, zlib.BestSpeed) // the level is a valid one
	return w
}}

// object is an indirect object of the file.
type object struct{ number, offset int }

// compress returns a file painted by fpdf with its plain streams compressed.
func compress(file []byte) ([]byte, error) {
	objects, table, trailer, err := crossReferences(file)
	if err != nil {
		return nil, err
	}
	out := bytes.NewBuffer(make([]byte, 0, len(file)/2+4096))
	out.Write(file[:objects[0].offset])
	offsets := make([]int, len(objects)+1)
	for i, o := range objects {
		end := table
		if i+1 < len(objects) {
			end = objects[i+1].offset
		}
		offsets[o.number] = out.Len()
		if err := writeObject(out, file[o.offset:end]); err != nil {
			return nil, fmt.Errorf("object %d: %w", o.number, err)
		}
	}
	start := out.Len()
	fmt.Fprintf(out, "xref\n0 %d\n0000000000 65535 f \n", len(offsets))
	for _, offset := range offsets[1:] {
		fmt.Fprintf(out, "%010d 00000 n \n", offset)
	}
	out.Write(trailer)
	fmt.Fprintf(out, "startxref\n%d\n%%%%EOF\n", start)
	return out.Bytes(), nil
}

// crossReferences reads the table at the end of a file: the objects in the order of their places, where the table begins, and the
// trailer that follows it.
func crossReferences(file []byte) (objects []object, table int, trailer []byte, err error) {
	at := bytes.LastIndex(file, []byte("startxref\n"))
	if at < 0 {
		return nil, 0, nil, fmt.Errorf("no startxref")
	}
	var count int
	if _, err := fmt.Sscanf(string(file[at:]), "startxref\n%d", &table); err != nil || table <= 0 || table > at {
		return nil, 0, nil, fmt.Errorf("bad startxref: %w", err)
	}
	if _, err := fmt.Sscanf(string(file[table:at]), "xref\n0 %d\n", &count); err != nil || count < 2 {
		return nil, 0, nil, fmt.Errorf("bad cross-reference table: %w", err)
	}
	const entry = 20 // bytes (7.5.4)
	first := table + max(0, bytes.Index(file[table:at], []byte("0000000000 65535 f")))
	if first+count*entry > at {
		return nil, 0, nil, fmt.Errorf("cross-reference table is too short")
	}
	for n := 1; n < count; n++ {
		offset, err := strconv.Atoi(string(file[first+n*entry : first+n*entry+10]))
		if err != nil || offset <= 0 || offset >= table {
			return nil, 0, nil, fmt.Errorf("object %d has no place", n)
		}
		objects = append(objects, object{number: n, offset: offset})
	}
	slices.SortFunc(objects, func(a, b object) int { return a.offset - b.offset })
	return objects, table, file[first+count*entry : at], nil
}

// writeObject copies an object; a stream that has only a length is compressed on the way.
func writeObject(out *bytes.Buffer, text []byte) error {
	head, rest, found := bytes.Cut(text, []byte(" 0 obj\n<</Length "))
	length, rest, isStream := bytes.Cut(rest, []byte(">>\nstream\n"))
	if !found || !isStream || len(head) > 10 || len(length) > 10 {
		out.Write(text)
		return nil
	}
	n, err := strconv.Atoi(string(length))
	if err != nil || n > len(rest) {
		out.Write(text) // a dictionary that says more than a length
		return nil
	}
	zipped := bytes.NewBuffer(make([]byte, 0, n/2+64))
	w := compressors.Get().(*zlib.Writer)
	defer compressors.Put(w)
	w.Reset(zipped)
	if _, err := w.Write(rest[:n]); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	out.Write(head)
	fmt.Fprintf(out, " 0 obj\n<</Filter /FlateDecode /Length %d>>\nstream\n", zipped.Len())
	out.Write(zipped.Bytes())
	out.Write(rest[n:])
	return nil
}

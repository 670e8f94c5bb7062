package fill

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"

	"github.com/nguyenthenguyen/docx"

	"vanthu/internal/diag"
	"vanthu/internal/ooxml"
)

// The parts that filling replaces or needs.
const (
	documentPart = "word/document.xml"
	linksPart    = "word/_rels/document.xml.rels"
	stylesPart   = "word/styles.xml"
	corePart     = "docProps/core.xml"
)

// required are the parts without which the file is not one that Word saved, or that the container library cannot open.
var required = []string{"[Content_Types].xml", "_rels/.rels", documentPart, linksPart, stylesPart, corePart}

// isShared reports whether a part is that of the base in every template: the looks are changed in one file.
func isShared(part string) bool {
	switch part {
	case stylesPart, "word/settings.xml", "word/fontTable.xml", "word/numbering.xml":
		return true
	}
	return strings.HasPrefix(part, "word/theme/")
}

// rebase returns the package mau with its shared parts replaced by those of base.
func rebase(name string, mau, base []byte) ([]byte, diag.Findings, error) {
	pkg, err := ooxml.Open(mau)
	if err != nil {
		return nil, diag.Findings{damaged(name, err)}, nil
	}
	var found diag.Findings
	for _, part := range required {
		if !pkg.Has(part) {
			found.Add(diag.Finding{
				Severity: diag.Error, Code: diag.MissingPart, Where: diag.Place{File: name},
				Message: "tệp mẫu thiếu phần " + part, Hint: "mở tệp bằng Word rồi lưu lại dạng .docx",
			})
		}
	}
	if found.Blocking() {
		return nil, found, nil
	}
	common, err := ooxml.Open(base)
	if err != nil {
		return nil, nil, fmt.Errorf("fill: base of styles: %w", err)
	}
	if !common.Has(stylesPart) {
		return nil, nil, errors.New("fill: base of styles has no " + stylesPart)
	}
	from, err := zip.NewReader(bytes.NewReader(base), int64(len(base)))
	if err != nil {
		return nil, nil, fmt.Errorf("fill: base of styles: %w", err)
	}
	into, err := zip.NewReader(bytes.NewReader(mau), int64(len(mau)))
	if err != nil {
		return nil, diag.Findings{damaged(name, err)}, nil
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, file := range into.File {
		if strings.HasSuffix(file.Name, "/") {
			continue // a folder says nothing
		}
		if isShared(file.Name) && common.Has(file.Name) {
			file = from.File[slices.IndexFunc(from.File, func(f *zip.File) bool { return f.Name == file.Name })]
		}
		if err := w.Copy(file); err != nil {
			return nil, diag.Findings{damaged(name, err)}, nil
		}
	}
	if err := w.Close(); err != nil {
		return nil, nil, fmt.Errorf("fill: rebase: %w", err)
	}
	return out.Bytes(), nil, nil
}

// damaged is the finding for a template that cannot be read.
func damaged(name string, err error) diag.Finding {
	f := diag.Finding{
		Severity: diag.Error, Code: diag.BadTemplate, Where: diag.Place{File: name},
		Message: "tệp mẫu hỏng, không đọc được", Hint: "mở tệp bằng Word rồi lưu lại dạng .docx",
	}
	switch {
	case errors.Is(err, ooxml.ErrOldFormat):
		f.Message = "tệp mẫu là dạng .doc cũ hoặc có mật khẩu"
	case errors.Is(err, ooxml.ErrNotPackage), errors.Is(err, ooxml.ErrNotWord):
		f.Message = "tệp mẫu không phải tệp Word .docx"
	case errors.Is(err, ooxml.ErrTooLarge):
		f.Message, f.Hint = "tệp mẫu quá lớn", "bỏ bớt hình ảnh trong tệp mẫu"
	}
	return f
}

// container is the package of a template, from which the package of each document is made. It is read-only; its zipped parts may be
// copied by several goroutines at once.
type container struct {
	pkg   *ooxml.Package
	files []*zip.File
	links []byte // word/_rels/document.xml.rels, which the library wants to see
}

// part is a part of a package.
type part struct {
	name string
	data []byte
	sum  uint32 // CRC-32
}

func newPart(name string, data []byte) part {
	return part{name: name, data: data, sum: crc32.ChecksumIEEE(data)}
}

func openContainer(data []byte) (*container, error) {
	pkg, err := ooxml.Open(data)
	if err != nil {
		return nil, err
	}
	links, err := pkg.Part(linksPart)
	if err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	return &container{pkg: pkg, files: archive.File, links: links}, nil
}

// tagged lists the parts that may hold tags: the document, its headers and footers.
func (b *container) tagged() []string {
	parts := []string{documentPart}
	for _, name := range b.pkg.Names() {
		if base, ok := strings.CutPrefix(name, "word/"); ok && strings.HasSuffix(name, ".xml") &&
			(strings.HasPrefix(base, "header") || strings.HasPrefix(base, "footer")) {
			parts = append(parts, name)
		}
	}
	return parts
}

// assemble makes a package of the template's parts and those changed. The container library zips the changed parts; the others are
// copied as they are zipped in the template, which is half the time of a document.
func (b *container) assemble(changed []part) ([]byte, error) {
	zipped, err := b.zip(changed)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	out.Grow(32 << 10)
	w := zip.NewWriter(&out)
	for _, file := range b.files {
		if i := slices.IndexFunc(zipped, func(f *zip.File) bool { return f.Name == file.Name }); i >= 0 {
			file = zipped[i]
		}
		if err := copyZipped(w, file); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), b.verify(out.Bytes(), changed)
}

// copyZipped copies an entry without unzipping it. Its date is the first that a zip file can say: the library writes one that no
// calendar has.
func copyZipped(w *zip.Writer, file *zip.File) error {
	raw, err := file.OpenRaw()
	if err != nil {
		return err
	}
	entry, err := w.CreateRaw(&zip.FileHeader{
		Name: file.Name, Method: file.Method,
		//lint:ignore SA1019 CreateRaw writes this field as it is, and nothing of Modified
		ModifiedDate: 1<<5 | 1,
		CRC32:        file.CRC32, CompressedSize64: file.CompressedSize64, UncompressedSize64: file.UncompressedSize64,
	})
	if err != nil {
		return err
	}
	_, err = io.CopyN(entry, raw, int64(file.CompressedSize64))
	return err
}

// zip has the container library zip parts. It knows only word/document.xml from within, so the others are put into a package before it
// opens it. It opens one afresh each time: what it calls editable shares its headers with every other copy of the same opening.
// It never closes what it opens, so the parts it gets are not zipped.
func (b *container) zip(parts []part) ([]*zip.File, error) {
	size := len(b.links) + 512
	for _, p := range parts {
		size += len(p.data) + 256
	}
	before := bytes.NewBuffer(make([]byte, 0, size))
	w := zip.NewWriter(before)
	var document string
	for _, p := range append([]part{{name: linksPart, data: b.links}}, parts...) {
		entry, err := w.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Store})
		if err != nil {
			return nil, err
		}
		if p.name == documentPart {
			document = string(p.data) // SetContent brings it
			continue
		}
		if _, err := entry.Write(p.data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	opened, err := docx.ReadDocxFromMemory(bytes.NewReader(before.Bytes()), int64(before.Len()))
	if err != nil {
		return nil, err
	}
	editable := opened.Editable()
	editable.SetContent(document)
	var after bytes.Buffer
	after.Grow(size / 3)
	if err := editable.Write(&after); err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(bytes.NewReader(after.Bytes()), int64(after.Len()))
	if err != nil {
		return nil, err
	}
	return archive.File, nil
}

// verify reads a package back, since the library's Write keeps errors to itself: all parts in order, those that were changed with the
// bytes they should have, and a document that is well formed.
func (b *container) verify(data []byte, changed []part) error {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return err
	}
	if len(archive.File) != len(b.files) {
		return fmt.Errorf("package has %d parts instead of %d", len(archive.File), len(b.files))
	}
	for i, file := range archive.File {
		name, sum, size := b.files[i].Name, b.files[i].CRC32, b.files[i].UncompressedSize64
		if c := slices.IndexFunc(changed, func(p part) bool { return p.name == name }); c >= 0 {
			sum, size = changed[c].sum, uint64(len(changed[c].data))
		}
		if file.Name != name || file.CRC32 != sum || file.UncompressedSize64 != size {
			return fmt.Errorf("part %s is not what was written", name)
		}
	}
	for _, want := range changed {
		if err := readsBack(archive, want); err != nil {
			return fmt.Errorf("part %s: %w", want.name, err)
		}
	}
	return nil
}

// readsBack unzips a part and compares it with what was written.
func readsBack(archive *zip.Reader, want part) error {
	r, err := archive.Open(want.name)
	if err != nil {
		return err
	}
	defer r.Close()
	data := make([]byte, len(want.data))
	if _, err := io.ReadFull(r, data); err != nil {
		return err
	}
	if !bytes.Equal(data, want.data) {
		return errors.New("does not unzip to what was written")
	}
	if want.name == documentPart {
		return wellFormed(data)
	}
	return nil
}

// wellFormed checks that tags are closed in order and that no bare < or & stands in the text. It knows as much of XML as this
// package writes, and is ten times as fast as a parser.
func wellFormed(xml []byte) error {
	var open [][]byte
	for at := 0; ; {
		text, rest, more := bytes.Cut(xml[at:], []byte("<"))
		for i := bytes.IndexByte(text, '&'); i >= 0; {
			text = text[i:]
			end := bytes.IndexByte(text, ';')
			if end < 2 || end > 10 {
				return fmt.Errorf("bare & near byte %d", at)
			}
			text = text[end:]
			i = bytes.IndexByte(text, '&')
		}
		if !more {
			break
		}
		end := bytes.IndexByte(rest, '>')
		if end < 1 || bytes.IndexByte(rest[:end], '<') >= 0 {
			return fmt.Errorf("tag without end near byte %d", at)
		}
		tag := rest[:end]
		at = len(xml) - len(rest) + end + 1
		switch {
		case tag[0] == '?' || tag[end-1] == '/':
		case tag[0] == '/':
			if len(open) == 0 || !bytes.Equal(open[len(open)-1], tag[1:]) {
				return fmt.Errorf("unexpected <%s> near byte %d", tag, at)
			}
			open = open[:len(open)-1]
		default:
			name, _, _ := bytes.Cut(tag, []byte(" "))
			open = append(open, name)
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("<%s> is not closed", open[len(open)-1])
	}
	return nil
}

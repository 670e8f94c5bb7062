package fill

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/nguyenthenguyen/docx"

	"vanthu/internal/archive"
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
	pkg, err := ooxml.OpenWord(mau)
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
	common, err := ooxml.OpenWord(base)
	if err != nil {
		return nil, nil, fmt.Errorf("fill: base of styles: %w", err)
	}
	if !common.Has(stylesPart) {
		return nil, nil, errors.New("fill: base of styles has no " + stylesPart)
	}
	from, err := archive.Open(bytes.NewReader(base), int64(len(base)), archive.Limits{})
	if err != nil {
		return nil, nil, fmt.Errorf("fill: base of styles: %w", err)
	}
	into, err := archive.Open(bytes.NewReader(mau), int64(len(mau)), archive.Limits{})
	if err != nil {
		return nil, diag.Findings{damaged(name, err)}, nil
	}
	var out bytes.Buffer
	w := archive.NewWriter(&out, archive.Options{})
	for _, file := range into.File {
		if strings.HasSuffix(file.Name, "/") {
			continue // a folder says nothing
		}
		if isShared(file.Name) && common.Has(file.Name) {
			file = from.File[slices.IndexFunc(from.File, func(f *archive.File) bool { return f.Name == file.Name })]
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

// container is the package of a template, from which the package of each document is made. It is read-only and safe for concurrent
// use.
type container struct {
	pkg      *ooxml.Package
	document string // word/document.xml
	entries  []archive.Packed
}

// openContainer opens the package of a template with the container library, whose reading of the document is what is compiled, and
// keeps each part as it is zipped.
func openContainer(data []byte) (*container, error) {
	pkg, err := ooxml.OpenWord(data)
	if err != nil {
		return nil, err
	}
	opened, err := docx.ReadDocxFromMemory(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	parts, err := archive.Open(bytes.NewReader(data), int64(len(data)), archive.Limits{})
	if err != nil {
		return nil, err
	}
	c := &container{pkg: pkg, document: opened.Editable().GetContent()}
	for _, file := range parts.File {
		packed, err := archive.PackedEntry(file)
		if err != nil {
			return nil, err
		}
		c.entries = append(c.entries, packed)
	}
	return c, c.zipLinks()
}

// zipLinks zips the relations of the document anew, as every version before did: the same data keep giving the same bytes.
func (c *container) zipLinks() error {
	links, err := c.pkg.Part(linksPart)
	if err != nil {
		return err
	}
	press := presses.Get().(*press)
	defer presses.Put(press)
	for i, e := range c.entries {
		if e.Name == linksPart {
			if e, err = press.zip(linksPart, links); err == nil {
				e.Data = bytes.Clone(e.Data)
				c.entries[i] = e
			}
		}
	}
	return err
}

// tree parses a part of the package.
func (c *container) tree(part string) (*ooxml.Element, error) {
	if part == documentPart {
		return ooxml.Parse([]byte(c.document))
	}
	return c.pkg.Tree(part)
}

// tagged lists the parts that may hold tags: the document, its headers and footers.
func (c *container) tagged() []string {
	parts := []string{documentPart}
	for _, name := range c.pkg.Names() {
		if base, ok := strings.CutPrefix(name, "word/"); ok && strings.HasSuffix(name, ".xml") &&
			(strings.HasPrefix(base, "header") || strings.HasPrefix(base, "footer")) {
			parts = append(parts, name)
		}
	}
	return parts
}

// press holds what is needed to print and zip a part. Presses are used again.
type press struct {
	xml    []byte
	packer *archive.Packer
}

var presses = sync.Pool{New: func() any { return &press{xml: make([]byte, 0, 64<<10), packer: archive.NewPacker()} }}

// zip returns a part as an entry, which holds until the press is used again.
func (p *press) zip(name string, xml []byte) (archive.Packed, error) {
	if err := wellFormed(xml); err != nil {
		return archive.Packed{}, err
	}
	return p.packer.Pack(name, xml)
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

// Package ooxml is the instrument that opens the files of Word and Excel: the package of parts (ECMA-376-2, Open Packaging Conventions), and
// its XML from tag to tag, or as a tree that keeps every prefix, so that what is read can be written back unchanged.
package ooxml

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"

	"vanthu/internal/archive"
)

// wordLimits are those of a Word file: honest ones stay far below, a zip bomb does not.
var wordLimits = archive.Limits{Entries: 2000, Entry: 64 << 20, Unzipped: 256 << 20, Unique: true}

// Errors of a file that is no package that can be read.
var (
	ErrNotPackage = errors.New("ooxml: not a zip package")
	ErrOldFormat  = errors.New("ooxml: an OLE compound file: of an old format, or locked with a password")
	ErrTooLarge   = errors.New("ooxml: package is over its limits")
	ErrNotWord    = errors.New("ooxml: package has no word/document.xml")
	ErrDamaged    = errors.New("ooxml: package is damaged")
)

// Package is an opened package. Its parts may be read by several goroutines at once.
type Package struct {
	files map[string]*archive.File
	order []string
}

// OpenWord opens the package of a Word file. Its errors are those above.
func OpenWord(data []byte) (*Package, error) {
	p, err := Open(data, wordLimits)
	if err == nil && !p.Has("word/document.xml") {
		return nil, ErrNotWord
	}
	return p, err
}

// Open reads the directory of a package and holds it against limits. Its errors are those above.
func Open(data []byte, limits archive.Limits) (*Package, error) {
	if bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) {
		return nil, ErrOldFormat
	}
	opened, err := archive.Open(bytes.NewReader(data), int64(len(data)), limits)
	switch {
	case errors.Is(err, archive.ErrTooLarge), errors.Is(err, archive.ErrTooManyEntries):
		return nil, fmt.Errorf("%w: %w", ErrTooLarge, err)
	case errors.Is(err, archive.ErrDuplicate):
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrNotPackage, err)
	}
	p := &Package{files: make(map[string]*archive.File, len(opened.File))}
	for _, file := range opened.File {
		p.files[file.Name] = file
		p.order = append(p.order, file.Name)
	}
	return p, nil
}

// Has reports whether the package holds a part of that name: "word/styles.xml".
func (p *Package) Has(name string) bool { return p.find(name) != nil }

// Names lists the parts in the order of the package.
func (p *Package) Names() []string { return p.order }

// Size returns the size of a part as the package states it, unzipped; 0 where there is none.
func (p *Package) Size(name string) int64 {
	if f := p.find(name); f != nil {
		return int64(f.UncompressedSize64)
	}
	return 0
}

// find returns a part by its name. Capitals do not count (ECMA-376-2, 6.2.2.3), and some programs write \ for /.
func (p *Package) find(name string) *archive.File {
	if f := p.files[name]; f != nil {
		return f
	}
	for _, other := range p.order {
		if SameName(name, other) {
			return p.files[other]
		}
	}
	return nil
}

// SameName reports whether two names are those of one part.
func SameName(a, b string) bool { return strings.EqualFold(plainName(a), plainName(b)) }

func plainName(name string) string {
	return strings.Trim(strings.ReplaceAll(name, `\`, "/"), "/")
}

// Part unzips one part. A part that is absent gives nil and no error.
func (p *Package) Part(name string) ([]byte, error) {
	f := p.find(name)
	if f == nil {
		return nil, nil
	}
	data, err := archive.Bytes(f)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	return data, nil
}

// Scan unzips one part and begins to go over it. A part that is absent gives nil and no error.
func (p *Package) Scan(name string) (*Scanner, error) {
	f := p.find(name)
	if f == nil {
		return nil, nil
	}
	part, err := archive.Text(f)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	return NewScanner(part), nil
}

// Tree parses one part. A part that is absent gives nil and no error.
func (p *Package) Tree(name string) (*Element, error) {
	f := p.find(name)
	if f == nil {
		return nil, nil
	}
	part, err := archive.Text(f) // the tree is cut from it without a copy
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	root, err := parse(part)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	return root, nil
}

// Relations are those of a part, by their id.
type Relations map[string]Relation

// Relation is one line of a .rels part (ECMA-376-2, 9.3).
type Relation struct {
	Type     string // the last word of the type: "header", "image", "hyperlink"
	Target   string // name of the part; as written when External
	External bool
}

// Relations reads the relations of a part: "word/document.xml" gives "rId1" and so on. The package itself is the part "".
func (p *Package) Relations(part string) (Relations, error) {
	dir, base := path.Split(part)
	s, err := p.Scan(dir + "_rels/" + base + ".rels")
	if err != nil || s == nil {
		return nil, err
	}
	relations := Relations{}
	for s.Next() {
		if s.Name != "Relationship" || s.End {
			continue
		}
		kind, target := s.Attr("Type"), s.Attr("Target")
		r := Relation{Type: kind[strings.LastIndexByte(kind, '/')+1:], Target: target, External: s.Attr("TargetMode") == "External"}
		if !r.External {
			if target = strings.ReplaceAll(target, `\`, "/"); !path.IsAbs(target) {
				target = path.Join("/", dir, target)
			}
			r.Target = strings.TrimPrefix(path.Clean(target), "/")
		}
		relations[s.Attr("Id")] = r
	}
	return relations, s.Err()
}

// Target returns the name of the part of a type, or "". Several of one type are not allowed; the first name is taken.
func (r Relations) Target(kind string) (name string) {
	for _, relation := range r {
		if relation.Type == kind && !relation.External && (name == "" || relation.Target < name) {
			name = relation.Target
		}
	}
	return name
}

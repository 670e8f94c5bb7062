// Package ooxml is the instrument with which fill and wml open Word files: the package of parts (ECMA-376-2, Open Packaging
// Conventions) and its XML as a tree that keeps every prefix, so that what is read can be written back unchanged.
package ooxml

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"

	"vanthu/internal/archive"
)

// limits of one package: honest Word files stay far below, a zip bomb does not.
var limits = archive.Limits{Entries: 2000, Entry: 64 << 20, Unzipped: 256 << 20, Unique: true}

// What Open says of a file that is not a package it can read.
var (
	ErrNotPackage = errors.New("ooxml: not a zip package")
	ErrOldFormat  = errors.New("ooxml: an OLE compound file: an old .doc, or a .docx locked with a password")
	ErrTooLarge   = errors.New("ooxml: package is over its limits")
	ErrNotWord    = errors.New("ooxml: package has no word/document.xml")
	ErrDamaged    = errors.New("ooxml: package is damaged")
)

// Package is an opened package. Its parts may be read by several goroutines at once.
type Package struct {
	files map[string]*archive.File
	order []string
}

// Open reads the directory of a Word package and checks it against the limits. Its errors are the Err values above.
func Open(data []byte) (*Package, error) {
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
	if !p.Has("word/document.xml") {
		return nil, ErrNotWord
	}
	return p, nil
}

// Has reports whether the package holds a part of that name: "word/styles.xml".
func (p *Package) Has(name string) bool { return p.files[name] != nil }

// Names lists the parts in the order of the package.
func (p *Package) Names() []string { return p.order }

// Part unzips one part. A part that is absent gives nil and no error.
func (p *Package) Part(name string) ([]byte, error) {
	f := p.files[name]
	if f == nil {
		return nil, nil
	}
	data, err := archive.Bytes(f)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	return data, nil
}

// Tree parses one part. A part that is absent gives nil and no error.
func (p *Package) Tree(name string) (*Element, error) {
	f := p.files[name]
	if f == nil {
		return nil, nil
	}
	text, err := archive.Text(f) // the tree is cut from it without a copy
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	root, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	return root, nil
}

// Relation is one line of a .rels part (ECMA-376-2, 9.3).
type Relation struct {
	Type     string // the last word of the type: "header", "image", "hyperlink"
	Target   string // name of the part; as written when External
	External bool
}

// Relations reads the relations of a part by their id: "word/document.xml" gives "rId1" and so on.
func (p *Package) Relations(part string) (map[string]Relation, error) {
	dir, base := path.Split(part)
	root, err := p.Tree(dir + "_rels/" + base + ".rels")
	if err != nil || root == nil {
		return nil, err
	}
	rels := make(map[string]Relation, len(root.Children))
	for _, e := range root.Children {
		if e.Name != "Relationship" {
			continue
		}
		rel := Relation{
			Type:     e.Attr("Type")[strings.LastIndexByte(e.Attr("Type"), '/')+1:],
			Target:   e.Attr("Target"),
			External: e.Attr("TargetMode") == "External",
		}
		if !rel.External {
			rel.Target = strings.TrimPrefix(path.Join("/", dir, rel.Target), "/")
			if strings.HasPrefix(e.Attr("Target"), "/") {
				rel.Target = strings.TrimPrefix(path.Clean(e.Attr("Target")), "/")
			}
		}
		rels[e.Attr("Id")] = rel
	}
	return rels, nil
}

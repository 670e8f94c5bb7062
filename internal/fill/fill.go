// Package fill sets the data of a document into a template, a Word file with tags, and returns the Word file that people keep.
//
// A template is compiled once, at start: its XML becomes a program of steps, stretches of bytes with holes between them, and
// filling is one pass that appends bytes. The language of tags is closed and holds no code:
//
//	{{trich_yeu}}  {{ky.ho_ten}}         the value of a field
//	{{ngay | ngay_thang}}                the value through a filter
//	{{#can_cu}} … {{.}} … {{/can_cu}}    once for each item of a list; once when a single value is present
//	{{^can_cu}} … {{/can_cu}}            when the list is empty or the value absent
//	{{@noi_dung}}                        an outline, alone in its paragraph
//	{{ke 38%}}                           a rule under the text above, alone in its paragraph
//	{{vung_moi kho_giay}}                a new section, alone in its paragraph
//
// A block may stand within a paragraph, over paragraphs, over rows of a table, and in another block. A block marker alone in its
// paragraph or row disappears with it; a block opened in one cell and closed in another cell of the same row repeats the row.
// What a value holds is never searched for tags.
//
// A number prints as 1.234.567,8, a date as 27/3/2026, a period as "quý II năm 2026". A value says something, for a block, when it is
// there and neither an empty text nor the number zero. Filters:
//
//	ngay_thang    of a date: "ngày 27 tháng 3 năm 2026"
//	in_hoa        of a text or period: capital letters
//	chu_dau_hoa   of a text or period: the first letter a capital
//	bang_chu      of a number: in words
//	hai_chu_so    of a number: below ten with a nought before it, "05"
//
// A new section begins on a new page, with pages numbered from 1, the headers of the section before, and its paper landscape when
// the field says "ngang", portrait when it says anything else or nothing.
package fill

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"vanthu/internal/archive"
	"vanthu/internal/diag"
	"vanthu/internal/font"
	"vanthu/internal/model"
	"vanthu/internal/ooxml"
)

// Template is a compiled template. It is read-only and safe for concurrent use.
type Template struct {
	box    *container
	parts  map[string][]step // compiled, of the parts that hold tags
	fields []string
	fonts  *font.Set
	styles StyleSheet
	grid   gridStyles
}

// Compile reads the template mau, a DOCX file that findings call name, with its styles, settings and fonts replaced by those of
// the Word file base, which all kinds share. Its text is measured with fonts in the styles that the function styles reads from the
// Word file. Findings name the paragraph and the tag; when they block there is no Template. The error is about base or the machine.
func Compile(
	name string, mau, base []byte, schema *model.Schema, fonts *font.Set, styles func(docx []byte) (StyleSheet, error),
) (*Template, diag.Findings, error) {
	merged, found, err := rebase(name, mau, base)
	if err != nil || found.Blocking() {
		return nil, found, err
	}
	box, err := openContainer(merged)
	if err != nil {
		found.Add(damaged(name, err))
		return nil, found, nil
	}
	t := &Template{box: box, parts: make(map[string][]step), fonts: fonts}
	if t.styles, err = styles(merged); err != nil {
		found.Add(damaged(name, err))
		return nil, found, nil
	}
	t.grid = readGridStyles(t.styles)
	c := &compiler{file: name, schema: schema, styles: t.styles, fields: make(map[string]bool)}
	for _, part := range box.tagged() {
		root, err := box.tree(part)
		if err != nil {
			found.Add(damaged(name, err))
			continue
		}
		if steps := c.compilePart(part, root); part == documentPart || !isStatic(steps) {
			t.parts[part] = steps
		}
	}
	found.Add(c.found...)
	if found.Blocking() {
		return nil, found, nil
	}
	for field := range c.fields {
		t.fields = append(t.fields, field)
	}
	slices.Sort(t.fields)
	return t, found, nil
}

// Fields lists what the template asks of the data, dotted and in order of the alphabet: "can_cu", "ky.ho_ten".
func (t *Template) Fields() []string { return slices.Clone(t.fields) }

// Fill makes the Word file of a document: the same document always gives the same bytes. An error names the field whose value
// cannot stand in a Word file; Bind lets no such value through.
func (t *Template) Fill(doc model.Document) ([]byte, error) {
	core, err := coreProperties(doc)
	if err != nil {
		return nil, fmt.Errorf("fill: %w", err)
	}
	press := presses.Get().(*press)
	defer presses.Put(press)
	var out bytes.Buffer
	out.Grow(32 << 10)
	file := archive.NewWriter(&out, archive.Options{})
	for _, e := range t.box.entries {
		name := e.Name
		if steps, ok := t.parts[name]; ok {
			w := writer{template: t, frames: []frame{{value: doc.Values}}, out: append(press.xml[:0], ooxml.Header...)}
			if err = w.run(steps); err == nil {
				press.xml = w.out
				e, err = press.zip(name, w.out)
			}
		} else if name == corePart {
			e, err = press.zip(name, core)
		}
		if err == nil {
			err = file.AddPacked(e)
		}
		if err != nil {
			return nil, fmt.Errorf("fill: %s: %w", name, err)
		}
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("fill: %w", err)
	}
	return out.Bytes(), nil
}

// coreProperties is docProps/core.xml (ECMA-376-2, 11): title, issuing body and day are those of the document.
func coreProperties(doc model.Document) ([]byte, error) {
	title := ""
	if doc.Schema != nil {
		title = doc.Schema.Name
	}
	if abstract := doc.Abstract(); abstract != "" {
		title += " " + abstract
	}
	creator := doc.Agency().Text(model.NameKey)
	for field, text := range map[string]string{model.AbstractKey: title, model.AgencyKey + "." + model.NameKey: creator} {
		if err := checkText(text); err != nil {
			return nil, fmt.Errorf("field %s: %w", field, err)
		}
	}
	var b strings.Builder
	b.WriteString(ooxml.Header + `<cp:coreProperties` +
		` xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"` +
		` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`)
	element := func(name, attr, text string) {
		fmt.Fprintf(&b, "<%s%s>%s</%s>", name, attr, ooxml.AppendText(nil, strings.Join(strings.Fields(text), " ")), name)
	}
	element("dc:title", "", title)
	element("dc:creator", "", creator)
	if day, ok := doc.Values[model.DayKey].(model.Date); ok {
		const w3cdtf = ` xsi:type="dcterms:W3CDTF"`
		element("dcterms:created", w3cdtf, day.ISO()+"T00:00:00Z")
		element("dcterms:modified", w3cdtf, day.ISO()+"T00:00:00Z")
	}
	b.WriteString(`</cp:coreProperties>`)
	return []byte(b.String()), nil
}

// checkText refuses what XML 1.0 (section 2.2) cannot hold, and the carriage return, which an XML reader turns into a newline.
func checkText(text string) error {
	for i, r := range text {
		switch {
		case r >= 0x20 && r < 0xFFFD, r == '\t', r == '\n', r > 0xFFFF:
		case r == 0xFFFD && strings.HasPrefix(text[i:], "\uFFFD"):
		case r == 0xFFFD:
			return errors.New("text is not UTF-8")
		default:
			return fmt.Errorf("character U+%04X cannot stand in XML", r)
		}
	}
	return nil
}

package maker

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"path"
	"slices"
	"sync"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/source"
	"vanthu/internal/vi"
)

// Unit is one of the documents that a data file asks for.
type Unit struct {
	Name   string // of its row or its sheet, no two alike; empty where the file asks for one document
	Digest string // of what the file says of it: SHA-256, in hexadecimal
}

// Units returns the documents that a data file asks for: one, or one for each row or sheet of a workbook of many units. Findings are about
// the division of such a workbook alone. A file that cannot be read asks for one document, and Make tells what is wrong with it.
func (s *Service) Units(ctx context.Context, file File) (units []Unit, found diag.Findings, err error) {
	defer diag.Recover("units of "+file.Name, &err)
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	w, _, err := s.open(file)
	if err != nil {
		return nil, nil, err
	}
	if w == nil || len(w.units) == 0 {
		sum := sha256.Sum256(file.Data)
		return []Unit{{Digest: hex.EncodeToString(sum[:])}}, nil, nil
	}
	return slices.Clone(w.digested()), slices.Clone(w.found), nil
}

// workbook is a data file that was opened, with the units that it asks for.
type workbook struct {
	key      [sha256.Size]byte // of its name and its bytes
	file     *source.File
	read     diag.Findings // when it was opened
	units    []source.Unit // none where the file asks for one document
	found    diag.Findings // about the division into units
	digested func() []Unit
}

// digest is that of a unit that the workbook has.
func (w *workbook) digest(name string) string {
	units := w.digested()
	return units[slices.IndexFunc(units, func(u Unit) bool { return u.Name == name })].Digest
}

// opened holds the last few workbooks of many units, so that one with three thousand rows is not read three thousand times.
type opened struct {
	one  sync.Mutex
	last []*workbook // the latest first
}

const maxOpened = 4

// open opens a data file without further tables. Findings say why it cannot be read; when they block there is no workbook.
func (s *Service) open(file File) (*workbook, diag.Findings, error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "%q", file.Name) // which findings name
	sum.Write(file.Data)
	key := [sha256.Size]byte(sum.Sum(nil))
	if _, err := s.Office.Definitions(); err != nil {
		return nil, nil, err
	}
	if w := s.opened.find(key); w != nil {
		return w, slices.Clone(w.read), nil
	}
	read, found := source.Open(file)
	if found.Blocking() {
		return nil, found, nil
	}
	w := &workbook{key: key, file: read, read: slices.Clip(found)}
	if kind, _ := s.Office.KindOf(read.Kind()); kind != nil {
		w.units, w.found = read.Units(&kind.Schema)
	}
	w.digested = sync.OnceValue(func() []Unit { return s.digests(w) })
	if len(w.units) > 0 {
		s.opened.keep(w)
	}
	return w, found, nil
}

func (o *opened) find(key [sha256.Size]byte) *workbook {
	o.one.Lock()
	defer o.one.Unlock()
	i := slices.IndexFunc(o.last, func(w *workbook) bool { return w.key == key })
	if i < 0 {
		return nil
	}
	w := o.last[i]
	o.last = slices.Insert(slices.Delete(o.last, i, i+1), 0, w)
	return w
}

// keep makes a workbook the latest, in place of its like, which another may have opened at the same moment.
func (o *opened) keep(w *workbook) {
	o.one.Lock()
	defer o.one.Unlock()
	o.last = slices.DeleteFunc(o.last, func(other *workbook) bool { return other.key == w.key })
	if o.last = slices.Insert(o.last, 0, w); len(o.last) > maxOpened {
		o.last = slices.Delete(o.last, maxOpened, len(o.last))
	}
}

// unit finds the document that a request asks for in a workbook, nil where the file is one document.
func (w *workbook) unit(file File, name string) (*source.Unit, diag.Findings) {
	at := diag.Place{File: path.Base(file.Name)}
	switch i := slices.IndexFunc(w.units, func(u source.Unit) bool { return u.Name == name }); {
	case i >= 0:
		return &w.units[i], nil
	case name != "":
		names := make([]string, len(w.units))
		for i, u := range w.units {
			names[i] = u.Name
		}
		hint := "xem lại tên đơn vị trong tệp; làm lại cả lô nếu tệp đã sửa"
		if near := vi.Closest(name, names); near != "" {
			hint = "có phải “" + near + "”? " + hint
		}
		return nil, diag.Findings{{
			Severity: diag.Error, Code: diag.NoSuchUnit, Where: at, Hint: hint, Message: fmt.Sprintf("tệp không có đơn vị “%s”", diag.Excerpt(name)),
		}}
	case len(w.units) == 0:
		return nil, slices.Clone(w.found)
	case len(w.units) == 1:
		return &w.units[0], slices.Clone(w.found)
	}
	return nil, diag.Findings{{
		Severity: diag.Error, Code: diag.ManyUnits, Where: w.units[0].Place,
		Message: fmt.Sprintf("tệp này làm %d văn bản, mỗi đơn vị một văn bản: %s, %s, …", len(w.units), w.units[0].Name, w.units[1].Name),
		Hint:    fmt.Sprintf("làm cả lô ở trang Chạy hàng loạt, hoặc bằng lệnh: vanthu batch %s -o THƯ-MỤC", path.Base(file.Name)),
	}}
}

// digests are the units of a workbook, each with the digest of its kind, its name and what the workbook says of it, wherever that
// stands. Of some that are alike in all the second, third and so on are told apart by this.
func (s *Service) digests(w *workbook) []Unit {
	d := digester{lists: map[*model.Node][]byte{}}
	units := make([]Unit, len(w.units))
	alike := map[string]int{}
	for i, u := range w.units {
		units[i].Name = u.Name
		file := w.file.Of(u)
		sum := sha256.New()
		named := file.Kind()
		kind, _ := s.Office.KindOf(named)
		if kind == nil {
			fmt.Fprintf(sum, "%q %q", named.Text, u.Base)
		} else {
			record, _ := file.Record(&kind.Schema)
			fmt.Fprintf(sum, "%s %q", kind.Schema.Kind, u.Base)
			d.add(sum, record.Root)
		}
		digest := string(sum.Sum(nil))
		if alike[digest]++; alike[digest] > 1 {
			fmt.Fprintf(sum, "%d", alike[digest])
		}
		units[i].Digest = hex.EncodeToString(sum.Sum(nil))
	}
	return units
}

// digester writes keys and values into a digest, each so that no two different ones are written alike.
type digester struct {
	lists map[*model.Node][]byte // digests of lists by their first items: a table that all units share is walked once
}

func (d digester) add(sum hash.Hash, node model.Node) {
	switch node.Shape {
	case model.Scalar:
		fmt.Fprintf(sum, "%q", node.Text)
	case model.List:
		if len(node.Items) > 0 {
			sum.Write(d.list(node.Items))
		}
	case model.Group:
		fmt.Fprint(sum, "{")
		for _, field := range node.Fields {
			if field.Value.Shape != model.Missing {
				fmt.Fprintf(sum, "%q:", field.Key)
				d.add(sum, field.Value)
			}
		}
		fmt.Fprint(sum, "}")
	}
}

func (d digester) list(items []model.Node) []byte {
	if known := d.lists[&items[0]]; known != nil {
		return known
	}
	sum := sha256.New()
	for _, item := range items {
		fmt.Fprint(sum, "-")
		d.add(sum, item)
	}
	digest := sum.Sum(nil)
	d.lists[&items[0]] = digest
	return digest
}

package maker

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/source"
)

// Understanding is how a data file was read.
type Understanding struct {
	Kind   string   // slug, or empty where it is not known
	Likely []string // slugs of the few kinds that have such tables, where the file does not say its kind
	Format string   // what it is: "Bảng tính Excel", "Văn bản gõ sẵn"
	Units  []Unit   // of a workbook of many
	Fields []ReadField
	Tables []ReadTable
}

// ReadField is a field that was found outside tables.
type ReadField = source.ReadField

// ReadTable is a table that was found.
type ReadTable = source.ReadTable

// ReadColumn is a column of a table.
type ReadColumn = source.ReadColumn

// Understand returns how a data file was read, with its tables and its unit: which kind it asks for, what each heading and each column was
// taken for. Findings are those of reading and binding. Of a workbook of many units, with none chosen, that is what all of them share.
func (s *Service) Understand(ctx context.Context, request Request) (u Understanding, found diag.Findings, err error) {
	defer diag.Recover("understand "+request.Name, &err)
	defer func() { found.Sort() }()
	if err := ctx.Err(); err != nil {
		return Understanding{}, nil, err
	}
	u.Format = request.File.Format()
	w, found, err := s.openData(ctx, request.File)
	if err != nil || w == nil {
		return u, found, err
	}
	profile, more := s.profileOf(request)
	found.Add(more...)
	if len(w.units) > 0 {
		u.Units = slices.Clone(w.digested())
	}
	if len(w.units) > 1 && request.Unit == "" {
		found.Add(s.understandShared(&u, w)...)
		return u, found, nil
	}
	p, more := s.bindUnit(w, request, profile, whole)
	switch {
	case p.kind != nil:
		u.Kind = p.kind.Schema.Kind
		_, reading, _ := p.file.Read(&p.kind.Schema)
		u.Fields, u.Tables = reading.Fields, reading.Tables
	case p.file != nil && p.file.Kind().Shape == model.Missing:
		u.Likely = s.likely(p.file, more)
	}
	return u, besides(found, more), nil
}

// openData opens a data file, or a typed document as the data that it holds.
func (s *Service) openData(ctx context.Context, file File) (*workbook, diag.Findings, error) {
	if !file.Typed() {
		return s.open(file)
	}
	document, found, err := s.imported(ctx, file, "")
	if err != nil || document.data == nil || found.Blocking() {
		return nil, found, err
	}
	return &workbook{file: source.OfRecord(document.record)}, found, nil
}

// besides returns what was found in reading and in binding. That a part of a typed document was not recognised is not told beside the word that
// it is missing.
func besides(read, bound diag.Findings) (found diag.Findings) {
	for _, f := range read {
		missing := func(b diag.Finding) bool { return b.Severity == diag.Error && b.Where.Field == f.Where.Field }
		if f.Code != diag.NotRecognised || !slices.ContainsFunc(bound, missing) {
			found.Add(f)
		}
	}
	return append(found, bound...)
}

// understandShared fills in what a workbook of many units says for all of them.
func (s *Service) understandShared(u *Understanding, w *workbook) diag.Findings {
	kind, found := s.Office.KindOf(w.file.Kind())
	if kind == nil {
		return found
	}
	_, reading, more := w.file.Read(&kind.Schema)
	u.Kind, u.Fields, u.Tables = kind.Schema.Kind, reading.Fields, reading.Tables
	found.Add(w.found...)
	found.Add(more...)
	found.Add(diag.Finding{
		Severity: diag.Info, Code: diag.ManyUnits, Where: w.units[0].Place,
		Message: fmt.Sprintf("tệp này làm %d văn bản, mỗi đơn vị một văn bản", len(w.units)),
		Hint:    "chọn một đơn vị để xem trước, hoặc làm tất cả ở trang Chạy hàng loạt",
	})
	return found
}

// likely are the kinds whose tables agree best with those of a file that does not say its kind, none where they are many. The finding
// that asks for the kind names them.
func (s *Service) likely(file *source.File, found diag.Findings) (slugs []string) {
	const few = 8
	var names, tables []string
	best := 0
	kinds, _ := s.Office.Definitions()
	for _, k := range kinds {
		score := file.Agreement(&k.Schema)
		if score > best {
			best, slugs, names = score, nil, nil
			_, reading, _ := file.Read(&k.Schema)
			tables = titlesOf(reading.Tables)
		}
		if score == best && score > 0 {
			slugs, names = append(slugs, k.Schema.Kind), append(names, k.Schema.Name)
		}
	}
	if len(slugs) > few {
		return nil
	}
	for i := range found {
		if len(slugs) > 0 && found[i].Where.Field == model.KindKey {
			found[i].Hint = fmt.Sprintf("tệp có bảng %s, nên có thể là: %s. %s", strings.Join(tables, ", "), strings.Join(names, "; "), found[i].Hint)
		}
	}
	return slugs
}

// titlesOf are the labels of tables that were read.
func titlesOf(tables []ReadTable) (titles []string) {
	for _, table := range tables {
		if len(table.Missing) == 0 {
			titles = append(titles, "“"+table.Label+"”")
		}
	}
	return titles
}

// FormName is the name of the data file that a form of the desk holds: what findings call it.
const FormName = "soan-thao.json"

// DataFile makes one JSON data file of a request's file and tables, or of one unit of it, with the keys in the order of the kind: what
// the form of the desk holds. Findings are those of reading and binding; data come even where they block, as far as they were read, and
// are nil where the file or its kind cannot be known.
func (s *Service) DataFile(ctx context.Context, request Request) (data []byte, kind string, found diag.Findings, err error) {
	defer diag.Recover("data file of "+request.Name, &err)
	defer func() { found.Sort() }()
	if err := ctx.Err(); err != nil {
		return nil, "", nil, err
	}
	w, found, err := s.openData(ctx, request.File)
	if err != nil || w == nil {
		return nil, "", found, err
	}
	profile, more := s.profileOf(request)
	found.Add(more...)
	p, more := s.bindUnit(w, request, profile, whole)
	found = besides(found, more)
	if p.kind == nil || p.record.Root.Shape != model.Group {
		return nil, "", found, nil
	}
	data = source.JSON(&p.kind.Schema, p.record)
	if tooLarge := unreadable(data, request.File); tooLarge != nil {
		return nil, p.kind.Schema.Kind, append(found, *tooLarge), nil
	}
	return data, p.kind.Schema.Kind, found, nil
}

// unreadable returns the finding that a data file made of another is too large to be read again, nil where it is not.
func unreadable(data []byte, from File) *diag.Finding {
	if _, found := source.ReadText(FormName, data); !found.Blocking() {
		return nil
	}
	return &diag.Finding{
		Severity: diag.Error, Code: diag.TooLargeToEdit, Where: diag.Place{File: path.Base(from.Name)},
		Message: "tệp có quá nhiều dữ liệu để sửa trên trang soạn thảo",
		Hint:    "sửa ngay trong tệp rồi làm văn bản thẳng từ tệp, hoặc chia thành nhiều tệp",
	}
}

// Package maker makes documents. A request is prepared once: its data file read, its kind found, its data bound, its figures added. Make, Preview,
// Understand and the others go on from there.
package maker

import (
	"bytes"
	"context"
	"errors"
	"path"
	"slices"

	"vanthu/internal/check"
	"vanthu/internal/diag"
	"vanthu/internal/flow"
	"vanthu/internal/layout"
	"vanthu/internal/office"
	"vanthu/internal/pdf"
	"vanthu/internal/register"
	"vanthu/internal/sheet"
	"vanthu/internal/source"
	"vanthu/internal/wml"
)

// Service makes documents. It is safe for concurrent use.
type Service struct {
	Office   *office.Service
	Register *register.Service
	opened   opened
}

// New returns a Service that makes documents of the kinds of an office, with numbers of a register.
func New(of *office.Service, numbers *register.Service) *Service {
	return &Service{Office: of, Register: numbers}
}

// Make takes a data file to the Word file, its PDF and its progress workbook. Findings are all those of the run; when they block,
// the Result is empty. An error is a fault of the program or the machine.
func (s *Service) Make(ctx context.Context, request Request) (result Result, found diag.Findings, err error) {
	defer diag.Recover("make", &err)
	defer func() { found.Sort() }()
	p, found, err := s.prepare(request, whole)
	if err != nil || found.Blocking() {
		return Result{}, found, err
	}
	if request.Register { // last of all that can refuse: a number is not taken in vain
		if result.NumberKey, err = s.takeNumber(ctx, p, &found); err != nil || found.Blocking() {
			return Result{}, found, err
		}
	}
	if result.DOCX, err = p.template.Fill(p.document); err != nil {
		return Result{}, found, err
	}
	result.describe(p.document)
	read, more, err := wml.Read(result.DOCX)
	if err != nil {
		return Result{}, found, err
	}
	more.Add(check.Run(read)...)
	if request.PDF {
		var printed diag.Findings
		if result.PDF, result.Pages, printed, err = s.print(ctx, read); err != nil {
			return Result{}, found, err
		}
		more.Add(printed...)
	}
	if request.XLSX && p.document.Schema.Tracked() {
		if result.XLSX, err = sheet.Progress(p.document); err != nil {
			return Result{}, found, err
		}
	}
	found.Add(more.InFile(result.Name + ".docx")...)
	return result, found, nil
}

// Mark returns a workbook with the cells that errors and warnings name coloured, each with a note. It is nil where none names a cell
// of the file; a finding says so where the workbook is too large to be written anew.
func (s *Service) Mark(data File, found diag.Findings) (marked []byte, more diag.Findings, err error) {
	defer diag.Recover("mark "+data.Name, &err)
	own := slices.DeleteFunc(slices.Clone(found), func(f diag.Finding) bool {
		return f.Severity == diag.Info || f.Where.Cell == "" || f.Where.File != path.Base(data.Name)
	})
	if len(own) == 0 {
		return nil, nil, nil
	}
	marked, err = source.Mark(data.Data, own)
	if errors.Is(err, source.ErrTooLarge) {
		return nil, diag.Findings{{
			Severity: diag.Error, Code: diag.TooLargeToMark, Where: diag.Place{File: path.Base(data.Name)},
			Message: "tệp quá lớn nên không tô màu được các ô cần sửa", Hint: "sửa theo tên ô trong danh sách này, hoặc chia tệp rồi tô màu từng tệp",
		}}, nil
	}
	return marked, nil, err
}

// Convert takes any Word file to PDF. What the file holds that cannot be laid out is a finding each; when they block, pdf is nil.
func (s *Service) Convert(ctx context.Context, name string, docx []byte) (pdf []byte, found diag.Findings, err error) {
	defer diag.Recover("convert "+name, &err)
	read, found, err := wml.Read(docx)
	found = found.InFile(name)
	if err != nil || found.Blocking() {
		return nil, found, err
	}
	pdf, _, more, err := s.print(ctx, read)
	found.Add(more.InFile(name)...)
	found.Sort()
	return pdf, found, err
}

// print lays a document out and paints it.
func (s *Service) print(ctx context.Context, doc flow.Document) (file []byte, pages int, found diag.Findings, err error) {
	if err := ctx.Err(); err != nil {
		return nil, 0, nil, err
	}
	laid, found := layout.Paginate(doc, s.Office.Fonts())
	if err := ctx.Err(); err != nil {
		return nil, 0, nil, err
	}
	var out bytes.Buffer
	if err := pdf.Write(&out, laid, s.Office.Fonts()); err != nil {
		return nil, 0, nil, err
	}
	return out.Bytes(), len(laid.Pages), found, nil
}

package maker

import (
	"context"
	"slices"
	"strings"

	"vanthu/internal/check"
	"vanthu/internal/diag"
	"vanthu/internal/flow"
	"vanthu/internal/layout"
	"vanthu/internal/model"
	"vanthu/internal/svg"
	"vanthu/internal/vi"
	"vanthu/internal/wml"
)

// Preview is how a document would look, whole or not.
type Preview struct {
	Pages  []string // each an <svg> element
	Kind   string   // slug
	Symbol string
	Title  string // type name and abstract
	Date   vi.Date
	Tasks  []Task
}

// Preview makes the pages of a document that may be incomplete: where data are missing or wrong the page shows the label of the field in
// brackets, and findings say the rest. It takes no number. There are no pages where the kind is not known or the file cannot be read.
// Taken is the day to which figures stand while the data do not say.
func (s *Service) Preview(ctx context.Context, request Request) (shown Preview, found diag.Findings, err error) {
	defer diag.Recover("preview", &err)
	defer func() { found.Sort() }()
	p, found, err := s.prepare(request, draft)
	if err != nil || p.kind == nil {
		return Preview{}, found, err
	}
	if p.template == nil {
		return Preview{Kind: p.kind.Schema.Kind}, found, nil
	}
	result := Result{}
	result.describe(p.document)
	shown = Preview{Kind: result.Kind, Symbol: result.Symbol, Title: result.Title, Date: result.Date, Tasks: result.Tasks}
	docx, err := p.template.Fill(p.document)
	if err != nil {
		return Preview{}, found, err
	}
	read, more, err := wml.Read(docx)
	if err != nil {
		return Preview{}, found, err
	}
	checked := check.Run(read)
	if found.Blocking() {
		checked = besidesBlanks(checked, read, p.kind.Schema.Fields)
	}
	more.Add(checked...)
	var drawn diag.Findings
	shown.Pages, drawn, err = s.draw(ctx, read)
	found.Add(append(more, drawn...).InFile(result.Name + ".docx")...)
	return shown, found, err
}

// besidesBlanks leaves out what is said of paragraphs that show the label of a field: that the field is missing is said already.
func besidesBlanks(found diag.Findings, doc flow.Document, specs []model.FieldSpec) diag.Findings {
	blanks := map[int]bool{}
	for p := range doc.Paragraphs() {
		if text := p.Text(); strings.Contains(text, "[") && showsBlank(text, specs) {
			blanks[p.Number] = true
		}
	}
	return slices.DeleteFunc(found, func(f diag.Finding) bool { return blanks[f.Where.Paragraph] })
}

func showsBlank(text string, specs []model.FieldSpec) bool {
	return slices.ContainsFunc(specs, func(spec model.FieldSpec) bool {
		return strings.Contains(text, model.Blank{Label: spec.Label}.String()) || showsBlank(text, spec.Fields)
	})
}

// PreviewWord makes the pages of any Word file, and gives what Convert finds.
func (s *Service) PreviewWord(ctx context.Context, name string, docx []byte) (pages []string, found diag.Findings, err error) {
	defer diag.Recover("preview "+name, &err)
	read, found, err := wml.Read(docx)
	if err != nil || found.Blocking() {
		return nil, found.InFile(name), err
	}
	pages, more, err := s.draw(ctx, read)
	found = append(found, more...).InFile(name)
	found.Sort()
	return pages, found, err
}

// draw lays a document out and paints it for the browser.
func (s *Service) draw(ctx context.Context, doc flow.Document) (pages []string, found diag.Findings, err error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	laid, found := layout.Paginate(doc, s.Office.Fonts())
	for i, sheet := range laid.Pages {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		var picture strings.Builder
		if err := svg.Write(&picture, sheet, i+1, s.Office.Fonts()); err != nil {
			return nil, nil, err
		}
		pages = append(pages, picture.String())
	}
	return pages, found, nil
}

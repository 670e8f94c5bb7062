package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"vanthu/internal/check"
	"vanthu/internal/diag"
	"vanthu/internal/flow"
	"vanthu/internal/layout"
	"vanthu/internal/model"
	"vanthu/internal/svg"
	"vanthu/internal/tally"
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
func (a *App) Preview(ctx context.Context, request Request) (shown Preview, found diag.Findings, err error) {
	defer guard("preview", &err)
	defer func() { found.Sort() }()
	profile, found, err := a.profileOf(request)
	if err != nil {
		return Preview{}, found, err
	}
	data, more, err := a.bindRequest(request, profile)
	if found.Add(more...); err != nil || data.kind == nil {
		return Preview{}, found, err
	}
	template := data.kind.template()
	if found.Add(template.found...); template.template == nil {
		return Preview{Kind: data.kind.schema.Kind}, found, template.err
	}
	var previous *model.Document
	if request.Previous != nil {
		previous, more, err = a.previous(request, profile)
		if found.Add(more...); err != nil {
			return Preview{}, found, err
		}
	}
	draft, _ := model.BindDraft(&data.kind.schema, data.record, profile) // finds what bind found
	result, more := drafted(&draft, previous, request.Taken)
	found.Add(placed(more, data.record)...)
	shown = Preview{Kind: result.Kind, Symbol: result.Symbol, Title: result.Title, Date: result.Date, Tasks: result.Tasks}
	docx, err := template.template.Fill(draft)
	if err != nil {
		return Preview{}, found, err
	}
	read, more, err := wml.Read(docx)
	if err != nil {
		return Preview{}, found, err
	}
	checked := check.Run(read)
	if found.Blocking() {
		checked = besidesBlanks(checked, read, data.kind.schema.Fields)
	}
	more.Add(checked...)
	var drawn diag.Findings
	shown.Pages, drawn, err = a.draw(ctx, read)
	found.Add(inFile(result.Name+".docx", append(more, drawn...))...)
	return shown, found, err
}

// drafted adds the figures of a draft and describes it. Without a closing date and a date of its own it is counted as of the day today.
func drafted(draft, previous *model.Document, today time.Time) (result Result, found diag.Findings) {
	const closing = "ngay_chot"
	_, dated := draft.Values["ngay"].(model.Date)
	typed, asked := draft.Values[closing]
	if _, closed := typed.(model.Date); !closed && !dated && !today.IsZero() {
		today = today.In(time.FixedZone("Asia/Ho_Chi_Minh", 7*60*60))
		draft.Values[closing] = model.Date{Date: vi.Date{Year: today.Year(), Month: int(today.Month()), Day: today.Day()}}
		defer func() {
			if delete(draft.Values, closing); asked {
				draft.Values[closing] = typed
			}
		}()
	}
	found = tally.Add(draft, previous)
	result.describe(*draft)
	return result, found
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
func (a *App) PreviewWord(ctx context.Context, name string, docx []byte) (pages []string, found diag.Findings, err error) {
	defer guard("preview "+name, &err)
	read, found, err := wml.Read(docx)
	if err != nil || found.Blocking() {
		return nil, inFile(name, found), err
	}
	pages, more, err := a.draw(ctx, read)
	found = inFile(name, append(found, more...))
	found.Sort()
	return pages, found, err
}

// draw lays a document out and paints it for the browser.
func (a *App) draw(ctx context.Context, doc flow.Document) (pages []string, found diag.Findings, err error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	laid, found := layout.Paginate(doc, a.fonts)
	for i, sheet := range laid.Pages {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		var picture strings.Builder
		if err := svg.Write(&picture, sheet, i+1, a.fonts); err != nil {
			return nil, nil, err
		}
		pages = append(pages, picture.String())
	}
	return pages, found, nil
}

// Face is a font as a browser loads it.
type Face struct {
	Family       string
	Bold, Italic bool
	MediaType    string // "font/woff2", "font/ttf"
	Data         []byte
}

// Faces are those that previews use, in a fixed order: the embedded ones cut to what office papers hold, an office's own whole.
func (a *App) Faces() []Face {
	var faces []Face
	for _, f := range a.fonts.Faces() {
		face := Face{f.Family, f.Bold, f.Italic, "font/woff2", f.Web()}
		if face.Data == nil {
			face.MediaType, face.Data = "font/ttf", f.TTF()
		}
		faces = append(faces, face)
	}
	return faces
}

// Task is something that a document follows up.
type Task struct {
	Title string  `json:"title"`
	Body  string  `json:"body,omitempty"` // who is in charge
	Due   vi.Date `json:"due"`
	Done  bool    `json:"done"`
	State string  `json:"state,omitempty"` // as tally says it: "quá hạn"
}

// tasksOf are those of a document whose figures were added.
func tasksOf(d model.Document) []Task {
	var tasks []Task
	for _, task := range tally.Tasks(&d) {
		tasks = append(tasks, Task(task))
	}
	return tasks
}

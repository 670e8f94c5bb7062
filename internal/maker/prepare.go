package maker

import (
	"fmt"
	"path"
	"slices"
	"time"

	"vanthu/internal/diag"
	"vanthu/internal/fill"
	"vanthu/internal/model"
	"vanthu/internal/office"
	"vanthu/internal/source"
	"vanthu/internal/tally"
	"vanthu/internal/vi"
)

// File is a file that a person gives.
type File = source.Input

// Request asks for one document.
type Request struct {
	File            // the data file
	Tables   []File // workbooks and CSV files that fill its tables
	Previous *File  // the data file of the period before, to compare with, or nil
	Profile  []byte // a don-vi.yaml that takes the place of that of the office, or nil
	PDF      bool   // make the PDF too
	XLSX     bool   // make the progress workbook too, of a kind that has one

	Unit string // which of the units of the data file, for a workbook of many (Units); empty for a file of one
	Kind string // slug, where the data file names no kind that there is and a person said it; empty otherwise

	Office    string    // the ID of the office that asks: its profile, its numbers; empty for a service without any
	Register  bool      // take the number from the register where the data give none; Issue then says that the document went out
	Taken     time.Time // when a number is taken
	NumberKey string    // of the number that the document had before its data were mended, or empty
}

// prepared is a request whose data file was read: all that is made, shown or said of it goes on from here.
type prepared struct {
	request  Request
	profile  *model.Record      // of the office, or nil
	unit     string             // of a workbook of many units, or empty
	content  []byte             // what the data file says: its bytes, or the digest of the unit
	file     *source.File       // that of the unit, with its further tables; nil where it could not be read
	kind     *office.Definition // nil where findings say that it is not known
	record   model.Record       // what the file says
	document model.Document     // bound
	template *fill.Template     // nil where findings say why it cannot be used
}

// How data are bound.
const (
	whole = false // held to every field
	draft = true  // a field that is missing or wrong shows its label
)

// prepare takes a request to the data of a document, with its figures, and the template of its kind. The kind, and then the template, are nil
// where findings say why; the data are whole where none blocks.
func (s *Service) prepare(request Request, draft bool) (*prepared, diag.Findings, error) {
	p, found, err := s.bind(request, draft)
	if err != nil || p.kind == nil {
		return p, found, err
	}
	var more diag.Findings
	p.template, more, err = p.kind.Template()
	if found.Add(more...); err != nil {
		return p, found, err
	}
	var previous *model.Document
	if request.Previous != nil {
		previous, more, err = s.previous(p)
		if found.Add(more...); err != nil {
			return p, found, err
		}
	}
	if draft || !found.Blocking() {
		found.Add(placed(p.addFigures(previous, draft), p.record)...)
	}
	return p, found, nil
}

// bind reads the data file of a request and binds it to the fields of its kind.
func (s *Service) bind(request Request, draft bool) (*prepared, diag.Findings, error) {
	profile, found := s.profileOf(request)
	w, more, err := s.open(request.File)
	if found.Add(more...); err != nil || w == nil {
		return &prepared{}, found, err
	}
	p, more := s.bindUnit(w, request, profile, draft)
	return p, append(found, more...), nil
}

// bindUnit binds one unit of a data file, or all of a file of one.
func (s *Service) bindUnit(w *workbook, request Request, profile *model.Record, draft bool) (*prepared, diag.Findings) {
	p := &prepared{request: request, profile: profile, content: request.Data}
	one, found := w.unit(request.File, request.Unit)
	if found.Blocking() {
		return p, found
	}
	file := w.file
	if one != nil {
		p.unit, p.content, file = one.Name, []byte(w.digest(one.Name)), file.Of(*one)
	}
	inputs := make([]source.Input, len(request.Tables))
	for i, table := range request.Tables {
		inputs[i] = apart(table, "bảng", request.File)
	}
	file, more := file.With(inputs...)
	if found.Add(more...); found.Blocking() {
		return p, found
	}
	p.file = file
	named := file.Kind()
	if request.Kind != "" && s.Office.Find(named.Text) == nil {
		named.Text = request.Kind
	}
	p.kind, more = s.Office.KindOf(named)
	if found.Add(more...); p.kind == nil {
		return p, found
	}
	p.record, more = file.Record(&p.kind.Schema)
	found.Add(more...)
	if request.Kind != "" && p.kind.Schema.Kind == request.Kind {
		p.record = ofKind(p.record, request.Kind)
	}
	bind := model.Bind
	if draft {
		bind = model.BindDraft
	}
	p.document, more = bind(&p.kind.Schema, p.record, profile)
	found.Add(more...)
	if blank := p.document.Unnumbered; blank != nil && !(request.Register && p.toNumber().Wanted()) {
		found.Add(*blank)
	}
	return p, found
}

// ofKind returns a record that says its kind.
func ofKind(record model.Record, kind string) model.Record {
	named := model.Field{Key: model.KindKey, Value: model.Node{Shape: model.Scalar, Text: kind}}
	rest := slices.DeleteFunc(slices.Clone(record.Root.Fields), func(f model.Field) bool { return f.Key == named.Key })
	record.Root.Fields = append(rest, named)
	return record
}

// profileOf returns the office profile of a request: its own, else that of its office, else nil.
func (s *Service) profileOf(request Request) (*model.Record, diag.Findings) {
	if request.Profile == nil {
		return s.Office.ProfileOf(request.Office), nil
	}
	profile, found := office.ReadProfile(request.Profile)
	return &profile, found
}

// previous reads the data of the period before. A workbook of many units that does not have the one at hand gives none.
func (s *Service) previous(p *prepared) (*model.Document, diag.Findings, error) {
	file := apart(*p.request.Previous, "kỳ trước", p.request.File)
	w, found, err := s.open(file)
	if err != nil || w == nil {
		return nil, found, err
	}
	unit := p.request.Unit
	switch {
	case len(w.units) == 0:
		unit = ""
	case unit != "" && !slices.ContainsFunc(w.units, func(u source.Unit) bool { return u.Name == unit }):
		return nil, diag.Findings{{
			Severity: diag.Warning, Code: diag.NoPreviousUnit, Where: diag.Place{File: path.Base(file.Name)},
			Message: fmt.Sprintf("số liệu kỳ trước không có đơn vị “%s”, nên văn bản không so sánh với kỳ trước", diag.Excerpt(unit)),
			Hint:    "nếu đơn vị có ở kỳ trước, ghi tên như nhau trong cả hai tệp",
		}}, nil
	}
	before, more := s.bindUnit(w, Request{File: file, Unit: unit, Kind: p.request.Kind}, p.profile, whole)
	return &before.document, append(found, more...), nil
}

// addFigures adds what the tables come to. A draft without a closing date and a date of its own is counted as of the day when it is asked for.
func (p *prepared) addFigures(previous *model.Document, draft bool) diag.Findings {
	const closing = model.ClosingKey
	values := p.document.Values
	_, dated := values[model.DayKey].(model.Date)
	typed, asked := values[closing]
	if _, closed := typed.(model.Date); draft && !closed && !dated && !p.request.Taken.IsZero() {
		values[closing] = model.Date{Date: vi.Today(p.request.Taken)}
		defer func() {
			if delete(values, closing); asked {
				values[closing] = typed
			}
		}()
	}
	return tally.Add(&p.document, previous)
}

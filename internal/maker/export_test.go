package maker

import (
	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/office"
)

// What tests outside of the package look at.
var (
	UnitName   = unitName
	AddFigures = addFigures
)

const MaxOpened = maxOpened

func (s *Service) Opened() int         { return len(s.opened.last) }
func (s *Service) TypeNames() []string { return s.typeNames() }

// Bound is a data file that was read and bound.
type Bound struct {
	Kind     *office.Definition
	Record   model.Record
	Document model.Document
}

// Bind binds the data file of a request, and with figures takes it as far as Make does before it fills the template.
func (s *Service) Bind(request Request, figures bool) (Bound, diag.Findings, error) {
	step := s.bind
	if figures {
		step = s.prepare
	}
	p, found, err := step(request, whole)
	return Bound{p.kind, p.record, p.document}, found, err
}

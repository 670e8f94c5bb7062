package desk

import (
	"context"
	"errors"
	"time"

	"vanthu/internal/diag"
	"vanthu/internal/maker"
	"vanthu/internal/register"
	"vanthu/internal/store"
)

// Order says how the document of a draft is to be made.
type Order struct {
	Unit   string    // of a data file of many units, or empty
	Number bool      // take a number of the register where the document has none
	At     time.Time // the time now
}

// Made is what came of the making of a document.
type Made struct {
	Draft  store.Draft // as it was made of: with the number of the register
	Result maker.Result
	Found  diag.Findings // nothing was made where they block
	Kept   store.Document
	Fresh  bool // it is another version than the last
}

// Make makes the document of a draft with all its files and keeps it: with the number that the register gave it before, or with a new one where it
// has none and one is to be taken. A new number goes into the draft, so that it stands in whatever is made of it later; that the document went
// out is said at the register, when it is signed.
func (s *Service) Make(ctx context.Context, draft store.Draft, order Order) (made Made, err error) {
	last, err := s.ApplyNumber(ctx, &draft)
	if made.Draft = draft; err != nil {
		return made, err
	}
	request, err := s.Request(ctx, &draft, order.Unit, order.At)
	if err != nil {
		return made, err
	}
	request.PDF, request.XLSX = true, true
	request.Register = order.Number || register.Standing(last).Key != "" // what the register says of it follows
	request.NumberKey = register.KeyAfter(last)
	if made.Result, made.Found, err = s.maker.Make(ctx, request); err != nil || made.Found.Blocking() {
		return made, err
	}
	if order.Number && len(draft.Data) > 0 {
		if request.Data, err = s.writeNumber(ctx, draft, made.Result, order.At); err != nil {
			return made, err
		}
	}
	before, err := s.store.LastDocument(ctx, DocumentName(draft.ID))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return made, err
	}
	made.Kept, err = s.Keep(ctx, request, made.Result, made.Found, draft.ID, order.At)
	made.Fresh = made.Kept.Version != before.Version
	return made, err
}

// writeNumber writes the number of a document into its draft and returns the data with it. Where somebody else saved the draft meanwhile, the
// number goes into what they saved.
func (s *Service) writeNumber(ctx context.Context, draft store.Draft, result maker.Result, at time.Time) ([]byte, error) {
	number := register.NumberIn(result.Symbol)
	numbered, err := s.WithNumber(draft.Kind, draft.Data, number)
	for err == nil {
		later := draft
		if later.Data, err = s.WithNumber(later.Kind, later.Data, number); err != nil {
			break
		}
		later.Saved = at
		if _, err = s.store.SaveDraft(ctx, later); !errors.Is(err, store.ErrChanged) {
			break
		}
		draft, err = s.store.Draft(ctx, draft.Office, draft.ID)
	}
	if errors.Is(err, store.ErrNotFound) { // a draft that was deleted meanwhile needs no number
		err = nil
	}
	return numbered, err
}

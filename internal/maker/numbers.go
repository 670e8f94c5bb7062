package maker

import (
	"context"
	"errors"

	"vanthu/internal/diag"
	"vanthu/internal/parallel"
	"vanthu/internal/register"
)

// toNumber is what the register has to know of a document.
func (p *prepared) toNumber() *register.Document {
	return &register.Document{
		Document: p.document, Profile: p.profile, Office: p.request.Office, Content: p.content, Key: p.request.NumberKey, Taken: p.request.Taken,
	}
}

// takeNumber takes the number of a document from the register, and returns its key.
func (s *Service) takeNumber(ctx context.Context, p *prepared, found *diag.Findings) (key string, err error) {
	key, more, err := s.Register.Take(ctx, p.toNumber())
	found.Add(placed(more, p.record)...)
	return key, err
}

// TakeNumbers takes the numbers of many documents in the order of their dates, and of the documents where dates are alike. Make gives
// each the same number again, and tells of those that get none: what cannot be made, and what the register refuses. request is called
// for 0 to n-1, several at once.
func (s *Service) TakeNumbers(ctx context.Context, n int, request func(int) (Request, error)) error {
	type reading struct {
		document *register.Document // nil where it gets no number
		err      error
	}
	read := func(i int) reading {
		if err := ctx.Err(); err != nil {
			return reading{err: err}
		}
		one, err := request(i)
		if err != nil {
			return reading{err: err}
		}
		document, err := s.unnumbered(one)
		if stumbled := (*diag.Panic)(nil); errors.As(err, &stumbled) {
			err = nil
		}
		return reading{document, err}
	}
	indices := make([]int, n)
	for i := range indices {
		indices[i] = i
	}
	var documents []*register.Document
	for _, one := range parallel.InOrder(indices, read) {
		if one.err != nil {
			return one.err
		}
		if one.document != nil {
			documents = append(documents, one.document)
		}
	}
	return s.Register.TakeAll(ctx, documents)
}

// unnumbered is a document that could be made, as the register sees it, and nil for one that findings block.
func (s *Service) unnumbered(request Request) (document *register.Document, err error) {
	defer diag.Recover("number", &err)
	p, found, err := s.prepare(request, whole)
	if err != nil || found.Blocking() {
		return nil, err
	}
	return p.toNumber(), nil
}

package desk

import (
	"context"
	"errors"
	"path"
	"slices"

	"vanthu/internal/model"
	"vanthu/internal/register"
	"vanthu/internal/store"
)

const numberField = model.NumberKey

// LastNumber returns the line of the register that the document of a draft got, which may be void; its key is empty where it got none.
func (s *Service) LastNumber(ctx context.Context, draft *store.Draft) (entry register.Entry, err error) {
	versions, err := s.store.DocumentVersions(ctx, draft.Office, DocumentName(draft.ID)) // one made after a number was voided has none
	if i := slices.IndexFunc(versions, func(d store.Document) bool { return d.NumberKey != "" }); err == nil && i >= 0 {
		entry, err = s.store.Entry(ctx, draft.Office, versions[i].NumberKey)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return register.Entry{}, err
	}
	return entry, nil
}

// ApplyNumber writes into a draft of a form the number that its document has in the register, whatever was typed, and takes one away that is void
// there. It returns LastNumber.
func (s *Service) ApplyNumber(ctx context.Context, draft *store.Draft) (register.Entry, error) {
	entry, err := s.LastNumber(ctx, draft)
	if err != nil || entry.Key == "" || len(draft.Data) == 0 {
		return entry, err
	}
	root, err := s.ReadForm(draft.Data)
	if err != nil {
		return entry, err
	}
	typed, number := "", register.NumberIn(entry.Symbol)
	if i := slices.IndexFunc(root.Fields, func(f model.Field) bool { return f.Key == numberField }); i >= 0 {
		typed = root.Fields[i].Value.Text
	}
	switch void := entry.State == store.Void; {
	case void && typed == number:
		draft.Data, err = s.WithNumber(draft.Kind, draft.Data, "")
	case !void && typed != number:
		draft.Data, err = s.WithNumber(draft.Kind, draft.Data, number)
	}
	return entry, err
}

// WithNumber returns the data of a form with a number, or without one.
func (s *Service) WithNumber(kind string, data []byte, number string) ([]byte, error) {
	root, err := s.ReadForm(data)
	if err != nil {
		return nil, err
	}
	root.Fields = slices.DeleteFunc(root.Fields, func(f model.Field) bool { return f.Key == numberField })
	if number != "" {
		root.Fields = append(root.Fields, model.Field{Key: numberField, Value: model.Node{Shape: model.Scalar, Text: number}})
	}
	return s.WriteForm(s.maker.Office.Schema(kind), root), nil
}

// DocumentOf returns the document that a number was taken for; it is the zero one for a number taken by hand.
func (s *Service) DocumentOf(ctx context.Context, entry register.Entry) (store.Document, error) {
	document, err := s.store.DocumentOfNumber(ctx, entry.Office, entry.Key)
	if errors.Is(err, store.ErrNotFound) {
		return store.Document{}, nil
	}
	return document, err
}

// Issue records that a number went out, with the Word file where that was made here. The error is store.ErrState for a void one.
func (s *Service) Issue(ctx context.Context, entry register.Entry) error {
	document, err := s.DocumentOf(ctx, entry)
	if err != nil {
		return err
	}
	for _, file := range document.Files {
		if path.Ext(file.Name) == ".docx" && file.Hash != "" {
			_, err = s.store.Issue(ctx, entry.Key, file.Hash)
			return err
		}
	}
	_, err = s.store.IssueNumber(ctx, entry.Series, entry.Number)
	return err
}

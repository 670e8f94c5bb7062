package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	deskservice "vanthu/internal/desk"
	"vanthu/internal/maker"
	"vanthu/internal/model"
	"vanthu/internal/office"
	"vanthu/internal/store"
	"vanthu/internal/vi"
)

// lastNumber is the line of the register that the document of a draft got, its key empty where it got none. It may be void.
func (s *desk) lastNumber(ctx context.Context, draft *store.Draft) (entry store.Entry, p *Problem) {
	versions, err := s.store.DocumentVersions(ctx, draft.Office, deskservice.DocumentName(draft.ID)) // one made after a number was voided has none
	if i := slices.IndexFunc(versions, func(d store.Document) bool { return d.NumberKey != "" }); err == nil && i >= 0 {
		entry, err = s.store.Entry(ctx, draft.Office, versions[i].NumberKey)
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return store.Entry{}, s.fault(ctx, "number of draft", err)
	}
	return entry, nil
}

// numberOf is lastNumber without a void one.
func (s *desk) numberOf(ctx context.Context, draft *store.Draft) (store.Entry, *Problem) {
	entry, p := s.lastNumber(ctx, draft)
	return standing(entry), p
}

// standing is a number that is not void, or none.
func standing(entry store.Entry) store.Entry {
	if entry.State == store.Void {
		return store.Entry{}
	}
	return entry
}

// keyToTake is the key under which a draft takes its number: that which it has, none where it never had one, and after a void one another,
// so that the same data get another number, and asking twice gets one.
func keyToTake(last store.Entry) string {
	if last.State != store.Void {
		return last.Key
	}
	sum := sha256.Sum256([]byte("after a void one\x00" + last.Key))
	return hex.EncodeToString(sum[:])
}

// withNumber returns a draft the number that its document has in the register, whatever was typed, and takes one away that is void there. It gives
// lastNumber.
func (s *desk) withNumber(ctx context.Context, draft *store.Draft) (store.Entry, *Problem) {
	entry, p := s.lastNumber(ctx, draft)
	if p != nil || entry.Key == "" {
		return entry, p
	}
	root, err := s.Desk.ReadForm(draft.Data)
	number := numberIn(entry.Symbol)
	typed := boxText(inside(root, numberField))
	switch {
	case err != nil:
	case entry.State == store.Void && typed == number:
		draft.Data, p = s.without(ctx, s.Office.Schema(draft.Kind), draft.Data, numberField)
	case entry.State != store.Void && typed != number:
		draft.Data, err = s.numbered(draft, number)
	}
	if err != nil {
		p = s.fault(ctx, "number of draft", err)
	}
	return entry, p
}

// numberIn is the number of a symbol: "01" of "01/KH-HĐND".
func numberIn(symbol string) string {
	number, _, _ := strings.Cut(symbol, "/")
	return number
}

// unregistered reports whether a symbol has a number that the register of an office does not have for a document of that year.
func (s *desk) unregistered(ctx context.Context, office, symbol string, day vi.Date) (bool, *Problem) {
	symbol = plainSymbol(symbol)
	if symbol == "" || strings.HasPrefix(symbol, "/") || day == (vi.Date{}) {
		return false, nil
	}
	entries, err := s.store.List(ctx, store.Filter{Office: &office, Year: day.Year, Words: symbol})
	if err != nil {
		return false, s.fault(ctx, "look number up", err)
	}
	return !slices.ContainsFunc(entries, func(e store.Entry) bool { return plainSymbol(e.Symbol) == symbol && e.State != store.Void }), nil
}

func plainSymbol(symbol string) string {
	return strings.TrimSpace(strings.ReplaceAll(symbol, "\u00a0", " "))
}

// numbered is the data of a draft with a number.
func (s *desk) numbered(draft *store.Draft, number string) ([]byte, error) {
	root, err := s.Desk.ReadForm(draft.Data)
	if err != nil {
		return nil, err
	}
	root.Fields = slices.DeleteFunc(root.Fields, func(f model.Field) bool { return f.Key == numberField })
	root.Fields = append(root.Fields, model.Field{Key: numberField, Value: model.Node{Shape: model.Scalar, Text: number}})
	return s.Desk.WriteForm(s.Office.Schema(draft.Kind), root), nil
}

// without is data without some of their fields.
func (s *desk) without(ctx context.Context, schema *model.Schema, data []byte, keys ...string) ([]byte, *Problem) {
	root, err := s.Desk.ReadForm(data)
	if err != nil {
		return nil, s.fault(ctx, "read data", err)
	}
	root.Fields = slices.DeleteFunc(root.Fields, func(f model.Field) bool { return slices.Contains(keys, f.Key) })
	return s.Desk.WriteForm(schema, root), nil
}

// officeOfDraft is what the profile of an office says, nothing where there is none.
func (s *desk) officeOfDraft(ctx context.Context, id string) (office.Office, *Problem) {
	text, err := s.Office.Profile(ctx, id)
	if err != nil {
		return office.Office{}, s.fault(ctx, "profile", err)
	}
	profile, _, err := s.Office.ReadOffice(text)
	if err != nil {
		return office.Office{}, s.fault(ctx, "read profile", err)
	}
	return profile, nil
}

// keep keeps a document that was made of a draft, with all its files.
func (s *desk) keep(c *gin.Context, draft *store.Draft, request maker.Request, made madeDocument) *Problem {
	ctx := c.Request.Context()
	before, err := s.store.LastDocument(ctx, deskservice.DocumentName(draft.ID))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return s.fault(ctx, "last document", err)
	}
	kept, err := s.Desk.Keep(ctx, request, made.result, made.found, deskservice.Making{Draft: draft.ID, At: s.now()})
	if err != nil {
		return s.fault(ctx, "keep document", err)
	}
	if kept.Version != before.Version {
		s.did(c, "make-document", kept.Name, fmt.Sprintf("bản %d: %s", kept.Version, made.result.Title))
	}
	return nil
}

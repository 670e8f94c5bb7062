// Package register is the register of outgoing documents: which number a document gets, in which series, and the book in which they stand
// (NĐ 30/2020/NĐ-CP, Điều 15). All rules of numbers are here; the store keeps what they come to.
package register

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"vanthu/internal/model"
	"vanthu/internal/office"
	"vanthu/internal/source"
	"vanthu/internal/store"
	"vanthu/internal/vi"
)

// Service assigns numbers and keeps their book. It is safe for concurrent use.
type Service struct {
	office *office.Service
	store  *store.Store // or nil: every method is an error then
}

// New returns the register that a store keeps; kept may be nil.
func New(of *office.Service, kept *store.Store) *Service { return &Service{of, kept} }

// File is a file that a person gives.
type File = source.Input

// Entry is a line of the register of outgoing documents.
type Entry = store.Entry

// Numbers chooses lines of the register.
type Numbers = store.Filter

var errNoRegister = errors.New("register: not open")

// seriesOf returns the series that a document takes its number from. A council that issues in its own name has its own (Phụ lục I, Phần I,
// Mục II, khoản 3, điểm a), for it has another name.
func seriesOf(document model.Document, n office.Numbering) store.Series {
	series := store.Series{Unit: model.Unit(document.Agency()), Name: n.NameOf(document.Schema), Year: document.Day().Year}
	if document.Values[model.SecrecyKey] != nil {
		series.Name = office.SecretSeries
	}
	return series
}

// numberRequest returns what the register keeps of a document; symbol has room for the number before its stroke.
func numberRequest(d model.Document, series store.Series, symbol string) store.Request {
	var places []string
	for _, recipient := range d.Values.Items(model.RecipientsKey) {
		if place, ok := recipient.(model.Text); ok {
			places = append(places, strings.TrimRight(string(place), ";. "))
		}
	}
	_, symbol, _ = strings.Cut(symbol, "/")
	return store.Request{
		Series: series, Date: d.Day(), Symbol: symbol, Kind: d.Schema.Kind, Title: d.Title(),
		Signer: strings.Join(strings.Fields(d.Signer().Text(model.PersonKey)), " "), Recipients: strings.Join(places, "\n"),
	}
}

// Issue records that the document of a number went out, with the digest of its Word file. It does nothing for one whose number was
// not taken there: its key is empty.
func (s *Service) Issue(ctx context.Context, key string, docx []byte) error {
	if key == "" {
		return nil
	}
	if s.store == nil {
		return errNoRegister
	}
	sum := sha256.Sum256(docx)
	_, err := s.store.Issue(ctx, key, hex.EncodeToString(sum[:]))
	return err
}

// NumberIn returns the number of a symbol: "01" of "01/KH-HĐND".
func NumberIn(symbol string) string {
	number, _, _ := strings.Cut(symbol, "/")
	return number
}

// PlainSymbol returns a symbol without the room that is kept for a number.
func PlainSymbol(symbol string) string {
	return strings.TrimSpace(strings.ReplaceAll(symbol, "\u00a0", " "))
}

// Standing returns a line that is not void, or none.
func Standing(entry Entry) Entry {
	if entry.State == store.Void {
		return Entry{}
	}
	return entry
}

// KeyAfter returns the key under which a document takes its number whose last line of the register is known: that which it has, none where it never
// had one, and after a void one another, so that the same data get another number, and asking twice gets one.
func KeyAfter(last Entry) string {
	if last.State != store.Void {
		return last.Key
	}
	sum := sha256.Sum256([]byte("after a void one\x00" + last.Key))
	return hex.EncodeToString(sum[:])
}

// Unregistered reports whether a symbol has a number that the register of an office does not have for a document of that year.
func (s *Service) Unregistered(ctx context.Context, office, symbol string, day vi.Date) (bool, error) {
	if s.store == nil {
		return false, errNoRegister
	}
	symbol = PlainSymbol(symbol)
	if symbol == "" || strings.HasPrefix(symbol, "/") || day == (vi.Date{}) {
		return false, nil
	}
	entries, err := s.store.List(ctx, Numbers{Office: &office, Year: day.Year, Words: symbol})
	if err != nil {
		return false, err
	}
	return !slices.ContainsFunc(entries, func(e Entry) bool { return PlainSymbol(e.Symbol) == symbol && e.State != store.Void }), nil
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"vanthu/internal/vi"
)

// Annotation is what a clerk writes by hand into the line of a document.
type Annotation struct {
	KeptBy string // unit or person that keeps the copy
	Copies int    // on paper
	Sent   vi.Date
	Note   string
}

// Issue records that the number of a key went out with a document whose Word file has this hash. Issuing again with another hash
// replaces it, as a draft signed again does, until the entry is void.
func (s *Store) Issue(ctx context.Context, key, hash string) (Entry, error) {
	entry, err := s.change(ctx, `WHERE key = $1`, []any{key}, func(e *Entry) error {
		e.Hash = hash
		return e.become(Issued)
	})
	return entry, wrap("issue", err)
}

// IssueNumber records that a number which was taken by hand went out, with a document that is not known here. One that is issued stays as it
// is. The error is ErrNotFound, or ErrState where it is void.
func (s *Store) IssueNumber(ctx context.Context, series Series, number int) (Entry, error) {
	entry, err := s.change(ctx, ofNumber, series.number(number), func(e *Entry) error { return e.become(Issued) })
	return entry, wrap("issue number", err)
}

// Cancel makes a number void, with the reason, which may not be blank; it is never given again.
func (s *Store) Cancel(ctx context.Context, series Series, number int, reason string) (Entry, error) {
	if strings.TrimSpace(reason) == "" {
		return Entry{}, errors.New("store: cancel: no reason")
	}
	entry, err := s.change(ctx, ofNumber, series.number(number), func(e *Entry) error {
		e.Reason = plain(reason)
		return e.become(Void)
	})
	return entry, wrap("cancel", err)
}

// Annotate writes what a clerk fills in by hand anew, of a void number too. The error is ErrNotFound where there is no such number.
func (s *Store) Annotate(ctx context.Context, series Series, number int, by Annotation) (Entry, error) {
	if by.Copies < 0 || by.Copies > maxCopies {
		return Entry{}, fmt.Errorf("store: annotate: %d copies", by.Copies)
	}
	entry, err := s.change(ctx, ofNumber, series.number(number), func(e *Entry) error {
		e.KeptBy, e.Copies, e.Sent, e.Note = plain(by.KeptBy), by.Copies, by.Sent, plain(by.Note)
		return nil
	})
	return entry, wrap("annotate", err)
}

// maxCopies is how many copies an entry may tell of, more than any office prints.
const maxCopies = 1_000_000

// Amend changes what the register says of the document of a key, as its data were mended: title, signer and recipients. The number, its
// series and its date stay. It does nothing for a void one.
func (s *Store) Amend(ctx context.Context, request Request) error {
	wanted := request.entry(0)
	amended := func(e Entry) Entry {
		if e.State != Void {
			e.Title, e.Signer, e.Recipients = wanted.Title, wanted.Signer, wanted.Recipients
		}
		return e
	}
	entry, err := s.entryWhere(ctx, s.db, `WHERE key = $1`, request.Key)
	if err == nil && entry != amended(entry) { // mostly nothing was mended, and nothing has to be written
		_, err = s.change(ctx, `WHERE key = $1`, []any{request.Key}, func(e *Entry) error {
			*e = amended(*e)
			return nil
		})
	}
	return wrap("amend", err)
}

// become changes the state of an entry, unless it is void.
func (e *Entry) become(state State) error {
	if e.State == Void {
		return ErrState
	}
	e.State = state
	return nil
}

// ofNumber finds an entry by what Series.number returns.
const ofNumber = `WHERE unit = $1 AND name = $2 AND year = $3 AND number = $4`

func (s Series) number(number int) []any { return []any{s.Unit, s.Name, s.Year, number} }

// change works on the one entry that where names, which is locked meanwhile, and returns it as it is then. The error is ErrNotFound, or that
// of set.
func (s *Store) change(ctx context.Context, where string, which []any, set func(e *Entry) error) (entry Entry, err error) {
	err = s.transact(ctx, func(tx *sql.Tx) error {
		found, err := queryRow(ctx, tx, scanEntry, s.placeholders(`UPDATE entries SET state = state `+where+` RETURNING `+entryColumns), which...)
		if err != nil {
			return err
		}
		entry = found
		if err := set(&entry); err != nil || entry == found {
			return err
		}
		return s.write(ctx, tx, ErrNotFound, `UPDATE entries SET title = $2, signer = $3, recipients = $4, kept_by = $5, copies = $6, sent = $7,
			note = $8, state = $9, reason = $10, hash = $11, folded = $12 WHERE key = $1`, entry.Key, entry.Title, entry.Signer, entry.Recipients,
			entry.KeptBy, entry.Copies, dateText(entry.Sent), entry.Note, string(entry.State), entry.Reason, entry.Hash, entry.folded())
	})
	if err != nil {
		return Entry{}, err
	}
	return entry, nil
}

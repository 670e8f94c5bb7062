// Package store keeps the register of outgoing documents (NĐ 30/2020/NĐ-CP, Điều 15 và Phụ lục IV): which number was given to which
// document, in which series, on which day. It lies in one SQLite file in a folder, or in a PostgreSQL database that several
// machines share; both hold the same promises: a number is given once, never out of the order of dates in its series and year, never
// lost. A number is reserved, then issued with its document, or void with a reason.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"vanthu/internal/vi"
)

// Store is an open register. It is safe for concurrent use, and several processes may open the same one.
type Store struct {
	db     *sql.DB
	sqlite bool
}

// Open opens the register at place: a folder, for the SQLite file vanthu.db in it, or a PostgreSQL address, "postgres://…". It makes
// the folder and the tables when they are not there.
func Open(ctx context.Context, place string) (*Store, error) {
	open := openFolder
	if strings.HasPrefix(place, "postgres://") || strings.HasPrefix(place, "postgresql://") {
		open = openServer
	}
	store, err := open(place)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if err := store.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: %w", err), store.Close())
	}
	return store, nil
}

// Close lets go of the database.
func (s *Store) Close() error { return s.db.Close() }

// Series is a row of numbers that begins at 1 each year: the head of the body decides which documents share one (Điều 15, khoản 1).
type Series struct {
	Unit string // whose numbers: the name of the body on one line
	Name string // "chung", a kind, a group, "mat", "ban-sao"
	Year int
}

// State of an entry.
type State string

// A number is reserved, then issued or void.
const (
	Reserved State = "reserved"
	Issued   State = "issued"
	Void     State = "void"
)

// Entry is a line of the register; its first ten fields after the number are the columns of Appendix IV.
type Entry struct {
	Series
	Key        string // chosen by whoever asks for the number; the same key gets the same number
	Number     int    // from 1
	Symbol     string // "01/KH-HĐND": number and symbol
	Date       vi.Date
	Kind       string // "ke-hoach"
	Title      string // type name and abstract
	Signer     string
	Recipients string  // one a line
	KeptBy     string  // unit or person that keeps the copy
	Copies     int     // on paper
	Sent       vi.Date // zero when not sent
	Note       string
	State      State
	Reason     string    // why it is void
	Hash       string    // SHA-256 of the Word file, in hexadecimal; empty until issued
	Taken      time.Time // when the number was reserved: UTC, whole seconds
}

// Request asks for a number. Symbol is what follows the stroke, "KH-HĐND"; the other fields are those of the Entry. Date lies in the
// year of the series.
type Request struct {
	Series     Series
	Key        string
	Date       vi.Date
	Symbol     string
	Kind       string
	Title      string
	Signer     string
	Recipients string
	Taken      time.Time
}

// OutOfOrder says that a date comes before that of a number already given in the series.
type OutOfOrder struct {
	Date vi.Date // asked for
	Last Entry   // the latest in the series that is not void
}

func (e *OutOfOrder) Error() string {
	return fmt.Sprintf("date %s comes before %s of number %s", e.Date.ISO(), e.Last.Date.ISO(), e.Last.Symbol)
}

// Errors of the register.
var (
	ErrNotFound = errors.New("no such number")
	ErrState    = errors.New("number is not in the state for this") // issuing a void one, voiding a void one
)

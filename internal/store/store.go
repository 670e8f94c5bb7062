// Package store keeps what must not be lost, in one SQLite file in a folder or in a PostgreSQL database that several machines share.
//
// The register of outgoing documents (NĐ 30/2020/NĐ-CP, Điều 15 và Phụ lục IV): which number was given to which document, in which
// series, on which day. A number is given once, never out of the order of dates in its series and year, never lost; it is reserved,
// then issued with its document, or void with a reason.
//
// Batches, their items, and the versions of the documents that were made of them: what remains to be done after a process is killed,
// and what was done.
//
// The desk: offices with their profiles, users with their sessions and tokens, what they did, drafts, and templates that were uploaded. Whatever
// is asked for with an office is found in that office only.
//
// Both databases hold the same promises.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"vanthu/internal/vi"
)

// Store is an open database. It is safe for concurrent use, and several processes may open the same one.
type Store struct {
	db   *sql.DB
	pool *pgxpool.Pool // below db, nil for SQLite
	file string        // the address of the SQLite file
	acts atomic.Int64  // how many were added here, by which those of one moment are in order
}

// Open opens the store at place: a folder, for the SQLite file vanthu.db in it, or a PostgreSQL address, "postgres://…". It makes
// the folder and the tables when they are not there, and brings those of an older program up to date. Tables of a newer program are left
// as they are: the error is ErrNewer, for this one does not know what it must keep.
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

// Close lets go of the database, when those who took connections of the pool gave them back.
func (s *Store) Close() error {
	err := s.db.Close()
	if s.pool != nil {
		s.pool.Close()
	}
	return err
}

// SQLite returns the one connection to the file, for a queue that lies in it too, or nil.
func (s *Store) SQLite() *sql.DB {
	if s.pool != nil {
		return nil
	}
	return s.db
}

// Pool returns the connections to PostgreSQL, for a queue that lies there too, or nil.
func (s *Store) Pool() *pgxpool.Pool { return s.pool }

// Ping reports whether the database takes what is written to it: one that is full or may only be read does not.
func (s *Store) Ping(ctx context.Context) error {
	result, err := s.db.ExecContext(ctx, `UPDATE pulse SET beats = beats + 1`)
	if err == nil {
		var n int64
		if n, err = result.RowsAffected(); err == nil && n != 1 {
			err = errors.New("no pulse")
		}
	}
	if err != nil {
		return fmt.Errorf("store: ping: %w", full(err))
	}
	return nil
}

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
	Office     string // that may see it
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
	Office     string // that may see it
	Key        string
	Date       vi.Date
	Symbol     string
	Kind       string
	Title      string
	Signer     string
	Recipients string
	Taken      time.Time
}

// OutOfOrder says that a date comes before that of a number already given in the series, or after that of a higher one.
type OutOfOrder struct {
	Date vi.Date // asked for
	Last Entry   // the latest in the series that is not void; of an import, the entry that the date contradicts
}

func (e *OutOfOrder) Error() string {
	if e.Last.Date.Before(e.Date) {
		return fmt.Sprintf("date %s comes after %s of number %s", e.Date.ISO(), e.Last.Date.ISO(), e.Last.Symbol)
	}
	return fmt.Sprintf("date %s comes before %s of number %s", e.Date.ISO(), e.Last.Date.ISO(), e.Last.Symbol)
}

// Errors of the store.
var (
	ErrNotFound = errors.New("not found")
	ErrState    = errors.New("number is not in the state for this") // issuing a void one, voiding a void one
	ErrExists   = errors.New("there is one of that name")
	ErrChanged  = errors.New("somebody else saved it meanwhile")
	ErrOffice   = errors.New("the series of numbers is that of another office")
	ErrLast     = errors.New("no administrator would be left")
	ErrNewer    = errors.New("the tables are those of a newer program")
)

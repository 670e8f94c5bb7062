package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"vanthu/internal/nd30"
	"vanthu/internal/vi"
)

// Reserve returns the next number of a series, or the one that the key has already, whatever its state. The error is *OutOfOrder where
// the date goes back, ErrOffice where the series is that of another office. After any other error the number may have been given all the same, as when a connection breaks; asking again
// with the key tells.
func (s *Store) Reserve(ctx context.Context, request Request) (Entry, error) {
	if err := request.check(); err != nil {
		return Entry{}, fmt.Errorf("store: reserve: %w", err)
	}
	for {
		entry, err := s.reserve(ctx, request)
		switch {
		case errors.Is(err, errTaken):
			continue // the key has a number now, and the next time it is found
		case err != nil:
			return Entry{}, fmt.Errorf("store: reserve: %w", err)
		}
		return entry, nil
	}
}

func (r Request) check() error {
	if r.Key == "" {
		return errors.New("no key")
	}
	if date, err := parseDate(r.Date.ISO()); err != nil || date != r.Date || date.Year != r.Series.Year {
		return fmt.Errorf("date %s is not one of the year %d", r.Date.ISO(), r.Series.Year)
	}
	return nil
}

// What ends the transaction of reserve without a number.
var (
	errKept  = errors.New("key has a number")
	errTaken = errors.New("key got a number in another series at the same moment")
)

// reserve makes one transaction. Its first statement locks the row of the series until the end, so that whoever takes a number of the
// series stands alone; where the transaction is undone the row is as it was, and no number is missing.
func (s *Store) reserve(ctx context.Context, request Request) (entry Entry, err error) {
	err = s.transact(ctx, func(tx *sql.Tx) error {
		series := request.Series
		var number int
		err := tx.QueryRowContext(ctx, s.placeholders(`INSERT INTO series (unit, name, year, last) VALUES ($1, $2, $3, 1)
			ON CONFLICT (unit, name, year) DO UPDATE SET last = series.last + 1 RETURNING last`),
			series.Unit, series.Name, series.Year).Scan(&number)
		if err != nil {
			return err
		}
		entry, err = s.entryWhere(ctx, tx, `WHERE key = $1`, request.Key)
		if err == nil {
			return errKept
		} else if !errors.Is(err, ErrNotFound) {
			return err
		}
		last, err := s.last(ctx, tx, series)
		switch {
		case errors.Is(err, ErrNotFound):
		case err != nil:
			return err
		case last.Office != request.Office:
			return ErrOffice
		case request.Date.Before(last.Date):
			return &OutOfOrder{Date: request.Date, Last: last}
		}
		entry = request.entry(number)
		return s.insert(ctx, tx, entry)
	})
	if errors.Is(err, errKept) {
		return entry, nil
	}
	return entry, err
}

func (r Request) entry(number int) Entry {
	return Entry{
		Series: r.Series, Office: r.Office, Key: r.Key, Number: number, Symbol: nd30.NumberSymbol(nd30.Number(number), r.Symbol), Date: r.Date, Kind: r.Kind,
		Title: plain(r.Title), Signer: plain(r.Signer), Recipients: plain(r.Recipients), State: Reserved, Taken: r.Taken.UTC().Truncate(time.Second),
	}
}

func (s *Store) insert(ctx context.Context, tx *sql.Tx, e Entry) error {
	return s.write(ctx, tx, errTaken, insertEntry+places(1, len(e.values()))+` ON CONFLICT (key) DO NOTHING`, e.values()...)
}

const insertEntry = `INSERT INTO entries (` + entryColumns + `, folded) VALUES `

// values returns those of the columns of insertEntry.
func (e *Entry) values() []any {
	return []any{
		e.Unit, e.Name, e.Year, e.Key, e.Number, e.Symbol, dateText(e.Date), e.Kind, e.Title, e.Signer, e.Recipients, e.KeptBy, e.Copies,
		dateText(e.Sent), e.Note, string(e.State), e.Reason, e.Hash, timeText(e.Taken), e.Office, e.folded(),
	}
}

// folded returns what words are looked for in.
func (e *Entry) folded() string {
	texts := []string{e.Symbol, e.Title, e.Signer, e.Recipients}
	for _, more := range []string{e.KeptBy, e.Note, e.Reason} {
		if more != "" {
			texts = append(texts, more)
		}
	}
	return vi.Fold(strings.Join(texts, "\n"))
}

// Next returns the number that Reserve would give now, without giving it, and the last entry of the series that is not void, if any: no
// date before its date is taken.
func (s *Store) Next(ctx context.Context, series Series) (number int, last *Entry, err error) {
	err = s.db.QueryRowContext(ctx, s.placeholders(`SELECT last FROM series WHERE unit = $1 AND name = $2 AND year = $3`),
		series.Unit, series.Name, series.Year).Scan(&number)
	if errors.Is(err, sql.ErrNoRows) {
		return 1, nil, nil
	} else if err != nil {
		return 0, nil, fmt.Errorf("store: next: %w", err)
	}
	entry, err := s.last(ctx, s.db, series)
	if errors.Is(err, ErrNotFound) {
		return number + 1, nil, nil
	} else if err != nil {
		return 0, nil, fmt.Errorf("store: next: %w", err)
	}
	return number + 1, &entry, nil
}

// last returns the last entry of a series that is not void. The dates of these do not go back, so it is the latest too.
func (s *Store) last(ctx context.Context, in reader, series Series) (Entry, error) {
	return s.entryWhere(ctx, in, `WHERE unit = $1 AND name = $2 AND year = $3 AND state <> 'void' ORDER BY number DESC LIMIT 1`,
		series.Unit, series.Name, series.Year)
}

// transact does work whole or not at all.
func (s *Store) transact(ctx context.Context, work func(tx *sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return full(err)
	}
	defer tx.Rollback() // nothing is left to undo after Commit
	if err := work(tx); err != nil {
		return full(err)
	}
	return full(tx.Commit())
}

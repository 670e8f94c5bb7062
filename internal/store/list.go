package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"vanthu/internal/vi"
)

// Filter chooses entries; zero fields choose all.
type Filter struct {
	Unit, Name string
	Year       int
	State      State
	Words      string // each must occur, accents aside, in symbol, title, signer or recipients
}

// List gives the entries of a filter by year, series and number.
func (s *Store) List(ctx context.Context, filter Filter) ([]Entry, error) {
	where, values := filter.where()
	rows, err := s.db.QueryContext(ctx, s.marks(selectEntry+where+` ORDER BY year, unit, name, number`), values...)
	if err != nil {
		return nil, fmt.Errorf("store: list: %w", err)
	}
	defer rows.Close()
	var entries []Entry
	for rows.Next() {
		entry, err := scanEntry(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("store: list: %w", err)
		}
		entries = append(entries, entry)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: list: %w", err)
	}
	return entries, nil
}

// where gives the conditions of the filter and the values of their marks.
func (f Filter) where() (string, []any) {
	conditions := []string{"TRUE"}
	var values []any
	demand := func(condition string, value any) {
		values = append(values, value)
		conditions = append(conditions, strings.ReplaceAll(condition, "$", "$"+strconv.Itoa(len(values))))
	}
	if f.Unit != "" {
		demand("unit = $", f.Unit)
	}
	if f.Name != "" {
		demand("name = $", f.Name)
	}
	if f.Year != 0 {
		demand("year = $", f.Year)
	}
	if f.State != "" {
		demand("state = $", string(f.State))
	}
	literal := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	for _, word := range strings.Fields(vi.Fold(f.Words)) {
		demand(`folded LIKE $ ESCAPE '\'`, "%"+literal.Replace(word)+"%")
	}
	return "WHERE " + strings.Join(conditions, " AND "), values
}

const selectEntry = `SELECT unit, name, year, key, number, symbol, date, kind, title, signer, recipients, kept_by, copies, sent, note,
	state, reason, hash, taken FROM entries `

// reader is the database, or a transaction in it.
type reader interface {
	QueryRowContext(ctx context.Context, query string, arguments ...any) *sql.Row
}

// one gives the first entry that where names, or ErrNotFound.
func (s *Store) one(ctx context.Context, in reader, where string, which ...any) (Entry, error) {
	entry, err := scanEntry(in.QueryRowContext(ctx, s.marks(selectEntry+where), which...).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Entry{}, ErrNotFound
	}
	return entry, err
}

// scanEntry reads a row of selectEntry.
func scanEntry(scan func(columns ...any) error) (e Entry, err error) {
	var date, sent, taken string
	err = scan(&e.Unit, &e.Name, &e.Year, &e.Key, &e.Number, &e.Symbol, &date, &e.Kind, &e.Title, &e.Signer, &e.Recipients, &e.KeptBy,
		&e.Copies, &sent, &e.Note, &e.State, &e.Reason, &e.Hash, &taken)
	if err != nil {
		return Entry{}, err
	}
	if e.Date, err = parseDate(date); err != nil {
		return Entry{}, err
	}
	if sent != "" {
		if e.Sent, err = parseDate(sent); err != nil {
			return Entry{}, err
		}
	}
	e.Taken, err = time.Parse(time.RFC3339, taken)
	return e, err
}

func parseDate(iso string) (vi.Date, error) {
	t, err := time.Parse(time.DateOnly, iso)
	return vi.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}, err
}

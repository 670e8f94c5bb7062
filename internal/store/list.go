package store

import (
	"context"
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
	entries, err := all(ctx, s.db, scanEntry, s.marks(selectEntry+where+` ORDER BY year, unit, name, number`), values...)
	if err != nil {
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

// one gives the first entry that where names, or ErrNotFound.
func (s *Store) one(ctx context.Context, in reader, where string, which ...any) (Entry, error) {
	return one(ctx, in, scanEntry, s.marks(selectEntry+where), which...)
}

// scanEntry reads a row of selectEntry.
func scanEntry(read scan) (e Entry, err error) {
	err = read(&e.Unit, &e.Name, &e.Year, &e.Key, &e.Number, &e.Symbol, (*dateColumn)(&e.Date), &e.Kind, &e.Title, &e.Signer, &e.Recipients,
		&e.KeptBy, &e.Copies, (*dateColumn)(&e.Sent), &e.Note, &e.State, &e.Reason, &e.Hash, (*timeColumn)(&e.Taken))
	return e, err
}

func parseDate(iso string) (vi.Date, error) {
	t, err := time.Parse(time.DateOnly, iso)
	return vi.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}, err
}

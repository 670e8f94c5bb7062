package store

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"vanthu/internal/vi"
)

// Filter chooses entries; zero fields choose all.
type Filter struct {
	Unit, Name string
	Office     *string // nil for those of every office
	Year       int
	State      State
	Words      string // each must occur, accents aside, in symbol, title, signer, recipients, keeper, note or reason
	Veiled     string // the name of a series of whose entries Words are looked for in the symbols alone

	Newest     bool // by date, the latest first
	Most, Skip int  // a page of so many after so many; 0 for all and none
}

// order returns the order of the entries; in either no two are alike.
func (f Filter) order() string {
	if f.Newest {
		return ` ORDER BY date DESC, number DESC, taken DESC, unit DESC, name DESC`
	}
	return ` ORDER BY year, unit, name, number`
}

// Count returns how many entries a filter chooses, whatever its Most and Skip.
func (s *Store) Count(ctx context.Context, filter Filter) (int, error) {
	which := filter.where()
	n, err := queryRow(ctx, s.db, scalar[int], s.placeholders(`SELECT COUNT(*) FROM entries `+which.where()), which.values...)
	return n, wrap("count", err)
}

// SeriesList returns the series of which an office has entries, the latest year first.
func (s *Store) SeriesList(ctx context.Context, office string) ([]Series, error) {
	series, err := queryAll(ctx, s.db, scanSeries, s.placeholders(`SELECT DISTINCT unit, name, year FROM entries WHERE office = $1
		ORDER BY year DESC, unit, name`), plain(office))
	return series, wrap("series list", err)
}

func scanSeries(read scan) (s Series, err error) {
	err = read(&s.Unit, &s.Name, &s.Year)
	return s, err
}

// Entry returns the entry of an office that has a key, or ErrNotFound.
func (s *Store) Entry(ctx context.Context, office, key string) (Entry, error) {
	entry, err := s.entryWhere(ctx, s.db, `WHERE office = $1 AND key = $2`, plain(office), plain(key))
	return entry, wrap("entry", err)
}

// List returns the entries of a filter by year, series and number, or the newest by their dates first.
func (s *Store) List(ctx context.Context, filter Filter) ([]Entry, error) {
	which := filter.where()
	query := selectEntry + which.where() + filter.order()
	if filter.Most > 0 {
		query += ` LIMIT ` + which.placeholder(filter.Most)
	} else if filter.Skip > 0 {
		query += ` LIMIT ` + which.placeholder(math.MaxInt32)
	}
	if filter.Skip > 0 {
		query += ` OFFSET ` + which.placeholder(filter.Skip)
	}
	entries, err := queryAll(ctx, s.db, scanEntry, s.placeholders(query), which.values...)
	return entries, wrap("list", err)
}

// where returns the conditions of the filter.
func (f Filter) where() (which conditions) {
	if f.Unit != "" {
		which.demand("unit = $", plain(f.Unit))
	}
	if f.Name != "" {
		which.demand("name = $", plain(f.Name))
	}
	if f.Office != nil {
		which.demand("office = $", plain(*f.Office))
	}
	if f.Year != 0 {
		which.demand("year = $", f.Year)
	}
	if f.State != "" {
		which.demand("state = $", string(f.State))
	}
	if f.Veiled != "" && f.Words != "" { // folded begins with the symbol, which folds to as many letters
		name := which.placeholder(plain(f.Veiled))
		which.words(f.Words, `CASE WHEN name = `+name+` THEN substr(folded, 1, length(symbol)) ELSE folded END`)
		return which
	}
	which.words(f.Words, "folded")
	return which
}

// conditions are what rows must fulfil.
type conditions struct {
	texts  []string
	values []any // of their placeholders
}

// demand adds a condition with one placeholder, "$", for a value.
func (c *conditions) demand(condition string, value any) {
	c.texts = append(c.texts, strings.ReplaceAll(condition, "$", c.placeholder(value)))
}

// placeholder adds a value and returns its placeholder.
func (c *conditions) placeholder(value any) string {
	c.values = append(c.values, value)
	return "$" + strconv.Itoa(len(c.values))
}

// words demands that each word of a text occurs in what is folded.
func (c *conditions) words(text, folded string) {
	literal := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	words := strings.Fields(vi.Fold(plain(text)))
	slices.SortFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) }) // few rows have the long ones
	for _, word := range words {
		c.texts = append(c.texts, folded+` LIKE `+c.placeholder("%"+literal.Replace(word)+"%")+` ESCAPE '\'`)
	}
}

func (c *conditions) where() string {
	if len(c.texts) == 0 {
		return ""
	}
	return "WHERE " + strings.Join(c.texts, " AND ")
}

const (
	entryColumns = `unit, name, year, key, number, symbol, date, kind, title, signer, recipients, kept_by, copies, sent, note, state, reason, hash,
		taken, office`
	selectEntry = `SELECT ` + entryColumns + ` FROM entries `
)

// entryWhere returns the first entry that where names, or ErrNotFound.
func (s *Store) entryWhere(ctx context.Context, in reader, where string, which ...any) (Entry, error) {
	return queryRow(ctx, in, scanEntry, s.placeholders(selectEntry+where), which...)
}

// scanEntry reads a row of entryColumns.
func scanEntry(read scan) (e Entry, err error) {
	err = read(&e.Unit, &e.Name, &e.Year, &e.Key, &e.Number, &e.Symbol, (*dateColumn)(&e.Date), &e.Kind, &e.Title, &e.Signer, &e.Recipients,
		&e.KeptBy, &e.Copies, (*dateColumn)(&e.Sent), &e.Note, &e.State, &e.Reason, &e.Hash, (*timeColumn)(&e.Taken), &e.Office)
	return e, err
}

func parseDate(iso string) (vi.Date, error) {
	t, err := time.Parse(time.DateOnly, iso)
	return vi.Date{Year: t.Year(), Month: int(t.Month()), Day: t.Day()}, err
}

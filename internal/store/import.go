package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"sort"
	"strings"
	"time"
)

// Errors of the lines of an import.
var (
	ErrNumber = errors.New("no such number can be")
	ErrDate   = errors.New("date is not one of the year of its series")
)

// ImportedKey is what the keys of entries that were imported begin with.
const ImportedKey = "so-cu-"

// maxNumber is more than any office takes in a year, so that a year or a telephone number in its place is found out.
const maxNumber = 99_999

// ImportEntries puts lines of an old book into the register, in any state, whole or not at all, so that it goes on from there: the next
// number of each series is the one after its highest. Numbers may be missing. Keys are chosen here.
//
// Of each line there is an error, or nil where it is fine; nothing is kept where there is any. ErrNumber, ErrDate and ErrState are those of
// lines that cannot be; ErrExists of a number that another entry has; *OutOfOrder of a date before that of a lower number or after that of a
// higher one, void ones aside. Where lines of the import contradict each other, the fewest that would have to go are told of. A line that
// the register has already, by its series, number, symbol and date, is fine and changes nothing.
func (s *Store) ImportEntries(ctx context.Context, entries []Entry) (wrong []error, err error) {
	return s.importEntries(ctx, entries, true)
}

// CheckEntries returns what ImportEntries would, and keeps nothing.
func (s *Store) CheckEntries(ctx context.Context, entries []Entry) (wrong []error, err error) {
	return s.importEntries(ctx, entries, false)
}

func (s *Store) importEntries(ctx context.Context, entries []Entry, keep bool) (wrong []error, err error) {
	err = s.transact(ctx, func(tx *sql.Tx) error {
		wrong = make([]error, len(entries))
		bySeries := map[Series][]line{}
		for i, entry := range entries {
			if wrong[i] = entry.check(); wrong[i] == nil {
				entry = entry.imported()
				bySeries[entry.Series] = append(bySeries[entry.Series], line{entry, i})
			}
		}
		var fresh []Entry
		for _, series := range slices.SortedFunc(maps.Keys(bySeries), Series.compare) { // all lock them in this order
			more, err := s.compareSeries(ctx, tx, series, bySeries[series], wrong)
			if err != nil {
				return err
			}
			fresh = append(fresh, more...)
		}
		if !keep || slices.ContainsFunc(wrong, func(err error) bool { return err != nil }) {
			return errWrong
		}
		return s.insertEntries(ctx, tx, fresh)
	})
	if errors.Is(err, errWrong) {
		return wrong, nil
	}
	return wrong, wrap("import entries", err)
}

// errWrong ends the transaction of an import with lines that cannot stand, and of one that was only asked about.
var errWrong = errors.New("lines are not to be kept")

// line is one of an import.
type line struct {
	Entry
	place int // in the import
}

// check looks at a line by itself.
func (e *Entry) check() error {
	date, err := parseDate(e.Date.ISO())
	switch {
	case e.Number < 1 || e.Number > maxNumber || e.Copies < 0 || e.Copies > maxCopies:
		return ErrNumber
	case err != nil || date != e.Date || date.Year != e.Year:
		return ErrDate
	case e.State != Issued && e.State != Void && e.State != Reserved:
		return ErrState
	}
	return nil
}

func (s Series) compare(other Series) int {
	return cmp.Or(cmp.Compare(s.Year, other.Year), cmp.Compare(s.Unit, other.Unit), cmp.Compare(s.Name, other.Name))
}

// imported returns an entry as the register keeps it.
func (e Entry) imported() Entry {
	for _, text := range []*string{
		&e.Unit, &e.Name, &e.Symbol, &e.Kind, &e.Title, &e.Signer, &e.Recipients, &e.KeptBy, &e.Note, &e.Reason, &e.Hash,
	} {
		*text = plain(*text)
	}
	e.Key, e.Taken = ImportedKey+strings.ToLower(rand.Text()), e.Taken.UTC().Truncate(time.Second)
	return e
}

// compareSeries locks a series, brings its last number up to date, and holds lines of it against the register and each other. It returns those
// that are to be added.
func (s *Store) compareSeries(ctx context.Context, tx *sql.Tx, series Series, lines []line, wrong []error) (fresh []Entry, err error) {
	highest := slices.MaxFunc(lines, func(a, b line) int { return cmp.Compare(a.Number, b.Number) }).Number
	err = s.write(ctx, tx, nil, `INSERT INTO series (unit, name, year, last) VALUES ($1, $2, $3, $4) ON CONFLICT (unit, name, year)
		DO UPDATE SET last = CASE WHEN series.last < excluded.last THEN excluded.last ELSE series.last END`,
		series.Unit, series.Name, series.Year, highest)
	if err != nil {
		return nil, err
	}
	kept, err := queryAll(ctx, tx, scanEntry, s.placeholders(selectEntry+`WHERE unit = $1 AND name = $2 AND year = $3 ORDER BY number`),
		series.Unit, series.Name, series.Year)
	if err != nil {
		return nil, err
	}
	taken, first := map[int]Entry{}, map[int]int{} // by number; the place of the line that has it, where it is new
	for _, entry := range kept {
		taken[entry.Number] = entry
	}
	var standing []line
	for _, line := range lines {
		if other, found := taken[line.Number]; found {
			if _, isNew := first[line.Number]; !line.is(other) || isNew && line.State != other.State {
				wrong[line.place] = ErrExists
			}
			continue
		}
		taken[line.Number], first[line.Number] = line.Entry, line.place
		fresh = append(fresh, line.Entry)
		if line.State != Void {
			standing = append(standing, line)
		}
	}
	compareDates(slices.DeleteFunc(kept, func(e Entry) bool { return e.State == Void }), standing, wrong)
	for _, line := range lines { // one that comes again is as wrong as when it came first
		if place, isNew := first[line.Number]; isNew && wrong[line.place] == nil {
			wrong[line.place] = wrong[place]
		}
	}
	return fresh, nil
}

// is reports whether a line says the same as one of its number that is there.
func (e *Entry) is(other Entry) bool {
	return e.Office == other.Office && e.Symbol == other.Symbol && e.Date == other.Date
}

// compareDates finds the lines whose dates go back, given what the register has of the series in order. Void ones are in neither.
func compareDates(kept []Entry, lines []line, wrong []error) {
	var fit []line
	for _, line := range lines {
		after, _ := slices.BinarySearchFunc(kept, line.Number, func(e Entry, number int) int { return cmp.Compare(e.Number, number) })
		switch {
		case after > 0 && line.Date.Before(kept[after-1].Date):
			wrong[line.place] = &OutOfOrder{Date: line.Date, Last: kept[after-1]}
		case after < len(kept) && kept[after].Date.Before(line.Date):
			wrong[line.place] = &OutOfOrder{Date: line.Date, Last: kept[after]}
		default:
			fit = append(fit, line)
		}
	}
	slices.SortFunc(fit, func(a, b line) int { return cmp.Compare(a.Number, b.Number) })
	best := longestRun(fit)
	for i, line := range fit {
		next, stands := slices.BinarySearch(best, i)
		switch {
		case stands:
		case next > 0 && line.Date.Before(fit[best[next-1]].Date):
			wrong[line.place] = &OutOfOrder{Date: line.Date, Last: fit[best[next-1]].Entry}
		default: // the best would be longer with it, unless it comes after the next
			wrong[line.place] = &OutOfOrder{Date: line.Date, Last: fit[best[next]].Entry}
		}
	}
}

// longestRun chooses as many lines as can be, so that their dates do not go back, and returns their places in order: one line with a
// mistyped year is the one that is wrong, and not all those after it.
func longestRun(lines []line) []int {
	var ends []int // the line of the earliest date with which so many, and one, can end
	before := make([]int, len(lines))
	for i, line := range lines {
		n := sort.Search(len(ends), func(n int) bool { return line.Date.Before(lines[ends[n]].Date) })
		if n == len(ends) {
			ends = append(ends, i)
		}
		if ends[n] = i; n > 0 {
			before[i] = ends[n-1]
		}
	}
	best := slices.Clone(ends)
	for n := len(best) - 1; n > 0; n-- {
		best[n-1] = before[best[n]]
	}
	return best
}

// insertEntries adds entries to series whose rows are there.
func (s *Store) insertEntries(ctx context.Context, tx *sql.Tx, entries []Entry) error {
	for chunk := range slices.Chunk(entries, rowsAtOnce) {
		var values []any
		for _, entry := range chunk {
			values = append(values, entry.values()...)
		}
		if err := s.write(ctx, tx, ErrExists, insertEntry+places(len(chunk), len(values)/len(chunk)), values...); err != nil {
			return err
		}
	}
	return nil
}

package store

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"
)

// openFirst opens a database with the tables of the first migration alone, as the program that knew no batches left it.
func openFirst(t *testing.T, place string) *Store {
	t.Helper()
	connect, dialect, folder := openFolder, goose.DialectSQLite3, "migrations/sqlite"
	if strings.HasPrefix(place, "postgres") {
		connect, dialect, folder = openServer, goose.DialectPostgres, "migrations/postgres"
	}
	s, err := connect(place)
	wants(t, err, nil)
	files, err := fs.Sub(migrations, folder)
	wants(t, err, nil)
	provider, err := goose.NewProvider(dialect, s.db, files)
	wants(t, err, nil)
	_, err = provider.UpTo(t.Context(), 1)
	wants(t, err, nil)
	return s
}

// TestRegisterOfBeforeBatches opens a register that is older than batches: its numbers stand and go on, and batches can be kept beside it.
func TestRegisterOfBeforeBatches(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		old := openFirst(t, place)
		reserve(t, old, ask(plans, "a", 3, 27))
		reserve(t, old, ask(plans, "b", 3, 28))
		cancel(t, old, plans, 2)
		entries := list(t, old, Filter{})
		if _, _, err := old.AddBatch(t.Context(), newBatch("early")); err == nil {
			t.Fatal("the first migration has batches")
		}
		wants(t, old.Close(), nil)

		s := open(t, place)
		same(t, list(t, s, Filter{}), entries)
		same(t, reserve(t, s, ask(plans, "a", 3, 27)).Number, 1)
		same(t, reserve(t, s, ask(plans, "c", 3, 28)).Number, 3)
		wants(t, s.Ping(t.Context()), nil)
		addBatch(t, s, newBatch("b1"), 2)
		_, counts, err := s.Batch(t.Context(), "b1")
		wants(t, err, nil)
		same(t, counts[Pending], 2)
	})
}

package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"
	"strings"
	"testing"
)

// sqliteConn is a connection as the driver of SQLite makes it.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
}

// recorder connects to SQLite and records what is asked.
type recorder struct {
	to      driver.Driver
	address string
	queries []string
	values  [][]any
}

func (r *recorder) Driver() driver.Driver { return r.to }

func (r *recorder) Connect(context.Context) (driver.Conn, error) {
	conn, err := r.to.Open(r.address)
	if err != nil {
		return nil, err
	}
	return recordedConn{conn.(sqliteConn), r}, nil
}

type recordedConn struct {
	sqliteConn
	to *recorder
}

func (c recordedConn) QueryContext(ctx context.Context, query string, named []driver.NamedValue) (driver.Rows, error) {
	var values []any
	for _, value := range named {
		values = append(values, value.Value)
	}
	c.to.queries, c.to.values = append(c.to.queries, query), append(c.to.values, values)
	return c.sqliteConn.QueryContext(ctx, query, named)
}

// plans are how SQLite finds the rows of the queries that were recorded.
func (r *recorder) plans(t *testing.T, in *sql.DB) (plans []string) {
	t.Helper()
	for i, query := range r.queries {
		rows, err := in.Query(`EXPLAIN QUERY PLAN `+query, r.values[i]...)
		wants(t, err, nil)
		defer rows.Close()
		for rows.Next() {
			var id, parent, unused int
			var detail string
			wants(t, rows.Scan(&id, &parent, &unused, &detail), nil)
			plans = append(plans, detail)
		}
		wants(t, rows.Err(), nil)
	}
	return plans
}

// TestPagesReadByIndex holds what the pages of the desk ask to one query and an index each: however many rows a table has, no page reads them
// all. Those that scan an index stop after the rows of the page.
func TestPagesReadByIndex(t *testing.T) {
	s := open(t, t.TempDir())
	db := s.db
	r := &recorder{to: db.Driver(), address: s.file}
	s.db = sql.OpenDB(r)
	defer func() {
		s.db.Close()
		s.db = db
	}()
	office := new(string)
	for _, c := range []struct {
		name, want string
		ask        func(ctx context.Context) error
	}{
		{"a page of the register", "SEARCH entries USING INDEX entries_newest (office=?)", func(ctx context.Context) error {
			_, err := s.List(ctx, Filter{Office: office, Newest: true, Most: 100})
			return err
		}},
		{"words in the register", "SEARCH entries USING INDEX entries_newest (office=?)", func(ctx context.Context) error {
			_, err := s.List(ctx, Filter{Office: office, Newest: true, Most: 100, Words: "cu tri"})
			return err
		}},
		{"how many entries", "SEARCH entries USING COVERING INDEX entries_newest (office=?)", func(ctx context.Context) error {
			_, err := s.Count(ctx, Filter{Office: office})
			return err
		}},
		{"a series", "SEARCH entries USING INDEX sqlite_autoindex_entries_2 (year=? AND unit=? AND name=?)", func(ctx context.Context) error {
			_, err := s.List(ctx, Filter{Unit: "HĐND", Name: "ke-hoach", Year: 2026})
			return err
		}},
		{"an entry", "SEARCH entries USING INDEX sqlite_autoindex_entries_1 (key=?)", func(ctx context.Context) error {
			_, err := s.Entry(ctx, "", "k")
			return err
		}},
		{"the next number", "SEARCH series USING INDEX sqlite_autoindex_series_1 (unit=? AND name=? AND year=?)", func(ctx context.Context) error {
			_, _, err := s.Next(ctx, plans)
			return err
		}},
		{"recent documents", "SEARCH d USING INDEX documents_desk (office=?)", func(ctx context.Context) error {
			_, err := s.RecentDocuments(ctx, "", 10)
			return err
		}},
		{"versions of a document", "SEARCH d USING INDEX sqlite_autoindex_documents_1 (name=?)", func(ctx context.Context) error {
			_, err := s.DocumentVersions(ctx, "", "n")
			return err
		}},
		{"the document of a number", "SEARCH d USING INDEX documents_number (number_key=?)", func(ctx context.Context) error {
			_, err := s.DocumentOfNumber(ctx, "", "k")
			return err
		}},
		{"the last with tasks", "SEARCH d USING INDEX documents_tasks (office=?)", func(ctx context.Context) error {
			_, err := s.LastWithTasks(ctx, "")
			return err
		}},
		{"drafts", "SEARCH drafts USING INDEX drafts_office (office=?)", func(ctx context.Context) error {
			_, err := s.Drafts(ctx, "", 10)
			return err
		}},
		{"a draft", "SEARCH drafts USING INDEX sqlite_autoindex_drafts_1 (id=?)", func(ctx context.Context) error {
			_, err := s.Draft(ctx, "", "d")
			return err
		}},
		{"a session", "SEARCH s USING INDEX sqlite_autoindex_sessions_1 (hash=?)", func(ctx context.Context) error {
			_, _, err := s.Session(ctx, "h")
			return err
		}},
		{"a token", "SEARCH t USING INDEX sqlite_autoindex_tokens_2 (hash=?)", func(ctx context.Context) error {
			_, _, err := s.Token(ctx, "h")
			return err
		}},
		{"a batch", "SEARCH batches USING INDEX sqlite_autoindex_batches_1 (id=?)", func(ctx context.Context) error {
			_, _, err := s.Batch(ctx, "b")
			return err
		}},
		{"an item", "SEARCH i USING INDEX sqlite_autoindex_items_1 (batch=? AND position=?)", func(ctx context.Context) error {
			_, err := s.Item(ctx, "b", 1)
			return err
		}},
		{"the latest batches", "SCAN batches USING INDEX batches_created", func(ctx context.Context) error {
			_, err := s.BatchesOf(ctx, "", 10)
			return err
		}},
		{"the latest of the audit", "SCAN acts USING INDEX sqlite_autoindex_acts_1", func(ctx context.Context) error {
			_, err := s.Acts(ctx, ActFilter{})
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r.queries, r.values = nil, nil
			if err := c.ask(t.Context()); err != nil && !errors.Is(err, ErrNotFound) {
				t.Fatal(err)
			}
			same(t, len(r.queries), 1)
			steps := r.plans(t, db)
			if !slices.Contains(steps, c.want) || slices.ContainsFunc(steps, func(step string) bool { return step != c.want && strings.HasPrefix(step, "SCAN") }) {
				t.Errorf("wanted %q, done by\n%s", c.want, strings.Join(steps, "\n"))
			}
		})
	}
}

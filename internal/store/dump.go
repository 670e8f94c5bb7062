package store

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
)

// A dump is a text of each table, alike whichever database it comes from and goes to: a line for each row in the order of its key, a JSON
// object of its columns by name, whose values are texts and whole numbers.

// Schema is the version of the tables, that of the last migration.
const Schema = 3

// table is one that a dump has.
type table struct{ name, order string }

// tables are in the order in which rows may be put back: each comes after those that it refers to.
var tables = []table{
	{"series", "unit, name, year"},
	{"entries", "key"},
	{"batches", "id"},
	{"items", "batch, position"},
	{"documents", "name, version"},
	{"offices", "id"},
	{"profiles", "office, version"},
	{"users", "name"},
	{"tokens", "id"},
	{"acts", "id"},
	{"drafts", "id"},
	{"templates", "kind, version"},
	{"templates_in_force", "kind"},
}

// Tables returns the names of the tables that a dump has.
func Tables() (names []string) {
	for _, table := range tables {
		names = append(names, table.name)
	}
	return names
}

// Owns reports whether a file of this name is an SQLite database of a store, or what lies beside one that is open: a copy of it is no
// backup.
func Owns(name string) bool {
	return slices.Contains([]string{fileName, fileName + "-wal", fileName + "-shm", fileName + "-journal"}, name)
}

// ErrNotEmpty says that something is where nothing may be.
var ErrNotEmpty = errors.New("not empty")

// Dump writes every table as it is at one moment, while others go on writing; create says where to, and is not asked for the next before
// one is written. The tables of the queue and of migrations are not in it: what is pending says all that a queue has to know. Sessions are
// not either: after a restore nobody is logged in. Passwords and tokens are in it as the hashes that they are kept as.
func (s *Store) Dump(ctx context.Context, create func(table string) (io.Writer, error)) error {
	err := s.snapshot(ctx, func(tx *sql.Tx) error {
		for _, table := range tables {
			w, err := create(table.name)
			if err != nil {
				return err
			}
			if err := dumpTable(ctx, tx, table, w); err != nil {
				return fmt.Errorf("%s: %w", table.name, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: dump: %w", err)
	}
	return nil
}

// snapshot reads in one transaction that sees one moment. For SQLite it has a connection of its own: the one of the store goes on.
func (s *Store) snapshot(ctx context.Context, read func(tx *sql.Tx) error) (err error) {
	db, options := s.db, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	if s.pool == nil {
		if db, err = sql.Open("sqlite", s.file+"?_pragma=busy_timeout(10000)&_pragma=query_only(1)"); err != nil {
			return err
		}
		defer db.Close()
		options = nil // a reader sees the moment of its first statement, whatever is written meanwhile
	}
	tx, err := db.BeginTx(ctx, options)
	if err != nil {
		return err
	}
	defer tx.Rollback() // nothing was written
	return read(tx)
}

func dumpTable(ctx context.Context, tx *sql.Tx, table table, w io.Writer) error {
	rows, err := tx.QueryContext(ctx, `SELECT * FROM `+table.name+` ORDER BY `+table.order)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	out := bufio.NewWriter(w)
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		if err := dumpRow(out, columns, values); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return out.Flush()
}

// dumpRow writes a row as a line of JSON, its columns in their order.
func dumpRow(out *bufio.Writer, columns []string, values []any) error {
	for i, column := range columns {
		out.WriteByte("{,"[min(i, 1)])
		fmt.Fprintf(out, "%q:", column)
		var value bytes.Buffer
		encoder := json.NewEncoder(&value)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(values[i]); err != nil {
			return err
		}
		out.Write(bytes.TrimSuffix(value.Bytes(), []byte("\n")))
	}
	_, err := out.WriteString("}\n") // or the error of a write before
	return err
}

// Empty reports whether the tables hold nothing.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	err := empty(ctx, s.db)
	if errors.Is(err, ErrNotEmpty) {
		return false, nil
	} else if err != nil {
		return false, fmt.Errorf("store: %w", err)
	}
	return true, nil
}

func empty(ctx context.Context, in reader) error {
	for _, table := range tables {
		var some bool
		if err := in.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM `+table.name+`)`).Scan(&some); err != nil {
			return err
		}
		if some {
			return fmt.Errorf("table %s: %w", table.name, ErrNotEmpty)
		}
	}
	return nil
}

// Restore puts back what Dump wrote, all or nothing, into tables that hold nothing; otherwise the error is ErrNotEmpty. open returns what
// was written of a table, or fs.ErrNotExist where the dump is of a schema before there was such a table. Batches that were not
// finished are as they were: whoever works on them must look for them (package job does when it starts).
func (s *Store) Restore(ctx context.Context, open func(table string) (io.ReadCloser, error)) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		if err := s.countRevision(ctx, tx); err != nil { // processes that run must see the profiles and templates
			return err
		}
		if s.pool != nil { // SQLite locks all by itself
			if _, err := tx.ExecContext(ctx, `LOCK TABLE `+strings.Join(Tables(), ", ")+` IN EXCLUSIVE MODE`); err != nil {
				return err
			}
		}
		if err := empty(ctx, tx); err != nil {
			return err
		}
		for _, table := range tables {
			if err := s.restoreTable(ctx, tx, table.name, open); err != nil {
				return fmt.Errorf("table %s: %w", table.name, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: restore: %w", err)
	}
	return nil
}

// maxRow is how many bytes a row of a dump may have.
const maxRow = 64 << 20

func (s *Store) restoreTable(ctx context.Context, tx *sql.Tx, name string, open func(table string) (io.ReadCloser, error)) error {
	dump, err := open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	defer dump.Close()
	filling, err := s.newFilling(ctx, tx, name)
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(dump)
	lines.Buffer(nil, maxRow)
	for n := 1; lines.Scan(); n++ {
		if err := filling.add(ctx, lines.Bytes()); err != nil {
			return fmt.Errorf("to row %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return filling.flush(ctx)
}

// filling puts rows into a table, many at once.
type filling struct {
	s       *Store
	tx      *sql.Tx
	table   string
	number  map[string]bool // the columns of the table; true for those of whole numbers
	columns []string        // those that the dump has
	values  []any           // of the rows that wait
}

func (s *Store) newFilling(ctx context.Context, tx *sql.Tx, table string) (*filling, error) {
	rows, err := tx.QueryContext(ctx, `SELECT * FROM `+table+` LIMIT 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, err
	}
	filling := &filling{s: s, tx: tx, table: table, number: map[string]bool{}}
	for _, column := range types {
		filling.number[column.Name()] = strings.HasPrefix(column.DatabaseTypeName(), "INT")
	}
	return filling, rows.Err()
}

// add reads a row, and puts the rows that wait into the table when they are many.
func (f *filling) add(ctx context.Context, line []byte) error {
	var row map[string]any
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber()
	if err := decoder.Decode(&row); err != nil {
		return err
	}
	if f.columns == nil {
		for column := range row {
			if _, known := f.number[column]; !known {
				return fmt.Errorf("there is no column %q", column)
			}
			f.columns = append(f.columns, column)
		}
		slices.Sort(f.columns)
	}
	if len(row) != len(f.columns) {
		return fmt.Errorf("%d columns where the first row has %d", len(row), len(f.columns))
	}
	for _, column := range f.columns {
		value, err := f.value(column, row[column])
		if err != nil {
			return fmt.Errorf("column %s: %w", column, err)
		}
		f.values = append(f.values, value)
	}
	if len(f.values) == rowsAtOnce*len(f.columns) {
		return f.flush(ctx)
	}
	return nil
}

func (f *filling) value(column string, value any) (any, error) {
	switch value := value.(type) {
	case json.Number:
		if f.number[column] {
			return value.Int64()
		}
	case string:
		if !f.number[column] {
			return value, nil
		}
	}
	return nil, fmt.Errorf("%v (%T) is not of its type", value, value)
}

func (f *filling) flush(ctx context.Context) error {
	if len(f.values) == 0 {
		return nil
	}
	_, err := f.tx.ExecContext(ctx, f.s.placeholders(`INSERT INTO `+f.table+` (`+strings.Join(f.columns, ", ")+`) VALUES `+
		places(len(f.values)/len(f.columns), len(f.columns))), f.values...)
	f.values = f.values[:0]
	return err
}

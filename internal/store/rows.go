package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
)

// reader is the database, or a transaction in it.
type reader interface {
	QueryContext(ctx context.Context, query string, values ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, values ...any) *sql.Row
}

// writer is the database, or a transaction in it.
type writer interface {
	ExecContext(ctx context.Context, query string, values ...any) (sql.Result, error)
}

// wrap returns err with the operation that failed, or nil.
func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("store: %s: %w", what, err)
}

// write runs a statement; none is the error where it wrote no row.
func (s *Store) write(ctx context.Context, in writer, none error, statement string, values ...any) error {
	result, err := in.ExecContext(ctx, s.placeholders(statement), values...)
	if err != nil {
		return full(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return cmp.Or(err, none)
	}
	return nil
}

// scan reads the columns of a row, as that of sql.Rows does.
type scan func(columns ...any) error

// rowsAtOnce is how many rows one statement writes or reads: few enough for the values that a statement may have.
const rowsAtOnce = 200

// queryRow returns what read makes of the first row of a query, or ErrNotFound.
func queryRow[T any](ctx context.Context, in reader, read func(scan) (T, error), query string, values ...any) (T, error) {
	got, err := read(in.QueryRowContext(ctx, query, values...).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		var none T
		return none, ErrNotFound
	}
	return got, err
}

// queryAll returns what read makes of each row of a query. No connection is held when it returns.
func queryAll[T any](ctx context.Context, in reader, read func(scan) (T, error), query string, values ...any) (got []T, err error) {
	rows, err := in.QueryContext(ctx, query, values...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		row, err := read(rows.Scan)
		if err != nil {
			return nil, err
		}
		got = append(got, row)
	}
	return got, rows.Err()
}

// pages returns rows as they are wanted: read returns those that come after one, rowsAtOnce at most, and first those after the zero value.
// Between the pages others may work on the rows.
func pages[T any](what string, read func(after T) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var last T
		for {
			page, err := read(last)
			if err != nil {
				yield(last, fmt.Errorf("store: %s: %w", what, err))
				return
			}
			for _, last = range page {
				if !yield(last, nil) {
					return
				}
			}
			if len(page) < rowsAtOnce {
				return
			}
		}
	}
}

// scalar reads a row of one column.
func scalar[T any](read scan) (value T, err error) {
	err = read(&value)
	return value, err
}

package store

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
)

// full says of an error that a disk without room is its cause, as the file system would say it.
func full(err error) error {
	const (
		sqliteFull   = 13      // SQLITE_FULL
		postgresFull = "53100" // disk_full, PostgreSQL, Appendix A
	)
	var file *sqlite.Error
	var server *pgconn.PgError
	if errors.As(err, &file) && file.Code()&0xff == sqliteFull || errors.As(err, &server) && server.Code == postgresFull {
		return fmt.Errorf("%w: %w", syscall.ENOSPC, err)
	}
	return err
}

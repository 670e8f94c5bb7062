package store

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
)

// full returns an error whose cause is a disk without room, as the file system would say it.
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

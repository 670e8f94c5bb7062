package store

import (
	"cmp"
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	_ "modernc.org/sqlite" // driver "sqlite"
)

//go:embed migrations/*.sql
var migrations embed.FS

// fileName is what SQLite's file is called in its folder.
const fileName = "vanthu.db"

// openFolder opens vanthu.db in a folder. Transactions take the lock for writing when they begin, so that none fails half way; one
// that waits for another process gives up after 10 seconds. A number is on the disk before it is given (synchronous FULL): after a
// power cut no number that stands on paper is free again.
func openFolder(folder string) (*Store, error) {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return nil, err
	}
	name := filepath.ToSlash(filepath.Join(folder, fileName))
	if !strings.HasPrefix(name, "/") { // C:/…
		name = "/" + name
	}
	address := (&url.URL{Scheme: "file", Path: name}).String()
	db, err := sql.Open("sqlite", address+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)"+
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1) // SQLite has one writer; those of one process queue here, in order, and not by waiting for the file
	return &Store{db: db, file: address}, nil
}

// openServer opens a PostgreSQL database. A server allows about a hundred connections and serves many processes: each takes a few.
// Connections that a server lost, as when it starts again, are found out before they are used, and those of one that does not answer
// are given up in seconds. A transaction must see what others finish while it runs, whatever the server is set to.
func openServer(address string) (*Store, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	config.MaxConns = 8
	config.MaxConnLifetime = time.Hour
	config.MaxConnLifetimeJitter = 5 * time.Minute
	config.MaxConnIdleTime = 5 * time.Minute
	config.HealthCheckPeriod = 15 * time.Second
	config.PingTimeout = 5 * time.Second
	config.ConnConfig.ConnectTimeout = cmp.Or(config.ConnConfig.ConnectTimeout, 5*time.Second)
	config.ConnConfig.RuntimeParams["default_transaction_isolation"] = "read committed"
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "vanthu"
	}
	pool, err := pgxpool.NewWithConfig(context.Background(), config) // connects when it is first used
	if err != nil {
		return nil, err
	}
	return &Store{db: stdlib.OpenDBFromPool(pool), pool: pool}, nil
}

// migrate brings the tables up to date, whoever else is doing the same.
func (s *Store) migrate(ctx context.Context) error {
	if s.pool == nil {
		return s.migrateFile(ctx)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300)) // seconds between tries, tries
	if err != nil {
		return err
	}
	return s.migrateUp(ctx, goose.WithSessionLocker(locker))
}

// migrateFile tries again where another process was faster: SQLite has no lock that outlives a transaction, but each migration is
// one, so what the other did is whole, and seen the next time.
func (s *Store) migrateFile(ctx context.Context) error {
	const longest = time.Second
	for wait := 10 * time.Millisecond; ; wait *= 2 {
		err := s.migrateUp(ctx)
		if err == nil || errors.Is(err, ErrNewer) || wait > longest {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
	}
}

func (s *Store) migrateUp(ctx context.Context, options ...goose.ProviderOption) error {
	provider, err := s.migrations(options...)
	if err != nil {
		return err
	}
	have, want, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > want {
		return fmt.Errorf("%w: tables of version %d, the program knows those to %d", ErrNewer, have, want)
	}
	// Asked first, as it takes no lock: of many processes that start at once on tables that are there, none waits.
	pending, err := provider.HasPending(ctx)
	if err != nil || !pending {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("make tables: %w", err)
	}
	return nil
}

// migrations returns those of the database.
func (s *Store) migrations(options ...goose.ProviderOption) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	if s.pool == nil {
		return goose.NewProvider(goose.DialectSQLite3, s.db, sqliteFiles{files}, options...)
	}
	return goose.NewProvider(goose.DialectPostgres, s.db, files, options...)
}

// sqliteFiles are the migrations as SQLite reads them. They are written for PostgreSQL, whose texts are to be compared by bytes whatever the
// collation of the database; SQLite does so by scalar, and has no collation of that name.
type sqliteFiles struct{ fs.FS }

func (s sqliteFiles) Open(name string) (fs.File, error) {
	file, err := s.FS.Open(name)
	if err != nil || path.Ext(name) != ".sql" {
		return file, err
	}
	text, err := io.ReadAll(file)
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	return sqliteFile{file, strings.NewReader(strings.ReplaceAll(string(text), ` COLLATE "C"`, ""))}, nil
}

type sqliteFile struct {
	fs.File
	text *strings.Reader
}

func (f sqliteFile) Read(p []byte) (int, error) { return f.text.Read(p) }
func (f sqliteFile) Close() error               { return nil }

// placeholders returns a query with its placeholders, $1 $2 …, written as the database reads them.
func (s *Store) placeholders(query string) string {
	if s.pool == nil {
		return strings.ReplaceAll(query, "$", "?")
	}
	return query
}

// Package pgtest provides tests of the full ring with a PostgreSQL server: a private one, which goes when the test process does, or the
// one that the variable VANTHU_TEST_POSTGRES names.
package pgtest

import (
	"bufio"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"

	"vanthu/internal/testenv"
)

// Server is a private server.
type Server struct {
	folder string // of its data, its socket and its log
	pgctl  string
	keeper *exec.Cmd
	input  interface{ Close() error }
}

var errNone = errors.New("no PostgreSQL here: install its server, or set VANTHU_TEST_POSTGRES")

// shared is the server of this process, started when a test first asks.
var shared = sync.OnceValues(start)

var schemas atomic.Int64

// Schema returns the address of an empty schema of its own, which goes with the test.
func Schema(t testing.TB) string {
	t.Helper()
	testenv.Full(t, "PostgreSQL")
	address := os.Getenv("VANTHU_TEST_POSTGRES")
	if address == "" {
		server, err := shared()
		check(t, err)
		address = server.Address()
	}
	db, err := sql.Open("pgx", address)
	check(t, err)
	schema := fmt.Sprintf("vanthu_test_%d_%d", os.Getpid(), schemas.Add(1))
	_, err = db.Exec("CREATE SCHEMA " + schema)
	check(t, err)
	t.Cleanup(func() {
		if _, err := db.Exec("DROP SCHEMA " + schema + " CASCADE"); err != nil {
			t.Error(err)
		}
		db.Close()
	})
	there, err := url.Parse(address)
	check(t, err)
	query := there.Query()
	query.Set("search_path", schema)
	there.RawQuery = query.Encode()
	return there.String()
}

// New starts a server that the test may stop and start again.
func New(t testing.TB) *Server {
	t.Helper()
	testenv.Full(t, "PostgreSQL")
	server, err := start()
	check(t, err)
	t.Cleanup(func() {
		server.input.Close()
		if err := server.keeper.Wait(); err != nil {
			t.Error(err)
		}
	})
	return server
}

func check(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, errNone) {
		testenv.Lacks(t, "%v", err)
	} else if err != nil {
		t.Fatal(err)
	}
}

// Address is that of the server's database.
func (s *Server) Address() string {
	return "postgres://postgres@/postgres?host=" + url.QueryEscape(s.folder)
}

// Stop stops the server at once, as a machine that loses its power does.
func (s *Server) Stop(t testing.TB) { s.control(t, "-m", "immediate", "stop") }

// Start starts it again.
func (s *Server) Start(t testing.TB) {
	s.control(t, "-l", filepath.Join(s.folder, "log"), "-o", options(s.folder), "start")
}

func (s *Server) control(t testing.TB, arguments ...string) {
	t.Helper()
	command := asPostgres(append([]string{s.pgctl, "-D", filepath.Join(s.folder, "data"), "-w"}, arguments...)...)
	command.Dir = s.folder
	if err := command.Run(); err != nil { // not its output, which a started server would hold open
		t.Fatal(err)
	}
}

func options(folder string) string {
	return fmt.Sprintf("-c listen_addresses='' -c unix_socket_directories='%s' -c max_connections=300", folder)
}

// keep makes a server, says so, and takes it away when its input ends, however the process that started it ends.
const keep = `trap '' INT
"$1" -D "$3/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N >"$3/log" 2>&1 &&
"$2" -D "$3/data" -l "$3/log" -o "$4" -w start >>"$3/log" 2>&1 &&
echo ready || { tail -n 1 "$3/log"; echo; exit 1; }
cat >/dev/null
"$2" -D "$3/data" -m immediate -w stop >/dev/null 2>&1
rm -rf "$3"`

func start() (*Server, error) {
	initdb, err := program("initdb")
	if err != nil {
		return nil, err
	}
	pgctl, err := program("pg_ctl")
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "pg") // short: a socket has at most 107 bytes of path
	if err != nil {
		return nil, err
	}
	if os.Getuid() == 0 { // the server refuses to run as root
		if out, err := exec.Command("chown", "postgres", folder).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("chown: %w: %s", err, out)
		}
	}
	s := &Server{folder: folder, pgctl: pgctl, keeper: asPostgres("sh", "-c", keep, "sh", initdb, pgctl, folder, options(folder))}
	s.keeper.Dir = folder
	if s.input, err = s.keeper.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.keeper.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.keeper.Start(); err != nil {
		return nil, err
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		return nil, fmt.Errorf("no server: %q, %w", line, err)
	}
	return s, nil
}

// asPostgres is a command that does not run as root.
func asPostgres(command ...string) *exec.Cmd {
	if os.Getuid() == 0 {
		command = append([]string{"runuser", "-u", "postgres", "--"}, command...)
	}
	return exec.Command(command[0], command[1:]...)
}

// program finds a program of the server: Debian keeps them out of the path.
func program(name string) (string, error) {
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name); len(found) > 0 {
		return found[len(found)-1], nil
	}
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return "", errNone
}

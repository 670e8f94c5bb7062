package store

import (
	"bufio"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
)

// TestMain runs the tests, or, in a process that a test started, takes numbers until told to stop.
func TestMain(m *testing.M) {
	if place := os.Getenv(clerkPlace); place != "" {
		os.Exit(clerk(place))
	}
	code := m.Run()
	stopCluster()
	os.Exit(code)
}

// errNoPostgres is why the PostgreSQL half is skipped.
var errNoPostgres = errors.New("no PostgreSQL here: set VANTHU_TEST_POSTGRES, or install its server")

var (
	stopCluster = func() {} // until one was started
	schemas     atomic.Int64
)

// cluster is the address of a server: the one that VANTHU_TEST_POSTGRES names, or a private one, started when a test first asks.
var cluster = sync.OnceValues(func() (string, error) {
	if address := os.Getenv("VANTHU_TEST_POSTGRES"); address != "" {
		return address, nil
	}
	initdb, err := binary("initdb")
	if err != nil {
		return "", err
	}
	pgctl, err := binary("pg_ctl")
	if err != nil {
		return "", err
	}
	folder, err := os.MkdirTemp("", "pg") // short: a socket has at most 107 bytes of path
	if err != nil {
		return "", err
	}
	if os.Getuid() == 0 { // the server refuses to run as root
		if out, err := exec.Command("chown", "postgres", folder).CombinedOutput(); err != nil {
			return "", fmt.Errorf("chown: %w: %s", err, out)
		}
	}
	return startCluster(initdb, pgctl, folder)
})

// keep makes a cluster, says so, and takes it away when its input ends, however the process that started it ends.
const keep = `trap '' INT
"$1" -D "$3/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 -N >"$3/log" 2>&1 &&
"$2" -D "$3/data" -l "$3/log" -o "-c listen_addresses='' -c unix_socket_directories='$3'" -w start >>"$3/log" 2>&1 &&
echo ready || cat "$3/log"
cat >/dev/null
"$2" -D "$3/data" -m immediate -w stop >/dev/null 2>&1
rm -rf "$3"`

func startCluster(initdb, pgctl, folder string) (address string, err error) {
	arguments := []string{"sh", "-c", keep, "sh", initdb, pgctl, folder}
	if os.Getuid() == 0 {
		arguments = append([]string{"runuser", "-u", "postgres", "--"}, arguments...)
	}
	keeper := exec.Command(arguments[0], arguments[1:]...)
	keeper.Dir = folder
	in, err := keeper.StdinPipe()
	if err != nil {
		return "", err
	}
	out, err := keeper.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := keeper.Start(); err != nil {
		return "", err
	}
	stopCluster = func() {
		in.Close()
		if err := keeper.Wait(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		return "", fmt.Errorf("no cluster: %q, %v", line, err)
	}
	return "postgres://postgres@/postgres?host=" + url.QueryEscape(folder), nil
}

// binary finds a program of the server: Debian keeps them out of the path.
func binary(name string) (string, error) {
	if runtime.GOOS == "windows" {
		return "", errNoPostgres
	}
	if found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name); len(found) > 0 {
		return found[len(found)-1], nil
	}
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return "", errNoPostgres
}

// newSchema gives the address of an empty schema of its own.
func newSchema(t testing.TB) string {
	t.Helper()
	address, err := cluster()
	if errors.Is(err, errNoPostgres) {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	schema := fmt.Sprintf("vanthu_test_%d_%d", os.Getpid(), schemas.Add(1))
	if _, err := db.Exec("CREATE SCHEMA " + schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP SCHEMA " + schema + " CASCADE"); err != nil {
			t.Error(err)
		}
		db.Close()
	})
	there, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := there.Query()
	query.Set("search_path", schema)
	there.RawQuery = query.Encode()
	return there.String()
}

package store

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"vanthu/internal/pgtest"
	"vanthu/internal/testenv"
)

func TestPing(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		wants(t, s.Ping(t.Context()), nil)
		if err := func() error { ctx, stop := context.WithCancel(t.Context()); stop(); return s.Ping(ctx) }(); err == nil {
			t.Error("no error where time is over")
		}
		wants(t, s.Ping(t.Context()), nil)
		wants(t, s.Close(), nil)
		if s.Ping(t.Context()) == nil {
			t.Error("no error when closed")
		}
	})
}

func TestPingOfReadOnly(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		s := open(t, t.TempDir())
		_, err := s.db.Exec(`PRAGMA query_only = 1`)
		wants(t, err, nil)
		if s.Ping(t.Context()) == nil {
			t.Error("no error")
		}
	})
	t.Run("postgres", func(t *testing.T) {
		place := pgtest.Schema(t)
		open(t, place)
		address, err := url.Parse(place)
		wants(t, err, nil)
		query := address.Query()
		query.Set("default_transaction_read_only", "on") // as a server that stands by is
		address.RawQuery = query.Encode()
		if open(t, address.String()).Ping(t.Context()) == nil {
			t.Error("no error")
		}
	})
}

// TestPingOfFull has a process whose files may not grow: to it the disk is full.
func TestPingOfFull(t *testing.T) {
	shell := testenv.Tool(t, "sh")
	place := t.TempDir()
	open(t, place)
	command := exec.Command(shell, "-c", `ulimit -f 512 && exec "$0"`, os.Args[0]) // blocks of 512 bytes or 1 KiB
	command.Env = append(os.Environ(), pingerPlace+"="+place)
	out, err := command.CombinedOutput()
	if err != nil || strings.HasPrefix(string(out), "told after 0 ") {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestLostConnections cuts those of a store off, as a server does that is stopped and started.
func TestLostConnections(t *testing.T) {
	address, err := url.Parse(pgtest.Schema(t))
	wants(t, err, nil)
	query := address.Query()
	query.Set("application_name", "cut off")
	address.RawQuery = query.Encode()
	s, other := open(t, address.String()), open(t, pgtest.Schema(t))

	const rounds = 5
	for round := range rounds {
		var all sync.WaitGroup
		for i := range 16 { // as many connections as it may have
			all.Go(func() {
				if _, err := s.Reserve(t.Context(), ask(plans, fmt.Sprint(round, "-", i), 3, 27)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		_, err = other.db.Exec(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'cut off'`)
		wants(t, err, nil)
		failed := 0
		for ; s.Ping(t.Context()) != nil; failed++ {
			if failed > 8 { // as many as there were connections
				t.Fatal("it does not find another connection")
			}
		}
	}
	same(t, len(inOrder(t, s, plans)), 16*rounds)
}

// TestIsolation holds whatever the server is set to: who waits for a version that another takes must see it then.
func TestIsolation(t *testing.T) {
	address, err := url.Parse(pgtest.Schema(t))
	wants(t, err, nil)
	query := address.Query()
	query.Set("default_transaction_isolation", "serializable")
	address.RawQuery = query.Encode()
	var level string
	wants(t, open(t, address.String()).db.QueryRow(`SHOW transaction_isolation`).Scan(&level), nil)
	same(t, level, "read committed")
}

// pingerPlace is in the environment of a process that fills a place.
const pingerPlace = "VANTHU_TEST_PINGER_PLACE"

// pinger asks whether the database takes what is written until it does not: each time a page is added to the file.
func pinger(place string) int {
	ctx := context.Background()
	s, err := Open(ctx, place)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	defer s.Close()
	for n := range 500 {
		if err := s.Ping(ctx); err != nil {
			fmt.Println("told after", n, err)
			return 0
		}
	}
	return 1
}

package store

import (
	"bytes"
	"database/sql"
	"fmt"
	"strings"
	"testing"
)

// connect opens a place and leaves its tables as they are.
func connect(t *testing.T, place string) *Store {
	t.Helper()
	open := openFolder
	if strings.HasPrefix(place, "postgres") {
		open = openServer
	}
	s, err := open(place)
	wants(t, err, nil)
	t.Cleanup(func() { s.Close() })
	return s
}

// openOld opens a database with the tables of the first migrations alone, as an older program left it.
func openOld(t *testing.T, place string, version int64) *Store {
	t.Helper()
	s := connect(t, place)
	provider, err := s.migrations()
	wants(t, err, nil)
	_, err = provider.Up(t.Context())
	wants(t, err, nil)
	_, err = provider.DownTo(t.Context(), version) // the way back is tried as well
	wants(t, err, nil)
	return s
}

// execute runs statements as an older program would have.
func execute(t *testing.T, s *Store, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := s.db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
}

// oldNumbers are two numbers in the tables of the first migration, the second void.
var oldNumbers = []string{
	`INSERT INTO series (unit, name, year, last) VALUES ('HĐND', 'ke-hoach', 2026, 2)`,
	`INSERT INTO entries (key, unit, name, year, number, symbol, date, kind, title, signer, recipients, state, reason, taken, folded) VALUES
	('a', 'HĐND', 'ke-hoach', 2026, 1, '01/KH-HĐND', '2026-03-27', 'ke-hoach', 'Kế hoạch', 'Đỗ Thị Hằng', 'Lưu: VT', 'reserved', '',
		'2026-03-27T02:30:15Z', '01/kh-hdnd ke hoach do thi hang luu: vt'),
	('b', 'HĐND', 'ke-hoach', 2026, 2, '02/KH-HĐND', '2026-03-28', 'ke-hoach', 'Kế hoạch', 'Đỗ Thị Hằng', 'Lưu: VT', 'void', 'viết nhầm',
		'2026-03-27T02:30:15Z', '02/kh-hdnd ke hoach do thi hang luu: vt')`,
}

// oldBatch is a batch in the tables of the second migration, with an item that was made twice and one that is pending.
var oldBatch = []string{
	`INSERT INTO batches (id, key, name, folder, input, settings, state, found, created, finished) VALUES
	('b1', 'k', 'cuối năm', 'lo/b1/', '', '{}', 'running', '[]', '2026-12-20T05:00:00Z', '')`,
	`INSERT INTO items (batch, position, name, task, key, state, found, fault, version) VALUES
	('b1', 1, 'xã-1', '{}', 'digest1', 'made', '', '', 2), ('b1', 2, 'xã-2', '{}', 'digest2', 'pending', '', '', 0)`,
	`INSERT INTO documents (name, version, key, kind, unit, symbol, number_key, title, date, data, files, pages, found, figures, made) VALUES
	('lo/b1/xã-1', 1, 'digest0', 'bao-cao-nam', 'HĐND', '97/BC-HĐND', 'a', 'Báo cáo', '2026-12-20', '[]', '[]', 4, '', '', '2026-12-20T06:00:00Z'),
	('lo/b1/xã-1', 2, 'digest1', 'bao-cao-nam', 'HĐND', '97/BC-HĐND', 'a', 'Báo cáo', '2026-12-20', '[{"name":"x","size":1,"hash":"ab"}]', '[]', 5, '',
		'', '2026-12-20T07:00:00Z')`,
}

// TestRegisterOfBeforeBatches opens a register that is older than batches: its numbers stand and go on, and batches can be kept beside it.
func TestRegisterOfBeforeBatches(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		old := openOld(t, place, 1)
		execute(t, old, oldNumbers...)
		wants(t, old.Close(), nil)

		s := open(t, place)
		entries := list(t, s, Filter{})
		same(t, len(entries), 2)
		same(t, entries[1].Reason, "viết nhầm")
		same(t, reserve(t, s, ask(plans, "a", 3, 27)), entries[0])
		same(t, reserve(t, s, ask(plans, "c", 3, 28)).Number, 3)
		wants(t, s.Ping(t.Context()), nil)
		addBatch(t, s, newBatch("b2"), 2)
		_, counts, err := s.Batch(t.Context(), "b2")
		wants(t, err, nil)
		same(t, counts[Pending], 2)
	})
}

// TestStoreOfBeforeTheDesk opens a database that is older than offices: all that it has is that of the one office without a name, in which
// work goes on.
func TestStoreOfBeforeTheDesk(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		old := openOld(t, place, 2)
		execute(t, old, oldNumbers...)
		execute(t, old, oldBatch...)
		wants(t, old.Close(), nil)
		holdsOld(t, open(t, place))
	})
}

// TestDumpOfBeforeTheDesk puts back what a program wrote that knew no offices.
func TestDumpOfBeforeTheDesk(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		old := openOld(t, t.TempDir(), 2)
		defer old.Close()
		execute(t, old, oldNumbers...)
		execute(t, old, oldBatch...)
		written := texts{}
		for _, table := range tables[:5] {
			written[table.name] = dumpOld(t, old, table)
		}
		s := open(t, place)
		wants(t, s.Restore(t.Context(), written.open), nil)
		holdsOld(t, s)
	})
}

// TestTablesOfANewerProgram are refused, and left as they are.
func TestTablesOfANewerProgram(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		reserve(t, s, ask(plans, "a", 3, 27))
		execute(t, s, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (`+fmt.Sprint(Schema+1)+`, `+
			map[bool]string{true: "TRUE", false: "1"}[s.pool != nil]+`)`, `ALTER TABLE entries ADD COLUMN later TEXT NOT NULL DEFAULT ''`)
		wants(t, s.Close(), nil)
		_, err := Open(t.Context(), place)
		wants(t, err, ErrNewer)

		s = connect(t, place)
		var version, entries int
		wants(t, s.db.QueryRow(`SELECT max(version_id) FROM goose_db_version`).Scan(&version), nil)
		wants(t, s.db.QueryRow(`SELECT count(*) FROM entries WHERE later = ''`).Scan(&entries), nil)
		same(t, version, Schema+1)
		same(t, entries, 1)
	})
}

// holdsOld tells whether a store holds oldNumbers and oldBatch and goes on from there.
func holdsOld(t *testing.T, s *Store) {
	t.Helper()
	entry, err := s.Entry(t.Context(), "", "a")
	wants(t, err, nil)
	same(t, entry.Symbol, "01/KH-HĐND")
	same(t, reserve(t, s, ask(plans, "c", 3, 28)).Number, 3)

	document, err := s.DocumentOfNumber(t.Context(), "", "a")
	wants(t, err, nil)
	same(t, fmt.Sprint(document.Version, document.Pages, document.Data), "2 5 [{x 1 ab}]")
	recent, err := s.RecentDocuments(t.Context(), "", 10)
	wants(t, err, nil)
	same(t, len(recent), 0) // those of batches are not of the desk
	batches, err := s.BatchesOf(t.Context(), "", 10)
	wants(t, err, nil)
	same(t, len(batches), 1)
	same(t, finish(t, s, Item{Batch: "b1", Position: 2}, Refused, nil), false)

	some, err := s.AnyUser(t.Context())
	wants(t, err, nil)
	same(t, some, false)
	revision, err := s.Revision(t.Context())
	wants(t, err, nil)
	wants(t, s.SaveProfile(t.Context(), Profile{Version: 1, Text: []byte("co_quan: HĐND"), Saved: noon}), nil)
	next, err := s.Revision(t.Context())
	wants(t, err, nil)
	same(t, next, revision+1)
}

// dumpOld writes a table as an older program did.
func dumpOld(t *testing.T, s *Store, table table) *bytes.Buffer {
	t.Helper()
	var text bytes.Buffer
	wants(t, s.snapshot(t.Context(), func(tx *sql.Tx) error { return dumpTable(t.Context(), tx, table, &text) }), nil)
	return &text
}

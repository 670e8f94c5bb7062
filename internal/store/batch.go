package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

// BatchState says how far a batch has come.
type BatchState string

// A batch is planned, then its items run until none is pending; a batch that is cancelled ends with what is made.
const (
	Planning  BatchState = "planning"
	Running   BatchState = "running"
	Done      BatchState = "done"
	Cancelled BatchState = "cancelled"
)

// ended reports whether a batch in this state is worked on no more, until it is tried again.
func (s BatchState) ended() bool { return s == Done || s == Cancelled }

// Batch is a run that makes a document of each of its items.
type Batch struct {
	ID       string // unguessable
	Office   string // that may see it
	Key      string // chosen by whoever asks for the batch; the same key gets the same batch
	Name     string // of the input, as a person calls it
	Folder   string // of its results in the file store: "" or ending in a stroke
	Input    string // the file in the file store that items are read from, or empty
	Settings []byte // JSON: what package job has to remember
	State    BatchState
	Found    []byte    // JSON: findings about the input as a whole
	Created  time.Time // UTC, whole seconds
	Finished time.Time // zero until done or cancelled
}

// Load is how much work there is.
type Load struct {
	Pending int
	Oldest  time.Time // when the oldest batch with pending items was created; zero where there is none
	Items   map[ItemState]int
}

// AddBatch keeps a new batch, planning where it does not say another state. Where its key is known it returns the batch that has it, and
// added is false. The error is ErrExists where that is of another office.
func (s *Store) AddBatch(ctx context.Context, batch Batch) (kept Batch, added bool, err error) {
	if batch.ID == "" || batch.Key == "" {
		return Batch{}, false, errors.New("store: add batch: no id or no key")
	}
	result, err := s.db.ExecContext(ctx, s.placeholders(`INSERT INTO batches
		(id, key, name, folder, input, settings, state, found, created, finished, office)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (key) DO NOTHING`),
		batch.ID, batch.Key, plain(batch.Name), batch.Folder, batch.Input, string(batch.Settings), string(cmp.Or(batch.State, Planning)),
		string(batch.Found), timeText(batch.Created), timeText(batch.Finished), batch.Office)
	if err != nil {
		return Batch{}, false, fmt.Errorf("store: add batch: %w", err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return Batch{}, false, fmt.Errorf("store: add batch: %w", err)
	}
	kept, err = queryRow(ctx, s.db, scanBatch, s.placeholders(selectBatch+`WHERE key = $1`), batch.Key)
	if err != nil {
		return Batch{}, false, fmt.Errorf("store: add batch: %w", err)
	}
	if kept.Office != batch.Office {
		return Batch{}, false, fmt.Errorf("store: add batch: its key: %w", ErrExists)
	}
	return kept, n == 1, nil
}

// Batch returns a batch and how many of its items are in each state. The error is ErrNotFound where there is none.
func (s *Store) Batch(ctx context.Context, id string) (Batch, map[ItemState]int, error) {
	batch, err := queryRow(ctx, s.db, scanBatch, s.placeholders(selectBatch+`WHERE id = $1`), plain(id))
	if err != nil {
		return Batch{}, nil, fmt.Errorf("store: batch: %w", err)
	}
	// The states are named for the index, which has them first.
	counts, err := s.counts(ctx, `WHERE batch = $1 AND state IN ('pending', 'made', 'kept', 'refused', 'failed', 'skipped')`, id)
	if err != nil {
		return Batch{}, nil, fmt.Errorf("store: batch: %w", err)
	}
	return batch, counts, nil
}

// counts returns how many items there are in each state.
func (s *Store) counts(ctx context.Context, where string, which ...any) (map[ItemState]int, error) {
	type count struct {
		state ItemState
		items int
	}
	read := func(read scan) (c count, err error) {
		err = read(&c.state, &c.items)
		return c, err
	}
	rows, err := queryAll(ctx, s.db, read, s.placeholders(`SELECT state, COUNT(*) FROM items `+where+` GROUP BY state`), which...)
	counts := map[ItemState]int{}
	for _, c := range rows {
		counts[c.state] = c.items
	}
	return counts, err
}

// Batches returns the latest batches, the newest first.
func (s *Store) Batches(ctx context.Context, most int) ([]Batch, error) {
	return s.batches(ctx, `ORDER BY created DESC, id DESC LIMIT $1`, most)
}

// BatchesOf returns the latest batches of an office, the newest first.
func (s *Store) BatchesOf(ctx context.Context, office string, most int) ([]Batch, error) {
	return s.batches(ctx, `WHERE office = $1 ORDER BY created DESC, id DESC LIMIT $2`, office, most)
}

// Unfinished returns the batches that are neither done nor cancelled, the oldest first.
func (s *Store) Unfinished(ctx context.Context) ([]Batch, error) {
	return s.batches(ctx, `WHERE state IN ('planning', 'running') ORDER BY created, id`)
}

func (s *Store) batches(ctx context.Context, which string, values ...any) ([]Batch, error) {
	rows, err := s.db.QueryContext(ctx, s.placeholders(selectBatch+which), values...)
	if err != nil {
		return nil, fmt.Errorf("store: batches: %w", err)
	}
	defer rows.Close()
	var batches []Batch
	for rows.Next() {
		batch, err := scanBatch(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("store: batches: %w", err)
		}
		batches = append(batches, batch)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: batches: %w", err)
	}
	return batches, nil
}

// SetBatch changes the settings of a batch, its state, its findings, and when it finished. A batch that is done or cancelled stays so, and
// none becomes done while items are pending, as when some are tried again at the same moment.
func (s *Store) SetBatch(ctx context.Context, batch Batch) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		now, err := s.lockBatch(ctx, tx, batch.ID)
		if err != nil || now.ended() {
			return err
		}
		if batch.State == Done {
			if open, err := s.open(ctx, tx, batch.ID); err != nil || open {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, s.placeholders(`UPDATE batches SET settings = $2, state = $3, found = $4, finished = $5 WHERE id = $1`),
			batch.ID, string(batch.Settings), string(batch.State), string(batch.Found), timeText(batch.Finished))
		return err
	})
	if err != nil {
		return fmt.Errorf("store: set batch: %w", err)
	}
	return nil
}

// CancelBatch makes the pending items of a batch skipped and the batch cancelled; one that is done stays so.
func (s *Store) CancelBatch(ctx context.Context, id string, at time.Time) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		now, err := s.lockBatch(ctx, tx, id)
		if err != nil || now.ended() {
			return err
		}
		_, err = tx.ExecContext(ctx, s.placeholders(`UPDATE items SET state = 'skipped' WHERE batch = $1 AND state = 'pending'`), id)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, s.placeholders(`UPDATE batches SET state = 'cancelled', finished = $2 WHERE id = $1`), id, timeText(at))
		return err
	})
	if err != nil {
		return fmt.Errorf("store: cancel batch: %w", err)
	}
	return nil
}

// RetryBatch makes the failed and skipped items of a batch pending again and the batch running, and returns their positions. Where there
// are none the batch stays as it is.
func (s *Store) RetryBatch(ctx context.Context, id string) (positions []int, err error) {
	err = s.transact(ctx, func(tx *sql.Tx) error {
		now, err := s.lockBatch(ctx, tx, id)
		if err != nil {
			return err
		}
		if positions, err = s.reopen(ctx, tx, id); err != nil || len(positions) == 0 || !now.ended() {
			return err
		}
		_, err = tx.ExecContext(ctx, s.placeholders(`UPDATE batches SET state = 'running', finished = '' WHERE id = $1`), id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("store: retry batch: %w", err)
	}
	return positions, nil
}

// reopen makes the failed and skipped items of a batch pending and returns their positions in order.
func (s *Store) reopen(ctx context.Context, tx *sql.Tx, batch string) ([]int, error) {
	positions, err := queryAll(ctx, tx, scalar[int], s.placeholders(`UPDATE items SET state = 'pending', found = '', fault = '', version = 0
		WHERE batch = $1 AND state IN ('failed', 'skipped') RETURNING position`), batch)
	slices.Sort(positions)
	return positions, err
}

// lockBatch keeps the row of a batch for the transaction, so that its state and that of its items change together. The error is
// ErrNotFound where there is none.
func (s *Store) lockBatch(ctx context.Context, tx *sql.Tx, id string) (BatchState, error) {
	return queryRow(ctx, tx, scalar[BatchState], s.placeholders(`UPDATE batches SET state = state WHERE id = $1 RETURNING state`), plain(id))
}

// Load returns how much work there is in all batches.
func (s *Store) Load(ctx context.Context) (Load, error) {
	counts, err := s.counts(ctx, "")
	if err != nil {
		return Load{}, fmt.Errorf("store: load: %w", err)
	}
	load := Load{Pending: counts[Pending], Items: counts}
	err = s.db.QueryRowContext(ctx, `SELECT MIN(created) FROM batches WHERE id IN (SELECT batch FROM items WHERE state = 'pending')`).
		Scan((*timeColumn)(&load.Oldest))
	if err != nil {
		return Load{}, fmt.Errorf("store: load: %w", err)
	}
	return load, nil
}

const selectBatch = `SELECT id, key, name, folder, input, settings, state, found, created, finished, office FROM batches `

// scanBatch reads a row of selectBatch.
func scanBatch(read scan) (b Batch, err error) {
	err = read(&b.ID, &b.Key, &b.Name, &b.Folder, &b.Input, (*jsonColumn)(&b.Settings), &b.State, (*jsonColumn)(&b.Found),
		(*timeColumn)(&b.Created), (*timeColumn)(&b.Finished), &b.Office)
	return b, err
}

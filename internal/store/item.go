package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// ItemState says what became of an item.
type ItemState string

// An item is pending, and then one of the others for good, until it is tried again.
const (
	Pending ItemState = "pending"
	Made    ItemState = "made"
	Kept    ItemState = "kept"    // what was made before still stands
	Refused ItemState = "refused" // findings block
	Failed  ItemState = "failed"  // a fault of the program or the machine
	Skipped ItemState = "skipped" // cancelled before it was made
)

// Item is a document that a batch is to make.
type Item struct {
	Batch    string
	Position int    // from 1
	Name     string // the folder of its files below that of the batch: "xa-an-binh"; no two of a batch are alike
	Order    []byte // JSON: what it is made from, for package job
	Key      string // digest of all that its files follow from
	State    ItemState
	Found    []byte // JSON: findings
	Fault    string // of a failed item, for the log
	Version  int    // of its document, 0 for none
}

// Outcome is an item with its document, if it has one.
type Outcome struct {
	Item
	Document *Document
}

// AddItems keeps items of a batch, all or none, pending where they do not say another state. Positions that are there already stay as
// they are. In a batch that was cancelled meanwhile, pending ones are skipped. The error is ErrNotFound where there is no such batch.
func (s *Store) AddItems(ctx context.Context, batch string, items []Item) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		now, err := s.lockBatch(ctx, tx, batch)
		if err != nil {
			return err
		}
		for chunk := range slices.Chunk(items, rowsAtOnce) {
			if err := s.insertItems(ctx, tx, batch, now, chunk); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: add items: %w", err)
	}
	return nil
}

func (s *Store) insertItems(ctx context.Context, tx *sql.Tx, batch string, now BatchState, items []Item) error {
	var values []any
	for _, item := range items {
		state := cmp.Or(item.State, Pending)
		if state == Pending && now == Cancelled {
			state = Skipped
		}
		values = append(values, batch, item.Position, item.Name, string(item.Order), item.Key, string(state), string(item.Found),
			plain(item.Fault), item.Version)
	}
	_, err := tx.ExecContext(ctx, s.placeholders(`INSERT INTO items (batch, position, name, task, key, state, found, fault, version) VALUES `+
		places(len(items), len(values)/len(items))+` ON CONFLICT (batch, position) DO NOTHING`), values...)
	return err
}

// places writes the places of the values of rows: ($1, $2), ($3, $4).
func places(rows, columns int) string {
	all := make([]string, rows)
	for row := range rows {
		one := make([]string, columns)
		for column := range columns {
			one[column] = "$" + strconv.Itoa(row*columns+column+1)
		}
		all[row] = "(" + strings.Join(one, ", ") + ")"
	}
	return strings.Join(all, ", ")
}

// Item returns an item of a batch, or ErrNotFound.
func (s *Store) Item(ctx context.Context, batch string, position int) (Item, error) {
	item, err := queryRow(ctx, s.db, scanItem, s.placeholders(`SELECT `+itemColumns+` FROM items i WHERE i.batch = $1 AND i.position = $2`), batch, position)
	if err != nil {
		return Item{}, fmt.Errorf("store: item: %w", err)
	}
	return item, nil
}

// errFinished ends the transaction of FinishItem where the item is not pending.
var errFinished = errors.New("item is not pending")

// FinishItem records what became of a pending item, and keeps the document that was made for it as its next version, in one transaction; a
// document whose last version has the same key and the same files is that version. An item that is not pending any more stays as it
// is. open reports whether other items of the batch are pending still: of all that finish items of a batch, the last is told false, and
// others may be too. The error is ErrNotFound where there is no such item.
func (s *Store) FinishItem(ctx context.Context, item Item, made *Document) (open bool, err error) {
	if item.State == Pending {
		return false, errors.New("store: finish item: to be pending is not to be finished")
	}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if made != nil {
			if item.Version, err = s.keepDocument(ctx, tx, *made); err != nil {
				return err
			}
		}
		return s.finish(ctx, tx, item, made)
	})
	if errors.Is(err, errFinished) {
		_, err = s.Item(ctx, item.Batch, item.Position)
	}
	if err == nil { // asked after the others can see this one: whoever comes last finds none
		open, err = s.open(ctx, s.db, item.Batch)
	}
	if err != nil {
		return false, fmt.Errorf("store: finish item: %w", err)
	}
	return open, nil
}

// finish changes a pending item. Its document must be the one that Outcomes will look for.
func (s *Store) finish(ctx context.Context, tx *sql.Tx, item Item, made *Document) error {
	var name string
	err := tx.QueryRowContext(ctx, s.placeholders(`UPDATE items SET state = $3, found = $4, fault = $5, version = $6
		WHERE batch = $1 AND position = $2 AND state = 'pending'
		RETURNING (SELECT b.folder FROM batches b WHERE b.id = items.batch) || name`),
		item.Batch, item.Position, string(item.State), string(item.Found), plain(item.Fault), item.Version).Scan(&name)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return errFinished
	case err == nil && made != nil && made.Name != name:
		return fmt.Errorf("the document of %s is called %s", name, made.Name)
	}
	return err
}

// open reports whether items of a batch are pending.
func (s *Store) open(ctx context.Context, in reader, batch string) (open bool, err error) {
	err = in.QueryRowContext(ctx, s.placeholders(`SELECT EXISTS (SELECT 1 FROM items WHERE batch = $1 AND state = 'pending')`), batch).Scan(&open)
	return open, err
}

// Outcomes returns the items of a batch in their order with their documents. It reads as it goes: between the pages others may work on the
// items.
func (s *Store) Outcomes(ctx context.Context, batch string) iter.Seq2[Outcome, error] {
	return pages("outcomes", func(after Outcome) ([]Outcome, error) {
		return queryAll(ctx, s.db, scanOutcome, s.placeholders(`SELECT `+itemColumns+`, `+documentColumns+`
			FROM items i JOIN batches b ON b.id = i.batch LEFT JOIN documents d ON d.name = b.folder || i.name AND d.version = i.version
			WHERE i.batch = $1 AND i.position > $2 ORDER BY i.position LIMIT $3`), batch, after.Position, rowsAtOnce)
	})
}

// scanItem reads a row of itemColumns.
func scanItem(read scan) (i Item, err error) {
	err = read(i.columns()...)
	return i, err
}

// scanOutcome reads a row of itemColumns and documentColumns.
func scanOutcome(read scan) (o Outcome, err error) {
	var document Document
	err = read(append(o.Item.columns(), document.columns()...)...)
	if document.Version > 0 {
		o.Document = &document
	}
	return o, err
}

const itemColumns = `i.batch, i.position, i.name, i.task, i.key, i.state, i.found, i.fault, i.version`

// columns returns where the values of itemColumns go.
func (i *Item) columns() []any {
	return []any{&i.Batch, &i.Position, &i.Name, (*jsonColumn)(&i.Order), &i.Key, &i.State, (*jsonColumn)(&i.Found), &i.Fault, &i.Version}
}

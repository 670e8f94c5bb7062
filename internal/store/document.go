package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"vanthu/internal/vi"
)

// Document is a version of a document that was made. Versions of a name count from 1; none is changed or taken away.
type Document struct {
	Name      string // of a batch where its files lie in the file store, "lo/…/xa-an-binh"; of the desk "van-ban/" and the ID of its draft
	Version   int
	Key       string // of the item that it was made for
	Kind      string // "bao-cao-nam"
	Unit      string // the name of the body on one line
	Symbol    string // "97/BC-HĐND"
	NumberKey string // of its number in the register, empty where it was not taken there
	Title     string // type name and abstract
	Date      vi.Date
	Data      []StoredFile // what it was made from
	Files     []StoredFile // what was made
	Pages     int
	Found     []byte    // JSON: findings
	Figures   []byte    // JSON: what its tables come to, by key
	Made      time.Time // UTC, whole seconds

	Office string // that made it
	Draft  string // the ID of the draft that it was made from at the desk; empty of a batch
	Tasks  []byte // JSON: the tasks that it follows up; empty where it has none
}

// StoredFile is a file in the file store.
type StoredFile struct {
	Name string `json:"name"`
	Size int64  `json:"size"` // bytes
	Hash string `json:"hash"` // SHA-256, in hexadecimal
}

// LastDocument returns the latest version of a document, or ErrNotFound.
func (s *Store) LastDocument(ctx context.Context, name string) (Document, error) {
	document, err := s.lastDocument(ctx, s.db, name)
	if err != nil {
		return Document{}, fmt.Errorf("store: last document: %w", err)
	}
	return document, nil
}

func (s *Store) lastDocument(ctx context.Context, in reader, name string) (Document, error) {
	return queryRow(ctx, in, scanDocument, s.placeholders(`SELECT `+documentColumns+` FROM documents d WHERE d.name = $1 ORDER BY d.version DESC LIMIT 1`), name)
}

// Documents returns the latest version of every document in the order of their names.
func (s *Store) Documents(ctx context.Context) iter.Seq2[Document, error] {
	return pages("documents", func(after Document) ([]Document, error) {
		return queryAll(ctx, s.db, scanDocument, s.placeholders(`SELECT `+documentColumns+` FROM documents d
			WHERE d.name > $1 AND d.version = (SELECT MAX(version) FROM documents WHERE name = d.name) ORDER BY d.name LIMIT $2`),
			after.Name, rowsAtOnce)
	})
}

// KeepDocument keeps a document that is no item of a batch, as its next version; one whose last version has the same key and the same
// files is that version.
func (s *Store) KeepDocument(ctx context.Context, document Document) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		_, err := s.keepDocument(ctx, tx, document)
		return err
	})
	if err != nil {
		return fmt.Errorf("store: keep document: %w", err)
	}
	return nil
}

// keepDocument returns the version that a document has, a new one unless the last has the same key and files. A version that another
// transaction takes at the same moment is seen as soon as that one ends, and the next is tried.
func (s *Store) keepDocument(ctx context.Context, tx *sql.Tx, document Document) (version int, err error) {
	data, err := json.Marshal(document.Data)
	if err != nil {
		return 0, err
	}
	files, err := json.Marshal(document.Files)
	if err != nil {
		return 0, err
	}
	for {
		last, err := s.lastDocument(ctx, tx, document.Name)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return 0, err
		}
		if err == nil && last.Key == document.Key && slices.Equal(last.Files, document.Files) {
			return last.Version, nil
		}
		version := last.Version + 1
		result, err := tx.ExecContext(ctx, s.placeholders(`INSERT INTO documents
			(name, version, key, kind, unit, symbol, number_key, title, date, data, files, pages, found, figures, made, office, draft, tasks)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT (name, version) DO NOTHING`),
			document.Name, version, document.Key, document.Kind, document.Unit, document.Symbol, document.NumberKey, document.Title, dateText(document.Date),
			string(data), string(files), document.Pages, string(document.Found), string(document.Figures), timeText(document.Made),
			document.Office, document.Draft, tasksText(document.Tasks))
		if err != nil {
			return 0, err
		}
		if n, err := result.RowsAffected(); err != nil || n == 1 {
			return version, err
		}
	}
}

// tasksText writes tasks; an empty list of them is an absent one.
func tasksText(tasks []byte) string {
	if text := string(tasks); text != "null" && text != "[]" {
		return text
	}
	return ""
}

// documentColumns are those of a document, empty where a join finds none.
const documentColumns = `COALESCE(d.name, ''), COALESCE(d.version, 0), COALESCE(d.key, ''), COALESCE(d.kind, ''), COALESCE(d.unit, ''),
	COALESCE(d.symbol, ''), COALESCE(d.number_key, ''), COALESCE(d.title, ''), COALESCE(d.date, ''), COALESCE(d.data, ''), COALESCE(d.files, ''),
	COALESCE(d.pages, 0), COALESCE(d.found, ''), COALESCE(d.figures, ''), COALESCE(d.made, ''), COALESCE(d.office, ''),
	COALESCE(d.draft, ''), COALESCE(d.tasks, '')`

// columns returns where the values of documentColumns go.
func (d *Document) columns() []any {
	return []any{
		&d.Name, &d.Version, &d.Key, &d.Kind, &d.Unit, &d.Symbol, &d.NumberKey, &d.Title, (*dateColumn)(&d.Date), (*listColumn[StoredFile])(&d.Data), (*listColumn[StoredFile])(&d.Files),
		&d.Pages, (*jsonColumn)(&d.Found), (*jsonColumn)(&d.Figures), (*timeColumn)(&d.Made),
		&d.Office, &d.Draft, (*jsonColumn)(&d.Tasks),
	}
}

// scanDocument reads a row of documentColumns.
func scanDocument(read scan) (d Document, err error) {
	err = read(d.columns()...)
	return d, err
}

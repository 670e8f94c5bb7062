package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Draft is what is being written, or was uploaded, and is not a document yet.
type Draft struct {
	ID      string // unguessable
	Office  string
	Author  string // a user's name, or empty
	Kind    string // slug, or empty where it is not known yet
	Title   string // what a list calls it
	Data    []byte // what the form says: a JSON data file; empty of an upload
	Files   []DraftFile
	Version int // from 1; each saving adds one
	Created time.Time
	Saved   time.Time
}

// DraftFile is a file that was uploaded.
type DraftFile struct {
	Role string `json:"role"` // "data", "bang", "ky_truoc", "goc"; of a template "mau"
	Name string `json:"name"` // as the person calls it
	Size int64  `json:"size"` // bytes
	Hash string `json:"hash"` // SHA-256, in hexadecimal, by which the file store knows it
}

// AddDraft keeps a new draft as its version 1; the error is ErrExists where there is one with its ID.
func (s *Store) AddDraft(ctx context.Context, draft Draft) error {
	files, err := json.Marshal(draft.Files)
	if err == nil {
		err = s.write(ctx, s.db, ErrExists, `INSERT INTO drafts (id, office, author, kind, title, data, files, version, created, saved)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9) ON CONFLICT DO NOTHING`, draft.ID, draft.Office, draft.Author, plain(draft.Kind),
			plain(draft.Title), plain(string(draft.Data)), string(files), timeText(draft.Created), timeText(draft.Saved))
	}
	return wrap("add draft", err)
}

// SaveDraft keeps a draft anew as the version after draft.Version; author, office and creation stay. The error is ErrChanged where somebody
// else saved meanwhile, ErrNotFound where the office has no such draft.
func (s *Store) SaveDraft(ctx context.Context, draft Draft) (version int, err error) {
	files, err := json.Marshal(draft.Files)
	if err == nil {
		err = s.write(ctx, s.db, ErrChanged, `UPDATE drafts SET kind = $4, title = $5, data = $6, files = $7, saved = $8, version = version + 1
			WHERE office = $1 AND id = $2 AND version = $3`, plain(draft.Office), plain(draft.ID), draft.Version, plain(draft.Kind),
			plain(draft.Title), plain(string(draft.Data)), string(files), timeText(draft.Saved))
	}
	if errors.Is(err, ErrChanged) {
		if _, gone := s.Draft(ctx, draft.Office, draft.ID); gone != nil {
			return 0, gone
		}
	}
	if err != nil {
		return 0, wrap("save draft", err)
	}
	return draft.Version + 1, nil
}

// Draft returns a draft of an office, or ErrNotFound.
func (s *Store) Draft(ctx context.Context, office, id string) (Draft, error) {
	draft, err := queryRow(ctx, s.db, scanDraft, s.placeholders(`SELECT id, office, author, kind, title, data, files, version, created, saved
		FROM drafts WHERE office = $1 AND id = $2`), plain(office), plain(id))
	return draft, wrap("draft", err)
}

// Drafts returns the drafts of an office without their data, the latest first.
func (s *Store) Drafts(ctx context.Context, office string, most int) ([]Draft, error) {
	drafts, err := queryAll(ctx, s.db, scanDraft, s.placeholders(`SELECT id, office, author, kind, title, '', files, version, created, saved
		FROM drafts WHERE office = $1 ORDER BY saved DESC, id LIMIT $2`), plain(office), most)
	return drafts, wrap("drafts", err)
}

func scanDraft(read scan) (d Draft, err error) {
	err = read(&d.ID, &d.Office, &d.Author, &d.Kind, &d.Title, (*jsonColumn)(&d.Data), (*listColumn[DraftFile])(&d.Files), &d.Version,
		(*timeColumn)(&d.Created), (*timeColumn)(&d.Saved))
	return d, err
}

// DropDraft deletes a draft of an office. The error is ErrNotFound where there is none.
func (s *Store) DropDraft(ctx context.Context, office, id string) error {
	return wrap("drop draft", s.write(ctx, s.db, ErrNotFound, `DELETE FROM drafts WHERE office = $1 AND id = $2`, plain(office), plain(id)))
}

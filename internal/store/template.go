package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"
)

// TemplateVersion is a template that was uploaded.
type TemplateVersion struct {
	Kind    string
	Version int // from 1
	Files   []DraftFile
	Note    string
	Author  string
	Saved   time.Time
	InForce bool
}

// AddTemplate keeps a template as the version after the last of its kind, puts it in force, and counts a revision.
func (s *Store) AddTemplate(ctx context.Context, template TemplateVersion) (version int, err error) {
	files, err := json.Marshal(template.Files)
	if err != nil {
		return 0, wrap("add template", err)
	}
	err = s.transact(ctx, func(tx *sql.Tx) error {
		if err := s.countRevision(ctx, tx); err != nil {
			return err
		}
		version, err = queryRow(ctx, tx, scalar[int], s.placeholders(`INSERT INTO templates (kind, version, files, note, author, saved)
			VALUES ($1, (SELECT COALESCE(MAX(version), 0) + 1 FROM templates WHERE kind = $1), $2, $3, $4, $5) RETURNING version`),
			template.Kind, string(files), plain(template.Note), template.Author, timeText(template.Saved))
		if err != nil {
			return err
		}
		return s.useTemplate(ctx, tx, template.Kind, version)
	})
	return version, wrap("add template", err)
}

// UseTemplate puts a version in force, 0 for the one that comes with the program, and counts a revision; ErrNotFound where there is none.
func (s *Store) UseTemplate(ctx context.Context, kind string, version int) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		if err := s.countRevision(ctx, tx); err != nil {
			return err
		}
		return s.useTemplate(ctx, tx, plain(kind), version)
	})
	return wrap("use template", err)
}

// useTemplate puts a version in force in a transaction that has counted the revision.
func (s *Store) useTemplate(ctx context.Context, tx *sql.Tx, kind string, version int) error {
	if version == 0 {
		return s.write(ctx, tx, nil, `DELETE FROM templates_in_force WHERE kind = $1`, kind)
	}
	return s.write(ctx, tx, ErrNotFound, `INSERT INTO templates_in_force (kind, version)
		SELECT kind, version FROM templates WHERE kind = $1 AND version = $2
		ON CONFLICT (kind) DO UPDATE SET version = excluded.version`, kind, version)
}

// Templates returns the versions of a kind, of all where it is empty, by kind, the latest first.
func (s *Store) Templates(ctx context.Context, kind string) ([]TemplateVersion, error) {
	templates, err := queryAll(ctx, s.db, scanTemplate, s.placeholders(`SELECT t.kind, t.version, t.files, t.note, t.author, t.saved, f.kind IS NOT NULL
		FROM templates t LEFT JOIN templates_in_force f ON f.kind = t.kind AND f.version = t.version
		WHERE $1 = '' OR t.kind = $1 ORDER BY t.kind, t.version DESC`), plain(kind))
	return templates, wrap("templates", err)
}

func scanTemplate(read scan) (t TemplateVersion, err error) {
	err = read(&t.Kind, &t.Version, (*listColumn[DraftFile])(&t.Files), &t.Note, &t.Author, (*timeColumn)(&t.Saved), &t.InForce)
	return t, err
}

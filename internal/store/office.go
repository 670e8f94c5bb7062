package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"time"
)

// Office is a body with papers, drafts and numbers of its own.
type Office struct {
	ID      string // "hdnd-xa-vinh-am"; empty for the one of a service without any
	Name    string
	Created time.Time // UTC, whole seconds
}

// Profile is a version of the don-vi.yaml of an office; the highest is in force.
type Profile struct {
	Office  string
	Version int // from 1
	Text    []byte
	Author  string // a user's name, or empty
	Saved   time.Time
}

// AddOffice keeps a new office; the error is ErrExists where there is one with its ID.
func (s *Store) AddOffice(ctx context.Context, office Office) error {
	return wrap("add office", s.write(ctx, s.db, ErrExists, `INSERT INTO offices (id, name, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		office.ID, plain(office.Name), timeText(office.Created)))
}

// RenameOffice changes the name of an office; the error is ErrNotFound where there is none.
func (s *Store) RenameOffice(ctx context.Context, id, name string) error {
	return wrap("rename office", s.write(ctx, s.db, ErrNotFound, `UPDATE offices SET name = $2 WHERE id = $1`, plain(id), plain(name)))
}

// Offices returns all by name.
func (s *Store) Offices(ctx context.Context) ([]Office, error) {
	offices, err := queryAll(ctx, s.db, scanOffice, `SELECT id, name, created FROM offices ORDER BY name, id`)
	return offices, wrap("offices", err)
}

func scanOffice(read scan) (o Office, err error) {
	err = read(&o.ID, &o.Name, (*timeColumn)(&o.Created))
	return o, err
}

// SaveProfile keeps the next version of a profile and counts a revision. The error is ErrChanged where profile.Version is not the version
// after the last, since somebody else saved meanwhile.
func (s *Store) SaveProfile(ctx context.Context, profile Profile) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		if err := s.countRevision(ctx, tx); err != nil {
			return err
		}
		next, err := queryRow(ctx, tx, scalar[int], s.placeholders(`SELECT COALESCE(MAX(version), 0) + 1 FROM profiles WHERE office = $1`), profile.Office)
		if err == nil && profile.Version != next {
			err = ErrChanged
		}
		if err != nil {
			return err
		}
		return s.write(ctx, tx, ErrChanged, `INSERT INTO profiles (office, version, text, author, saved) VALUES ($1, $2, $3, $4, $5)`,
			profile.Office, profile.Version, plain(string(profile.Text)), profile.Author, timeText(profile.Saved))
	})
	return wrap("save profile", err)
}

// Profiles returns the versions of an office's profile, the latest first.
func (s *Store) Profiles(ctx context.Context, office string) ([]Profile, error) {
	profiles, err := queryAll(ctx, s.db, scanProfile, s.placeholders(selectProfile+`WHERE office = $1 ORDER BY version DESC`), plain(office))
	return profiles, wrap("profiles", err)
}

// LastProfile returns the profile of an office that is in force, or ErrNotFound.
func (s *Store) LastProfile(ctx context.Context, office string) (Profile, error) {
	profile, err := queryRow(ctx, s.db, scanProfile, s.placeholders(selectProfile+`WHERE office = $1 ORDER BY version DESC LIMIT 1`), plain(office))
	return profile, wrap("last profile", err)
}

const selectProfile = `SELECT office, version, text, author, saved FROM profiles `

// scanProfile reads a row of selectProfile.
func scanProfile(read scan) (p Profile, err error) {
	err = read(&p.Office, &p.Version, (*jsonColumn)(&p.Text), &p.Author, (*timeColumn)(&p.Saved))
	return p, err
}

// Revision returns how often profiles and templates changed. It is cheap to ask.
func (s *Store) Revision(ctx context.Context) (int64, error) {
	revision, err := queryRow(ctx, s.db, scalar[int64], `SELECT count FROM revision`)
	return revision, wrap("revision", err)
}

// Secret returns a text that nobody can guess, chosen when it is first asked for and the same ever after.
func (s *Store) Secret(ctx context.Context) (string, error) {
	if _, err := s.db.ExecContext(ctx, s.placeholders(`UPDATE revision SET secret = $1 WHERE secret = ''`), rand.Text()); err != nil {
		return "", wrap("secret", err)
	}
	secret, err := queryRow(ctx, s.db, scalar[string], `SELECT secret FROM revision`)
	return secret, wrap("secret", err)
}

// countRevision counts a change of profiles or templates, and locks the row that counts until the end of the transaction: whoever changes
// them stands alone from here.
func (s *Store) countRevision(ctx context.Context, tx *sql.Tx) error {
	return s.write(ctx, tx, ErrNotFound, `UPDATE revision SET count = count + 1`)
}

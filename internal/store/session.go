package store

import (
	"context"
	"database/sql"
	"time"
)

// Session is a browser that is logged in.
type Session struct {
	Hash    string // SHA-256 of what its cookie holds, in hexadecimal
	Login   string // the user's name
	Secret  string // what its forms carry
	Created time.Time
	Seen    time.Time
	Ends    time.Time
}

// AddSession keeps a new session and lets go of those that have ended.
func (s *Store) AddSession(ctx context.Context, session Session) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, s.placeholders(`DELETE FROM sessions WHERE ends <= $1`), timeText(session.Created))
		if err != nil {
			return err
		}
		return s.write(ctx, tx, ErrExists, `INSERT INTO sessions (hash, login, secret, created, seen, ends) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT DO NOTHING`, session.Hash, session.Login, session.Secret, timeText(session.Created), timeText(session.Seen),
			timeText(session.Ends))
	})
	return wrap("add session", err)
}

// Session returns a session with its user, or ErrNotFound. Whether it has ended is for the caller to see.
func (s *Store) Session(ctx context.Context, hash string) (Session, User, error) {
	var session Session
	var user User
	_, err := queryRow(ctx, s.db, func(read scan) (struct{}, error) {
		return struct{}{}, read(append(user.columns(), &session.Hash, &session.Login, &session.Secret, (*timeColumn)(&session.Created),
			(*timeColumn)(&session.Seen), (*timeColumn)(&session.Ends))...)
	}, s.placeholders(`SELECT `+userColumns+`, s.hash, s.login, s.secret, s.created, s.seen, s.ends
		FROM sessions s JOIN users u ON u.name = s.login WHERE s.hash = $1`), plain(hash))
	return session, user, wrap("session", err)
}

// SeeSession records when a session was last seen and when it ends.
func (s *Store) SeeSession(ctx context.Context, hash string, seen, ends time.Time) error {
	return wrap("see session", s.write(ctx, s.db, nil, `UPDATE sessions SET seen = $2, ends = $3 WHERE hash = $1`,
		plain(hash), timeText(seen), timeText(ends)))
}

// DropSession ends a session; it does nothing where there is none.
func (s *Store) DropSession(ctx context.Context, hash string) error {
	return wrap("drop session", s.write(ctx, s.db, nil, `DELETE FROM sessions WHERE hash = $1`, plain(hash)))
}

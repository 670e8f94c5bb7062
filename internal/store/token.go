package store

import (
	"context"
	"time"
)

// Token is the key of a program, which acts for a user.
type Token struct {
	ID      string
	Hash    string // SHA-256 of the key, in hexadecimal
	Login   string // the user's name
	Name    string // what it is for
	Created time.Time
	Used    time.Time // zero when never
	Ends    time.Time // zero for never
}

// AddToken keeps a new token.
func (s *Store) AddToken(ctx context.Context, token Token) error {
	return wrap("add token", s.write(ctx, s.db, ErrExists, `INSERT INTO tokens (id, hash, login, name, created, used, ends)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`, token.ID, token.Hash, token.Login, plain(token.Name),
		timeText(token.Created), timeText(token.Used), timeText(token.Ends)))
}

// Token returns the token of a hash with its user, or ErrNotFound.
func (s *Store) Token(ctx context.Context, hash string) (Token, User, error) {
	var token Token
	var user User
	_, err := queryRow(ctx, s.db, func(read scan) (struct{}, error) {
		return struct{}{}, read(append(token.columns(), user.columns()...)...)
	}, s.placeholders(`SELECT `+tokenColumns+`, `+userColumns+` FROM tokens t JOIN users u ON u.name = t.login WHERE t.hash = $1`), plain(hash))
	return token, user, wrap("token", err)
}

// UseToken records when a token was last used.
func (s *Store) UseToken(ctx context.Context, hash string, at time.Time) error {
	return wrap("use token", s.write(ctx, s.db, nil, `UPDATE tokens SET used = $2 WHERE hash = $1`, plain(hash), timeText(at)))
}

// Tokens returns those of a user, of all where login is empty, the latest first.
func (s *Store) Tokens(ctx context.Context, login string) ([]Token, error) {
	tokens, err := queryAll(ctx, s.db, scanToken, s.placeholders(`SELECT `+tokenColumns+` FROM tokens t WHERE $1 = '' OR t.login = $1
		ORDER BY t.created DESC, t.id`), plain(login))
	return tokens, wrap("tokens", err)
}

// DropToken ends a token of a user, of any where login is empty; the error is ErrNotFound where there is none.
func (s *Store) DropToken(ctx context.Context, login, id string) error {
	return wrap("drop token", s.write(ctx, s.db, ErrNotFound, `DELETE FROM tokens WHERE id = $2 AND ($1 = '' OR login = $1)`,
		plain(login), plain(id)))
}

const tokenColumns = `t.id, t.hash, t.login, t.name, t.created, t.used, t.ends`

// columns returns where the values of tokenColumns go.
func (t *Token) columns() []any {
	return []any{
		&t.ID, &t.Hash, &t.Login, &t.Name, (*timeColumn)(&t.Created), (*timeColumn)(&t.Used), (*timeColumn)(&t.Ends),
	}
}

// scanToken reads a row of tokenColumns.
func scanToken(read scan) (t Token, err error) {
	err = read(t.columns()...)
	return t, err
}

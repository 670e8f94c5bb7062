package store

import (
	"context"
	"database/sql"
	"time"
)

// User is a person who works here.
type User struct {
	Name     string // with which they log in: "lan.nguyen"
	FullName string
	Office   string // its ID
	Role     string // "soan-thao", "van-thu", "quan-tri"
	Password string // an argon2id hash in PHC form
	Disabled bool
	Created  time.Time
}

// administers reports whether a user may log in and keep the others.
func (u User) administers() bool { return u.Role == "quan-tri" && !u.Disabled }

// AddUser keeps a new user; the error is ErrExists where there is one of that name.
func (s *Store) AddUser(ctx context.Context, user User) error {
	return wrap("add user", s.write(ctx, s.db, ErrExists, `INSERT INTO users (name, full_name, office, role, password, disabled, created)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`, user.Name, plain(user.FullName), user.Office, user.Role, user.Password,
		number(user.Disabled), timeText(user.Created)))
}

// ChangeUser writes all but the name and the day of creation anew. It ends the sessions of a user whose password, role or office
// changed or who is disabled now, and with a new password the tokens. The error is ErrNotFound, or ErrLast where no administrator would be left.
func (s *Store) ChangeUser(ctx context.Context, user User) error {
	err := s.transact(ctx, func(tx *sql.Tx) error {
		if s.pool != nil { // two administrators who step down at once must see each other; SQLite locks all by itself
			if _, err := tx.ExecContext(ctx, `LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE`); err != nil {
				return err
			}
		}
		before, err := queryRow(ctx, tx, scanUser, s.placeholders(`SELECT `+userColumns+` FROM users u WHERE u.name = $1`), plain(user.Name))
		if err != nil {
			return err
		}
		if err := s.changeUser(ctx, tx, before, user); err != nil {
			return err
		}
		if !user.Disabled && user.Password == before.Password && user.Role == before.Role && user.Office == before.Office {
			return nil
		}
		if _, err = tx.ExecContext(ctx, s.placeholders(`DELETE FROM sessions WHERE login = $1`), user.Name); err != nil || user.Password == before.Password {
			return err
		}
		_, err = tx.ExecContext(ctx, s.placeholders(`DELETE FROM tokens WHERE login = $1`), user.Name) // whoever knew the password may have made one
		return err
	})
	return wrap("change user", err)
}

// changeUser writes a user anew, unless nobody would administer then.
func (s *Store) changeUser(ctx context.Context, tx *sql.Tx, before, user User) error {
	err := s.write(ctx, tx, ErrNotFound, `UPDATE users SET full_name = $2, office = $3, role = $4, password = $5, disabled = $6 WHERE name = $1`,
		user.Name, plain(user.FullName), user.Office, user.Role, user.Password, number(user.Disabled))
	if err != nil || !before.administers() || user.administers() {
		return err
	}
	some, err := queryRow(ctx, tx, scalar[bool], `SELECT EXISTS (SELECT 1 FROM users WHERE role = 'quan-tri' AND disabled = 0)`)
	if err == nil && !some {
		err = ErrLast
	}
	return err
}

// User returns a user, or ErrNotFound.
func (s *Store) User(ctx context.Context, name string) (User, error) {
	user, err := queryRow(ctx, s.db, scanUser, s.placeholders(`SELECT `+userColumns+` FROM users u WHERE u.name = $1`), plain(name))
	return user, wrap("user", err)
}

// Users returns all by name.
func (s *Store) Users(ctx context.Context) ([]User, error) {
	users, err := queryAll(ctx, s.db, scanUser, `SELECT `+userColumns+` FROM users u ORDER BY u.name`)
	return users, wrap("users", err)
}

// AnyUser reports whether there is any. It is cheap to ask.
func (s *Store) AnyUser(ctx context.Context) (bool, error) {
	some, err := queryRow(ctx, s.db, scalar[bool], `SELECT EXISTS (SELECT 1 FROM users)`)
	return some, wrap("any user", err)
}

const userColumns = `u.name, u.full_name, u.office, u.role, u.password, u.disabled, u.created`

// columns returns where the values of userColumns go.
func (u *User) columns() []any {
	return []any{&u.Name, &u.FullName, &u.Office, &u.Role, &u.Password, &u.Disabled, (*timeColumn)(&u.Created)}
}

// scanUser reads a row of userColumns.
func scanUser(read scan) (u User, err error) {
	err = read(u.columns()...)
	return u, err
}

package account

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"vanthu/internal/store"
)

// How long a session lasts.
const (
	idleEnd  = 8 * time.Hour      // after what was asked last: a working day
	finalEnd = 7 * 24 * time.Hour // after the login
	seeEvery = time.Minute        // how often it is written that a session was seen or a token was used
)

// Login begins a session and returns what the browser's cookie is to hold, new each time. The name may have capital letters and spaces around
// it, as phones write them. from is the network that asks, as Network returns it. The error is ErrWrong or *Throttled.
func (a *Accounts) Login(ctx context.Context, login, password, from string) (cookie string, is Who, err error) {
	login = strings.ToLower(strings.TrimSpace(login))
	end, err := a.begin(login, from)
	if err != nil {
		return "", Who{}, err
	}
	how := untold
	defer func() { end(how) }()

	user, err := a.named(ctx, login)
	if err != nil {
		return "", Who{}, err
	}
	matches, err := a.hashers.matches(ctx, user.Password, password)
	if err != nil {
		return "", Who{}, fmt.Errorf("account: password of %q: %w", user.Name, err)
	}
	if !matches || user.Disabled {
		how = wrong
		return "", Who{}, ErrWrong
	}
	how = right
	return a.beginSession(ctx, user)
}

// begin asks whether a password may be tried. end must be told what became of it.
func (a *Accounts) begin(login, from string) (end func(outcome), err error) {
	if wait := a.byPlace.begin(from, a.now()); wait > 0 {
		return nil, &Throttled{Wait: wait}
	}
	isName := nameForm.MatchString(login) // what is none can be nobody's, and would fill the memory with names
	if isName {
		if wait := a.byName.begin(login, a.now()); wait > 0 {
			a.byPlace.end(from, a.now(), untold)
			return nil, &Throttled{Wait: wait}
		}
	}
	return func(how outcome) {
		if isName {
			a.byName.end(login, a.now(), how)
		}
		if how == right { // whoever has a user of their own must not guess for others without end
			how = untold
		}
		a.byPlace.end(from, a.now(), how)
	}, nil
}

// named returns a user, or none, which has no password, where there is none of the name.
func (a *Accounts) named(ctx context.Context, login string) (store.User, error) {
	if !nameForm.MatchString(login) {
		return store.User{}, nil
	}
	user, err := a.store.User(ctx, login)
	if errors.Is(err, store.ErrNotFound) {
		return store.User{}, nil
	}
	if err != nil {
		return store.User{}, fmt.Errorf("account: %w", err)
	}
	return user, nil
}

// beginSession begins a session of a user whose password was right.
func (a *Accounts) beginSession(ctx context.Context, user store.User) (cookie string, is Who, err error) {
	cookie = newKey()
	now := a.clock()
	session := store.Session{Hash: digest(cookie), Login: user.Name, Secret: newKey(), Created: now, Seen: now, Ends: now.Add(idleEnd)}
	if err := a.store.AddSession(ctx, session); err != nil {
		return "", Who{}, fmt.Errorf("account: begin a session: %w", err)
	}
	// A password that was changed while the old one was looked at ended the sessions that there were, without this one.
	_, after, err := a.store.Session(ctx, session.Hash)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return "", Who{}, ErrWrong
	case err != nil:
		return "", Who{}, fmt.Errorf("account: begin a session: %w", err)
	case after.Password != user.Password || after.Disabled:
		if err := a.Logout(ctx, cookie); err != nil {
			return "", Who{}, err
		}
		return "", Who{}, ErrWrong
	}
	is = who(after)
	is.Secret = session.Secret
	return cookie, is, nil
}

// Session returns whose a cookie is. The error is ErrEnded where it is nobody's (any more).
func (a *Accounts) Session(ctx context.Context, cookie string) (Who, error) {
	if len(cookie) != keyLength {
		return Who{}, ErrEnded
	}
	session, user, err := a.store.Session(ctx, digest(cookie))
	if errors.Is(err, store.ErrNotFound) {
		return Who{}, ErrEnded
	}
	if err != nil {
		return Who{}, fmt.Errorf("account: %w", err)
	}
	now := a.clock()
	if user.Disabled || !now.Before(session.Ends) {
		return Who{}, ErrEnded
	}
	if now.Sub(session.Seen) >= seeEvery {
		ends := now.Add(idleEnd)
		if final := session.Created.Add(finalEnd); final.Before(ends) {
			ends = final
		}
		// A disk that is full keeps nobody from reading: the session only ends earlier.
		_ = a.store.SeeSession(ctx, session.Hash, now, ends)
	}
	is := who(user)
	is.Secret = session.Secret
	return is, nil
}

// Logout ends the session of a cookie.
func (a *Accounts) Logout(ctx context.Context, cookie string) error {
	if err := a.store.DropSession(ctx, digest(cookie)); err != nil {
		return fmt.Errorf("account: end a session: %w", err)
	}
	return nil
}

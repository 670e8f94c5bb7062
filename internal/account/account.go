// Package account knows who asks: users with passwords, roles, sessions of browsers, and tokens of programs. Nothing that opens a door is kept
// as it is: passwords as argon2id hashes (RFC 9106), cookies and tokens as SHA-256.
package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"vanthu/internal/store"
)

// Role is what a user may do. Each role may do what those before it may.
type Role string

// The roles.
const (
	Nobody  Role = ""          // who is not logged in
	Drafter Role = "soan-thao" // makes documents
	Clerk   Role = "van-thu"   // keeps the register and starts batches
	Admin   Role = "quan-tri"  // keeps users, offices and templates
)

// Roles are those that a user can have.
var Roles = []Role{Drafter, Clerk, Admin}

// Name returns what people call a role: "Soạn thảo", "Văn thư", "Quản trị"; the role itself where it is none.
func (r Role) Name() string {
	switch r {
	case Drafter:
		return "Soạn thảo"
	case Clerk:
		return "Văn thư"
	case Admin:
		return "Quản trị"
	default:
		return string(r)
	}
}

// May reports whether whoever has the role may do what asks for another. A role that is unknown may nothing.
func (r Role) May(asked Role) bool {
	order := []Role{Nobody, Drafter, Clerk, Admin}
	has, wanted := slices.Index(order, r), slices.Index(order, asked)
	return wanted >= 0 && has >= wanted
}

// Who is the one who asks.
type Who struct {
	Login    string // the user's name; empty for nobody, and in one-person mode
	FullName string
	Office   string // the ID of their office
	Role     Role
	Secret   string // what the forms of their session carry; empty of a program with a token
	Alone    bool   // one-person mode: there are no users, and whoever sits at this machine may do all
}

// Errors of a login.
var (
	ErrWrong = errors.New("wrong name or password") // or disabled: whoever guesses is not told which
	ErrEnded = errors.New("session or token has ended")
)

// Throttled says that there were too many wrong passwords, for this user or from this network, or that too many log in at once.
type Throttled struct{ Wait time.Duration }

func (t *Throttled) Error() string { return fmt.Sprintf("too many logins; wait %s", t.Wait) }

// Accounts are the users of a service. It is safe for concurrent use.
type Accounts struct {
	store *store.Store
	now   func() time.Time

	any      atomic.Bool // a user was seen: users are disabled, never deleted
	changing sync.Mutex  // held from reading a user to writing it
	hashers  hashers
	byName   *throttle
	byPlace  *throttle
}

// New opens the accounts of a store.
func New(s *store.Store, now func() time.Time) *Accounts {
	return &Accounts{
		store: s, now: now, hashers: newHashers(),
		byName: newThrottle(freeOfName), byPlace: newThrottle(freeOfPlace),
	}
}

// Any reports whether there is any user; without one the service is in one-person mode. It is cheap to ask.
func (a *Accounts) Any(ctx context.Context) (bool, error) {
	if a.any.Load() {
		return true, nil
	}
	found, err := a.store.AnyUser(ctx)
	if err != nil {
		return false, fmt.Errorf("account: %w", err)
	}
	if found {
		a.any.Store(true)
	}
	return found, nil
}

// clock returns the time in UTC, in whole seconds as the store keeps it.
func (a *Accounts) clock() time.Time { return a.now().UTC().Truncate(time.Second) }

// who returns a user who asks.
func who(user store.User) Who {
	return Who{Login: user.Name, FullName: user.FullName, Office: user.Office, Role: Role(user.Role)}
}

// keyBytes is the length of what opens a door: 256 bits cannot be guessed.
const keyBytes = 32

// keyLength is that of newKey's text.
var keyLength = base64.RawURLEncoding.EncodedLen(keyBytes)

// newKey returns 256 random bits in 43 characters of base64url.
func newKey() string {
	key := make([]byte, keyBytes)
	_, _ = rand.Read(key) // it cannot fail: crypto/rand ends the program where there is no chance
	return base64.RawURLEncoding.EncodeToString(key)
}

// digest returns what the store keeps of a key. It needs no salt and no time, since nobody can guess a key.
func digest(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

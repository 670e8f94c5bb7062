package store

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"vanthu/internal/vi"
)

// Act is what somebody did.
type Act struct {
	ID      string // sorts by time; AddAct chooses it
	At      time.Time
	Login   string // the user's name, empty in one-person mode
	Office  string
	Action  string // English, kebab-case: "issue-number"
	Subject string // to what: "97/BC-HĐND"
	Detail  string
	Request string // id of the request
}

// ActFilter chooses acts; zero fields choose all.
type ActFilter struct {
	Office *string // nil for those of every office
	Login  string
	Action string
	Words  string // each must occur, accents aside, in login, action, subject, detail or request
	Before string // the ID of the last act seen, for the page after it
	Most   int    // 0 means 100
}

// AddAct keeps an act.
func (s *Store) AddAct(ctx context.Context, act Act) error {
	folded := vi.Fold(plain(strings.Join([]string{act.Login, act.Action, act.Subject, act.Detail, act.Request}, "\n")))
	return wrap("add act", s.write(ctx, s.db, ErrExists, `INSERT INTO acts (id, at, login, office, action, subject, detail, request, folded)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, s.newActID(act.At), timeText(act.At), plain(act.Login), plain(act.Office), act.Action,
		plain(act.Subject), plain(act.Detail), plain(act.Request), folded))
}

// newActID makes an ID that sorts by time, and where two acts of this process are of the same moment, by which came first.
func (s *Store) newActID(at time.Time) string {
	return fmt.Sprintf("%s-%012d-%s", at.UTC().Format("20060102150405.000000000"), s.acts.Add(1), strings.ToLower(rand.Text()[:8]))
}

// Acts returns acts, the latest first.
func (s *Store) Acts(ctx context.Context, filter ActFilter) ([]Act, error) {
	var which conditions
	if filter.Office != nil {
		which.demand("office = $", *filter.Office)
	}
	if filter.Login != "" {
		which.demand("login = $", plain(filter.Login))
	}
	if filter.Action != "" {
		which.demand("action = $", plain(filter.Action))
	}
	if filter.Before != "" {
		which.demand("id < $", plain(filter.Before))
	}
	which.words(filter.Words, "folded")
	query := `SELECT id, at, login, office, action, subject, detail, request FROM acts ` + which.where() + ` ORDER BY id DESC LIMIT `
	acts, err := queryAll(ctx, s.db, scanAct, s.placeholders(query+which.placeholder(cmp.Or(filter.Most, 100))), which.values...)
	return acts, wrap("acts", err)
}

func scanAct(read scan) (a Act, err error) {
	err = read(&a.ID, (*timeColumn)(&a.At), &a.Login, &a.Office, &a.Action, &a.Subject, &a.Detail, &a.Request)
	return a, err
}

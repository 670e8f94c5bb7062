package account

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vanthu/internal/store"
)

// token makes one of lan.
func (d desk) token(t *testing.T, days int) (key string, token store.Token) {
	t.Helper()
	key, token, found, err := d.NewToken(t.Context(), "lan", " Phần mềm  của huyện", days)
	if err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
	return key, token
}

func TestToken(t *testing.T) {
	d := open(t)
	key, token := d.token(t, 0)
	if !regexp.MustCompile(`^vt_[A-Za-z0-9_-]{43}$`).MatchString(key) || token.Name != "Phần mềm của huyện" || !token.Ends.IsZero() || token.ID == "" {
		t.Errorf("%q, %+v", key, token)
	}
	is, err := d.Token(t.Context(), key)
	if want := (Who{Login: "lan", FullName: "Trần Thị Lan", Role: Drafter}); err != nil || is != want {
		t.Errorf("is %+v, %v", is, err)
	}
	for _, other := range []string{"", "vt_", key[3:], "vt_" + newKey(), strings.ToUpper(key), token.Hash, key + " "} {
		if _, err := d.Token(t.Context(), other); !errors.Is(err, ErrEnded) {
			t.Errorf("%q: %v", other, err)
		}
	}
	if err := d.Accounts.store.DropToken(t.Context(), "lan", token.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Token(t.Context(), key); !errors.Is(err, ErrEnded) {
		t.Errorf("dropped: %v", err)
	}
}

func TestTokenEnds(t *testing.T) {
	t.Run("after its days", func(t *testing.T) {
		d := open(t)
		key, token := d.token(t, 30)
		d.move(30*24*time.Hour - time.Second)
		if _, err := d.Token(t.Context(), key); err != nil {
			t.Error(err)
		}
		d.move(time.Second)
		if _, err := d.Token(t.Context(), key); !errors.Is(err, ErrEnded) || !token.Ends.Equal(d.today()) {
			t.Errorf("%v, ends %v", err, token.Ends)
		}
	})
	t.Run("with its user", func(t *testing.T) {
		d := open(t)
		key, _ := d.token(t, 0)
		d.change(t, func(u *store.User) { u.Disabled = true })
		if _, err := d.Token(t.Context(), key); !errors.Is(err, ErrEnded) {
			t.Error(err)
		}
		d.change(t, func(u *store.User) { u.Disabled = false })
		if _, err := d.Token(t.Context(), key); err != nil {
			t.Error(err)
		}
	})
}

func TestTokenUseIsWrittenOnceAMinute(t *testing.T) {
	d := open(t)
	key, _ := d.token(t, 0)
	var used []string
	for range 13 {
		if _, err := d.Token(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		tokens, err := d.Accounts.store.Tokens(t.Context(), "lan")
		if err != nil {
			t.Fatal(err)
		}
		used = append(used, tokens[0].Used.Format("04:05"))
		d.move(10 * time.Second)
	}
	if got := slices.Compact(used); !slices.Equal(got, []string{"05:30", "06:30", "07:30"}) {
		t.Errorf("used %q", got)
	}
}

func TestNewTokenRefuses(t *testing.T) {
	d := open(t)
	for name, test := range map[string]struct {
		name string
		days int
		want string
	}{
		"no name":        {"  ", 30, "ten token-name"},
		"a long name":    {strings.Repeat("dài ", 30), 30, "ten token-name"},
		"days behind":    {"máy quét", -1, "so_ngay token-days"},
		"days for ever":  {"máy quét", 100_000, "so_ngay token-days"},
		"neither of two": {"", -1, "ten token-name,so_ngay token-days"},
	} {
		t.Run(name, func(t *testing.T) {
			key, _, found, err := d.NewToken(t.Context(), "lan", test.name, test.days)
			if got := strings.Join(fields(found), ","); err != nil || key != "" || got != test.want {
				t.Errorf("%q, found %q, %v", key, got, err)
			}
		})
	}
	if _, _, _, err := d.NewToken(t.Context(), "ai-do", "máy quét", 0); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
}

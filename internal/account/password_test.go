package account

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vanthu/internal/vi"

	"vanthu/internal/diag"
)

// foreign is a hash of the reference implementation, with other parameters: its test of argon2id with "password" and "somesalt".
const foreign = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"

func TestHash(t *testing.T) {
	h := newHashers()
	one, err := h.newHash(t.Context(), secret)
	two, err2 := h.newHash(t.Context(), secret)
	if err := errors.Join(err, err2); err != nil || one == two {
		t.Errorf("%q, %q, %v: not salted", one, two, err)
	}
	for _, test := range []struct {
		hash, password string
		want           bool
	}{
		{one, secret, true},
		{two, secret, true},
		{one, secret + " ", false},
		{one, "", false},
		{foreign, "password", true},
		{foreign, "Password", false},
		{"", "", false},
		{"", secret, false},
	} {
		if got, err := h.matches(t.Context(), test.hash, test.password); err != nil || got != test.want {
			t.Errorf("%q of %q: %t, %v", test.password, test.hash, got, err)
		}
	}
}

// FuzzParse holds that no hash makes the machine work without end.
func FuzzParse(f *testing.F) {
	for _, hash := range []string{
		foreign, "", "secret", "$argon2id$", strings.Replace(foreign, "2id", "2i", 1), strings.Replace(foreign, "v=19", "v=16", 1),
		strings.Replace(foreign, "m=65536", "m=4294967295", 1), strings.Replace(foreign, "t=2", "t=0", 1), strings.Replace(foreign, "t=2", "t=99999", 1),
		strings.Replace(foreign, "p=1", "p=0", 1), strings.Replace(foreign, "p=1", "p=999", 1), strings.Replace(foreign, "c29tZXNhbHQ", "", 1), foreign + "$",
		foreign[:len(foreign)-30], foreign + "=",
	} {
		f.Add(hash)
	}
	f.Fuzz(func(t *testing.T, hash string) {
		made, err := parse(hash)
		if err != nil {
			return
		}
		if made.memory > 64<<10 || made.passes < 1 || made.passes > 10 || made.lanes < 1 || len(made.salt) < 8 || len(made.key) < 16 {
			t.Errorf("%q: %+v", hash, made)
		}
	})
}

func TestParseRefuses(t *testing.T) {
	for from, to := range map[string]string{
		"argon2id": "argon2i", "v=19": "v=16", "m=65536": "m=4294967295", "t=2": "t=0", "p=1": "p=0", "$c29tZXNhbHQ": "$", "GRPPc": "GRPPc=",
	} {
		if _, err := parse(strings.Replace(foreign, from, to, 1)); err == nil {
			t.Errorf("took %s for %s", to, from)
		}
	}
}

// TestHashersAreFew runs a crowd: two work at a time, some wait, and the rest are told to come again.
func TestHashersAreFew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHashers()
		var working, most, done, sent atomic.Int64
		var crowd sync.WaitGroup
		for range 1000 {
			crowd.Go(func() {
				err := h.do(t.Context(), func() {
					most.Store(max(most.Load(), working.Add(1)))
					time.Sleep(50 * time.Millisecond)
					working.Add(-1)
					done.Add(1)
				})
				var off *Throttled
				if errors.As(err, &off) && off.Wait > 0 {
					sent.Add(1)
				} else if err != nil {
					t.Error(err)
				}
			})
		}
		began := time.Now()
		crowd.Wait()
		if most.Load() != maxHashing || done.Load() != maxHashing+maxWaiting || done.Load()+sent.Load() != 1000 || time.Since(began) > 2*time.Second {
			t.Errorf("%d at once, %d done, %d sent away, in %v", most.Load(), done.Load(), sent.Load(), time.Since(began))
		}
	})
}

// TestHashersGiveUp lets go of those whose browser is gone.
func TestHashersGiveUp(t *testing.T) {
	h := newHashers()
	ctx, cancel := context.WithCancel(t.Context())
	if !h.working.TryAcquire(maxHashing) {
		t.Fatal("somebody works")
	}
	cancel()
	if _, err := h.matches(ctx, foreign, "password"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if !h.admitted.TryAcquire(maxHashing + maxWaiting) {
		t.Error("somebody waits")
	}
}

func TestCommonPasswords(t *testing.T) {
	list := strings.Fields(common)
	if len(list) < 50 || !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) {
		t.Error("the list is not sorted, or has something twice")
	}
	for _, password := range list {
		if password != strings.ToLower(vi.NFC(password)) || len(password) < minPassword {
			t.Errorf("%q is refused already, or never", password)
		}
		for _, typed := range []string{password, strings.ToUpper(password)} {
			if found := weak("lan", typed); len(found) != 1 || found[0].Code != diag.CommonPassword {
				t.Errorf("%q: %v", typed, found)
			}
		}
	}
}

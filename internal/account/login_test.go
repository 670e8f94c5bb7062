package account

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vanthu/internal/store"
)

func TestLogin(t *testing.T) {
	d := open(t)
	d.add(t, store.User{Name: "nghi", Role: "soan-thao"})
	if _, err := d.Change(t.Context(), store.User{Name: "nghi", Role: "soan-thao", Disabled: true}); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, login, password string
		want                  error
	}{
		{"right", "lan", secret, nil},
		{"as a phone writes it", " Lan ", secret, nil},
		{"with letters in two parts", "lan", "ca\u0301 kho ba\u0309y ngo\u0323n nu\u0301i", nil},
		{"wrong password", "lan", "cá kho tám ngọn núi", ErrWrong},
		{"no password", "lan", "", ErrWrong},
		{"wrong name", "lan2", secret, ErrWrong},
		{"no name", "", secret, ErrWrong},
		{"a name with a NUL", "lan\x00", secret, ErrWrong},
		{"disabled", "nghi", secret, ErrWrong},
	} {
		t.Run(test.name, func(t *testing.T) {
			cookie, is, err := d.Login(t.Context(), test.login, test.password, "10.0.0.1")
			if !errors.Is(err, test.want) || (err == nil) != (len(cookie) == 43 && len(is.Secret) == 43 && is.Login == "lan") {
				t.Errorf("%q, %+v, %v", cookie, is, err)
			}
		})
	}
}

// TestLoginIsNewEachTime holds against session fixation: nobody chooses a cookie for another.
func TestLoginIsNewEachTime(t *testing.T) {
	d := open(t)
	chosen := newKey()
	if _, err := d.Session(t.Context(), chosen); !errors.Is(err, ErrEnded) {
		t.Error(err)
	}
	first, one := d.login(t)
	second, two := d.login(t)
	if first == second || one.Secret == two.Secret || first == chosen || second == chosen {
		t.Error("not new")
	}
	for cookie, want := range map[string]string{first: one.Secret, second: two.Secret} {
		if is, err := d.Session(t.Context(), cookie); err != nil || is.Secret != want || is.Login != "lan" {
			t.Errorf("%+v, %v", is, err)
		}
	}
}

// TestWrongNameTakesAsLong holds that a hash is worked out for everybody, which takes a hundred times as long as all else: where there is no
// room for one more, nobody gets an answer.
func TestWrongNameTakesAsLong(t *testing.T) {
	d := open(t)
	d.change(t, func(u *store.User) { u.Disabled = true })
	if !d.hashers.admitted.TryAcquire(maxHashing + maxWaiting) {
		t.Fatal("somebody waits")
	}
	for name, login := range map[string]string{"user": "an.nguyen", "disabled user": "lan", "wrong name": "ai-do", "no name at all": "Không phải tên"} {
		var off *Throttled
		if _, _, err := d.Login(t.Context(), login, "không phải đâu", "10.0.0.1"); !errors.As(err, &off) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGuessingOnePasswordIsThrottled(t *testing.T) {
	d := open(t)
	try := func(password string) error {
		_, _, err := d.Login(t.Context(), "lan", password, strconv.FormatInt(d.at.Load(), 10)) // each time from elsewhere
		d.move(1)
		return err
	}
	for i := range freeOfName {
		if err := try("không phải đâu"); !errors.Is(err, ErrWrong) {
			t.Fatalf("guess %d: %v", i+1, err)
		}
	}
	var waits []time.Duration
	for range 7 {
		var off *Throttled
		if err := try(secret); !errors.As(err, &off) {
			t.Fatalf("not even the right one may be tried: %v", err)
		}
		waits = append(waits, off.Wait.Round(time.Second))
		d.move(off.Wait)
		if err := try("không phải đâu"); !errors.Is(err, ErrWrong) {
			t.Fatalf("after the wait: %v", err)
		}
	}
	want := []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute}
	if !slices.Equal(waits, want) {
		t.Errorf("waits %v", waits)
	}
	if _, _, err := d.Login(t.Context(), "an.nguyen", secret, "10.0.0.9"); err != nil {
		t.Errorf("another user: %v", err)
	}

	d.move(maxWait)
	if err := try(secret); err != nil {
		t.Errorf("the right one after the wait: %v", err)
	}
	for range freeOfName {
		if err := try("không phải đâu"); !errors.Is(err, ErrWrong) {
			t.Errorf("the right one did not forget the wrong ones: %v", err)
		}
	}
}

func TestGuessingManyNamesIsThrottled(t *testing.T) {
	d := open(t)
	for i := range freeOfPlace {
		if i == freeOfPlace/2 { // whoever has a user of their own is let off nothing
			if _, _, err := d.Login(t.Context(), "lan", secret, "10.0.0.1"); err != nil {
				t.Fatal(err)
			}
		}
		if _, _, err := d.Login(t.Context(), "nguoi"+strconv.Itoa(i), "không phải đâu", "10.0.0.1"); !errors.Is(err, ErrWrong) {
			t.Fatalf("guess %d: %v", i+1, err)
		}
	}
	var off *Throttled
	if _, _, err := d.Login(t.Context(), "an.nguyen", secret, "10.0.0.1"); !errors.As(err, &off) || off.Wait != firstWait {
		t.Errorf("after many: %v", err)
	}
	if _, _, err := d.Login(t.Context(), "an.nguyen", secret, "10.0.0.2"); err != nil {
		t.Errorf("from elsewhere: %v", err)
	}
	d.move(firstWait)
	if _, _, err := d.Login(t.Context(), "an.nguyen", secret, "10.0.0.1"); err != nil {
		t.Errorf("after the wait: %v", err)
	}
}

// TestGuessingAtOnceIsThrottled sends a crowd of guesses before the first is answered.
func TestGuessingAtOnceIsThrottled(t *testing.T) {
	d := open(t)
	var wrong, throttled atomic.Int64
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			_, _, err := d.Login(t.Context(), "lan", "không phải đâu", strconv.Itoa(i))
			var off *Throttled
			switch {
			case errors.Is(err, ErrWrong):
				wrong.Add(1)
			case errors.As(err, &off):
				throttled.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if wrong.Load() != freeOfName || throttled.Load() != 100-freeOfName {
		t.Errorf("%d guesses, %d refused", wrong.Load(), throttled.Load())
	}
}

func TestSession(t *testing.T) {
	get := func(d desk, cookie string) error { _, err := d.Session(t.Context(), cookie); return err }
	t.Run("ends when it is idle", func(t *testing.T) {
		d := open(t)
		cookie, _ := d.login(t)
		d.move(idleEnd - time.Second)
		if err := get(d, cookie); err != nil {
			t.Error(err)
		}
		d.move(idleEnd - time.Second) // it was seen
		if err := get(d, cookie); err != nil {
			t.Error(err)
		}
		d.move(idleEnd)
		if err := get(d, cookie); !errors.Is(err, ErrEnded) {
			t.Error(err)
		}
	})
	t.Run("ends after a week in any case", func(t *testing.T) {
		d := open(t)
		cookie, _ := d.login(t)
		for range 7*24 - 1 {
			d.move(time.Hour)
			if err := get(d, cookie); err != nil {
				t.Fatal(err)
			}
		}
		d.move(time.Hour)
		if err := get(d, cookie); !errors.Is(err, ErrEnded) {
			t.Error(err)
		}
	})
	t.Run("is written down once a minute", func(t *testing.T) {
		d := open(t)
		cookie, _ := d.login(t)
		var seen []string
		for range 13 {
			if err := get(d, cookie); err != nil {
				t.Fatal(err)
			}
			session, _, err := d.Accounts.store.Session(t.Context(), digest(cookie))
			if err != nil {
				t.Fatal(err)
			}
			seen = append(seen, session.Seen.Format("04:05"))
			d.move(10 * time.Second)
		}
		if !slices.Equal(slices.Compact(slices.Clone(seen)), []string{"05:30", "06:30", "07:30"}) {
			t.Errorf("seen %q", seen)
		}
	})
	for name, end := range map[string]func(desk, string) error{
		"logout":       func(d desk, cookie string) error { return d.Logout(t.Context(), cookie) },
		"disabling":    func(d desk, _ string) error { d.change(t, func(u *store.User) { u.Disabled = true }); return nil },
		"another role": func(d desk, _ string) error { d.change(t, func(u *store.User) { u.Role = "quan-tri" }); return nil },
		"another password": func(d desk, _ string) error {
			_, err := d.SetPassword(t.Context(), "lan", "một con mèo đen")
			return err
		},
	} {
		t.Run(name+" ends it at once", func(t *testing.T) {
			d := open(t)
			cookie, _ := d.login(t)
			if err := errors.Join(get(d, cookie), end(d, cookie)); err != nil {
				t.Fatal(err)
			}
			if err := get(d, cookie); !errors.Is(err, ErrEnded) {
				t.Error(err)
			}
		})
	}
	t.Run("is nobody's with another cookie", func(t *testing.T) {
		d := open(t)
		cookie, _ := d.login(t)
		for _, other := range []string{"", cookie[1:], cookie + "A", digest(cookie), newKey(), "\x00"} {
			if err := get(d, other); !errors.Is(err, ErrEnded) {
				t.Errorf("%q: %v", other, err)
			}
		}
	})
}

func TestSetPassword(t *testing.T) {
	d := open(t)
	const other = "một con mèo đen"
	if found, err := d.SetPassword(t.Context(), "lan", "1234567890"); err != nil || !found.Blocking() {
		t.Error(found, err)
	}
	if _, err := d.SetPassword(t.Context(), "ai-do", other); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
	if found, err := d.SetPassword(t.Context(), "lan", other); err != nil || len(found) > 0 {
		t.Fatal(found, err)
	}
	for password, want := range map[string]error{secret: ErrWrong, other: nil} {
		if _, _, err := d.Login(t.Context(), "lan", password, "10.0.0.1"); !errors.Is(err, want) {
			t.Errorf("%q: %v", password, err)
		}
	}
}

// TestPasswordChangedWhileLoggingIn begins no session with a password that was right a moment ago.
func TestPasswordChangedWhileLoggingIn(t *testing.T) {
	for name, change := range map[string]func(desk){
		"changed": func(d desk) {
			if _, err := d.SetPassword(t.Context(), "lan", "một con mèo đen"); err != nil {
				t.Fatal(err)
			}
		},
		"disabled": func(d desk) { d.change(t, func(u *store.User) { u.Disabled = true }) },
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t)
			looked, err := d.Accounts.store.User(t.Context(), "lan")
			if err != nil {
				t.Fatal(err)
			}
			change(d)
			if cookie, _, err := d.beginSession(t.Context(), looked); !errors.Is(err, ErrWrong) || cookie != "" {
				t.Errorf("%q, %v", cookie, err)
			}
		})
	}
}

// BenchmarkLogin tells what one login costs.
func BenchmarkLogin(b *testing.B) {
	d := open(b)
	b.ReportAllocs()
	for b.Loop() {
		d.login(b)
	}
}

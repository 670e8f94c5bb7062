package store

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func newUser(name, role string) User {
	return User{Name: name, FullName: "Nguyễn Thị Lan", Office: "vinh-am", Role: role, Password: "$argon2id$a", Created: noon}
}

func addUser(t testing.TB, s *Store, user User) {
	t.Helper()
	wants(t, s.AddUser(t.Context(), user), nil)
}

func newSession(hash, login string) Session {
	return Session{Hash: hash, Login: login, Secret: "s-" + hash, Created: noon, Seen: noon, Ends: noon.Add(12 * time.Hour)}
}

func addSession(t testing.TB, s *Store, session Session) {
	t.Helper()
	wants(t, s.AddSession(t.Context(), session), nil)
}

// must returns what a method gives, which must not fail.
func must[T any](t testing.TB) func(got T, err error) T {
	return func(got T, err error) T {
		t.Helper()
		wants(t, err, nil)
		return got
	}
}

func TestOffices(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		vinh, an := Office{ID: "vinh-am", Name: "HĐND xã Vinh Am", Created: noon}, Office{ID: "an-binh", Name: "HĐND xã An Bình", Created: noon}
		wants(t, s.AddOffice(t.Context(), vinh), nil)
		wants(t, s.AddOffice(t.Context(), an), nil)
		same(t, must[[]Office](t)(s.Offices(t.Context())), []Office{an, vinh})

		wants(t, s.AddOffice(t.Context(), Office{ID: "an-binh", Name: "khác"}), ErrExists)
		wants(t, s.RenameOffice(t.Context(), "nowhere", "x"), ErrNotFound)
		an.Name = "Xã An Bình"
		wants(t, s.RenameOffice(t.Context(), an.ID, an.Name), nil)
		same(t, must[[]Office](t)(s.Offices(t.Context())), []Office{vinh, an})
	})
}

func TestProfiles(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		profile := func(office string, version int, text string) Profile {
			return Profile{Office: office, Version: version, Text: []byte(text), Author: "lan", Saved: noon}
		}
		_, err := s.LastProfile(t.Context(), "a")
		wants(t, err, ErrNotFound)
		before := must[int64](t)(s.Revision(t.Context()))
		wants(t, s.SaveProfile(t.Context(), profile("a", 1, "một")), nil)
		wants(t, s.SaveProfile(t.Context(), profile("a", 2, "hai")), nil)
		wants(t, s.SaveProfile(t.Context(), profile("b", 1, "khác")), nil)
		same(t, must[Profile](t)(s.LastProfile(t.Context(), "a")), profile("a", 2, "hai"))
		same(t, must[[]Profile](t)(s.Profiles(t.Context(), "a")), []Profile{profile("a", 2, "hai"), profile("a", 1, "một")})
		same(t, must[int64](t)(s.Revision(t.Context())), before+3)

		t.Run("no version is written over, and none left out", func(t *testing.T) {
			for _, version := range []int{0, 1, 2, 4} {
				wants(t, s.SaveProfile(t.Context(), profile("a", version, "muộn")), ErrChanged)
			}
			same(t, len(must[[]Profile](t)(s.Profiles(t.Context(), "a"))), 2)
			same(t, must[int64](t)(s.Revision(t.Context())), before+3)
		})
		t.Run("one of many who save at once", func(t *testing.T) {
			oneOfMany(t, func(i int) error {
				return s.SaveProfile(t.Context(), profile("a", 3, fmt.Sprint(i)))
			}, ErrChanged)
			same(t, must[Profile](t)(s.LastProfile(t.Context(), "a")).Version, 3)
		})
	})
}

// oneOfMany lets 64 try at once; one must succeed, which it gives, and the others get an error.
func oneOfMany(t *testing.T, try func(i int) error, others error) int {
	t.Helper()
	var all sync.WaitGroup
	var won, winner atomic.Int64
	for i := range 64 {
		all.Go(func() {
			if err := try(i); err == nil {
				won.Add(1)
				winner.Store(int64(i))
			} else if !errors.Is(err, others) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	same(t, won.Load(), int64(1))
	return int(winner.Load())
}

func TestUsers(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		same(t, must[bool](t)(s.AnyUser(t.Context())), false)
		lan, an := newUser("lan", "van-thu"), newUser("an", "quan-tri")
		addUser(t, s, lan)
		addUser(t, s, an)
		same(t, must[bool](t)(s.AnyUser(t.Context())), true)
		same(t, must[[]User](t)(s.Users(t.Context())), []User{an, lan})
		same(t, must[User](t)(s.User(t.Context(), "lan")), lan)
		_, err := s.User(t.Context(), "Lan")
		wants(t, err, ErrNotFound)
		wants(t, s.AddUser(t.Context(), newUser("lan", "quan-tri")), ErrExists)

		t.Run("all but the name and the day change", func(t *testing.T) {
			lan.FullName, lan.Office, lan.Role, lan.Password, lan.Disabled = "Lan Anh", "an-binh", "soan-thao", "$argon2id$b", true
			changed := lan
			changed.Created = noon.Add(time.Hour)
			wants(t, s.ChangeUser(t.Context(), changed), nil)
			same(t, must[User](t)(s.User(t.Context(), "lan")), lan)
		})
		t.Run("nobody", func(t *testing.T) { wants(t, s.ChangeUser(t.Context(), newUser("minh", "quan-tri")), ErrNotFound) })
		t.Run("no role that there is not", func(t *testing.T) {
			if err := s.AddUser(t.Context(), newUser("x", "chu-tich")); err == nil {
				t.Error("no error")
			}
		})
	})
}

func TestLastAdministrator(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		boss, clerk := newUser("boss", "quan-tri"), newUser("clerk", "van-thu")
		addUser(t, s, boss)
		addUser(t, s, clerk)
		asleep := newUser("asleep", "quan-tri")
		asleep.Disabled = true
		addUser(t, s, asleep)
		addSession(t, s, newSession("h", "boss"))

		disabled, demoted := boss, boss
		disabled.Disabled, demoted.Role = true, "van-thu"
		wants(t, s.ChangeUser(t.Context(), disabled), ErrLast)
		wants(t, s.ChangeUser(t.Context(), demoted), ErrLast)
		same(t, must[User](t)(s.User(t.Context(), "boss")), boss)
		_, _, err := s.Session(t.Context(), "h") // what was refused ends no session
		wants(t, err, nil)

		t.Run("others may change", func(t *testing.T) {
			clerk.FullName = "Khác"
			wants(t, s.ChangeUser(t.Context(), clerk), nil)
			boss.FullName = "Khác"
			wants(t, s.ChangeUser(t.Context(), boss), nil)
		})
		t.Run("of many who step down at once one stays", func(t *testing.T) {
			stores := []*Store{s, open(t, place)}
			for i := range 7 {
				addUser(t, s, newUser(fmt.Sprint("boss", i), "quan-tri"))
			}
			var all sync.WaitGroup
			var refused atomic.Int64
			for i := range 8 {
				down := newUser("boss"+strings.TrimPrefix(fmt.Sprint(i-1), "-1"), "soan-thao")
				all.Go(func() {
					if err := stores[i%2].ChangeUser(t.Context(), down); errors.Is(err, ErrLast) {
						refused.Add(1)
					} else if err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			same(t, refused.Load(), int64(1))
		})
	})
}

func TestSessions(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		lan := newUser("lan", "van-thu")
		addUser(t, s, lan)
		addUser(t, s, newUser("an", "quan-tri"))
		want := newSession("h1", "lan")
		addSession(t, s, want)
		addSession(t, s, newSession("h2", "lan"))
		addSession(t, s, newSession("h3", "an"))
		there := func(hashes ...string) {
			t.Helper()
			var got []string
			for _, hash := range []string{"h1", "h2", "h3", "h4"} {
				if _, _, err := s.Session(t.Context(), hash); err == nil {
					got = append(got, hash)
				}
			}
			same(t, got, hashes)
		}

		session, user, err := s.Session(t.Context(), "h1")
		wants(t, err, nil)
		same(t, session, want)
		same(t, user, lan)
		want.Seen, want.Ends = noon.Add(time.Hour), noon.Add(13*time.Hour)
		wants(t, s.SeeSession(t.Context(), "h1", want.Seen, want.Ends), nil)
		session, _, err = s.Session(t.Context(), "h1")
		wants(t, err, nil)
		same(t, session, want)
		wants(t, s.SeeSession(t.Context(), "none", noon, noon), nil)
		_, _, err = s.Session(t.Context(), "none")
		wants(t, err, ErrNotFound)

		t.Run("nobody has one", func(t *testing.T) {
			if err := s.AddSession(t.Context(), newSession("h4", "minh")); err == nil {
				t.Error("no error")
			}
		})
		t.Run("logging out ends one", func(t *testing.T) {
			wants(t, s.DropSession(t.Context(), "h2"), nil)
			wants(t, s.DropSession(t.Context(), "h2"), nil)
			there("h1", "h3")
		})
		t.Run("a name does not end them", func(t *testing.T) {
			lan.FullName = "Lan Anh"
			wants(t, s.ChangeUser(t.Context(), lan), nil)
			there("h1", "h3")
		})
		for name, change := range map[string]func(){
			"password": func() { lan.Password = "$argon2id$new" },
			"role":     func() { lan.Role = "soan-thao" },
			"office":   func() { lan.Office = "an-binh" },
			"disabled": func() { lan.Disabled = !lan.Disabled },
		} {
			t.Run("end with "+name, func(t *testing.T) {
				lan.Disabled = false
				wants(t, s.ChangeUser(t.Context(), lan), nil)
				wants(t, s.DropSession(t.Context(), "h1"), nil)
				addSession(t, s, newSession("h1", "lan"))
				addSession(t, s, newSession("h2", "lan"))
				change()
				wants(t, s.ChangeUser(t.Context(), lan), nil)
				there("h3")
			})
		}
		t.Run("those that ended go when another begins", func(t *testing.T) {
			late := newSession("h4", "an")
			late.Created = noon.Add(12 * time.Hour)
			late.Ends = late.Created.Add(time.Hour)
			addSession(t, s, late)
			there("h4")
		})
	})
}

func TestTokens(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		lan := newUser("lan", "van-thu")
		addUser(t, s, lan)
		addUser(t, s, newUser("an", "quan-tri"))
		token := func(id, login string, hour int) Token {
			return Token{ID: id, Hash: "hash of " + id, Login: login, Name: "máy quét", Created: noon.Add(time.Duration(hour) * time.Hour)}
		}
		one, two, three := token("t1", "lan", 0), token("t2", "lan", 1), token("t3", "an", 2)
		two.Ends = noon.Add(24 * time.Hour)
		for _, token := range []Token{one, two, three} {
			wants(t, s.AddToken(t.Context(), token), nil)
		}
		wants(t, s.UseToken(t.Context(), one.Hash, noon.Add(5*time.Hour)), nil)
		one.Used = noon.Add(5 * time.Hour)
		got, user, err := s.Token(t.Context(), one.Hash)
		wants(t, err, nil)
		same(t, got, one)
		same(t, user, lan)
		same(t, must[[]Token](t)(s.Tokens(t.Context(), "lan")), []Token{two, one})
		same(t, must[[]Token](t)(s.Tokens(t.Context(), "")), []Token{three, two, one})
		_, _, err = s.Token(t.Context(), "t1")
		wants(t, err, ErrNotFound)
		wants(t, s.AddToken(t.Context(), Token{ID: "t4", Hash: one.Hash, Login: "an"}), ErrExists)

		wants(t, s.DropToken(t.Context(), "lan", "t3"), ErrNotFound) // it is of another
		wants(t, s.DropToken(t.Context(), "lan", "t1"), nil)
		wants(t, s.DropToken(t.Context(), "lan", "t1"), ErrNotFound)
		wants(t, s.DropToken(t.Context(), "", "t3"), nil)
		same(t, must[[]Token](t)(s.Tokens(t.Context(), "")), []Token{two})
	})
}

func TestActs(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		s := open(t, place)
		add := func(login, office, action, subject string, second int) {
			wants(t, s.AddAct(t.Context(), Act{
				At: noon.Add(time.Duration(second) * time.Second), Login: login, Office: office, Action: action, Subject: subject,
				Detail: "Kế hoạch giám sát 100%", Request: "r1",
			}), nil)
		}
		add("lan", "a", "issue-number", "97/BC-HĐND", 0)
		add("lan", "a", "void-number", "98/BC-HĐND\x00", 0) // at the same moment, and with what no database takes
		add("an", "b", "add-user", "minh", 1)
		add("", "", "issue-number", "01/NQ-HĐND", 2)
		subjects := func(filter ActFilter) (got []string) {
			t.Helper()
			for _, act := range must[[]Act](t)(s.Acts(t.Context(), filter)) {
				got = append(got, act.Subject)
			}
			return got
		}
		first := must[[]Act](t)(s.Acts(t.Context(), ActFilter{Words: "97"}))[0]
		same(t, first, Act{
			ID: first.ID, At: noon, Login: "lan", Office: "a", Action: "issue-number", Subject: "97/BC-HĐND", Detail: "Kế hoạch giám sát 100%",
			Request: "r1",
		})
		office, second := "a", must[[]Act](t)(s.Acts(t.Context(), ActFilter{Most: 2}))[1].ID
		for name, c := range map[string]struct {
			filter ActFilter
			want   []string
		}{
			"all, the latest first": {ActFilter{}, []string{"01/NQ-HĐND", "minh", "98/BC-HĐND\uFFFD", "97/BC-HĐND"}},
			"login":                 {ActFilter{Login: "an"}, []string{"minh"}},
			"office":                {ActFilter{Office: &office}, []string{"98/BC-HĐND\uFFFD", "97/BC-HĐND"}},
			"the office of none":    {ActFilter{Office: new(string)}, []string{"01/NQ-HĐND"}},
			"action":                {ActFilter{Action: "issue-number"}, []string{"01/NQ-HĐND", "97/BC-HĐND"}},
			"words":                 {ActFilter{Words: "giam hdnd 9"}, []string{"98/BC-HĐND\uFFFD", "97/BC-HĐND"}},
			"no wild percent":       {ActFilter{Words: "giam%sat"}, nil},
			"the first":             {ActFilter{Most: 2}, []string{"01/NQ-HĐND", "minh"}},
			"the page after it":     {ActFilter{Before: second}, []string{"98/BC-HĐND\uFFFD", "97/BC-HĐND"}},
		} {
			t.Run(name, func(t *testing.T) { same(t, subjects(c.filter), c.want) })
		}
	})
}

func TestSecret(t *testing.T) {
	onBoth(t, func(t *testing.T, place string) {
		first := must[string](t)(open(t, place).Secret(t.Context()))
		same(t, must[string](t)(open(t, place).Secret(t.Context())), first)
		if len(first) < 26 {
			t.Errorf("%q can be guessed", first)
		}
	})
}

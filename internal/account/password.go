package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/sync/semaphore"

	"vanthu/internal/diag"
	"vanthu/internal/vi"
)

// How a password is hashed: the second of the five choices that OWASP's Password Storage Cheat Sheet takes for equal. RFC 9106 recommends
// 64 MiB with four lanes where memory is short (section 4); a small office machine has two CPUs and works on documents besides, and whoever
// steals the database gains little by the difference.
const (
	memory = 19 << 10 // KiB
	passes = 2
	lanes  = 1

	saltBytes = 16
	hashBytes = 32
)

// The length of a password in characters. Who writes a sentence is not stopped.
const (
	minPassword = 10
	maxPassword = 200
)

// common are passwords that everybody tries first, in small letters; shorter ones are refused by their length.
//
//go:embed common.txt
var common string

// hashers keep a crowd of logins from taking all memory and all CPUs: so many hashes are worked on at once, and so many wait.
type hashers struct{ working, admitted *semaphore.Weighted }

const (
	maxHashing = 2
	maxWaiting = 40 // the last of them waits about a second
)

func newHashers() hashers {
	return hashers{working: semaphore.NewWeighted(maxHashing), admitted: semaphore.NewWeighted(maxHashing + maxWaiting)}
}

// do works on a hash when it is its turn. The error is *Throttled where too many wait already, or that of ctx.
func (h hashers) do(ctx context.Context, work func()) error {
	if !h.admitted.TryAcquire(1) {
		return &Throttled{Wait: 2 * time.Second}
	}
	defer h.admitted.Release(1)
	if err := h.working.Acquire(ctx, 1); err != nil {
		return context.Cause(ctx)
	}
	defer h.working.Release(1)
	work()
	return nil
}

// newHash returns a password's hash with a salt of its own.
func (h hashers) newHash(ctx context.Context, password string) (hash string, err error) {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // it cannot fail
	err = h.do(ctx, func() {
		key := argon2.IDKey(typed(password), salt, passes, memory, lanes, hashBytes)
		hash = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, lanes,
			base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
	})
	return hash, err
}

// matches reports whether a password is that of a hash. It takes as long for none, "", which is nobody's.
func (h hashers) matches(ctx context.Context, hash, password string) (right bool, err error) {
	made := phc{memory: memory, passes: passes, lanes: lanes, salt: make([]byte, saltBytes), key: make([]byte, hashBytes)}
	if hash != "" {
		if made, err = parse(hash); err != nil {
			return false, err
		}
	}
	err = h.do(ctx, func() {
		key := argon2.IDKey(typed(password), made.salt, made.passes, made.memory, made.lanes, uint32(len(made.key)))
		right = subtle.ConstantTimeCompare(key, made.key) == 1 && hash != ""
	})
	return right, err
}

// typed returns a password as it is hashed: keyboards write the same Vietnamese letter in more than one way.
func typed(password string) []byte { return []byte(vi.NFC(password)) }

// phc is what stands in a hash.
type phc struct {
	memory, passes uint32
	lanes          uint8
	salt, key      []byte
}

var errHash = errors.New("account: no argon2id hash in PHC form, or one that takes too much")

// parse reads a hash in PHC form (github.com/P-H-C/phc-string-format), of any parameters that this machine can bear.
func parse(hash string) (phc, error) {
	var (
		made    phc
		version int
		errs    [2]error
	)
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return phc{}, errHash
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &made.memory, &made.passes, &made.lanes); err != nil {
		return phc{}, errHash
	}
	made.salt, errs[0] = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	made.key, errs[1] = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	bearable := made.memory <= 64<<10 && made.passes >= 1 && made.passes <= 10 && made.lanes >= 1
	if errors.Join(errs[:]...) != nil || version != argon2.Version || !bearable || len(made.salt) < 8 || len(made.key) < 16 || len(made.key) > 64 {
		return phc{}, errHash
	}
	return made, nil
}

// weak returns what is wrong with the password of a user.
func weak(login, password string) diag.Findings {
	refuse := func(code diag.Code, message, hint string) diag.Findings {
		return diag.Findings{refusal(code, "mat_khau", message, hint)}
	}
	const advice = "Ghép bốn, năm từ không liên quan với nhau, ví dụ tên một món ăn, một con vật, một nơi đã đến và một con số."
	password = vi.NFC(password)
	low := strings.ToLower(strings.TrimSpace(password))
	switch length := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password) || strings.ContainsFunc(password, func(r rune) bool { return r < ' ' || r == 0x7F }):
		return refuse(diag.UnprintablePassword, "mật khẩu có ký tự không gõ được bằng bàn phím", "Gõ lại mật khẩu.")
	case length < minPassword:
		return refuse(diag.ShortPassword, fmt.Sprintf("mật khẩu có %d ký tự, cần ít nhất %d", length, minPassword), advice)
	case length > maxPassword:
		return refuse(diag.LongPassword, fmt.Sprintf("mật khẩu có %d ký tự, nhiều nhất %d", length, maxPassword), "Chọn mật khẩu ngắn hơn.")
	case low == login || strings.Repeat(login, 2) == low:
		return refuse(diag.NameAsPassword, "mật khẩu trùng với tên đăng nhập", advice)
	case slices.Contains(strings.Fields(common), low):
		return refuse(diag.CommonPassword, "mật khẩu này quá nhiều người dùng, ai cũng đoán được", advice)
	}
	return nil
}

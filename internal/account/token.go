package account

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"vanthu/internal/diag"
	"vanthu/internal/store"
	"vanthu/internal/vi"
)

// keyPrefix is how a token's key begins, so that people and searches for lost secrets know one.
const keyPrefix = "vt_"

const (
	maxTokenName = 100      // characters
	maxTokenDays = 10 * 366 // what works longer has no end
)

// NewToken makes a token of a user; key is shown once. days is how long it works, 0 for without end. What is wrong is a finding, by its
// field: ten, so_ngay. The error is store.ErrNotFound where there is no such user.
func (a *Accounts) NewToken(ctx context.Context, login, name string, days int) (key string, token store.Token, found diag.Findings, err error) {
	name = oneLine(name)
	if _, _, bad := vi.Unprintable(name); name == "" || bad || utf8.RuneCountInString(name) > maxTokenName {
		found.Add(refusal(diag.TokenName, "ten", fmt.Sprintf("tên mã truy cập “%s” không dùng được", diag.Excerpt(name)),
			fmt.Sprintf("Viết mã này để làm gì, nhiều nhất %d ký tự, ví dụ: phần mềm văn bản của huyện.", maxTokenName)))
	}
	if days < 0 || days > maxTokenDays {
		found.Add(refusal(diag.TokenDays, "so_ngay", fmt.Sprintf("số ngày %d không dùng được", days),
			fmt.Sprintf("Viết một số từ 1 đến %d, hoặc 0 nếu mã dùng mãi.", maxTokenDays)))
	}
	if found.Blocking() {
		return "", store.Token{}, found, nil
	}
	if _, err := a.store.User(ctx, login); err != nil {
		return "", store.Token{}, nil, fmt.Errorf("account: token of %q: %w", login, err)
	}
	key = keyPrefix + newKey()
	now := a.clock()
	token = store.Token{ID: strings.ToLower(rand.Text()), Hash: digest(key), Login: login, Name: name, Created: now}
	if days > 0 {
		token.Ends = now.Add(time.Duration(days) * 24 * time.Hour)
	}
	if err := a.store.AddToken(ctx, token); err != nil {
		return "", store.Token{}, nil, fmt.Errorf("account: token of %q: %w", login, err)
	}
	return key, token, nil, nil
}

// Token returns for whom a program asks that has a key. The error is ErrEnded where it is nobody's (any more).
func (a *Accounts) Token(ctx context.Context, key string) (Who, error) {
	if len(key) != len(keyPrefix)+keyLength || !strings.HasPrefix(key, keyPrefix) {
		return Who{}, ErrEnded
	}
	token, user, err := a.store.Token(ctx, digest(key))
	if errors.Is(err, store.ErrNotFound) {
		return Who{}, ErrEnded
	}
	if err != nil {
		return Who{}, fmt.Errorf("account: %w", err)
	}
	now := a.clock()
	if user.Disabled || !token.Ends.IsZero() && !now.Before(token.Ends) {
		return Who{}, ErrEnded
	}
	if now.Sub(token.Used) >= seeEvery {
		_ = a.store.UseToken(ctx, token.Hash, now) // a full disk keeps no program from asking
	}
	return who(user), nil
}

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// newPassword asks for a user's new password: twice at a terminal, which shows none of it, else in the first line of the standard input.
func (t *tool) newPassword(ctx context.Context, name string) (string, error) {
	keyboard, ok := t.stdin.(*os.File)
	if !ok || !term.IsTerminal(int(keyboard.Fd())) {
		return firstLine(t.stdin)
	}
	first, err := t.typed(ctx, keyboard, fmt.Sprintf("Mật khẩu của %s (không hiện ra): ", name))
	if err != nil {
		return "", err
	}
	second, err := t.typed(ctx, keyboard, "Gõ lại mật khẩu: ")
	if err != nil {
		return "", err
	}
	if first != second {
		return "", usageError("Hai lần gõ khác nhau. Hãy chạy lại lệnh này.")
	}
	return first, nil
}

// typed is a line that is typed without being shown. Who stops the program gets the terminal back as it was.
func (t *tool) typed(ctx context.Context, keyboard *os.File, prompt string) (string, error) {
	type end struct {
		line []byte
		err  error
	}
	fd := int(keyboard.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	fmt.Fprint(t.stderr, prompt)
	defer fmt.Fprintln(t.stderr)
	ended := make(chan end, 1)
	go func() {
		line, err := term.ReadPassword(fd)
		ended <- end{line, err}
	}()
	select {
	case e := <-ended:
		return string(e.line), e.err
	case <-ctx.Done():
		_ = term.Restore(fd, before) // there is nobody to tell
		return "", ctx.Err()
	}
}

// firstLine is the first line of a standard input that is no terminal.
func firstLine(input io.Reader) (string, error) {
	const most = 4 << 10 // bytes
	line, err := bufio.NewReader(io.LimitReader(input, most)).ReadString('\n')
	if err != nil && err != io.EOF {
		return "", err
	}
	if line == "" {
		return "", usageError("Không nhận được mật khẩu: hãy gõ ở màn hình, hoặc cho dòng đầu của đầu vào chuẩn.")
	}
	return strings.TrimRight(line, "\r\n"), nil
}

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vanthu/internal/files"
	"vanthu/internal/job"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/services"
	"vanthu/internal/store"
)

// places says where the work of an office is kept: the database and the files.
type places struct {
	db, files string
	data      string // a folder of the office, which has both where nothing else is said
}

// flags adds what says where.
func (p *places) flags(cmd *cobra.Command) {
	p.flagsOfDatabase(cmd)
	p.flagOfFiles(cmd)
}

func (p *places) flagsOfTwo(cmd *cobra.Command) {
	p.flagOfServer(cmd)
	p.flagOfFiles(cmd)
}

func (p *places) flagsOfDatabase(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.data, "data", "", "dùng `THƯ-MỤC` này của cơ quan: dữ liệu nằm ở đó, các tệp nằm trong thư mục con tep")
	p.flagOfServer(cmd)
}

func (p *places) flagOfServer(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.db, "db", "", "cơ sở dữ liệu ở `NƠI` này: thư mục, hoặc postgres://…; không có thì theo biến VANTHU_DB")
}

func (p *places) flagOfFiles(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.files, "files", "", "các tệp ở `NƠI` này: thư mục, hoặc s3://…; không có thì theo biến VANTHU_FILES")
}

// resolve says where when flags leave it open: the office's folder, then the environment. Both places are empty where nothing says.
func (p *places) resolve() error {
	if p.data != "" {
		p.db = cmp.Or(p.db, p.data)
		p.files = cmp.Or(p.files, filepath.Join(p.data, "tep"))
	}
	p.db = cmp.Or(p.db, os.Getenv("VANTHU_DB"))
	p.files = cmp.Or(p.files, os.Getenv("VANTHU_FILES"))
	if (p.db == "") != (p.files == "") {
		return usageError("Phải cho cả hai: --db NƠI (cơ sở dữ liệu) và --files NƠI (các tệp).")
	}
	return nil
}

// own resolves the places of what serves a person who says nothing: then all lies in their own folder.
func (p *places) own() error {
	if err := p.resolve(); err != nil || p.db != "" {
		return err
	}
	folder, err := ownFolder()
	if err != nil {
		return err
	}
	p.data = folder
	return p.resolve()
}

// database says where the database is, for what needs no files.
func (p *places) database() (string, error) {
	if place := cmp.Or(p.db, p.data, os.Getenv("VANTHU_DB")); place != "" {
		return place, nil
	}
	return ownFolder()
}

// ownFolder is the folder of the person who runs the program, which nobody else may read.
func ownFolder() (string, error) {
	above, err := os.UserConfigDir()
	if err != nil {
		return "", usageError("Không biết để dữ liệu ở đâu: --data THƯ-MỤC.")
	}
	folder := filepath.Join(above, "vanthu")
	return folder, os.MkdirAll(folder, 0o700)
}

// wanted resolves the places of a command that cannot do without.
func (p *places) wanted(alternative string) error {
	if err := p.resolve(); err != nil {
		return err
	}
	if p.db == "" {
		return usageError("Cần biết dữ liệu và tệp ở đâu: --db NƠI --files NƠI" + alternative + ".")
	}
	return nil
}

// present refuses folders that are not there: a backup begins nothing.
func (p places) present() error {
	if err := presentFolder(p.db); err != nil {
		return err
	}
	return presentFolder(p.files)
}

// presentFolder refuses a place that is a folder but is not there.
func presentFolder(place string) error {
	if info, err := os.Stat(place); !isAddress(place) && (err != nil || !info.IsDir()) {
		return usageError(fmt.Sprintf("Không có thư mục “%s”.", place))
	}
	return nil
}

// openBoth opens the database and the files at their places. Whoever opens closes the database.
func (t *tool) openBoth(ctx context.Context, at places) (*store.Store, files.Store, error) {
	kept, err := t.openFiles(ctx, at.files)
	if err != nil {
		return nil, nil, err
	}
	opened, err := t.openStore(ctx, "--db", at.db)
	return opened, kept, err
}

// openRunner opens the services and what works on batches at places, with the database as its register and an office's profile or nil.
// Whoever opens closes the database.
func (t *tool) openRunner(ctx context.Context, at places, profile []byte) (*services.Services, *job.Runner, error) {
	opened, kept, err := t.openBoth(ctx, at)
	if err != nil {
		return nil, nil, err
	}
	rooms, err := t.open(services.Config{Profile: profile, Store: opened, Files: kept})
	if err != nil {
		return nil, nil, errors.Join(err, opened.Close())
	}
	runner, err := job.Open(ctx, job.Config{
		Maker: rooms.Maker, Store: opened, Files: kept, Log: t.log(t.stderr, slog.LevelInfo), Profile: profile, Now: time.Now,
	})
	if err != nil {
		return nil, nil, errors.Join(err, opened.Close())
	}
	return rooms, runner, nil
}

// openStore opens the database at a place. A folder is made where there is none.
func (t *tool) openStore(ctx context.Context, flag, place string) (*store.Store, error) {
	if !isServer(place) {
		if isAddress(place) {
			return nil, usageError(flag + " chỉ nhận một thư mục, hoặc một địa chỉ postgres://…")
		}
		if err := makeFolder(place); err != nil {
			return nil, err
		}
	} else if err := t.hide(flag, place); err != nil {
		return nil, err
	}
	return store.Open(ctx, place)
}

// openFiles opens the files at a place. A folder is made where there is none.
func (t *tool) openFiles(ctx context.Context, place string) (files.Store, error) {
	if !isBucket(place) {
		if isAddress(place) {
			return nil, usageError("--files chỉ nhận một thư mục, hoặc một địa chỉ s3://…")
		}
		if err := makeFolder(place); err != nil {
			return nil, err
		}
	} else if err := t.hide("--files", place); err != nil {
		return nil, err
	}
	return files.Open(ctx, place)
}

// isAddress tells an address from a folder, also one that is written wrong: a folder of that name would hold a password.
func isAddress(place string) bool { return addressForm.MatchString(place) }

var addressForm = lazyregexp.New(`(?i)://|^(postgres|postgresql|s3):|\bpassword *=`)

// isServer tells the address of a PostgreSQL database from a folder.
func isServer(place string) bool {
	return strings.HasPrefix(place, "postgres://") || strings.HasPrefix(place, "postgresql://")
}

// isBucket tells the address of a bucket from a folder.
func isBucket(place string) bool { return strings.HasPrefix(place, "s3://") }

// hide keeps the passwords of an address out of all that is printed from now on. An address that cannot be read is refused here, for
// whoever else finds that would quote it.
func (t *tool) hide(flag, place string) error {
	address, err := url.Parse(place)
	if err != nil {
		return usageError(flag + ": địa chỉ viết sai. Ký tự lạ trong mật khẩu phải viết dạng %XX, ví dụ / là %2F, @ là %40.")
	}
	password, _ := address.User.Password()
	_, written, _ := strings.Cut(address.User.String(), ":")
	_, rest, _ := strings.Cut(place, "://")
	user := rest[:max(strings.LastIndex(strings.SplitN(rest, "/", 2)[0], "@"), 0)]
	_, typed, _ := strings.Cut(user, ":")
	t.secrets = append(t.secrets, password, written, typed)
	for _, key := range []string{"password", "sslpassword"} {
		value := address.Query().Get(key)
		t.secrets = append(t.secrets, value, url.QueryEscape(value), url.PathEscape(value))
	}
	t.secrets = slices.DeleteFunc(t.secrets, func(secret string) bool { return secret == "" })
	slices.SortFunc(t.secrets, func(a, b string) int { return len(b) - len(a) }) // what holds another goes first
	return nil
}

// discreet takes the passwords out of a text.
func (t *tool) discreet(text string) string {
	for _, secret := range t.secrets {
		text = strings.ReplaceAll(text, secret, "xxxxx")
	}
	return text
}

// discreetWriter takes the passwords out of what is written.
type discreetWriter struct {
	*tool
	to io.Writer
}

func (w discreetWriter) Write(line []byte) (int, error) {
	_, err := io.WriteString(w.to, w.discreet(string(line)))
	return len(line), err
}

// log tells faults and what else a person in charge wants to know, in English.
func (t *tool) log(to io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(discreetWriter{t, to}, &slog.HandlerOptions{Level: level}))
}

// closeInto closes what a command opened, and tells of a failure unless there is one to tell of already.
func closeInto(err *error, what io.Closer) {
	if closed := what.Close(); closed != nil && *err == nil {
		*err = fmt.Errorf("close: %w", closed)
	}
}

// within reports whether a path lies in a folder, or is it, by whatever names.
func within(folder, path string) (bool, error) {
	folder, err := real(folder)
	if err != nil {
		return false, err
	}
	if path, err = real(path); err != nil {
		return false, err
	}
	between, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(between), nil // no way between two disks is no error
}

// real is a path without links, of what is there of it.
func real(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	rest := ""
	for {
		found, err := filepath.EvalSymlinks(path)
		if err == nil {
			return filepath.Join(found, rest), nil
		}
		if !errors.Is(err, fs.ErrNotExist) || filepath.Dir(path) == path {
			return "", err
		}
		path, rest = filepath.Dir(path), filepath.Join(filepath.Base(path), rest)
	}
}

package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/app"
	"vanthu/internal/diag"
	"vanthu/internal/store"
)

// importPage is what so-dang-ky-nhap.html shows: nothing is in the register before the person says so, having seen the lines.
type importPage struct {
	File  string // its name; empty before there is one
	Hash  string // under which it is kept meanwhile, sealed
	Found diag.Findings

	Rows                          []importRow // those with findings first
	Fine, Doubtful, Wrong, Unseen int         // lines; the unseen are fine too
	Years                         []yearCount
	Kept                          bool
}

// importRow is a line of the old book.
type importRow struct {
	app.ImportRow
	Line    registerLine
	Class   string // "error", "warning", "info", or empty
	Verdict string
}

// yearCount tells how many numbers there are of a series in a year.
type yearCount struct {
	Year, Count int
	Name        string
	First, Last int
}

// rowsShown is how many lines of an old book the report shows, beside all those with findings.
const rowsShown = 50

// oldBooks are the endings of the files that an old book is taken from.
var oldBooks = []string{".xlsx", ".csv"}

func (s *server) importForm(c *gin.Context) { s.showImport(c, http.StatusOK, importPage{}) }

func (s *server) showImport(c *gin.Context, status int, shown importPage) {
	s.show(c, status, "so-dang-ky-nhap.html", "Nhập sổ cũ", shown)
}

// tryImport reads an old book and reports on each line; nothing is written.
func (s *server) tryImport(c *gin.Context) {
	ctx := c.Request.Context()
	sent := formOf(c).first("tep")
	if len(sent.data) == 0 {
		s.refuse(c, problem(http.StatusUnprocessableEntity, "Chưa chọn tệp sổ cũ, hoặc tệp rỗng. Hãy quay lại và chọn tệp Excel."))
		return
	}
	file, p := fileOf("Tệp sổ cũ", sent, oldBooks)
	if p != nil {
		s.refuse(c, p)
		return
	}
	shown, p := s.readBook(ctx, file, false)
	if p != nil {
		s.refuse(c, p)
		return
	}
	status := http.StatusUnprocessableEntity
	if shown.Wrong == 0 && !shown.Found.Blocking() {
		hash, err := s.app.KeepUpload(ctx, file.Data)
		if err != nil {
			s.refuse(c, s.fault(ctx, "keep old book", err))
			return
		}
		shown.Hash, status = sealed(ctx, hash), http.StatusOK
	}
	s.showImport(c, status, shown)
}

// importRegister puts an old book into the register that was tried before, whole or not at all.
func (s *server) importRegister(c *gin.Context) {
	ctx, form := c.Request.Context(), formOf(c)
	hash, _, _ := strings.Cut(form.text("khoa"), ".")
	data, err := s.app.Upload(ctx, hash)
	switch {
	case errors.Is(err, fs.ErrNotExist) || !hmac.Equal([]byte(form.text("khoa")), []byte(sealed(ctx, hash))):
		s.refuse(c, problem(http.StatusUnprocessableEntity, "Tệp sổ cũ không còn ở máy chủ. Hãy quay lại trang Nhập sổ cũ và chọn lại tệp."))
		return
	case err != nil:
		s.refuse(c, s.fault(ctx, "old book", err))
		return
	}
	file, p := fileOf("Tệp sổ cũ", part{name: plainName(form.text("ten")), data: data}, oldBooks)
	if p != nil {
		s.refuse(c, p)
		return
	}
	shown, p := s.readBook(ctx, file, true)
	if p != nil {
		s.refuse(c, p)
		return
	}
	if !shown.Kept { // the register has changed since
		s.showImport(c, http.StatusUnprocessableEntity, shown)
		return
	}
	s.did(c, "import-register", file.Name, fmt.Sprintf("%d dòng", shown.Count()))
	s.showImport(c, http.StatusOK, shown)
}

// sealed is the hash of a file that was sent in a session, with a seal that this session alone can make: the hash alone may be known to others,
// of another office too, and opens no file.
func sealed(ctx context.Context, hash string) string {
	seal := hmac.New(sha256.New, []byte(who(ctx).Secret))
	_, _ = seal.Write([]byte(hash)) // cannot fail
	return hash + "." + hex.EncodeToString(seal.Sum(nil))
}

// Count is how many lines there are.
func (p importPage) Count() int { return p.Fine + p.Doubtful + p.Wrong }

// readBook makes the report of an old book, and keeps its lines where commit says so and none is wrong.
func (s *server) readBook(ctx context.Context, file app.File, commit bool) (shown importPage, p *Problem) {
	book := app.BookImport{Office: who(ctx).Office, File: file, Commit: commit, Taken: s.now()}
	var rows []app.ImportRow
	var err error
	shown.File = file.Name
	if !s.gate.work(ctx, func(ctx context.Context) { rows, shown.Kept, shown.Found, err = s.app.ImportRegister(ctx, book) }) {
		return shown, unserved(ctx)
	}
	if err != nil {
		return shown, s.fault(ctx, "import register", err)
	}
	var fine []importRow
	for _, row := range rows {
		one := importRow{ImportRow: row, Line: lineOf(row.Entry)}
		one.Class, one.Verdict = verdict(row.Findings)
		switch one.Class {
		case "error":
			shown.Wrong++
		case "":
			shown.Fine++
			fine = append(fine, one)
			continue
		default:
			shown.Doubtful++
		}
		shown.Rows = append(shown.Rows, one)
	}
	if len(fine) > rowsShown {
		fine, shown.Unseen = fine[:rowsShown], len(fine)-rowsShown
	}
	shown.Rows = append(shown.Rows, fine...)
	shown.Years = s.countYears(rows)
	return shown, nil
}

// verdict is what the report says of a line.
func verdict(found diag.Findings) (class, words string) {
	if len(found) == 0 {
		return "", "Đọc được"
	}
	worst := diag.Info
	for _, f := range found {
		worst = max(worst, f.Severity)
	}
	switch worst {
	case diag.Error:
		return "error", "Phải sửa"
	case diag.Warning:
		return "warning", "Nên xem lại"
	default:
		return "info", "Lưu ý"
	}
}

// countYears tells how many numbers the lines have of each series and year, in the order in which they stand.
func (s *server) countYears(rows []app.ImportRow) (list []yearCount) {
	place := map[store.Series]int{}
	for _, row := range rows {
		e := row.Entry
		if e.Number == 0 || e.Year == 0 {
			continue
		}
		i, known := place[e.Series]
		if !known {
			i = len(list)
			place[e.Series] = i
			list = append(list, yearCount{Year: e.Year, Name: s.seriesName(e.Name), First: e.Number})
		}
		one := &list[i]
		one.Count, one.First, one.Last = one.Count+1, min(one.First, e.Number), max(one.Last, e.Number)
	}
	return list
}

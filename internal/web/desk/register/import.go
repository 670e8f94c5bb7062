package register

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/diag"
	"vanthu/internal/register"
	"vanthu/internal/store"
	"vanthu/internal/web"
)

// importPage is what import.html shows: nothing is in the register before the person says so, having seen the lines.
type importPage struct {
	File  string // its name; empty before there is one
	Hash  string // under which it is kept meanwhile, sealed
	Found diag.Findings

	Rows                          []importRow // those with findings first
	Fine, Doubtful, Wrong, Unseen int         // lines; the unseen are fine too
	Years                         []yearCount
	Kept                          bool
	Left                          string // the wrong lines with what is wrong with them, to paste into a workbook
}

// importRow is a line of the old book.
type importRow struct {
	register.ImportRow
	Line    registerLine
	Class   string // "error", "warning", "info", or empty
	Verdict string
}

// yearCount tells how many numbers there are of a series in a year.
type yearCount struct {
	Year, Count int
	Name        string
	First, Last int
	Missing     string // "01–09, 12", of those that neither the book nor the register has
}

// rowsShown is how many lines of an old book the report shows, beside all those with findings.
const rowsShown = 50

// oldBooks are the endings of the files that an old book is taken from.
var oldBooks = []string{".xlsx", ".csv"}

func (s *Pages) importForm(c *gin.Context) *web.Problem {
	return s.showImport(c, http.StatusOK, importPage{})
}

func (s *Pages) showImport(c *gin.Context, status int, shown importPage) *web.Problem {
	return s.Show(c, status, "import.html", "Nhập sổ cũ", shown)
}

// tryImport reads an old book and reports on each line; nothing is written.
func (s *Pages) tryImport(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	sent := web.FormOf(c).First("tep")
	if len(sent.Data) == 0 {
		return web.NewProblem(http.StatusUnprocessableEntity, "Chưa chọn tệp sổ cũ, hoặc tệp rỗng. Hãy quay lại và chọn tệp Excel.")
	}
	file, p := web.FileOf("Tệp sổ cũ", sent, oldBooks)
	if p != nil {
		return p
	}
	shown, p := s.readBook(ctx, register.BookImport{File: file})
	if p != nil {
		return p
	}
	status := http.StatusUnprocessableEntity
	if shown.Readable() > 0 && !shown.Found.Blocking() {
		hash, err := s.Desk.KeepUpload(ctx, file.Data)
		if err != nil {
			return s.Fault(ctx, "keep old book", err)
		}
		if shown.Hash = sealed(ctx, hash); shown.Wrong == 0 {
			status = http.StatusOK
		}
	}
	return s.showImport(c, status, shown)
}

// importRegister puts an old book into the register that was tried before: as many lines as the person was told that can be, or none.
func (s *Pages) importRegister(c *gin.Context) *web.Problem {
	ctx, form := c.Request.Context(), web.FormOf(c)
	hash, _, _ := strings.Cut(form.Text("khoa"), ".")
	data, err := s.Desk.Upload(ctx, hash)
	switch {
	case errors.Is(err, fs.ErrNotExist) || !hmac.Equal([]byte(form.Text("khoa")), []byte(sealed(ctx, hash))):
		return web.NewProblem(http.StatusUnprocessableEntity, "Tệp sổ cũ không còn ở máy chủ. Hãy quay lại trang Nhập sổ cũ và chọn lại tệp.")
	case err != nil:
		return s.Fault(ctx, "old book", err)
	}
	file, p := web.FileOf("Tệp sổ cũ", web.FormPart{Name: web.PlainName(form.Text("ten")), Data: data}, oldBooks)
	if p != nil {
		return p
	}
	some, _ := strconv.Atoi(form.Text("so_dong"))
	shown, p := s.readBook(ctx, register.BookImport{File: file, Commit: true, Some: some})
	if p != nil {
		return p
	}
	if !shown.Kept { // the register has changed since
		if shown.Readable() > 0 {
			shown.Hash = form.Text("khoa")
		}
		return s.showImport(c, http.StatusUnprocessableEntity, shown)
	}
	s.Audit(c, "import-register", file.Name, fmt.Sprintf("%d dòng", shown.Readable()))
	return s.showImport(c, http.StatusOK, shown)
}

// sealed is the hash of a file that was sent in a session, with a seal that this session alone can make: the hash alone may be known to others,
// of another office too, and opens no file.
func sealed(ctx context.Context, hash string) string {
	seal := hmac.New(sha256.New, []byte(web.Principal(ctx).Secret))
	_, _ = seal.Write([]byte(hash)) // cannot fail
	return hash + "." + hex.EncodeToString(seal.Sum(nil))
}

// Readable is how many lines can be put into the register.
func (p importPage) Readable() int { return p.Fine + p.Doubtful }

// readBook makes the report of an old book, and keeps its lines where the book says so. The office and the time are filled in here.
func (s *Pages) readBook(ctx context.Context, book register.BookImport) (shown importPage, p *web.Problem) {
	book.Office, book.Taken = web.Principal(ctx).Office, s.Now()
	var rows []register.ImportRow
	var err error
	shown.File = book.File.Name
	if !s.Gate.Work(ctx, func(ctx context.Context) { rows, shown.Kept, shown.Found, err = s.Register.Import(ctx, book) }) {
		return shown, web.Unserved(ctx)
	}
	if err != nil {
		return shown, s.Fault(ctx, "import register", err)
	}
	var fine []importRow
	for _, row := range rows {
		one := importRow{ImportRow: row, Line: lineOf(row.Entry)}
		one.Class, one.Verdict = verdict(row.Findings)
		switch one.Class {
		case "error":
			if one.Line.Day == "" {
				one.Line.Day = row.Date
			}
			shown.Wrong++
			shown.Left += leftLine(one)
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
	if shown.Years, err = s.countYears(ctx, rows); err != nil {
		return shown, s.Fault(ctx, "numbers of the register", err)
	}
	return shown, nil
}

// leftLine is a line that stays out of the register, as a workbook takes it from the clipboard.
func leftLine(row importRow) string {
	var why []string
	for _, f := range row.Findings {
		why = append(why, f.Message)
	}
	cells := []string{strconv.Itoa(row.Row), row.Line.Symbol, row.Line.Day, row.Line.Title, strings.Join(why, "; ")}
	for i, cell := range cells {
		cells[i] = strings.Join(strings.Fields(cell), " ")
	}
	return strings.Join(cells, "\t") + "\n"
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
		return "error", "Chưa nhập được"
	case diag.Warning:
		return "warning", "Nên xem lại"
	default:
		return "info", "Lưu ý"
	}
}

// countYears tells how many numbers the lines that can be read have of each series and year, in the order in which they stand.
func (s *Pages) countYears(ctx context.Context, rows []register.ImportRow) (list []yearCount, err error) {
	office := web.Principal(ctx).Office
	place, numbers := map[store.Series]int{}, map[store.Series][]int{}
	for _, row := range rows {
		e := row.Entry
		if e.Number > 0 {
			numbers[e.Series] = append(numbers[e.Series], e.Number)
		}
		if row.Findings.Blocking() {
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
	for series, i := range place {
		kept, err := s.Store.List(ctx, store.Filter{Office: &office, Unit: series.Unit, Name: series.Name, Year: series.Year})
		if err != nil {
			return nil, err
		}
		for _, entry := range kept {
			numbers[series] = append(numbers[series], entry.Number)
		}
		list[i].Missing = missingNumbers(numbers[series])
	}
	return list, nil
}

// missingNumbers tells which numbers a series lacks before its last: "01–09, 12".
func missingNumbers(numbers []int) string {
	const most = 8 // gaps
	slices.Sort(numbers)
	var gaps []string
	before := 0
	for _, number := range numbers {
		switch {
		case number == before+2:
			gaps = append(gaps, fmt.Sprintf("%02d", before+1))
		case number > before+2:
			gaps = append(gaps, fmt.Sprintf("%02d–%02d", before+1, number-1))
		}
		before = number
	}
	if len(gaps) > most {
		gaps = append(gaps[:most], "…")
	}
	return strings.Join(gaps, ", ")
}

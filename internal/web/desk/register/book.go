package register

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/register"
	"vanthu/internal/store"
	"vanthu/internal/vi"
	"vanthu/internal/web"
)

// registerBook returns the register of a year as a workbook.
func (s *Pages) registerBook(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	numbers := s.bookOf(c)
	var book []byte
	var found diag.Findings
	var err error
	made := s.Gate.Work(ctx, func(ctx context.Context) { book, _, found, err = s.Register.Book(ctx, numbers) })
	switch {
	case !made:
		return web.Unserved(ctx)
	case err != nil:
		return s.Fault(ctx, "register book", err)
	case found.Blocking():
		return web.Blocked(found)
	default:
		name := fmt.Sprintf("Sổ đăng ký văn bản đi năm %d.xlsx", numbers.Year)
		if numbers.Name != "" {
			name = fmt.Sprintf("Sổ đăng ký văn bản đi năm %d - %s.xlsx", numbers.Year, s.seriesName(numbers.Name))
		}
		c.Header("Content-Disposition", web.Attachment(web.PlainName(strings.ReplaceAll(name, "/", "-"))))
		c.Header("Cache-Control", "no-store")
		c.Data(http.StatusOK, web.ExcelType, book)
	}
	return nil
}

// bookOf is which book an address asks for: of a year, this one where it says none, and of a series or all.
func (s *Pages) bookOf(c *gin.Context) register.Numbers {
	q := registerQueryOf(c)
	numbers := registerQuery{series: q.series}.filter(web.Principal(c.Request.Context()))
	if numbers.Year = vi.Today(s.Now()).Year; q.year >= 1 && q.year <= 9999 {
		numbers.Year = q.year
	}
	return numbers
}

// bookPage is what book.html shows: the register as it is printed and bound.
type bookPage struct {
	Year        int
	Above, Body string // the names on the cover, in lines
	Parts       []printedPart
}

// printedPart is one of the books.
type printedPart struct {
	Title       string
	From, To    string // days, empty where there are no lines
	First, Last string // numbers, empty where there are several series
	Series      int    // how many there are
	Void        int    // how many lines are void
	Lines       []registerLine
}

// printRegister shows the register of a year as the decree wants it printed (NĐ 30/2020/NĐ-CP, Phụ lục IV).
func (s *Pages) printRegister(c *gin.Context) *web.Problem {
	ctx := c.Request.Context()
	numbers := s.bookOf(c)
	agency, parts, found, err := s.Register.Parts(ctx, numbers)
	switch {
	case err != nil:
		return s.Fault(ctx, "print register", err)
	case found.Blocking():
		return web.Blocked(found)
	}
	shown := bookPage{Year: numbers.Year}
	shown.Above, shown.Body = nameIn(agency, "cap_tren"), cmp.Or(nameIn(agency, "ten"), s.OfficeName(c, web.Principal(ctx).Office))
	for _, part := range parts {
		shown.Parts = append(shown.Parts, printed(part))
	}
	return s.Execute(c, http.StatusOK, "book.html", "book", shown)
}

func nameIn(agency model.Values, key string) string {
	name, _ := agency[key].(model.Text)
	return strings.TrimSpace(string(name))
}

func printed(part register.BookPart) printedPart {
	p := printedPart{Title: part.Title}
	series := map[store.Series][2]int{} // first and last number
	for _, entry := range part.Entries {
		line := bookLine(entry)
		if p.Lines = append(p.Lines, line); line.Void {
			p.Void++
		}
		span, known := series[entry.Series]
		if !known {
			span[0] = entry.Number
		}
		series[entry.Series] = [2]int{min(span[0], entry.Number), max(span[1], entry.Number)}
	}
	if p.Series = len(series); p.Series == 1 {
		for _, span := range series {
			p.First, p.Last = fmt.Sprintf("%02d", span[0]), fmt.Sprintf("%02d", span[1])
		}
	}
	if n := len(part.Entries); n > 0 {
		p.From, p.To = part.Entries[0].Date.Short(), part.Entries[n-1].Date.Short()
	}
	return p
}

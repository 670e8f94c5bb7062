package store

import (
	"database/sql"
	"encoding/json"
	"strings"
	"time"

	"vanthu/internal/vi"
)

// How values that are no texts or numbers lie in the tables: an absent one is an empty text.

// timeText writes a time: UTC, whole seconds.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Truncate(time.Second).Format(time.RFC3339)
}

func dateText(d vi.Date) string {
	if d == (vi.Date{}) {
		return ""
	}
	return d.ISO()
}

// plain makes of what may hold any bytes, as the words of a fault and the names that others give, a text that every database takes.
func plain(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// The types below read a column into the field that they are made from.
type (
	timeColumn        time.Time
	dateColumn        vi.Date
	jsonColumn        []byte
	listColumn[T any] []T // JSON
)

// Scan implements sql.Scanner.
func (c *timeColumn) Scan(value any) error {
	return scanText(value, func(text string) error {
		t, err := time.Parse(time.RFC3339, text)
		*c = timeColumn(t)
		return err
	})
}

// Scan implements sql.Scanner.
func (c *dateColumn) Scan(value any) error {
	return scanText(value, func(text string) error {
		day, err := parseDate(text)
		*c = dateColumn(day)
		return err
	})
}

// Scan implements sql.Scanner.
func (c *jsonColumn) Scan(value any) error {
	return scanText(value, func(text string) error {
		*c = jsonColumn(text)
		return nil
	})
}

// Scan implements sql.Scanner.
func (c *listColumn[T]) Scan(value any) error {
	return scanText(value, func(text string) error { return json.Unmarshal([]byte(text), (*[]T)(c)) })
}

// scanText reads the text of a column, unless it is absent; NULL is, where a join finds no row.
func scanText(value any, read func(text string) error) error {
	var text sql.NullString
	if err := text.Scan(value); err != nil || text.String == "" {
		return err
	}
	return read(text.String)
}

// number writes what is true or not.
func number(is bool) int {
	if is {
		return 1
	}
	return 0
}

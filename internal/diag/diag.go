// Package diag holds the two ways of complaining.
//
// A Finding is something a person can mend in their own file; it is written in Vietnamese and says what is wrong, where,
// and what to do. An error that stops a stage is an ordinary Go error, written in English for the log. All findings of a
// run are collected; none hides another.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity orders findings by what they stop.
type Severity int

// An Error keeps the document from being made; a Warning asks for a second look; Info is worth knowing.
const (
	Info Severity = iota
	Warning
	Error
)

// String is the word a clerk reads.
func (s Severity) String() string {
	switch s {
	case Error:
		return "Lỗi"
	case Warning:
		return "Cảnh báo"
	default:
		return "Lưu ý"
	}
}

// severities are the words that an API client reads.
var severities = [...]string{Info: "info", Warning: "warning", Error: "error"}

// MarshalText returns the word an API client reads: error, warning or info.
func (s Severity) MarshalText() ([]byte, error) { return []byte(severities[s]), nil }

// UnmarshalText reads what MarshalText gives.
func (s *Severity) UnmarshalText(text []byte) error {
	i := slices.Index(severities[:], string(text))
	if i < 0 {
		return fmt.Errorf("diag: no severity %q", text)
	}
	*s = Severity(i)
	return nil
}

// Place says where in a person's file a finding stands. Zero fields are unknown.
type Place struct {
	File      string `json:"file,omitempty"`      // the file's own name, never a path of the server
	Line      int    `json:"line,omitempty"`      // from 1, in a text file
	Column    int    `json:"column,omitempty"`    // from 1, in runes
	Sheet     string `json:"sheet,omitempty"`     // of a workbook
	Cell      string `json:"cell,omitempty"`      // "C7"
	Field     string `json:"field,omitempty"`     // data key, dotted, items from 1: "ky.ho_ten", "can_cu[2]"
	Paragraph int    `json:"paragraph,omitempty"` // from 1, in a Word file
	Text      string `json:"text,omitempty"`      // the first words of what stands there
	After     string `json:"after,omitempty"`     // the words before it, where it has none by itself
}

// String prints the known parts in the order a person searches: file, line, sheet, paragraph, field. Whoever fills in a workbook
// knows no keys.
func (p Place) String() string {
	var b strings.Builder
	add := func(sep, format string, arg any) {
		if b.Len() > 0 {
			b.WriteString(sep)
		}
		fmt.Fprintf(&b, format, arg)
	}
	if p.File != "" {
		add("", "%s", p.File)
	}
	if p.Line > 0 {
		add(", ", "dòng %d", p.Line)
	}
	if p.Sheet != "" {
		add(", ", "trang tính “%s”", p.Sheet)
	}
	if p.Cell != "" {
		add(", ", "ô %s", p.Cell)
	}
	if p.Paragraph > 0 {
		add(", ", "đoạn %d", p.Paragraph)
	}
	if p.Field != "" && p.Sheet == "" {
		add(", ", "mục %s", p.Field)
	}
	if p.Text != "" {
		add(", ", "“%s”", p.Text)
	}
	if p.After != "" {
		add(", ", "dưới chữ “%s”", p.After)
	}
	return b.String()
}

// Finding is one thing for a person to mend or to know.
type Finding struct {
	Severity Severity `json:"severity"`
	Code     Code     `json:"code"`           // stable, English, kebab-case: "missing-field"
	Message  string   `json:"message"`        // what is wrong, naming the label and the value
	Where    Place    `json:"where"`          // where it stands
	Hint     string   `json:"hint,omitempty"` // what to do
	Cite     string   `json:"cite,omitempty"` // the clause it rests on: "NĐ 30/2020/NĐ-CP, Phụ lục I, …"
}

// String is the finding as a clerk reads it on a terminal, in one or two lines.
func (f Finding) String() string {
	var b strings.Builder
	b.WriteString(f.Severity.String())
	if place := f.Where.String(); place != "" {
		b.WriteString(" — ")
		b.WriteString(place)
	}
	b.WriteString(": ")
	b.WriteString(f.Message)
	if f.Hint != "" {
		b.WriteString("\n  → ")
		b.WriteString(f.Hint)
	}
	if f.Cite != "" {
		b.WriteString(" (")
		b.WriteString(f.Cite)
		b.WriteByte(')')
	}
	return b.String()
}

// Findings is the list of a run. Its zero value is ready to use.
type Findings []Finding

// Add appends findings.
func (fs *Findings) Add(more ...Finding) { *fs = append(*fs, more...) }

// InFile sets the file that findings about a Word file are about, and returns them.
func (fs Findings) InFile(name string) Findings {
	for i := range fs {
		fs[i].Where.File = name
	}
	return fs
}

// Blocking reports whether any finding is an Error, so that no document may be made.
func (fs Findings) Blocking() bool {
	return slices.ContainsFunc(fs, func(f Finding) bool { return f.Severity == Error })
}

// Sort orders findings by severity, errors first, then by place in the file; findings of one place keep their order.
func (fs Findings) Sort() {
	slices.SortStableFunc(fs, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(b.Severity, a.Severity),
			cmp.Compare(a.Where.File, b.Where.File),
			cmp.Compare(a.Where.Line, b.Where.Line),
			cmp.Compare(a.Where.Paragraph, b.Where.Paragraph),
		)
	})
}

// String prints a finding after the other.
func (fs Findings) String() string {
	var b strings.Builder
	for _, f := range fs {
		b.WriteString(f.String())
		b.WriteByte('\n')
	}
	return b.String()
}

// Excerpt cuts text to its first words, at most about 40 runes, for Place.Text.
func Excerpt(text string) string {
	const most = 40
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= most {
		return string(runes)
	}
	cut := most
	for cut > most/2 && runes[cut] != ' ' {
		cut--
	}
	return string(runes[:cut]) + " …"
}

// List joins the first few of many titles for a message.
func List(titles []string) string {
	const most = 8
	if len(titles) > most {
		return strings.Join(titles[:most], ", ") + fmt.Sprintf(" và %d mục nữa", len(titles)-most)
	}
	return strings.Join(titles, ", ")
}

package source

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/ooxml"
	"vanthu/internal/xlsx"
)

// Colours of marked cells, as Excel's own “bad” and “neutral”.
const (
	errorColour   = "FFC7CE"
	warningColour = "FFEB9C"
	author        = "Văn Thư"
)

// ErrTooLarge is the error of a workbook that can be read but is too large to be written anew.
var ErrTooLarge = errors.New("source: mark: too large a workbook")

const maxMarked = 16 << 20 // bytes of sheets; ten thousand tasks have half of it

// Mark returns a workbook back with the cells that findings name coloured, errors red and warnings yellow, each with a note of what is
// wrong and how to mend it; all else stays. A CSV file comes back as a workbook. An error says that the workbook cannot be opened,
// which Open explains to a person; or it is ErrTooLarge.
func Mark(workbook []byte, found diag.Findings) (marked []byte, err error) {
	defer func() {
		if r := recover(); r != nil { // the library trusts what it opens
			marked, err = nil, fmt.Errorf("source: mark: %v", r)
		}
	}()
	r := &reader{}
	var file *excelize.File
	switch {
	case !bytes.HasPrefix(workbook, []byte("PK")):
		file, err = r.workbookOf(r.readCSV(workbook))
	default:
		pkg := r.openPackage(workbook)
		if pkg == nil {
			break
		}
		if sheetBytes(pkg) > maxMarked {
			return nil, ErrTooLarge
		}
		file, err = openLibrary(workbook)
	}
	if err != nil || file == nil {
		return nil, errors.Join(errors.New("source: mark: not a workbook that can be opened"), err)
	}
	if err := nameFont(file); err != nil {
		return nil, fmt.Errorf("source: mark: %w", err)
	}
	opaqueTabs(file)
	m := marker{file: file, styles: map[[2]int]int{}}
	for _, at := range cellsOf(found) {
		if err := m.mark(at); err != nil {
			return nil, fmt.Errorf("source: mark %s!%s: %w", at.sheet, at.cell, err)
		}
	}
	var out bytes.Buffer
	if err := file.Write(&out); err != nil {
		return nil, fmt.Errorf("source: mark: %w", err)
	}
	return out.Bytes(), nil
}

// sheetBytes is the size of all sheets, which the library holds as trees of a hundred times theirs.
func sheetBytes(pkg *ooxml.Package) (size int64) {
	for _, part := range pkg.Names() {
		if path.Dir(nameOf(part)) == "xl/worksheets" {
			size += pkg.Size(part)
		}
	}
	return size
}

// openLibrary opens a workbook that openPackage let pass. Nothing goes to the disk.
func openLibrary(data []byte) (*excelize.File, error) {
	return excelize.OpenReader(bytes.NewReader(data), excelize.Options{
		RawCellValue: true, UnzipSizeLimit: MaxUnzipped, UnzipXMLSizeLimit: MaxUnzipped,
	})
}

// nameFont sets the name of the first font where a program left it out: the library sets notes in it.
func nameFont(file *excelize.File) error {
	fonts := file.Styles.Fonts
	if fonts == nil || len(fonts.Font) == 0 || fonts.Font[0].Name != nil {
		return nil
	}
	_, err := file.NewStyle(&excelize.Style{Font: &excelize.Font{Family: "Times New Roman"}})
	fonts.Font[0].Name = fonts.Font[len(fonts.Font)-1].Name
	return err
}

// shortColour is the colour of a tab without its opacity, as this program wrote it before: the schema wants eight digits (ECMA-376-1, 18.18.86).
var shortColour = lazyregexp.New(`<tabColor rgb="([0-9A-F]{6})"`)

// opaqueTabs mends the colours of tabs in a workbook that a former version made.
func opaqueTabs(file *excelize.File) {
	file.Pkg.Range(func(name, part any) bool {
		if data, ok := part.([]byte); ok && strings.HasPrefix(name.(string), "xl/worksheets/") && shortColour.MatchString(string(data)) {
			file.Pkg.Store(name, []byte(shortColour.ReplaceAllString(string(data), `<tabColor rgb="FF$1"`)))
		}
		return true
	})
}

// workbookOf writes a CSV file as a workbook, its cells as text.
func (r *reader) workbookOf(grids []*grid) (*excelize.File, error) {
	if len(grids) == 0 {
		return nil, nil
	}
	file := excelize.NewFile()
	for _, row := range grids[0].rows {
		for _, c := range row.own() {
			if err := file.SetCellStr(file.GetSheetName(0), xlsx.CellName(int(c.row), int(c.column)), c.text); err != nil {
				return nil, err
			}
		}
	}
	return file, nil
}

// markedCell is a cell with all that is said of it.
type markedCell struct {
	sheet, cell string
	severity    diag.Severity
	notes       []string
}

// cellsOf gathers findings by cell, in the order in which cells are first named. What is only worth knowing colours nothing.
func cellsOf(found diag.Findings) (cells []*markedCell) {
	known := map[[2]string]*markedCell{}
	for _, f := range found {
		row, column, ok := xlsx.ParseCell(f.Where.Cell)
		if !ok || f.Severity == diag.Info || row > excelize.TotalRows || column >= excelize.MaxColumns {
			continue
		}
		key := [2]string{f.Where.Sheet, f.Where.Cell}
		if known[key] == nil {
			known[key] = &markedCell{sheet: f.Where.Sheet, cell: f.Where.Cell}
			cells = append(cells, known[key])
		}
		note := f.Severity.String() + ": " + f.Message
		if f.Hint != "" {
			note += "\n→ " + f.Hint
		}
		known[key].severity = max(known[key].severity, f.Severity)
		known[key].notes = append(known[key].notes, note)
	}
	return cells
}

// marker colours cells of a workbook.
type marker struct {
	file   *excelize.File
	styles map[[2]int]int // a style with another fill, by style and severity
}

func (m *marker) mark(at *markedCell) error {
	if at.sheet == "" {
		at.sheet = m.file.GetSheetName(0)
	}
	if i, err := m.file.GetSheetIndex(at.sheet); err != nil || i < 0 {
		return nil
	}
	old, err := m.file.GetCellStyle(at.sheet, at.cell)
	if err != nil {
		return err
	}
	style, err := m.filled(old, at.severity)
	if err != nil {
		return err
	}
	if err := m.file.SetCellStyle(at.sheet, at.cell, at.cell, style); err != nil {
		return err
	}
	return m.note(at)
}

// filled returns a style like an old one, with the colour of a severity.
func (m *marker) filled(old int, severity diag.Severity) (int, error) {
	if style, known := m.styles[[2]int{old, int(severity)}]; known {
		return style, nil
	}
	colour := warningColour
	if severity == diag.Error {
		colour = errorColour
	}
	bare, err := m.file.NewStyle(&excelize.Style{Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}})
	if err != nil {
		return 0, err
	}
	formats, applies := m.file.Styles.CellXfs, true
	style := formats.Xf[min(old, len(formats.Xf)-1)]
	style.FillID, style.ApplyFill = formats.Xf[bare].FillID, &applies
	formats.Xf = append(formats.Xf, style)
	formats.Count = len(formats.Xf)
	m.styles[[2]int{old, int(severity)}] = len(formats.Xf) - 1
	return len(formats.Xf) - 1, nil
}

// note puts a note on a cell, below the one that it has.
func (m *marker) note(at *markedCell) error {
	const longest = 30_000 // bytes; a note takes 32,767 characters
	text := strings.Join(at.notes, "\n\n")
	notes, err := m.file.GetComments(at.sheet)
	if err != nil {
		return err
	}
	for _, old := range notes {
		if old.Cell != at.cell {
			continue
		}
		before := old.Text
		for _, run := range old.Paragraph {
			before += run.Text
		}
		text = strings.TrimSpace(before) + "\n\n" + text
		if err := m.file.DeleteComment(at.sheet, at.cell); err != nil {
			return err
		}
	}
	if len(text) > longest {
		text = strings.ToValidUTF8(text[:longest], "") + " …"
	}
	lines := strings.Count(text, "\n") + len(text)/60 + 2
	return m.file.AddComment(at.sheet, excelize.Comment{
		Cell: at.cell, Author: author, Width: 340, Height: uint(min(lines*18, 400)), Paragraph: []excelize.RichTextRun{{Text: text}},
	})
}

package sheet

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/archive"
	"vanthu/internal/lazyregexp"
)

// What workbooks have in common is made by the library once and kept as it stands in the file: the parts that are the same in each, the
// styles of workbooks of one look, what stands before and after the rows of a sheet, and charts with holes for what their rows are.

// memo keeps what was made for a key. It is emptied when it holds too much: templates of offices may ask for any number of looks.
type memo[K comparable, V any] struct {
	mu   sync.Mutex
	made map[K]V
}

const maxKept = 200

// get returns what is kept for a key, or makes it.
func (m *memo[K, V]) get(key K, build func() (V, error)) (V, error) {
	m.mu.Lock()
	value, known := m.made[key]
	m.mu.Unlock()
	if known {
		return value, nil
	}
	value, err := build()
	if err != nil {
		return value, fmt.Errorf("sheet: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.made == nil || len(m.made) >= maxKept {
		m.made = make(map[K]V)
	}
	m.made[key] = value
	return value, nil
}

// build returns the parts of a workbook that the library makes.
func build(lay func(f *excelize.File) error) (func(part string) (string, error), error) {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetDefaultFont(face); err != nil {
		return nil, err
	}
	if err := lay(f); err != nil {
		return nil, err
	}
	buffer, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	opened, err := archive.Open(bytes.NewReader(buffer.Bytes()), int64(buffer.Len()), archive.Limits{})
	if err != nil {
		return nil, err
	}
	return func(part string) (string, error) {
		for _, file := range opened.File {
			if file.Name == part {
				return archive.Text(file)
			}
		}
		return "", fmt.Errorf("the library made no %s", part)
	}, nil
}

// base are the parts that are the same in every workbook.
type base struct {
	types, chartTypes     string // of a workbook with one sheet, and of one with charts; without the end tag
	relations, app, theme []byte
}

var defaultType = lazyregexp.New(`<Default [^>]*></Default>`)

var basePackage = sync.OnceValues(func() (made base, err error) {
	part, err := build(func(f *excelize.File) error { return f.SetDocProps(&excelize.DocProperties{}) })
	if err != nil {
		return base{}, fmt.Errorf("sheet: %w", err)
	}
	withChart, err := build(func(f *excelize.File) error {
		return f.AddChart(f.GetSheetName(0), "A1", &excelize.Chart{Series: []excelize.ChartSeries{{Values: "A1"}}})
	})
	if err != nil {
		return base{}, fmt.Errorf("sheet: %w", err)
	}
	read := func(from func(part string) (string, error), name string) string {
		text, failed := from(name)
		if err == nil {
			err = failed
		}
		return text
	}
	const types = "[Content_Types].xml"
	parts := strings.TrimSuffix(read(part, types), "</Types>")
	made.types = withDefaults(parts, parts)
	made.chartTypes = withDefaults(parts, read(withChart, types))
	made.relations, made.app = []byte(read(part, "_rels/.rels")), []byte(read(part, "docProps/app.xml"))
	made.theme = []byte(read(part, "xl/theme/theme1.xml"))
	return made, err
})

// withDefaults returns the types of parts with those of file endings from another list, in order: the library writes them in the order of
// a map.
func withDefaults(types, from string) string {
	defaults := defaultType.FindAllString(from, -1)
	slices.Sort(defaults)
	types = defaultType.ReplaceAllString(types, "")
	return strings.Replace(types, "<Override ", strings.Join(defaults, "")+"<Override ", 1)
}

var styleSheets memo[string, []byte]

// styleSheet returns the part with the styles of looks, numbered from 1, and of conditional formats, numbered from 0.
func styleSheet(looks, tints []look) ([]byte, error) {
	return styleSheets.get(fmt.Sprint(looks, tints), func() ([]byte, error) {
		part, err := build(func(f *excelize.File) error {
			for i, l := range looks {
				if id, err := f.NewStyle(l.style()); err != nil || id != i+1 {
					return fmt.Errorf("style %d of %+v is not %d: %w", id, l, i+1, err)
				}
			}
			for i, l := range tints {
				if id, err := f.NewConditionalStyle(l.tint()); err != nil || id != i {
					return fmt.Errorf("conditional style %d of %+v is not %d: %w", id, l, i, err)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		text, err := part("xl/styles.xml")
		return []byte(text), err
	})
}

// frameKey is what the frame of a sheet depends on.
type frameKey struct {
	fit      bool
	zoom     float64
	tab      string
	selected bool
}

// frame is what stands around the panes, the columns and the rows of a sheet.
type frame struct{ head, views, foot string }

var frames memo[frameKey, frame]

// pageFrame returns the frame of a sheet.
func pageFrame(key frameKey) (frame, error) {
	return frames.get(key, func() (made frame, err error) {
		part, err := build(func(f *excelize.File) error { return key.lay(f, f.GetSheetName(0)) })
		if err != nil {
			return made, err
		}
		text, err := part("xl/worksheets/sheet1.xml")
		if err != nil {
			return made, err
		}
		const view, data, margins, end = `</sheetView>`, `<sheetData>`, `<printOptions`, `</worksheet>`
		at, rows, foot := strings.Index(text, view), strings.Index(text, data), strings.Index(text, margins)
		if at < 0 || rows < at || foot < rows || !strings.HasSuffix(text, end) {
			return made, fmt.Errorf("the library made another sheet: %s", text)
		}
		return frame{text[:at], text[at:rows], strings.TrimSuffix(text[foot:], end)}, nil
	})
}

// lay makes a sheet without rows.
func (k frameKey) lay(f *excelize.File, name string) error {
	if !k.selected {
		other, err := f.NewSheet("khác")
		if err != nil {
			return err
		}
		f.SetActiveSheet(other)
	}
	if err := f.SetSheetDimension(name, ""); err != nil { // it says one cell, which readers would believe
		return err
	}
	if err := k.pageSetup(f, name); err != nil {
		return err
	}
	stream, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	return stream.Flush()
}

// A chart is made over these rows, which then give way to its own.
const (
	markHeader = 600001 // the row of the names of its series
	markFirst  = 600002
	markLast   = 600003
	markAt     = 600004 // where it stands
)

// chartParts are a chart and its place in the drawing, as text between rows and numbers.
type chartParts struct{ chart, anchor pattern }

// chartKey is what a chart depends on beside its rows.
type chartKey struct {
	sheet, title string
	kind         chartKind
	series       int
}

var charts memo[chartKey, chartParts]

const (
	openAnchor   = `<xdr:twoCellAnchor>`
	closeDrawing = `</xdr:wsDr>`
)

// openDrawing begins the part of the drawing.
const openDrawing = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
	`<xdr:wsDr xmlns="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"` +
	` xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"` +
	` xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing">`

// compileChart has the library make a chart on a sheet whose columns have these widths.
func compileChart(key chartKey, widths []float64, chart *excelize.Chart, rows int) (chartParts, error) {
	return charts.get(key, func() (made chartParts, err error) {
		part, err := build(func(f *excelize.File) error {
			if err := f.SetSheetName(f.GetSheetName(0), key.sheet); err != nil {
				return err
			}
			for i, width := range widths {
				name := letters(i)
				if err := f.SetColWidth(key.sheet, name, name, width); err != nil {
					return err
				}
			}
			return f.AddChart(key.sheet, cell(0, markAt), chart)
		})
		if err != nil {
			return made, err
		}
		text, err := part("xl/charts/chart1.xml")
		if err != nil {
			return made, err
		}
		made.chart = newPattern(text, strconv.Itoa(markHeader), strconv.Itoa(markFirst), strconv.Itoa(markLast))
		if text, err = part("xl/drawings/drawing1.xml"); err != nil {
			return made, err
		}
		if !strings.HasPrefix(text, openDrawing+openAnchor) || !strings.HasSuffix(text, closeDrawing) {
			return made, fmt.Errorf("the library made another drawing: %s", text)
		}
		row := func(row int) string { return `<xdr:row>` + strconv.Itoa(row) + `<` }
		made.anchor = newPattern(strings.TrimSuffix(strings.TrimPrefix(text, openDrawing), closeDrawing),
			row(markAt-1), row(markAt-1+rows-1), `id="2"`, `"Chart 2"`, `"rId1"`)
		return made, nil
	})
}

// pattern is a text with holes.
type pattern struct {
	texts []string // one more than holes
	holes []int    // numbers of the marks that stood there
}

// newPattern cuts a text at marks.
func newPattern(text string, marks ...string) (p pattern) {
	for {
		at, which := len(text), -1
		for i, mark := range marks {
			if found := strings.Index(text, mark); found >= 0 && found < at {
				at, which = found, i
			}
		}
		p.texts = append(p.texts, text[:at])
		if which < 0 {
			return p
		}
		p.holes = append(p.holes, which)
		text = text[at+len(marks[which]):]
	}
}

// fill returns the text with a value for each mark.
func (p *pattern) fill(values ...string) string {
	var b strings.Builder
	for i, text := range p.texts {
		b.WriteString(text)
		if i < len(p.holes) {
			b.WriteString(values[p.holes[i]])
		}
	}
	return b.String()
}

package sheet

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"

	"vanthu/internal/archive"
	"vanthu/internal/vi"
)

// book is a workbook that is being written. Its sheets are written one after the other, each from its first row to its last. What all
// workbooks have in common, styles, pages and charts, the library made when it was first asked for (compiled.go); the rest is written
// here. The first error is kept, and what comes after it does nothing that counts, so that the code that lays out sheets reads as a
// list of what is on them.
type book struct {
	sheets     []string
	hidden     map[string]bool
	active     int // sheet that is shown first
	names      []definedName
	looks      []look // in the order of their styles, of which the first is 1
	styles     map[look]int
	tints      []look // of conditional formats
	tintIDs    map[look]int
	xml        []byte   // of all sheets
	ends       []int    // in xml, of each sheet that is written
	charts     []string // the parts
	anchors    []string // of the charts, in the drawing
	chartSheet int      // that has the charts
	err        error
}

// definedName is a name for cells.
type definedName struct {
	name, refersTo string
	scope          int // the sheet that the name is for, or -1 for all
	hidden         bool
}

// sheetsXML are buffers for the sheets of a book.
var sheetsXML = sync.Pool{New: func() any { return new([]byte) }}

func newBook() *book {
	return &book{hidden: map[string]bool{}, styles: map[look]int{}, tintIDs: map[look]int{}, xml: (*sheetsXML.Get().(*[]byte))[:0]}
}

func (b *book) check(err error) {
	if b.err == nil {
		b.err = err
	}
}

// add makes an empty sheet at the end and returns its name, which is title made fit for Excel.
func (b *book) add(title string) string {
	name := sheetName(title, b.sheets)
	b.sheets = append(b.sheets, name)
	return name
}

// hide takes a sheet out of sight, unless it is the one that is shown first.
func (b *book) hide(sheet string) {
	if b.sheets[b.active] != sheet {
		b.hidden[sheet] = true
	}
}

// sheetName drops what Excel forbids in the name of a sheet, and the apostrophe, which needs care in formulas; it cuts the name to
// 31 UTF-16 units and sets a number after one that is taken, whatever its capitals.
func sheetName(title string, taken []string) string {
	title = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`:\/?*[]'`, r) {
			return -1
		}
		return r
	}, title)
	title = strings.TrimSpace(title)
	if title == "" {
		title = "Bảng"
	}
	for n := 1; ; n++ {
		tail := ""
		if n > 1 {
			tail = fmt.Sprintf(" (%d)", n)
		}
		name := cut(title, 31-len(tail)) + tail
		free := true
		for _, other := range taken {
			free = free && !strings.EqualFold(other, name)
		}
		if free {
			return name
		}
	}
}

// cut returns the beginning of a text of at most so many UTF-16 units, the measure of a cell.
func cut(text string, limit int) string {
	if len(text) <= limit { // no character has more units than bytes
		return text
	}
	units := 0
	for i, r := range text {
		if units += utf16.RuneLen(r); units > limit {
			return strings.TrimSpace(text[:i])
		}
	}
	return text
}

// define names cells; scope is the sheet that the name is for, or empty for all.
func (b *book) define(name, refersTo, scope string) {
	b.names = append(b.names, definedName{name: name, refersTo: refersTo, scope: slices.Index(b.sheets, scope)})
}

// defaultDay is what a workbook without a date is dated by.
var defaultDay = vi.Date{Year: 2026, Month: 1, Day: 1}

// bytes closes the workbook. It is dated by the document, as nobody here asks for the time.
func (b *book) bytes(title string, day vi.Date) ([]byte, error) {
	defer func() {
		xml := b.xml
		sheetsXML.Put(&xml)
	}()
	if day == (vi.Date{}) {
		day = defaultDay
	}
	base, err := basePackage()
	b.check(err)
	styles, err := styleSheet(b.looks, b.tints)
	b.check(err)
	if b.err != nil {
		return nil, b.err
	}
	parts := map[string][]byte{
		"[Content_Types].xml":        b.contentTypes(base),
		"_rels/.rels":                base.relations,
		"docProps/app.xml":           base.app,
		"docProps/core.xml":          core(title, day),
		"xl/workbook.xml":            b.workbook(),
		"xl/_rels/workbook.xml.rels": b.relations(),
		"xl/styles.xml":              styles,
		"xl/theme/theme1.xml":        base.theme,
	}
	begin := 0
	for i, end := range b.ends {
		parts["xl/worksheets/sheet"+strconv.Itoa(i+1)+".xml"] = b.xml[begin:end]
		begin = end
	}
	if len(b.charts) > 0 {
		b.drawing(parts)
	}
	names := make([]string, 0, len(parts))
	for name := range parts {
		names = append(names, name)
	}
	slices.Sort(names)
	var out bytes.Buffer
	out.Grow(len(b.xml)/8 + 16<<10)
	w := archive.NewWriter(&out, archive.Options{Undated: true, Fast: true})
	for _, name := range names {
		b.check(w.Add(name, archive.Deflate, parts[name]))
	}
	b.check(w.Close())
	return out.Bytes(), b.err
}

const (
	packageTypes = "application/vnd.openxmlformats-officedocument."
	relationType = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
)

// contentTypes are those of the base and of the parts that were added to it.
func (b *book) contentTypes(base base) []byte {
	override := func(out []byte, part, kind string) []byte {
		return fmt.Appendf(out, `<Override PartName="/xl/%s.xml" ContentType="%s%s+xml"></Override>`, part, packageTypes, kind)
	}
	out := []byte(base.types)
	if len(b.charts) > 0 {
		out = []byte(base.chartTypes)
	}
	for i := range b.sheets[1:] {
		out = override(out, "worksheets/sheet"+strconv.Itoa(i+2), "spreadsheetml.worksheet")
	}
	for i := range b.charts {
		out = override(out, "charts/chart"+strconv.Itoa(i+1), "drawingml.chart")
		if i == 0 {
			out = override(out, "drawings/drawing1", "drawing")
		}
	}
	return append(out, "</Types>"...)
}

// relation appends a relation of a part.
func relation(out []byte, id int, target, kind string) []byte {
	return fmt.Appendf(out, `<Relationship Id="rId%d" Target="%s" Type="%s%s"></Relationship>`, id, target, relationType, kind)
}

const (
	openRelations  = xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	closeRelations = `</Relationships>`
)

// sheetRelation is the number of the relation to a sheet: the second and third are those to styles and theme.
func sheetRelation(sheet int) int {
	if sheet == 0 {
		return 1
	}
	return sheet + 3
}

func (b *book) relations() []byte {
	out := relation([]byte(openRelations), 1, "worksheets/sheet1.xml", "worksheet")
	out = relation(out, 2, "styles.xml", "styles")
	out = relation(out, 3, "theme/theme1.xml", "theme")
	for i := range b.sheets[1:] {
		out = relation(out, sheetRelation(i+1), "worksheets/sheet"+strconv.Itoa(i+2)+".xml", "worksheet")
	}
	return append(out, closeRelations...)
}

// workbook is the list of sheets and names.
func (b *book) workbook() []byte {
	out := []byte(xml.Header + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"` +
		` xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"` +
		` xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x15"` +
		` xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main">` +
		`<fileVersion appName="xl" lastEdited="6" lowestEdited="6" rupBuild="14420"></fileVersion>` +
		`<workbookPr filterPrivacy="true" defaultThemeVersion="164011"></workbookPr>` +
		`<bookViews><workbookView xWindow="0" yWindow="0" windowWidth="14805" windowHeight="8010"`)
	if b.active > 0 {
		out = fmt.Appendf(out, ` activeTab="%d"`, b.active)
	}
	out = append(out, `></workbookView></bookViews><sheets>`...)
	for i, name := range b.sheets {
		out = append(out, `<sheet name="`...)
		out = appendText(out, name)
		out = fmt.Appendf(out, `" sheetId="%d" r:id="rId%d"`, i+1, sheetRelation(i))
		if b.hidden[name] {
			out = append(out, ` state="hidden"`...)
		}
		out = append(out, `></sheet>`...)
	}
	out = append(out, `</sheets>`...)
	if len(b.names) > 0 {
		out = append(out, `<definedNames>`...)
	}
	for _, n := range b.names {
		out = append(out, `<definedName`...)
		if n.hidden {
			out = append(out, ` hidden="true"`...)
		}
		if n.scope >= 0 {
			out = fmt.Appendf(out, ` localSheetId="%d"`, n.scope)
		}
		out = append(out, ` name="`+n.name+`">`...)
		out = appendText(out, n.refersTo)
		out = append(out, `</definedName>`...)
	}
	if len(b.names) > 0 {
		out = append(out, `</definedNames>`...)
	}
	return append(out, `<calcPr calcId="122211" fullCalcOnLoad="true"></calcPr></workbook>`...)
}

// core is who made the workbook, and when (ECMA-376-2, 11).
func core(title string, day vi.Date) []byte {
	const stamped = ` xsi:type="dcterms:W3CDTF">%sT00:00:00Z</dcterms:`
	out := []byte(xml.Header + `<coreProperties xmlns="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:dcmitype="http://purl.org/dc/dcmitype/"` +
		` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>`)
	out = appendText(out, title)
	return fmt.Appendf(out, `</dc:title><dc:creator>Văn Thư</dc:creator><lastModifiedBy>Văn Thư</lastModifiedBy><dc:language>vi-VN</dc:language>`+
		`<dcterms:created`+stamped+`created><dcterms:modified`+stamped+`modified></coreProperties>`, day.ISO(), day.ISO())
}

// drawing adds the charts and what ties them to their sheet.
func (b *book) drawing(parts map[string][]byte) {
	drawing, relations := []byte(openDrawing), []byte(openRelations)
	for i, chart := range b.charts {
		name := "charts/chart" + strconv.Itoa(i+1) + ".xml"
		parts["xl/"+name] = []byte(chart)
		drawing = append(drawing, b.anchors[i]...)
		relations = relation(relations, i+1, "../"+name, "chart")
	}
	parts["xl/drawings/drawing1.xml"] = append(drawing, closeDrawing...)
	parts["xl/drawings/_rels/drawing1.xml.rels"] = append(relations, closeRelations...)
	parts["xl/worksheets/_rels/sheet"+strconv.Itoa(b.chartSheet+1)+".xml.rels"] = append(
		relation([]byte(openRelations), 1, "../drawings/drawing1.xml", "drawing"), closeRelations...)
}

// letters names a column, from 0.
func letters(column int) string { return string(appendLetters(nil, column)) }

func appendLetters(out []byte, column int) []byte {
	if column >= 26 {
		out = appendLetters(out, column/26-1)
	}
	return append(out, byte('A'+column%26))
}

// cell names a cell by its column from 0 and its row from 1.
func cell(column, row int) string { return letters(column) + strconv.Itoa(row) }

// fixed names a cell so that the name holds wherever it is copied to.
func fixed(column, row int) string { return "$" + letters(column) + "$" + strconv.Itoa(row) }

// down names the cells of a column from one row to another, on any sheet.
func down(sheet string, column, first, last int) string {
	return quote(sheet) + "!" + fixed(column, first) + ":" + fixed(column, last)
}

func quote(sheet string) string { return "'" + strings.ReplaceAll(sheet, "'", "''") + "'" }

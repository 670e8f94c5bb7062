package source

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"vanthu/internal/model"
	"vanthu/internal/xlsx"
)

// rawSheet is a sheet as the tests write it: a row a line, cells between strokes. What stands before a colon says what a cell holds:
//
//	n:1.234  d:46083  t:46083.375  m:46143  p:0.75  z:1   a number; shown as a day, a day with a time, a month, percent, two digits
//	b:1  e:#N/A                                          TRUE; a fault
//	f:SUM(A1:A2)  v:12=SUM(A1:A2)  s:=A1&""              a formula without a value; with one; with a text for its value
//	^  <                                                 merged with the cell above; with the one to the left
//
// and anything else is text, \n in it a line break.
type rawSheet struct{ name, rows string }

var rawStyles = []string{"n", "d", "p", "z", "m", "t"}

// rawBook writes a workbook by hand, as no library would let us.
func rawBook(t testing.TB, date1904 bool, sheets ...rawSheet) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	part := func(name, text string) {
		w, err := archive.Create(name)
		if err == nil {
			_, err = w.Write([]byte(`<?xml version="1.0" encoding="UTF-8"?>` + text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	const main = `xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	const rels = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	const kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	types := `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/` +
		`vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="` + kinds + `sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + kinds + `styles+xml"/>`
	list, relations := "", ""
	for i, sheet := range sheets {
		name, hidden := strings.CutPrefix(sheet.name, "hidden ")
		state := map[bool]string{true: ` state="hidden"`}[hidden]
		list += fmt.Sprintf(`<sheet name="%s" sheetId="%d" r:id="rId%d"%s/>`, html.EscapeString(name), i+1, i+1, state)
		relations += fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, office, i+1)
		types += fmt.Sprintf(`<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%sworksheet+xml"/>`, i+1, kinds)
		part(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), "<worksheet "+main+">"+rawRows(sheet.rows)+"</worksheet>")
	}
	properties := map[bool]string{true: `<workbookPr date1904="1"/>`}[date1904]
	part("[Content_Types].xml", types+"</Types>")
	part("_rels/.rels", rels+`<Relationship Id="rId1" Type="`+office+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	part("xl/workbook.xml", "<workbook "+main+` xmlns:r="`+office+`">`+properties+"<sheets>"+list+"</sheets></workbook>")
	part("xl/_rels/workbook.xml.rels", rels+relations+`<Relationship Id="styles" Type="`+office+`/styles" Target="styles.xml"/></Relationships>`)
	part("xl/styles.xml", "<styleSheet "+main+`><numFmts count="2"><numFmt numFmtId="164" formatCode="00"/>`+
		`<numFmt numFmtId="165" formatCode="dd/mm/yyyy\ hh:mm;@"/></numFmts><fonts count="1"><font><name val="Arial"/></font></fonts><fills count="1"><fill/></fills>`+
		`<borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="6"><xf numFmtId="0"/>`+
		`<xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="164"/><xf numFmtId="17"/><xf numFmtId="165"/></cellXfs></styleSheet>`)
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func rawRows(text string) string {
	var b strings.Builder
	merged := map[[2]int][4]int{} // by the first cell of a range
	owner := map[[2]int][2]int{}
	b.WriteString("<sheetData>")
	for i, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		row := i + 1
		fmt.Fprintf(&b, `<row r="%d">`, row)
		for column, text := range strings.Split(line, "|") {
			at := [2]int{row, column}
			owner[at] = at
			switch text = strings.TrimSpace(text); text {
			case "":
			case "^", "<":
				from := owner[[2]int{row - 1, column}]
				if text == "<" {
					from = owner[[2]int{row, column - 1}]
				}
				owner[at] = from
				merged[from] = [4]int{from[0], from[1], row, column}
			default:
				b.WriteString(rawCell(xlsx.CellName(row, column), text))
			}
		}
		b.WriteString("</row>")
	}
	b.WriteString("</sheetData><mergeCells>")
	for _, m := range merged {
		fmt.Fprintf(&b, `<mergeCell ref="%s:%s"/>`, xlsx.CellName(m[0], m[1]), xlsx.CellName(m[2], m[3]))
	}
	b.WriteString("</mergeCells>")
	return b.String()
}

func rawCell(at, text string) string {
	kind, value, typed := strings.Cut(text, ":")
	if !typed || len(kind) != 1 {
		text = strings.ReplaceAll(html.EscapeString(text), `\n`, "\n")
		return fmt.Sprintf(`<c r="%s" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>`, at, text)
	}
	value = html.EscapeString(value)
	switch kind {
	case "b", "e":
		return fmt.Sprintf(`<c r="%s" t="%s"><v>%s</v></c>`, at, kind, value)
	case "f":
		return fmt.Sprintf(`<c r="%s"><f>%s</f></c>`, at, value)
	case "v", "s":
		result, formula, _ := strings.Cut(value, "=")
		return fmt.Sprintf(`<c r="%s"%s><f>%s</f><v>%s</v></c>`, at, map[bool]string{true: ` t="str"`}[kind == "s"], formula, result)
	}
	for style, name := range rawStyles {
		if kind == name {
			return fmt.Sprintf(`<c r="%s" s="%d"><v>%s</v></c>`, at, style, value)
		}
	}
	panic("no kind of cell " + kind)
}

// cells dumps a node with the cell of each value.
func cells(n model.Node, indent string) string {
	at := "@" + n.Place.Cell
	switch n.Shape {
	case model.Scalar:
		return fmt.Sprintf("%q %s\n", n.Text, at)
	case model.List, model.Group:
		var b strings.Builder
		b.WriteString(at + "\n")
		for _, item := range n.Items {
			b.WriteString(indent + "- " + cells(item, indent+"  "))
		}
		for _, field := range n.Fields {
			b.WriteString(indent + field.Key + ": " + cells(field.Value, indent+"  "))
		}
		return b.String()
	}
	return "- " + at + "\n"
}

// encrypted is a workbook with a password, as Excel writes it.
func encrypted(t *testing.T) []byte {
	file := excelize.NewFile()
	var out bytes.Buffer
	if err := file.Write(&out, excelize.Options{Password: "x"}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func rawParts(t *testing.T, n int) []byte {
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for i := range n {
		if _, err := archive.Create(fmt.Sprintf("xl/%d.xml", i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func withPart(t testing.TB, data []byte, name string, content []byte) []byte {
	return rewrite(t, data, func(parts map[string][]byte) { parts[name] = content })
}

func replacePart(t testing.TB, data []byte, name, content string) []byte {
	return withPart(t, data, name, []byte(content))
}

func rewrite(t testing.TB, data []byte, change func(parts map[string][]byte)) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string][]byte{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var content bytes.Buffer
		if _, err := content.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = content.Bytes()
	}
	change(parts)
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, content := range parts {
		part, err := w.Create(name)
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// merged has the same thousand rows merged again and again.
func merged(t *testing.T) []byte {
	data := rawBook(t, false, rawSheet{"A", strings.Repeat("a | b\n", 1000)})
	return rewrite(t, data, func(parts map[string][]byte) {
		const name = "xl/worksheets/sheet1.xml"
		one := `<mergeCell ref="A1:GR1000"/>`
		parts[name] = bytes.Replace(parts[name], []byte("</mergeCells>"), []byte(strings.Repeat(one, 2000)+"</mergeCells>"), 1)
	})
}

// mergedOnTheRight has rows of one cell that a range in the last column makes two hundred wide.
func mergedOnTheRight(t *testing.T) []byte {
	data := rawBook(t, false, rawSheet{"A", strings.Repeat("|", maxColumns-1) + "x" + strings.Repeat("\na", maxRows-1)})
	return rewrite(t, data, func(parts map[string][]byte) {
		const name = "xl/worksheets/sheet1.xml"
		area := fmt.Sprintf(`<mergeCell ref="GR1:GR%d"/></mergeCells>`, maxRows)
		parts[name] = bytes.Replace(parts[name], []byte("</mergeCells>"), []byte(area), 1)
	})
}

// repeated has a text of a megabyte in a hundred cells, which the file holds once.
func repeated(t *testing.T) []byte {
	data := rawBook(t, false, rawSheet{"A", "a"})
	return rewrite(t, data, func(parts map[string][]byte) {
		const rels, texts = "xl/_rels/workbook.xml.rels", `<Relationship Id="s" Type="x/sharedStrings" Target="texts.xml"/></Relationships>`
		parts[rels] = bytes.Replace(parts[rels], []byte("</Relationships>"), []byte(texts), 1)
		parts["xl/texts.xml"] = []byte("<sst><si><t>" + strings.Repeat("x", 1<<20) + "</t></si></sst>")
		parts["xl/worksheets/sheet1.xml"] = []byte("<worksheet><row>" + strings.Repeat(`<c t="s"><v>0</v></c>`, 100) + "</row></worksheet>")
	})
}

// understated is an archive that declares its sheet a byte long.
func understated(t *testing.T) []byte {
	var out bytes.Buffer
	data := rawBook(t, false, rawSheet{"A", "a"})
	from, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	to := zip.NewWriter(&out)
	for _, file := range from.File {
		raw, err := file.OpenRaw()
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file.Name, "sheet1.xml") {
			file.UncompressedSize64 = 1
		}
		w, err := to.CreateRaw(&file.FileHeader)
		if err == nil {
			_, err = io.Copy(w, raw)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

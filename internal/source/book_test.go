package source

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"os"
	"strings"
	"testing"

	"vanthu/internal/model"
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
	part("xl/_rels/workbook.xml.rels", rels+relations+`<Relationship Id="rId99" Type="`+office+`/styles" Target="styles.xml"/></Relationships>`)
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
				b.WriteString(rawCell(cellName(row, column), text))
			}
		}
		b.WriteString("</row>")
	}
	b.WriteString("</sheetData><mergeCells>")
	for _, m := range merged {
		fmt.Fprintf(&b, `<mergeCell ref="%s:%s"/>`, cellName(m[0], m[1]), cellName(m[2], m[3]))
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

// trackedSchema is that of a report with tables.
func trackedSchema(t testing.TB) *model.Schema {
	t.Helper()
	read := func(name string) []byte {
		data, err := os.ReadFile("../../templates/chung/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	own := "ten: Báo cáo quý\nten_loai: Báo cáo\nviet_tat: BC\nbo: [noi_dung]\ndung: [ky_bao_cao, ngay_chot, nguong_giai_ngan, chi_dao, " +
		"nhiem_vu, kien_nghi, cu_tri, giai_ngan, lich_lam_viec]\n"
	shared, found := ReadShared(read("kind.yaml"), read("tuy-chon.yaml"))
	schema, more := shared.Schema("bao-cao-quy", []byte(own))
	if found.Add(more...); len(found) > 0 {
		t.Fatal(found)
	}
	return &schema
}

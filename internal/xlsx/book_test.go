package xlsx

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"vanthu/internal/archive"
	"vanthu/internal/ooxml"
)

// parts are a workbook of two sheets, by name of part.
var parts = map[string]string{
	"_rels/.rels":                `<Relationships><Relationship Id="a" Type="http://x/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
	"xl/workbook.xml":            `<workbook xmlns:r="u"><workbookPr date1904="1"/><sheets><sheet name="Nhiệm vụ" sheetId="1" r:id="s1"/><sheet name="Ẩn" state="hidden" r:id="s2"/><sheet name="Biểu đồ" r:id="s3"/></sheets></workbook>`,
	"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="s1" Type="x/worksheet" Target="worksheets\sheet1.xml"/><Relationship Id="s2" Type="x/worksheet" Target="../xl/worksheets/SHEET2.xml"/><Relationship Id="s3" Type="x/chartsheet" Target="c.xml"/><Relationship Id="t" Type="x/styles" Target="styles.xml"/><Relationship Id="u" Type="x/sharedStrings" Target="texts.xml"/></Relationships>`,
	"xl/styles.xml":              `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="&quot;ngày&quot; dd/mm/yyyy"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf/><xf numFmtId="164"/><xf numFmtId="9"/></cellXfs></styleSheet>`,
	"xl/texts.xml":               `<sst><si><t>Một</t></si><si><r><t>Ha</t></r><r><t>i &amp; ba</t></r><rPh><t>no</t></rPh></si></sst>`,
	"xl/worksheets/sheet1.xml": `<x:worksheet xmlns:x="u"><x:sheetData><x:row r="2"><x:c r="B2" t="s"><x:v>1</x:v></x:c><x:c s="1"><x:v> 46203 </x:v></x:c></x:row>` +
		`<x:row><x:c t="inlineStr"><x:is><x:t>a_x000A_b</x:t></x:is></x:c><x:c t="b"><x:v>1</x:v></x:c><x:c t="e"><x:v>#N/A</x:v></x:c><x:c/>` +
		`<x:c s="2"><x:f>1&lt;2</x:f><x:v>0.5</x:v></x:c><x:c><x:f t="shared" si="0"/></x:c><x:c t="d"><x:v>2026-06-30T00:00</x:v></x:c><x:c t="s"><x:v>9</x:v></x:c></x:row></x:sheetData>` +
		`<x:mergeCells><x:mergeCell ref="A1:$C$2"/><x:mergeCell ref="C1:A1"/></x:mergeCells></x:worksheet>`,
	"xl/worksheets/sheet2.xml": `<worksheet><row><c><v>1</v></c></row></worksheet>`,
}

// open opens the workbook above with some of its parts changed.
func open(t *testing.T, changes map[string]string) (*Book, error) {
	t.Helper()
	var out bytes.Buffer
	w := archive.NewWriter(&out, archive.Options{})
	for name, text := range parts {
		if changed, is := changes[name]; is {
			text = changed
		}
		if err := w.Add(name, archive.Deflate, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	pkg, err := ooxml.Open(out.Bytes(), archive.Limits{Unzipped: 1 << 30})
	if err != nil {
		t.Fatal(err)
	}
	return Open(pkg)
}

// each lists the cells of a sheet.
func each(b *Book, sheet Sheet) (cells []Cell, merged []Range, err error) {
	merged, err = b.Each(sheet, func(c Cell) bool {
		cells = append(cells, c)
		return true
	})
	return cells, merged, err
}

func TestCellsSayWhatTheyHold(t *testing.T) {
	b, err := open(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Sheets) != 2 || b.Sheets[0].Name != "Nhiệm vụ" || b.Sheets[0].Hidden || !b.Sheets[1].Hidden || !b.Date1904 {
		t.Errorf("%+v", b.Sheets)
	}
	cells, merged, err := each(b, b.Sheets[0])
	want := []Cell{
		{2, 1, Text, General, false, "Hai & ba"},
		{2, 2, Number, Date, false, "46203"},
		{3, 0, Text, General, false, "a\nb"},
		{3, 1, Bool, General, false, "TRUE"},
		{3, 2, Fault, General, false, "#N/A"},
		{3, 4, Number, Percent, true, "0.5"},
		{3, 5, Formula, General, true, ""},
		{3, 6, Text, General, false, "2026-06-30"},
	}
	if err != nil || !reflect.DeepEqual(cells, want) {
		t.Errorf("%+v\nwant\n%+v\n%v", cells, want, err)
	}
	if !reflect.DeepEqual(merged, []Range{{1, 0, 2, 2}}) || b.Elements != 14 {
		t.Errorf("%+v of %d elements", merged, b.Elements)
	}
	if again, _, err := each(b, b.Sheets[0]); len(again) > 0 || err != nil {
		t.Errorf("a part is read twice: %+v %v", again, err)
	}
	if cells, _, err := each(b, b.Sheets[1]); err != nil || len(cells) != 1 {
		t.Errorf("%+v %v", cells, err)
	}
}

func TestFormulas(t *testing.T) {
	b, err := open(t, map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><row><c r="A1"><f>B1&lt;2</f></c><c r="B1"><f t="shared" si="0">A1</f></c><c r="C1"><f/></c></row></worksheet>`})
	if err != nil {
		t.Fatal(err)
	}
	formulas, err := b.Formulas(b.Sheets[0])
	if want := map[string]string{"A1": "B1<2", "B1": "?", "C1": "?"}; err != nil || !reflect.DeepEqual(formulas, want) {
		t.Errorf("%q %v", formulas, err)
	}
}

func TestDamagedWorkbooks(t *testing.T) {
	for name, changes := range map[string]map[string]string{
		"no sheet":                {"xl/workbook.xml": "<workbook/>"},
		"no workbook":             {"_rels/.rels": "<Relationships/>"},
		"relations that break":    {"xl/_rels/workbook.xml.rels": "<Relationships>"},
		"styles that break":       {"xl/styles.xml": "<styleSheet><a"},
		"texts that break":        {"xl/texts.xml": "<sst></si>"},
		"a DTD":                   {"xl/workbook.xml": "<!DOCTYPE a><workbook/>"},
		"too many shared strings": {"xl/texts.xml": "<sst>" + strings.Repeat("<si/>", MaxStrings+1) + "</sst>"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := open(t, changes); !errors.Is(err, ooxml.ErrDamaged) {
				t.Errorf("error %v", err)
			}
		})
	}
	for name, sheet := range map[string]string{
		"cells that break":                  `<worksheet><row><c r="A1`,
		"a cell that ends before it begins": `<worksheet><v>1</v></c></worksheet>`,
		"a cell before any row":             `<worksheet><c><v>1</v></c></worksheet>`,
		"rows that go up":                   `<worksheet><row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row></worksheet>`,
	} {
		t.Run(name, func(t *testing.T) {
			b, err := open(t, map[string]string{"xl/worksheets/sheet1.xml": sheet})
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := each(b, b.Sheets[0]); !errors.Is(err, ooxml.ErrDamaged) {
				t.Errorf("error %v", err)
			}
		})
	}
}

// Reading ends where a sheet has more elements than a workbook may have, and where whoever reads has enough.
func TestReadingEnds(t *testing.T) {
	b, err := open(t, map[string]string{"xl/worksheets/sheet1.xml": "<worksheet><row>" + strings.Repeat("<c/>", MaxElements+10) + "</row></worksheet>"})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := each(b, b.Sheets[0]); err != nil || b.Elements != MaxElements+1 {
		t.Errorf("%d elements: %v", b.Elements, err)
	}
	b, err = open(t, map[string]string{"xl/worksheets/sheet1.xml": "<worksheet><row>" + strings.Repeat("<c><v>1</v></c>", 10) + "</row></worksheet>"})
	if err != nil {
		t.Fatal(err)
	}
	met := 0
	if _, err := b.Each(b.Sheets[0], func(Cell) bool { met++; return met < 3 }); err != nil || met != 3 || b.Elements != 4 {
		t.Errorf("%d cells, %d elements: %v", met, b.Elements, err)
	}
}

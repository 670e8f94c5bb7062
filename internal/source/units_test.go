package source

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"vanthu/internal/model"
)

// TestWorkbooksOfManyUnits reads the workbook of each archive and compares its units, the record of each, and what a clerk is told.
func TestWorkbooksOfManyUnits(t *testing.T) {
	schema := trackedSchema(t)
	eachArchive(t, "units", func(t *testing.T, archive *txtar.Archive) string {
		inputs := inputsOf(t, archive)
		file, found := Open(inputs[0], inputs[1:]...)
		if file == nil {
			t.Fatal(found)
		}
		units, more := file.Units(schema)
		found.Add(more...)
		var b strings.Builder
		fmt.Fprintf(&b, "%d units\n%s", len(units), found)
		if len(units) == 0 {
			record, more := file.Record(schema)
			b.WriteString(onSheets(record.Root, "") + more.String())
		}
		for _, unit := range units {
			of := file.Of(unit)
			record, more := of.Record(schema)
			fmt.Fprintf(&b, "\n== %s (%s), kind %q\n", unit.Name, unit.Place, of.Kind().Text)
			for _, field := range record.Root.Fields {
				b.WriteString(field.Key + ": " + onSheets(field.Value, "  "))
			}
			b.WriteString(more.String())
		}
		return b.String()
	})
}

// onSheets dumps a node with the sheet and cell of each value.
func onSheets(n model.Node, indent string) string {
	at := "@" + n.Place.Sheet + "!" + n.Place.Cell
	switch n.Shape {
	case model.Scalar:
		return fmt.Sprintf("%q %s\n", n.Text, at)
	case model.List, model.Group:
		var b strings.Builder
		b.WriteString(at + "\n")
		for _, item := range n.Items {
			b.WriteString(indent + "- " + onSheets(item, indent+"  "))
		}
		for _, field := range n.Fields {
			b.WriteString(indent + field.Key + ": " + onSheets(field.Value, indent+"  "))
		}
		return b.String()
	}
	return "- " + at + "\n"
}

// TestManyReadUnitsAtOnce reads all units several times at once and compares with one reader: formulas, tables and findings are shared.
func TestManyReadUnitsAtOnce(t *testing.T) {
	schema := trackedSchema(t)
	var rows strings.Builder
	for i := range 200 {
		fmt.Fprintf(&rows, "Xã %d | f:A1&%d | d:%d | ^\n", i, i, 46000+i)
	}
	sheets := []rawSheet{
		{"Thông tin chung", "Mục | Giá trị\nLoại văn bản | Báo cáo quý\nGhi chú | riêng"},
		{"Nhiệm vụ", "Nội dung nhiệm vụ | Chủ trì | Thời hạn\nf:1+1 | Ban | 15/6/2026"},
	}
	for way, data := range map[string][]byte{
		"rows": rawBook(t, false, append(sheets, rawSheet{"Danh sách", "Đơn vị | Trích yếu nội dung | Ngày ban hành | Địa danh\n" + rows.String()})...),
		"sheets": rawBook(t, false, append(sheets, rawSheet{"Xã A", "Mục | Giá trị\nSố | f:2+3\n\nNội dung nhiệm vụ | Chủ trì | Thời hạn\nViệc | Ban | 15/6/2026"},
			rawSheet{"Xã B", "Mục | Giá trị\nSố | n:2"})...),
	} {
		t.Run(way, func(t *testing.T) {
			read := func(file *File, unit Unit) string {
				record, found := file.Of(unit).Record(schema)
				return onSheets(record.Root, "") + found.String()
			}
			alone, _ := Open(Input{"a.xlsx", data})
			units, _ := alone.Units(schema)
			var want []string
			for _, unit := range units {
				want = append(want, read(alone, unit))
			}
			shared, _ := Open(Input{"a.xlsx", data})
			var readers sync.WaitGroup
			for range 4 {
				readers.Go(func() {
					units, _ := shared.Units(schema)
					for i, unit := range units {
						if got := read(shared, unit); got != want[i] {
							t.Errorf("%s: got\n%s\nwant\n%s", unit.Name, got, want[i])
						}
					}
				})
			}
			readers.Wait()
		})
	}
}

func TestMostUnits(t *testing.T) {
	schema := trackedSchema(t)
	list := "Loại văn bản | Đơn vị" + strings.Repeat("\nBáo cáo quý | Xã", MostUnits+1)
	file, _ := Open(Input{"a.xlsx", rawBook(t, false, rawSheet{"Danh sách", list})})
	units, found := file.Units(schema)
	if len(units) > 0 || codes(found) != "too-many-units" || found[0].Where.Cell != "A10002" {
		t.Errorf("%d units\n%s", len(units), found)
	}
}

var unknownCell = regexp.MustCompile(`(^|[|\n])\s*[^|\nbefvsndpzmt]:`)

// FuzzUnits gives lists and forms of units that may be anything: names are all different, and each unit has a record.
func FuzzUnits(f *testing.F) {
	schema := trackedSchema(f)
	f.Add("Đơn vị | Số\nXã A | n:1\nXã A | n:2\nXã A (2) | f:B2", false)
	f.Add("STT | Người ký | <\n^ | Quyền hạn, chức vụ | Họ và tên\nn:1 | CHỦ TỊCH | ^\n(1) | (2) | (3)", false)
	f.Add("Mục | Giá trị\nSố | n:1\nNội dung nhiệm vụ | Chủ trì | Thời hạn\nMột | ^ | d:46203", true)
	base := []rawSheet{{"Thông tin chung", "Loại văn bản | Báo cáo quý"}, {"Xã B", "Mục | Giá trị\nSố | n:1"}}
	f.Fuzz(func(t *testing.T, rows string, isForm bool) {
		name := map[bool]string{true: "Xã A", false: "Danh sách"}[isForm]
		rows = strings.Map(func(r rune) rune { // what XML does not have
			if r == utf8.RuneError || r < ' ' && r != '\n' {
				return -1
			}
			return r
		}, rows)
		rows = unknownCell.ReplaceAllString(rows, "$1;") // and what rawBook does not
		file, found := Open(Input{"a.xlsx", rawBook(t, false, append(slices.Clip(base), rawSheet{name, rows})...)})
		if file == nil && !found.Blocking() {
			t.Fatal(found)
		}
		if file == nil {
			return
		}
		units, _ := file.Units(schema)
		names := map[string]bool{}
		for _, unit := range units {
			if unit.Name == "" || names[unit.Name] {
				t.Errorf("a second %q", unit.Name)
			}
			names[unit.Name] = true
			record, _ := file.Of(unit).Record(schema)
			check(t, record.Root, 1, 0)
		}
	})
}

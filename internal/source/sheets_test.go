package source

import (
	"path"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"vanthu/internal/diag"
)

// TestSheetsBecomeRecords reads the workbooks and CSV files of each archive and compares the record and what a clerk is told. A file
// “a.xlsx/Sheet” is a sheet of a workbook, written as rawSheet says; the first workbook or file is the main one, the others hold tables.
func TestSheetsBecomeRecords(t *testing.T) {
	schema := trackedSchema(t)
	eachArchive(t, "sheets", func(t *testing.T, archive *txtar.Archive) (got string) {
		inputs := inputsOf(t, archive)
		file, found := Open(inputs[0], inputs[1:]...)
		if file != nil {
			record, more := file.Record(schema)
			got = "kind: " + cells(file.Kind(), "") + cells(record.Root, "")
			found.Add(more...)
		}
		return got + found.String()
	})
}

func inputsOf(t *testing.T, archive *txtar.Archive) (inputs []Input) {
	var sheets []rawSheet
	for i, file := range archive.Files[:len(archive.Files)-1] {
		book, sheet, isSheet := strings.Cut(file.Name, "/")
		if !isSheet {
			inputs = append(inputs, Input{file.Name, file.Data})
			continue
		}
		sheets = append(sheets, rawSheet{sheet, string(file.Data)})
		if next := archive.Files[i+1].Name; path.Dir(next) != book {
			inputs = append(inputs, Input{book, rawBook(t, strings.Contains(string(archive.Comment), "1904"), sheets...)})
			sheets = nil
		}
	}
	return inputs
}

func codes(found diag.Findings) string {
	var all []string
	for _, f := range found {
		all = append(all, string(f.Code))
	}
	return strings.Join(all, " ")
}

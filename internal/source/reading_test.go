package source

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestReadingsTellWhatWasTakenForWhat reads each archive of testdata/reading: its files, kind and then what was understood.
func TestReadingsTellWhatWasTakenForWhat(t *testing.T) {
	eachArchive(t, "reading", func(t *testing.T, archive *txtar.Archive) string {
		inputs := inputsOf(t, archive)
		file, found := Open(inputs[0], inputs[1:]...)
		if found.Blocking() {
			t.Fatalf("%s", found)
		}
		schema := trackedSchema(t)
		plain, _ := file.Record(schema)
		record, reading, _ := file.Read(schema)
		if dump(record.Root, "") != dump(plain.Root, "") {
			t.Error("the record is another than without the reading")
		}
		return readingDump(reading)
	})
}

func readingDump(r Reading) string {
	var b strings.Builder
	for _, f := range r.Fields {
		fmt.Fprintf(&b, "%s | %s | %s | %s | %s\n", f.Place, f.Heading, f.Key, f.Label, f.Value)
	}
	for _, table := range r.Tables {
		fmt.Fprintf(&b, "\ntable %s | %s | %s | heading %d | %d rows | missing %q\n", table.Key, table.Label, table.Sheet, table.HeaderRow, table.Rows, table.Missing)
		for _, c := range table.Columns {
			fmt.Fprintf(&b, "  %s | %s | %s | %s | %s\n", c.Letter, c.Heading, c.Key, c.Label, c.Sample)
		}
	}
	return b.String()
}

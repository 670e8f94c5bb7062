package xlsx

import (
	"testing"
)

func TestCellNames(t *testing.T) {
	for name, want := range map[string][2]int{"A1": {1, 0}, "Z9": {9, 25}, "AA10": {10, 26}, "GR20000": {20000, 199}, "XFD1048576": {1048576, 16383}} {
		row, column, ok := ParseCell(name)
		if !ok || row != want[0] || column != want[1] || CellName(row, column) != name {
			t.Errorf("%s is row %d, column %d, %v", name, row, column, ok)
		}
	}
	for _, name := range []string{"", "A", "1", "A0", "AAAA1", "A1B", "A-1", "Á1", "A99999999999"} {
		if row, column, ok := ParseCell(name); ok {
			t.Errorf("%q is row %d, column %d", name, row, column)
		}
	}
}

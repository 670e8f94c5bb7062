package xlsx

import "strconv"

// CellName writes row 7, from 1, and column 2, from 0, as C7.
func CellName(row, column int) string {
	var letters [8]byte
	i := len(letters)
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		i--
		letters[i] = byte('A' + (n-1)%26)
	}
	return string(letters[i:]) + strconv.Itoa(row)
}

// ParseCell reads C7 as row 7 and column 2. Signs $ are passed over; false when there is no such cell.
func ParseCell(name string) (row, column int, ok bool) {
	i, letters := 0, 0
	for ; i < len(name); i++ {
		c := name[i] &^ 0x20 // a capital
		if name[i] == '$' {
			continue
		}
		if c < 'A' || c > 'Z' {
			break
		}
		column = column*26 + int(c-'A') + 1
		if letters++; letters > 3 {
			return 0, 0, false
		}
	}
	digits := 0
	for ; i < len(name) && '0' <= name[i] && name[i] <= '9' && digits < 8; i++ {
		row = row*10 + int(name[i]-'0')
		digits++
	}
	return row, column - 1, i == len(name) && letters > 0 && row > 0
}

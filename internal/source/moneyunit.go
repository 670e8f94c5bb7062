package source

import (
	"fmt"
	"slices"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/lazyregexp"
	"vanthu/internal/model"
	"vanthu/internal/vi"
	"vanthu/internal/xlsx"
)

// How a unit of money is stated
//
// A sheet says it above its table, “Đơn vị tính: đồng”, and a column in its heading, “Kế hoạch vốn (tỷ đồng)”, which counts more. A field
// wants its numbers in its own unit; what is stated in another is converted by shifting the point.

var (
	moneyForm = lazyregexp.New(`^(?:(nghin|ngan|1[., ]?000)|(trieu|tr\.?|1[., ]?000[., ]?000)|(ty|ti|1[., ]?000[., ]?000[., ]?000)|) ?` +
		`(?:dong(?: viet nam)?|d|vnd)?\.?$`)
	unitStated  = lazyregexp.New(`(?:dvt|don vi tinh) ?:? ?(.*)`)
	unitNamed   = lazyregexp.New(`don vi ?: ?(.*)`)
	unitEnd     = lazyregexp.New(`[;,)\]]( |$)|\.( |$)| -`)
	otherUnits  = lazyregexp.New(`^(%|usd|do la( my)?|eur(o)?)$`)
	unitOfTitle = lazyregexp.New(`[(\[]([^()\[\]]*)[)\]]`)
)

// statedUnit is a unit with the cell that states it.
type statedUnit struct {
	text  string // folded
	power int    // of ten, in đồng
	money bool
	at    cell
}

// money returns the power of ten of a unit of money: 6 of “triệu đồng”, “trđ” and “1.000.000 đồng”.
func money(unit string) (power int, ok bool) {
	m := moneyForm.FindStringSubmatch(strings.TrimSpace(vi.Fold(unit)))
	switch {
	case m == nil || m[0] == "":
		return 0, false
	case m[1] != "":
		return 3, true
	case m[2] != "":
		return 6, true
	case m[3] != "":
		return 9, true
	}
	return 0, true
}

// unitIn reads what text says of a unit after “Đơn vị tính”, nil where it says nothing. “Đơn vị: …” alone may name an office.
func unitIn(c cell, text string) *statedUnit {
	text = strings.Join(strings.Fields(vi.Fold(text)), " ")
	m, sure := unitStated.FindStringSubmatch(text), true
	if m == nil {
		m, sure = unitNamed.FindStringSubmatch(text), false
	}
	if m == nil {
		return nil
	}
	unit := m[1]
	if end := unitEnd.FindStringIndex(unit); end != nil {
		unit = unit[:end[0]]
	}
	u := &statedUnit{text: strings.TrimSpace(unit), at: c}
	u.power, u.money = money(u.text)
	if u.text == "" || !sure && !u.money {
		return nil
	}
	return u
}

// unitAbove is what the rows above a table say of its unit. The unit may stand in the cell after “Đơn vị tính:”.
func unitAbove(rows []gridRow) (unit *statedUnit) {
	for i := range rows {
		own := rows[i].own()
		for k, c := range own {
			text := vi.Clean(c.text)
			if k+1 < len(own) && strings.HasSuffix(strings.TrimSpace(text), ":") {
				text += " " + vi.Clean(own[k+1].text)
			}
			if u := unitIn(c, text); u != nil && c.kind == xlsx.Text {
				unit = u
			}
		}
	}
	return unit
}

// unitOver is what the heading of a column says of its unit, the lowest part first; a heading over several columns need not be merged.
func unitOver(rows []gridRow, at int) *statedUnit {
	for i := len(rows) - 1; i >= 0; i-- {
		c := rows[i].at(at)
		for left := at - 1; i < len(rows)-1 && c.kind == xlsx.Blank && left >= 0; left-- {
			c = rows[i].at(left)
		}
		if c.kind != xlsx.Text {
			continue
		}
		text := vi.Clean(c.text)
		if u := unitIn(c, text); u != nil {
			return u
		}
		for _, m := range unitOfTitle.FindAllStringSubmatch(vi.Fold(text), -1) {
			u := &statedUnit{text: strings.TrimSpace(m[1]), at: c}
			if u.power, u.money = money(u.text); u.money || otherUnits.MatchString(u.text) {
				return u
			}
		}
	}
	return nil
}

// readUnits finds by how many places the point of each column is to be shifted, and reports it.
func (t *tableReader) readUnits() {
	l := t.layout
	t.shift = make([]int, len(l.columns))
	above := unitAbove(t.grid.rows[:l.first])
	var converted []string
	var first cell
	complained := map[cell]bool{}
	for k := range l.columns {
		spec := &l.list.columns[k]
		want, isMoney := money(spec.Unit)
		if !isMoney || spec.Type != model.NumberField || spec.Computed || l.columns[k] < 0 {
			continue
		}
		unit := unitOver(t.grid.rows[l.first:l.after], l.columns[k])
		if unit == nil {
			unit = above
		}
		switch {
		case unit == nil:
		case !unit.money && !complained[unit.at]:
			complained[unit.at] = true
			t.complain(diag.Error, diag.WrongUnit, t.grid.placeOf(unit.at), "ghi số tiền theo đơn vị "+spec.Unit+
				", rồi sửa đơn vị tính ở ô này", fmt.Sprintf("“%s” tính bằng %s, không đổi được từ đơn vị ghi trong “%s”", titleOf(spec), spec.Unit, diag.Excerpt(unit.at.words())))
		case unit.money && unit.power != want:
			t.shift[k] = unit.power - want
			one := fmt.Sprintf("%s ra %s (%s)", unitNames[unit.power], spec.Unit, xlsx.CellName(int(unit.at.row), int(unit.at.column)))
			if len(converted) == 0 {
				first = unit.at
			}
			if !slices.Contains(converted, one) {
				converted = append(converted, one)
			}
		}
	}
	if len(converted) > 0 {
		t.complain(diag.Info, diag.UnitConverted, t.grid.placeOf(first), "xem lại đơn vị tính ghi trong trang tính nếu số liệu trong văn bản không đúng",
			"số tiền được đổi từ "+diag.List(converted))
	}
}

var unitNames = map[int]string{0: "đồng", 3: "nghìn đồng", 6: "triệu đồng", 9: "tỷ đồng"}

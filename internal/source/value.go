package source

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"vanthu/internal/diag"
	"vanthu/internal/model"
	"vanthu/internal/vi"
	"vanthu/internal/xlsx"
)

// node reads a cell as its field asks. What cannot be read at all is Missing and complained of.
func (x *extraction) node(spec *model.FieldSpec, g *grid, c cell) model.Node {
	node := model.Node{Place: g.placeOf(c)}
	if c.kind == xlsx.Formula {
		c = x.calculate(spec, g, c)
	}
	text := ""
	switch c.kind {
	case xlsx.Blank:
		return node
	case xlsx.Formula:
		node.Told = true
		return node
	case xlsx.Fault:
		x.complain(diag.Error, diag.CellFault, node.Place, "sửa công thức trong ô, hoặc ghi thẳng giá trị vào ô",
			fmt.Sprintf("“%s”: ô có lỗi %s", spec.Label, diag.Excerpt(c.text)))
		node.Told = true
		return node
	case xlsx.Number:
		text = ofNumber(spec, c, g.book.epoch())
	default:
		text = vi.Clean(c.text)
	}
	switch isDash := isDash(text); { // a dash says that there is none, of what must be counted that there are 0
	case strings.TrimSpace(text) == "", isDash && (spec.Type == model.DateField || spec.Type == model.NumberField && !spec.Required):
		return node
	case isDash && spec.Type == model.NumberField:
		text = "0"
	}
	if spec.Type == model.ListField {
		return listOf(text, node.Place)
	}
	node.Shape, node.Text = model.Scalar, text
	return node
}

func isDash(text string) bool { return strings.Trim(text, " -–—\u00a0") == "" }

// listOf takes each line of a cell for an item.
func listOf(text string, at diag.Place) model.Node {
	list := model.Node{Shape: model.List, Place: at}
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "- "))
		if line != "" {
			list.Items = append(list.Items, model.Node{Shape: model.Scalar, Text: line, Place: at})
		}
	}
	return list
}

// ofNumber writes a number as a clerk would have typed it for the field, so that Bind reads what the workbook means.
func ofNumber(spec *model.FieldSpec, c cell, epoch int) string {
	value, err := strconv.ParseFloat(c.text, 64)
	if err != nil || math.Abs(value) > 1e18 {
		return c.text
	}
	date, isDay := vi.FromSerial(int(value) + epoch)
	switch spec.Type {
	case model.NumberField:
		switch {
		case isDay && (c.format == xlsx.Date || c.format == xlsx.Month): // 1.5 typed where the program takes it for 1 May
			return shortDate(date)
		case c.format == xlsx.Percent && spec.Unit == "%":
			return decimalText(value * 100)
		}
		return decimalText(value)
	case model.DateField: // a month alone says no day: 6/2026 typed is shown as Jun-26 and held as 1 June
		const first, last = 36526, 73050 // 2000 to 2099: what is likely meant where the cell has no format of a date
		if isDay && (c.format == xlsx.Date || value >= first && value <= last && c.format == xlsx.General) {
			return date.ISO()
		}
	case model.PeriodField:
		if isDay && c.format == xlsx.Month {
			return fmt.Sprintf("tháng %d/%d", date.Month, date.Year)
		}
	}
	return shown(value, c.format, date, isDay)
}

// shown writes a number much as its cell shows it.
func shown(value float64, format xlsx.Format, date vi.Date, isDay bool) string {
	minutes := int((value-float64(int(value)))*24*60 + 0.5)
	clock := fmt.Sprintf("%02d giờ %02d", minutes/60, minutes%60)
	switch {
	case format == xlsx.Date && isDay && minutes > 0:
		return clock + " ngày " + shortDate(date)
	case format == xlsx.Date && isDay:
		return shortDate(date)
	case format == xlsx.Month && isDay:
		return fmt.Sprintf("%02d/%d", date.Month, date.Year)
	case (format == xlsx.Time || format == xlsx.Date) && value >= 0 && value < 1:
		return clock
	case format == xlsx.Percent:
		return decimalText(value*100) + "%"
	case format > xlsx.Zeros && value >= 0 && value == float64(int64(value)):
		return fmt.Sprintf("%0*d", int(format-xlsx.Zeros), int64(value))
	}
	return decimalText(value)
}

// shortDate writes 01/05/2026.
func shortDate(d vi.Date) string { return fmt.Sprintf("%02d/%02d/%d", d.Day, d.Month, d.Year) }

// decimalText writes a number plainly with a decimal comma, which a dot before three digits would not be. A spreadsheet holds fifteen
// digits; what goes beyond is noise of binary fractions: 0.1+0.2 is 0,3.
func decimalText(value float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 15, 64), 64)
	if err != nil {
		rounded = value
	}
	return strings.Replace(strconv.FormatFloat(rounded, 'f', -1, 64), ".", ",", 1)
}
